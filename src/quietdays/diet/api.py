"""The JSON face of the diet: foods, for building a meal."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from quietdays.diet.food_queries import checked_for
from quietdays.diet.food_search import search_foods
from quietdays.diet.models import Food, FoodComposition
from quietdays.diet.queries import newest_composition
from quietdays.people.access import child_for
from quietdays.people.http import person_of

router = Router(tags=["diet"])


class FoodOut(Schema):
    """A food with what 100 g or mL of it holds; carbohydrate without fibre, fibre apart.

    `is_verified`: the figures are from a table, or this family compared them with the label.
    `volume_ml_per_g`: what a gram adds to the volume of a feed, where that is known.
    """

    id: UUID
    name: str
    group: str
    per_unit: str
    fat_g: float
    protein_g: float
    carbohydrate_g: float
    fibre_g: float
    is_fibre_known: bool
    is_verified: bool
    volume_ml_per_g: float | None


@router.get("/children/{child_id}/foods", response=list[FoodOut])
def foods(
    request: HttpRequest, child_id: UUID, q: Annotated[str, Field(max_length=80)] = ""
) -> list[FoodOut]:
    """Foods that fit `q`, the likeliest first: favourites, then what this child's plans hold."""
    child = child_for(person_of(request), child_id)
    rows = [(food, newest_composition(food)) for food in search_foods(child, q, limit=12)]
    checked = checked_for(child.family, (composition for _, composition in rows))
    return [food_out(food, c, is_verified=c.pk in checked) for food, c in rows]


def food_out(food: Food, composition: FoodComposition, *, is_verified: bool) -> FoodOut:
    macros = composition.macros_per_100()
    volume = composition.volume_ml_per_g
    return FoodOut(
        id=food.pk,
        name=food.name,
        group=food.group,
        per_unit=composition.get_per_unit_display(),
        fat_g=round(macros.fat_g, 2),
        protein_g=round(macros.protein_g, 2),
        carbohydrate_g=round(macros.carbohydrate_g, 2),
        fibre_g=round(macros.fibre_g, 2),
        is_fibre_known=composition.fibre_g is not None,
        is_verified=is_verified,
        volume_ml_per_g=None if volume is None else float(volume),
    )
