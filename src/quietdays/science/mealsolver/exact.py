"""The model as a mixed-integer programme: the answer that nothing can improve, or the proof.

One thread, a fixed seed and a fixed gap give the same answer twice. The time limit is a guard
for a problem that nobody meets in a kitchen; when it strikes, nothing is claimed.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import highspy
import numpy as np

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.model import Model, Row
from quietdays.science.mealsolver.numeric import FLOATS, Numeric, numeric_row

TIME_LIMIT_S = 2.0
# The answer is within this share of the best there is.
_GAP = 1e-4
_TOLERANCE = 1e-9
_SEED = 7


class Outcome(Enum):
    FOUND = auto()
    IMPOSSIBLE = auto()
    OUT_OF_TIME = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """What the programme came to. `steps` counts steps, broken ones where steps are let go."""

    outcome: Outcome
    steps: FLOATS
    value: float = math.nan


@dataclass(frozen=True, slots=True)
class Distance:
    """A cost for lying above or below a centre: weight x |coefficients x grams - centre|."""

    coefficients: FLOATS
    centre: float
    weight_above: float
    weight_below: float


@dataclass(frozen=True, slots=True)
class Goal:
    """What to make small: a cost per gram of each item, and distances. Empty asks only if."""

    per_gram: FLOATS | None = None
    distances: tuple[Distance, ...] = ()


ANY = Goal()


def closest(model: Model) -> Goal:
    """The problem's own aim: near the recipe, near the ratio, near energy and volume."""
    items, target, weights = model.problem.items, model.problem.target, model.weights
    unit = np.eye(len(items))
    found = [
        Distance(unit[i], item.want_g, item.weight or 0.0, item.weight or 0.0)
        for i, item in enumerate(items)
    ]
    fat, non_fat, energy, volume = (
        np.array([float(v) for v in values])
        for values in (
            model.measures.fat,
            model.measures.non_fat,
            model.measures.energy,
            model.measures.volume,
        )
    )
    found.append(Distance(fat - target.ratio * non_fat, 0.0, weights.ratio, weights.ratio))
    found.append(Distance(energy, target.energy_kcal, weights.energy, weights.energy))
    if target.volume_ml is not None and weights.volume:
        found.append(Distance(volume, target.volume_ml, weights.volume, weights.volume))
    return Goal(distances=tuple(found))


def solve(
    numeric: Numeric,
    active: Collection[str],
    goal: Goal = ANY,
    *,
    extra: Sequence[Row] = (),
    relaxed: bool = False,
    margin: float = 0.0,
    time_limit_s: float = TIME_LIMIT_S,
) -> Finding:
    """The best amounts under the active constraints.

    `relaxed` lets go of whole steps and of choices between none and a portion: a lower limit
    of every cost, and a proof of impossibility where even that cannot be met. A `margin`
    keeps that far inside every row, where the verifier did not share a solver's tolerance.
    """
    programme = _programme(numeric, active, goal, extra, relaxed=relaxed, margin=margin)
    if programme is None:
        return Finding(Outcome.IMPOSSIBLE, np.empty(0))
    outcome, values, value = programme.run(time_limit_s)
    if outcome is not Outcome.FOUND:
        return Finding(outcome, np.empty(0))
    steps = np.asarray(values[: len(numeric.steps)])
    whole = names.STEP in active and not relaxed
    return Finding(outcome, np.rint(steps) + 0.0 if whole else steps, value)


class Continuous:
    """The relaxed programme, kept open so that amounts can be pinned one after the other."""

    def __init__(self, numeric: Numeric, active: Collection[str], goal: Goal) -> None:
        self._numeric = numeric
        self._programme = _programme(numeric, active, goal, (), relaxed=True)
        self._highs = fresh_highs()
        if self._programme is not None:
            self._programme.hand_over(self._highs)

    def best(self) -> Finding:
        if self._programme is None:
            return Finding(Outcome.IMPOSSIBLE, np.empty(0))
        self._highs.run()
        outcome, values, value = outcome_of(self._highs)
        return Finding(outcome, np.asarray(values[: len(self._numeric.steps)]), value)

    def pinned(self, pins: Mapping[int, float]) -> Finding:
        """The best with some amounts held; the last basis is kept, so this takes little."""
        if self._programme is None:
            return Finding(Outcome.IMPOSSIBLE, np.empty(0))
        for item, steps in pins.items():
            self._highs.changeColBounds(item, steps, steps)
        found = self.best()
        for item in pins:
            low, high = self._programme.low[item], self._programme.high[item]
            self._highs.changeColBounds(item, low, high)
        return found


def _programme(
    numeric: Numeric,
    active: Collection[str],
    goal: Goal,
    extra: Sequence[Row],
    *,
    relaxed: bool,
    margin: float = 0.0,
) -> _Programme | None:
    """The constraints and the goal as columns and rows; None where bounds cross already."""
    whole = names.STEP in active and not relaxed
    low, high = numeric.limits(active, whole=whole)
    if np.any(low > high + _TOLERANCE):
        return None
    programme = _Programme()
    for index, step in enumerate(numeric.steps):
        cost = 0.0 if goal.per_gram is None else float(goal.per_gram[index] * step)
        programme.column(float(low[index]), float(max(low[index], high[index])), cost, whole)
    _add_rows(programme, numeric, active, extra, whole=whole and not margin, margin=margin)
    if not _add_choices(programme, numeric, active, high, relaxed=relaxed):
        return None
    for distance in goal.distances:
        _add_distance(programme, numeric, distance)
    return programme


def _add_rows(
    programme: _Programme,
    numeric: Numeric,
    active: Collection[str],
    extra: Sequence[Row],
    *,
    whole: bool,
    margin: float,
) -> None:
    rows = [row for row in numeric.rows if row.name in active]
    rows += [numeric_row(row, numeric.model.steps) for row in extra]
    for row in rows:
        terms = [(i, c) for i, c in enumerate(row.coefficients.tolist()) if c]
        if whole:
            programme.row(terms, row.grid_low, row.grid_high)
        else:
            programme.row(terms, row.low + margin, row.high - margin)


def _add_choices(
    programme: _Programme,
    numeric: Numeric,
    active: Collection[str],
    high: FLOATS,
    *,
    relaxed: bool,
) -> bool:
    """Yes-or-no columns for least portions and for the number of foods; False if hopeless."""
    counted = names.MAX_ITEMS in active
    least = {
        portion.item: float(portion.least / numeric.model.steps[portion.item])
        for portion in numeric.model.portions
        if portion.name in active
    }
    chosen = {}
    for index in range(len(numeric.steps)) if counted else sorted(least):
        if high[index] <= 0:
            continue
        if index in least and high[index] < least[index] - _TOLERANCE:
            # Less than a portion is all there may be, so there is none.
            programme.high[index] = 0.0
            if programme.low[index] > 0:
                return False
            continue
        yes = programme.column(float(programme.low[index] > 0), 1.0, 0.0, not relaxed)
        chosen[index] = yes
        programme.row([(index, 1.0), (yes, -float(high[index]))], -math.inf, 0.0)
        if index in least:
            programme.row([(index, 1.0), (yes, -least[index])], 0.0, math.inf)
    most = numeric.model.problem.max_items
    if counted and most is not None and len(chosen) > most:
        programme.row([(yes, 1.0) for yes in chosen.values()], -math.inf, float(most))
    return True


def _add_distance(programme: _Programme, numeric: Numeric, distance: Distance) -> None:
    above = programme.column(0.0, math.inf, distance.weight_above, False)
    below = programme.column(0.0, math.inf, distance.weight_below, False)
    in_steps = (distance.coefficients * numeric.steps).tolist()
    terms = [(i, c) for i, c in enumerate(in_steps) if c]
    programme.row([*terms, (above, -1.0), (below, 1.0)], distance.centre, distance.centre)


@dataclass(slots=True)
class _Programme:
    """Columns and rows as they are added, and then HiGHS."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    integral: list[int] = field(default_factory=list)
    row_low: list[float] = field(default_factory=list)
    row_high: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def column(self, low: float, high: float, cost: float, integral: bool) -> int:
        self.low.append(low)
        self.high.append(high)
        self.cost.append(cost)
        self.integral.append(int(integral))
        return len(self.low) - 1

    def row(self, terms: Sequence[tuple[int, float]], low: float, high: float) -> None:
        self.row_low.append(low)
        self.row_high.append(high)
        self.starts.append(len(self.indices))
        for index, value in terms:
            self.indices.append(index)
            self.values.append(value)

    def run(self, time_limit_s: float) -> tuple[Outcome, list[float], float]:
        highs = fresh_highs()
        highs.setOptionValue("time_limit", time_limit_s)
        self.hand_over(highs)
        highs.run()
        return outcome_of(highs)

    def hand_over(self, highs: highspy.Highs) -> None:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.low), len(self.row_low)
        lp.col_cost_ = np.array(self.cost)
        lp.col_lower_, lp.col_upper_ = np.array(self.low), np.array(self.high)
        lp.row_lower_, lp.row_upper_ = np.array(self.row_low), np.array(self.row_high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array([*self.starts, len(self.indices)], dtype=np.int32)
        lp.a_matrix_.index_ = np.array(self.indices, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(self.values)
        if any(self.integral):
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[flag] for flag in self.integral]
        highs.passModel(lp)


def outcome_of(highs: highspy.Highs) -> tuple[Outcome, list[float], float]:
    """What a finished run shows: the outcome, the columns, the cost."""
    status = highs.getModelStatus()
    if status in (
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    ):
        return Outcome.IMPOSSIBLE, [], math.nan
    info = highs.getInfo()
    # What was met before the time ran out holds everything, though better may exist.
    met = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    if status != highspy.HighsModelStatus.kOptimal and not met:
        return Outcome.OUT_OF_TIME, [], math.nan
    return Outcome.FOUND, highs.getSolution().col_value, float(info.objective_function_value)


def fresh_highs() -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", _SEED),
        ("mip_rel_gap", _GAP),
        ("mip_abs_gap", 0.0),
        ("primal_feasibility_tolerance", _TOLERANCE),
        ("mip_feasibility_tolerance", _TOLERANCE),
    ):
        highs.setOptionValue(option, value)
    return highs
