"""The starter table of foods: figures with their source, names of our own."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from importlib import resources

from quietdays.diet.models import Food, FoodComposition
from quietdays.records.writing import one_write


def load_starter_foods() -> int:
    """Add the foods of the starter table that are not there yet; answers how many were.

    A food that is already there is left alone, whatever happened to it since.
    """
    text = resources.files("quietdays.diet").joinpath("data/starter_foods.csv").read_text("utf-8")
    known = set(Food.objects.exclude(source_key="").values_list("source_key", flat=True))
    rows = [r for r in csv.DictReader(text.splitlines()) if r["source_key"] not in known]
    with one_write():
        for row in rows:
            food = Food.objects.create(
                name=row["name"],
                other_names=row["other_names"],
                group=row["group"],
                source_key=row["source_key"],
            )
            FoodComposition.objects.create(
                food=food,
                version=1,
                per_unit=row["per_unit"],
                fat_g=Decimal(row["fat_g"]),
                protein_g=Decimal(row["protein_g"]),
                carbohydrate_g=Decimal(row["carbohydrate_g"]),
                fibre_g=_decimal(row["fibre_g"]),
                energy_kcal=_decimal(row["energy_kcal"]),
                carbohydrate_basis=row["carbohydrate_basis"],
                source=row["source"],
                checked_on=date.fromisoformat(row["source_date"]),
                is_verified=row["is_product"] == "0",
            )
    return len(rows)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None
