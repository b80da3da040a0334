"""Fields that people fill in at night: decimal comma or point, local time, chips to tap."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.records.ids import new_id
from quietdays.words import Text

T = TypeVar("T")

# A phone's clock may be fast; more than this is a slip of the date or the hour.
CLOCK_SKEW = timedelta(minutes=15)
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"
_LOCAL_TIME = re.compile(r"20\d{2}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", re.ASCII)


def parse_decimal(text: str) -> Decimal:
    """A number with a decimal comma or a decimal point; no thousands separators.

    Raises ValidationError for anything that could be read in two ways.
    """
    cleaned = text.strip()  # a blank inside is no decimal point: “3 2” is neither 32 nor 3.2
    if not re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", cleaned, flags=re.ASCII):
        raise ValidationError(gettext("Enter one number, such as 3.2 or 3,2."))
    try:
        return Decimal(cleaned.replace(",", "."))
    except InvalidOperation as error:
        raise ValidationError(gettext("Enter one number, such as 3.2 or 3,2.")) from error


class NumberField(forms.DecimalField):
    """A decimal number, typed with comma or point, shown with its unit."""

    def __init__(self, *, unit: Text = "", **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        )
        super().__init__(**kwargs)
        self.unit = unit

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if value in self.empty_values:
            return None
        return parse_decimal(value) if isinstance(value, str) else Decimal(value)


class WholeNumberField(forms.IntegerField):
    def __init__(self, *, unit: Text = "", **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
        )
        super().__init__(**kwargs)
        self.unit = unit


class DurationField(forms.CharField):
    """Minutes and seconds as one field: “4”, “4:30”, “0:45”; stored in seconds."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={
                    "inputmode": "text",
                    "autocomplete": "off",
                    "placeholder": gettext_lazy("4 or 4:30"),
                }
            ),
        )
        super().__init__(**kwargs)
        self.unit = "min"

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{value // 60}:{value % 60:02d}"
        return value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        match = re.fullmatch(r"(\d{1,4}):([0-5]\d)", text, flags=re.ASCII)
        minutes = int(match[1]) + int(match[2]) / 60 if match else float(parse_decimal(text))
        if not 0 <= minutes <= 24 * 60:
            raise ValidationError(
                gettext("Enter minutes, such as 4 or 4:30; no more than 24 hours.")
            )
        return round(minutes * 60)


class LocalTimeField(forms.CharField):
    """An instant, typed as the local time where the child was; its value is in UTC.

    A time that the clocks skipped is refused with the reason, not moved silently. A time that
    came twice is the one nearer to `nearest`, which is what the form was opened with.
    """

    widget = forms.TextInput(attrs={"type": "datetime-local", "step": "60"})

    def __init__(self, *, zone: ZoneInfo, may_be_future: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.zone = zone
        self.may_be_future = may_be_future
        self.nearest: datetime | None = None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(self.zone).strftime(LOCAL_FORMAT)
        return value

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        if self.nearest is not None and text == self.prepare_value(self.nearest):
            return self.nearest  # left as it was: its seconds stay too
        if not _LOCAL_TIME.fullmatch(text):
            raise ValidationError(gettext("Enter a date and a time, where the child was."))
        try:
            naive = datetime.fromisoformat(text)
        except ValueError as error:
            raise ValidationError(gettext("Enter a date and a time.")) from error
        instant = self._instant(naive)
        if instant.astimezone(self.zone).replace(tzinfo=None) != naive:
            raise ValidationError(
                gettext("On this day the clocks skipped %(time)s. Choose a time beside it.")
                % {"time": f"{naive:%H:%M}"}
            )
        if not self.may_be_future and instant > timezone.now() + CLOCK_SKEW:
            raise ValidationError(
                gettext("This time has not come yet. Check the day and the hour.")
            )
        return instant

    def _instant(self, naive: datetime) -> datetime:
        first, second = (naive.replace(tzinfo=self.zone, fold=f).astimezone(UTC) for f in (0, 1))
        if self.nearest is not None and second > first:
            return min(first, second, key=lambda i: abs(i - self.nearest))  # type: ignore[operator]
        return first


class ScaleField(forms.TypedChoiceField):
    """1 to 5 as five chips, with a sixth that says “not said”."""

    def __init__(self, *, low: Text, high: Text, **kwargs: Any) -> None:
        choices = [("", "–"), *((str(i), str(i)) for i in range(1, 6))]
        super().__init__(
            choices=choices,
            coerce=int,
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )
        self.low, self.high = low, high


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not said: three different answers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("", "–"), ("no", gettext_lazy("no")), ("yes", gettext_lazy("yes"))],
            coerce=lambda v: v == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class EntryForm(forms.Form):
    """A form for one record. It carries the record's id, so that sent twice is stored once."""

    id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **kwargs: Any) -> None:
        initial = kwargs.setdefault("initial", {})
        initial.setdefault("id", new_id())
        super().__init__(*args, **kwargs)
        self.zone = zone
        if "happened_at" in self.fields:
            self.initial.setdefault("happened_at", timezone.now())
            self.fields["happened_at"].zone = zone  # type: ignore[attr-defined]
            self.fields["happened_at"].nearest = self.initial["happened_at"]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The cleaned values that belong to the record, its id left out."""
        return {k: v for k, v in self.cleaned_data.items() if k != "id"}


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a model's complaints beside the fields that they are about."""
    fields = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, messages in fields.items():
        target = name if name in form.fields else None
        for message in messages:
            form.add_error(target, message)


def tried(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """What the act answers, when the form is valid and the act agrees; None otherwise.

    What the act refuses stands beside the fields that it is about.
    """
    if not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as error:
        add_errors(form, error)
        return None
