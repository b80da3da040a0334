"""`quietdays foods import`: a national table of foods, all or nothing."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from quietdays.house_commands import open_house

SOURCES = ("fdc", "ciqual", "cofid")


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    foods = commands.add_parser("foods", help="the common table of foods")
    kinds = foods.add_subparsers(required=True, metavar="WHAT")
    bring = kinds.add_parser("import", help="bring in a national table of food composition")
    bring.add_argument("path", type=Path, help="the download: a folder, a zip or a CSV")
    bring.add_argument("--source", choices=SOURCES, help="the table; default: known by its layout")
    bring.set_defaults(run=_import_foods)


def _import_foods(options: argparse.Namespace) -> int:
    open_house()
    from quietdays.diet.actions.food_tables import store_table
    from quietdays.diet.starter import load_starter_foods
    from quietdays.diet.tables.food import TableRefused
    from quietdays.diet.tables.registry import read_table

    start = time.monotonic()
    try:
        reading = read_table(options.path, options.source, say=_say)
        _say(f"{len(reading.foods)} foods read; storing them")
        # Its foods come first, so that a food that stands in both is one food.
        load_starter_foods()
        stored = store_table(reading.foods)
    except TableRefused as refusal:
        print("Nothing was changed.", file=sys.stderr)
        for problem in refusal.problems:
            print(problem, file=sys.stderr)
        return 1
    seconds = time.monotonic() - start
    print(
        f"{reading.name}: {reading.rows} rows in {seconds:.1f} s: {stored.added} foods added, "
        f"{stored.new_versions} with new figures, {stored.unchanged} already there"
    )
    for reason, rows in reading.skipped.most_common():
        print(f"  left out: {rows} ({reason})")
    return 0


def _say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)
