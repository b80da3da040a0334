"""What the scale makes of a meal: how much one step moves the ratio, and when to cook more.

Half a step h of a food moves the ratio by up to h |d| / (2 (P + C)), and P + C follows from
energy K and ratio, so only K / h counts: 60 kcal weighed to 0.1 g are as hard as 600 kcal to
1 g. Source: docs/mealsolver.md#weighing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from quietdays.science.mealsolver.checks import exact
from quietdays.science.mealsolver.problem import Item, Limit, MealProblem
from quietdays.science.mealsolver.verify import totals

# Below this, whole steps often cannot keep the ratio within 0.05 (docs/mealsolver.md#weighing).
ENOUGH_KCAL_PER_G = 200.0
FINE_STEP_G = 0.1


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one step more or less of the most sensitive food does to the ratio."""

    food: str
    step_g: Decimal
    ratio_with_more: Decimal | None
    ratio_with_less: Decimal | None


@dataclass(frozen=True, slots=True)
class WeighingAdvice:
    """The steps are coarse for so little energy: weigh finer, or cook for several meals.

    `kcal_per_step_g` is the energy over the coarsest step that matters, in kcal per g;
    `batch_meals` is how many meals cooked at once are enough for this scale.
    """

    kcal_per_step_g: float
    finer_step_g: float | None
    batch_meals: int


def sensitivity(problem: MealProblem, amounts: Mapping[str, Decimal]) -> Sensitivity | None:
    """The food of which one step moves the ratio most; None without a ratio."""
    ratio = totals(problem, amounts).ratio
    if ratio is None:
        return None
    found: list[tuple[Decimal, Sensitivity]] = []
    for item in problem.items:
        if not amounts.get(item.food):
            continue
        step_g = exact(item.step_g)
        more, less = (_ratio(problem, amounts, item.food, change) for change in (step_g, -step_g))
        shift = max(abs(r - ratio) if r is not None else Decimal(0) for r in (more, less))
        found.append((shift, Sensitivity(item.food, step_g, more, less)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _ratio(
    problem: MealProblem, amounts: Mapping[str, Decimal], food: str, change: Decimal
) -> Decimal | None:
    grams = amounts[food] + change
    if grams < 0:
        return None
    return totals(problem, {**amounts, food: grams}).ratio


def weighing_advice(problem: MealProblem) -> WeighingAdvice | None:
    """None where the scale is fine enough for this much energy."""
    steps = [item.step_g for item in problem.items if _matters(problem, item)]
    if not steps:
        return None
    coarsest_g = max(steps)
    kcal_per_step_g = problem.target.energy_kcal / coarsest_g
    if kcal_per_step_g >= ENOUGH_KCAL_PER_G:
        return None
    return WeighingAdvice(
        kcal_per_step_g=kcal_per_step_g,
        finer_step_g=FINE_STEP_G if coarsest_g > FINE_STEP_G else None,
        batch_meals=math.ceil(ENOUGH_KCAL_PER_G / kcal_per_step_g - 1e-9),
    )


def _matters(problem: MealProblem, item: Item) -> bool:
    """Water can be as coarse as it likes, and so can what is not weighed anew."""
    food = problem.foods[item.food]
    return not item.banned and food.fat_g + food.protein_g + food.carb_g > 0


def batch(problem: MealProblem, meals: int) -> MealProblem:
    """The same meal for so many meals at once: cook it, weigh it, and divide it by weight.

    A part of a mixed whole keeps its ratio, so the scale's step matters so many times less.
    """
    items = tuple(
        replace(
            item,
            want_g=item.want_g * meals,
            weight=(item.weight or 0.0) / meals,
            min_g=item.min_g * meals,
            max_g=_times(item.max_g, meals),
            locked_g=_times(item.locked_g, meals),
            use_min_g=_times(item.use_min_g, meals),
        )
        for item in problem.items
    )
    limits = tuple(
        Limit(limit.id, limit.nutrient, _times(limit.least, meals), _times(limit.most, meals))
        for limit in problem.limits
    )
    target = replace(
        problem.target,
        energy_kcal=problem.target.energy_kcal * meals,
        volume_ml=_times(problem.target.volume_ml, meals),
    )
    return replace(problem, items=items, limits=limits, target=target, weights=None)


def _times(value: float | None, factor: int) -> float | None:
    return None if value is None else float(exact(value) * factor)
