"""A small SVG grammar: escaped elements, text that fits, textures, and the Chart they make.

The same picture stands on the screen and on paper. On the screen its classes take their
colours from frontend/styles/charts.css; on paper `paper.on_paper` adds concrete ones. There
is no inline style, no script, and every id begins with the id of its chart. Slots tell the
page's script (frontend/src/pages/charts.ts) which place belongs to which row of the table.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NewType
from xml.sax.saxutils import escape

from quietdays.words import Text

Svg = NewType("Svg", str)
Attribute = str | float | None

TEXT = 13.0  # sizes in user units; a chart 340 wide is shown at about 0.96 on a 360 px phone
SMALL = 12.5
NOTHING = Svg("")

# What XML 1.0 cannot hold, and the marks that turn the direction of the text around them.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_CHART_ID = re.compile(r"[a-z][a-z0-9-]*")


class BadChartId(ValueError):
    """An id of a chart is lower-case letters, digits and hyphens, a letter first."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with what it says in words and in numbers.

    `sentence` is the text alternative; `table_head` and `table_rows` hold the numbers
    drawn. `svg` is escaped markup that may stand in a page as it is.
    """

    id: str
    title: str
    sentence: str
    table_head: tuple[str, ...]
    table_rows: tuple[tuple[str, ...], ...]
    svg: str

    @property
    def longest_row(self) -> str:
        """Text at least as long as any row said in words: the page keeps so much room for it."""
        return max((self._said(row) for row in self.table_rows), key=len, default="")

    def _said(self, row: tuple[str, ...]) -> str:
        named = zip(self.table_head[1:], row[1:], strict=True)
        values = ", ".join(
            cell if head[:5].lower() in cell else f"{head} {cell}"
            for head, cell in named
            if cell != "-"
        )
        return clean(f"{row[0]}: {values}")


def clean(words: str) -> str:
    """Text on one line, without characters that XML forbids."""
    return " ".join(_FORBIDDEN.sub("", words).split())


def el(name: str, *inside: Svg, **attributes: Attribute) -> Svg:
    """One element. `class_` is written class, `text_anchor` text-anchor; None is left out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return Svg(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")


def group(*inside: Svg, **attributes: Attribute) -> Svg:
    return el("g", *inside, **attributes)


def join(parts: Iterable[Svg]) -> Svg:
    return Svg("".join(parts))


def words(value: Text) -> Svg:
    """Text as markup."""
    return Svg(escape(clean(str(value))))


def text(x: float, y: float, value: Text, **attributes: Attribute) -> Svg:
    """Text on a baseline; ordinary ink and size unless told."""
    attributes.setdefault("class_", "c-text")
    attributes.setdefault("font_size", TEXT)
    return el("text", words(value), x=x, y=y, **attributes)


def rect(x: float, y: float, width: float, height: float, **attributes: Attribute) -> Svg:
    width, height = max(width, 0.0), max(height, 0.0)
    return el("rect", x=x, y=y, width=width, height=height, **attributes)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: Attribute) -> Svg:
    return el("line", x1=x1, y1=y1, x2=x2, y2=y2, **attributes)


def circle(x: float, y: float, r: float, **attributes: Attribute) -> Svg:
    return el("circle", cx=x, cy=y, r=r, **attributes)


def polygon(points: Sequence[tuple[float, float]], **attributes: Attribute) -> Svg:
    return el("polygon", points=_points(points), **attributes)


def polyline(points: Sequence[tuple[float, float]], **attributes: Attribute) -> Svg:
    return el("polyline", points=_points(points), fill="none", **attributes)


def peak(x: float, y: float, half: float = 3.5) -> Svg:
    """The mark "at least": a small triangle that stands on (x, y)."""
    points = [(x - half, y), (x + half, y), (x, y - 1.7 * half)]
    return polygon(points, class_="c-peak")


def ring(x: float, y: float, r: float) -> Svg:
    """The mark "watched, none seen"."""
    return circle(x, y, r, class_="c-ring", fill="none", stroke_width=2)


def hatched(chart_id: str, x: float, y: float, width: float, height: float, **a: Attribute) -> Svg:
    """Not recorded."""
    return rect(x, y, width, height, fill=f"url(#{chart_id}-hatch)", class_="not-recorded", **a)


def dotted(chart_id: str, x: float, y: float, width: float, height: float, **a: Attribute) -> Svg:
    """Illness."""
    return rect(x, y, width, height, fill=f"url(#{chart_id}-dots)", class_="illness", **a)


def slot(row: int, x: float, y: float, width: float, height: float, day: date | None = None) -> Svg:
    """Where the table's row `row` stands: what a reader points at, and where the cursor shows.

    It is drawn without ink. Rows and slots correspond by number in every chart.
    """
    return rect(
        x,
        y,
        width,
        height,
        class_="c-slot",
        fill="none",
        data_row=row,
        data_date=day.isoformat() if day else None,
    )


def picture(
    *,
    chart_id: str,
    title: str,
    sentence: str,
    width: float,
    height: float,
    body: Iterable[Svg],
    role: str = "img",
) -> str:
    """The whole drawing with its text alternative and textures.

    `role` is "group" for a drawing that holds links: inside an image they would be silent.
    """
    if not _CHART_ID.fullmatch(chart_id):
        raise BadChartId(chart_id)
    size = "narrow" if width < 480 else "wide" if width < 800 else "broad"
    return el(
        "svg",
        el("title", words(title), id=f"{chart_id}-title"),
        el("desc", words(sentence), id=f"{chart_id}-desc"),
        el("defs", _hatch(chart_id), _dots(chart_id)),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_number(width)} {_number(height)}",
        class_=f"chart-svg chart-svg--{size}",
        role=role,
        aria_labelledby=f"{chart_id}-title {chart_id}-desc",
        font_size=TEXT,
    )


def text_width(value: str, size: float = TEXT) -> float:
    """About how wide text stands in our font; rather too wide than too narrow."""
    return size * sum(_character_width(c) for c in value)


def shorten(value: Text, room: float, size: float = TEXT) -> str:
    """Text cut to the room it has, with an ellipsis where something is missing."""
    value = clean(str(value))
    if text_width(value, size) <= room:
        return value
    while value and text_width(value + "…", size) > room:
        value = value[:-1]
    return value.rstrip() + "…"


def _hatch(chart_id: str) -> Svg:
    return el(
        "pattern",
        rect(0, 0, 6, 6, class_="c-hatch-ground"),
        line(1.5, 0, 1.5, 6, class_="c-hatch-line", stroke_width=2),
        id=f"{chart_id}-hatch",
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def _dots(chart_id: str) -> Svg:
    return el(
        "pattern",
        rect(0, 0, 5, 5, class_="c-illness-ground"),
        circle(2.5, 2.5, 0.9, class_="c-illness"),
        id=f"{chart_id}-dots",
        width=5,
        height=5,
        patternUnits="userSpaceOnUse",
    )


def _value(value: str | float) -> str:
    if isinstance(value, str):
        return escape(_FORBIDDEN.sub("", value), {'"': "&quot;", "\n": " ", "\t": " ", "\r": " "})
    return _number(value)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise ValueError(f"a drawing needs finite numbers, not {value}")
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


def _character_width(c: str) -> float:
    if c in "iIljtfr.,:;'|!()[] ":
        return 0.33
    if c in "mwMW%@":
        return 0.9
    if ord(c) >= 0x2E80:
        return 1.05
    if c.isdigit():
        return 0.62
    return 0.68 if c.isupper() else 0.54
