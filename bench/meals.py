"""The meal solver beside a plain SciPy programme of the same problems, in the same run.

The problems are made up from seeds (tests/science/meal_problems.py). What SciPy gives is the
proved optimum, or that there is none; it explains nothing. The gap is how much dearer the
solver's answer is than that optimum.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from quietdays.science.mealsolver import (
    MealProblem,
    Solved,
    SolvedWeek,
    WeekProblem,
    read_problem,
    solve_meal,
    solve_week,
)
from tests.science.meal_peer import meal_optimum, week_optimum
from tests.science.meal_problems import FAMILIES, made_up

_MEALS, _WEEKS, _WEEK_LIMIT_S = 40, 16, 5.0
# Milliseconds in nineteen of twenty cases.
_AIMS = {"build": 250, "impossible, explained": 500, "week": 1000,
         "impossible week, explained": 2000}  # fmt: skip
_FAST_AIM = 10


@dataclass
class _Line:
    ours: list[float] = field(default_factory=list)
    theirs: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)


def run() -> None:
    lines = _measured(FAMILIES, _MEALS) | _measured(("week",), _WEEKS)
    head = ("problems", "n", "ms p50", "p95", "aim p95", "SciPy p50", "p95", "ratio", "gap p95")
    print("{:28}{:>5}{:>9}{:>9}{:>9}{:>11}{:>9}{:>8}{:>9}".format(*head))
    for name, line in lines.items():
        ratio = statistics.median(line.theirs) / statistics.median(line.ours)
        gap = f"{_percentile(line.gaps, 95):.2f} %" if line.gaps else "-"
        print(
            f"{name:28}{len(line.ours):5}{_percentile(line.ours, 50):9.1f}"
            f"{_percentile(line.ours, 95):9.1f}{_AIMS.get(name, _FAST_AIM):9}"
            f"{_percentile(line.theirs, 50):11.1f}{_percentile(line.theirs, 95):9.1f}"
            f"{ratio:7.1f}x{gap:>9}"
        )


def _measured(families: Iterable[str], count: int) -> dict[str, _Line]:
    lines: dict[str, _Line] = {}
    for family in families:
        for seed in range(count):
            document = made_up(family, seed)
            problem = read_problem(document)
            solve = _solver(problem)
            solve()  # the first round warms up
            answer, ours = _timed(solve)
            best, theirs = _timed(lambda document=document: _peer(document))
            name = family
            if not isinstance(answer, Solved | SolvedWeek):
                name = "impossible week, explained" if family == "week" else "impossible, explained"
            line = lines.setdefault(name, _Line())
            line.ours.append(ours)
            line.theirs.append(theirs)
            if isinstance(answer, Solved) and best:
                line.gaps.append(100 * (answer.cost - best) / max(best, 1e-9))
            if isinstance(answer, SolvedWeek) and best:
                line.gaps.append(100 * max(0.0, best - answer.score) / best)
    # What cannot be made stands last.
    return dict(sorted(lines.items(), key=lambda pair: pair[0].startswith("impossible")))


def _solver(problem: MealProblem | WeekProblem) -> Callable[[], object]:
    if isinstance(problem, WeekProblem):
        return lambda: solve_week(problem)
    return lambda: solve_meal(problem)


def _peer(document: dict[str, Any]) -> float | None:
    """The proved optimum; None where there is none or it was not proved in time."""
    if document["kind"] == "week":
        can, best = week_optimum(document, time_limit=_WEEK_LIMIT_S)
    else:
        can, best, _ = meal_optimum(document)
    return best if can else None


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = work()
    return result, 1000 * (time.perf_counter() - start)


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(percent / 100 * (len(ordered) - 1)))]


if __name__ == "__main__":
    run()
