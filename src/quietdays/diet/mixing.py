"""A feed mixed for a day: powder, modulars, a fixed volume of breast milk, and water.

Powder takes up room when it dissolves, so the water is less than the volume. The whole is
weighed, then poured into bottles; what is in each bottle keeps the ratio.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diet import queries
from quietdays.diet.actions import NewPlan, Portion
from quietdays.diet.balancing import (
    Bounds,
    Wish,
    advice_in_words,
    balance,
    key_of,
    meal_problem,
    protein_in_words,
    sensitivity_in_words,
)
from quietdays.diet.models import Food, FoodComposition, MeasureUnit, Prescription, Recipe
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.mealsolver import MealProblem, Solved
from quietdays.words import decimal, plain

WATER = "usda-sr28:14429"
WATER_STEP_G = Decimal(1)
# A powder whose displacement nobody entered: docs/arithmetic.md#feeds.
USUAL_ML_PER_G = 0.77
# Less than this over the prescribed carbohydrate is rounding.
CARBOHYDRATE_EDGE_G = 0.05


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
        raise ValidationError({"items": gettext("The food table has no water.")})
    return food.composition


@dataclass(frozen=True, slots=True)
class Mix:
    """What to weigh for the whole feed, and what has to be said with it."""

    portions: tuple[Portion, ...]
    warnings: tuple[str, ...]  # what it lacks or holds too much of, by the prescription
    remarks: tuple[str, ...]

    def macros(self) -> Macros:
        return Macros.total(p.macros() for p in self.portions)


def mix(
    wishes: Sequence[Wish],
    order: FeedOrder,
    *,
    prescription: Prescription | None,
    scale_step_g: Decimal,
) -> Mix:
    """The foods and water to a volume, an energy and a ratio.

    Raises ValidationError with the sentence that says what stands in the way.
    """
    basis = queries.basis_of(prescription)
    share = _share_of_day(order, prescription)
    problem = feed_problem(wishes, order, basis=basis, scale_step_g=scale_step_g)
    answer = balance(problem, protein_share_g=share.protein_g)
    if not isinstance(answer, Solved):
        raise ValidationError(answer.message)
    known = {key_of(w.composition): w.composition for w in (*wishes, Wish(water()))}
    warnings = (
        protein_in_words(answer, share.protein_g),
        _carbohydrate_in_words(answer, share.carbohydrate_g),
    )
    remarks = (
        sensitivity_in_words(answer, problem),
        advice_in_words(answer, problem),
        _displacement_in_words(wishes),
    )
    return Mix(
        portions=tuple(Portion(known[k], v) for k, v in answer.amounts.items() if v),
        warnings=tuple(w for w in warnings if w),
        remarks=tuple(r for r in remarks if r),
    )


def _share_of_day(order: FeedOrder, prescription: Prescription | None) -> DietTarget:
    """The prescribed day's numbers for as much energy as the feed holds."""
    if prescription is None or not prescription.day_target.energy_kcal:
        return DietTarget()
    day = prescription.day_target
    return day.share(float(order.energy_kcal) / (day.energy_kcal or 1.0))


def _carbohydrate_in_words(answer: Solved, share_g: float | None) -> str:
    held_g = float(answer.totals.carb_g)
    if share_g is None or held_g <= share_g + CARBOHYDRATE_EDGE_G:
        return ""
    return gettext(
        "It holds %(held_g)s g carbohydrate; prescribed for this energy: %(share_g)s g."
    ) % {"held_g": decimal(held_g, 1), "share_g": decimal(share_g, 1)}


def feed_problem(
    wishes: Sequence[Wish],
    order: FeedOrder,
    *,
    basis: CarbohydrateBasis,
    scale_step_g: Decimal,
) -> MealProblem:
    tap = water()
    foods = [w for w in wishes if w.composition.food_id != tap.food_id]
    if not foods:
        raise ValidationError(
            {"items": gettext("Add the powder or milk that the feed is made of.")}
        )
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


def _displacement_in_words(wishes: Sequence[Wish]) -> str:
    guessed = without_displacement(wishes)
    if not guessed:
        return ""
    return gettext(
        "The volume of %(foods)s is counted with %(ml_per_g)s mL a gram, a usual "
        "figure. Enter the product’s own on its food page."
    ) % {"foods": ", ".join(guessed), "ml_per_g": plain(USUAL_ML_PER_G)}


def bottle_times(first: datetime, bottles: int) -> list[datetime]:
    """So many feeds spread evenly over 24 hours from the first one, to the minute."""
    apart = timedelta(hours=24) / bottles
    return [(first + i * apart).replace(second=0, microsecond=0) for i in range(bottles)]


def use_by(feed: Recipe, first: datetime) -> datetime | None:
    """When a feed whose first bottle is due then may no longer be used; None if nobody said."""
    if feed.made_at is None or feed.keeps_h is None:
        return None
    made = first.replace(hour=feed.made_at.hour, minute=feed.made_at.minute)
    if made > first:  # made the evening before
        made -= timedelta(days=1)
    return made.astimezone(UTC) + timedelta(hours=float(feed.keeps_h))


def bottle_plans(
    feed: Recipe, times: Sequence[datetime], *, day_share: Decimal | None = None
) -> list[NewPlan]:
    """Each bottle as a planned feed: its share of every food, and its volume."""
    share = Decimal(1) / feed.servings
    portions = [
        Portion(item.composition, max(Decimal("0.01"), round(item.amount * share, 2)))
        for item in feed.items.all()
    ]
    volume_ml = None if feed.volume_ml is None else round(feed.volume_ml * share, 1)
    return [
        NewPlan(at, feed.name, portions, recipe=feed, volume_ml=volume_ml, day_share=day_share)
        for at in times
    ]


def bottle_share(feed: Recipe, prescription: Prescription | None) -> Decimal | None:
    """A bottle's part of the day, when the feed is the whole day's; None when it is not."""
    energy_kcal = prescription.day_target.energy_kcal if prescription else None
    if prescription is None or not energy_kcal:
        return None
    tolerance = prescription.tolerance
    whole = 100 * feed.macros().energy_kcal(prescription.basis) / energy_kcal
    if not 100 - tolerance.energy_under_percent <= whole <= 100 + tolerance.energy_over_percent:
        return None
    return round(Decimal(1) / feed.servings, 4)
