"""What all parts of the timeline share: its days, its width, and where names stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.translation import gettext_lazy

from quietdays.insights.charts import words
from quietdays.insights.charts.scales import Days
from quietdays.insights.charts.svg import (
    SMALL,
    TEXT,
    Svg,
    join,
    line,
    rect,
    shorten,
    text,
    text_width,
)
from quietdays.science.days import DiaryDay
from quietdays.words import Text, short_date

# Beyond this many days single days are too thin to read: bars then stand for weeks.
DAILY_AT_MOST = 120
_NARROW = 480
_FOOT = 6.0
_WIDE_DATE = date(2026, 5, 30)


@dataclass(frozen=True, slots=True)
class Frame:
    """Names stand left of their lane when there is room, and above it when there is not."""

    chart_id: str
    width: float
    days: Sequence[DiaryDay]

    @property
    def names_above(self) -> bool:
        return self.width < _NARROW

    @property
    def by_week(self) -> bool:
        return len(self.days) > DAILY_AT_MOST

    @property
    def left(self) -> float:
        return 38.0 if self.names_above else 164.0

    @property
    def right(self) -> float:
        return self.width - 8.0

    @property
    def first(self) -> date:
        return self.days[0].date

    @property
    def last(self) -> date:
        return self.days[-1].date

    @property
    def x(self) -> Days:
        return Days(self.first, len(self.days), self.left, self.right)

    def name(self, y: float, name: str, unit: str = "") -> tuple[Svg, float]:
        """A lane's name at `y`, and the height that it takes above the lane itself.

        A line break in `unit` counts only where the name stands beside its lane.
        """
        if self.names_above:
            label = shorten(f"{name}, {unit}" if unit else name, self.right)
            return text(0, y + 13, label, class_="c-text c-strong c-halo"), 18.0
        room = self.left - 36
        lines = [text(0, y + 13, shorten(name, room), class_="c-text c-strong c-halo")]
        for i, part in enumerate(unit.splitlines()):
            below = shorten(part, room, SMALL)
            lines.append(text(0, y + 28 + 14 * i, below, class_="c-soft", font_size=SMALL))
        return join(lines), 0.0


class Look(Enum):
    """What a mark stands for: its class, its dashes, and what the legend calls it."""

    DIET = ("c-mark-diet", None, gettext_lazy("prescription changed"))
    MEDICINE = ("c-mark-medicine", "4 3", gettext_lazy("medicine changed"))
    EEG = ("c-mark-eeg", "1.5 2.5", gettext_lazy("EEG"))

    def __init__(self, line_class: str, dashes: str | None, label: Text) -> None:
        self.line_class, self.dashes, self.label = line_class, dashes, label


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line on a date, from its lane down through all panels."""

    day: date
    top: float
    look: Look

    def drawn(self, frame: Frame, bottom: float) -> Svg:
        x = frame.x.left(self.day)
        return line(
            x,
            self.top,
            x,
            bottom,
            class_=self.look.line_class,
            stroke_dasharray=self.look.dashes,
            data_change=self.day.isoformat(),
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A part in layers: `under` the changes and illness that run through, `over` them, `name`."""

    under: Svg
    over: Svg
    name: Svg
    bottom: float


def date_axis(frame: Frame, top: float, bottom: float) -> tuple[Svg, Svg]:
    """Faint lines through all panels, and the dates and years below them."""
    lines, labels, year = [], [], None
    for day in _labelled_dates(frame):
        x, label = frame.x.left(day), _date_label(day, frame)
        lines.append(line(x, top, x, bottom + 4, class_="c-line"))
        if x + 2 + text_width(label, SMALL) > frame.width:
            continue
        labels.append(text(x + 2, bottom + 17, label, class_="c-soft", font_size=SMALL))
        if day.year != year and x + 2 + text_width(str(day.year), SMALL) <= frame.width:
            year = day.year
            labels.append(text(x + 2, bottom + 32, str(year), class_="c-soft", font_size=SMALL))
    return join(lines), join(labels)


def _labelled_dates(frame: Frame) -> list[date]:
    """Every Monday or month, or every second, third ... one, so that their names have room."""
    if not frame.by_week:
        mondays = [d.date for d in frame.days if d.date.weekday() == 0] or [frame.first]
        apart = math.ceil((text_width(short_date(_WIDE_DATE), SMALL) + 10) / (7 * frame.x.step))
        return mondays[::apart]
    room = (text_width(words.short_month(_WIDE_DATE), SMALL) + 10) / (28 * frame.x.step)
    apart = next((n for n in (1, 2, 3, 6) if n >= room), 12)
    months = [d.date for d in frame.days if d.date.day == 1 and (d.date.month - 1) % apart == 0]
    return months or [frame.first]


def _date_label(day: date, frame: Frame) -> str:
    return words.short_month(day) if frame.by_week else short_date(day)


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel with its own axis of numbers; drawn between `top` and `foot`."""

    frame: Frame
    top: float
    foot: float
    values: Sequence[float]

    def y(self, value: float) -> float:
        lo, hi = self.values[0], self.values[-1]
        share = min(1.0, max(0.0, (value - lo) / (hi - lo)))
        return self.foot - share * (self.foot - self.top)

    def ground(self) -> Svg:
        left, right = self.frame.left, self.frame.right
        return rect(left, self.top, right - left, self.foot - self.top, class_="c-blank")

    def axis(self) -> Svg:
        """Numbers at the left of the panel, with the two or three that carry most."""
        left, right = self.frame.left, self.frame.right
        parts = []
        for value in self.values:
            y = self.y(value)
            line_class = "c-axis" if value == self.values[0] else "c-line"
            parts.append(line(left, y, right, y, class_=line_class))
        for value in {self.values[0], self.values[-1]} if self._is_low() else self.values:
            parts.append(
                text(
                    left - 6,
                    self.y(value) + 4.5,
                    words.decimal(value),
                    class_="c-soft",
                    font_size=SMALL,
                    text_anchor="end",
                )
            )
        return join(parts)

    def _is_low(self) -> bool:
        return (self.foot - self.top) / max(1, len(self.values) - 1) < TEXT + 1

    def none_seen(self, first: date, last: date) -> Svg:
        """The strip under the base line that tells a watched day from a blank one."""
        x = self.frame.x
        wide = x.right(last) - x.left(first)
        return rect(x.left(first), self.foot + 2, wide, _FOOT - 2, class_="c-foot")
