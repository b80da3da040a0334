"""Writing an archive: a ZIP whose bytes follow from what is stored, and from nothing else.

No time of export stands in it, so that the same data gives the same file, wherever it lies.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from typing import IO, Any

from django.db.models import Model

from quietdays.diary import clip_files
from quietdays.diary.models import Clip
from quietdays.diet.models import RecipePhoto
from quietdays.people.models import Child, Person
from quietdays.records.reading import one_snapshot
from quietdays.sharing.archive.csv_files import csv_lines, csv_tables
from quietdays.sharing.archive.schema import FORMAT, VERSION, schema
from quietdays.sharing.archive.tables import (
    CHUNK,
    FOODS,
    TABLES,
    Foods,
    Table,
    food_rows,
    foods_of,
    people_of,
    pointers,
    target,
)
from quietdays.sharing.archive.values import plain

MANIFEST = "archive.json"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # ZIP knows no earlier date: this one says “none”
_PIECE = 1 << 20
_FOODS = frozenset({"diet.food", "diet.foodcomposition"})


def archive_steps(child: Child, out: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Write the archive of a child; yields (rows written, rows in all) as it goes.

    All of it stood so at one instant. `out` need not be seekable.
    """
    with one_snapshot():
        yield from _Writer(child, out).steps()


def csv_steps(child: Child, out: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Write only the tables for people: a ZIP with a CSV a kind."""
    with one_snapshot(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for number, table in enumerate(csv_tables(), start=1):
            with packed.open(_member(f"{table.model._meta.model_name}.csv"), "w") as file:
                for line in csv_lines(table, child):
                    file.write(line.encode())
            yield number, len(csv_tables())


def streamed(
    steps: Callable[[Child, Any], Iterator[tuple[int, int]]], child: Child
) -> Iterator[bytes]:
    """The bytes that one of the writers above writes, as they come."""
    pipe = _Pipe()
    for _ in steps(child, pipe):
        if pipe.waits > _PIECE:
            yield pipe.taken()
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """What was written, until somebody takes it. It cannot go back: ZIP is told so."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waits = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        self.waits += len(data)
        return len(data)

    def taken(self) -> bytes:
        pieces, self._pieces, self.waits = self._pieces, [], 0
        return b"".join(pieces)


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=_EARLIEST)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3  # the same bytes on every system
    return info


class _Writer:
    def __init__(self, child: Child, out: IO[bytes]) -> None:
        self._child = child
        self._packed = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self._foods: Foods = foods_of(child)
        # Few, and asked for in two places: the bar and the file itself.
        self._few: dict[type[Model], list[Any]] = {Person: people_of(child)}
        self._few |= {model: food_rows(model, self._foods) for model in FOODS}
        self._done = 0
        self._rows: dict[str, int] = {}
        self._media: dict[str, dict[str, Any]] = {}
        self._total = self._count()

    def steps(self) -> Iterator[tuple[int, int]]:
        with self._packed:
            self._text("README.txt", _readme())
            self._text("schema.json", json.dumps(schema(), indent=1, sort_keys=True))
            for table in TABLES:
                yield from self._table(table)
            yield from self._write_media()
            for table in csv_tables():
                name = f"csv/{table.model._meta.model_name}.csv"
                yield from self._lines(name, csv_lines(table, self._child), counts=False)
            manifest = {
                "format": FORMAT,
                "version": VERSION,
                "child": str(self._child.pk),
                "rows": self._rows,
                "media": self._media,
            }
            self._text(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True))
        yield self._total, self._total

    def _count(self) -> int:
        counted = [t for t in TABLES if t.model not in self._few]
        rows = sum(t.rows(self._child).count() for t in counted)
        rows += sum(t.versions(self._child).count() for t in counted if t.history)
        return rows + sum(len(few) for few in self._few.values())

    def _text(self, name: str, text: str) -> None:
        with self._packed.open(_member(name), "w") as file:
            file.write(text.encode())

    def _table(self, table: Table) -> Iterator[tuple[int, int]]:
        lines = (self._line(row, table.fields()) for row in self._rows_of(table))
        yield from self._lines(f"data/{table.name}.jsonl", lines)
        if table.history is not None:
            fields = table.history_fields()
            versions = table.versions(self._child).iterator(chunk_size=CHUNK)
            lines = (self._line(row, fields) for row in versions)
            yield from self._lines(f"history/{table.name}.jsonl", lines)

    def _rows_of(self, table: Table) -> Iterable[Any]:
        if table.model in self._few:
            return self._few[table.model]
        rows = table.rows(self._child)
        if table.model is RecipePhoto:
            rows = rows.defer("jpeg")
        return rows.iterator(chunk_size=CHUNK)

    def _line(self, row: Any, fields: list[Any]) -> str:
        values = {f.attname: getattr(row, f.attname) for f in fields}
        for field in pointers(fields):
            if target(field) in _FOODS:
                values[field.attname] = self._foods.name_of(values[field.attname])
        if row._meta.label_lower in _FOODS:
            values["id"] = self._foods.name_of(row.pk)
            if row.pk in self._foods.shared:
                values |= _WITHOUT_HOUSE.get(row._meta.label_lower, {})
        plainly = {name: plain(value) for name, value in values.items()}
        return json.dumps(plainly, ensure_ascii=False, separators=(",", ":")) + "\n"

    def _lines(
        self, name: str, lines: Iterable[str], *, counts: bool = True
    ) -> Iterator[tuple[int, int]]:
        count = 0
        with self._packed.open(_member(name), "w", force_zip64=True) as file:
            for count, line in enumerate(lines, start=1):
                file.write(line.encode())
                if count % CHUNK == 0:
                    self._done += CHUNK if counts else 0
                    yield self._done, self._total
        if counts:
            self._done += count % CHUNK
            self._rows[name] = count

    def _write_media(self) -> Iterator[tuple[int, int]]:
        for clip in Clip.objects.filter(child=self._child).order_by("pk"):
            if clip.received_bytes:
                yield from self._clip(clip)
        photos = RecipePhoto.objects.filter(recipe__child=self._child).order_by("pk")
        for photo in photos.iterator(chunk_size=1):
            self._file(f"media/recipes/{photo.pk}.jpg", [bytes(photo.jpeg)])
            yield self._done, self._total

    def _clip(self, clip: Clip) -> Iterator[tuple[int, int]]:
        try:
            handle = clip_files.open_to_read(self._child.pk, clip.pk)
        except FileNotFoundError:
            return  # the file was lost: the row says so by having none
        try:
            self._file(f"media/clips/{clip.pk}", _pieces(handle, clip.received_bytes))
        finally:
            os.close(handle)
        yield self._done, self._total

    def _file(self, name: str, pieces: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._packed.open(_member(name), "w", force_zip64=True) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        self._media[name] = {"bytes": size, "sha256": digest.hexdigest()}


# When a house learnt of a food of a table says nothing of the child.
_WITHOUT_HOUSE: dict[str, dict[str, Any]] = {
    "diet.food": {"created_at": None, "deleted_at": None},
    "diet.foodcomposition": {"entered_at": None, "entered_by_id": None},
}


def _pieces(handle: int, size: int) -> Iterator[bytes]:
    at = 0
    while at < size and (piece := os.pread(handle, min(_PIECE, size - at), at)):
        yield piece
        at += len(piece)


def _readme() -> str:
    return resources.files("quietdays.sharing").joinpath("data/archive_readme.txt").read_text()
