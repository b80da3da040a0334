"""The sample diary: the same invented baby every time, whole and sound."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from importlib import resources

import pytest
import time_machine

from quietdays.insights.change import child_effect
from quietdays.insights.days import diary_days
from quietdays.people.actions import update_child
from quietdays.science.days import DayState
from quietdays.sharing.imports.diary_csv import import_diary
from quietdays.sharing.sample import DAYS_BEFORE, DAYS_ON_DIET, sample_diary
from tests import house

LAST = date(2026, 6, 7)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_committed_file_is_what_the_generator_makes():
    committed = resources.files("quietdays.sharing").joinpath("data/sample_diary.csv").read_bytes()
    assert committed == sample_diary(LAST).encode()


def test_another_last_day_only_moves_the_dates():
    one, two = rows(sample_diary(LAST)), rows(sample_diary(LAST + timedelta(days=100)))
    for a, b in zip(one, two, strict=True):
        assert date.fromisoformat(b["date"]) - date.fromisoformat(a["date"]) == timedelta(days=100)
        assert {k: v for k, v in a.items() if k != "date"} == {
            k: v for k, v in b.items() if k != "date"
        }


def test_another_seed_is_another_baby():
    assert sample_diary(LAST, seed=1) != sample_diary(LAST)


def test_its_days_its_changes_and_its_gaps():
    found = rows(sample_diary(LAST))
    days = [date.fromisoformat(r["date"]) for r in found]
    assert len(found) == 98 == DAYS_BEFORE + DAYS_ON_DIET
    assert days == [LAST - timedelta(days=97 - i) for i in range(98)]
    assert DAYS_BEFORE == 14
    blank = [i for i, r in enumerate(found) if not r["observed"]]
    assert 4 <= len(blank) <= 12
    assert all(i >= DAYS_BEFORE for i in blank)
    for i in blank:
        assert not any(v for k, v in found[i].items() if k not in ("date", "medicine_change"))
    assert [(i, r["medicine_change"]) for i, r in enumerate(found) if r["medicine_change"]] == [
        (44, "up:Vigabatrin")
    ]
    ill = [i for i, r in enumerate(found) if r["illness"] == "yes"]
    assert ill == [i for i in range(66, 71) if i not in blank]  # one illness, a blank day in it
    assert len(ill) >= 3
    assert all(not r["adherence"] for r in found[:DAYS_BEFORE])
    for row in found:
        if row["observed"]:
            assert int(row["spasms"]) >= int(row["clusters"]) >= 0
            assert (int(row["spasms"]) == 0) is (int(row["clusters"]) == 0)
            assert 1 <= int(row["stress"]) <= 5
            assert 0 < float(row["hours_watched"]) <= 24


@pytest.mark.django_db
def test_the_sample_comes_in_and_is_counted_like_its_file(parent, child):
    with time_machine.travel(house.NOW):
        update_child(by=parent, child=child, diet_started_on=LAST - timedelta(days=83), phone="")
        done = import_diary(by=parent, child=child, data=sample_diary(LAST).encode())
        days = diary_days(child, LAST - timedelta(days=97), LAST)
        effect = child_effect(child)
    found = rows(sample_diary(LAST))
    assert done.rows == 98
    for day, row in zip(days, found, strict=True):
        assert (day.state is DayState.NOT_RECORDED) is (not row["observed"])
        assert day.clusters == (int(row["clusters"]) if row["observed"] else None)
        assert day.spasms == (int(row["spasms"]) if row["observed"] else None)
        assert day.check_in.sleep_hours == (float(row["sleep"]) if row["sleep"] else None)
        assert day.illness == {"yes": True, "no": False, "": None}[row["illness"]]
    assert [p.outcome.days for p in effect.periods] == [28, 28, 28]
    assert sum(p.outcome.clusters for p in effect.periods) == sum(
        int(r["clusters"]) for r in found[DAYS_BEFORE:] if r["observed"]
    )
