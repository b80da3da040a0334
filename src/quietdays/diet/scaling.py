"""A recipe brought to the child's meal, to so many servings, or to what is in the pot.

Every way ends in the solver: the grams are weighable, and the ratio is that after rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diet.actions import Portion
from quietdays.diet.balancing import (
    Wish,
    advice_in_words,
    balance,
    key_of,
    meal_problem,
    protein_in_words,
    sensitivity_in_words,
)
from quietdays.diet.models import FoodComposition, Recipe, RecipeItem
from quietdays.diet.queries import newest_composition
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.mealsolver import Solved


@dataclass(frozen=True, slots=True)
class Scaled:
    """A recipe in other amounts, or the sentence that says why there are none."""

    portions: tuple[Portion, ...]
    message: str = ""
    warning: str = ""  # that it holds less protein than its share
    remarks: tuple[str, ...] = ()

    def macros(self) -> Macros:
        return Macros.total(p.macros() for p in self.portions)


@dataclass(frozen=True, slots=True)
class Kitchen:
    """What a recipe is scaled with: the household's scale and the child's way of counting."""

    scale_step_g: Decimal
    basis: CarbohydrateBasis


def for_target(recipe: Recipe, target: DietTarget, kitchen: Kitchen) -> Scaled:
    """One serving for a meal of the prescription, balanced to its ratio and energy."""
    whole_kcal = recipe.macros().energy_kcal(kitchen.basis)
    if target.energy_kcal is None or not whole_kcal:
        raise ValidationError(
            {"ratio": gettext("This diet sets no energy for a meal to scale to.")}
        )
    factor = target.energy_kcal / whole_kcal
    return _solved(_wishes(recipe, factor), target, kitchen)


def for_servings(recipe: Recipe, servings: int, kitchen: Kitchen) -> Scaled:
    """So many servings of the recipe as it is: another size, the same ratio."""
    if servings < 1:
        raise ValidationError({"servings": gettext("A dish has at least one serving.")})
    factor = servings / recipe.servings
    return _solved(_wishes(recipe, factor), _own_target(recipe, factor, kitchen), kitchen)


def for_pot(recipe: Recipe, item: RecipeItem, amount: Decimal, kitchen: Kitchen) -> Scaled:
    """As much as what is there of one food allows, that food locked at its amount."""
    factor = float(amount / item.amount)
    locked = {key_of(item.composition): float(amount)}
    wishes = _wishes(recipe, factor, locked)
    return _solved(wishes, _own_target(recipe, factor, kitchen), kitchen)


def _own_target(recipe: Recipe, factor: float, kitchen: Kitchen) -> DietTarget:
    macros = recipe.macros().scaled(factor)
    return DietTarget(
        ratio=macros.ratio(kitchen.basis), energy_kcal=macros.energy_kcal(kitchen.basis)
    )


def _wishes(recipe: Recipe, factor: float, locked: Mapping[str, float] | None = None) -> list[Wish]:
    locked = locked or {}
    return [
        Wish(
            _newest(item.composition),
            locked.get(key_of(item.composition), float(item.amount) * factor),
            is_locked=key_of(item.composition) in locked,
        )
        for item in recipe.items.all()
    ]


def _newest(composition: FoodComposition) -> FoodComposition:
    """A reformulated product must not be scaled from old figures."""
    return newest_composition(composition.food)  # `recipes_of` has read it already


def _solved(wishes: list[Wish], target: DietTarget, kitchen: Kitchen) -> Scaled:
    problem = meal_problem(
        wishes, target=target, basis=kitchen.basis, scale_step_g=kitchen.scale_step_g
    )
    answer = balance(problem, protein_share_g=target.protein_g)
    if isinstance(answer, Solved):
        by_key = {key_of(w.composition): w.composition for w in wishes}
        words = (sensitivity_in_words(answer, problem), advice_in_words(answer, problem))
        return Scaled(
            portions=tuple(
                Portion(by_key[key], amount) for key, amount in answer.amounts.items() if amount
            ),
            warning=protein_in_words(answer, target.protein_g),
            remarks=tuple(w for w in words if w),
        )
    return Scaled((), answer.message)
