"""One food as a table gives it, what can be wrong with it, and what a reading adds up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

Say = Callable[[str], None]

MOST_PROBLEMS = 20
# Tables round each figure, so a pure oil may sum to a little over 100; as in the database.
MOST_GRAMS = Decimal(105)
# Pure fat has 9.4 kcal/g at the most; beyond that a column or a unit has slipped.
MOST_KCAL = Decimal(950)
# Labels round fibre and carbohydrate apart, so fibre may exceed a total by this much.
FIBRE_ROUNDING = Decimal(1)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: the header of a file is row 1, as a spreadsheet counts."""

    file: str
    row: int | None
    reason: str

    def __str__(self) -> str:
        row = "" if self.row is None else f", row {self.row}"
        return f"{self.file}{row}: {self.reason}"


class TableRefused(Exception):
    """Nothing was written; every problem that was found stands in `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFood:
    """A food of a table, in 100 g or mL. None is unknown, never zero."""

    source_key: str
    name: str
    fat_g: Decimal
    protein_g: Decimal
    carbohydrate_g: Decimal
    carbohydrate_basis: str
    carbohydrate_definition: str
    source: str
    other_names: str = ""
    group: str = ""
    per_unit: str = "g"
    fibre_g: Decimal | None = None
    energy_kcal: Decimal | None = None
    volume_ml_per_g: Decimal | None = None
    published: date | None = None
    is_verified: bool = True
    measures: tuple[tuple[str, Decimal], ...] = ()
    same_as: str = ""  # the key of the same food in another table that the house may hold

    def fault(self) -> str | None:
        """Why this cannot be a food, or None."""
        parts = {
            "fat": self.fat_g,
            "protein": self.protein_g,
            "carbohydrate": self.carbohydrate_g,
            "fibre": self.fibre_g,
            "kcal": self.energy_kcal,
        }
        for word, value in parts.items():
            if value is not None and (not value.is_finite() or value < 0):
                return f"{word} is {value}"
        total = self.fat_g + self.protein_g + self.carbohydrate_g
        if total > MOST_GRAMS:
            return f"fat, protein and carbohydrate make {total:f} g in 100"
        if self.energy_kcal is not None and self.energy_kcal > MOST_KCAL:
            return f"{self.energy_kcal:f} kcal in 100 is more than pure fat has"
        return self._fibre_fault()

    def _fibre_fault(self) -> str | None:
        if self.fibre_g is None:
            return None
        if self.fibre_g > MOST_GRAMS:
            return f"fibre is {self.fibre_g:f} g in 100"
        if self.carbohydrate_basis == "total":
            if self.fibre_g > self.carbohydrate_g + FIBRE_ROUNDING:
                return (
                    f"more fibre ({self.fibre_g:f} g) than carbohydrate with fibre "
                    f"({self.carbohydrate_g:f} g)"
                )
        return None


@dataclass(slots=True)
class Reading:
    """What was found while a table was read: foods, rows left out, and what is wrong."""

    source: str
    name: str
    rows: int = 0
    foods: list[TableFood] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, file: str, row: int | None, reason: str) -> None:
        self.problems.append(Problem(file, row, reason))
        if len(self.problems) >= MOST_PROBLEMS:
            self.refuse_if_wrong()

    def add(self, food: TableFood, file: str, row: int) -> None:
        reason = food.fault()
        if reason is None:
            self.foods.append(food)
        else:
            self.complain(file, row, f"{food.name}: {reason}")

    def refuse_if_wrong(self) -> None:
        if self.problems:
            raise TableRefused(self.problems)


def lacking(**figures: Decimal | None) -> str:
    """The reason to leave a row out: “no fat, no protein”; empty when nothing is missing."""
    return ", ".join(f"no {word}" for word, value in figures.items() if value is None)


def to_cents(value: Decimal) -> Decimal:
    """Two decimals, as grams are stored."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def to_tenths(value: Decimal) -> Decimal:
    """One decimal, as kcal are stored."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
