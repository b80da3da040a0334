"""`python -m bench.calibration --n 500`: the tables of docs/statistics.md#calibration.

Diaries with a known change from the project's own simulator (tests/science/simulator.py),
each judged at 28, 56 and 84 days.
"""

from __future__ import annotations

import argparse
import math
import statistics
from dataclasses import dataclass

from quietdays.science.effect import PeriodEffect, Verdict, effect
from tests.science.diaries import DIET_STARTED
from tests.science.simulator import KINDS, diary

CHANGED = (
    ("calm", 0.5), ("calm", 0.25), ("usual", 0.5), ("usual", 0.25), ("usual", 0.0),
    ("usual", 1.5), ("long spells", 0.25), ("medicine", 0.25), ("sparse", 0.0),
)  # fmt: skip
LONG_BASELINE_DAYS = 182
# A true ratio of nought lies on the edge of every interval.
_EDGE = 0.03

_CLEAR = (Verdict.CLEAR_REDUCTION, Verdict.CLEAR_INCREASE)


@dataclass(frozen=True)
class Cell:
    """One kind, ratio and period: its answers beside the true ratios."""

    ratio: float
    answers: list[tuple[PeriodEffect, float]]

    def percent(self, *verdicts: Verdict) -> float:
        return 100 * statistics.fmean(p.verdict in verdicts for p, _ in self.answers)

    @property
    def right(self) -> float:
        return self.percent(_CLEAR[self.ratio > 1])

    @property
    def wrong(self) -> float:
        return self.percent(_CLEAR[self.ratio < 1])

    @property
    def cover(self) -> float:
        given = [(p.lo95, p.hi95, true) for p, true in self.answers if p.hi95 is not None]
        edge = _EDGE if self.ratio == 0 else 0.0
        return 100 * statistics.fmean(lo <= true + edge and hi >= true for lo, hi, true in given)

    @property
    def width(self) -> float:
        """Median of the upper limit divided by the lower, of those that have both."""
        widths = [math.log(p.hi95 / p.lo95) for p, _ in self.answers if p.lo95 and p.hi95]
        return math.exp(statistics.median(widths)) if widths else math.nan


def cells(kind: str, ratio: float, n: int, *, days_before: int = 28) -> list[Cell]:
    """The cells of day 28, 56 and 84."""
    by_period: list[list[tuple[PeriodEffect, float]]] = [[], [], []]
    for number in range(n):
        made = diary(kind, ratio, number, days_before=days_before)
        periods = effect(made.days, diet_started=DIET_STARTED).periods
        for answers, period, true in zip(by_period, periods, made.true_ratio, strict=True):
            answers.append((period, true))
    return [Cell(ratio, answers) for answers in by_period]


def _row(*columns: object) -> None:
    print("| " + " | ".join(str(c) for c in columns) + " |")


def _each(found: list[Cell], of: str) -> str:
    digits = 1 if of in ("clear", "width") else 0
    values = [c.percent(*_CLEAR) if of == "clear" else getattr(c, of) for c in found]
    return " / ".join(f"{v:.{digits}f}" for v in values)


def unchanged(n: int) -> None:
    _row("Kind", "False clear verdict, day 28 / 56 / 84", "Inside the 95 % limits", "Not enough")
    _row("---", "---", "---", "---")
    for kind in KINDS:
        found = cells(kind, 1.0, n)
        lacking = " / ".join(f"{c.percent(Verdict.NOT_ENOUGH_DATA):.0f}" for c in found)
        _row(kind, _each(found, "clear"), _each(found, "cover"), lacking)


def changed(n: int) -> None:
    _row("Kind, ratio", "Right clear verdict, day 28 / 56 / 84", "Cannot separate",
         "Inside, worst", "Wrong direction, worst")  # fmt: skip
    _row("---", "---", "---", "---", "---")
    for kind, ratio in CHANGED:
        found = cells(kind, ratio, n)
        apart = " / ".join(f"{c.percent(Verdict.CANNOT_SEPARATE):.0f}" for c in found)
        cover, wrong = min(c.cover for c in found), max(c.wrong for c in found)
        _row(f"{kind}, {ratio:g}", _each(found, "right"), apart, f"{cover:.0f}", f"{wrong:.1f}")


def longer_baselines(n: int) -> None:
    _row("Kind, ratio", "Days before", "Clear verdict, day 28 / 56 / 84", "Inside the 95 % limits",
         "Upper limit by lower, median")  # fmt: skip
    _row("---", "---", "---", "---", "---")
    for kind, ratio in (("usual", 1.0), ("bad start", 1.0), ("long spells", 1.0), ("calm", 0.5),
                        ("usual", 0.25)):  # fmt: skip
        for days_before in (28, LONG_BASELINE_DAYS):
            found = cells(kind, ratio, n, days_before=days_before)
            numbers = (_each(found, of) for of in ("clear", "cover", "width"))
            _row(f"{kind}, {ratio:g}", days_before, *numbers)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=500, help="diaries a row")
    n = options.parse_args().n
    for table in (unchanged, changed, longer_baselines):
        table(n)
        print()


if __name__ == "__main__":
    main()
