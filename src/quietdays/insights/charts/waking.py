"""How long after waking for the day clusters were seen: a column an hour since waking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts import words
from quietdays.insights.charts.legend import Key, legend, swatch_key
from quietdays.insights.charts.periods import Tally, every_day
from quietdays.insights.charts.scales import Linear, ticks
from quietdays.insights.charts.svg import (
    SMALL,
    Chart,
    Svg,
    group,
    join,
    line,
    picture,
    rect,
    shorten,
    slot,
    text,
    text_width,
)
from quietdays.insights.charts.waking_counts import (
    BEFORE,
    COLUMNS,
    LAST_HOUR,
    WakingCounts,
    count_since_waking,
)
from quietdays.science.days import DiaryDay
from quietdays.words import counted_digits, whole

_TOP, _TALL, _GAP = 44.0, 150.0, 24.0
_TITLE = gettext_lazy("Hours since waking at which clusters were seen")
_TO_COME = gettext_lazy(
    "The picture begins with the first day that has a waking time and a cluster with its time."
)


def hours_since_waking(
    days: Iterable[DiaryDay], *, width: int = 680, chart_id: str | None = None
) -> Chart:
    """Bars of clusters by whole hour since the child woke for the day, by the clock.

    The stronger part of a bar was marked “on waking”. On a day without a waking time such a
    cluster counts in the first hour; others of that day, and those without a time, are
    counted in words below the bars. Only days that are over count; today stands apart.
    """
    shown = every_day(days)
    start = shown[0].date.isoformat() if shown else "empty"
    chart_id = chart_id or f"waking-{start}-{width}"
    counted = count_since_waking(shown)
    sentence = _sentence(counted)
    body, height = _body(_Columns(width, counted)) if counted.placed else _empty(width, counted)
    head = (
        gettext("Hours since waking"),
        gettext("Clusters seen"),
        gettext("Marked on waking"),
        gettext("Days with a waking time, of %(watched)s watched")
        % {"watched": whole(Tally.of(shown).watched)},
    )
    return Chart(
        id=chart_id,
        title=str(_TITLE),
        sentence=sentence,
        table_head=head,
        table_rows=_table_rows(counted),
        svg=picture(
            chart_id=chart_id,
            title=str(_TITLE),
            sentence=sentence,
            width=width,
            height=height,
            body=body,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """The places of the columns; the one before waking stands apart from the hours."""

    width: float
    counted: WakingCounts

    @property
    def left(self) -> float:
        return 34.0

    @property
    def right(self) -> float:
        return self.width - 6.0

    @property
    def wide(self) -> float:
        return (self.right - self.left - _GAP) / len(COLUMNS)

    @property
    def foot(self) -> float:
        return _TOP + _TALL

    @property
    def values(self) -> list[float]:
        return ticks(0, max(2, *self.counted.by_column.values()), smallest=1)

    @property
    def height(self) -> Linear:
        return Linear(0, self.values[-1], 0, _TALL)

    def x(self, column: int) -> float:
        return self.left + (column + 1) * self.wide + (0 if column == BEFORE else _GAP)


def _body(places: _Columns) -> tuple[list[Svg], float]:
    notes, y = _notes(places.counted, places.foot + 48, places.width, first_row=len(COLUMNS))
    keys: list[Key] = [swatch_key(gettext("clusters seen"), "c-seen-mid")]
    if places.counted.on_waking.total():
        keys.append(swatch_key(gettext("of them marked “on waking”"), "c-seen"))
    marks, height = legend(keys, top=y, left=2, right=places.width)
    bars = [_bar(places, row, column) for row, column in enumerate(COLUMNS)]
    return [_axis(places), *bars, _names(places), *notes, marks], y + height


def _axis(places: _Columns) -> Svg:
    """Counts at the left, and the line of waking."""
    parts = [
        rect(places.left, _TOP, places.wide, _TALL, class_="c-blank"),
        rect(places.x(0), _TOP, places.right - places.x(0), _TALL, class_="c-blank"),
    ]
    for value in places.values:
        y = places.foot - places.height(value)
        parts.append(line(places.left, y, places.x(0) - _GAP, y, class_="c-line"))
        parts.append(line(places.x(0), y, places.right, y, class_="c-line"))
        number = words.decimal(value)
        parts.append(
            text(
                places.left - 6,
                y + 4.5,
                number,
                class_="c-soft",
                font_size=SMALL,
                text_anchor="end",
            )
        )
    x = places.x(0)
    parts.append(line(x, _TOP - 32, x, places.foot + 5, class_="c-same"))
    parts.append(text(x + 5, _TOP - 22, gettext("waking"), font_size=SMALL))
    return join(parts)


def _bar(places: _Columns, row: int, column: int) -> Svg:
    """The stronger part, marked on waking, stands at the foot; the count stands on top."""
    number, dark = places.counted.by_column[column], places.counted.on_waking[column]
    x, wide = places.x(column) + places.wide * 0.1, places.wide * 0.8
    full, low = places.height(number), places.height(dark)
    parts = []
    if number > dark:
        parts.append(rect(x, places.foot - full, wide, full - low, class_="c-seen-mid"))
    if dark:
        parts.append(rect(x, places.foot - low, wide, low, class_="c-seen"))
    label = whole(number)
    if number and text_width(label, SMALL) <= places.wide + 1:
        middle, y = x + wide / 2, places.foot - full - 4
        parts.append(
            text(middle, y, label, class_="c-text c-halo", font_size=SMALL, text_anchor="middle")
        )
    place = slot(row, places.x(column), _TOP - 16, places.wide, _TALL + 16)
    return group(*parts, place, data_column="before" if column == BEFORE else column)


def _names(places: _Columns) -> Svg:
    """Hours stand at the lines between columns; the last column is open, and says so."""

    def name(x: float, y: float, label: str) -> Svg:
        return text(x, y, label, class_="c-soft", font_size=SMALL, text_anchor="middle")

    y = places.foot + 17
    last = places.x(LAST_HOUR) + places.wide / 2
    hours = [name(places.x(h), y, str(h)) for h in range(0, LAST_HOUR - 1, 2)]
    before = places.left + places.wide / 2
    below = (places.x(0) + places.right) / 2
    return join(
        [
            *hours,
            name(last, y, f"{LAST_HOUR}+"),
            *(
                name(before, y + 15 * i, word)
                for i, word in enumerate(gettext("before\nwaking").splitlines())
            ),
            name(below, y + 19, gettext("hours since waking for the day")),
        ]
    )


def _notes(
    counted: WakingCounts, top: float, width: float, *, first_row: int
) -> tuple[list[Svg], float]:
    """What the bars do not hold, one line each with its row; and the y below them."""
    lines = []
    for i, (name, number) in enumerate(counted.not_placed):
        y = top + 19 * i
        label = shorten(f"{name}: {counted_digits(number, 'cluster')}", width - 4, SMALL)
        place = slot(first_row + i, 0, y - 1, min(width, text_width(label, SMALL) + 8), 19)
        lines.append(group(text(2, y + 13, label, font_size=SMALL), place))
    return lines, top + 19 * len(lines) + 6


def _empty(width: float, counted: WakingCounts) -> tuple[list[Svg], float]:
    """No bars yet: what is there already is still counted in words."""
    lead = text(
        2,
        24,
        shorten(gettext("No clusters here yet that have a waking time."), width - 4),
        class_="c-soft",
    )
    notes, y = _notes(counted, 34.0, width, first_row=0)
    return [lead, *notes], y


def _sentence(counted: WakingCounts) -> str:
    if not counted.days:
        return str(words.EMPTY)
    days, tally = counted.days, Tally.of(counted.days)
    parts = [
        gettext("%(period)s: a waking time was noted on %(woken)s of %(watched)s.")
        % {
            "period": words.period(days[0].date, days[-1].date),
            "woken": whole(len(counted.woken)),
            "watched": counted_digits(tally.watched, "watched day"),
        }
    ]
    parts.append(_placed_sentence(counted) if counted.placed else str(_TO_COME))
    if counted.no_waking_time or counted.no_time:
        parts.append(
            gettext(
                "Not placed: %(no_waking_time)s on days without a waking time, %(no_time)s without "
                "a time."
            )
            % {"no_waking_time": whole(counted.no_waking_time), "no_time": whole(counted.no_time)}
        )
    if counted.today:
        parts.append(
            gettext("Today, not counted here: %(today)s so far.")
            % {"today": counted_digits(counted.today, "cluster")}
        )
    return " ".join(parts)


def _placed_sentence(counted: WakingCounts) -> str:
    before, first = counted.by_column[BEFORE], counted.by_column[0]
    later = counted.placed - before - first
    parts = [
        gettext(
            "%(placed)s placed: %(before)s before waking, %(first)s in the first hour, "
            "%(later)s later; %(total)s marked on waking."
        )
        % {
            "placed": counted_digits(counted.placed, "cluster"),
            "before": whole(before),
            "first": whole(first),
            "later": whole(later),
            "total": whole(counted.on_waking.total()),
        }
    ]
    if counted.on_waking_without_time:
        parts.append(
            gettext(
                "In the first hour, marked on waking on days without a waking time: "
                "%(on_waking_without_time)s."
            )
            % {"on_waking_without_time": whole(counted.on_waking_without_time)}
        )
    if counted.days_of(LAST_HOUR) < len(counted.woken):
        parts.append(gettext("Fewer days last into the latest hours; the table says how many."))
    return " ".join(parts)


def _table_rows(counted: WakingCounts) -> tuple[tuple[str, ...], ...]:
    """A row for each column, then one for each count that has no column."""
    columns = [_column_row(counted, c) for c in COLUMNS] if counted.placed else []
    rest = [
        (name, counted_digits(number, "cluster"), "-", "-") for name, number in counted.not_placed
    ]
    return (*columns, *rest)


def _column_row(counted: WakingCounts, column: int) -> tuple[str, ...]:
    dark = counted.on_waking[column]
    return (
        _column_name(column),
        counted_digits(counted.by_column[column], "cluster"),
        gettext("%(dark)s on waking") % {"dark": whole(dark)} if dark else "-",
        whole(counted.days_of(column)),
    )


def _column_name(column: int) -> str:
    if column == BEFORE:
        return gettext("Before waking")
    if column == LAST_HOUR:
        return gettext("%(hours)s hours or more") % {"hours": LAST_HOUR}
    return gettext("%(from)s to less than %(hours)s") % {
        "from": column,
        "hours": counted_digits(column + 1, "hour"),
    }
