"""Endpoints as trials in infantile spasms define them, from what carers recorded.

None of them shows a response: that takes an EEG. Day 0 is the first diet day.
Source: docs/statistics.md#endpoints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from quietdays.science.days import DayState, DiaryDay
from quietdays.science.outcomes import Change, PeriodOutcome, change_in_clusters, period_outcome

# A responder has a fall of 50 % or more (≥), as most trials count; some ask for more than 50 %.
RESPONDER_TIMES = 0.5
# Days after the start, and how many days up to then are looked at. Three months are 12 weeks.
MILESTONES = ((14, 14), (28, 14), (42, 14), (84, 28))
# West Delphi 2004: none seen for 28 days in a row, from day 14 at the latest.
CESSATION_RUN_DAYS = 28
CESSATION_FROM_DAY = 14
# ICISS: none seen on day 14 to day 42, both included.
ICISS_DAYS = (14, 42)


@dataclass(frozen=True, slots=True)
class Milestone:
    """The days up to a fixed day of the diet, against the baseline; `outcome` None: to come."""

    day: int
    first: date
    last: date
    outcome: PeriodOutcome | None
    change: Change | None

    @property
    def is_recorded(self) -> bool:
        """Half of the days on either side at least; fewer would be luck. Assumption."""
        if self.outcome is None or self.change is None:
            return False
        enough = 2 * self.outcome.watched_days >= self.outcome.days
        return enough and self.change.before_days >= 14 and self.change.before_count > 0

    @property
    def is_responder(self) -> bool | None:
        """Whether the rate fell by 50 % or more; None when too little was recorded."""
        if self.change is None or self.change.times_as_many is None or not self.is_recorded:
            return None
        return self.change.times_as_many <= RESPONDER_TIMES


@dataclass(frozen=True, slots=True)
class QuietRun:
    """Recorded days with none seen and no spasms between them; `gap_days` were not recorded."""

    first: date
    last: date
    days: int
    gap_days: int


@dataclass(frozen=True, slots=True)
class Endpoints:
    """`last_seen` is None when none was seen on the diet; `since` counts the days after it."""

    last_seen: date | None
    since: PeriodOutcome | None
    longest: QuietRun | None
    milestones: tuple[Milestone, ...]
    day_14_to_42: PeriodOutcome | None  # None while it is not over
    cessation: QuietRun | None  # 28 days in a row that begin by day 14, all recorded
    relapse: date | None  # spasms seen again after such a run, whenever it began


def endpoints(
    days: Sequence[DiaryDay], *, diet_started: date, baseline: PeriodOutcome
) -> Endpoints:
    """`days` are consecutive and reach at least from the first diet day to today."""
    on_diet = [d for d in days if d.date >= diet_started]
    seen = [d.date for d in on_diet if d.state is DayState.SEEN]
    last_seen = seen[-1] if seen else None
    after = [d for d in on_diet if d.is_over and (last_seen is None or d.date > last_seen)]
    long_runs = [r for r in _unbroken_runs(on_diet) if r.days >= CESSATION_RUN_DAYS]
    by_day_14 = diet_started + timedelta(days=CESSATION_FROM_DAY)
    first, last = (diet_started + timedelta(days=n) for n in ICISS_DAYS)
    return Endpoints(
        last_seen=last_seen,
        since=period_outcome(after) if after else None,
        longest=max(_quiet_runs(on_diet), key=lambda r: r.days, default=None),
        milestones=tuple(_milestone(on_diet, diet_started, baseline, *m) for m in MILESTONES),
        day_14_to_42=_complete(on_diet, first, last),
        cessation=next((r for r in long_runs if r.first <= by_day_14), None),
        relapse=next((day for r in long_runs for day in seen if day > r.last), None),
    )


def _milestone(
    days: Sequence[DiaryDay], started: date, baseline: PeriodOutcome, day: int, length: int
) -> Milestone:
    last = started + timedelta(days=day - 1)
    first = last - timedelta(days=length - 1)
    outcome = _complete(days, first, last)
    change = change_in_clusters(baseline, outcome) if outcome else None
    return Milestone(day, first, last, outcome, change)


def _complete(days: Sequence[DiaryDay], first: date, last: date) -> PeriodOutcome | None:
    window = [d for d in days if first <= d.date <= last and d.is_over]
    if len(window) < (last - first).days + 1:
        return None
    return period_outcome(window)


def _quiet_runs(days: Sequence[DiaryDay]) -> list[QuietRun]:
    """The stretches between days on which spasms were seen, from quiet day to quiet day."""
    runs: list[QuietRun] = []
    quiet: list[date] = []
    for day in [*days, None]:
        if day is not None and day.is_quiet:
            quiet.append(day.date)
        elif quiet and (day is None or day.state is DayState.SEEN):
            span = (quiet[-1] - quiet[0]).days + 1
            runs.append(QuietRun(quiet[0], quiet[-1], len(quiet), span - len(quiet)))
            quiet = []
    return runs


def _unbroken_runs(days: Sequence[DiaryDay]) -> list[QuietRun]:
    """Recorded days with none seen, one after the other: a day not recorded ends a run."""
    runs: list[QuietRun] = []
    for is_quiet, group in groupby(days, key=lambda d: d.is_quiet):
        if is_quiet:
            run = list(group)
            runs.append(QuietRun(run[0].date, run[-1].date, len(run), 0))
    return runs
