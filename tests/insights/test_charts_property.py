"""Whatever days come: well-formed, finite, and inside the drawing's own frame."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.insights import charts
from quietdays.insights.charts import Chart, EffectRow, ForestRow
from quietdays.insights.charts.svg import text_width
from quietdays.science.days import CheckIn, DiaryDay, MedicineChange, MedicineInForce

SVG = "{http://www.w3.org/2000/svg}"
SLACK = 6.0

FIRSTS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
AMOUNTS = st.none() | st.floats(allow_nan=True) | st.floats(0, 5000)
MEDICINES = st.builds(MedicineInForce, st.text(max_size=40), AMOUNTS, st.text(max_size=9))
CHANGES = st.builds(MedicineChange, st.text(max_size=40), st.text(max_size=9))
STATES = st.sampled_from(["on_waking", "falling_asleep", "asleep", "awake", "feeding", ""])
LIMITS = st.none() | st.floats()
FACTORS = st.builds(
    ForestRow, st.text(max_size=60), st.text(max_size=60), *[LIMITS] * 3, st.text(max_size=40)
)


@st.composite
def diary_days(draw: st.DrawFn) -> list[DiaryDay]:
    first, length = draw(FIRSTS), draw(st.integers(0, 20) | st.integers(118, 160))
    kinds = draw(st.lists(diary_day(), min_size=1, max_size=6))
    gaps = draw(st.sets(st.integers(0, 160), max_size=4))
    return [
        DiaryDay(first + timedelta(days=i), **kinds[i % len(kinds)])  # type: ignore[arg-type]
        for i in range(length)
        if i not in gaps
    ]


@st.composite
def diary_day(draw: st.DrawFn) -> dict[str, object]:
    clusters = draw(st.none() | st.integers(0, 400))
    numbers = st.none() | st.floats(0, 60) | st.just(float("nan"))
    return {
        "clusters": clusters,
        "is_over": draw(st.booleans()),
        "spasms": draw(st.none() | st.integers(0, 5000)),
        "spasms_at_least": draw(st.booleans()),
        "onset_minutes": tuple(draw(st.lists(st.integers(0, 1499), max_size=4))),
        "onset_states": tuple(draw(st.lists(STATES, max_size=5))),
        "woke_minute": draw(st.none() | st.integers(0, 1499)),
        "hours_watched": draw(numbers),
        "on_diet": draw(st.booleans()),
        "prescribed_ratio": draw(st.none() | st.floats(0, 5)),
        "prescription_changed": draw(st.booleans()),
        "adherence_reported_percent": draw(st.none() | st.floats(0, 100)),
        "check_in": CheckIn(sleep_hours=draw(numbers)),
        "illness": draw(st.none() | st.booleans()),
        "fever": draw(st.none() | st.booleans()),
        "ketones_mmol_l": tuple(draw(st.lists(st.floats(0, 30), max_size=3))),
        "weight_kg": draw(numbers),
        "medicines": tuple(draw(st.lists(MEDICINES, max_size=2))),
        "medicine_changes": tuple(draw(st.lists(CHANGES, max_size=2))),
    }


def places(e: ET.Element) -> list[tuple[float, float]]:
    """The corners of an element, generous for text."""

    def number(name: str) -> float:
        return float(e.get(name, "0"))

    match e.tag.removeprefix(SVG):
        case "rect":
            x, y = number("x"), number("y")
            return [(x, y), (x + number("width"), y + number("height"))]
        case "circle":
            x, y, r = number("cx"), number("cy"), number("r")
            return [(x - r, y - r), (x + r, y + r)]
        case "line":
            return [(number("x1"), number("y1")), (number("x2"), number("y2"))]
        case "polygon" | "polyline":
            pairs = [p.split(",") for p in e.attrib["points"].split()]
            return [(float(x), float(y)) for x, y in pairs]
        case "text":
            size = number("font-size")
            wide = text_width(e.text or "", size)
            back = {"middle": 0.5, "end": 1.0}.get(e.get("text-anchor", ""), 0.0)
            left = number("x") - back * wide
            return [(left, number("y") - size), (left + wide, number("y"))]
    return []


def assert_sound(chart: Chart) -> None:
    for form in (chart.svg, charts.on_paper(chart)):
        root = ET.fromstring(form)  # noqa: S314 - our own markup
        assert "nan" not in {v.lower() for e in root.iter() for v in e.attrib.values()}
        _, _, width, height = (float(v) for v in root.attrib["viewBox"].split())
        inside_defs = {id(e) for d in root.iter(f"{SVG}defs") for e in d.iter()}
        for e in root.iter():
            for x, y in [] if id(e) in inside_defs else places(e):
                assert -SLACK <= x <= width + SLACK, ET.tostring(e)
                assert -SLACK <= y <= height + SLACK, ET.tostring(e)
        assert_slots_are_rows(chart, root)


def assert_slots_are_rows(chart: Chart, root: ET.Element) -> None:
    slots = [e for e in root.iter(f"{SVG}rect") if e.get("class") == "c-slot"]
    assert sorted(int(e.attrib["data-row"]) for e in slots) == list(range(len(chart.table_rows)))
    assert {len(row) for row in chart.table_rows} <= {len(chart.table_head)}


@settings(max_examples=40, deadline=None)
@given(diary_days(), st.sampled_from([340, 680, 1000]))
def test_charts_of_days_are_sound(days: list[DiaryDay], width: int) -> None:
    first = days[0].date if days else date(2026, 3, 1)
    assert_sound(charts.month_heat_map(days, first=first, today=first))
    assert_sound(charts.week_chart(days))
    assert_sound(charts.timeline(days, width=width))
    assert_sound(charts.day_by_hour(days, width=width))
    assert_sound(charts.hours_since_waking(days, width=width))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(EffectRow, st.text(max_size=60), *[st.none() | st.floats()] * 5), max_size=4
    ),
    st.sampled_from([340, 680]),
)
def test_effect_intervals_are_sound(rows: list[EffectRow], width: int) -> None:
    assert_sound(charts.effect_intervals(rows, width=width))


@settings(max_examples=60, deadline=None)
@given(st.lists(FACTORS, max_size=5), st.sampled_from([340, 680]))
def test_factors_are_sound(rows: list[ForestRow], width: int) -> None:
    chart = charts.factor_forest(rows, width=width)
    assert_sound(chart)
    assert len(chart.table_rows) == len(rows)


@settings(max_examples=80, deadline=None)
@given(diary_days())
def test_no_cluster_is_dropped_or_counted_twice_since_waking(days: list[DiaryDay]) -> None:
    chart = charts.hours_since_waking(days)
    counted = sum(
        int(row[1].split(" cluster")[0].replace("\N{NO-BREAK SPACE}", ""))
        for row in chart.table_rows
    )
    assert counted == sum(max(d.clusters or 0, len(d.onset_minutes)) for d in days)
