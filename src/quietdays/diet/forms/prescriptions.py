"""Signing a prescription."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from quietdays.diet.models import (
    BasisChoice,
    Prescription,
)
from quietdays.records.forms import (
    EntryForm,
    NumberField,
    WholeNumberField,
)
from quietdays.records.words import decimal_text


class PrescriptionForm(EntryForm):
    effective_from = forms.DateField(
        label="In force from",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ratio = NumberField(label="Ratio, fat to protein plus carbohydrate", unit=": 1", max_digits=4)
    energy_kcal = NumberField(label="Energy a day", unit="kcal")
    protein_g = NumberField(label="Protein a day", unit="g")
    meals_per_day = WholeNumberField(label="Meals and feeds a day", min_value=1, max_value=24)
    carbohydrate_limit_g = NumberField(
        label="Carbohydrate limit a day (optional)", unit="g", required=False
    )
    fluid_ml = WholeNumberField(
        label="Fluid a day (optional)", unit="mL", required=False, min_value=0
    )
    carbohydrate_basis = forms.ChoiceField(
        label="Carbohydrate is counted",
        choices=BasisChoice.choices,
        widget=forms.RadioSelect,
        initial=BasisChoice.AVAILABLE,
    )
    ratio_under_percent = NumberField(label="Ratio may be lower by", unit="%")
    ratio_over_percent = NumberField(label="Ratio may be higher by", unit="%")
    energy_under_percent = NumberField(label="Energy may be lower by", unit="%")
    energy_over_percent = NumberField(label="Energy may be higher by", unit="%")
    carbohydrate_over_percent = NumberField(label="Carbohydrate may be over by", unit="%")
    carbohydrate_over_g = NumberField(label="or by this much, if that is more", unit="g")
    note = forms.CharField(
        label="Rules in plain words for the family",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    TOLERANCES = (
        "ratio_under_percent",
        "ratio_over_percent",
        "energy_under_percent",
        "energy_over_percent",
        "carbohydrate_over_percent",
        "carbohydrate_over_g",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.TOLERANCES:
            default: Decimal = getattr(Prescription(), name)
            self.initial.setdefault(name, decimal_text(default))
