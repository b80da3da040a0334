"""Ciqual, the French table (Anses), as its sheet saved to CSV. Open Licence 2.0 of Etalab.

“Glucides” are available carbohydrate: the fibre is not in them and is never taken off.
"""

from __future__ import annotations

from quietdays.diet.tables.files import Place
from quietdays.diet.tables.food import Reading, Say
from quietdays.diet.tables.sheet import Sheet, file_with, read_sheet

NAME = "Ciqual"
SHEET = Sheet(
    key="ciqual",
    edition="Ciqual",
    code="alim_code",
    name="alim_nom_fr",
    fat="Lipides (g/100 g)",
    # Labels of the EU use 6.25 for every food; the other factor differs by food.
    protein=("Protéines, N x 6.25 (g/100 g)", "Protéines, N x facteur de Jones (g/100 g)"),
    carbohydrate="Glucides (g/100 g)",
    fibre="Fibres alimentaires (g/100 g)",
    kcal=(
        "Energie, Règlement UE N° 1169/2011 (kcal/100 g)",
        "Energie, N x facteur Jones, avec fibres (kcal/100 g)",
    ),
    definition="available",
    group="alim_grp_nom_fr",
)


def fits(place: Place) -> bool:
    return file_with(place, SHEET.code, SHEET.name) is not None


def read(place: Place, reading: Reading, say: Say) -> None:
    read_sheet(place, reading, SHEET, group_name=str.strip)
