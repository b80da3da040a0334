"""A family's own diary as CSV: a row a day, or a row for every cluster.

Daily rows: `date` and any of `clusters`, `spasms`, `observed`, `hours_watched`, `adherence`,
`sleep`, `stress`, `illness`, `note`, `medicine_change`. Events: `date`, `time`, and any of
`spasms`, `count`, `duration_min`, `state`, `note`. Columns by name, in any order.
All or nothing; the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from quietdays.diary.models import (
    MAX_SPASMS_IN_CLUSTER,
    CheckIn,
    CountKind,
    DayTotal,
    SpasmCluster,
    StateAtOnset,
)
from quietdays.medicines.models import Change, Schedule
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.sharing.imports.plan import Outcome, Planned, Reading, carry_out, row_id
from quietdays.sharing.imports.table import ImportRefused, Problem, Row, read_table
from quietdays.sharing.imports.times import lived_instant

DAILY = {
    "date": "date",
    "clusters": "clusters",
    "spasms": "spasms",
    "observed": "observed",
    "hours_watched": "hours_watched",
    "adherence": "adherence",
    "sleep": "sleep",
    "sleep_hours": "sleep",
    "stress": "stress",
    "illness": "illness",
    "note": "note",
    "notes": "note",
    "medicine_change": "medicine_change",
    "med_change": "medicine_change",
}
EVENTS = {
    "date": "date",
    "time": "time",
    "spasms": "spasms",
    "count": "count",
    "duration_min": "duration_min",
    "state": "state",
    "note": "note",
    "notes": "note",
}
SOURCE = "an imported diary"


def read_diary(data: bytes, child: Child) -> Reading:
    """What a diary's file says. Raises ImportRefused for a file that is no such table."""
    columns, rows = read_table(data, known={**DAILY, **EVENTS})
    _check_columns(columns)
    plan_row = _plan_event if "time" in columns else _plan_day
    reading = Reading(len(rows), is_strict=True)
    seen: set[Any] = set()
    for row in rows:
        reading.planned += plan_row(row, child, columns, seen)
    reading.problems = [p for row in rows for p in row.problems]
    return reading


def import_diary(*, by: Person, child: Child, data: bytes) -> Outcome:
    """Bring a diary in, all or nothing.

    Raises ImportRefused with every row that is wrong and why; nothing is written then.
    """
    require(by, child, Act.MANAGE)
    reading = read_diary(data, child)
    if reading.problems:
        raise ImportRefused(reading.problems)
    return carry_out(by=by, child=child, reading=reading)


def _check_columns(columns: list[str]) -> None:
    kind, known = ("events", EVENTS) if "time" in columns else ("daily rows", DAILY)
    alien = [c for c in columns if c not in known.values()]
    if alien:
        raise ImportRefused([Problem(1, f"the column {alien[0]} does not belong to {kind}")])
    if "date" not in columns:
        raise ImportRefused([Problem(1, "the column date is missing")])


def _id(child: Child, *parts: object) -> UUID:
    return row_id(child, "diary-csv", *parts)


def _day(row: Row, child: Child) -> date | None:
    day = row.day("date")
    if day is None:
        return None
    if day > child.today():
        row.complain(f"{day} has not come yet")
        return None
    if day < child.birth_date:
        row.complain(f"{day} is before {child.name} was born")
        return None
    return day


def _plan_day(row: Row, child: Child, columns: list[str], seen: set[Any]) -> Iterable[Planned]:
    day = _day(row, child)
    if day is None:
        return []
    if day in seen:
        row.complain(f"{day} stands twice in the file")
    seen.add(day)
    plan = []
    total = _total(row)
    if total:
        values = {"date": day, **total}
        plan.append(Planned(row.number, DayTotal, _id(child, "total", day), values))
    check_in = {
        "sleep_hours": row.decimal("sleep", 0, 24),
        "stress": row.whole("stress", 1, 5),
        "unwell": row.yes_no("illness"),
    }
    if any(v is not None for v in check_in.values()):
        values = {"date": day, **check_in}
        plan.append(Planned(row.number, CheckIn, _id(child, "check-in", day), values))
    return [*plan, *_medicine_steps(row, child, day)]


def _total(row: Row) -> dict[str, Any]:
    """The day's totals, or nothing for a row that says nothing of what was seen."""
    clusters = row.whole("clusters", 0, 1000)
    spasms = row.whole("spasms", 0, 100_000)
    hours = row.decimal("hours_watched", 0, 25)
    adherence = row.decimal("adherence", 0, 100)
    observed = row.yes_no("observed")
    if observed is None and clusters is not None and (hours or clusters):
        observed = True  # hours were watched, or something was seen: somebody looked
    note = row.text("note")[:2000]
    _check_counts(row, clusters, spasms, observed)
    if all(v is None for v in (observed, clusters, hours, adherence)) and not note:
        return {}
    was_observed = bool(observed) or bool(clusters)
    return {
        # "Not observed" with a nought is no nought: the day stays not recorded.
        "clusters": clusters if was_observed else None,
        "spasms": spasms if was_observed else None,
        "was_observed": was_observed,
        "hours_watched": hours,
        "adherence_percent": adherence,
        "note": note,
    }


def _check_counts(
    row: Row, clusters: int | None, spasms: int | None, observed: bool | None
) -> None:
    if clusters == 0 and observed is None:
        row.complain(
            "clusters is 0, but nothing says that somebody watched: fill observed or hours_watched"
        )
    if observed and clusters is None and not row.problems:
        row.complain("observed is yes, but clusters is empty: write 0 when none was seen")
    if spasms is not None and clusters is None and not row.problems:
        row.complain("spasms is given, but clusters is empty")
    if (
        spasms is not None
        and clusters is not None
        and (spasms < clusters or (spasms and not clusters))
    ):
        row.complain(f"{clusters} clusters with {spasms} spasms: each cluster has at least one")


def _medicine_steps(row: Row, child: Child, day: date) -> Iterable[Planned]:
    for token in filter(None, (t.strip() for t in row.text("medicine_change").split(";"))):
        change, _, name = token.partition(":")
        if change not in Change.values or not name.strip():
            row.complain(
                f"medicine_change is “{token}”: write start, up, down or stop, a colon, "
                "and the medicine's name"
            )
            continue
        values = {
            "effective_from": day,
            "change": change,
            "written_by": SOURCE,
            "name": name.strip(),
        }
        yield Planned(row.number, Schedule, _id(child, "step", day, token), values, Act.MEDICATE)


def _plan_event(row: Row, child: Child, columns: list[str], seen: set[Any]) -> Iterable[Planned]:
    day = _day(row, child)
    happened_at = _instant(row, child, day)
    count_kind = row.text("count").lower().replace(" ", "_") or (
        CountKind.EXACT.value if row.text("spasms") else CountKind.UNKNOWN.value
    )
    state = row.text("state").lower().replace(" ", "_")
    spasms = row.whole("spasms", 1, MAX_SPASMS_IN_CLUSTER)
    minutes = row.decimal("duration_min", 0, 24 * 60)
    if count_kind not in CountKind.values:
        row.complain(f"count is “{count_kind}”: write {', '.join(CountKind.values)}")
    if state not in StateAtOnset.values:
        row.complain(f"state is “{state}”: write {', '.join(filter(None, StateAtOnset.values))}")
    if happened_at is None:
        return []
    if (happened_at, spasms) in seen:
        row.complain("the same cluster stands twice in the file")
    # Known by its minute, not by its count: a corrected count is no second cluster.
    nth = sum(other == happened_at for other, _ in seen)
    seen.add((happened_at, spasms))
    values = {
        "happened_at": happened_at,
        "spasm_count": spasms,
        "count_kind": count_kind,
        "duration_s": None if minutes is None else round(minutes * 60),
        "state_at_onset": state,
        "note": row.text("note")[:2000],
    }
    cluster_id = _id(child, "cluster", happened_at, nth)
    return [Planned(row.number, SpasmCluster, cluster_id, values)]


def _instant(row: Row, child: Child, day: date | None) -> datetime | None:
    """The instant of a local time where the child was on that date."""
    text = row.text("time").replace(".", ":")
    try:
        clock = datetime.strptime(text, "%H:%M:%S" if text.count(":") == 2 else "%H:%M").time()
    except ValueError:
        row.complain(f"time is “{row.text('time')}”: write times as 02:14")
        return None
    if day is None:
        return None
    return lived_instant(row, child, day, clock, text)
