"""Put a backup back: everything is opened and tried before anything of the house changes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection

from quietdays.backups import databases, packing
from quietdays.backups.keys import KeyTrouble, read_key
from quietdays.backups.making import FILES, applied, scratch


class NotRestored(Exception):
    """Why a backup was not put back, in words for the operator. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Restored:
    rows: int
    files: int


def is_empty() -> bool:
    """No account was ever made here, or the database holds no tables yet."""
    people = apps.get_model(settings.AUTH_USER_MODEL)
    if people._meta.db_table not in connection.introspection.table_names():
        return True
    return not people._default_manager.exists()


def restore(file: Path, *, key_file: Path | None, replace: bool = False) -> Restored:
    """The whole house as it stood in a backup. Raises NotRestored, and has changed nothing then.

    The server must not run meanwhile: it holds the old secret key, and would write in between.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    if not replace and not is_empty():
        raise NotRestored("this house is not empty; to overwrite it say --replace")
    kind = databases.kind_here()
    try:
        with scratch("restore") as here:
            manifest = _opened(file, key_file, here)
            _need_fitting(manifest, kind)
            counts = kind.tried(here / kind.file)
            if counts != manifest["rows"]:
                raise NotRestored("its database holds other rows than its list of contents says")
            # Films before the rows that show them; keys after what may still fail.
            _move(here, [name for name in manifest["files"] if name.startswith("media/")])
            kind.put_back(here / kind.file)
            _move(here, [name for name in manifest["files"] if name in FILES])
    except (KeyTrouble, databases.Trouble, packing.Unreadable, OSError) as error:
        raise NotRestored(str(error)) from error
    return Restored(sum(counts.values()), len(manifest["files"]))


def _opened(file: Path, key_file: Path | None, here: Path) -> dict[str, Any]:
    key = read_key(key_file)
    with file.open("rb") as source:
        return packing.unpack(source, key, here)


def _need_fitting(manifest: dict[str, Any], kind: databases.Kind) -> None:
    if manifest["database"] != kind.name:
        raise NotRestored(f"it holds a database of {manifest['database']}; here is {kind.name}")
    known = set(applied())
    newer = [name for name in manifest["migrations"] if name not in known]
    if newer:
        raise NotRestored(f"a newer release made it (it has {newer[0]}): upgrade first")


def _move(here: Path, names: list[str]) -> None:
    """Into the data folder, where the films may have a disk of their own."""
    for name in names:
        target = settings.DATA_DIR / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.move(here / name, target)
