"""Conversions between units of the same quantity. Urine and blood ketones have none."""

from __future__ import annotations

# Molar mass of glucose, 180.16 g/mol, so 18.016 mg/dL for each mmol/L.
GLUCOSE_MG_DL_PER_MMOL_L = 18.016


class UnknownUnit(Exception):
    """A value came with a unit that this quantity does not have."""


def glucose_mmol_l(value: float, unit: str) -> float:
    """A glucose value in mmol/L. Raises UnknownUnit for a unit other than the two in use."""
    if unit == "mmol/L":
        return value
    if unit == "mg/dL":
        return value / GLUCOSE_MG_DL_PER_MMOL_L
    raise UnknownUnit(unit)


def in_glucose_unit(mmol_l: float, unit: str) -> float:
    """A glucose value in mmol/L as this unit says it. Raises UnknownUnit."""
    if unit == "mmol/L":
        return mmol_l
    if unit == "mg/dL":
        return mmol_l * GLUCOSE_MG_DL_PER_MMOL_L
    raise UnknownUnit(unit)
