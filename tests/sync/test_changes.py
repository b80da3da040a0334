"""What others did: every version once, in order, deletions and journeys too."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quietdays.diary.models import SpasmCluster
from quietdays.medicines.actions import change_medicine
from quietdays.people.actions import update_child
from quietdays.people.entries import amend, take_back
from quietdays.sharing.purge import purge_deleted
from quietdays.sync import queries
from quietdays.sync.models import Change, Operation
from tests import house
from tests.sync.phones import Phone, good_values

pytestmark = pytest.mark.django_db


def titles(answer):
    return [e["title"] for e in answer["entries"]]


def test_at_first_the_last_seven_local_dates(mine, child, parent):
    for when in ("2026-06-03 23:59", "2026-06-04 00:00", "2026-06-10 11:00"):
        house.cluster(parent, child, when)
    take_back(house.cluster(parent, child, "2026-06-09 08:00", 9), by=parent)
    house.watch(parent, child, date(2026, 6, 4), morning="watched")
    house.watch(parent, child, date(2026, 6, 3), morning="watched")
    found = mine.changes()
    assert sorted(e["date"] for e in found["entries"]) == ["2026-06-04", "2026-06-04", "2026-06-10"]
    assert (found["more"], found["plan_changed"]) == (False, False)
    assert found["cursor"] == Change.objects.filter(child=child).latest("id").pk


def test_a_child_without_an_entry_has_a_cursor_too(mine):
    found = mine.changes()
    assert found["entries"] == []
    assert mine.changes(found["cursor"])["cursor"] == found["cursor"]


def test_an_entry_stands_once_and_as_it_is_now(mine, child, parent):
    start = mine.changes()["cursor"]
    entry = house.cluster(parent, child, "2026-06-10 08:00", 1)
    for spasms in (2, 3):
        amend(entry, by=parent, spasm_count=spasms)
    gone = house.cluster(parent, child, "2026-06-10 09:00", 9)
    take_back(gone, by=parent)
    found = mine.changes(start)
    assert [(e["values"]["spasm_count"], e["deleted"], e["revision"]) for e in found["entries"]] == [
        (3, False, 3), (9, True, 2),
    ]  # fmt: skip
    after = mine.changes(found["cursor"])
    assert (after["entries"], after["cursor"], after["plan_changed"]) == (
        [],
        found["cursor"],
        False,
    )


def test_what_is_entered_on_a_page_is_a_change_in_the_same_transaction(mine, child, parent):
    from django.db import transaction

    start = mine.changes()["cursor"]
    with transaction.atomic():
        house.cluster(parent, child, "2026-06-10 08:00")
        transaction.set_rollback(True)
    assert mine.changes(start)["entries"] == []
    house.cluster(parent, child, "2026-06-10 08:00")
    assert titles(mine.changes(start)) == ["Spasms seen: 5 spasms"]


def test_many_changes_come_page_by_page_and_none_is_missed(mine, child, parent, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 4)
    start = mine.changes()["cursor"]
    made = [house.cluster(parent, child, f"2026-06-10 0{n}:00", n + 1) for n in range(9)]
    seen, more = [], True
    while more:
        found = mine.changes(start)
        seen += [e["id"] for e in found["entries"]]
        start, more = found["cursor"], found["more"]
    assert seen == [str(c.pk) for c in made]


@pytest.mark.parametrize(
    "change",
    [
        lambda p, c: house.plan(p, c, "2026-06-10 08:00", (house.food(p, c), 1)),
        lambda p, c: house.medicine(p, c, "B"),
        lambda p, c: change_medicine(by=p, medicine=house.medicine(p, c, "C"), name="D"),
        lambda p, c: house.step(p, c, house.medicine(p, c, "E"), date(2026, 6, 1)),
        lambda p, c: update_child(by=p, child=c, phone="", weight_unit="g"),
        lambda p, c: house.prescribe(house.joined(c, "dietitian"), c),
    ],
    ids=["plan", "medicine", "label", "schedule", "unit", "prescription"],
)
def test_what_stands_behind_today_is_said_to_have_changed(mine, child, parent, change):
    start = mine.changes()["cursor"]
    house.cluster(parent, child, "2026-06-10 08:00")
    assert mine.changes(start)["plan_changed"] is False
    change(parent, child)
    assert mine.changes(start)["plan_changed"] is True


def test_what_is_no_entry_of_the_log_is_not_in_the_answer(mine, child, parent):
    start = mine.changes()["cursor"]
    house.recipe(parent, child, (house.food(parent, child), 10))
    house.checklist(house.joined(child, "dietitian"), child)
    found = mine.changes(start)
    assert (found["entries"], found["plan_changed"]) == ([], False)
    assert found["cursor"] > start


def test_a_child_hears_nothing_of_another(mine, child):
    start = mine.changes()["cursor"]
    their_parent, their_child = house.another_child()
    house.cluster(their_parent, their_child, "2026-06-10 08:00")
    found = mine.changes(start)
    assert (found["entries"], found["cursor"]) == ([], start)
    assert mine.changes()["cursor"] == start


def test_a_cursor_from_another_database_is_refused(mine, child, parent):
    house.cluster(parent, child, "2026-06-10 08:00")
    newest = mine.changes()["cursor"]
    for cursor in (newest + 1, 10**9):
        response = mine.get("changes", since=cursor)
        assert response.status_code == 422
        assert list(response.json()["detail"]) == ["since"]
    assert mine.changes(newest - 1)["entries"] != []


@pytest.mark.parametrize("since", ["-1", "x", "1.5", "", "9" * 30])
def test_a_cursor_that_is_none_is_refused(mine, since):
    assert mine.get("changes", since=since).status_code == 422


# --- how much is read


def count_queries(phone, since=None) -> int:
    with CaptureQueriesContext(connection) as found:
        phone.changes(since)
    return len(found)


def test_as_many_queries_for_many_entries_as_for_few(mine, theirs, child, parent, noon):
    start = mine.changes()["cursor"]
    good = good_values(child, parent)

    def enter_all(phone, day):
        for slug, values in good.items():
            values = {k: v for k, v in values.items() if k != "planned"}
            for name in ("date", "started_on"):
                if name in values:
                    values[name] = day
            phone.done(phone.create(slug, **values))

    enter_all(mine, "2026-06-09")
    for phone in (mine, theirs):  # the first look of the hour leaves a line in the trail
        phone.changes(start)
    few = count_queries(theirs, start), count_queries(theirs)
    for day in range(5, 9):
        enter_all(theirs, f"2026-06-0{day}")
    assert (count_queries(mine, start), count_queries(mine)) == few
    assert few[0] <= 41


def test_nothing_new_costs_one_read_of_an_index(mine, child, parent):
    cursor = mine.changes()["cursor"]
    with CaptureQueriesContext(connection) as found:
        mine.changes(cursor)
    feed = [q["sql"] for q in found if "sync_change" in q["sql"]]
    assert len(feed) == 1
    with connection.cursor() as db:
        if connection.vendor == "postgresql":
            db.execute("SET LOCAL enable_seqscan = off")  # a table this small is read whole
        db.execute(f"{connection.ops.explain_query_prefix()} {feed[0]}")
        plan = " ".join(str(row) for row in db.fetchall())
    assert "change_feed" in plan


# --- purged


def test_a_purged_entry_leaves_no_word_and_a_replay_still_makes_nothing(mine, theirs, child):
    made = mine.create(
        "cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=5, note="a secret word"
    )
    mine.done(made)
    edit = theirs.edit("cluster", made["entry"], 0, spasm_count=6)
    theirs.done(edit)
    bad = mine.edit("cluster", made["entry"], 2, spasm_count=0)
    assert mine.one(bad)["status"] == "rejected"
    cursor = theirs.changes()["cursor"]
    mine.done(mine.delete("cluster", made["entry"], 2))
    with time_machine.travel(house.NOW + timedelta(days=31)):
        assert purge_deleted() == 1
        answers = list(Operation.objects.values_list("answer", flat=True))
        assert "spasms" not in str(answers)
        for operation, status in ((made, "duplicate"), (edit, None), (bad, "rejected")):
            phone = theirs if operation is edit else mine
            result = phone.one(operation)
            assert result["status"] == (status or "duplicate")
            assert (result["entries"], result["echo"], result["conflict"]) == ([], "", None)
        assert SpasmCluster.objects.count() == SpasmCluster.history.count() == 0
        # A phone that was away all the time learns that it is gone.
        [entry] = theirs.changes(cursor)["entries"]
        assert (entry["id"], entry["deleted"], entry["values"]) == (made["entry"], True, {})
        assert entry["kind"] == "cluster"
        undone = mine.one(mine.undo(made))
        assert (undone["status"], undone["entries"]) == ("applied", [])


def test_of_a_tap_only_the_purged_part_is_forgotten(mine, child):
    tap = mine.create("watched-so-far", happened_at="2026-06-10T10:00:00Z")
    morning, afternoon = mine.one(tap)["entries"]
    mine.done(mine.delete("observation", morning["id"], 1))
    with time_machine.travel(house.NOW + timedelta(days=31)):
        assert purge_deleted() == 1
        assert [e["id"] for e in mine.one(tap)["entries"]] == [afternoon["id"]]


def test_a_child_that_goes_takes_its_operations_along(mine, child, parent):
    mine.done(mine.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=5))
    other_parent, other_child = house.another_child()
    phone = Phone(other_parent, other_child)
    phone.done(phone.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=5))
    other_child.delete()
    assert Operation.objects.get().child == child
    assert set(Change.objects.values_list("child", flat=True)) == {child.pk}
