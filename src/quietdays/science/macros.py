"""Fat, protein and carbohydrate; the energy and the ketogenic ratio they make."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

# kcal per gram, the factors of food labels. Source: docs/arithmetic.md#energy.
FAT_KCAL_PER_G = 9.0
PROTEIN_KCAL_PER_G = 4.0
CARBOHYDRATE_KCAL_PER_G = 4.0


class CarbohydrateBasis(StrEnum):
    """What a table or a plan means by carbohydrate."""

    AVAILABLE = "available"  # without fibre: labels of the EU, the UK and Australia
    TOTAL = "total"  # fibre included: USDA tables, labels of the US and Canada


@dataclass(frozen=True, slots=True)
class Macros:
    """Grams of fat, protein, available carbohydrate and fibre. Never negative, never NaN."""

    fat_g: float = 0.0
    protein_g: float = 0.0
    carbohydrate_g: float = 0.0
    fibre_g: float = 0.0

    def __post_init__(self) -> None:
        for name in ("fat_g", "protein_g", "carbohydrate_g", "fibre_g"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be zero or more, not {value}")

    def __add__(self, other: Macros) -> Macros:
        return Macros(
            self.fat_g + other.fat_g,
            self.protein_g + other.protein_g,
            self.carbohydrate_g + other.carbohydrate_g,
            self.fibre_g + other.fibre_g,
        )

    def scaled(self, factor: float) -> Macros:
        return Macros(
            self.fat_g * factor,
            self.protein_g * factor,
            self.carbohydrate_g * factor,
            self.fibre_g * factor,
        )

    @classmethod
    def total(cls, parts: Iterable[Macros]) -> Macros:
        """Sum of many, kept exact in the last digit whatever their order."""
        items = list(parts)
        return cls(
            math.fsum(m.fat_g for m in items),
            math.fsum(m.protein_g for m in items),
            math.fsum(m.carbohydrate_g for m in items),
            math.fsum(m.fibre_g for m in items),
        )

    def carbohydrate_on(self, basis: CarbohydrateBasis) -> float:
        """Carbohydrate in grams as this basis counts it."""
        fibre = self.fibre_g if basis is CarbohydrateBasis.TOTAL else 0.0
        return self.carbohydrate_g + fibre

    def energy_kcal(self, basis: CarbohydrateBasis = CarbohydrateBasis.AVAILABLE) -> float:
        return (
            FAT_KCAL_PER_G * self.fat_g
            + PROTEIN_KCAL_PER_G * self.protein_g
            + CARBOHYDRATE_KCAL_PER_G * self.carbohydrate_on(basis)
        )

    def ratio(self, basis: CarbohydrateBasis = CarbohydrateBasis.AVAILABLE) -> float | None:
        """Grams of fat for each gram of protein plus carbohydrate; None without either."""
        non_fat_g = self.protein_g + self.carbohydrate_on(basis)
        return self.fat_g / non_fat_g if non_fat_g > 0 else None


def composition_from_label(
    *,
    fat_g: float,
    protein_g: float,
    carbohydrate_g: float,
    fibre_g: float | None,
    basis: CarbohydrateBasis,
) -> Macros:
    """Macros of one label, with fibre taken off the carbohydrate once and only where it is in.

    An unknown fibre deducts nothing: the carbohydrate can only be overstated, which keeps
    the true ratio at or above the one shown.
    """
    fibre = fibre_g or 0.0
    available = carbohydrate_g - fibre if basis is CarbohydrateBasis.TOTAL else carbohydrate_g
    return Macros(fat_g, protein_g, max(0.0, available), fibre)
