"""What the charts draw, and what they say about it, equals the days they were given."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.template import Context, Engine

from quietdays.insights import charts
from quietdays.insights.charts import Chart, EffectRow, ForestRow
from quietdays.insights.charts.paper import PRINT_RULES
from quietdays.insights.charts.svg import BadChartId, picture
from quietdays.science.days import CheckIn, DiaryDay, MedicineChange, MedicineInForce

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 3, 2)  # a Monday
ROWS = (
    EffectRow("Weeks 1 to 4", 0.82, 0.61, 1.1, 0.57, 1.17),
    EffectRow("Weeks 5 to 8", 0.05, 0.0, 0.4, 0.0, 0.5),
    EffectRow("Weeks 9 to 12"),
)
FACTORS = (
    ForestRow("Sleep", "each hour less", 1.18, 1.02, 1.36, "more seen on such days"),
    ForestRow("Meals on target", "each 10 % more", 0.97, 0.85, 1.1, "no clear link"),
    ForestRow("Late doses", "days with one", None, None, None, "not enough days yet"),
)


def days_of(
    clusters: Iterable[int | None], first: date = FIRST, **every_day: object
) -> list[DiaryDay]:
    return [
        DiaryDay(first + timedelta(days=i), clusters=c, spasms=c and 10 * c, **every_day)  # type: ignore[arg-type]
        for i, c in enumerate(clusters)
    ]


MIXED = days_of([3, 0, None, None, 1, 5, 0, None, 2, 0, 0, 4, None, 0])
MISSING = [d.date for d in MIXED if d.clusters is None]

BY_DAYS: dict[str, Callable[[list[DiaryDay]], Chart]] = {
    "month": lambda days: charts.month_heat_map(days, first=FIRST),
    "week": lambda days: charts.week_chart(days),
    "hours": lambda days: charts.day_by_hour(days),
    "hours narrow": lambda days: charts.day_by_hour(days, width=340),
    "timeline": lambda days: charts.timeline(days),
    "timeline narrow": lambda days: charts.timeline(days, width=340),
}
ALL_CHARTS: dict[str, Callable[[list[DiaryDay]], Chart]] = {
    **BY_DAYS,
    "waking": lambda days: charts.hours_since_waking(days),
    "waking narrow": lambda days: charts.hours_since_waking(days, width=340),
    "effect": lambda days: charts.effect_intervals(ROWS),
    "effect narrow": lambda days: charts.effect_intervals(ROWS, width=340),
    "factors": lambda days: charts.factor_forest(FACTORS),
    "factors narrow": lambda days: charts.factor_forest(FACTORS, width=340),
}
every_chart = pytest.mark.parametrize("draw", BY_DAYS.values(), ids=BY_DAYS.keys())


def parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)  # noqa: S314 - our own markup


def by_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in root.iter() if name in e.get("class", "").split()]


def texts(root: ET.Element) -> list[str]:
    return [e.text or "" for e in root.iter(f"{SVG}text")]


def dates_between(element: ET.Element) -> list[date]:
    first = date.fromisoformat(element.attrib["data-from"])
    last = date.fromisoformat(element.attrib["data-to"])
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


@pytest.mark.parametrize("name", ["month", "week", "hours"])
def test_every_day_is_drawn_once_and_hatched_exactly_where_not_recorded(name: str) -> None:
    days = MIXED[-7:] if name == "week" else MIXED
    root = parsed(BY_DAYS[name](days))
    groups = [g for g in root.iter(f"{SVG}g") if g.get("data-state")]
    assert [g.get("data-date") for g in groups] == [d.date.isoformat() for d in days]
    hatched = [g.get("data-date") for g in groups if by_class(g, "not-recorded")]
    assert hatched == [d.date.isoformat() for d in days if d.clusters is None]


def test_timeline_hatches_each_missing_day_once_in_both_panels() -> None:
    root = parsed(charts.timeline(MIXED))
    stretches = [e for e in by_class(root, "not-recorded") if e.get("data-from")]
    drawn = Counter(day for e in stretches for day in dates_between(e))
    assert drawn == dict.fromkeys(MISSING, 2)


def test_timeline_draws_one_bar_for_each_day_with_clusters() -> None:
    bars = [e for e in by_class(parsed(charts.timeline(MIXED)), "c-seen") if e.get("data-from")]
    assert [b.get("data-from") for b in bars] == [d.date.isoformat() for d in MIXED if d.clusters]


def test_calendar_shows_the_count_of_each_day_and_a_ring_where_none_was_seen() -> None:
    root = parsed(charts.month_heat_map(MIXED, first=FIRST))
    for day in MIXED:
        cell = next(g for g in root.iter(f"{SVG}g") if g.get("data-date") == day.date.isoformat())
        expected = [str(day.date.day), *([str(day.clusters)] if day.clusters else [])]
        assert texts(cell) == expected
        assert bool(by_class(cell, "c-ring")) == (day.clusters == 0)


@every_chart
def test_sentence_holds_the_counts_of_the_data(draw: Callable[[list[DiaryDay]], Chart]) -> None:
    sentence = draw(MIXED[-7:]).sentence
    assert "5" in re.findall(r"\d+", sentence), "watched days"
    assert "7 days" in sentence


def test_sentence_names_every_denominator() -> None:
    sentence = charts.timeline(MIXED).sentence
    assert "14 days: clusters seen on 5; watched, none seen on 5; not recorded on 4." in sentence
    assert "In 10 watched days: 15 clusters seen, 1.5 per watched day." in sentence


@every_chart
def test_table_has_a_row_for_each_day(draw: Callable[[list[DiaryDay]], Chart]) -> None:
    week = MIXED[-7:]
    chart = draw(week)
    assert [row[0] for row in chart.table_rows] == [
        f"{d.date:%a} {d.date.day} {d.date:%b} {d.date.year}" for d in week
    ]
    assert {len(row) for row in chart.table_rows} == {len(chart.table_head)}
    assert [row[1] for row in chart.table_rows if row[1] == "not recorded"] == ["not recorded"] * 2


@every_chart
def test_a_day_that_is_not_over_is_neither_quiet_nor_missing(
    draw: Callable[[list[DiaryDay]], Chart],
) -> None:
    full = CheckIn(sleep_hours=12.0)
    quiet = DiaryDay(FIRST, clusters=0, adherence_reported_percent=80.0, check_in=full)
    chart = draw([quiet, DiaryDay(FIRST + timedelta(days=1), is_over=False)])
    hatched = [e for e in by_class(parsed(chart), "not-recorded") if not e.get("data-key")]
    assert hatched == []
    assert chart.table_rows[1][1] == "not over yet"


@every_chart
def test_a_date_missing_between_days_counts_as_not_recorded(
    draw: Callable[[list[DiaryDay]], Chart],
) -> None:
    chart = draw([DiaryDay(FIRST, clusters=1), DiaryDay(FIRST + timedelta(days=2), clusters=1)])
    assert [row[1] for row in chart.table_rows][1] == "not recorded"


def test_ids_are_unique_when_all_charts_share_a_page() -> None:
    page = [draw(MIXED) for draw in ALL_CHARTS.values()]
    ids = [e.attrib["id"] for c in page for e in parsed(c).iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    for chart in page:
        assert all(e.get("id", chart.id).startswith(chart.id) for e in parsed(chart).iter())
        assert set(re.findall(r"url\(#([^)]*)\)", chart.svg)) <= set(ids)


def test_a_chart_id_is_plain() -> None:
    with pytest.raises(BadChartId):
        picture(chart_id='x" onload="', title="", sentence="", width=1, height=1, body=[])


@pytest.mark.parametrize("width", [340, 680])
def test_hostile_names_stay_text(width: int) -> None:
    name = '"><script>alert(1)</script>&\x00\u202e\n</text>'
    medicine = MedicineInForce(name, 1.0, "mg<b>")
    change = MedicineChange(name, "<i>up")
    chart = charts.timeline(
        [DiaryDay(FIRST, clusters=1, medicines=(medicine,), medicine_changes=(change,))],
        width=width,
    )
    assert not list(parsed(chart).iter(f"{SVG}script"))
    assert "<script" not in chart.svg
    page = Engine(
        dirs=[str(ROOT / "src/quietdays/insights/templates")], builtins=["django.templatetags.i18n"]
    )
    html = page.get_template("insights/chart.html").render(Context({"chart": chart}))
    assert "<script" not in html
    assert "Show the numbers" in html
    assert " onload" not in html


@every_chart
@pytest.mark.parametrize(
    "days",
    [[], days_of([None] * 14), days_of([0]), days_of([4])],
    ids=["no days", "none recorded", "one quiet day", "one day with clusters"],
)
def test_small_diaries_can_be_drawn(
    draw: Callable[[list[DiaryDay]], Chart], days: list[DiaryDay]
) -> None:
    chart = draw(days)
    parsed(chart)
    assert chart.sentence


@pytest.mark.parametrize("first", [date(2026, 3, 23), date(2026, 10, 19)], ids=["spring", "autumn"])
def test_days_on_which_clocks_change_are_days_like_others(
    first: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    days = days_of([1] * 14, first=first)
    bars = by_class(parsed(charts.timeline(days)), "c-seen")
    lefts = [float(b.attrib["x"]) for b in bars]
    steps = [b - a for a, b in pairwise(lefts)]
    assert len(bars) == 14
    assert max(steps) - min(steps) < 0.05


def test_two_years_are_drawn_by_week_with_their_denominators() -> None:
    days = days_of([2, 0, None, 1, None, 0, 0] * 104, ketones_mmol_l=(3.0, 4.0))
    chart = charts.timeline(days, width=1000)
    root = parsed(chart)
    bars = [e for e in by_class(root, "c-seen") if e.get("data-from")]
    assert len(bars) == len(chart.table_rows) == 104
    assert "per watched day," in texts(root)
    assert chart.table_rows[0][1:4] == ("5 of 7", "3", "0.6")


def test_a_count_that_is_a_floor_is_marked() -> None:
    day = DiaryDay(FIRST, clusters=2, spasms=11, spasms_at_least=True)
    chart = charts.timeline([day])
    assert len(by_class(parsed(chart), "c-peak")) == 2  # the bar and its key
    assert chart.table_rows[0][2] == "at least 11 spasms"


def test_only_blood_ketones_are_drawn() -> None:
    day = DiaryDay(FIRST, clusters=0, urine_ketones_grade=(4,))
    assert not by_class(parsed(charts.timeline([day])), "c-ketones")
    blood = DiaryDay(FIRST, clusters=0, urine_ketones_grade=(4,), ketones_mmol_l=(3.2,))
    assert len(by_class(parsed(charts.timeline([blood])), "c-ketones")) == 1


def test_illness_that_was_not_asked_about_is_not_a_no() -> None:
    days = days_of([0], illness=True, adherence_reported_percent=90.0)
    days += days_of([0], FIRST + timedelta(days=1), illness=False)
    days += days_of([0], FIRST + timedelta(days=2))
    chart = charts.week_chart(days)
    assert [row[4] for row in chart.table_rows] == ["ill", "none", "not recorded"]
    assert {"ill", "no"} <= set(texts(parsed(chart)))


def test_lanes_leave_a_gap_where_a_medicine_stopped() -> None:
    dose = (MedicineInForce("Vigabatrin", 500.0, "mg"),)
    days = days_of([1, 1], medicines=dose) + days_of([1, 1], FIRST + timedelta(days=2))
    root = parsed(charts.timeline(days))
    (bar,) = by_class(root, "c-medicine")
    frame = by_class(root, "c-blank")[0]
    assert float(bar.attrib["width"]) == pytest.approx(float(frame.attrib["width"]) / 2)
    assert "stopped" in texts(root)


def test_bars_of_a_lane_are_as_thick_as_the_dose() -> None:
    days = days_of([1], medicines=(MedicineInForce("A", 100.0, "mg"),))
    days += days_of([1], FIRST + timedelta(days=1), medicines=(MedicineInForce("A", 50.0, "mg"),))
    full, half = (
        float(b.attrib["height"]) for b in by_class(parsed(charts.timeline(days)), "c-medicine")
    )
    assert full == 2 * half


def test_linked_days_are_named_and_the_drawing_is_no_image() -> None:
    chart = charts.month_heat_map(MIXED, first=FIRST, day_url=lambda d: f"/day/{d}?a=1&b=2")
    root = parsed(chart)
    links = list(root.iter(f"{SVG}a"))
    assert root.get("role") == "group"
    assert [a.get("aria-label") for a in links][:3] == [
        "Mon 2 Mar: 3 clusters seen",
        "Tue 3 Mar: watched, none seen",
        "Wed 4 Mar: not recorded",
    ]
    assert links[0].get("href") == "/day/2026-03-02?a=1&b=2"


def test_calendar_cells_are_large_enough_for_a_thumb_on_a_small_phone() -> None:
    root = parsed(charts.month_heat_map(MIXED, first=FIRST))
    shown_at = (360 - 2 * 16) / float(root.attrib["viewBox"].split()[2])
    cells = [g.find(f"{SVG}rect") for g in root.iter(f"{SVG}g") if g.get("data-date")]
    assert min(float(c.attrib["width"]) * shown_at for c in cells if c is not None) >= 44


def test_effect_rows_draw_intervals_arrows_and_say_when_there_is_none() -> None:
    chart = charts.effect_intervals(ROWS)
    rows = [g for g in parsed(chart).iter(f"{SVG}g") if by_class(g, "c-slot")]
    assert [len(by_class(r, "c-interval-thick")) for r in rows] == [1, 1, 0]
    assert [len(list(r.iter(f"{SVG}polygon"))) for r in rows] == [0, 1, 0]
    assert "not enough days yet" in texts(rows[2])
    assert "Weeks 1 to 4: 0.82 times as many" in chart.sentence
    assert chart.table_rows[1] == (
        *("Weeks 5 to 8", "0.05 times as many"),
        *("0 to 0.40", "0 to 0.50"),
    )


def test_screen_form_has_no_style_and_every_class_has_its_colours_on_screen_and_paper() -> None:
    css = (ROOT / "frontend/styles/charts.css").read_text()
    check_in = CheckIn(sleep_hours=12.5)
    rich = days_of(
        [1, 2, 5, 0, None, 3, 1],
        illness=True,
        on_diet=True,
        prescribed_ratio=3.0,
        prescription_changed=True,
        medicines=(MedicineInForce("A", None, "mg"), MedicineInForce("B", 1.0, "mg")),
        medicine_changes=(MedicineChange("A", "up"),),
        ketones_mmol_l=(3.0,),
        weight_kg=8.0,
        check_in=check_in,
        spasms_at_least=True,
        onset_minutes=(70,),
        onset_states=("on_waking",),
        woke_minute=60,
    )
    page = [draw(rich) for draw in ALL_CHARTS.values()]
    page.append(charts.timeline(rich + days_of([1] * 200, FIRST)))
    used: set[str] = set()
    for chart in page:
        assert "style" not in chart.svg
        root = parsed(chart)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{chart.id}-title {chart.id}-desc"
        used |= {c for e in root.iter() for c in e.get("class", "").split() if c.startswith("c-")}
        paper = charts.on_paper(chart)
        assert "var(" not in paper
        assert "Atkinson Hyperlegible Next" in paper
        ET.fromstring(paper)  # noqa: S314 - our own markup
    assert used <= PRINT_RULES.keys()
    assert used <= set(re.findall(r"\.(c-[a-z0-9-]+)", css))


@pytest.mark.parametrize("draw", ALL_CHARTS.values(), ids=ALL_CHARTS.keys())
@pytest.mark.parametrize("days", [MIXED, []], ids=["days", "no days"])
def test_words_do_not_promise_or_explain(
    draw: Callable[[list[DiaryDay]], Chart], days: list[DiaryDay]
) -> None:
    chart = draw(days)
    cells = " ".join(cell for row in (chart.table_head, *chart.table_rows) for cell in row)
    said = f"{chart.svg} {chart.title} {chart.sentence} {cells}".lower()
    for word in ("-free", "remission", "missed", "normal", "safe", "better", "worse"):
        assert word not in said
    causal = (
        *("because", "cause", "caused", "causes", "reduces", "reduced", "reduction", "improves"),
        *("improved", "improvement", "works", "leads to", "due to", "effect of", "triggers"),
    )
    for word in causal:
        assert not re.search(rf"\b{word}\b", said), word


# --- what a critic found


def test_the_latest_ratio_keeps_its_label() -> None:
    """Two days at 2:1 and then 3:1: only “2 : 1” was written, although 3:1 was in force."""
    ratio = {"on_diet": True, "prescribed_ratio": 2.0}
    days = days_of([1] * 2, **ratio)
    days += days_of([1] * 80, FIRST + timedelta(days=2), on_diet=True, prescribed_ratio=3.0)
    assert "3 : 1" in texts(parsed(charts.timeline(days)))
    days[-1] = DiaryDay(days[-1].date, clusters=1, on_diet=True, prescribed_ratio=4.0)
    days[-2] = DiaryDay(days[-2].date, clusters=1, on_diet=True, prescribed_ratio=2.5)
    found = texts(parsed(charts.timeline(days)))
    assert "4 : 1" in found
    assert "2.5 : 1" not in found  # no room beside the latest


def test_a_diet_without_a_prescription_has_no_dose() -> None:
    found = texts(parsed(charts.timeline(days_of([1] * 28, on_diet=True))))
    assert "not entered" in found
    assert "dose not recorded" not in found


def test_flatter_panels_leave_the_text_as_large() -> None:
    full, flat = charts.timeline(MIXED), charts.timeline(MIXED, panels_tall=0.5)
    height = [float(parsed(c).attrib["viewBox"].split()[3]) for c in (full, flat)]
    assert height[1] < height[0]
    assert texts(parsed(full))[:2] == texts(parsed(flat))[:2]


def test_hours_count_today_apart_from_the_days_that_are_over() -> None:
    days = days_of([2, 1], onset_minutes=(400,))
    days.append(
        DiaryDay(FIRST + timedelta(days=2), is_over=False, clusters=1, onset_minutes=(500,))
    )
    sentence = charts.day_by_hour(days).sentence
    assert "2 of 2 days watched. 2 clusters with a time" in sentence
    assert sentence.endswith("1 without a time; and 1 today.")
    assert "today" not in charts.day_by_hour(days[:2]).sentence


def test_one_share_of_meals_is_no_range() -> None:
    assert "Meals on target: 100 % on the 2 days" in (
        charts.week_chart(days_of([1, 0], adherence_reported_percent=100.0)).sentence
    )


@pytest.mark.parametrize("width", [340, 680])
def test_an_effect_in_words_has_the_limits_of_the_page_and_says_which_lines_are_which(
    width: int,
) -> None:
    chart = charts.effect_intervals(ROWS, width=width)
    found = texts(parsed(chart))
    assert "0.82 (0.57 to 1.17)" in found
    assert "Lines: thick 90 %, thin 95 %. In brackets: 95 %." in found
    assert "95 % interval 0.57 to 1.17" in chart.sentence


def test_a_rescue_medicine_has_its_lane_and_its_word_and_no_missing_dose() -> None:
    held = (MedicineInForce("Midazolam", None, "mg", "rescue"),)
    chart = charts.timeline(days_of([1, 1], medicines=held))
    assert "rescue" in texts(parsed(chart))
    told = " ".join(cell for row in chart.table_rows for cell in row)
    assert "Midazolam rescue" in told
    assert "dose not recorded" not in told
