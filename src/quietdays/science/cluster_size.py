"""Did clusters hold fewer or more spasms than before? A ratio beside the verdict, never in it.

A carer counts clusters better than spasms within one, and rounds long counts, so this ratio
has its own, wider limits. Source: docs/statistics.md#effect.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from quietdays.science.count_model import t_quantile
from quietdays.science.days import DiaryDay

# Assumptions; docs/statistics.md#effect has the table.
MIN_COUNTED_CLUSTERS = 10
LEAST_CLUSTER_CV = 0.5  # single clusters differ by at least this much from their mean
MONTH_LOG_SD = 0.15  # by how much the mean size wanders from month to month by itself
ROUNDED_FROM, ROUNDED_TO = 20, 5  # longer daily counts are rounded to the next five
_LEAST_ROUNDING_LOG_SD = 0.02


@dataclass(frozen=True, slots=True)
class SizeRatio:
    """Spasms a cluster in a period, divided by those of the 28 days before the diet.

    `counted_before` and `counted_during` are the clusters whose spasms were counted. The 95 %
    limits allow for clusters that differ, for months that differ, and for rounding.
    """

    ratio: float
    lo95: float
    hi95: float
    counted_before: int
    counted_during: int


@dataclass(frozen=True, slots=True)
class _Sizes:
    clusters: NDArray[np.float64]  # a day that has a full count
    spasms: NDArray[np.float64]

    @property
    def mean(self) -> float:
        return float(self.spasms.sum() / self.clusters.sum())


def is_floor(day: DiaryDay) -> bool:
    """Whether the day's spasms are only "at least" so many."""
    return day.spasms_at_least or bool(day.clusters and day.spasms is None)


def size_ratio(before: Sequence[DiaryDay], during: Sequence[DiaryDay]) -> SizeRatio | None:
    """The ratio of mean cluster sizes of two runs of counted days.

    None when either has fewer than 10 clusters with a full count, or when the counts of most
    of its days with clusters are floors.
    """
    a, b = _sizes(before), _sizes(during)
    if a is None or b is None:
        return None
    log_sd = math.sqrt(_log_variance(a) + _log_variance(b))
    ratio = b.mean / a.mean
    factor = math.exp(t_quantile(0.975, len(a.clusters) + len(b.clusters) - 2) * log_sd)
    return SizeRatio(
        ratio, ratio / factor, ratio * factor, int(a.clusters.sum()), int(b.clusters.sum())
    )


def _sizes(days: Sequence[DiaryDay]) -> _Sizes | None:
    with_clusters = [d for d in days if d.clusters]
    full = [(d.clusters, d.spasms) for d in with_clusters if d.spasms and not is_floor(d)]
    if 2 * len(full) <= len(with_clusters):
        return None
    table = np.array(full, dtype=float)
    if table[:, 0].sum() < MIN_COUNTED_CLUSTERS:
        return None
    return _Sizes(table[:, 0], table[:, 1])


def _log_variance(sizes: _Sizes) -> float:
    """Variance of the log of the mean size (delta method, days as the units of sampling)."""
    clusters, spasms = sizes.clusters, sizes.spasms
    total = float(spasms.sum())
    days = len(clusters)
    residual = spasms - sizes.mean * clusters
    between_days = float((residual**2).sum()) / total**2 * days / max(days - 1, 1)
    between_clusters = LEAST_CLUSTER_CV**2 / float(clusters.sum())
    # All long days rounded in one direction would shift the sum by half a step each.
    rounded = float((spasms > ROUNDED_FROM).sum())
    rounding = max(_LEAST_ROUNDING_LOG_SD, ROUNDED_TO / 2 / math.sqrt(3) * rounded / total)
    return max(between_days, between_clusters) + MONTH_LOG_SD**2 + rounding**2
