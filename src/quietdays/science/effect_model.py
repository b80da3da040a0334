"""How much more or less often clusters were seen than the same days would have given anyway.

The weeks' counts are negative binomial around a log rate that drifts by itself, answers to
illness, sleep, watching and medicines, and may shift when the diet starts. How far a rate
drifts by itself cannot be learnt from 28 days, so it comes from other children, as a prior.
For fixed hyperparameters everything but the counts is Gaussian: Newton finds the peak,
Laplace its width, and the answer is the mixture over a grid of hyperparameters.
Source: docs/statistics.md#effect.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PERIOD_DAYS = 28
WEEK_DAYS = 7

# The judged period and the two before it: 12 weeks and the 4 before the diet make 16.
RECENT_PERIODS = 3


class Normal(NamedTuple):
    """A prior: mean and standard deviation, on the log scale of the rate."""

    mean: float
    sd: float


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

FAST_DAYS = 2.0  # assumption: time constant of good and bad spells
SLOW_DAYS = (9.0, 30.0)  # assumption: time constants of the drift, equally likely
# Assumption, equally likely: shares of a month's variance due to single days, spells, drift.
SPLITS = ((0.40, 0.30, 0.30), (0.25, 0.30, 0.45), (0.05, 0.15, 0.80))
# The grid's points for the share of the published SD, in SDs of its log-normal prior.
SHARE_STEPS = (-2.4, -1.2, 0.0, 1.2, 2.4)

LEAST_HOURS_WATCHED = 0.5  # below half an hour the logarithm says more than the carer meant
_NEWTON_STEPS = 40
_HALVINGS = 12
_TOLERANCE = 1e-8
_BISECTIONS = 32  # to 1e-8 of a log ratio

# numpy has neither; the standard library has both, one number at a time.
_erf = np.vectorize(math.erf, otypes=[float])
_lgamma = np.vectorize(math.lgamma, otypes=[float])


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


@dataclass(frozen=True, slots=True)
class Mixture:
    """Weighted normal distributions of the log ratio."""

    weight: Floats
    mean: Floats
    sd: Floats

    def below(self, log_ratio: float) -> float:
        """Probability that the log ratio is `log_ratio` or less."""
        # The weights sum to 1 only up to the last binary digit.
        return min(1.0, float(self._cdf(np.array([log_ratio]))[0]))

    def ratios_at(self, probabilities: Sequence[float]) -> list[float]:
        """The ratios below which these shares of the distribution lie, by bisection."""
        p = np.array(probabilities)
        lo = np.full(p.shape, float(np.min(self.mean - 9 * self.sd)))
        hi = np.full(p.shape, float(np.max(self.mean + 9 * self.sd)))
        for _ in range(_BISECTIONS):
            middle = (lo + hi) / 2
            under = self._cdf(middle) < p
            lo, hi = np.where(under, middle, lo), np.where(under, hi, middle)
        return [float(x) for x in np.exp((lo + hi) / 2)]

    def _cdf(self, x: Floats) -> Floats:
        z = (x[:, None] - self.mean) / (self.sd * math.sqrt(2.0))
        return np.asarray((1.0 + _erf(z)) @ self.weight / 2.0)


def fit(days: LoggedDays, *, period: int, medicines: Sequence[MedicineStep]) -> Mixture:
    """Distribution of the log rate ratio of one 28-day period of the diet (0 is the first).

    Uses the 28 days before the diet and at most twelve weeks up to the period's end, never
    a later day: what was said about a period does not change as the diary goes on. Needs
    at least one logged day before the diet and one in the period.
    """
    weeks = _Weeks.of(_days_used(days, period))
    grid = _grid(weeks.rate_before)
    mean, covariance = _prior(weeks, grid, medicines)
    shape = weeks.n_days / (PERIOD_DAYS * grid.variance[:, None] * grid.split[:, :1])
    peak = _laplace(weeks, shape, mean, covariance)

    # The change and the weeks' log rates are jointly normal, so the peak of the one gives the
    # mean and variance of the other through their covariance.
    own_sd = _period_sd(period)
    with_target = np.where(weeks.on_diet, LASTING_CHANGE_SD**2, 0.0)
    with_target = with_target + np.where(weeks.period == period, own_sd**2, 0.0)
    target_mean = peak.gradient @ with_target
    shrink = np.einsum("i,gij,j->g", with_target, peak.precision, with_target)
    target_variance = LASTING_CHANGE_SD**2 + own_sd**2 - shrink
    log_weight = peak.log_evidence + grid.log_prior
    weight = np.exp(log_weight - log_weight.max())
    return Mixture(weight / weight.sum(), target_mean, np.sqrt(np.maximum(target_variance, 1e-9)))


def _days_used(days: LoggedDays, period: int) -> LoggedDays:
    end = PERIOD_DAYS * (period + 1)
    recent = (days.day >= max(0, end - RECENT_PERIODS * PERIOD_DAYS)) & (days.day < end)
    return days.where(((days.day >= -PERIOD_DAYS) & (days.day < 0)) | recent)


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
        logged = {p: float(n_days[phase == p].sum()) for p in np.unique(phase)}
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
            not_logged=np.array([1.0 - logged[p] / PERIOD_DAYS for p in phase]),
            covariates=average @ daily,
            average=average,
            day=days.day,
            rate_before=float((days.clusters[before].sum() + 0.5) / before.sum()),
        )


def _centred(values: Floats) -> Floats:
    """Distance from the child's own mean; zero where nothing was recorded."""
    known = np.isfinite(values)
    if not known.any():
        return np.zeros_like(values)
    return np.where(known, values - values[known].mean(), 0.0)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The hyperparameters, a row a grid point."""

    variance: Floats  # of the log rate over 28 days
    split: Floats  # single days, spells, drift; sums to 1
    slow_days: Floats
    log_prior: Floats


def _grid(rate_before: float) -> _Grid:
    """Five sizes of natural variation, three ways to split it, two speeds of drift."""
    variance = _monthly_log_variance(rate_before)
    rows = [
        (v, *split, slow, -(step**2) / 2)
        for v, step in zip(variance, SHARE_STEPS, strict=True)
        for split in SPLITS
        for slow in SLOW_DAYS
    ]
    table = np.array(rows)
    return _Grid(table[:, 0], table[:, 1:4], table[:, 4], table[:, 5])


def _monthly_log_variance(rate: float) -> list[float]:
    """Variance of a month's log rate beyond counting noise, at `rate` clusters a day.

    One value for each share of the published SD. Source: docs/statistics.md#effect.
    """
    month = PERIOD_DAYS * rate
    cv = 10 ** (MONTHLY_SD_SLOPE * math.log10(month) + MONTHLY_SD_INTERCEPT) / month
    sizes = []
    for step in SHARE_STEPS:
        share = SHARE_MEDIAN * math.exp(SHARE_LOG_SD * step)
        beyond = max((share * cv) ** 2 - 1.0 / month, LEAST_MONTHLY_VARIANCE)
        sizes.append(min(math.log1p(beyond), MOST_MONTHLY_LOG_VARIANCE))
    return sizes


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

    before = (~weeks.on_diet).astype(float)
    bad_start_mean = np.sqrt(grid.variance)[:, None] * (BAD_START.mean * before)
    bad_start = (BAD_START.sd**2 * grid.variance)[:, None, None] * np.outer(before, before)
    mean = x @ np.array([p.mean for p in priors]) + bad_start_mean
    return mean, fixed + bad_start + _wandering(weeks, grid)


def _period_sd(period: int) -> float:
    return FIRST_PERIOD_SD if period == 0 else LATER_PERIOD_SD


def _wandering(weeks: _Weeks, grid: _Grid) -> Floats:
    """Covariance of the weekly means of spells and drift, both first-order autoregressions.

    Each is scaled so that its mean over 28 days has its share of the month's variance.
    """
    fast = grid.variance * grid.split[:, 1]
    slow = grid.variance * grid.split[:, 2]
    total = fast[:, None, None] * _unit_month(weeks, FAST_DAYS)
    for days in SLOW_DAYS:
        here = np.where(grid.slow_days == days, slow, 0.0)
        total = total + here[:, None, None] * _unit_month(weeks, days)
    return np.asarray(total)


def _unit_month(weeks: _Weeks, time_constant_days: float) -> Floats:
    """Covariance of weekly means of an autoregression whose 28-day mean has variance 1."""
    lag = np.abs(weeks.day[:, None] - weeks.day)
    daily = np.exp(-lag / time_constant_days)
    month = np.arange(PERIOD_DAYS)
    over_month = np.exp(-np.abs(month[:, None] - month) / time_constant_days).mean()
    return np.asarray(weeks.average @ daily @ weeks.average.T / over_month)


@dataclass(frozen=True, slots=True)
class _Peak:
    """The most likely log rates at each grid point, with the curvature around them."""

    log_evidence: Floats
    gradient: Floats  # of the log likelihood, (grid, week)
    precision: Floats  # inverse of prior covariance plus inverse curvature


def _laplace(weeks: _Weeks, shape: Floats, mean: Floats, covariance: Floats) -> _Peak:
    """Newton steps with halving, all grid points at once.

    Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithm 3.1:
    log rates are mean + covariance @ pull, and at the peak the pull is the gradient.
    """
    pull = np.zeros_like(mean)
    counts = _Counts.of(weeks, shape)
    best = counts.log_likelihood(mean)
    for _ in range(_NEWTON_STEPS):
        centred = _times(covariance, pull)
        gradient, curvature = counts.slopes(mean + centred)
        precision = _precision(covariance, curvature)
        wanted = curvature * centred + gradient
        step = wanted - _times(precision, _times(covariance, wanted)) - pull
        pull, gained = _uphill(counts, mean, covariance, pull, step, best)
        best = best + gained
        if np.max(gained) < _TOLERANCE:
            break
    gradient, curvature = counts.slopes(mean + _times(covariance, pull))
    log_evidence = best - _log_determinant(covariance, curvature) / 2
    return _Peak(log_evidence, gradient, _precision(covariance, curvature))


def _uphill(
    counts: _Counts, mean: Floats, covariance: Floats, pull: Floats, step: Floats, best: Floats
) -> tuple[Floats, Floats]:
    """The pull after a step that does not lower the posterior, and what each point gained."""
    size = np.ones_like(best)
    for _ in range(_HALVINGS):
        tried = pull + size[:, None] * step
        centred = _times(covariance, tried)
        gained = counts.log_likelihood(mean + centred) - (tried * centred).sum(axis=1) / 2 - best
        worse = ~(gained >= 0)  # also true of NaN
        if not worse.any():
            return tried, gained
        size = np.where(worse, size / 2, size)
    return np.where(worse[:, None], pull, tried), np.where(worse, 0.0, gained)


def _times(matrices: Floats, vectors: Floats) -> Floats:
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def _scaled(covariance: Floats, curvature: Floats) -> tuple[Floats, Floats]:
    """B = I + W½ K W½, which is never singular, and the scale W½ W½ around it."""
    root = np.sqrt(curvature)
    scale = root[:, :, None] * root[:, None, :]
    return np.eye(root.shape[1]) + scale * covariance, scale


def _precision(covariance: Floats, curvature: Floats) -> Floats:
    """(K + W⁻¹)⁻¹ = W½ B⁻¹ W½."""
    b, scale = _scaled(covariance, curvature)
    return np.asarray(scale * np.linalg.inv(b))


def _log_determinant(covariance: Floats, curvature: Floats) -> Floats:
    b, _ = _scaled(covariance, curvature)
    return np.asarray(np.linalg.slogdet(b)[1])


@dataclass(frozen=True, slots=True)
class _Counts:
    """Negative binomial likelihood of the weekly clusters, as a function of log rates a day."""

    y: Floats
    n_days: Floats
    shape: Floats  # (grid, week)
    constant: Floats  # (grid,)

    @classmethod
    def of(cls, weeks: _Weeks, shape: Floats) -> _Counts:
        y = weeks.clusters
        terms = _lgamma(y + shape) - _lgamma(shape) - _lgamma(y + 1.0)
        return cls(y, weeks.n_days, shape, terms.sum(axis=1))

    def log_likelihood(self, log_rate: Floats) -> Floats:
        # Written with log(mean / shape), so that no rate is too small or too large.
        odds = log_rate + np.log(self.n_days / self.shape)
        terms = self.y * odds - (self.y + self.shape) * np.logaddexp(0.0, odds)
        return np.asarray(self.constant + terms.sum(axis=1))

    def slopes(self, log_rate: Floats) -> tuple[Floats, Floats]:
        """First derivative by the log rates, and minus the second (never negative)."""
        odds = log_rate + np.log(self.n_days / self.shape)
        share = 1.0 / (1.0 + np.exp(-np.clip(odds, -500.0, 500.0)))
        total = self.y + self.shape
        return self.y - total * share, total * share * (1.0 - share)
