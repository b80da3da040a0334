"""A planned meal, a recipe, a feed mixed to a volume, a week's menu."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from quietdays.diet.models import Prescription, Recipe
from quietdays.records.forms import EntryForm, LocalTimeField, NumberField, WholeNumberField
from quietdays.science.diet_target import DietTarget
from quietdays.words import plain

UTC = ZoneInfo("UTC")
SNACK = "snack"
AVERAGE = gettext_lazy("A meal with an average share")
BOTTLES_MAX = 24


class PlannedMealForm(EntryForm):
    happened_at = LocalTimeField(label=gettext_lazy("When"), zone=UTC, may_be_future=True)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    which = forms.ChoiceField(label=gettext_lazy("Which meal is it?"), required=False)

    def __init__(self, *args: Any, prescription: Prescription | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = choices_of(prescription)
        if len(self.targets) < 2:
            del self.fields["which"]
        else:
            choices = [(token, name) for token, name, _ in self.targets]
            if self.initial.get("which") == "" and choices[0][0]:
                # An average meal, such as a bottle, must not become a breakfast unseen.
                choices.insert(0, ("", str(AVERAGE)))
            self.fields["which"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        which = data.get("which", "")
        return {
            "happened_at": data["happened_at"],
            "name": data["name"],
            "slot": int(which) if which.isdigit() else None,
            "is_snack": which == SNACK,
        }


def choices_of(prescription: Prescription | None) -> list[tuple[str, str, DietTarget]]:
    """The meals that a plan may be for: a token, its name, what it should hold."""
    if prescription is None:
        return []
    found = [("", str(AVERAGE), prescription.target_for(None))]
    if prescription.meal_slots:
        named = zip(prescription.meal_slots, prescription.meal_targets, strict=True)
        found = [
            (str(n), f"{slot['name']}, {plain(slot['percent'])} %", target)
            for n, (slot, target) in enumerate(named, 1)
        ]
    if prescription.snack_target is not None:
        found.append((SNACK, gettext("A snack"), prescription.snack_target))
    return found


class RecipeForm(EntryForm):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    servings = WholeNumberField(
        label=gettext_lazy("The amounts below make"),
        unit=gettext_lazy("servings"),
        min_value=1,
        max_value=60,
        initial=1,
    )
    main_food = forms.CharField(
        label=gettext_lazy("Main food, for variety (egg, chicken, fish …)"),
        required=False,
        max_length=40,
    )
    minutes = WholeNumberField(
        label=gettext_lazy("Minutes to make"),
        unit="min",
        required=False,
        min_value=0,
        max_value=600,
    )
    liking = forms.TypedChoiceField(
        label=gettext_lazy("How much is it liked?"),
        choices=[("0", gettext_lazy("not in menus")), *((str(n), str(n)) for n in range(1, 6))],
        coerce=int,
        initial="3",
        widget=forms.RadioSelect,
    )
    suits = forms.MultipleChoiceField(
        label=gettext_lazy("Suits (none ticked: every meal)"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    instructions = forms.CharField(
        label=gettext_lazy("How it is made"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, slot_names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(dict.fromkeys([*slot_names, *(self.initial.get("suits") or [])]))
        if known:
            self.fields["suits"].choices = [(n, n) for n in known]  # type: ignore[attr-defined]
        else:
            del self.fields["suits"]

    def values(self) -> dict[str, Any]:
        return {"suits": [], **super().values(), "kind": Recipe.Kind.MEAL}


class FeedForm(EntryForm):
    """A feed mixed for a day: its volume, energy, ratio and the bottles that it fills."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, initial=gettext_lazy("Day’s feed")
    )
    volume_ml = NumberField(
        label=gettext_lazy("Volume for the day"), unit="mL", min_value=20, max_value=3000
    )
    energy_kcal = NumberField(label=gettext_lazy("Energy of the whole"), unit="kcal", min_value=10)
    ratio = NumberField(
        label=gettext_lazy("Ratio"), unit=": 1", min_value=Decimal("0.5"), max_value=8
    )
    bottles = WholeNumberField(
        label=gettext_lazy("Bottles or tube feeds"), unit="", min_value=1, max_value=BOTTLES_MAX
    )
    made_at = forms.TimeField(
        label=gettext_lazy("Made at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    keeps_h = NumberField(
        label=gettext_lazy("May be used for, as the team or the label says (optional)"),
        unit="h",
        required=False,
        min_value=1,
        max_value=48,
    )


class MenuForm(forms.Form):
    """What the household asks of a week."""

    start = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    max_uses = WholeNumberField(
        label=gettext_lazy("A dish comes at most"),
        unit=gettext_lazy("times"),
        min_value=1,
        max_value=35,
        initial=3,
    )
    gap_days = WholeNumberField(
        label=gettext_lazy("Days between the same dish"),
        unit=gettext_lazy("days"),
        min_value=1,
        max_value=7,
        initial=2,
    )
    distinct_min = WholeNumberField(
        label=gettext_lazy("Different dishes at least"), required=False, min_value=1, max_value=35
    )
    minutes_day_max = WholeNumberField(
        label=gettext_lazy("Time in the kitchen a day at most"),
        unit="min",
        required=False,
        min_value=5,
    )
    protein_percent = WholeNumberField(
        label=gettext_lazy("Protein of a day within"),
        unit=gettext_lazy("% of the prescribed"),
        required=False,
        min_value=1,
        max_value=100,
        initial=10,
    )

    def clean_start(self) -> date:
        start: date = self.cleaned_data["start"]
        if not 2000 <= start.year <= 2098:  # the pages of a day end with the century
            raise ValidationError(gettext("Check the year: %(date)s.") % {"date": start})
        return start
