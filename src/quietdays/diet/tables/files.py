"""A table on the disk: a folder, a zip, or one CSV. Rows stream past; nothing is guessed."""

from __future__ import annotations

import csv
import io
import itertools
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, NoReturn, Self

from quietdays.diet.tables.food import Problem, TableRefused

UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may not pass, so that no file can fill the memory or the day.

    Lines of real tables have up to a few thousand characters; the largest file of all
    downloads, the nutrients of FoodData Central, has under 2 GB.
    """

    line_chars: int = 1_000_000
    member_bytes: int = 3_000_000_000


USUAL = Limits()


class Place:
    """Where the files of a table lie, whatever holds them. Files are asked for by their name."""

    def __init__(self, path: Path, limits: Limits = USUAL) -> None:
        self.path = path
        self._limits = limits
        self._zip: zipfile.ZipFile | None = None
        self._files: dict[str, Path] = {}
        self._members: dict[str, str] = {}

    def __enter__(self) -> Self:
        if self.path.is_dir():
            # A download unpacks into a folder of its own: that one, or the one around it.
            for folder in (self.path, *sorted(p for p in self.path.iterdir() if p.is_dir())):
                for file in sorted(folder.glob("*.csv")):
                    self._files.setdefault(file.name, file)
        elif self.path.suffix.lower() == ".zip":
            self._open_zip()
        elif self.path.exists():
            self._files[self.path.name] = self.path
        else:
            self.refuse("there is no such file or folder")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._zip is not None:
            self._zip.close()

    def _open_zip(self) -> None:
        try:
            self._zip = zipfile.ZipFile(self.path)
        except UNREADABLE:
            self.refuse("this is not a zip file, or it was cut short while it was loaded")
        except OSError as error:
            self.refuse(error.strerror or "it cannot be read")
        for member in self._zip.namelist():
            parts = PurePosixPath(member)
            if parts.suffix == ".csv" and "__MACOSX" not in parts.parts:
                self._members.setdefault(parts.name, member)

    def refuse(self, reason: str) -> NoReturn:
        raise TableRefused([Problem(self.path.name, None, reason)])

    def names(self) -> list[str]:
        return [*self._files, *self._members]

    def has(self, *names: str) -> bool:
        return set(names) <= set(self.names())

    def header(self, name: str) -> list[str]:
        """The columns of a file, or none when it has no readable first row."""
        try:
            with self.table(name, needed=()) as table:
                return list(table.columns)
        except TableRefused:
            return []

    @contextmanager
    def table(self, name: str, needed: Sequence[str]) -> Iterator[Table]:
        """A CSV by its name, with the columns that it has to have."""
        if name not in self.names():
            raise TableRefused([Problem(name, None, "the file is missing")])
        try:
            with self._open(name) as stream:
                with io.TextIOWrapper(stream, "utf-8-sig", newline="") as text:
                    yield Table(name, text, needed, self._limits.line_chars)
        except OSError as error:
            raise TableRefused([Problem(name, None, error.strerror or str(error))]) from error
        except UNREADABLE as error:
            reason = "the zip is damaged here, or was cut short"
            raise TableRefused([Problem(name, None, reason)]) from error

    def _open(self, name: str) -> IO[bytes]:
        if self._zip is not None:
            member = self._zip.getinfo(self._members[name])
            most = self._limits.member_bytes
            if member.file_size > most:
                reason = f"unpacked it would be over {most:,} bytes"
                raise TableRefused([Problem(name, None, reason)])
            # Never more than the declared size is unpacked, whatever is in the member.
            return self._zip.open(member)
        return self._files[name].open("rb")


class Table:
    """The rows of one CSV. Columns are known by name; every row must have all of them."""

    def __init__(self, name: str, text: IO[str], needed: Sequence[str], most_chars: int) -> None:
        self.name = name
        self._most_chars = most_chars
        self._row = 0
        self._begun = False
        self._rows = self._cells(text)
        header = next(self._rows, None)
        if not header:
            self.refuse("the file is empty")
        self.columns = {" ".join(word.split()): at for at, word in enumerate(header or [])}
        missing = [word for word in needed if word not in self.columns]
        if missing:
            self.refuse(f"the column {missing[0]} is missing")

    def at(self, column: str) -> int:
        return self.columns[column]

    def refuse(self, reason: str) -> NoReturn:
        raise TableRefused([Problem(self.name, self._row or None, reason)])

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """The number of each row and its cells, as many as the header has."""
        width = len(self.columns)
        for cells in self._rows:
            if len(cells) != width:
                self.refuse(f"{len(cells)} cells where the header has {width}: cut short?")
            yield self._row, cells

    def _cells(self, text: IO[str]) -> Iterator[list[str]]:
        """Rows as they stand, blank lines left out; what cannot be read is said with its row."""
        self._row = 1
        try:
            bounded = _lines(text, self._most_chars)
            first = next(bounded, "")
            # Spreadsheets of countries with a decimal comma put semicolons between columns.
            delimiter = ";" if first.count(";") > first.count(",") else ","
            self._begun = True
            lines = _without_nul(itertools.chain([first], bounded))
            for self._row, cells in enumerate(
                csv.reader(lines, delimiter=delimiter, strict=True), 1
            ):
                if cells:
                    yield cells
        except UnicodeDecodeError:
            self.refuse("this is not UTF-8 text: save the file as “CSV UTF-8”")
        except _TooLong:
            self._row += 1 if self._begun else 0
            self.refuse(f"a line of over {self._most_chars:,} characters")
        except csv.Error as error:
            self._row += 1
            self.refuse(f"the row cannot be read: {error}")


class _TooLong(Exception):
    """A line that nobody wrote by hand or by a table's own programme."""


def _lines(text: IO[str], most_chars: int) -> Iterator[str]:
    """Lines, none read further than a line may be long."""
    while line := text.readline(most_chars + 1):
        if len(line) > most_chars:
            raise _TooLong
        yield line


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    """What a disk leaves where a file was not written to its end."""
    for line in lines:
        if "\0" in line:
            raise csv.Error("zero bytes instead of text")
        yield line
