"""A CSV as people's programs write it, read by column name; nothing is guessed silently."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from quietdays.records.forms import parse_decimal

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in one row; the header is row 1, as a spreadsheet counts."""

    row: int
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.reason}"


class ImportRefused(Exception):
    """Nothing was written; every problem that was found stands in `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(p) for p in problems[:5]))


@dataclass(slots=True)
class Row:
    """One row by column name. Reading a cell that is wrong notes the problem and gives None."""

    number: int
    cells: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def complain(self, reason: str) -> None:
        self.problems.append(Problem(self.number, reason))

    def text(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    def decimal(self, name: str, low: float, high: float) -> Decimal | None:
        text = self.text(name).removesuffix("%").strip()
        if not text:
            return None
        try:
            value = parse_decimal(text)
        except ValidationError:
            self.complain(f"{name} is “{text}”, which is no number")
            return None
        if not low <= value <= high:
            self.complain(f"{name} is {text}, but lies from {low:g} to {high:g}")
            return None
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        value = self.decimal(name, low, high)
        if value is None:
            return None
        if value != int(value):
            self.complain(f"{name} is {self.text(name)}, but must be a whole number")
            return None
        return int(value)

    def yes_no(self, name: str) -> bool | None:
        text = self.text(name).lower()
        if text in ("yes", "y", "true", "1"):
            return True
        if text in ("no", "n", "false", "0"):
            return False
        if text:
            self.complain(f"{name} is “{text}”: write yes or no, or leave it empty")
        return None

    def day(self, name: str) -> date | None:
        text = self.text(name)
        for shape in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                return datetime.strptime(text, shape).date()
            except ValueError:
                continue
        self.complain(f"{name} is “{text}”: write dates as 2026-03-29")
        return None


def read_table(data: bytes, *, known: Mapping[str, str]) -> tuple[list[str], list[Row]]:
    """Columns (by their own names in `known`, which maps every accepted name) and rows.

    Comma, semicolon or tab; the header decides. Raises ImportRefused for a file that is too
    large, is no text, has no rows, an unknown or doubled column, or a torn row.
    """
    lines = _lines(data)
    return _table(_columns(_names(lines[0][1]), known), lines[1:])


def read_any_table(data: bytes, *, joins_last: bool = False) -> tuple[list[str], list[Row]]:
    """As `read_table`, for a file of another program: whatever its columns are called.

    `joins_last`: a comma too many belongs to the last cell, as in “Jan 16, 2:03 AM” unquoted.
    """
    lines = _lines(data)
    columns = _names(lines[0][1])
    doubled = [n for n in columns if n and columns.count(n) > 1]
    if doubled:
        raise ImportRefused([Problem(1, f"the column {doubled[0]} stands twice")])
    rows = lines[1:]
    if joins_last:
        last = len(columns) - 1
        rows = [(n, [*cells[:last], ",".join(cells[last:])]) for n, cells in rows]
    return _table(columns, rows)


def header_of(data: bytes) -> list[str]:
    """The names of a table's columns; empty when it is no table that can be read."""
    try:
        return _names(_lines(data)[0][1])
    except ImportRefused:
        return []


def _lines(data: bytes) -> list[tuple[int, list[str]]]:
    text = decoded(data)
    header = text.split("\n", 1)[0]
    delimiter = max(";\t,", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    lines: list[tuple[int, list[str]]] = []
    number = 0  # of rows, as a spreadsheet counts: a note of two lines is one row
    try:
        for number, line in enumerate(reader, start=1):
            if any(c.strip() for c in line):
                lines.append((number, line))
    except csv.Error as error:
        raise ImportRefused([Problem(number + 1, f"the file is torn here ({error})")]) from error
    if len(lines) < 2:
        raise ImportRefused([Problem(1, "the file has no rows")])
    if len(lines) > MAX_ROWS:
        raise ImportRefused([Problem(MAX_ROWS, f"more than {MAX_ROWS:,} rows; split the file")])
    return lines


def _table(columns: list[str], lines: list[tuple[int, list[str]]]) -> tuple[list[str], list[Row]]:
    problems, rows = [], []
    for number, cells in lines:
        line = _without_blank_end(cells, len(columns))
        if len(line) != len(columns):
            reason = f"{len(line)} cells, but the header has {len(columns)}"
            problems.append(Problem(number, reason))
        else:
            rows.append(Row(number, dict(zip(columns, line, strict=True))))
    if problems:
        raise ImportRefused(problems)
    return columns, rows


def _names(cells: list[str]) -> list[str]:
    return [c.strip().lower().replace(" ", "_") for c in _without_blank_end(cells, 0)]


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark. Raises ImportRefused for another one."""
    if len(data) > MAX_BYTES:
        raise ImportRefused([Problem(1, "the file is larger than 5 MB; split it")])
    is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")  # as some spreadsheets save
    try:
        text = data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ImportRefused(
            [Problem(line, "this is no UTF-8 text; save it as CSV UTF-8")]
        ) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise ImportRefused([Problem(line, "a null character: this is no CSV text")])
    return text


def _without_blank_end(cells: list[str], keep: int) -> list[str]:
    """A row without the empty columns that spreadsheets leave at its end."""
    end = len(cells)
    while end > keep and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _columns(names: list[str], known: Mapping[str, str]) -> list[str]:
    unknown = [n for n in names if n not in known]
    if unknown:
        accepted = ", ".join(sorted(known))
        raise ImportRefused([Problem(1, f"unknown column “{unknown[0]}”; known are {accepted}")])
    own = [known[n] for n in names]
    doubled = [n for n in own if own.count(n) > 1]
    if doubled:
        raise ImportRefused([Problem(1, f"the column {doubled[0]} stands twice")])
    return own
