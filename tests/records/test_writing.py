"""One way to write: sent twice is stored once, nothing is destroyed, and who did what is kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from quietdays.diary.models import (
    CheckIn,
    DayTotal,
    Illness,
    Measurement,
    Observation,
    SpasmCluster,
)
from quietdays.people.access import Act
from quietdays.people.entries import amend, bring_back, enter, take_back, undo
from quietdays.records.writing import one_write
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


RECORDS = {
    SpasmCluster: {"happened_at": house.at("2026-06-09 07:30"), "spasm_count": 5},
    Measurement: {
        "happened_at": house.at("2026-06-09 18:00"),
        "kind": "ketones_blood",
        "value": Decimal("3.2"),
        "unit": "mmol/L",
    },
    Observation: {"date": date(2026, 6, 9), "part": "morning", "watch": "watched"},
    CheckIn: {"date": date(2026, 6, 9), "stress": 3},
    DayTotal: {"date": date(2026, 6, 9), "was_observed": True, "clusters": 2},
    Illness: {"started_on": date(2026, 6, 9)},
}
each_record = pytest.mark.parametrize("model", RECORDS, ids=lambda m: m.__name__)


@each_record
def test_an_id_sent_twice_is_one_row(parent, child, model):
    """Peer defect 12, and every offline queue that sends again."""
    entry_id = house.new_id()
    first = enter(model, by=parent, child=child, entry_id=entry_id, **RECORDS[model])
    again = enter(model, by=parent, child=child, entry_id=entry_id, **RECORDS[model])
    assert (first.created, again.created) == (True, False)
    assert again.record.pk == first.record.pk == entry_id
    assert model.objects.count() == 1
    assert first.record.history.count() == 1


@each_record
def test_an_id_of_another_childs_entry_is_refused_and_nothing_is_told(parent, child, model):
    other_parent, other_child = house.another_child()
    entry_id = house.new_id()
    enter(model, by=other_parent, child=other_child, entry_id=entry_id, **RECORDS[model])
    with pytest.raises(ValidationError) as refusal:
        enter(model, by=parent, child=child, entry_id=entry_id, **RECORDS[model])
    assert set(refusal.value.message_dict) == {"id"}
    assert model.objects.get().child == other_child


def test_a_repeated_send_does_not_bring_a_deleted_entry_back(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30")
    take_back(entry, by=parent)
    again = enter(SpasmCluster, by=parent, child=child, entry_id=entry.pk, **RECORDS[SpasmCluster])
    assert not again.created
    assert SpasmCluster.objects.of(child).count() == 0


def test_when_it_happened_and_when_it_was_entered_are_kept_apart(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30")
    entry.refresh_from_db()
    assert entry.happened_at == datetime(2026, 6, 9, 5, 30, tzinfo=UTC)
    assert entry.time_zone == "Europe/Berlin"
    assert f"{entry.local_time:%Y-%m-%d %H:%M}" == "2026-06-09 07:30"
    assert abs(entry.entered_at - timezone.now()) < timedelta(minutes=1)
    assert entry.entered_by == parent


def test_an_edit_keeps_the_version_before_it_with_both_their_authors(parent, child, join):
    second = join("carer")
    entry = house.cluster(parent, child, "2026-06-09 07:30", 5)
    amend(entry, by=second, spasm_count=8, note="counted again on the video")
    versions = list(entry.history.order_by("history_id"))
    assert [v.spasm_count for v in versions] == [5, 8]
    assert [v.history_user for v in versions] == [parent, second]
    assert SpasmCluster.objects.get().entered_by == parent


def test_a_refused_edit_leaves_the_entry_as_it_was(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30", 5)
    with pytest.raises(ValidationError):
        amend(entry, by=parent, spasm_count=0)
    entry.refresh_from_db()
    assert entry.spasm_count == 5
    assert entry.history.count() == 1


def test_deleting_is_soft_and_can_be_taken_back(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30")
    take_back(entry, by=parent)
    assert SpasmCluster.objects.of(child).count() == 0
    assert SpasmCluster.objects.live().count() == 0
    assert SpasmCluster.objects.count() == 1
    bring_back(entry, by=parent)
    assert SpasmCluster.objects.of(child).get().spasm_count == 5
    assert entry.history.count() == 3


# --- undo


def test_undo_of_a_new_entry_takes_it_back(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30")
    undo(entry, by=parent)
    assert SpasmCluster.objects.of(child).count() == 0


def test_undo_of_an_edit_returns_the_version_before_it(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30", 5)
    amend(entry, by=parent, spasm_count=50)
    undo(entry, by=parent)
    assert SpasmCluster.objects.of(child).get().spasm_count == 5


def test_undo_of_a_deletion_brings_the_entry_back(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30")
    take_back(entry, by=parent)
    undo(entry, by=parent)
    assert SpasmCluster.objects.of(child).count() == 1


@pytest.mark.parametrize("act", ["new", "edited", "deleted"])
def test_a_second_tap_on_undo_does_not_do_it_again(parent, child, act):
    entry = house.cluster(parent, child, "2026-06-09 07:30", 5)
    if act == "edited":
        amend(entry, by=parent, spasm_count=50)
    if act == "deleted":
        take_back(entry, by=parent)
    undo(entry, by=parent)
    once = SpasmCluster.objects.get()
    undo(SpasmCluster.objects.get(), by=parent)
    twice = SpasmCluster.objects.get()
    assert (twice.deleted_at, twice.spasm_count) == (once.deleted_at, once.spasm_count)


def test_an_edit_after_an_undo_can_itself_be_undone(parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30", 5)
    amend(entry, by=parent, spasm_count=50)
    undo(entry, by=parent)
    amend(entry, by=parent, spasm_count=7)
    undo(entry, by=parent)
    assert SpasmCluster.objects.get().spasm_count == 5


def test_undo_that_would_break_a_rule_is_refused_and_changes_nothing(parent, child):
    entry = house.enter(CheckIn, parent, child, **RECORDS[CheckIn])
    take_back(entry, by=parent)
    house.enter(CheckIn, parent, child, date=date(2026, 6, 9), stress=5)
    with pytest.raises(ValidationError):
        undo(entry, by=parent)
    assert CheckIn.objects.of(child).get().stress == 5


# --- when it can have been


@pytest.mark.parametrize(
    ("minutes", "is_accepted"), [(-1, True), (2, True), (15, True), (16, False), (60 * 24, False)]
)
def test_a_fast_clock_is_forgiven_and_the_future_is_not(parent, child, minutes, is_accepted):
    """Peer defect 10. The same rule for forms, the phone's queue and files."""
    happened_at = house.NOW + timedelta(minutes=minutes)
    values = RECORDS[SpasmCluster] | {"happened_at": happened_at}
    if is_accepted:
        house.enter(SpasmCluster, parent, child, **values)
    else:
        with pytest.raises(ValidationError) as refusal:
            house.enter(SpasmCluster, parent, child, **values)
        assert set(refusal.value.message_dict) == {"happened_at"}


@pytest.mark.parametrize(
    "instant",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2025, 8, 31, 21, 59, tzinfo=UTC),
    ],
    ids=["the year 1", "the year 9999", "the epoch", "a minute before the birth date"],
)
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Europe/Berlin"])
def test_an_impossible_instant_is_refused_in_every_zone(parent, child, instant, zone):
    from quietdays.people.actions import travel

    travel(by=parent, child=child, time_zone=zone, since=house.NOW)
    with pytest.raises(ValidationError) as refusal:
        house.enter(
            SpasmCluster, parent, child, **(RECORDS[SpasmCluster] | {"happened_at": instant})
        )
    assert set(refusal.value.message_dict) == {"happened_at"}


def test_the_birth_date_itself_is_the_first_day(parent, child):
    house.cluster(parent, child, "2025-09-01 00:00")
    house.enter(CheckIn, parent, child, date=house.BORN, stress=1)


@pytest.mark.parametrize("model", [Observation, CheckIn, DayTotal], ids=lambda m: m.__name__)
@pytest.mark.parametrize(
    "day", [date(1, 1, 1), date(2025, 8, 31), date(2026, 6, 12), date(9999, 12, 31)], ids=str
)
def test_a_date_before_the_birth_or_after_today_is_refused(parent, child, model, day):
    with pytest.raises(ValidationError) as refusal:
        house.enter(model, parent, child, **(RECORDS[model] | {"date": day}))
    assert set(refusal.value.message_dict) == {"date"}
    assert model.objects.count() == 0


# --- who, and all or nothing


@pytest.mark.parametrize("writer", [amend, take_back, bring_back, undo], ids=lambda f: f.__name__)
def test_a_reader_and_a_stranger_change_nothing(parent, child, join, writer):
    entry = house.cluster(parent, child, "2026-06-09 07:30")
    stranger, _ = house.another_child()
    for person in (join("reader"), stranger):
        with pytest.raises(PermissionDenied):
            writer(entry, by=person)
        with pytest.raises(PermissionDenied):
            house.cluster(person, child, "2026-06-09 08:00")
    assert SpasmCluster.objects.get().history.count() == 1


def test_an_act_beyond_the_role_is_refused(child, join):
    with pytest.raises(PermissionDenied, match="parent, neurologist or nurse"):
        house.enter(SpasmCluster, join("carer"), child, act=Act.MEDICATE)


@pytest.mark.django_db(transaction=True)
def test_writes_inside_one_write_are_all_or_nothing(parent, child):
    before = house.rows()
    with pytest.raises(ZeroDivisionError), one_write():  # noqa: PT012
        house.cluster(parent, child, "2026-06-09 07:30")
        with one_write():
            house.cluster(parent, child, "2026-06-09 08:30")
        raise ZeroDivisionError
    assert house.rows() == before
    assert not connection.in_atomic_block
    house.cluster(parent, child, "2026-06-09 07:30")  # the lock was given back


def test_ids_are_in_order_of_time_and_never_handed_out_twice():
    ids = [house.new_id() for _ in range(5000)]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
