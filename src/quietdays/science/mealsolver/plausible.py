"""How far a way out is from what was asked, and whether a person should be told of it.

A meal of 356 kcal is no way out of one of 60 kcal: it is true, and nobody can do it. A ratio,
an energy or a volume is told within a quarter of the target, a limit within a half of what was
asked, a food's amount always. The figures are a judgement and no rule of a clinic.
"""

from __future__ import annotations

import math

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.answers import Fix
from quietdays.science.mealsolver.problem import Limit, MealProblem

# As a share of what was asked.
_FARTHEST = {names.RATIO: 0.25, names.ENERGY: 0.25, names.VOLUME: 0.25, names.LIMIT: 0.5}
# Changes that a family can make by itself come before those of the child's targets.
_RANKS = {names.VOLUME: 1, names.LIMIT: 1, names.ENERGY: 2, names.RATIO: 2}


def is_plausible(problem: MealProblem, fix: Fix) -> bool:
    """Whether this change is small enough to be offered in a sentence."""
    farthest = _FARTHEST.get(names.kind_of(fix.constraint), math.inf)
    return share_moved(problem, fix) <= farthest + 1e-9


def order(problem: MealProblem, fix: Fix) -> tuple[bool, int, float]:
    """Sorts plausible changes first, foods and limits before targets, the nearest first."""
    share = share_moved(problem, fix)
    return not is_plausible(problem, fix), rank(fix.constraint), share


def rank(name: str) -> int:
    """0 for amounts of foods, 1 for limits and the volume, 2 for energy and ratio."""
    return _RANKS.get(names.kind_of(name), 0)


def share_moved(problem: MealProblem, fix: Fix) -> float:
    """How far the number moves, as a share of what was asked; infinite from nought."""
    asked, to = _asked(problem, fix), float(fix.to)
    if asked == 0:
        return 0.0 if to == 0 else math.inf
    return abs(to - asked) / asked


def _asked(problem: MealProblem, fix: Fix) -> float:
    kind, subject = names.kind_of(fix.constraint), names.subject_of(fix.constraint)
    target = problem.target
    if kind == names.LIMIT:
        limit = next(limit for limit in problem.limits if limit.id == subject)
        return _end_that_moves(limit, float(fix.to))
    if kind in (names.RATIO, names.ENERGY, names.VOLUME):
        asked = {names.RATIO: target.ratio, names.ENERGY: target.energy_kcal}
        return asked.get(kind, target.volume_ml or 0.0)
    item = next(item for item in problem.items if item.food == subject)
    amounts = {names.LOCKED: item.locked_g, names.MIN: item.min_g, names.MAX: item.max_g}
    return amounts[kind] or 0.0


def _end_that_moves(limit: Limit, to: float) -> float:
    """A figure above the most moves the most; every other one the least."""
    if limit.most is not None and (limit.least is None or to > limit.most):
        return limit.most
    return limit.least or 0.0
