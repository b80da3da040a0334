"""Nightscout's and Tidepool's JSON: readings of meters, each with an id and an instant of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from quietdays.diary.models import Kind
from quietdays.people.models import Child
from quietdays.sharing.imports.plan import Planned, Reading, row_id
from quietdays.sharing.imports.readings import measurement
from quietdays.sharing.imports.table import MAX_ROWS, ImportRefused, Problem, Row, decoded
from quietdays.sharing.imports.times import absolute

_TIDEPOOL = {"bloodKetone": Kind.KETONES_BLOOD, "smbg": Kind.GLUCOSE}


def loaded(data: bytes) -> Any:
    """The JSON of a file. Raises ImportRefused for what is none."""
    try:
        return json.loads(decoded(data), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ImportRefused(
            [Problem(1, f"this is no JSON that can be read: {error}"[:200])]
        ) from error


def items_of(data: bytes) -> list[dict[str, Any]]:
    found = loaded(data)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ImportRefused([Problem(1, "a list of entries is needed")])
    if len(found) > MAX_ROWS:
        raise ImportRefused([Problem(MAX_ROWS, f"more than {MAX_ROWS:,} entries; split the file")])
    return found


def is_tidepool(items: list[dict[str, Any]]) -> bool:
    return any(i.get("type") in (*_TIDEPOOL, "cbg") and "deviceTime" in i for i in items)


def is_nightscout(items: list[dict[str, Any]]) -> bool:
    return any("sgv" in i or "mbg" in i or "eventType" in i for i in items)


def read_tidepool(data: bytes, child: Child) -> Reading:
    return _read(data, child, "tidepool", _tidepool_item)


def read_nightscout(data: bytes, child: Child, unit: str) -> Reading:
    """`unit` is that of `mbg`, which the file does not say; a treatment says its own."""
    return _read(data, child, "nightscout", lambda item: _nightscout_item(item, unit))


Read = tuple[Kind, Any, str, datetime | None]  # what, its value, its unit, when


def _read(data: bytes, child: Child, source: str, of: Any) -> Reading:
    items = items_of(data)
    reading = Reading(len(items))
    for number, item in enumerate(items, start=1):
        row = Row(number, {})
        found: Read | str = of(item)
        if isinstance(found, str):
            reading.left_out.append(Problem(number, found))
            continue
        kind, value, unit, at = found
        if at is None:
            row.complain("its time cannot be read")
        number_read = _decimal(row, value)
        key = item.get("id") or item.get("_id")
        if not isinstance(key, str):
            key = f"{kind}|{at}|{value}"
        planned: list[Planned] = measurement(
            row, at, kind, number_read, unit, entry_id=row_id(child, source, key)
        )
        reading.planned += planned
        reading.problems += row.problems
    return reading


def _tidepool_item(item: dict[str, Any]) -> Read | str:
    kind = _TIDEPOOL.get(str(item.get("type")))
    if kind is None:
        return f"“{str(item.get('type'))[:30]}” is nothing that a diary keeps"
    return kind, item.get("value"), str(item.get("units", "")), absolute(str(item.get("time", "")))


def _nightscout_item(item: dict[str, Any], unit: str) -> Read | str:
    if "mbg" in item:
        return Kind.GLUCOSE, item["mbg"], unit, _epoch(item.get("date"))
    if item.get("glucoseType") == "Finger" and item.get("glucose") is not None:
        units = str(item.get("units", ""))
        own = "mmol/L" if units.lower().startswith("mmol") else units
        return Kind.GLUCOSE, item["glucose"], own, absolute(str(item.get("created_at", "")))
    if "sgv" in item:
        return "a sensor’s reading: the diary keeps those of a meter"
    return "nothing that a diary keeps"


def _epoch(value: Any) -> datetime | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    try:
        return datetime.fromtimestamp(int(value) / 1000, UTC)
    except (ValueError, OverflowError, OSError, InvalidOperation):
        return None


def _decimal(row: Row, value: Any) -> Decimal | None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number or not -1000 <= value <= 1_000_000:
        row.complain(f"“{str(value)[:30]}” is no value")
        return None
    return Decimal(value)
