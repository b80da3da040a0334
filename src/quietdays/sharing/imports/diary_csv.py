"""A family's own diary as CSV: a row a day, or a row for every cluster.

Daily rows: `date` and any of `clusters`, `spasms`, `observed`, `hours_watched`, `adherence`,
`sleep`, `stress`, `illness`, `note`, `medicine_change`. Events: `date`, `time`, and any of
`spasms`, `count`, `duration_min`, `state`, `note`. Columns by name, in any order.
All or nothing; the same file again changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from quietdays.diary.models import (
    MAX_SPASMS_IN_CLUSTER,
    CheckIn,
    CountKind,
    DayTotal,
    SpasmCluster,
    StateAtOnset,
)
from quietdays.medicines.models import Change, Medicine, Schedule
from quietdays.people.access import Act, require
from quietdays.people.entries import enter
from quietdays.people.models import Child, Person
from quietdays.records.models import Record
from quietdays.records.writing import one_write
from quietdays.sharing.imports.table import ImportRefused, Problem, Row, read_table

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


@dataclass(frozen=True, slots=True)
class Planned:
    """One record that a row asks for, with an id that the same row always gets."""

    row: int
    model: type[Record]
    id: uuid.UUID
    values: dict[str, Any]
    act: Act = Act.LOG


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    rows: int
    created: int
    already_there: int

    def __str__(self) -> str:
        return (
            f"{self.rows} rows read: {self.created} entries added, "
            f"{self.already_there} were already there"
        )


def import_diary(*, by: Person, child: Child, data: bytes) -> Imported:
    """Bring a diary in, all or nothing.

    Raises ImportRefused with every row that is wrong and why; nothing is written then.
    """
    require(by, child, Act.MANAGE)
    columns, rows = read_table(data, known={**DAILY, **EVENTS})
    _check_columns(columns)
    plan_row = _plan_event if "time" in columns else _plan_day
    plan: list[Planned] = []
    seen: set[Any] = set()
    for row in rows:
        plan += plan_row(row, child, columns, seen)
    problems = [p for row in rows for p in row.problems]
    if problems:
        raise ImportRefused(problems)
    created = _write(by, child, plan)
    return Imported(rows=len(rows), created=created, already_there=len(plan) - created)


def _check_columns(columns: list[str]) -> None:
    kind, known = ("events", EVENTS) if "time" in columns else ("daily rows", DAILY)
    alien = [c for c in columns if c not in known.values()]
    if alien:
        raise ImportRefused([Problem(1, f"the column {alien[0]} does not belong to {kind}")])
    if "date" not in columns:
        raise ImportRefused([Problem(1, "the column date is missing")])


def _id(child: Child, *parts: object) -> uuid.UUID:
    return uuid.uuid5(child.pk, "|".join(str(p) for p in ("diary-csv", *parts)))


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
    timeline = child.timeline()
    instant = timeline.instant_of(day, clock)
    if instant is None or timeline.local(instant).time() != clock:
        row.complain(f"on {day} the clocks skipped {text}")
        return None
    return instant


def _write(by: Person, child: Child, plan: list[Planned]) -> int:
    problems: list[Problem] = []
    created = 0
    with one_write():
        for item in plan:
            try:
                created += _store(by, child, item)
            except ValidationError as error:
                reason = " ".join(error.messages)
                problems.append(Problem(item.row, f"cannot be stored: {reason}"))
        if problems:
            raise ImportRefused(problems)  # the transaction takes everything back
    return created


def _store(by: Person, child: Child, item: Planned) -> bool:
    values = dict(item.values)
    if item.model is Schedule:
        values["medicine"] = _medicine(by, child, values.pop("name"))
    entered = enter(item.model, by=by, child=child, entry_id=item.id, act=item.act, **values)
    if not entered.created:
        _same_or_complain(entered.record, values)
    return entered.created


def _same_or_complain(record: Record, values: dict[str, Any]) -> None:
    """An entry that was imported before must still say what the file says."""
    different = [name for name, value in values.items() if getattr(record, name) != value]
    if different:
        raise ValidationError(
            f"the diary already has this entry with another {different[0].replace('_', ' ')}"
        )


def _medicine(by: Person, child: Child, name: str) -> Medicine:
    found = Medicine.objects.of(child).filter(name__iexact=name).first()
    if found is not None:
        return found  # type: ignore[no-any-return]
    return enter(
        Medicine,
        by=by,
        child=child,
        entry_id=_id(child, "medicine", name.lower()),
        act=Act.MEDICATE,
        name=name,
    ).record
