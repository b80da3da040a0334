"""Forms about people and children."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from quietdays.people.models import CLINICAL_ROLES, Child, Person, Role, zone_names
from quietdays.records.ids import new_id
from quietdays.words import LANGUAGES, Text, counted, plain


def date_field(label: Text, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        **kwargs,
    )


def password_field() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        help_text=gettext_lazy("At least 10 characters. Three words in a row are easy to keep."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class TimeZoneField(forms.CharField):
    """An IANA zone by its name; the page fills in the browser's own."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Where the child is (time zone)"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"list": "time-zones", "data-guess-zone": "", "autocomplete": "off"}
            ),
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        name = super().clean(value)
        if name not in zone_names():
            raise ValidationError(gettext("Choose a time zone by its city, such as Europe/Berlin."))
        return str(name)


class AccountForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Your name"), max_length=120)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = password_field()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password"):
            probe = Person(name=data.get("name", ""), email=data.get("email", ""))
            try:
                password_validation.validate_password(data["password"], probe)
            except ValidationError as error:
                self.add_error("password", error)
        if Person.objects.filter(email=str(data.get("email", "")).lower()).exists():
            self.add_error("email", gettext("This address has an account. Sign in instead."))
        return data


class ChildForm(forms.Form):
    child_name = forms.CharField(label=gettext_lazy("The baby's first name"), max_length=120)
    birth_date = date_field(gettext_lazy("Born on"))
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"),
        choices=Child.Sex.choices,
        widget=forms.RadioSelect,
        initial="unknown",
    )
    time_zone = TimeZoneField()
    diet_started_on = date_field(
        gettext_lazy("First day on the diet (if it has begun)"), required=False
    )


class NewChildForm(ChildForm):
    """Carries the child's id, so that a second tap makes no second child."""

    id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)


class WelcomeForm(AccountForm, NewChildForm):
    """A family's first page: an account and a child, nothing more."""

    field_order = [
        "id",
        "child_name",
        "birth_date",
        "sex",
        "time_zone",
        "diet_started_on",
        "name",
        "email",
        "password",
    ]


def _scale_steps() -> list[tuple[str, str]]:
    return [(step, f"{plain(step)} g") for step in ("0.1", "0.5", "1.0")]


def _years_kept() -> list[tuple[str, str]]:
    years = [(str(n), counted(n, "year")) for n in (1, 2, 5, 10, 20, 30)]
    return [("", gettext("until we delete it")), *years]


class ChildSettingsForm(ChildForm):
    glucose_unit = forms.ChoiceField(
        label=gettext_lazy("Glucose is read in"),
        choices=Child.GlucoseUnit.choices,
        widget=forms.RadioSelect,
    )
    weight_unit = forms.ChoiceField(
        label=gettext_lazy("Weight is read in"),
        choices=Child.WeightUnit.choices,
        widget=forms.RadioSelect,
    )
    summary_weekday = forms.TypedChoiceField(
        label=gettext_lazy("The week is summed up each"),
        help_text=gettext_lazy("In the morning, for the seven days before."),
        choices=Child.Weekday.choices,
        coerce=int,
    )
    scale_step_g = forms.TypedChoiceField(
        label=gettext_lazy("The kitchen scale shows steps of"),
        choices=_scale_steps,
        coerce=Decimal,
        widget=forms.RadioSelect,
    )
    kept_years = forms.TypedChoiceField(
        label=gettext_lazy("Keep everything"),
        help_text=gettext_lazy(
            "After so long without an entry it is deleted, with 30 days’ notice."
        ),
        choices=_years_kept,
        coerce=int,
        empty_value=None,
        required=False,
    )
    phone = forms.CharField(
        label=gettext_lazy("The family's phone, for the care team"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )


class InviteForm(forms.Form):
    role = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[(role.value, role.label) for role in Role if role != Role.GUEST],
        widget=forms.RadioSelect,
        initial="parent",
    )


class StaffForm(forms.Form):
    role = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=[(role.value, role.label) for role in Role if role in CLINICAL_ROLES],
        widget=forms.RadioSelect,
    )


class GuestForm(forms.Form):
    """For how long somebody helps out."""

    lasts = forms.TypedChoiceField(
        label=gettext_lazy("For"),
        coerce=lambda hours: timedelta(hours=int(hours)),
        choices=[
            ("12", gettext_lazy("12 hours")),
            ("48", gettext_lazy("2 days")),
            ("168", gettext_lazy("a week")),
            ("720", gettext_lazy("30 days")),
        ],
        widget=forms.RadioSelect,
        initial="12",
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class NameAndCodeForm(CodeForm):
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("It stands beside what you enter."),
        max_length=120,
    )


class TravelForm(forms.Form):
    time_zone = TimeZoneField(label=gettext_lazy("We are now in"))


class ThemeForm(forms.ModelForm):  # type: ignore[type-arg]
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[("", gettext_lazy("As this browser asks")), *LANGUAGES],
    )

    class Meta:
        model = Person
        fields = ["theme", "language"]
        widgets = {"theme": forms.RadioSelect}
        labels = {"theme": gettext_lazy("Screen")}
