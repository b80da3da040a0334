"""A migrated SQLite file, made once for each state of the source, from which tests start.

Bringing an empty database up to date takes longer than most tests; each process and each house
of a test would do it again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django

import quietdays

SOURCE = Path(quietdays.__path__[0])
MAKE = "from quietdays.house_commands import open_house; open_house()"


def furnish(database: Path) -> None:
    """Put a migrated database where there is none yet."""
    if not database.exists():
        shutil.copyfile(_template(), database)


def _template() -> Path:
    path = Path(tempfile.gettempdir()) / f"quietdays-template-{_fingerprint()}.sqlite3"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other process of the tests wants it too
        if not path.exists():
            _make(path)
    return path


def _make(path: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("QUIETDAYS", "DJANGO"))}
        told = kept | {"QUIETDAYS_DATA": folder, "PYTHONPATH": str(SOURCE.parent)}
        told.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-c", MAKE], env=told, check=True)
        shutil.move(Path(folder) / "quietdays.sqlite3", path)


def _fingerprint() -> str:
    """Of every module: a migration may call any of them."""
    digest = hashlib.sha256(django.__version__.encode())
    for file in sorted(SOURCE.rglob("*.py")):
        digest.update(str(file).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
