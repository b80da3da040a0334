"""Did the frequency of clusters measurably change after the diet started?

One answer for each complete 28-day period: how many times as many clusters were seen as
the same days would have given without the change, between which limits, and one verdict.
It informs a visit and says nothing about causes. Source: docs/statistics.md#effect.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from quietdays.science import effect_model
from quietdays.science.days import DiaryDay
from quietdays.science.effect_model import PERIOD_DAYS, Floats, LoggedDays, MedicineStep, Mixture

# Changes whenever the same diary could get another number.
MODEL_VERSION = "weekly-1"

# Below these no number is given. Assumption. Source: docs/statistics.md#verdicts.
MIN_LOGGED_DAYS = 14
MIN_CLUSTERS_BEFORE = 4

_LESS_MEDICINE = ("down", "stop")


class Verdict(StrEnum):
    CLEAR_REDUCTION = "clear_reduction"
    NO_CLEAR_CHANGE = "no_clear_change"
    CLEAR_INCREASE = "clear_increase"
    CANNOT_SEPARATE = "cannot_separate"
    NOT_ENOUGH_DATA = "not_enough_data"


class RepeatedDate(Exception):
    """The diary holds two days with one date."""

    def __init__(self, repeated: date) -> None:
        self.date = repeated
        super().__init__(repeated.isoformat())


@dataclass(frozen=True, slots=True)
class Counts:
    """What was recorded in a stretch of days; every number with its denominator beside it.

    `spasms` is a floor when `spasms_at_least`. `hours_watched` sums the days that say so,
    and is None when none does.
    """

    days: int
    logged_days: int
    clusters: int
    spasms: int
    hours_watched: float | None
    spasms_at_least: bool = False


@dataclass(frozen=True, slots=True)
class CoIntervention:
    """A medicine that changed from 28 days before the diet to the end of the judged period."""

    date: date
    medicine: str
    change: str  # start, up, down, stop


@dataclass(frozen=True, slots=True)
class PeriodEffect:
    """One 28-day period on the diet against the 28 days before it.

    `rate_ratio` is the median of the expected rate divided by the expected rate of the same
    days without the change; the limits are central. `p50` and `p_below_1` are the
    probabilities that the ratio is 0.5 or less, and below 1. All are None when the verdict
    is `not_enough_data`. Days count from 0, the first diet day; periods from 1.
    """

    period: int
    first_day: int
    last_day: int
    first_date: date
    last_date: date
    rate_ratio: float | None
    lo90: float | None
    hi90: float | None
    lo95: float | None
    hi95: float | None
    p50: float | None
    p_below_1: float | None
    verdict: Verdict
    reasons: tuple[str, ...]
    before: Counts
    during: Counts
    co_interventions: tuple[CoIntervention, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """The answers of a diary, oldest period first; empty until 28 diet days are over."""

    periods: tuple[PeriodEffect, ...]
    diet_started: date
    model_version: str = MODEL_VERSION


def effect(days: Sequence[DiaryDay], *, diet_started: date) -> Effect:
    """The change of each complete 28-day period since the diet started.

    `days` may come in any order; a date that is missing was not recorded. A period is
    complete when `days` reaches its last date with a day that is over. Adherence and stress
    are not used: the question is what happened, not what would have with another diet.

    Raises RepeatedDate. Source: docs/statistics.md#effect.
    """
    by_day: dict[int, DiaryDay] = {}
    for diary_day in days:
        number = (diary_day.date - diet_started).days
        if number in by_day:
            raise RepeatedDate(diary_day.date)
        by_day[number] = diary_day
    last_over = max((number for number, d in by_day.items() if d.is_over), default=-1)
    complete = (last_over + 1) // PERIOD_DAYS
    diary = _Diary(by_day, _logged_days(by_day), _changes_in(by_day))
    periods = tuple(_judge(diary, period, diet_started) for period in range(complete))
    return Effect(periods, diet_started)


@dataclass(frozen=True, slots=True)
class _Diary:
    by_day: dict[int, DiaryDay]  # from 0, the first diet day
    logged: LoggedDays
    changes: tuple[CoIntervention, ...]


@dataclass(frozen=True, slots=True)
class _Ratio:
    """Median, limits and probabilities of a rate ratio; all None when there is no answer."""

    rate_ratio: float | None = None
    lo90: float | None = None
    hi90: float | None = None
    lo95: float | None = None
    hi95: float | None = None
    p50: float | None = None
    p_below_1: float | None = None


def _judge(diary: _Diary, period: int, diet_started: date) -> PeriodEffect:
    first_day = PERIOD_DAYS * period
    last_day = first_day + PERIOD_DAYS - 1
    last_date = diet_started + timedelta(days=last_day)
    before, during = _counts(diary.by_day, -PERIOD_DAYS), _counts(diary.by_day, first_day)
    changes = tuple(c for c in diary.changes if c.date <= last_date)
    ratio, verdict = _Ratio(), Verdict.NOT_ENOUGH_DATA
    reasons = _what_is_missing(before, during)
    if not reasons:
        steps = [_medicine_step(c, diet_started) for c in changes]
        ratio, verdict, reasons = _answer(diary.logged, period, during.clusters, steps)
    return PeriodEffect(
        period=period + 1,
        first_day=first_day,
        last_day=last_day,
        first_date=diet_started + timedelta(days=first_day),
        last_date=last_date,
        verdict=verdict,
        reasons=reasons,
        before=before,
        during=during,
        co_interventions=changes,
        **asdict(ratio),
    )


def _what_is_missing(before: Counts, during: Counts) -> tuple[str, ...]:
    missing = {
        "few_logged_days_before": before.logged_days < MIN_LOGGED_DAYS,
        "few_logged_days_during": during.logged_days < MIN_LOGGED_DAYS,
        "few_clusters_before": before.clusters < MIN_CLUSTERS_BEFORE,
    }
    return _those(missing)


def _those(reasons: dict[str, bool]) -> tuple[str, ...]:
    return tuple(reason for reason, holds in reasons.items() if holds)


def _answer(
    logged: LoggedDays, period: int, clusters: int, medicines: Sequence[MedicineStep]
) -> tuple[_Ratio, Verdict, tuple[str, ...]]:
    """The rules of docs/statistics.md#verdicts, once there are days and clusters enough."""
    ratio = _ratio(effect_model.fit(logged, period=period, medicines=medicines), clusters)
    reasons = {"no_clusters_during": clusters == 0, "medicine_change_in_window": bool(medicines)}
    verdict = _which_side(ratio)
    if verdict is Verdict.NO_CLEAR_CHANGE and medicines:
        without = _ratio(effect_model.fit(logged, period=period, medicines=()), clusters)
        if _which_side(without) is not Verdict.NO_CLEAR_CHANGE:
            verdict = Verdict.CANNOT_SEPARATE
    return ratio, verdict, (*_those(reasons), _DECIDED_BY[verdict])


_DECIDED_BY = {
    Verdict.CLEAR_REDUCTION: "limits_below_1",
    Verdict.CLEAR_INCREASE: "limits_above_1",
    Verdict.NO_CLEAR_CHANGE: "limits_hold_1",
    Verdict.CANNOT_SEPARATE: "clear_only_without_medicine_allowance",
}


def _which_side(ratio: _Ratio) -> Verdict:
    """On which side of 1 both 95 % limits stand, if on one."""
    if ratio.hi95 is not None and ratio.hi95 < 1:
        return Verdict.CLEAR_REDUCTION
    if ratio.lo95 is not None and ratio.lo95 > 1:
        return Verdict.CLEAR_INCREASE
    return Verdict.NO_CLEAR_CHANGE


def _ratio(fitted: Mixture, clusters: int) -> _Ratio:
    lo95, lo90, median, hi90, hi95 = fitted.ratios_at((0.025, 0.05, 0.5, 0.95, 0.975))
    if clusters == 0:  # zero seen cannot put a floor under the rate
        lo90 = lo95 = 0.0
    half = fitted.below(math.log(0.5))
    return _Ratio(median, lo90, hi90, lo95, hi95, p50=half, p_below_1=fitted.below(0.0))


def _counts(by_day: dict[int, DiaryDay], first_day: int) -> Counts:
    period = [by_day.get(first_day + i) for i in range(PERIOD_DAYS)]
    logged = [d for d in period if d is not None and d.is_counted]
    hours = [d.hours_watched for d in logged if d.hours_watched is not None]
    return Counts(
        days=PERIOD_DAYS,
        logged_days=len(logged),
        clusters=sum(d.clusters or 0 for d in logged),
        spasms=sum(d.spasms or 0 for d in logged),
        hours_watched=math.fsum(hours) if hours else None,
        spasms_at_least=any(d.spasms_at_least or (d.clusters and d.spasms is None) for d in logged),
    )


def _logged_days(by_day: dict[int, DiaryDay]) -> LoggedDays:
    counted = [(number, by_day[number]) for number in sorted(by_day) if by_day[number].is_counted]
    return LoggedDays(
        day=np.array([number for number, _ in counted], dtype=np.int64),
        clusters=_column(d.clusters for _, d in counted),
        ill=_column(_ill(d) for _, d in counted),
        sleep_hours=_column(d.check_in.sleep_hours for _, d in counted),
        hours_watched=_column(d.hours_watched for _, d in counted),
    )


def _column(values: Iterable[float | None]) -> Floats:
    return np.array([math.nan if v is None else v for v in values], dtype=float)


def _ill(day: DiaryDay) -> bool:
    """Marked ill or with fever; a day that says nothing of either is read as not ill."""
    return bool(day.illness or day.fever)


def _changes_in(by_day: dict[int, DiaryDay]) -> tuple[CoIntervention, ...]:
    """Medicine changes from 28 days before the diet on; a day need not be logged to hold one."""
    return tuple(
        CoIntervention(by_day[number].date, change.medicine, change.change)
        for number in sorted(by_day)
        if number >= -PERIOD_DAYS
        for change in by_day[number].medicine_changes
    )


def _medicine_step(change: CoIntervention, diet_started: date) -> MedicineStep:
    less = change.change in _LESS_MEDICINE
    prior = effect_model.MEDICINE_LESS if less else effect_model.MEDICINE_MORE
    return MedicineStep((change.date - diet_started).days, prior)
