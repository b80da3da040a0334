"""What now? The next feed, the next dose, the last cluster, today's watching."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects

from quietdays.diary.kinds import slug_of
from quietdays.diary.models import (
    CheckIn,
    DayTotal,
    Illness,
    Measurement,
    Observation,
    OtherSeizure,
    SpasmCluster,
)
from quietdays.diary.queries import last_cluster
from quietdays.diet.models import MealEaten, PlannedMeal, Prescription
from quietdays.diet.queries import prescription_on, with_items
from quietdays.medicines.models import Dose
from quietdays.medicines.queries import DueDose, due_on
from quietdays.people.access import FEEDING_ROLES, role_of
from quietdays.people.models import Child, Person
from quietdays.people.queries import between_dates
from quietdays.records.words import decimal_text
from quietdays.science.days import DayPart


@dataclass(frozen=True, slots=True)
class WhatNow:
    next_meal: PlannedMeal | None
    next_dose: DueDose | None
    unrecorded_doses: list[DueDose]  # earlier today, and nobody wrote down what happened
    last_cluster: SpasmCluster | None
    parts: list[tuple[DayPart, str]]  # each part of today with its watch state or ""
    has_check_in: bool
    unread: Prescription | None  # a signed version that this person has not said to have read


# A meal or dose that was due so long ago is still the thing to think of now.
STILL_NOW = timedelta(hours=2)


def what_now(child: Child, now: datetime, person: Person) -> WhatNow:
    """What home shows: what comes next, and doses of today that nobody recorded."""
    today = child.timeline().date_of(now)
    watch = {o.part: o.watch for o in Observation.objects.of(child).filter(date=today)}
    waiting = [d for d in due_on(child, today) if d.dose is None]
    return WhatNow(
        next_meal=_next_meal(child, now),
        next_dose=next((d for d in waiting if d.due_at >= now - STILL_NOW), None),
        unrecorded_doses=[d for d in waiting if d.due_at < now - STILL_NOW],
        last_cluster=last_cluster(child),
        parts=[(part, watch.get(part.value, "")) for part in DayPart],
        has_check_in=CheckIn.objects.of(child).filter(date=today).exists(),
        unread=_unread(child, today, person),
    )


def _unread(child: Child, today: date, person: Person) -> Prescription | None:
    """The version in force, while a parent or carer has not said that they have read it."""
    if role_of(person, child) not in FEEDING_ROLES:
        return None
    current = prescription_on(child, today)
    if current is None or current.acknowledgements.filter(person=person).exists():
        return None
    return current


def _next_meal(child: Child, now: datetime) -> PlannedMeal | None:
    """The meal to think of: one due up to two hours ago and not logged, or the next to come."""
    rows = with_items(PlannedMeal.objects.of(child)).filter(
        happened_at__gte=now - STILL_NOW, happened_at__lte=now + timedelta(hours=30)
    )
    for meal in rows:
        if not meal.eaten.filter(deleted_at__isnull=True).exists():
            return meal
    return None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a day as a list shows it."""

    at: str
    title: str
    detail: str
    by: str
    kind: str
    record: Any


def lines_of_day(child: Child, day: date) -> list[Line]:
    """Everything that was entered for a date, in order of time; whole-day entries last."""
    timed: list[tuple[datetime, Line]] = []
    for model, make in _MAKERS.items():
        rows = between_dates(model, child, day, day)
        prefetch_related_objects(rows, "entered_by")
        timed += [(row.happened_at, make(row)) for row in rows]
    timed.sort(key=lambda pair: pair[0])
    whole = [
        Line("all day", "Check-in", c.note, c.entered_by.name, "check-in", c)
        for c in CheckIn.objects.of(child).filter(date=day).select_related("entered_by")
    ]
    whole += [
        Line("all day", str(t).capitalize(), t.note, t.entered_by.name, "day-total", t)
        for t in DayTotal.objects.of(child).filter(date=day).select_related("entered_by")
    ]
    whole += [
        Line("all day", str(i).capitalize(), "", i.entered_by.name, "illness", i)
        for i in Illness.objects.of(child).filter(started_on=day).select_related("entered_by")
    ]
    return [line for _, line in timed] + whole


def _line(record: Any, title: str, detail: str, kind: str) -> Line:
    return Line(f"{record.local_time:%H:%M}", title, detail, record.entered_by.name, kind, record)


def _cluster_line(c: SpasmCluster) -> Line:
    words = [c.get_state_at_onset_display() if c.state_at_onset else ""]
    if c.duration_s:
        words.append(f"{c.duration_s // 60}:{c.duration_s % 60:02d} min")
    words += ["not sure" if c.certainty == "not_sure" else "", c.note]
    title = f"Spasms seen: {c.count_in_words}"
    return _line(c, title, ", ".join(w for w in words if w), "cluster")


def _meal_line(m: MealEaten) -> Line:
    left = [
        f"{decimal_text(i.left)} {i.get_unit_display()} {i.food_name} left"
        for i in m.items.all()
        if i.left
    ]
    words = [*left, m.get_vomited_display() if m.vomited != "no" else "", m.off_plan]
    return _line(m, f"Eaten: {m.name}", ", ".join(w for w in words if w), "meal")


_MAKERS: dict[Any, Any] = {
    SpasmCluster: _cluster_line,
    OtherSeizure: lambda s: _line(
        s, f"Other seizure: {s.get_looks_display()}", s.note, "other-seizure"
    ),
    Measurement: lambda m: _line(m, str(m), m.note, slug_of(m)),
    MealEaten: _meal_line,
    Dose: lambda d: _line(d, str(d), d.reason, "dose"),
}
