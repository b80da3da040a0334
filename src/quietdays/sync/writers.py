"""How each kind of entry is made and changed: through the rooms' own actions, nothing beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.diary.actions import cut_at, nothing_seen_so_far, save_check_in
from quietdays.diary.models import CheckIn, DayTotal, Observation
from quietdays.diary.queries import check_in_on
from quietdays.medicines.actions import change_dose, give_dose
from quietdays.medicines.models import Dose, Medicine
from quietdays.medicines.queries import dose_near, soon_after, step_of
from quietdays.people.actions import travel
from quietdays.people.entries import amend, enter_from_form
from quietdays.people.models import Child, Person
from quietdays.records.forms import CLOCK_SKEW
from quietdays.records.models import Record
from quietdays.reminders.actions import answer
from quietdays.reminders.models import Event
from quietdays.science.days import DayPart
from quietdays.words import dated

Values = dict[str, Any]
NOT_YET = gettext_lazy("This time has not come yet. Check the day and the hour.")


@dataclass(frozen=True, slots=True)
class Making:
    """One operation that makes or changes an entry, its values read and put right."""

    by: Person
    child: Child
    entry_id: UUID
    values: Values
    at: datetime


def said(values: Values) -> Values:
    """What a second entry says of the first: a blank takes nothing from it."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def entered(model: type[Record], **fixed: Any) -> Callable[[Making], list[Record]]:
    def create(making: Making) -> list[Record]:
        values = fixed | making.values
        by, child = making.by, making.child
        return [
            enter_from_form(model, by=by, child=child, entry_id=making.entry_id, **values).record
        ]

    return create


def amended(making: Making, record: Record) -> Record:
    return amend(record, by=making.by, **making.values)


# --- a day's total: not watched is never nought


def totalled(making: Making) -> list[Record]:
    return entered(DayTotal)(_counted(making, {}))


def total_standing(making: Making) -> DayTotal | None:
    rows = DayTotal.objects.of(making.child).filter(date=making.values["date"])
    return rows.exclude(pk=making.entry_id).first()


def totalled_again(making: Making, total: DayTotal) -> Record:
    return changed_total(_with(making, said(making.values)), total)


def changed_total(making: Making, total: DayTotal) -> Record:
    stood = {name: getattr(total, name) for name in ("was_observed", "clusters", "spasms")}
    return amended(_counted(making, stood), total)


def _counted(making: Making, stood: Values) -> Making:
    """The form's rule: a day that nobody watched has no counts, a watched one has clusters."""
    values = stood | making.values
    if not values["was_observed"]:
        values |= {"clusters": None, "spasms": None}
    elif values.get("clusters") is None:
        raise ValidationError({"clusters": gettext("How many? Write 0 when none was seen.")})
    return _with(making, values)


def _with(making: Making, values: Values) -> Making:
    return Making(making.by, making.child, making.entry_id, values, making.at)


# --- how a day was watched


def observed(making: Making) -> list[Record]:
    return entered(Observation)(_with(making, _described(making)))


def observation_standing(making: Making) -> Observation | None:
    rows = Observation.objects.of(making.child).exclude(pk=making.entry_id)
    return rows.filter(date=making.values["date"], part=making.values["part"]).first()


def observed_again(making: Making, observation: Observation) -> Record:
    return amended(_with(making, _described(making)), observation)


def changed_observation(making: Making, observation: Observation) -> Record:
    values = making.values
    if {"until_at", "date", "part"} & set(values):
        names = ("date", "part", "until_at")
        values = _described(making, {name: getattr(observation, name) for name in names})
    return amended(_with(making, values), observation)


def _described(making: Making, stood: Values | None = None) -> Values:
    """With `until_at`: a part that was not over is described up to then, not to its end."""
    values: Values = (stood or {}) | making.values
    until_at: datetime | None = values.get("until_at")
    now = timezone.now()
    if until_at is not None and until_at > now + CLOCK_SKEW:
        raise ValidationError({"until_at": NOT_YET})
    part = DayPart(values["part"])
    cut = cut_at(making.child, values["date"], part, min(making.at, now))
    ends = [instant for instant in (until_at, cut) if instant is not None]
    return values | {"until_at": min(ends, default=None)}


def watched_so_far(making: Making) -> list[Record]:
    now: datetime = making.values["happened_at"]
    if now > timezone.now() + CLOCK_SKEW:
        raise ValidationError({"happened_at": NOT_YET})
    now = min(now, timezone.now())
    return [*nothing_seen_so_far(by=making.by, child=making.child, now=now)]


def watched_echo(making: Making, records: list[Any]) -> str:
    if not records:
        return gettext("Already saved: this part of the day was described before")
    parts = ", ".join(o.get_part_display() for o in records)
    until = making.child.timeline().local(making.values["happened_at"])
    return gettext("Saved: watched, %(parts)s, until %(until)s") % {
        "parts": parts,
        "until": f"{until:%H:%M}",
    }


def observation_echo(making: Making, records: list[Any]) -> str:
    [o] = records
    return gettext("Saved: %(watch)s, %(part)s of %(date)s") % {
        "watch": o.get_watch_display(),
        "part": o.get_part_display(),
        "date": dated(o.date, "j F"),
    }


# --- check-ins


def checked_in(making: Making) -> list[Record]:
    values = dict(making.values)
    day: date = values.pop("date")
    by, child = making.by, making.child
    return [save_check_in(by=by, child=child, entry_id=making.entry_id, day=day, **values)]


def check_in_standing(making: Making) -> CheckIn | None:
    standing = check_in_on(making.child, making.values["date"])
    return None if standing is None or standing.pk == making.entry_id else standing


def check_in_added_to(making: Making, standing: CheckIn) -> Record:
    [record] = checked_in(making)
    return record


def check_in_echo(making: Making, records: list[Any]) -> str:
    return gettext("Saved: check-in for %(day)s") % {"day": dated(records[0].date, "j F")}


# --- doses


def given(making: Making) -> list[Record]:
    values = _with_medicine(making)
    return [give_dose(by=making.by, child=making.child, entry_id=making.entry_id, **values).record]


def changed_dose(making: Making, dose: Dose) -> Record:
    return change_dose(by=making.by, dose=dose, **_with_medicine(making))


def _with_medicine(making: Making) -> Values:
    values = dict(making.values)
    if "medicine" in values:
        rows = Medicine.objects.filter(child=making.child, pk=values["medicine"])
        values["medicine"] = rows.first()
        if values["medicine"] is None:
            raise ValidationError({"medicine": gettext("This medicine is not in the list.")})
    return values


def dose_beside(making: Making, records: list[Any]) -> str:
    """A dose beside another one is stored, and said: was it meant to be a second one?"""
    [dose] = records
    if dose.outcome != Dose.Outcome.GIVEN:
        return ""
    step = step_of(dose.medicine, making.child, dose.local_time.date())
    within = soon_after(step)
    near = dose_near(dose.medicine, dose.happened_at, within=within, other_than=dose.pk)
    if near is None:
        return ""
    return gettext("%(person)s gave %(dose)s at %(time)s") % {
        "person": near.entered_by.name,
        "dose": near,
        "time": f"{near.local_time:%H:%M}",
    }


# --- reminders


def answered(making: Making) -> list[Record]:
    values: Values = {"minutes": None} | making.values
    answer(by=making.by, child=making.child, at=making.at, answer_id=making.entry_id, **values)
    return []


def answered_echo(making: Making, records: list[Any]) -> str:
    if making.values["what"] == Event.What.SEEN:
        return gettext("Saved: you are on it")
    return gettext("Saved: put off for %(minutes)s min") % making.values


# --- where the child is


def travelled(making: Making) -> list[Record]:
    travel(by=making.by, child=making.child, **making.values)
    return []


def travel_echo(making: Making, records: list[Any]) -> str:
    since = making.child.timeline().local(making.values["since"])
    zone = making.values["time_zone"].replace("_", " ")
    return gettext("Saved: in %(zone)s since %(since)s") % {
        "zone": zone,
        "since": dated(since, "j F, H:i"),
    }


def timed_echo(making: Making, records: list[Any]) -> str:
    """The time, and the date as well when that is another day than today."""
    [record] = records
    local = record.local_time
    is_today = local.date() == timezone.now().astimezone(local.tzinfo).date()
    at = dated(local, "H:i" if is_today else "j F, H:i")
    return gettext("Saved: %(entry)s, %(at)s") % {"entry": record, "at": at}
