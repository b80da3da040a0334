"""Did a meal meet its target, and a period's four numbers: planned, logged, met, not logged.

No validated tolerance exists, so each child's prescription carries its own; these functions
hold none. Source: docs/arithmetic.md#adherence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis, Macros


class Judgement(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a meal may stand from its target, in per cent unless the name says grams.

    Carbohydrate may exceed its target by the larger of `carbohydrate_over_g` and
    `carbohydrate_over_percent`; being under is no fault. Without `ratio_over_percent` any
    higher ratio will do (a one-sided tolerance).
    """

    ratio_under_percent: float
    ratio_over_percent: float | None
    energy_under_percent: float
    energy_over_percent: float
    carbohydrate_over_percent: float
    carbohydrate_over_g: float


@dataclass(frozen=True, slots=True)
class MealVerdict:
    judgement: Judgement
    reasons: tuple[str, ...] = ()


# Grams are logged to 0.1 g, so a figure on the very edge of a tolerance is inside it.
_EDGE = 1e-9


def judge_meal(
    *,
    eaten: Macros,
    target: DietTarget,
    tolerance: Tolerance,
    basis: CarbohydrateBasis,
    not_judged_because: Sequence[str] = (),
) -> MealVerdict:
    """Whether what went in met the meal's target. Never blames: reasons are plain facts.

    A meal that was vomited, that was estimated, or that held food of unknown composition, is
    not judged; neither is a number that the target does not set.
    """
    if not_judged_because:
        return MealVerdict(Judgement.NOT_JUDGED, tuple(not_judged_because))
    reasons = [
        *_energy_reasons(eaten.energy_kcal(basis), target, tolerance),
        *_ratio_reasons(eaten, target, tolerance, basis),
        *_carbohydrate_reasons(eaten.carbohydrate_on(basis), target, tolerance),
    ]
    return MealVerdict(Judgement.NOT_MET if reasons else Judgement.MET, tuple(reasons))


def _energy_reasons(energy_kcal: float, target: DietTarget, tolerance: Tolerance) -> list[str]:
    if target.energy_kcal is None:
        return []
    reasons = []
    if energy_kcal < target.energy_kcal * (1 - tolerance.energy_under_percent / 100) - _EDGE:
        reasons.append("energy_under")
    if energy_kcal > target.energy_kcal * (1 + tolerance.energy_over_percent / 100) + _EDGE:
        reasons.append("energy_over")
    return reasons


def _ratio_reasons(
    eaten: Macros, target: DietTarget, tolerance: Tolerance, basis: CarbohydrateBasis
) -> list[str]:
    """Compared as grams of fat, so that a meal of fat alone needs no division by zero."""
    if target.ratio is None:
        return []
    non_fat_g = eaten.protein_g + eaten.carbohydrate_on(basis)
    reasons = []
    if eaten.fat_g < target.ratio * (1 - tolerance.ratio_under_percent / 100) * non_fat_g - _EDGE:
        reasons.append("ratio_under")
    over_percent = tolerance.ratio_over_percent
    if over_percent is not None:
        if eaten.fat_g > target.ratio * (1 + over_percent / 100) * non_fat_g + _EDGE:
            reasons.append("ratio_over")
    return reasons


def _carbohydrate_reasons(
    carbohydrate_g: float, target: DietTarget, tolerance: Tolerance
) -> list[str]:
    if target.carbohydrate_g is None:
        return []
    allowance_g = max(
        tolerance.carbohydrate_over_g,
        target.carbohydrate_g * tolerance.carbohydrate_over_percent / 100,
    )
    over = carbohydrate_g > target.carbohydrate_g + allowance_g + _EDGE
    return ["carbohydrate_over"] if over else []


@dataclass(frozen=True, slots=True)
class MealTally:
    """A day's or a period's meals. planned + unplanned = logged + not_logged, always."""

    planned: int = 0
    unplanned: int = 0
    met: int = 0
    not_met: int = 0
    not_judged: int = 0
    not_logged: int = 0

    @property
    def logged(self) -> int:
        return self.met + self.not_met + self.not_judged

    @property
    def adherence_percent(self) -> float | None:
        """Met out of met plus not met; None when no meal could be judged."""
        judged = self.met + self.not_met
        return 100.0 * self.met / judged if judged else None

    @classmethod
    def total(cls, tallies: Iterable[MealTally]) -> MealTally:
        items = list(tallies)
        return cls(*(sum(getattr(t, name) for t in items) for name in cls.__dataclass_fields__))
