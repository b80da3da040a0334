"""Phones that come and go: after all of them have sent and read, they agree and nothing is lost.

Random histories of two to four phones of two parents against the real API: acts without a
network, answers that never arrive, batches that arrive twice, late or out of order, operations
that break on the server, clocks that are wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.db import OperationalError, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from quietdays.sync.models import Change, Operation
from quietdays.sync.queries import MODELS
from tests import house
from tests.databases import FEWER
from tests.sync.phones import Phone, good_values

pytestmark = pytest.mark.django_db
HISTORIES = 500 // FEWER
KINDS = ("cluster", "observation", "check-in", "meal", "dose", "watched-so-far")
# What may be refused because of what another phone did; everything else must be taken.
ONLY_ONE = ("described already", "a check-in already", "already logged")


class Device(Phone):
    """A phone with an outbox, what it knows, and what it once sent."""

    def __init__(self, person: Any, child: Any, good: dict[str, Any]) -> None:
        super().__init__(person, child)
        self.good = good
        self.start = 0  # the cursor of the empty diary

    def restart(self, off_minutes: int, cursor: int) -> None:
        self.is_off = timedelta(minutes=off_minutes)
        self.device = str(house.new_id())
        self.outbox: list[dict[str, Any]] = []
        self.done_here: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []  # batches that reached the server
        self.delayed: list[dict[str, Any]] = []  # batches that did not reach it yet
        self.known: dict[str, dict[str, Any]] = {}
        self.results: dict[str, dict[str, Any]] = {}
        self.cursor = cursor

    # --- acts without a network

    def act(self, action: str, pick: int, number: int) -> None:
        made = self._made(action, pick, number)
        self.outbox.append(made)
        self.done_here.append(made)

    def _made(self, action: str, pick: int, number: int) -> dict[str, Any]:
        mine = [o for o in self.done_here if o["action"] != "undo"]
        if action == "undo" and mine:
            return self.undo(mine[-1 - pick % min(3, len(mine))])
        entries = self._entries()
        if action in ("create", "undo") or not entries:
            slug = KINDS[pick % len(KINDS)]
            return self.create(slug, **self._values(slug, number))
        slug, entry, base = entries[pick % len(entries)]
        if action == "delete":
            return self.delete(slug, entry, base)
        return self.edit(slug, entry, base, **self._change(slug, number))

    def _entries(self) -> list[tuple[str, str, int]]:
        """What this phone shows: what it read, and what it made itself and nobody answered."""
        known = [(e["kind"], e["id"], e["revision"]) for e in self.known.values()]
        own = [
            (o["kind"], o["entry"], 0)
            for o in self.done_here
            if o["action"] == "create" and o["kind"] != "watched-so-far"
        ]
        return known + [row for row in own if row[1] not in self.known]

    def _values(self, slug: str, number: int) -> dict[str, Any]:
        at = (self.clock() - timedelta(hours=1)).isoformat()
        if slug == "cluster":
            return {"happened_at": at, "spasm_count": 1 + number}
        if slug == "observation":
            part = ("night", "morning")[number % 2]
            return {"date": "2026-06-09", "part": part, "watch": WATCH[number % 3]}
        if slug == "check-in":
            return {"date": f"2026-06-0{8 + number % 2}", SCALES[number % 3]: 1 + number % 5}
        if slug == "watched-so-far":
            return {"happened_at": at}
        if slug == "dose":
            return self.good["dose"] | {"amount": str(1 + number)}
        meal = self.good["meal"]
        amount = "40" if number % 3 else "50"
        return meal | {"served": [meal["served"][0] | {"amount": amount, "left": str(number)}]}

    def _change(self, slug: str, number: int) -> dict[str, Any]:
        return {
            "cluster": {"spasm_count": 20 + number},
            "observation": {"watch": WATCH[number % 3]},
            "check-in": {SCALES[number % 3]: 1 + number % 5, "note": f"note {number}"},
            "meal": {"lefts": [str(20 + number)]},
            "dose": {"amount": str(20 + number)},
        }[slug]

    # --- with one

    def flush(self, outcome: str) -> None:
        """Send the outbox: answered, answered in vain, broken half-way, or under way for long."""
        if not self.outbox:
            return
        batch = self.batch(*self.outbox)
        if outcome == "delayed":
            self.delayed.append(batch)
            return
        with breaking(len(self.outbox)) if outcome == "breaks" else whole():
            answer = self.posted(batch)
        if outcome != "answer lost":
            self.take(answer)

    def posted(self, batch: dict[str, Any]) -> dict[str, Any]:
        response = self.post(batch)
        assert response.status_code == 200, response.content
        self.sent.append(batch)
        return response.json()

    def take(self, answer: dict[str, Any]) -> None:
        for result in answer["results"]:
            if result["status"] == "failed":
                continue
            self.results[result["op"]] = result
            self.outbox = [o for o in self.outbox if o["op"] != result["op"]]
            for entry in result["entries"]:
                self.keep(entry)

    def again(self, pick: int) -> None:
        """An old batch arrives once more, or at last; nobody reads the answer."""
        old = self.sent + self.delayed
        if old:
            self.posted(old[pick % len(old)])

    def pull(self) -> None:
        more = True
        while more:
            found = self.changes(self.cursor)
            for entry in found["entries"]:
                self.keep(entry)
            self.cursor, more = found["cursor"], found["more"]

    def keep(self, entry: dict[str, Any]) -> None:
        known = self.known.get(entry["id"])
        if known is None or known["revision"] <= entry["revision"]:
            self.known[entry["id"]] = entry

    def settle(self) -> None:
        """Back for good: whatever is left is sent and answered."""
        for _ in range(3):
            self.flush("answered")
        assert self.outbox == []


WATCH = ("watched", "monitor", "not_watched")
SCALES = ("stress", "feeding", "alertness")


@contextmanager
def whole() -> Iterator[None]:
    yield


@contextmanager
def breaking(count: int) -> Iterator[None]:
    """The disk fills up as the middle one of so many operations is written."""
    store, calls = Operation.objects.create, Counter[str]()

    def create(**values: Any) -> Operation:
        calls["all"] += 1
        if calls["all"] == count // 2 + 1:
            raise OperationalError("database or disk is full")
        return store(**values)

    with (
        mock.patch.object(Operation.objects, "create", create),
        mock.patch("quietdays.sync.actions._log.exception"),
    ):
        yield


STEPS = (
    *("create",) * 5, *("edit",) * 4, "delete", *("undo",) * 2,
    *("answered",) * 3, *("answer lost",) * 2, "delayed", "breaks", *("pull",) * 3,
    *("again",) * 2,
)  # fmt: skip
steps = st.tuples(st.integers(0, 3), st.sampled_from(STEPS), st.integers(0, 11), st.integers(0, 5))
histories = st.tuples(
    st.lists(st.sampled_from((0, 0, 0, 1, -1, 120, -45)), min_size=2, max_size=4),  # clocks
    st.lists(steps, min_size=7, max_size=14),
)


@pytest.fixture
def devices(parent, other, child):
    """Two parents' phones, and a tablet of each, before anything was entered."""
    good = good_values(child, parent)
    found = [Device(person, child, good) for person in (parent, other, other, parent)]
    start = found[0].changes()
    assert start["entries"] == []
    for device in found:
        device.start = start["cursor"]
    return found


@settings(max_examples=HISTORIES, phases=(Phase.explicit, Phase.generate))
@given(history=histories)
def test_all_phones_agree_and_nothing_is_lost_or_doubled(devices, child, noon, history):
    clocks, told = history
    with transaction.atomic():
        noon.move_to(house.NOW)
        here = devices[: len(clocks)]
        for device, off in zip(here, clocks, strict=True):
            device.restart(off, device.start)
        for who, what, pick, number in told:
            noon.shift(timedelta(seconds=1 + 10 * number))
            run(here[who % len(here)], what, pick, number)
        for device in here:
            device.settle()
        for device in here:
            device.pull()
        check(here, child)
        transaction.set_rollback(True)


def run(device: Device, what: str, pick: int, number: int) -> None:
    if what in ("create", "edit", "delete", "undo"):
        device.act(what, pick, number)
    elif what == "again":
        device.again(pick)
    elif what == "pull":
        device.pull()
    else:
        device.flush(what)


# --- what has to hold in the end


def check(devices: list[Device], child: Any) -> None:
    standing = {e["id"]: e for e in devices[0].changes()["entries"]}
    for device in devices:
        shown = {key: e for key, e in device.known.items() if not e["deleted"]}
        assert shown == standing
    rows = stored(child)
    assert {key for key, row in rows.items() if row.deleted_at is None} == set(standing)
    check_answers(devices, rows)
    check_versions(devices, child, rows)


def stored(child: Any) -> dict[str, Any]:
    return {
        str(row.pk): row
        for model in MODELS.values()
        for row in model._default_manager.filter(child=child)
    }


def check_answers(devices: list[Device], rows: dict[str, Any]) -> None:
    """Every act was answered; what was made is there; what was refused, for its one reason."""
    for device in devices:
        for operation in device.done_here:
            result = device.results[operation["op"]]
            if result["status"] == "rejected":
                assert may_be_refused(operation, result), (operation, result)
                continue
            assert result["status"] in ("applied", "duplicate")
            reached = [e["id"] for e in result["entries"]]
            assert set(reached) <= set(rows)
            if operation["action"] != "undo" and operation["kind"] != "watched-so-far":
                [entry_id] = reached
                versions = rows[entry_id].history.all()
                assert any(says(version, operation) for version in versions)


def may_be_refused(operation: dict[str, Any], result: dict[str, Any]) -> bool:
    said = str(result["errors"])
    if operation["action"] == "undo":
        return "has changed this entry since" in said or any(w in said for w in ONLY_ONE)
    return operation["action"] == "edit" and any(words in said for words in ONLY_ONE)


def check_versions(devices: list[Device], child: Any, rows: dict[str, Any]) -> None:
    """One version for each operation that changed something, and none that nobody asked for."""
    asked = {o["op"]: o for device in devices for o in device.done_here}
    operations = {str(o.pk): o for o in Operation.objects.filter(child=child)}
    assert set(operations) == set(asked)
    changes = list(Change.objects.filter(child=child, entry_id__in=list(rows)).order_by("id"))
    made = Counter(str(change.entry_id) for change in changes)
    for key, row in rows.items():
        assert row.history.count() == made[key], row
    assert len({(c.operation_id, c.entry_id) for c in changes}) == len(changes)
    first = {}
    for change in changes:
        first.setdefault(change.entry_id, operations[str(change.operation_id)])
    assert {o.action for o in first.values()} <= {"create"}
    own = [o.pk for o in first.values() if o.kind != "watched-so-far"]
    assert len(own) == len(set(own))  # no create made two entries
    before: dict[Any, Any] = {}
    for change in changes:
        operation = operations[str(change.operation_id)]
        version = apps.get_model(change.model).history.get(history_id=change.version)
        check_version(asked[str(operation.pk)], operation, version, before.get(change.entry_id))
        before[change.entry_id] = (operation, version)


def check_version(asked: dict[str, Any], operation: Operation, version: Any, before: Any) -> None:
    """The history holds what was said, and each version stands on the right one before it."""
    assert says(version, asked)
    if asked["action"] == "delete":
        assert version.deleted_at is not None
    if before is None:
        return
    earlier, stood = before
    if asked["action"] == "undo":
        assert str(earlier.pk) == asked["undoes"]
    if asked["action"] == "edit":
        stays_deleted = stood.deleted_at is not None and earlier.device == operation.device
        assert (version.deleted_at is not None) == stays_deleted
    if asked["action"] == "create" and asked["kind"] == "watched-so-far":
        assert version.until_at is None or version.until_at > stood.until_at


def says(version: Any, operation: dict[str, Any]) -> bool:
    said = operation.get("values", {})
    pairs = [
        (getattr(version, name), said[name])
        for name in ("spasm_count", "watch", "amount", *SCALES)
        if name in said
    ]
    return all(kept is not None and type(kept)(told) == kept for kept, told in pairs)
