"""A found menu made better: a few days at a time are chosen anew, exactly, the others kept.

Four days hold few enough choices for the programme to be solved, or nearly, in a tenth of a
second. Rounds and nodes are counted and not timed, so the same menu comes out the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import highspy
import numpy as np

from quietdays.science.mealsolver.exact import fresh_highs
from quietdays.science.mealsolver.week_model import (
    Menu,
    WeekModel,
    WeekRow,
    hand_over,
    menu_of,
)

_TOGETHER = 4
_MOST_NODES = 30
_TIME_LIMIT_S = 1.0  # a guard, for weeks that nobody plans
_BETTER = 1e-4


def polished(model: WeekModel, menu: Menu, bound: float) -> Menu:
    """The best menu that rounds of four days reach from this one; stops at the bound."""
    gain = _gain(model, menu)
    for days in _windows(model.problem.days):
        if gain >= bound - _BETTER:
            break
        better = _rechosen(model, menu, days, gain + _BETTER)
        if better is not None:
            menu, gain = better
    return menu


def _gain(model: WeekModel, menu: Menu) -> float:
    """What the programme counts for this menu: scores, and each recipe that comes at all."""
    pairs = zip(model.places, model.gain, strict=False)
    scores = sum(g for (day, slot, recipe), g in pairs if menu[day][slot] == recipe)
    distinct = {recipe for meals in menu.values() for recipe in meals.values()}
    return scores + model.problem.repeat_weight * len(distinct)


def _windows(days: int) -> Iterator[frozenset[int]]:
    """Days in a row, and days apart, so that most pairs of days meet."""
    if days <= _TOGETHER:
        yield frozenset(range(1, days + 1))
        return
    for start, apart in ((1, 1), (days - _TOGETHER + 1, 1), (1, 2), (2, 2)):
        yield frozenset((start - 1 + step * apart) % days + 1 for step in range(_TOGETHER))


def _rechosen(
    model: WeekModel, menu: Menu, days: frozenset[int], more_than: float
) -> tuple[Menu, float] | None:
    """The best other meals for these days; None where nothing gains more than that."""
    highs = fresh_highs()
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_max_nodes", _MOST_NODES)
    highs.setOptionValue("time_limit", _TIME_LIMIT_S)
    # Asking for a gain lets the programme end as soon as none is left.
    gain = WeekRow("", tuple(enumerate(model.gain)), more_than, math.inf)
    hand_over(highs, model, (*model.rows, gain), whole=True)
    low, high = np.zeros(model.columns), np.ones(model.columns)
    for column, (day, slot, recipe) in enumerate(model.places):
        if day not in days:
            low[column] = high[column] = float(menu[day][slot] == recipe)
    columns = np.arange(model.columns, dtype=np.int32)
    highs.changeColsBounds(model.columns, columns, low, high)
    highs.run()
    info = highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    return menu_of(model, highs.getSolution().col_value), -float(info.objective_function_value)
