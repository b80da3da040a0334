"""Which recorded circumstances go with more or fewer clusters on the same day?

Days of the diet are only compared with other days of their own week, so the child's level,
its drift, medicines and the change since the diet started drop out. A link is not a cause.
Source: docs/statistics.md#factors.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from quietdays.science.count_model import Floats, Normal, t_quantile
from quietdays.science.days import DiaryDay
from quietdays.science.effect_model import (
    ILLNESS,
    LEAST_HOURS_WATCHED,
    LOG_HOURS_WATCHED,
    WEEK_DAYS,
)
from quietdays.science.macros import CarbohydrateBasis

# Changes whenever the same diary could get another number.
MODEL_VERSION = "within-week-1"

# Below these nothing is estimated. Assumptions. Source: docs/statistics.md#factors.
MIN_WEEKS = 6
MIN_DAYS = 14
MIN_CLUSTERS = 10
# Weeks' worth of days that differ; with fewer, the spread between weeks is not known.
MIN_TELLING_WEEKS = 4.0
MIN_ILL_DAYS = 4

LINK_SD = 0.8  # assumption: log rate ratio a step; only keeps thin data from wild ratios
DAILY_VARIANCE = 0.5  # assumption: only weighs weeks, the limits do not rest on it
SHARE_OF_ALL_WRONG = 0.05
_NEWTON_STEPS = 25
_TOLERANCE = 1e-9


class Factor(StrEnum):
    ADHERENCE = "adherence"
    DAY_RATIO = "day_ratio"
    SLEEP = "sleep"
    STRESS = "stress"
    ILLNESS = "illness"
    KETONES = "ketones"
    FEEDING = "feeding"


class LinkVerdict(StrEnum):
    FEWER = "fewer"
    MORE = "more"
    NO_CLEAR_LINK = "no_clear_link"
    NOT_ENOUGH_DATA = "not_enough_data"


@dataclass(frozen=True, slots=True)
class FactorLink:
    """How many times as many clusters were seen on a day that stands one `step` higher.

    `days` counts the diet days on which the factor and clusters are both recorded. The
    limits hold for all estimated factors together: in 19 of 20 diaries without any link, none
    of them excludes 1. Without enough data the numbers are None and `missing` is one of
    diet_weeks, days_recorded, clusters, days_that_differ.
    """

    factor: Factor
    step: float
    days: int
    verdict: LinkVerdict
    rate_ratio: float | None = None
    lo95: float | None = None
    hi95: float | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class FactorLinks:
    """One link a factor, in the order of `Factor`; `weeks` are whole weeks of the diet."""

    weeks: int
    first_date: date
    last_date: date | None
    links: tuple[FactorLink, ...]
    inputs_sha256: str
    model_version: str = MODEL_VERSION


@dataclass(frozen=True, slots=True)
class _Definition:
    factor: Factor
    step: float
    value: Callable[[DiaryDay], float | None]


def factor_links(days: Sequence[DiaryDay], *, diet_started: date) -> FactorLinks:
    """The link of each recorded circumstance with the clusters of the same diet day.

    `days` may come in any order. Nothing is estimated before six weeks of the diet are over.
    Source: docs/statistics.md#factors.
    """
    on_diet = sorted(
        (d for d in days if d.is_over and d.date >= diet_started), key=lambda d: d.date
    )
    last = on_diet[-1].date if on_diet else None
    weeks = ((last - diet_started).days + 1) // WEEK_DAYS if last else 0
    counted = [d for d in on_diet if d.is_counted]
    diary = _Diary.of(counted, diet_started)
    values = {d.factor: _column(counted, d) for d in _DEFINITIONS}
    found = {f: _missing_or_estimate(diary, f, column, weeks) for f, column in values.items()}
    estimated = sum(isinstance(e, _Estimate) for e in found.values())
    return FactorLinks(
        weeks=weeks,
        first_date=diet_started,
        last_date=last,
        links=tuple(_link(d, values[d.factor], found[d.factor], estimated) for d in _DEFINITIONS),
        inputs_sha256=_digest(counted, values, weeks, diet_started),
    )


def _ratio(day: DiaryDay) -> float | None:
    """Ketogenic ratio of what was eaten, the medicines' carbohydrate included; available."""
    return None if day.intake is None else day.intake.ratio(CarbohydrateBasis.AVAILABLE)


def _ketones(day: DiaryDay) -> float | None:
    """Blood ketones, mean of the day; urine is too coarse and too late."""
    values = day.ketones_mmol_l
    return math.fsum(values) / len(values) if values else None


def _ill(day: DiaryDay) -> float | None:
    if day.illness is None and day.fever is None:
        return None
    return float(bool(day.illness or day.fever))


_DEFINITIONS = (
    _Definition(Factor.ADHERENCE, 10.0, lambda d: d.adherence_percent),
    _Definition(Factor.DAY_RATIO, 0.5, _ratio),
    _Definition(Factor.SLEEP, 1.0, lambda d: d.check_in.sleep_hours),
    _Definition(Factor.STRESS, 1.0, lambda d: d.check_in.stress),
    _Definition(Factor.ILLNESS, 1.0, _ill),
    _Definition(Factor.KETONES, 1.0, _ketones),
    _Definition(Factor.FEEDING, 1.0, lambda d: d.check_in.feeding),
)


def _column(counted: Sequence[DiaryDay], definition: _Definition) -> Floats:
    """The factor in steps, a day a value; NaN where it was not recorded."""
    values = [definition.value(d) for d in counted]
    return np.array([math.nan if v is None else v / definition.step for v in values], dtype=float)


@dataclass(frozen=True, slots=True)
class _Diary:
    clusters: Floats
    week: NDArray[np.int64]
    ill: Floats  # 1 or 0; a day that says nothing counts as not ill
    log_watched: Floats  # what hours watched are expected to add to the log rate

    @classmethod
    def of(cls, counted: Sequence[DiaryDay], diet_started: date) -> _Diary:
        hours = np.array(
            [math.nan if d.hours_watched is None else d.hours_watched for d in counted], dtype=float
        )
        logs = np.log(np.maximum(hours, LEAST_HOURS_WATCHED))
        known = np.isfinite(logs)
        usual = float(logs[known].mean()) if known.any() else 0.0
        return cls(
            np.array([d.clusters or 0 for d in counted], dtype=float),
            np.array([(d.date - diet_started).days // WEEK_DAYS for d in counted], dtype=np.int64),
            np.array([_ill(d) or 0.0 for d in counted], dtype=float),
            LOG_HOURS_WATCHED.mean * np.where(known, logs - usual, 0.0),
        )


@dataclass(frozen=True, slots=True)
class _Estimate:
    log_ratio: float
    variance: float
    telling_weeks: float
    weeks: int


def _missing_or_estimate(
    diary: _Diary, factor: Factor, column: Floats, weeks: int
) -> str | _Estimate:
    """What is missing, in a word, or the estimate."""
    if weeks < MIN_WEEKS:
        return "diet_weeks"
    known = np.isfinite(column)
    if known.sum() < MIN_DAYS:
        return "days_recorded"
    if diary.clusters[known].sum() < MIN_CLUSTERS:
        return "clusters"
    if factor is Factor.ILLNESS:
        if not MIN_ILL_DAYS <= column[known].sum() <= known.sum() - MIN_ILL_DAYS:
            return "days_that_differ"
        others: list[Floats] = []
    else:
        others = [diary.ill[known]]
    estimate = _within_weeks(diary, known, np.column_stack([column[known], *others]))
    return estimate if estimate.telling_weeks >= MIN_TELLING_WEEKS else "days_that_differ"


def _within_weeks(diary: _Diary, known: NDArray[np.bool_], x: Floats) -> _Estimate:
    """How the days of a week share its clusters, as a function of the first column of `x`.

    A conditional Poisson regression with a stratum a week, shrunk towards no link; its
    variance is the mean of the model's own, raised by the overdispersion seen, and of the
    spread between weeks (Liang and Zeger, Biometrika 1986;73:13), which also holds when
    neighbouring days are alike.
    """
    weeks, week = np.unique(diary.week[known], return_inverse=True)
    member = (week == np.arange(len(weeks))[:, None]).astype(float)
    y = diary.clusters[known]
    totals = member @ y
    # Weeks with many clusters say less a cluster, since days differ by more than chance.
    weight = 1.0 / (1.0 + DAILY_VARIANCE * totals / member.sum(axis=1))
    priors = [Normal(0.0, LINK_SD), ILLNESS][: x.shape[1]]
    mean = np.array([p.mean for p in priors])
    prior_precision = np.diag([p.sd**-2.0 for p in priors])

    beta = mean.copy()
    for _ in range(_NEWTON_STEPS):
        expected, centred = _shares(diary.log_watched[known] + x @ beta, x, week, member, totals)
        scores = weight[:, None] * (member @ ((y - expected)[:, None] * centred))
        moment = (weight[week] * expected)[:, None] * centred
        information = centred.T @ moment
        bend = information + prior_precision
        step = np.linalg.solve(bend, scores.sum(axis=0) - prior_precision @ (beta - mean))
        beta = beta + np.clip(step, -1.0, 1.0)
        if np.max(np.abs(step)) < _TOLERANCE:
            break
    by_week = member @ (moment[:, 0] * centred[:, 0])
    telling = float(by_week.sum() ** 2 / max((by_week**2).sum(), 1e-300))
    if telling < MIN_TELLING_WEEKS:
        return _Estimate(0.0, 1.0, telling, len(weeks))
    return _Estimate(
        float(beta[0]),
        _shrunk_variance(scores, information, prior_precision, y, expected, weight[week], telling),
        telling,
        len(weeks),
    )


def _shares(
    log_factor: Floats, x: Floats, week: NDArray[np.int64], member: Floats, totals: Floats
) -> tuple[Floats, Floats]:
    """Expected clusters a day given its week's, and `x` around its week's expected mean."""
    factor = np.exp(log_factor - log_factor.max())
    expected = factor * (totals / (member @ factor))[week]
    share = np.divide(expected, totals[week], out=np.zeros_like(expected), where=totals[week] > 0)
    return expected, x - (member @ (share[:, None] * x))[week]


def _shrunk_variance(
    scores: Floats,
    information: Floats,
    prior_precision: Floats,
    y: Floats,
    expected: Floats,
    weight: Floats,
    telling: float,
) -> float:
    """Variance of the first coefficient, the prior's included."""
    some = expected > 0
    freedom = max(1, int(some.sum()) - scores.shape[0])
    pearson = (weight[some] * (y[some] - expected[some]) ** 2 / expected[some]).sum() / freedom
    by_model = max(1.0, float(pearson)) * information
    between_weeks = scores.T @ scores * telling / (telling - 1.0)
    bread = np.linalg.inv(information + prior_precision)
    variances = [
        float((bread @ (meat + prior_precision) @ bread)[0, 0])
        for meat in (by_model, between_weeks)
    ]
    return math.fsum(variances) / 2


def _link(
    definition: _Definition, column: Floats, found: str | _Estimate, estimated: int
) -> FactorLink:
    known = int(np.isfinite(column).sum())
    head = (definition.factor, definition.step, known)
    if isinstance(found, str):
        return FactorLink(*head, LinkVerdict.NOT_ENOUGH_DATA, missing=found)
    # Šidák: all limits hold together with probability 0.95 when the factors are unrelated.
    each = 1.0 - (1.0 - SHARE_OF_ALL_WRONG) ** (1.0 / estimated)
    half = t_quantile(1.0 - each / 2, found.weeks - 1) * math.sqrt(found.variance)
    ratio, lo, hi = (math.exp(found.log_ratio + shift) for shift in (0.0, -half, half))
    verdict = LinkVerdict.NO_CLEAR_LINK
    if hi < 1:
        verdict = LinkVerdict.FEWER
    elif lo > 1:
        verdict = LinkVerdict.MORE
    return FactorLink(*head, verdict, ratio, lo, hi)


def _digest(
    counted: Sequence[DiaryDay], values: dict[Factor, Floats], weeks: int, diet_started: date
) -> str:
    """Digest of the model's version and of all that the links rest on."""
    digest = hashlib.sha256(f"{MODEL_VERSION} {diet_started.isoformat()} {weeks}\n".encode())
    for i, day in enumerate(counted):
        hours = None if day.hours_watched is None else float(day.hours_watched)
        row = [float(column[i]) for column in values.values()]
        digest.update(f"{day.date.isoformat()} {day.clusters!r} {hours!r} {row!r}\n".encode())
    return digest.hexdigest()
