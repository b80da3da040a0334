"""What a period of days shows: rates per watched day, quiet days, runs, change with counts.

Every rate carries its denominator. Only days that are over and were recorded stand in it.
Source: docs/statistics.md#days and #endpoints.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quietdays.science.adherence import MealTally
from quietdays.science.days import DayState, DiaryDay
from quietdays.science.macros import CarbohydrateBasis, Macros

BASELINE_DAYS = 28


@dataclass(frozen=True, slots=True)
class PeriodOutcome:
    """Counts of a period with all that is needed to read them.

    `days` counts the period's finished days; `watched_days` those of them that were
    recorded. `clusters` and `spasms` are of watched days; today's stand apart in
    `clusters_today`, because an unfinished day is no denominator.
    """

    first: date
    last: date
    days: int
    watched_days: int
    quiet_days: int
    clusters: int
    spasms: int
    spasms_at_least: bool
    clusters_today: int
    spasms_today: int
    hours_watched: float | None
    longest_quiet_run: int
    longest_quiet_run_gap_days: int
    first_seen: date | None
    last_seen: date | None
    other_seizures: int
    spasms_today_at_least: bool = False

    @property
    def not_recorded_days(self) -> int:
        return self.days - self.watched_days

    @property
    def clusters_per_watched_day(self) -> float | None:
        return self.clusters / self.watched_days if self.watched_days else None

    @property
    def spasms_per_watched_day(self) -> float | None:
        return self.spasms / self.watched_days if self.watched_days else None


def period_outcome(days: Sequence[DiaryDay]) -> PeriodOutcome:
    """Outcome of a non-empty run of consecutive days, oldest first."""
    watched = [d for d in days if d.is_counted]
    seen = [d for d in days if d.state is DayState.SEEN]
    unfinished = [d for d in days if not d.is_over]
    hours = [d.hours_watched for d in watched if d.hours_watched is not None]
    run, gap = longest_recorded_quiet_run(days)
    return PeriodOutcome(
        first=days[0].date,
        last=days[-1].date,
        days=sum(d.is_over for d in days),
        watched_days=len(watched),
        quiet_days=sum(d.is_quiet for d in days),
        clusters=sum(d.clusters or 0 for d in watched),
        spasms=sum(d.spasms or 0 for d in watched),
        spasms_at_least=any(_is_floor(d) for d in watched),
        clusters_today=sum(d.clusters or 0 for d in unfinished),
        spasms_today=sum(d.spasms or 0 for d in unfinished),
        hours_watched=sum(hours) if hours else None,
        longest_quiet_run=run,
        longest_quiet_run_gap_days=gap,
        first_seen=seen[0].date if seen else None,
        last_seen=seen[-1].date if seen else None,
        other_seizures=sum(d.other_seizures for d in days),
        spasms_today_at_least=any(_is_floor(d) for d in unfinished),
    )


def _is_floor(day: DiaryDay) -> bool:
    return day.spasms_at_least or (bool(day.clusters) and day.spasms is None)


def longest_recorded_quiet_run(days: Sequence[DiaryDay]) -> tuple[int, int]:
    """Most recorded quiet days with no spasms seen between them, and the blanks among them.

    A day that was not recorded neither breaks a run nor counts in it: it is told apart.
    """
    best, run, gap, gap_in_run = (0, 0), 0, 0, 0
    for day in days:
        if day.state is DayState.SEEN:
            run = gap = gap_in_run = 0
        elif day.is_quiet:
            run, gap_in_run = run + 1, gap
            if run > best[0]:
                best = (run, gap_in_run)
        elif run:
            gap += 1
    return best


@dataclass(frozen=True, slots=True)
class Change:
    """One rate against another, with the counts that made both. Never a verdict."""

    before_count: int
    before_days: int
    after_count: int
    after_days: int

    @property
    def times_as_many(self) -> float | None:
        """The rate per watched day divided by the one before; None without one above zero."""
        if not (self.before_count and self.before_days and self.after_days):
            return None
        return self.after_count / self.after_days / (self.before_count / self.before_days)

    @property
    def percent(self) -> float | None:
        """Change of the rate per watched day in per cent; None without a rate above zero."""
        times = self.times_as_many
        return None if times is None else 100 * (times - 1)


def change_in_clusters(before: PeriodOutcome, after: PeriodOutcome) -> Change:
    return Change(before.clusters, before.watched_days, after.clusters, after.watched_days)


def baseline_window(diet_started: date) -> tuple[date, date]:
    """The four weeks before the first diet day."""
    return diet_started - timedelta(days=BASELINE_DAYS), diet_started - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DietOutcome:
    """What was eaten in a period, against what was planned."""

    tally: MealTally
    intake: Macros  # food, and the carbohydrate of medicines on days with meals
    days_with_meals: int
    adherence_percent: float | None
    adherence_days: int
    reported_by_day: bool
    uncounted_meals: int = 0
    why_less: tuple[tuple[str, int], ...] = ()  # each reason and how often, the commonest first
    days_with_estimates: int = 0
    medicine_carbohydrate_g: float = 0.0  # on days with meals; it is in `intake`
    doses_carbohydrate_unknown: int = 0

    def ratio(self, basis: CarbohydrateBasis) -> float | None:
        """Total fat over total protein plus carbohydrate; never a mean of meals' ratios."""
        return self.intake.ratio(basis) if self.days_with_meals else None


def diet_outcome(days: Sequence[DiaryDay]) -> DietOutcome:
    """Meals of a period. Without any meal of its own, a diary file's daily figures stand in."""
    tally = MealTally.total(d.meals for d in days)
    own = tally.adherence_percent
    reported = [
        d.adherence_reported_percent for d in days if d.adherence_reported_percent is not None
    ]
    mean = sum(reported) / len(reported) if reported else None
    return DietOutcome(
        tally=tally,
        intake=Macros.total(d.intake for d in days if d.intake is not None),
        days_with_meals=sum(d.eaten is not None for d in days),
        adherence_percent=own if own is not None else mean,
        adherence_days=sum(d.adherence_percent is not None for d in days),
        reported_by_day=own is None and mean is not None,
        uncounted_meals=sum(d.uncounted_meals for d in days),
        why_less=tuple(Counter(reason for d in days for reason in d.why_less).most_common()),
        days_with_estimates=sum(d.has_estimates for d in days),
        medicine_carbohydrate_g=sum(d.medicine_carbohydrate_g for d in days if d.eaten is not None),
        doses_carbohydrate_unknown=sum(
            d.doses_carbohydrate_unknown for d in days if d.eaten is not None
        ),
    )


def mean_of(values: Sequence[float | int | None]) -> tuple[float | None, int]:
    """Mean of the values that were recorded, and how many they were."""
    known = [float(v) for v in values if v is not None]
    return (sum(known) / len(known) if known else None), len(known)
