"""The endpoints of trials, on diaries whose story is known."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.science.days import DiaryDay
from quietdays.science.endpoints import endpoints
from quietdays.science.outcomes import period_outcome

STARTED = date(2026, 3, 2)


def on(number: int) -> date:
    return STARTED + timedelta(days=number)


def found(during, before=(2,) * 28, running=False):
    days = [DiaryDay(on(i - len(before)), clusters=c) for i, c in enumerate(before)]
    days += [DiaryDay(on(i), clusters=c) for i, c in enumerate(during)]
    if running:
        days.append(DiaryDay(on(len(during)), clusters=None, is_over=False))
    baseline = period_outcome(days[: len(before)])
    return endpoints(days, diet_started=STARTED, baseline=baseline)


def test_days_since_the_last_spasm_tell_recorded_days_from_blank_ones():
    ends = found([1, 0, 0, None, 0], running=True)
    assert ends.last_seen == on(0)
    assert (ends.since.quiet_days, ends.since.not_recorded_days) == (3, 1)


def test_nothing_seen_on_the_diet_has_no_last_day():
    ends = found([0, None, 0])
    assert ends.last_seen is None
    assert (ends.since.quiet_days, ends.since.not_recorded_days) == (2, 1)


@pytest.mark.parametrize(
    ("clusters_a_day", "is_responder"),
    [(1, True), (2, False), (0, True)],
    ids=["exactly half is a fall by half", "the same is none", "none seen"],
)
def test_a_responder_is_at_half_or_below(clusters_a_day, is_responder):
    milestones = found([clusters_a_day] * 84).milestones
    assert [m.day for m in milestones] == [14, 28, 42, 84]
    assert [m.is_responder for m in milestones] == [is_responder] * 4
    assert [(m.first, m.last) for m in milestones] == [
        (on(0), on(13)), (on(14), on(27)), (on(28), on(41)), (on(56), on(83)),
    ]  # fmt: skip


def test_just_above_half_is_no_response():
    days = [1] * 13 + [2]  # 15 on 14 days against 2 a day
    assert found(days).milestones[0].is_responder is False


@pytest.mark.parametrize(
    ("during", "before"),
    [
        ([0] * 6 + [None] * 8, (2,) * 28),
        ([0] * 14, (2,) * 13 + (None,) * 15),
        ([0] * 14, (0,) * 28),
    ],
    ids=["half not recorded", "13 days before", "none seen before"],
)
def test_too_little_recorded_is_neither(during, before):
    milestone = found(during, before).milestones[0]
    assert milestone.outcome is not None
    assert milestone.is_responder is None


def test_a_milestone_still_to_come_has_no_outcome():
    ends = found([0] * 20)
    assert [m.outcome is None for m in ends.milestones] == [False, True, True, True]
    assert ends.day_14_to_42 is None


def test_the_window_of_day_14_to_42_counts_both_ends():
    assert found([0] * 43).day_14_to_42.watched_days == 29
    assert found([0] * 42).day_14_to_42 is None
    assert found([0] * 14 + [1] + [0] * 28).day_14_to_42.clusters == 1
    assert found([0] * 13 + [1] + [0] * 29).day_14_to_42.clusters == 0


def test_28_days_in_a_row_have_to_be_recorded_and_to_begin_by_day_14():
    assert found([1] * 14 + [0] * 28).cessation.first == on(14)
    assert found([1] * 15 + [0] * 28).cessation is None
    assert found([1] * 14 + [0] * 27).cessation is None
    assert found([1] * 14 + [0] * 10 + [None] + [0] * 20).cessation is None


def test_a_blank_elsewhere_takes_nothing_from_28_days_in_a_row():
    ends = found([0] * 40 + [None] + [0] * 4 + [2])
    assert (ends.cessation.first, ends.cessation.days) == (on(0), 40)
    assert ends.relapse == on(45)
    assert found([0] * 35 + [None] + [0] * 5 + [3]).relapse == on(41)
    assert (ends.longest.days, ends.longest.gap_days) == (44, 1)


def test_spasms_after_such_a_run_are_seen_again_on_their_first_day():
    assert found([1] * 20 + [0] * 28 + [0, 2, 1]).relapse == on(49)
    assert found([1] * 20 + [0] * 27 + [2]).relapse is None
    assert found([1] * 20 + [0] * 28).relapse is None


@given(st.lists(st.sampled_from([None, 0, 0, 1, 3]), min_size=1, max_size=60))
def test_the_longest_run_is_never_longer_than_its_days(during):
    ends = found(during)
    quiet = sum(c == 0 for c in during)
    if ends.longest is None:
        assert quiet == 0
        return
    run = ends.longest
    assert 1 <= run.days <= quiet
    assert (run.last - run.first).days + 1 == run.days + run.gap_days
    inside = [during[(d - STARTED).days] for d in (run.first, run.last)]
    assert inside == [0, 0]
