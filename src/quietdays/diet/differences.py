"""What one signed version changes against the one before it, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_lazy

from quietdays.diet.models import Prescription
from quietdays.words import Text, plain

# field: (its name, the unit behind it)
_NUMBERS: dict[str, tuple[Text, str]] = {
    "ratio": (gettext_lazy("ratio"), ":1"),
    "energy_kcal": (gettext_lazy("energy"), " kcal"),
    "protein_g": (gettext_lazy("protein"), " g"),
    "mct_percent": (gettext_lazy("energy from MCT"), " %"),
    "protein_percent": (gettext_lazy("energy from protein"), " %"),
    "carbohydrate_percent": (gettext_lazy("energy from carbohydrate"), " %"),
    "mct_kcal_per_g": (gettext_lazy("a gram of MCT is counted with"), " kcal"),
    "carbohydrate_limit_g": (gettext_lazy("carbohydrate limit"), " g"),
    "fluid_ml": (gettext_lazy("fluid"), " mL"),
    "weight_kg": (gettext_lazy("weight counted with"), " kg"),
    "meals_per_day": (gettext_lazy("meals a day"), ""),
    "snacks_per_day": (gettext_lazy("snacks a day"), ""),
    "snack_energy_kcal": (gettext_lazy("energy of a snack"), " kcal"),
    "snack_ratio": (gettext_lazy("ratio of a snack"), ":1"),
    "ratio_under_percent": (gettext_lazy("ratio may be lower by"), " %"),
    "ratio_over_percent": (gettext_lazy("ratio may be higher by"), " %"),
    "energy_under_percent": (gettext_lazy("energy may be lower by"), " %"),
    "energy_over_percent": (gettext_lazy("energy may be higher by"), " %"),
    "carbohydrate_over_percent": (gettext_lazy("carbohydrate may be over by"), " %"),
    "carbohydrate_over_g": (gettext_lazy("carbohydrate may be over by"), " g"),
}
_CHOICES: dict[str, Text] = {
    "diet_kind": gettext_lazy("diet"),
    "route": gettext_lazy("given"),
    "weight_basis": gettext_lazy("weight counted with is the"),
    "carbohydrate_basis": gettext_lazy("carbohydrate is counted"),
}
_RULES = {
    "leftover_rule": gettext_lazy("the rule for left-overs changed"),
    "note": gettext_lazy("the rules in plain words changed"),
}


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
            nothing = gettext("any amount") if name == "ratio_over_percent" else gettext("none")
            words = (_number(value, unit, nothing) for value in (old, new))
            lines.append(f"{label} {' → '.join(words)}")
    if before.meal_slots != after.meal_slots:
        lines.append(
            gettext("the meals %(before)s → %(after)s")
            % {"before": _shares(before), "after": _shares(after)}
        )
    lines += [
        str(told) for name, told in _RULES.items() if getattr(before, name) != getattr(after, name)
    ]
    return lines


def _number(value: Any, unit: str, nothing: str) -> str:
    return nothing if value is None else f"{plain(value)}{unit}"


def _shares(version: Prescription) -> str:
    if not version.meal_slots:
        return gettext("even")
    return ", ".join(f"{s['name']} {s['at']} {plain(s['percent'])} %" for s in version.meal_slots)
