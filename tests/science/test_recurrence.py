"""When a schedule asks: every local time once, through clock changes and journeys."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.science.days import Stay, ZoneTimeline
from quietdays.science.recurrence import due_instants

ZONES = [
    "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Athens",
    "Africa/Casablanca", "Africa/Cairo", "Africa/Lagos", "Asia/Beirut", "Asia/Jerusalem",
    "Asia/Gaza", "Asia/Tehran", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tashkent", "Asia/Tokyo",
    "Australia/Sydney", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati", "America/New_York",
    "America/St_Johns", "America/Los_Angeles", "America/Sao_Paulo", "America/Santiago",
    "America/Havana", "America/Nuuk",
]  # fmt: skip
BERLIN = ZoneInfo("Europe/Berlin")
clock_times = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def asked(timeline: ZoneTimeline, day: date, *times: time) -> list[datetime]:
    noon = datetime.combine(day, time(12), UTC)
    return due_instants(
        timeline, start=day, end=day, every_days=1, times=times,
        first=noon - timedelta(days=2), last=noon + timedelta(days=2),
    )  # fmt: skip


def walked(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """Every UTC minute at which clocks showed this date, with what they showed: another way."""
    start = datetime.combine(day, time(0), UTC) - timedelta(hours=16)
    minutes = (start + timedelta(minutes=n) for n in range(56 * 60))
    shown = ((m, m.astimezone(zone).replace(tzinfo=None)) for m in minutes)
    return [(m, local) for m, local in shown if local.date() == day]


@settings(max_examples=150)
@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    clock=clock_times,
)
def test_a_time_of_a_date_is_due_once_and_at_the_first_minute_that_shows_it(zone, day, clock):
    _check_day(ZoneInfo(zone), day, clock)


@settings(max_examples=150)
@given(zone=st.sampled_from(ZONES), data=st.data())
def test_on_the_days_of_clock_changes_too(zone, data):
    """The days that matter most, and the hours around the change."""
    where = ZoneInfo(zone)
    changes = [
        d
        for d in (date(2025, 1, 1) + timedelta(days=n) for n in range(3 * 365))
        if _offset(where, d) != _offset(where, d + timedelta(days=1))
    ]
    day = data.draw(st.sampled_from(changes or [date(2026, 3, 29)]))
    clock = data.draw(st.builds(time, st.integers(0, 4), st.sampled_from([0, 15, 30, 45])))
    _check_day(where, day, clock)


def _offset(zone: ZoneInfo, day: date) -> timedelta | None:
    return datetime.combine(day, time(0), zone).utcoffset()


def _check_day(zone: ZoneInfo, day: date, clock: time) -> None:
    minutes = walked(zone, day)
    [found] = asked(ZoneTimeline.fixed(zone), day, clock)
    exact = [minute for minute, local in minutes if local.time() == clock]
    if exact:
        assert found == exact[0]
        return
    # The clocks jumped over it: moved on by as much as they were, counted from before the jump.
    naive = datetime.combine(day, clock)
    before = datetime.combine(day, time(0), UTC) - timedelta(hours=30)
    while _local(before + timedelta(minutes=1), zone) <= naive:
        before += timedelta(minutes=1)
    assert found == before + (naive - _local(before, zone))


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


@settings(max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    start=st.dates(date(2025, 1, 1), date(2025, 12, 31)),
    days=st.integers(0, 800),
    every_days=st.integers(1, 7),
    times=st.lists(clock_times, min_size=1, max_size=4, unique=True),
)
def test_a_schedule_of_years_asks_on_its_dates_and_no_others(zone, start, days, every_days, times):
    where = ZoneInfo(zone)
    end = start + timedelta(days=days)
    found = due_instants(
        ZoneTimeline.fixed(where), start=start, end=end, every_days=every_days, times=times,
        first=at("2024-12-01T00:00Z"), last=at("2028-12-01T00:00Z"),
    )  # fmt: skip
    dates = [start + timedelta(days=n) for n in range(0, days + 1, every_days)]
    wanted = {i for d in dates for i in asked(ZoneTimeline.fixed(where), d, *times)}
    assert found == sorted(wanted)
    assert len(found) == len(set(found))
    assert {i.astimezone(where).date() for i in found} == set(dates)


@settings(max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    cut=st.integers(0, 40 * 24),
    times=st.lists(clock_times, min_size=1, max_size=3),
)
def test_windows_side_by_side_hold_each_instant_once(zone, cut, times):
    """A worker asks window after window: none twice, none between two."""
    first, last = at("2026-03-01T00:00Z"), at("2026-04-10T00:00Z")
    middle = first + timedelta(hours=cut)
    schedule = dict(start=date(2026, 2, 1), end=None, every_days=1, times=times)
    timeline = ZoneTimeline.fixed(ZoneInfo(zone))
    parts = [
        due_instants(timeline, **schedule, first=a, last=b)
        for a, b in ((first, middle), (middle, last))
    ]
    assert parts[0] + parts[1] == due_instants(timeline, **schedule, first=first, last=last)


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (date(2026, 3, 29), "2026-03-29T01:30:00+00:00"),  # shown as 03:30
        (date(2026, 10, 25), "2026-10-25T00:30:00+00:00"),  # the first of two
        (date(2026, 7, 1), "2026-07-01T00:30:00+00:00"),
    ],
)
def test_half_past_two_in_berlin(day, wanted):
    assert asked(ZoneTimeline.fixed(BERLIN), day, time(2, 30)) == [at(wanted)]


def test_two_times_on_one_instant_are_one():
    times = (time(2, 30), time(3, 30))
    found = asked(ZoneTimeline.fixed(BERLIN), date(2026, 3, 29), *times)
    assert found == [at("2026-03-29T01:30:00+00:00")]


def test_a_flight_east_over_a_dose_makes_it_due_on_arrival():
    landed = at("2026-06-10T01:00:00+00:00")  # 03:00 in Berlin, 10:00 in Tokyo
    long_ago = at("2020-01-01T00:00:00+00:00")
    timeline = ZoneTimeline((Stay(long_ago, BERLIN), Stay(landed, ZoneInfo("Asia/Tokyo"))))
    assert asked(timeline, date(2026, 6, 10), time(8)) == [landed]
    assert asked(timeline, date(2026, 6, 10), time(20)) == [at("2026-06-10T11:00:00+00:00")]


def test_a_flight_west_shows_a_time_twice_and_asks_once():
    landed = at("2026-06-10T12:00:00+00:00")  # 14:00 in Berlin, 08:00 in New York
    long_ago = at("2020-01-01T00:00:00+00:00")
    timeline = ZoneTimeline((Stay(long_ago, BERLIN), Stay(landed, ZoneInfo("America/New_York"))))
    assert asked(timeline, date(2026, 6, 10), time(12)) == [at("2026-06-10T10:00:00+00:00")]


def test_every_day_at_least():
    with pytest.raises(ValueError, match="every day or less often"):
        due_instants(
            ZoneTimeline.fixed(BERLIN), start=date(2026, 1, 1), end=None, every_days=0,
            times=[time(8)], first=at("2026-01-01T00:00Z"), last=at("2026-01-02T00:00Z"),
        )  # fmt: skip
