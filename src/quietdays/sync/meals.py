"""Meals and breastfeeds from a phone: what was weighed, what was left, one plan eaten once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext

from quietdays.diet.actions import (
    HUMAN_MILK_ML_PER_G,
    Served,
    change_breastfeed,
    change_meal,
    log_breastfeed,
    log_meal,
)
from quietdays.diet.models import EatenItem, FoodComposition, MealEaten, PlannedMeal
from quietdays.people.entries import amend
from quietdays.people.models import Child
from quietdays.records.models import Record
from quietdays.records.words import decimal_text
from quietdays.sync.values import name_of, read_decimal, read_id
from quietdays.sync.writers import Making, said

MAX_FOODS = 60
Portions = list[tuple[UUID, Decimal, Decimal]]  # composition, amount, left


def read_served(value: Any) -> Portions:
    if not isinstance(value, list) or len(value) > MAX_FOODS:
        raise ValidationError(gettext("A list of foods is needed."))
    return [_portion(row) for row in value]


def _portion(row: Any) -> tuple[UUID, Decimal, Decimal]:
    if not isinstance(row, dict) or not {"composition", "amount"} <= set(row):
        raise ValidationError(gettext("Each food has its composition and its amount."))
    unknown = set(row) - {"composition", "amount", "left"}
    if unknown:
        raise ValidationError(
            gettext("“%(field)s” is no part of a food.") % {"field": name_of(min(unknown))}
        )
    left = read_decimal(row.get("left", 0))
    return read_id(row["composition"]), read_decimal(row["amount"]), left


def read_lefts(value: Any) -> list[Decimal]:
    if not isinstance(value, list) or len(value) > MAX_FOODS:
        raise ValidationError(gettext("A list of what was left of each food is needed."))
    return [read_decimal(left) for left in value]


def ate(making: Making) -> list[Record]:
    """Store a meal as weighed; a plan that was deleted since still says what it was."""
    values = dict(making.values)
    planned = _planned(making.child, values.pop("planned", None))
    served = _served(making.child, _portions(values), values)
    name = values.pop("name", None) or (planned.name if planned else "")
    meal = log_meal(
        by=making.by,
        child=making.child,
        entry_id=making.entry_id,
        name=name,
        planned=planned,
        served=served,
        **values,
    )
    return [meal.record]


def _portions(values: dict[str, Any]) -> Portions:
    """What was weighed; `lefts` beside it are a correction made before it was ever sent."""
    portions: Portions = values.pop("served", [])
    lefts = values.pop("lefts", None)
    if lefts is None:
        return portions
    if len(lefts) != len(portions):
        raise ValidationError({"lefts": gettext("Say for each food what was left of it.")})
    return [
        (composition, amount, left)
        for (composition, amount, _), left in zip(portions, lefts, strict=True)
    ]


def _planned(child: Child, planned_id: UUID | None) -> PlannedMeal | None:
    if planned_id is None:
        return None
    rows = PlannedMeal.objects.filter(child=child, pk=planned_id)
    planned: PlannedMeal | None = rows.first()
    if planned is None:
        raise ValidationError({"planned": gettext("This plan is not there any more.")})
    return planned


def _served(child: Child, portions: Portions, values: dict[str, Any]) -> list[Served]:
    """The foods with the very versions that were weighed, newest or not."""
    rows = FoodComposition.objects.filter(
        Q(food__family__isnull=True) | Q(food__family=child.family_id),
        pk__in=[composition for composition, _, _ in portions],
    )
    known = {row.pk: row for row in rows.select_related("food")}
    if any(composition not in known for composition, _, _ in portions):
        raise ValidationError({"served": gettext("One of these foods is not in the list.")})
    share = _share_left(values)
    return [
        Served(known[composition], amount, left if share is None else round(amount * share, 2))
        for composition, amount, left in portions
    ]


def _share_left(values: dict[str, Any]) -> Decimal | None:
    """A mixture told by its volume leaves the same share of each food, as on the page."""
    offered, delivered = values.get("offered_ml"), values.get("delivered_ml")
    if not values.get("is_mixed") or not offered or delivered is None:
        return None
    return max(Decimal(0), 1 - Decimal(delivered) / Decimal(offered))


def logged_already(making: Making) -> MealEaten | None:
    """Another entry of the same planned meal."""
    planned_id = making.values.get("planned")
    if planned_id is None:
        return None
    rows = MealEaten.objects.of(making.child).filter(planned_id=planned_id)
    return rows.exclude(pk=making.entry_id).first()


def has_other_foods(making: Making, standing: MealEaten) -> bool:
    weighed = [(i.composition_id, i.offered) for i in _of_the_plan(standing)]
    portions = making.values.get("served", [])
    return weighed != [(composition, amount) for composition, amount, _ in portions]


def _of_the_plan(meal: MealEaten) -> list[EatenItem]:
    return [item for item in meal.items.all() if not item.was_off_plan]


def logged_again(making: Making, standing: MealEaten) -> Record:
    """The same foods of the same plan: one meal, as the second phone tells it."""
    values = {k: v for k, v in making.values.items() if k not in ("planned", "name")}
    portions = _portions(values)
    values = said(values)
    served = _served(making.child, portions, values)
    added = [i.left for i in standing.items.all() if i.was_off_plan]
    lefts = [portion.left for portion in served] + added
    return change_meal(by=making.by, meal=standing, lefts=lefts, **values)


def changed_meal(making: Making, meal: MealEaten) -> Record:
    values = dict(making.values)
    items = list(meal.items.all())
    lefts = values.pop("lefts", None)
    if {"is_mixed", "offered_ml", "delivered_ml"} & set(values) or lefts is not None:
        stored = {name: getattr(meal, name) for name in ("is_mixed", "offered_ml", "delivered_ml")}
        share = _share_left(stored | values)
        if share is not None:
            lefts = [round(item.offered * share, 2) for item in items]
    values.setdefault("happened_at", meal.happened_at)
    kept = [item.left for item in items]
    return change_meal(by=making.by, meal=meal, lefts=kept if lefts is None else lefts, **values)


def fed_at_the_breast(making: Making) -> list[Record]:
    values: dict[str, Any] = {"breast_ml": None} | making.values
    fed = log_breastfeed(by=making.by, child=making.child, entry_id=making.entry_id, **values)
    return [fed.record]


def changed_breastfeed(making: Making, meal: MealEaten) -> Record:
    if "breast_ml" in making.values:
        return change_breastfeed(by=making.by, meal=meal, **making.values)
    return amend(meal, by=making.by, **making.values)


def served_of(meal: MealEaten) -> dict[str, Any]:
    """What went in, from the meal's own snapshots."""
    return {"served": [_item(item) for item in meal.items.all()]}


def _item(item: EatenItem) -> dict[str, Any]:
    return {
        "composition": None if item.composition_id is None else str(item.composition_id),
        "amount": decimal_text(item.offered),
        "left": decimal_text(item.left),
        "food_name": item.food_name,
        "unit": item.unit,
        **{name: decimal_text(getattr(item, name)) for name in PER_100},
    }


PER_100 = ("fat_g_per_100", "protein_g_per_100", "carbohydrate_g_per_100", "fibre_g_per_100")


def milk_of(meal: MealEaten) -> dict[str, Any]:
    """A breastfeed's volume, back from the grams that it was stored as."""
    item = next(iter(meal.items.all()), None)
    if item is None:
        return {"breast_ml": None}
    per_g = item.composition.volume_ml_per_g if item.composition else None
    return {"breast_ml": decimal_text(round(item.offered * (per_g or HUMAN_MILK_ML_PER_G), 2))}
