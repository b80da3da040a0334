"""EEGs: entered by who follows the child, shown to who reads, never worked with."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from quietdays.diary.models import Eeg
from quietdays.insights.charts import timeline
from quietdays.insights.days import diary_days
from quietdays.science.days import EegResult
from tests import house

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 8)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "result not entered"),
        ({"based": 0}, "BASED 0"),
        ({"hypsarrhythmia": False}, "no hypsarrhythmia"),
        ({"based": 4, "hypsarrhythmia": True}, "BASED 4, hypsarrhythmia"),
    ],
)
def test_what_nobody_said_is_left_out(child, join, values, words):
    record = house.eeg(join("neurologist"), child, DAY, **values)
    assert record.result_in_words == words


def test_a_score_beyond_the_scale_is_refused(child, join):
    with pytest.raises(ValidationError):
        house.eeg(join("neurologist"), child, DAY, based=6)


def test_a_parent_enters_none(parent, child):
    with pytest.raises(PermissionDenied):
        house.eeg(parent, child, DAY)


@pytest.mark.parametrize("role", ["dietitian", "carer", "reader"])
def test_only_who_follows_the_child_enters_one(child, join, role):
    with pytest.raises(PermissionDenied):
        house.eeg(join(role), child, DAY)


def test_the_day_carries_it_and_the_timeline_marks_it(parent, child, join):
    house.eeg(join("neurologist"), child, DAY, based=4, hypsarrhythmia=True)
    days = diary_days(child, date(2026, 6, 1), house.TODAY)
    assert [d.eegs for d in days if d.eegs] == [(EegResult(4, True),)]
    chart = timeline(days)
    assert "c-mark-eeg" in chart.svg
    assert "BASED 4" in chart.svg
    assert "BASED 4, hypsarrhythmia" in {cell for row in chart.table_rows for cell in row}
    assert "c-mark-eeg" not in timeline(days[:3]).svg


def test_its_form_keeps_what_was_typed_and_parents_cannot_open_it(parent, child, join):
    neurologist = join("neurologist")
    client = Client()
    client.force_login(neurologist)
    address = f"/c/{child.pk}/log/eeg/"
    sent = {"id": house.new_id(), "date": "2026-07-01", "based": "3", "finding": "to be kept"}
    answer = client.post(address, sent)
    assert answer.status_code == 200
    assert "This time has not come yet" in answer.content.decode()
    assert "to be kept" in answer.content.decode()
    client.post(address, sent | {"date": "2026-06-08"})
    record = Eeg.objects.get()
    assert (record.based, record.hypsarrhythmia, record.entered_by) == (3, None, neurologist)
    page = client.get(f"/c/{child.pk}/diary/2026-06-08/").content.decode()
    assert "EEG: BASED 3" in page
    assert f"/entry/eeg/{record.pk}/" in page
    client.force_login(parent)
    assert client.get(address).status_code == 403
    assert client.post(f"/c/{child.pk}/entry/eeg/{record.pk}/delete/").status_code == 403
    page = client.get(f"/c/{child.pk}/diary/2026-06-08/").content.decode()
    assert "EEG: BASED 3" in page
    assert f"/entry/eeg/{record.pk}/" not in page
    assert "/log/eeg/" not in page
