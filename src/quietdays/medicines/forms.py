"""Forms for medicines, the steps of their schedules, and doses."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.medicines.actions import TAPER_ROWS, WHY_NOT, TaperStep
from quietdays.medicines.models import Change, Dose, How
from quietdays.records.forms import EntryForm, LocalTimeField, NumberField, WholeNumberField

UTC = ZoneInfo("UTC")


class TimesField(forms.CharField):
    """Clock times of a day, separated by commas or spaces: “8:00, 20:00”."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"placeholder": "08:00, 20:00", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        times = []
        for text in re.split(r"[,;\s]+", super().clean(value).strip()):
            match = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text, flags=re.ASCII)
            if match:
                times.append(f"{int(match[1]):02d}:{match[2]}")
            elif text:
                raise ValidationError(
                    gettext("“%(text)s” is no time. Write times such as 08:00, 20:00.")
                    % {"text": text}
                )
        return sorted(set(times))


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MedicineForm(EntryForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    form = forms.CharField(
        label=gettext_lazy("Form, as on the label"), required=False, max_length=120
    )
    unit = forms.CharField(
        label=gettext_lazy("Given in (mL, tablet, mg …)"), max_length=20, initial="mL"
    )
    strength_mg_per_unit = NumberField(
        label=gettext_lazy("Strength: mg in one unit"),
        unit="mg",
        required=False,
        max_digits=10,
        decimal_places=4,
        help_text=gettext_lazy(
            "For a syrup of 50 mg/mL given in mL, 50. Leave it empty if it is not in mg."
        ),
    )
    carbohydrate_g_per_unit = NumberField(
        label=gettext_lazy("Carbohydrate in one unit (from the product sheet)"),
        unit="g",
        required=False,
        min_value=0,
    )
    carbohydrate_source = forms.CharField(
        label=gettext_lazy("Where that figure comes from"), required=False, max_length=200
    )
    carbohydrate_checked_on = forms.DateField(
        label=gettext_lazy("Checked on"), required=False, widget=_date_input()
    )

    def clean_strength_mg_per_unit(self) -> Decimal | None:
        strength: Decimal | None = self.cleaned_data["strength_mg_per_unit"]
        if strength is not None and strength <= 0:
            raise ValidationError(gettext("A strength is more than zero."))
        return strength

    def clean_carbohydrate_checked_on(self) -> date | None:
        checked_on: date | None = self.cleaned_data["carbohydrate_checked_on"]
        if checked_on is not None and checked_on > timezone.now().astimezone(self.zone).date():
            raise ValidationError(gettext("This date has not come yet."))
        return checked_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("carbohydrate_g_per_unit") is None:
            return data
        if not data.get("carbohydrate_source"):
            self.add_error("carbohydrate_source", gettext("Say where the figure comes from."))
        if not (data.get("carbohydrate_checked_on") or "carbohydrate_checked_on" in self.errors):
            self.add_error("carbohydrate_checked_on", gettext("On which day was it looked up?"))
        return data


class StepForm(EntryForm):
    """One dated step, as the clinician wrote it."""

    effective_from = forms.DateField(label=gettext_lazy("From"), widget=_date_input())
    change = forms.ChoiceField(
        label=gettext_lazy("What changes"), choices=Change.choices, widget=forms.RadioSelect
    )
    dose = NumberField(label=gettext_lazy("Each dose"), required=False, min_value=0)
    times = TimesField(label=gettext_lazy("At (local times)"), required=False)
    how = forms.ChoiceField(
        label=gettext_lazy("It is given"),
        choices=How.choices,
        widget=forms.RadioSelect,
        initial=How.SCHEDULED,
        required=False,
    )
    rules = forms.CharField(
        label=gettext_lazy("The team’s rules, in their words (for as needed and rescue)"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    every_days = WholeNumberField(
        label=gettext_lazy("Every … days (2 is every other day)"),
        unit=gettext_lazy("days"),
        required=False,
        min_value=1,
        max_value=28,
        initial=1,
    )
    hours_between = NumberField(
        label=gettext_lazy("Least time between two doses, if the team gave one"),
        unit="h",
        required=False,
        min_value=Decimal("0.5"),
        max_value=72,
        max_digits=4,
        decimal_places=2,
    )
    written_by = forms.CharField(label=gettext_lazy("Written by (who decided it)"), max_length=120)
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)

    # What the usual step, so much at these times every day, leaves alone.
    UNUSUAL = {"how": How.SCHEDULED, "rules": "", "every_days": 1, "hours_between": None}

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["dose"].unit = unit  # type: ignore[attr-defined]

    def unusual(self) -> list[forms.BoundField]:
        return [self[name] for name in self.UNUSUAL]

    def is_unusual(self) -> bool:
        """Whether something stands in the folded part, which then has to be seen."""
        blank = (None, "")
        return any(
            field.errors or str(field.value() or "") not in (*blank, str(self.UNUSUAL[field.name]))
            for field in self.unusual()
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["how"] = data.get("how") or How.SCHEDULED
        if "every_days" in data and data["every_days"] is None:
            data["every_days"] = 1
        if data.get("change") == Change.STOP:
            data |= {"dose": None, "times": [], **self.UNUSUAL}
        elif data["how"] == How.SCHEDULED:
            self._need_dose_and_times(data)
        else:
            self._need_rules_alone(data)
        return data

    def _need_dose_and_times(self, data: dict[str, Any]) -> None:
        if "dose" in data and data["dose"] is None:
            self.add_error("dose", gettext("How much is each dose?"))
        if "times" in data and not data["times"]:
            self.add_error("times", gettext("At which times? Write them as 08:00, 20:00."))

    def _need_rules_alone(self, data: dict[str, Any]) -> None:
        if "rules" in data and not data["rules"]:
            self.add_error("rules", gettext("What did the team write? When it is given, and how."))
        if data.get("times"):
            self.add_error("times", gettext("As needed and rescue have no times. Empty this."))
        if data.get("every_days", 1) != 1:
            self.add_error("every_days", gettext("As needed and rescue have no days. Write 1."))


class TaperForm(EntryForm):
    """Several dated steps at once. Blank times are those of the step before."""

    written_by = forms.CharField(label=gettext_lazy("Written by (who decided it)"), max_length=120)
    stop_on = forms.DateField(
        label=gettext_lazy("Stop on, if it ends"), required=False, widget=_date_input()
    )

    ROWS = TAPER_ROWS
    SHOWN = 3  # so many stand open; the others are folded until something is in them
    NAMES = ("from", "dose", "times", "every")

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for i in range(self.ROWS):
            times = gettext("At (local times)") if i == 0 else gettext("At (empty: as before)")
            self.fields |= {
                f"from_{i}": forms.DateField(
                    label=gettext("From"), required=False, widget=_date_input()
                ),
                f"dose_{i}": NumberField(
                    label=gettext("Each dose"),
                    unit=unit,
                    required=False,
                    max_digits=8,
                    decimal_places=3,
                ),
                f"times_{i}": TimesField(label=times, required=False),
                f"every_{i}": WholeNumberField(
                    label=gettext("Every (empty: every day)"),
                    unit=gettext_lazy("days"),
                    required=False,
                    min_value=1,
                    max_value=28,
                ),
            }

    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{i}"] for name in self.NAMES] for i in range(self.ROWS)]

    def shown_rows(self) -> list[list[forms.BoundField]]:
        return self.rows()[: self.SHOWN]

    def folded_rows(self) -> list[list[forms.BoundField]]:
        return self.rows()[self.SHOWN :]

    def is_unfolded(self) -> bool:
        return any(field.value() or field.errors for row in self.folded_rows() for field in row)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        before: date | None = None
        times: list[str] = []
        for i in range(self.ROWS):
            row = {name: data.get(f"{name}_{i}") for name in self.NAMES}
            wrong = any(f"{name}_{i}" in self.errors for name in self.NAMES)
            if not (wrong or any(row.values())):
                continue
            times = row["times"] or times
            data[f"times_{i}"] = times
            self._check_row(i, row, times, before)
            before = row["from"] or before
        if before is None and not self.errors:
            self.add_error("from_0", gettext("Write down at least one step."))
        stop_on = data.get("stop_on")
        if stop_on and before and stop_on <= before:
            self.add_error("stop_on", gettext("This is not after the last step."))
        return data

    def _check_row(
        self, i: int, row: dict[str, Any], times: list[str], before: date | None
    ) -> None:
        """A row that was begun has to be whole: half a row would be dropped unseen."""
        if row["from"] is None:
            self._say(f"from_{i}", gettext("From which day on?"))
        elif before is not None and row["from"] <= before:
            self._say(f"from_{i}", gettext("This is not after the step before it."))
        if not row["dose"] or row["dose"] < 0:
            self._say(
                f"dose_{i}", gettext("How much is each dose? For none, write “Stop on” below.")
            )
        if not times:
            self._say(f"times_{i}", gettext("At which times? Write them as 08:00, 20:00."))

    def _say(self, name: str, text: str) -> None:
        if name not in self.errors:
            self.add_error(name, text)

    def steps(self) -> list[TaperStep]:
        data = self.cleaned_data
        return [
            TaperStep(
                row=i,
                effective_from=data[f"from_{i}"],
                dose=data[f"dose_{i}"],
                times=data[f"times_{i}"],
                every_days=data[f"every_{i}"] or 1,
            )
            for i in range(self.ROWS)
            if data[f"from_{i}"]
        ]


class DoseForm(EntryForm):
    happened_at = LocalTimeField(label=gettext_lazy("When"), zone=UTC)
    outcome = forms.ChoiceField(
        label=gettext_lazy("The dose was"),
        choices=Dose.Outcome.choices,
        widget=forms.RadioSelect,
        initial=Dose.Outcome.GIVEN,
    )
    amount = NumberField(label=gettext_lazy("How much"), required=False, min_value=0)
    vomited_after = forms.BooleanField(label=gettext_lazy("Vomited afterwards"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why not, or why again so soon"), required=False, max_length=500
    )

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].unit = unit  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Dose.Outcome.GIVEN:
            if "amount" in data and not data["amount"]:
                self.add_error("amount", gettext("How much was given?"))
        elif data.get("outcome") == Dose.Outcome.SKIPPED:
            data["amount"] = None
            if not data.get("reason"):
                self.add_error("reason", WHY_NOT)
        return data
