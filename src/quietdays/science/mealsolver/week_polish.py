"""A found menu made better: a few days at a time are chosen anew, exactly, the others kept.

Three or four days hold few enough choices for the root of the programme to be enough. Rounds,
nodes and pivots are counted and nothing is timed, so the same menu comes out the same.
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

_MOST_NODES = 1
_EASY_PIVOTS = 700
_TIME_LIMIT_S = 1.0  # a guard, for weeks that nobody plans
_BETTER = 1e-4


def polished(model: WeekModel, menu: Menu, bound: float) -> Menu:
    """The best menu that a few rounds reach from this one; stops at the bound.

    Rounds of three days first. Where those were easy, a few of four; where they were not,
    four days would take seconds, and more rounds of three follow.
    """
    gain, hardest = _gain(model, menu), 0
    for days, only_if_easy in _windows(model.problem.days):
        if gain >= bound - _BETTER:
            break
        if only_if_easy is not None and only_if_easy != (hardest < _EASY_PIVOTS):
            continue
        better, pivots = _rechosen(model, menu, days, gain + _BETTER)
        hardest = max(hardest, pivots)
        if better is not None:
            menu, gain = better
    return menu


def _gain(model: WeekModel, menu: Menu) -> float:
    """What the programme counts for this menu: scores, and each recipe that comes at all."""
    pairs = zip(model.places, model.gain, strict=False)
    scores = sum(g for (day, slot, recipe), g in pairs if menu[day][slot] == recipe)
    distinct = {recipe for meals in menu.values() for recipe in meals.values()}
    return scores + model.problem.repeat_weight * len(distinct)


def _windows(days: int) -> Iterator[tuple[frozenset[int], bool | None]]:
    """Days to be chosen anew; True or False where only an easy or only a hard week asks."""
    if days <= 3:
        yield frozenset(range(1, days + 1)), None
        return
    for start in (1, 4, days - 2):
        yield _spread(days, 3, start, 1), None
    for start, apart in ((1, 1), (days - 3, 1), (1, 2)):
        yield _spread(days, 4, start, apart), True
    for start in (1, 2, 3):
        yield _spread(days, 3, start, 2), False


def _spread(days: int, count: int, start: int, apart: int) -> frozenset[int]:
    return frozenset((start - 1 + step * apart) % days + 1 for step in range(count))


def _rechosen(
    model: WeekModel, menu: Menu, days: frozenset[int], more_than: float
) -> tuple[tuple[Menu, float] | None, int]:
    """The best other meals for these days, or None where nothing gains more; and the work."""
    highs = fresh_highs()
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.setOptionValue("mip_allow_restart", False)
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
        return None, info.simplex_iteration_count
    found = menu_of(model, highs.getSolution().col_value)
    return (found, -float(info.objective_function_value)), info.simplex_iteration_count
