"""Hours since waking: every cluster stands in one column or is counted in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from quietdays.insights.charts import Chart, hours_since_waking
from quietdays.science.days import DiaryDay
from tests.insights.test_charts import FIRST, SVG, by_class, parsed, texts

WOKE = 7 * 60


def day(
    n: int = 0,
    *onsets: tuple[int, str],
    woke: int | None = WOKE,
    clusters: int | None = None,
    **rest: object,
) -> DiaryDay:
    return DiaryDay(
        FIRST + timedelta(days=n),
        clusters=len(onsets) if clusters is None else clusters,
        onset_minutes=tuple(m for m, _ in onsets),
        onset_states=tuple(s for _, s in onsets),
        woke_minute=woke,
        **rest,  # type: ignore[arg-type]
    )


def columns(chart: Chart) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in chart.table_rows}


def heights(chart: Chart, name: str) -> dict[str, float]:
    """Bars of a class by their column."""
    found = {}
    for g in parsed(chart).iter(f"{SVG}g"):
        for bar in by_class(g, name) if g.get("data-column") else []:
            found[g.attrib["data-column"]] = float(bar.attrib["height"])
    return found


@pytest.mark.parametrize(
    ("minute", "column"),
    [
        (WOKE - 1, "Before waking"),
        (0, "Before waking"),
        (WOKE, "0 to less than 1 hour"),
        (WOKE + 59, "0 to less than 1 hour"),
        (WOKE + 60, "1 to less than 2 hours"),
        (WOKE + 15 * 60 + 59, "15 to less than 16 hours"),
        (WOKE + 16 * 60, "16 hours or more"),
        (23 * 60 + 59, "16 hours or more"),
        (24 * 60 + 30, "16 hours or more"),  # a day of 25 hours
    ],
)
def test_a_cluster_stands_in_its_whole_hour(minute: int, column: str) -> None:
    found = columns(hours_since_waking([day(0, (minute, ""))]))
    assert found[column][0] == "1 cluster"
    assert sum(int(v[0].split()[0]) for v in found.values()) == 1


def test_on_waking_is_a_part_of_its_bar_in_another_tone() -> None:
    chart = hours_since_waking([day(0, (WOKE + 5, "on_waking"), (WOKE + 8, "awake"))])
    dark, rest = heights(chart, "c-seen"), heights(chart, "c-seen-mid")
    assert dark == rest  # half of the bar each
    assert list(dark) == ["0"]
    assert columns(chart)["0 to less than 1 hour"] == ("2 clusters", "1 on waking", "1")
    assert "1 marked on waking." in chart.sentence
    assert "of them marked “on waking”" in texts(parsed(chart))


def test_without_a_waking_time_only_on_waking_has_a_place() -> None:
    chart = hours_since_waking([day(0, (400, "on_waking"), (700, "asleep"), woke=None)])
    found = columns(chart)
    assert found["0 to less than 1 hour"][0] == "1 cluster"
    assert found["No waking time noted"][0] == "1 cluster"
    assert "marked on waking on days without a waking time: 1." in chart.sentence
    assert "Not placed: 1 on days without a waking time, 0 without a time." in chart.sentence
    assert "No waking time noted: 1 cluster" in texts(parsed(chart))


def test_states_may_be_fewer_than_times_and_times_fewer_than_clusters() -> None:
    some = DiaryDay(
        FIRST, clusters=4, onset_minutes=(430, 800), onset_states=("on_waking",), woke_minute=WOKE
    )
    found = columns(hours_since_waking([some]))
    assert found["0 to less than 1 hour"][1] == "1 on waking"
    assert found["6 to less than 7 hours"][1] == "-"
    assert found["No time noted"][0] == "2 clusters"


def test_the_denominators_are_days_with_a_waking_time_and_days_watched() -> None:
    days = [day(0, (WOKE + 70, "")), day(1, woke=None), day(2), DiaryDay(day(3).date)]
    chart = hours_since_waking(days)
    assert "a waking time was noted on 2 of 3 watched days." in chart.sentence
    assert chart.table_head[3] == "Days with a waking time, of 3 watched"
    assert columns(chart)["1 to less than 2 hours"][2] == "2"


def test_a_day_that_ends_before_an_hour_does_not_count_for_it() -> None:
    chart = hours_since_waking([day(0, (WOKE, "")), day(1, woke=10 * 60)])
    found = columns(chart)
    assert found["13 to less than 14 hours"][2] == "2"
    assert found["14 to less than 15 hours"][2] == "1"  # ten and 14 hours is midnight
    assert "Fewer days last into the latest hours" in chart.sentence


def test_today_stands_apart() -> None:
    today = day(1, (WOKE + 5, "on_waking"), is_over=False)
    chart = hours_since_waking([day(0, (WOKE + 5, "")), today])
    found = columns(chart)
    assert found["0 to less than 1 hour"] == ("1 cluster", "-", "1")
    assert found["Today so far, not in the bars"][0] == "1 cluster"
    assert chart.sentence.endswith("Today, not counted here: 1 cluster so far.")
    assert "1 of 1 watched day" in chart.sentence


def test_nothing_yet_says_what_will_come_and_still_counts() -> None:
    chart = hours_since_waking([day(0, (50, "asleep"), woke=None, clusters=2)])
    assert "The picture begins with the first day that has a waking time" in chart.sentence
    assert columns(chart) == {
        "No waking time noted": ("1 cluster", "-", "-"),
        "No time noted": ("1 cluster", "-", "-"),
    }
    assert "No time noted: 1 cluster" in texts(parsed(chart))
    assert hours_since_waking([]).table_rows == ()
    assert hours_since_waking([]).sentence.startswith("No days here yet.")


@pytest.mark.parametrize("width", [340, 680])
def test_a_count_stands_on_each_bar_that_has_room_for_it(width: int) -> None:
    many = [day(n, *[(WOKE + 30, "")] * 7) for n in range(30)]
    found = texts(parsed(hours_since_waking([*many, day(30, (WOKE + 200, ""))], width=width)))
    assert ("210" in found) == (width == 680)
    assert "1" in found
