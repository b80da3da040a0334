"""Reads of foods, prescriptions, plans and meals eaten."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from quietdays.diet.models import (
    Food,
    FoodComposition,
    MealEaten,
    PlannedMeal,
    Prescription,
    Recipe,
)
from quietdays.people.access import FEEDING_ROLES, role_of
from quietdays.people.models import Child, Person
from quietdays.people.queries import between_dates
from quietdays.science.adherence import MealVerdict, judge_meal
from quietdays.science.macros import CarbohydrateBasis


def prescription_on(child: Child, day: date) -> Prescription | None:
    """The version in force on a date: the last one signed for the latest date up to it."""
    return in_force(versions_of(child), day)


def unread_prescription(child: Child, day: date, person: Person) -> Prescription | None:
    """The version in force, while a parent or carer has not said that they have read it."""
    if role_of(person, child) not in FEEDING_ROLES:
        return None
    current = prescription_on(child, day)
    if current is None or current.acknowledgements.filter(person=person).exists():
        return None
    return current


def basis_of(prescription: Prescription | None) -> CarbohydrateBasis:
    """How this child's carbohydrate is counted; without a prescription, without fibre."""
    return prescription.basis if prescription else CarbohydrateBasis.AVAILABLE


def versions_of(child: Child) -> list[Prescription]:
    """Every signed step that still counts, in order of its date and signature."""
    rows = list(
        child.prescriptions.select_related("signed_by", "first_step").order_by(
            "effective_from", "signed_at"
        )
    )
    return [row for row in rows if not is_overtaken(row, rows)]


def steps_within(child: Child, first: date, last: date) -> list[Prescription]:
    """What comes into force after the first of these dates, up to the last."""
    return [v for v in versions_of(child) if first < v.effective_from <= last]


def is_overtaken(step: Prescription, versions: list[Prescription]) -> bool:
    """Whether a later step of a signature was replaced by a signature made after it.

    A new signature replaces what was still to come; one that is dated before the whole of an
    earlier signature is history added afterwards, and replaces nothing.
    """
    first = step.first_step
    if first is None:
        return False
    return any(
        other.first_step_id is None
        and other.signed_at > step.signed_at
        and first.effective_from <= other.effective_from <= step.effective_from
        for other in versions
    )


def in_force(versions: list[Prescription], day: date) -> Prescription | None:
    """The same from `versions_of`, already read."""
    current = None
    for version in versions:
        if version.effective_from > day:
            break
        current = version
    return current


def foods_for(child: Child) -> QuerySet[Food]:
    """The common table and this family's own foods, with their newest composition."""
    return (
        Food.objects.live()
        .filter(Q(family__isnull=True) | Q(family=child.family))
        .prefetch_related(Prefetch("compositions", FoodComposition.objects.order_by("-version")))
    )


def newest_composition(food: Food) -> FoodComposition:
    """The newest version, from the prefetch of `foods_for` where there is one."""
    versions = list(food.compositions.all())
    return max(versions, key=lambda c: c.version)


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """One planned meal of a day, and what was eaten of it, if that was recorded."""

    planned: PlannedMeal
    eaten: MealEaten | None


def day_meals(child: Child, day: date) -> tuple[list[PlannedSlot], list[MealEaten]]:
    """The planned meals of a date with what was eaten of each, and meals without a plan."""
    planned = between_dates(PlannedMeal, child, day, day)
    prefetch_related_objects(planned, "items__composition__food")
    eaten = MealEaten.objects.live().select_related("entered_by", "planned")
    eaten = eaten.prefetch_related("items")
    by_plan = {m.planned_id: m for m in eaten.filter(planned__in=planned)}
    extra = [m for m in between_dates(MealEaten, child, day, day) if m.planned_id is None]
    prefetch_related_objects(extra, "items", "entered_by")
    return [PlannedSlot(p, by_plan.get(p.pk)) for p in planned], extra


def verdict_on(meal: MealEaten, prescription: Prescription | None) -> MealVerdict | None:
    """Whether a meal met its target; None when no prescription was in force."""
    if prescription is None:
        return None
    return judge_meal(
        eaten=meal.macros(),
        target=prescription.target_for(meal.planned),
        tolerance=prescription.tolerance,
        basis=prescription.basis,
        not_judged_because=meal.not_judged_because(),
    )


def eaten_row(meal: MealEaten, prescription: Prescription | None) -> dict[str, Any]:
    """A logged meal as pages show it: what went in, and whether it met its target."""
    return {"meal": meal, "macros": meal.macros(), "verdict": verdict_on(meal, prescription)}


def recipes_of(child: Child) -> QuerySet[Recipe]:
    return (
        Recipe.objects.of(child)
        .select_related("photo")
        .defer("photo__jpeg")
        .prefetch_related("items__composition__food__compositions")
    )


def with_items(meals: QuerySet[PlannedMeal]) -> QuerySet[PlannedMeal]:
    return meals.prefetch_related("items__composition__food")
