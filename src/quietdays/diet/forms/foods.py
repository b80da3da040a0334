"""A food by its label."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from quietdays.diet.models import BasisChoice, Food, FoodComposition, MeasureUnit
from quietdays.records.forms import (
    EntryForm,
    NumberField,
)
from quietdays.records.words import as_typed
from quietdays.science.macros import Macros
from quietdays.words import decimal, localized


class FoodForm(EntryForm):
    """A label as it is printed: per 100 g or mL, or per serving of so much."""

    name = forms.CharField(label=gettext_lazy("Name and brand"), max_length=160)
    per_unit = forms.ChoiceField(
        label=gettext_lazy("Measured in"),
        choices=MeasureUnit.choices,
        widget=forms.RadioSelect,
        initial="g",
    )
    per_amount = NumberField(
        label=gettext_lazy("The label's figures are for"),
        initial="100",
        min_value=Decimal("0.1"),
        max_value=10_000,
    )
    fat_g = NumberField(label=gettext_lazy("Fat"), unit="g", min_value=0)
    protein_g = NumberField(label=gettext_lazy("Protein"), unit="g", min_value=0)
    carbohydrate_g = NumberField(label=gettext_lazy("Carbohydrate"), unit="g", min_value=0)
    fibre_g = NumberField(
        label=gettext_lazy("Fibre (if printed)"),
        unit="g",
        required=False,
        min_value=0,
        max_value=10_000,
    )
    carbohydrate_basis = forms.ChoiceField(
        label=gettext_lazy("The carbohydrate on this label is"),
        choices=[
            (
                BasisChoice.AVAILABLE.value,
                gettext_lazy("without fibre (labels of the EU, UK, Australia)"),
            ),
            (BasisChoice.TOTAL.value, gettext_lazy("with fibre (labels of the US, Canada)")),
        ],
        widget=forms.RadioSelect,
    )
    energy_kcal = NumberField(
        label=gettext_lazy("kcal on the label"),
        unit="kcal",
        required=False,
        min_value=0,
        max_value=90_000,
    )
    label_is_right = forms.BooleanField(
        label=gettext_lazy("I checked: the label says so"), required=False, widget=forms.HiddenInput
    )
    volume_ml_per_g = NumberField(
        label=gettext_lazy("Only for powders in feeds: what 1 g adds to the volume"),
        unit="mL",
        required=False,
        min_value=0,
        max_value=2,
        max_digits=5,
        decimal_places=3,
        help_text=gettext_lazy("Leave it empty if you do not know. Many powders: about 0.77 mL."),
    )

    GRAMS = ("fat_g", "protein_g", "carbohydrate_g", "fibre_g", "energy_kcal")

    @classmethod
    def initial_from(cls, food: Food, composition: FoodComposition) -> dict[str, Any]:
        """A stored version as it would be typed, for a correction or a copy."""
        kept = (*cls.GRAMS, "per_unit", "carbohydrate_basis", "volume_ml_per_g")
        figures = {name: as_typed(getattr(composition, name)) for name in kept}
        return figures | {"name": food.name, "per_amount": "100"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = ("fat_g", "protein_g", "carbohydrate_g", "per_amount")
        if any(data.get(name) is None for name in needed):
            return data
        total = data["fat_g"] + data["protein_g"] + data["carbohydrate_g"]
        if data.get("carbohydrate_basis") == BasisChoice.AVAILABLE:
            total += data.get("fibre_g") or 0
        if total > data["per_amount"] * Decimal("1.05"):
            self.add_error(
                "carbohydrate_g",
                gettext(
                    "Fat, protein, carbohydrate and fibre make %(total)s g in %(amount)s %(unit)s. Check "
                    "for a slipped decimal."
                )
                % {
                    "total": localized(f"{total:f}"),
                    "amount": localized(f"{data['per_amount']:f}"),
                    "unit": data.get("per_unit", "g"),
                },
            )
        self._ask_about_energy(data)
        return data

    def _ask_about_energy(self, data: dict[str, Any]) -> None:
        label, basis = data.get("energy_kcal"), data.get("carbohydrate_basis")
        if not label or not basis or data.get("label_is_right"):
            return
        fibre = float(data.get("fibre_g") or 0)
        carbohydrate = float(data["carbohydrate_g"]) - (fibre if basis == "total" else 0)
        macros = Macros(float(data["fat_g"]), float(data["protein_g"]), max(0.0, carbohydrate))
        # Labels give fibre 2 kcal a gram; docs/arithmetic.md#labels.
        counted = macros.energy_kcal() + 2 * fibre
        if abs(counted - float(label)) > max(5.0, 0.1 * float(label)):
            self.fields["label_is_right"].widget = forms.CheckboxInput()
            self.add_error(
                "energy_kcal",
                gettext(
                    "The grams make %(counted)s kcal, the label says %(label)s. Check each number, "
                    "then confirm."
                )
                % {"counted": decimal(counted, 0), "label": localized(f"{label:f}")},
            )

    def composition(self) -> dict[str, Any]:
        """The label's figures for 100 g or mL, with what a stored version needs."""
        data = self.cleaned_data
        factor = Decimal(100) / data["per_amount"]
        grams = {
            name: None if data[name] is None else round(data[name] * factor, 2)
            for name in self.GRAMS
        }
        if grams["energy_kcal"] is not None:
            grams["energy_kcal"] = round(grams["energy_kcal"], 1)
        return {
            **grams,
            "per_unit": data["per_unit"],
            "volume_ml_per_g": data["volume_ml_per_g"],
            "carbohydrate_basis": data["carbohydrate_basis"],
            "source": gettext_noop("label, entered by the family"),
        }
