"""A menu for the week by annealing: change one meal or swap two, and cool down.

A change that breaks a rule costs, more and more as it cools. All sums are whole numbers
(decimals counted in their last digit), so a sum that fits here fits exactly. The work is a
fixed number of moves from fixed seeds: the same problem has the same menu on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.checks import exact
from quietdays.science.mealsolver.week_model import Menu, amount
from quietdays.science.mealsolver.week_problem import WeekProblem

_NO_LIMIT = 1 << 60
_HOT, _COLD = 1.0, 0.25
_ANY_FAULT = 0.25  # and what any day's figure that strays costs at the least
_SWAPS = 0.4  # share of moves that swap two days


@dataclass(frozen=True, slots=True)
class _Daily:
    """A day's sum that must lie within ends: amounts by slot and recipe, in whole units."""

    amounts: tuple[tuple[int, ...], ...]
    least: int
    most: int
    scale: float


@dataclass(frozen=True, slots=True)
class Board:
    """A week problem by index, with those rules that are active."""

    problem: WeekProblem
    choices: tuple[tuple[int, ...], ...]  # recipes by slot
    fixed: dict[tuple[int, int], int]  # (day, slot) -> recipe
    uses: tuple[int, ...]
    gaps: tuple[int, ...]  # days apart, by recipe; 0 is no rule
    group: tuple[int, ...]
    group_day: tuple[int, ...]
    group_least: tuple[int, ...]
    group_most: tuple[int, ...]
    distinct_min: int
    daily: tuple[_Daily, ...]
    score: tuple[float, ...]
    repeat: float


def build_board(problem: WeekProblem, active: Collection[str]) -> Board:
    rules, recipes = problem.rules, problem.recipes
    index = {recipe.id: i for i, recipe in enumerate(recipes)}
    slots = {slot.id: i for i, slot in enumerate(problem.slots)}
    never = {r for r in rules.never if names.of(names.NEVER, r) in active}
    groups = sorted({recipe.group for recipe in recipes})
    week = {
        g: between
        for g, between in rules.group_week.items()
        if names.of(names.GROUP_WEEK, g) in active
    }
    day = {
        g: most for g, most in rules.group_day_max.items() if names.of(names.GROUP_DAY, g) in active
    }
    gap = rules.gap_days if names.GAP_DAYS in active else 0
    counted = names.MAX_USES in active
    return Board(
        problem=problem,
        choices=tuple(
            tuple(i for i, r in enumerate(recipes) if slot.id in r.slots and r.id not in never)
            for slot in problem.slots
        ),
        fixed={
            (fixed.day - 1, slots[fixed.slot]): index[fixed.recipe]
            for fixed in rules.fixed
            if names.of(names.FIXED, f"{fixed.day}:{fixed.slot}") in active
        },
        uses=tuple(
            _NO_LIMIT if not counted or (most := rules.uses(r.id)) is None else most
            for r in recipes
        ),
        gaps=tuple(0 if r.id in rules.gap_exempt else gap for r in recipes),
        group=tuple(groups.index(recipe.group) for recipe in recipes),
        group_day=tuple(day.get(g, _NO_LIMIT) for g in groups),
        group_least=tuple(math.ceil(week[g].least or 0) if g in week else 0 for g in groups),
        group_most=tuple(
            _NO_LIMIT if g not in week or (m := week[g].most) is None else math.floor(m)
            for g in groups
        ),
        distinct_min=(rules.distinct_min or 0) if names.DISTINCT_MIN in active else 0,
        daily=tuple(_daily_sums(problem, active)),
        score=tuple(problem.score_weight * recipe.score for recipe in recipes),
        repeat=problem.repeat_weight,
    )


def _daily_sums(problem: WeekProblem, active: Collection[str]) -> list[_Daily]:
    rules = problem.rules
    found = []
    if rules.minutes_day_max is not None and names.MINUTES_DAY_MAX in active:
        minutes = [[exact(r.minutes) for r in problem.recipes]] * len(problem.slots)
        found.append(_counted(minutes, None, exact(rules.minutes_day_max)))
    for daily in rules.daily:
        if names.of(names.DAILY, daily.id) not in active:
            continue
        values = [
            [
                amount(
                    problem,
                    daily.nutrient,
                    slot.energy_kcal,
                    r.per_100kcal.get(daily.nutrient, 0.0),
                )
                for r in problem.recipes
            ]
            for slot in problem.slots
        ]
        least, most = daily.between.least, daily.between.most
        found.append(
            _counted(
                values,
                None if least is None else exact(least),
                None if most is None else exact(most),
            )
        )
    return found


def _counted(
    values: Sequence[Sequence[Decimal]], least: Decimal | None, most: Decimal | None
) -> _Daily:
    """Decimals as whole numbers of their last digit."""
    ends = [end for end in (least, most) if end is not None]
    exponents = [v.as_tuple().exponent for row in values for v in row]
    exponents += [end.as_tuple().exponent for end in ends]
    digits = -min(e for e in exponents if isinstance(e, int))
    goal = max(ends, default=Decimal(1)) or Decimal(1)
    return _Daily(
        amounts=tuple(tuple(int(v.scaleb(digits)) for v in row) for row in values),
        least=-_NO_LIMIT if least is None else int(least.scaleb(digits)),
        most=1 << 200 if most is None else int(most.scaleb(digits)),
        scale=5.0 / float(goal.scaleb(digits)),
    )


@dataclass(frozen=True, slots=True)
class Found:
    menu: Menu
    score: float  # with the reward for different recipes


def anneal(
    board: Board, *, seed: int, moves: int, fault: float, enough: float = math.inf
) -> Found | None:
    """The best menu met that breaks nothing; None if none was. Stops at a score of `enough`.

    `fault` is what one use, one group or a fifth of a day's figure too many costs, in points
    of score: a low price finds better menus, a high one finds any in a tight week.
    """
    state = _State(board, seed, fault)
    if not state.movable:
        return state.found() if state.faults == 0 else None
    best: Found | None = None
    rng = np.random.default_rng(seed)
    cells = rng.integers(0, len(state.movable), moves).tolist()
    picks = rng.random(moves).tolist()
    lots = (-np.log(rng.random(moves) + 1e-300)).tolist()
    cooling = (_COLD / _HOT) ** (1.0 / moves)
    heat = _HOT
    best_value = -math.inf
    for cell, pick, lot in zip(cells, picks, lots, strict=True):
        heat *= cooling
        if state.try_move(state.movable[cell], pick, heat * lot):
            if state.faults == 0 and state.value > best_value + 1e-9:
                best_value = state.value
                best = state.found()
                if best_value >= enough:
                    return best
    return best


class _State:
    """A menu with all its counts and sums, kept up to date move by move."""

    def __init__(self, board: Board, seed: int, fault: float) -> None:
        self.board = board
        self.fault = fault
        days, recipes = board.problem.days, len(board.score)
        self.grid = [[-1] * len(board.choices) for _ in range(days)]
        self.used = [0] * recipes
        self.on_day = [[0] * days for _ in range(recipes)]
        self.group_on_day = [[0] * len(board.group_day) for _ in range(days)]
        self.group_used = [0] * len(board.group_day)
        self.sums = [[0] * len(board.daily) for _ in range(days)]
        self.distinct = 0
        self.value = 0.0
        self.counted_faults = board.distinct_min + sum(board.group_least)
        self.day_faults = [0.0] * days
        self.movable = [
            (day, slot)
            for day in range(days)
            for slot in range(len(board.choices))
            if (day, slot) not in board.fixed and len(board.choices[slot]) > 1
        ]
        self._fill(seed)

    @property
    def faults(self) -> float:
        """Nought exactly when every rule holds."""
        return self.counted_faults + sum(self.day_faults)

    def found(self) -> Found:
        problem = self.board.problem
        menu = {
            day + 1: {
                slot.id: problem.recipes[recipe].id
                for slot, recipe in zip(problem.slots, row, strict=True)
            }
            for day, row in enumerate(self.grid)
        }
        return Found(menu, self.value)

    def try_move(self, cell: tuple[int, int], pick: float, allowance: float) -> bool:
        """Change one meal, or swap it with another day's; undone if it costs too much."""
        day, slot = cell
        old = self.grid[day][slot]
        choices = self.board.choices[slot]
        faults, value = self.counted_faults, self.value
        if pick < _SWAPS:
            other = int(pick / _SWAPS * len(self.grid))
            theirs = self.grid[other][slot]
            if theirs == old or (other, slot) in self.board.fixed:
                return False
            soft = self.day_faults[day] + self.day_faults[other]
            self._put(day, slot, theirs)
            self._put(other, slot, old)
            soft = self.day_faults[day] + self.day_faults[other] - soft
        else:
            other = -1
            new = choices[int((pick - _SWAPS) / (1 - _SWAPS) * len(choices))]
            if new == old:
                return False
            soft = self.day_faults[day]
            self._put(day, slot, new)
            soft = self.day_faults[day] - soft
        worse = self.fault * (self.counted_faults - faults + soft) - (self.value - value)
        if worse <= allowance:
            return True
        self._put(day, slot, old)
        if other >= 0:
            self._put(other, slot, theirs)
        self.value = value  # free of the rounding of there and back
        return False

    def _put(self, day: int, slot: int, recipe: int) -> None:
        """Another recipe in one slot of one day, with everything that follows from it."""
        board = self.board
        old = self.grid[day][slot]
        if old == recipe:
            return
        self.grid[day][slot] = recipe
        if old >= 0:
            self._take(day, old)
        self._give(day, recipe)
        sums, soft = self.sums[day], 0.0
        for index, daily in enumerate(board.daily):
            amounts = daily.amounts[slot]
            total = sums[index] + amounts[recipe] - (amounts[old] if old >= 0 else 0)
            sums[index] = total
            if total > daily.most:
                soft += _ANY_FAULT + (total - daily.most) * daily.scale
            elif total < daily.least:
                soft += _ANY_FAULT + (daily.least - total) * daily.scale
        self.day_faults[day] = soft

    def _take(self, day: int, recipe: int) -> None:
        board, group = self.board, self.board.group[recipe]
        faults = 0
        used = self.used[recipe] = self.used[recipe] - 1
        faults -= used >= board.uses[recipe]
        on_day = self.on_day[recipe]
        on_day[day] -= 1
        gap = board.gaps[recipe]
        if gap:
            faults -= sum(on_day[max(0, day - gap + 1) : day + gap])
        count = self.group_on_day[day][group] = self.group_on_day[day][group] - 1
        faults -= count >= board.group_day[group]
        count = self.group_used[group] = self.group_used[group] - 1
        faults -= count >= board.group_most[group]
        faults += count < board.group_least[group]
        if not used:
            self.distinct -= 1
            self.value -= board.repeat
            faults += self.distinct < board.distinct_min
        self.value -= board.score[recipe]
        self.counted_faults += faults

    def _give(self, day: int, recipe: int) -> None:
        board, group = self.board, self.board.group[recipe]
        faults = 0
        used = self.used[recipe]
        faults += used >= board.uses[recipe]
        self.used[recipe] = used + 1
        on_day = self.on_day[recipe]
        gap = board.gaps[recipe]
        if gap:
            faults += sum(on_day[max(0, day - gap + 1) : day + gap])
        on_day[day] += 1
        count = self.group_on_day[day][group]
        faults += count >= board.group_day[group]
        self.group_on_day[day][group] = count + 1
        count = self.group_used[group]
        faults += count >= board.group_most[group]
        faults -= count < board.group_least[group]
        self.group_used[group] = count + 1
        if not used:
            self.distinct += 1
            faults -= self.distinct <= board.distinct_min
            self.value += board.repeat
        self.value += board.score[recipe]
        self.counted_faults += faults

    def _fill(self, seed: int) -> None:
        """Something everywhere, to begin with."""
        picks = np.random.default_rng(seed + 1_000_003).random(
            (len(self.grid), len(self.board.choices))
        )
        for day, row in enumerate(picks.tolist()):
            for slot, pick in enumerate(row):
                choices = self.board.choices[slot]
                fixed = self.board.fixed.get((day, slot))
                self._put(day, slot, choices[int(pick * len(choices))] if fixed is None else fixed)
