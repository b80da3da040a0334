"""From foods on the table to grams on the scale: what the pages ask of the meal solver.

Foods may be listed with or without an amount. One without gets a sensible start, so that
the answer is a dish and not a glass of cream; one that is locked stays as it is. A listed
food is never dropped silently: its least amount is one step of the scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diet.models import FoodComposition, MeasureUnit
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.mealsolver import (
    BadProblem,
    FoodValues,
    Item,
    Limit,
    MealAnswer,
    MealProblem,
    Solved,
    Target,
    solve_meal,
)
from quietdays.science.prescription import dietary_unit_kcal
from quietdays.words import decimal, listed, plain

# Nobody weighs millilitres: a syringe or a bottle shows whole ones.
ML_STEP = 1.0
# Less than this of a meal's protein share is told, not taken as it comes.
PROTEIN_SHARE_LEAST = 0.9
# A start for a food without an amount; more than this is no portion for a baby.
LARGEST_START_G = 80.0
# How dear a gram of difference is for a food whose amount nobody named.
UNNAMED_WEIGHT = 0.02


@dataclass(frozen=True, slots=True)
class Wish:
    """One food of a meal to be balanced; amounts in the unit of its composition."""

    composition: FoodComposition
    amount: float | None = None
    is_locked: bool = False
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What else must hold in the whole meal; None is no bound."""

    protein_least_g: float | None = None
    carbohydrate_most_g: float | None = None
    volume_ml: float | None = None


def key_of(composition: FoodComposition) -> str:
    return str(composition.food_id)


def values_of(
    composition: FoodComposition,
    basis: CarbohydrateBasis,
    usual_ml_per_g: float | None = None,
) -> FoodValues:
    """A composition as the solver reads it: fibre taken off once, or not at all."""
    macros = composition.macros_per_100()
    volume = usual_ml_per_g
    if composition.per_unit == MeasureUnit.ML:
        volume = 1.0
    elif composition.volume_ml_per_g is not None:
        volume = float(composition.volume_ml_per_g)
    return FoodValues(
        name=composition.food.name,
        fat_g=round(macros.fat_g, 2),
        protein_g=round(macros.protein_g, 2),
        carb_g=round(macros.carbohydrate_on(basis), 2),
        ml_per_g=volume,
    )


def meal_problem(
    wishes: Sequence[Wish],
    *,
    target: DietTarget,
    basis: CarbohydrateBasis,
    scale_step_g: Decimal,
    bounds: Bounds = Bounds(),
    usual_ml_per_g: float | None = None,
) -> MealProblem:
    """The problem that these foods make. Raises ValidationError, with the food's name."""
    if target.ratio is None or target.energy_kcal is None:
        raise ValidationError(
            {
                "ratio": gettext(
                    "This diet sets no ratio for a meal, so there is nothing to balance."
                )
            }
        )
    if not wishes:
        raise ValidationError({"items": gettext("Add foods first.")})
    keys = [key_of(w.composition) for w in wishes]
    if len(set(keys)) < len(keys):
        raise ValidationError(
            {"items": gettext("A food stands in the list twice. Put it in one line.")}
        )
    starts = _starts(wishes, target, basis)
    try:
        return MealProblem(
            foods={
                key_of(w.composition): values_of(w.composition, basis, usual_ml_per_g)
                for w in wishes
            },
            items=tuple(
                _item(w, start, float(scale_step_g))
                for w, start in zip(wishes, starts, strict=True)
            ),
            target=Target(
                ratio=target.ratio,
                energy_kcal=round(target.energy_kcal, 3),
                volume_ml=bounds.volume_ml,
            ),
            limits=_limits(bounds),
        )
    except BadProblem as error:
        raise ValidationError({"items": str(error)}) from error


def _limits(bounds: Bounds) -> tuple[Limit, ...]:
    found = []
    if bounds.protein_least_g is not None:
        found.append(Limit("protein", "protein", least=bounds.protein_least_g))
    if bounds.carbohydrate_most_g is not None:
        found.append(Limit("carb_cap", "carb", most=bounds.carbohydrate_most_g))
    return tuple(found)


def _item(wish: Wish, start: float, scale_step_g: float) -> Item:
    step = ML_STEP if wish.composition.per_unit == MeasureUnit.ML else scale_step_g
    if wish.is_locked and wish.amount is not None:
        # What is locked was weighed already; its own decimals are a step that holds it.
        return Item(
            key_of(wish.composition),
            want_g=wish.amount,
            step_g=min(step, 0.01) if _is_off(wish.amount, step) else step,
            locked_g=wish.amount,
        )
    return Item(
        key_of(wish.composition),
        want_g=start,
        weight=UNNAMED_WEIGHT if wish.amount is None else None,
        min_g=step if wish.least is None else wish.least,
        max_g=wish.most,
        step_g=step,
    )


def _is_off(amount: float, step: float) -> bool:
    return Decimal(str(amount)) % Decimal(str(step)) != 0


def _starts(wishes: Sequence[Wish], target: DietTarget, basis: CarbohydrateBasis) -> list[float]:
    """The amounts that were named, and for the others an even share of what is still open.

    Foods poorer in fat than the target share the protein and carbohydrate, the richer ones
    the fat. Only a start: the solver finds the grams.
    """
    ratio, energy_kcal = target.ratio or 0.0, target.energy_kcal or 0.0
    per_g = [w.composition.macros_per_100().scaled(0.01) for w in wishes]
    named = [m.scaled(w.amount) for m, w in zip(per_g, wishes, strict=True) if w.amount is not None]
    have = Macros.total(named)
    units = energy_kcal / dietary_unit_kcal(ratio)
    lean: list[int] = []
    rich: list[int] = []
    for i, wish in enumerate(wishes):
        if wish.amount is None:
            non_fat = per_g[i].protein_g + per_g[i].carbohydrate_on(basis)
            (rich if per_g[i].fat_g > ratio * non_fat else lean).append(i)
    starts = [w.amount or 0.0 for w in wishes]
    open_non_fat = max(0.0, units - have.protein_g - have.carbohydrate_on(basis))
    for i in lean:
        non_fat = per_g[i].protein_g + per_g[i].carbohydrate_on(basis)
        starts[i] = min(LARGEST_START_G, open_non_fat / len(lean) / non_fat) if non_fat else 0.0
    from_lean = sum(per_g[i].fat_g * starts[i] for i in lean)
    open_fat = max(0.0, ratio * units - have.fat_g - from_lean)
    for i in rich:
        starts[i] = min(LARGEST_START_G, open_fat / len(rich) / per_g[i].fat_g)
    return starts


def least_protein_g(share_g: float) -> float:
    """What of a meal's protein share the search insists on; docs/arithmetic.md#protein-share."""
    return round(PROTEIN_SHARE_LEAST * share_g, 2)


def balance(problem: MealProblem, *, protein_share_g: float | None = None) -> MealAnswer:
    """Weighable grams that hold at least nine tenths of the meal's protein share.

    Where no amounts reach that, the meal without it, which `protein_in_words` then tells; a
    floor that somebody asked for stands in the problem and is never given up.
    """
    is_asked = any(limit.nutrient == "protein" for limit in problem.limits)
    if protein_share_g is None or is_asked:
        return solve_meal(problem)
    floor = Limit("protein", "protein", least=least_protein_g(protein_share_g))
    answer = solve_meal(replace(problem, limits=(*problem.limits, floor)))
    return answer if isinstance(answer, Solved) else solve_meal(problem)


def protein_in_words(answer: Solved, protein_share_g: float | None) -> str:
    """That a meal holds less protein than its share; empty where it holds enough."""
    held_g = float(answer.totals.protein_g)
    if protein_share_g is None or held_g >= least_protein_g(protein_share_g):
        return ""
    return gettext(
        "It holds %(held_g)s g protein; its share is %(protein_share_g)s g. With these "
        "foods no amounts were found that hold as much."
    ) % {"held_g": decimal(held_g, 1), "protein_share_g": decimal(protein_share_g, 1)}


def sensitivity_in_words(answer: Solved, problem: MealProblem) -> str:
    """What one step of the scale does to the ratio, in the food where it does most."""
    found = answer.sensitivity
    if found is None:
        return ""
    step = plain(found.step_g)
    shown = [
        told % {"step": step, "ratio": decimal(ratio, 2)}
        for told, ratio in (
            (gettext("%(step)s g more makes %(ratio)s:1"), found.ratio_with_more),
            (gettext("%(step)s g less makes %(ratio)s:1"), found.ratio_with_less),
        )
        if ratio is not None
    ]
    if not shown:
        return ""
    return gettext("Weigh the %(food)s with most care: %(changes)s.") % {
        "food": problem.foods[found.food].name,
        "changes": ", ".join(shown),
    }


def advice_in_words(answer: Solved, problem: MealProblem) -> str:
    """That the scale is coarse for so small a meal, and the two ways out."""
    if answer.advice is None:
        return ""
    ways = []
    if answer.advice.finer_step_g is not None:
        ways.append(
            gettext("a scale that shows %(step_g)s g")
            % {"step_g": plain(answer.advice.finer_step_g)}
        )
    if answer.advice.batch_meals > 1:
        ways.append(
            gettext("cooking %(meals)s meals at once and dividing by weight")
            % {"meals": answer.advice.batch_meals}
        )
    if not ways:
        return ""
    energy = problem.target.energy_kcal
    return gettext("For %(energy)s kcal these steps are coarse. Nearer to the ratio: %(ways)s.") % {
        "energy": decimal(energy, 0),
        "ways": listed(ways, "or"),
    }
