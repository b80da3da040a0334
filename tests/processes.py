"""The real command in a process of its own, on a data folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import quietdays
from tests.template import furnish

SOURCE = Path(quietdays.__path__[0]).parent


def environment(data: Path) -> dict[str, str]:
    """What a command sees: its own data, the shipped settings, nothing of this test run's."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("QUIETDAYS", "DJANGO", "DATABASE_URL"))
    }
    return kept | {"QUIETDAYS_DATA": str(data), "PYTHONPATH": str(SOURCE), "TZ": "UTC"}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "quietdays.cli", *arguments]


def run(
    data: Path, *arguments: str, settings: dict[str, str] | None = None, **kwargs: object
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env=environment(data) | (settings or {}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        **kwargs,
    )


MAKE_A_FAMILY = """
from quietdays.house_commands import open_house
open_house()
from datetime import date
from quietdays.people.actions import create_account, create_family
parent = create_account(email="pia@test.example", name="Pia", password="three words here")
for name in {names!r}:
    child = create_family(by=parent, child_name=name, birth_date=date(2025, 9, 1), sex="female",
                          time_zone="Europe/Berlin")
    print(child.pk)
"""


def make_family(data: Path, *names: str) -> list[str]:
    """A parent, pia@test.example, with a child for each name; answers the children's ids."""
    furnish(data / "quietdays.sqlite3")
    done = subprocess.run(
        [sys.executable, "-c", MAKE_A_FAMILY.format(names=names)],
        env=environment(data),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout.split()
