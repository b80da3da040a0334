"""What an import would make, row by row, and making it: tried first, then all of it or nothing.

A preview does everything that the import does and takes it back, so that the two cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError

from quietdays.diet.models import EatenItem, MealEaten
from quietdays.insights.lines import line_of
from quietdays.medicines.models import Dose, Medicine, Schedule
from quietdays.people.access import Act, require
from quietdays.people.entries import amend, enter
from quietdays.people.models import Child, Person
from quietdays.records.models import Record
from quietdays.records.writing import one_write, save_as
from quietdays.science.days import ZoneTimeline
from quietdays.sharing.imports.table import ImportRefused, Problem

UNDONE = "import undone"  # why an entry was deleted, in its history
_OF_A_MEDICINE = (Schedule, Dose)
_NO_WORDS = (Schedule, Medicine)  # entries that no day shows as a line


@dataclass(frozen=True, slots=True)
class Planned:
    """One record that a row asks for, with an id that the same row always gets.

    A step or a dose names its medicine in `values["name"]`, and its unit in `values["unit"]`.
    A meal of which only the sum is known has it in `values["sum_g"]`: fat, protein, carbohydrate.
    """

    row: int
    model: type[Record]
    id: UUID
    values: dict[str, Any]
    act: Act = Act.LOG


@dataclass(slots=True)
class Reading:
    """What a file says: records to make, rows that are wrong, rows that a diary has no place for.

    `is_strict`: the file is the diary itself, and must agree with what it brought in before.
    """

    rows: int
    planned: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    is_strict: bool = False


class Verdict(StrEnum):
    NEW = "new"
    THERE = "already there"
    LEFT_OUT = "left out"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    row: int
    verdict: Verdict
    words: str


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do."""

    rows: int
    judged: list[Judged]
    made: list[Record]

    def count(self, verdict: Verdict) -> int:
        return sum(j.verdict is verdict for j in self.judged)

    @property
    def created(self) -> int:
        return self.count(Verdict.NEW)

    @property
    def already_there(self) -> int:
        return self.count(Verdict.THERE)

    @property
    def is_refused(self) -> bool:
        return self.count(Verdict.REFUSED) > 0

    def __str__(self) -> str:
        left = self.count(Verdict.LEFT_OUT)
        more = f", {left} left out" if left else ""
        return (
            f"{self.rows} rows read: {self.created} entries added, "
            f"{self.already_there} were already there{more}"
        )


def row_id(child: Child, *parts: object) -> UUID:
    """The id of what a row asks for: the same row has the same one, in any file."""
    return uuid5(child.pk, "|".join(str(part) for part in parts))


class _OnlyTried(Exception):
    """Takes a preview back."""


def preview(*, by: Person, child: Child, reading: Reading) -> Outcome:
    """What `carry_out` would do, with every row that it would refuse; nothing is stored."""
    found: Outcome
    try:
        with one_write():
            found = _store_all(by, child, reading)
            raise _OnlyTried
    except _OnlyTried:
        return found


def carry_out(*, by: Person, child: Child, reading: Reading) -> Outcome:
    """Store everything that a file says. Raises ImportRefused with each row; nothing is stored."""
    with one_write():
        found = _store_all(by, child, reading)
        refused = [Problem(j.row, j.words) for j in found.judged if j.verdict is Verdict.REFUSED]
        if refused:
            raise ImportRefused(refused)  # the transaction takes everything back
    return found


def _store_all(by: Person, child: Child, reading: Reading) -> Outcome:
    require(by, child, Act.MANAGE)
    timeline = child.timeline()
    judged = [Judged(p.row, Verdict.REFUSED, p.reason) for p in reading.problems]
    judged += [Judged(p.row, Verdict.LEFT_OUT, p.reason) for p in reading.left_out]
    made: list[Record] = []
    for item in reading.planned:
        try:
            record, new = _store(by, child, item, is_strict=reading.is_strict)
        except ValidationError as error:
            reason = f"cannot be stored: {' '.join(error.messages)}"
            judged.append(Judged(item.row, Verdict.REFUSED, reason))
            continue
        made += new
        judged.append(_judged(item, record, timeline, is_new=record in new))
    return Outcome(reading.rows, sorted(judged, key=lambda j: j.row), made)


def _judged(item: Planned, record: Record, timeline: ZoneTimeline, *, is_new: bool) -> Judged:
    words = str(record)
    if not isinstance(record, _NO_WORDS):
        line = line_of(record, timeline)
        when = getattr(record, "local_time", None)
        day = when.date() if when else getattr(record, "date", "")
        words = f"{day} {line.at} {line.title}" if when else f"{day} {line.title}".strip()
    if is_new:
        return Judged(item.row, Verdict.NEW, words)
    if record.deleted_at is not None:
        words += " (deleted since: it stays so)"
    return Judged(item.row, Verdict.THERE, words)


def _store(
    by: Person, child: Child, item: Planned, *, is_strict: bool
) -> tuple[Record, list[Record]]:
    """The entry of a row, and everything new that it took: its medicine, itself."""
    values = dict(item.values)
    new: list[Record] = []
    if issubclass(item.model, _OF_A_MEDICINE):
        name, unit = values.pop("name"), values.pop("unit", "")
        values["medicine"] = _medicine(by, child, name, unit, new)
    sum_g = values.pop("sum_g", None)
    entered = enter(item.model, by=by, child=child, entry_id=item.id, act=item.act, **values)
    if isinstance(entered.record, MealEaten) and sum_g is not None and entered.created:
        _store_sum(entered.record, sum_g, by)
    if not entered.created and _was_undone(entered.record):
        # Undone, and handed in again, perhaps with another unit: it comes in anew.
        again = amend(entered.record, by=by, act=item.act, deleted_at=None, **values)
        return again, [*new, again]
    if not entered.created and is_strict:
        _same_or_complain(entered.record, values)
    return entered.record, [*new, entered.record] if entered.created else new


def _was_undone(record: Record) -> bool:
    """Whether the import that made it was undone, and nobody has touched it since."""
    if record.deleted_at is None:
        return False
    return bool(record.history.latest().history_change_reason == UNDONE)


def _store_sum(meal: MealEaten, sum_g: tuple[Decimal, Decimal, Decimal], by: Person) -> None:
    """One row that holds what a meal's foods held together: so many grams of macronutrients."""
    total = sum(sum_g, Decimal(0))
    fat, protein, carbohydrate = ((100 * part / total).quantize(Decimal("0.01")) for part in sum_g)
    item = EatenItem(
        meal=meal,
        food_name="Fat, protein and carbohydrate together",
        unit="g",
        offered=total.quantize(Decimal("0.01")),
        fat_g_per_100=fat,
        protein_g_per_100=protein,
        carbohydrate_g_per_100=carbohydrate,
        fibre_g_per_100=Decimal(0),
    )
    item.full_clean(exclude=["meal", "composition"])
    save_as(item, by=by)


def _same_or_complain(record: Record, values: dict[str, Any]) -> None:
    """An entry that was imported before must still say what the file says."""
    different = [name for name, value in values.items() if getattr(record, name) != value]
    if different:
        raise ValidationError(
            f"the diary already has this entry with another {different[0].replace('_', ' ')}"
        )


def _medicine(by: Person, child: Child, name: str, unit: str, new: list[Record]) -> Medicine:
    """The medicine of that name, made if there is none; its unit must be the file's."""
    found = Medicine.objects.of(child).filter(name__iexact=name).first()
    if found is None:
        values = {"name": name, **({"unit": unit} if unit else {})}
        # Known by the first import of diaries as “diary-csv”: the same id, whatever the file.
        entry_id = row_id(child, "diary-csv", "medicine", name.lower())
        made = enter(Medicine, by=by, child=child, entry_id=entry_id, act=Act.MEDICATE, **values)
        if _was_undone(made.record):
            new.append(amend(made.record, by=by, act=Act.MEDICATE, deleted_at=None))
        elif made.record.deleted_at is not None:
            raise ValidationError(f"{name} was deleted: bring it back under Deleted entries first")
        new += [made.record] if made.created else []
        return made.record
    if unit and found.unit.lower() != unit.lower():
        raise ValidationError(
            f"{found.name} is given in {found.unit} here, but the file says {unit}"
        )
    medicine: Medicine = found
    return medicine
