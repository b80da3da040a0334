"""Foods: bringing 8,000 in against reading the same files bare, and search against `icontains`."""

from __future__ import annotations

import csv
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from quietdays.diet.models import Food

FOODS = 8_000
TYPED = (
    "cream", "double cream", "heavy cream", "butter", "avacado", "brocoli", "buter", "egg yolk",
    "purée carrot", "oil olive", "cheese raw", "chiken", "ca", "nut", "soup boiled", "xyzzy",
)  # fmt: skip


def run() -> None:
    """Print both; asserts nothing. Django is set up, and a house with the demo family is there."""
    from tests.diet.fdc_files import write_fdc

    with tempfile.TemporaryDirectory() as folder:
        table = write_fdc(Path(folder) / "fdc", FOODS, rest=60)
        _import(table, Path(folder))
        _search(table)


def _import(table: Path, folder: Path) -> None:
    """The real command in a process of its own, on a house of its own."""
    bare_s = min(_seconds(lambda: _read_bare(table)) for _ in range(2))
    environment = os.environ | {"QUIETDAYS_DATA": str(folder / "data")}
    (folder / "data").mkdir()
    line = [sys.executable, "-c", _MEASURED]
    subprocess.run([*line, "purge"], env=environment, check=True, capture_output=True)
    for word in ("first time", "again"):
        start = time.perf_counter()
        done = subprocess.run(
            [*line, "foods", "import", str(table)],
            env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        seconds = time.perf_counter() - start
        peak_mb = int(done.stderr.splitlines()[-1]) / 1024
        print(
            f"{f'import of {FOODS} foods, {word}':44} {seconds:8.1f} s    {FOODS / seconds:,.0f} "
            f"foods/s, peak {peak_mb:.0f} MB, {seconds / bare_s:.0f} x csv reading alone of the "
            f"same files ({bare_s:.2f} s)"
        )


_MEASURED = """
import resource, sys
from quietdays.cli import main
code = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


def _read_bare(table: Path) -> int:
    """Every row of every file through csv, and nothing else."""
    rows = 0
    for path in table.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            rows += sum(1 for _ in csv.reader(file))
    return rows


def _search(table: Path) -> None:
    from quietdays.diet.actions.food_tables import store_table
    from quietdays.diet.food_search import search_foods
    from quietdays.diet.models import Food
    from quietdays.diet.queries import foods_for
    from quietdays.diet.tables.registry import read_table
    from quietdays.people.models import Child
    from tests.diet.fdc_files import write_fdc

    store_table(read_table(table).foods)
    more = write_fdc(table.parent / "more", 10_000 - Food.objects.count() + FOODS, rest=0)
    store_table(read_table(more).foods)
    child = Child.objects.get(name="Noor")
    count = Food.objects.count()
    first_ms = 1000 * _seconds(lambda: search_foods(child, "cream", limit=12))
    print(f"{f'search of {count} foods, names read anew':44} {first_ms:8.1f} ms")

    def plain(text: str) -> list[Food]:
        found = foods_for(child)
        for word in text.split():
            found = found.filter(Q(name__icontains=word) | Q(other_names__icontains=word))
        return sorted(found[:200], key=lambda f: (not f.name.lower().startswith(text), f.name))[:12]

    _show_search(f"search of {count} foods", lambda text: search_foods(child, text, limit=12))
    _show_search("  the same words through icontains", plain)


def _show_search(what: str, search: Callable[[str], list[Food]]) -> None:
    answered = sum(bool(search(text)) for text in TYPED)
    times = sorted(_milliseconds(search, text) for _ in range(5) for text in TYPED)
    p50, p95 = statistics.median(times), times[int(0.95 * len(times))]
    print(
        f"{what:44} {p50:8.1f} ms   p95 {p95:.1f} ms, {100 * p95 / 50:.0f} % of the 50 ms limit; "
        f"an answer to {answered} of {len(TYPED)}"
    )


def _milliseconds(search: Callable[[str], object], text: str) -> float:
    return 1000 * _seconds(lambda: search(text))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
