"""Archives of a very long diary: seconds, and memory as a share of the limit of 300 MB."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ENTRIES = 100_000
LIMIT_MB = 300

_FILL = """
import sys
import django
django.setup()
from datetime import UTC, date, datetime, timedelta
from django.core.management import call_command
call_command("migrate", verbosity=0)
from quietdays.diary.models import SpasmCluster
from quietdays.people.actions import create_account, create_family
person = create_account(email="a@bench.example", name="A", password="three words here")
child = create_family(
    by=person, child_name="Noor", birth_date=date(2025, 1, 1), sex="female",
    time_zone="Europe/Berlin",
)
start, entries = datetime(2025, 1, 2, tzinfo=UTC), int(sys.argv[1])
for first in range(0, entries, 1000):
    rows = [
        SpasmCluster(
            child=child, entered_by=person, happened_at=start + timedelta(minutes=5 * n),
            time_zone="Europe/Berlin", spasm_count=1 + n % 40, note="a note of some words",
        )
        for n in range(first, min(first + 1000, entries))
    ]
    SpasmCluster.objects.bulk_create(rows)
    SpasmCluster.history.bulk_history_create(rows, default_user=person)
"""
_MEASURED = """
import sys
from quietdays.cli import main
code = main(sys.argv[1:])
peak_kb = next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
print(peak_kb // 1024)
sys.exit(code)
"""


def fill(data: Path, *, entries: int) -> None:
    """A house with one child that has so many clusters, each with its version."""
    data.mkdir()
    _run(data, _FILL, str(entries))


def run(show: Callable[..., None]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        old, new, file = Path(folder, "old"), Path(folder, "new"), Path(folder, "a.zip")
        fill(old, entries=ENTRIES)
        out = ("export", "--child", "Noor", "--format", "archive", "--out", str(file))
        for name, data, line in (
            (f"archive of {ENTRIES:,} entries written", old, out),
            (f"archive of {ENTRIES:,} entries read in", new, ("import", "archive", str(file))),
        ):
            start = time.perf_counter()
            peak_mb = int(_run(data, _MEASURED, *line).splitlines()[-1])
            seconds = time.perf_counter() - start
            show(f"{name} ({seconds:.0f} s)", peak_mb, LIMIT_MB, "300 MB", "MB")


def _run(data: Path, program: str, *arguments: str) -> str:
    env = {**os.environ, "QUIETDAYS_DATA": str(data)}
    env["DJANGO_SETTINGS_MODULE"] = "quietdays.web.settings"
    line = [sys.executable, "-c", program, *arguments]
    done = subprocess.run(line, env=env, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout
