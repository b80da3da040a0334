"""The week as named linear rows over yes-or-no choices: for proofs and for conflicts.

One column for each day, slot and recipe that fits there; one more for each recipe says
whether it comes at all. That every slot of every day gets exactly one recipe has no name: it
is what a menu is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import highspy
import numpy as np

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.checks import exact
from quietdays.science.mealsolver.exact import Outcome, fresh_highs
from quietdays.science.mealsolver.week_problem import WeekProblem

INF = math.inf
Place = tuple[int, str, str]  # day, slot, recipe
Menu = dict[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class WeekRow:
    """low <= sum of coefficient x choice <= high; no name for what a menu must be anyway."""

    name: str
    terms: tuple[tuple[int, float], ...]
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class WeekModel:
    problem: WeekProblem
    places: tuple[Place, ...]
    rows: tuple[WeekRow, ...]
    names: tuple[str, ...]
    columns: int
    gain: tuple[float, ...]


def build_week_model(problem: WeekProblem) -> WeekModel:
    """Every rule of the week under its name."""
    places = tuple(
        (day, slot.id, recipe.id)
        for day in range(1, problem.days + 1)
        for slot in problem.slots
        for recipe in problem.recipes
        if slot.id in recipe.slots
    )
    rows = tuple(_Rows(problem, places).all())
    scores = {recipe.id: recipe.score for recipe in problem.recipes}
    gain = [problem.score_weight * scores[recipe] for _, _, recipe in places]
    gain += [problem.repeat_weight] * len(problem.recipes)
    return WeekModel(
        problem=problem,
        places=places,
        rows=rows,
        names=tuple(dict.fromkeys(row.name for row in rows if row.name)),
        columns=len(gain),
        gain=tuple(gain),
    )


def amount(problem: WeekProblem, nutrient: str, slot_kcal: float, per_100kcal: float) -> Decimal:
    """A recipe's nutrient when it is scaled to a slot's energy."""
    return exact(per_100kcal) * exact(slot_kcal) / 100


class _Rows:
    """Rows one rule at a time, from columns found by day, slot and recipe."""

    def __init__(self, problem: WeekProblem, places: tuple[Place, ...]) -> None:
        self.problem = problem
        self.rules = problem.rules
        self.column = {place: index for index, place in enumerate(places)}
        self.by_day: dict[int, list[int]] = defaultdict(list)
        self.by_recipe: dict[str, list[int]] = defaultdict(list)
        self.by_recipe_day: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.by_cell: dict[tuple[int, str], list[int]] = defaultdict(list)
        self.places = places
        for index, (day, slot, recipe) in enumerate(places):
            self.by_day[day].append(index)
            self.by_recipe[recipe].append(index)
            self.by_recipe_day[recipe, day].append(index)
            self.by_cell[day, slot].append(index)
        self.recipe = {recipe.id: recipe for recipe in problem.recipes}

    def all(self) -> Iterator[WeekRow]:
        for cell in self.by_cell.values():
            yield _sum("", cell, 1.0, 1.0)
        for index, recipe in enumerate(self.problem.recipes):
            used = len(self.places) + index
            terms = [(used, 1.0), *((c, -1.0) for c in self.by_recipe[recipe.id])]
            yield WeekRow("", tuple(terms), -INF, 0.0)
        yield from self._uses()
        yield from self._gaps()
        yield from self._decided()
        yield from self._groups()
        yield from self._whole_week()
        yield from self._daily()

    def _uses(self) -> Iterator[WeekRow]:
        for recipe in self.problem.recipes:
            most = self.rules.uses(recipe.id)
            if most is not None:
                yield _sum(names.MAX_USES, self.by_recipe[recipe.id], -INF, most)

    def _gaps(self) -> Iterator[WeekRow]:
        gap = min(self.rules.gap_days, self.problem.days)
        if not gap:
            return
        for recipe in self.problem.recipes:
            if recipe.id in self.rules.gap_exempt:
                continue
            for first in range(1, self.problem.days - gap + 2):
                window = range(first, first + gap)
                columns = [c for day in window for c in self.by_recipe_day[recipe.id, day]]
                if len(columns) > 1:
                    yield _sum(names.GAP_DAYS, columns, -INF, 1.0)

    def _decided(self) -> Iterator[WeekRow]:
        for recipe in self.rules.never:
            yield _sum(names.of(names.NEVER, recipe), self.by_recipe[recipe], -INF, 0.0)
        for fixed in self.rules.fixed:
            column = self.column.get((fixed.day, fixed.slot, fixed.recipe))
            name = names.of(names.FIXED, f"{fixed.day}:{fixed.slot}")
            # A recipe that does not fit the slot has no column, and an empty sum is never 1.
            yield _sum(name, [] if column is None else [column], 1.0, 1.0)

    def _groups(self) -> Iterator[WeekRow]:
        group = {recipe.id: recipe.group for recipe in self.problem.recipes}
        for wanted, most in self.rules.group_day_max.items():
            for columns in self.by_day.values():
                inside = [c for c in columns if group[self.places[c][2]] == wanted]
                yield _sum(names.of(names.GROUP_DAY, wanted), inside, -INF, most)
        for wanted, between in self.rules.group_week.items():
            inside = [c for c, place in enumerate(self.places) if group[place[2]] == wanted]
            ends = _ends(between.least, between.most)
            yield _sum(names.of(names.GROUP_WEEK, wanted), inside, *ends)

    def _whole_week(self) -> Iterator[WeekRow]:
        if self.rules.distinct_min is not None:
            used = range(len(self.places), len(self.places) + len(self.problem.recipes))
            yield _sum(names.DISTINCT_MIN, list(used), self.rules.distinct_min, INF)
        if self.rules.minutes_day_max is not None:
            for columns in self.by_day.values():
                terms = [(c, self.recipe[self.places[c][2]].minutes) for c in columns]
                most = self.rules.minutes_day_max
                yield WeekRow(names.MINUTES_DAY_MAX, tuple(terms), -INF, most)

    def _daily(self) -> Iterator[WeekRow]:
        kcal = {slot.id: slot.energy_kcal for slot in self.problem.slots}
        for daily in self.rules.daily:
            name = names.of(names.DAILY, daily.id)
            for columns in self.by_day.values():
                terms = []
                for c in columns:
                    _, slot, recipe = self.places[c]
                    per_100 = self.recipe[recipe].per_100kcal.get(daily.nutrient, 0.0)
                    value = amount(self.problem, daily.nutrient, kcal[slot], per_100)
                    terms.append((c, float(value)))
                low, high = _ends(daily.between.least, daily.between.most)
                yield WeekRow(name, tuple(terms), low, high)


def _sum(name: str, columns: list[int], low: float, high: float) -> WeekRow:
    return WeekRow(name, tuple((c, 1.0) for c in columns), low, high)


def _ends(least: float | None, most: float | None) -> tuple[float, float]:
    return (-INF if least is None else least), (INF if most is None else most)


class Relaxation:
    """The week without whole choices, asked again and again with rules left out.

    HiGHS keeps its last basis, so each further question takes little.
    """

    def __init__(self, model: WeekModel) -> None:
        self._model = model
        self._highs = fresh_highs()
        self._highs.setOptionValue("presolve", "off")
        hand_over(self._highs, model, model.rows)

    def bound(self, active: Collection[str]) -> float | None:
        """No menu under these rules can score more; None where there is no menu at all."""
        for index, row in enumerate(self._model.rows):
            if not row.name or row.name in active:
                self._highs.changeRowBounds(index, row.low, row.high)
            else:
                self._highs.changeRowBounds(index, -INF, INF)
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            return INF
        return -float(self._highs.getInfo().objective_function_value)


def prove(model: WeekModel, active: Collection[str], time_limit_s: float) -> tuple[Outcome, Menu]:
    """Any menu under these rules, or the proof that there is none."""
    highs = fresh_highs()
    highs.setOptionValue("time_limit", time_limit_s)
    rows = tuple(row for row in model.rows if not row.name or row.name in active)
    hand_over(highs, model, rows, whole=True, aim=False)
    highs.run()
    status = highs.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Outcome.IMPOSSIBLE, {}
    if status != highspy.HighsModelStatus.kOptimal:
        return Outcome.OUT_OF_TIME, {}
    return Outcome.FOUND, menu_of(model, highs.getSolution().col_value)


def menu_of(model: WeekModel, values: Sequence[float]) -> Menu:
    """The menu that a programme's columns stand for."""
    menu: Menu = defaultdict(dict)
    for (day, slot, recipe), value in zip(model.places, values, strict=False):
        if value > 0.5:
            menu[day][slot] = recipe
    return dict(menu)


def hand_over(
    highs: highspy.Highs,
    model: WeekModel,
    rows: tuple[WeekRow, ...],
    *,
    whole: bool = False,
    aim: bool = True,
) -> None:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = model.columns, len(rows)
    lp.col_cost_ = -np.array(model.gain) if aim else np.zeros(model.columns)
    lp.col_lower_, lp.col_upper_ = np.zeros(model.columns), np.ones(model.columns)
    lp.row_lower_ = np.array([row.low for row in rows])
    lp.row_upper_ = np.array([row.high for row in rows])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lengths = [len(row.terms) for row in rows]
    lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    lp.a_matrix_.index_ = np.array([c for row in rows for c, _ in row.terms], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([v for row in rows for _, v in row.terms])
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * model.columns
    highs.passModel(lp)
