"""Guests whose access ends by itself, clinics that a family lets in, and what carers see."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.people import actions
from quietdays.people.access import Act, may, role_of
from quietdays.people.codes import new_code, typed_code
from quietdays.people.models import CareRole, Invitation, Person, SignedIn
from quietdays.people.queries import children_of, circle_of
from tests import house

pytestmark = pytest.mark.django_db
AFTER = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False):
        yield


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


# --- codes


@given(st.data(), st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=12, max_size=12))
def test_a_code_is_read_however_it_is_typed(data, code):
    looks = {"0": "oO0", "1": "iIlL1"}
    typed = "".join(
        data.draw(st.sampled_from(looks.get(letter, letter + letter.lower())))
        + data.draw(st.sampled_from(["", " ", "-"]))
        for letter in code
    )
    assert typed_code(typed) == code


def test_a_new_code_is_in_groups_of_four_and_never_the_same():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes)


def test_no_code_lies_readable_in_the_database(parent, child):
    code = actions.invite_guest(by=parent, child=child, lasts=timedelta(hours=12))
    stored = Invitation.objects.values_list("token_sha256", flat=True)
    assert typed_code(code) not in "".join(stored)


# --- guests


def test_a_guest_comes_with_a_name_and_a_code_and_goes_when_the_time_is_over(parent, child):
    code = actions.invite_guest(by=parent, child=child, lasts=timedelta(hours=12))
    client = Client()
    answer = client.post(reverse("guest"), {"name": "Oma Lene", "code": code.lower()})
    assert answer.status_code == 302
    assert answer.url == reverse("child-home", args=[child.pk])
    guest = Person.objects.get(name="Oma Lene")
    assert guest.is_guest
    assert not guest.has_usable_password()
    assert role_of(guest, child) == "guest"
    assert client.get(reverse("feeds", args=[child.pk])).status_code == 200
    with time_machine.travel(house.NOW + timedelta(hours=12) - AFTER):
        assert may(guest, child, Act.LOG)
    with time_machine.travel(house.NOW + timedelta(hours=12)):
        assert role_of(guest, child) is None
        assert list(children_of(guest)) == []
        assert guest not in [r.person for r in circle_of(child)]
        assert client.get(reverse("feeds", args=[child.pk])).status_code == 404
        with pytest.raises(PermissionDenied):
            house.cluster(guest, child, "2026-06-10 12:00")


def test_a_guests_time_counts_from_when_the_code_was_made(parent, child):
    code = actions.invite_guest(by=parent, child=child, lasts=timedelta(hours=12))
    with time_machine.travel(house.NOW + timedelta(hours=13)):
        answer = Client().post(reverse("guest"), {"name": "Oma", "code": code})
        assert answer.status_code == 200
        assert "used or is too old" in answer.content.decode()
    assert not Person.objects.filter(name="Oma").exists()  # no account is left behind


def test_a_code_works_once(parent, child):
    code = actions.invite_guest(by=parent, child=child, lasts=timedelta(hours=12))
    assert Client().post(reverse("guest"), {"name": "A", "code": code}).status_code == 302
    second = Client().post(reverse("guest"), {"name": "B", "code": code})
    assert second.status_code == 200
    assert 'value="B"' in second.content.decode()  # what was typed stays
    assert Person.objects.filter(email__endswith="guests.invalid").count() == 1


def test_somebody_of_the_circle_becomes_no_guest(parent, child, join):
    code = actions.invite_guest(by=parent, child=child, lasts=timedelta(hours=12))
    answer = signed_in(join("nurse")).post(reverse("guest"), {"code": code})
    assert "in Noor’s circle already" in answer.content.decode()
    assert CareRole.objects.filter(role="guest").count() == 0


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(-1), timedelta(days=32)])
def test_a_guests_time_is_up_to_a_month(parent, child, lasts):
    with pytest.raises(ValidationError):
        actions.invite_guest(by=parent, child=child, lasts=lasts)


def test_guessing_codes_has_an_end(parent, child):
    code = actions.invite_guest(by=parent, child=child, lasts=timedelta(hours=12))
    client = Client()
    wrong = [
        client.post(reverse("guest"), {"name": "X", "code": new_code()}).status_code
        for _ in range(10)
    ]
    assert wrong == [200] * 10
    assert client.post(reverse("guest"), {"name": "X", "code": code}).status_code == 429
    with time_machine.travel(house.NOW + timedelta(minutes=16)):
        assert client.post(reverse("guest"), {"name": "X", "code": code}).status_code == 302


# --- what carers and guests are shown


@pytest.fixture
def helper(child):
    return house.joined(child, "carer")


def test_a_carer_sees_today_and_yesterday_and_no_day_before(parent, child, helper):
    client = signed_in(helper)
    shown = {
        day: client.get(reverse("diary-day", args=[child.pk, day])).status_code
        for day in (date(2026, 6, 10), date(2026, 6, 9), date(2026, 6, 8), date(2026, 1, 1))
    }
    assert list(shown.values()) == [200, 200, 403, 403]
    for page in ("plan", "fridge-sheet"):
        assert client.get(reverse(page, args=[child.pk, date(2026, 6, 8)])).status_code == 403


def test_a_carers_phone_holds_nothing_older(parent, child, helper):
    old = house.cluster(parent, child, "2026-06-07 08:00")
    new = house.cluster(parent, child, "2026-06-09 08:00")
    client = signed_in(helper)
    first = client.get(f"/api/v1/children/{child.pk}/changes").json()
    assert [e["id"] for e in first["entries"]] == [str(new.pk)]
    later = house.cluster(parent, child, "2026-06-06 08:00")
    since = client.get(f"/api/v1/children/{child.pk}/changes?since={first['cursor']}").json()
    assert since["entries"] == []
    assert since["cursor"] > first["cursor"]  # and the phone goes on from there
    whole = signed_in(parent).get(f"/api/v1/children/{child.pk}/changes").json()
    assert {e["id"] for e in whole["entries"]} == {str(r.pk) for r in (old, new, later)}


def test_an_old_meal_is_not_opened_by_its_address(parent, child, helper):
    food = house.meal_food(parent, child)
    old = house.eat(parent, child, "2026-06-05 08:00", (food, 100))
    new = house.eat(parent, child, "2026-06-10 08:00", (food, 100))
    client = signed_in(helper)
    assert client.get(reverse("meal", args=[child.pk, old.pk])).status_code == 403
    assert client.get(reverse("meal", args=[child.pk, new.pk])).status_code == 200


def test_a_carers_medicines_show_doses_since_yesterday(parent, child, helper):
    medicine = house.medicine(parent, child)
    house.dose(parent, child, medicine, "2026-06-05 08:11")
    house.dose(parent, child, medicine, "2026-06-09 08:22")
    page = signed_in(helper).get(reverse("medicines", args=[child.pk])).content.decode()
    assert "08:22" in page
    assert "08:11" not in page


# --- clinics


@pytest.fixture
def lead(db) -> Person:
    return house.person("lead@test.example", "Lena Lead")


@pytest.fixture
def clinic(lead):
    return actions.create_clinic(
        name="Children’s", phone="+49 1", lead=lead, lead_role="neurologist"
    )


def colleague(clinic, lead, role="dietitian", name="Dora"):
    person = house.person(f"{name.lower()}@test.example", name)
    actions.join_clinic(
        person=person, token=actions.invite_staff(by=lead, clinic=clinic, role=role)
    )
    return person


def test_nobody_at_a_clinic_sees_a_child_before_its_family_gives_a_code(child, clinic, lead):
    dora = colleague(clinic, lead)
    for person in (lead, dora):
        assert list(children_of(person)) == []
        assert signed_in(person).get(reverse("diary", args=[child.pk])).status_code == 404


def test_a_familys_code_lets_all_staff_in_each_in_their_role(parent, child, clinic, lead):
    dora = colleague(clinic, lead)
    code = actions.invite_clinic(by=parent, child=child)
    answer = signed_in(dora).post(reverse("link-child", args=[clinic.pk]), {"code": code})
    assert answer.status_code == 302
    assert {role_of(lead, child), role_of(dora, child)} == {"neurologist", "dietitian"}
    later = colleague(clinic, lead, "nurse", "Nora")  # taken on afterwards
    assert role_of(later, child) == "nurse"
    page = signed_in(parent).get(reverse("child-settings", args=[child.pk])).content.decode()
    assert page.count("works at Children’s") == 3
    assert "Pia gave a code" in page


def test_a_family_ends_a_clinic_and_it_is_gone_at_once(parent, child, clinic, lead):
    dora = colleague(clinic, lead)
    code = actions.invite_clinic(by=parent, child=child)
    link = actions.link_clinic(by=lead, clinic=clinic, code=code)
    client = signed_in(dora)
    assert client.get(reverse("diary", args=[child.pk])).status_code == 200
    signed_in(parent).post(reverse("end-clinic", args=[child.pk, link.pk]))
    assert client.get(reverse("diary", args=[child.pk])).status_code == 404
    assert list(children_of(lead)) == []
    newcomer = colleague(clinic, lead, "nurse", "Nora")
    assert role_of(newcomer, child) is None


def test_a_family_shuts_one_person_out_and_the_clinic_cannot_bring_them_back(
    parent, child, clinic, lead
):
    dora = colleague(clinic, lead)
    actions.link_clinic(by=lead, clinic=clinic, code=actions.invite_clinic(by=parent, child=child))
    mine = child.care_roles.get(person=dora)
    actions.end_role(by=parent, child=child, care_role=mine)
    post = clinic.staff.get(person=dora)
    actions.let_go(by=lead, clinic=clinic, post=post)
    token = actions.invite_staff(by=lead, clinic=clinic, role="dietitian")
    actions.join_clinic(person=dora, token=token)
    assert role_of(dora, child) is None
    assert role_of(lead, child) == "neurologist"


def test_a_role_of_ones_own_stays_when_the_clinic_goes(parent, child, clinic, lead):
    dora = colleague(clinic, lead)
    house.grant(child, dora, "dietitian")
    link = actions.link_clinic(
        by=lead, clinic=clinic, code=actions.invite_clinic(by=parent, child=child)
    )
    actions.end_clinic(by=parent, child=child, link=link)
    assert role_of(dora, child) == "dietitian"
    assert role_of(lead, child) is None


def test_who_is_let_go_sees_no_child_of_the_clinic_any_more(parent, child, clinic, lead):
    dora = colleague(clinic, lead)
    actions.link_clinic(by=lead, clinic=clinic, code=actions.invite_clinic(by=parent, child=child))
    actions.let_go(by=lead, clinic=clinic, post=clinic.staff.get(person=dora))
    assert role_of(dora, child) is None
    assert signed_in(dora).get(reverse("clinic-staff", args=[clinic.pk])).status_code == 404


def test_the_last_lead_stays(clinic, lead):
    with pytest.raises(ValidationError, match="last lead"):
        actions.let_go(by=lead, clinic=clinic, post=clinic.staff.get())
    dora = colleague(clinic, lead)
    actions.make_lead(by=lead, clinic=clinic, post=clinic.staff.get(person=dora))
    actions.let_go(by=dora, clinic=clinic, post=clinic.staff.get(person=lead))
    assert actions.leads(dora, clinic)


def test_a_code_for_a_clinic_is_no_code_for_a_guest_and_the_other_way_round(
    parent, child, clinic, lead
):
    for_clinic = actions.invite_clinic(by=parent, child=child)
    for_guest = actions.invite_guest(by=parent, child=child, lasts=timedelta(hours=12))
    with pytest.raises(ValidationError):
        actions.link_clinic(by=lead, clinic=clinic, code=for_guest)
    with pytest.raises(ValidationError):
        actions.come_as_guest(name="X", code=for_clinic)
    assert role_of(lead, child) is None


def test_no_stranger_types_a_code_for_a_clinic(parent, child, clinic):
    code = actions.invite_clinic(by=parent, child=child)
    stranger, _ = house.another_child()
    with pytest.raises(PermissionDenied):
        actions.link_clinic(by=stranger, clinic=clinic, code=code)


# --- leaving


def test_an_account_goes_and_what_it_entered_stays_without_its_name(parent, child, helper):
    entry = house.cluster(helper, child, "2026-06-10 08:00")
    client = signed_in(helper)
    answer = client.post(reverse("delete-account"), {"password_now": "three words here"})
    assert answer.status_code == 302
    helper.refresh_from_db()
    entry.refresh_from_db()
    assert not helper.is_active
    assert (helper.name, helper.is_guest) == ("Somebody who left", True)
    assert entry.entered_by_id == helper.pk
    assert role_of(helper, child) is None
    assert not SignedIn.objects.filter(person=helper).exists()
    assert not Client().login(username="joined-carer@test.example", password="three words here")


def test_a_childs_only_parent_cannot_leave_it_behind(parent, child):
    with pytest.raises(ValidationError, match="only parent"):
        actions.delete_account(person=parent)
    house.grant(child, house.joined(child, "reader"), "parent")
    actions.delete_account(person=parent)
    assert role_of(parent, child) is None
