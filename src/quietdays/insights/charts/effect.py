"""Rate ratios with their intervals on a log axis, one row a period."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from quietdays.insights.charts import words
from quietdays.insights.charts.scales import Log
from quietdays.insights.charts.svg import (
    NOTHING,
    SMALL,
    Chart,
    Svg,
    circle,
    group,
    join,
    line,
    picture,
    polygon,
    rect,
    shorten,
    text,
)

_TICKS = (
    (0.1, "a tenth"),
    (0.25, "a quarter"),
    (0.5, "half"),
    (1.0, "the same"),
    (2.0, "twice"),
    (4.0, "4 times"),
)
_TOP = 30.0
_NOTE = "Lines: thick 90 %, thin 95 %. In brackets: 95 %."
_EMPTY = "No periods here yet. They come with the first weeks that can be compared."


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One period against the weeks before; `rate_ratio` is None while there are too few days."""

    label: str
    rate_ratio: float | None = None
    lo90: float | None = None
    hi90: float | None = None
    lo95: float | None = None
    hi95: float | None = None
    when_none: str = "not enough days yet"


@dataclass(frozen=True, slots=True)
class _Layout:
    """Label and numbers stand beside the axis when there is room, above it when there is not."""

    width: float

    @property
    def names_above(self) -> bool:
        return self.width < 480

    @property
    def row(self) -> float:
        return 56.0 if self.names_above else 44.0

    @property
    def axis(self) -> Log:
        if self.names_above:
            return Log(0.1, 4, 22, self.width - 26)
        return Log(0.1, 4, 150, self.width - 168)

    def middle(self, row: int) -> float:
        return _TOP + row * self.row + (38 if self.names_above else 22)


def effect_intervals(
    rows: Sequence[EffectRow],
    *,
    width: int = 680,
    title: str = "Clusters seen per watched day, compared with before",
    chart_id: str | None = None,
) -> Chart:
    """A point with a thick 90 % and a thin 95 % interval a row. A line at 1 means as before.

    The limits in words are those of 95 %, as everywhere else.
    """
    chart_id = chart_id or f"effect-{width}"
    layout = _Layout(width)
    bottom = _TOP + max(1, len(rows)) * layout.row
    sentence = "; ".join(_said(r) for r in rows) + "." if rows else _EMPTY
    body = [_axis(layout, bottom), *(_row(layout, i, r) for i, r in enumerate(rows))]
    if not rows:
        body, bottom = [text(2, 24, "No periods here yet.", class_="c-soft")], -4.0
    return Chart(
        id=chart_id,
        title=title,
        sentence=sentence,
        table_head=("Period", "Times as many", "90 % interval", "95 % interval"),
        table_rows=tuple(_table_row(r) for r in rows),
        svg=picture(
            chart_id=chart_id,
            title=title,
            sentence=sentence,
            width=width,
            height=bottom + (62 if rows else 44),
            body=body,
        ),
    )


def _axis(layout: _Layout, bottom: float) -> Svg:
    axis = layout.axis
    parts = []
    for value, name in _TICKS:
        x = axis(value)
        line_class = "c-same" if value == 1 else "c-line"
        parts.append(line(x, _TOP - 4, x, bottom + 4, class_=line_class))
        parts.append(
            text(x, bottom + 18, name, class_="c-soft", font_size=SMALL, text_anchor="middle")
        )
    one = axis(1)
    parts.append(text(one, _TOP - 12, "as before", text_anchor="middle", font_size=SMALL))
    parts.append(_pointer(axis(0.1) - 4, bottom + 33, "fewer seen", -1))
    parts.append(_pointer(axis(4.0) + 4, bottom + 33, "more seen", 1))
    note = shorten(_NOTE, layout.width - 8, SMALL)
    parts.append(text(2, bottom + 55, note, class_="c-soft", font_size=SMALL))
    return join(parts)


def _pointer(x: float, y: float, name: str, way: int) -> Svg:
    """A word with a small arrow head that points out of the axis."""
    head = polygon([(x - 3 * way, y - 4), (x - 3 * way, y + 4), (x + 4 * way, y)], class_="c-arrow")
    anchor = "start" if way < 0 else "end"
    label = text(x - 8 * way, y + 4, name, class_="c-soft", font_size=SMALL, text_anchor=anchor)
    return join([head, label])


def _row(layout: _Layout, i: int, row: EffectRow) -> Svg:
    axis, y = layout.axis, layout.middle(i)
    above = layout.names_above
    room = layout.width / 2 - 8 if above else axis(0.1) - 26
    label = shorten(row.label, room)
    numbers = shorten(_numbers(row), layout.width / 2)
    parts = [
        text(2, y - 18 if above else y + 4, label, class_="c-text c-strong"),
        text(
            layout.width - 2,
            y - 18 if above else y + 4,
            numbers,
            class_="c-text" if _ratio(row) is not None else "c-soft",
            text_anchor="end",
        ),
    ]
    parts.append(_interval(axis, y, row))
    return group(*parts, data_row=i)


def _interval(axis: Log, y: float, row: EffectRow) -> Svg:
    ratio = _ratio(row)
    if ratio is None:
        dashes = line(axis(axis.lo), y, axis(axis.hi), y, class_="c-line", stroke_dasharray="2 5")
        return dashes
    parts = [
        _bar(axis, y, row.lo95, row.hi95, 2.0, "c-interval"),
        _bar(axis, y, row.lo90, row.hi90, 8.0, "c-interval-thick"),
    ]
    lows = [v for v in (row.lo95, row.lo90, ratio) if v is not None and v < axis.lo]
    highs = [v for v in (row.hi95, row.hi90, ratio) if v is not None and v > axis.hi]
    if lows:
        parts.append(_head(axis(axis.lo), y, -1))
    if highs:
        parts.append(_head(axis(axis.hi), y, 1))
    if axis.lo <= ratio <= axis.hi:
        parts.append(circle(axis(ratio), y, 6, class_="c-point", stroke_width=2))
    return join(parts)


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


def _ratio(row: EffectRow) -> float | None:
    ratio = row.rate_ratio
    return None if ratio is None or math.isnan(ratio) else ratio


def _times(value: float | None) -> str:
    if value is None or math.isnan(value):
        return "?"
    if math.isinf(value) or value >= 100:
        return "over 100" if value > 0 else "0"
    return words.decimal(value, 2) if value == 0 else f"{value:.2f}"


def _between(lo: float | None, hi: float | None) -> str:
    return f"{_times(lo)} to {_times(hi)}"


def _numbers(row: EffectRow) -> str:
    ratio = _ratio(row)
    return row.when_none if ratio is None else f"{_times(ratio)} ({_between(row.lo95, row.hi95)})"


def _said(row: EffectRow) -> str:
    ratio = _ratio(row)
    if ratio is None:
        return f"{row.label}: {row.when_none}"
    return (
        f"{row.label}: {_times(ratio)} times as many clusters seen per watched day as before, "
        f"95 % interval {_between(row.lo95, row.hi95)}"
    )


def _table_row(row: EffectRow) -> tuple[str, ...]:
    ratio = _ratio(row)
    if ratio is None:
        return (row.label, row.when_none, "-", "-")
    return (row.label, _times(ratio), _between(row.lo90, row.hi90), _between(row.lo95, row.hi95))
