"""The second pair of eyes: totals and constraints worked out again from the food values.

It shares no code with the model, the search or the exact solver, and counts in decimals, so
that a slip there cannot pass here. No answer is given that this has not passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from quietdays.science.mealsolver.problem import Item, Limit, MealProblem


@dataclass(frozen=True, slots=True)
class Totals:
    """What a meal holds, exactly, on the basis of its problem. No ratio without P and C."""

    fat_g: Decimal
    protein_g: Decimal
    carb_g: Decimal
    energy_kcal: Decimal
    volume_ml: Decimal | None
    ratio: Decimal | None


def totals(problem: MealProblem, amounts: Mapping[str, Decimal]) -> Totals:
    """Totals of these grams; foods that are not named are not eaten."""
    fat = protein = carb = table_kcal = volume = Decimal(0)
    for food_id, grams in amounts.items():
        food = problem.foods[food_id]
        portion = grams / 100
        net = _typed(food.carb_g)
        if problem.basis.carb == "net":
            net = max(Decimal(0), net - _typed(food.fibre_g))
        fat += portion * _typed(food.fat_g)
        protein += portion * _typed(food.protein_g)
        carb += portion * net
        table_kcal += portion * _typed(food.energy_kcal)
        volume += grams * _typed(food.ml_per_g)
    non_fat = protein + carb
    by_factors = 9 * fat + 4 * non_fat
    return Totals(
        fat_g=fat,
        protein_g=protein,
        carb_g=carb,
        energy_kcal=table_kcal if problem.basis.energy == "table" else by_factors,
        volume_ml=None if problem.target.volume_ml is None else volume,
        ratio=fat / non_fat if non_fat > 0 else None,
    )


def broken(problem: MealProblem, amounts: Mapping[str, Decimal]) -> tuple[str, ...]:
    """Names of the constraints that these grams break; empty when all hold."""
    known = {item.food for item in problem.items}
    stray = [f"unknown:{food}" for food in amounts if food not in known]
    if stray:
        return tuple(stray)
    whole = totals(problem, amounts)
    found = [*_target_broken(problem, whole)]
    for limit in problem.limits:
        if not _limit_holds(problem, limit, amounts, whole):
            found.append(f"limit:{limit.id}")
    eaten = 0
    off_step = False
    for item in problem.items:
        grams = amounts.get(item.food, Decimal(0))
        eaten += grams != 0
        off_step = off_step or grams % _typed(item.step_g) != 0
        found.extend(f"{kind}:{item.food}" for kind in _item_broken(item, grams))
    if off_step:
        found.append("step")
    if problem.max_items is not None and eaten > problem.max_items:
        found.append("max_items")
    return tuple(found)


def _target_broken(problem: MealProblem, whole: Totals) -> Iterator[str]:
    target = problem.target
    # Multiplied out, because a quotient of decimals is rounded.
    non_fat = whole.protein_g + whole.carb_g
    wide = _typed(target.ratio_tolerance) * non_fat
    if non_fat <= 0 or abs(whole.fat_g - _typed(target.ratio) * non_fat) > wide:
        yield "ratio"
    if not _near(whole.energy_kcal, target.energy_kcal, target.energy_tolerance_percent):
        yield "kcal"
    if whole.volume_ml is not None and target.volume_ml is not None:
        if not _near(whole.volume_ml, target.volume_ml, target.volume_tolerance_percent):
            yield "volume"


def _limit_holds(
    problem: MealProblem, limit: Limit, amounts: Mapping[str, Decimal], whole: Totals
) -> bool:
    main = {"protein": whole.protein_g, "carb": whole.carb_g, "fat": whole.fat_g,
            "kcal": whole.energy_kcal}  # fmt: skip
    total = main.get(limit.nutrient)
    if total is None:
        total = Decimal(0)
        for food_id, grams in amounts.items():
            food = problem.foods[food_id]
            fibre = limit.nutrient == "fibre"
            total += (
                grams / 100 * _typed(food.fibre_g if fibre else food.nutrients.get(limit.nutrient))
            )
    enough = limit.least is None or total >= _typed(limit.least)
    return enough and (limit.most is None or total <= _typed(limit.most))


def _item_broken(item: Item, grams: Decimal) -> Iterator[str]:
    if item.locked_g is not None and grams != _typed(item.locked_g):
        yield "locked"
    if grams < _typed(item.min_g):
        yield "min"
    if item.max_g is not None and grams > _typed(item.max_g):
        yield "max"
    if item.banned and grams != 0:
        yield "banned"
    if item.use_min_g is not None and grams != 0 and grams < _typed(item.use_min_g):
        yield "use_min"


def _near(value: Decimal, goal: float, percent: float) -> bool:
    return abs(value - _typed(goal)) * 100 <= _typed(goal) * _typed(percent)


def _typed(value: float | None) -> Decimal:
    """The decimal that was typed; unknown counts nothing."""
    return Decimal(0) if value is None else Decimal(str(value))
