"""What a period shows: every rate with its denominator, and a blank never a nought."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.science.adherence import MealTally
from quietdays.science.days import DiaryDay
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.outcomes import (
    Change,
    baseline_window,
    change_in_clusters,
    diet_outcome,
    longest_recorded_quiet_run,
    mean_of,
    period_outcome,
)

FIRST = date(2026, 3, 2)


def days_of(*clusters: int | None, **last: object) -> list[DiaryDay]:
    """One day for each number of clusters, seven spasms a cluster; `last` changes the last."""
    rows = [
        DiaryDay(
            FIRST + timedelta(days=i),
            clusters=n,
            spasms=None if n is None else 7 * n,
            hours_watched=None if n is None else 14.0,
        )
        for i, n in enumerate(clusters)
    ]
    if last:
        values = {f: getattr(rows[-1], f) for f in DiaryDay.__dataclass_fields__}
        rows[-1] = DiaryDay(**(values | last))
    return rows


def test_only_recorded_days_that_are_over_are_the_denominator():
    outcome = period_outcome(days_of(2, None, 0, 4, None, 0, 0))
    assert outcome.days == 7
    assert outcome.watched_days == 5
    assert outcome.not_recorded_days == 2
    assert outcome.quiet_days == 3
    assert outcome.clusters == 6
    assert outcome.clusters_per_watched_day == 6 / 5
    assert outcome.spasms_per_watched_day == 42 / 5
    assert outcome.hours_watched == 70
    assert (outcome.first_seen, outcome.last_seen) == (FIRST, FIRST + timedelta(days=3))


def test_the_unfinished_day_stands_apart():
    outcome = period_outcome(days_of(1, 1, 5, is_over=False))
    assert outcome.days == 2
    assert outcome.clusters == 2
    assert outcome.clusters_today == 5
    assert outcome.spasms_today == 35
    assert outcome.clusters_per_watched_day == 1
    assert outcome.last_seen == FIRST + timedelta(days=2)


def test_none_seen_so_far_today_is_no_quiet_day():
    outcome = period_outcome(days_of(0, 0, is_over=False))
    assert outcome.quiet_days == 1
    assert outcome.watched_days == 1
    assert outcome.clusters_today == 0


def test_nothing_recorded_is_no_rate_and_not_nought():
    outcome = period_outcome(days_of(None, None))
    assert outcome.watched_days == 0
    assert outcome.clusters_per_watched_day is None
    assert outcome.spasms_per_watched_day is None
    assert outcome.hours_watched is None
    assert outcome.first_seen is outcome.last_seen is None


@pytest.mark.parametrize(
    ("changed", "at_least"),
    [
        ({}, False),
        ({"spasms_at_least": True}, True),
        ({"spasms": None}, True),
        ({"clusters": 0, "spasms": None}, False),
    ],
    ids=["counted", "a floor", "clusters nobody counted", "none seen needs no count"],
)
def test_a_count_that_is_a_floor_says_so(changed, at_least):
    outcome = period_outcome(days_of(2, 3, **changed))
    assert outcome.spasms_at_least is at_least
    assert outcome.spasms_today_at_least is False
    today = period_outcome(days_of(2, 3, is_over=False, **changed))
    assert today.spasms_at_least is False
    assert today.spasms_today_at_least is at_least


@pytest.mark.parametrize(
    ("clusters", "run", "gap"),
    [
        ((), 0, 0),
        ((None, None), 0, 0),
        ((0, 0, 0), 3, 0),
        ((0, None, 0), 2, 1),
        ((None, 0, 0, None), 2, 0),
        ((0, 0, 1, 0), 2, 0),
        ((0, 1, 0, None, None, 0), 2, 2),
        ((0, 0, 1, 0, None, 0, 0), 3, 1),
        ((1, None, 2), 0, 0),
        ((0, None, 1, 0, 0), 2, 0),
    ],
    ids=lambda v: str(v),
)
def test_a_blank_neither_breaks_a_run_nor_counts_in_it(clusters, run, gap):
    assert longest_recorded_quiet_run(days_of(*clusters)) == (run, gap)


def test_today_is_neither_in_a_run_nor_a_gap_of_one():
    assert longest_recorded_quiet_run(days_of(0, 0, 0, is_over=False)) == (2, 0)
    assert longest_recorded_quiet_run(days_of(0, 0, 1, is_over=False)) == (2, 0)


@pytest.mark.parametrize(
    ("change", "percent"),
    [
        (Change(84, 12, 21, 6), -50.0),
        (Change(10, 10, 10, 10), 0.0),
        (Change(1, 7, 2, 7), 100.0),
        (Change(30, 7, 44, 7), pytest.approx(46.666667)),
        (Change(5, 10, 0, 10), -100.0),
        (Change(0, 10, 5, 10), None),
        (Change(0, 0, 5, 10), None),
        (Change(5, 10, 5, 0), None),
    ],
    ids=[
        "84 in 12 days to 21 in 6 days",
        "the same",
        "1 to 2",
        "30 to 44",
        "to none",
        "from none: no per cent and no infinity",
        "nothing before",
        "nothing after",
    ],
)
def test_change_is_of_rates_and_needs_a_rate_to_begin_with(change, percent):
    """Peer defect 21: 0 -> n is infinite, and counts without days mean nothing."""
    assert change.percent == percent


def test_a_change_keeps_the_counts_that_made_it():
    before, after = period_outcome(days_of(2, None, 2)), period_outcome(days_of(1, 1, 1))
    assert change_in_clusters(before, after) == Change(4, 2, 3, 3)


def test_the_baseline_is_the_four_weeks_before_the_first_diet_day():
    first, last = baseline_window(FIRST)
    assert (last - first).days + 1 == 28
    assert last == FIRST - timedelta(days=1)


def test_a_periods_ratio_is_total_fat_over_total_rest():
    fat_day = DiaryDay(FIRST, eaten=Macros(40, 5, 5))
    lean_day = DiaryDay(FIRST + timedelta(days=1), eaten=Macros(10, 3, 2))
    blank = DiaryDay(FIRST + timedelta(days=2))
    diet = diet_outcome([fat_day, lean_day, blank])
    assert diet.ratio(CarbohydrateBasis.AVAILABLE) == pytest.approx(10 / 3)
    assert diet.days_with_meals == 2


def test_without_a_meal_there_is_no_ratio_and_no_adherence():
    diet = diet_outcome([DiaryDay(FIRST)])
    assert diet.ratio(CarbohydrateBasis.AVAILABLE) is None
    assert diet.adherence_percent is None
    assert diet.adherence_days == 0
    assert not diet.reported_by_day


def test_a_files_daily_figures_stand_in_only_without_meals_of_its_own():
    reported = [
        DiaryDay(FIRST + timedelta(days=i), adherence_reported_percent=p)
        for i, p in enumerate((80, None, 100))
    ]
    diet = diet_outcome(reported)
    assert diet.adherence_percent == 90
    assert diet.adherence_days == 2
    assert diet.reported_by_day
    own = DiaryDay(FIRST + timedelta(days=3), meals=MealTally(planned=1, met=1))
    diet = diet_outcome([*reported, own])
    assert diet.adherence_percent == 100
    assert not diet.reported_by_day


@pytest.mark.parametrize(
    ("values", "mean", "number"),
    [((), None, 0), ((None, None), None, 0), ((1, None, 2), 1.5, 2), ((0, 0), 0.0, 2)],
    ids=lambda v: str(v),
)
def test_a_mean_is_of_what_was_recorded(values, mean, number):
    assert mean_of(values) == (mean, number)


diary = st.lists(st.none() | st.integers(min_value=0, max_value=6), min_size=1, max_size=40)


@given(diary, st.booleans())
def test_every_day_is_in_exactly_one_state(clusters, is_over):
    days = days_of(*clusters, is_over=is_over)
    outcome = period_outcome(days)
    seen = sum(d.is_counted and d.clusters > 0 for d in days)
    assert outcome.quiet_days + seen + outcome.not_recorded_days == outcome.days
    assert outcome.watched_days <= outcome.days <= len(days)
    assert outcome.longest_quiet_run <= outcome.quiet_days
    assert outcome.clusters + outcome.clusters_today == sum(n or 0 for n in clusters)


@given(diary, st.integers(min_value=0, max_value=20))
def test_blank_days_change_no_rate(clusters, blanks):
    plain = period_outcome(days_of(*clusters))
    padded = period_outcome(days_of(*clusters, *[None] * blanks))
    assert padded.clusters_per_watched_day == plain.clusters_per_watched_day
    assert padded.quiet_days == plain.quiet_days
    assert padded.not_recorded_days == plain.not_recorded_days + blanks
