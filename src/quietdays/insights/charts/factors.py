"""What went along with more or fewer clusters seen: one row a factor, on the effect's axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts.ratios import (
    Interval,
    RowLayout,
    draw_axis,
    draw_interval,
    times,
)
from quietdays.insights.charts.svg import (
    NOTHING,
    SMALL,
    Chart,
    Svg,
    group,
    join,
    line,
    picture,
    shorten,
    slot,
    text,
)
from quietdays.words import first_up

_NOTES = (
    gettext_lazy("Point and line: the estimate and its 95 % interval."),
    gettext_lazy("What goes together, not why."),
)
_EMPTY = gettext_lazy(
    "Nothing to compare yet. Rows come with days on which sleep, illness and other "
    "things were noted beside what was seen."
)


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One thing that was noted beside the clusters, and how often they went together.

    `step_words` says what 1 step is (“each hour less sleep”); `note` is the verdict in words
    (“no clear link”, “fewer seen on such days”). `rate_ratio` is None while there are too few
    days.
    """

    label: str
    step_words: str
    rate_ratio: float | None
    lo95: float | None
    hi95: float | None
    note: str

    @property
    def interval(self) -> Interval:
        return Interval(self.rate_ratio, self.lo95, self.hi95)

    @property
    def verdict(self) -> str:
        return self.note or (gettext("not enough days yet") if self.interval.known is None else "")


class _Layout(RowLayout):
    ROWS = (84.0, 54.0)
    MIDDLES = (58.0, 27.0)
    SIDES = (218.0, 188.0)

    @property
    def lines(self) -> tuple[float, float]:
        """The baselines of a row's two lines of words, from its top."""
        return (17.0, 34.0) if self.names_above else (22.0, 40.0)


def factor_forest(
    rows: Sequence[ForestRow],
    *,
    width: int = 680,
    title: str = "",
    chart_id: str | None = None,
) -> Chart:
    """A point with its 95 % interval a row, beside its verdict in words.

    A row is drawn whether or not a link was found: what was looked at and not found is part
    of the answer. A line at 1 means as many as on other days.
    """
    chart_id = chart_id or f"factors-{width}"
    title = title or gettext("What went along with more or fewer clusters seen")
    sentence = _sentence(rows) if rows else str(_EMPTY)
    body, height = [text(2, 24, gettext("Nothing to compare yet."), class_="c-soft")], 40.0
    if rows:
        body, height = _body(_Layout(width), rows)
    return Chart(
        id=chart_id,
        title=title,
        sentence=sentence,
        table_head=(
            gettext("Noted beside it"),
            gettext("Found"),
            gettext("One step"),
            gettext("As many"),
            gettext("95 % interval"),
        ),
        table_rows=tuple(_table_row(r) for r in rows),
        svg=picture(
            chart_id=chart_id, title=title, sentence=sentence, width=width, height=height, body=body
        ),
    )


def _body(layout: _Layout, rows: Sequence[ForestRow]) -> tuple[list[Svg], float]:
    bottom = layout.top(len(rows))
    notes = [str(note) for note in _NOTES]
    if not layout.names_above:
        notes = [" ".join(notes)]
    body = [
        draw_axis(layout.axis, top=layout.TOP, bottom=bottom, at_one=gettext("as many")),
        *(_row(layout, i, r) for i, r in enumerate(rows)),
        *(
            text(2, bottom + 55 + 16 * i, note, class_="c-soft", font_size=SMALL)
            for i, note in enumerate(notes)
        ),
    ]
    return body, bottom + 46 + 16 * len(notes)


def _row(layout: _Layout, i: int, row: ForestRow) -> Svg:
    top, found = layout.top(i), row.interval
    rule = line(0, top, layout.width, top, class_="c-line") if i else NOTHING
    return group(
        rule,
        _words_of(layout, top, row),
        draw_interval(layout.axis, layout.middle(i), found),
        slot(i, 0, top, layout.width, layout.row),
    )


def _words_of(layout: _Layout, top: float, row: ForestRow) -> Svg:
    """Left what was looked at and its step; right the verdict and the numbers under it."""
    axis, (first, second) = layout.axis, layout.lines
    left_room = layout.width * 0.46 if layout.names_above else axis(axis.lo) - 20
    right_room = layout.width * 0.52 if layout.names_above else layout.width - axis(axis.hi) - 18
    found = row.interval
    numbers = "" if found.known is None else shorten(found.numbers, right_room, SMALL)
    right, step = layout.width - 2, shorten(row.step_words, left_room, SMALL)
    verdict = shorten(row.verdict, right_room, SMALL)
    return join(
        [
            text(2, top + first, shorten(row.label, left_room), class_="c-text c-strong c-halo"),
            text(2, top + second, step, class_="c-soft c-halo", font_size=SMALL),
            _at_the_right(right, top + first, verdict, "c-text c-halo"),
            _at_the_right(right, top + second, numbers, "c-soft c-halo"),
        ]
    )


def _at_the_right(x: float, y: float, said: str, its_class: str) -> Svg:
    return text(x, y, said, class_=its_class, font_size=SMALL, text_anchor="end")


def _sentence(rows: Sequence[ForestRow]) -> str:
    """Rows by their verdict, in the order in which verdicts appear, each with its numbers."""
    by_verdict: dict[str, list[str]] = {}
    for row in rows:
        by_verdict.setdefault(row.verdict or gettext("looked at"), []).append(_said(row))
    groups = [f"{first_up(v)}: {'; '.join(said)}." for v, said in by_verdict.items()]
    return " ".join([*groups, gettext("In brackets: 95 % interval."), str(_NOTES[1])])


def _said(row: ForestRow) -> str:
    name, found = ", ".join(filter(None, (row.label, row.step_words))), row.interval
    if found.known is None:
        return name
    return gettext("%(name)s, %(times)s times as many (%(limits)s)") % {
        "name": name,
        "times": times(found.known),
        "limits": found.limits,
    }


def _table_row(row: ForestRow) -> tuple[str, ...]:
    found = row.interval
    step, verdict = row.step_words or "-", row.verdict or "-"
    if found.known is None:
        return (row.label, verdict, step, "-", "-")
    return (
        row.label,
        verdict,
        step,
        gettext("%(times)s times as many") % {"times": times(found.known)},
        found.limits,
    )
