"""Reads of medicines: what is in force on a date, what is due, what was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from quietdays.medicines.models import Change, Dose, How, Medicine, Schedule
from quietdays.people.models import Child
from quietdays.science.days import ZoneTimeline
from quietdays.science.recurrence import due_instants, instant_due


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


def step_of(medicine: Medicine, child: Child, day: date) -> Schedule | None:
    """What is written down for one medicine on a date; None when it is not given then."""
    steps = in_force_on(steps_of(child), day)
    return next((s for s in steps if s.medicine_id == medicine.pk), None)


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
    asked = _asked_for(child, day)
    if not asked:
        return []
    # The days beside it too, so that a dose of theirs is not taken for one of this date.
    beside = [d for n in (-1, 1) for d in _asked_for(child, day + timedelta(days=n))]
    times = [due_at for _, due_at in asked]
    given = Dose.objects.of(child).filter(
        happened_at__range=(min(times) - DOSE_WINDOW, max(times) + DOSE_WINDOW)
    )
    found = _pair([*asked, *beside], list(given.select_related("entered_by", "medicine")))
    due = [DueDose(step, due_at, found.get((step.pk, due_at))) for step, due_at in asked]
    return sorted(due, key=lambda d: d.due_at)


def _asked_for(child: Child, day: date) -> list[tuple[Schedule, datetime]]:
    """Every step in force on a date with each instant at which it asks for a dose."""
    timeline = child.timeline()
    steps = in_force_on(steps_of(child), day)
    return [(step, due_at) for step in steps for due_at in due_of(step, timeline, day)]


def due_of(step: Schedule, timeline: ZoneTimeline, day: date) -> list[datetime]:
    """The instants at which a step that is in force on a date asks for a dose of that date."""
    if not step.asks_on(day):
        return []
    instants = (instant_due(timeline, day, time.fromisoformat(clock)) for clock in step.times)
    return [at for at in instants if at is not None]


def asked_between(child: Child, first: datetime, last: datetime) -> list[tuple[Schedule, datetime]]:
    """Every dose that schedules ask for in [first, last): its step and its instant, in order."""
    timeline = child.timeline()
    by_medicine: dict[object, list[Schedule]] = {}
    for step in steps_of(child):
        by_medicine.setdefault(step.medicine_id, []).append(step)
    found = [
        asked for steps in by_medicine.values() for asked in asked_of(steps, timeline, first, last)
    ]
    return sorted(found, key=lambda pair: pair[1])


def asked_of(
    steps: list[Schedule], timeline: ZoneTimeline, first: datetime, last: datetime
) -> list[tuple[Schedule, datetime]]:
    """As `asked_between`, for the steps of one medicine in order of their dates."""
    found = [
        (step, instant)
        for step, following in zip(steps, [*steps[1:], None], strict=True)
        if step.change != Change.STOP and step.how == How.SCHEDULED
        for instant in due_instants(
            timeline,
            start=step.effective_from,
            end=following.effective_from - timedelta(days=1) if following else None,
            every_days=step.every_days,
            times=[time.fromisoformat(clock) for clock in step.times],
            first=first,
            last=last,
        )
    ]
    return sorted(found, key=lambda pair: pair[1])


def _pair(
    asked: list[tuple[Schedule, datetime]], given: list[Dose]
) -> dict[tuple[object, datetime], Dose]:
    """Each dose with the time that it is nearest to, nearest pairs first.

    Doses are late more often than early, so a distance before the time counts twice: one between
    two times, of which the first has none, is not taken for the second, which is still to be given.
    """
    pairs = [
        (_apart(dose.happened_at, due_at), dose, step, due_at)
        for step, due_at in asked
        for dose in given
        if dose.medicine_id == step.medicine_id and abs(dose.happened_at - due_at) <= DOSE_WINDOW
    ]
    found: dict[tuple[object, datetime], Dose] = {}
    taken: set[object] = set()
    for _, dose, step, due_at in sorted(pairs, key=lambda p: p[0]):
        if dose.pk not in taken and (step.pk, due_at) not in found:
            found[step.pk, due_at] = dose
            taken.add(dose.pk)
    return found


def _apart(given_at: datetime, due_at: datetime) -> timedelta:
    return given_at - due_at if given_at >= due_at else 2 * (due_at - given_at)


# Two doses of one medicine closer than this are asked about, where the team wrote nothing.
SOON = timedelta(hours=4)
A_DAY = timedelta(days=1)


def soon_after(step: Schedule | None) -> timedelta:
    """Within how much of another dose one is asked about; it never blocks.

    The team's own least time, else four hours; but for set times at most half of the shortest
    distance between two of them, so that the next regular dose asks nothing.
    """
    if step is None:
        return SOON
    if step.hours_between is not None:
        return timedelta(hours=float(step.hours_between))
    if step.how != How.SCHEDULED or not step.times:
        return SOON
    times = sorted({timedelta(hours=int(t[:2]), minutes=int(t[3:])) for t in step.times})
    following = [*times[1:], times[0] + step.every_days * A_DAY]
    shortest = min(after - before for before, after in zip(times, following, strict=True))
    return min(SOON, shortest / 2)


def dose_near(
    medicine: Medicine, at: datetime, *, within: timedelta, other_than: UUID
) -> Dose | None:
    """A dose given within this distance of an instant, before or after it; the nearest."""
    near = medicine.doses.filter(
        deleted_at__isnull=True,
        outcome=Dose.Outcome.GIVEN,
        happened_at__range=(at - within, at + within),
    ).exclude(pk=other_than)
    rows = list(near.select_related("entered_by", "medicine"))
    return min(rows, key=lambda d: abs(d.happened_at - at), default=None)
