"""Counts around a Gaussian log rate: peak, evidence and mixtures, for many priors at once.

The numbers under `effect_model` and `factors`; nothing here knows of a diet. For fixed
hyperparameters all but the counts is Gaussian: Newton finds the peak, Laplace its width.
The grid of hyperparameters is the first axis of every array.
Source: docs/statistics.md#effect.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NEWTON_STEPS = 40
_HALVINGS = 12
_TOLERANCE = 1e-4  # gained by a Newton step, which squares it: the next would gain 1e-8
_CDF_POINTS = 65
_REFINEMENTS = 30  # bisections and Newton steps together; two to four are usual
_CDF_TOLERANCE = 1e-9
_SHIFT = 6  # arguments of log gamma are raised by this much before Stirling's series


class Normal(NamedTuple):
    """A prior: mean and standard deviation, on the log scale of the rate."""

    mean: float
    sd: float


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
        """The ratios below which these shares of the distribution lie."""
        p = np.array(probabilities)
        ends = float(np.min(self.mean - 9 * self.sd)), float(np.max(self.mean + 9 * self.sd))
        points = np.linspace(*ends, _CDF_POINTS)
        above = np.clip(np.searchsorted(self._cdf(points), p), 1, _CDF_POINTS - 1)
        lo, hi = points[above - 1], points[above]
        x = (lo + hi) / 2
        for _ in range(_REFINEMENTS):
            error = self._cdf(x) - p
            if np.max(np.abs(error)) < _CDF_TOLERANCE:
                break
            lo, hi = np.where(error < 0, x, lo), np.where(error < 0, hi, x)
            newton = x - error / np.maximum(self._density(x), 1e-300)
            x = np.where((newton > lo) & (newton < hi), newton, (lo + hi) / 2)
        return [float(value) for value in np.exp(x)]

    def _cdf(self, x: Floats) -> Floats:
        return np.asarray(normal_cdf((x[:, None] - self.mean) / self.sd) @ self.weight)

    def _density(self, x: Floats) -> Floats:
        z = (x[:, None] - self.mean) / self.sd
        return np.asarray(np.exp(-(z**2) / 2) @ (self.weight / self.sd) / math.sqrt(2 * math.pi))


def normal_cdf(z: Floats) -> Floats:
    """Standard normal distribution function, to 1.2e-7 of the smaller tail.

    Press et al., Numerical Recipes in C, 2nd edition (1992), 6.2 (erfcc).
    """
    t = 1.0 / (1.0 + np.abs(z) * (0.5 / math.sqrt(2.0)))
    powers = np.full_like(t, 0.17087277)
    for coefficient in (-0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806,
                        0.09678418, 0.37409196, 1.00002368, -1.26551223):  # fmt: skip
        powers = powers * t + coefficient
    tail = t * np.exp(powers - z * z / 2) / 2
    return np.where(z < 0, tail, 1.0 - tail)


def t_quantile(p: float, freedom: float) -> float:
    """The p-th quantile of Student's t, to 4 % for p up to 0.997 from 3 degrees of freedom on.

    Fewer than 3 are taken as 3. Cornish and Fisher's expansion: Abramowitz and Stegun (1964),
    26.7.5.
    """
    z, f = NormalDist().inv_cdf(p), max(freedom, 3.0)
    terms = (
        z,
        (z**3 + z) / 4 / f,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96 / f**2,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384 / f**3,
    )
    return math.fsum(terms)


def log_gamma(x: Floats) -> Floats:
    """Natural logarithm of the gamma function of positive numbers, to 1e-10.

    Stirling's series after raising the argument: Abramowitz and Stegun (1964), 6.1.41.
    """
    product = np.ones_like(x)
    for i in range(_SHIFT):
        product = product * (x + i)
    y = x + _SHIFT
    inverse = 1.0 / y
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    raised = (y - 0.5) * np.log(y) - y + 0.5 * math.log(2 * math.pi) + series
    return np.asarray(raised - np.log(product))


@dataclass(frozen=True, slots=True)
class Counts:
    """Negative binomial likelihood of counts, as a function of the log rate a day.

    `y` and `exposure` (days) are an entry a count, `shape` a row a grid point.
    """

    y: Floats
    exposure: Floats
    shape: Floats
    log_exposure_by_shape: Floats
    constant: Floats

    @classmethod
    def of(cls, y: Floats, exposure: Floats, shape: Floats) -> Counts:
        terms = log_gamma(y + shape) - log_gamma(shape) - log_gamma(y + 1.0)
        return cls(y, exposure, shape, np.log(exposure / shape), terms.sum(axis=1))

    def log_likelihood(self, log_rate: Floats) -> Floats:
        # Written with log(mean / shape), so that no rate is too small or too large.
        odds = log_rate + self.log_exposure_by_shape
        terms = self.y * odds - (self.y + self.shape) * np.logaddexp(0.0, odds)
        return np.asarray(self.constant + terms.sum(axis=1))

    def slopes(self, log_rate: Floats) -> tuple[Floats, Floats]:
        """First derivative by the log rates, and minus the second (never negative)."""
        odds = log_rate + self.log_exposure_by_shape
        share = 1.0 / (1.0 + np.exp(-np.clip(odds, -500.0, 500.0)))
        total = self.y + self.shape
        return self.y - total * share, total * share * (1.0 - share)


@dataclass(frozen=True, slots=True)
class Peak:
    """The most likely log rates at each grid point, with the curvature around them."""

    log_evidence: Floats
    gradient: Floats  # of the log likelihood, (grid, count)
    precision: Floats  # inverse of prior covariance plus inverse curvature

    def linear(self, covariance_with: Floats, variance: float) -> tuple[Floats, Floats]:
        """Mean and SD of a Gaussian quantity of prior mean 0, from its prior variance and its
        prior covariance with the log rates: (grid,) each."""
        mean = self.gradient @ covariance_with
        shrink = np.einsum("i,gij,j->g", covariance_with, self.precision, covariance_with)
        return mean, np.sqrt(np.maximum(variance - shrink, 1e-9))


def laplace(counts: Counts, mean: Floats, covariance: Floats) -> Peak:
    """Newton steps with halving, all grid points at once.

    Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), algorithm 3.1:
    log rates are mean + covariance @ pull, and at the peak the pull is the gradient.
    """
    pull = np.zeros_like(mean)
    centred = np.zeros_like(mean)
    best = counts.log_likelihood(mean)
    for _ in range(_NEWTON_STEPS):
        gradient, curvature = counts.slopes(mean + centred)
        wanted = curvature * centred + gradient
        root = np.sqrt(curvature)
        b = _scaled(covariance, root)
        inner = np.linalg.solve(b, (root * _times(covariance, wanted))[:, :, None])[:, :, 0]
        step = wanted - root * inner - pull
        pull, centred, gained = _uphill(counts, mean, covariance, pull, step, best)
        best = best + gained
        if np.max(gained) < _TOLERANCE:
            break
    gradient, curvature = counts.slopes(mean + centred)
    root = np.sqrt(curvature)
    b = _scaled(covariance, root)
    precision = root[:, :, None] * root[:, None, :] * np.linalg.inv(b)
    return Peak(best - np.linalg.slogdet(b)[1] / 2, gradient, precision)


def _uphill(
    counts: Counts, mean: Floats, covariance: Floats, pull: Floats, step: Floats, best: Floats
) -> tuple[Floats, Floats, Floats]:
    """The pull after a step that does not lower the posterior, and what each point gained."""
    size = np.ones_like(best)
    for _ in range(_HALVINGS):
        tried = pull + size[:, None] * step
        centred = _times(covariance, tried)
        gained = counts.log_likelihood(mean + centred) - (tried * centred).sum(axis=1) / 2 - best
        worse = ~(gained >= 0)  # also true of NaN
        if not worse.any():
            return tried, centred, gained
        size = np.where(worse, size / 2, size)
    kept = np.where(worse[:, None], pull, tried)
    return kept, _times(covariance, kept), np.where(worse, 0.0, gained)


def _times(matrices: Floats, vectors: Floats) -> Floats:
    return np.asarray((matrices @ vectors[:, :, None])[:, :, 0])


def _scaled(covariance: Floats, root: Floats) -> Floats:
    """B = I + W½ K W½, which is never singular; `root` is W½."""
    b = root[:, :, None] * covariance * root[:, None, :]
    diagonal = np.arange(root.shape[1])
    b[:, diagonal, diagonal] += 1.0
    return b
