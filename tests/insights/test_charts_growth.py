"""The growth chart: lines only where the standard reaches, and a table that says what is drawn."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from quietdays.insights.charts import Growth, growth_chart
from quietdays.science.growth import Measure, Sex, fall, measured

BORN = date(2025, 1, 1)


def growth(*weights: tuple[int, float], sex: Sex | None = Sex.FEMALE) -> Growth:
    values = [(BORN + timedelta(days=age), kg) for age, kg in weights]
    points = measured(Measure.WEIGHT, values, born=BORN, sex=sex)
    return Growth(Measure.WEIGHT, points, BORN, sex, fall(points, since=BORN))


@pytest.mark.parametrize("width", [340, 680])
def test_seven_lines_and_each_point_in_picture_and_table(width):
    chart = growth_chart(growth((120, 6.2), (240, 7.9)), width=width)
    assert chart.svg.count("data-z=") == 7
    assert chart.svg.count("data-row=") == len(chart.table_rows) == 2
    assert [row[2] for row in chart.table_rows] == ["6.20", "7.90"]
    assert "c-fall" not in chart.svg


def test_a_fall_is_drawn_and_said_with_both_its_ends():
    chart = growth_chart(growth((120, 7.4), (240, 6.4)))
    assert chart.svg.count('class="c-fall"') >= 3  # a line and two rings
    assert re.search(r"Down by \d\.\d from \+\d\.\d\d on .* to −\d\.\d\d on ", chart.sentence)


def test_without_a_sex_there_are_points_and_no_lines():
    chart = growth_chart(growth((120, 6.2), sex=None))
    assert "data-z" not in chart.svg
    assert "no z-score, since the sex is not said" in chart.sentence
    assert chart.table_rows[0][3] == "-"


def test_beyond_the_standard_the_lines_end_and_the_points_go_on():
    chart = growth_chart(growth((1700, 16.0), (2000, 18.0)))
    assert chart.svg.count("data-row=") == 2
    assert chart.table_rows[1][3] == "-"
    assert "the standard ends before this age" in chart.sentence
    late = growth_chart(growth((2000, 18.0), (2100, 18.4)))
    assert "data-z" not in late.svg


def test_one_point_and_none_are_drawn_too():
    assert growth_chart(growth((0, 3.2))).table_rows[0][1] == "0 months"
    assert growth_chart(growth()).sentence == "Nothing was measured."
