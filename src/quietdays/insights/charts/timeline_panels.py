"""The lower part of the timeline: clusters, spasms, blood ketones and weight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from django.utils.translation import gettext

from quietdays.insights.charts.frame import Drawn, Frame, Panel
from quietdays.insights.charts.periods import Face, Tally, finite, runs, weeks
from quietdays.insights.charts.scales import ticks
from quietdays.insights.charts.svg import (
    NOTHING,
    Svg,
    circle,
    hatched,
    join,
    line,
    peak,
    polyline,
    rect,
)
from quietdays.science.days import DiaryDay

_WIDEST_BAR = 26.0
_ROOM_BELOW = 16.0


@dataclass(frozen=True, slots=True)
class Bar:
    """What was seen in one day or in one week of days; `height` None where nothing counts."""

    first: date
    last: date
    height: float | None
    at_least: bool = False


def cluster_bars(frame: Frame) -> list[Bar]:
    """Clusters a day, or a week's clusters for each of its watched days."""
    if not frame.by_week:
        return [Bar(d.date, d.date, d.clusters) for d in frame.days]
    bars = []
    for week in weeks(frame.days):
        tally = Tally.of(week)
        height = tally.clusters / tally.watched if tally.watched else None
        bars.append(Bar(week[0].date, week[-1].date, height))
    return bars


def spasm_bars(frame: Frame) -> list[Bar]:
    """The same for spasms. A day whose spasms were not all counted makes its bar a floor."""
    if not frame.by_week:
        return [Bar(d.date, d.date, spasms_seen(d), is_floor(d)) for d in frame.days]
    bars = []
    for week in weeks(frame.days):
        days = [d for d in week if d.is_counted]
        height = sum(spasms_seen(d) or 0 for d in days) / len(days) if days else None
        bars.append(Bar(week[0].date, week[-1].date, height, any(is_floor(d) for d in days)))
    return bars


def spasms_seen(day: DiaryDay) -> int | None:
    return 0 if day.spasms is None and day.clusters is not None else day.spasms


def is_floor(day: DiaryDay) -> bool:
    return day.spasms_at_least or (day.spasms is None and bool(day.clusters))


def draw_bars(
    frame: Frame, top: float, *, name: str, bars: Sequence[Bar], bar_class: str, tall: float
) -> Drawn:
    """A panel of bars that also says which days were watched and which not recorded."""
    unit = gettext("per watched day,\nweek by week") if frame.by_week else gettext("per day")
    label, taken = frame.name(top, name, unit)
    smallest = 0.5 if frame.by_week else 1.0
    most = max([b.height for b in bars if b.height is not None], default=0.0)
    panel_top = top + taken + 6
    panel = Panel(frame, panel_top, panel_top + tall, ticks(0, max(2.0, most), smallest=smallest))
    under = [panel.ground(), *_hatches(frame, panel)]
    over = [panel.axis(), *_foot(frame, panel)]
    over += [_bar(frame, panel, bar, bar_class) for bar in bars]
    return Drawn(join(under), join(over), label, panel.foot + _ROOM_BELOW)


def _hatches(frame: Frame, panel: Panel) -> list[Svg]:
    """A hatch over days that were not recorded; over whole weeks when bars stand for weeks."""
    if frame.by_week:
        stretches = [(w[0].date, w[-1].date) for w in weeks(frame.days) if _is_missing(w)]
    else:
        missing = runs(frame.days, lambda d: Face.of(d) is Face.NOT_RECORDED or None)
        stretches = [(r.first, r.last) for r in missing]
    tall = panel.foot - panel.top
    return [
        hatched(
            frame.chart_id,
            frame.x.left(first),
            panel.top,
            frame.x.right(last) - frame.x.left(first),
            tall,
            data_from=first.isoformat(),
            data_to=last.isoformat(),
        )
        for first, last in stretches
    ]


def _is_missing(week: Iterable[DiaryDay]) -> bool:
    tally = Tally.of(week)
    return tally.days > 0 and tally.watched == 0


def _foot(frame: Frame, panel: Panel) -> list[Svg]:
    if frame.by_week:
        return []
    quiet = runs(frame.days, lambda d: Face.of(d) is Face.NONE_SEEN or None)
    return [panel.none_seen(run.first, run.last) for run in quiet]


def _bar(frame: Frame, panel: Panel, bar: Bar, bar_class: str) -> Svg:
    if bar.height is None:
        return NOTHING
    left, right = frame.x.left(bar.first), frame.x.right(bar.last)
    middle, wide = (left + right) / 2, min(_WIDEST_BAR, (right - left) * 0.8)
    y = panel.y(bar.height)
    parts = []
    if bar.height > 0:
        parts.append(
            rect(
                middle - wide / 2,
                y,
                wide,
                panel.foot - y,
                class_=bar_class,
                data_from=bar.first.isoformat(),
            )
        )
    if bar.at_least:
        parts.append(peak(middle, y - 1, half=min(4.0, max(2.0, wide / 2))))
    return join(parts)


def draw_coverage(frame: Frame, top: float) -> Drawn:
    """By week, the denominator of the bars: how many days of each week were watched."""
    name, taken = frame.name(top, gettext("Watched days"), gettext("of each week"))
    panel = Panel(frame, top + taken + 6, top + taken + 30, [0, 7])
    parts = [panel.axis()]
    for week in weeks(frame.days):
        watched = Tally.of(week).watched
        x, right = frame.x.left(week[0].date), frame.x.right(week[-1].date)
        y = panel.y(watched)
        wide = (right - x) * 0.8
        parts.append(rect(x + wide / 8, y, wide, panel.foot - y, class_="c-foot"))
    return Drawn(panel.ground(), join(parts), name, panel.foot + _ROOM_BELOW)


def ketones_of(days: Iterable[DiaryDay]) -> list[tuple[date, float]]:
    """Blood ketones only; urine ketones are another scale and never stand beside them."""
    return [(d.date, v) for d in days for k in d.ketones_mmol_l if (v := finite(k)) is not None]


def weights_of(days: Iterable[DiaryDay]) -> list[tuple[date, float]]:
    return [(d.date, v) for d in days if (v := finite(d.weight_kg)) is not None]


def draw_ketones(frame: Frame, top: float, *, tall: float) -> Drawn | None:
    unit = (
        gettext("mmol/L, each week\nmiddle and range")
        if frame.by_week
        else gettext("mmol/L, each value")
    )
    name, taken = frame.name(top, gettext("Blood ketones"), unit)
    values = ketones_of(frame.days)
    if not values:
        return None
    panel_top = top + taken + 6
    scale = ticks(0, max(2.0, max(v for _, v in values)), smallest=0.5)
    panel = Panel(frame, panel_top, panel_top + tall, scale)
    drawn = _ranges(frame, panel) if frame.by_week else _values(frame, panel, values)
    over = join([panel.axis(), *drawn])
    return Drawn(panel.ground(), over, name, panel.foot + _ROOM_BELOW)


def _values(frame: Frame, panel: Panel, values: Sequence[tuple[date, float]]) -> list[Svg]:
    radius = min(3.0, max(1.6, frame.x.step / 2))
    return [
        circle(frame.x.middle(day), panel.y(value), radius, class_="c-ketones")
        for day, value in values
    ]


def _ranges(frame: Frame, panel: Panel) -> list[Svg]:
    parts = []
    for week in weeks(frame.days):
        values = [v for _, v in ketones_of(week)]
        if not values:
            continue
        x = (frame.x.left(week[0].date) + frame.x.right(week[-1].date)) / 2
        parts.append(line(x, panel.y(min(values)), x, panel.y(max(values)), class_="c-range"))
        parts.append(circle(x, panel.y(median(values)), 2.2, class_="c-ketones"))
    return parts


def draw_weight(frame: Frame, top: float, *, tall: float) -> Drawn | None:
    name, taken = frame.name(top, gettext("Weight"), "kg")
    values = weights_of(frame.days)
    if not values:
        return None
    panel_top = top + taken + 6
    kilograms = [v for _, v in values]
    scale = ticks(min(kilograms), max(kilograms), at_most=3, smallest=0.2)
    panel = Panel(frame, panel_top, panel_top + tall, scale)
    points = [(frame.x.middle(day), panel.y(value)) for day, value in values]
    dots = [circle(x, y, 2.6, class_="c-weight") for x, y in points if len(points) <= 60]
    track = polyline(points, class_="c-weight-line") if len(points) > 1 else NOTHING
    over = join([panel.axis(), track, *dots])
    return Drawn(panel.ground(), over, name, panel.foot + _ROOM_BELOW)
