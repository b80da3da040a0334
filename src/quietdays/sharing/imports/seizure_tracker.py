"""Seizure Tracker's export of events: a CSV with a row a seizure.

Layout as a public research script reads it (2018); in it a length or a number of 0 means that
none was entered, and so it does here. Source: docs/interoperability.md#imports.
"""

from __future__ import annotations

from typing import Any

from quietdays.diary.models import MAX_SPASMS_IN_CLUSTER, CountKind, OtherSeizure, SpasmCluster
from quietdays.people.models import Child
from quietdays.sharing.imports.plan import Planned, Reading, row_id
from quietdays.sharing.imports.table import Row, read_any_table
from quietdays.sharing.imports.times import instant_of, orders_of

COLUMNS = frozenset({"type", "date_time"})
_SPASMS = "infantile spasms"


def is_ours(columns: list[str]) -> bool:
    return set(columns) >= COLUMNS and any(c.startswith("length_") for c in columns)


def orders(data: bytes) -> list[str]:
    _, rows = read_any_table(data)
    return orders_of(row.text("date_time") for row in rows)


def read(data: bytes, child: Child, order: str) -> Reading:
    _, rows = read_any_table(data)
    reading = Reading(len(rows))
    for row in rows:
        reading.planned += _event(row, child, order)
    reading.problems = [p for row in rows for p in row.problems]
    return reading


def _event(row: Row, child: Child, order: str) -> list[Planned]:
    at = instant_of(row, child, row.text("date_time"), order)
    seconds = _length_s(row)
    if at is None or row.problems:
        return []
    kind = row.text("type")
    note = "; ".join(filter(None, (row.text("note") or row.text("notes"), row.text("trigger"))))
    values: dict[str, Any] = {"happened_at": at, "duration_s": seconds or None}
    entry_id = row_id(child, "seizure-tracker", row.text("guid") or at.isoformat(), kind)
    if not kind.lower().startswith(_SPASMS):
        values |= {"looks": OtherSeizure.Looks.OTHER, "note": "; ".join(filter(None, (kind, note)))}
        return [Planned(row.number, OtherSeizure, entry_id, values)]
    spasms = row.whole("type_isspasmnum", 0, MAX_SPASMS_IN_CLUSTER)
    if row.problems:
        return []
    values |= {
        "spasm_count": spasms or None,
        "count_kind": CountKind.EXACT if spasms else CountKind.UNKNOWN,
        "note": note,
    }
    return [Planned(row.number, SpasmCluster, entry_id, values)]


def _length_s(row: Row) -> int:
    parts = (("length_hr", 3600), ("length_min", 60), ("length_sec", 1))
    return sum((row.whole(name, 0, 86_400) or 0) * seconds for name, seconds in parts)
