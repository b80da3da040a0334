"""Meals with two or three foods to adjust, worked out directly: no search, no rounding.

With d = fat - ratio x (protein + carbohydrate) and e the energy, both per gram, a meal has
its ratio where the d of all foods sum to nought, and its energy where the e sum to the goal.
Foods that are fixed go to the other side. The browser's `meal/adjust.ts` does the same; both
are held to tests/vectors/closed_forms.json. Source: docs/mealsolver.md#closed-forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quietdays.science.macros import CarbohydrateBasis, Macros

# Per gram; two foods as alike as this cannot be balanced against each other.
_SINGULAR = 1e-9
# The last binary digit of an amount that is nought.
_NOUGHT_G = 1e-9


class NoSuchMix(Exception):
    """No amounts of zero or more of these foods give what is asked."""


@dataclass(frozen=True, slots=True)
class Portion:
    """So many grams of a food of this composition per 100 g."""

    per_100g: Macros
    grams: float


@dataclass(frozen=True, slots=True)
class Goal:
    """Energy in kcal and ratio of a meal; carbohydrate as the basis counts it."""

    energy_kcal: float
    ratio: float
    basis: CarbohydrateBasis = CarbohydrateBasis.AVAILABLE


@dataclass(frozen=True, slots=True)
class Amounts:
    """Grams of two foods that together meet an energy and a ratio exactly."""

    first_g: float
    second_g: float


def two_adjusters(
    first: Macros, second: Macros, goal: Goal, fixed: Sequence[Portion] = ()
) -> Amounts:
    """Grams of two foods (composition per 100 g) that bring a meal to its energy and ratio.

    Raises NoSuchMix. Source: docs/arithmetic.md#two-foods.
    """
    d1, e1 = _surplus_and_energy(first, goal)
    d2, e2 = _surplus_and_energy(second, goal)
    surplus, energy = _still_needed(goal, fixed)
    determinant = d1 * e2 - d2 * e1
    if abs(determinant) < _SINGULAR:
        raise NoSuchMix("the two foods are too alike to be balanced against each other")
    found = (
        (surplus * e2 - d2 * energy) / determinant,
        (d1 * energy - e1 * surplus) / determinant,
    )
    first_g, second_g = _amounts(found)
    return Amounts(first_g, second_g)


def three_adjusters(
    foods: tuple[Macros, Macros, Macros],
    goal: Goal,
    protein_g: float,
    fixed: Sequence[Portion] = (),
) -> tuple[float, float, float]:
    """Grams of three foods that bring a meal to its energy, ratio and protein.

    Energy, ratio and protein fix all three macros, so there is one answer or none. Raises
    NoSuchMix.
    """
    surplus, energy = _still_needed(goal, fixed)
    protein = protein_g - sum(p.grams * p.per_100g.protein_g / 100 for p in fixed)
    rows = [(*_surplus_and_energy(food, goal), food.protein_g / 100) for food in foods]
    wanted = (surplus, energy, protein)
    determinant = _determinant(rows[0], rows[1], rows[2])
    if abs(determinant) < _SINGULAR:
        raise NoSuchMix("the three foods are too alike to be balanced against each other")
    return _three(
        _amounts(
            (
                _determinant(wanted, rows[1], rows[2]) / determinant,
                _determinant(rows[0], wanted, rows[2]) / determinant,
                _determinant(rows[0], rows[1], wanted) / determinant,
            )
        )
    )


@dataclass(frozen=True, slots=True)
class ScaledRecipe:
    """A recipe so many times, and so many grams of a fat."""

    times: float
    fat_g: float


def recipe_and_fat(
    recipe: Sequence[Portion], fat: Macros, goal: Goal, fixed: Sequence[Portion] = ()
) -> ScaledRecipe:
    """The recipe in its own proportions and a fat beside it, at the energy and the ratio.

    Raises NoSuchMix, also where the recipe is too fat already and fat would have to go.
    """
    whole = Macros.total(portion.per_100g.scaled(portion.grams / 100) for portion in recipe)
    found = two_adjusters(whole, fat, goal, fixed)
    # The sum of the recipe stood for 100 g of one food.
    return ScaledRecipe(times=found.first_g / 100, fat_g=found.second_g)


def _surplus_and_energy(food: Macros, goal: Goal) -> tuple[float, float]:
    """Per gram: fat beyond what the ratio asks for, and energy in kcal."""
    non_fat = food.protein_g + food.carbohydrate_on(goal.basis)
    return (food.fat_g - goal.ratio * non_fat) / 100, food.energy_kcal(goal.basis) / 100


def _still_needed(goal: Goal, fixed: Sequence[Portion]) -> tuple[float, float]:
    """What the adjusters must bring: the fixed foods are taken off both goals."""
    surplus, energy = 0.0, goal.energy_kcal
    for portion in fixed:
        d, e = _surplus_and_energy(portion.per_100g, goal)
        surplus -= portion.grams * d
        energy -= portion.grams * e
    return surplus, energy


def _amounts(found: tuple[float, ...]) -> tuple[float, ...]:
    if any(grams < -_NOUGHT_G for grams in found):
        raise NoSuchMix("one of the amounts would be less than zero")
    return tuple(max(0.0, grams) for grams in found)


def _three(found: tuple[float, ...]) -> tuple[float, float, float]:
    first, second, third = found
    return first, second, third


_Column = tuple[float, float, float]


def _determinant(a: _Column, b: _Column, c: _Column) -> float:
    return (
        a[0] * (b[1] * c[2] - b[2] * c[1])
        - b[0] * (a[1] * c[2] - a[2] * c[1])
        + c[0] * (a[1] * b[2] - a[2] * b[1])
    )
