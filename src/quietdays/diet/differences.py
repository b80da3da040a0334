"""What one signed version changes against the one before it, in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from quietdays.diet.models import Prescription
from quietdays.records.words import decimal_text

# field: (its name, the unit behind it)
_NUMBERS = {
    "ratio": ("ratio", ":1"),
    "energy_kcal": ("energy", " kcal"),
    "protein_g": ("protein", " g"),
    "mct_percent": ("energy from MCT", " %"),
    "protein_percent": ("energy from protein", " %"),
    "carbohydrate_percent": ("energy from carbohydrate", " %"),
    "mct_kcal_per_g": ("a gram of MCT is counted with", " kcal"),
    "carbohydrate_limit_g": ("carbohydrate limit", " g"),
    "fluid_ml": ("fluid", " mL"),
    "weight_kg": ("weight counted with", " kg"),
    "meals_per_day": ("meals a day", ""),
    "snacks_per_day": ("snacks a day", ""),
    "snack_energy_kcal": ("energy of a snack", " kcal"),
    "snack_ratio": ("ratio of a snack", ":1"),
    "ratio_under_percent": ("ratio may be lower by", " %"),
    "ratio_over_percent": ("ratio may be higher by", " %"),
    "energy_under_percent": ("energy may be lower by", " %"),
    "energy_over_percent": ("energy may be higher by", " %"),
    "carbohydrate_over_percent": ("carbohydrate may be over by", " %"),
    "carbohydrate_over_g": ("carbohydrate may be over by", " g"),
}
_CHOICES = {
    "diet_kind": "diet",
    "route": "given",
    "weight_basis": "weight counted with is the",
    "carbohydrate_basis": "carbohydrate is counted",
}
_WORDS = {"leftover_rule": "the rule for left-overs", "note": "the rules in plain words"}


def differences(before: Prescription, after: Prescription) -> list[str]:
    """One clause for each number, choice or rule that is not the same in both."""
    lines = []
    for name, label in _CHOICES.items():
        if getattr(before, name) != getattr(after, name):
            old, new = (getattr(v, f"get_{name}_display")() for v in (before, after))
            lines.append(f"{label} {old} → {new}")
    for name, (label, unit) in _NUMBERS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            nothing = "any amount" if name == "ratio_over_percent" else "none"
            words = (_number(value, unit, nothing) for value in (old, new))
            lines.append(f"{label} {' → '.join(words)}")
    if before.meal_slots != after.meal_slots:
        lines.append(f"the meals {_shares(before)} → {_shares(after)}")
    lines += [
        f"{label} changed"
        for name, label in _WORDS.items()
        if getattr(before, name) != getattr(after, name)
    ]
    return lines


def _number(value: Any, unit: str, nothing: str) -> str:
    return nothing if value is None else f"{decimal_text(Decimal(value))}{unit}"


def _shares(version: Prescription) -> str:
    if not version.meal_slots:
        return "even"
    return ", ".join(f"{s['name']} {s['at']} {s['percent']:g} %" for s in version.meal_slots)
