"""What is due for a child between two instants, and what became of it. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext, gettext_noop

from quietdays.diet.models import MealEaten, PlannedMeal
from quietdays.insights.models import Issued
from quietdays.medicines.models import Schedule
from quietdays.medicines.queries import asked_between, due_on
from quietdays.medicines.supplies import supplies_of
from quietdays.people.models import Child
from quietdays.records.words import decimal_text
from quietdays.reminders.models import Kind, Reminder
from quietdays.reminders.wording import stored
from quietdays.science.recurrence import instant_due
from quietdays.words import in_english, language, short_date

# So long after its time a reminder still helps; and at least so long after the next carer is told.
USEFUL = {
    Kind.MEDICINE: timedelta(hours=2),
    Kind.MEAL: timedelta(hours=1),
    Kind.SUPPLY: timedelta(days=3),
    Kind.WEEK: timedelta(days=3),
}
AFTER_NEXT = timedelta(minutes=30)
SAID_AT = time(9)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One thing that is due at an instant. `words` name it, for those who may read them.

    `is_late`: entered when its time had passed, so that nobody could have been told of it.
    """

    key: str
    kind: Kind
    subject_id: UUID
    due_at: datetime
    words: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """That somebody recorded what a reminder was about."""

    at: datetime
    words: str


def key_of(kind: str, subject_id: UUID, due_at: datetime) -> str:
    """The same on every phone: docs/reminders.md."""
    name = "dose" if kind == Kind.MEDICINE else kind
    return f"{name}:{subject_id}:{int(due_at.timestamp())}"


@in_english
def occasions(child: Child, first: datetime, last: datetime) -> list[Occasion]:
    """Everything due in [first, last), in order, each once; in English, since it is kept."""
    found = [
        *_doses(child, first, last),
        *_meals(child, first, last),
        *_supplies(child, first, last),
        *_weeks(child, first, last),
    ]
    return sorted(found, key=lambda o: (o.due_at, o.key))


def _occasion(
    kind: Kind, subject_id: UUID, due_at: datetime, words: str, entered_at: datetime
) -> Occasion:
    key = key_of(kind, subject_id, due_at)
    return Occasion(key, kind, subject_id, due_at, words, is_late=due_at < entered_at)


def _doses(child: Child, first: datetime, last: datetime) -> list[Occasion]:
    return [
        _occasion(Kind.MEDICINE, step.medicine_id, due_at, dose_words(step), step.entered_at)
        for step, due_at in asked_between(child, first, last)
    ]


def dose_words(step: Schedule) -> str:
    if step.dose is None:
        return step.medicine.name
    return f"{step.medicine.name} {decimal_text(step.dose)} {step.medicine.unit}"


def _meals(child: Child, first: datetime, last: datetime) -> list[Occasion]:
    rows = PlannedMeal.objects.of(child).filter(happened_at__gte=first, happened_at__lt=last)
    return [
        _occasion(Kind.MEAL, meal.pk, meal.happened_at, meal.name, meal.entered_at) for meal in rows
    ]


def _supplies(child: Child, first: datetime, last: datetime) -> list[Occasion]:
    """In the morning of the day from which on it is said that something ends."""
    timeline, found = child.timeline(), []
    for left in supplies_of(child, timezone.now()):
        at = None if left.low_on is None else instant_due(timeline, left.low_on, SAID_AT)
        if at is not None and first <= at < last:
            supply = left.supply
            words = left.ends_in_words
            found.append(_occasion(Kind.SUPPLY, supply.pk, at, words, supply.counted_at))
    return found


def _weeks(child: Child, first: datetime, last: datetime) -> list[Occasion]:
    rows = Issued.objects.filter(
        child=child, what=Issued.What.WEEK, issued_at__gte=first, issued_at__lt=last
    )
    return [
        _occasion(
            Kind.WEEK,
            week.pk,
            week.issued_at,
            week_words(week),
            week.issued_at,
        )
        for week in rows
    ]


def week_words(week: Issued) -> str:
    return gettext("The week %(first)s to %(last)s is summed up") % {
        "first": short_date(week.first_day),
        "last": short_date(week.last_day),
    }


def words_of(reminder: Reminder) -> str:
    """What a reminder is about, in the reader's language as far as the app words it itself."""
    if language() == "en":
        return reminder.words
    if reminder.kind == Kind.WEEK:
        week = Issued.objects.filter(pk=reminder.subject_id).first()
        return week_words(week) if week else reminder.words
    if reminder.kind == Kind.SUPPLY:
        found = supplies_of(reminder.child, timezone.now())
        ends = (s.ends_in_words for s in found if s.supply.pk == reminder.subject_id)
        return next(ends, reminder.words)
    return reminder.words


def done_among(child: Child, reminders: Iterable[Reminder]) -> dict[str, Done]:
    """By key, what of these reminders of one child somebody has recorded."""
    rows = list(reminders)
    doses = [r for r in rows if r.kind == Kind.MEDICINE]
    meals = {r.subject_id: r for r in rows if r.kind == Kind.MEAL}
    found: dict[str, Done] = {}
    if doses:
        found |= _doses_done(child, doses)
    if meals:
        eaten = MealEaten.objects.of(child).filter(planned_id__in=meals)
        for meal in eaten.select_related("entered_by"):
            words = stored(
                gettext_noop("logged by %(name)s, %(time)s"),
                name=meal.entered_by.name,
                time=f"{meal.local_time:%H:%M}",
            )
            found[meals[meal.planned_id].key] = Done(meal.happened_at, words)
    return found


def _doses_done(child: Child, reminders: list[Reminder]) -> dict[str, Done]:
    timeline = child.timeline()
    wanted = {r.key for r in reminders}
    found = {}
    for day in sorted({timeline.date_of(r.due_at) for r in reminders}):
        for due in due_on(child, day):
            key = key_of(Kind.MEDICINE, due.step.medicine_id, due.due_at)
            if due.dose is None or key not in wanted:
                continue
            with translation.override("en-gb"):
                outcome = str(due.dose.get_outcome_display())
            words = stored(
                gettext_noop("%(outcome)s %(time)s, %(name)s"),
                outcome=outcome,
                time=f"{due.dose.local_time:%H:%M}",
                name=due.dose.entered_by.name,
            )
            found[key] = Done(due.dose.happened_at, words)
    return found
