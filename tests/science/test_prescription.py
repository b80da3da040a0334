"""Targets from energy, ratio and protein, against the golden clinical vectors TV-1 to TV-18.

The vectors and the source of each stand in tests/vectors/clinical.json.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.science.adherence import Judgement, Tolerance, judge_meal
from quietdays.science.diet_target import classical_target
from quietdays.science.macros import CarbohydrateBasis, Macros, composition_from_label
from quietdays.science.mealsolver.closed_form import Goal, NoSuchMix, two_adjusters
from quietdays.science.prescription import (
    InfeasibleTargets,
    daily_targets,
    dietary_unit_kcal,
    fat_energy_percent,
    food_carbohydrate_after_medicine_g,
    highest_usual_ratio,
    mct_g,
)
from quietdays.science.units import glucose_mmol_l

VECTORS = json.loads((Path(__file__).parents[1] / "vectors/clinical.json").read_text())
AVAILABLE, TOTAL = CarbohydrateBasis.AVAILABLE, CarbohydrateBasis.TOTAL
# What a new prescription starts with; each child's own can differ.
PROPOSED = Tolerance(
    ratio_under_percent=10,
    ratio_over_percent=15,
    energy_under_percent=10,
    energy_over_percent=10,
    carbohydrate_over_percent=10,
    carbohydrate_over_g=0.3,
)


def printed(value: float) -> object:
    """Equal to what a source prints: to half of its last digit, two decimals at most."""
    return pytest.approx(value, abs=0.0051)


def macros_of(row: dict[str, float]) -> Macros:
    return Macros(row["fat_g"], row["protein_g"], row["carbohydrate_g"])


def by_id(rows: list[dict]) -> dict:
    return {"argvalues": rows, "ids": [r["id"] for r in rows]}


@pytest.mark.parametrize("vector", **by_id(VECTORS["targets"]))
def test_a_days_targets(vector):  # TV-1, 2, 4, 5, 6
    daily = daily_targets(**vector["given"])
    assert daily.fat_g == printed(vector["fat_g"])
    assert daily.protein_g == vector["given"]["protein_g"]
    assert daily.protein_g + daily.carbohydrate_g == printed(vector["non_fat_g"])
    assert daily.carbohydrate_g == printed(vector["carbohydrate_g"])
    assert daily.energy_kcal() == printed(vector.get("energy_kcal", vector["given"]["energy_kcal"]))
    assert daily.ratio() == pytest.approx(vector["given"]["ratio"])
    if "meal" in vector:
        meal = classical_target(**vector["given"]).share(1 / vector["meals"])
        for name, expected in vector["meal"].items():
            assert getattr(meal, name) == printed(expected), name


@pytest.mark.parametrize("row", VECTORS["fat_energy_percent"], ids=lambda r: f"{r['ratio']}:1")
def test_a_dietary_unit_has_its_known_energy_and_share_of_fat(row):
    assert dietary_unit_kcal(row["ratio"]) == row["unit_kcal"]
    assert fat_energy_percent(row["ratio"]) == pytest.approx(row["percent"], abs=0.051)


def test_numbers_that_cannot_hold_together_are_refused_with_one_sentence():  # TV-6
    vector = VECTORS["infeasible"]
    with pytest.raises(InfeasibleTargets) as refusal:
        daily_targets(**vector["given"])
    assert str(refusal.value) == vector["sentence"]
    assert (
        str(refusal.value)
        == "at 4:1 and 400 kcal, 11 g protein leaves −1.0 g carbohydrate; 3:1 leaves 1.9 g"
    )
    assert refusal.value.carbohydrate_g == pytest.approx(vector["carbohydrate_g"])
    assert refusal.value.feasible_ratio == 3


def eggnog(cream_left_g: float = 0) -> Macros:
    vector = VECTORS["eggnog"]
    cream = macros_of(vector["cream"])
    offered = vector["cream"]["offered_g"]
    return cream.scaled((offered - cream_left_g) / offered) + macros_of(vector["egg"])


def test_the_published_eggnog_has_its_totals_and_meets_the_meal_it_was_made_for():  # TV-3
    expected = VECTORS["eggnog"]["whole"]
    whole = eggnog()
    assert (whole.fat_g, whole.protein_g, whole.carbohydrate_g) == pytest.approx(
        (expected["fat_g"], expected["protein_g"], expected["carbohydrate_g"])
    )
    assert whole.ratio() == printed(expected["ratio"])
    assert whole.energy_kcal() == pytest.approx(expected["energy_kcal"], abs=0.051)
    target = classical_target(energy_kcal=1200, ratio=4, protein_g=18.5).share(1 / 3)
    off = {
        name: 100 * (getattr(whole, f"{name}_g") / getattr(target, f"{name}_g") - 1)
        for name in ("fat", "protein", "carbohydrate")
    }
    published = VECTORS["eggnog"]["percent_off"]
    # The target's grams were rounded in the source, so the shares agree to half a per cent.
    assert off == pytest.approx(published, abs=0.65)
    verdict = judge_meal(eaten=whole, target=target, tolerance=PROPOSED, basis=AVAILABLE)
    assert verdict.judgement is Judgement.MET
    assert abs(off["protein"]) > 10  # a rule of 10 % for each macro would have refused it


def test_fibre_makes_the_whole_difference_between_the_two_ratios_of_one_powder():  # TV-7
    v = VECTORS["fibre"]
    for basis, carbohydrate in ((TOTAL, v["label_total_g"]), (AVAILABLE, v["label_available_g"])):
        powder = composition_from_label(
            fat_g=v["fat_g"],
            protein_g=v["protein_g"],
            carbohydrate_g=carbohydrate,
            fibre_g=v["fibre_g"],
            basis=basis,
        )
        assert powder.ratio(AVAILABLE) == pytest.approx(v["ratio_available"], abs=5e-4)
        assert powder.ratio(TOTAL) == pytest.approx(v["ratio_total"], abs=5e-4)


def test_powder_and_milk_are_balanced_to_the_prescription():  # TV-8
    v = VECTORS["blend"]
    powder, milk = macros_of(v["powder"]), macros_of(v["milk"])
    mix = two_adjusters(powder, milk, Goal(v["energy_kcal"], v["ratio"]))
    assert mix.first_g == printed(v["powder_g"])
    assert mix.second_g == printed(v["milk_g"])
    total = powder.scaled(mix.first_g / 100) + milk.scaled(mix.second_g / 100)
    assert total.ratio() == pytest.approx(v["ratio"])
    assert total.energy_kcal() == pytest.approx(v["energy_kcal"])
    assert macros_of(v).fat_g == printed(total.fat_g)
    assert macros_of(v).protein_g == printed(total.protein_g)
    assert macros_of(v).carbohydrate_g == printed(total.carbohydrate_g)


@pytest.mark.parametrize("slip", **by_id(VECTORS["blend"]["weighed"]))
def test_what_the_scale_shows_makes_this_ratio(slip):  # TV-8
    v = VECTORS["blend"]
    total = macros_of(v["powder"]).scaled(slip["powder_g"] / 100) + macros_of(v["milk"]).scaled(
        slip["milk_g"] / 100
    )
    assert total.ratio() == pytest.approx(slip["ratio"], abs=5e-4)
    assert total.energy_kcal() == pytest.approx(slip["energy_kcal"], abs=0.5)


@pytest.mark.parametrize("vector", **by_id(VECTORS["medicine"]))
def test_medicines_leave_so_much_carbohydrate_for_food(vector):  # TV-9, TV-10
    left = food_carbohydrate_after_medicine_g(
        allowance_g=vector["allowance_g"], medicine_carbohydrate_g=vector["medicine_g"]
    )
    assert left == printed(vector["left_g"])


def test_a_medicine_that_nobody_subtracted_lowers_the_ratio():  # TV-9
    v = VECTORS["medicine_ratio_not_subtracted"]
    day = Macros(fat_g=v["fat_g"], carbohydrate_g=v["non_fat_g"]) + Macros(
        carbohydrate_g=v["medicine_g"]
    )
    assert day.ratio() == pytest.approx(v["ratio"], abs=5e-4)


def test_left_over_cream_lowers_the_ratio_of_what_went_in():  # TV-11
    v = VECTORS["eggnog"]["cream_left_30_g"]
    eaten = eggnog(cream_left_g=30)
    assert eaten.fat_g == printed(v["fat_g"])
    assert eaten.protein_g == printed(v["protein_g"])
    assert eaten.carbohydrate_g == printed(v["carbohydrate_g"])
    assert eaten.ratio() == printed(v["ratio"])
    assert eaten.energy_kcal() == pytest.approx(v["energy_kcal"], abs=0.5)


def test_a_share_of_one_mixed_bottle_keeps_the_ratio():  # TV-11
    v = VECTORS["eggnog"]["mixed_60_percent"]
    eaten = eggnog().scaled(0.6)
    assert eaten.fat_g == printed(v["fat_g"])
    assert eaten.protein_g + eaten.carbohydrate_g == printed(v["non_fat_g"])
    assert eaten.ratio() == printed(v["ratio"])
    assert eaten.energy_kcal() == pytest.approx(v["energy_kcal"], abs=0.051)


def test_a_days_ratio_is_that_of_its_sums_never_the_mean_of_meals():  # TV-12
    v = VECTORS["aggregate"]
    meals = [Macros(fat_g=fat, protein_g=rest) for fat, rest in v["meals"]]
    assert Macros.total(meals).ratio() == pytest.approx(v["ratio"], abs=5e-4)
    assert sum(m.ratio() for m in meals) / len(meals) == v["wrong_mean_of_ratios"]


def test_the_ratio_is_not_woodyatts():  # TV-13
    v = VECTORS["woodyatt"]
    fat, protein, carbohydrate = v["fat_g"], v["protein_g"], v["carbohydrate_g"]
    other = (0.9 * fat + 0.46 * protein) / (carbohydrate + 0.58 * protein + 0.1 * fat)
    assert other == pytest.approx(v["woodyatt"], abs=5e-4)
    assert macros_of(v).ratio() == v["ratio"]


def test_one_powder_alone_for_a_days_energy():  # TV-14
    v = VECTORS["powder_alone"]
    per_100 = macros_of(v["per_100"])
    grams = 100 * v["energy_kcal"] / per_100.energy_kcal()
    assert grams == printed(v["powder_g"])
    day = per_100.scaled(grams / 100)
    assert day.fat_g == printed(v["fat_g"])
    assert day.protein_g == printed(v["protein_g"])
    assert day.carbohydrate_g == printed(v["carbohydrate_g"])
    assert day.ratio() == pytest.approx(v["ratio"], abs=5e-4)


@pytest.mark.parametrize("product", **by_id(VECTORS["products"]))
def test_a_products_ratio(product):  # TV-15
    assert macros_of(product).ratio() == pytest.approx(product["ratio"], abs=6e-4)


@pytest.mark.parametrize("case", VECTORS["mct"]["grams"], ids=lambda c: f"{c['kcal_per_g']} kcal")
def test_grams_of_mct_follow_from_the_factor_that_is_named(case):  # TV-16
    v = VECTORS["mct"]
    grams = mct_g(
        energy_kcal=v["day_kcal"],
        share_percent=v["share_percent"],
        kcal_per_g=case["kcal_per_g"],
    )
    assert round(grams, 2) == case["mct_g"]
    assert grams * case["kcal_per_g"] == pytest.approx(v["energy_kcal"])


@pytest.mark.parametrize(("share", "factor"), [(-1, 9), (101, 9), (40, 0), (40, math.nan)])
def test_a_share_or_a_factor_that_cannot_be_is_refused(share, factor):
    with pytest.raises(ValueError, match="MCT"):
        mct_g(energy_kcal=560, share_percent=share, kcal_per_g=factor)


def test_pure_oil_has_no_ratio_and_its_meal_still_adds_up():  # TV-17
    v = VECTORS["oil"]
    oil = Macros(fat_g=v["fat_g"])
    assert oil.ratio() is None
    assert oil.energy_kcal() == v["energy_kcal"]
    assert (oil + Macros(fat_g=30, protein_g=10)).ratio() == 4
    assert Macros().ratio() is None


def test_a_glucose_reading_converts_by_the_molar_mass():  # TV-18
    v = VECTORS["glucose"]
    assert round(glucose_mmol_l(v["mg_dl"], "mg/dL"), 2) == v["mmol_l"]


# --- beyond the vectors


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"energy_kcal": 0}, "energy_kcal"),
        ({"energy_kcal": -1}, "energy_kcal"),
        ({"energy_kcal": math.nan}, "energy_kcal"),
        ({"energy_kcal": math.inf}, "energy_kcal"),
        ({"ratio": 0}, "ratio"),
        ({"ratio": math.nan}, "ratio"),
        ({"protein_g": -0.1}, "protein_g"),
        ({"protein_g": math.nan}, "protein_g"),
        ({"protein_g": math.inf}, "protein_g"),
    ],
    ids=lambda v: str(v),
)
def test_figures_that_are_none_are_refused_by_name(changed, name):
    with pytest.raises(ValueError, match=name):
        daily_targets(**({"energy_kcal": 700, "ratio": 3, "protein_g": 13} | changed))


def test_protein_that_uses_up_everything_leaves_exactly_nothing():
    assert daily_targets(energy_kcal=400, ratio=4, protein_g=10).carbohydrate_g == 0


def test_the_last_binary_digit_of_a_decimal_is_no_missing_gram():
    # 0.1 + 0.2 is a hair above 0.3 in binary.
    assert daily_targets(energy_kcal=13 * 0.3, ratio=1, protein_g=0.1 + 0.2).carbohydrate_g == 0


def test_no_usual_ratio_that_fits_is_said():
    with pytest.raises(InfeasibleTargets, match="no usual ratio from 4:1 to 1:1 leaves any"):
        daily_targets(energy_kcal=100, ratio=4, protein_g=20)


@pytest.mark.parametrize("energy", [999.96, 1224.5, 9_999.7, 12_345.6])
def test_the_sentence_never_falls_into_powers_of_ten(energy):
    with pytest.raises(InfeasibleTargets) as refusal:
        daily_targets(energy_kcal=energy, ratio=4, protein_g=energy)
    assert "e+" not in str(refusal.value)


@pytest.mark.parametrize(
    ("energy", "protein", "ratio"),
    [(400, 10, 4), (400, 10.01, 3), (400, 15, 2.5), (400, 18, 2), (400, 30, 1), (400, 31, None)],
)
def test_the_highest_usual_ratio_that_fits(energy, protein, ratio):
    assert highest_usual_ratio(energy_kcal=energy, protein_g=protein) == ratio


prescriptions = st.tuples(
    st.floats(min_value=100, max_value=4000),
    st.floats(min_value=0.5, max_value=8),
    st.floats(min_value=0, max_value=1),
)


@given(prescriptions, st.integers(min_value=1, max_value=24))
def test_targets_give_back_what_was_prescribed(numbers, meals):
    energy, ratio, share = numbers
    protein = share * energy / dietary_unit_kcal(ratio)
    daily = daily_targets(energy_kcal=energy, ratio=ratio, protein_g=protein)
    assert daily.energy_kcal() == pytest.approx(energy)
    assert daily.ratio() == pytest.approx(ratio)
    assert daily.protein_g == protein
    target = classical_target(energy_kcal=energy, ratio=ratio, protein_g=protein).share(1 / meals)
    assert target.energy_kcal * meals == pytest.approx(energy)
    assert target.fat_g * meals == pytest.approx(daily.fat_g)
    assert target.protein_g * meals == pytest.approx(daily.protein_g)
    assert target.carbohydrate_g * meals == pytest.approx(daily.carbohydrate_g, abs=1e-9)


@given(prescriptions)
def test_more_protein_than_the_ratio_leaves_is_always_refused(numbers):
    energy, ratio, share = numbers
    protein = (1.01 + share) * energy / dietary_unit_kcal(ratio)
    with pytest.raises(InfeasibleTargets):
        daily_targets(energy_kcal=energy, ratio=ratio, protein_g=protein)


CREAM, BUTTER, OIL = Macros(36, 2, 3), Macros(81, 0.9, 0.1), Macros(100)


@pytest.mark.parametrize(
    ("first", "second", "ratio", "why"),
    [
        (CREAM, CREAM, 3, "too alike"),
        (CREAM, BUTTER, 3, "less than zero"),
        (OIL, BUTTER, 4, "less than zero"),
    ],
    ids=["one food twice", "both too fat", "fat and fat"],
)
def test_foods_that_no_amounts_can_balance_are_refused(first, second, ratio, why):
    with pytest.raises(NoSuchMix, match=why):
        two_adjusters(first, second, Goal(100, ratio))


@given(
    st.floats(min_value=1, max_value=8),
    st.floats(min_value=20, max_value=2000),
    st.floats(min_value=1, max_value=15),
    st.floats(min_value=1, max_value=15),
)
def test_a_balanced_mix_always_has_its_energy_and_ratio(ratio, energy, protein, carbohydrate):
    lean, fat = Macros(2, protein, carbohydrate), Macros(fat_g=82, protein_g=0.5)
    mix = two_adjusters(lean, fat, Goal(energy, ratio))
    total = lean.scaled(mix.first_g / 100) + fat.scaled(mix.second_g / 100)
    assert total.ratio() == pytest.approx(ratio)
    assert total.energy_kcal() == pytest.approx(energy)
