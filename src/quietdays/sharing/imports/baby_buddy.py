"""Baby Buddy's CSV, a file a kind. It holds no units: the family says them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from quietdays.diary.models import CheckIn, Kind
from quietdays.diet.models import MealEaten
from quietdays.medicines.models import Dose
from quietdays.people.models import Child
from quietdays.sharing.imports.plan import Planned, Reading, row_id
from quietdays.sharing.imports.readings import measurement
from quietdays.sharing.imports.table import ImportRefused, Problem, Row, read_any_table
from quietdays.sharing.imports.times import instant_of

# The column that tells a file's kind, what it is here, and the column of its time.
_MEASURED = {
    "weight": (Kind.WEIGHT, "date"),
    "temperature": (Kind.TEMPERATURE, "time"),
    "height": (Kind.LENGTH, "date"),
    "head_circumference": (Kind.HEAD, "date"),
}
_NOON = "12:00"  # of what was weighed on a date, without a time


def kind_of(columns: list[str]) -> str:
    """Which of Baby Buddy's files it is; empty for another file."""
    names = set(columns)
    if not names & {"child_id", "child"} and "child_first_name" not in names:
        return ""
    for name in _MEASURED:
        if name in names:
            return name
    if names >= {"start", "end", "method", "amount"}:
        return "feeding"
    if names >= {"start", "end", "nap"}:
        return "sleep"
    return "medication" if names >= {"name", "dosage", "dosage_unit", "time"} else ""


def unit_kind(data: bytes) -> Kind | None:
    """What has to be asked for its unit."""
    columns, _ = read_any_table(data)
    found = _MEASURED.get(kind_of(columns))
    return found[0] if found else None


def read(data: bytes, child: Child, answers: Mapping[str, str]) -> Reading:
    columns, rows = read_any_table(data)
    kind = kind_of(columns)
    reading = Reading(len(rows))
    children = {row.text("child_id") or row.text("child") for row in rows}
    if len(children) > 1:
        raise ImportRefused([Problem(1, "this file holds more than one child: split it")])
    if kind == "sleep":
        reading.planned = _sleeps(rows, child)
    for row in rows if kind != "sleep" else []:
        if kind in _MEASURED:
            reading.planned += _measured(row, child, kind, answers["unit"])
        elif kind == "feeding":
            reading.planned += _feeding(row, child, answers.get("unit", ""))
        elif kind == "medication":
            reading.planned += _dose(row, child)
    reading.problems = [p for row in rows for p in row.problems]
    return reading


def _measured(row: Row, child: Child, name: str, unit: str) -> list[Planned]:
    kind, column = _MEASURED[name]
    text = row.text(column)
    at = instant_of(row, child, text, "ymd", "" if ":" in text else _NOON)
    value = row.decimal(name, -100, 1_000_000)
    if value is None and not row.problems:
        row.complain(f"{name} is empty")
    key = row_id(child, "baby-buddy", name, row.text("id") or text, row.text(name))
    return measurement(row, at, kind, value, unit, entry_id=key, note=row.text("notes"))


def _feeding(row: Row, child: Child, unit: str) -> list[Planned]:
    """A bottle of another diet is told in words: nobody knows its macros here."""
    start = instant_of(row, child, row.text("start"), "ymd")
    end = instant_of(row, child, row.text("end"), "ymd")
    amount = row.decimal("amount", 0, 5000)
    if start is None or end is None or row.problems:
        return []
    kind, method = row.text("type") or "feed", row.text("method")
    values: dict[str, Any] = {
        "happened_at": start,
        "name": kind[:80],
        "note": row.text("notes")[:2000],
    }
    minutes = round((end - start).total_seconds() / 60)
    if "breast" in method.lower() and 1 <= minutes <= 240:
        planned = values | {"breast_minutes": minutes}
    else:
        much = f", {amount.normalize():f} {unit}".rstrip() if amount else ""
        planned = values | {"off_plan": f"{kind}{much}"[:500]}
    key = row_id(child, "baby-buddy", "feeding", start.isoformat(), kind)
    return [Planned(row.number, MealEaten, key, planned)]


def _sleeps(rows: list[Row], child: Child) -> list[Planned]:
    """Hours asleep of each date, by the date on which each sleep ended."""
    timeline = child.timeline()
    hours: dict[date, Decimal] = defaultdict(Decimal)
    first: dict[date, int] = {}
    for row in rows:
        start = instant_of(row, child, row.text("start"), "ymd")
        end = instant_of(row, child, row.text("end"), "ymd")
        if start is None or end is None:
            continue
        if end < start:
            row.complain("the sleep ends before it begins")
            continue
        day = timeline.date_of(end)
        hours[day] += _hours(start, end)
        first.setdefault(day, row.number)
    return [
        Planned(
            first[day],
            CheckIn,
            row_id(child, "baby-buddy", "sleep", day),
            {"date": day, "sleep_hours": total.quantize(Decimal("0.01"))},
        )
        for day, total in hours.items()
    ]


def _hours(start: datetime, end: datetime) -> Decimal:
    return Decimal((end - start).total_seconds()) / 3600


def _dose(row: Row, child: Child) -> list[Planned]:
    at = instant_of(row, child, row.text("time"), "ymd")
    amount = row.decimal("dosage", 0, 100_000)
    name, unit = row.text("name"), row.text("dosage_unit")
    if not name or not amount:
        row.complain("a dose has a name and an amount")
    if at is None or row.problems:
        return []
    values = {
        "happened_at": at, "name": name[:120], "unit": unit[:20], "amount": amount,
        "reason": row.text("notes")[:500],
    }  # fmt: skip
    key = row_id(child, "baby-buddy", "dose", name.lower(), at.isoformat())
    return [Planned(row.number, Dose, key, values)]
