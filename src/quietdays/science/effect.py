"""Did the frequency of clusters measurably change after the diet started?

One answer for each complete 28-day period: how many times as many clusters were seen as
the same days would have given without the change, between which limits, and one verdict.
It informs a visit and says nothing about causes. Source: docs/statistics.md#effect.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from quietdays.science import effect_model
from quietdays.science.cluster_size import SizeRatio, is_floor, size_ratio
from quietdays.science.count_model import Floats, Mixture
from quietdays.science.days import DiaryDay
from quietdays.science.effect_model import PERIOD_DAYS, LoggedDays, MedicineStep

# Changes whenever the same diary could get another number.
MODEL_VERSION = "weekly-2"

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
class Missing:
    """What an answer lacks: how much there is, and how much it takes."""

    what: str  # logged_days_before, logged_days_during, clusters_before
    have: int
    need: int

    @property
    def more(self) -> int:
        return self.need - self.have


@dataclass(frozen=True, slots=True)
class PeriodEffect:
    """One 28-day period on the diet against the 28 days before it.

    `rate_ratio` is the median of the expected rate divided by the expected rate of the same
    days without the change; the limits are central. `p75`, `p50`, `p10` are the probabilities
    that the ratio is 0.75, 0.5, 0.1 or less (fell by a quarter, by half, by nine tenths), and
    `p_below_1` that it is below 1. All are None when the verdict is `not_enough_data`, and
    `missing` then says what it would take.

    `separate_from` holds, for `cannot_separate`, the medicine changes whose allowance
    decides. `spasms_per_cluster` stands apart and moves no verdict. `inputs_sha256` is a
    digest of all that this answer rests on. Days count from 0, the first diet day; periods
    from 1.
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
    p75: float | None = None
    p10: float | None = None
    missing: tuple[Missing, ...] = ()
    separate_from: tuple[CoIntervention, ...] = ()
    spasms_per_cluster: SizeRatio | None = None
    inputs_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """The answers of a diary, oldest period first; empty until 28 diet days are over.

    `inputs_sha256` is a digest of all that the answers rest on; the version stands apart.
    """

    periods: tuple[PeriodEffect, ...]
    diet_started: date
    model_version: str = MODEL_VERSION
    inputs_sha256: str = ""


def effect(days: Sequence[DiaryDay], *, diet_started: date) -> Effect:
    """The change of each complete 28-day period since the diet started.

    `days` may come in any order; a date that is missing was not recorded. A period is
    complete when `days` reaches its last date with a day that is over. Adherence and stress
    are not used: the question is what happened, not what would have with another diet.

    Raises RepeatedDate. Source: docs/statistics.md#effect.
    """
    by_day = _numbered(days, diet_started)
    complete = _complete_periods(by_day)
    digests = _digests(by_day, complete, diet_started)
    diary = _Diary(
        by_day=by_day,
        logged=_logged_days(by_day),
        earlier_changes=_changes_in(by_day, -effect_model.LONGEST_BASELINE_DAYS, -PERIOD_DAYS),
        changes=_changes_in(by_day, -PERIOD_DAYS, PERIOD_DAYS * complete),
        digests=digests,
        diet_started=diet_started,
    )
    periods = tuple(_judge(diary, period) for period in range(complete))
    return Effect(periods, diet_started, inputs_sha256=digests[-1])


def _numbered(days: Iterable[DiaryDay], diet_started: date) -> dict[int, DiaryDay]:
    by_day: dict[int, DiaryDay] = {}
    for diary_day in days:
        number = (diary_day.date - diet_started).days
        if number in by_day:
            raise RepeatedDate(diary_day.date)
        by_day[number] = diary_day
    return by_day


def _complete_periods(by_day: Mapping[int, DiaryDay]) -> int:
    last_over = max((number for number, d in by_day.items() if d.is_over), default=-1)
    return max(0, (last_over + 1) // PERIOD_DAYS)


def _digests(by_day: Mapping[int, DiaryDay], periods: int, diet_started: date) -> list[str]:
    """Digest of what was read up to the diet's start, then up to each period's end."""
    running = hashlib.sha256(f"{diet_started.isoformat()}\n".encode())
    digests = []
    first = -effect_model.LONGEST_BASELINE_DAYS
    for end in range(0, PERIOD_DAYS * periods + 1, PERIOD_DAYS):
        for number in range(first, end):
            if number in by_day:
                running.update(_what_is_read(number, by_day[number]).encode())
        digests.append(running.hexdigest())
        first = end
    return digests


def _what_is_read(number: int, day: DiaryDay) -> str:
    """One line of all that the answers take from a day; empty when they take nothing."""
    changes = sorted((c.medicine, c.change) for c in day.medicine_changes)
    if not day.is_counted:
        return f"{number} {changes!r}\n" if changes else ""
    counts = (day.clusters, day.spasms, day.spasms_at_least)
    hours = (day.hours_watched, day.check_in.sleep_hours)
    # As floats, so that 9 and 9.0 hours are one entry.
    known = tuple(None if h is None else float(h) for h in hours)
    return f"{number} {counts!r} {known!r} {_ill(day)!r} {changes!r}\n"


@dataclass(frozen=True, slots=True)
class _Diary:
    by_day: dict[int, DiaryDay]  # from 0, the first diet day
    logged: LoggedDays
    earlier_changes: tuple[CoIntervention, ...]  # of the longer baseline
    changes: tuple[CoIntervention, ...]
    digests: list[str]  # up to the diet's start, then up to each period's end
    diet_started: date


@dataclass(frozen=True, slots=True)
class _Ratio:
    """Median, limits and probabilities of a rate ratio; all None when there is no answer."""

    rate_ratio: float | None = None
    lo90: float | None = None
    hi90: float | None = None
    lo95: float | None = None
    hi95: float | None = None
    p75: float | None = None
    p50: float | None = None
    p10: float | None = None
    p_below_1: float | None = None


def _judge(diary: _Diary, period: int) -> PeriodEffect:
    first_day = PERIOD_DAYS * period
    last_day = first_day + PERIOD_DAYS - 1
    last_date = diary.diet_started + timedelta(days=last_day)
    before, during = _counts(diary.by_day, -PERIOD_DAYS), _counts(diary.by_day, first_day)
    changes = tuple(c for c in diary.changes if c.date <= last_date)
    missing = _missing(before, during)
    answer = _NOT_ENOUGH if missing else _answer(diary, period, during.clusters, changes)
    return PeriodEffect(
        period=period + 1,
        first_day=first_day,
        last_day=last_day,
        first_date=diary.diet_started + timedelta(days=first_day),
        last_date=last_date,
        verdict=answer.verdict,
        reasons=answer.reasons or tuple(_LACKS[m.what] for m in missing),
        before=before,
        during=during,
        co_interventions=changes,
        missing=missing,
        separate_from=answer.separate_from,
        spasms_per_cluster=size_ratio(
            _logged_in(diary.by_day, -PERIOD_DAYS), _logged_in(diary.by_day, first_day)
        ),
        inputs_sha256=diary.digests[period + 1],
        **asdict(answer.ratio),
    )


def _missing(before: Counts, during: Counts) -> tuple[Missing, ...]:
    needs = (
        Missing("logged_days_before", before.logged_days, MIN_LOGGED_DAYS),
        Missing("logged_days_during", during.logged_days, MIN_LOGGED_DAYS),
        Missing("clusters_before", before.clusters, MIN_CLUSTERS_BEFORE),
    )
    return tuple(need for need in needs if need.more > 0)


_LACKS = {
    "logged_days_before": "few_logged_days_before",
    "logged_days_during": "few_logged_days_during",
    "clusters_before": "few_clusters_before",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    ratio: _Ratio
    verdict: Verdict
    reasons: tuple[str, ...] = ()
    separate_from: tuple[CoIntervention, ...] = ()


_NOT_ENOUGH = _Answer(_Ratio(), Verdict.NOT_ENOUGH_DATA)


def _answer(
    diary: _Diary, period: int, clusters: int, changes: tuple[CoIntervention, ...]
) -> _Answer:
    """The rules of docs/statistics.md#verdicts, once there are days and clusters enough."""

    def ratio_allowing_for(allowed: tuple[CoIntervention, ...]) -> _Ratio:
        steps = [_medicine_step(c, diary.diet_started) for c in (*diary.earlier_changes, *allowed)]
        return _ratio(effect_model.fit(diary.logged, period=period, medicines=steps), clusters)

    def is_clear_without(left_out: tuple[CoIntervention, ...]) -> bool:
        kept = tuple(c for c in changes if c not in left_out)
        return _which_side(ratio_allowing_for(kept)) is not Verdict.NO_CLEAR_CHANGE

    ratio = ratio_allowing_for(changes)
    verdict = _which_side(ratio)
    separate_from: tuple[CoIntervention, ...] = ()
    if verdict is Verdict.NO_CLEAR_CHANGE and changes and is_clear_without(changes):
        verdict = Verdict.CANNOT_SEPARATE
        separate_from = tuple(c for c in changes if is_clear_without((c,))) or changes
    reasons = {"no_clusters_during": clusters == 0, "medicine_change_in_window": bool(changes)}
    held = tuple(reason for reason, holds in reasons.items() if holds)
    return _Answer(ratio, verdict, (*held, _DECIDED_BY[verdict]), separate_from)


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
    p75, p50, p10, p_below_1 = (fitted.below(math.log(x)) for x in (0.75, 0.5, 0.1, 1.0))
    return _Ratio(median, lo90, hi90, lo95, hi95, p75, p50, p10, p_below_1)


def _counts(by_day: Mapping[int, DiaryDay], first_day: int) -> Counts:
    logged = _logged_in(by_day, first_day)
    hours = [d.hours_watched for d in logged if d.hours_watched is not None]
    return Counts(
        days=PERIOD_DAYS,
        logged_days=len(logged),
        clusters=sum(d.clusters or 0 for d in logged),
        spasms=sum(d.spasms or 0 for d in logged),
        hours_watched=math.fsum(hours) if hours else None,
        spasms_at_least=any(is_floor(d) for d in logged),
    )


def _logged_in(by_day: Mapping[int, DiaryDay], first_day: int) -> list[DiaryDay]:
    """The counted days of the 28 that begin with `first_day`, oldest first."""
    period = [by_day.get(first_day + i) for i in range(PERIOD_DAYS)]
    return [d for d in period if d is not None and d.is_counted]


def _logged_days(by_day: Mapping[int, DiaryDay]) -> LoggedDays:
    first = -effect_model.LONGEST_BASELINE_DAYS
    counted = [(n, by_day[n]) for n in sorted(by_day) if n >= first and by_day[n].is_counted]
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


def _changes_in(
    by_day: Mapping[int, DiaryDay], first_day: int, end_day: int
) -> tuple[CoIntervention, ...]:
    """Medicine changes of these days; a day need not be logged to hold one."""
    return tuple(
        CoIntervention(by_day[number].date, change.medicine, change.change)
        for number in sorted(by_day)
        if first_day <= number < end_day
        for change in by_day[number].medicine_changes
    )


def _medicine_step(change: CoIntervention, diet_started: date) -> MedicineStep:
    less = change.change in _LESS_MEDICINE
    prior = effect_model.MEDICINE_LESS if less else effect_model.MEDICINE_MORE
    return MedicineStep((change.date - diet_started).days, prior)
