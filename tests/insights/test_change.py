"""The 4-week effect of one child, and the baseline that no later wish can move."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from quietdays.insights.actions import lock_baseline
from quietdays.insights.change import NoDietStart, child_effect, running_label
from quietdays.insights.lines import lines_of_day
from quietdays.insights.models import Baseline
from quietdays.people.actions import update_child
from quietdays.people.entries import amend, take_back
from quietdays.sharing.imports.diary_csv import import_diary
from tests import house

pytestmark = pytest.mark.django_db
STARTED = date(2026, 4, 6)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def start_diet(parent, child, day: date = STARTED) -> None:
    update_child(by=parent, child=child, diet_started_on=day, phone="")


def lines(parent, child, first: date, days: int, clusters: int) -> None:
    rows = "".join(
        f"{first + timedelta(days=i)},{clusters + i % 2},{3 * (clusters + i % 2)},yes\n"
        for i in range(days)
    )
    import_diary(by=parent, child=child, data=f"date,clusters,spasms,observed\n{rows}".encode())


def test_without_a_first_diet_day_there_is_nothing_to_compare(child):
    with pytest.raises(NoDietStart):
        child_effect(child)


def test_periods_are_complete_four_weeks_and_the_running_one_stands_apart(parent, child):
    start_diet(parent, child)
    lines(parent, child, STARTED - timedelta(days=28), 28, 4)
    lines(parent, child, STARTED, 60, 1)
    found = child_effect(child)
    assert found.diet_day == 66
    assert found.baseline.watched_days == 28
    assert found.baseline.clusters == 28 * 4 + 14
    assert [p.outcome.watched_days for p in found.periods] == [28, 28]
    assert [p.outcome.clusters for p in found.periods] == [42, 42]
    assert found.periods[0].change.percent == pytest.approx(100 * (42 / 126 - 1))
    assert found.running_number == 3
    assert found.running.first == date(2026, 6, 1)
    assert found.running.watched_days == 4
    assert found.running.days == 9
    assert running_label(found) == "Weeks 9 to 12 so far, from 1 Jun; the period ends on 28 Jun"
    assert len(found.days) == 28 + 66


@pytest.mark.parametrize("day", [house.TODAY, house.TODAY + timedelta(days=20)], ids=str)
def test_a_diet_that_begins_today_or_later_has_no_period(parent, child, day):
    start_diet(parent, child, day)
    found = child_effect(child)
    assert found.periods == []
    assert found.latest is None
    assert (found.running is None) is (day > house.TODAY)


def test_a_baseline_is_locked_with_its_figures(parent, child):
    start_diet(parent, child)
    lines(parent, child, STARTED - timedelta(days=10), 10, 2)
    locked = lock_baseline(by=parent, child=child)
    assert (locked.first_day, locked.last_day) == (date(2026, 3, 9), date(2026, 4, 5))
    assert (locked.clusters, locked.spasms, locked.watched_days) == (25, 75, 10)
    found = child_effect(child)
    assert found.locked == locked
    assert not found.baseline_changed


@pytest.mark.parametrize("edit", ["changed", "added", "deleted"])
def test_an_edit_after_locking_shows_and_does_not_move_the_baseline(parent, child, edit):
    """Peer defect 22: a baseline was overwritten."""
    start_diet(parent, child)
    entry = house.cluster(parent, child, "2026-03-20 07:00", 5)
    house.cluster(parent, child, "2026-03-21 07:00", 5)
    locked = lock_baseline(by=parent, child=child)
    if edit == "changed":
        amend(entry, by=parent, spasm_count=50)
    elif edit == "added":
        house.cluster(parent, child, "2026-03-22 07:00", 5)
    else:
        take_back(entry, by=parent)
    found = child_effect(child)
    assert found.baseline_changed
    assert (
        (found.locked.clusters, found.locked.spasms) == (locked.clusters, locked.spasms) == (2, 10)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Baseline.objects.update(clusters=99)


def test_an_edit_on_the_diet_does_not_touch_the_baseline(parent, child):
    start_diet(parent, child)
    house.cluster(parent, child, "2026-03-20 07:00", 5)
    lock_baseline(by=parent, child=child)
    house.cluster(parent, child, "2026-04-06 00:00", 5)
    assert not child_effect(child).baseline_changed


def test_locking_twice_is_one_baseline(parent, child):
    start_diet(parent, child)
    house.cluster(parent, child, "2026-03-20 07:00", 5)
    assert lock_baseline(by=parent, child=child) == lock_baseline(by=parent, child=child)
    assert Baseline.objects.count() == 1


@pytest.mark.parametrize(
    ("started", "words"),
    [
        (None, "on which day the diet began"),
        (house.TODAY + timedelta(days=3), "not over yet"),
        (STARTED, "Nothing was recorded"),
    ],
    ids=["no first day", "still to come", "nothing recorded"],
)
def test_what_is_no_baseline_cannot_be_locked(parent, child, started, words):
    if started:
        start_diet(parent, child, started)
    house.cluster(parent, child, "2026-05-20 07:00")  # on the diet, or with none at all
    with pytest.raises(ValidationError, match=words):
        lock_baseline(by=parent, child=child)
    assert Baseline.objects.count() == 0


# --- a day's entries


def test_a_days_list_has_every_entry_in_order_of_time(parent, child):
    food = house.meal_food(parent, child)
    house.eat(parent, child, "2026-06-10 08:00", (food, 100, 10), vomited="some")
    house.cluster(parent, child, "2026-06-10 07:00", None, note="on the changing table")
    house.dose(parent, child, house.medicine(parent, child), "2026-06-10 08:30")
    found = lines_of_day(child, house.TODAY)
    assert [(line.at, line.title) for line in found] == [
        ("07:00", "Spasms seen: not counted"),
        ("08:00", "Eaten: Breakfast"),
        ("08:30", "Vigabatrin 8 mL"),
    ]
    assert "10 g A whole meal left, some came back" in found[1].detail
