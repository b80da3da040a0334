"""McCance and Widdowson's table (CoFID) of the UK, as one sheet saved to CSV. OGL 3.0.

Carbohydrate is available, as monosaccharide equivalents: the fibre is not in it, and starch
weighs up to a tenth more than elsewhere. Fibre is AOAC; the older NSP is another quantity.
"""

from __future__ import annotations

from quietdays.diet.tables.files import Place
from quietdays.diet.tables.food import Reading, Say
from quietdays.diet.tables.sheet import Sheet, file_with, read_sheet

NAME = "CoFID"
SHEET = Sheet(
    key="cofid",
    edition="CoFID",
    code="Food Code",
    name="Food Name",
    fat="Fat (g)",
    protein=("Protein (g)",),
    carbohydrate="Carbohydrate (g)",
    fibre="AOAC fibre (g)",
    kcal=("Energy (kcal) (kcal)",),
    definition="monosaccharides",
    group="Group",
)
# The first letter of a group's code; the rest divides it finer.
GROUPS = {
    "A": "cereals", "B": "milk and dairy", "C": "eggs", "D": "vegetables", "F": "fruit",
    "G": "nuts and seeds", "H": "herbs and spices", "J": "fish", "M": "meat", "O": "fats",
    "P": "drinks", "Q": "alcoholic drinks", "S": "sugars and snacks", "W": "soups and sauces",
}  # fmt: skip


def fits(place: Place) -> bool:
    return file_with(place, SHEET.code, SHEET.name) is not None


def read(place: Place, reading: Reading, say: Say) -> None:
    read_sheet(place, reading, SHEET, group_name=lambda code: GROUPS.get(code[:1], ""))
