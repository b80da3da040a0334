"""What the page's script relies on: slots and rows that belong together by number."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.template import Context, Engine

from quietdays.insights import charts
from quietdays.insights.charts import Chart
from quietdays.science.days import DiaryDay
from tests.insights.test_charts import ALL_CHARTS, FIRST, MIXED, ROOT, by_class, days_of, parsed

TEMPLATES = str(ROOT / "src/quietdays/insights/templates")

each_chart = pytest.mark.parametrize("draw", ALL_CHARTS.values(), ids=ALL_CHARTS.keys())


@each_chart
def test_every_row_of_the_table_has_its_slot(draw: Callable[[list[DiaryDay]], Chart]) -> None:
    chart = draw(MIXED)
    rows = [int(s.attrib["data-row"]) for s in by_class(parsed(chart), "c-slot")]
    assert sorted(rows) == list(range(len(chart.table_rows)))


@pytest.mark.parametrize("name", ["month", "week", "hours", "timeline", "timeline narrow"])
def test_the_slot_of_a_day_names_the_day_of_its_row(name: str) -> None:
    days = MIXED[-7:] if name == "week" else MIXED
    slots = by_class(parsed(ALL_CHARTS[name](days)), "c-slot")
    assert [s.get("data-date") for s in slots] == [d.date.isoformat() for d in days]
    assert [s.get("data-row") for s in slots] == [str(i) for i in range(len(days))]


def test_slots_of_a_long_timeline_are_weeks() -> None:
    chart = charts.timeline(days_of([1] * 200))
    slots = by_class(parsed(chart), "c-slot")
    assert len(slots) == len(chart.table_rows) == 29


def test_slots_of_the_timeline_stand_side_by_side_over_the_whole_height() -> None:
    slots = by_class(parsed(charts.timeline(MIXED)), "c-slot")
    lefts = [float(s.attrib["x"]) for s in slots]
    wide = float(slots[0].attrib["width"])
    assert lefts[1] - lefts[0] == pytest.approx(wide, abs=0.02)
    assert {s.attrib["height"] for s in slots} == {slots[0].attrib["height"]}


@each_chart
def test_the_template_ties_rows_to_slots_and_keeps_room_for_the_longest(
    draw: Callable[[list[DiaryDay]], Chart],
) -> None:
    chart = draw(MIXED)
    page = Engine(dirs=[TEMPLATES], builtins=["django.templatetags.i18n"])
    html = page.get_template("insights/chart.html").render(Context({"chart": chart}))
    rows = re.findall(r'<tr data-row="(\d+)">', html)
    assert rows == [str(i) for i in range(len(chart.table_rows))]
    assert html.count("data-readout") == 1
    assert html.count("data-picture") == 1
    assert "style=" not in html


def test_a_chart_without_rows_has_nothing_to_read_out() -> None:
    page = Engine(dirs=[TEMPLATES], builtins=["django.templatetags.i18n"])
    for chart in (charts.timeline([]), charts.factor_forest([]), charts.hours_since_waking([])):
        html = page.get_template("insights/chart.html").render(Context({"chart": chart}))
        assert "data-readout" not in html
        assert not by_class(parsed(chart), "c-slot")


def test_room_is_kept_for_the_longest_row() -> None:
    chart = charts.timeline([DiaryDay(FIRST, clusters=2, spasms=11, weight_kg=7.4)])
    assert chart.longest_row == "Mon 2 Mar 2026: 2 clusters seen, 11 spasms, Weight, kg 7.4"
    assert charts.timeline([]).longest_row == ""


def test_the_timeline_says_for_how_long_somebody_watched() -> None:
    days = [*days_of([1, 0], hours_watched=12.5), *days_of([2], FIRST.replace(day=4))]
    chart = charts.timeline(days)
    assert "Watched 25 of 72 hours; 2 of 3 days say for how long." in chart.sentence
    assert [row[3] for row in chart.table_rows] == ["12.5 of 24", "12.5 of 24", "-"]
    nobody = charts.timeline(days_of([1, 0]))
    assert "No day says for how long it was watched." in nobody.sentence
    weeks = charts.timeline(days_of([1] * 140, hours_watched=12.0))
    assert weeks.table_rows[0][5] == "84 of 168"


def test_a_quiet_day_says_so_once_and_an_uncounted_one_too() -> None:
    quiet, uncounted = DiaryDay(FIRST, clusters=0, spasms=0), DiaryDay(FIRST, clusters=2)
    assert charts.timeline([quiet]).table_rows[0][1:3] == ("watched, none seen",) * 2
    assert charts.timeline([uncounted]).table_rows[0][2] == "spasms not counted"


def test_fever_within_an_illness_is_named() -> None:
    """Three days ill with fever on the second read “ill … ill”: the fever had no room."""
    days = [*days_of([1], illness=True), *days_of([1], FIRST.replace(day=3), fever=True)]
    days += days_of([1], FIRST.replace(day=4), illness=True)
    found = [e.text for e in parsed(charts.timeline(days)).iter() if e.text]
    assert "ill, fever" in found
