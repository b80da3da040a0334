"""Make a backup, prove that it restores, and only then give it its name."""

from __future__ import annotations

import fcntl
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from pyrage import x25519

from quietdays.backups import databases, packing
from quietdays.backups.keys import KeyTrouble, read_key
from quietdays.backups.state import note_failed, note_good, read_state

log = logging.getLogger(__name__)

DAILY = timedelta(days=1)
TRY_AGAIN_AFTER = timedelta(hours=1)
# What lies beside the database and cannot be made again.
FILES, FOLDERS = ("secret-key", "vapid.pem"), ("media",)
_NAME = re.compile(r"quietdays-\d{8}T\d{6}Z\.age")


class BackupFailed(Exception):
    """No backup was made, or none that restores; in words for the operator."""


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    rows: int
    files: int


def make_backup(folder: Path, *, keep: int, now: datetime) -> Made:
    """One more proved backup in a folder; the oldest beyond `keep` go. How it went is noted.

    Raises BackupFailed; older backups are then all kept.
    """
    data: Path = settings.DATA_DIR
    try:
        with _alone(data):
            made = _make(folder, now)
            if fault := databases.kind_here().fault():
                raise BackupFailed(f"the backup is whole, but the database says of itself: {fault}")
            _forget_oldest(folder, keep)
    except (BackupFailed, KeyTrouble, databases.Trouble, packing.Unreadable, OSError) as error:
        note_failed(data, now, str(error))
        raise BackupFailed(str(error)) from error
    note_good(data, now, made.path.name)
    return made


def backup_if_due(now: datetime) -> str:
    """The daily backup, when it is time; answers what to say of it, or nothing."""
    state = read_state(settings.DATA_DIR)
    age_s, tried_s = state.age_s(now), state.since_try_s(now)
    is_due = age_s is None or age_s >= DAILY.total_seconds()
    is_too_soon = tried_s is not None and state.error and tried_s < TRY_AGAIN_AFTER.total_seconds()
    if settings.BACKUP_DIR is None or not is_due or is_too_soon:
        return ""
    try:
        made = make_backup(settings.BACKUP_DIR, keep=settings.BACKUP_KEEP, now=now)
    except BackupFailed as error:
        log.error("the daily backup failed: %s", error)
        return ""
    return f"backup: {made.path.name}, restored on trial"


def _make(folder: Path, now: datetime) -> Made:
    key = read_key(settings.BACKUP_KEY)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = f"quietdays-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.age"
    for torn in folder.glob(".quietdays-*.part"):  # of a process that was killed
        torn.unlink()
    part = folder / f".{name}.part"
    try:
        _write(part, key)
        rows, files = _prove(part, key)
        part.rename(folder / name)
        _sync(folder)
    finally:
        part.unlink(missing_ok=True)
    return Made(folder / name, rows, files)


def _write(part: Path, key: x25519.Identity) -> None:
    kind = databases.kind_here()

    def fill(packer: packing.Packer) -> None:
        packer.add(kind.file, copy)
        # After the database: a file without a row does no harm, a row without its file shows none.
        for name, path in _files():
            with suppress(FileNotFoundError):  # deleted in the meantime
                packer.add(name, path)
        packer.finish({"database": kind.name, "rows": counts, "migrations": applied()})

    with scratch("backup") as here:
        copy = here / kind.file
        counts = kind.take(copy)
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(opened, "wb") as out:
            packing.pack(out, key, fill)


def _prove(part: Path, key: x25519.Identity) -> tuple[int, int]:
    """Open what was written and restore it on trial; answers its rows and files."""
    kind = databases.kind_here()
    with scratch("trial") as here, part.open("rb") as source:
        manifest = packing.unpack(source, key, here)
        counts = kind.tried(here / kind.file)
    if counts != manifest["rows"]:
        differing = sorted(t for t, n in manifest["rows"].items() if counts.get(t) != n)
        raise BackupFailed(f"on trial other rows came back in {', '.join(differing) or 'tables'}")
    return sum(counts.values()), len(manifest["files"])


def applied() -> list[str]:
    """The migrations that this release knows: an older release must not open its database."""
    return sorted(f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations)


def _files() -> Iterator[tuple[str, Path]]:
    data: Path = settings.DATA_DIR
    found = [data / name for name in FILES]
    for folder in FOLDERS:
        found += sorted((data / folder).rglob("*"))
    for path in found:
        if path.is_file() and not path.is_symlink():
            yield str(path.relative_to(data)), path


@contextmanager
def scratch(name: str) -> Iterator[Path]:
    """A folder in the data folder for its owner alone, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f".{name}-", dir=settings.DATA_DIR) as folder:
        yield Path(folder)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One backup at a time, in whichever process; what a killed one left behind is removed."""
    with (data / "backup.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed("another backup is being made") from None
        for left in [*data.glob(".backup-*"), *data.glob(".trial-*")]:
            shutil.rmtree(left, ignore_errors=True)
        yield


def _forget_oldest(folder: Path, keep: int) -> None:
    mine = sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name))
    for path in mine[: max(0, len(mine) - keep)]:
        path.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
