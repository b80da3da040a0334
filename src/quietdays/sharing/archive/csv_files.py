"""Records as tables for people: a CSV a kind, that a spreadsheet opens and runs nothing of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Field

from quietdays.insights.days import diary_days
from quietdays.people.models import Child, Person
from quietdays.records.models import DatedRecord, TimedRecord
from quietdays.science.days import DayState, DiaryDay
from quietdays.sharing.archive.tables import BY_NAME, CHUNK, Table, pointers
from quietdays.sharing.archive.values import plain

# A spreadsheet takes a cell that begins so as a formula, and may run it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# What only the app itself can use.
_INNER = frozenset({"child", "deleted_at", "touches", "is_open", "composition"})
# Each table for people, by its name in the house, with what people call it.
_KINDS = {
    "diary.spasmcluster": "Spasm clusters",
    "diary.otherseizure": "Other seizures",
    "diary.observation": "How days were watched",
    "diary.daytotal": "Day totals",
    "diary.checkin": "Check-ins",
    "diary.illness": "Illnesses",
    "diary.eeg": "EEGs",
    "diary.measurement": "Ketones, glucose, weight and other readings",
    "diary.question": "Questions",
    "diary.visit": "Visits",
    "diet.prescription": "Prescriptions",
    "diet.plannedmeal": "Meals planned",
    "diet.mealeaten": "Meals eaten",
    "diet.eatenitem": "Foods of the meals eaten",
    "medicines.medicine": "Medicines",
    "medicines.schedule": "Steps of the medicines",
    "medicines.dose": "Doses",
    "medicines.supply": "Supplies",
    "clinic.message": "Messages",
}
_MACROS = ("fat_g", "protein_g", "carbohydrate_g", "fibre_g")


def csv_tables() -> list[Table]:
    return [BY_NAME[name] for name in _KINDS]


def csv_titles() -> list[tuple[str, str]]:
    """The short name of each table, and what people call it."""
    return [(str(BY_NAME[n].model._meta.model_name), title) for n, title in _KINDS.items()]


def csv_table(slug: str) -> Table | None:
    """The table of a kind by its short name, such as “spasmcluster”."""
    return next((t for t in csv_tables() if t.model._meta.model_name == slug), None)


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes as a formula: text that begins like one gets a “'”."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_lines(table: Table, child: Child) -> Iterator[str]:
    """The lines of a kind's CSV, its header first; what was deleted is not in it.

    `local_time` is the clock where the child was. Empty is “not recorded”, never nought.
    """
    fields = [f for f in table.fields() if f.name not in _INNER]
    names = {p.pk: p.name for p in Person.objects.filter(pk__in=_authors(table, child))}
    is_timed = issubclass(table.model, TimedRecord)
    has_macros = hasattr(table.model, "macros")
    header = [f.name for f in fields]
    header += ["local_time"] * is_timed + list(_MACROS) * has_macros
    yield _line(header)
    for row in _rows(table, child, with_items=has_macros).iterator(chunk_size=CHUNK):
        cells = [_cell(row, f, names) for f in fields]
        if is_timed:
            cells.append(row.happened_at.astimezone(ZoneInfo(row.time_zone)).isoformat())
        if has_macros:
            cells += _macros(row)
        yield _line(cells)


DAILY = (
    "date", "clusters", "spasms", "observed", "hours_watched", "adherence", "sleep", "stress",
    "illness", "medicine_change", "note",
)  # fmt: skip


def daily_lines(child: Child) -> Iterator[str]:
    """A row a day, with the columns that an import of daily rows reads; blank is not recorded.

    From the first day of which something is known to today.
    """
    rows = [_daily(day) for day in diary_days(child, child.birth_date, child.today())]
    known = (n for n, row in enumerate(rows) if any(row[1:]))
    yield _line(list(DAILY))
    for row in rows[next(known, len(rows)) :]:
        yield _line(row)


def _daily(day: DiaryDay) -> list[str]:
    is_known = day.state is not DayState.NOT_RECORDED  # a day that goes on is no quiet one yet
    notes = list(day.notes)
    spasms = day.spasms if is_known else None
    if spasms is not None and day.spasms_at_least:
        # A floor in a column of counts would be read as a count.
        notes.insert(0, f"at least {spasms} spasms: not all were counted")
        spasms = None
    return [
        day.date.isoformat(),
        _number(day.clusters if is_known else None),
        _number(spasms),
        "yes" if is_known else "",
        _number(day.hours_watched),
        _number(day.adherence_percent),
        _number(day.check_in.sleep_hours),
        _number(day.check_in.stress),
        "" if day.illness is None else ("yes" if day.illness else "no"),
        neutral("; ".join(f"{c.change}:{c.medicine}" for c in day.medicine_changes)),
        neutral("; ".join(notes)),
    ]


def _number(value: float | None) -> str:
    """Two digits at most, without noughts at the end: 12 stays 12, and 100 stays 100."""
    return "" if value is None else f"{round(value, 2):g}"


def _rows(table: Table, child: Child, *, with_items: bool) -> Any:
    rows = table.rows(child)
    names = {f.name for f in table.model._meta.concrete_fields}
    if "deleted_at" in names:
        rows = rows.filter(deleted_at__isnull=True)
    elif "meal" in names:
        rows = rows.filter(meal__deleted_at__isnull=True).order_by("meal_id", "position", "pk")
    if issubclass(table.model, TimedRecord):
        rows = rows.order_by("happened_at", "pk")
    elif issubclass(table.model, DatedRecord):
        rows = rows.order_by("date", "pk")
    if with_items and "meal" not in names:
        rows = rows.prefetch_related(
            "items__composition" if table.name == "diet.plannedmeal" else "items"
        )
    return rows


def _authors(table: Table, child: Child) -> set[Any]:
    found: set[Any] = set()
    for field in pointers(table.fields()):
        if field.related_model is Person:
            rows = table.rows(child).order_by().values_list(field.attname, flat=True)
            found |= set(rows.distinct())
    return found


def _cell(row: Any, field: Field[Any, Any], names: dict[Any, str]) -> str:
    value = getattr(row, field.attname)
    if value is None:
        return ""
    if field.related_model is Person:
        return neutral(names[value])
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return neutral("; ".join(str(v) for v in value))
    if isinstance(value, str):
        return neutral(value)
    return str(plain(value))  # a number stays one, with its sign


def _macros(row: Any) -> list[str]:
    """Of the foods that are known; a meal with none has none, which is not nought."""
    if hasattr(row, "items") and not row.items.all():
        return [""] * len(_MACROS)
    macros = row.macros()
    return [f"{getattr(macros, name):.2f}" for name in _MACROS]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
