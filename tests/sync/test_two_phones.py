"""Two people, two phones: both versions stay, and each is told what the other did."""

from __future__ import annotations

import pytest

from quietdays.diary.models import CheckIn, Observation, SpasmCluster
from quietdays.diet.models import MealEaten
from quietdays.people.entries import amend, take_back, undo
from tests import house
from tests.sync.phones import Phone, good_values

pytestmark = pytest.mark.django_db
NIGHT = "2026-06-10T01:10:00.000Z"


@pytest.fixture
def seen(mine):
    """A cluster of five spasms that both phones know in its first version."""
    made = mine.create("cluster", happened_at=NIGHT, spasm_count=5)
    mine.done(made)
    return made["entry"]


def conflict(result):
    return result["conflict"] and (result["conflict"]["by"], result["conflict"]["title"])


# --- revisions


def test_an_older_base_is_applied_and_names_whose_version_stood_there(mine, theirs, seen, parent):
    mine.done(mine.edit("cluster", seen, 1, spasm_count=6))
    result = theirs.one(theirs.edit("cluster", seen, 1, note="on waking"))
    assert result["status"] == "applied"
    assert conflict(result) == (parent.name, "Spasms seen: 6 spasms")
    assert result["entries"][0]["conflict"] == result["conflict"]
    stored = SpasmCluster.objects.get()
    assert (stored.spasm_count, stored.note) == (6, "on waking")  # only what changed was named
    assert [v.spasm_count for v in stored.versions()] == [6, 6, 5]
    # Seen by everybody, and gone with the next version that knew of both.
    assert mine.changes()["entries"][0]["conflict"] == result["conflict"]
    assert mine.done(mine.edit("cluster", seen, 3, spasm_count=7))["conflict"] is None


def test_the_same_field_twice_keeps_both_in_the_history(mine, theirs, seen):
    mine.done(mine.edit("cluster", seen, 1, spasm_count=6))
    result = theirs.one(theirs.edit("cluster", seen, 1, spasm_count=9))
    assert result["entries"][0]["values"]["spasm_count"] == 9
    assert [v.spasm_count for v in SpasmCluster.objects.get().versions()] == [9, 6, 5]


def test_versions_of_this_device_are_no_conflict(mine, seen):
    mine.done(mine.edit("cluster", seen, 1, spasm_count=6))
    assert conflict(mine.one(mine.edit("cluster", seen, 0, spasm_count=7))) is None
    assert conflict(mine.one(mine.delete("cluster", seen, 1))) is None


def test_the_same_person_on_another_device_or_page_is_one(mine, parent, child, seen):
    tablet = Phone(parent, child)
    tablet.done(tablet.edit("cluster", seen, 1, spasm_count=6))
    result = mine.one(mine.edit("cluster", seen, 1, note="x"))
    assert conflict(result) == (parent.name, "Spasms seen: 6 spasms")
    amend(SpasmCluster.objects.get(), by=parent, spasm_count=8)
    result = mine.one(mine.edit("cluster", seen, 3, note="y"))
    assert conflict(result) == (parent.name, "Spasms seen: 8 spasms")


def test_an_edit_that_changes_nothing_makes_no_version(mine, seen):
    assert mine.done(mine.edit("cluster", seen, 1, spasm_count=5))["revision"] == 1
    assert mine.done(mine.edit("cluster", seen, 1))["revision"] == 1


def test_a_delete_over_an_unseen_version_names_it(mine, theirs, seen, other):
    theirs.done(theirs.edit("cluster", seen, 1, spasm_count=9))
    result = mine.one(mine.delete("cluster", seen, 1))
    assert conflict(result) == (other.name, "Spasms seen: 9 spasms")
    assert result["entries"][0]["deleted"] is True
    again = theirs.one(theirs.delete("cluster", seen, 2))
    assert (again["status"], again["conflict"]) == ("applied", None)  # both wanted the same
    assert again["entries"][0]["revision"] == 3


def test_an_edit_brings_back_what_somebody_else_deleted(mine, theirs, seen, parent):
    mine.done(mine.delete("cluster", seen, 1))
    result = theirs.one(theirs.edit("cluster", seen, 1, spasm_count=6))
    assert conflict(result) == (parent.name, "Deleted: Spasms seen: 5 spasms")
    [entry] = result["entries"]
    assert (entry["deleted"], entry["values"]["spasm_count"], entry["revision"]) == (False, 6, 3)


def test_an_edit_that_comes_after_this_phones_own_deletion_leaves_it_deleted(mine, seen):
    mine.done(mine.delete("cluster", seen, 1))
    entry = mine.done(mine.edit("cluster", seen, 1, spasm_count=6))
    assert (entry["deleted"], entry["values"]["spasm_count"]) == (True, 6)


def test_what_was_never_there_cannot_be_changed(mine):
    for operation in (
        mine.edit("cluster", house.new_id(), 0, note="x"),
        mine.delete("cluster", house.new_id(), 0),
    ):
        assert list(mine.one(operation)["errors"]) == ["entry"]


def test_an_entry_of_another_kind_is_not_found_under_this_one(mine, child, parent, seen):
    weight = mine.done(mine.create("weight", **good_values(child, parent)["weight"]))
    meal = mine.done(mine.create("meal", **good_values_of_meal(child, parent)))
    for slug, entry in (("length", weight), ("breastfeed", meal), ("other-seizure", {"id": seen})):
        result = mine.one(mine.edit(slug, entry["id"], 1, note="x" if slug != "breastfeed" else ""))
        assert result["status"] == "rejected"
    taken = mine.create("length", weight["id"], happened_at=NIGHT, value="70", unit="cm")
    assert list(mine.one(taken)["errors"]) == ["entry"]


def good_values_of_meal(child, parent):
    food = house.food(parent, child, "Oil")
    weighed = {"composition": str(food.composition.pk), "amount": "5", "left": "0"}
    return {"happened_at": NIGHT, "name": "Snack", "served": [weighed]}


def test_an_entry_made_on_a_page_first_is_corrected_by_the_phone(mine, child, other):
    from quietdays.people.entries import enter

    made = mine.create("cluster", happened_at=NIGHT, spasm_count=8)
    enter(
        SpasmCluster, by=other, child=child, entry_id=made["entry"],
        happened_at=house.at("2026-06-10 03:00"), spasm_count=7,
    )  # fmt: skip
    result = mine.one(made)
    assert conflict(result) == (other.name, "Spasms seen: 7 spasms")
    assert result["entries"][0]["values"]["spasm_count"] == 8
    assert SpasmCluster.objects.count() == 1


# --- undoing


def test_undo_of_a_create_takes_the_entry_away_and_twice_changes_nothing(mine, theirs, seen):
    made = mine.create("cluster", happened_at=NIGHT, spasm_count=2)
    mine.done(made)
    first, second = mine.undo(made), mine.undo(made)
    result = mine.one(first)
    assert (result["echo"], result["entries"][0]["deleted"]) == (
        "Undone: Spasms seen: 2 spasms", True,
    )  # fmt: skip
    again = mine.one(second)
    assert (again["status"], again["entries"][0]["revision"]) == ("applied", 2)
    assert mine.one(first)["status"] == "duplicate"
    theirs.done(theirs.edit("cluster", made["entry"], 2, spasm_count=3))  # brought back
    assert mine.done(mine.undo(made))["deleted"] is False  # undone before: nothing to undo


def test_undo_is_of_exactly_the_operation_that_it_names(mine, theirs, seen, other):
    edit = mine.edit("cluster", seen, 1, spasm_count=6)
    mine.done(edit)
    theirs.done(theirs.edit("cluster", seen, 2, note="theirs"))
    result = mine.one(mine.undo(edit))
    assert result["status"] == "rejected"
    assert result["errors"] == {"undoes": [f"{other.name} has changed this entry since."]}
    stored = SpasmCluster.objects.get()
    assert (stored.spasm_count, stored.note, stored.history.count()) == (6, "theirs", 3)


def test_undo_of_an_edit_returns_to_the_version_before(mine, seen):
    edit = mine.edit("cluster", seen, 1, spasm_count=6, note="wrong")
    mine.done(edit)
    entry = mine.done(mine.undo(edit))
    assert (entry["values"]["spasm_count"], entry["values"]["note"]) == (5, "")


def test_undo_of_a_meal_returns_what_was_left(mine, child, parent):
    values = good_values(child, parent)["meal"]
    made = mine.create("meal", **values)
    mine.done(made)
    edit = mine.edit("meal", made["entry"], 1, lefts=["30"], vomited="some")
    assert mine.done(edit)["values"]["served"][0]["left"] == "30"
    entry = mine.done(mine.undo(edit))
    assert (entry["values"]["served"][0]["left"], entry["values"]["vomited"]) == ("2.5", "no")


def test_undo_of_what_was_rejected_or_changed_nothing_is_applied(mine, seen):
    bad = mine.create("cluster", happened_at=NIGHT, spasm_count=0)
    assert mine.one(bad)["status"] == "rejected"
    assert (mine.one(mine.undo(bad))["status"], SpasmCluster.objects.count()) == ("applied", 1)
    same = mine.edit("cluster", seen, 1, spasm_count=5)
    mine.done(same)
    entry = mine.done(mine.undo(same))
    assert (entry["id"], entry["deleted"], entry["revision"]) == (seen, False, 1)


def test_undo_of_nothing_is_rejected(mine, seen, child):
    unknown = mine.op("undo", "cluster", seen, undoes=str(house.new_id()))
    assert list(mine.one(unknown)["errors"]) == ["undoes"]
    assert list(mine.one(mine.op("undo", "cluster", seen))["errors"]) == ["undoes"]
    far = Phone(*house.another_child())
    theirs = far.create("cluster", happened_at=NIGHT, spasm_count=4)
    far.done(theirs)
    assert list(mine.one(mine.undo(theirs))["errors"]) == ["undoes"]
    taken = mine.delete("cluster", seen, 1)
    mine.done(taken)
    back = mine.undo(taken)
    mine.done(back)
    again = mine.op("undo", "cluster", seen, undoes=back["op"])
    assert list(mine.one(again)["errors"]) == ["undoes"]


def test_what_a_page_undid_stays_undone(mine, parent, seen):
    edit = mine.edit("cluster", seen, 1, spasm_count=6)
    mine.done(edit)
    undo(SpasmCluster.objects.get(), by=parent)
    entry = mine.done(mine.undo(edit))
    assert (entry["values"]["spasm_count"], entry["revision"]) == (5, 3)


# --- one thing, two phones


def test_a_part_of_a_day_is_described_once(mine, theirs, parent):
    part = {"date": "2026-06-09", "part": "evening"}
    first = mine.done(mine.create("observation", **part, watch="watched"))
    made = theirs.create("observation", **part, watch="not_watched")
    result = theirs.one(made)
    assert conflict(result) == (parent.name, "Watched, evening")
    [entry] = result["entries"]
    assert (entry["id"], entry["values"]["watch"]) == (first["id"], "not_watched")
    assert entry["id"] != made["entry"]
    # Later operations on the phone's own id reach the one that stands.
    edited = theirs.done(theirs.edit("observation", made["entry"], 0, watch="monitor"))
    assert (edited["id"], edited["values"]["watch"]) == (first["id"], "monitor")
    assert theirs.done(theirs.delete("observation", made["entry"], 3))["deleted"] is True
    assert Observation.objects.count() == 1
    assert theirs.one(made)["entries"][0]["id"] == first["id"]


def test_a_second_create_of_the_same_person_is_no_conflict(mine, parent, child):
    part = {"date": "2026-06-09", "part": "evening"}
    mine.done(mine.create("observation", **part, watch="watched"))
    tablet = Phone(parent, child)
    assert conflict(tablet.one(tablet.create("observation", **part, watch="monitor"))) is None


def test_undo_of_a_create_that_changed_anothers_entry_returns_to_that(mine, theirs):
    part = {"date": "2026-06-09", "part": "evening"}
    mine.done(mine.create("observation", **part, watch="watched"))
    made = theirs.create("observation", **part, watch="not_watched")
    theirs.done(made)
    entry = theirs.done(theirs.undo(made))
    assert (entry["deleted"], entry["values"]["watch"]) == (False, "watched")


def test_a_check_in_is_added_to_and_nothing_blanked_out(mine, theirs, parent):
    mine.done(mine.create("check-in", date="2026-06-09", alertness=4, note="bright"))
    result = theirs.one(
        theirs.create("check-in", date="2026-06-09", stress=5, note="", feeding=None)
    )
    assert conflict(result) == (parent.name, "Check-in")
    values = result["entries"][0]["values"]
    assert (values["alertness"], values["stress"], values["note"]) == (4, 5, "bright")
    assert CheckIn.objects.count() == 1


def test_a_days_total_stands_once(mine, theirs, parent):
    mine.done(mine.create("day-total", date="2026-06-07", was_observed=True, clusters=2))
    result = theirs.one(
        theirs.create("day-total", date="2026-06-07", was_observed=True, clusters=3, note="")
    )
    assert conflict(result) == (parent.name, "Total of 7 June 2026: 2 clusters")
    assert result["entries"][0]["values"]["clusters"] == 3


def test_a_planned_meal_is_eaten_once(mine, theirs, child, parent):
    values = good_values(child, parent)["meal"]
    first = mine.done(mine.create("meal", **values))
    second = values | {"served": [values["served"][0] | {"left": "4"}], "vomited": "some"}
    result = theirs.one(theirs.create("meal", **second))
    assert conflict(result) == (parent.name, "Eaten: Breakfast")
    [entry] = result["entries"]
    assert (entry["id"], entry["values"]["served"][0]["left"]) == (first["id"], "4")
    assert MealEaten.objects.count() == 1


def test_the_same_planned_meal_with_other_foods_stays_a_second_entry(mine, theirs, child, parent):
    values = good_values(child, parent)["meal"]
    first = mine.done(mine.create("meal", **values))
    made = theirs.create("meal", **(values | {"served": [values["served"][0] | {"amount": "50"}]}))
    result = theirs.one(made)
    assert conflict(result) == (parent.name, "Logged twice: Eaten: Breakfast")
    [entry] = result["entries"]
    assert (entry["id"], entry["values"]["planned"]) == (made["entry"], None)
    assert first["values"]["planned"] == values["planned"]
    assert MealEaten.objects.live().count() == 2


def test_a_plan_that_was_deleted_meanwhile_is_still_eaten(mine, child, parent):
    from quietdays.diet.models import PlannedMeal

    values = good_values(child, parent)["meal"]
    take_back(PlannedMeal.objects.get(), by=parent)
    entry = mine.done(mine.create("meal", **values))
    assert entry["values"]["planned"] == values["planned"]


def test_after_a_deletion_there_is_room_for_another(mine, theirs):
    part = {"date": "2026-06-09", "part": "evening", "watch": "watched"}
    first = mine.done(mine.create("observation", **part))
    gone = mine.delete("observation", first["id"], 1)
    mine.done(gone)
    made = theirs.create("observation", **part)
    assert theirs.done(made)["id"] == made["entry"]
    # Two cannot stand: bringing the first one back is refused in words.
    for operation in (mine.undo(gone), theirs.edit("observation", first["id"], 1, watch="monitor")):
        result = mine.one(operation) if operation["action"] == "undo" else theirs.one(operation)
        assert result["status"] == "rejected"
        assert "described already" in str(result["errors"])


def test_an_edit_in_the_outbox_before_the_create_is_answered(mine):
    made = mine.create("cluster", happened_at=NIGHT, spasm_count=1, is_open=True)
    more = [mine.edit("cluster", made["entry"], 0, spasm_count=n) for n in range(2, 6)]
    results = mine.send(made, *more)
    assert {r["status"] for r in results} == {"applied"}
    assert [conflict(r) for r in results] == [None] * 5
    assert results[-1]["entries"][0]["values"]["spasm_count"] == 5
    assert results[-1]["entries"][0]["revision"] == 5
