"""Bringing the foods of a table into the house: all of them in one transaction, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from quietdays.diet.models import Food, FoodComposition, FoodMeasure
from quietdays.diet.tables.food import TableFood
from quietdays.records.writing import one_write

BATCH = 500
# What makes a version: when one of these differs, the table says something new of a food.
FIGURES = (
    "per_unit",
    "fat_g",
    "protein_g",
    "carbohydrate_g",
    "fibre_g",
    "energy_kcal",
    "carbohydrate_basis",
)


@dataclass(frozen=True, slots=True)
class Stored:
    """What bringing a table in did."""

    added: int = 0
    new_versions: int = 0
    unchanged: int = 0


def add_missing_foods(foods: Sequence[TableFood]) -> Stored:
    """Add the foods that the house does not have, and measures for those that have none.

    A food that is there is left alone, whatever happened to it since.
    """
    with one_write():
        known = _known(foods)
        new = [food for food in foods if _keys(food).isdisjoint(known)]
        _add(new)
        _add_measures([(known[key], food) for food in foods for key in _keys(food) & known.keys()])
    return Stored(added=len(new), unchanged=len(foods) - len(new))


def store_table(foods: Sequence[TableFood]) -> Stored:
    """Add the new foods of a table, and a new version of those whose figures changed.

    Versions that are stored stay as they are, and so does every meal that was made of them.
    """
    with one_write():
        known = _known(foods)
        pairs = [(_match(food, known), food) for food in foods]
        new = [food for there, food in pairs if there is None]
        changed = [(there, food) for there, food in pairs if there and _is_news(there, food)]
        _add(new)
        FoodComposition.objects.bulk_create(
            [_version_of(there, food, of=_newest(there)) for there, food in changed],
            batch_size=BATCH,
        )
    return Stored(len(new), len(changed), len(foods) - len(new) - len(changed))


def _keys(food: TableFood) -> set[str]:
    """The keys under which the house may hold this food."""
    return {food.source_key, food.same_as} - {""}


def _known(foods: Sequence[TableFood]) -> dict[str, Food]:
    """Those of these foods that are in the house, deleted ones too, by their key."""
    keys = sorted({key for food in foods for key in _keys(food)})
    newest_first = Prefetch("compositions", FoodComposition.objects.order_by("-version"))
    known: dict[str, Food] = {}
    for start in range(0, len(keys), BATCH):
        some = Food.objects.filter(source_key__in=keys[start : start + BATCH])
        known |= {food.source_key: food for food in some.prefetch_related(newest_first)}
    return known


def _match(food: TableFood, known: dict[str, Food]) -> Food | None:
    return known.get(food.source_key) or known.get(food.same_as)


def _newest(food: Food) -> FoodComposition:
    return food.compositions.all()[0]  # prefetched, newest first


def _is_news(there: Food, food: TableFood) -> bool:
    """Whether a table says something else than the house, and is not the older of the two."""
    newest = _newest(there)
    if food.published and newest.checked_on and food.published < newest.checked_on:
        return False
    return any(getattr(newest, name) != getattr(food, name) for name in FIGURES)


def _add(foods: Sequence[TableFood]) -> None:
    made = [
        Food(
            name=food.name,
            other_names=food.other_names,
            group=food.group,
            source_key=food.source_key,
        )
        for food in foods
    ]
    Food.objects.bulk_create(made, batch_size=BATCH)
    pairs = list(zip(made, foods, strict=True))
    FoodComposition.objects.bulk_create(
        [_version_of(there, food) for there, food in pairs], batch_size=BATCH
    )
    FoodMeasure.objects.bulk_create(
        [measure for pair in pairs for measure in _measures(*pair)], batch_size=BATCH
    )


def _add_measures(pairs: Sequence[tuple[Food, TableFood]]) -> None:
    """Measures for foods that have none, as a house has that is older than measures are."""
    measured = set(FoodMeasure.objects.values_list("food", flat=True).distinct())
    bare = [(there, food) for there, food in pairs if there.pk not in measured]
    FoodMeasure.objects.bulk_create(
        [measure for pair in bare for measure in _measures(*pair)], batch_size=BATCH
    )


def _measures(there: Food, food: TableFood) -> list[FoodMeasure]:
    return [
        FoodMeasure(food=there, name=name, amount=amount, position=position)
        for position, (name, amount) in enumerate(food.measures)
    ]


def _version_of(
    there: Food, food: TableFood, *, of: FoodComposition | None = None
) -> FoodComposition:
    """A version with a table's figures; `of` is the one before, whose volume in a feed stays."""
    volume = food.volume_ml_per_g if of is None else of.volume_ml_per_g
    checked_on: date | None = food.published
    return FoodComposition(
        food=there,
        version=1 if of is None else of.version + 1,
        carbohydrate_definition=food.carbohydrate_definition,
        source=food.source[:200],
        checked_on=checked_on,
        is_verified=food.is_verified,
        volume_ml_per_g=volume,
        **{name: getattr(food, name) for name in FIGURES},
    )
