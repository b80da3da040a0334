"""The clinic's side of the demo: EEGs, growth, limits, messages and what is due. All invented."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from quietdays.clinic.actions import mark_read, set_limits, write_message
from quietdays.diary.models import Eeg, Kind, Measurement, Unit
from quietdays.diet.actions import start_checklist, tick_checklist_item
from quietdays.diet.models import ChecklistItem
from quietdays.people.access import Act
from quietdays.people.entries import enter
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id

_INVENTED = "Invented for the demo: not a recommendation."
# Days after the first diet day: score, hypsarrhythmia, words.
_EEGS = (
    (-9, 4, True, "Multifocal spikes, high amplitudes (invented)."),
    (31, 3, False, "Fewer and lower spikes, some multifocal (invented)."),
    (72, 2, False, "Single spikes (invented)."),
)
# Days after the first diet day: length and head circumference in cm.
_SIZES = ((-10, "69.2", "43.6"), (28, "70.4", "44.0"), (58, "71.2", "44.3"))


def make_clinics_side(child: Child, people: dict[str, Person], started: date) -> None:
    """What the neurologist, the dietitian and the family of the demo child wrote to each other."""
    neurologist = people["neurologist"]
    for after, based, hypsarrhythmia, finding in _EEGS:
        enter(
            Eeg,
            by=neurologist,
            child=child,
            entry_id=new_id(),
            act=Act.FOLLOW,
            date=started + timedelta(days=after),
            based=based,
            hypsarrhythmia=hypsarrhythmia,
            finding=finding,
        )
    for after, length, head in _SIZES:
        at = _at(child, started + timedelta(days=after))
        measure(child, neurologist, at, Kind.LENGTH, length, Unit.CM)
        measure(child, neurologist, at, Kind.HEAD, head, Unit.CM)
    set_limits(
        by=neurologist,
        child=child,
        entry_id=new_id(),
        glucose_low=Decimal("3.0"),
        glucose_unit="mmol/L",
        ketones_high=Decimal("5.5"),
        clusters_per_day=Decimal(4),
        note=_INVENTED,
    )
    _talk(child, people)
    _monitoring(child, people["dietitian"], started)


def make_worries(child: Child, neurologist: Person, number: int, today: date) -> None:
    """For some children of the demo clinic something that puts them on the list."""
    if number % 8 == 0:
        set_limits(
            by=neurologist,
            child=child,
            entry_id=new_id(),
            glucose_low=Decimal("3.0"),
            glucose_unit="mmol/L",
            note=_INVENTED,
        )
        at = _at(child, today - timedelta(days=2))
        measure(child, neurologist, at, Kind.GLUCOSE, "2.7", Unit.MMOL_L)
    if number % 9 == 1:
        for back, kilograms in ((60, "8.40"), (30, "8.10"), (3, "7.55")):
            at = _at(child, today - timedelta(days=back))
            measure(child, neurologist, at, Kind.WEIGHT, kilograms, Unit.KG)


def measure(child: Child, by: Person, at: datetime, kind: str, value: str, unit: str) -> None:
    values: dict[str, Any] = {"kind": kind, "value": Decimal(value), "unit": unit}
    enter(Measurement, by=by, child=child, entry_id=new_id(), happened_at=at, **values)


def _at(child: Child, day: date) -> datetime:
    return datetime.combine(day, time(11), tzinfo=child.zone)


def _talk(child: Child, people: dict[str, Person]) -> None:
    """A thread whose last message waits for an answer."""
    for who, text in (
        ("parent", "She left half of her lunch on three days. Shall we write it down as a rest?"),
        ("dietitian", "Yes, please: grams of each food. I look at it before the visit."),
        ("parent", "We did. May the avocado be swapped for more cream on such days?"),
    ):
        write_message(by=people[who], child=child, entry_id=new_id(), text=text)
    mark_read(by=people["neurologist"], child=child)


def _monitoring(child: Child, dietitian: Person, started: date) -> None:
    """The list of monitoring, looked at up to the first month; one line was left open."""
    start_checklist(by=dietitian, child=child, which=ChecklistItem.List.MONITORING)
    rows = ChecklistItem.objects.of(child).filter(list=ChecklistItem.List.MONITORING)
    for months, remark in ((0, "Looked at before the start (demo)."), (1, "At the visit (demo).")):
        for item in rows.filter(months_on_diet=months).exclude(text="Chosen blood tests"):
            done_on = started + timedelta(days=31 * months)
            tick_checklist_item(
                by=dietitian, item=item, is_ticked=True, due_on=None, remark=remark,
                done_on=done_on,
            )  # fmt: skip
