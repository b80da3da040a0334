"""What a phone needs for the days to come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from quietdays.diary.models import RANGES
from quietdays.people.actions import travel, update_child
from quietdays.people.entries import take_back
from quietdays.sync.kinds import SYNC_KINDS
from tests import house
from tests.sync.phones import Phone, good_values

pytestmark = pytest.mark.django_db
FIELD = {
    "name", "label", "type", "required", "unit", "choices", "min", "max", "usual_min", "usual_max",
}  # fmt: skip
TYPES = {
    "number", "whole", "duration", "choice", "choices", "scale", "yesno", "flag", "time", "date",
    "clock", "text",
}  # fmt: skip


def today(phone):
    response = phone.get("today")
    assert response.status_code == 200, response.content
    return response.json()


def kind(phone, slug):
    return next(k for k in today(phone)["kinds"] if k["slug"] == slug)


def drawn(phone, slug):
    return {f["name"]: f for f in kind(phone, slug)["fields"]}


def test_today_holds_what_the_contract_says(mine, child):
    found = today(mine)
    assert set(found) == {
        "clock", "may_log", "may_read", "person", "child", "stays", "nights", "kinds", "meals", "medicines",
        "dose_window_s", "basis", "prescription", "unread", "messages",
        "last_cluster", "week", "reminders", "supplies", "emergency", "words",
    }  # fmt: skip
    assert found["child"] == {
        "id": str(child.pk),
        "name": "Noor",
        "birth_date": "2025-09-01",
        "glucose_unit": "mmol/L",
        "weight_unit": "kg",
    }
    assert found["dose_window_s"] == 10_800
    assert (found["basis"], found["prescription"], found["unread"]) == ("available", None, None)
    assert found["messages"] == []


def test_the_newest_cluster_is_told_however_long_ago(mine, child, parent):
    assert today(mine)["last_cluster"] is None
    house.cluster(parent, child, "2026-03-01 07:30", 4)
    assert today(mine)["last_cluster"] == {
        "at": "2026-03-01T06:30:00.000Z",
        "words": "4 spasms",
        "by": "Pia",
    }


def test_nights_and_zones_are_those_of_the_child(mine, child, parent):
    found = today(mine)
    assert found["stays"] == [{"since": "2000-01-01T00:00:00.000Z", "time_zone": "Europe/Berlin"}]
    assert len(found["nights"]) == 10
    assert found["nights"][0][0].startswith("2026-06-09T19:2")
    travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("2026-06-10 01:00"))
    found = today(mine)
    assert [s["time_zone"] for s in found["stays"]] == ["Europe/Berlin", "Asia/Tokyo"]
    assert found["nights"][0][0].startswith("2026-06-09T09:5")


# --- kinds


def test_every_kind_has_its_form_and_every_field_a_type_that_is_known(mine):
    found = today(mine)["kinds"]
    assert [k["slug"] for k in found] == list(SYNC_KINDS)
    for each in found:
        assert set(each) == {"slug", "title", "fields", "fixed"}
        assert each["title"]
        for field in each["fields"]:
            assert set(field) == FIELD
            assert field["type"] in TYPES, field
            assert field["label"]
            assert (field["type"] in ("choice", "choices", "scale")) == bool(field["choices"]) or (
                field["name"] == "medicine"
            )


@pytest.mark.parametrize(
    ("slug", "name", "changes"),
    [
        ("cluster", "spasm_count", {"type": "whole", "unit": "spasms", "min": 1, "max": 10_000}),
        ("cluster", "duration_s", {"type": "duration", "min": 0, "max": 86_400}),
        ("cluster", "happened_at", {"type": "time", "required": True, "label": "When it began"}),
        ("other-seizure", "rescue_given", {"type": "yesno", "required": False}),
        ("illness", "fever", {"type": "flag"}),
        ("day-total", "was_observed", {"type": "yesno", "required": True}),
        ("check-in", "alertness", {"type": "scale", "min": 1, "max": 5}),
        ("check-in", "sleep_hours", {"type": "number", "unit": "h", "max": 24}),
        ("meal", "reasons", {"type": "choices"}),
        ("breastfeed", "breast_ml", {"type": "number", "unit": "mL", "required": False}),
        ("breastfeed", "breast_minutes", {"type": "whole", "min": 1, "max": 240}),
        ("ketones-urine", "value", {"type": "choice", "label": "Strip colour"}),
        ("observation", "date", {"type": "date", "required": True}),
        ("stay", "since", {"type": "time"}),
    ],
)
def test_a_field_says_how_it_is_drawn(mine, slug, name, changes):
    field = drawn(mine, slug)[name]
    assert {key: field[key] for key in changes} == changes


def test_a_scale_says_what_its_ends_mean(mine):
    choices = drawn(mine, "check-in")["alertness"]["choices"]
    assert choices == [["1", "drowsy"], ["2", "2"], ["3", "3"], ["4", "4"], ["5", "bright"]]


@pytest.mark.parametrize("hidden", [("cluster", "is_open"), ("meal", "served"), ("weight", "unit")])
def test_what_no_form_shows_is_not_drawn(mine, hidden):
    slug, name = hidden
    assert name not in drawn(mine, slug)


def test_a_reading_is_taken_in_the_childs_unit_with_its_ranges(mine, child, parent):
    assert kind(mine, "weight")["fixed"] == {"unit": "kg"}
    update_child(by=parent, child=child, phone="", weight_unit="g", glucose_unit="mg/dL")
    for slug, unit in (("weight", "g"), ("glucose", "mg/dL"), ("head", "cm")):
        assert kind(mine, slug)["fixed"] == {"unit": unit}
        value = drawn(mine, slug)["value"]
        names = ("usual_min", "usual_max", "min", "max")
        assert tuple(value[n] for n in names) == RANGES[slug, unit]
        assert value["unit"] == unit
    assert kind(mine, "cluster")["fixed"] == {}


def test_what_a_form_says_is_what_the_server_takes(mine):
    """Each choice, each end of a range: no form offers what would be rejected."""
    for slug in ("cluster", "other-seizure", "check-in", "temperature", "head"):
        for field in drawn(mine, slug).values():
            ends = [field["min"], field["max"]] if field["type"] in ("whole", "number") else []
            tokens = [c[0] for c in field["choices"]] if field["type"] == "choice" else []
            for value in [v for v in ends if v is not None] + tokens:
                known = next(f for f in SYNC_KINDS[slug].fields if f.name == field["name"])
                known.read(int(value) if field["type"] == "whole" else value)


# --- plans and medicines


def test_plans_from_yesterday_to_a_week_ahead_with_their_grams(mine, child, parent):
    cream = house.food(
        parent, child, carbohydrate="8.2", fibre_g=Decimal("5.3"), carbohydrate_basis="total"
    )
    for when in ("2026-06-08 23:59", "2026-06-09 00:00", "2026-06-17 23:59", "2026-06-18 00:00"):
        house.plan(parent, child, when, (cream, "12.50"))
    take_back(house.plan(parent, child, "2026-06-10 08:00", (cream, 1)), by=parent)
    found = today(mine)["meals"]
    assert [m["date"] for m in found] == ["2026-06-09", "2026-06-17"]
    assert found[0]["at"] == "2026-06-08T22:00:00.000Z"
    assert found[0]["items"] == [
        {
            "composition": str(cream.composition.pk),
            "food_name": "Cream",
            "unit": "g",
            "amount": "12.5",
            "fat_g_per_100": "36.00",
            "protein_g_per_100": "2.00",
            "carbohydrate_g_per_100": "2.90",
            "fibre_g_per_100": "5.30",
        }
    ]


def test_a_plan_that_is_eaten_from_the_phone_keeps_its_figures(mine, child, parent):
    good_values(child, parent)
    [plan] = today(mine)["meals"]
    served = [{k: i[k] for k in ("composition", "amount")} | {"left": "0"} for i in plan["items"]]
    made = mine.create(
        "meal", happened_at=plan["at"], name=plan["name"], planned=plan["id"], served=served
    )
    [item] = mine.done(made)["values"]["served"]
    for name, value in plan["items"][0].items():
        same = item[name] == value or Decimal(item[name]) == Decimal(value)
        assert same, name


def test_medicines_have_one_step_a_date_on_which_they_are_in_force(mine, child, parent):
    vigabatrin = house.medicine(parent, child)
    house.step(parent, child, vigabatrin, date(2026, 6, 1))
    house.step(parent, child, vigabatrin, date(2026, 6, 12), "up", "10", times=["07:30"])
    house.step(parent, child, vigabatrin, date(2026, 6, 15), "stop", None, times=[])
    house.medicine(parent, child, "Vitamin D")
    vigabatrin_now, vitamin = today(mine)["medicines"]
    assert (vitamin["name"], vitamin["steps"]) == ("Vitamin D", [])
    assert [(s["date"][-2:], s["dose"]) for s in vigabatrin_now["steps"]] == [
        ("09", "8"), ("10", "8"), ("11", "8"), ("12", "10"), ("13", "10"), ("14", "10"),
    ]  # fmt: skip
    assert vigabatrin_now["steps"][0]["due"] == [
        "2026-06-09T06:00:00.000Z", "2026-06-09T18:00:00.000Z",
    ]  # fmt: skip
    assert {s["how"] for s in vigabatrin_now["steps"]} == {"scheduled"}
    assert vigabatrin_now["soon_s"] == vitamin["soon_s"] == 14_400
    assert drawn(mine, "dose")["medicine"]["choices"] == [
        [vigabatrin_now["id"], "Vigabatrin"], [vitamin["id"], "Vitamin D"],
    ]  # fmt: skip


def test_as_needed_and_every_other_day_are_due_when_they_are_and_not_else(mine, child, parent):
    rescue = house.medicine(parent, child, "Demodiazepam")
    house.step(
        parent, child, rescue, date(2026, 6, 1), "start", "2", times=(),
        how="rescue", rules="As written.", hours_between=Decimal(12),
    )  # fmt: skip
    taper = house.medicine(parent, child, "Prednisolone")
    house.step(parent, child, taper, date(2026, 6, 8), times=("08:00", "10:00"), every_days=2)
    first, second = today(mine)["medicines"]
    assert first["soon_s"] == 43_200
    assert {(s["how"], s["rules"], s["dose"], *s["due"]) for s in first["steps"]} == {
        ("rescue", "As written.", "2")
    }
    assert second["soon_s"] == 3_600
    days = [s["date"][-2:] for s in second["steps"] if s["due"]]
    assert days == ["10", "12", "14", "16"]


def test_the_prescription_in_force_and_who_has_not_read_it(mine, child):
    dietitian = house.joined(child, "dietitian")
    house.prescribe(dietitian, child)
    found = today(mine)
    assert found["prescription"] == {"words": "3:1, 620 kcal", "since": "2026-03-02"}
    assert found["unread"] == {
        "words": "3:1, 620 kcal",
        "address": f"/c/{child.pk}/prescription/",
    }
    assert today(Phone(dietitian, child))["unread"] is None


# --- messages


def test_what_a_page_left_to_say_is_said_once(mine, child):
    page = f"/c/{child.pk}/log/cluster/"
    entry_id = str(house.new_id())
    form = {"id": entry_id, "happened_at": "2026-06-10T08:00", "spasm_count": "4",
            "count_kind": "exact", "certainty": "sure"}  # fmt: skip
    mine.client.post(page, form)
    assert today(mine)["messages"] == [
        {
            "text": "Saved: 4 spasms, 08:00",
            "is_error": False,
            "undo": {"kind": "cluster", "ids": [entry_id]},
        }
    ]
    assert today(mine)["messages"] == []


# --- how much is read


def queries(phone, what):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        assert phone.get(what).status_code == 200
    return len(found)


def test_today_takes_as_many_queries_for_much_as_for_little(mine, child, parent):
    cream = house.food(parent, child)
    vigabatrin = house.medicine(parent, child)
    house.step(parent, child, vigabatrin, date(2026, 6, 1))
    house.plan(parent, child, "2026-06-10 08:00", (cream, 10))
    queries(mine, "today")  # the first look of the hour leaves a line in the trail
    few = queries(mine, "today")
    for n in range(8):
        other = house.medicine(parent, child, f"Medicine {n}")
        house.step(parent, child, other, date(2026, 6, 2))
        house.plan(
            parent, child, f"2026-06-1{n} 12:00", (cream, 10), (house.food(parent, child), 2)
        )
    assert queries(mine, "today") == few
    assert few <= 39
