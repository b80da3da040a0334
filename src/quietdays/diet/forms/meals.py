"""A planned meal, and a meal eaten."""

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
    FoodComposition,
    MealEaten,
    Vomited,
)
from quietdays.records.forms import (
    EntryForm,
    LocalTimeField,
    NumberField,
    parse_decimal,
)
from quietdays.records.words import decimal_text

UTC = ZoneInfo("UTC")


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
