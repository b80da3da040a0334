"""One measure of growth by age, on the z lines of WHO's standard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts import words
from quietdays.insights.charts.legend import legend, line_key, swatch_key
from quietdays.insights.charts.scales import Linear, ticks
from quietdays.insights.charts.svg import (
    SMALL,
    Chart,
    Svg,
    circle,
    join,
    line,
    picture,
    polyline,
    rect,
    slot,
    text,
)
from quietdays.science.growth import Fall, Measure, Measured, Sex, is_covered, last_day, value_at
from quietdays.words import decimal, localized

_TITLES = {
    Measure.WEIGHT: (gettext_lazy("Weight for age"), gettext_lazy("Weight"), "kg", 2),
    Measure.LENGTH: (gettext_lazy("Length for age"), gettext_lazy("Length"), "cm", 1),
    Measure.HEAD: (
        gettext_lazy("Head circumference for age"),
        gettext_lazy("Head circumference"),
        "cm",
        1,
    ),
}
_LINES = (-3, -2, -1, 0, 1, 2, 3)
_DAYS_PER_MONTH = 365.25 / 12
_STEP_DAYS = 14
_ROOM_DAYS = 30  # before the first and after the last measurement
_TALL, _TOP, _LEFT, _RIGHT = 260.0, 10.0, 40.0, 34.0


@dataclass(frozen=True, slots=True)
class Growth:
    """A child's measurements of one kind, oldest first. `sex` None: no lines and no z-scores."""

    measure: Measure
    points: Sequence[Measured]
    born: date
    sex: Sex | None
    fall: Fall | None

    def age(self, day: date) -> int:
        return (day - self.born).days


def growth_chart(growth: Growth, *, width: int = 680) -> Chart:
    """The points on the z lines; a fall of one z or more is drawn between its two points."""
    title, name, unit, _ = _TITLES[growth.measure]
    chart_id = f"growth-{growth.measure}-{width}"
    sentence = _sentence(growth, unit)
    body, height = _body(growth, width) if growth.points else ([], 20.0)
    return Chart(
        id=chart_id,
        title=f"{title}, {unit}",
        sentence=sentence,
        table_head=(
            gettext("Date"),
            gettext("Age"),
            f"{name}, {unit}",
            gettext("z-score"),
        ),
        table_rows=tuple(_row(growth, p) for p in growth.points),
        svg=picture(
            chart_id=chart_id,
            title=str(title),
            sentence=sentence,
            width=width,
            height=height,
            body=body,
        ),
    )


def _ages(growth: Growth) -> tuple[int, int]:
    ages = [growth.age(p.day) for p in growth.points]
    return max(0, min(ages) - _ROOM_DAYS), max(ages) + _ROOM_DAYS


def _z_lines(growth: Growth) -> dict[int, list[tuple[int, float]]]:
    """Each z line as (age in days, value), within the ages shown and those of the standard."""
    if growth.sex is None:
        return {}
    first, last = _ages(growth)
    last = min(last, last_day(growth.measure))
    ages = [*range(first, last, _STEP_DAYS), last] if is_covered(growth.measure, first) else []
    sex = growth.sex
    return {
        z: [(age, value_at(growth.measure, z, sex=sex, age_days=age)) for age in ages]
        for z in _LINES
    }


def _body(growth: Growth, width: int) -> tuple[list[Svg], float]:
    lines = _z_lines(growth)
    first, last = _ages(growth)
    values = [p.value for p in growth.points] + [v for ln in lines.values() for _, v in ln]
    scale = ticks(min(values), max(values), at_most=6, smallest=0.5)
    x = Linear(first, last, _LEFT, width - _RIGHT)
    y = Linear(scale[0], scale[-1], _TOP + _TALL, _TOP)
    bottom = _TOP + _TALL
    keys = [swatch_key(gettext("measured"), "c-weight")]
    if lines:
        keys.append(line_key(gettext("z lines, WHO 2006"), "c-axis"))
    if growth.fall is not None:
        keys.append(line_key(gettext("z-score down by 1 or more"), "c-fall", "5 3"))
    drawn_keys, tall = legend(keys, top=bottom + 44, left=0, right=width)
    parts = [
        rect(_LEFT, _TOP, width - _LEFT - _RIGHT, _TALL, class_="c-blank"),
        *_axes(scale, x, y, bottom, (first, last)),
        *(_z_line(z, points, x, y) for z, points in lines.items() if points),
        *_track(growth, x, y),
        drawn_keys,
        *_slots(growth, x, bottom),
    ]
    return parts, bottom + 44 + tall


def _axes(
    scale: Sequence[float], x: Linear, y: Linear, bottom: float, ages: tuple[int, int]
) -> list[Svg]:
    parts = [
        text(_LEFT - 6, y(v) + 4.5, words.decimal(v), class_="c-soft", font_size=SMALL,
             text_anchor="end")
        for v in scale
    ]  # fmt: skip
    first, last = (age / _DAYS_PER_MONTH for age in ages)
    apart = next((n for n in (1, 2, 3, 6) if (last - first) / n <= 9), 12)
    for month in range(int(first) + 1, int(last) + 1):
        if month % apart:
            continue
        at = x(month * _DAYS_PER_MONTH)
        parts.append(line(at, bottom, at, bottom + 5, class_="c-axis"))
        parts.append(
            text(at, bottom + 19, str(month), class_="c-soft", font_size=SMALL,
                 text_anchor="middle")
        )  # fmt: skip
    parts.append(
        text(_LEFT, bottom + 34, gettext("age in months"), class_="c-soft", font_size=SMALL)
    )
    return parts


def _z_line(z: int, points: Sequence[tuple[int, float]], x: Linear, y: Linear) -> Svg:
    at = [(x(age), y(value)) for age, value in points]
    label = f"{z:+d}".replace("-", "−") if z else "0"
    end_x, end_y = at[-1]
    dashes = None if z == 0 else "2 3"
    return join([
        polyline(at, class_="c-axis", stroke_dasharray=dashes, data_z=str(z)),
        text(end_x + 5, end_y + 4.5, label, class_="c-soft", font_size=SMALL),
    ])  # fmt: skip


def _track(growth: Growth, x: Linear, y: Linear) -> list[Svg]:
    at = [(x(growth.age(p.day)), y(p.value)) for p in growth.points]
    parts = [polyline(at, class_="c-weight-line")] if len(at) > 1 else []
    if growth.fall is not None:
        ends = [(x(growth.age(p.day)), y(p.value)) for p in (growth.fall.before, growth.fall.after)]
        parts.append(polyline(ends, class_="c-fall", stroke_dasharray="5 3"))
        parts += [circle(*end, 6, class_="c-fall", fill="none") for end in ends]
    return [*parts, *(circle(*point, 2.8, class_="c-weight") for point in at)]


def _slots(growth: Growth, x: Linear, bottom: float) -> list[Svg]:
    """A column for each measurement, as wide as its neighbours leave it."""
    at = [x(growth.age(p.day)) for p in growth.points]
    edges = [x.start, *((a + b) / 2 for a, b in pairwise(at)), x.end]
    return [
        slot(row, edges[row], 2, edges[row + 1] - edges[row], bottom - 2, p.day)
        for row, p in enumerate(growth.points)
    ]


def _row(growth: Growth, point: Measured) -> tuple[str, ...]:
    months = int(growth.age(point.day) / _DAYS_PER_MONTH)
    places = _TITLES[growth.measure][3]
    return (
        words.table_date(point.day),
        gettext("%(months)s months") % {"months": months},
        decimal(point.value, places),
        "-" if point.z is None else z_words(point.z),
    )


def z_words(z: float) -> str:
    """“−1.27”: with its sign, a true minus, and so exact that differences agree."""
    return localized(f"{z:+.2f}".replace("-", "−"))


def _sentence(growth: Growth, unit: str) -> str:
    if not growth.points:
        return gettext("Nothing was measured.")
    newest = growth.points[-1]
    places = _TITLES[growth.measure][3]
    said = gettext("Newest: %(value)s %(unit)s on %(day)s") % {
        "value": decimal(newest.value, places),
        "unit": unit,
        "day": words.table_date(newest.day),
    }
    if newest.z is None:
        if growth.sex is None:
            return gettext("%(newest)s; no z-score, since the sex is not said.") % {"newest": said}
        return gettext("%(newest)s; no z-score, since the standard ends before this age.") % {
            "newest": said
        }
    said = gettext("%(newest)s, z-score %(z)s.") % {"newest": said, "z": z_words(newest.z)}
    if growth.fall is not None:
        before, after = growth.fall.before, growth.fall.after
        fell = gettext(
            "Down by %(by)s from %(z_before)s on %(day_before)s to %(z_after)s on %(day_after)s."
        ) % {
            "by": decimal(growth.fall.by, 1),
            "z_before": z_words(before.z or 0.0),
            "day_before": words.table_date(before.day),
            "z_after": z_words(after.z or 0.0),
            "day_after": words.table_date(after.day),
        }
        return f"{said} {fell}"
    return said
