"""Steps as the clinician wrote them: set times, every other day, as needed, rescue."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.medicines.forms import StepForm
from quietdays.medicines.models import Dose, Medicine, Schedule
from quietdays.medicines.queries import (
    SOON,
    asked_between,
    asked_of,
    due_of,
    due_on,
    in_force_on,
    soon_after,
    steps_of,
)
from quietdays.science.days import ZoneTimeline, date_range
from tests import house

RULES = {"how": "rescue", "rules": "As written in the plan.", "times": ()}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def prednisolone(parent, child):
    return house.medicine(parent, child, "Prednisolone")


def step(**values) -> Schedule:
    usual = {
        "medicine": Medicine(name="Prednisolone", unit="mL"),
        "effective_from": date(2026, 6, 1), "change": "down", "dose": Decimal(4),
    }  # fmt: skip
    return Schedule(**usual | values)


# --- words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"times": ["08:00", "20:00"]}, "4 mL at 08:00, 20:00"),
        ({"times": ["08:00"], "every_days": 2}, "4 mL every 2 days at 08:00"),
        ({"times": ["08:00"], "dose": None}, "dose not written down at 08:00"),
        ({"dose": None}, "dose not written down"),
        ({"how": "as_needed", "rules": "Once."}, "4 mL as needed: Once."),
        ({"how": "rescue", "rules": "Call first.", "dose": None}, "rescue: Call first."),
    ],
    ids=str,
)
def test_a_step_in_words(values, words):
    assert step(**values).in_words == words


def test_a_step_names_itself_without_its_rules():
    assert str(step(how="rescue", rules="Long.")) == (
        "Prednisolone dose lowered 1 June 2026: 4 mL rescue"
    )
    assert str(step(change="stop", dose=None)) == "Prednisolone stopped 1 June 2026"
    assert str(step(dose=None)) == "Prednisolone dose lowered 1 June 2026"


@pytest.mark.parametrize(
    ("values", "amount"),
    [
        ({"times": ["08:00"], "every_days": 2}, 2.0),
        ({"times": ["08:00", "20:00"], "every_days": 3}, pytest.approx(8 / 3)),
        ({"how": "as_needed", "rules": "Once."}, None),
        ({"how": "rescue", "rules": "Once."}, None),
        ({"change": "stop", "dose": None}, 0.0),
    ],
    ids=str,
)
def test_a_days_amount_is_an_average_over_the_rhythm(values, amount):
    assert step(**values).amount_per_day == amount


# --- what is due


def test_every_other_day_is_counted_from_the_day_on_which_the_step_begins(
    parent, child, prednisolone
):
    house.step(parent, child, prednisolone, date(2026, 6, 1), "start", times=("08:00",))
    house.step(
        parent, child, prednisolone, date(2026, 6, 4), "down", times=("08:00",), every_days=2
    )
    days = [d.day for d in date_range(date(2026, 6, 1), date(2026, 6, 9)) if due_on(child, d)]
    assert days == [1, 2, 3, 4, 6, 8]
    asked = asked_between(child, house.at("2026-06-01 00:00"), house.at("2026-06-10 00:00"))
    assert [at.astimezone(house.BERLIN).day for _, at in asked] == days


@given(
    every_days=st.integers(min_value=1, max_value=28),
    clocks=st.lists(st.sampled_from(["00:30", "02:30", "08:00", "23:45"]), min_size=1, unique=True),
    ends=st.none() | st.integers(min_value=1, max_value=60),
)
def test_a_day_and_a_stretch_ask_for_the_same_doses_over_both_clock_changes(
    every_days, clocks, ends
):
    """By date, as the phone is told, and by instant, as reminders are laid down."""
    timeline = ZoneTimeline.fixed(house.BERLIN)
    for begins in (date(2026, 3, 20), date(2026, 10, 15)):
        steps = [step(effective_from=begins, times=sorted(clocks), every_days=every_days)]
        if ends:
            stops = begins + timedelta(days=ends)
            medicine = steps[0].medicine
            steps.append(step(medicine=medicine, effective_from=stops, change="stop", dose=None))
        days = date_range(begins - timedelta(days=2), begins + timedelta(days=40))
        by_date = [
            at for day in days for s in in_force_on(steps, day) for at in due_of(s, timeline, day)
        ]
        first = datetime(begins.year, begins.month, begins.day, tzinfo=UTC) - timedelta(days=2)
        found = asked_of(steps, timeline, first, first + timedelta(days=60))
        last = max(by_date, default=first)
        assert sorted(set(by_date)) == [at for _, at in found if at <= last]


def test_as_needed_and_rescue_are_never_due(parent, child, prednisolone):
    house.step(parent, child, prednisolone, date(2026, 6, 1), **RULES)
    assert due_on(child, house.TODAY) == []
    assert not asked_between(child, house.at("2026-06-01 00:00"), house.at("2026-06-10 00:00"))
    assert [s.how for s in in_force_on(steps_of(child), house.TODAY)] == ["rescue"]


# --- how near a second dose is


@pytest.mark.parametrize(
    ("values", "hours"),
    [
        ({"times": ["08:00"]}, 4),
        ({"times": ["08:00", "20:00"]}, 4),
        ({"times": ["08:00", "12:00", "20:00"]}, 2),
        ({"times": ["00:30", "23:30"]}, 0.5),
        ({"times": ["08:00", "20:00"], "hours_between": Decimal(9)}, 9),
        ({"times": ["08:00", "20:00"], "hours_between": Decimal("0.5")}, 0.5),
        ({"times": ["00:30", "23:30"], "every_days": 2, "hours_between": Decimal(20)}, 20),
        ({"how": "as_needed", "rules": "Once.", "hours_between": Decimal(24)}, 24),
        ({"how": "as_needed", "rules": "Once."}, 4),
        ({}, 4),
    ],
    ids=str,
)
def test_how_near_a_dose_is_asked_about(values, hours):
    assert soon_after(step(**values)) == timedelta(hours=hours)
    assert soon_after(None) == SOON


clock_times = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.integers(0, 59))


@given(
    times=st.lists(clock_times, min_size=1, max_size=8, unique=True),
    every_days=st.integers(min_value=1, max_value=28),
    own=st.none() | st.decimals(min_value="0.5", max_value=72, places=2),
)
def test_a_regular_dose_asks_only_where_the_team_wrote_a_longer_time(times, every_days, own):
    """Walked over a month without a clock change: no two asked times lie so near."""
    found = step(times=sorted(times), every_days=every_days, hours_between=own)
    timeline = ZoneTimeline.fixed(house.BERLIN)
    days = date_range(date(2026, 6, 1), date(2026, 7, 28))
    asked = [at for day in days for at in due_of(found, timeline, day)]
    distances = [b - a for a, b in pairwise(asked)]
    soon = soon_after(found)
    if own is None:
        assert all(soon < distance for distance in distances)
        assert soon <= SOON
    else:
        assert soon == timedelta(hours=float(own))


# --- forms and pages


STEP = {
    "effective_from": "2026-06-10", "change": "start", "dose": "5", "times": "", "how": "rescue",
    "rules": "As written in the plan.", "every_days": "", "hours_between": "12",
    "written_by": "Dr",
}  # fmt: skip


def form(**changes: str) -> StepForm:
    return StepForm({"id": str(house.new_id()), **STEP, **changes}, zone=house.BERLIN, unit="mL")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, ""),
        ({"dose": ""}, ""),
        ({"how": "as_needed"}, ""),
        ({"rules": ""}, "rules"),
        ({"rules": "  "}, "rules"),
        ({"rules": "x" * 1001}, "rules"),
        ({"times": "08:00"}, "times"),
        ({"every_days": "2"}, "every_days"),
        ({"how": "sometimes"}, "how times"),
        ({"how": "", "times": "08:00", "every_days": "28"}, ""),
        ({"how": "scheduled", "times": "08:00", "every_days": "29"}, "every_days"),
        ({"how": "scheduled", "times": "08:00", "every_days": "0"}, "every_days"),
        ({"how": "scheduled", "dose": ""}, "dose times"),
        ({"hours_between": "0,4"}, "hours_between"),
        ({"hours_between": "73"}, "hours_between"),
        ({"change": "stop", "rules": "", "dose": ""}, ""),
    ],
    ids=lambda v: str(v)[:60],
)
def test_what_is_missing_in_a_step_is_named_at_its_field(changes, wrong):
    assert set(form(**changes).errors) == set(wrong.split())


def test_a_stop_has_neither_rules_nor_rhythm():
    found = form(change="stop", every_days="3")
    assert found.is_valid()
    kept = found.values()
    assert (kept["how"], kept["rules"], kept["every_days"]) == ("scheduled", "", 1)
    assert (kept["dose"], kept["times"], kept["hours_between"]) == (None, [], None)


def test_the_unusual_part_is_open_only_when_something_is_in_it(parent, child, prednisolone):
    usual = StepForm(zone=house.BERLIN, unit="mL")
    assert not usual.is_unusual()
    assert form(rules="").is_unusual()
    assert form(**dict.fromkeys(("how", "rules", "hours_between"), "")).is_unusual() is False
    assert StepForm(zone=house.BERLIN, unit="mL", initial={"every_days": 2}).is_unusual()


def test_rules_stand_where_a_dose_is_given(client, parent, child, prednisolone):
    client.force_login(parent)
    url = reverse("medicine-step", args=[child.pk, prednisolone.pk])
    client.post(url, {"id": str(house.new_id()), **STEP})
    assert Schedule.objects.get().hours_between == 12
    page = client.get(reverse("give-dose", args=[child.pk, prednisolone.pk])).content.decode()
    assert "Written down by Dr: 5 mL rescue: As written in the plan." in page
    listed = client.get(reverse("medicines", args=[child.pk])).content.decode()
    assert "5 mL rescue: As written in the plan." in listed


def test_a_second_dose_within_the_teams_own_time_names_the_first_and_is_stored_with_a_reason(
    client, parent, child, prednisolone
):
    client.force_login(parent)
    house.step(parent, child, prednisolone, date(2026, 6, 1), hours_between=Decimal(12), **RULES)
    house.dose(parent, child, prednisolone, "2026-06-10 03:00", "5")
    url = reverse("give-dose", args=[child.pk, prednisolone.pk])
    given_again = {
        "id": str(house.new_id()), "happened_at": "2026-06-10T11:30", "outcome": "given",
        "amount": "8",
    }  # fmt: skip
    asked = client.post(url, given_again).content.decode()
    assert f"{parent.name} gave Prednisolone 5 mL at 03:00" in asked
    assert Dose.objects.count() == 1
    client.post(url, given_again | {"reason": "the neurologist said so on the phone"})
    assert Dose.objects.count() == 2


def test_the_database_keeps_the_rules_too(parent, child, prednisolone):
    with pytest.raises(ValidationError, match="have rules and no times"):
        house.step(parent, child, prednisolone, date(2026, 6, 1), how="rescue")
