"""What a clinician types: limits; and what anybody of the circle writes to the others."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from quietdays.clinic.models import MAX_SILENT_DAYS
from quietdays.diary.models import URINE_GRADES
from quietdays.people.models import Child
from quietdays.records.forms import EntryForm, NumberField, WholeNumberField
from quietdays.words import Text


def _grade(label: Text) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", gettext_lazy("no limit")), *((str(k), v) for k, v in URINE_GRADES.items())],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


class LimitsForm(EntryForm):
    """A blank is no limit. Sent with blanks alone it withdraws every limit."""

    glucose_low = NumberField(label=gettext_lazy("Glucose, tell below"), required=False)
    glucose_high = NumberField(label=gettext_lazy("Glucose, tell above"), required=False)
    glucose_unit = forms.ChoiceField(
        label=gettext_lazy("Unit of both glucose limits"),
        choices=Child.GlucoseUnit.choices,
        widget=forms.RadioSelect,
    )
    ketones_low = NumberField(
        label=gettext_lazy("Blood ketones, tell below"), unit="mmol/L", required=False
    )
    ketones_high = NumberField(
        label=gettext_lazy("Blood ketones, tell above"), unit="mmol/L", required=False
    )
    urine_low = _grade(gettext_lazy("Urine strip, tell below"))
    urine_high = _grade(gettext_lazy("Urine strip, tell above"))
    clusters_per_day = NumberField(
        label=gettext_lazy("Clusters seen a watched day, tell above"), unit=gettext_lazy("a day"), required=False,
        min_value=0, max_value=200,
    )  # fmt: skip
    silent_days = WholeNumberField(
        label=gettext_lazy("Days without an entry, tell from"), unit=gettext_lazy("days"), required=False,
        min_value=1, max_value=MAX_SILENT_DAYS,
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note for the team"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def values(self) -> dict[str, Any]:
        values = super().values()
        if values["glucose_low"] is None and values["glucose_high"] is None:
            values["glucose_unit"] = ""  # a unit without a limit says nothing
        return values


class MessageForm(EntryForm):
    text = forms.CharField(
        label=gettext_lazy("Write to the others"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
