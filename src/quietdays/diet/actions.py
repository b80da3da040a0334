"""Everything that changes foods, prescriptions, plans and meals eaten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Max, prefetch_related_objects

from quietdays.diet.models import (
    EatenItem,
    Food,
    FoodComposition,
    MealEaten,
    PlannedItem,
    PlannedMeal,
    Prescription,
)
from quietdays.people.access import Act, require
from quietdays.people.entries import Entered, amend, enter, refuse_deleted
from quietdays.people.models import Child, Person
from quietdays.people.queries import between_dates
from quietdays.records.ids import new_id
from quietdays.records.words import decimal_text
from quietdays.records.writing import one_write, save_as
from quietdays.science.prescription import InfeasibleTargets

# 9/4/4 of the macros may stray this far from the label's kcal before we ask. Source:
# docs/arithmetic.md#labels (rounding of labels, polyols and fibre explain most of it).
LABEL_ENERGY_TOLERANCE_PERCENT = 10.0


@dataclass(frozen=True, slots=True)
class Portion:
    """So much of one food, in the unit of its composition (g or mL)."""

    composition: FoodComposition
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Served(Portion):
    """A portion that was offered, and what of it was left over."""

    left: Decimal = Decimal(0)


def prescribe(*, by: Person, child: Child, entry_id: UUID, **values: Any) -> Prescription:
    """Sign a new version of the diet's numbers. Earlier versions stay as they are.

    Raises ValidationError with the figures when energy, ratio and protein cannot hold
    together, or when a field is out of range.
    """
    require(by, child, Act.PRESCRIBE)
    with one_write():
        found = Prescription.objects.filter(pk=entry_id, child=child).first()
        if found is not None:
            if any(getattr(found, name) != value for name, value in values.items()):
                raise ValidationError(
                    "This version was signed before. A version is written once: open this "
                    "page anew to sign another."
                )
            return found
        prescription = Prescription(id=entry_id, child=child, signed_by=by, **values)
        prescription.full_clean(exclude=["child", "signed_by"])
        _refuse_impossible_date(prescription, child)
        _refuse_infeasible(prescription)
        prescription.save()
        if child.diet_started_on is None:
            child.diet_started_on = prescription.effective_from
            save_as(child, by=by, update_fields=["diet_started_on"])
    return prescription


def _refuse_impossible_date(prescription: Prescription, child: Child) -> None:
    start = prescription.effective_from
    if start < child.birth_date:
        raise ValidationError({"effective_from": f"This is before {child.name} was born."})
    if start > child.today() + timedelta(days=366):
        raise ValidationError({"effective_from": f"Check the year: {start}."})


def _refuse_infeasible(prescription: Prescription) -> None:
    try:
        daily = prescription.daily()
    except InfeasibleTargets as error:
        sentence = str(error)
        raise ValidationError({"protein_g": f"{sentence[0].upper()}{sentence[1:]}."}) from error
    limit_g = prescription.carbohydrate_limit_g
    if limit_g is not None and daily.carbohydrate_g > float(limit_g) + 1e-6:
        raise ValidationError(
            {
                "carbohydrate_limit_g": f"These numbers leave {daily.carbohydrate_g:.1f} g "
                f"carbohydrate a day, more than the limit of {decimal_text(limit_g)} g."
            }
        )


def add_food(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    name: str,
    other_names: str = "",
    group: str = "",
    **composition: Any,
) -> Food:
    """A family's own food by its label; every family member and clinician can use it."""
    require(by, child, Act.LOG)
    with one_write():
        found: Food | None = Food.objects.filter(pk=entry_id, family=child.family).first()
        if found is not None:
            return found
        food = Food(
            id=entry_id, family=child.family, name=name, other_names=other_names, group=group
        )
        food.full_clean()
        food.save()
        _store_composition(food=food, by=by, **composition)
    return food


def correct_food(
    *, by: Person, child: Child, food: Food, name: str, **composition: Any
) -> FoodComposition:
    """Store a new version of what a family's food holds, and its name.

    Meals of the past keep the figures and the name that they were logged with.
    """
    require(by, child, Act.LOG)
    if food.family_id != child.family_id:
        raise ValidationError("This food belongs to the common table. Add your own beside it.")
    with one_write():
        if food.name != name:
            food.name = name
            food.full_clean()
            food.save(update_fields=["name"])
        newest = food.composition
        if all(getattr(newest, name) == value for name, value in composition.items()):
            return newest  # sent twice, or nothing was changed
        return _store_composition(food=food, by=by, **composition)


def _store_composition(*, food: Food, by: Person | None, **values: Any) -> FoodComposition:
    newest = food.compositions.aggregate(newest=Max("version"))["newest"] or 0
    composition = FoodComposition(
        id=new_id(), food=food, version=newest + 1, entered_by=by, **values
    )
    composition.full_clean(exclude=["food", "entered_by"])
    if composition.fibre_g is not None and composition.carbohydrate_basis == "total":
        if composition.fibre_g > composition.carbohydrate_g:
            raise ValidationError(
                {"fibre_g": "More fibre than carbohydrate with fibre: check the label's basis."}
            )
    composition.save()
    return composition


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
        _check_row(item, position, portion.composition.food.name)
        item.save()


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
        raise ValidationError({"planned": "This plan belongs to another child."})
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
        raise ValidationError("The list of foods changed meanwhile. Open the meal again.")
    if not items and not str(values.get("off_plan", meal.off_plan)).strip():
        raise ValidationError({"off_plan": "Write what was eaten, or delete the meal."})
    values["happened_at"] = happened_at
    other_lefts = [item.left for item in items] != list(lefts)
    with one_write():
        if other_lefts and all(getattr(meal, name) == value for name, value in values.items()):
            save_as(meal, by=by)  # a version of its own, for undo to go back from
        amend(meal, by=by, **values)
        for position, (item, left) in enumerate(zip(items, lefts, strict=True)):
            if item.left != left:
                item.left = left
                _check_row(item, position, item.food_name)
                save_as(item, by=by)
    return meal


def _store_eaten_items(meal: MealEaten, served: Sequence[Served]) -> None:
    for position, portion in enumerate(served):
        composition = portion.composition
        per_100 = composition.macros_per_100()
        item = EatenItem(
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
        )
        _check_row(item, position, composition.food.name)
        item.save()


def _grams(value: float) -> Decimal:
    """Compositions have two decimals, so the difference of two of them has as well."""
    return Decimal(str(round(value, 2)))


def _check_row(item: models.Model, position: int, food_name: str) -> None:
    try:
        item.full_clean(exclude=["meal", "composition"])
    except ValidationError as error:
        raise ValidationError({"items": f"{food_name}: {error.messages[0]}"}) from error


def _need_portions(portions: Sequence[Portion]) -> None:
    if not portions:
        raise ValidationError({"items": "Add at least one food with its amount."})


def _need_something_eaten(served: Sequence[Served], values: dict[str, Any]) -> None:
    if not served and not str(values.get("off_plan", "")).strip():
        raise ValidationError({"items": "Add what was offered, or write what was eaten."})
