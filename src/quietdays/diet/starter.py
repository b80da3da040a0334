"""The starter table of foods: figures with their source, names of our own."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources

from quietdays.diet.actions.food_tables import add_missing_foods
from quietdays.diet.tables.food import TableFood


def load_starter_foods() -> int:
    """Add the foods of the starter table that are not there yet; answers how many were.

    A food that is already there is left alone, whatever happened to it since.
    """
    return add_missing_foods(starter_foods()).added


@cache
def starter_foods() -> tuple[TableFood, ...]:
    """The table that is shipped, read once."""
    text = resources.files("quietdays.diet").joinpath("data/starter_foods.csv").read_text("utf-8")
    return tuple(_food(row) for row in csv.DictReader(text.splitlines()))


@cache
def starter_keys() -> frozenset[str]:
    """The keys of foods that were chosen for a ketogenic kitchen."""
    return frozenset(food.source_key for food in starter_foods())


def _food(row: dict[str, str]) -> TableFood:
    return TableFood(
        source_key=row["source_key"],
        name=row["name"],
        other_names=row["other_names"],
        group=row["group"],
        per_unit=row["per_unit"],
        fat_g=Decimal(row["fat_g"]),
        protein_g=Decimal(row["protein_g"]),
        carbohydrate_g=Decimal(row["carbohydrate_g"]),
        fibre_g=_decimal(row["fibre_g"]),
        energy_kcal=_decimal(row["energy_kcal"]),
        carbohydrate_basis=row["carbohydrate_basis"],
        carbohydrate_definition=row["carbohydrate_definition"],
        volume_ml_per_g=_decimal(row["volume_ml_per_g"]),
        measures=_measures(row["measures"]),
        source=row["source"],
        published=date.fromisoformat(row["source_date"]) if row["source_date"] else None,
        is_verified=row["is_product"] == "0",
        same_as=row["same_as"],
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _measures(text: str) -> tuple[tuple[str, Decimal], ...]:
    """“1 tbsp=14.2; 1 cup=238” as names with their weights."""
    pairs = (part.rpartition("=") for part in text.split("; ") if part)
    return tuple((name, Decimal(grams)) for name, _, grams in pairs)
