"""Whether a meal met its target, to the very edge of each tolerance, and four honest numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.science.adherence import Judgement, MealTally, Tolerance, judge_meal
from quietdays.science.diet_target import DietTarget, classical_target
from quietdays.science.macros import CarbohydrateBasis, Macros

AVAILABLE, TOTAL = CarbohydrateBasis.AVAILABLE, CarbohydrateBasis.TOTAL
TOLERANCE = Tolerance(
    ratio_under_percent=10,
    ratio_over_percent=15,
    energy_under_percent=10,
    energy_over_percent=10,
    carbohydrate_over_percent=10,
    carbohydrate_over_g=0.3,
)
# 4 meals of 155 kcal at 3:1: 15 g fat, 3 g protein, 2 g carbohydrate each.
TARGET = DietTarget(ratio=3, energy_kcal=155, fat_g=15, protein_g=3, carbohydrate_g=2)
EXACT = Macros(15, 3, 2)


def judge(eaten: Macros, tolerance: Tolerance = TOLERANCE, basis=AVAILABLE, **kwargs):
    return judge_meal(eaten=eaten, target=TARGET, tolerance=tolerance, basis=basis, **kwargs)


def at_energy(kcal: float) -> Macros:
    return EXACT.scaled(kcal / 155)


def at_ratio(ratio: float) -> Macros:
    """155 kcal at this ratio, its carbohydrate at 1 g so that only the ratio can be off."""
    units = 155 / (9 * ratio + 4)
    return Macros(ratio * units, units - 1, 1)


@pytest.mark.parametrize(
    ("eaten", "reasons"),
    [
        (EXACT, ()),
        (at_energy(155 * 0.9), ()),
        (at_energy(155 * 0.9 - 0.01), ("energy_under",)),
        (at_energy(155 * 1.1), ()),
        (at_energy(155 * 1.1 + 0.01), ("energy_over",)),
        (at_ratio(3 * 0.9), ()),
        (at_ratio(3 * 0.9 - 0.01), ("ratio_under",)),
        (at_ratio(3 * 1.15), ()),
        (at_ratio(3 * 1.15 + 0.01), ("ratio_over",)),
        (Macros(15, 2.7, 2.3), ()),
        (Macros(15, 2.69, 2.31), ("carbohydrate_over",)),
        (Macros(15, 5, 0), ()),
        (Macros(fat_g=155 / 9), ("ratio_over",)),
        (Macros(), ("energy_under",)),
        (Macros(5, 2, 4), ("energy_under", "ratio_under", "carbohydrate_over")),
    ],
    ids=[
        "exact",
        "energy at its lower edge",
        "energy a hair under",
        "energy at its upper edge",
        "energy a hair over",
        "ratio at its lower edge",
        "ratio a hair under",
        "ratio at its upper edge",
        "ratio a hair over",
        "carbohydrate at its edge in grams",
        "carbohydrate a hair over",
        "no carbohydrate is no fault",
        "fat alone",
        "nothing",
        "everything at once",
    ],
)
def test_a_meal_is_judged_to_the_edge_of_each_tolerance(eaten, reasons):
    verdict = judge(eaten)
    assert verdict.reasons == reasons
    assert verdict.judgement is (Judgement.NOT_MET if reasons else Judgement.MET)


def test_carbohydrate_may_exceed_by_the_larger_of_grams_and_per_cent():
    target = DietTarget(ratio=3, energy_kcal=620, fat_g=60, protein_g=10, carbohydrate_g=10)
    eaten = Macros(60, 9, 11)  # 1 g over: within 10 %, beyond 0.3 g
    met = judge_meal(eaten=eaten, target=target, tolerance=TOLERANCE, basis=AVAILABLE)
    assert met.judgement is Judgement.MET
    over = Macros(60, 8.9, 11.1)
    missed = judge_meal(eaten=over, target=target, tolerance=TOLERANCE, basis=AVAILABLE)
    assert missed.reasons == ("carbohydrate_over",)


def test_the_childs_own_tolerance_decides():
    """Peer defect 2: a calculator judged against numbers of its own."""
    loose = Tolerance(50, 50, 50, 50, 50, 5)
    none = Tolerance(0, 0, 0, 0, 0, 0)
    slip = Macros(14, 3.2, 2.2)
    assert judge(slip, loose).judgement is Judgement.MET
    assert judge(slip, none).judgement is Judgement.NOT_MET
    assert judge(EXACT, none).judgement is Judgement.MET


def test_fibre_counts_only_where_the_prescription_counts_it():
    eaten = Macros(15, 3, 2, fibre_g=1)
    assert judge(eaten, basis=AVAILABLE).judgement is Judgement.MET
    assert judge(eaten, basis=TOTAL).reasons == ("ratio_under", "carbohydrate_over")


@pytest.mark.parametrize("why", [("vomited",), ("off_plan_food",), ("vomited", "off_plan_food")])
@pytest.mark.parametrize("eaten", [EXACT, Macros()], ids=["on target", "nothing"])
def test_vomited_and_unknown_food_are_not_judged_whatever_the_numbers(why, eaten):
    verdict = judge(eaten, not_judged_because=why)
    assert verdict.judgement is Judgement.NOT_JUDGED
    assert verdict.reasons == why


@given(
    st.floats(min_value=300, max_value=2000),
    st.floats(min_value=1, max_value=5),
    st.floats(min_value=0, max_value=1),
    st.integers(min_value=1, max_value=8),
)
def test_a_meal_that_is_its_target_always_meets_it(energy, ratio, share, meals):
    protein = share * energy / (9 * ratio + 4)
    day = classical_target(energy_kcal=energy, ratio=ratio, protein_g=protein)
    target = day.share(1 / meals)
    eaten = Macros(target.fat_g, target.protein_g, target.carbohydrate_g)
    none = Tolerance(0, 0, 0, 0, 0, 0)
    verdict = judge_meal(eaten=eaten, target=target, tolerance=none, basis=AVAILABLE)
    assert verdict.judgement is Judgement.MET


def test_adherence_is_met_out_of_judged_and_nothing_else():
    tally = MealTally(planned=10, unplanned=1, met=3, not_met=1, not_judged=2, not_logged=5)
    assert tally.logged == 6
    assert tally.adherence_percent == 75
    assert tally.planned + tally.unplanned == tally.logged + tally.not_logged


@pytest.mark.parametrize(
    "tally",
    [MealTally(), MealTally(planned=4, not_logged=4), MealTally(planned=1, not_judged=1)],
    ids=["no meals", "none logged", "none judged"],
)
def test_without_a_judged_meal_there_is_no_percentage_not_nought(tally):
    assert tally.adherence_percent is None


counts = st.integers(min_value=0, max_value=9)


@given(st.lists(st.builds(MealTally, counts, counts, counts, counts, counts, counts), max_size=7))
def test_a_period_is_the_sum_of_its_days(tallies):
    total = MealTally.total(tallies)
    for name in MealTally.__dataclass_fields__:
        assert getattr(total, name) == sum(getattr(t, name) for t in tallies)
    assert total.logged == sum(t.logged for t in tallies)
