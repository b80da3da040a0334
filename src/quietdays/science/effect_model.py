"""How much more or less often clusters were seen than the same days would have given anyway.

The weeks' counts are negative binomial around a log rate that drifts by itself, answers to
illness, sleep, watching and medicines, and may shift when the diet starts. How far a rate
drifts by itself cannot be learnt from 28 days alone, so it comes from other children, as a
prior. The answer is a mixture over a grid of hyperparameters. Source: docs/statistics.md#effect.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quietdays.science.count_model import (
    Counts,
    Floats,
    Mixture,
    Normal,
    laplace,
)

PERIOD_DAYS = 28
WEEK_DAYS = 7

# Days before the diet that are read when the diary has them: 26 weeks. Assumption: older
# days belong to another age.
LONGEST_BASELINE_DAYS = 182

# The judged period and the two before it: 12 weeks and the 4 before the diet make 16.
RECENT_PERIODS = 3

# Each prior's source stands in the table of docs/statistics.md#effect.
LEVEL_SD = 2.0  # assumption: the child's level is learnt from the child
LASTING_CHANGE_SD = 2.5  # assumption: wide, so that a large change is not pulled back
FIRST_PERIOD_SD = 0.5  # assumption: the diet's onset takes days to weeks
LATER_PERIOD_SD = 0.3  # assumption: how far a later period may stand from the lasting change
ILLNESS = Normal(0.35, 0.25)  # assumption: illness and fever bring more clusters
SLEEP_HOUR = Normal(-0.05, 0.05)  # assumption: an hour more of sleep, slightly fewer
LOG_HOURS_WATCHED = Normal(0.95, 0.15)  # assumption: what is seen is nearly proportional
MEDICINE_MORE = Normal(-0.40, 0.35)  # assumption: a medicine started or raised
MEDICINE_LESS = Normal(0.25, 0.25)  # assumption: a medicine stopped or lowered
MEDICINE_RAMP_DAYS = 7  # assumption: the days until a change of medicine acts in full
BAD_START = Normal(0.15, 0.20)  # assumption, in SDs of a month: diets start in bad months
NOT_LOGGED = Normal(0.60, 0.40)  # assumption, per share not logged: quiet days are logged less

# log10 SD = 0.7 log10 mean + 0.4 of monthly counts, from published seizure diaries of older
# patients; a child keeps a share of that SD.
MONTHLY_SD_SLOPE = 0.7
MONTHLY_SD_INTERCEPT = 0.4
SHARE_MEDIAN = 0.65  # assumption
SHARE_LOG_SD = 0.3  # assumption
LEAST_MONTHLY_VARIANCE = 0.015  # assumption: nobody is steadier than 12 % from month to month
MOST_MONTHLY_LOG_VARIANCE = math.log(3.0)  # assumption
# The grid's points for the share of the published SD, in SDs of its log-normal prior.
SHARE_STEPS = (-2.4, -1.2, 0.0, 1.2, 2.4)

FAST_DAYS = 2.0  # assumption: time constant of good and bad spells
SLOW_DAYS = (9.0, 30.0)  # assumption: time constants of the drift, equally likely
# Assumption, equally likely: shares of a month's variance due to single days and to spells;
# the rest is drift.
SPLITS = ((0.40, 0.30), (0.25, 0.30), (0.05, 0.15))
# With older days than the 28 before the diet, how much months differ is learnt from the diary,
# which cannot show how a growing child changes: the level also walks, by this SD in 28 days,
# to both sides of the 28 days before the diet. Assumption.
AGE_WALK_SD = 0.2

LEAST_HOURS_WATCHED = 0.5  # below half an hour the logarithm says more than the carer meant


@dataclass(frozen=True, slots=True)
class LoggedDays:
    """The counted days of a diary as columns. Day 0 starts the diet.

    `ill` is 1 or 0. NaN hours mean not recorded and take the child's own mean.
    """

    day: NDArray[np.int64]
    clusters: Floats
    ill: Floats
    sleep_hours: Floats
    hours_watched: Floats

    def where(self, keep: NDArray[np.bool_]) -> LoggedDays:
        return LoggedDays(
            self.day[keep],
            self.clusters[keep],
            self.ill[keep],
            self.sleep_hours[keep],
            self.hours_watched[keep],
        )


@dataclass(frozen=True, slots=True)
class MedicineStep:
    """A medicine changed on a day: `prior` is the change of the log rate it may bring."""

    day: int
    prior: Normal


def fit(days: LoggedDays, *, period: int, medicines: Sequence[MedicineStep]) -> Mixture:
    """Distribution of the log rate ratio of one 28-day period of the diet (0 is the first).

    Uses at most 26 weeks before the diet and at most twelve weeks up to the period's end,
    never a later day: what was said about a period does not change as the diary goes on.
    Needs at least one logged day before the diet and one in the period.
    """
    weeks = _Weeks.of(_days_used(days, period))
    grid = _grid(weeks.rate_before)
    mean, covariance = _prior(weeks, grid, medicines)
    shape = weeks.n_days / (PERIOD_DAYS * grid.of_days[:, None])
    peak = laplace(Counts.of(weeks.clusters, weeks.n_days, shape), mean, covariance)

    # The change and the weeks' log rates are jointly normal, so the peak of the one gives the
    # mean and variance of the other through their covariance.
    own = _period_sd(period) ** 2
    shared = weeks.on_diet * LASTING_CHANGE_SD**2 + (weeks.period == period) * own
    target_mean, target_sd = peak.linear(shared, LASTING_CHANGE_SD**2 + own)
    log_weight = peak.log_evidence + grid.log_prior
    weight = np.exp(log_weight - log_weight.max())
    return Mixture(weight / weight.sum(), target_mean, target_sd)


def _days_used(days: LoggedDays, period: int) -> LoggedDays:
    end = PERIOD_DAYS * (period + 1)
    recent = (days.day >= max(0, end - RECENT_PERIODS * PERIOD_DAYS)) & (days.day < end)
    return days.where((days.day < 0) | recent)


@dataclass(frozen=True, slots=True)
class _Weeks:
    """Weeks that hold a logged day. `average @ column` turns daily values into weekly means."""

    n_days: Floats
    clusters: Floats
    period: NDArray[np.int64]  # -1 is before the diet
    on_diet: NDArray[np.bool_]
    not_logged: Floats  # share of the days of the week's 28-day phase
    covariates: Floats  # a column each for illness, sleep, log hours watched; centred
    average: Floats
    day: NDArray[np.int64]
    rate_before: float  # clusters a logged day before the diet

    @classmethod
    def of(cls, days: LoggedDays) -> _Weeks:
        of_day = days.day // WEEK_DAYS
        weeks, index = np.unique(of_day, return_inverse=True)
        n_days = np.bincount(index).astype(float)
        member = (index == np.arange(len(weeks))[:, None]).astype(float)
        average = member / n_days[:, None]
        phase = (weeks * WEEK_DAYS) // PERIOD_DAYS
        not_logged = {
            p: 1.0 - float(n_days[phase == p].sum()) / _days_in(int(p), int(days.day.min()))
            for p in np.unique(phase)
        }
        daily = np.column_stack(
            [
                days.ill,
                _centred(days.sleep_hours),
                _centred(np.log(np.maximum(days.hours_watched, LEAST_HOURS_WATCHED))),
            ]
        )
        before = days.day < 0
        return cls(
            n_days=n_days,
            clusters=member @ days.clusters,
            period=phase,
            on_diet=weeks >= 0,
            not_logged=np.array([not_logged[p] for p in phase]),
            covariates=average @ daily,
            average=average,
            day=days.day,
            rate_before=float((days.clusters[before].sum() + 0.5) / before.sum()),
        )


def _days_in(phase: int, first_day: int) -> int:
    """Days of a 28-day phase; of the first of a longer baseline only those since the diary began."""
    start = PERIOD_DAYS * phase
    return PERIOD_DAYS if phase >= -1 else start + PERIOD_DAYS - max(start, first_day)


def _centred(values: Floats) -> Floats:
    """Distance from the child's own mean; zero where nothing was recorded."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros_like(values)
    return np.where(known, values - values[known].mean(), 0.0)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The hyperparameters, a row a grid point: variances of the log rate's mean over 28 days."""

    of_days: Floats
    of_spells: Floats
    of_drift: Floats
    slow_days: Floats
    log_prior: Floats

    @property
    def variance(self) -> Floats:
        return self.of_days + self.of_spells + self.of_drift


# A row each for share step, share of days, share of spells, days of the drift; a column a point.
_POINTS = np.array(
    [
        (step, *split, slow)
        for step, split, slow in itertools.product(SHARE_STEPS, SPLITS, SLOW_DAYS)
    ]
).T


def _grid(rate_before: float) -> _Grid:
    """Five sizes of natural variation, three ways to split it, two speeds of drift."""
    step, days, spells, slow_days = _POINTS
    variance = _monthly_log_variance(rate_before, step)
    return _Grid(
        of_days=variance * days,
        of_spells=variance * spells,
        of_drift=variance * (1.0 - days - spells),
        slow_days=slow_days,
        log_prior=-(step**2) / 2,
    )


def _mean_correlation(days: int, time_constant_days: float) -> float:
    """Variance of the mean over consecutive days of an autoregression of variance 1."""
    day = np.arange(days)
    return float(np.exp(-np.abs(day[:, None] - day) / time_constant_days).mean())


_OVER_MONTH = {t: _mean_correlation(PERIOD_DAYS, t) for t in (FAST_DAYS, *SLOW_DAYS)}


def _monthly_log_variance(rate: float, share_step: Floats) -> Floats:
    """Variance of a month's log rate beyond counting noise, at `rate` clusters a day.

    One value for each share of the published SD. Source: docs/statistics.md#effect.
    """
    month = PERIOD_DAYS * rate
    cv = 10 ** (MONTHLY_SD_SLOPE * math.log10(month) + MONTHLY_SD_INTERCEPT) / month
    share = SHARE_MEDIAN * np.exp(SHARE_LOG_SD * share_step)
    beyond = np.maximum((share * cv) ** 2 - 1.0 / month, LEAST_MONTHLY_VARIANCE)
    return np.minimum(np.log1p(beyond), MOST_MONTHLY_LOG_VARIANCE)


def _prior(weeks: _Weeks, grid: _Grid, medicines: Sequence[MedicineStep]) -> tuple[Floats, Floats]:
    """Mean (grid, week) and covariance (grid, week, week) of the weeks' log rates."""
    columns = [np.ones_like(weeks.n_days), weeks.on_diet.astype(float)]
    priors = [Normal(math.log(weeks.rate_before), LEVEL_SD), Normal(0.0, LASTING_CHANGE_SD)]
    for period in np.unique(weeks.period[weeks.on_diet]):
        columns.append((weeks.period == period).astype(float))
        priors.append(Normal(0.0, _period_sd(int(period))))
    columns += [*weeks.covariates.T, weeks.not_logged]
    priors += [ILLNESS, SLEEP_HOUR, LOG_HOURS_WATCHED, NOT_LOGGED]
    for medicine in medicines:
        ramp = np.clip((weeks.day - medicine.day + 1) / MEDICINE_RAMP_DAYS, 0.0, 1.0)
        columns.append(weeks.average @ ramp)
        priors.append(medicine.prior)
    x = np.column_stack(columns)
    fixed = (x * np.array([p.sd**2 for p in priors])) @ x.T

    before = (weeks.period == -1).astype(float)
    sd = np.sqrt(grid.variance)[:, None]
    mean = x @ np.array([p.mean for p in priors]) + sd * (BAD_START.mean * before)
    bad_start = (BAD_START.sd * sd)[:, :, None] ** 2 * np.outer(before, before)
    return mean, fixed + _age_walk(weeks) + bad_start + _wandering(weeks, grid)


def _period_sd(period: int) -> float:
    return FIRST_PERIOD_SD if period == 0 else LATER_PERIOD_SD


def _age_walk(weeks: _Weeks) -> Floats:
    """Covariance of a random walk from 28 days before the diet on, to both sides.

    Nothing without older days: the prior of months' variation then holds all there is.
    """
    months = (weeks.average @ weeks.day + PERIOD_DAYS) / PERIOD_DAYS
    if months.min() >= 0:
        return np.zeros((len(months), len(months)))
    back, on = np.maximum(-months, 0.0), np.maximum(months, 0.0)
    walk = np.minimum(back[:, None], back) + np.minimum(on[:, None], on)
    return np.asarray(AGE_WALK_SD**2 * walk)


def _wandering(weeks: _Weeks, grid: _Grid) -> Floats:
    """Covariance of the weekly means of spells and drift, both first-order autoregressions.

    Each is scaled so that its mean over 28 days has its share of the month's variance.
    """
    total = grid.of_spells[:, None, None] * _unit_month(weeks, FAST_DAYS)
    for days in SLOW_DAYS:
        here = np.where(grid.slow_days == days, grid.of_drift, 0.0)
        total = total + here[:, None, None] * _unit_month(weeks, days)
    return np.asarray(total)


def _unit_month(weeks: _Weeks, time_constant_days: float) -> Floats:
    """Covariance of weekly means of an autoregression whose 28-day mean has variance 1."""
    lag = np.abs(weeks.day[:, None] - weeks.day)
    daily = np.exp(-lag / time_constant_days)
    return np.asarray(weeks.average @ daily @ weeks.average.T / _OVER_MONTH[time_constant_days])
