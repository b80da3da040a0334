"""One month as a calendar: what was seen on each day, and which days were not recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts import words
from quietdays.insights.charts.legend import Key, legend, not_recorded_key, ring_key, swatch_key
from quietdays.insights.charts.periods import Face, Tally, every_day
from quietdays.insights.charts.svg import (
    NOTHING,
    SMALL,
    Chart,
    Svg,
    el,
    group,
    hatched,
    join,
    picture,
    rect,
    ring,
    slot,
    text,
)
from quietdays.science.days import DiaryDay, date_range
from quietdays.words import Text

WIDTH = 340.0
_PITCH = WIDTH / 7  # 46.9 px on a phone 360 px wide with margins of 16 px
_CELL = _PITCH - 2
_TOP = 22.0
# Bins of clusters a day, the same for every child: from, words, colour class, text class.
_BINS = (
    (4, gettext_lazy("4 or more"), "c-seen", "c-on-seen"),
    (2, gettext_lazy("2 or 3"), "c-seen-mid", "c-on-seen-mid"),
    (1, gettext_lazy("1 cluster seen"), "c-seen-light", "c-text"),
)


def month_heat_map(
    days: Iterable[DiaryDay],
    *,
    first: date,
    today: date | None = None,
    day_url: Callable[[date], str] | None = None,
    chart_id: str | None = None,
) -> Chart:
    """The calendar of the month that holds `first`, Monday first.

    Days of the month outside the diary stay blank. `day_url` turns each diary day into a
    link; the drawing is then a group of links, not an image.
    """
    first = first.replace(day=1)
    dates = date_range(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    known = {d.date: d for d in every_day(days) if d.date in dates}
    chart_id = chart_id or f"month-{first.isoformat()[:7]}"
    title = words.month_name(first)
    tally = Tally.of(known.values())
    empty = gettext("%(title)s: no days here yet.") % {"title": title}
    sentence = f"{title}: {words.tally_sentence(tally)}" if known else empty
    row_of = {day: row for row, day in enumerate(known)}
    cells = [
        _cell(chart_id, first, day, known.get(day), day == today, row_of.get(day), day_url)
        for day in dates
    ]
    rows = (first.weekday() + len(dates) + 6) // 7
    bottom = _TOP + rows * _PITCH
    keys = [_bin_key(*spec) for spec in reversed(_BINS)] + [ring_key(), not_recorded_key(chart_id)]
    key_marks, key_height = legend(keys, top=bottom + 8, left=2, right=WIDTH)
    frame = group(_weekdays(), key_marks, aria_hidden="true" if day_url else None)
    return Chart(
        id=chart_id,
        title=title,
        sentence=sentence,
        table_head=(gettext("Date"), gettext("Clusters seen")),
        table_rows=tuple((words.table_date(d.date), words.clusters_of(d)) for d in known.values()),
        svg=picture(
            chart_id=chart_id,
            title=title,
            sentence=sentence,
            width=WIDTH,
            height=bottom + 8 + key_height,
            body=[frame, *cells],
            role="group" if day_url else "img",
        ),
    )


def _cell(
    chart_id: str,
    first: date,
    day: date,
    known: DiaryDay | None,
    is_today: bool,
    row: int | None,
    day_url: Callable[[date], str] | None,
) -> Svg:
    place = first.weekday() + (day - first).days
    x, y = (place % 7) * _PITCH + 1, _TOP + (place // 7) * _PITCH
    number = str(day.day)
    parts = [_face(chart_id, x, y, number, known) if known else _blank(x, y, number)]
    if is_today:
        parts.append(
            rect(x + 1.5, y + 1.5, _CELL - 3, _CELL - 3, rx=5, class_="c-today", fill="none")
        )
    if row is not None:
        parts.append(slot(row, x, y, _CELL, _CELL, day))
    state = str(Face.of(known)) if known else None
    marks = group(*parts, data_date=day.isoformat(), data_state=state)
    if known is None or day_url is None:
        return marks
    label = f"{words.weekday_date(day)}: {words.clusters_of(known)}"
    return el("a", marks, href=day_url(day), class_="c-link", aria_label=label)


def _face(chart_id: str, x: float, y: float, number: str, day: DiaryDay) -> Svg:
    """A day's ground, number and count; the count is a number or a ring, never a colour alone."""
    face, middle = Face.of(day), x + _CELL / 2
    if face is Face.NOT_RECORDED:
        plate = rect(x + 3, y + 3, 8 * len(number) + 5, 17, rx=3, class_="c-plate")
        ground = join([hatched(chart_id, x, y, _CELL, _CELL, rx=6), plate])
        return join([ground, text(x + 6, y + 16, number), _border(x, y)])
    if face is Face.SEEN:
        clusters = day.clusters or 0
        _, _, ground_class, ink = next(b for b in _BINS if clusters >= b[0])
        return join(
            [
                rect(x, y, _CELL, _CELL, rx=6, class_=ground_class),
                text(x + 6, y + 16, number, class_=ink),
                text(
                    middle,
                    y + 38,
                    words.brief_count(clusters),
                    class_=f"{ink} c-strong",
                    font_size=19,
                    text_anchor="middle",
                ),
            ]
        )
    ground_class = "c-quiet" if face is Face.NONE_SEEN else "c-blank"
    mark = ring(middle, y + 31, 6) if face is Face.NONE_SEEN else NOTHING
    return join(
        [
            rect(x, y, _CELL, _CELL, rx=6, class_=ground_class),
            text(x + 6, y + 16, number),
            mark,
        ]
    )


def _blank(x: float, y: float, number: str) -> Svg:
    ground = rect(x, y, _CELL, _CELL, rx=6, class_="c-blank")
    return join([ground, text(x + 6, y + 16, number, class_="c-soft")])


def _border(x: float, y: float) -> Svg:
    return rect(x + 0.5, y + 0.5, _CELL - 1, _CELL - 1, rx=6, class_="c-frame", fill="none")


def _weekdays() -> Svg:
    return join(
        text(
            i * _PITCH + _PITCH / 2,
            14,
            name,
            class_="c-soft",
            font_size=SMALL,
            text_anchor="middle",
        )
        for i, name in enumerate(words.weekdays())
    )


def _bin_key(_least: int, label: Text, ground_class: str, _ink: str) -> Key:
    return swatch_key(label, ground_class)
