"""z-scores against WHO's own tables, and what is told of a fall."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from quietdays.science.growth import (
    Fall,
    Measure,
    Measured,
    Sex,
    fall,
    is_covered,
    measured,
    value_at,
    z_score,
)

VECTORS = json.loads((Path(__file__).parent.parent / "vectors/who_growth.json").read_text())
BORN = date(2025, 1, 1)


@pytest.mark.parametrize(
    "row", VECTORS["worked"], ids=lambda r: f"{r['measure']}-{r['sex']}-{r['age_days']}"
)
def test_worked_examples(row):
    found = z_score(
        Measure(row["measure"]), row["value"], sex=Sex(row["sex"]), age_days=row["age_days"]
    )
    assert found == pytest.approx(row["z"], abs=0.005)
    assert type(found) is float  # no number of a library leaves the room


@pytest.mark.parametrize("z", [-2.0, 0.0, 1.0])
@pytest.mark.parametrize(
    "row", VECTORS["lms"], ids=lambda r: f"{r['measure']}-{r['sex']}-{r['age_days']}"
)
def test_lines_and_scores_agree_with_the_tables(row, z):
    at = {"sex": Sex(row["sex"]), "age_days": row["age_days"]}
    measure = Measure(row["measure"])
    value = row["M"] * (1 + row["L"] * row["S"] * z) ** (1 / row["L"])
    assert z_score(measure, value, **at) == pytest.approx(z, abs=0.001)
    assert value_at(measure, z, **at) == pytest.approx(value, abs=0.001)


@pytest.mark.parametrize(
    ("measure", "age", "covered"),
    [
        (Measure.WEIGHT, -1, False),
        (Measure.WEIGHT, 0, True),
        (Measure.LENGTH, 730, True),
        (Measure.LENGTH, 731, False),  # from here WHO measures standing
        (Measure.WEIGHT, 1826, True),
        (Measure.HEAD, 1827, False),
    ],
)
def test_outside_the_standard_there_is_no_score(measure, age, covered):
    assert is_covered(measure, age) is covered
    assert (z_score(measure, 9.0, sex=Sex.MALE, age_days=age) is not None) is covered


def test_without_a_sex_there_is_no_score():
    found = measured(Measure.WEIGHT, [(BORN, 3.2)], born=BORN, sex=None)
    assert found == [Measured(BORN, 3.2, None)]


def series(*scores: float | None) -> list[Measured]:
    return [Measured(BORN + timedelta(days=7 * i), 7.0, z) for i, z in enumerate(scores)]


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ((), None),
        ((0.4,), None),
        ((0.4, -0.5), None),
        ((0.4, -0.6), (0.4, -0.6)),  # exactly one
        ((0.2, 1.2, 0.9, -0.1), (1.2, -0.1)),
        ((0.2, -1.5, -0.2), None),  # it came back up
        ((1.0, None, -0.5), (1.0, -0.5)),
        ((1.0, -0.5, None), (1.0, -0.5)),
    ],
)
def test_a_fall_goes_from_the_highest_to_the_newest(scores, told):
    found = fall(series(*scores), since=BORN)
    assert (found and (found.before.z, found.after.z)) == told


def test_a_fall_before_the_period_is_not_told():
    points = series(1.0, -0.2, -0.4)
    assert isinstance(fall(points, since=BORN), Fall)
    assert fall(points, since=BORN + timedelta(days=1)) is None
