"""Signing a prescription."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from quietdays.diet.actions import LaterStep
from quietdays.diet.models import (
    BasisChoice,
    ChecklistItem,
    DietKind,
    Prescription,
    Route,
    WeightBasis,
)
from quietdays.records.forms import EntryForm, NumberField, WholeNumberField
from quietdays.records.words import as_typed, decimal_text
from quietdays.words import Text

STEPS = 4
SLOTS = 12
STEP_FIELDS = ("from", "ratio")
SLOT_FIELDS = ("name", "at", "percent")


def _optional(label: Text, unit: str = "", **options: Any) -> NumberField:
    return NumberField(label=label, unit=unit, required=False, **options)


class PrescriptionForm(EntryForm):
    """The diet's numbers. What a kind of diet does not use is left out of what is signed."""

    diet_kind = forms.ChoiceField(
        label=gettext_lazy("Diet"),
        choices=DietKind.choices,
        widget=forms.RadioSelect,
        initial=DietKind.CLASSICAL,
    )
    effective_from = forms.DateField(
        label=gettext_lazy("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ratio = _optional(gettext_lazy("Ratio, fat to protein plus carbohydrate"), ": 1", max_digits=4)
    energy_kcal = _optional(gettext_lazy("Energy a day"), "kcal")
    protein_g = _optional(gettext_lazy("Protein a day"), "g")
    mct_percent = _optional(gettext_lazy("Energy from MCT"), "%")
    protein_percent = _optional(gettext_lazy("Energy from protein"), "%")
    carbohydrate_percent = _optional(gettext_lazy("Energy from carbohydrate"), "%")
    mct_kcal_per_g = _optional(gettext_lazy("A gram of MCT is counted with"), "kcal", initial="8.3")
    carbohydrate_limit_g = _optional(gettext_lazy("Carbohydrate limit a day"), "g")
    fluid_ml = WholeNumberField(
        label=gettext_lazy("Fluid a day (optional)"), unit="mL", required=False, min_value=0
    )
    weight_kg = _optional(gettext_lazy("Weight that this was counted with (optional)"), "kg")
    weight_basis = forms.ChoiceField(
        label=gettext_lazy("It is the"),
        choices=WeightBasis.choices,
        widget=forms.RadioSelect,
        initial=WeightBasis.ACTUAL,
    )
    route = forms.ChoiceField(
        label=gettext_lazy("Given"),
        choices=Route.choices,
        widget=forms.RadioSelect,
        initial=Route.ORAL,
    )
    meals_per_day = WholeNumberField(
        label=gettext_lazy("Meals and feeds a day"), min_value=1, max_value=24
    )
    snacks_per_day = WholeNumberField(
        label=gettext_lazy("Snacks a day, beside the meals"), min_value=0, max_value=12, initial=0
    )
    snack_energy_kcal = _optional(gettext_lazy("Energy of a snack"), "kcal")
    snack_ratio = _optional(gettext_lazy("Ratio of a snack, where it differs"), ": 1")
    carbohydrate_basis = forms.ChoiceField(
        label=gettext_lazy("Carbohydrate is counted"),
        choices=BasisChoice.choices,
        widget=forms.RadioSelect,
        initial=BasisChoice.AVAILABLE,
    )
    ratio_under_percent = NumberField(label=gettext_lazy("Ratio may be lower by"), unit="%")
    ratio_over_percent = _optional(gettext_lazy("higher by (empty: by any amount)"), "%")
    energy_under_percent = NumberField(label=gettext_lazy("Energy may be lower by"), unit="%")
    energy_over_percent = NumberField(label=gettext_lazy("Energy may be higher by"), unit="%")
    carbohydrate_over_percent = NumberField(
        label=gettext_lazy("Carbohydrate may be over by"), unit="%"
    )
    carbohydrate_over_g = NumberField(
        label=gettext_lazy("or by this much, if that is more"), unit="g"
    )
    leftover_rule = forms.CharField(
        label=gettext_lazy("When something is left over (shown where the family logs a meal)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(
            attrs={
                "rows": 2,
                "placeholder": gettext_lazy("such as: finish the cream first, then the rest"),
            }
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Rules in plain words for the family"),
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
    NEEDED = {
        DietKind.CLASSICAL: ("ratio", "energy_kcal", "protein_g"),
        DietKind.MODIFIED_ATKINS: ("carbohydrate_limit_g",),
        DietKind.MCT: ("energy_kcal", "mct_percent", "protein_percent", "carbohydrate_percent"),
    }
    UNUSED = {
        DietKind.CLASSICAL: ("mct_percent", "protein_percent", "carbohydrate_percent"),
        DietKind.MODIFIED_ATKINS: (
            "ratio",
            "mct_percent",
            "protein_percent",
            "carbohydrate_percent",
            "snack_ratio",
        ),
        DietKind.MCT: ("ratio", "protein_g", "snack_ratio"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.TOLERANCES:
            default: Decimal = getattr(Prescription(), name)
            self.initial.setdefault(name, decimal_text(default))
        for i in range(STEPS):
            self.fields[f"step-from-{i}"] = forms.DateField(
                label=gettext("Step %(number)s from") % {"number": i + 2},
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            )
            self.fields[f"step-ratio-{i}"] = _optional("ratio", ": 1", max_digits=4)
        for i in range(SLOTS):
            self.fields[f"slot-name-{i}"] = forms.CharField(
                label=gettext("Meal %(number)s") % {"number": i + 1}, required=False, max_length=40
            )
            self.fields[f"slot-at-{i}"] = forms.TimeField(
                label=gettext("at"),
                required=False,
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            )
            self.fields[f"slot-percent-{i}"] = _optional(gettext("of the day"), "%")

    def step_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"step-{name}-{i}"] for name in STEP_FIELDS] for i in range(STEPS)]

    def slot_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"slot-{name}-{i}"] for name in SLOT_FIELDS] for i in range(SLOTS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kind = DietKind(data.get("diet_kind") or DietKind.CLASSICAL)
        for name in self.NEEDED[kind]:
            if data.get(name) is None and name not in self.errors:
                self.add_error(name, gettext("This diet needs this number."))
        if data.get("mct_kcal_per_g") is None:
            data["mct_kcal_per_g"] = Prescription().mct_kcal_per_g
        self._check_pairs(
            "step", STEPS, STEP_FIELDS, gettext("A step needs its date and its ratio.")
        )
        self._check_pairs(
            "slot", SLOTS, SLOT_FIELDS, gettext("A meal needs its name, time and share.")
        )
        return data

    def _check_pairs(self, prefix: str, rows: int, names: Sequence[str], text: str) -> None:
        """A row that was begun has to be whole: half a row would be dropped unseen."""
        for i in range(rows):
            values = {n: self.cleaned_data.get(f"{prefix}-{n}-{i}") for n in names}
            given = [n for n, value in values.items() if value not in (None, "")]
            if given and len(given) < len(names):
                missing = next(n for n in names if n not in given)
                if f"{prefix}-{missing}-{i}" not in self.errors:
                    self.add_error(f"{prefix}-{missing}-{i}", text)

    def later_steps(self) -> list[LaterStep]:
        data = self.cleaned_data
        return [
            LaterStep(effective_from=data[f"step-from-{i}"], ratio=data[f"step-ratio-{i}"])
            for i in range(STEPS)
            if data[f"step-from-{i}"]
        ]

    def _slots(self) -> list[dict[str, Any]]:
        data = self.cleaned_data
        return [
            {
                "name": data[f"slot-name-{i}"],
                "at": f"{data[f'slot-at-{i}']:%H:%M}",
                "percent": float(data[f"slot-percent-{i}"]),
            }
            for i in range(SLOTS)
            if data[f"slot-name-{i}"]
        ]

    def values(self) -> dict[str, Any]:
        kept = {n: v for n, v in super().values().items() if not n.startswith(("step-", "slot-"))}
        kept |= dict.fromkeys(self.UNUSED[DietKind(kept["diet_kind"])])
        return {**kept, "meal_slots": self._slots()}


def prescription_initial(
    newest: Prescription, coming: Sequence[Prescription] = ()
) -> dict[str, Any]:
    """What the form shows for a version that follows another: its numbers, and the steps to come."""
    kept = (n for n in PrescriptionForm.base_fields if n not in ("id", "effective_from"))
    initial = {name: as_typed(getattr(newest, name)) for name in kept}
    for i, slot in enumerate(newest.meal_slots):
        initial |= {f"slot-{name}-{i}": slot[name] for name in ("name", "at")}
        initial[f"slot-percent-{i}"] = f"{slot['percent']:g}"
    for i, step in enumerate(coming[:STEPS]):
        initial[f"step-from-{i}"] = step.effective_from
        initial[f"step-ratio-{i}"] = as_typed(step.ratio)
    return initial


class ChecklistForm(forms.Form):
    """One line of a list: ticked or not, planned for a date, with a remark."""

    is_ticked = forms.BooleanField(label=gettext_lazy("Looked at"), required=False)
    done_on = forms.DateField(
        label=gettext_lazy("Done on (empty: today)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    due_on = forms.DateField(
        label=gettext_lazy("Planned for"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    remark = forms.CharField(
        label=gettext_lazy("Finding or remark (such as: not present, acylcarnitines normal)"),
        required=False,
        max_length=500,
    )

    def clean(self) -> dict[str, Any]:
        """A tick alone would not say whether something is there or not."""
        data = super().clean() or {}
        if data.get("is_ticked") and not str(data.get("remark") or "").strip():
            self.add_error("remark", gettext("Write what was found."))
        return data


class ChecklistItemForm(EntryForm):
    """A line that the team adds to a list."""

    list = forms.ChoiceField(choices=ChecklistItem.List.choices, widget=forms.HiddenInput)
    heading = forms.CharField(label=gettext_lazy("Under"), max_length=80)
    text = forms.CharField(label=gettext_lazy("What to look at"), max_length=300)
    months_on_diet = WholeNumberField(
        label=gettext_lazy("Due so many months after the diet’s first day"),
        unit=gettext_lazy("months"),
        required=False,
        min_value=0,
        max_value=60,
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].strip()
        if not text:
            raise ValidationError(gettext("Write what to look at."))
        return text
