"""How long a bottle, a tin and a box of strips last."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quietdays.medicines.supplies import NOT_KNOWN, supplies_of
from quietdays.people.actions import travel
from quietdays.reminders.models import Kind
from quietdays.reminders.occasions import occasions
from quietdays.sync.today import today_of
from tests import house

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 10)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def vigabatrin(parent, child):
    """8 mL at 08:00 and 20:00."""
    medicine = house.medicine(parent, child)
    house.step(parent, child, medicine, date(2026, 6, 1))
    return medicine


def left(child, now=None):
    [found] = supplies_of(child, now or house.NOW)
    return found


def test_a_medicine_lasts_as_long_as_its_schedule_says(parent, child, vigabatrin):
    """At noon: tonight's 8 mL, then 16 a day; 100 mL are 12 doses, until the 16th in the morning."""
    house.supply(parent, child, vigabatrin, "100")
    found = left(child)
    assert found.runs_out_on == date(2026, 6, 16)
    assert found.words == "lasts until 15 Jun (5 days)"


def test_a_change_of_dose_that_is_written_down_counts(parent, child, vigabatrin):
    house.supply(parent, child, vigabatrin, "100")
    house.step(parent, child, vigabatrin, date(2026, 6, 12), change="up", dose="20")
    assert left(child).runs_out_on == date(2026, 6, 13)  # 8 + 16, 40, and 36 of the next 40


def test_after_a_stop_nothing_is_asked_for(parent, child, vigabatrin):
    house.supply(parent, child, vigabatrin, "100")
    house.step(parent, child, vigabatrin, TODAY, change="stop", dose=None, times=())
    assert (left(child).runs_out_on, left(child).words) == (None, NOT_KNOWN)


def test_a_dose_of_unknown_size_makes_no_date(parent, child, vigabatrin):
    house.supply(parent, child, vigabatrin, "100")
    house.step(parent, child, vigabatrin, date(2026, 6, 12), change="up", dose=None)
    assert left(child).words == NOT_KNOWN


def test_doses_that_nobody_wrote_down_were_taken_all_the_same(parent, child, vigabatrin):
    counted = house.NOW - timedelta(days=3)
    house.supply(parent, child, vigabatrin, "100", counted_at=counted)
    assert left(child).runs_out_on == date(2026, 6, 13)  # six doses ago, six ahead


def test_more_that_was_written_down_counts_too(parent, child, vigabatrin):
    counted = house.NOW - timedelta(days=1)
    house.supply(parent, child, vigabatrin, "40", counted_at=counted)
    for hour in (13, 16, 20, 23):
        house.dose(parent, child, vigabatrin, f"2026-06-09 {hour}:00")
    assert left(child).runs_out_on == date(2026, 6, 11)  # 8 of 40 left: tonight, and no more


def test_what_is_typed_for_a_day_holds_where_no_schedule_tells(parent, child):
    strips = {"kind": "strips", "name": "Ketone strips", "unit": "strips"}
    house.supply(parent, child, None, "50", per_day=Decimal(2), **strips)
    assert left(child).runs_out_on == date(2026, 7, 5)
    assert not left(child).is_low
    assert left(child, house.NOW + timedelta(days=18)).is_low
    later = left(child, house.NOW + timedelta(days=30))
    assert later.words == "used up since 5 Jul, by what was counted"


def test_it_expires_whatever_is_left(parent, child, vigabatrin):
    house.supply(parent, child, vigabatrin, "5000", expires_on=date(2026, 6, 14))
    found = left(child)
    assert found.is_low
    assert found.words.endswith("; expires on 14 Jun (4 days)")
    assert left(child, house.NOW + timedelta(days=5)).words.endswith("; expired on 14 Jun")


def test_what_is_low_is_on_the_phone_and_is_told_once(parent, child, vigabatrin):
    house.supply(parent, child, vigabatrin, "200")  # 25 doses: tonight's, and twelve days
    [(kind, at)] = [
        (o.kind, o.due_at)
        for o in occasions(child, house.NOW, house.NOW + timedelta(days=30))
        if o.kind == Kind.SUPPLY
    ]
    low = child.timeline().local(at)
    assert (kind, low.date(), low.hour) == (Kind.SUPPLY, date(2026, 6, 16), 9)
    assert today_of(child, parent, house.NOW)["supplies"] == []
    [told] = today_of(child, parent, at)["supplies"]
    assert told["name"] == "Vigabatrin"
    assert told["words"] == "lasts until 22 Jun (6 days)"


def test_of_a_rescue_medicine_it_is_said_when_not_one_dose_is_left(parent, child):
    rescue = house.medicine(parent, child, "Midazolam")
    rules = {"times": (), "how": "rescue", "rules": "As the plan says."}
    house.step(parent, child, rescue, date(2026, 6, 1), dose="5", **rules)
    house.supply(parent, child, rescue, "10", counted_at=house.NOW - timedelta(days=2))
    assert (left(child).is_low, left(child).words) == (False, NOT_KNOWN)
    house.dose(parent, child, rescue, "2026-06-09 08:00", "6")
    assert left(child).words == "less than one dose left, by what was counted"
    house.dose(parent, child, rescue, "2026-06-09 20:00", "4")
    assert (left(child).is_low, left(child).words) == (True, "none left, by what was counted")


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    amount=st.decimals(0, 400, places=1),
    dose=st.decimals("0.1", 20, places=1),
    hours=st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True),
    counted_days_ago=st.integers(0, 20),
    zone=st.sampled_from(["", "Asia/Tokyo", "America/Los_Angeles"]),
)
def test_it_runs_out_on_the_day_that_a_count_by_hand_says(
    parent, child, amount, dose, hours, counted_days_ago, zone
):
    """The oracle walks the calendar of the child day by day, as a parent with a pencil would."""
    child.stays.exclude(pk=child.stays.order_by("since").first().pk).delete()
    if zone:
        travel(by=parent, child=child, time_zone=zone, since=house.NOW - timedelta(days=60))
    medicine = house.medicine(parent, child, f"M{house.new_id()}")
    times = sorted(f"{hour:02d}:30" for hour in hours)
    house.step(parent, child, medicine, date(2026, 5, 1), dose=str(dose), times=times)
    counted = house.NOW - timedelta(days=counted_days_ago)
    supply = house.supply(parent, child, medicine, str(amount), counted_at=counted)
    found = next(s for s in supplies_of(child, house.NOW) if s.supply.pk == supply.pk)
    timeline, rest, day = child.timeline(), amount, TODAY - timedelta(days=25)
    while day < TODAY + timedelta(days=119):
        for text in times:
            at = datetime.combine(day, datetime.strptime(text, "%H:%M").time())
            instant = at.replace(tzinfo=timeline.zone_at(house.NOW))
            if instant < counted:
                continue
            rest -= dose
            if rest < 0 and instant >= house.NOW:
                assert found.runs_out_on == day
                return
        day += timedelta(days=1)
    assert found.is_beyond
