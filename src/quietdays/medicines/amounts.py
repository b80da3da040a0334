"""What a dose is in mg, and in mg for each kilogram: from the label's strength and a weight.

Figures for reading beside what the clinician wrote; nothing here is ever entered or proposed.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from quietdays.medicines.models import How, Schedule
from quietdays.records.words import decimal_text


class Weight(Protocol):
    """A weight in kg with the date that it was measured on."""

    @property
    def kg(self) -> float: ...

    @property
    def on(self) -> date: ...

    def is_old_on(self, day: date) -> bool: ...


def amounts_in_words(step: Schedule, weight: Weight | None, today: date) -> str:
    """“250 mg, 35.2 mg/kg; 500 mg a day, 70.4 mg/kg a day (7.1 kg on 20 Nov 2026)”.

    The day is told where the step asks every day. Empty without a dose or a strength; without
    a weight in mg alone.
    """
    strength = step.medicine.strength_mg_per_unit
    if step.dose is None or strength is None:
        return ""
    kg = None if weight is None else Decimal(str(weight.kg))
    each_mg = step.dose * strength
    told = [_told(each_mg, kg, "")]
    if step.how == How.SCHEDULED and step.times and step.every_days == 1:
        told.append(_told(each_mg * len(step.times), kg, " a day"))
    return "; ".join(told) + ("" if weight is None else f" ({_weighed(weight, today)})")


def _told(mg: Decimal, kg: Decimal | None, often: str) -> str:
    in_mg = f"{decimal_text(mg)} mg{often}"
    return in_mg if kg is None else f"{in_mg}, {_three_figures(mg / kg)} mg/kg{often}"


def _three_figures(value: Decimal) -> str:
    """Three figures that count, and one decimal at least: 35.2, 105.6, 0.0213; never 0."""
    places = max(1, 2 - value.adjusted())
    return decimal_text(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _weighed(weight: Weight, today: date) -> str:
    kg, on = decimal_text(Decimal(str(weight.kg))), f"{weight.on.day} {weight.on:%b %Y}"
    if not weight.is_old_on(today):
        return f"{kg} kg on {on}"
    return f"{kg} kg, weight of {on}, {(today - weight.on).days} days old"
