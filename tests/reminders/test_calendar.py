"""The calendar feed, read by another library, says what the app says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import recurring_ical_events
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from quietdays.diary.models import Visit
from quietdays.medicines.actions import add_medicine, add_step
from quietdays.medicines.queries import asked_between
from quietdays.people.actions import end_role, travel
from quietdays.records.ids import new_id
from quietdays.reminders import actions
from quietdays.reminders.calendar import calendar_of, window
from tests import house

pytestmark = pytest.mark.django_db


def feed_of(person, child, **values):
    asked = {"name": "Kitchen tablet", "shows_details": False, "alarm_min": 5} | values
    return actions.make_feed(by=person, child=child, **asked)


def starts(text, first, last):
    """Every instant of a calendar, worked out by a library that is not ours."""
    found = recurring_ical_events.of(Calendar.from_ical(text)).between(first, last)
    return sorted(event.start.astimezone(UTC) for event in found)


def written(by, child, name, since, times, change="start", dose="2.5"):
    medicine = add_medicine(by=by, child=child, entry_id=new_id(), name=name, unit="mL").record
    step = {"effective_from": since, "change": change, "dose": Decimal(dose), "times": times}
    add_step(by=by, child=child, entry_id=new_id(), medicine=medicine, **step)
    return medicine


def stop(by, child, medicine, on):
    values = {"effective_from": on, "change": "stop", "dose": None, "times": []}
    add_step(by=by, child=child, entry_id=new_id(), medicine=medicine, **values)


def assert_same(feed, child, now):
    first, last = window(now)
    # A calendar knows whole seconds; a flight may arrive within one.
    asked = [at.replace(microsecond=0) for _, at in asked_between(child, first, last)]
    assert len(asked) > 300
    assert starts(calendar_of(feed, now), first, last) == sorted(asked)


def test_a_year_of_doses_is_the_same_in_the_calendar(parent, child):
    """Over both clock changes of Berlin, a time in each hour that one of them touches."""
    now = timezone.now()
    since = child.today() - timedelta(days=90)
    written(parent, child, "A", since, ["02:30", "08:00", "20:00"])
    stopped = written(parent, child, "B", since, ["03:00", "01:30", "23:59"])
    stop(parent, child, stopped, child.today() + timedelta(days=100))
    feed, _ = feed_of(parent, child)
    assert_same(feed, child, now)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    zones=st.lists(
        st.sampled_from(
            ["Asia/Tokyo", "America/Los_Angeles", "Pacific/Auckland", "Africa/Casablanca",
             "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati", "Asia/Gaza"]
        ),
        min_size=1, max_size=3, unique=True,
    ),
    hours=st.lists(st.integers(0, 23), min_size=1, max_size=3, unique=True),
)  # fmt: skip
def test_journeys_too(parent, child, zones, hours):
    now = timezone.now()
    child.stays.filter(since__gt=datetime(2001, 1, 1, tzinfo=UTC)).delete()
    for n, zone in enumerate(reversed(zones)):
        travel(by=parent, child=child, time_zone=zone, since=now - timedelta(days=2 + 5 * n))
    since = child.today() - timedelta(days=40)
    written(parent, child, f"M{new_id()}", since, sorted(f"{h:02d}:30" for h in hours))
    feed, _ = feed_of(parent, child)
    assert_same(feed, child, now)


def test_planned_meals_stand_in_it_at_their_instants(parent, child):
    food = house.food(parent, child)
    at = house.plan(parent, child, f"{child.today() + timedelta(days=1)} 08:15", (food, 40))
    feed, _ = feed_of(parent, child, shows_details=True)
    now = timezone.now()
    [event] = Calendar.from_ical(calendar_of(feed, now)).events
    assert event.start.astimezone(UTC) == at.happened_at
    assert str(event["summary"]) == at.name
    [alarm] = event.alarms.times
    assert alarm.trigger.astimezone(UTC) == at.happened_at - timedelta(minutes=5)


def test_visits_stand_in_it_before_they_come(parent, child):
    when = timezone.now().replace(microsecond=0) + timedelta(days=9)
    house.enter(Visit, parent, child, happened_at=when, whom="Dr Okafor")
    feed, _ = feed_of(parent, child, shows_details=True)
    [event] = Calendar.from_ical(calendar_of(feed, timezone.now())).events
    assert event.start.astimezone(UTC) == when
    assert str(event["summary"]) == "Visit: Dr Okafor"


def test_it_names_nothing_unless_it_was_asked_to(parent, child):
    written(parent, child, "Vigabatrin", child.today(), ["08:00"])
    _, secret = feed_of(parent, child)
    text = Client().get(f"/cal/{secret}.ics").content.decode()
    assert "BEGIN:VALARM" in text
    for word in ("Vigabatrin", child.name, "2.5", "Medicine", "medicine"):
        assert word not in text
    _, secret = feed_of(parent, child, shows_details=True)
    assert "Vigabatrin 2.5 mL" in Client().get(f"/cal/{secret}.ics").content.decode()


def test_the_address_is_secret_revocable_and_says_when_it_was_read(parent, child):
    feed, secret = feed_of(parent, child)
    browser = Client()
    first = browser.get(f"/cal/{secret}.ics")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"].startswith("private")
    feed.refresh_from_db()
    assert feed.fetched_at is not None
    assert secret not in str(vars(feed))
    again = browser.get(f"/cal/{secret}.ics", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert browser.get(f"/cal/{secret}x.ics").status_code == 404
    assert browser.post(f"/cal/{secret}.ics").status_code == 405
    actions.revoke_feed(by=parent, feed=feed)
    assert browser.get(f"/cal/{secret}.ics").status_code == 404


def test_it_ends_with_its_owners_access(parent, child, join):
    carer = join("carer")
    _, secret = feed_of(carer, child)
    assert Client().get(f"/cal/{secret}.ics").status_code == 200
    end_role(by=parent, child=child, care_role=child.care_roles.get(person=carer))
    assert Client().get(f"/cal/{secret}.ics").status_code == 404
