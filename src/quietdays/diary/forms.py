"""What a carer fills in for each kind of diary entry."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from quietdays.diary.models import (
    MAX_BASED,
    RANGES,
    URINE_GRADES,
    Certainty,
    CountKind,
    Kind,
    OtherSeizure,
    Pattern,
    StateAtOnset,
    Unit,
    units_of,
)
from quietdays.records.forms import (
    DurationField,
    EntryForm,
    LocalTimeField,
    NumberField,
    ScaleField,
    WholeNumberField,
    YesNoField,
)

UTC = ZoneInfo("UTC")


def note_field(label: str = "Note") -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def chips(choices: type[Any], label: str, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices.choices, widget=forms.RadioSelect, **kwargs
    )


class ClusterForm(EntryForm):
    happened_at = LocalTimeField(label="When it began", zone=UTC)
    spasm_count = WholeNumberField(label="Spasms", unit="spasms", required=False, min_value=1)
    count_kind = chips(CountKind, "How sure is the number?", initial=CountKind.EXACT)
    duration_s = DurationField(label="How long", required=False)
    state_at_onset = chips(StateAtOnset, "When it began, the baby was", required=False)
    pattern = chips(Pattern, "What it looked like", required=False)
    certainty = chips(Certainty, "Were these spasms?", initial=Certainty.SURE)
    note = note_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        count, kind = data.get("spasm_count"), data.get("count_kind")
        if "spasm_count" in data and kind != CountKind.UNKNOWN and count is None:
            self.add_error("spasm_count", "How many spasms? Or choose “not counted” below.")
        if kind == CountKind.UNKNOWN and count is not None:
            self.add_error("count_kind", "A number is given: choose counted, about, or at least.")
        return data


class OtherSeizureForm(EntryForm):
    happened_at = LocalTimeField(label="When it began", zone=UTC)
    looks = chips(OtherSeizure.Looks, "What it looked like")
    duration_s = DurationField(label="How long", required=False)
    rescue_given = YesNoField(label="Rescue medicine given")
    note = note_field()


class IllnessForm(EntryForm):
    started_on = forms.DateField(
        label="Began on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ended_on = forms.DateField(
        label="Last day (leave empty while it goes on)",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    fever = forms.BooleanField(label="With fever", required=False)
    what = forms.CharField(label="What it was", required=False, max_length=200)


class VisitForm(EntryForm):
    happened_at = LocalTimeField(label="When", zone=UTC, may_be_future=True)
    whom = forms.CharField(
        label="With whom",
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "Dr Okafor, neurology clinic …"}),
    )
    note = note_field()


class QuestionForm(EntryForm):
    date = forms.DateField(
        label="Asked on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    text = forms.CharField(
        label="What to ask", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    answer = forms.CharField(
        label="The answer, once it is known",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EegForm(EntryForm):
    date = forms.DateField(
        label="Date of the EEG",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    based = forms.TypedChoiceField(
        label="BASED score, as reported",
        choices=[("", "not said"), *((str(i), str(i)) for i in range(MAX_BASED + 1))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    hypsarrhythmia = YesNoField(label="Hypsarrhythmia, as reported")
    finding = forms.CharField(
        label="What the report said",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CheckInForm(EntryForm):
    alertness = ScaleField(label="Alertness", low="drowsy", high="bright")
    feeding = ScaleField(label="Feeding", low="refused", high="eager")
    behaviour = ScaleField(label="Behaviour", low="upset", high="content")
    sleep_hours = NumberField(
        label="Sleep in the day and night", unit="h", required=False, min_value=0, max_value=24
    )
    night_wakings = WholeNumberField(
        label="Woke at night", unit="times", required=False, min_value=0, max_value=60
    )
    woke_at = forms.TimeField(
        label="Woke for the day at",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    stress = ScaleField(label="Stress at home", low="calm", high="very tense")
    unwell = YesNoField(label="Unwell today")
    note = note_field()


class DayTotalForm(EntryForm):
    """One line of a diary kept elsewhere, to be corrected or added by hand."""

    date = forms.DateField(
        label="Day", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    was_observed = forms.TypedChoiceField(
        label="Somebody watched on this day",
        choices=[("yes", "yes"), ("no", "no")],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
    )
    clusters = WholeNumberField(
        label="Clusters seen (0 when none was seen)", required=False, min_value=0, max_value=1000
    )
    spasms = WholeNumberField(
        label="Spasms seen in all of them", required=False, min_value=0, max_value=100_000
    )
    hours_watched = NumberField(
        label="Watched or heard", unit="h", required=False, min_value=0, max_value=25
    )
    adherence_percent = NumberField(
        label="Meals that met their targets", unit="%", required=False, min_value=0, max_value=100
    )
    note = note_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("was_observed") and "clusters" in data and data["clusters"] is None:
            self.add_error("clusters", "How many? Write 0 when none was seen.")
        if data.get("was_observed") is False:
            data["clusters"] = data["spasms"] = None  # not watched is never nought
        return data


class MeasurementForm(EntryForm):
    """One reading of a chosen kind; an unusual value is asked about, never refused silently."""

    happened_at = LocalTimeField(label="When", zone=UTC)
    value = NumberField(label="Value")
    unit = forms.ChoiceField(label="Unit", choices=Unit.choices, widget=forms.RadioSelect)
    note = note_field()
    is_right = forms.BooleanField(
        label="I checked: value and unit are right",
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: Any, kind: str, unit: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.order_fields(["happened_at", "value", "is_right", "unit", "note"])
        units = units_of(kind)
        self.fields["unit"].choices = [(u, Unit(u).label) for u in units]  # type: ignore[attr-defined]
        if len(units) == 1:
            self.fields["unit"].initial = units[0]
            self.fields["unit"].widget = forms.HiddenInput()
            self.fields["value"].unit = Unit(units[0]).label  # type: ignore[attr-defined]
        elif unit in units:
            self.fields["unit"].initial = unit
        if kind == Kind.KETONES_URINE:
            self.fields["value"] = forms.TypedChoiceField(
                label="Strip colour",
                choices=[(str(k), v) for k, v in URINE_GRADES.items()],
                coerce=int,
                widget=forms.RadioSelect,
            )
            self.order_fields(["happened_at", "value"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        value, unit = data.get("value"), data.get("unit")
        if value is None or (self.kind, unit) not in RANGES:
            return data
        low, high, lowest, highest = RANGES[self.kind, str(unit)]
        if not lowest <= value <= highest:
            self.add_error(
                "value",
                f"{value} {unit} cannot be right: the value lies from {lowest:g} to "
                f"{highest:g} {unit}. Check the number and the unit.",
            )
        elif not (low <= value <= high or data.get("is_right")):
            self.fields["is_right"].widget = forms.CheckboxInput()
            self.add_error(
                "value", f"{value} {unit} is unusual. Check the number and the unit, then confirm."
            )
        return data

    def values(self) -> dict[str, Any]:
        values = super().values()
        values.pop("is_right")
        return {**values, "kind": self.kind}
