"""Forms of the diet: prescription, food label, planned meal, meal eaten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from quietdays.diet.models import (
    BasisChoice,
    FoodComposition,
    MealEaten,
    MeasureUnit,
    Prescription,
    Vomited,
)
from quietdays.records.forms import (
    EntryForm,
    LocalTimeField,
    NumberField,
    WholeNumberField,
    parse_decimal,
)
from quietdays.records.words import decimal_text
from quietdays.science.macros import Macros

UTC = ZoneInfo("UTC")


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


class FoodForm(EntryForm):
    """A label as it is printed: per 100 g or mL, or per serving of so much."""

    name = forms.CharField(label="Name and brand", max_length=160)
    per_unit = forms.ChoiceField(
        label="Measured in", choices=MeasureUnit.choices, widget=forms.RadioSelect, initial="g"
    )
    per_amount = NumberField(
        label="The label's figures are for",
        initial="100",
        min_value=Decimal("0.1"),
        max_value=10_000,
    )
    fat_g = NumberField(label="Fat", unit="g", min_value=0)
    protein_g = NumberField(label="Protein", unit="g", min_value=0)
    carbohydrate_g = NumberField(label="Carbohydrate", unit="g", min_value=0)
    fibre_g = NumberField(
        label="Fibre (if printed)", unit="g", required=False, min_value=0, max_value=10_000
    )
    carbohydrate_basis = forms.ChoiceField(
        label="The carbohydrate on this label is",
        choices=[
            (BasisChoice.AVAILABLE.value, "without fibre (labels of the EU, UK, Australia)"),
            (BasisChoice.TOTAL.value, "with fibre (labels of the US, Canada)"),
        ],
        widget=forms.RadioSelect,
    )
    energy_kcal = NumberField(
        label="kcal on the label", unit="kcal", required=False, min_value=0, max_value=90_000
    )
    label_is_right = forms.BooleanField(
        label="I checked: the label says so", required=False, widget=forms.HiddenInput
    )

    GRAMS = ("fat_g", "protein_g", "carbohydrate_g", "fibre_g", "energy_kcal")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = ("fat_g", "protein_g", "carbohydrate_g", "per_amount")
        if any(data.get(name) is None for name in needed):
            return data
        total = data["fat_g"] + data["protein_g"] + data["carbohydrate_g"]
        if total > data["per_amount"] * Decimal("1.05"):
            self.add_error(
                "carbohydrate_g",
                f"Fat, protein and carbohydrate make {total:f} g in "
                f"{data['per_amount']:f} {data.get('per_unit', 'g')}. Check for a slipped decimal.",
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
                f"The grams make {counted:.0f} kcal, the label says {label:f}. "
                "Check each number, then confirm.",
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
            "carbohydrate_basis": data["carbohydrate_basis"],
            "source": "label, entered by the family",
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One food of a meal as it was typed, with its complaint if it has one."""

    composition: FoodComposition
    amount_text: str
    amount: Decimal | None
    error: str = ""

    @classmethod
    def of(cls, composition: FoodComposition, amount: Decimal) -> Row:
        return cls(composition, decimal_text(amount), amount)


class PlannedMealForm(EntryForm):
    happened_at = LocalTimeField(label="When", zone=UTC, may_be_future=True)
    name = forms.CharField(label="Name", max_length=80)


def read_rows(data: Mapping[str, Any], known: Mapping[UUID, FoodComposition]) -> list[Row]:
    """The rows `food` and `amount` of a submitted meal, in order, as typed.

    A food that is not among `known` is dropped with its row; an amount that is no number
    above zero keeps what was typed and says what is wrong.
    """
    foods = data.getlist("food")  # type: ignore[attr-defined]
    amounts = data.getlist("amount")  # type: ignore[attr-defined]
    rows = []
    for food_id, text in zip(foods, amounts, strict=False):
        composition = known.get(_uuid(food_id) or UUID(int=0))
        if composition is None:
            continue
        try:
            amount = parse_decimal(text)
            if not 0 < amount <= 5000:
                raise ValidationError("An amount lies above 0 and up to 5,000.")
        except ValidationError as error:
            rows.append(Row(composition, text, None, error.messages[0]))
        else:
            rows.append(Row(composition, text, round(amount, 2)))
    return rows


def food_ids(data: Any) -> list[UUID]:
    return [found for text in data.getlist("food") if (found := _uuid(text))]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class MealEatenForm(EntryForm):
    """When it was eaten, how it stayed down, and a left-over for each food or the whole."""

    happened_at = LocalTimeField(label="Eaten at", zone=UTC)
    is_mixed = forms.BooleanField(label="All mixed in one bottle or bowl", required=False)
    share_left_percent = NumberField(
        label="Left over of the mixture", unit="%", required=False, min_value=0, max_value=100
    )
    vomited = forms.ChoiceField(
        label="Afterwards", choices=Vomited.choices, widget=forms.RadioSelect, initial="no"
    )
    off_plan = forms.CharField(
        label="Anything else eaten (in your words)",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self, *args: Any, items: Iterable[tuple[str, Decimal, str, Decimal]], **kwargs: Any
    ) -> None:
        """`items` holds name, amount offered, unit and amount left of each food."""
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for i, (name, offered, unit, left) in enumerate(self.items):
            self.fields[f"left-{i}"] = NumberField(
                label=f"{name}: left of {decimal_text(offered)} {unit}",
                unit=unit,
                required=False,
                min_value=0,
                max_value=offered,
                error_messages={
                    "max_value": f"There were only {decimal_text(offered)} {unit}.",
                },
            )
            self.initial.setdefault(f"left-{i}", decimal_text(left) if left else "")

    def clean(self) -> dict[str, Any]:
        """What was typed and would not count is said, not dropped."""
        data = super().clean() or {}
        share = data.get("share_left_percent")
        has_grams = any(data.get(f"left-{i}") for i in range(len(self.items)))
        if data.get("is_mixed") and share is None and has_grams:
            self.add_error(
                "share_left_percent",
                "All was mixed: say how much of the whole mixture was left over.",
            )
        is_new = self.data.get("share_left_percent") != self.initial.get("share_left_percent")
        if not data.get("is_mixed") and share and is_new:
            self.add_error(
                "is_mixed", f"{share:f} % of a mixture was left: tick this, or empty that field."
            )
        return data

    def left_fields(self) -> list[forms.BoundField]:
        return [self[f"left-{i}"] for i in range(len(self.items))]

    def lefts(self) -> list[Decimal]:
        """What was left of each food, in its unit; a mixture leaves the same share of all."""
        data = self.cleaned_data
        if data["is_mixed"]:
            share = (data["share_left_percent"] or Decimal(0)) / 100
            return [round(offered * share, 2) for _, offered, _, _ in self.items]
        return [round(data[f"left-{i}"] or Decimal(0), 2) for i in range(len(self.items))]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in ("is_mixed", "vomited", "off_plan")}


def eaten_initial(meal: MealEaten) -> dict[str, Any]:
    """What the form shows for a meal that was logged before."""
    initial: dict[str, Any] = {
        name: getattr(meal, name) for name in ("happened_at", "is_mixed", "vomited", "off_plan")
    }
    first = meal.items.first()
    if meal.is_mixed and first is not None:
        initial["share_left_percent"] = (
            f"{decimal_text(round(100 * first.left / first.offered, 1))}"
        )
    return initial
