"""A taper: several dated steps at once, as the clinician wrote them; all of them, or none."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from quietdays.medicines.models import Schedule
from quietdays.medicines.queries import steps_of
from tests import house

TAPER = {
    "from_0": "2026-06-11", "dose_0": "4", "times_0": "08:00, 14:00",
    "from_1": "2026-06-18", "dose_1": "2,5",
    "from_2": "2026-06-25", "dose_2": "2,5", "times_2": "08:00", "every_2": "2",
    "stop_on": "2026-07-09", "written_by": "Dr Okafor",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def prednisolone(parent, child):
    return house.medicine(parent, child, "Prednisolone")


@pytest.fixture
def send(client, parent, child, prednisolone):
    client.force_login(parent)
    url = reverse("taper", args=[child.pk, prednisolone.pk])
    entry_id = str(house.new_id())
    return lambda **changes: client.post(url, {"id": entry_id, **TAPER, **changes})


def told(child) -> list[tuple[str, str]]:
    return [(str(s.effective_from), f"{s.change}: {s.in_words}") for s in steps_of(child)]


WRITTEN = [
    ("2026-06-11", "start: 4 mL at 08:00, 14:00"),
    ("2026-06-18", "down: 2.5 mL at 08:00, 14:00"),
    ("2026-06-25", "down: 2.5 mL every 2 days at 08:00"),
    ("2026-07-09", "stop: dose not written down"),
]


def test_a_taper_is_stored_as_it_was_written_and_undone_with_one_tap(client, child, send):
    response = send()
    assert response.status_code == 302, response.content.decode()
    assert told(child) == WRITTEN
    assert {s.written_by for s in Schedule.objects.all()} == {"Dr Okafor"}
    page = client.get(response.url).content.decode()
    assert "Saved: Prednisolone, 4 steps from 11 June 2026 to 9 July 2026" in page
    [ids] = re.findall(r'name="ids" value="([^"]+)"', page)
    client.post(reverse("undo", args=[child.pk]), {"kind": "step", "ids": ids})
    assert told(child) == []


def test_whether_a_step_raises_or_lowers_is_told_from_the_amount_a_day(
    parent, child, prednisolone, send
):
    house.step(parent, child, prednisolone, date(2026, 6, 1), "start", "3", times=("08:00",))
    send()
    assert [words.split(":")[0] for _, words in told(child)] == [
        "start", "up", "down", "down", "stop",
    ]  # fmt: skip


def test_after_a_stop_or_a_rescue_a_step_starts(parent, child, prednisolone, send):
    house.step(
        parent, child, prednisolone, date(2026, 6, 1), "start", "9", times=(),
        how="rescue", rules="As written.",
    )  # fmt: skip
    send(stop_on="")
    assert told(child)[1][1].startswith("start: 4 mL")


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"from_1": "2026-06-09"}, "from_1", "not after the step before"),
        ({"dose_2": ""}, "dose_2", "How much is each dose?"),
        ({"from_3": "2026-06-30"}, "dose_3", "How much is each dose?"),
        ({"times_7": "8:00"}, "from_7", "From which day on?"),
        ({"times_0": ""}, "times_0", "At which times?"),
        ({"every_2": "0"}, "every_2", "greater than or equal to 1"),
        ({"dose_1": "4"}, "from_1", "neither more nor less a day than before (4 mL at 08:00"),
        ({"stop_on": "2026-06-25"}, "stop_on", "not after the last step"),
        ({"written_by": ""}, "written_by", "required"),
    ],
    ids=lambda v: str(v)[:60],
)
def test_a_wrong_row_says_why_and_nothing_is_stored(child, send, changes, field, words):
    page = send(**changes).content.decode()
    assert "Not saved yet" in page
    [said] = re.findall(rf'id="id_{field}_error">(.*?)</ul>', page, re.DOTALL)
    assert words in said
    for name, value in (TAPER | changes).items():  # what was typed is kept
        assert not value or f'value="{value}"' in page, name
    assert told(child) == []


def test_a_date_that_has_a_step_is_named_at_its_row_and_nothing_is_stored(
    parent, child, prednisolone, send
):
    house.step(parent, child, prednisolone, date(2026, 6, 18), "start", "9")
    before = told(child)
    page = send(stop_on="2026-06-26").content.decode()
    [said] = re.findall(r'id="id_from_1_error">(.*?)</ul>', page, re.DOTALL)
    assert (
        "There is already a step on this date: Prednisolone started 18 June 2026: "
        "9 mL at 08:00, 20:00." in said
    )
    assert told(child) == before
    assert "still to come; these stay as they are" in page


def test_a_taper_sent_twice_is_stored_once_and_another_under_its_id_is_refused(child, send):
    assert send().status_code == send().status_code == 302
    assert told(child) == WRITTEN
    for changes in ({"dose_1": "3"}, {"stop_on": ""}, {"from_2": "2026-06-26"}):
        page = send(**changes).content.decode()
        assert "These steps were saved before" in page
    assert told(child) == WRITTEN
    Schedule.objects.filter(effective_from=date(2026, 6, 18)).update(deleted_at=house.NOW)
    assert "These steps were saved before" in send().content.decode()


def test_an_empty_taper_says_what_is_missing(child, send):
    page = send(**dict.fromkeys([n for n in TAPER if n != "written_by"], "")).content.decode()
    assert "Write down at least one step" in page
    assert Schedule.objects.count() == 0


def test_doses_are_kept_exactly(child, send):
    send(dose_1="2.125")
    assert Schedule.objects.get(effective_from=date(2026, 6, 18)).dose == Decimal("2.125")
