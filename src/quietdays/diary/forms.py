"""What a carer fills in for each kind of diary entry."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext, gettext_lazy

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
from quietdays.words import Text, localized, plain

UTC = ZoneInfo("UTC")


_NOTE = gettext_lazy("Note")


def note_field(label: Text = _NOTE) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


def chips(choices: type[Any], label: Text, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices.choices, widget=forms.RadioSelect, **kwargs
    )


class ClusterForm(EntryForm):
    happened_at = LocalTimeField(label=gettext_lazy("When it began"), zone=UTC)
    spasm_count = WholeNumberField(
        label=gettext_lazy("Spasms"), unit=gettext_lazy("spasms"), required=False, min_value=1
    )
    count_kind = chips(CountKind, gettext_lazy("How sure is the number?"), initial=CountKind.EXACT)
    duration_s = DurationField(label=gettext_lazy("How long"), required=False)
    state_at_onset = chips(
        StateAtOnset, gettext_lazy("When it began, the baby was"), required=False
    )
    pattern = chips(Pattern, gettext_lazy("What it looked like"), required=False)
    certainty = chips(Certainty, gettext_lazy("Were these spasms?"), initial=Certainty.SURE)
    note = note_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        count, kind = data.get("spasm_count"), data.get("count_kind")
        if "spasm_count" in data and kind != CountKind.UNKNOWN and count is None:
            self.add_error(
                "spasm_count", gettext("How many spasms? Or choose “not counted” below.")
            )
        if kind == CountKind.UNKNOWN and count is not None:
            self.add_error(
                "count_kind", gettext("A number is given: choose counted, about, or at least.")
            )
        return data


class OtherSeizureForm(EntryForm):
    happened_at = LocalTimeField(label=gettext_lazy("When it began"), zone=UTC)
    looks = chips(OtherSeizure.Looks, gettext_lazy("What it looked like"))
    duration_s = DurationField(label=gettext_lazy("How long"), required=False)
    rescue_given = YesNoField(label=gettext_lazy("Rescue medicine given"))
    note = note_field()


class IllnessForm(EntryForm):
    started_on = forms.DateField(
        label=gettext_lazy("Began on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    ended_on = forms.DateField(
        label=gettext_lazy("Last day (leave empty while it goes on)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    fever = forms.BooleanField(label=gettext_lazy("With fever"), required=False)
    what = forms.CharField(label=gettext_lazy("What it was"), required=False, max_length=200)


class VisitForm(EntryForm):
    happened_at = LocalTimeField(label=gettext_lazy("When"), zone=UTC, may_be_future=True)
    whom = forms.CharField(
        label=gettext_lazy("With whom"),
        max_length=120,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("Dr Okafor, neurology clinic …")}
        ),
    )
    note = note_field()


class QuestionForm(EntryForm):
    date = forms.DateField(
        label=gettext_lazy("Asked on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    text = forms.CharField(
        label=gettext_lazy("What to ask"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    answer = forms.CharField(
        label=gettext_lazy("The answer, once it is known"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EegForm(EntryForm):
    date = forms.DateField(
        label=gettext_lazy("Date of the EEG"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    based = forms.TypedChoiceField(
        label=gettext_lazy("BASED score, as reported"),
        choices=[("", gettext_lazy("not said")), *((str(i), str(i)) for i in range(MAX_BASED + 1))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    hypsarrhythmia = YesNoField(label=gettext_lazy("Hypsarrhythmia, as reported"))
    finding = forms.CharField(
        label=gettext_lazy("What the report said"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CheckInForm(EntryForm):
    alertness = ScaleField(
        label=gettext_lazy("Alertness"), low=gettext_lazy("drowsy"), high=gettext_lazy("bright")
    )
    feeding = ScaleField(
        label=gettext_lazy("Feeding"), low=gettext_lazy("refused"), high=gettext_lazy("eager")
    )
    behaviour = ScaleField(
        label=gettext_lazy("Behaviour"), low=gettext_lazy("upset"), high=gettext_lazy("content")
    )
    sleep_hours = NumberField(
        label=gettext_lazy("Sleep in the day and night"),
        unit="h",
        required=False,
        min_value=0,
        max_value=24,
    )
    night_wakings = WholeNumberField(
        label=gettext_lazy("Woke at night"),
        unit=gettext_lazy("times"),
        required=False,
        min_value=0,
        max_value=60,
    )
    woke_at = forms.TimeField(
        label=gettext_lazy("Woke for the day at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    stress = ScaleField(
        label=gettext_lazy("Stress at home"),
        low=gettext_lazy("calm"),
        high=gettext_lazy("very tense"),
    )
    unwell = YesNoField(label=gettext_lazy("Unwell today"))
    note = note_field()


class DayTotalForm(EntryForm):
    """One line of a diary kept elsewhere, to be corrected or added by hand."""

    date = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    was_observed = forms.TypedChoiceField(
        label=gettext_lazy("Somebody watched on this day"),
        choices=[("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))],
        coerce=lambda v: v == "yes",
        widget=forms.RadioSelect,
    )
    clusters = WholeNumberField(
        label=gettext_lazy("Clusters seen (0 when none was seen)"),
        required=False,
        min_value=0,
        max_value=1000,
    )
    spasms = WholeNumberField(
        label=gettext_lazy("Spasms seen in all of them"),
        required=False,
        min_value=0,
        max_value=100_000,
    )
    hours_watched = NumberField(
        label=gettext_lazy("Watched or heard"), unit="h", required=False, min_value=0, max_value=25
    )
    adherence_percent = NumberField(
        label=gettext_lazy("Meals that met their targets"),
        unit="%",
        required=False,
        min_value=0,
        max_value=100,
    )
    note = note_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("was_observed") and "clusters" in data and data["clusters"] is None:
            self.add_error("clusters", gettext("How many? Write 0 when none was seen."))
        if data.get("was_observed") is False:
            data["clusters"] = data["spasms"] = None  # not watched is never nought
        return data


class MeasurementForm(EntryForm):
    """One reading of a chosen kind; an unusual value is asked about, never refused silently."""

    happened_at = LocalTimeField(label=gettext_lazy("When"), zone=UTC)
    value = NumberField(label=gettext_lazy("Value"))
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=Unit.choices, widget=forms.RadioSelect
    )
    note = note_field()
    is_right = forms.BooleanField(
        label=gettext_lazy("I checked: value and unit are right"),
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
                label=gettext("Strip colour"),
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
                gettext(
                    "%(value)s %(unit)s cannot be right: the value lies from %(lowest)s to %(highest)s "
                    "%(unit)s. Check the number and the unit."
                )
                % {
                    "value": localized(f"{value}"),
                    "unit": unit,
                    "lowest": plain(lowest),
                    "highest": plain(highest),
                },
            )
        elif not (low <= value <= high or data.get("is_right")):
            self.fields["is_right"].widget = forms.CheckboxInput()
            self.add_error(
                "value",
                gettext(
                    "%(value)s %(unit)s is unusual. Check the number and the unit, then confirm."
                )
                % {"value": localized(f"{value}"), "unit": unit},
            )
        return data

    def values(self) -> dict[str, Any]:
        values = super().values()
        values.pop("is_right")
        return {**values, "kind": self.kind}
