"""Clocks that are wrong, clocks that change, and journeys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from quietdays.diary.models import CheckIn, Observation, SpasmCluster
from quietdays.sync.models import Operation
from tests import house
from tests.sync.phones import Phone, instant

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def near(stored: datetime, expected: datetime) -> bool:
    return abs(stored - expected) < timedelta(seconds=3)


@pytest.mark.parametrize(
    ("off", "words"),
    [
        (2 * HOUR, "this phone's clock is 2 h fast"),
        (-2 * HOUR, "this phone's clock is 2 h slow"),
        (timedelta(minutes=7), "this phone's clock is 7 min fast"),
        (timedelta(days=-400), "this phone's clock is 400 days slow"),
        (timedelta(days=-20_000), "this phone's clock is 20\N{NO-BREAK SPACE}000 days slow"),
        (timedelta(seconds=119), ""),
        (timedelta(seconds=-119), ""),
    ],
    ids=str,
)
def test_what_nobody_typed_is_put_right(parent, child, off, words):
    phone = Phone(parent, child, is_off=off)
    at = phone.clock() - timedelta(minutes=10)
    result = phone.one(phone.create("cluster", happened_at=instant(at), spasm_count=3))
    assert result["status"] == "applied"
    stored, row = SpasmCluster.objects.get(), Operation.objects.get()
    moved = timedelta(0) if abs(off) < timedelta(seconds=120) else -off
    if off == timedelta(seconds=119):  # made ahead of the server's clock: moved back to it
        moved = -off
    assert near(stored.happened_at, at + moved)
    assert near(row.made_at, phone.clock() + moved)
    assert abs(row.clock_offset_s + off.total_seconds()) < 3
    assert result["echo"].endswith(f"({words})") if words else "clock" not in result["echo"]


def test_a_typed_time_is_meant_as_it_stands(parent, child):
    phone = Phone(parent, child, is_off=2 * HOUR)
    made = phone.create(
        "cluster", typed=["happened_at"], happened_at="2026-06-10T01:10:00Z", spasm_count=3
    )
    entry = phone.done(made)
    assert entry["at"] == "2026-06-10T01:10:00.000Z"


def test_the_answer_says_by_how_much_the_clock_is_off(parent, child):
    phone = Phone(parent, child, is_off=2 * HOUR)
    offset = phone.post(phone.batch()).json()["offset_s"]
    assert abs(offset + 7200) < 3


def test_a_clock_that_was_fast_and_has_been_set_since(mine):
    """Made three hours ahead of now; the phone's clock is right again when it sends."""
    ahead = house.NOW + 3 * HOUR
    made = mine.create("cluster", happened_at=instant(ahead - HOUR), spasm_count=3)
    made["made_at"] = instant(ahead)
    result = mine.one(made)
    assert result["status"] == "applied"
    assert near(SpasmCluster.objects.get().happened_at, house.NOW - HOUR)
    assert near(Operation.objects.get().made_at, house.NOW)
    assert "this phone's clock is 3 h fast" in result["echo"]


@pytest.mark.parametrize(
    ("off", "day", "typed", "expected"),
    [
        (timedelta(hours=-20), "2026-06-09", [], "2026-06-10"),
        (timedelta(hours=20), "2026-06-11", [], "2026-06-10"),
        (timedelta(hours=20), "2026-06-10", [], "2026-06-10"),
        (timedelta(hours=-20), "2026-06-08", [], "2026-06-08"),
        (timedelta(hours=-20), "2026-06-09", ["date"], "2026-06-09"),
        (timedelta(0), "2026-06-09", [], "2026-06-09"),
    ],
    ids=["slow", "fast", "yesterday of a fast one", "another day", "typed", "right"],
)
def test_a_date_that_was_the_phones_today_becomes_today(parent, child, off, day, typed, expected):
    phone = Phone(parent, child, is_off=off)
    entry = phone.done(phone.create("check-in", typed=typed, date=day, stress=2))
    assert (entry["date"], CheckIn.objects.get().date.isoformat()) == (expected, expected)


def test_an_illness_that_began_on_a_fast_phones_today_began_today(parent, child):
    phone = Phone(parent, child, is_off=timedelta(hours=30))
    entry = phone.done(phone.create("illness", started_on="2026-06-11", fever=True))
    assert entry["values"]["started_on"] == "2026-06-10"


def test_other_instants_are_put_right_as_well(parent, child):
    phone = Phone(parent, child, is_off=timedelta(hours=3))
    until = instant(phone.clock())
    made = phone.create(
        "observation", date="2026-06-10", part="afternoon", watch="watched", until_at=until
    )
    phone.done(made)
    assert near(Observation.objects.get().until_at, house.NOW)
    tap = phone.create("watched-so-far", happened_at=until)
    assert phone.one(tap)["status"] == "applied"
    assert near(Observation.objects.get(part="afternoon").until_at, house.NOW)
    stay = phone.create("stay", since=until, time_zone="Asia/Tokyo")
    assert phone.one(stay)["status"] == "applied"
    assert near(child.stays.order_by("-since").first().since, house.NOW)


def test_many_days_without_a_network_change_no_time(mine, noon):
    made = mine.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=3)
    noon.shift(timedelta(days=20))
    assert mine.done(made)["at"] == "2026-06-10T01:10:00.000Z"
    assert near(Operation.objects.get().made_at, house.NOW)


# --- when clocks change


@pytest.mark.parametrize(
    ("at", "day", "local"),
    [
        ("2026-03-29T00:59:00Z", "2026-03-29", "01:59"),
        ("2026-03-29T01:00:00Z", "2026-03-29", "03:00"),
        ("2026-10-25T00:30:00Z", "2026-10-25", "02:30"),
        ("2026-10-25T01:30:00Z", "2026-10-25", "02:30"),
        ("2026-10-24T22:00:00Z", "2026-10-25", "00:00"),
        ("2026-10-24T21:59:59Z", "2026-10-24", "23:59"),
    ],
)
def test_the_hours_at_which_clocks_change_keep_their_instants(mine, noon, at, day, local):
    noon.move_to(datetime(2026, 10, 26, tzinfo=UTC))
    entry = mine.done(mine.create("cluster", happened_at=at, spasm_count=1))
    assert (entry["at"], entry["date"]) == (at.replace("Z", ".000Z"), day)
    assert f"{SpasmCluster.objects.get().local_time:%H:%M}" == local


def test_a_tap_in_the_night_that_has_seven_hours(mine, noon):
    noon.move_to(datetime(2026, 10, 25, 4, 30, tzinfo=UTC))  # 05:30, the second time round
    result = mine.one(mine.create("watched-so-far", happened_at="2026-10-25T04:30:00Z"))
    assert [(e["values"]["part"], e["detail"]) for e in result["entries"]] == [
        ("night", "until 05:30")
    ]


# --- journeys


def test_a_journey_places_what_was_entered_since_and_later_entries(mine, theirs):
    entries = [
        mine.done(mine.create("cluster", happened_at=at, spasm_count=1))
        for at in ("2026-06-09T12:00:00Z", "2026-06-09T20:00:00Z", "2026-06-10T01:00:00Z")
    ]
    assert [e["date"] for e in entries] == ["2026-06-09", "2026-06-09", "2026-06-10"]
    cursor = theirs.changes()["cursor"]
    result = mine.one(mine.create("stay", since="2026-06-09T15:00:00Z", time_zone="Asia/Tokyo"))
    assert (result["status"], result["entries"]) == ("applied", [])
    assert result["echo"] == "Saved: in Asia/Tokyo since 10 June, 00:00"
    news = theirs.changes(cursor)
    assert news["plan_changed"] is True
    moved = {e["id"]: (e["date"], e["time_zone"]) for e in news["entries"]}
    assert moved == {
        entries[1]["id"]: ("2026-06-10", "Asia/Tokyo"),
        entries[2]["id"]: ("2026-06-10", "Asia/Tokyo"),
    }
    later = mine.done(mine.create("cluster", happened_at="2026-06-10T09:00:00Z", spasm_count=1))
    assert (later["time_zone"], later["date"]) == ("Asia/Tokyo", "2026-06-10")
    assert SpasmCluster.objects.get(pk=entries[1]["id"]).history.count() == 2


def test_entries_that_arrive_late_fall_into_the_zone_of_their_time(mine, child, parent):
    from quietdays.people.actions import travel

    travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("2026-06-09 17:00"))
    before = mine.done(mine.create("cluster", happened_at="2026-06-09T14:30:00Z", spasm_count=1))
    after = mine.done(mine.create("cluster", happened_at="2026-06-09T15:30:00Z", spasm_count=1))
    assert (before["time_zone"], before["date"]) == ("Europe/Berlin", "2026-06-09")
    assert (after["time_zone"], after["date"]) == ("Asia/Tokyo", "2026-06-10")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"since": "1999-06-09T15:00:00Z"}, "since"),
    ],
    ids=str,
)
def test_a_journey_that_cannot_be_is_rejected(mine, values, field, child):
    good = {"since": "2026-06-09T15:00:00Z", "time_zone": "Asia/Tokyo"}
    result = mine.one(mine.create("stay", **(good | values)))
    assert list(result["errors"]) == [field]
    assert child.stays.count() == 1


@time_machine.travel(house.NOW)
def test_a_rejected_journey_leaves_the_child_where_it_is(mine, child):
    stay = mine.create("stay", since="2026-06-09T15:00:00Z", time_zone="Asia/Tokyo")
    twice = mine.create("stay", since="2026-06-09T15:00:00Z", time_zone="America/Lima")
    after = mine.create("check-in", date="2026-06-10", stress=1)
    assert [r["status"] for r in mine.send(stay, twice, after)] == [
        "applied", "rejected", "applied",
    ]  # fmt: skip
    child.refresh_from_db()
    assert child.time_zone == "Asia/Tokyo"
