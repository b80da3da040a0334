"""Seven days for a phone: clusters, meals, sleep and illness, one column a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext

from quietdays.insights.charts import words
from quietdays.insights.charts.legend import legend, not_recorded_key, ring_key
from quietdays.insights.charts.periods import Face, Tally, every_day, finite
from quietdays.insights.charts.scales import Linear
from quietdays.insights.charts.svg import (
    NOTHING,
    SMALL,
    TEXT,
    Chart,
    Svg,
    circle,
    dotted,
    group,
    hatched,
    join,
    line,
    picture,
    rect,
    ring,
    slot,
    text,
)
from quietdays.science.days import DiaryDay
from quietdays.words import counted_digits, from_to, short_date

WIDTH = 340.0
_SIZE = 14.0
_HEAD = 44.0
_BARS = 108.0
_LANE = 54.0


def week_chart(days: Iterable[DiaryDay], *, chart_id: str | None = None) -> Chart:
    """The last seven of the days given, for the family's phone."""
    shown = every_day(days)[-7:]
    chart_id = chart_id or (f"week-{shown[0].date.isoformat()}" if shown else "week-empty")
    title = f"{words.period(shown[0].date, shown[-1].date)}" if shown else gettext("This week")
    sentence = _sentence(shown)
    body, height = _body(chart_id, shown) if shown else _empty()
    return Chart(
        id=chart_id,
        title=title,
        sentence=sentence,
        table_head=(
            gettext("Date"),
            gettext("Clusters seen"),
            gettext("Meals on target"),
            gettext("Sleep"),
            gettext("Illness"),
        ),
        table_rows=tuple(_row(d) for d in shown),
        svg=picture(
            chart_id=chart_id, title=title, sentence=sentence, width=WIDTH, height=height, body=body
        ),
    )


def _body(chart_id: str, shown: Sequence[DiaryDay]) -> tuple[list[Svg], float]:
    pitch = WIDTH / 7
    parts = [_heading(0, gettext("Clusters seen")), *_cluster_bars(chart_id, shown, pitch)]
    y = _HEAD + _BARS + 34
    lanes: list[tuple[str, Callable[[DiaryDay], tuple[str, float] | None]]] = [
        (gettext("Meals on target"), _meals),
        (gettext("Sleep, hours"), _sleep),
    ]
    for name, value_of in lanes:
        parts.append(_heading(y, name))
        parts += [
            _lane_cell(chart_id, i * pitch, y, pitch, value)
            for i, d in enumerate(shown)
            if (value := value_of(d)) is not None or d.is_over
        ]
        y += _LANE
    if any(_illness(d) for d in shown):
        parts.append(_heading(y, gettext("Illness")))
        parts += [_illness_cell(chart_id, i * pitch, y, pitch, d) for i, d in enumerate(shown)]
        y += _LANE - 6
    slots = [slot(i, i * pitch, 18, pitch, y - 18, d.date) for i, d in enumerate(shown)]
    keys, height = legend([ring_key(), not_recorded_key(chart_id)], top=y + 4, left=2, right=WIDTH)
    return [*parts, keys, *slots], y + 4 + height


def _heading(y: float, name: str) -> Svg:
    return text(2, y + 13, name, class_="c-soft", font_size=_SIZE)


def _cluster_bars(chart_id: str, shown: Sequence[DiaryDay], pitch: float) -> list[Svg]:
    """One column a day: a bar with its number, a ring, or a hatch; the weekday below."""
    most = max([4, *(d.clusters or 0 for d in shown)])
    foot = _HEAD + _BARS - 10
    height = Linear(0, most, 0, _BARS - 34)
    parts = [line(0, foot, WIDTH, foot, class_="c-axis")]
    for i, day in enumerate(shown):
        x, middle, face = i * pitch, (i + 0.5) * pitch, Face.of(day)
        marks: list[Svg] = []
        if face is Face.NOT_RECORDED:
            marks.append(hatched(chart_id, x + 3, _HEAD - 18, pitch - 6, foot - _HEAD + 18, rx=4))
        elif face is Face.NONE_SEEN:
            marks.append(ring(middle, foot - 14, 7))
        elif face is Face.NOT_OVER:
            marks += [
                _still(middle, foot - 26 + 16 * i, line_of_it)
                for i, line_of_it in enumerate(gettext("not over\nyet").splitlines())
            ]
        elif face is Face.SEEN:
            tall = max(4.0, height(day.clusters or 0))
            marks.append(rect(middle - 15, foot - tall, 30, tall, rx=3, class_="c-seen"))
            marks.append(
                text(
                    middle,
                    foot - tall - 6,
                    words.brief_count(day.clusters or 0),
                    class_="c-text c-strong",
                    font_size=16,
                    text_anchor="middle",
                )
            )
        parts.append(group(*marks, data_date=day.date.isoformat(), data_state=str(face)))
        weekday = words.weekday(day.date)
        parts.append(text(middle, foot + 18, weekday, font_size=_SIZE, text_anchor="middle"))
        parts.append(
            text(
                middle,
                foot + 34,
                short_date(day.date) if i == 0 or day.date.day == 1 else f"{day.date.day}",
                class_="c-soft",
                font_size=TEXT,
                text_anchor="middle",
            )
        )
    return parts


def _still(x: float, y: float, label: str) -> Svg:
    return text(x, y, label, class_="c-soft", font_size=SMALL, text_anchor="middle")


def _meals(day: DiaryDay) -> tuple[str, float] | None:
    percent = finite(day.adherence_percent)
    return None if percent is None else (f"{percent:.0f} %", percent / 100)


def _sleep(day: DiaryDay) -> tuple[str, float] | None:
    hours = finite(day.check_in.sleep_hours)
    return None if hours is None else (words.decimal(hours), hours / 24)


def _lane_cell(
    chart_id: str, x: float, y: float, pitch: float, value: tuple[str, float] | None
) -> Svg:
    """A number above a track that fills with it; hatched when there is no number."""
    left, width, track = x + 5, pitch - 10, y + 38
    if value is None:
        return hatched(chart_id, left, y + 21, width, 22, rx=3)
    label, share = value
    filled = width * min(1.0, max(0.0, share))
    return join(
        [
            text(x + pitch / 2, y + 33, label, font_size=_SIZE, text_anchor="middle"),
            rect(left, track, width, 5, rx=2.5, class_="c-track"),
            rect(left, track, filled, 5, rx=2.5, class_="c-track-filled"),
            circle(left + filled, track + 2.5, 4, class_="c-track-filled"),
        ]
    )


def _illness(day: DiaryDay) -> str | None:
    if day.fever:
        return gettext("fever")
    return gettext("ill") if day.illness else None


def _illness_cell(chart_id: str, x: float, y: float, pitch: float, day: DiaryDay) -> Svg:
    label = _illness(day)
    if label is None and day.illness is None:
        return hatched(chart_id, x + 5, y + 20, pitch - 10, 21, rx=3) if day.is_over else NOTHING
    if label is None:
        return text(x + pitch / 2, y + 35, gettext("no"), class_="c-soft", text_anchor="middle")
    return join(
        [
            dotted(chart_id, x + 3, y + 20, pitch - 6, 21, rx=4),
            rect(x + 6, y + 23, pitch - 12, 15, rx=3, class_="c-plate"),
            text(x + pitch / 2, y + 35, label, font_size=TEXT, text_anchor="middle"),
        ]
    )


def _sentence(shown: Sequence[DiaryDay]) -> str:
    if not shown:
        return str(words.EMPTY)
    meals = [p for d in shown if (p := finite(d.adherence_percent)) is not None]
    known = gettext("Meals were judged on %(meals)s.") % {
        "meals": counted_digits(len(meals), "day")
    }
    if meals:
        low, high = f"{min(meals):.0f}", f"{max(meals):.0f}"
        known = gettext("Meals on target: %(percent)s %% on the %(meals)s with judged meals.") % {
            "percent": low if low == high else from_to(low, high),
            "meals": counted_digits(len(meals), "day"),
        }
    return f"{words.tally_sentence(Tally.of(shown))} {known}"


def _row(day: DiaryDay) -> tuple[str, ...]:
    meals, sleep, missing = _meals(day), _sleep(day), str(words.NOT_RECORDED)
    illness = _illness(day) or (gettext("none") if day.illness is False else missing)
    return (
        words.table_date(day.date),
        words.clusters_of(day),
        meals[0] if meals else missing,
        gettext("%(sleep)s hours") % {"sleep": sleep[0]} if sleep else missing,
        illness,
    )


def _empty() -> tuple[list[Svg], float]:
    return [text(2, 24, gettext("No days here yet."), class_="c-soft", font_size=_SIZE)], 40.0
