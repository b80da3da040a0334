"""When in the day clusters were seen: a row a day, a column an hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from quietdays.insights.charts import words
from quietdays.insights.charts.legend import SAMPLE, Key, legend, not_recorded_key
from quietdays.insights.charts.periods import Face, Tally, every_day
from quietdays.insights.charts.scales import Linear
from quietdays.insights.charts.svg import (
    SMALL,
    Chart,
    Svg,
    circle,
    group,
    hatched,
    join,
    line,
    picture,
    rect,
    slot,
    text,
)
from quietdays.science.days import DiaryDay
from quietdays.words import counted_digits, short_date, whole

_TOP = 24.0
_SUMS = 44.0
# Radius of a dot as a share of its cell, by clusters that began in that hour: 1, 2, 3 or more.
_SIZES = (0.32, 0.42, 0.52)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The places of rows and columns."""

    width: float
    rows: int
    has_untimed: bool

    @property
    def pitch(self) -> float:
        return min(19.0, max(3.0, 640 / self.rows))

    @property
    def left(self) -> float:
        return 76.0 if self.width < 480 else 92.0

    @property
    def right(self) -> float:
        return self.width - (40 if self.has_untimed else 10)

    @property
    def column(self) -> float:
        return (self.right - self.left) / 24

    @property
    def bottom(self) -> float:
        return _TOP + self.rows * self.pitch

    def x(self, hour: float) -> float:
        return self.left + hour * self.column

    def y(self, row: int) -> float:
        return _TOP + row * self.pitch

    def dot(self, number: int) -> float:
        cell = max(5.5, min(self.pitch, self.column))
        return cell * _SIZES[min(number, 3) - 1]


def day_by_hour(
    days: Iterable[DiaryDay], *, width: int = 680, chart_id: str | None = None
) -> Chart:
    """A dot where clusters began; a larger dot for two, a full one for three or more an hour.

    Clusters without a time stand in a column of their own. Below, the same hours of all days.
    """
    shown = every_day(days)
    start = shown[0].date.isoformat() if shown else "empty"
    chart_id = chart_id or f"hours-{start}-{width}"
    title = gettext("Hours of the day at which clusters were seen")
    sentence = _sentence(shown)
    body, height = [text(2, 24, gettext("No days here yet."), class_="c-soft")], 40.0
    if shown:
        grid = _Grid(width, len(shown), any(_untimed(d) for d in shown))
        body, height = _body(chart_id, grid, shown)
    return Chart(
        id=chart_id,
        title=title,
        sentence=sentence,
        table_head=(
            gettext("Date"),
            gettext("Clusters seen"),
            gettext("Began at"),
            gettext("Without a time"),
        ),
        table_rows=tuple(_table_row(d) for d in shown),
        svg=picture(
            chart_id=chart_id, title=title, sentence=sentence, width=width, height=height, body=body
        ),
    )


def _body(chart_id: str, grid: _Grid, shown: Sequence[DiaryDay]) -> tuple[list[Svg], float]:
    rows = [_row(chart_id, grid, i, d) for i, d in enumerate(shown)]
    labels = _labels(grid, shown)
    sums, y = _sums(grid, shown)
    keys, height = legend(_keys(chart_id, grid), top=y + 6, left=2, right=grid.width)
    return [_hours(grid), *rows, _lines(grid), *labels, *sums, keys], y + 6 + height


def _row(chart_id: str, grid: _Grid, row: int, day: DiaryDay) -> Svg:
    """A day's ground (white, calm green or hatched) and its dots."""
    y, face = grid.y(row), Face.of(day)
    left, wide, tall = grid.left, grid.right - grid.left, grid.pitch - (1 if grid.pitch > 8 else 0)
    parts = []
    if face is Face.NOT_RECORDED:
        parts.append(hatched(chart_id, left, y, wide, tall))
    elif face is not Face.NOT_OVER:
        ground = "c-quiet" if face is Face.NONE_SEEN else "c-plate"
        parts.append(rect(left, y, wide, tall, class_=ground))
    for hour, number in sorted(_hour_counts(day).items()):
        middle = grid.x(hour + 0.5)
        parts.append(circle(middle, y + tall / 2, grid.dot(number), class_="c-seen"))
    missing = _untimed(day)
    if missing and grid.pitch >= 12:
        parts.append(text(grid.right + 6, y + tall - 4, f"+{missing}", font_size=SMALL))
    elif missing:
        parts.append(circle(grid.right + 12, y + tall / 2, grid.pitch * 0.3, class_="c-seen-mid"))
    parts.append(slot(row, left, y, grid.width - left, tall, day.date))
    return group(*parts, data_date=day.date.isoformat(), data_state=str(face))


def _hours(grid: _Grid) -> Svg:
    """The clock along the top."""
    ends = {0: "start", 24: "end" if not grid.has_untimed else "middle"}
    marks = [
        text(
            grid.x(hour),
            14,
            f"{hour}",
            class_="c-soft",
            font_size=SMALL,
            text_anchor=ends.get(hour, "middle"),
        )
        for hour in (0, 6, 12, 18, 24)
    ]
    if grid.has_untimed:
        marks.append(text(grid.width, 14, "?", class_="c-soft", font_size=SMALL, text_anchor="end"))
    return join(marks)


def _lines(grid: _Grid) -> Svg:
    return join(
        line(grid.x(hour), _TOP - 4, grid.x(hour), grid.bottom, class_="c-line")
        for hour in (0, 6, 12, 18, 24)
    )


def _labels(grid: _Grid, shown: Sequence[DiaryDay]) -> list[Svg]:
    """A date for each row, for each Monday, or for each month, as the height allows."""
    labels, free_from = [], 0.0
    each_row, by_month = grid.pitch >= 14, grid.pitch < 6
    for i, day in enumerate(shown):
        if not each_row and (day.date.day != 1 if by_month else day.date.weekday() != 0):
            continue
        y = grid.y(i) + min(grid.pitch - 4, 12)
        if y < free_from or y > grid.bottom + 4:
            continue
        free_from = y + 12
        name = words.weekday_date(day.date) if each_row else short_date(day.date)
        labels.append(
            text(grid.left - 6, y, name, class_="c-soft", font_size=SMALL - 0.5, text_anchor="end")
        )
    return labels


def _sums(grid: _Grid, shown: Sequence[DiaryDay]) -> tuple[list[Svg], float]:
    """Bars of all days together, hour by hour; and the y below them."""
    sums = Counter[int]()
    for day in shown:
        sums.update(_hour_counts(day))
    most = max(sums.values(), default=0)
    if not most:
        return [], grid.bottom
    foot = grid.bottom + 10 + _SUMS
    height = Linear(0, most, 0, _SUMS - 14)
    bars = [
        rect(
            grid.x(hour) + 1,
            foot - height(number),
            grid.column - 2,
            height(number),
            class_="c-seen-mid",
        )
        for hour, number in sorted(sums.items())
    ]
    fullest = min(h for h, n in sums.items() if n == most)
    number = text(
        grid.x(fullest + 0.5),
        foot - height(most) - 4,
        whole(most),
        font_size=SMALL,
        text_anchor="middle",
    )
    names = [
        text(
            grid.left - 6,
            foot - _SUMS + 30 + 13 * i,
            name,
            class_="c-soft",
            font_size=SMALL,
            text_anchor="end",
        )
        for i, name in enumerate(gettext("all days\ntogether").splitlines())
    ]
    axis = line(grid.left, foot, grid.right, foot, class_="c-axis")
    return [*bars, number, *names, axis], foot + 6


def _keys(chart_id: str, grid: _Grid) -> list[Key]:
    def dot(number: int) -> Key:
        radius = grid.dot(number)
        label = (gettext("1 cluster in the hour"), whole(2), gettext("3 or more"))[number - 1]
        middle = SAMPLE / 2
        return Key(label, lambda x, y: circle(x + middle, y + middle, radius, class_="c-seen"))

    quiet = Key(words.NONE_SEEN, lambda x, y: rect(x, y + 2, SAMPLE, SAMPLE - 4, class_="c-quiet"))
    untimed = Key(gettext("no time noted"), lambda x, y: text(x + 4, y + 13, "?", class_="c-soft"))
    keys = [dot(1), dot(2), dot(3), quiet, not_recorded_key(chart_id)]
    return [*keys, untimed] if grid.has_untimed else keys


def _hour_counts(day: DiaryDay) -> Counter[int]:
    return Counter(min(23, max(0, minute // 60)) for minute in day.onset_minutes)


def _untimed(day: DiaryDay) -> int:
    return max(0, (day.clusters or 0) - len(day.onset_minutes))


def _sentence(shown: Sequence[DiaryDay]) -> str:
    if not shown:
        return str(words.EMPTY)
    over = [d for d in shown if d.is_over]
    timed = sum(len(d.onset_minutes) for d in over)
    untimed = sum(_untimed(d) for d in over)
    today = sum(max(d.clusters or 0, len(d.onset_minutes)) for d in shown if not d.is_over)
    parts = Counter(min(3, max(0, m // 360)) for d in over for m in d.onset_minutes)
    names = (
        gettext("at night (0 to 6 h)"),
        gettext("in the morning"),
        gettext("in the afternoon"),
        gettext("in the evening"),
    )
    by_part = ", ".join(f"{whole(parts[i])} {name}" for i, name in enumerate(names))
    tally = Tally.of(shown)
    told = {
        "period": words.period(shown[0].date, shown[-1].date),
        "watched": tally.watched,
        "days": counted_digits(tally.days, "day"),
        "timed": counted_digits(timed, "cluster"),
        "by_part": by_part,
        "untimed": whole(untimed),
        "today": whole(today),
    }
    if not today:
        return (
            gettext(
                "%(period)s, %(watched)s of %(days)s watched. %(timed)s with a time: %(by_part)s; "
                "%(untimed)s without a time."
            )
            % told
        )
    return (
        gettext(
            "%(period)s, %(watched)s of %(days)s watched. %(timed)s with a time: %(by_part)s; "
            "%(untimed)s without a time; and %(today)s today."
        )
        % told
    )


def _table_row(day: DiaryDay) -> tuple[str, ...]:
    times = ", ".join(f"{m // 60:02d}:{m % 60:02d}" for m in sorted(day.onset_minutes))
    return (
        words.table_date(day.date),
        words.clusters_of(day),
        times or "-",
        gettext("%(missing)s without a time") % {"missing": missing}
        if (missing := _untimed(day))
        else "-",
    )
