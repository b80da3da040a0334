"""Dates, parts of dates and their hours, in every zone and on every journey."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.science.adherence import MealTally
from quietdays.science.days import (
    DayPart,
    DayState,
    DiaryDay,
    Stay,
    ZoneTimeline,
    date_range,
    is_watched_day,
)

DAY = date(2026, 3, 2)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    "Africa/Cairo", "Africa/Casablanca", "Africa/Lagos", "America/Anchorage", "America/Asuncion",
    "America/Caracas", "America/Havana", "America/Los_Angeles", "America/New_York", "America/Nuuk",
    "America/Santiago", "America/Sao_Paulo", "America/St_Johns", "Antarctica/Troll", "Asia/Amman",
    "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran",
    "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe", "Europe/Berlin",
    "Europe/Chisinau", "Europe/Dublin", "Europe/London", "Pacific/Apia", "Pacific/Chatham",
    "Pacific/Honolulu", "Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC",
]  # fmt: skip


# --- the three states


@pytest.mark.parametrize(
    ("clusters", "is_over", "state", "is_counted", "is_quiet"),
    [
        (None, True, DayState.NOT_RECORDED, False, False),
        (None, False, DayState.NOT_RECORDED, False, False),
        (0, True, DayState.NONE_SEEN, True, True),
        (0, False, DayState.NOT_RECORDED, False, False),
        (1, True, DayState.SEEN, True, False),
        (3, False, DayState.SEEN, False, False),
    ],
    ids=[
        "a blank is not recorded",
        "a blank today is not recorded",
        "watched and none seen",
        "none seen so far is not yet a quiet day",
        "seen",
        "seen today, no denominator yet",
    ],
)
def test_a_day_is_seen_or_quiet_or_not_recorded(clusters, is_over, state, is_counted, is_quiet):
    day = DiaryDay(DAY, is_over=is_over, clusters=clusters)
    assert day.state is state
    assert day.is_counted is is_counted
    assert day.is_quiet is is_quiet


def test_a_fresh_day_knows_nothing_and_says_nought_nowhere():
    day = DiaryDay(DAY)
    for name in ("clusters", "spasms", "hours_watched", "eaten", "illness", "fever", "weight_kg"):
        assert getattr(day, name) is None, name
    for name in type(day.check_in).__dataclass_fields__:
        assert getattr(day.check_in, name) is None, name
    assert day.adherence_percent is None


@pytest.mark.parametrize(
    ("watched", "monitored", "expected"),
    [
        (12, 0, True),
        (11.99, 0, False),
        (6, 6, True),
        (0, 24, False),
        (0.1, 11.9, True),
        (0, 0, False),
        (24, 0, True),
    ],
)
def test_a_quiet_day_needs_twelve_hours_some_of_them_by_eye(watched, monitored, expected):
    assert is_watched_day(hours_watched=watched, hours_monitored=monitored) is expected


def test_a_days_own_meals_stand_before_a_figure_from_a_file():
    judged = MealTally(planned=4, met=1, not_met=3)
    assert DiaryDay(DAY, meals=judged, adherence_reported_percent=90).adherence_percent == 25
    assert DiaryDay(DAY, adherence_reported_percent=90).adherence_percent == 90


# --- hours and parts


@pytest.mark.parametrize(
    ("zone", "day", "hours", "night"),
    [
        ("Europe/Berlin", date(2026, 3, 28), 24, 6),
        ("Europe/Berlin", date(2026, 3, 29), 23, 5),
        ("Europe/Berlin", date(2026, 10, 25), 25, 7),
        ("America/New_York", date(2026, 3, 8), 23, 5),
        ("America/New_York", date(2026, 11, 1), 25, 7),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5, 6.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5, 5.5),
        ("Africa/Cairo", date(2026, 4, 24), 23, 5),  # midnight itself is skipped
        ("Asia/Beirut", date(2026, 3, 29), 23, 5),  # midnight itself is skipped
        ("Asia/Beirut", date(2026, 10, 24), 25, 6),  # the hour before midnight comes twice
        ("America/Havana", date(2026, 11, 1), 25, 7),  # the hour after midnight comes twice
        ("Asia/Kathmandu", date(2026, 3, 29), 24, 6),
        ("Pacific/Apia", date(2011, 12, 29), 24, 6),
        ("Pacific/Apia", date(2011, 12, 31), 24, 6),
    ],
)
def test_a_day_has_as_many_hours_as_the_clocks_gave_it(zone, day, hours, night):
    timeline = ZoneTimeline.fixed(ZoneInfo(zone))
    assert timeline.hours_in(day) == hours
    assert timeline.part_hours(day, DayPart.NIGHT) == night
    assert sum(timeline.part_hours(day, part) for part in DayPart) == hours


def test_a_date_that_never_was_has_no_hours():
    """Samoa went from 29 to 31 December 2011."""
    timeline = ZoneTimeline.fixed(ZoneInfo("Pacific/Apia"))
    skipped = date(2011, 12, 30)
    assert timeline.pieces_of(skipped) == []
    assert timeline.hours_in(skipped) == 0
    assert timeline.instant_of(skipped, time(8)) is None


@pytest.mark.parametrize(
    ("until", "hours"),
    [("05:00", 0), ("06:00", 0), ("09:30", 3.5), ("12:00", 6), ("18:00", 6)],
)
def test_a_part_that_still_runs_counts_up_to_now(until, hours):
    timeline = ZoneTimeline.fixed(BERLIN)
    instant = datetime.combine(DAY, time.fromisoformat(until), BERLIN)
    assert timeline.part_hours(DAY, DayPart.MORNING, instant) == hours


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "night"), (5, "night"), (6, "morning"), (11, "morning"), (12, "afternoon"),
     (17, "afternoon"), (18, "evening"), (23, "evening")],
)  # fmt: skip
def test_each_hour_belongs_to_its_part(hour, part):
    assert DayPart.at_hour(hour).value == part
    assert DayPart.at_hour(hour).start_hour == hour // 6 * 6


# --- where the child is


def stays(*rows: tuple[str, str]) -> ZoneTimeline:
    return ZoneTimeline(
        tuple(Stay(datetime.fromisoformat(since), ZoneInfo(zone)) for since, zone in rows)
    )


def test_the_first_zone_holds_for_all_time_before_it():
    timeline = stays(("2026-01-01T00:00Z", "Asia/Tokyo"), ("2026-06-01T00:00Z", "Europe/Berlin"))
    assert timeline.zone_at(datetime(2020, 1, 1, tzinfo=UTC)).key == "Asia/Tokyo"
    assert timeline.zone_at(datetime(2026, 6, 1, tzinfo=UTC)).key == "Europe/Berlin"


def test_a_journey_west_makes_a_long_day_and_east_a_short_one():
    noon = "2026-05-04T12:00Z"
    west = stays(("2000-01-01T00:00Z", "Europe/Berlin"), (noon, "America/New_York"))
    east = stays(("2000-01-01T00:00Z", "Europe/Berlin"), (noon, "Asia/Tokyo"))
    day = date(2026, 5, 4)
    assert west.hours_in(day) == 30
    assert east.hours_in(day) == 17
    assert west.hours_in(day + timedelta(days=1)) == east.hours_in(day + timedelta(days=1)) == 24


def test_a_journey_across_midnight_gives_one_date_two_stretches():
    timeline = stays(("2000-01-01T00:00Z", "Asia/Tokyo"), ("2026-05-04T16:00Z", "America/New_York"))
    first, second = timeline.pieces_of(date(2026, 5, 4))
    assert first[1] == datetime(2026, 5, 4, 15, tzinfo=UTC)  # midnight in Tokyo
    assert second[0] == datetime(2026, 5, 4, 16, tzinfo=UTC)  # noon again in New York
    assert timeline.date_of(datetime(2026, 5, 4, 15, 30, tzinfo=UTC)) == date(2026, 5, 5)


def test_no_stay_or_stays_out_of_order_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        ZoneTimeline(())
    with pytest.raises(ValueError, match="order"):
        stays(("2026-05-04T12:00Z", "Asia/Tokyo"), ("2026-05-04T12:00Z", "Europe/Berlin"))


instants = st.datetimes(min_value=datetime(2018, 1, 2), max_value=datetime(2032, 1, 1)).map(
    lambda naive: naive.replace(tzinfo=UTC)
)


@st.composite
def journeys(draw: st.DrawFn) -> ZoneTimeline:
    """Up to five stays anywhere; some only hours apart."""
    start = draw(instants)
    gaps = draw(st.lists(st.integers(min_value=1, max_value=24 * 60 * 40), max_size=4))
    zones = draw(st.lists(st.sampled_from(ZONES), min_size=5, max_size=5))
    rows = [Stay(start, ZoneInfo(zones[0]))]
    for gap, zone in zip(gaps, zones[1:], strict=False):
        rows.append(Stay(rows[-1].since + timedelta(minutes=gap), ZoneInfo(zone)))
    return ZoneTimeline(tuple(rows))


@given(journeys(), st.data())
def test_every_instant_belongs_to_exactly_one_date(timeline, data):
    last = timeline.stays[-1].since
    instant = data.draw(
        st.integers(min_value=-60 * 24 * 3, max_value=60 * 24 * 3).map(
            lambda minutes: last + timedelta(minutes=minutes)
        )
        | instants
    )
    own = timeline.date_of(instant)
    found = [
        day
        for day in date_range(own - timedelta(days=3), own + timedelta(days=3))
        if any(lo <= instant < hi for lo, hi in timeline.pieces_of(day))
    ]
    assert found == [own]


@given(journeys(), st.integers(min_value=-3, max_value=3), st.integers(min_value=1, max_value=12))
def test_dates_tile_time_without_gap_or_overlap(timeline, offset, length):
    middle = timeline.date_of(timeline.stays[-1].since) + timedelta(days=offset)
    days = date_range(middle - timedelta(days=length), middle + timedelta(days=length))
    pieces = sorted(piece for day in days for piece in timeline.pieces_of(day))
    inner = [p for p in pieces if p[0] > pieces[0][0]]
    # A date at the rim may continue beyond it after a journey; inside, one ends as one begins.
    beyond = sorted(
        piece
        for day in date_range(days[0] - timedelta(days=4), days[-1] + timedelta(days=4))
        for piece in timeline.pieces_of(day)
    )
    for (_, end), (start, _) in pairwise(beyond):
        assert start == end
    assert set(pieces) <= set(beyond)
    assert all(lo < hi for lo, hi in inner)


@given(journeys(), st.integers(min_value=-3, max_value=3))
def test_the_parts_of_a_date_make_up_its_hours(timeline, offset):
    day = timeline.date_of(timeline.stays[-1].since) + timedelta(days=offset)
    parts = sum(timeline.part_hours(day, part) for part in DayPart)
    assert parts == pytest.approx(timeline.hours_in(day))


@given(st.sampled_from(ZONES), instants)
def test_in_one_zone_a_date_has_twenty_one_to_twenty_seven_hours(zone, instant):
    timeline = ZoneTimeline.fixed(ZoneInfo(zone))
    assert 21 <= timeline.hours_in(timeline.date_of(instant)) <= 27


@given(journeys(), st.integers(min_value=-2, max_value=2), st.times())
def test_a_clock_time_of_a_date_lies_in_that_date(timeline, offset, clock):
    day = timeline.date_of(timeline.stays[-1].since) + timedelta(days=offset)
    instant = timeline.instant_of(day, clock.replace(tzinfo=None, second=0, microsecond=0))
    assert instant is None or timeline.date_of(instant) == day


def test_a_clock_time_that_was_skipped_is_the_next_one_and_one_that_came_twice_the_first():
    timeline = ZoneTimeline.fixed(BERLIN)
    spring = timeline.instant_of(date(2026, 3, 29), time(2, 30))
    assert timeline.local(spring).time() == time(3, 30)
    autumn = timeline.instant_of(date(2026, 10, 25), time(2, 30))
    assert autumn == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_range_of_dates_has_both_its_ends_or_nothing():
    assert date_range(DAY, DAY) == [DAY]
    assert len(date_range(date(2026, 2, 27), date(2026, 3, 2))) == 4
    assert date_range(DAY, DAY - timedelta(days=1)) == []
