"""Reads of medicines: what is in force on a date, what is due, what was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from quietdays.medicines.models import Change, Dose, Medicine, Schedule
from quietdays.people.models import Child


def medicines_of(child: Child) -> list[Medicine]:
    return list(Medicine.objects.of(child).order_by("name"))


def steps_of(child: Child) -> list[Schedule]:
    """Every step of every medicine, in order of its date."""
    return list(
        Schedule.objects.of(child)
        .filter(medicine__deleted_at__isnull=True)
        .select_related("medicine")
        .order_by("effective_from", "entered_at")
    )


def in_force_on(steps: list[Schedule], day: date) -> list[Schedule]:
    """The step that holds on a date for each medicine that is not stopped, by name."""
    current: dict[object, Schedule] = {}
    for step in steps:
        if step.effective_from <= day:
            current[step.medicine_id] = step
    active = [s for s in current.values() if s.change != Change.STOP]
    return sorted(active, key=lambda s: s.medicine.name)


@dataclass(frozen=True, slots=True)
class DueDose:
    """A dose that a schedule asks for at an instant, and whether it is recorded."""

    step: Schedule
    due_at: datetime
    dose: Dose | None


# A dose counts for a scheduled time when it was given within this distance of it.
DOSE_WINDOW = timedelta(hours=3)


def due_on(child: Child, day: date) -> list[DueDose]:
    """The doses that schedules ask for on a date, in order, each with its record if any."""
    timeline = child.timeline()
    start, end = timeline.pieces_of(day)[0][0], timeline.pieces_of(day)[-1][1]
    given = list(
        Dose.objects.of(child)
        .filter(happened_at__range=(start - DOSE_WINDOW, end + DOSE_WINDOW))
        .select_related("entered_by", "medicine")
    )
    due = []
    for step in in_force_on(steps_of(child), day):
        for text in step.times:
            zone = timeline.zone_at(start)
            due_at = datetime.combine(day, time.fromisoformat(text), tzinfo=zone)
            dose = _nearest(given, step, due_at)
            if dose is not None:
                given.remove(dose)
            due.append(DueDose(step, due_at, dose))
    return sorted(due, key=lambda d: d.due_at)


def _nearest(given: list[Dose], step: Schedule, due_at: datetime) -> Dose | None:
    near = [
        d
        for d in given
        if d.medicine_id == step.medicine_id and abs(d.happened_at - due_at) <= DOSE_WINDOW
    ]
    return min(near, key=lambda d: abs(d.happened_at - due_at), default=None)


def last_dose(medicine: Medicine) -> Dose | None:
    return (
        medicine.doses.filter(deleted_at__isnull=True, outcome=Dose.Outcome.GIVEN)
        .order_by("-happened_at")
        .select_related("entered_by")
        .first()
    )
