"""A meal eaten: what was left over, what came back, what else went in."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, gettext_lazy

from quietdays.diet.models import MealEaten, Reason, Vomited
from quietdays.records.forms import EntryForm, LocalTimeField, NumberField, WholeNumberField
from quietdays.records.words import decimal_text
from quietdays.words import localized, plain

UTC = ZoneInfo("UTC")


def vomited_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=gettext_lazy("Afterwards"),
        choices=Vomited.choices,
        widget=forms.RadioSelect,
        initial="no",
    )


def reasons_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=gettext_lazy("If less went in: why?"),
        choices=Reason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class _AfterwardsForm(EntryForm):
    """What every log of food asks: when, whether it stayed down, why less went in."""

    happened_at = LocalTimeField(label=gettext_lazy("Eaten at"), zone=UTC)
    vomited = vomited_field()
    reasons = reasons_field()
    off_plan = forms.CharField(
        label=gettext_lazy("Anything else eaten (in your words)"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in ("vomited", "reasons", "off_plan")}


class UnplannedMealForm(_AfterwardsForm):
    """A feed that nobody planned, from foods or in free words."""


class BreastfeedForm(EntryForm):
    """A breastfeed: minutes, and a volume that somebody estimated or weighed."""

    happened_at = LocalTimeField(label=gettext_lazy("Began at"), zone=UTC)
    breast_minutes = WholeNumberField(
        label=gettext_lazy("Minutes"), unit="min", min_value=1, max_value=240
    )
    breast_ml = NumberField(
        label=gettext_lazy("Volume, estimated (leave empty if nobody can say)"),
        unit="mL",
        required=False,
        min_value=1,
        max_value=500,
    )
    vomited = vomited_field()
    reasons = reasons_field()

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {name: data[name] for name in ("vomited", "reasons", "breast_minutes")}


class MealEatenForm(_AfterwardsForm):
    """A left-over for each food, or one share or volume for a mixture."""

    is_mixed = forms.BooleanField(
        label=gettext_lazy("All mixed in one bottle or bowl"), required=False
    )
    delivered_ml = NumberField(
        label=gettext_lazy("This went in"), unit="mL", required=False, min_value=0
    )
    share_left_percent = NumberField(
        label=gettext_lazy("Left over of the mixture"),
        unit="%",
        required=False,
        min_value=0,
        max_value=100,
    )

    def __init__(
        self,
        *args: Any,
        items: Iterable[tuple[str, Decimal, str, Decimal]],
        volume_ml: Decimal | None = None,
        **kwargs: Any,
    ) -> None:
        """`items` holds name, amount offered, unit and amount left of each food."""
        super().__init__(*args, **kwargs)
        self.items = list(items)
        self.volume_ml = volume_ml
        if volume_ml is None:
            del self.fields["delivered_ml"]
        else:
            self.fields["delivered_ml"].label = gettext("Of %(volume)s mL went in") % {
                "volume": plain(volume_ml)
            }
            self.initial.setdefault("is_mixed", True)
        for i, (name, offered, unit, left) in enumerate(self.items):
            self.fields[f"left-{i}"] = NumberField(
                label=gettext("%(food)s: left of %(amount)s %(unit)s")
                % {"food": name, "amount": plain(offered), "unit": unit},
                unit=unit,
                required=False,
                min_value=0,
                max_value=offered,
                error_messages={
                    "max_value": gettext("There were only %(amount)s %(unit)s.")
                    % {"amount": plain(offered), "unit": unit},
                },
            )
            self.initial.setdefault(f"left-{i}", decimal_text(left) if left else "")

    def clean(self) -> dict[str, Any]:
        """What was typed and would not count is said, not dropped."""
        data = super().clean() or {}
        self._check_volume(data)
        share, delivered = data.get("share_left_percent"), data.get("delivered_ml")
        has_grams = any(data.get(f"left-{i}") for i in range(len(self.items)))
        if data.get("is_mixed") and share is None and delivered is None and has_grams:
            self.add_error(
                "share_left_percent",
                gettext("All was mixed: say how much of the whole mixture was left over."),
            )
        is_new = self.data.get("share_left_percent") != self.initial.get("share_left_percent")
        if not data.get("is_mixed") and share and is_new:
            self.add_error(
                "is_mixed",
                gettext("%(share)s %% of a mixture was left: tick this, or empty that field.")
                % {"share": localized(f"{share:f}")},
            )
        return data

    def _check_volume(self, data: dict[str, Any]) -> None:
        delivered = data.get("delivered_ml")
        if delivered is None or self.volume_ml is None:
            return
        if delivered > self.volume_ml:
            text = gettext("There were only %(amount)s %(unit)s.") % {
                "amount": plain(self.volume_ml),
                "unit": "mL",
            }
            self.add_error("delivered_ml", text)
        if not data.get("is_mixed"):
            self.add_error("is_mixed", gettext("A volume of a mixture went in: tick this."))
        typed_share = self.data.get("share_left_percent")
        if typed_share and typed_share != self.initial.get("share_left_percent"):
            self.add_error("share_left_percent", gettext("Give the volume or the share, not both."))

    def left_fields(self) -> list[forms.BoundField]:
        return [self[f"left-{i}"] for i in range(len(self.items))]

    def lefts(self) -> list[Decimal]:
        """What was left of each food, in its unit; a mixture leaves the same share of all."""
        data = self.cleaned_data
        if data["is_mixed"]:
            share = self._share_left()
            return [round(offered * share, 2) for _, offered, _, _ in self.items]
        return [round(data[f"left-{i}"] or Decimal(0), 2) for i in range(len(self.items))]

    def _share_left(self) -> Decimal:
        delivered = self.cleaned_data.get("delivered_ml")
        if delivered is not None and self.volume_ml is not None:
            return 1 - Decimal(delivered) / self.volume_ml
        return Decimal(self.cleaned_data["share_left_percent"] or 0) / 100

    def values(self) -> dict[str, Any]:
        delivered = self.cleaned_data.get("delivered_ml")
        return {
            **super().values(),
            "is_mixed": self.cleaned_data["is_mixed"],
            "offered_ml": None if delivered is None else self.volume_ml,
            "delivered_ml": delivered,
        }


def eaten_initial(meal: MealEaten) -> dict[str, Any]:
    """What the form shows for a meal that was logged before."""
    names = ("happened_at", "is_mixed", "vomited", "reasons", "off_plan")
    initial: dict[str, Any] = {name: getattr(meal, name) for name in names}
    first = meal.items.first()
    if meal.delivered_ml is not None:
        initial["delivered_ml"] = decimal_text(meal.delivered_ml)
    elif meal.is_mixed and first is not None:
        initial["share_left_percent"] = (
            f"{decimal_text(round(100 * first.left / first.offered, 3))}"
        )
    return initial
