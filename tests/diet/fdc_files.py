"""A made-up table in the layout of the FoodData Central download, as large as a test asks for."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable
from pathlib import Path

NUTRIENTS = [
    ("1003", "Protein", "G", "203"),
    ("1004", "Total lipid (fat)", "G", "204"),
    ("1005", "Carbohydrate, by difference", "G", "205"),
    ("1008", "Energy", "KCAL", "208"),
    ("1062", "Energy", "kJ", "268"),
    ("1079", "Fiber, total dietary", "G", "291"),
    ("2000", "Sugars, Total", "G", "269"),
    ("2047", "Energy (Atwater General Factors)", "KCAL", "957"),
    ("2048", "Energy (Atwater Specific Factors)", "KCAL", "958"),
]
# Minerals, vitamins and fatty acids: most of the rows of a real download.
REST = [(str(3000 + n), f"Nutrient {n}", "MG", str(600 + n)) for n in range(60)]
KINDS = ("Cheese", "Cream", "Beef", "Fish", "Squash", "Beans", "Soup", "Nuts", "Sauce", "Bread")
STATES = ("raw", "boiled, drained", "roasted", "canned", "frozen", "dried", "with salt", "mature")


def write(path: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    """Every value in double quotes, as the download has it."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def write_fdc(folder: Path, foods: int, *, rest: int = 18, seed: int = 1) -> Path:
    """So many SR Legacy foods, each with the nutrients that count and `rest` others."""
    dice = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    ids = [900_000 + n for n in range(foods)]
    write(
        folder / "food.csv",
        "fdc_id,data_type,description,food_category_id,publication_date",
        (
            (i, "sr_legacy_food", _name(dice, i), n % 25 + 1, "2019-04-01")
            for n, i in enumerate(ids)
        ),
    )
    write(folder / "nutrient.csv", "id,name,unit_name,nutrient_nbr", NUTRIENTS + REST)
    write(
        folder / "food_nutrient.csv",
        "id,fdc_id,nutrient_id,amount,data_points,derivation_id,min,max,median,loq,footnote",
        _nutrient_rows(dice, ids, rest),
    )
    write(
        folder / "food_portion.csv",
        "id,fdc_id,seq_num,amount,measure_unit_id,portion_description,modifier,gram_weight",
        (
            (2 * n + k, i, k, 1, 9999, "", unit, grams)
            for n, i in enumerate(ids)
            for k, (unit, grams) in enumerate((("tbsp", 14.2), ("cup", 227)))
        ),
    )
    return folder


def _name(dice: random.Random, number: int) -> str:
    maker = f"{dice.choice('BCDFGHKLMNPRSTVW')}{dice.choice('aeiou')}{number:x}"
    return f"{dice.choice(KINDS)}, {maker}, {dice.choice(STATES)}"


def _nutrient_rows(dice: random.Random, ids: list[int], rest: int) -> Iterable[list[object]]:
    row = 0
    for food in ids:
        fat, protein, carbohydrate = (round(dice.uniform(0, 33), 2) for _ in range(3))
        fibre = round(dice.uniform(0, carbohydrate), 1)
        kcal = round(9 * fat + 4 * protein + 4 * carbohydrate)
        own = {"1003": protein, "1004": fat, "1005": carbohydrate, "1008": kcal, "1079": fibre}
        others = {key: round(dice.uniform(0, 5), 3) for key, *_ in REST[:rest]}
        for nutrient, amount in (own | others).items():
            row += 1
            yield [row, food, nutrient, amount, 1, 1, "", "", "", "", ""]
