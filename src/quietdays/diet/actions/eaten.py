"""Recording what really went in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diet.actions.plans import Portion, check_row
from quietdays.diet.models import EatenItem, Food, MealEaten, PlannedMeal
from quietdays.people.access import Act, require
from quietdays.people.entries import Entered, amend, enter, refuse_deleted
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write, save_as


@dataclass(frozen=True, slots=True)
class Served(Portion):
    """A portion that was offered, and what of it was left over."""

    left: Decimal = Decimal(0)
    is_estimated: bool = False
    was_off_plan: bool = False


def log_meal(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    happened_at: datetime,
    name: str,
    served: Sequence[Served],
    planned: PlannedMeal | None = None,
    **values: Any,
) -> Entered[MealEaten]:
    """Record what went in. Each item keeps a snapshot of what it was made of."""
    _need_something_eaten(served, values)
    if planned is not None and planned.child_id != child.pk:
        raise ValidationError({"planned": gettext("This plan belongs to another child.")})
    with one_write():
        entered = enter(
            MealEaten,
            by=by,
            child=child,
            entry_id=entry_id,
            happened_at=happened_at,
            name=name,
            planned=planned,
            **values,
        )
        if entered.created:
            _store_eaten_items(entered.record, served)
        else:  # the same form once more: the same meal, or a correction of it
            refuse_deleted(entered.record)
            change_meal(
                by=by,
                meal=entered.record,
                happened_at=happened_at,
                lefts=[s.left for s in served],
                **values,
            )
    return entered


def change_meal(
    *, by: Person, meal: MealEaten, happened_at: datetime, lefts: Sequence[Decimal], **values: Any
) -> MealEaten:
    """Correct a logged meal. Its snapshot stays; only left-overs and remarks change."""
    items = list(meal.items.all())
    if len(items) != len(lefts):
        raise ValidationError(gettext("The list of foods changed meanwhile. Open the meal again."))
    if not items and not str(values.get("off_plan", meal.off_plan)).strip():
        raise ValidationError({"off_plan": gettext("Write what was eaten, or delete the meal.")})
    values["happened_at"] = happened_at
    other_lefts = [item.left for item in items] != list(lefts)
    with one_write():
        amend(meal, by=by, parts_change=other_lefts, **values)
        for item, left in zip(items, lefts, strict=True):
            if item.left != left:
                item.left = left
                check_row(item, item.food_name)
                save_as(item, by=by)
    return meal


HUMAN_MILK = "usda-sr28:01107"  # mature human milk of the starter table
HUMAN_MILK_ML_PER_G = Decimal("0.971")  # 1.03 g a mL; docs/arithmetic.md#feeds


def log_breastfeed(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    happened_at: datetime,
    breast_minutes: int,
    breast_ml: Decimal | None,
    **values: Any,
) -> Entered[MealEaten]:
    """Record a breastfeed: its minutes, and its volume where somebody could say, as estimated.

    Milk differs much from the table, so such a meal is counted but never judged.
    """
    served = [] if breast_ml is None else [_milk(breast_ml)]
    values |= {"happened_at": happened_at, "breast_minutes": breast_minutes}
    with one_write():
        entered = enter(
            MealEaten, by=by, child=child, entry_id=entry_id, name="Breastfeed", **values
        )
        if entered.created:
            _store_eaten_items(entered.record, served)
        else:
            refuse_deleted(entered.record)
            change_breastfeed(by=by, meal=entered.record, breast_ml=breast_ml, **values)
    return entered


def change_breastfeed(
    *, by: Person, meal: MealEaten, breast_ml: Decimal | None, **values: Any
) -> MealEaten:
    served = [] if breast_ml is None else [_milk(breast_ml)]
    items = list(meal.items.all())
    # The same volume keeps its snapshot, whatever the table says of milk since.
    change = [i.offered for i in items] != [s.amount for s in served]
    with one_write():
        amend(meal, by=by, parts_change=change, **values)
        if change:
            for item in items:
                item.delete()
            _store_eaten_items(meal, served)
    return meal


def _milk(volume_ml: Decimal) -> Served:
    milk: Food | None = Food.objects.filter(source_key=HUMAN_MILK).first()
    if milk is None:
        raise ValidationError({"breast_ml": gettext("The food table has no human milk.")})
    composition = milk.composition
    per_g = composition.volume_ml_per_g or HUMAN_MILK_ML_PER_G
    return Served(composition, round(volume_ml / per_g, 2), is_estimated=True)


def sort_off_plan(
    *, by: Person, meal: MealEaten, entry_id: UUID, served: Sequence[Served], rest: str
) -> MealEaten:
    """Turn food in free words into foods with amounts; `rest` is what of the words remains.

    The first food takes the form's id, so that a form sent twice is counted once.
    """
    if not served:
        raise ValidationError({"items": gettext("Add at least one food with its amount.")})
    known = [replace(portion, was_off_plan=True) for portion in served]
    with one_write():
        require(by, meal.child, Act.LOG)
        if EatenItem.history.filter(id=entry_id).exists():
            return meal
        amend(meal, by=by, parts_change=True, off_plan=rest)
        _store_eaten_items(meal, known, start=meal.items.count(), first_id=entry_id)
    return meal


def _store_eaten_items(
    meal: MealEaten, served: Sequence[Served], *, start: int = 0, first_id: UUID | None = None
) -> None:
    for position, portion in enumerate(served, start):
        composition = portion.composition
        per_100 = composition.macros_per_100()
        item = EatenItem(
            id=first_id if first_id is not None and position == start else new_id(),
            meal=meal,
            composition=composition,
            food_name=composition.food.name,
            unit=composition.per_unit,
            offered=portion.amount,
            left=portion.left,
            fat_g_per_100=_grams(per_100.fat_g),
            protein_g_per_100=_grams(per_100.protein_g),
            carbohydrate_g_per_100=_grams(per_100.carbohydrate_g),
            fibre_g_per_100=_grams(per_100.fibre_g),
            position=position,
            is_estimated=portion.is_estimated,
            was_off_plan=portion.was_off_plan,
        )
        check_row(item, composition.food.name)
        item.save()


def _grams(value: float) -> Decimal:
    """Compositions have two decimals, so the difference of two of them has as well."""
    return Decimal(str(round(value, 2)))


def _need_something_eaten(served: Sequence[Served], values: dict[str, Any]) -> None:
    if not served and not str(values.get("off_plan", "")).strip():
        raise ValidationError({"items": gettext("Add what was offered, or write what was eaten.")})
