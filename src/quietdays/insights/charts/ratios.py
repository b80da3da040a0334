"""A rate ratio with its interval on a log axis: what the effect and the factors draw alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts.scales import Log
from quietdays.insights.charts.svg import (
    NOTHING,
    SMALL,
    Svg,
    circle,
    join,
    line,
    polygon,
    rect,
    text,
)
from quietdays.words import decimal, from_to

LO, HI = 0.1, 4.0
_TICKS = (
    (LO, gettext_lazy("a tenth")),
    (0.25, gettext_lazy("a quarter")),
    (0.5, gettext_lazy("half")),
    (1.0, gettext_lazy("the same")),
    (2.0, gettext_lazy("twice")),
    (HI, gettext_lazy("4 times")),
)


@dataclass(frozen=True, slots=True)
class Interval:
    """A ratio with its limits; what is None or not a number is not known, and not drawn."""

    ratio: float | None = None
    lo95: float | None = None
    hi95: float | None = None
    lo90: float | None = None
    hi90: float | None = None

    @property
    def known(self) -> float | None:
        return None if self.ratio is None or math.isnan(self.ratio) else self.ratio

    @property
    def limits(self) -> str:
        return between(self.lo95, self.hi95)

    @property
    def numbers(self) -> str:
        """“0.82 (0.57 to 1.17)”: the limits are those of 95 %, as everywhere else."""
        return f"{times(self.known)} ({self.limits})"


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Rows on the axis: words beside it when there is room, above it when it is narrow.

    Pairs are of the narrow and the wide drawing.
    """

    TOP: ClassVar[float] = 30.0
    ROWS: ClassVar[tuple[float, float]]  # height of a row
    MIDDLES: ClassVar[tuple[float, float]]  # of a row's interval, from the row's top
    SIDES: ClassVar[tuple[float, float]]  # room left and right of a wide axis

    width: float

    @property
    def names_above(self) -> bool:
        return self.width < 480

    @property
    def row(self) -> float:
        return self.ROWS[not self.names_above]

    @property
    def axis(self) -> Log:
        if self.names_above:
            return ratio_axis(22, self.width - 26)
        left, right = self.SIDES
        return ratio_axis(left, self.width - right)

    def top(self, row: int) -> float:
        return self.TOP + row * self.row

    def middle(self, row: int) -> float:
        return self.top(row) + self.MIDDLES[not self.names_above]


def ratio_axis(start: float, end: float) -> Log:
    return Log(LO, HI, start, end)


def draw_axis(axis: Log, *, top: float, bottom: float, at_one: str) -> Svg:
    """Lines with their names below, a strong one at 1 with its name above, and the two ways."""
    parts = []
    for value, name in _TICKS:
        x = axis(value)
        line_class = "c-same" if value == 1 else "c-line"
        parts.append(line(x, top - 4, x, bottom + 4, class_=line_class))
        parts.append(
            text(x, bottom + 18, name, class_="c-soft", font_size=SMALL, text_anchor="middle")
        )
    parts.append(text(axis(1), top - 12, at_one, text_anchor="middle", font_size=SMALL))
    parts.append(_pointer(axis(LO) - 4, bottom + 33, gettext("fewer seen"), -1))
    parts.append(_pointer(axis(HI) + 4, bottom + 33, gettext("more seen"), 1))
    return join(parts)


def draw_interval(axis: Log, y: float, found: Interval) -> Svg:
    """A point on a thick 90 % and a thin 95 % line; dashes while there is nothing to draw."""
    ratio = found.known
    if ratio is None:
        return line(axis(LO), y, axis(HI), y, class_="c-line", stroke_dasharray="2 5")
    parts = [
        _bar(axis, y, found.lo95, found.hi95, 2.0, "c-interval"),
        _bar(axis, y, found.lo90, found.hi90, 8.0, "c-interval-thick"),
    ]
    lows, highs = (found.lo95, found.lo90, ratio), (found.hi95, found.hi90, ratio)
    if any(v is not None and v < LO for v in lows):
        parts.append(_head(axis(LO), y, -1))
    if any(v is not None and v > HI for v in highs):
        parts.append(_head(axis(HI), y, 1))
    if LO <= ratio <= HI:
        parts.append(circle(axis(ratio), y, 6, class_="c-point", stroke_width=2))
    return join(parts)


def times(value: float | None) -> str:
    """A ratio in figures; what cannot be a ratio is a question mark."""
    if value is None or math.isnan(value) or value < 0:
        return "?"
    if value >= 100:
        return gettext("over 100")
    return "0" if value == 0 else decimal(value, 2)


def between(lo: float | None, hi: float | None) -> str:
    return from_to(times(lo), times(hi))


def _pointer(x: float, y: float, name: str, way: int) -> Svg:
    """A word with a small arrow head that points out of the axis."""
    head = polygon([(x - 3 * way, y - 4), (x - 3 * way, y + 4), (x + 4 * way, y)], class_="c-arrow")
    anchor = "start" if way < 0 else "end"
    label = text(x - 8 * way, y + 4, name, class_="c-soft", font_size=SMALL, text_anchor=anchor)
    return join([head, label])


def _bar(
    axis: Log, y: float, lo: float | None, hi: float | None, thick: float, bar_class: str
) -> Svg:
    if lo is None or hi is None or math.isnan(lo) or math.isnan(hi):
        return NOTHING
    left, right = axis(lo), axis(hi)
    return rect(left, y - thick / 2, max(right - left, 0), thick, class_=bar_class)


def _head(x: float, y: float, way: int) -> Svg:
    """The interval goes on beyond the edge."""
    return polygon([(x, y - 6), (x, y + 6), (x + 10 * way, y)], class_="c-interval")
