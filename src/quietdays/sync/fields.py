"""The fields of each kind: how a phone draws them, and how their values are read.

What is stored comes from the model, the words and limits from the form that a page shows, so
that both faces of the house ask for the same thing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from quietdays.records.forms import DurationField, EntryForm, ScaleField
from quietdays.records.models import Record
from quietdays.records.words import decimal_text
from quietdays.sync import values as read
from quietdays.words import Text, localized

Choices = tuple[tuple[str, Text], ...]
Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind. `is_needed`: an entry cannot be made without it."""

    name: str
    type: str
    label: Text
    required: bool = False  # a form asks for it
    is_needed: bool = False
    may_be_null: bool = False
    is_drawn: bool = True
    unit: Text = ""
    choices: Choices = ()
    min: Number | None = None
    max: Number | None = None
    longest: int | None = None
    places: int | None = None
    is_column: bool = True  # the model holds it, under `column`
    column: str = ""
    reader: Callable[[Any], Any] | None = None  # for what no other type fits

    @property
    def attribute(self) -> str:
        return self.column or self.name

    def read(self, value: Any) -> Any:
        """The value as the model holds it. Raises ValidationError under the field's name."""
        if value is None and self.may_be_null:
            return None
        try:
            found = self.reader(value) if self.reader else _READERS[self.type](self, value)
            self._check_limits(found)
        except ValidationError as error:
            raise ValidationError({self.name: error.messages}) from error
        return found

    def _check_limits(self, value: Any) -> None:
        if not isinstance(value, int | Decimal) or isinstance(value, bool):
            return
        if self.places is not None and value != round(value, self.places):
            few = ngettext(
                "No more than %(places)s decimal.",
                "No more than %(places)s decimals.",
                self.places,
            )
            raise ValidationError(few % {"places": self.places})
        is_low = self.min is not None and value < self.min
        if is_low or (self.max is not None and value > self.max):
            raise ValidationError(
                gettext("%(value)s cannot be right.") % {"value": localized(f"{value}")}
            )

    def spec(self, **known_later: Any) -> dict[str, Any]:
        """FIELD of docs/sync.md#today; `known_later` holds what depends on the child."""
        drawn: dict[str, Any] = {
            "name": self.name,
            "label": str(self.label),
            "type": _DRAWN_AS.get(self.type, self.type),
            "required": self.required,
            "unit": str(self.unit),
            "choices": [[token, str(label)] for token, label in self.choices],
            "min": _plain(self.min),
            "max": _plain(self.max),
            "usual_min": None,
            "usual_max": None,
        }
        return drawn | known_later


_READERS: dict[str, Callable[[Field, Any], Any]] = {
    "number": lambda field, value: read.read_decimal(value),
    "grade": lambda field, value: Decimal(_grade(field, value)),
    "whole": lambda field, value: read.read_whole(value),
    "duration": lambda field, value: read.read_whole(value),
    "scale": lambda field, value: read.read_whole(value),
    "yesno": lambda field, value: read.read_bool(value),
    "flag": lambda field, value: read.read_bool(value),
    "time": lambda field, value: read.read_instant(value),
    "date": lambda field, value: read.read_date(value),
    "clock": lambda field, value: read.read_clock(value),
    "text": lambda field, value: read.read_text(value, field.longest),
    "choice": lambda field, value: read.read_choice(value, [token for token, _ in field.choices]),
    "choices": lambda field, value: read.read_choices(value, [t for t, _ in field.choices]),
    "id": lambda field, value: read.read_id(value),
}
# A strip's colour is tapped like any choice, and stored as its number.
_DRAWN_AS = {"grade": "choice", "id": "choice"}


def _grade(field: Field, value: Any) -> str:
    grade = decimal_text(read.read_decimal(value))
    return read.read_choice(grade, [token for token, _ in field.choices])


def _plain(number: Number | None) -> int | float | None:
    return float(number) if isinstance(number, Decimal) else number


def fields_of(
    model: type[Record], form: type[EntryForm] | None, *names: str, **changes: dict[str, Any]
) -> tuple[Field, ...]:
    """Fields of a model by name; `changes` sets by field what neither model nor form says."""
    asked = {} if form is None else form.base_fields
    return tuple(_field(model, name, asked.get(name), changes.get(name, {})) for name in names)


def _field(
    model: type[Record], name: str, asked: forms.Field | None, changes: dict[str, Any]
) -> Field:
    column: Any = model._meta.get_field(name)
    is_needed = not (column.null or column.blank or column.has_default())
    told: dict[str, Any] = {
        "name": name,
        "column": column.attname,
        "type": _type(column, asked),
        "label": getattr(asked, "label", None) or capfirst(column.verbose_name),
        "required": is_needed if asked is None else bool(asked.required),
        "is_needed": is_needed,
        "may_be_null": column.null,
        "is_drawn": column.editable,
        "unit": getattr(asked, "unit", ""),
        "choices": _choices(column, asked),
        "min": getattr(asked, "min_value", None),
        "max": getattr(asked, "max_value", None),
        "longest": getattr(column, "max_length", None),
        "places": getattr(column, "decimal_places", None),
    }
    if isinstance(asked, ScaleField):
        told |= {"min": 1, "max": 5}
    elif told["type"] in ("whole", "duration") and told["min"] is None:
        told["min"] = 0
    return Field(**(told | changes))


def _type(column: Any, asked: forms.Field | None) -> str:
    if isinstance(asked, ScaleField):
        return "scale"
    if isinstance(asked, DurationField):
        return "duration"
    if isinstance(column, models.ForeignKey):
        return "id"
    if isinstance(column, models.BooleanField):
        return "yesno" if isinstance(asked, forms.ChoiceField) else "flag"
    if isinstance(column, models.JSONField):
        return "choices"
    if getattr(column, "choices", None):
        return "choice"
    for of, name in (
        (models.DateTimeField, "time"),
        (models.DateField, "date"),
        (models.TimeField, "clock"),
        (models.DecimalField, "number"),
        (models.IntegerField, "whole"),
    ):
        if isinstance(column, of):
            return name
    return "text"


def _choices(column: Any, asked: forms.Field | None) -> Choices:
    if isinstance(asked, ScaleField):
        ends = {1: asked.low, 5: asked.high}
        return tuple((str(n), ends.get(n, str(n))) for n in range(1, 6))
    if isinstance(column, models.BooleanField):
        return ()
    offered = getattr(column, "choices", None) or getattr(asked, "choices", None) or ()
    return tuple((str(token), label) for token, label in offered)


def as_json(value: Any) -> Any:
    """A stored value as it travels: decimals and instants as text."""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return read.instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value) if isinstance(value, UUID) else value
