"""What a dose is in mg, and in mg for each kilogram: from the label's strength and a weight.

Figures for reading beside what the clinician wrote; nothing here is ever entered or proposed.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from django.utils.translation import gettext, ngettext

from quietdays.medicines.models import How, Schedule
from quietdays.records.words import decimal_text
from quietdays.words import dated, localized, plain


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
    told = [", ".join(_told(each_mg, kg))]
    if step.how == How.SCHEDULED and step.times and step.every_days == 1:
        each_day = _told(each_mg * len(step.times), kg)
        a_day = gettext("%(amount)s a day")
        told.append(", ".join(a_day % {"amount": amount} for amount in each_day))
    return "; ".join(told) + ("" if weight is None else f" ({_weighed(weight, today)})")


def _told(mg: Decimal, kg: Decimal | None) -> list[str]:
    in_mg = f"{localized(decimal_text(mg))} mg"
    return [in_mg] if kg is None else [in_mg, f"{_three_figures(mg / kg)} mg/kg"]


def _three_figures(value: Decimal) -> str:
    """Three figures that count, and one decimal at least: 35.2, 105.6, 0.0213; never 0."""
    places = max(1, 2 - value.adjusted())
    return localized(decimal_text(value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)))


def _weighed(weight: Weight, today: date) -> str:
    kg, on = plain(weight.kg), dated(weight.on, "j M Y")
    if not weight.is_old_on(today):
        return gettext("%(kg)s kg on %(on)s") % {"kg": kg, "on": on}
    days = (today - weight.on).days
    told = ngettext(
        "%(kg)s kg, weight of %(on)s, %(days)s day old",
        "%(kg)s kg, weight of %(on)s, %(days)s days old",
        days,
    )
    return told % {"kg": kg, "on": on, "days": days}
