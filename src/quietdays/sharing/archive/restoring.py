"""Reading an archive into this house: checked as a whole first, then all of it or nothing."""

from __future__ import annotations

import hashlib
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils import timezone

from quietdays.diary import clip_files
from quietdays.diet.models import Food, FoodComposition, RecipePhoto
from quietdays.people.models import Child, Family, Person, validate_time_zone
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write
from quietdays.sharing.archive.schema import FORMAT, VERSION
from quietdays.sharing.archive.tables import BY_NAME, TABLES, Table, parts, pointers, target
from quietdays.sharing.archive.values import read
from quietdays.sharing.archive.writing import MANIFEST
from quietdays.sharing.imports.table import ImportRefused, Problem

CHUNK = 500
MOST_PROBLEMS = 20
MAX_LINE_BYTES = 1 << 20
MAX_RATIO = 300  # rows that resemble each other pack well; a bomb packs far better
MAX_ROWS_BYTES = 8 << 30
MAX_PHOTO_BYTES = 20 << 20
_PIECE = 1 << 20
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was read, or would be: rows by file, and who has no account here yet."""

    child: str
    rows: dict[str, int]
    media: int
    people: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.child}: {sum(self.rows.values())} rows and {self.media} pictures and films"


def restore(file: IO[bytes], *, dry_run: bool = False, tell: Tell = lambda *_: None) -> Restored:
    """Bring a child's archive into this house, for whoever runs the server.

    `tell(done, all)` hears of the progress, in rows read, twice over: checking and storing.
    Accounts are known by their e-mail; those that are not here are made without a password.
    Raises ImportRefused with file, row and reason; nothing is stored then.
    """
    with _opened(file) as packed:
        reader = _Reader(packed, tell)
        reader.check()
        if not dry_run:
            reader.store()
        return reader.summary()


def _opened(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except _TORN as error:
        raise ImportRefused(
            [Problem(1, f"this is no archive that can be opened: {error}")]
        ) from error


@dataclass(slots=True)
class _Found:
    """What the first reading learnt, for the second."""

    ids: dict[str, set[UUID]] = field(default_factory=dict)
    earlier: dict[str, set[UUID]] = field(default_factory=dict)  # pointed at by history only
    people: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    names: dict[UUID, UUID] = field(default_factory=dict)  # an id in the archive: here
    present: set[UUID] = field(default_factory=set)  # rows of foods that this house has already


class _Reader:
    def __init__(self, packed: zipfile.ZipFile, tell: Tell) -> None:
        self._packed = packed
        self._tell = tell
        self._found = _Found()
        self._problems: list[Problem] = []
        self._done = 0
        self._files = {info.filename: info for info in packed.infolist()}
        self._check_sizes()
        self._manifest = self._read_manifest()
        self._child_id = UUID(self._manifest["child"])
        self._rows: dict[str, int] = self._manifest["rows"]
        self._total = 2 * sum(self._rows.values())
        self._child_name = ""

    def summary(self) -> Restored:
        emails = {p["email"].lower() for p in self._found.people.values()}
        here = Person.objects.filter(email__in=emails)
        able = {person.email for person in here if person.has_usable_password()}
        media = len(self._manifest["media"])
        return Restored(self._child_name, self._rows, media, tuple(sorted(emails - able)))

    # --- the file as a whole

    def _check_sizes(self) -> None:
        if len(self._files) != len(self._packed.infolist()):
            self._refuse("a file stands in the archive twice")
        rows = [i for i in self._files.values() if not i.filename.startswith("media/")]
        if sum(i.file_size for i in rows) > MAX_ROWS_BYTES:
            self._refuse("the archive is larger than any diary")
        for info in self._files.values():
            if info.file_size > MAX_RATIO * max(info.compress_size, 1 << 12):
                self._refuse(f"{info.filename} is packed as no diary is")
            if info.flag_bits & 1:
                self._refuse(f"{info.filename} is encrypted")

    def _read_manifest(self) -> dict[str, Any]:
        info = self._files.get(MANIFEST)
        if info is None or info.file_size > 64 << 20:
            self._refuse(f"this is no archive of Quiet Days: it has no {MANIFEST}")
        try:
            found = json.loads(self._packed.read(MANIFEST))
            is_ours = found["format"] == FORMAT
            version, child = found["version"], UUID(found["child"])
            rows, media = found["rows"], found["media"]
            sound = all(type(n) is int and n >= 0 for n in rows.values()) and all(
                type(m["bytes"]) is int and type(m["sha256"]) is str for m in media.values()
            )
        except (*_TORN, KeyError, TypeError, AttributeError) as error:
            self._refuse(f"{MANIFEST} cannot be read: {error}")
        if not is_ours or type(version) is not int or not sound:
            self._refuse(f"{MANIFEST} is not that of a Quiet Days archive")
        if version != VERSION:
            self._refuse(f"the archive has version {version}; this house reads {VERSION}")
        return {"child": str(child), "rows": rows, "media": media}

    def _refuse(self, reason: str) -> Any:
        raise ImportRefused([Problem(1, reason)])

    def _complain(self, name: str, row: int, reason: str) -> None:
        self._problems.append(Problem(row, f"{name}: {reason}"))
        if len(self._problems) >= MOST_PROBLEMS:
            raise ImportRefused(self._problems)

    # --- first reading: everything is sound and belongs together

    def check(self) -> None:
        expected = {f"data/{t.name}.jsonl" for t in TABLES}
        expected |= {f"history/{t.name}.jsonl" for t in TABLES if t.history is not None}
        for name in sorted(expected ^ set(self._rows)):
            self._complain(name, 1, "is missing" if name in expected else "is not known here")
        self._end_if_refused()
        for table in TABLES:
            self._check_table(table)
        self._end_if_refused()
        self._check_whose()
        for table in TABLES:
            self._check_pointers(table)
        self._end_if_refused()
        self._check_media()
        self._check_here()
        self._match_foods()
        self._end_if_refused()

    def _end_if_refused(self) -> None:
        if self._problems:
            raise ImportRefused(self._problems)

    def _check_table(self, table: Table) -> None:
        ids = self._found.ids.setdefault(table.name, set())
        name, pk = f"data/{table.name}", _pk(table.model)
        for number, row in self._read(f"{name}.jsonl"):
            if not self._sound(table.fields(), row, name, number):
                continue
            key = UUID(row[pk])
            if key in ids:
                self._complain(name, number, "this id stands twice")
            ids.add(key)
            if table.model is Person:
                self._found.people[key] = row
            elif table.model is Child:
                self._child_name = row["name"]
        if table.history is not None:
            name, fields = f"history/{table.name}", table.history_fields()
            for number, row in self._read(f"{name}.jsonl"):
                self._sound(fields, row, name, number)

    def _read(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Rows with their numbers, each an object; the manifest's count must hold."""
        number = 0
        try:
            with self._packed.open(name) as file:
                while line := file.readline(MAX_LINE_BYTES):
                    number += 1
                    row = _object(line)
                    yield number, row
                    self._done += 1
                    if self._done % CHUNK == 0:
                        self._tell(min(self._done, self._total), self._total)
        except ImportRefused:
            raise
        except (*_TORN, KeyError) as error:
            raise ImportRefused(
                [*self._problems, Problem(number, f"{name}: cannot be read: {error}")]
            ) from error
        if number != self._rows[name]:
            reason = f"{number} rows, but {MANIFEST} says {self._rows[name]}"
            raise ImportRefused([*self._problems, Problem(number, f"{name}: {reason}")])

    def _sound(self, fields: list[Any], row: dict[str, Any], name: str, number: int) -> bool:
        """Whether a row holds exactly these fields, each with a value that it takes."""
        odd = row.keys() ^ {f.attname for f in fields}
        if odd:
            reason = f"the field {min(odd):.60} is missing or not known"
            self._complain(name, number, reason)
            return False
        for of in fields:
            try:
                _check_value(of, row[of.attname])
            except (ValidationError, ValueError, OverflowError, ArithmeticError) as error:
                messages = getattr(error, "messages", None) or [str(error)]
                self._complain(name, number, f"{of.attname}: {' '.join(messages)}")
                return False
        return True

    def _check_whose(self) -> None:
        """One child and its family, and nothing of another one."""
        if self._found.ids["people.child"] != {self._child_id}:
            self._refuse(f"{MANIFEST} names another child than data/people.child.jsonl")
        if len(self._found.ids["people.family"]) != 1:
            self._refuse("data/people.family.jsonl holds more or less than one family")

    def _check_pointers(self, table: Table) -> None:
        name = f"data/{table.name}"
        fields = pointers(table.fields())
        for number, row in self._again(f"{name}.jsonl"):
            for of in fields:
                if row[of.attname] is None:
                    continue
                if UUID(row[of.attname]) not in self._found.ids.get(target(of), ()):
                    self._complain(name, number, f"{of.attname} points at nothing in the archive")
        if table.history is not None:
            self._check_history(table)

    def _check_history(self, table: Table) -> None:
        """An earlier version may point at what is gone, but not at something of another child."""
        fields = pointers(table.history_fields())
        owners = {f.attname for f in fields if f.attname in ("child_id", "family_id")}
        parents = {f.attname for f in fields if f.attname in ("meal_id", "recipe_id")}
        is_part = not hasattr(table.model, "child_id") and table.model is not Child
        for number, row in self._again(f"history/{table.name}.jsonl"):
            for of in fields:
                if row[of.attname] is None:
                    continue
                key = UUID(row[of.attname])
                if key in self._found.ids.get(target(of), ()):
                    continue
                if of.attname in owners or (is_part and of.attname in parents):
                    reason = f"{of.attname} points at nothing in the archive"
                    self._complain(f"history/{table.name}", number, reason)
                else:
                    self._found.earlier.setdefault(target(of), set()).add(key)

    def _again(self, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of a file that was read before."""
        with self._packed.open(name) as file:
            for number, line in enumerate(file, start=1):
                yield number, json.loads(line)

    def _check_media(self) -> None:
        stored = {name for name in self._files if name.startswith("media/")}
        media = self._manifest["media"]
        for name in sorted(stored ^ media.keys()):
            self._complain(name, 1, f"stands in the archive or in {MANIFEST}, but not in both")
        clips = {f"media/clips/{key}" for key in self._found.ids["diary.clip"]}
        photos = {f"media/recipes/{key}.jpg" for key in self._found.ids["diet.recipephoto"]}
        for name in sorted(media.keys() - clips - photos):
            self._complain(name, 1, "belongs to nothing in the archive")
        for name in sorted(photos - media.keys()):
            self._complain(name, 1, "the picture is missing")
        self._end_if_refused()
        for name, told in media.items():
            digest, size = hashlib.sha256(), 0
            for piece in self._pieces(name):
                digest.update(piece)
                size += len(piece)
                if name in photos and size > MAX_PHOTO_BYTES:
                    self._complain(name, 1, "is too large for a picture of a dish")
                    break
            if size != told["bytes"] or digest.hexdigest() != told["sha256"]:
                self._complain(name, 1, f"is not the file that {MANIFEST} describes")

    def _pieces(self, name: str) -> Iterator[bytes]:
        try:
            with self._packed.open(name) as file:
                while piece := file.read(_PIECE):
                    yield piece
        except _TORN as error:
            raise ImportRefused([Problem(1, f"{name}: cannot be read: {error}")]) from error

    # --- what this house has already

    def _check_here(self) -> None:
        if Child.objects.filter(pk=self._child_id).exists():
            self._refuse(f"{self._child_name} is in this house already; nothing was changed")
        for name, keys in self._found.earlier.items():
            for some in parts(keys):
                if BY_NAME[name].model._default_manager.filter(pk__in=some).exists():
                    self._refuse(f"a version points at another child's {name}")

    def _match_foods(self) -> None:
        """A food of a table is this house's own, when it says the same; else the family's copy."""
        versions: dict[str, list[dict[str, Any]]] = {}
        for _, row in self._again("data/diet.foodcomposition.jsonl"):
            versions.setdefault(row["food_id"], []).append(row)
        for number, row in self._again("data/diet.food.jsonl"):
            if row["family_id"] is not None:
                if UUID(row["family_id"]) not in self._found.ids["people.family"]:
                    self._complain("data/diet.food", number, "belongs to another family")
                continue
            here = _same_food(row, versions.get(row["id"], []))
            self._found.names |= here
            self._found.present |= here.keys()

    # --- second reading: storing

    def store(self) -> None:
        written: list[UUID] = []
        try:
            with one_write():
                self._check_here()
                self._name_people()
                for table in TABLES:
                    self._store_table(table)
                for name in self._manifest["media"]:
                    if name.startswith("media/clips/"):
                        written.append(UUID(Path(name).name))
                        self._store_clip(name, written[-1])
        except BaseException:
            for clip_id in written:  # the rows are gone with the transaction: so are the bytes
                clip_files.remove(self._child_id, clip_id)
            raise
        self._tell(self._total, self._total)

    def _name_people(self) -> None:
        for key, row in self._found.people.items():
            here = Person.objects.filter(email=row["email"].lower()).first()
            if here is None:
                free = not Person.objects.filter(pk=key).exists()
                here = Person(id=key if free else new_id(), email=row["email"].lower())
                here.name = row["name"]
                here.set_unusable_password()
                here.save(force_insert=True)
            self._found.names[key] = here.pk

    def _store_table(self, table: Table) -> None:
        if table.model is Person:
            self._done += self._rows[f"data/{table.name}.jsonl"]
            return
        if table.model is Family and Family.objects.filter(pk__in=self._found.ids[table.name]):
            self._refuse("the family of this child is in this house already")
        self._store_file(table.model, table.fields(), f"data/{table.name}.jsonl")
        if table.history is not None:
            self._store_file(table.history, table.history_fields(), f"history/{table.name}.jsonl")

    def _store_file(self, model: type[Model], fields: list[Any], name: str) -> None:
        batch: list[tuple[int, Model]] = []
        for number, row in self._read(name):
            if name in _FOOD_FILES and UUID(row["id"]) in self._found.present:
                continue
            batch.append((number, self._instance(model, fields, row)))
            if len(batch) == CHUNK:
                _insert(model, batch, name)
                batch = []
        _insert(model, batch, name)

    def _instance(self, model: type[Model], fields: list[Any], row: dict[str, Any]) -> Model:
        values = {f.attname: read(f, row[f.attname]) for f in fields}
        for of in pointers(fields):
            if values[of.attname] is not None:
                values[of.attname] = self._found.names.get(values[of.attname], values[of.attname])
        if model is Food and values["family_id"] is None:
            (family_id,) = self._found.ids["people.family"]
            values |= {"family_id": family_id, "source_key": "", "created_at": timezone.now()}
        elif model is FoodComposition and values["entered_at"] is None:
            values["entered_at"] = timezone.now()
        elif model is RecipePhoto:
            values["jpeg"] = self._packed.read(f"media/recipes/{values['recipe_id']}.jpg")
        return model(**values)

    def _store_clip(self, name: str, clip_id: UUID) -> None:
        with clip_files.alone_with(self._child_id, clip_id) as handle:
            at = 0
            for piece in self._pieces(name):
                clip_files.append(handle, at, piece)
                at += len(piece)


# What comes out of a torn, mangled or hostile file while it is read.
_TORN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError,
    IndexError, NotImplementedError, RecursionError, RuntimeError,
)  # fmt: skip


_FOOD_FILES = frozenset({"data/diet.food.jsonl", "data/diet.foodcomposition.jsonl"})


def _object(line: bytes) -> dict[str, Any]:
    if len(line) >= MAX_LINE_BYTES:
        raise ValueError("a row longer than any entry")
    text = line.decode()
    if "\\ud" in text or "\\u0000" in text:  # we write no escapes: half a letter, or none at all
        text.encode()
        raise ValueError("a character that no text holds")
    row = json.loads(text)
    if not isinstance(row, dict):
        raise ValueError("a row is an object")
    return row


# When a house learnt of a food of a table is of no other house.
_MAY_BE_NULL = frozenset({("Food", "created_at"), ("FoodComposition", "entered_at")})


def _check_value(of: Any, raw: Any) -> None:
    """Raises ValidationError, or ValueError for a number that is none, when a field refuses it."""
    value = read(of, raw)
    if value is None:
        if not of.null and (of.model.__name__, of.name) not in _MAY_BE_NULL:
            raise ValidationError("must have a value")
        return
    choices = {choice for choice, _ in of.flatchoices}
    if choices and value not in choices and value != "":
        raise ValidationError(f"“{value!s:.40}” is none of its choices")
    of.run_validators(value)
    if of.name == "time_zone":
        validate_time_zone(value)


def _pk(model: type[Model]) -> str:
    pk: Any = model._meta.pk
    return str(pk.attname)


_SAME = (
    "per_unit", "fat_g", "protein_g", "carbohydrate_g", "fibre_g", "carbohydrate_basis",
    "energy_kcal", "volume_ml_per_g",
)  # fmt: skip


def _same_food(row: dict[str, Any], versions: list[dict[str, Any]]) -> dict[UUID, UUID]:
    """The ids here of a table's food and its versions; empty when this house has another one."""
    here = Food.objects.filter(source_key=row["source_key"], family__isnull=True).first()
    if here is None or not row["source_key"]:
        return {}
    names = {UUID(row["id"]): here.pk}
    stored = {c.version: c for c in here.compositions.all()}
    for version in versions:
        other = stored.get(version["version"])
        fields = {f.name: f for f in FoodComposition._meta.concrete_fields}
        if other is None or any(read(fields[n], version[n]) != getattr(other, n) for n in _SAME):
            return {}
        names[UUID(version["id"])] = other.pk
    return names


def _insert(model: type[Model], batch: list[tuple[int, Model]], name: str) -> None:
    """Store rows together; when the database refuses, find the row that it refuses."""
    if not batch:
        return
    try:
        with transaction.atomic():
            model._default_manager.bulk_create([row for _, row in batch])
    except IntegrityError:
        for number, row in batch:
            try:
                with transaction.atomic():
                    model._default_manager.bulk_create([row])
            except IntegrityError as error:
                reason = f"{name}: the house refuses it: {error}"
                raise ImportRefused([Problem(number, reason)]) from error
        raise
