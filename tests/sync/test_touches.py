"""Two phones count one cluster: their touches add up, in whatever order they arrive."""

from __future__ import annotations

import pytest

from quietdays.diary.models import SpasmCluster
from tests import house
from tests.sync.phones import Phone

pytestmark = pytest.mark.django_db
START = "2026-06-10T00:10:00Z"


def begin(phone: Phone) -> str:
    entry = str(house.new_id())
    touches = {phone.device: 1}
    values = {"touches": touches, "count_kind": "at_least", "is_open": True}
    phone.done(phone.create("cluster", entry, happened_at=START, **values))
    return entry


def count(phone: Phone, entry: str, touches: int, seconds: int, **more):
    own = {phone.device: touches}
    return phone.edit("cluster", entry, 1, touches=own, duration_s=seconds, **more)


@pytest.mark.parametrize("order", ["mtt", "tmt", "ttm"])
def test_touches_of_two_phones_add_up_in_any_order(mine, theirs, order):
    """What one phone did stays in its order; the phones come between each other."""
    entry = begin(mine)
    waiting = {
        "m": [(mine, count(mine, entry, 4, 30))],
        "t": [
            (theirs, count(theirs, entry, 2, 45)),
            (theirs, count(theirs, entry, 3, 50, is_open=False, count_kind="exact")),
        ],
    }
    for whose in order:
        phone, operation = waiting[whose].pop(0)
        phone.done(operation)
    cluster = SpasmCluster.objects.get()
    assert (cluster.spasm_count, cluster.count_kind, cluster.is_open) == (7, "exact", False)
    assert cluster.duration_s == 50


def test_counting_on_together_is_no_conflict_and_typing_a_number_is(mine, theirs):
    entry = begin(mine)
    theirs.done(count(theirs, entry, 2, 45))
    assert mine.one(count(mine, entry, 4, 50))["conflict"] is None
    typed = mine.edit("cluster", entry, 1, spasm_count=9, count_kind="estimated")
    assert mine.one(typed)["conflict"]["by"] == "Parent"


def test_an_older_count_sent_again_takes_nothing_away(mine):
    entry = begin(mine)
    first, second = count(mine, entry, 3, 20), count(mine, entry, 5, 40)
    for operation in (first, second, first):
        mine.one(operation)
    cluster = SpasmCluster.objects.get(pk=entry)
    assert (cluster.spasm_count, cluster.duration_s) == (5, 40)


def test_the_length_never_shrinks_while_two_count(mine, theirs):
    entry = begin(mine)
    theirs.done(count(theirs, entry, 1, 90))
    mine.done(count(mine, entry, 2, 60))
    assert SpasmCluster.objects.get(pk=entry).duration_s == 90


def test_a_number_that_somebody_typed_stands_against_late_touches(mine, theirs):
    entry = begin(mine)
    theirs.done(theirs.edit("cluster", entry, 1, spasm_count=20, count_kind="estimated"))
    mine.done(count(mine, entry, 4, 30, note="on waking"))
    cluster = SpasmCluster.objects.get(pk=entry)
    assert (cluster.spasm_count, cluster.count_kind) == (20, "estimated")
    assert cluster.note == "on waking"  # what it says beside the count is taken


@pytest.mark.parametrize(
    "touches",
    [None, 3, "3", [], [3], {"x": 3}, {"dev": True}, {"dev": "3"}, {"dev": 1.5}, {"dev": 10**6}],
    ids=str,
)
def test_touches_that_cannot_be_are_rejected(mine, touches):
    if isinstance(touches, dict):
        touches = {mine.device if k == "dev" else k: v for k, v in touches.items()}
    values = {"happened_at": START, "touches": touches, "count_kind": "at_least"}
    answer = mine.one(mine.create("cluster", **values))
    assert answer["status"] == "rejected"
    assert list(answer["errors"]) == ["touches"]
    assert SpasmCluster.objects.count() == 0


def test_touches_that_take_all_back_are_no_cluster_of_none(mine, theirs):
    entry = begin(mine)
    answer = theirs.one(count(theirs, entry, -1, 5))
    assert answer["status"] == "rejected"
    assert SpasmCluster.objects.get(pk=entry).spasm_count == 1


def test_the_end_that_a_phone_sends_by_itself_brings_nothing_back(mine, theirs):
    entry = begin(mine)
    theirs.done(theirs.delete("cluster", entry))
    mine.done(mine.edit("cluster", entry, 1, is_open=False, count_kind="exact"))
    assert SpasmCluster.objects.live().count() == 0


def test_touches_on_a_cluster_that_somebody_else_deleted_bring_it_back(mine, theirs):
    """A touch is somebody who sees spasms."""
    entry = begin(mine)
    theirs.done(theirs.delete("cluster", entry))
    mine.done(count(mine, entry, 3, 20))
    assert SpasmCluster.objects.live().get().spasm_count == 3


def test_a_typed_number_stands_in_the_first_operation_too(mine):
    values = {"touches": {mine.device: 5}, "spasm_count": 11, "count_kind": "exact"}
    entry = mine.done(mine.create("cluster", happened_at=START, **values))
    assert (entry["values"]["spasm_count"], entry["values"]["touches"]) == (11, {})
