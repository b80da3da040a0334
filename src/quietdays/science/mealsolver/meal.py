"""From a meal problem to an answer: search, prove, verify, explain.

1. The continuous optimum. Where even that does not exist, nothing weighable does.
2. The fast search for whole steps around it.
3. The exact programme where the search met nothing, or where portions must be chosen.
4. The verifier looks at whatever was found; only what it passes is an answer.
5. Where the programme proved that nothing fits, the explanation.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from quietdays.science.mealsolver import exact, lattice
from quietdays.science.mealsolver.answers import MealAnswer, Solved, Undecided
from quietdays.science.mealsolver.checks import WrongAnswer
from quietdays.science.mealsolver.exact import Finding, Outcome
from quietdays.science.mealsolver.explain import explain
from quietdays.science.mealsolver.model import Model, Row, build_model
from quietdays.science.mealsolver.numeric import FLOATS, Numeric, build_numeric
from quietdays.science.mealsolver.problem import BASIC_NUTRIENTS, MealProblem
from quietdays.science.mealsolver.verify import broken, totals
from quietdays.science.mealsolver.weighing import sensitivity, weighing_advice

_MARGIN = 1e-8  # of a row's largest coefficient
_NO_ANSWER_IN_TIME = "No answer was found in the time allowed, and none was ruled out either."


def solve_meal(problem: MealProblem) -> MealAnswer:
    """Weighable grams that hold every constraint, as near to what is wanted as can be found.

    The same problem has the same answer wherever no time limit strikes. Raises WrongAnswer if the solver and the
    verifier contradict each other, so that a wrong amount is never handed on.
    """
    model = build_model(problem)
    numeric = build_numeric(model)
    amounts = _amounts(model, numeric)
    if isinstance(amounts, Undecided):
        return amounts
    if amounts is None:
        return explain(model, numeric)
    return _solved(model, amounts)


def _amounts(model: Model, numeric: Numeric) -> dict[str, Decimal] | Undecided | None:
    """Verified grams; None where it is proved that there are none."""
    goal = exact.closest(model)
    continuous = exact.Continuous(numeric, model.names, goal)
    optimum = continuous.best()
    if optimum.outcome is Outcome.IMPOSSIBLE:
        return None
    if optimum.outcome is Outcome.FOUND and not _has_choices(model):
        near = lattice.search(numeric, continuous, optimum)
        if near is not None:
            grams = in_grams(model, near)
            if not broken(model.problem, grams):
                return grams
    found = exact.solve(numeric, model.names, goal)
    if found.outcome is Outcome.FOUND:
        found = _with_a_ratio(model, numeric, found)
    if found.outcome is Outcome.IMPOSSIBLE:
        return None
    if found.outcome is Outcome.OUT_OF_TIME:
        return Undecided(_NO_ANSWER_IN_TIME)
    amounts = in_grams(model, found.steps)
    if broken(model.problem, amounts):
        # A row met to a solver's tolerance and not to the last decimal: keep clear of its end.
        found = exact.solve(numeric, model.names, goal, margin=_MARGIN)
        amounts = in_grams(model, found.steps)
    return _checked(model, amounts)


def _with_a_ratio(model: Model, numeric: Numeric, found: Finding) -> Finding:
    """The same again with some protein or carbohydrate, where energy came from neither macro."""
    if totals(model.problem, in_grams(model, found.steps)).ratio is not None:
        return found
    pairs = zip(model.measures.non_fat, model.steps, strict=True)
    least = min((c * step for c, step in pairs if c > 0), default=Decimal(1))
    some = Row("ratio", model.measures.non_fat, least, None)
    return exact.solve(numeric, model.names, exact.closest(model), extra=(some,))


def _checked(model: Model, amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    faults = broken(model.problem, amounts)
    if faults:  # also where nothing was found at all
        raise WrongAnswer(f"found amounts break {', '.join(faults)}")
    return amounts


def _has_choices(model: Model) -> bool:
    return bool(model.portions) or model.problem.max_items is not None


def in_grams(model: Model, steps: FLOATS) -> dict[str, Decimal]:
    """Grams of each food that is used, as whole numbers of its step."""
    counts = [round(float(count)) for count in steps]
    return {
        item.food: (step * count).normalize() + 0
        for item, step, count in zip(model.problem.items, model.steps, counts, strict=False)
        if count
    }


def _solved(model: Model, amounts: dict[str, Decimal]) -> Solved:
    problem = model.problem
    return Solved(
        amounts=amounts,
        totals=totals(problem, amounts),
        cost=cost(model, amounts),
        sensitivity=sensitivity(problem, amounts),
        advice=weighing_advice(problem),
        unknown=tuple(
            (limit.id, food)
            for limit in problem.limits
            if limit.nutrient not in BASIC_NUTRIENTS
            for food in amounts
            if problem.foods[food].nutrients.get(limit.nutrient) is None
        ),
    )


def cost(model: Model, amounts: Mapping[str, Decimal]) -> float:
    """What the problem asks to be small, for these grams."""
    grams = [float(amounts.get(item.food, 0)) for item in model.problem.items]
    found = 0.0
    for distance in exact.closest(model).distances:
        value = float(distance.coefficients @ grams) - distance.centre
        found += distance.weight_above * abs(value)
    return found
