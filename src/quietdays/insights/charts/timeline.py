"""The care team's one picture: everything of a child on one axis of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts import words
from quietdays.insights.charts.frame import Drawn, Frame, Look, Mark, date_axis
from quietdays.insights.charts.legend import (
    Key,
    foot_key,
    illness_key,
    legend,
    line_key,
    not_recorded_key,
    peak_key,
)
from quietdays.insights.charts.periods import Tally, every_day, finite, weeks
from quietdays.insights.charts.svg import Chart, Svg, dotted, picture, slot, text
from quietdays.insights.charts.timeline_lanes import (
    draw_eegs,
    draw_illness,
    draw_lane,
    eeg_days,
    illness_days,
    lanes_of,
)
from quietdays.insights.charts.timeline_panels import (
    cluster_bars,
    draw_bars,
    draw_coverage,
    draw_ketones,
    draw_weight,
    is_floor,
    ketones_of,
    spasm_bars,
    spasms_seen,
    weights_of,
)
from quietdays.science.days import DiaryDay, MedicineInForce
from quietdays.words import counted_digits, from_to, out_of, whole

_CHANGES = {
    "start": gettext_lazy("start"),
    "up": gettext_lazy("up"),
    "down": gettext_lazy("down"),
    "stop": gettext_lazy("stop"),
}


def timeline(
    days: Iterable[DiaryDay],
    *,
    width: int = 680,
    chart_id: str | None = None,
    panels_tall: float = 1.0,
) -> Chart:
    """Diet and medicines as bars, then clusters, spasms, blood ketones and weight.

    Up to 120 days are drawn one by one; longer periods by week, as clusters per watched
    day with the number of watched days beneath them. `panels_tall` makes the panels flatter
    or taller, and leaves their text as large as it is.
    """
    shown = every_day(days)
    start = shown[0].date.isoformat() if shown else "empty"
    frame = Frame(chart_id or f"timeline-{start}-{width}", width, shown)
    title = gettext("Diet, medicines and what was seen, on one axis of days")
    sentence = _sentence(shown)
    body, height = [text(2, 24, gettext("No days here yet."), class_="c-soft")], 40.0
    if shown:
        body, height = _body(frame, panels_tall)
    head, rows = _table(frame) if shown else ((gettext("Date"), gettext("Clusters seen")), ())
    return Chart(
        id=frame.chart_id,
        title=title,
        sentence=sentence,
        table_head=head,
        table_rows=rows,
        svg=picture(
            chart_id=frame.chart_id,
            title=title,
            sentence=sentence,
            width=width,
            height=height,
            body=body,
        ),
    )


def _body(frame: Frame, panels_tall: float) -> tuple[list[Svg], float]:
    """Lanes above, panels below. Changes and illness run through, and cross no name."""
    lanes, marks, y = _lanes(frame)
    panels = _panels(frame, y + 4, panels_tall)
    top, bottom = y + (24 if frame.names_above else 10), panels[-1].bottom - 10
    shade = [
        dotted(
            frame.chart_id,
            x := frame.x.left(run.first),
            top,
            frame.x.right(run.last) - x,
            bottom - top,
            data_from=run.first.isoformat(),
            data_to=run.last.isoformat(),
        )
        for run in illness_days(frame.days)
    ]
    date_lines, dates = date_axis(frame, top, bottom)
    keys, height = legend(_keys(frame, marks), top=bottom + 44, left=0, right=frame.width)
    layers = [
        *(p.under for p in panels),
        date_lines,
        *shade,
        *(p.over for p in panels),
        *(m.drawn(frame, bottom) for m in marks),
        *lanes,
        *(p.name for p in panels),
        dates,
        keys,
        *_slots(frame, bottom),
    ]
    return layers, bottom + 44 + height


def _slots(frame: Frame, bottom: float) -> list[Svg]:
    """A column through lanes and panels for each row of the table: a day, or a week of days."""
    stretches = weeks(frame.days) if frame.by_week else [(d,) for d in frame.days]
    return [
        slot(
            row,
            x := frame.x.left(days[0].date),
            2,
            frame.x.right(days[-1].date) - x,
            bottom - 2,
            days[0].date,
        )
        for row, days in enumerate(stretches)
    ]


def _lanes(frame: Frame) -> tuple[list[Svg], list[Mark], float]:
    drawn: list[Svg] = []
    marks: list[Mark] = []
    y = 2.0
    for lane in lanes_of(frame.days):
        picture_of_lane, its_marks, y = draw_lane(frame, lane, y)
        drawn.append(picture_of_lane)
        marks += its_marks
    if illness_days(frame.days):
        picture_of_lane, y = draw_illness(frame, y)
        drawn.append(picture_of_lane)
    if eeg_days(frame.days):
        picture_of_lane, its_marks, y = draw_eegs(frame, y)
        drawn.append(picture_of_lane)
        marks += its_marks
    return drawn, marks, y


def _panels(frame: Frame, top: float, tall: float) -> list[Drawn]:
    """Clusters and spasms always; ketones and weight only when there are values."""
    clusters = cluster_bars(frame)
    drawn = [
        draw_bars(
            frame,
            top,
            name=gettext("Clusters seen"),
            bars=clusters,
            bar_class="c-seen",
            tall=84 * tall,
        )
    ]
    if frame.by_week:
        drawn.append(draw_coverage(frame, drawn[-1].bottom))
    spasms, below = spasm_bars(frame), drawn[-1].bottom
    drawn.append(
        draw_bars(
            frame,
            below,
            name=gettext("Spasms seen"),
            bars=spasms,
            bar_class="c-seen-mid",
            tall=72 * tall,
        )
    )
    ketones = draw_ketones(frame, drawn[-1].bottom, tall=58 * tall)
    drawn += [ketones] if ketones else []
    weight = draw_weight(frame, drawn[-1].bottom, tall=48 * tall)
    return [*drawn, weight] if weight else drawn


def _keys(frame: Frame, marks: Sequence[Mark]) -> list[Key]:
    """Only what is on this picture."""
    keys = [not_recorded_key(frame.chart_id)]
    if not frame.by_week:
        keys.append(foot_key())
    if any(is_floor(d) for d in frame.days):
        keys.append(peak_key())
    if illness_days(frame.days):
        keys.append(illness_key(frame.chart_id))
    present = {m.look for m in marks}
    keys += [line_key(k.label, k.line_class, k.dashes) for k in Look if k in present]
    return keys


def _sentence(shown: Sequence[DiaryDay]) -> str:
    if not shown:
        return str(words.EMPTY)
    period = words.period(shown[0].date, shown[-1].date)
    ketones = [v for _, v in ketones_of(shown)]
    blood = gettext("No blood ketones.")
    if ketones:
        low, high = words.decimal(min(ketones)), words.decimal(max(ketones))
        blood = gettext("Blood ketones %(low)s to %(high)s mmol/L (%(ketones)s).") % {
            "low": low,
            "high": high,
            "ketones": counted_digits(len(ketones), "value"),
        }
    tally = words.tally_sentence(Tally.of(shown))
    return " ".join(part for part in (f"{period}: {tally}", _hours_sentence(shown), blood) if part)


def _hours_sentence(shown: Sequence[DiaryDay]) -> str:
    """For how much of the period somebody was watching, with its denominator."""
    over = [d for d in shown if d.is_over]
    hours = [h for d in over if (h := finite(d.hours_watched)) is not None]
    if not over:
        return ""
    if not hours:
        return gettext("No day says for how long it was watched.")
    all_hours = sum(finite(d.hours_in_day) or 0.0 for d in over)
    return gettext(
        "Watched %(watched)s of %(all)s hours; %(saying)s of %(days)s say for how long."
    ) % {
        "watched": whole(round(sum(hours))),
        "all": whole(round(all_hours)),
        "saying": whole(len(hours)),
        "days": counted_digits(len(over), "day"),
    }


def _table(frame: Frame) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    rest = (
        *(
            gettext("Hours watched"),
            gettext("Diet ratio"),
            gettext("Medicines"),
            gettext("Changes"),
            gettext("Illness"),
            gettext("EEG"),
        ),
        *(gettext("Blood ketones, mmol/L"), gettext("Weight, kg")),
    )
    if frame.by_week:
        head = (
            gettext("Week"),
            gettext("Watched days"),
            gettext("Clusters seen"),
            gettext("Per watched day"),
            gettext("Spasms seen"),
            *rest,
        )
        return head, tuple((*_week_row(w), *_rest_of_row(w)) for w in weeks(frame.days))
    rows = tuple((*_day_row(d), *_rest_of_row((d,))) for d in frame.days)
    return (gettext("Date"), gettext("Clusters seen"), gettext("Spasms seen"), *rest), rows


def _day_row(day: DiaryDay) -> tuple[str, ...]:
    return (words.table_date(day.date), words.clusters_of(day), words.spasms_of(day))


def _week_row(week: Sequence[DiaryDay]) -> tuple[str, ...]:
    tally = Tally.of(week)
    name = from_to(words.table_date(week[0].date), words.table_date(week[-1].date))
    share, missing = out_of(tally.watched, tally.days), str(words.NOT_RECORDED)
    if not tally.watched:
        return (name, share, missing, missing, missing)
    counted = [d for d in week if d.is_counted]
    spasms = counted_digits(sum(spasms_seen(d) or 0 for d in counted), "spasm")
    if any(is_floor(d) for d in counted):
        spasms = gettext("at least %(spasms)s") % {"spasms": spasms}
    rate = words.decimal(tally.clusters / tally.watched, 2)
    return (name, share, whole(tally.clusters), rate, spasms)


def _rest_of_row(days: Sequence[DiaryDay]) -> tuple[str, ...]:
    """What holds beside the counts, each value once."""
    hours = _hours(days)
    ratios = [f"{words.decimal(r, 2)} : 1" for d in days if (r := _ratio(d)) is not None]
    medicines = [_medicine(m) for d in days for m in d.medicines]
    changes = [
        f"{c.medicine}: {_CHANGES.get(c.change, c.change)}"
        for d in days
        for c in d.medicine_changes
    ]
    if any(d.prescription_changed for d in days):
        changes.insert(0, gettext("prescription"))
    ill = [gettext("fever") if d.fever else gettext("ill") for d in days if d.fever or d.illness]
    eegs = [e.in_words for d in days for e in d.eegs]
    ketones = [words.decimal(v) for _, v in ketones_of(days)]
    weights = [words.decimal(v, 2) for _, v in weights_of(days)]
    columns = (hours, ratios, medicines, changes, ill, eegs, ketones, weights)
    return tuple(", ".join(dict.fromkeys(values)) or "-" for values in columns)


def _hours(days: Sequence[DiaryDay]) -> list[str]:
    """Hours watched on the days that say so, and how many hours those days have."""
    known = [(h, d.hours_in_day) for d in days if (h := finite(d.hours_watched)) is not None]
    if not known:
        return []
    watched, in_all = (words.decimal(sum(column)) for column in zip(*known, strict=True))
    return [out_of(watched, in_all)]


def _ratio(day: DiaryDay) -> float | None:
    return finite(day.prescribed_ratio) if day.on_diet else None


def _medicine(given: MedicineInForce) -> str:
    known = finite(given.amount_per_day)
    if given.unscheduled:
        return f"{given.medicine} {given.unscheduled}"
    if known is None:
        return gettext("%(medicine)s dose not recorded") % {"medicine": given.medicine}
    return gettext("%(medicine)s %(known)s %(unit)s a day") % {
        "medicine": given.medicine,
        "known": words.decimal(known, 2),
        "unit": given.unit,
    }
