"""FoodData Central of the US Department of Agriculture, as its CSV download (folder or zip).

Any of the downloads: SR Legacy, Foundation, survey (FNDDS), branded, or all of them together.
Carbohydrate is what is left of 100 g, with the fibre in it; on branded foods it is the label's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from quietdays.diet.tables.fdc_details import Details, read_details
from quietdays.diet.tables.files import Place
from quietdays.diet.tables.food import (
    Problem,
    Reading,
    Say,
    TableFood,
    TableRefused,
    lacking,
    to_cents,
    to_tenths,
)

NAME = "FoodData Central"
FOOD, NUTRIENT, AMOUNT = "food.csv", "nutrient.csv", "food_nutrient.csv"
KINDS = {
    "sr_legacy_food": "SR Legacy",
    "foundation_food": "Foundation",
    "survey_fndds_food": "survey foods (FNDDS)",
    "branded_food": "branded",
}
# The rest are laboratory samples and purchases behind a food, with a part of its nutrients.
MOST_FOODS = 60_000
# A download may have a few foods without any nutrient; more than these are a sign of a cut.
MOST_BARE, MOST_SHARE = 5, 0.05
KJ_PER_KCAL = Decimal("4.184")

# What is kept of a food's nutrients, by the number that every release gives them.
# Energy as the table states it first, then computed from specific or general factors, then kJ.
PROTEIN, FAT, CARBOHYDRATE, FIBRE, KCAL, KCAL_SPECIFIC, KCAL_GENERAL, KJ = range(8)
NUMBERS = {
    "203": (PROTEIN, "G"),
    "204": (FAT, "G"),
    "205": (CARBOHYDRATE, "G"),
    "291": (FIBRE, "G"),
    "208": (KCAL, "KCAL"),
    "958": (KCAL_SPECIFIC, "KCAL"),
    "957": (KCAL_GENERAL, "KCAL"),
    "268": (KJ, "KJ"),
}


@dataclass(slots=True)
class _Found:
    """A row of food.csv on its way to a food."""

    row: int
    kind: str
    name: str
    category: str
    published: date | None
    has_rows: bool = False
    amounts: list[str | None] = field(default_factory=lambda: [None] * len(NUMBERS))


def fits(place: Place) -> bool:
    return place.has(FOOD, AMOUNT)


def read(place: Place, reading: Reading, say: Say) -> None:
    slots = _nutrient_slots(place)
    found = _foods(place, reading)
    say(f"{len(found)} foods; reading their nutrients")
    _amounts(place, reading, slots, found, say)
    details = read_details(place, found.keys())
    for fdc_id, food in found.items():
        _finish(reading, fdc_id, food, details)


def _nutrient_slots(place: Place) -> dict[str, int]:
    """The ids of the nutrients that are kept. Old survey files use the number as the id."""
    slots: dict[str, int] = {}
    with place.table(NUTRIENT, ("id", "unit_name", "nutrient_nbr")) as table:
        id_at, unit_at, number_at = map(table.at, ("id", "unit_name", "nutrient_nbr"))
        for _, cells in table:
            number = cells[number_at].removesuffix(".0")
            if number not in NUMBERS:
                continue
            slot, unit = NUMBERS[number]
            if cells[unit_at].upper() != unit:
                table.refuse(f"nutrient {number} is in {cells[unit_at]}, not in {unit}")
            slots[cells[id_at]] = slots[number] = slot
        if missing := [n for n in ("203", "204", "205") if n not in slots]:
            table.refuse(f"nutrient {missing[0]} is not in the list")
    return slots


def _foods(place: Place, reading: Reading) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    columns = ("fdc_id", "data_type", "description", "food_category_id", "publication_date")
    with place.table(FOOD, columns) as table:
        id_at, kind_at, name_at, category_at, day_at = map(table.at, columns)
        for row, cells in table:
            reading.rows += 1
            fdc_id, kind = cells[id_at].strip(), cells[kind_at]
            name = " ".join(cells[name_at].split())
            if kind not in KINDS:
                reading.skipped["a sample behind a food, no food itself"] += 1
            elif not fdc_id.isdecimal() or not name:
                reading.complain(FOOD, row, "fdc_id or description is missing")
            elif fdc_id in found:
                reading.complain(FOOD, row, f"fdc_id {fdc_id} stands twice")
            else:
                day = _day(cells[day_at])
                found[fdc_id] = _Found(row, kind, name, cells[category_at], day)
            if len(found) > MOST_FOODS:
                table.refuse(
                    f"more than {MOST_FOODS} foods: load the download of SR Legacy, Foundation "
                    "or survey foods instead of all of them"
                )
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _amounts(
    place: Place, reading: Reading, slots: dict[str, int], found: dict[str, _Found], say: Say
) -> None:
    """Stream the nutrients past and keep those that are needed, in whatever order they come."""
    columns = ("fdc_id", "nutrient_id", "amount")
    with place.table(AMOUNT, columns) as table:
        id_at, nutrient_at, amount_at = map(table.at, columns)
        last: _Found | None = None
        for row, cells in table:
            if row % 200_000 == 0:
                say(f"{row} rows of nutrients")
            last = food = found.get(cells[id_at])
            if food is None:
                continue
            food.has_rows = True
            slot = slots.get(cells[nutrient_at])
            amount = cells[amount_at]
            if slot is None or amount == "":
                continue
            earlier = food.amounts[slot]
            if _figure(amount) is None:
                reading.complain(AMOUNT, row, f"{food.name}: the amount is “{amount[:20]}”")
            elif earlier is not None and Decimal(earlier) != Decimal(amount):
                reading.complain(AMOUNT, row, f"{food.name}: {earlier} and {amount} for the same")
            else:
                food.amounts[slot] = amount
    _refuse_if_cut(found, last)


def _refuse_if_cut(found: dict[str, _Found], last: _Found | None) -> None:
    """A download that broke off between two rows looks whole: see who is missing at its end.

    `last` is the food of the last row. Where nearly every food has a figure and that one has
    not, the rows end within it; then what it has would come in as all there is to know.
    """
    with_rows = [food for food in found.values() if food.has_rows]
    bare = len(found) - len(with_rows)
    if bare > MOST_BARE and bare > len(found) * MOST_SHARE:
        reason = f"no rows for {bare} of {len(found)} foods: is it cut short?"
        raise TableRefused([Problem(AMOUNT, None, reason)])
    if last is None:
        return
    # Fibre comes late in a food, and many a food has none: a sign only where foods are missing.
    for known in (*_ALWAYS, *((_FIBRE,) if bare else ())):
        lack = sum(not known(food) for food in with_rows if food is not last)
        if not known(last) and lack <= (len(with_rows) - 1) * MOST_SHARE:
            reason = f"the rows end within “{last.name}”: is it cut short?"
            raise TableRefused([Problem(AMOUNT, None, reason)])


def _knows(*slots: int) -> Callable[[_Found], bool]:
    return lambda food: any(food.amounts[slot] is not None for slot in slots)


_ALWAYS = (
    _knows(PROTEIN), _knows(FAT), _knows(CARBOHYDRATE),
    _knows(KCAL, KCAL_SPECIFIC, KCAL_GENERAL, KJ),
)  # fmt: skip
_FIBRE = _knows(FIBRE)


def _figure(text: str) -> Decimal | None:
    """A number of nought or more; None for anything else."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() and value >= 0 else None


def _finish(reading: Reading, fdc_id: str, food: _Found, details: Details) -> None:
    fat, protein, carbohydrate, fibre = (
        _stored(food.amounts[slot]) for slot in (FAT, PROTEIN, CARBOHYDRATE, FIBRE)
    )
    if fat is None or protein is None or carbohydrate is None:
        reading.skipped[lacking(fat=fat, protein=protein, carbohydrate=carbohydrate)] += 1
        return
    reading.add(
        TableFood(
            source_key=f"fdc:{fdc_id}",
            source=f"USDA FoodData Central {fdc_id}, {KINDS[food.kind]}",
            fat_g=fat,
            protein_g=protein,
            carbohydrate_g=carbohydrate,
            fibre_g=fibre,
            energy_kcal=_energy(food.amounts),
            carbohydrate_basis="total",
            published=food.published,
            measures=details.measures(fdc_id),
            **_of_kind(food, fdc_id, details),
        ),
        FOOD,
        food.row,
    )


def _of_kind(food: _Found, fdc_id: str, details: Details) -> dict[str, Any]:
    """What differs between a food of a table and a product with a label."""
    if food.kind == "branded_food":
        brand = details.brands.get(fdc_id)
        return {
            "name": _sentence(food.name, brand.name if brand else "")[:160],
            "group": brand.category[:40] if brand else "",
            "per_unit": brand.per_unit if brand else "g",
            "carbohydrate_definition": "label",
            "is_verified": False,
        }
    return {
        "name": food.name[:160],
        "group": details.category(food.category, food.kind)[:40],
        "carbohydrate_definition": "by_difference",
        "same_as": details.same_as.get(fdc_id, ""),
    }


def _sentence(text: str, brand: str) -> str:
    """Branded names are shouted; a list of foods need not be."""
    name = text.capitalize() if text.isupper() else text
    return f"{name} ({brand})" if brand else name


def _stored(amount: str | None) -> Decimal | None:
    return None if amount is None else to_cents(Decimal(amount))


def _energy(amounts: list[str | None]) -> Decimal | None:
    for slot in (KCAL, KCAL_SPECIFIC, KCAL_GENERAL):
        if (amount := amounts[slot]) is not None:
            return to_tenths(Decimal(amount))
    kj = amounts[KJ]
    return None if kj is None else to_tenths(Decimal(kj) / KJ_PER_KCAL)
