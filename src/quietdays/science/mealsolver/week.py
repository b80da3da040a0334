"""From a week problem to a menu: bound it, search, verify; prove and explain where none is.

1. The relaxation. Where even that cannot be met there is no menu, and no menu scores more.
2. Annealing, then a few days at a time chosen anew; both stop when a menu reaches the bound.
3. A programme in whole choices, only where the search met nothing: a menu, or the proof.
4. The verifier looks at what was found.
5. The conflict, by the same three questions asked with rules left out.
"""

from __future__ import annotations

import math

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.answers import Refused, SolvedWeek, Undecided, WeekAnswer
from quietdays.science.mealsolver.checks import WrongAnswer
from quietdays.science.mealsolver.conflict import Remembered, irreducible
from quietdays.science.mealsolver.exact import Outcome
from quietdays.science.mealsolver.week_model import (
    Menu,
    Relaxation,
    WeekModel,
    build_week_model,
    prove,
)
from quietdays.science.mealsolver.week_polish import polished
from quietdays.science.mealsolver.week_problem import WeekProblem
from quietdays.science.mealsolver.week_search import anneal, build_board
from quietdays.science.mealsolver.week_verify import week_broken, week_score
from quietdays.science.mealsolver.week_wording import week_message

# Seed and price of a broken rule: the first runs look for score, the last for any menu.
_RUNS = ((1, 2.5), (2, 3.5), (3, 6.0))
_STRICT = 6.0
_MOVES = 16_000
_SCORE_NOISE = 1e-6
_QUICK_MOVES = 12_000
_PROOF_S = 20.0
_QUESTION_S = 3.0
_NO_MENU_IN_TIME = "No menu was found in the time allowed, and none was ruled out either."

# Left out first to last.
_ORDER = (
    names.GROUP_DAY, names.GROUP_WEEK, names.MINUTES_DAY_MAX, names.DISTINCT_MIN, names.NEVER,
    names.FIXED, names.GAP_DAYS, names.MAX_USES, names.DAILY,
)  # fmt: skip


def solve_week(problem: WeekProblem) -> WeekAnswer:
    """A recipe for every slot of every day that keeps every rule, with a high score.

    The same problem always has the same menu. Raises WrongAnswer if the search and the
    verifier contradict each other.
    """
    model = build_week_model(problem)
    relaxation = Relaxation(model)
    bound = relaxation.bound(model.names)
    if bound is None:
        return _refused(model, relaxation)
    enough = bound - _SCORE_NOISE
    menu = _met(model, enough)
    if menu is None:
        outcome, menu = prove(model, model.names, _PROOF_S)
        if outcome is Outcome.IMPOSSIBLE:
            return _refused(model, relaxation)
        if outcome is Outcome.OUT_OF_TIME:
            return Undecided(_NO_MENU_IN_TIME)
    better = polished(model, menu, enough)
    if not week_broken(problem, better):
        menu = better
    faults = week_broken(problem, menu)
    if faults:
        raise WrongAnswer(f"the menu that was found breaks {', '.join(faults)}")
    return SolvedWeek(menu, week_score(problem, menu))


def _met(model: WeekModel, enough: float) -> Menu | None:
    """The best menu that annealing meets; None if it meets none."""
    board = build_board(model.problem, model.names)
    found = []
    for seed, fault in _RUNS:
        menu = anneal(board, seed=seed, moves=_MOVES, fault=fault, enough=enough)
        if menu is not None:
            found.append(menu)
            if menu.score >= enough:
                break
    return max(found, key=lambda menu: menu.score).menu if found else None


def _refused(model: WeekModel, relaxation: Relaxation) -> Refused:
    feasible = Remembered(lambda kept: _can_hold(model, relaxation, kept))
    order = sorted(model.names, key=lambda name: _ORDER.index(names.kind_of(name)))
    found = irreducible(order, feasible)
    conflict = tuple(name for name in model.names if name in found)
    return Refused(conflict, (), week_message(model.problem, conflict))


def _can_hold(model: WeekModel, relaxation: Relaxation, kept: frozenset[str]) -> bool | None:
    """Whether a menu can keep these rules; None where the time ran out."""
    if relaxation.bound(kept) is None:
        return False
    board = build_board(model.problem, kept)
    for seed in (1, 2, 3):
        met = anneal(board, seed=seed, moves=_QUICK_MOVES, fault=_STRICT, enough=-math.inf)
        if met is not None:
            return True
    outcome, _ = prove(model, kept, _QUESTION_S)
    return None if outcome is Outcome.OUT_OF_TIME else outcome is Outcome.FOUND
