"""The fast way to whole steps: the continuous optimum, snapped, and then a look around it.

A mixed-integer programme needs tens of milliseconds for what a few thousand combinations,
checked in one pass of numpy, settle in one or two. What is found here holds every constraint;
that it is the very best is likely and not proved. Finding nothing says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

import numpy as np

from quietdays.science.mealsolver.exact import closest
from quietdays.science.mealsolver.numeric import FLOATS, Numeric

# Binary rounding of a sum of a few products near 1; the verifier decides in decimals.
_TOLERANCE = 1e-12
_TOGETHER = 6  # foods moved at once around the snapped point
_MOST_PASSES = 12


@dataclass(frozen=True, slots=True)
class _Landscape:
    """Constraints and costs as one matrix, so that one product judges all candidates."""

    rows: FLOATS  # constraints, then distances, one column a food
    low: FLOATS
    high: FLOATS
    centres: FLOATS
    weights: FLOATS
    least: FLOATS
    most: FLOATS

    def judged(self, candidates: FLOATS) -> tuple[FLOATS, FLOATS]:
        """For each candidate how much it breaks (nought where all holds) and what it costs."""
        values = candidates @ self.rows.T
        held = values[:, : len(self.low)]
        over = np.maximum(self.low - held, held - self.high)
        outside = np.maximum(self.least - candidates, candidates - self.most)
        broken = np.maximum(over - _TOLERANCE, 0.0).sum(axis=1)
        broken += 1e3 * np.maximum(outside, 0.0).sum(axis=1)
        cost = np.abs(values[:, len(self.low) :] - self.centres) @ self.weights
        return broken, cost


def search(numeric: Numeric, continuous: FLOATS) -> FLOATS | None:
    """Whole steps near the continuous optimum that hold everything; None if none was met."""
    landscape = _landscape(numeric)
    if np.any(landscape.least > landscape.most):
        return None
    here = np.clip(np.rint(continuous), landscape.least, landscape.most)
    free = np.flatnonzero(landscape.most > landscape.least)
    if not len(free):
        return here if landscape.judged(here[None, :])[0][0] == 0 else None
    ordered = free[np.argsort(-_strength(numeric, free), kind="stable")]
    if len(free) > _TOGETHER:
        # The strongest move the ratio most, the finest mend what is left.
        half = _TOGETHER // 2
        together = np.concatenate([ordered[:half], ordered[-(_TOGETHER - half) :]])
    else:
        together = ordered
    here = _best(landscape, here, together, _grid(len(together)))
    for _ in range(_MOST_PASSES):
        better = _best(landscape, here, free, _groups(len(free)))
        if np.array_equal(better, here):
            break
        here = better
    return here if landscape.judged(here[None, :])[0][0] == 0 else None


def _landscape(numeric: Numeric) -> _Landscape:
    least, most = numeric.limits(numeric.model.names, whole=True)
    distances = closest(numeric.model).distances
    far = [d.coefficients * numeric.steps for d in distances]
    return _Landscape(
        rows=np.array([*(row.coefficients for row in numeric.rows), *far]),
        low=np.array([row.low for row in numeric.rows]),
        high=np.array([row.high for row in numeric.rows]),
        centres=np.array([d.centre for d in distances]),
        weights=np.array([d.weight_above for d in distances]),
        least=least,
        most=most,
    )


def _strength(numeric: Numeric, free: np.ndarray[tuple[int], np.dtype[np.intp]]) -> FLOATS:
    """How much one step of each food moves the ratio."""
    ratio_row = numeric.rows[0].coefficients
    return np.asarray(np.abs(ratio_row[free]))


def _best(
    landscape: _Landscape,
    here: FLOATS,
    foods: np.ndarray[tuple[int], np.dtype[np.intp]],
    moves: FLOATS,
) -> FLOATS:
    """The best of all moves of these foods: first what breaks least, then what costs least."""
    candidates = np.repeat(here[None, :], len(moves), axis=0)
    candidates[:, foods] += moves
    broken, cost = landscape.judged(candidates)
    holds = broken == 0
    if holds.any():
        return np.asarray(candidates[np.argmin(np.where(holds, cost, np.inf))])
    return np.asarray(candidates[np.argmin(broken)])


@lru_cache(maxsize=16)
def _grid(count: int) -> FLOATS:
    """All combinations of up to two steps more or less; the unmoved point first."""
    reach = {1: 40, 2: 20, 3: 7, 4: 4, 5: 2}.get(count, 2)
    steps = sorted(range(-reach, reach + 1), key=abs)
    return np.array(list(product(steps, repeat=count)), dtype=float)


@lru_cache(maxsize=32)
def _groups(count: int) -> FLOATS:
    """Up to three steps in every two or three of so many foods; the unmoved point first."""
    size = min(3, count)
    steps = sorted(range(-3, 4), key=abs)
    moves = {tuple([0] * count): None}
    for group in combinations(range(count), size):
        for change in product(steps, repeat=size):
            move = [0] * count
            for index, by in zip(group, change, strict=True):
                move[index] = by
            moves[tuple(move)] = None
    return np.array(list(moves), dtype=float)
