"""Keys under a chart: a small sample of each mark and what it means, flowing into rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from quietdays.insights.charts.svg import (
    SMALL,
    Svg,
    dotted,
    hatched,
    join,
    line,
    peak,
    rect,
    ring,
    text,
    text_width,
)
from quietdays.insights.charts.words import NONE_SEEN, NOT_RECORDED
from quietdays.words import Text

SAMPLE = 16.0
ROW = 21.0
_GAP = 16.0


@dataclass(frozen=True, slots=True)
class Key:
    """`draw` makes a sample inside the square of side SAMPLE whose top left it is given."""

    words: Text
    draw: Callable[[float, float], Svg]

    @property
    def width(self) -> float:
        return SAMPLE + 6 + text_width(str(self.words), SMALL)


def legend(keys: Sequence[Key], *, top: float, left: float, right: float) -> tuple[Svg, float]:
    """The drawn keys and the height they take."""
    parts, x, y = [], left, top
    for key in keys:
        if x > left and x + key.width > right:
            x, y = left, y + ROW
        parts.append(key.draw(x, y))
        parts.append(text(x + SAMPLE + 6, y + 12.5, key.words, font_size=SMALL))
        x += key.width + _GAP
    return join(parts), (y + ROW - top if keys else 0.0)


def not_recorded_key(chart_id: str) -> Key:
    def draw(x: float, y: float) -> Svg:
        frame = rect(x, y, SAMPLE, SAMPLE, class_="c-frame", fill="none")
        return join([hatched(f"{chart_id}", x, y, SAMPLE, SAMPLE, data_key="yes"), frame])

    return Key(NOT_RECORDED, draw)


def illness_key(chart_id: str) -> Key:
    return Key(gettext("illness"), lambda x, y: dotted(chart_id, x, y, SAMPLE, SAMPLE))


def ring_key() -> Key:
    def draw(x: float, y: float) -> Svg:
        ground = rect(x, y, SAMPLE, SAMPLE, rx=3, class_="c-quiet")
        return join([ground, ring(x + SAMPLE / 2, y + SAMPLE / 2, 4)])

    return Key(NONE_SEEN, draw)


def foot_key() -> Key:
    def draw(x: float, y: float) -> Svg:
        return rect(x, y + SAMPLE - 6, SAMPLE, 4, class_="c-foot")

    return Key(NONE_SEEN, draw)


def swatch_key(label: Text, swatch_class: str) -> Key:
    return Key(label, lambda x, y: rect(x, y, SAMPLE, SAMPLE, rx=3, class_=swatch_class))


def peak_key() -> Key:
    return Key(gettext("at least this many"), lambda x, y: peak(x + SAMPLE / 2, y + 12))


def line_key(label: Text, line_class: str, dashes: str | None = None) -> Key:
    def draw(x: float, y: float) -> Svg:
        middle = x + SAMPLE / 2
        return line(middle, y, middle, y + SAMPLE, class_=line_class, stroke_dasharray=dashes)

    return Key(label, draw)
