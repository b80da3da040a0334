"""What a day, a meal and a snack should hold: nothing is lost between the day and its parts."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quietdays.science.diet_target import (
    DietTarget,
    ImpossibleShares,
    SharesNotWhole,
    classical_target,
    mct_target,
    meal_shares,
    modified_atkins_target,
    snack_target,
    without_snacks,
)
from quietdays.science.prescription import InfeasibleTargets

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/clinical.json").read_text())
MACROS = ("energy_kcal", "protein_g", "carbohydrate_g", "fat_g")
ratios = st.floats(min_value=0.5, max_value=8)
energies = st.floats(min_value=100, max_value=4000)
shares = st.lists(st.floats(min_value=1, max_value=100), min_size=1, max_size=12).map(
    lambda raw: [100 * r / math.fsum(raw) for r in raw]
)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def day_of(energy_kcal: float, ratio: float, part: float) -> DietTarget:
    """A classical day whose protein is a part of what the ratio leaves."""
    units = energy_kcal / (9 * ratio + 4)
    return classical_target(energy_kcal=energy_kcal, ratio=ratio, protein_g=part * units)


def summed(parts: list[DietTarget], name: str) -> float:
    return math.fsum(getattr(p, name) for p in parts)


def energy_of(target: DietTarget) -> float:
    return 9 * target.fat_g + 4 * (target.protein_g + target.carbohydrate_g)


# --- classical


EXACT = [v for v in VECTORS["targets"] if "whole_units" not in v["given"]]


@pytest.mark.parametrize("vector", EXACT, ids=lambda v: v["id"])
def test_a_classical_day_has_the_macros_of_its_source(vector):  # TV-1, 2, 4, 5, 6
    found = classical_target(**vector["given"])
    assert found.fat_g == pytest.approx(vector["fat_g"], abs=0.0051)
    assert found.protein_g == vector["given"]["protein_g"]
    assert found.carbohydrate_g == pytest.approx(vector["carbohydrate_g"], abs=0.0051)
    assert found.mct_g is None


def test_more_protein_than_the_ratio_leaves_is_refused_with_the_figures():  # TV-6
    with pytest.raises(InfeasibleTargets, match=r"leaves −1\.0 g carbohydrate; 3:1 leaves 1\.9 g"):
        classical_target(energy_kcal=400, ratio=4, protein_g=11)


@given(energies, ratios, st.floats(min_value=0, max_value=1), shares)
def test_meals_of_any_shares_add_up_to_their_day_and_keep_its_ratio(energy, ratio, part, percents):
    day = day_of(energy, ratio, part)
    meals = [day.share(s) for s in meal_shares(percents, meals=len(percents))]
    for name in MACROS:
        assert summed(meals, name) == near(getattr(day, name))
    for meal in meals:
        assert meal.ratio == ratio
        assert meal.fat_g == near(ratio * (meal.protein_g + meal.carbohydrate_g))
        assert energy_of(meal) == near(meal.energy_kcal)


# --- shares


def test_shares_that_nobody_wrote_are_even():
    assert meal_shares(None, meals=4) == meal_shares([], meals=4) == [0.25] * 4


@pytest.mark.parametrize(
    ("percents", "words"),
    [
        ([25, 25, 25], "3 shares for 4 meals"),
        ([20] * 5, "5 shares for 4 meals"),
        ([25, 25, 25, 24], "99 per cent, not 100"),
        ([25, 25, 25, 25.6], "100.6 per cent"),
        ([50, 50, 0, 0], "per cent"),
        ([60, 60, -10, -10], "per cent"),
        ([math.nan, 30, 30, 40], "per cent"),
        ([math.inf, 30, 30, 40], "per cent"),
    ],
    ids=["one too few", "one too many", "under", "over", "nought", "negative", "nan", "infinite"],
)
def test_shares_that_are_not_the_whole_are_refused(percents, words):
    with pytest.raises(SharesNotWhole, match=words):
        meal_shares(percents, meals=4)


@pytest.mark.parametrize("percents", [[33.3, 33.3, 33.3], [33.4, 33.4, 33.7]])
def test_thirds_rounded_to_a_tenth_are_the_whole_day(percents):
    assert math.fsum(meal_shares(percents, meals=3)) == near(1)


# --- snacks


@given(energies, ratios, st.floats(min_value=0, max_value=1), st.integers(1, 12), shares,
       st.floats(min_value=0.01, max_value=0.99))  # fmt: skip
def test_meals_and_snacks_add_up_to_the_day(energy, ratio, part, snacks, percents, taken):
    day = day_of(energy, ratio, part)
    snack = snack_target(day, energy_kcal=energy * taken / snacks, ratio=None)
    meals = without_snacks(day, snack, snacks=snacks)
    fractions = meal_shares(percents, meals=len(percents))
    parts = [meals.share(s) for s in fractions] + [snack] * snacks
    for name in MACROS:
        assert summed(parts, name) == pytest.approx(getattr(day, name), rel=1e-6, abs=1e-6), name
    assert meals.ratio == snack.ratio == ratio


@given(energies, ratios, st.floats(min_value=0, max_value=1), st.integers(1, 6), ratios)
def test_a_snack_with_its_own_ratio_leaves_energy_and_protein_whole_and_meals_at_the_days_ratio(
    energy, ratio, part, snacks, own
):
    day = day_of(energy, ratio, part)
    snack = snack_target(day, energy_kcal=energy / 10 / snacks, ratio=own)
    assert energy_of(snack) == near(snack.energy_kcal)
    assert snack.fat_g == near(own * (snack.protein_g + snack.carbohydrate_g))
    assert snack.carbohydrate_g >= 0
    try:
        meals = without_snacks(day, snack, snacks=snacks)
    except InfeasibleTargets:
        assume(False)
        return
    for name in ("energy_kcal", "protein_g"):
        total = getattr(meals, name) + snacks * getattr(snack, name)
        assert total == pytest.approx(getattr(day, name), rel=1e-6, abs=1e-6)
    assert meals.fat_g == near(ratio * (meals.protein_g + meals.carbohydrate_g))


@pytest.mark.parametrize("snack_kcal", [310, 400])
def test_snacks_that_take_the_whole_day_are_refused(snack_kcal):
    day = classical_target(energy_kcal=620, ratio=3, protein_g=12)
    snack = snack_target(day, energy_kcal=snack_kcal, ratio=None)
    with pytest.raises(InfeasibleTargets):
        without_snacks(day, snack, snacks=2)


@pytest.mark.parametrize("snack_kcal", [310, 400])
def test_snacks_that_take_the_whole_day_are_refused_without_a_ratio_too(snack_kcal):
    """Meals of nought kcal were made of it, and every meal then judged as too much."""
    day = modified_atkins_target(carbohydrate_g=10, energy_kcal=620)
    snack = snack_target(day, energy_kcal=snack_kcal, ratio=None)
    with pytest.raises(ImpossibleShares, match="snacks"):
        without_snacks(day, snack, snacks=2)


def test_snacks_that_leave_too_little_for_the_protein_are_refused():
    day = classical_target(energy_kcal=620, ratio=3, protein_g=20)
    snack = snack_target(day, energy_kcal=100, ratio=8)
    with pytest.raises(InfeasibleTargets):
        without_snacks(day, snack, snacks=1)


# --- modified Atkins


def test_a_modified_atkins_day_is_its_limit_and_nothing_else():
    day = modified_atkins_target(carbohydrate_g=10)
    assert day == DietTarget(carbohydrate_g=10)
    assert day.share(0.25) == DietTarget(carbohydrate_g=2.5)
    snack = snack_target(day, energy_kcal=60, ratio=None)
    assert (snack.energy_kcal, snack.carbohydrate_g, snack.ratio) == (60, None, None)
    assert without_snacks(day, snack, snacks=2) == day


def test_a_modified_atkins_day_with_energy_shares_its_limit_with_the_snacks():
    day = modified_atkins_target(carbohydrate_g=10, energy_kcal=600, protein_g=15)
    snack = snack_target(day, energy_kcal=60, ratio=4)
    assert snack.ratio is None
    assert snack.carbohydrate_g == near(1)
    meals = without_snacks(day, snack, snacks=2)
    assert (meals.energy_kcal, meals.carbohydrate_g) == (near(480), near(8))
    assert meals.protein_g + 2 * snack.protein_g == near(15)


# --- MCT

MCT = {"mct_percent": 40, "protein_percent": 10, "carbohydrate_percent": 19, "mct_kcal_per_g": 8.3}


@pytest.mark.parametrize(("kcal_per_g", "grams"), [(8.3, 26.99), (9, 24.89)])
def test_grams_of_mct_follow_from_the_factor_that_is_named(kcal_per_g, grams):  # TV-16
    found = mct_target(energy_kcal=560, **(MCT | {"mct_kcal_per_g": kcal_per_g}))
    assert round(found.mct_g, 2) == grams
    assert found.fat_g - found.mct_g == near(560 * 0.31 / 9)
    assert found.ratio is None


@given(energies, st.floats(0, 100), st.floats(0, 100), st.floats(0, 100), st.floats(7, 9))
def test_the_shares_of_an_mct_day_are_its_whole_energy_or_refused(energy, mct, protein, carb, kcal):
    asked = {"mct_percent": mct, "protein_percent": protein, "carbohydrate_percent": carb}
    if mct + protein + carb > 100:
        assume(mct + protein + carb > 100.001)
        with pytest.raises(ImpossibleShares):
            mct_target(energy_kcal=energy, mct_kcal_per_g=kcal, **asked)
        return
    day = mct_target(energy_kcal=energy, mct_kcal_per_g=kcal, **asked)
    held = kcal * day.mct_g + 9 * (day.fat_g - day.mct_g)
    held += 4 * (day.protein_g + day.carbohydrate_g)
    assert held == pytest.approx(energy, rel=1e-9)


@pytest.mark.parametrize("name", ["mct_percent", "protein_percent", "carbohydrate_percent"])
def test_a_share_below_nought_is_refused(name):
    with pytest.raises(ImpossibleShares):
        mct_target(energy_kcal=560, **(MCT | {name: -1}))


@given(energies, st.integers(1, 6))
def test_meals_and_snacks_of_an_mct_day_add_up_in_everything(energy, snacks):
    day = mct_target(energy_kcal=energy, **MCT)
    snack = snack_target(day, energy_kcal=energy / 10 / snacks, ratio=None)
    meals = without_snacks(day, snack, snacks=snacks)
    for name in (*MACROS, "mct_g"):
        assert getattr(meals, name) + snacks * getattr(snack, name) == near(getattr(day, name))
