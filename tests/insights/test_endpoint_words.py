"""The endpoints in words: what was not recorded is never told as none seen."""

from __future__ import annotations

from datetime import date, timedelta

from quietdays.insights.endpoint_words import endpoint_lines
from quietdays.science.days import DiaryDay
from quietdays.science.endpoints import endpoints
from quietdays.science.outcomes import period_outcome

STARTED = date(2026, 3, 2)


def said(during) -> list[str]:
    days = [DiaryDay(STARTED + timedelta(days=i), clusters=4) for i in range(-28, 0)]
    days += [DiaryDay(STARTED + timedelta(days=i), clusters=c) for i, c in enumerate(during)]
    baseline = period_outcome(days[:28])
    ends = endpoints(days, diet_started=STARTED, baseline=baseline)
    return [line.text for line in endpoint_lines(ends)]


def test_days_that_nobody_recorded_hold_nothing():
    lines = said([None] * 43)
    assert lines[0] == "No day of the diet was recorded yet."
    assert "Up to day 14 (2 Mar to 15 Mar 2026): nothing was recorded." in lines
    window = "Day 14 to day 42 after the first (16 Mar to 13 Apr 2026)"
    assert f"{window}: nothing was recorded." in lines
    assert not any("none seen on" in line or "clusters seen" in line for line in lines)


def test_before_the_first_day_is_over_there_is_nothing_to_say():
    assert said([]) == []


def test_every_line_has_its_dates_and_denominators():
    lines = said([0] * 40 + [None] + [0] * 4 + [2])
    assert lines[0] == "Spasms last seen on 16 Apr 2026."
    assert lines[1] == (
        "Longest run with none seen: 44 recorded days, 2 Mar to 15 Apr 2026, "
        "with 1 day between them not recorded."
    )
    assert (
        "Day 14 to day 42 after the first (16 Mar to 13 Apr 2026): 28 of 29 days recorded, "
        "none seen on them." in lines
    )
    assert "28 or more recorded days in a row with none seen: 2 Mar to 10 Apr 2026." in lines
    assert lines[-1] == "Spasms were seen again on 16 Apr 2026."
