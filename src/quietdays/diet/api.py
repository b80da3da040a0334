"""The JSON face of the diet: foods, for building a meal."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from quietdays.diet.models import Food
from quietdays.diet.queries import newest_composition, search_foods
from quietdays.people.access import child_for
from quietdays.people.http import person_of

router = Router(tags=["diet"])


class FoodOut(Schema):
    """A food with what 100 g or mL of it holds; carbohydrate without fibre, fibre apart."""

    id: UUID
    name: str
    per_unit: str
    fat_g: float
    protein_g: float
    carbohydrate_g: float
    fibre_g: float
    is_fibre_known: bool
    is_verified: bool


@router.get("/children/{child_id}/foods", response=list[FoodOut])
def foods(
    request: HttpRequest, child_id: UUID, q: Annotated[str, Field(max_length=80)] = ""
) -> list[FoodOut]:
    """Foods whose name holds every word of `q`; what this child eats often comes first."""
    child = child_for(person_of(request), child_id)
    return [food_out(food) for food in search_foods(child, q, limit=12)]


def food_out(food: Food) -> FoodOut:
    composition = newest_composition(food)
    macros = composition.macros_per_100()
    return FoodOut(
        id=food.pk,
        name=food.name,
        per_unit=composition.get_per_unit_display(),
        fat_g=round(macros.fat_g, 2),
        protein_g=round(macros.protein_g, 2),
        carbohydrate_g=round(macros.carbohydrate_g, 2),
        fibre_g=round(macros.fibre_g, 2),
        is_fibre_known=composition.fibre_g is not None,
        is_verified=composition.is_verified,
    )
