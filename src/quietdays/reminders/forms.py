"""Forms for who is told of what, by what, and when not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from quietdays.records.forms import WholeNumberField
from quietdays.reminders.models import Kind, Turn
from quietdays.words import Text

SNOOZES_OFFERED = (5, 10, 15, 30, 60)


def _clock(label: Text) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class QuietForm(forms.Form):
    """Hours in which nothing rings; both ends or none."""

    quiet_from = _clock(gettext_lazy("Quiet from"))
    quiet_until = _clock(gettext_lazy("until"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ends = ("quiet_from", "quiet_until")
        for end, other in (ends, ends[::-1]):
            if end in data and other in data and data[end] is None and data[other] is not None:
                self.add_error(end, gettext("Quiet hours need a beginning and an end."))
        return data


class TurnForm(QuietForm):
    """How the person at the screen is told of what is due for one child."""

    order = forms.TypedChoiceField(
        label=gettext_lazy("Tell me"),
        choices=Turn.Order.choices,
        coerce=int,
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Of"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    snooze_min = forms.TypedMultipleChoiceField(
        label=gettext_lazy("I can put it off for (minutes)"),
        choices=[(minutes, str(minutes)) for minutes in SNOOZES_OFFERED],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    shows_details = forms.BooleanField(
        label=gettext_lazy("Names of medicines and meals may stand on a locked screen"),
        required=False,
    )
    field_order = ["order", "kinds", "quiet_from", "quiet_until", "snooze_min", "shows_details"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("order") and not data.get("kinds", True):
            self.add_error("kinds", gettext("Choose at least one, or “not at all” above."))
        return data


class RulesForm(forms.Form):
    """What holds for everybody who cares for one child."""

    escalate_min = WholeNumberField(
        label=gettext_lazy("Nobody answered: tell the next carer after"), unit="min"
    )
    proof_max_age_h = WholeNumberField(
        label=gettext_lazy("Warn when a phone has not proved that it is reached for"), unit="h"
    )


class EmailForm(forms.Form):
    address = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class ServiceForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    address = forms.CharField(
        label=gettext_lazy("Its address"),
        max_length=1000,
        help_text=gettext_lazy(
            "Such as ntfys://ntfy.example/our-topic or tgram://token/chat. It is not shown again."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FeedForm(forms.Form):
    """A calendar address: what it is for, when it rings, and whether it names medicines."""

    name = forms.CharField(
        label=gettext_lazy("For whose calendar?"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("Mira’s phone, the kitchen tablet …")}
        ),
    )
    alarm_min = forms.TypedChoiceField(
        label=gettext_lazy("It rings"),
        choices=[
            (0, gettext_lazy("at the time")),
            (5, gettext_lazy("5 min before")),
            (15, gettext_lazy("15 min before")),
        ],
        coerce=int,
        initial=0,
        widget=forms.RadioSelect,
    )
    shows_details = forms.BooleanField(
        label=gettext_lazy("Names of medicines and meals may stand in it"), required=False
    )
