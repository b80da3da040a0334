"""A stored value as JSON and back, strictly: nothing is coerced on the way in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Field, ForeignKey

# Field type: how JSON writes it, its JSON Schema.
_TEXT: dict[str, Any] = {"type": "string"}
_SHAPES: dict[str, tuple[tuple[type, ...], dict[str, Any]]] = {
    "UUIDField": ((str,), {**_TEXT, "format": "uuid"}),
    "DateTimeField": ((str,), {**_TEXT, "format": "date-time"}),
    "DateField": ((str,), {**_TEXT, "format": "date"}),
    "TimeField": ((str,), {**_TEXT, "format": "time"}),
    "DecimalField": ((str,), {**_TEXT, "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
    "BooleanField": ((bool,), {"type": "boolean"}),
    "JSONField": ((dict, list, str, int, float, bool), {}),
    "CharField": ((str,), _TEXT),
    "EmailField": ((str,), _TEXT),
    "TextField": ((str,), _TEXT),
}
_WHOLE: tuple[tuple[type, ...], dict[str, Any]] = ((int,), {"type": "integer"})


def plain(value: Any) -> Any:
    """A stored value as JSON: decimals as text, so that no digit is lost; instants in UTC."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def read(field: Field[Any, Any], raw: Any) -> Any:
    """The value of a field from JSON. Raises ValidationError for any other type."""
    if raw is None:
        return None
    wanted, _ = _shape(field)
    if type(raw) not in wanted:
        raise ValidationError(f"a value such as {raw!r:.40} does not belong here")
    value = _target(field).to_python(raw)
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValidationError("an instant needs its offset, such as 2026-03-01T02:14:00Z")
    return value


def schema_of(field: Field[Any, Any]) -> dict[str, Any]:
    """The JSON Schema of one field."""
    _, schema = _shape(field)
    schema = dict(schema)
    choices = [value for value, _ in field.flatchoices]
    if choices and schema.get("type") in ("string", "integer"):
        schema["enum"] = [*choices, *([""] if field.blank and "" not in choices else [])]
    if field.null and schema:
        schema = {"anyOf": [schema, {"type": "null"}]}
    if isinstance(field, ForeignKey):
        schema["description"] = f"an id of {field.related_model._meta.label_lower}"
    return schema


def _target(field: Field[Any, Any]) -> Field[Any, Any]:
    while isinstance(field, ForeignKey):
        field = field.target_field
    return field


def _shape(field: Field[Any, Any]) -> tuple[tuple[type, ...], dict[str, Any]]:
    return _SHAPES.get(_target(field).get_internal_type(), _WHOLE)
