"""The fast way to whole steps: the continuous optimum, snapped, and then a look around it.

A mixed-integer programme needs tens of milliseconds for what a few thousand combinations,
checked in one pass of numpy, settle in one or two. What is found here holds every constraint;
that it is the very best is likely and not proved. Finding nothing says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

import numpy as np

from quietdays.science.mealsolver.exact import Continuous, Finding, Outcome, closest
from quietdays.science.mealsolver.numeric import FLOATS, Numeric

# Binary rounding of a sum of a few products near 1; the verifier decides in decimals.
_TOLERANCE = 1e-12
_TOGETHER = 6  # foods moved at once around the snapped point
_MOST_PASSES = 12
_LEVEL_MOVES = 2000
_OUT_OF_BOUNDS = 1e3
_BLOCK = 150_000  # multiplications
# A cost this near to the continuous one needs no second look.
_NEAR_ENOUGH = 1.01
_WIDE = 8  # steps between least and most, beyond the reach of the first look
_FARTHEST = 10  # whole steps that a strong food is pinned away from its optimum
_STARTS, _IMPROVED = 6, 2
# Groups grow with the fourth power of the foods: of more foods, this many at a time.
_MOST_AT_ONCE = 10
_PARTITIONS = 3
_MOST_JUDGED = 1_200_000  # moves a search may judge: a count and no clock, so always the same
_Indices = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, slots=True)
class _Point:
    steps: FLOATS
    cost: float  # infinite where something is broken


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
    sums: int  # how many of the distances are of the whole meal

    def best(self, here: FLOATS, foods: _Indices, moves: FLOATS) -> _Point:
        """The best of all moves of these foods: the cheapest that holds everything.

        Where none does, the one that breaks least. Costs are worked out only for those few
        that hold, which is most of the speed.
        """
        count = len(self.low)
        held = _product(moves, self.rows[:count, foods].T) + self.rows[:count] @ here
        inside = np.minimum(np.maximum(held, self.low), self.high)
        over = np.abs(held - inside)
        holding = np.flatnonzero((over <= _TOLERANCE).all(axis=1))
        if len(holding):
            moved = here[foods] + moves[holding]
            within = (moved >= self.least[foods]) & (moved <= self.most[foods])
            holding = holding[within.all(axis=1)]
            if len(holding):
                cost = self._costs(here, foods, moves[holding])
                index = int(np.argmin(cost))
                return _Point(_moved(here, foods, moves[holding[index]]), float(cost[index]))
        moved = here[foods] + moves
        within = np.minimum(np.maximum(moved, self.least[foods]), self.most[foods])
        outside = np.abs(moved - within) @ np.ones(len(foods))
        broken = over @ np.ones(count) + _OUT_OF_BOUNDS * outside
        return _Point(_moved(here, foods, moves[int(np.argmin(broken))]), math.inf)

    def _costs(self, here: FLOATS, foods: _Indices, moves: FLOATS) -> FLOATS:
        """What each move costs: only its own foods and the sums of the meal come out anew."""
        distances = self.rows[len(self.low) :]
        kept = np.ones(len(distances), dtype=bool)
        kept[foods] = False
        kept[len(distances) - self.sums :] = False
        new = ~kept
        away = distances @ here - self.centres
        changed = np.abs(_product(moves, distances[np.ix_(new, foods)].T) + away[new])
        cost = changed @ self.weights[new] + np.abs(away[kept]) @ self.weights[kept]
        return np.asarray(cost)

    def level(self, foods: _Indices, moves: FLOATS) -> FLOATS:
        """Those moves that leave ratio, energy and volume most nearly as they are."""
        if len(moves) <= _LEVEL_MOVES:
            return moves
        sums = self.rows[-self.sums :, foods]
        change = np.abs(_product(moves, sums.T)) @ self.weights[-self.sums :]
        return moves[np.sort(np.argpartition(change, _LEVEL_MOVES)[:_LEVEL_MOVES])]


def search(numeric: Numeric, continuous: Continuous, start: Finding) -> FLOATS | None:
    """Whole steps near the continuous optimum that hold everything; None if none was met.

    1. Snap the optimum, try a grid around it, then groups of foods until nothing improves.
    2. Pin a food whose steps are coarse to the whole steps around its optimum and let the
       others follow; where even the continuous cost with that pin is below what was found,
       look around there too.
    """
    landscape = _landscape(numeric)
    if np.any(landscape.least > landscape.most):
        return None
    free = np.flatnonzero(landscape.most > landscape.least)
    look = _Look(landscape, numeric, free)
    best = look.improved(look.snapped(start.steps))
    wide = np.count_nonzero(landscape.most - landscape.least > _WIDE) > 2
    if wide and best.cost > start.value * _NEAR_ENOUGH:
        worth = best.cost / _NEAR_ENOUGH
        starts = [f.steps for f in _pinned(landscape, numeric, continuous, free, start, worth)]
        others = sorted(map(look.snapped, starts), key=lambda point: point.cost)[:_IMPROVED]
        best = min([best, *map(look.improved, others)], key=lambda point: point.cost)
    return None if math.isinf(best.cost) else best.steps


def _moved(here: FLOATS, foods: _Indices, move: FLOATS) -> FLOATS:
    there = here.copy()
    there[foods] += move
    return there


class _Look:
    """Looking around points of one problem: its moves are laid out once, and counted."""

    def __init__(self, landscape: _Landscape, numeric: Numeric, free: _Indices) -> None:
        self._landscape = landscape
        ordered = free[np.argsort(-_strength(numeric)[free], kind="stable")]
        self._windows = [free] if len(free) <= _MOST_AT_ONCE else _windows(ordered)
        self._far: dict[int, FLOATS] = {}
        self._left = _MOST_JUDGED
        if len(free) > _TOGETHER:
            # The strongest move the ratio most, the finest mend what is left.
            half = _TOGETHER // 2
            ordered = np.concatenate([ordered[:half], ordered[-(_TOGETHER - half) :]])
        self._together = ordered

    def snapped(self, continuous: FLOATS) -> _Point:
        """The best of a grid around the nearest whole steps."""
        here = np.clip(np.rint(continuous), self._landscape.least, self._landscape.most)
        grid = _grid(len(self._together))
        self._left -= len(grid)
        return self._landscape.best(here, self._together, grid)

    def improved(self, point: _Point) -> _Point:
        """Moved on while any group of foods makes it better and moves are left to judge."""
        for _ in range(_MOST_PASSES):
            better = self._pass(point, far=False)
            if np.array_equal(better.steps, point.steps):
                better = self._pass(point, far=True)
                if np.array_equal(better.steps, point.steps):
                    break
            point = better
        return point

    def _pass(self, point: _Point, *, far: bool) -> _Point:
        """Every window once, each from where the last one led."""
        for index, window in enumerate(self._windows):
            moves = self._far_moves(index) if far else _near(len(window))
            if len(moves) > self._left:
                break
            self._left -= len(moves)
            point = self._landscape.best(point.steps, window, moves)
        return point

    def _far_moves(self, index: int) -> FLOATS:
        if index not in self._far:
            window = self._windows[index]
            self._far[index] = self._landscape.level(window, _far(len(window)))
        return self._far[index]


def _windows(ordered: _Indices) -> list[_Indices]:
    """Foods that are moved together, where there are too many to move all of them so.

    First every so-manieth in the order of strength, so that strong and fine ones meet in each
    window; then the same after mixing them with a fixed seed, so that others meet.
    """
    parts = -(-len(ordered) // _MOST_AT_ONCE)
    mixing = np.random.default_rng(1)
    orders = [ordered, *(mixing.permutation(ordered) for _ in range(_PARTITIONS - 1))]
    return [order[start::parts] for order in orders for start in range(parts)]


def _pinned(
    landscape: _Landscape,
    numeric: Numeric,
    continuous: Continuous,
    free: _Indices,
    start: Finding,
    cost: float,
) -> list[Finding]:
    """Continuous optima with the two strongest foods at whole steps, cheapest first.

    The cost is convex in one food's amount, so from the optimum outwards the first amount
    that costs too much ends the walk; the second food is held on both sides of where it falls.
    """
    first, second = free[np.argsort(-_strength(numeric)[free], kind="stable")][:2].tolist()
    down = math.floor(start.steps[first] + 1e-9)
    walked = [
        (held.value, pin, held.steps[second])
        for direction, begin in ((-1, down), (1, down + 1))
        for pin, held in _walk(landscape, continuous, first, (begin, direction), cost)
    ]
    found = []
    for _, pin, other in sorted(walked)[:_STARTS]:
        below = math.floor(other + 1e-9)
        for pair in ({first: pin, second: float(b)} for b in (below, below + 1)):
            if landscape.least[second] <= pair[second] <= landscape.most[second]:
                found.append(continuous.pinned(pair))
    found = [f for f in found if f.outcome is Outcome.FOUND and f.value < cost]
    return sorted(found, key=lambda finding: finding.value)[:_STARTS]


def _walk(
    landscape: _Landscape,
    continuous: Continuous,
    item: int,
    from_and_by: tuple[int, int],
    cost: float,
) -> Iterator[tuple[float, Finding]]:
    begin, by = from_and_by
    for count in range(_FARTHEST):
        pin = float(begin + by * count)
        if not landscape.least[item] <= pin <= landscape.most[item]:
            return
        held = continuous.pinned({item: pin})
        if held.outcome is not Outcome.FOUND or held.value >= cost:
            return
        yield pin, held


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
        sums=len(distances) - len(numeric.steps),
    )


def _strength(numeric: Numeric) -> FLOATS:
    """How much one step of each food moves the ratio."""
    return np.asarray(np.abs(numeric.rows[0].coefficients))


def _product(tall: FLOATS, small: FLOATS) -> FLOATS:
    """A matrix product in blocks so small that no library starts threads for them.

    Threads gain nothing at this size, and where the machine is busy they cost tenfold.
    """
    block = _BLOCK // max(1, small.size) + 1
    if len(tall) <= block:
        return tall @ small
    parts = [tall[at : at + block] @ small for at in range(0, len(tall), block)]
    return np.concatenate(parts)


@lru_cache(maxsize=16)
def _grid(count: int) -> FLOATS:
    """All combinations of a few steps more or less; the unmoved point first."""
    reach = {0: 0, 1: 40, 2: 20, 3: 7, 4: 4, 5: 2}.get(count)
    reaches = [reach] * count if reach is not None else [2] * 3 + [1] * (count - 3)
    return np.array(list(product(*(_outwards(r) for r in reaches))), dtype=float)


@lru_cache(maxsize=32)
def _near(count: int) -> FLOATS:
    """Up to three steps in every two or three of so many foods; the unmoved point first."""
    return _moves(count, {min(3, count): 3}) if count < 6 else _moves(count, {2: 4, 3: 2})


@lru_cache(maxsize=32)
def _far(count: int) -> FLOATS:
    """Few foods moved far against each other, and many moved a little."""
    triples = {3: 12, 4: 8, 5: 6, 6: 4}.get(count, 3)
    return _moves(count, {2: 20, 3: triples, 4: 2 if count < 6 else 1})


def _moves(count: int, reach: dict[int, int]) -> FLOATS:
    """For each size of group, all steps within its reach in every group; unmoved first."""
    found = [np.zeros((1, count))]
    for size, steps in reach.items():
        if size > count:
            continue
        changes = np.array(list(product(_outwards(steps), repeat=size)), dtype=float)
        for group in combinations(range(count), size):
            moves = np.zeros((len(changes), count))
            moves[:, group] = changes
            found.append(moves)
    return np.concatenate(found)


def _outwards(reach: int) -> list[int]:
    return sorted(range(-reach, reach + 1), key=abs)
