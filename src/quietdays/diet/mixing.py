"""A feed mixed for a day: powder, modulars, a fixed volume of breast milk, and water.

Powder takes up room when it dissolves, so the water is less than the volume. The whole is
weighed, then poured into bottles; what is in each bottle keeps the ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError

from quietdays.diet.actions import NewPlan, Portion
from quietdays.diet.balancing import Bounds, Wish, key_of, meal_problem
from quietdays.diet.models import Food, FoodComposition, MeasureUnit, Recipe
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.mealsolver import MealProblem

WATER = "usda-sr28:14429"
WATER_STEP_G = Decimal(1)
# A powder whose displacement nobody entered: docs/arithmetic.md#feeds.
USUAL_ML_PER_G = 0.77


@dataclass(frozen=True, slots=True)
class FeedOrder:
    """What the feed should come to."""

    volume_ml: Decimal
    energy_kcal: Decimal
    ratio: Decimal


def water() -> FoodComposition:
    """Raises ValidationError when the food table was not loaded."""
    food: Food | None = Food.objects.filter(source_key=WATER).first()
    if food is None:
        raise ValidationError({"items": "The food table has no water."})
    return food.composition


def feed_problem(
    wishes: Sequence[Wish],
    order: FeedOrder,
    *,
    basis: CarbohydrateBasis,
    scale_step_g: Decimal,
) -> MealProblem:
    """The foods and water to a volume, an energy and a ratio. Raises ValidationError."""
    tap = water()
    foods = [w for w in wishes if w.composition.food_id != tap.food_id]
    if not foods:
        raise ValidationError({"items": "Add the powder or milk that the feed is made of."})
    problem = meal_problem(
        [*foods, Wish(tap)],
        target=DietTarget(ratio=float(order.ratio), energy_kcal=float(order.energy_kcal)),
        basis=basis,
        scale_step_g=scale_step_g,
        bounds=Bounds(volume_ml=float(order.volume_ml)),
        usual_ml_per_g=USUAL_ML_PER_G,
    )
    coarse = float(max(WATER_STEP_G, scale_step_g))
    items = tuple(
        replace(i, step_g=coarse, min_g=0.0, weight=0.0) if i.food == key_of(tap) else i
        for i in problem.items
    )
    return replace(problem, items=items)


def without_displacement(wishes: Sequence[Wish]) -> list[str]:
    """Names of foods in grams whose volume in a feed is only the usual figure."""
    return [
        w.composition.food.name
        for w in wishes
        if w.composition.volume_ml_per_g is None and w.composition.per_unit == MeasureUnit.G
    ]


def bottle_times(first: datetime, bottles: int) -> list[datetime]:
    """So many feeds spread evenly over 24 hours from the first one, to the minute."""
    apart = timedelta(hours=24) / bottles
    return [(first + i * apart).replace(second=0, microsecond=0) for i in range(bottles)]


def bottle_plans(feed: Recipe, times: Sequence[datetime]) -> list[NewPlan]:
    """Each bottle as a planned feed: its share of every food, and its volume."""
    share = Decimal(1) / feed.servings
    portions = [
        Portion(item.composition, max(Decimal("0.01"), round(item.amount * share, 2)))
        for item in feed.items.all()
    ]
    volume_ml = None if feed.volume_ml is None else round(feed.volume_ml * share, 1)
    return [NewPlan(at, feed.name, portions, recipe=feed, volume_ml=volume_ml) for at in times]
