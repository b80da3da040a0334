"""The side files of FoodData Central: household measures, groups, brands, older numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from quietdays.diet.tables.files import Place
from quietdays.diet.tables.food import to_cents

NO_UNIT = "9999"  # SR Legacy writes the unit into `modifier` and this into measure_unit_id
MOST_MEASURES = 8
HEAVIEST_G = Decimal(99_999)


@dataclass(frozen=True, slots=True)
class Brand:
    name: str
    category: str
    per_unit: str  # the label's figures are for 100 of these


@dataclass(slots=True)
class Details:
    """What stands about foods outside food.csv, by fdc_id. Any of the files may be absent."""

    portions: dict[str, dict[str, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    categories: dict[str, str] = field(default_factory=dict)
    survey_categories: dict[str, str] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    same_as: dict[str, str] = field(default_factory=dict)

    def measures(self, fdc_id: str) -> tuple[tuple[str, Decimal], ...]:
        return tuple(self.portions[fdc_id].items()) if fdc_id in self.portions else ()

    def category(self, category_id: str, kind: str) -> str:
        """The group's name. Survey foods number their groups in a list of their own."""
        survey = kind == "survey_fndds_food"
        return (self.survey_categories if survey else self.categories).get(category_id, "")


def read_details(place: Place, wanted: Collection[str]) -> Details:
    details = Details(
        categories=_named(place, "food_category.csv", "id", "description"),
        survey_categories=_named(
            place,
            "wweia_food_category.csv",
            "wweia_food_category",
            "wweia_food_category_description",
        ),
    )
    _brands(place, wanted, details)
    _measures(place, wanted, details)
    numbers = _named(place, "sr_legacy_food.csv", "fdc_id", "NDB_number")
    details.same_as = {
        fdc_id: f"usda-sr28:{number.zfill(5)}"
        for fdc_id, number in numbers.items()
        if fdc_id in wanted and number
    }
    return details


def _named(place: Place, file: str, key: str, value: str) -> dict[str, str]:
    """Two columns of a small file; nothing when the download has no such file."""
    if not place.has(file):
        return {}
    with place.table(file, (key, value)) as table:
        key_at, value_at = table.at(key), table.at(value)
        return {cells[key_at]: cells[value_at].strip() for _, cells in table}


def _brands(place: Place, wanted: Collection[str], details: Details) -> None:
    if not place.has("branded_food.csv"):
        return
    columns = ("fdc_id", "brand_owner", "brand_name", "branded_food_category")
    sizes = ("serving_size", "serving_size_unit", "household_serving_fulltext")
    with place.table("branded_food.csv", (*columns, *sizes)) as table:
        id_at, owner_at, name_at, category_at = map(table.at, columns)
        size_at, unit_at, serving_at = map(table.at, sizes)
        for _, cells in table:
            fdc_id = cells[id_at]
            if fdc_id not in wanted:
                continue
            # Figures are for 100 of the unit of the serving: of 100 mL where that is mL.
            per_unit = "ml" if cells[unit_at].strip().lower() in {"ml", "mlt"} else "g"
            brand = (cells[name_at] or cells[owner_at]).strip()
            details.brands[fdc_id] = Brand(brand, cells[category_at].strip(), per_unit)
            serving = " ".join(cells[serving_at].split()).lower()
            _add(details, fdc_id, serving, cells[size_at])


def _measures(place: Place, wanted: Collection[str], details: Details) -> None:
    if not place.has("food_portion.csv"):
        return
    units = _named(place, "measure_unit.csv", "id", "name")
    columns = ("fdc_id", "amount", "measure_unit_id", "portion_description", "modifier")
    with place.table("food_portion.csv", (*columns, "gram_weight")) as table:
        id_at, amount_at, unit_at, description_at, modifier_at = map(table.at, columns)
        grams_at = table.at("gram_weight")
        for _, cells in table:
            if cells[id_at] not in wanted:
                continue
            unit = "" if cells[unit_at] == NO_UNIT else units.get(cells[unit_at], "")
            if unit.lower() == "undetermined":
                unit = ""
            modifier = "" if cells[modifier_at].isdecimal() else cells[modifier_at]
            words = " ".join(filter(None, (unit, modifier)))
            name = f"{_plain(cells[amount_at])} {words}" if words else cells[description_at]
            _add(details, cells[id_at], " ".join(name.split()), cells[grams_at])


def _add(details: Details, fdc_id: str, name: str, grams: str) -> None:
    """Keep a measure that says something; a hint with a slip in it is left out, not refused."""
    try:
        weight = to_cents(Decimal(grams))
    except InvalidOperation:
        return
    measures = details.portions[fdc_id]
    if name and 0 < weight <= HEAVIEST_G and len(measures) < MOST_MEASURES:
        measures.setdefault(name[:80], weight)


def _plain(number: str) -> str:
    try:
        return f"{Decimal(number).normalize():f}"
    except InvalidOperation:
        return "1"
