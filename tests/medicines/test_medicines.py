"""Schedules and doses: what is due, what was given, and a second dose that is never blocked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError

from quietdays.medicines import actions
from quietdays.medicines.forms import DoseForm, StepForm, TimesField
from quietdays.medicines.models import Dose, Medicine, Schedule
from quietdays.medicines.queries import dose_near, due_on, in_force_on, steps_of
from quietdays.people.actions import travel
from quietdays.people.entries import take_back
from tests import house

DAY = house.TODAY


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def vigabatrin(parent, child):
    return house.medicine(parent, child)


def due(child, day=DAY) -> list[tuple[str, str | None]]:
    """Each due time of a date with the time of its dose."""
    zone = child.timeline()
    return [
        (
            f"{zone.local(d.due_at):%m-%d %H:%M}",
            f"{d.dose.local_time:%m-%d %H:%M}" if d.dose else None,
        )
        for d in due_on(child, day)
    ]


# --- due doses


@pytest.mark.parametrize(
    ("times", "given", "expected"),
    [
        (["08:00", "20:00"], [], {"08:00": None, "20:00": None}),
        (["08:00", "20:00"], ["10 08:06"], {"08:00": "10 08:06", "20:00": None}),
        (["08:00", "20:00"], ["10 11:01"], {"08:00": None, "20:00": None}),
        (["08:00", "20:00"], ["10 05:00"], {"08:00": "10 05:00", "20:00": None}),
        (["08:00", "12:00"], ["10 10:30"], {"08:00": "10 10:30", "12:00": None}),
        (["08:00", "12:00"], ["10 10:50"], {"08:00": None, "12:00": "10 10:50"}),
        (
            ["08:00", "12:00"],
            ["10 08:10", "10 10:30"],
            {"08:00": "10 08:10", "12:00": "10 10:30"},
        ),
        (
            ["06:00", "10:00"],
            ["10 07:30", "10 10:05"],
            {"06:00": "10 07:30", "10:00": "10 10:05"},
        ),
        (["08:00"], ["10 07:30", "10 08:02"], {"08:00": "10 08:02"}),
        (["00:30", "22:00"], ["09 22:20"], {"00:30": None, "22:00": None}),
        (["00:30", "12:00"], ["09 23:50"], {"00:30": "09 23:50", "12:00": None}),
    ],
    ids=[
        "none given",
        "given in time",
        "given three hours and a minute late",
        "given three hours early",
        "late for the first rather than early for the second",
        "much nearer to the later of two",
        "early for the second, the first was given",
        "each to its nearest",
        "two for one time: the nearer",
        "yesterday's late dose is yesterday's",
        "before midnight for half past",
    ],
)
def test_each_dose_answers_the_time_that_it_is_nearest_to(
    parent, child, vigabatrin, times, given, expected
):
    house.step(parent, child, vigabatrin, date(2026, 6, 1), times=times)
    for when in given:
        house.dose(parent, child, vigabatrin, f"2026-06-{when}")
    assert due(child) == [
        (f"06-10 {clock}", None if dose is None else f"06-{dose}")
        for clock, dose in expected.items()
    ]


def test_a_dose_not_given_for_a_reason_is_recorded_and_no_longer_due(parent, child, vigabatrin):
    house.step(parent, child, vigabatrin, date(2026, 6, 1), times=["08:00"])
    house.dose(
        parent, child, vigabatrin, "2026-06-10 08:00", None, outcome="skipped", reason="sick"
    )
    assert due(child) == [("06-10 08:00", "06-10 08:00")]
    assert due_on(child, DAY)[0].dose.outcome == "skipped"


def test_a_deleted_dose_is_due_again(parent, child, vigabatrin):
    house.step(parent, child, vigabatrin, date(2026, 6, 1), times=["08:00"])
    take_back(house.dose(parent, child, vigabatrin, "2026-06-10 08:00"), by=parent)
    assert due(child) == [("06-10 08:00", None)]


def test_a_dose_of_another_medicine_answers_nothing(parent, child, vigabatrin):
    house.step(parent, child, vigabatrin, date(2026, 6, 1), times=["08:00"])
    house.dose(parent, child, house.medicine(parent, child, "Vitamin D"), "2026-06-10 08:00")
    assert due(child) == [("06-10 08:00", None)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 29), ["03-29 03:30", "03-29 20:00"]),
        (date(2026, 10, 25), ["10-25 02:30", "10-25 20:00"]),
    ],
    ids=["the hour that is skipped", "the hour that comes twice"],
)
def test_a_time_is_due_once_when_the_clocks_change(parent, child, vigabatrin, day, expected):
    house.step(parent, child, vigabatrin, date(2025, 10, 1), times=["02:30", "20:00"])
    assert [at for at, _ in due(child, day)] == expected


def test_due_times_are_local_where_the_child_is(parent, child, vigabatrin):
    house.step(parent, child, vigabatrin, date(2026, 6, 1))
    travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("2026-06-09 12:00"))
    assert [at for at, _ in due(child)] == ["06-10 08:00", "06-10 20:00"]


def test_a_date_that_was_travelled_over_has_nothing_due(parent, child, vigabatrin):
    """From Pago Pago to Kiritimati, an hour before midnight, a whole date is skipped."""
    house.step(parent, child, vigabatrin, date(2026, 6, 1))
    travel(
        by=parent, child=child, time_zone="Pacific/Pago_Pago", since=house.at("2026-06-02 12:00")
    )
    travel(
        by=parent, child=child, time_zone="Pacific/Kiritimati", since=house.at("2026-06-09 12:30")
    )
    skipped = [d for d in range(5, 12) if not child.timeline().pieces_of(date(2026, 6, d))]
    assert len(skipped) == 1
    assert due(child, date(2026, 6, skipped[0])) == []


# --- steps


def test_a_step_holds_until_the_next_and_a_stop_ends_it(parent, child, vigabatrin):
    house.step(parent, child, vigabatrin, date(2026, 6, 1), "start", "8")
    house.step(parent, child, vigabatrin, date(2026, 6, 5), "up", "10")
    house.step(parent, child, vigabatrin, date(2026, 6, 9), "stop", None, times=[])
    steps = steps_of(child)

    def on(day):
        return [s.dose for s in in_force_on(steps, date(2026, 6, day))]

    assert on(4) == [Decimal(8)]
    assert on(5) == on(8) == [Decimal(10)]
    assert on(9) == []
    assert in_force_on(steps, date(2026, 5, 31)) == []


@pytest.mark.parametrize(
    ("change", "dose", "times", "amount"),
    [
        ("start", "8", ["08:00", "20:00"], 16.0),
        ("start", None, ["08:00"], None),
        ("start", "8", [], None),
        ("stop", None, [], 0.0),
    ],
)
def test_a_daily_amount_that_nobody_wrote_down_is_unknown_and_not_nought(
    parent, child, vigabatrin, change, dose, times, amount
):
    step = house.step(parent, child, vigabatrin, date(2026, 6, 1), change, dose, times=times)
    assert step.amount_per_day == amount


# --- rules


def test_one_name_is_one_medicine_and_a_second_is_refused_in_words(parent, child, vigabatrin):
    with pytest.raises(ValidationError, match="already in the list"):
        house.medicine(parent, child, "Vigabatrin")
    assert Medicine.objects.count() == 1
    house.medicine(*house.another_child(), "Vigabatrin")


def test_a_second_step_on_one_date_is_refused_in_words(parent, child, vigabatrin):
    house.step(parent, child, vigabatrin, date(2026, 6, 1))
    with pytest.raises(ValidationError, match="already a step on this date"):
        house.step(parent, child, vigabatrin, date(2026, 6, 1), "up")
    assert Schedule.objects.count() == 1


def test_the_medicine_of_another_child_is_refused(parent, child):
    theirs = house.medicine(*house.another_child())
    with pytest.raises(ValidationError, match="another child"):
        house.dose(parent, child, theirs, "2026-06-10 08:00")
    with pytest.raises(ValidationError, match="another child"):
        house.step(parent, child, theirs, date(2026, 6, 1))
    assert Dose.objects.count() == Schedule.objects.count() == 0


@pytest.mark.parametrize("amount", [None, "0", "-1"])
def test_a_given_dose_has_an_amount(parent, child, vigabatrin, amount):
    with pytest.raises(ValidationError):
        house.dose(parent, child, vigabatrin, "2026-06-10 08:00", amount)
    assert Dose.objects.count() == 0


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_dose_not_given_says_why(parent, child, vigabatrin, reason):
    with pytest.raises(ValidationError, match="why it was not given"):
        house.dose(parent, child, vigabatrin, "2026-06-10 08:00", outcome="skipped", reason=reason)
    assert Dose.objects.count() == 0
    skipped = house.dose(
        parent, child, vigabatrin, "2026-06-10 08:00", outcome="skipped", reason="sick"
    )
    assert skipped.amount is None
    with pytest.raises(ValidationError, match="why it was not given"):
        actions.change_dose(by=parent, dose=skipped, reason="")
    with pytest.raises(ValidationError, match="how much was given"):
        actions.change_dose(by=parent, dose=Dose.objects.get(), outcome="given")


def test_a_dose_told_of_another_medicine_takes_its_carbohydrate(parent, child, vigabatrin):
    syrup = house.medicine(
        parent, child, "Syrup", carbohydrate_g_per_unit=Decimal("0.7"), carbohydrate_source="sheet"
    )
    dose = house.dose(parent, child, vigabatrin, "2026-06-10 08:00", "5")
    changed = actions.change_dose(by=parent, dose=dose, medicine=syrup)
    assert changed.carbohydrate_g == pytest.approx(3.5)
    theirs = house.medicine(*house.another_child())
    with pytest.raises(ValidationError, match="another child"):
        actions.change_dose(by=parent, dose=dose, medicine=theirs)


def test_a_dose_sent_twice_is_one_dose_and_a_real_second_one_is_not_blocked(
    parent, child, vigabatrin
):
    entry_id = house.new_id()
    for _ in range(2):
        actions.give_dose(
            by=parent, child=child, entry_id=entry_id, medicine=vigabatrin,
            happened_at=house.at("2026-06-10 08:00"), amount=Decimal(8),
        )  # fmt: skip
    assert Dose.objects.count() == 1
    house.dose(parent, child, vigabatrin, "2026-06-10 08:05")
    assert Dose.objects.count() == 2


def test_a_dose_is_near_whether_it_came_before_or_after(parent, child, vigabatrin):
    """The 20:00 dose is recorded first; one of 08:05 still stands beside that of 08:00."""
    morning = house.dose(parent, child, vigabatrin, "2026-06-10 08:00")
    house.dose(parent, child, vigabatrin, "2026-06-10 11:59")
    four_hours = timedelta(hours=4)

    def near(at, other_than=None):
        found = dose_near(
            vigabatrin, at, within=four_hours, other_than=other_than or house.new_id()
        )
        return found and f"{found.local_time:%H:%M}"

    five_past = morning.happened_at + timedelta(minutes=5)
    assert near(five_past) == "08:00"
    assert near(morning.happened_at, other_than=morning.pk) == "11:59"
    assert near(morning.happened_at - timedelta(hours=5)) is None


# --- forms


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("08:00, 20:00", ["08:00", "20:00"]),
        ("20.00 8:00;8:00", ["08:00", "20:00"]),
        ("", []),
    ],
)
def test_clock_times_are_understood_sorted_and_once(text, times):
    assert TimesField(required=False).clean(text) == times


@pytest.mark.parametrize("text", ["8", "24:00", "8:60", "morning", "08:00-20:00", "٠٨:٠٠"])
def test_a_clock_time_that_is_none_is_refused(text):
    with pytest.raises(ValidationError):
        TimesField(required=False).clean(text)


def data(**values: str) -> dict[str, str]:
    return {"id": str(house.new_id()), **values}


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"dose": ""}, "dose"),
        ({"dose": "-1"}, "dose"),
        ({"dose": "1.234,5"}, "dose"),
        ({"times": ""}, "times"),
        ({"times": "8"}, "times"),
        ({"change": "more"}, "change"),
        ({"written_by": ""}, "written_by"),
        ({"effective_from": "2026-06-31"}, "effective_from"),
    ],
    ids=str,
)
def test_what_is_missing_in_a_step_is_named_at_its_field(values, field):
    step = (
        data(effective_from="2026-06-01", change="up", dose="10", times="8:00", written_by="Dr")
        | values
    )
    assert set(StepForm(step, zone=house.BERLIN, unit="mL").errors) == {field}


def test_a_stop_has_neither_dose_nor_times():
    step = data(effective_from="2026-06-01", change="stop", dose="9", times="8:00", written_by="Dr")
    form = StepForm(step, zone=house.BERLIN, unit="mL")
    assert form.is_valid()
    assert (form.values()["dose"], form.values()["times"]) == (None, [])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"outcome": "skipped"}, "reason"),
        ({"outcome": "lost"}, "outcome"),
        ({"happened_at": "2026-06-10T13:00"}, "happened_at"),
    ],
    ids=str,
)
def test_what_is_missing_in_a_dose_is_named_at_its_field(values, field):
    dose = data(happened_at="2026-06-10T08:00", outcome="given", amount="8") | values
    assert set(DoseForm(dose, zone=house.BERLIN, unit="mL").errors) == {field}


# --- what the label says


def test_the_first_carbohydrate_figure_counts_for_doses_before_it_and_a_later_one_does_not(
    parent, child
):
    syrup = house.medicine(parent, child, "Syrup")
    early = house.dose(parent, child, syrup, "2026-06-09 08:00", "5")
    assert early.carbohydrate_g is None
    actions.change_medicine(
        by=parent,
        medicine=syrup,
        carbohydrate_g_per_unit=Decimal("0.68"),
        carbohydrate_source="sheet",
    )
    early.refresh_from_db()
    assert early.carbohydrate_g == pytest.approx(3.4)
    actions.change_medicine(by=parent, medicine=syrup, carbohydrate_g_per_unit=Decimal(3))
    early.refresh_from_db()
    assert early.carbohydrate_g == pytest.approx(3.4)
    later = house.dose(parent, child, syrup, "2026-06-10 08:00", "5")
    assert later.carbohydrate_g == 15


def test_a_unit_that_doses_were_given_in_stays(parent, child):
    syrup = house.medicine(parent, child, "Syrup")
    house.dose(parent, child, syrup, "2026-06-09 08:00", "5")
    with pytest.raises(ValidationError, match="logged in mL"):
        actions.change_medicine(by=parent, medicine=syrup, unit="tablet")
    syrup.refresh_from_db()
    assert syrup.unit == "mL"
