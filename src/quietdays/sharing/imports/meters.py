"""CSV of meters: Keto-Mojo, Ketologger, and any other table by a mapper that the family fills in."""

from __future__ import annotations

from collections.abc import Mapping

from quietdays.diary.models import MAX_SPASMS_IN_CLUSTER, CountKind, Kind, SpasmCluster
from quietdays.people.models import Child
from quietdays.sharing.imports.plan import Planned, Reading, row_id
from quietdays.sharing.imports.readings import measurement
from quietdays.sharing.imports.table import ImportRefused, Problem, Row, read_any_table
from quietdays.sharing.imports.times import instant_of, orders_of

_MOST = 1_000_000
_KINDS = {
    "glucose": Kind.GLUCOSE,
    "ketone": Kind.KETONES_BLOOD,
    "ketones": Kind.KETONES_BLOOD,
    "blood ketone": Kind.KETONES_BLOOD,
    "blood ketones": Kind.KETONES_BLOOD,
    "weight": Kind.WEIGHT,
}


def is_keto_mojo(columns: list[str]) -> bool:
    return set(columns) >= {"type", "value", "unit", "date", "time"}


def is_ketologger(columns: list[str]) -> bool:
    return columns == ["type", "value", "unit", "date"]


def rows_of(data: bytes) -> list[Row]:
    """The rows of either program; Ketologger writes an unquoted comma in its last column."""
    columns, rows = read_any_table(data, joins_last=True)
    return rows if set(columns) >= {"type", "value", "unit", "date"} else []


def orders(data: bytes) -> list[str]:
    return orders_of(row.text("date") for row in rows_of(data))


def read(data: bytes, child: Child, order: str) -> Reading:
    rows = rows_of(data)
    reading = Reading(len(rows))
    for row in rows:
        kind = _KINDS.get(row.text("type").lower())
        if kind is None:
            what = row.text("type")[:40]
            reading.left_out.append(Problem(row.number, f"“{what}” is nothing that a diary keeps"))
            continue
        at = instant_of(row, child, row.text("date"), order, row.text("time"))
        value = row.decimal("value", 0, _MOST)
        _need(row, "value", value)
        key = row_id(child, "meter", kind, "" if at is None else at.isoformat(), row.text("value"))
        reading.planned += measurement(row, at, kind, value, row.text("unit"), entry_id=key)
    reading.problems = [p for row in rows for p in row.problems]
    return reading


def _need(row: Row, name: str, value: object) -> None:
    if value is None and not row.problems:
        row.complain(f"{name} is empty")


# --- any other table


def mapped_orders(data: bytes, column: str) -> list[str]:
    _, rows = read_any_table(data)
    return orders_of(row.text(column) for row in rows)


def read_mapped(data: bytes, child: Child, answers: Mapping[str, str]) -> Reading:
    """A table whose columns the family named: `date`, `time`, `value`, `note` are columns,
    `what` is a kind of reading or “cluster”, `unit` the unit of all its values."""
    columns, rows = read_any_table(data)
    for name in ("date", "value"):
        if answers[name] not in columns:
            raise ImportRefused([Problem(1, f"there is no column for the {name}")])
    plan = _cluster if answers["what"] == "cluster" else _reading
    reading = Reading(len(rows))
    for row in rows:
        if not row.text(answers["value"]) and answers["what"] != "cluster":
            reading.left_out.append(Problem(row.number, "no value: not recorded"))
            continue
        reading.planned += plan(row, child, answers)
    reading.problems = [p for row in rows for p in row.problems]
    return reading


def _reading(row: Row, child: Child, answers: Mapping[str, str]) -> list[Planned]:
    kind = Kind(answers["what"])
    at = instant_of(
        row, child, row.text(answers["date"]), answers["order"], row.text(answers.get("time", ""))
    )
    value = row.decimal(answers["value"], -100, _MOST)
    key = row_id(
        child, "mapped", kind, "" if at is None else at.isoformat(), row.text(answers["value"])
    )
    note = row.text(answers.get("note", ""))
    return measurement(row, at, kind, value, answers["unit"], entry_id=key, note=note)


def _cluster(row: Row, child: Child, answers: Mapping[str, str]) -> list[Planned]:
    at = instant_of(
        row, child, row.text(answers["date"]), answers["order"], row.text(answers.get("time", ""))
    )
    spasms = row.whole(answers["value"], 0, MAX_SPASMS_IN_CLUSTER)
    if at is None or row.problems:
        return []
    values = {
        "happened_at": at,
        "spasm_count": spasms or None,  # a cluster of none is one that nobody counted
        "count_kind": CountKind.EXACT if spasms else CountKind.UNKNOWN,
        "note": row.text(answers.get("note", ""))[:2000],
    }
    key = row_id(child, "mapped", "cluster", at.isoformat())
    return [Planned(row.number, SpasmCluster, key, values)]
