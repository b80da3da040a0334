"""Operations: each kind made, changed, deleted and undone once, and what is said about it."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client

from quietdays.diary.models import SpasmCluster
from quietdays.people.actions import end_role
from quietdays.sync import kinds
from quietdays.sync.models import Change, Operation
from tests import house
from tests.sync.phones import Phone, good_values

pytestmark = pytest.mark.django_db
NIGHT = "2026-06-10T01:10:00.000Z"  # 03:10 where the child is


def cluster(**values):
    return {"happened_at": NIGHT, "spasm_count": 7} | values


def test_a_cluster_is_made_changed_deleted_and_undone(mine, parent):
    made = mine.create("cluster", **cluster())
    result = mine.one(made)
    assert (result["status"], result["echo"]) == ("applied", "Saved: 7 spasms, 03:10")
    assert (result["conflict"], result["notice"], result["errors"]) == (None, "", {})
    [entry] = result["entries"]
    assert entry["id"] == made["entry"]
    assert (entry["kind"], entry["revision"], entry["deleted"]) == ("cluster", 1, False)
    assert (entry["title"], entry["by"]) == ("Spasms seen: 7 spasms", parent.name)
    assert (entry["date"], entry["at"]) == ("2026-06-10", NIGHT)
    assert entry["time_zone"] == "Europe/Berlin"
    assert entry["values"]["spasm_count"] == 7

    changed = mine.done(mine.edit("cluster", made["entry"], 1, spasm_count=8))
    assert (changed["revision"], changed["values"]["spasm_count"]) == (2, 8)
    gone = mine.delete("cluster", made["entry"], 2)
    result = mine.one(gone)
    assert result["echo"] == "Deleted: Spasms seen: 8 spasms"
    assert result["entries"][0]["deleted"] is True
    back = mine.done(mine.undo(gone))
    assert (back["deleted"], back["values"]["spasm_count"], back["revision"]) == (False, 8, 4)
    stored = SpasmCluster.objects.get()
    assert [v.spasm_count for v in stored.versions()] == [8, 8, 8, 7]


KINDS = [
    "cluster", "other-seizure", "illness", "day-total", "ketones-blood", "ketones-urine", "glucose",
    "weight", "length", "head", "temperature", "observation", "check-in", "meal", "breastfeed",
    "dose", "question",
]  # fmt: skip
CHANGED = {
    "cluster": {"note": "on the changing table"},
    "other-seizure": {"looks": "limp"},
    "illness": {"ended_on": "2026-06-09"},
    "day-total": {"spasms": 10},
    "observation": {"watch": "monitor"},
    "check-in": {"note": "tired"},
    "meal": {"lefts": ["5"]},
    "breastfeed": {"breast_minutes": 14},
    "dose": {"vomited_after": True},
    "question": {"answer": "No."},
    "ketones-urine": {"value": "2"},
}
ECHOES = {
    "cluster": "Saved: 7 spasms, 08:10",
    "other-seizure": "Saved: went stiff, 08:10",
    "illness": "Saved: RSV, 8 June, going on",
    "day-total": "Saved: total of 7 June 2026: 2 clusters, 9 spasms",
    "ketones-blood": "Saved: 3.2 mmol/L, blood, 08:10",
    "ketones-urine": "Saved: ++, urine strip, 08:10",
    "observation": "Saved: watched, evening of 9 June",
    "check-in": "Saved: check-in for 9 June",
    "meal": "Saved: Breakfast, 08:10",
    "breastfeed": "Saved: Breastfeed, 08:10",
    "dose": "Saved: Vigabatrin 8 mL, 08:10",
    "question": "Saved: question: More salt?",
}


def test_every_kind_is_tried_here():
    assert set(KINDS) | {"stay", "watched-so-far", "reminder-answer"} == set(kinds.SYNC_KINDS)


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_comes_back_as_it_was_sent(mine, theirs, parent, child, slug):
    values = good_values(child, parent)[slug]
    made = mine.create(slug, **values)
    result = mine.one(made)
    [entry] = result["entries"]
    assert result["echo"] == ECHOES.get(slug, result["echo"])
    assert entry["kind"] == slug
    for name, value in values.items():
        told = entry["values"][name]
        if name == "served":
            weighed = [{k: i[k] for k in ("composition", "amount", "left")} for i in told]
            assert weighed == value
            assert (told[0]["food_name"], told[0]["fat_g_per_100"]) == ("Cream", "36")
        else:
            assert told == (str(value) if isinstance(value, float) else value), name
    again = mine.one(made)
    assert (again["status"], again["entries"]) == ("duplicate", [entry])
    assert theirs.changes()["entries"] == [entry]

    change = CHANGED.get(slug, {"note": "by hand"})
    changed = theirs.done(theirs.edit(slug, entry["id"], 1, **change))
    assert changed["revision"] == 2
    if slug == "meal":
        assert changed["values"]["served"][0]["left"] == "5"
    else:
        assert {name: changed["values"][name] for name in change} == change
    gone = theirs.delete(slug, entry["id"], 2)
    assert theirs.done(gone)["deleted"] is True
    assert theirs.done(theirs.undo(gone))["deleted"] is False
    assert mine.changes()["entries"][0]["revision"] == 4


def test_entries_say_what_the_day_list_says(mine, parent, child):
    from quietdays.insights.lines import lines_of_day

    for slug, values in good_values(child, parent).items():
        mine.done(mine.create(slug, **values))
    told = {(e["title"], e["detail"]) for e in mine.changes()["entries"]}
    for day in range(7, 11):
        for line in lines_of_day(child, house.TODAY.replace(day=day)):
            assert (line.title, line.detail) in told
    assert ("Watched, evening", "") in told
    assert "2.5 g Cream left" in {detail for _, detail in told}


# --- sent twice, sent wrong, broken


def test_an_operation_sent_again_is_answered_again_and_does_nothing(mine):
    first = mine.create("cluster", **cluster())
    before = mine.one(first)
    later = mine.edit("cluster", first["entry"], 1, spasm_count=9)
    mine.done(later)
    rows = house.rows()
    again, twice = mine.send(first, later)
    assert [again["status"], twice["status"]] == ["duplicate", "duplicate"]
    assert again["echo"] == before["echo"]
    assert again["entries"][0]["values"]["spasm_count"] == 9  # as it stands now
    assert house.rows() == rows


def test_an_operation_twice_in_one_batch_is_done_once(mine):
    made = mine.create("cluster", **cluster())
    assert [r["status"] for r in mine.send(made, made)] == ["applied", "duplicate"]
    assert SpasmCluster.objects.count() == Operation.objects.count() == 1


def test_one_bad_operation_touches_no_other_and_is_remembered(mine):
    bad = mine.create("cluster", **cluster(spasm_count=0))
    good = [mine.create("cluster", **cluster()) for _ in range(2)]
    results = mine.send(good[0], bad, good[1])
    assert [r["status"] for r in results] == ["applied", "rejected", "applied"]
    assert list(results[1]["errors"]) == ["spasm_count"]
    assert results[1]["entries"] == []
    assert SpasmCluster.objects.count() == 2
    again = mine.one(bad)
    assert (again["status"], again["errors"]) == ("rejected", results[1]["errors"])
    better = mine.create("cluster", bad["entry"], **cluster(spasm_count=1))
    assert mine.done(better)["id"] == bad["entry"]


def test_a_rejection_leaves_nothing_of_its_half_done_work(mine, child, parent):
    values = good_values(child, parent)["meal"]
    values["served"].append(values["served"][0] | {"left": "41"})
    before = house.rows() | {"sync.Operation": 1}
    result = mine.one(mine.create("meal", **values))
    assert (result["status"], list(result["errors"])) == ("rejected", ["served"])
    assert "More was left over" in result["errors"]["served"][0]
    assert house.rows() == before


@pytest.mark.parametrize("error", [RuntimeError("boom"), OperationalError("disk full")], ids=str)
def test_what_breaks_is_failed_and_not_remembered_and_the_others_are_stored(
    mine, monkeypatch, caplog, error
):
    def broken(making):
        SpasmCluster.objects.filter(child=making.child).update(note="half done")
        raise error

    whole = kinds.SYNC_KINDS["other-seizure"]
    first, second = mine.create("cluster", **cluster()), mine.create("cluster", **cluster())
    bad = mine.create("other-seizure", happened_at=NIGHT, looks="limp")
    more = mine.edit("other-seizure", bad["entry"], 0, note="after it")
    monkeypatch.setitem(kinds.SYNC_KINDS, "other-seizure", replace(whole, create=broken))
    results = mine.send(first, bad, more, second)
    # The edit stands on what could not be stored: it is not tried without it.
    assert [r["status"] for r in results] == ["applied", "failed", "failed", "applied"]
    assert type(error).__name__ in caplog.text  # its words may hold what was entered
    assert str(error) not in caplog.text
    assert SpasmCluster.objects.filter(note="").count() == 2
    assert Operation.objects.count() == 2
    monkeypatch.undo()
    assert [r["status"] for r in mine.send(bad, more)] == ["applied", "applied"]
    assert mine.one(bad)["entries"][0]["values"]["note"] == "after it"


def test_when_the_row_of_the_operation_cannot_be_written_nothing_is(mine, monkeypatch):
    def full(**values):
        raise OperationalError("database or disk is full")

    made = mine.create("cluster", **cluster())
    monkeypatch.setattr(Operation.objects, "create", full)
    assert mine.one(made)["status"] == "failed"
    assert SpasmCluster.objects.count() == Change.objects.filter(operation__isnull=False).count()
    assert SpasmCluster.objects.count() == SpasmCluster.history.count() == 0
    monkeypatch.undo()
    assert mine.one(made)["status"] == "applied"


def test_an_operation_keeps_who_made_it_on_what_and_when(mine, parent, child):
    made = mine.create("cluster", **cluster())
    mine.done(made)
    row = Operation.objects.get()
    assert (str(row.pk), row.person, row.child, str(row.device)) == (
        made["op"], parent, child, mine.device,
    )  # fmt: skip
    assert (row.kind, row.action, str(row.entry_id)) == ("cluster", "create", made["entry"])
    assert row.answer["status"] == "applied"


# --- who may


def test_nobody_sends_or_reads_without_signing_in(mine, child):
    body = mine.batch(mine.create("cluster", **cluster()))
    mine.client = Client(raise_request_exception=False)
    assert mine.post(body).status_code == 401
    assert mine.get("changes").status_code == 401
    assert mine.get("today").status_code == 401
    assert house.rows()["sync.Operation"] == 0


def test_who_reads_may_not_send_and_may_read(child):
    reader = Phone(house.joined(child, "reader"), child)
    assert reader.post(reader.batch(reader.create("cluster", **cluster()))).status_code == 403
    assert reader.get("changes").status_code == 200
    assert reader.get("today").json()["may_log"] is False
    assert Operation.objects.count() == SpasmCluster.objects.count() == 0


def test_a_stranger_finds_no_child(child):
    stranger, _ = house.another_child()
    phone = Phone(stranger, child)
    assert phone.post(phone.batch(phone.create("cluster", **cluster()))).status_code == 404
    assert phone.get("changes").status_code == phone.get("today").status_code == 404
    assert Operation.objects.count() == 0


def test_an_ended_role_sends_nothing_more_and_the_phone_can_come_back(theirs, parent, other, child):
    made = theirs.create("cluster", **cluster())
    end_role(by=parent, child=child, care_role=child.care_roles.get(person=other))
    assert theirs.post(theirs.batch(made)).status_code == 404
    assert Operation.objects.count() == 0


def test_the_action_itself_asks_who_may(child):
    from quietdays.sync.actions import apply_batch

    with pytest.raises(PermissionDenied):
        apply_batch(
            by=house.joined(child, "reader"),
            child=child,
            device=uuid.uuid4(),
            clock=house.NOW,
            operations=[],
        )


def test_the_operation_id_of_somebody_else_is_rejected_and_tells_nothing(mine, theirs, child):
    made = mine.create("cluster", **cluster(note="mine"))
    mine.done(made)
    result = theirs.one(made)
    assert (result["status"], list(result["errors"])) == ("rejected", ["op"])
    assert result["entries"] == []
    assert mine.one(made)["status"] == "duplicate"
    far = Phone(*house.another_child())
    result = far.one(made)
    assert (result["status"], list(result["errors"])) == ("rejected", ["op"])
    assert SpasmCluster.objects.count() == Operation.objects.count() == 1


def test_the_entry_of_another_child_is_as_if_there_were_none(mine, child):
    other_parent, other_child = house.another_child()
    theirs = house.cluster(other_parent, other_child, "2026-06-09 07:30", 42)
    for operation in (
        mine.create("cluster", theirs.pk, **cluster()),
        mine.edit("cluster", theirs.pk, 1, note="x"),
        mine.delete("cluster", theirs.pk),
    ):
        result = mine.one(operation)
        assert (result["status"], list(result["errors"])) == ("rejected", ["entry"])
        assert "42 spasms" not in str(result)
    theirs.refresh_from_db()
    assert (theirs.spasm_count, theirs.deleted_at, theirs.history.count()) == (42, None, 1)


@pytest.mark.parametrize("slug", ["meal", "dose"])
def test_what_belongs_to_another_family_is_not_in_the_list(mine, child, parent, slug):
    values = good_values(child, parent)[slug]
    their_parent, their_child = house.another_child()
    if slug == "meal":
        values["served"][0]["composition"] = str(
            house.food(their_parent, their_child).composition.pk
        )
        wrong = "served"
    else:
        values["medicine"] = str(house.medicine(their_parent, their_child).pk)
        wrong = "medicine"
    result = mine.one(mine.create(slug, **values))
    assert (result["status"], list(result["errors"])) == ("rejected", [wrong])
    plan = house.plan(
        their_parent, their_child, "2026-06-10 08:00", (house.food(their_parent, their_child), 1)
    )
    values = good_values_of_meal(child, parent) | {"planned": str(plan.pk)}
    assert list(mine.one(mine.create("meal", **values))["errors"]) == ["planned"]


def good_values_of_meal(child, parent):
    food = house.food(parent, child, "Oil")
    return {
        "happened_at": NIGHT,
        "name": "Snack",
        "served": [{"composition": str(food.composition.pk), "amount": "5", "left": "0"}],
    }


# --- single kinds


def test_watched_so_far_is_one_tap_and_one_undo(mine, child):
    from quietdays.diary.models import Observation

    tap = mine.create("watched-so-far", happened_at="2026-06-10T09:30:00.000Z")
    result = mine.one(tap)
    assert result["echo"] == "Saved: watched, morning, until 11:30"
    assert [(e["kind"], e["title"], e["detail"]) for e in result["entries"]] == [
        ("observation", "Watched, morning", "until 11:30")
    ]
    later = mine.create("watched-so-far", happened_at="2026-06-10T10:00:00.000Z")
    result = mine.one(later)
    assert [(e["values"]["part"], e["detail"]) for e in result["entries"]] == [
        ("morning", ""), ("afternoon", "until 12:00"),
    ]  # fmt: skip
    undone = mine.one(mine.undo(later))
    assert [e["deleted"] for e in undone["entries"]] == [False, True]
    assert undone["entries"][0]["detail"] == "until 11:30"
    assert mine.one(tap)["entries"][0]["detail"] == "until 11:30"
    assert Observation.objects.of(child).count() == 1
    nothing = mine.one(mine.create("watched-so-far", happened_at="2026-06-10T08:00:00.000Z"))
    assert nothing["echo"].startswith("Already saved")
    assert nothing["entries"] == []


def test_a_tap_that_arrives_late_takes_no_watched_hour_back(mine, theirs, child):
    early = mine.create("watched-so-far", happened_at="2026-06-10T07:00:00.000Z")
    theirs.done(theirs.create("watched-so-far", happened_at="2026-06-10T09:00:00.000Z"))
    assert mine.one(early)["entries"] == []
    assert [e["detail"] for e in mine.changes()["entries"]] == ["until 11:00"]


@pytest.mark.parametrize("action", ["edit", "delete"])
@pytest.mark.parametrize("slug", ["watched-so-far", "stay", "reminder-answer"])
def test_what_makes_no_entry_cannot_be_changed(mine, slug, action):
    operation = mine.op(action, slug, base=0)
    assert list(mine.one(operation)["errors"]) == ["action"]


def test_a_part_that_was_not_over_is_watched_up_to_then(mine):
    """Said at noon of the afternoon and the evening: nobody watched what is to come."""
    at = mine.clock().isoformat(timespec="seconds")
    for part in ("afternoon", "evening"):
        made = mine.create("observation", date="2026-06-10", part=part, watch="watched")
        until = mine.done(made)["values"]["until_at"]
        assert until.startswith("2026-06-10T10:00:0"), at
    made = mine.create("observation", date="2026-06-10", part="morning", watch="watched")
    entry = mine.done(made)
    assert entry["values"]["until_at"] is None
    late = mine.edit("observation", entry["id"], 1, until_at="2026-06-10T13:00:00.000Z")
    assert list(mine.one(late)["errors"]) == ["until_at"]


def test_a_dose_not_given_needs_its_reason_and_has_no_amount(mine, child, parent):
    values = good_values(child, parent)["dose"] | {"outcome": "skipped"}
    assert list(mine.one(mine.create("dose", **values))["errors"]) == ["reason"]
    made = mine.create("dose", **(values | {"reason": "vomiting"}))
    entry = mine.done(made)
    assert (entry["title"], entry["values"]["amount"]) == ("Vigabatrin not given", None)
    wrong = mine.edit("dose", entry["id"], 1, reason="")
    assert list(mine.one(wrong)["errors"]) == ["reason"]
    given = mine.edit("dose", entry["id"], 1, outcome="given", amount="7.5", reason="")
    assert mine.done(given)["title"] == "Vigabatrin 7.5 mL"


def test_a_dose_beside_another_is_stored_and_names_the_other(mine, theirs, child, parent, other):
    values = good_values(child, parent)["dose"]
    mine.done(mine.create("dose", **values))
    beside = theirs.create("dose", **(values | {"happened_at": "2026-06-10T06:15:00.000Z"}))
    result = theirs.one(beside)
    assert result["status"] == "applied"
    assert result["notice"] == f"{parent.name} gave Vigabatrin 8 mL at 08:10"
    assert result["echo"] == f"Saved: Vigabatrin 8 mL, 08:15. {result['notice']}"
    assert len(mine.changes()["entries"]) == 2


def test_another_medicine_brings_its_own_carbohydrate(mine, child, parent):
    from decimal import Decimal

    from quietdays.medicines.models import Dose

    syrup = house.medicine(
        parent, child, "Syrup",
        carbohydrate_g_per_unit=Decimal("0.7"), carbohydrate_source="sheet",
    )  # fmt: skip
    entry = mine.done(mine.create("dose", **good_values(child, parent)["dose"]))
    mine.done(mine.edit("dose", entry["id"], 1, medicine=str(syrup.pk)))
    assert Dose.objects.get().carbohydrate_g_per_unit == Decimal("0.7")


def test_a_mixture_told_by_its_volume_leaves_the_same_share_of_each_food(mine, child, parent):
    values = good_values(child, parent)["meal"]
    mixed = {"is_mixed": True, "offered_ml": "80", "delivered_ml": "60"}
    entry = mine.done(mine.create("meal", **(values | mixed)))
    assert entry["values"]["served"][0]["left"] == "10"
    less = mine.edit("meal", entry["id"], 1, delivered_ml="20", lefts=["30"])
    assert mine.done(less)["values"]["served"][0]["left"] == "30"
    less = mine.edit("meal", entry["id"], 2, delivered_ml="40")
    assert mine.done(less)["values"]["served"][0]["left"] == "20"
    more = mine.edit("meal", entry["id"], 3, delivered_ml="81")
    assert mine.one(more)["status"] == "rejected"


def test_a_meal_keeps_the_version_of_its_food_that_was_weighed(mine, child, parent):
    from quietdays.diet.actions import correct_food
    from quietdays.diet.models import Food

    values = good_values(child, parent)["meal"]
    label = {
        "fat_g": 30, "protein_g": 2, "carbohydrate_g": 3, "carbohydrate_basis": "available",
        "source": "label", "per_unit": "g",
    }  # fmt: skip
    correct_food(by=parent, child=child, food=Food.objects.get(name="Cream"), name="Cream", **label)
    entry = mine.done(mine.create("meal", **values))
    assert entry["values"]["served"][0]["fat_g_per_100"] == "36"


def test_a_breastfeed_keeps_its_milk_when_something_else_changes(mine, child, parent):
    from quietdays.diet.models import EatenItem

    entry = mine.done(mine.create("breastfeed", **good_values(child, parent)["breastfeed"]))
    before = EatenItem.objects.values().get()
    mine.done(mine.edit("breastfeed", entry["id"], 1, breast_minutes=9))
    assert EatenItem.objects.values().get() == before
    changed = mine.done(mine.edit("breastfeed", entry["id"], 2, breast_ml=None))
    assert changed["values"]["breast_ml"] is None
    assert EatenItem.objects.count() == 0


def test_a_day_that_nobody_watched_has_no_count(mine):
    made = mine.create("day-total", date="2026-06-07", was_observed=True, clusters=3)
    entry = mine.done(made)
    changed = mine.done(mine.edit("day-total", entry["id"], 1, was_observed=False))
    assert changed["values"]["clusters"] is None
    wrong = mine.create("day-total", date="2026-06-06", was_observed=True)
    assert list(mine.one(wrong)["errors"]) == ["clusters"]


def test_an_open_cluster_says_so_while_it_is_touched(mine, noon):
    made = mine.create(
        "cluster", happened_at=mine.clock().isoformat(timespec="seconds"), spasm_count=3,
        duration_s=0, is_open=True,
    )  # fmt: skip
    assert mine.done(made)["detail"] == "still being counted"
    noon.shift(200)
    grown = mine.edit("cluster", made["entry"], 1, spasm_count=9, duration_s=190)
    assert mine.done(grown)["detail"] == "still being counted, 3:10 min"
    noon.shift(301)
    assert mine.changes()["entries"][0]["detail"] == "3:10 min"
