"""Rate ratios with their intervals on a log axis, one row a period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts.ratios import (
    Interval,
    RowLayout,
    between,
    draw_axis,
    draw_interval,
    times,
)
from quietdays.insights.charts.svg import (
    SMALL,
    Chart,
    Svg,
    group,
    picture,
    shorten,
    slot,
    text,
)
from quietdays.words import Text

_TOO_FEW = gettext_lazy("not enough days yet")
_NOTE = gettext_lazy("Lines: thick 90 %, thin 95 %. In brackets: 95 %.")
_EMPTY = gettext_lazy("No periods here yet. They come with the first weeks that can be compared.")


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One period against the weeks before; `rate_ratio` is None while there are too few days."""

    label: str
    rate_ratio: float | None = None
    lo90: float | None = None
    hi90: float | None = None
    lo95: float | None = None
    hi95: float | None = None
    when_none: Text = _TOO_FEW

    @property
    def interval(self) -> Interval:
        return Interval(self.rate_ratio, self.lo95, self.hi95, self.lo90, self.hi90)


class _Layout(RowLayout):
    ROWS = (56.0, 44.0)
    MIDDLES = (38.0, 22.0)
    SIDES = (150.0, 168.0)


def effect_intervals(
    rows: Sequence[EffectRow],
    *,
    width: int = 680,
    title: str = "",
    chart_id: str | None = None,
) -> Chart:
    """A point with a thick 90 % and a thin 95 % interval a row. A line at 1 means as before.

    The limits in words are those of 95 %, as everywhere else.
    """
    chart_id = chart_id or f"effect-{width}"
    title = title or gettext("Clusters seen per watched day, compared with before")
    sentence = "; ".join(_said(r) for r in rows) + "." if rows else str(_EMPTY)
    body, height = [text(2, 24, gettext("No periods here yet."), class_="c-soft")], 40.0
    if rows:
        body, height = _body(_Layout(width), rows)
    return Chart(
        id=chart_id,
        title=title,
        sentence=sentence,
        table_head=(
            gettext("Period"),
            gettext("As many as before"),
            gettext("90 % interval"),
            gettext("95 % interval"),
        ),
        table_rows=tuple(_table_row(r) for r in rows),
        svg=picture(
            chart_id=chart_id,
            title=title,
            sentence=sentence,
            width=width,
            height=height,
            body=body,
        ),
    )


def _body(layout: _Layout, rows: Sequence[EffectRow]) -> tuple[list[Svg], float]:
    bottom = layout.top(len(rows))
    note = shorten(_NOTE, layout.width - 8, SMALL)
    body = [
        draw_axis(layout.axis, top=layout.TOP, bottom=bottom, at_one=gettext("as before")),
        text(2, bottom + 55, note, class_="c-soft", font_size=SMALL),
        *(_row(layout, i, r) for i, r in enumerate(rows)),
    ]
    return body, bottom + 62


def _row(layout: _Layout, i: int, row: EffectRow) -> Svg:
    axis, y, found = layout.axis, layout.middle(i), row.interval
    above = layout.names_above
    room = layout.width / 2 - 8 if above else axis(axis.lo) - 26
    baseline = y - 18 if above else y + 4
    return group(
        text(2, baseline, shorten(row.label, room), class_="c-text c-strong"),
        text(
            layout.width - 2,
            baseline,
            shorten(_numbers(row), layout.width / 2),
            class_="c-text" if found.known is not None else "c-soft",
            text_anchor="end",
        ),
        draw_interval(axis, y, found),
        slot(i, 0, layout.top(i), layout.width, layout.row),
    )


def _numbers(row: EffectRow) -> str:
    return str(row.when_none) if row.interval.known is None else row.interval.numbers


def _said(row: EffectRow) -> str:
    found = row.interval
    if found.known is None:
        return f"{row.label}: {row.when_none}"
    return gettext(
        "%(label)s: %(times)s times as many clusters seen per watched day as before, 95 %% "
        "interval %(limits)s"
    ) % {"label": row.label, "times": times(found.known), "limits": found.limits}


def _table_row(row: EffectRow) -> tuple[str, ...]:
    found = row.interval
    if found.known is None:
        return (row.label, str(row.when_none), "-", "-")
    limits = (between(row.lo90, row.hi90), found.limits)
    return (row.label, gettext("%(times)s times as many") % {"times": times(found.known)}, *limits)
