"""The two databases that the house runs on, each made for one test and gone after it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

# What goes through the same code in many rounds needs fewer of them on the second database.
FEWER = 5 if os.environ.get("QUIETDAYS_TEST_DATABASE_URL") else 1
SERVERS = Path("/usr/lib/postgresql")
NONE_HERE = "PostgreSQL is not installed here (Debian: postgresql)"


class Database:
    """Where it lies, as the house's settings, and a way to ask it from outside the house."""

    def __init__(self, data: Path, url: str = "") -> None:
        self.data, self.url = data, url
        self.settings = {"QUIETDAYS_DATABASE_URL": url} if url else {}

    def ask(self, question: str) -> Any:
        """The first value of the first row."""
        place = self.data / "quietdays.sqlite3"
        opened: Any = psycopg.connect(self.url) if self.url else sqlite3.connect(place)
        with closing(opened) as connection:
            return connection.execute(question).fetchone()[0]


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a server of this test's own; skips with the reason where there is none."""
    versions = sorted(SERVERS.glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    if not versions or not shutil.which("pg_virtualenv"):
        pytest.skip(NONE_HERE)
    version = versions[-1].parts[4]
    line = ["pg_virtualenv", "-v", version, "sh", "-c", "env; echo; exec cat"]
    with (
        _alone(),
        subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
    ):
        assert server.stdout is not None
        told: dict[str, str] = {}
        while (row := server.stdout.readline()) != "\n":
            assert row, "PostgreSQL did not start; what it said stands above"
            name, _, value = row.strip().partition("=")
            told[name] = value
        place = f"{told['PGHOST']}:{told['PGPORT']}/{told['PGDATABASE']}"
        try:
            yield f"postgresql://{told['PGUSER']}:{told['PGPASSWORD']}@{place}"
        finally:
            server.communicate("")  # the end of its input is the end of the server


@contextmanager
def _alone() -> Iterator[None]:
    """One such server at a time on a machine: pg_virtualenv gives each the same name."""
    with (Path(tempfile.gettempdir()) / "quietdays-postgresql.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
