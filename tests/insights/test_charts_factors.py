"""The factors' chart: every row is drawn and said, found or not, and none of them explains."""

from __future__ import annotations

import pytest

from quietdays.insights.charts import EffectRow, ForestRow, effect_intervals, factor_forest
from tests.insights.test_charts import FACTORS, SVG, by_class, parsed, texts


def test_every_row_is_drawn_found_or_not() -> None:
    chart = factor_forest(FACTORS)
    rows = [g for g in parsed(chart).iter(f"{SVG}g") if by_class(g, "c-slot")]
    assert [len(by_class(r, "c-point")) for r in rows] == [1, 1, 0]
    for row, its in zip(FACTORS, rows, strict=True):
        assert {row.label, row.step_words, row.note} <= set(texts(its))
    assert "1.18 (1.02 to 1.36)" in texts(rows[0])


def test_the_sentence_sorts_by_verdict_and_says_that_it_is_not_why() -> None:
    sentence = factor_forest(FACTORS).sentence
    assert sentence.startswith(
        "More seen on such days: Sleep, each hour less, 1.18 times as many (1.02 to 1.36). "
        "No clear link: Meals on target, each 10 % more, 0.97 times as many (0.85 to 1.10). "
        "Not enough days yet: Late doses, days with one."
    )
    assert sentence.endswith("What goes together, not why.")


def test_the_table_holds_the_same() -> None:
    chart = factor_forest(FACTORS)
    assert chart.table_rows[0] == (
        *("Sleep", "more seen on such days", "each hour less"),
        *("1.18 times as many", "1.02 to 1.36"),
    )
    assert chart.table_rows[2][1:] == ("not enough days yet", "days with one", "-", "-")


def test_no_rows_say_what_will_come() -> None:
    chart = factor_forest([])
    assert chart.table_rows == ()
    assert "Rows come with days on which sleep, illness and other things were noted" in (
        chart.sentence
    )


@pytest.mark.parametrize("width", [340, 680])
def test_a_limit_beyond_the_axis_is_an_arrow(width: int) -> None:
    row = ForestRow("Illness", "days with it", 2.6, 0.01, 8.0, "no clear link")
    chart = factor_forest([row], width=width)
    (its,) = [g for g in parsed(chart).iter(f"{SVG}g") if by_class(g, "c-slot")]
    assert len(list(its.iter(f"{SVG}polygon"))) == 2


def test_the_effect_and_the_factors_place_a_ratio_alike() -> None:
    """One axis in one place: half lies as far from 1 as twice, in both charts."""
    half, twice = EffectRow("a", 0.5), EffectRow("b", 2.0)
    factors = [ForestRow("a", "", 0.5, None, None, ""), ForestRow("b", "", 2.0, None, None, "")]
    for chart in (effect_intervals([half, twice]), factor_forest(factors)):
        root = parsed(chart)
        (one,) = by_class(root, "c-same")
        xs = [float(p.attrib["cx"]) for p in by_class(root, "c-point")]
        middle = float(one.attrib["x1"])
        assert middle - xs[0] == pytest.approx(xs[1] - middle, abs=0.02)
