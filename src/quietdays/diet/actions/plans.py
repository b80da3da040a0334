"""Planning what to weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import prefetch_related_objects

from quietdays.diet.models import (
    FoodComposition,
    PlannedItem,
    PlannedMeal,
)
from quietdays.people.access import Act, require
from quietdays.people.entries import Entered, amend, enter, refuse_deleted
from quietdays.people.models import Child, Person
from quietdays.people.queries import between_dates
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write


@dataclass(frozen=True, slots=True)
class Portion:
    """So much of one food, in the unit of its composition (g or mL)."""

    composition: FoodComposition
    amount: Decimal


def plan_meal(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    happened_at: datetime,
    name: str,
    portions: Sequence[Portion],
) -> Entered[PlannedMeal]:
    """Plan one meal or feed with what to weigh."""
    _need_portions(portions)
    with one_write():
        entered = enter(
            PlannedMeal, by=by, child=child, entry_id=entry_id, happened_at=happened_at, name=name
        )
        if entered.created:
            _store_planned_items(entered.record, portions)
        else:  # the same form once more: the same meal, or a correction of it
            refuse_deleted(entered.record)
            change_plan(
                by=by,
                meal=entered.record,
                happened_at=happened_at,
                name=name,
                portions=portions,
            )
    return entered


def change_plan(
    *, by: Person, meal: PlannedMeal, happened_at: datetime, name: str, portions: Sequence[Portion]
) -> PlannedMeal:
    """Change a planned meal; what was already eaten from it does not change."""
    _need_portions(portions)
    with one_write():
        amend(meal, by=by, happened_at=happened_at, name=name)
        planned = [(i.composition, i.amount) for i in meal.items.select_related("composition")]
        if planned != [(p.composition, p.amount) for p in portions]:
            meal.items.all().delete()
            _store_planned_items(meal, portions)
    return meal


def copy_day_plan(*, by: Person, child: Child, source: date, target: date) -> list[PlannedMeal]:
    """Plan the meals of one date again on another, at the same local times.

    Meals that the target date already has at that time are left alone.
    """
    require(by, child, Act.LOG)
    timeline = child.timeline()
    with one_write():
        rows = between_dates(PlannedMeal, child, source, source)
        prefetch_related_objects(rows, "items__composition__food")
        # Compared as instants: clocks that go forward show another time than was copied.
        taken = {m.happened_at for m in between_dates(PlannedMeal, child, target, target)}
        made = []
        for meal in rows:
            due = timeline.instant_of(target, meal.local_time.time())
            if due is None or due in taken:
                continue
            copy = enter(
                PlannedMeal,
                by=by,
                child=child,
                entry_id=new_id(),
                happened_at=due,
                name=meal.name,
            ).record
            _store_planned_items(
                copy,
                # The newest composition: a reformulated product must not be planned from old figures.
                [Portion(i.composition.food.composition, i.amount) for i in meal.items.all()],
            )
            made.append(copy)
    return made


def _store_planned_items(meal: PlannedMeal, portions: Sequence[Portion]) -> None:
    for position, portion in enumerate(portions):
        item = PlannedItem(
            meal=meal,
            composition=portion.composition,
            amount=portion.amount,
            position=position,
        )
        check_row(item, position, portion.composition.food.name)
        item.save()


def check_row(item: models.Model, position: int, food_name: str) -> None:
    try:
        item.full_clean(exclude=["meal", "composition"])
    except ValidationError as error:
        raise ValidationError({"items": f"{food_name}: {error.messages[0]}"}) from error


def _need_portions(portions: Sequence[Portion]) -> None:
    if not portions:
        raise ValidationError({"items": "Add at least one food with its amount."})
