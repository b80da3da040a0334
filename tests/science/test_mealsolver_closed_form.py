"""Meals of two or three adjusters, against the vectors that the browser is held to as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.mealsolver.closed_form import (
    Goal,
    NoSuchMix,
    Portion,
    recipe_and_fat,
    three_adjusters,
    two_adjusters,
)

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/closed_forms.json").read_text())
FOODS = {
    key: Macros(row["fat_g"], row["protein_g"], row["carbohydrate_g"], row["fibre_g"])
    for key, row in VECTORS["foods"].items()
}


def goal(vector) -> Goal:
    return Goal(vector["energy_kcal"], vector["ratio"], CarbohydrateBasis(vector["basis"]))


def portions(rows) -> list[Portion]:
    return [Portion(FOODS[row["food"]], row["grams"]) for row in rows]


def whole(parts: list[Portion]) -> Macros:
    return Macros.total(part.per_100g.scaled(part.grams / 100) for part in parts)


def by_id(kind: str) -> dict:
    return {"argvalues": VECTORS[kind], "ids": [row["id"] for row in VECTORS[kind]]}


@pytest.mark.parametrize("vector", **by_id("two"))
def test_two_adjusters(vector):
    first, second = (FOODS[food] for food in vector["adjusters"])
    fixed = portions(vector["fixed"])
    found = two_adjusters(first, second, goal(vector), fixed)
    assert (found.first_g, found.second_g) == pytest.approx(tuple(vector["grams"]), abs=5.1e-4)
    meal = whole([*fixed, Portion(first, found.first_g), Portion(second, found.second_g)])
    assert meal.ratio(goal(vector).basis) == pytest.approx(vector["ratio"])
    assert meal.energy_kcal(goal(vector).basis) == pytest.approx(vector["energy_kcal"])


@pytest.mark.parametrize("vector", **by_id("three"))
def test_three_adjusters(vector):
    one, two, three = (FOODS[food] for food in vector["adjusters"])
    fixed = portions(vector["fixed"])
    found = three_adjusters((one, two, three), goal(vector), vector["protein_g"], fixed)
    assert found == pytest.approx(tuple(vector["grams"]), abs=5.1e-4)
    meal = whole([*fixed, *map(Portion, (one, two, three), found)])
    assert meal.ratio(goal(vector).basis) == pytest.approx(vector["ratio"])
    assert meal.energy_kcal(goal(vector).basis) == pytest.approx(vector["energy_kcal"])
    assert meal.protein_g == pytest.approx(vector["protein_g"])


@pytest.mark.parametrize("vector", **by_id("recipe"))
def test_a_recipe_so_many_times_and_a_fat(vector):
    found = recipe_and_fat(
        portions(vector["recipe"]), FOODS[vector["fat"]], goal(vector), portions(vector["fixed"])
    )
    assert found.times == pytest.approx(vector["times"], abs=5.1e-5)
    assert found.fat_g == pytest.approx(vector["fat_g"], abs=5.1e-4)


@pytest.mark.parametrize("vector", **by_id("refused"))
def test_what_cannot_be_balanced_is_refused_by_name(vector):
    first, second = (FOODS[food] for food in vector["adjusters"])
    words = {"alike": "too alike", "negative": "less than zero"}[vector["why"]]
    with pytest.raises(NoSuchMix, match=words):
        two_adjusters(first, second, goal(vector), portions(vector["fixed"]))


def test_three_foods_that_are_alike_are_refused():
    cream = FOODS["ndb:01053"]
    with pytest.raises(NoSuchMix, match="too alike"):
        three_adjusters((cream, cream, FOODS["ndb:01123"]), Goal(100, 4), 2)


def test_a_recipe_that_is_too_fat_already_is_refused():
    with pytest.raises(NoSuchMix, match="less than zero"):
        recipe_and_fat([Portion(FOODS["ndb:01053"], 50)], FOODS["ndb:01145"], Goal(100, 4))


@given(st.floats(1.5, 4.5), st.floats(30, 400), st.floats(0, 15))
def test_a_fixed_food_is_counted_once(ratio, kcal, egg_g):
    """With or without it, the whole meal has its ratio and its energy."""
    fixed = [Portion(FOODS["ndb:01123"], egg_g)]
    try:
        found = two_adjusters(FOODS["ndb:09040"], FOODS["ndb:04053"], Goal(kcal, ratio), fixed)
    except NoSuchMix:
        return
    meal = whole([*fixed, Portion(FOODS["ndb:09040"], found.first_g),
                  Portion(FOODS["ndb:04053"], found.second_g)])  # fmt: skip
    assert meal.ratio() == pytest.approx(ratio, rel=1e-6)
    assert meal.energy_kcal() == pytest.approx(kcal, rel=1e-6)


def test_two_foods_alone_are_the_same_without_fixed_ones():
    first, second = FOODS["ndb:09040"], FOODS["ndb:04053"]
    mix = two_adjusters(first, second, Goal(100, 3))
    assert mix == two_adjusters(first, second, Goal(100, 3))
