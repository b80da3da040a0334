"""The `quietdays` command. What needs only numbers starts without Django."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from quietdays import (
    data_commands,
    foods_command,
    house_commands,
    meal_command,
    operator_commands,
    targets_command,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; answers its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quietdays",
        description="A companion for families of babies with spasms on a ketogenic diet.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    targets_command.add_to(commands)
    _add_effect(commands)
    meal_command.add_to(commands)
    house_commands.add_to(commands)
    data_commands.add_to(commands)
    foods_command.add_to(commands)
    operator_commands.add_to(commands)
    return parser


def _add_effect(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    effect = commands.add_parser("effect", help="the 4-week effect of a diary file")
    effect.add_argument("file", nargs="?", type=Path, help="a diary as CSV")
    effect.add_argument("--json", action="store_true", help="print JSON")
    effect.add_argument("--batch", action="store_true", help="read many diaries from stdin")
    effect.set_defaults(run=_run_effect)


def _run_effect(options: argparse.Namespace) -> int:
    from quietdays import effect_command  # numpy loads only for this command

    if options.batch:
        return effect_command.run_batch(sys.stdin, sys.stdout, sys.stderr)
    if options.file is None:
        print("quietdays effect: name a diary file, or give --batch", file=sys.stderr)
        return 2
    return effect_command.run_effect(options.file, as_json=options.json, out=sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
