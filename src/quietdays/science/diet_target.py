"""What a day, a meal and a snack should hold, for each kind of ketogenic diet.

The classical diet fixes every macro by energy, ratio and protein. The modified Atkins diet
caps carbohydrate and leaves the rest free. The MCT diet shares the energy between
medium-chain fat, other fat, protein and carbohydrate. Source: docs/arithmetic.md#diets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from quietdays.science.language import gettext, localized
from quietdays.science.macros import (
    CARBOHYDRATE_KCAL_PER_G,
    FAT_KCAL_PER_G,
    PROTEIN_KCAL_PER_G,
)
from quietdays.science.prescription import (
    InfeasibleTargets,
    daily_targets,
    dietary_unit_kcal,
    mct_g,
)


@dataclass(frozen=True, slots=True)
class DietTarget:
    """Grams, kcal and ratio to keep; None where this diet sets no number.

    `fat_g` holds all fat, `mct_g` the medium-chain part of it.
    """

    ratio: float | None = None
    energy_kcal: float | None = None
    fat_g: float | None = None
    protein_g: float | None = None
    carbohydrate_g: float | None = None
    mct_g: float | None = None

    def share(self, fraction: float) -> DietTarget:
        """A part of it, at the same ratio."""
        return DietTarget(
            ratio=self.ratio,
            energy_kcal=_times(self.energy_kcal, fraction),
            fat_g=_times(self.fat_g, fraction),
            protein_g=_times(self.protein_g, fraction),
            carbohydrate_g=_times(self.carbohydrate_g, fraction),
            mct_g=_times(self.mct_g, fraction),
        )


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


def classical_target(*, energy_kcal: float, ratio: float, protein_g: float) -> DietTarget:
    """Energy, ratio and protein fix fat and carbohydrate.

    Raises InfeasibleTargets when the protein alone exceeds protein plus carbohydrate.
    """
    macros = daily_targets(energy_kcal=energy_kcal, ratio=ratio, protein_g=protein_g)
    return DietTarget(
        ratio=ratio,
        energy_kcal=energy_kcal,
        fat_g=macros.fat_g,
        protein_g=macros.protein_g,
        carbohydrate_g=macros.carbohydrate_g,
    )


def modified_atkins_target(
    *, carbohydrate_g: float, energy_kcal: float | None = None, protein_g: float | None = None
) -> DietTarget:
    """A cap on carbohydrate; energy and protein only where the team set them, never a ratio."""
    return DietTarget(energy_kcal=energy_kcal, protein_g=protein_g, carbohydrate_g=carbohydrate_g)


class ImpossibleShares(Exception):
    """The shares of the energy exceed the whole, or one of them lies below zero."""


def mct_target(
    *,
    energy_kcal: float,
    mct_percent: float,
    protein_percent: float,
    carbohydrate_percent: float,
    mct_kcal_per_g: float,
) -> DietTarget:
    """Shares of the energy in grams; what they leave is long-chain fat at 9 kcal a gram.

    Raises ImpossibleShares when the three shares exceed 100 per cent.
    """
    rest_percent = 100 - mct_percent - protein_percent - carbohydrate_percent
    if min(mct_percent, protein_percent, carbohydrate_percent) < 0 or rest_percent < -1e-9:
        raise ImpossibleShares(
            gettext("the shares make %(percent)s per cent of the energy, more than the whole")
            % {"percent": localized(f"{100 - rest_percent:g}")}
        )
    medium_g = mct_g(energy_kcal=energy_kcal, share_percent=mct_percent, kcal_per_g=mct_kcal_per_g)
    long_g = energy_kcal * max(0.0, rest_percent) / 100 / FAT_KCAL_PER_G
    return DietTarget(
        energy_kcal=energy_kcal,
        fat_g=medium_g + long_g,
        protein_g=energy_kcal * protein_percent / 100 / PROTEIN_KCAL_PER_G,
        carbohydrate_g=energy_kcal * carbohydrate_percent / 100 / CARBOHYDRATE_KCAL_PER_G,
        mct_g=medium_g,
    )


def snack_target(day: DietTarget, *, energy_kcal: float, ratio: float | None) -> DietTarget:
    """One snack with a rule of its own: its energy, and its ratio where the diet has one.

    Protein follows the day's share of the energy, cut to what the snack's ratio leaves.
    """
    if not day.energy_kcal:
        return DietTarget(energy_kcal=energy_kcal)
    if day.ratio is None:
        return day.share(energy_kcal / day.energy_kcal)
    own_ratio = ratio or day.ratio
    units = energy_kcal / dietary_unit_kcal(own_ratio)
    protein_g = min(units, (day.protein_g or 0.0) * energy_kcal / day.energy_kcal)
    return DietTarget(
        ratio=own_ratio,
        energy_kcal=energy_kcal,
        fat_g=own_ratio * units,
        protein_g=protein_g,
        carbohydrate_g=units - protein_g,
    )


def without_snacks(day: DietTarget, snack: DietTarget, *, snacks: int) -> DietTarget:
    """What the snacks leave for the meals, kept at the day's ratio.

    Raises InfeasibleTargets when the snacks take the day's energy, or leave less room for
    protein than the day needs; ImpossibleShares when they take the energy of a diet without
    a ratio.
    """
    if day.energy_kcal is None or snack.energy_kcal is None:
        return day
    energy_kcal = day.energy_kcal - snacks * snack.energy_kcal
    protein_g = (day.protein_g or 0.0) - snacks * (snack.protein_g or 0.0)
    if day.ratio is None:
        if energy_kcal <= 0:
            raise ImpossibleShares(gettext("the snacks take the whole energy of the day"))
        return day.share(energy_kcal / day.energy_kcal)
    if energy_kcal <= 0:
        raise InfeasibleTargets(
            energy_kcal=day.energy_kcal,
            ratio=day.ratio,
            protein_g=day.protein_g or 0.0,
            carbohydrate_g=energy_kcal / dietary_unit_kcal(day.ratio),
        )
    return classical_target(energy_kcal=energy_kcal, ratio=day.ratio, protein_g=max(0.0, protein_g))


class SharesNotWhole(Exception):
    """The meals' shares do not make the whole day."""


def meal_shares(percents: list[float] | None, *, meals: int) -> list[float]:
    """Each meal's fraction of the day's meals: as written, or even.

    Raises SharesNotWhole when the written shares are not as many as the meals, are not above
    zero or do not make 100 per cent to within half a per cent.
    """
    if not percents:
        return [1 / meals] * meals
    if len(percents) != meals:
        raise SharesNotWhole(
            gettext("there are %(shares)s shares for %(meals)s meals")
            % {"shares": len(percents), "meals": meals}
        )
    total = math.fsum(percents)
    if not min(percents) > 0:
        raise SharesNotWhole(
            gettext("a share is more than zero, not %(percent)s per cent")
            % {"percent": localized(f"{min(percents):g}")}
        )
    if not abs(total - 100) <= 0.5:
        raise SharesNotWhole(
            gettext("the shares make %(percent)s per cent, not 100")
            % {"percent": localized(f"{total:g}")}
        )
    return [p / total for p in percents]
