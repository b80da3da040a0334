"""When lines are due, and that what is overdue is said and nothing else concluded."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from quietdays.diet.actions import tick_checklist_item
from quietdays.diet.models import ChecklistItem
from quietdays.diet.monitoring import State, due_date, monitoring_of
from quietdays.people.actions import update_child
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.mark.parametrize(
    ("planned", "months", "started", "due"),
    [
        (None, None, date(2026, 1, 31), None),
        (None, 0, date(2026, 1, 31), date(2026, 1, 31)),
        (None, 1, date(2026, 1, 31), date(2026, 2, 28)),
        (None, 12, date(2024, 2, 29), date(2025, 2, 28)),
        (None, 3, None, None),
        (date(2026, 5, 1), 3, date(2026, 1, 31), date(2026, 5, 1)),
    ],
)
def test_due_dates(planned, months, started, due):
    assert due_date(ChecklistItem(due_on=planned, months_on_diet=months), started) == due


def test_a_list_from_the_template_has_dates_and_says_what_is_overdue(parent, child, join):
    dietitian = join("dietitian")
    house.checklist(dietitian, child)
    assert monitoring_of(child, house.TODAY).overdue == []  # no first day, no date
    update_child(by=parent, child=child, diet_started_on=date(2026, 5, 10), phone="")
    found = monitoring_of(child, house.TODAY)
    headings = {line.item.heading for line in found.overdue}
    assert headings == {"Before the diet"}
    assert {line.item.heading for line in found.next_due} == {"1 month"}  # due today
    later = monitoring_of(child, house.TODAY + timedelta(days=1))
    assert {line.item.heading for line in later.overdue} == {"Before the diet", "1 month"}
    assert [line.due for line in later.next_due][:1] == [date(2026, 8, 10)]


def test_done_has_a_date_that_is_not_to_come(child, join):
    dietitian = join("dietitian")
    item = house.checklist(dietitian, child)[0]
    said = {"item": item, "due_on": None, "remark": "7.4 kg", "is_ticked": True}
    with pytest.raises(ValidationError):
        tick_checklist_item(by=dietitian, done_on=house.TODAY + timedelta(days=1), **said)
    tick_checklist_item(by=dietitian, done_on=date(2026, 6, 1), **said)
    assert item.done_on == date(2026, 6, 1)
    assert monitoring_of(child, house.TODAY).done[0].state is State.DONE
    tick_checklist_item(by=dietitian, **(said | {"is_ticked": False}))
    assert item.done_on is None
