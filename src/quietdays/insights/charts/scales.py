"""From values to places on the paper."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Linear:
    """Values between `lo` and `hi` onto places between `start` and `end`; never outside."""

    lo: float
    hi: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.lo) / (self.hi - self.lo) if self.hi > self.lo else 0.5
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))


@dataclass(frozen=True, slots=True)
class Log:
    """The same for ratios, where half and twice stand equally far from 1."""

    lo: float
    hi: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        inside = min(self.hi, max(self.lo, value))
        share = math.log(inside / self.lo) / math.log(self.hi / self.lo)
        return self.start + (self.end - self.start) * share


@dataclass(frozen=True, slots=True)
class Days:
    """Dates from left to right, each the same width. Plain dates: no clock, no zone."""

    first: date
    count: int
    start: float
    end: float

    @property
    def step(self) -> float:
        return (self.end - self.start) / self.count

    def left(self, day: date) -> float:
        return self.start + self.step * (day - self.first).days

    def right(self, day: date) -> float:
        return self.left(day) + self.step

    def middle(self, day: date) -> float:
        return self.left(day) + self.step / 2


def ticks(lo: float, hi: float, *, at_most: int = 4, smallest: float = 0.1) -> list[float]:
    """Round numbers from at or below `lo` to at or above `hi`, `smallest` apart or more."""
    step = max(smallest, 10.0 ** math.floor(math.log10(max(hi - lo, smallest) / at_most)))
    for factor in (1, 2, 5, 10, 20, 50, 100):
        below = math.floor(lo / (step * factor) + 1e-9)
        above = math.ceil(hi / (step * factor) - 1e-9)
        if above - below <= at_most:
            break
    return [i * step * factor for i in range(below, max(above, below + 1) + 1)]
