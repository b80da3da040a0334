"""`quietdays meal`: a meal, formula or week problem as JSON in, its answer as JSON out.

The format is meals/1 (docs/mealsolver.md#format). One problem on standard input, or with
`--jsonl` one a line, each answered with one line before the next is read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from quietdays.science.mealsolver import Refused, Solved, SolvedWeek

DONE = 0
UNREADABLE = 2


class NotJson(ValueError):
    """The text is no JSON, or holds a figure that JSON does not know."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("meal", help="grams for a meal, a formula or a week's menu")
    command.add_argument(
        "--jsonl", action="store_true", help="one problem a line, one answer a line"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    with _answers_alone() as stdout:
        if options.jsonl:
            return run_lines(sys.stdin, stdout)
        return run_one(sys.stdin, stdout, sys.stderr)


@contextmanager
def _answers_alone() -> Iterator[TextIO]:
    """Standard output for answers only.

    The solver's library now and then prints a line of its own from C, whatever it is told;
    among the answers that would be a broken one. It goes to standard error instead.
    """
    try:
        theirs = sys.stdout.fileno()
    except (OSError, ValueError):  # a test's own stream
        yield sys.stdout
        return
    sys.stdout.flush()
    with os.fdopen(os.dup(theirs), "w", encoding="utf-8") as answers:
        os.dup2(sys.stderr.fileno(), theirs)
        try:
            yield answers
        finally:
            answers.flush()
            os.dup2(answers.fileno(), theirs)


def run_one(stdin: TextIO, stdout: TextIO, stderr: TextIO) -> int:
    """One problem; code 2 and a sentence that names the field where it cannot be read."""
    from quietdays.science.mealsolver import BadProblem

    try:
        problem_answer = answer(_parsed(stdin.read()))
    except BadProblem as fault:
        print(f"quietdays meal: {fault.located}", file=stderr)
        return UNREADABLE
    except (NotJson, UnicodeDecodeError) as fault:
        print(f"quietdays meal: not JSON: {fault}", file=stderr)
        return UNREADABLE
    print(_line(problem_answer), file=stdout, flush=True)
    return DONE


def run_lines(stdin: TextIO, stdout: TextIO) -> int:
    """Every line is answered, a bad one with its fault, and the next is read. Empty ones not."""
    from quietdays.science.mealsolver import BadProblem

    while line := _next_line(stdin):
        if not line.strip():
            continue
        document: object = None
        try:
            document = _parsed(line)
            record = answer(document)
        except BadProblem as fault:
            record = _error(document, fault.field, fault.reason)
        except NotJson as fault:
            record = _error(document, "", f"not JSON: {fault}")
        except Exception as fault:  # one problem may not end the stream for the others
            record = _fault_of_ours(document, fault)
        print(_line_of_any(document, record), file=stdout, flush=True)
    return DONE


def _line_of_any(document: object, record: dict[str, Any]) -> str:
    """The answer's line, or a fault's where the answer holds what JSON cannot say."""
    try:
        return _line(record)
    except (ValueError, TypeError) as fault:
        return _line(_fault_of_ours(document, fault))


def _fault_of_ours(document: object, fault: Exception) -> dict[str, Any]:
    return _error(document, "", f"a fault of the solver: {type(fault).__name__}: {fault}")


def _next_line(stdin: TextIO) -> str:
    """The next line; bytes that are no text become a line that is no JSON."""
    try:
        return stdin.readline()
    except UnicodeDecodeError:
        return "\N{REPLACEMENT CHARACTER}\n"


def answer(document: object) -> dict[str, Any]:
    """The answer to one problem, in the format's keys. Raises BadProblem."""
    from quietdays.science.mealsolver import (
        Refused,
        Solved,
        SolvedWeek,
        WeekProblem,
        read_problem,
        solve_meal,
        solve_week,
    )

    problem = read_problem(document)
    solved = solve_week(problem) if isinstance(problem, WeekProblem) else solve_meal(problem)
    record: dict[str, Any] = {"id": problem.id}
    if isinstance(solved, Solved):
        return record | _solved(solved)
    if isinstance(solved, SolvedWeek):
        return record | _solved_week(solved)
    if isinstance(solved, Refused):
        return record | _refused(solved)
    return record | {"status": "error", "field": "", "message": solved.message}


def _solved(solved: Solved) -> dict[str, Any]:
    totals = solved.totals
    figures = {
        "kcal": _rounded(totals.energy_kcal),
        "fat": _rounded(totals.fat_g),
        "protein": _rounded(totals.protein_g),
        "carb": _rounded(totals.carb_g),
        "ratio": None if totals.ratio is None else _rounded(totals.ratio),
    }
    if totals.volume_ml is not None:
        figures["volume_ml"] = _rounded(totals.volume_ml)
    record: dict[str, Any] = {
        "status": "ok",
        "amounts": {food: _plain(grams) for food, grams in solved.amounts.items()},
        "totals": figures,
    }
    most = solved.sensitivity
    if most is not None:
        record["sensitivity"] = {
            "food": most.food,
            "step": _plain(most.step_g),
            "ratio_with_more": _optional(most.ratio_with_more),
            "ratio_with_less": _optional(most.ratio_with_less),
        }
    return record


def _solved_week(solved: SolvedWeek) -> dict[str, Any]:
    menu = {str(day): dict(meals) for day, meals in sorted(solved.menu.items())}
    return {"status": "ok", "menu": menu, "score": solved.score}


def _refused(refused: Refused) -> dict[str, Any]:
    return {
        "status": "infeasible",
        "conflict": list(refused.conflict),
        "relax": [{"constraint": fix.constraint, "to": _plain(fix.to)} for fix in refused.relax],
        "message": refused.message,
    }


def _error(document: object, field: str, message: str) -> dict[str, Any]:
    id_ = document.get("id") if isinstance(document, dict) else None
    known = id_ if isinstance(id_, str | int) else None
    return {"id": known, "status": "error", "field": field, "message": message}


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise NotJson(str(fault) or "nested too deeply") from None


def _no_constant(word: str) -> object:
    raise NotJson(f"{word} is no number")


def _plain(value: Decimal) -> float:
    """The binary number that prints as the decimal: 31.2 and never 31.200000000000003."""
    return float(value) + 0.0


def _rounded(value: Decimal) -> float:
    return _plain(round(value, 4))


def _optional(value: Decimal | None) -> float | None:
    return None if value is None else _rounded(value)


def _line(record: dict[str, Any]) -> str:
    """One line of JSON; half a character, which is no UTF-8, goes out escaped as it came in."""
    line = json.dumps(record, allow_nan=False, ensure_ascii=False)
    return line if _is_utf8(line) else json.dumps(record, allow_nan=False)


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
