"""The one model of a meal: every constraint by its name, as rows and bounds in grams.

The search, the exact solver and the explanation read this and nothing else; only the verifier
goes its own way. A ratio F / (P + C) within r - t and r + t is two linear rows,

    F - (r - t)(P + C) >= 0   and   F - (r + t)(P + C) <= 0,

both called `ratio`. They also hold where nothing at all is eaten, which has no ratio: the
verifier refuses that, and the exact solver then asks for some protein or carbohydrate.
Coefficients are decimals as typed, per gram. Source: docs/mealsolver.md#model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from quietdays.science.mealsolver import names
from quietdays.science.mealsolver.checks import exact
from quietdays.science.mealsolver.problem import (
    CarbBasis,
    EnergyBasis,
    FoodValues,
    MealProblem,
    Weights,
)

_100 = Decimal(100)
_NONE = Decimal(0)
FAT_KCAL_PER_G, OTHER_KCAL_PER_G = Decimal(9), Decimal(4)


@dataclass(frozen=True, slots=True)
class Row:
    """low <= sum of coefficient x grams <= high, for one name."""

    name: str
    coefficients: tuple[Decimal, ...]
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Bound:
    """low <= grams of one item <= high, for one name."""

    name: str
    item: int
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Portion:
    """An item is left out, or there is at least so much of it."""

    name: str
    item: int
    least: Decimal


@dataclass(frozen=True, slots=True)
class Measures:
    """What a gram of each item adds to fat, to protein plus carbohydrate, to energy, volume."""

    fat: tuple[Decimal, ...]
    non_fat: tuple[Decimal, ...]
    energy: tuple[Decimal, ...]
    volume: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """A meal problem as constraints. `names` lists all, in the order of the format's table."""

    problem: MealProblem
    weights: Weights
    rows: tuple[Row, ...]
    bounds: tuple[Bound, ...]
    portions: tuple[Portion, ...]
    steps: tuple[Decimal, ...]
    measures: Measures
    names: tuple[str, ...]


def build_model(problem: MealProblem) -> Model:
    """Every constraint of the problem under its name."""
    foods = [problem.food(index) for index in range(len(problem.items))]
    measures = _measures(problem, foods)
    rows = (*_target_rows(problem, measures), *_limit_rows(problem, foods))
    bounds = tuple(_bounds(problem))
    portions = tuple(
        Portion(names.of(names.USE_MIN, item.food), index, exact(item.use_min_g))
        for index, item in enumerate(problem.items)
        if item.use_min_g
    )
    named = [row.name for row in rows] + [bound.name for bound in bounds]
    named += [portion.name for portion in portions] + [names.STEP]
    if problem.max_items is not None:
        named.append(names.MAX_ITEMS)
    return Model(
        problem=problem,
        weights=problem.weights or Weights.usual(problem.target),
        rows=rows,
        bounds=bounds,
        portions=portions,
        steps=tuple(exact(item.step_g) for item in problem.items),
        measures=measures,
        names=tuple(dict.fromkeys(named)),
    )


def carb_per_100g(food: FoodValues, basis: CarbBasis) -> Decimal:
    """Carbohydrate that counts: all of it, or less a known fibre and never below nought."""
    carb = exact(food.carb_g)
    if basis is CarbBasis.NET and food.fibre_g is not None:
        return max(_NONE, carb - exact(food.fibre_g))
    return carb


def nutrient_per_100g(problem: MealProblem, food: FoodValues, nutrient: str) -> Decimal:
    """A limit's nutrient in 100 g; unknown counts nothing."""
    if nutrient == "carb":
        return carb_per_100g(food, problem.basis.carb)
    if nutrient == "kcal":
        return _energy_per_100g(problem, food)
    basic = {"fat": food.fat_g, "protein": food.protein_g, "fibre": food.fibre_g}
    value = basic[nutrient] if nutrient in basic else food.nutrients.get(nutrient)
    return _NONE if value is None else exact(value)


def _energy_per_100g(problem: MealProblem, food: FoodValues) -> Decimal:
    if problem.basis.energy is EnergyBasis.TABLE:
        return exact(food.energy_kcal or 0.0)
    others = exact(food.protein_g) + carb_per_100g(food, problem.basis.carb)
    return FAT_KCAL_PER_G * exact(food.fat_g) + OTHER_KCAL_PER_G * others


def _measures(problem: MealProblem, foods: Sequence[FoodValues]) -> Measures:
    basis = problem.basis.carb
    return Measures(
        fat=tuple(exact(food.fat_g) / _100 for food in foods),
        non_fat=tuple((exact(f.protein_g) + carb_per_100g(f, basis)) / _100 for f in foods),
        energy=tuple(_energy_per_100g(problem, food) / _100 for food in foods),
        volume=tuple(exact(food.ml_per_g or 0.0) for food in foods),
    )


def _target_rows(problem: MealProblem, measures: Measures) -> list[Row]:
    target = problem.target
    ratio, tolerance = exact(target.ratio), exact(target.ratio_tolerance)
    rows = [
        Row(names.RATIO, _surplus(measures, ratio - tolerance), _NONE, None),
        Row(names.RATIO, _surplus(measures, ratio + tolerance), None, _NONE),
        Row(
            names.ENERGY,
            measures.energy,
            *band(exact(target.energy_kcal), exact(target.energy_tolerance_percent)),
        ),
    ]
    if target.volume_ml is not None:
        volume = band(exact(target.volume_ml), exact(target.volume_tolerance_percent))
        rows.append(Row(names.VOLUME, measures.volume, *volume))
    return rows


def _surplus(measures: Measures, ratio: Decimal) -> tuple[Decimal, ...]:
    """Fat beyond `ratio` times the protein and carbohydrate, per gram of each item."""
    return tuple(
        fat - ratio * non_fat for fat, non_fat in zip(measures.fat, measures.non_fat, strict=True)
    )


def band(middle: Decimal, percent: Decimal) -> tuple[Decimal, Decimal]:
    """From so many per cent below to as many above."""
    slack = middle * percent / _100
    return middle - slack, middle + slack


def _limit_rows(problem: MealProblem, foods: Sequence[FoodValues]) -> list[Row]:
    return [
        Row(
            names.of(names.LIMIT, limit.id),
            tuple(nutrient_per_100g(problem, food, limit.nutrient) / _100 for food in foods),
            None if limit.least is None else exact(limit.least),
            None if limit.most is None else exact(limit.most),
        )
        for limit in problem.limits
        if limit.least is not None or limit.most is not None
    ]


def _bounds(problem: MealProblem) -> list[Bound]:
    """Bounds that say something: a least of nought is no constraint, amounts never are below."""
    found = []
    for index, item in enumerate(problem.items):
        if item.locked_g is not None:
            locked = exact(item.locked_g)
            found.append(Bound(names.of(names.LOCKED, item.food), index, locked, locked))
        if item.min_g > 0:
            found.append(Bound(names.of(names.MIN, item.food), index, exact(item.min_g), None))
        if item.max_g is not None:
            found.append(Bound(names.of(names.MAX, item.food), index, None, exact(item.max_g)))
        if item.banned:
            found.append(Bound(names.of(names.BANNED, item.food), index, _NONE, _NONE))
    return found
