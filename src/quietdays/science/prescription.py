"""Daily targets from an energy, a ratio and a protein goal.

One dietary unit at ratio r holds r g of fat and 1 g of protein plus carbohydrate, so
9r + 4 kcal. Energy, ratio and protein together fix all three macros.
Source: docs/arithmetic.md#dietary-units.
"""

from __future__ import annotations

import math

from quietdays.science.language import gettext, localized
from quietdays.science.macros import CARBOHYDRATE_KCAL_PER_G, FAT_KCAL_PER_G, Macros

# Ratios named to a person whose goal does not fit, steepest first.
_USUAL_RATIOS = (4.0, 3.0, 2.5, 2.0, 1.0)


class InfeasibleTargets(Exception):
    """The protein goal alone exceeds the protein plus carbohydrate that the ratio leaves."""

    def __init__(
        self, *, energy_kcal: float, ratio: float, protein_g: float, carbohydrate_g: float
    ) -> None:
        self.energy_kcal = energy_kcal
        self.ratio = ratio
        self.protein_g = protein_g
        self.carbohydrate_g = carbohydrate_g
        self.feasible_ratio = highest_usual_ratio(energy_kcal=energy_kcal, protein_g=protein_g)
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        text = gettext(
            "at %(ratio)s:1 and %(energy)s kcal, %(protein)s g protein leaves %(left)s g carbohydrate"
        ) % {
            "ratio": _short(self.ratio),
            "energy": _short(self.energy_kcal),
            "protein": _short(self.protein_g),
            "left": _signed(self.carbohydrate_g),
        }
        if self.feasible_ratio is None:
            return f"{text}; {gettext('no usual ratio from 4:1 to 1:1 leaves any')}"
        left_g = self.energy_kcal / dietary_unit_kcal(self.feasible_ratio) - self.protein_g
        other = gettext("%(ratio)s:1 leaves %(left)s g")
        ratio, left = _short(self.feasible_ratio), localized(f"{left_g:.1f}")
        return f"{text}; {other % {'ratio': ratio, 'left': left}}"


def _short(value: float) -> str:
    return localized(f"{value:.4g}" if value < 9_999.5 else f"{value:.0f}")


def _signed(value: float) -> str:
    # A hair below zero must not print as minus nought.
    text = f"{value:.1f}" if abs(value) >= 0.05 else f"{value:.1g}"
    return localized(text.replace("-", "\N{MINUS SIGN}"))


def dietary_unit_kcal(ratio: float) -> float:
    """Energy of one dietary unit, kcal: 40 at 4:1, 31 at 3:1."""
    return FAT_KCAL_PER_G * ratio + CARBOHYDRATE_KCAL_PER_G


def fat_energy_percent(ratio: float) -> float:
    """Share of energy that comes from fat at this ratio, in per cent: 90.0 at 4:1."""
    return 100 * FAT_KCAL_PER_G * ratio / dietary_unit_kcal(ratio)


def highest_usual_ratio(*, energy_kcal: float, protein_g: float) -> float | None:
    """The steepest usual ratio at which this protein still fits, for information only."""
    for ratio in _USUAL_RATIOS:
        if energy_kcal / dietary_unit_kcal(ratio) >= protein_g:
            return ratio
    return None


def daily_targets(
    *, energy_kcal: float, ratio: float, protein_g: float, whole_units: bool = False
) -> Macros:
    """Fat and carbohydrate, in grams a day, that meet an energy, a ratio and a protein goal.

    With `whole_units` the number of dietary units is cut to a whole number, as some
    published tables do; the exact figures are the default.

    Raises InfeasibleTargets when the protein alone exceeds protein plus carbohydrate, and
    ValueError when a figure is not a finite number above zero (protein may be zero).
    """
    for name, value in (("energy_kcal", energy_kcal), ("ratio", ratio)):
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be more than zero, not {value}")
    if not (math.isfinite(protein_g) and protein_g >= 0):
        raise ValueError(f"protein_g must be zero or more, not {protein_g}")
    units = energy_kcal / dietary_unit_kcal(ratio)
    if whole_units:
        units = math.floor(units)
    carbohydrate_g = units - protein_g
    if carbohydrate_g < 0:
        if carbohydrate_g > -1e-9:  # the last binary digit of a decimal entry, not a gram
            carbohydrate_g = 0.0
        else:
            raise InfeasibleTargets(
                energy_kcal=energy_kcal,
                ratio=ratio,
                protein_g=protein_g,
                carbohydrate_g=carbohydrate_g,
            )
    return Macros(fat_g=ratio * units, protein_g=protein_g, carbohydrate_g=carbohydrate_g)


def mct_g(*, energy_kcal: float, share_percent: float, kcal_per_g: float) -> float:
    """Grams of medium-chain fat that give a share of the energy, as MCT diets state it.

    Centres count 8.3 or 9 kcal a gram, so the factor is the caller's to name. Raises
    ValueError for a share outside 0 to 100 or a factor that is not above zero.
    """
    if not 0 <= share_percent <= 100:
        raise ValueError(f"the MCT share lies from 0 to 100 per cent, not {share_percent}")
    if not (math.isfinite(kcal_per_g) and kcal_per_g > 0):
        raise ValueError(f"kcal in a gram of MCT must be more than zero, not {kcal_per_g}")
    return energy_kcal * share_percent / 100 / kcal_per_g


def food_carbohydrate_after_medicine_g(
    *, allowance_g: float, medicine_carbohydrate_g: float
) -> float:
    """What medicines leave of the day's carbohydrate; below zero when they exceed it."""
    return allowance_g - medicine_carbohydrate_g
