"""One number that would be enough to change, for each number in a conflict.

The constraint is left out, and of all meals that hold the rest the one is taken that lies
nearest to it; that meal shows how far the number must move. It is rounded to a figure a
person can read, always to the side that still allows the meal, and the verifier then judges
that meal against the changed problem: a fix that it does not pass is not offered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import partial
from itertools import groupby

import numpy as np

from quietdays.science.mealsolver import exact, names
from quietdays.science.mealsolver.answers import Fix
from quietdays.science.mealsolver.checks import BadProblem
from quietdays.science.mealsolver.checks import exact as typed
from quietdays.science.mealsolver.exact import Distance, Goal, Outcome
from quietdays.science.mealsolver.model import Model, Row
from quietdays.science.mealsolver.numeric import FLOATS, Numeric
from quietdays.science.mealsolver.plausible import is_plausible, order, rank
from quietdays.science.mealsolver.problem import Limit, MealProblem
from quietdays.science.mealsolver.verify import broken, totals

MOST_FIXES = 3
# Each fix is one or a few programmes; together they may not hold a page up.
_TIME_LIMIT_S = 0.5
_MOST_TRIED = 6  # numbers of one kind
_RATIO_ROUNDS = 5
_ENDED = Decimal("1e-9")


@dataclass(frozen=True, slots=True)
class _Meal:
    """A meal that holds everything but one constraint: grams of all items."""

    grams: tuple[Decimal, ...]
    amounts: dict[str, Decimal]

    def total(self, coefficients: Sequence[Decimal]) -> Decimal:
        pairs = zip(coefficients, self.grams, strict=True)
        return sum((c * grams for c, grams in pairs), Decimal(0))


def fixes(model: Model, numeric: Numeric, conflict: Sequence[str]) -> tuple[Fix, ...]:
    """Up to three changes of one number, each of which alone lets a meal be made.

    Those a person can be told of come first, and of these what the family decides before what
    the care team decides. Any such change must be of a number in the conflict, because it has
    to undo that too.
    """
    found: list[Fix] = []
    problem = model.problem
    numbers = [name for name in conflict if _FIXERS[names.kind_of(name)] is not _no_number]
    for _, group in groupby(sorted(numbers, key=rank), key=rank):
        for name in list(group)[:_MOST_TRIED]:
            fix = _FIXERS[names.kind_of(name)](model, numeric, name)
            if fix is not None:
                found.append(fix)
        if sum(is_plausible(problem, fix) for fix in found) >= MOST_FIXES:
            break
    return tuple(sorted(found, key=partial(order, problem))[:MOST_FIXES])


def changed(problem: MealProblem, fix: Fix) -> MealProblem:
    """The problem with that one number changed. Raises BadProblem where it cannot be."""
    kind, subject, to = names.kind_of(fix.constraint), names.subject_of(fix.constraint), fix.to
    value = float(to)
    target = problem.target
    if kind == names.RATIO:
        return replace(problem, target=replace(target, ratio=value))
    if kind == names.ENERGY:
        return replace(problem, target=replace(target, energy_kcal=value))
    if kind == names.VOLUME:
        return replace(problem, target=replace(target, volume_ml=value))
    if kind == names.LIMIT:
        limits = tuple(
            _moved(limit, value) if limit.id == subject else limit for limit in problem.limits
        )
        return replace(problem, limits=limits)
    index = next(i for i, item in enumerate(problem.items) if item.food == subject)
    item = problem.items[index]
    if kind == names.LOCKED:
        return problem.with_item(index, replace(item, locked_g=value))
    if kind == names.MIN:
        return problem.with_item(index, replace(item, min_g=value))
    return problem.with_item(index, replace(item, max_g=value))


def _moved(limit: Limit, value: float) -> Limit:
    """A figure above the most is the new most; one below the least is the new least."""
    if limit.most is not None and value > limit.most:
        return replace(limit, most=value)
    return replace(limit, least=value)


def _verified(model: Model, meal: _Meal, fix: Fix) -> Fix | None:
    try:
        problem = changed(model.problem, fix)
    except BadProblem:
        return None
    return None if broken(problem, meal.amounts) else fix


def _nearest(
    model: Model, numeric: Numeric, name: str, goal: Goal, extra: Sequence[Row] = ()
) -> _Meal | None:
    others = [other for other in model.names if other != name]
    found = exact.solve(numeric, others, goal, extra=extra, time_limit_s=_TIME_LIMIT_S)
    if found.outcome is not Outcome.FOUND:
        return None
    grams = tuple(
        step * round(float(count)) for step, count in zip(model.steps, found.steps, strict=True)
    )
    foods = [item.food for item in model.problem.items]
    return _Meal(grams, {food: g for food, g in zip(foods, grams, strict=True) if g})


def _amount(model: Model, numeric: Numeric, name: str) -> Fix | None:
    """A fixed amount, a least or a most: the whole steps of the meal that lies nearest."""
    kind, food = names.kind_of(name), names.subject_of(name)
    index = [item.food for item in model.problem.items].index(food)
    unit = np.eye(len(model.steps))[index]
    if kind == names.LOCKED:
        centre = model.problem.items[index].locked_g or 0.0
        goal = Goal(distances=(Distance(unit, centre, 1.0, 1.0),))
    else:
        goal = Goal(per_gram=unit if kind == names.MAX else -unit)
    meal = _nearest(model, numeric, name, goal)
    return None if meal is None else _verified(model, meal, Fix(name, meal.grams[index]))


def _limit(model: Model, numeric: Numeric, name: str) -> Fix | None:
    row = next(row for row in model.rows if row.name == name)
    coefficients = _floats(row.coefficients)
    distances = []
    if row.high is not None:
        distances.append(Distance(coefficients, float(row.high), 1.0, 0.0))
    if row.low is not None:
        distances.append(Distance(coefficients, float(row.low), 0.0, 1.0))
    meal = _nearest(model, numeric, name, Goal(distances=tuple(distances)))
    if meal is None:
        return None
    total = meal.total(row.coefficients)
    over = row.high is not None and total > row.high
    return _verified(model, meal, Fix(name, _readable(total, up=over)))


def _band(model: Model, numeric: Numeric, name: str) -> Fix | None:
    """Energy or volume: the goal nearest to the old one whose band holds the meal."""
    target = model.problem.target
    if name == names.ENERGY:
        goal, percent = typed(target.energy_kcal), typed(target.energy_tolerance_percent)
    else:
        goal, percent = typed(target.volume_ml or 0.0), typed(target.volume_tolerance_percent)
    row = next(row for row in model.rows if row.name == name)
    near = Distance(_floats(row.coefficients), float(goal), 1.0, 1.0)
    meal = _nearest(model, numeric, name, Goal(distances=(near,)))
    if meal is None:
        return None
    total, share = meal.total(row.coefficients), percent / 100
    lowest, highest = total / (1 + share), total / (1 - share)
    quanta = (Decimal("1"), Decimal("0.1"), Decimal("0.01"), Decimal("0.001"))
    for to in _between(lowest, highest, quanta, upwards=total > goal):
        fix = _verified(model, meal, Fix(name, to))
        if fix is not None:
            return fix
    return None


def _ratio(model: Model, numeric: Numeric, name: str) -> Fix | None:
    """The nearest ratio, above or below, around which a meal exists."""
    goal, tolerance = (
        typed(model.problem.target.ratio),
        typed(model.problem.target.ratio_tolerance),
    )
    found = []
    for upwards in (False, True):
        meal = _extreme_ratio(model, numeric, name, upwards=upwards)
        ratio = None if meal is None else totals(model.problem, meal.amounts).ratio
        if meal is None or ratio is None:
            continue
        quanta = (Decimal("0.01"), Decimal("0.001"), Decimal("0.0001"))
        lowest, highest = ratio - tolerance, ratio + tolerance
        for to in _between(lowest, highest, quanta, upwards=upwards):
            fix = to > 0 and _verified(model, meal, Fix(name, to))
            if fix:
                found.append(fix)
                break
    return min(found, key=lambda fix: abs(fix.to - goal), default=None)


def _extreme_ratio(model: Model, numeric: Numeric, name: str, *, upwards: bool) -> _Meal | None:
    """The meal of the lowest ratio above the goal, or of the highest below it.

    A quotient is no linear goal; F - q(P + C) is, and its sign says on which side of q a
    meal lies. Each round takes the last meal's ratio for q (Dinkelbach), which ends quickly.
    """
    measures = model.measures
    goal = typed(model.problem.target.ratio)
    surplus = _surplus(model, goal)
    side = Row(name, surplus, Decimal(0) if upwards else None, None if upwards else Decimal(0))
    best: _Meal | None = None
    limit = goal
    for _ in range(_RATIO_ROUNDS):
        cost = _floats(_surplus(model, limit)) * (1.0 if upwards else -1.0)
        extra = (side, _some(model))
        meal = _nearest(model, numeric, name, Goal(per_gram=cost), extra)
        if meal is None:
            return best
        ratio = meal.total(measures.fat) / meal.total(measures.non_fat)
        if best is not None and abs(ratio - limit) < _ENDED:
            return best
        best, limit = meal, ratio
    return best


def _some(model: Model) -> Row:
    """At least some protein or carbohydrate, without which there is no ratio."""
    least = min(
        (c * s for c, s in zip(model.measures.non_fat, model.steps, strict=True) if c > 0),
        default=Decimal(1),
    )
    return Row(names.RATIO, model.measures.non_fat, least, None)


def _surplus(model: Model, ratio: Decimal) -> tuple[Decimal, ...]:
    pairs = zip(model.measures.fat, model.measures.non_fat, strict=True)
    return tuple(fat - ratio * non_fat for fat, non_fat in pairs)


def _between(
    lowest: Decimal, highest: Decimal, quanta: Sequence[Decimal], *, upwards: bool
) -> Iterator[Decimal]:
    """Round figures from lowest to highest, the end nearest to the old goal first."""
    for quantum in quanta:
        end, how = (lowest, ROUND_CEILING) if upwards else (highest, ROUND_FLOOR)
        figure = (end / quantum).to_integral_value(how) * quantum
        if lowest <= figure <= highest:
            yield figure


def _readable(value: Decimal, *, up: bool) -> Decimal:
    """Three figures that count, to the side that is safe."""
    quantum = Decimal(1).scaleb(max(value.adjusted() - 2, -3)) if value else Decimal(1)
    return value.quantize(quantum, ROUND_CEILING if up else ROUND_FLOOR)


def _floats(values: Sequence[Decimal]) -> FLOATS:
    return np.array([float(value) for value in values])


def _no_number(model: Model, numeric: Numeric, name: str) -> Fix | None:
    return None


_FIXERS: dict[str, Callable[[Model, Numeric, str], Fix | None]] = {
    names.LOCKED: _amount,
    names.MIN: _amount,
    names.MAX: _amount,
    names.LIMIT: _limit,
    names.ENERGY: _band,
    names.VOLUME: _band,
    names.RATIO: _ratio,
    names.STEP: _no_number,
    names.BANNED: _no_number,
    names.USE_MIN: _no_number,
    names.MAX_ITEMS: _no_number,
}
