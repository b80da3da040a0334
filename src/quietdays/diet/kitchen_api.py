"""The JSON face of the kitchen: balancing a meal while it is built."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from ninja import Field, Router, Schema

from quietdays.diet import queries
from quietdays.diet.api import FoodOut, food_out
from quietdays.diet.balancing import (
    Bounds,
    Wish,
    advice_in_words,
    balance,
    meal_problem,
    protein_in_words,
    sensitivity_in_words,
)
from quietdays.diet.food_queries import checked_for, foods_like
from quietdays.diet.models import FoodComposition
from quietdays.people.access import Act, child_for, require
from quietdays.people.http import person_of
from quietdays.people.models import Child
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.mealsolver import MealAnswer, MealProblem, Refused, Solved, batch

router = Router(tags=["diet"])

Grams = Annotated[float, Field(ge=0, le=5000, allow_inf_nan=False)]
MOST_FOODS = 15  # of one meal; a longer list is no dish, and takes the solver long
MOST_CANDIDATES, MOST_EXCHANGES = 12, 5
MOST_MEALS = 20


class WishIn(Schema, extra="forbid"):
    """A food of the meal: its amount as a wish, locked, or left open."""

    food: UUID
    amount: Grams | None = None
    is_locked: bool = False
    least: Grams | None = None
    most: Grams | None = None


class MealIn(Schema, extra="forbid"):
    """Foods to be balanced to an energy and a ratio; both are the prescription's meal."""

    ratio: Annotated[float, Field(ge=0.5, le=8, allow_inf_nan=False)]
    energy_kcal: Annotated[float, Field(gt=0, le=4000, allow_inf_nan=False)]
    foods: Annotated[list[WishIn], Field(min_length=1, max_length=MOST_FOODS)]
    carbohydrate_basis: Literal["available", "total"] | None = None  # None: as prescribed today
    protein_share_g: Grams | None = None  # sought; told where it cannot be reached
    protein_least_g: Grams | None = None  # asked for; never given up
    carbohydrate_most_g: Grams | None = None
    # So many meals cooked at once: the amounts are those of the whole, to be divided by weight.
    meals: Annotated[int, Field(ge=1, le=MOST_MEALS)] = 1


class AmountOut(Schema):
    food: UUID
    amount: float


class FixOut(Schema):
    """A locked food's other amount, with which the meal fits; the rest is in the message."""

    food: UUID
    amount: float


class BalancedOut(Schema):
    """Amounts that hold everything, checked; or what stands in the way and ways out."""

    status: Literal["ok", "infeasible", "undecided"]
    amounts: list[AmountOut] = []
    ratio: float | None = None
    energy_kcal: float | None = None
    sensitivity: str = ""
    advice: str = ""
    protein: str = ""
    batch_meals: int | None = None  # cooking so many at once is fine enough for this scale
    message: str = ""
    fixes: list[FixOut] = []


@router.post("/children/{child_id}/balance", response=BalancedOut)
def balance_meal(request: HttpRequest, child_id: UUID, meal: MealIn) -> BalancedOut:
    """Grams in whole steps of the family's scale. Nothing is stored, nothing is relaxed."""
    person = person_of(request)
    child = child_for(person, child_id)
    require(person, child, Act.PLAN)
    problem = _problem(child, meal, _wishes(child, meal))
    share_g = meal.protein_share_g
    if meal.meals > 1:
        problem = batch(problem, meal.meals)
        share_g = None if share_g is None else share_g * meal.meals
    return _answer(balance(problem, protein_share_g=share_g), problem, share_g)


class ExchangeIn(Schema, extra="forbid"):
    """A meal, and the food of it that another one should stand in for."""

    meal: MealIn
    out: UUID


class ExchangeOut(Schema):
    """A food that can stand in, with the whole meal balanced anew."""

    food: FoodOut
    answer: BalancedOut


@router.post("/children/{child_id}/balance/exchange", response=list[ExchangeOut])
def exchange_food(request: HttpRequest, child_id: UUID, asked: ExchangeIn) -> list[ExchangeOut]:
    """Foods of the same group in the place of one, the nearest meal first; never gram for gram."""
    person = person_of(request)
    child = child_for(person, child_id)
    require(person, child, Act.PLAN)
    wishes = _wishes(child, asked.meal)
    out = next((w for w in wishes if w.composition.food_id == asked.out), None)
    if out is None:
        raise ValidationError({"out": gettext("This food is not in the meal.")})
    kept = [w for w in wishes if w is not out]
    taken = {w.composition.food_id for w in wishes}
    share_g = asked.meal.protein_share_g
    found = []
    for food in foods_like(child, out.composition.food, limit=MOST_CANDIDATES):
        if food.pk in taken:
            continue
        composition = queries.newest_composition(food)
        problem = _problem(child, asked.meal, [*kept, Wish(composition)])
        answer = balance(problem, protein_share_g=share_g)
        if isinstance(answer, Solved):
            found.append((answer.cost, food.name, composition, _answer(answer, problem, share_g)))
    best = sorted(found, key=lambda row: row[:2])[:MOST_EXCHANGES]
    checked = checked_for(child.family, (composition for _, _, composition, _ in best))
    return [
        ExchangeOut(food=food_out(c.food, c, is_verified=c.pk in checked), answer=answer)
        for _, _, c, answer in best
    ]


def _problem(child: Child, meal: MealIn, wishes: list[Wish]) -> MealProblem:
    if meal.carbohydrate_basis is None:
        basis = queries.basis_of(queries.prescription_on(child, child.today()))
    else:
        basis = CarbohydrateBasis(meal.carbohydrate_basis)
    return meal_problem(
        wishes,
        target=DietTarget(ratio=meal.ratio, energy_kcal=meal.energy_kcal),
        basis=basis,
        scale_step_g=child.family.scale_step_g,
        bounds=Bounds(meal.protein_least_g, meal.carbohydrate_most_g),
    )


def _wishes(child: Child, meal: MealIn) -> list[Wish]:
    foods = {f.pk: f for f in queries.foods_for(child).filter(pk__in=[w.food for w in meal.foods])}
    for wish in meal.foods:
        if wish.is_locked and wish.amount is None and wish.food in foods:
            raise ValidationError(
                {
                    "foods": gettext("%(food)s is locked, but has no amount.")
                    % {"food": foods[wish.food].name}
                }
            )
    unknown = [w.food for w in meal.foods if w.food not in foods]
    if unknown:
        raise ValidationError(
            {"foods": gettext("One of these foods is not in your list any more.")}
        )

    def newest(food_id: UUID) -> FoodComposition:
        return queries.newest_composition(foods[food_id])

    return [Wish(newest(w.food), w.amount, w.is_locked, w.least, w.most) for w in meal.foods]


def _answer(answer: MealAnswer, problem: MealProblem, protein_share_g: float | None) -> BalancedOut:
    if isinstance(answer, Solved):
        totals = answer.totals
        return BalancedOut(
            status="ok",
            amounts=[AmountOut(food=UUID(k), amount=float(v)) for k, v in answer.amounts.items()],
            ratio=None if totals.ratio is None else float(totals.ratio),
            energy_kcal=float(totals.energy_kcal),
            sensitivity=sensitivity_in_words(answer, problem),
            advice=advice_in_words(answer, problem),
            protein=protein_in_words(answer, protein_share_g),
            batch_meals=answer.advice.batch_meals if answer.advice else None,
        )
    if isinstance(answer, Refused):
        locked = [fix.constraint.removeprefix("locked:") for fix in answer.relax]
        fixes = [
            FixOut(food=UUID(key), amount=float(fix.to))
            for key, fix in zip(locked, answer.relax, strict=True)
            if key != fix.constraint
        ]
        return BalancedOut(status="infeasible", message=answer.message, fixes=fixes)
    return BalancedOut(status="undecided", message=answer.message)
