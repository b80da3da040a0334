"""The tables that can be read, and which one lies at a place."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from quietdays.diet.tables import ciqual, cofid, fdc
from quietdays.diet.tables.files import USUAL, Limits, Place
from quietdays.diet.tables.food import Problem, Reading, Say, TableRefused

# Each has NAME, `fits(place)` and `read(place, reading, say)`.
SOURCES: dict[str, ModuleType] = {"fdc": fdc, "ciqual": ciqual, "cofid": cofid}


def read_table(
    path: Path,
    source: str | None = None,
    *,
    say: Say = lambda text: None,
    limits: Limits = USUAL,
) -> Reading:
    """Every food of a table on the disk; nothing is stored.

    Raises TableRefused with the file, the row and the reason of everything that is wrong.
    """
    with Place(path, limits) as place:
        key = source or _detected(place)
        reading = Reading(source=key, name=SOURCES[key].NAME)
        SOURCES[key].read(place, reading, say)
    reading.refuse_if_wrong()
    if not reading.foods:
        raise TableRefused([Problem(path.name, None, "there is no food with all its figures")])
    return reading


def _detected(place: Place) -> str:
    for key, module in SOURCES.items():
        if module.fits(place):
            return key
    known = ", ".join(module.NAME for module in SOURCES.values())
    reason = f"this is the layout of no known table ({known}), or a file of it is missing"
    raise TableRefused([Problem(place.path.name, None, reason)])
