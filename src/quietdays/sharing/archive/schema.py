"""The published shape of an archive's rows, drawn from the models so that it cannot drift."""

from __future__ import annotations

from typing import Any

from quietdays.sharing.archive.tables import TABLES
from quietdays.sharing.archive.values import schema_of

FORMAT = "quiet-days-archive"
VERSION = 1


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12: a definition for each file of rows, one object a line."""
    rows: dict[str, Any] = {}
    for table in TABLES:
        rows[f"data/{table.name}.jsonl"] = _row(table.fields())
        if table.history is not None:
            rows[f"history/{table.name}.jsonl"] = _row(table.history_fields())
    for name, field in (("food", "created_at"), ("foodcomposition", "entered_at")):
        properties = rows[f"data/diet.{name}.jsonl"]["properties"]
        properties[field] = {"anyOf": [properties[field], {"type": "null"}]}  # of a table's food
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"{FORMAT}, version {VERSION}",
        "description": (
            "Each file holds one JSON object a line; its definition has the file's name. "
            "Decimals are text, instants are in UTC, null is “not recorded”."
        ),
        "$defs": rows,
    }


def _row(fields: list[Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {f.attname: schema_of(f) for f in fields},
        "required": [f.attname for f in fields],
        "additionalProperties": False,
    }
