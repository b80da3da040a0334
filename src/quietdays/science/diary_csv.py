"""A diary as a plain table: one row a local date, from before the diet to the last day.

Read strictly: a file that says something we do not understand is refused with the row,
never guessed at, because a guess would end up inside a number that a family acts on.
Source: docs/statistics.md#diary-file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from quietdays.science.days import CheckIn, DiaryDay, MedicineChange

COLUMNS = (
    "date",
    "diet",
    "logged",
    "clusters",
    "spasms",
    "hours_watched",
    "adherence",
    "illness",
    "sleep_hours",
    "stress",
    "med_change",
)
BATCH_MARK = "#diary "

# What may stand on a day that was not logged.
_ALWAYS = ("date", "diet", "logged", "med_change")
_WHOLE = re.compile(r"[0-9]{1,6}")
_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,9})?")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MEDICINE_CHANGE = re.compile(r"(start|up|down|stop):(.*\S.*)")
# The longest local day is 25 hours, when clocks go back.
_MOST_HOURS = 25.0


class DiaryFileError(Exception):
    """What is wrong in a diary file, and the row as a spreadsheet counts it: the header is 1."""

    def __init__(self, row: int, reason: str) -> None:
        self.row = row
        self.reason = reason
        super().__init__(f"row {row}: {reason}")


@dataclass(frozen=True, slots=True)
class DiaryFile:
    """The days of one diary, in order and without gaps, and the first day of the diet."""

    days: tuple[DiaryDay, ...]
    diet_started: date


@dataclass(frozen=True, slots=True)
class NamedText:
    """One diary of a batch, not yet read."""

    id: str
    text: str


def read_diary(text: str) -> DiaryFile:
    """The days of a diary file and the date of its first diet day. Raises DiaryFileError."""
    rows = _rows(text)
    _check_header(next(rows, _Row(1, [])).values)
    days: list[DiaryDay] = []
    for row in rows:
        day = _read_day(row)
        if days:
            _check_order(row, previous=days[-1], day=day)
        days.append(day)
    diet_started = next((day.date for day in days if day.on_diet), None)
    if diet_started is None:
        raise DiaryFileError(len(days) + 1, "no day has diet 1")
    return DiaryFile(tuple(days), diet_started)


def split_batch(lines: Iterable[str]) -> Iterator[NamedText]:
    """The diaries of a batch, each after its own line `#diary <id>`.

    Raises DiaryFileError with row 1 when something else stands before the first such line,
    or nothing at all.
    """
    diary_id: str | None = None
    collected: list[str] = []
    for line in lines:
        if line.startswith(BATCH_MARK):
            if diary_id is not None:
                yield NamedText(diary_id, "".join(collected))
            diary_id, collected = line.removeprefix(BATCH_MARK).strip(), []
        elif diary_id is not None:
            collected.append(line)
        elif line.strip("\ufeff \t\r\n"):
            raise DiaryFileError(1, "expected a line '#diary <id>'")
    if diary_id is None:
        raise DiaryFileError(1, "expected a line '#diary <id>'")
    yield NamedText(diary_id, "".join(collected))


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    values: list[str]


def _rows(text: str) -> Iterator[_Row]:
    """Rows with their numbers; blank lines at the end are no rows."""
    # Spreadsheets put a byte order mark first.
    lines = text.removeprefix("\ufeff").rstrip().splitlines()
    number = 0
    try:
        for number, values in enumerate(csv.reader(lines, strict=True), start=1):
            yield _Row(number, [value.strip() for value in values])
    except csv.Error as error:
        raise DiaryFileError(number + 1, f"not a table: {error}") from error


def _check_header(header: list[str]) -> None:
    for name in header:
        if name not in COLUMNS:
            raise DiaryFileError(1, f"unknown column {_quoted(name)}")
        if header.count(name) > 1:
            raise DiaryFileError(1, f"column {_quoted(name)} stands twice")
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise DiaryFileError(1, "missing column " + ", ".join(_quoted(m) for m in missing))
    if tuple(header) != COLUMNS:
        raise DiaryFileError(1, "the columns are in another order than " + ",".join(COLUMNS))


def _check_order(row: _Row, *, previous: DiaryDay, day: DiaryDay) -> None:
    if (day.date - previous.date).days != 1:
        reason = f"{day.date.isoformat()} is not the day after {previous.date.isoformat()}"
        raise DiaryFileError(row.number, reason)
    if previous.on_diet and not day.on_diet:
        raise DiaryFileError(row.number, "diet goes back from 1 to 0")


def _read_day(row: _Row) -> DiaryDay:
    if len(row.values) != len(COLUMNS):
        raise DiaryFileError(row.number, f"expected {len(COLUMNS)} values, not {len(row.values)}")
    fields = _Fields(row.number, dict(zip(COLUMNS, row.values, strict=True)))
    fields.require("diet", "logged")
    day, on_diet, logged = fields.date("date"), fields.flag("diet"), fields.flag("logged")
    changes = fields.medicine_changes("med_change")
    if not logged:
        fields.forbid_all_but(_ALWAYS)
        return DiaryDay(day, on_diet=bool(on_diet), medicine_changes=changes)
    clusters, spasms = fields.whole("clusters"), fields.whole("spasms")
    if spasms and not clusters:
        raise DiaryFileError(row.number, "spasms without a cluster")
    return DiaryDay(
        day,
        on_diet=bool(on_diet),
        clusters=clusters,
        spasms=spasms,
        hours_watched=fields.decimal("hours_watched", most=_MOST_HOURS),
        adherence_reported_percent=fields.decimal("adherence", most=100.0),
        illness=fields.flag("illness"),
        check_in=CheckIn(
            sleep_hours=fields.decimal("sleep_hours", most=_MOST_HOURS),
            stress=fields.whole("stress", least=1, most=5),
        ),
        medicine_changes=changes,
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """The texts of one row, read as what each column holds. Empty is None: not recorded."""

    row: int
    texts: dict[str, str]

    def date(self, name: str) -> date:
        text = self.texts[name]
        try:
            if _ISO_DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        raise self._error(name, "is not a date like 2025-02-10")

    def flag(self, name: str) -> bool | None:
        value = self.whole(name, most=1)
        return None if value is None else bool(value)

    def whole(self, name: str, *, least: int = 0, most: int = 999_999) -> int | None:
        text = self.texts[name]
        if not text:
            return None
        if not (_WHOLE.fullmatch(text) and least <= int(text) <= most):
            raise self._error(name, f"is not a whole number from {least} to {most}")
        return int(text)

    def decimal(self, name: str, *, most: float) -> float | None:
        text = self.texts[name]
        if not text:
            return None
        if not (_DECIMAL.fullmatch(text) and float(text) <= most):
            raise self._error(name, f"is not a number from 0 to {most:g}")
        return float(text)

    def medicine_changes(self, name: str) -> tuple[MedicineChange, ...]:
        text = self.texts[name]
        if not text:
            return ()
        changes = []
        for token in text.split(";"):
            found = _MEDICINE_CHANGE.fullmatch(token.strip())
            if not found:
                raise self._error(name, "is not like start:B, up:A, down:A or stop:A")
            changes.append(MedicineChange(medicine=found[2].strip(), change=found[1]))
        return tuple(changes)

    def require(self, *names: str) -> None:
        for name in names:
            if not self.texts[name]:
                raise DiaryFileError(self.row, f"{name} is empty")

    def forbid_all_but(self, names: Iterable[str]) -> None:
        for name, text in self.texts.items():
            if text and name not in names:
                raise DiaryFileError(self.row, f"{name} has a value but logged is 0")

    def _error(self, name: str, problem: str) -> DiaryFileError:
        return DiaryFileError(self.row, f"{name} {_quoted(self.texts[name])} {problem}")


def _quoted(text: str) -> str:
    """The text in quotes, cut short: an error message is no place for a whole file."""
    return repr(text if len(text) <= 30 else text[:30] + "…")
