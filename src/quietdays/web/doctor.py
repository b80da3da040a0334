"""What an operator must know of this server: each check says what it found and how to mend it."""

from __future__ import annotations

import os
import platform
import shutil
import smtplib
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from quietdays.backups.keys import KeyTrouble, read_key
from quietdays.backups.state import read_state
from quietdays.records.turns import last_turns
from quietdays.reminders import keys
from quietdays.reminders.models import Heartbeat

SOUND_SQLITE = (3, 51, 3)
LEAST_FREE_BYTES, LITTLE_FREE_BYTES = 200_000_000, 2_000_000_000
BACKUP_OVERDUE = timedelta(hours=26)
# A turn of tend takes as long as a backup does.
SILENT_AFTER = {
    "remind": timedelta(minutes=2),
    "hooks": timedelta(minutes=2),
    "tend": timedelta(minutes=30),
}


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    about: str
    state: State
    said: str
    mend: str = ""

    def line(self) -> str:
        return f"{self.state:8} {self.about}: {self.said}" + (f". {self.mend}" if self.mend else "")


Check = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """Every check; one that breaks is a failure itself and keeps no other from being made."""
    found: list[Finding] = []
    for about, check in CHECKS.items():
        try:
            found += check()
        except Exception as error:  # the point of it is to find what nobody thought of
            said = f"could not be checked ({type(error).__name__})"
            found.append(Finding(about, State.FAILURE, said, "Look at the log"))
    return found


def _judged(about: str, holds: bool, said: str, otherwise: State, wrong: str, mend: str) -> Finding:
    return Finding(about, State.OK, said) if holds else Finding(about, otherwise, wrong, mend)


def _data_folder() -> Iterator[Finding]:
    data: Path = settings.DATA_DIR
    is_usable = data.is_dir() and os.access(data, os.W_OK | os.X_OK)
    mend = "Make the folder that QUIETDAYS_DATA names and give it to the server's user"
    yield _judged(
        "data folder", is_usable, "can be written", State.FAILURE, "cannot be written", mend
    )
    others = stat.S_IMODE(data.stat().st_mode) & 0o007
    yield _judged(
        "data folder's rights",
        not others,
        "closed to other users",
        State.WARNING,
        "open to other users of this machine",
        f"chmod o= {data}",
    )


def _keys() -> Iterator[Finding]:
    long_enough = len(settings.SECRET_KEY) >= 32
    yield _judged(
        "secret key",
        long_enough,
        "long enough",
        State.FAILURE,
        "too short to sign with",
        "Remove QUIETDAYS_SECRET_KEY and let the house make one",
    )
    for name in ("secret-key", "vapid.pem"):
        path = settings.DATA_DIR / name
        if path.exists():
            is_closed = not stat.S_IMODE(path.stat().st_mode) & 0o077
            yield _judged(
                f"rights of {name}",
                is_closed,
                "for its owner alone",
                State.FAILURE,
                "others may read it",
                f"chmod 600 {path}",
            )


def _settings() -> Iterator[Finding]:
    mend = "Put a proxy with TLS in front and set QUIETDAYS_TLS=1, unless this is one machine alone"
    yield _judged(
        "TLS",
        settings.BEHIND_TLS,
        "stands behind TLS",
        State.WARNING,
        "plain http: phones keep nothing offline and give no push",
        mend,
    )
    if settings.BEHIND_TLS:
        is_told = settings.ADDRESS.startswith("https://")
        yield _judged(
            "address",
            is_told,
            "links lead to https",
            State.FAILURE,
            "links in messages lead nowhere",
            "Set QUIETDAYS_URL to the server's https address",
        )
        yield _judged(
            "proxies",
            settings.PROXIES > 0,
            f"{settings.PROXIES} in front",
            State.WARNING,
            "all visitors share one limit of wrong passwords",
            "Set QUIETDAYS_PROXIES to how many proxies stand in front",
        )


def _database() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except DatabaseError:
        yield Finding(
            "database", State.FAILURE, "does not answer", "Start it, or mend QUIETDAYS_DATABASE_URL"
        )
        return
    yield Finding("database", State.OK, f"answers ({versions()['database']})")
    missing = unapplied()
    yield _judged(
        "migrations",
        not missing,
        "all applied",
        State.FAILURE,
        f"{missing} are not applied",
        "Start the server, which applies them",
    )
    if connection.vendor == "sqlite":
        is_sound = sqlite3.sqlite_version_info >= SOUND_SQLITE
        yield _judged(
            "SQLite",
            is_sound,
            sqlite3.sqlite_version,
            State.WARNING,
            f"{sqlite3.sqlite_version} has a rare fault when two connections write at once; "
            "the house lets one in at a time",
            "Use 3.51.3 or newer, or PostgreSQL, and write with no other program",
        )


def unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def versions() -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            database = f"SQLite {sqlite3.sqlite_version}"
        else:
            cursor.execute("SHOW server_version")
            database = f"PostgreSQL {cursor.fetchone()[0]}"
    return {
        "release": version("quietdays"),
        "python": platform.python_version(),
        "database": database,
    }


def free_bytes() -> int:
    return shutil.disk_usage(settings.DATA_DIR).free


def _disk() -> Iterator[Finding]:
    free = free_bytes()
    said = f"{free / 1e9:.1f} GB free"
    state = State.OK if free >= LITTLE_FREE_BYTES else State.WARNING
    if free < LEAST_FREE_BYTES:
        state = State.FAILURE
    yield Finding("disk", state, said, "" if state is State.OK else "Make room on the data's disk")


def _clock() -> Iterator[Finding]:
    """Against the database's own, and never before the day of the last upgrade."""
    now, mend = timezone.now(), "Set the clock, and keep it set (chrony, systemd-timesyncd)"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            off_s = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
        yield _judged(
            "clock",
            off_s < 5,
            "agrees with the database's",
            State.FAILURE,
            f"{off_s:.0f} s from the database's",
            mend,
        )
        return
    newest = MigrationRecorder.Migration.objects.order_by("-applied").first()
    is_later = newest is None or now > newest.applied - timedelta(minutes=5)
    yield _judged(
        "clock",
        is_later,
        f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC",
        State.FAILURE,
        "stands before the last upgrade of this database",
        mend,
    )


def _mail() -> Iterator[Finding]:
    if not settings.EMAIL_HOST:
        yield Finding(
            "e-mail",
            State.WARNING,
            "no mail server is set, so none is sent",
            "Set QUIETDAYS_SMTP_HOST",
        )
        return
    mail = get_connection(timeout=10)
    try:
        mail.open()
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            "e-mail",
            State.FAILURE,
            f"no way in ({type(error).__name__})",
            "Mend the settings QUIETDAYS_SMTP_*",
        )
    else:
        mail.close()
        yield Finding("e-mail", State.OK, "the mail server lets us in")


def _push() -> Iterator[Finding]:
    try:
        keys.public_key()
    except Exception as error:  # whatever a torn key makes the library raise
        yield Finding(
            "push",
            State.FAILURE,
            f"the key cannot be read ({type(error).__name__})",
            "Bring vapid.pem or QUIETDAYS_VAPID_KEY back from a backup",
        )
        return
    is_real = not settings.CONTACT.endswith("@localhost")
    yield _judged(
        "push",
        is_real,
        "key and contact are there",
        State.WARNING,
        "push services have no contact",
        "Set QUIETDAYS_CONTACT",
    )


def _backup() -> Iterator[Finding]:
    if settings.BACKUP_DIR is None:
        yield Finding(
            "backup",
            State.WARNING,
            "none is made each day",
            "Set QUIETDAYS_BACKUP_DIR and QUIETDAYS_BACKUP_KEY",
        )
        return
    try:
        read_key(settings.BACKUP_KEY)
    except KeyTrouble as error:
        yield Finding("backup key", State.FAILURE, str(error), "quietdays backup --make-key FILE")
    state, now = read_state(settings.DATA_DIR), timezone.now()
    age_s = state.age_s(now)
    if state.error:
        yield Finding(
            "backup", State.FAILURE, f"the last one failed: {state.error}", "Run quietdays backup"
        )
    elif age_s is None or age_s > BACKUP_OVERDUE.total_seconds():
        yield Finding("backup", State.FAILURE, "none for over a day", "Run quietdays backup")
    else:
        yield Finding("backup", State.OK, f"{age_s / 3600:.0f} h old, restored on trial")


def turns() -> dict[str, datetime | None]:
    """When each process beside the server last finished a turn."""
    beat = Heartbeat.objects.first()
    files = last_turns(settings.DATA_DIR)
    return {"remind": beat.seen_at if beat else None} | {
        name: files.get(name) for name in SILENT_AFTER if name != "remind"
    }


def _workers() -> Iterator[Finding]:
    now = timezone.now()
    for name, at in turns().items():
        is_alive = at is not None and now - at <= SILENT_AFTER[name]
        yield _judged(
            f"quietdays {name}",
            is_alive,
            "does its rounds",
            State.FAILURE,
            "has done no round lately",
            "Is the server running? It starts this beside itself",
        )


CHECKS: dict[str, Check] = {
    "data folder": _data_folder,
    "keys": _keys,
    "settings": _settings,
    "database": _database,
    "disk": _disk,
    "clock": _clock,
    "e-mail": _mail,
    "push": _push,
    "backup": _backup,
    "workers": _workers,
}
