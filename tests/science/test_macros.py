"""Grams, energy and ratio: sums and shares that a meal on a scale rests on."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quietdays.science.macros import CarbohydrateBasis, Macros, composition_from_label

AVAILABLE, TOTAL = CarbohydrateBasis.AVAILABLE, CarbohydrateBasis.TOTAL
MEALS = json.loads((Path(__file__).parents[1] / "vectors/meals.json").read_text())["meals"]

grams = st.floats(min_value=0, max_value=500).map(lambda g: round(g, 2))
macros = st.builds(Macros, grams, grams, grams, grams)
shares = st.floats(min_value=0.01, max_value=10)


def near(value: float) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("meal", MEALS, ids=[m["id"] for m in MEALS])
def test_a_meal_of_the_common_vectors_has_its_known_totals(meal):
    parts = []
    for portion in meal["portions"]:
        per_100 = portion["per100"]
        composition = composition_from_label(
            fat_g=per_100["fat_g"],
            protein_g=per_100["protein_g"],
            carbohydrate_g=per_100["carbohydrate_g"],
            fibre_g=per_100["fibre_g"],
            basis=AVAILABLE,
        )
        parts.append(composition.scaled(portion["amount"] / 100))
    total = Macros.total(parts)
    assert total.fat_g == pytest.approx(meal["fat_g"], abs=1e-3)
    assert total.protein_g == pytest.approx(meal["protein_g"], abs=1e-3)
    for basis in (AVAILABLE, TOTAL):
        name = basis.value
        assert total.carbohydrate_on(basis) == pytest.approx(
            meal[f"carbohydrate_{name}_g"], abs=1e-3
        )
        assert total.energy_kcal(basis) == pytest.approx(meal[f"energy_{name}_kcal"], abs=0.01)
        expected = meal[f"ratio_{name}"]
        if expected is None:
            assert total.ratio(basis) is None
        else:
            assert total.ratio(basis) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("field", ["fat_g", "protein_g", "carbohydrate_g", "fibre_g"])
@pytest.mark.parametrize(
    "value", [-0.01, math.nan, math.inf, -math.inf], ids=["negative", "nan", "inf", "-inf"]
)
def test_grams_that_cannot_be_are_refused_by_name(field, value):
    with pytest.raises(ValueError, match=field):
        Macros(**{field: value})


@given(macros, shares)
def test_the_ratio_after_scaling_is_unchanged(m, share):
    assume(m.protein_g + m.carbohydrate_g > 0.1)
    for basis in CarbohydrateBasis:
        assert m.scaled(share).ratio(basis) == near(m.ratio(basis))


@given(macros, shares)
def test_energy_scales_with_the_portion(m, share):
    assert m.scaled(share).energy_kcal() == near(m.energy_kcal() * share)


@given(st.lists(macros, max_size=8))
def test_totals_are_the_sums_of_their_parts_in_any_order(parts):
    total = Macros.total(parts)
    for name in ("fat_g", "protein_g", "carbohydrate_g", "fibre_g"):
        assert getattr(total, name) == near(sum(getattr(p, name) for p in parts))
    assert total == Macros.total(reversed(parts))
    assert total.energy_kcal() == near(sum(p.energy_kcal() for p in parts))


@given(macros, macros)
def test_adding_two_is_their_total(a, b):
    both = a + b
    assert both == Macros.total([a, b])


@given(macros, st.floats(min_value=0, max_value=1))
def test_left_overs_never_create_macros(offered, share_left):
    left = offered.scaled(share_left)
    eaten = offered.scaled(1 - share_left)
    for name in ("fat_g", "protein_g", "carbohydrate_g", "fibre_g"):
        assert 0 <= getattr(eaten, name) <= getattr(offered, name)
        assert getattr(eaten, name) + getattr(left, name) == near(getattr(offered, name))


@given(grams, grams, grams)
def test_net_and_total_are_the_same_without_fibre(fat, protein, carbohydrate):
    m = Macros(fat, protein, carbohydrate)
    assert m.carbohydrate_on(AVAILABLE) == m.carbohydrate_on(TOTAL)
    assert m.ratio(AVAILABLE) == m.ratio(TOTAL)
    assert m.energy_kcal(AVAILABLE) == m.energy_kcal(TOTAL)


@given(grams, grams, grams, grams)
def test_fibre_is_never_subtracted_twice(fat, protein, carbohydrate, fibre):
    """Peer defect 5: a table that gives net carbohydrate lost its fibre a second time."""
    label = {"fat_g": fat, "protein_g": protein, "carbohydrate_g": carbohydrate, "fibre_g": fibre}
    net = composition_from_label(**label, basis=AVAILABLE)
    assert net.carbohydrate_g == carbohydrate
    assert net.fibre_g == fibre
    total = composition_from_label(**label, basis=TOTAL)
    assert total.carbohydrate_g == near(max(0.0, carbohydrate - fibre))
    if fibre <= carbohydrate:
        assert total.carbohydrate_on(TOTAL) == near(carbohydrate)


@given(grams, grams, grams)
def test_unknown_fibre_deducts_nothing_on_either_basis(fat, protein, carbohydrate):
    for basis in CarbohydrateBasis:
        m = composition_from_label(
            fat_g=fat, protein_g=protein, carbohydrate_g=carbohydrate, fibre_g=None, basis=basis
        )
        assert m == Macros(fat, protein, carbohydrate, 0.0)


@given(macros)
def test_counting_fibre_can_only_lower_the_ratio(m):
    net, total = m.ratio(AVAILABLE), m.ratio(TOTAL)
    if net is not None and total is not None:
        assert total <= net


def test_fat_alone_has_energy_and_no_ratio():
    oil = Macros(fat_g=10)
    assert oil.ratio() is None
    assert oil.energy_kcal() == 90


def test_nothing_at_all_has_no_ratio_and_no_energy():
    nothing = Macros.total([])
    assert nothing == Macros()
    assert nothing.ratio() is None
    assert nothing.energy_kcal() == 0


def test_a_protein_without_carbohydrate_still_has_a_ratio():
    assert Macros(fat_g=8, protein_g=2).ratio() == 4


def test_a_label_with_more_fibre_than_carbohydrate_never_goes_below_zero():
    m = composition_from_label(fat_g=1, protein_g=1, carbohydrate_g=2, fibre_g=5, basis=TOTAL)
    assert m.carbohydrate_g == 0
