"""“Nothing seen, we were watching”: one tap that never speaks over what somebody said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.diary.actions import describe_watching, nothing_seen_so_far
from quietdays.diary.models import Observation
from quietdays.insights.days import diary_days
from quietdays.people.actions import travel
from quietdays.people.entries import undo
from quietdays.science.days import DayPart, Watch
from tests import house

pytestmark = pytest.mark.django_db
DAY = house.TODAY


def tap(parent, child, clock: str, day: date = DAY):
    now = house.at(f"{day} {clock}")
    with time_machine.travel(now, tick=False):
        return nothing_seen_so_far(by=parent, child=child, now=now)


def said(child, day: date = DAY) -> dict[str, tuple[str, datetime | None]]:
    rows = Observation.objects.of(child).filter(date=day)
    return {o.part: (o.watch, o.until_at) for o in rows}


@pytest.mark.parametrize(
    ("clock", "parts"),
    [
        ("03:00", ["night"]),
        ("06:00", ["morning"]),
        ("11:59", ["morning"]),
        ("12:00", ["morning", "afternoon"]),
        ("19:30", ["morning", "afternoon", "evening"]),
        ("23:59", ["morning", "afternoon", "evening"]),
    ],
)
def test_a_tap_says_the_daytime_so_far_or_at_night_the_night(parent, child, clock, parts):
    made = tap(parent, child, clock)
    assert [o.part for o in made] == parts
    state = said(child)
    now = house.at(f"{DAY} {clock}").astimezone(UTC)
    for part in parts[:-1]:
        assert state[part] == ("watched", None)
    assert state[parts[-1]] == ("watched", now)


@pytest.mark.parametrize("watch", ["watched", "monitor", "not_watched"])
def test_what_somebody_said_of_a_part_stands(parent, child, watch):
    with time_machine.travel(house.at(f"{DAY} 23:59:59")):
        house.watch(parent, child, DAY, morning=watch, afternoon=watch)
    before = said(child)
    made = tap(parent, child, "19:30")
    assert [o.part for o in made] == ["evening"]
    assert {p: s for p, s in said(child).items() if p != "evening"} == before


def test_an_earlier_tap_is_carried_on_and_a_part_that_ended_is_whole(parent, child):
    tap(parent, child, "09:00")
    tap(parent, child, "10:30")
    assert said(child)["morning"] == ("watched", house.at(f"{DAY} 10:30").astimezone(UTC))
    tap(parent, child, "13:00")
    assert said(child)["morning"] == ("watched", None)
    assert Observation.objects.count() == 2


def test_a_monitor_is_not_made_into_eyes(parent, child):
    with time_machine.travel(house.at(f"{DAY} 09:00")):
        house.watch(parent, child, DAY, morning="monitor")
    cut = said(child)["morning"]
    assert cut[1] is not None
    tap(parent, child, "10:00")
    assert said(child)["morning"] == cut


def test_undo_of_a_tap_takes_back_just_that_tap(parent, child):
    tap(parent, child, "09:00")
    before = said(child)
    for observation in tap(parent, child, "13:00"):
        undo(observation, by=parent)
    assert said(child) == before


def test_a_tap_twice_is_one_statement(parent, child):
    tap(parent, child, "09:00")
    tap(parent, child, "09:00")
    assert Observation.objects.count() == 1


def test_a_tap_at_night_after_a_journey_is_about_the_night_there(parent, child):
    travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.at(f"{DAY} 12:00"))
    tap(parent, child, "20:00")  # 03:00 of the next date in Tokyo
    assert said(child) == {}
    assert list(said(child, DAY + timedelta(days=1))) == ["night"]


@settings(max_examples=25)
@given(st.lists(st.integers(min_value=0, max_value=24 * 60 - 1), min_size=1, max_size=6))
def test_taps_in_any_number_never_claim_more_than_the_day_so_far(parent, child, minutes):
    Observation.objects.all().delete()
    for minute in sorted(minutes):
        tap(parent, child, f"{minute // 60:02d}:{minute % 60:02d}")
    now = house.at(f"{DAY} 00:00") + timedelta(minutes=max(minutes))
    found = diary_days(child, DAY, DAY, now=now)[0]
    assert found.hours_watched <= max(minutes) / 60 + 1e-9
    assert found.clusters in (None, 0)
    assert not found.is_counted


# --- describing a day


def test_describing_says_changes_and_takes_back(parent, child):
    day = DAY - timedelta(days=1)
    with time_machine.travel(house.NOW):
        house.watch(parent, child, day, morning="watched", night="monitor")
        house.watch(parent, child, day, morning="not_watched")
        assert said(child, day) == {"morning": ("not_watched", None), "night": ("monitor", None)}
        describe_watching(by=parent, child=child, day=day, parts={DayPart.NIGHT: None})
        assert said(child, day) == {"morning": ("not_watched", None)}
        assert Observation.objects.count() == 2  # taken back softly


def test_a_part_that_has_not_begun_counts_no_hours(parent, child):
    with time_machine.travel(house.NOW):
        house.watch(parent, child, DAY, evening="watched", afternoon="watched", morning="watched")
    found = diary_days(child, DAY, DAY, now=house.NOW)[0]
    assert found.hours_watched == pytest.approx(6, abs=0.01)


def test_describing_is_all_or_nothing(parent, child):
    born = house.BORN
    with time_machine.travel(house.NOW), pytest.raises(Exception, match="before Noor was born"):
        describe_watching(
            by=parent,
            child=child,
            day=born - timedelta(days=1),
            parts={part: Watch.WATCHED for part in DayPart},
        )
    assert Observation.objects.count() == 0
