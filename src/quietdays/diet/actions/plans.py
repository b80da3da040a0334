"""Planning what to weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext

from quietdays.diet.models import FoodComposition, PlannedItem, PlannedMeal, Recipe
from quietdays.diet.models.plans import ItemOfFood
from quietdays.people.access import Act, require
from quietdays.people.entries import Entered, amend, enter, refuse_deleted
from quietdays.people.models import Child, Person
from quietdays.people.queries import between_dates
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write
from quietdays.science.macros import Macros

DAYS_IN_WEEK = 7


@dataclass(frozen=True, slots=True)
class Portion:
    """So much of one food, in the unit of its composition (g or mL)."""

    composition: FoodComposition
    amount: Decimal

    def macros(self) -> Macros:
        return self.composition.macros_per_100().scaled(float(self.amount) / 100)


@dataclass(frozen=True, slots=True)
class NewPlan:
    """One meal to be planned beside others."""

    happened_at: datetime
    name: str
    portions: Sequence[Portion]
    slot: int | None = None
    is_snack: bool = False
    recipe: Recipe | None = None
    volume_ml: Decimal | None = None
    day_share: Decimal | None = None


def plan_meal(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    happened_at: datetime,
    name: str,
    portions: Sequence[Portion],
    **values: Any,
) -> Entered[PlannedMeal]:
    """Plan one meal or feed with what to weigh. `values`: slot, is_snack, recipe, volume_ml."""
    need_portions(portions)
    _need_own_recipe(values.get("recipe"), child)
    with one_write():
        entered = enter(
            PlannedMeal,
            by=by,
            child=child,
            entry_id=entry_id,
            act=Act.PLAN,
            happened_at=happened_at,
            name=name,
            **values,
        )
        if entered.created:
            store_items(PlannedItem, {"meal": entered.record}, portions)
        else:  # the same form once more: the same meal, or a correction of it
            refuse_deleted(entered.record)
            change_plan(
                by=by,
                meal=entered.record,
                happened_at=happened_at,
                name=name,
                portions=portions,
                **values,
            )
    return entered


def change_plan(
    *,
    by: Person,
    meal: PlannedMeal,
    happened_at: datetime,
    name: str,
    portions: Sequence[Portion],
    **values: Any,
) -> PlannedMeal:
    """Change a planned meal; what was already eaten from it does not change."""
    need_portions(portions)
    _need_own_recipe(values.get("recipe"), meal.child)
    with one_write():
        change = items_change(PlannedItem, {"meal": meal}, portions)
        told = {"happened_at": happened_at, "name": name, **values}
        amend(meal, by=by, act=Act.PLAN, parts_change=change, **told)
        if change:
            replace_items(PlannedItem, {"meal": meal}, portions)
    return meal


def plan_meals(*, by: Person, child: Child, plans: Sequence[NewPlan]) -> list[PlannedMeal]:
    """Plan several meals at once, or none. A time that has a plan already is left alone."""
    require(by, child, Act.PLAN)
    if not plans:
        return []
    with one_write():
        taken = _planned_instants(child, plans)
        made = []
        for plan in plans:
            if plan.happened_at in taken:
                continue
            planned = plan_meal(
                by=by,
                child=child,
                entry_id=new_id(),
                happened_at=plan.happened_at,
                name=plan.name,
                portions=plan.portions,
                slot=plan.slot,
                is_snack=plan.is_snack,
                recipe=plan.recipe,
                volume_ml=plan.volume_ml,
                day_share=plan.day_share,
            )
            made.append(planned.record)
    return made


def _planned_instants(child: Child, plans: Sequence[NewPlan]) -> set[datetime]:
    times = [p.happened_at for p in plans]
    rows = PlannedMeal.objects.of(child).filter(happened_at__range=(min(times), max(times)))
    return set(rows.values_list("happened_at", flat=True))


def copy_day_plan(*, by: Person, child: Child, source: date, target: date) -> list[PlannedMeal]:
    """Plan the meals of one date again on another, at the same local times.

    Meals that the target date already has at that time are left alone.
    """
    return plan_meals(by=by, child=child, plans=_copies(child, source, target))


def copy_week_plan(*, by: Person, child: Child, source: date, target: date) -> list[PlannedMeal]:
    """The seven days from one date planned again from another, day by day."""
    copies = [
        copy
        for n in range(DAYS_IN_WEEK)
        for copy in _copies(child, source + timedelta(days=n), target + timedelta(days=n))
    ]
    return plan_meals(by=by, child=child, plans=copies)


def _copies(child: Child, source: date, target: date) -> list[NewPlan]:
    timeline = child.timeline()
    rows = between_dates(PlannedMeal, child, source, source)
    prefetch_related_objects(rows, "items__composition__food", "recipe")
    copies = []
    for meal in rows:
        due = timeline.instant_of(target, meal.local_time.time())
        if due is None:  # the clocks skip this time on that night
            continue
        # The newest composition: a reformulated product must not be planned from old figures.
        portions = [Portion(i.composition.food.composition, i.amount) for i in meal.items.all()]
        copies.append(
            NewPlan(
                due,
                meal.name,
                portions,
                meal.slot,
                meal.is_snack,
                meal.recipe,
                meal.volume_ml,
                meal.day_share,
            )
        )
    return copies


def store_items(
    model: type[ItemOfFood], owner: dict[str, Any], portions: Sequence[Portion]
) -> None:
    """Store the foods of a plan or a recipe. Raises ValidationError with the food's name."""
    for position, portion in enumerate(portions):
        item = model(
            **owner, composition=portion.composition, amount=portion.amount, position=position
        )
        check_row(item, portion.composition.food.name)
        item.save()


def items_change(
    model: type[ItemOfFood], owner: dict[str, Any], portions: Sequence[Portion]
) -> bool:
    rows = model._default_manager.filter(**owner).select_related("composition")
    stored = [(i.composition, i.amount) for i in rows]
    return stored != [(p.composition, p.amount) for p in portions]


def replace_items(
    model: type[ItemOfFood], owner: dict[str, Any], portions: Sequence[Portion]
) -> None:
    for row in model._default_manager.filter(**owner):
        row.delete()
    store_items(model, owner, portions)


def check_row(item: Any, food_name: str) -> None:
    try:
        item.full_clean(exclude=["meal", "recipe", "composition"])
    except ValidationError as error:
        raise ValidationError({"items": f"{food_name}: {error.messages[0]}"}) from error


def need_portions(portions: Sequence[Portion]) -> None:
    if not portions:
        raise ValidationError({"items": gettext("Add at least one food with its amount.")})


def _need_own_recipe(recipe: Recipe | None, child: Child) -> None:
    if recipe is not None and recipe.child_id != child.pk:
        raise ValidationError({"recipe": gettext("This recipe belongs to another child.")})
