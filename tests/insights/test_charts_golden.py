"""Each chart of one made-up diary, compared by structure with a file in golden/.

A drawing is reduced to a line an element: its class, its data, its text, and where it stands,
rounded to whole units. Colours, fonts and the order of attributes may change; what is drawn
where may not. When a change is meant, write the files again, and read the difference:

    QUIETDAYS_GOLDEN=write PYTHONPATH=src .venv/bin/pytest tests/insights/test_charts_golden.py
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from quietdays.insights import charts
from quietdays.insights.charts import Chart, EffectRow, ForestRow
from quietdays.science.days import CheckIn, DiaryDay, MedicineChange, MedicineInForce

GOLDEN = Path(__file__).with_name("golden")
WRITE = os.environ.get("QUIETDAYS_GOLDEN") == "write"
SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2026, 3, 2)  # a Monday
CLUSTERS = (3, 2, None, 0, 4, 1, 0, 2, 5, 0, None, None, 1, 0, 0, 2, 1, 0, 0, 3, 0, 0, None, 1)
ONSETS = ((390, "asleep"), (432, "on_waking"), (800, ""), (1110, "falling_asleep"), (1390, "awake"))
PLACES = ("x", "y", "width", "height", "cx", "cy", "r", "x1", "y1", "x2", "y2")


def diary_day(n: int, clusters: int | None) -> DiaryDay:
    """A day with something in every lane and panel on some of the days."""
    timed = ONSETS[: min(4, clusters or 0)]
    return DiaryDay(
        FIRST + timedelta(days=n),
        clusters=clusters,
        spasms=None if clusters == 2 else clusters and 11 * clusters,
        spasms_at_least=clusters == 5,
        onset_minutes=tuple(m for m, _ in timed),
        onset_states=tuple(s for _, s in timed),
        woke_minute=None if clusters is None or n % 5 == 1 else 425 + n,
        hours_watched=None if clusters is None else 12.5,
        on_diet=n >= 4,
        prescribed_ratio=3.0 if n >= 12 else 2.0,
        prescription_changed=n in (4, 12),
        medicines=medicines(n),
        medicine_changes=(MedicineChange("Vigabatrin", "up"),) if n == 8 else (),
        illness=None if clusters is None else n in (14, 15, 16),
        fever=n == 15 or None,
        ketones_mmol_l=(2.0 + n / 10,) if n > 5 and n % 2 else (),
        weight_kg=7.1 + n / 100 if n % 7 == 2 else None,
        adherence_reported_percent=None if clusters is None else 88.0,
        check_in=CheckIn(sleep_hours=11.5 if n % 3 else None),
    )


def medicines(n: int) -> tuple[MedicineInForce, ...]:
    vigabatrin = MedicineInForce("Vigabatrin", 500.0 if n < 8 else 750.0, "mg")
    return (vigabatrin, MedicineInForce("Prednisolone", None, "mg")) if n < 18 else (vigabatrin,)


TODAY = DiaryDay(
    FIRST + timedelta(days=len(CLUSTERS)),
    is_over=False,
    clusters=1,
    spasms=6,
    onset_minutes=(430,),
    woke_minute=420,
)
DIARY = [*(diary_day(n, c) for n, c in enumerate(CLUSTERS)), TODAY]
LONG = [diary_day(n, CLUSTERS[n % len(CLUSTERS)]) for n in range(130)]
EFFECT = (
    EffectRow("Weeks 1 to 4", 0.82, 0.61, 1.1, 0.57, 1.17),
    EffectRow("Weeks 5 to 8", 0.05, 0.0, 0.4, 0.0, 0.5),
    EffectRow("Weeks 9 to 12"),
)
FACTORS = (
    ForestRow("Sleep", "each hour less", 1.18, 1.02, 1.36, "more seen on such days"),
    ForestRow("Illness", "days with it", 2.6, 0.9, 7.5, "no clear link"),
    ForestRow("Late doses", "days with one", None, None, None, "not enough days yet"),
)
DRAWN: dict[str, Callable[[], Chart]] = {
    "timeline-wide": lambda: charts.timeline(DIARY),
    "timeline-narrow": lambda: charts.timeline(DIARY, width=340),
    "timeline-by-week": lambda: charts.timeline(LONG),
    "hours-wide": lambda: charts.day_by_hour(DIARY),
    "hours-narrow": lambda: charts.day_by_hour(DIARY, width=340),
    "waking-wide": lambda: charts.hours_since_waking(DIARY),
    "waking-narrow": lambda: charts.hours_since_waking(DIARY, width=340),
    "month": lambda: charts.month_heat_map(DIARY, first=FIRST, today=TODAY.date),
    "month-linked": lambda: charts.month_heat_map(DIARY, first=FIRST, day_url=lambda d: f"/{d}/"),
    "week": lambda: charts.week_chart(DIARY),
    "effect-wide": lambda: charts.effect_intervals(EFFECT),
    "effect-narrow": lambda: charts.effect_intervals(EFFECT, width=340),
    "factors-wide": lambda: charts.factor_forest(FACTORS),
    "factors-narrow": lambda: charts.factor_forest(FACTORS, width=340),
}


def reduced(chart: Chart) -> str:
    """The drawing and its words as lines that a person can read and compare."""
    root = ET.fromstring(chart.svg)  # noqa: S314 - our own markup
    lines = [chart.title, chart.sentence, " | ".join(chart.table_head)]
    lines += [" | ".join(row) for row in chart.table_rows]
    return "\n".join([*lines, "", *_lines(root, 0)]) + "\n"


def _lines(element: ET.Element, depth: int) -> Iterator[str]:
    yield "  " * depth + " ".join(_said(element))
    for child in element:
        yield from _lines(child, depth + 1)


def _said(element: ET.Element) -> Iterator[str]:
    yield element.tag.removeprefix(SVG)
    yield from (f".{name}" for name in element.get("class", "").split())
    for name, value in sorted(element.attrib.items()):
        if name.startswith(("data-", "aria-")) or name in ("role", "href", "viewBox"):
            yield f"{name}={value}"
    yield from (f"{n}={float(v):.0f}" for n in PLACES if (v := element.get(n)) is not None)
    if points := element.get("points"):
        pairs = (pair.split(",") for pair in points.split())
        yield "points=" + " ".join(f"{float(x):.0f},{float(y):.0f}" for x, y in pairs)
    if element.text:
        yield repr(element.text)


@pytest.mark.parametrize("name", DRAWN)
def test_the_drawing_is_as_it_was(name: str) -> None:
    path, found = GOLDEN / f"{name}.txt", reduced(DRAWN[name]())
    if WRITE:
        path.parent.mkdir(exist_ok=True)
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_drawing() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(DRAWN)
