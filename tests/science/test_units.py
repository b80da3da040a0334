"""Conversions of one quantity between its units, and the refusal of every other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quietdays.science.units import UnknownUnit, glucose_mmol_l, in_glucose_unit


@pytest.mark.parametrize(
    ("value", "unit", "mmol_l"),
    [(45, "mg/dL", 2.50), (70, "mg/dL", 3.89), (4.2, "mmol/L", 4.2), (0, "mg/dL", 0)],
)
def test_glucose_in_mmol_l(value, unit, mmol_l):
    assert glucose_mmol_l(value, unit) == pytest.approx(mmol_l, abs=0.005)


@pytest.mark.parametrize("unit", ["", "mg/dl", "mmol/l", "mg", "grade", "g/L"])
def test_a_unit_that_glucose_does_not_have_is_refused_and_never_guessed(unit):
    with pytest.raises(UnknownUnit):
        glucose_mmol_l(4.2, unit)


@given(st.floats(min_value=0.6, max_value=30))
def test_there_and_back_is_the_same_reading(value):
    assert glucose_mmol_l(value * 18.016, "mg/dL") == pytest.approx(value)


@given(st.floats(min_value=0.6, max_value=30))
def test_a_reading_is_shown_in_the_unit_of_the_family(value):
    assert in_glucose_unit(value, "mmol/L") == value
    assert glucose_mmol_l(in_glucose_unit(value, "mg/dL"), "mg/dL") == pytest.approx(value)
