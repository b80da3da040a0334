"""Reads about foods: what a family marked, checked, and planned with older figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef
from django.utils import timezone

from quietdays.diet.models import (
    FavouriteFood,
    Food,
    FoodComposition,
    LabelCheck,
    MealEaten,
    PlannedMeal,
    Recipe,
)
from quietdays.diet.queries import foods_for, newest_composition
from quietdays.diet.starter import starter_keys
from quietdays.people.models import Child, Family

RECENT = timedelta(days=30)
# What is today somewhere began no longer ago than this; its local date is then looked at.
A_DAY_ANYWHERE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Liked:
    """What this family marked, and how often this child's plans were made of a food."""

    favourites: frozenset[UUID]
    times_planned: dict[UUID, int]
    last_planned: tuple[UUID, ...]  # of the last 30 days, the latest first


def liked_by(child: Child) -> Liked:
    favourites = FavouriteFood.objects.filter(family=child.family).values_list("food", flat=True)
    planned = (
        PlannedMeal.objects.of(child)
        .filter(items__isnull=False)
        .values("items__composition__food")
        .annotate(times=Count("id"), latest=Max("happened_at"))
        .order_by("-latest")
    )
    rows = [(row["items__composition__food"], row["times"], row["latest"]) for row in planned]
    since = timezone.now() - RECENT
    return Liked(
        favourites=frozenset(favourites),
        times_planned={food: times for food, times, _ in rows},
        last_planned=tuple(food for food, _, latest in rows if latest > since),
    )


def is_checked_for(family: Family, composition: FoodComposition) -> bool:
    """Whether this family may take the figures as they stand: from a table, or compared by them."""
    return composition.pk in checked_for(family, [composition])


def checked_for(family: Family, compositions: Iterable[FoodComposition]) -> frozenset[UUID]:
    """The ones of these that are from a table, or that this family's circle compared."""
    rows = list(compositions)
    checks = LabelCheck.objects.filter(family=family, composition__in=rows)
    compared = frozenset(checks.values_list("composition", flat=True))
    return compared | {row.pk for row in rows if row.is_verified}


def label_check(family: Family, composition: FoodComposition) -> LabelCheck | None:
    """Who of this family's circle compared this version with its label, and when."""
    checks = LabelCheck.objects.filter(family=family, composition=composition)
    return checks.select_related("checked_by").first()


def plans_using_old(child: Child, food: Food) -> list[PlannedMeal]:
    """Planned meals from today on, not yet eaten, that count with earlier figures of a food."""
    eaten = MealEaten.objects.live().filter(planned=OuterRef("pk"))
    meals = PlannedMeal.objects.of(child).filter(
        ~Exists(eaten),
        items__composition__food=food,
        items__composition__version__lt=newest_composition(food).version,
        happened_at__gte=timezone.now() - A_DAY_ANYWHERE,
    )
    today = child.today()
    return [meal for meal in meals.distinct() if meal.local_time.date() >= today]


def recipes_using_old(child: Child, food: Food) -> list[Recipe]:
    """Kept recipes that count with earlier figures of a food."""
    newest = newest_composition(food).version
    recipes = Recipe.objects.of(child).filter(
        items__composition__food=food, items__composition__version__lt=newest
    )
    return list(recipes.distinct())


def foods_like(child: Child, food: Food, *, limit: int) -> list[Food]:
    """Other foods of the same group, those first that this family marked or plans often."""
    if not food.group:
        return []
    liked = liked_by(child)
    ours = starter_keys()
    rows = foods_for(child).filter(group=food.group).exclude(pk=food.pk)

    def rank(row: Food) -> tuple[bool, int, bool, str]:
        is_other_table = row.family_id is None and row.source_key not in ours
        times = liked.times_planned.get(row.pk, 0)
        return (row.pk not in liked.favourites, -times, is_other_table, row.name)

    return sorted(rows, key=rank)[:limit]
