"""A phone for the tests: it makes operations and sends them to the real API."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests import house


def instant(at: datetime) -> str:
    return at.isoformat()


class Phone:
    """One device of one person; `is_off` is how far its clock runs ahead."""

    def __init__(self, person: Any, child: Any, *, is_off: timedelta = timedelta(0)) -> None:
        self.client = Client(raise_request_exception=False)
        self.client.force_login(person)
        self.child = child
        self.device = str(house.new_id())
        self.is_off = is_off

    def clock(self) -> datetime:
        return timezone.now() + self.is_off

    def op(self, action: str, kind: str, entry: Any = None, **more: Any) -> dict[str, Any]:
        made = {
            "op": str(house.new_id()),
            "action": action,
            "kind": kind,
            "entry": str(entry or house.new_id()),
            "made_at": instant(self.clock()),
        }
        return made | more

    def create(
        self, kind: str, entry: Any = None, typed: Any = (), **values: Any
    ) -> dict[str, Any]:
        return self.op("create", kind, entry, values=values, typed=list(typed))

    def edit(self, kind: str, entry: Any, base: int, typed: Any = (), **values: Any):
        return self.op("edit", kind, entry, base=base, values=values, typed=list(typed))

    def delete(self, kind: str, entry: Any, base: int = 1) -> dict[str, Any]:
        return self.op("delete", kind, entry, base=base)

    def undo(self, operation: dict[str, Any]) -> dict[str, Any]:
        return self.op("undo", operation["kind"], operation["entry"], undoes=operation["op"])

    def url(self, what: str) -> str:
        return f"/api/v1/children/{self.child.pk}/{what}"

    def post(self, body: object) -> Any:
        return self.client.post(self.url("sync"), json.dumps(body), content_type="application/json")

    def batch(self, *operations: dict[str, Any]) -> dict[str, Any]:
        return {
            "device": self.device,
            "clock": instant(self.clock()),
            "operations": list(operations),
        }

    def send(self, *operations: dict[str, Any]) -> list[dict[str, Any]]:
        response = self.post(self.batch(*operations))
        assert response.status_code == 200, response.content
        results = response.json()["results"]
        assert [r["op"] for r in results] == [o["op"] for o in operations]
        return results

    def one(self, operation: dict[str, Any]) -> dict[str, Any]:
        [result] = self.send(operation)
        return result

    def done(self, operation: dict[str, Any]) -> dict[str, Any]:
        """The entry of an operation that has to be applied."""
        result = self.one(operation)
        assert result["status"] == "applied", result
        return result["entries"][0] if result["entries"] else {}

    def get(self, what: str, **query: object) -> Any:
        return self.client.get(self.url(what), query)

    def changes(self, since: int | None = None) -> dict[str, Any]:
        response = self.get("changes", **({} if since is None else {"since": since}))
        assert response.status_code == 200, response.content
        return response.json()


def good_values(child: Any, by: Any) -> dict[str, dict[str, Any]]:
    """For each kind values that make an entry, as docs/sync.md#kinds names them."""
    from quietdays.diet.starter import load_starter_foods

    load_starter_foods()
    medicine = house.medicine(by, child)
    food = house.food(by, child)
    planned = house.plan(by, child, "2026-06-10 08:00", (food, 40))
    at = "2026-06-10T06:10:00.000Z"
    return {
        "cluster": {"happened_at": at, "count_kind": "exact", "spasm_count": 7},
        "other-seizure": {"happened_at": at, "looks": "stiff", "duration_s": 40},
        "illness": {"started_on": "2026-06-08", "fever": True, "what": "RSV"},
        "day-total": {"date": "2026-06-07", "was_observed": True, "clusters": 2, "spasms": 9},
        "ketones-blood": {"happened_at": at, "value": "3.2", "unit": "mmol/L"},
        "ketones-urine": {"happened_at": at, "value": "3", "unit": "grade"},
        "glucose": {"happened_at": at, "value": 4.1, "unit": "mmol/L"},
        "weight": {"happened_at": at, "value": "8.25", "unit": "kg"},
        "length": {"happened_at": at, "value": "70.5", "unit": "cm"},
        "head": {"happened_at": at, "value": "44", "unit": "cm"},
        "temperature": {"happened_at": at, "value": "38.4", "unit": "\u00b0C"},
        "observation": {"date": "2026-06-09", "part": "evening", "watch": "watched"},
        "question": {"date": "2026-06-09", "text": "More salt?"},
        "check-in": {
            "date": "2026-06-09",
            "alertness": 4,
            "sleep_hours": "11.5",
            "woke_at": "06:45",
        },
        "meal": {
            "happened_at": at,
            "name": "Breakfast",
            "planned": str(planned.pk),
            "served": [{"composition": str(food.composition.pk), "amount": "40", "left": "2.5"}],
        },
        "breastfeed": {"happened_at": at, "breast_minutes": 12, "breast_ml": "90"},
        "dose": {
            "medicine": str(medicine.pk),
            "happened_at": at,
            "outcome": "given",
            "amount": "8",
        },
    }
