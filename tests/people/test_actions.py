"""Accounts, families, journeys, and the links by which people join."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError

from quietdays.people import actions
from quietdays.people.access import role_of
from quietdays.people.entries import take_back
from quietdays.people.models import CareRole, Child, Invitation, Person, Stay
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def new_person(email="new@test.example"):
    return actions.create_account(email=email, name="Nils", password="three words here")


CHILD = {
    "child_name": "Ada",
    "birth_date": date(2026, 1, 1),
    "sex": "female",
    "time_zone": "Europe/Berlin",
}


def test_an_address_has_one_account_whatever_its_capitals():
    new_person("Pia.New@Test.example")
    with pytest.raises(ValidationError):
        new_person("pia.new@test.EXAMPLE ")
    assert Person.objects.get_by_natural_key(" PIA.NEW@test.example").name == "Nils"


def test_an_account_and_its_child_are_made_together_or_not_at_all():
    before = house.rows()
    with pytest.raises(ValidationError):
        actions.open_diary(
            email="new@test.example",
            name="Nils",
            password="three words here",
            **(CHILD | {"birth_date": date(2027, 1, 1)}),
        )
    assert house.rows() == before
    person, child = actions.open_diary(
        email="new@test.example", name="Nils", password="three words here", **CHILD
    )
    assert role_of(person, child) == "parent"
    assert person.check_password("three words here")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", date(2026, 6, 13)),
        ("birth_date", date(1999, 12, 31)),
        ("birth_date", date(1, 1, 1)),
        ("diet_started_on", date(2025, 8, 31)),
        ("diet_started_on", date(9999, 12, 31)),
        ("diet_started_on", date(2027, 12, 1)),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", ""),
        ("name", ""),
        ("name", "x" * 121),
        ("sex", "?"),
    ],
    ids=lambda v: str(v)[:20],
)
def test_a_childs_data_that_cannot_be_is_refused_when_made_and_when_changed(
    parent, child, field, value
):
    before = Child.objects.values().get(pk=child.pk)
    with pytest.raises(ValidationError):
        actions.update_child(by=parent, child=child, phone="", **{field: value})
    assert Child.objects.values().get(pk=child.pk) == before
    made = {"child_name" if field == "name" else field: value}
    with pytest.raises(ValidationError):
        actions.create_family(by=parent, **(CHILD | {"birth_date": house.BORN} | made))
    assert Child.objects.count() == 1


def test_a_new_zone_counts_from_now_on_and_not_backwards(parent, child):
    """Peer defect 13: a zone shifted every report a day."""
    night = house.cluster(parent, child, "2026-06-09 23:30")
    actions.update_child(by=parent, child=child, time_zone="America/New_York", phone="")
    night.refresh_from_db()
    timeline = child.timeline()
    assert f"{night.local_time:%Y-%m-%d %H:%M}" == "2026-06-09 23:30"
    assert timeline.date_of(night.happened_at) == date(2026, 6, 9)
    assert timeline.zone_at(house.NOW + timedelta(minutes=1)).key == "America/New_York"
    assert timeline.zone_at(house.NOW - timedelta(minutes=1)).key == "Europe/Berlin"


def test_a_change_without_a_new_zone_makes_no_journey(parent, child):
    actions.update_child(by=parent, child=child, name="Nora", phone="")
    assert Stay.objects.filter(child=child).count() == 1
    assert [v.name for v in child.history.order_by("history_id")] == ["Noor", "Nora"]


def test_a_journey_moves_today_and_a_journey_remembered_later_does_not(parent, child):
    actions.travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.NOW)
    child.refresh_from_db()
    assert child.time_zone == "Asia/Tokyo"
    actions.travel(
        by=parent, child=child, time_zone="Europe/Rome", since=house.NOW - timedelta(days=9)
    )
    child.refresh_from_db()
    assert child.time_zone == "Asia/Tokyo"


def placed(entry) -> tuple[str, str, int]:
    """Where an entry stands now: its local time, its zone, its number of versions."""
    entry.refresh_from_db()
    return f"{entry.local_time:%m-%d %H:%M}", entry.time_zone, entry.history.count()


def test_a_journey_remembered_later_places_what_was_entered_since(parent, child):
    """An evening in Tokyo was written down as a morning in Berlin."""
    before = house.cluster(parent, child, "2026-06-08 23:59")
    night = house.cluster(parent, child, "2026-06-09 20:00")
    dose = house.dose(parent, child, house.medicine(parent, child), "2026-06-09 21:00")
    gone = take_back(house.cluster(parent, child, "2026-06-09 22:00"), by=parent)
    since = house.at("2026-06-09 00:00")
    stay = actions.travel(by=parent, child=child, time_zone="Asia/Tokyo", since=since)
    assert placed(before) == ("06-08 23:59", "Europe/Berlin", 1)
    assert placed(night) == ("06-10 03:00", "Asia/Tokyo", 2)
    assert placed(dose) == ("06-10 04:00", "Asia/Tokyo", 2)
    assert placed(gone)[:2] == ("06-10 05:00", "Asia/Tokyo")
    assert gone.deleted_at is not None
    assert [v.time_zone for v in night.versions()] == ["Asia/Tokyo", "Europe/Berlin"]
    assert night.versions()[0].history_user == parent
    assert night.happened_at == house.at("2026-06-09 20:00")  # the instant never moves
    assert stay.time_zone == "Asia/Tokyo"


def test_a_journey_places_up_to_the_next_one_only(parent, child):
    actions.travel(
        by=parent, child=child, time_zone="Europe/Rome", since=house.at("2026-06-09 12:00")
    )
    morning = house.cluster(parent, child, "2026-06-09 11:59")
    noon = house.cluster(parent, child, "2026-06-09 12:00")
    actions.travel(
        by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("2026-06-09 06:00")
    )
    assert placed(morning) == ("06-09 18:59", "Asia/Tokyo", 2)
    assert placed(noon) == ("06-09 12:00", "Europe/Rome", 1)


def test_a_plan_that_lies_ahead_keeps_its_instant_and_is_shown_where_the_child_is(parent, child):
    food = house.food(parent, child)
    plan = house.plan(parent, child, "2026-06-11 08:00", (food, 10))
    due = plan.happened_at
    actions.travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.NOW)
    assert placed(plan) == ("06-11 15:00", "Asia/Tokyo", 2)
    assert plan.happened_at == due
    assert [i.amount for i in plan.items.all()] == [10]
    actions.update_child(by=parent, child=child, time_zone="Europe/Lisbon", phone="")
    assert placed(plan) == ("06-11 07:00", "Europe/Lisbon", 3)


def test_a_journey_moves_no_other_child(parent, child):
    other_parent, other = house.another_child()
    theirs = house.cluster(other_parent, other, "2026-06-09 20:00")
    actions.travel(
        by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("2026-06-09 06:00")
    )
    assert placed(theirs) == ("06-09 20:00", "Europe/Berlin", 1)


def test_a_journey_before_the_beginning_is_a_slip_of_the_year(parent, child):
    with pytest.raises(ValidationError, match="Check the year: 1026"):
        actions.travel(
            by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("1026-06-09 06:00")
        )
    assert Stay.objects.count() == 1


def test_a_zone_that_is_none_is_no_journey(parent, child):
    with pytest.raises(ValidationError):
        actions.travel(by=parent, child=child, time_zone="Nowhere", since=house.NOW)
    assert Stay.objects.count() == 1


# --- joining


def test_an_invitation_is_taken_up_once(parent, child):
    token = actions.invite(by=parent, child=child, role="carer")
    first, second = new_person(), new_person("two@test.example")
    assert actions.accept_invitation(person=first, token=token) == child
    assert role_of(first, child) == "carer"
    with pytest.raises(ValidationError, match="used or is too old"):
        actions.accept_invitation(person=second, token=token)
    assert role_of(second, child) is None


def test_only_a_hash_of_the_link_is_stored(parent, child):
    token = actions.invite(by=parent, child=child, role="carer")
    assert token not in str(list(Invitation.objects.values()))
    assert len(token) >= 32


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (6.9, True), (7.1, False)])
def test_an_invitation_lasts_seven_days(parent, child, days, is_open):
    token = actions.invite(by=parent, child=child, role="carer")
    with time_machine.travel(house.NOW + timedelta(days=days)):
        assert (actions.open_invitation(token) is not None) is is_open


@pytest.mark.parametrize("token", ["", "x", "a" * 500, "\x00", "é"])
def test_a_made_up_link_opens_nothing(child, token):
    assert actions.open_invitation(token) is None


@pytest.mark.parametrize("role", ["", "boss", "PARENT"])
def test_only_roles_that_exist_can_be_given(parent, child, role):
    with pytest.raises(ValidationError):
        actions.invite(by=parent, child=child, role=role)


@pytest.mark.parametrize("role", ["reader", "carer", "nurse", "parent"])
def test_a_parent_who_tries_the_own_link_stays_a_parent(parent, child, role):
    """The diary would belong to nobody, and the link would be used up."""
    token = actions.invite(by=parent, child=child, role=role)
    with pytest.raises(ValidationError, match="parent here already"):
        actions.accept_invitation(person=parent, token=token)
    assert role_of(parent, child) == "parent"
    assert actions.open_invitation(token) is not None


def test_a_new_role_takes_the_place_of_the_old_one(parent, child, join):
    reader = join("reader")
    token = actions.invite(by=parent, child=child, role="nurse")
    actions.accept_invitation(person=reader, token=token)
    assert role_of(reader, child) == "nurse"
    assert CareRole.objects.filter(person=reader).count() == 2


def test_the_last_parent_cannot_leave(parent, child):
    mine = child.care_roles.get(person=parent)
    with pytest.raises(ValidationError, match="last parent"):
        actions.end_role(by=parent, child=child, care_role=mine)
    house.joined(child, "parent")
    actions.end_role(by=parent, child=child, care_role=mine)
    assert role_of(parent, child) is None


def test_a_new_password_is_the_only_one(parent):
    actions.set_password(person=parent, password="other words here")
    parent.refresh_from_db()
    assert parent.check_password("other words here")
    assert not parent.check_password("three words here")


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2025, 9, 1), "0 months"),
        (date(2025, 10, 1), "1 month"),
        (date(2026, 6, 10), "9 months"),
        (date(2026, 8, 31), "11 months"),
        (date(2027, 9, 1), "2 years"),
        (date(2027, 11, 3), "2 years 2 months"),
    ],
    ids=str,
)
def test_an_age_in_full_months(child, on, words):
    assert child.age_in_words(on) == words
