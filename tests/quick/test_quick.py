"""Buttons outside the app: they write once, for one child, and tell nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from quietdays.diary.models import Observation, SpasmCluster
from quietdays.diet.models import MealEaten, PlannedMeal
from quietdays.medicines.models import Dose
from quietdays.people.actions import end_role, grant_role
from quietdays.people.entries import take_back
from quietdays.quick import actions
from quietdays.quick.api import DOES_NOT_WORK, NOT_NOW
from quietdays.quick.models import QuickPress, QuickToken
from tests import house

pytestmark = pytest.mark.django_db
URL = "/api/v1/quick"


@pytest.fixture(autouse=True)
def clock():
    """12:00 on 10 June in Berlin; clock.shift(seconds) goes on."""
    with time_machine.travel(house.NOW, tick=False) as traveller:
        yield traveller


def make(by, child, name="Cot tag"):
    return actions.make_button(by=by, child=child, entry_id=house.new_id(), name=name)


@pytest.fixture
def button(parent, child):
    return make(parent, child)


@pytest.fixture
def token(button):
    return button[1]


def press(token: str | None, what: str = "spasms", /, *, query: str = "", **body):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    return Client(raise_request_exception=False, enforce_csrf_checks=True).post(
        URL + query,
        json.dumps({"what": what, **body}),
        content_type="application/json",
        headers=headers,
    )


def said(response, status: int = 200) -> str:
    assert response.status_code == status, response.content
    assert set(response.json()) == {"echo"}
    return response.json()["echo"]


# --- spasms


@pytest.mark.parametrize(
    ("body", "words", "kind", "count"),
    [
        ({}, "spasms seen, not counted", "unknown", None),
        ({"count_kind": "unknown"}, "spasms seen, not counted", "unknown", None),
        ({"count": 7}, "7 spasms seen", "exact", 7),
        ({"count": 1}, "1 spasm seen", "exact", 1),
        ({"count": 20, "count_kind": "at_least"}, "at least 20 spasms seen", "at_least", 20),
        ({"count": 20, "count_kind": "estimated"}, "about 20 spasms seen", "estimated", 20),
    ],
)
def test_spasms_are_stored_as_they_were_said(token, parent, child, body, words, kind, count):
    assert said(press(token, **body)) == f"Saved: {words}"
    stored = SpasmCluster.objects.get()
    assert (stored.count_kind, stored.spasm_count) == (kind, count)
    assert (stored.child, stored.entered_by, stored.happened_at) == (child, parent, house.NOW)


@pytest.mark.parametrize("minutes", [0, 5, 720])
def test_spasms_may_have_been_a_while_ago(token, minutes):
    said(press(token, minutes_ago=minutes))
    assert SpasmCluster.objects.get().happened_at == house.NOW - timedelta(minutes=minutes)


# --- once


def test_the_same_press_sent_again_is_stored_once(token, clock):
    body = {"id": str(house.new_id()), "count": 3}
    first = said(press(token, **body))
    clock.shift(600)  # a phone that found its network late says how long ago it was
    assert said(press(token, **body, minutes_ago=10)) == first == "Saved: 3 spasms seen"
    assert SpasmCluster.objects.count() == 1


def test_the_same_press_sent_again_stays_away_after_it_was_deleted(token, parent):
    body = {"id": str(house.new_id())}
    said(press(token, **body))
    take_back(SpasmCluster.objects.get(), by=parent)
    said(press(token, **body))
    assert SpasmCluster.objects.live().count() == 0


def test_without_an_id_the_same_press_within_ten_seconds_is_a_repeat(token, clock):
    assert said(press(token)) == said(press(token))
    clock.shift(9.9)
    said(press(token))
    assert SpasmCluster.objects.count() == 1
    said(press(token, count=2))  # says something else
    assert SpasmCluster.objects.count() == 2
    clock.shift(0.2)
    said(press(token))
    assert SpasmCluster.objects.count() == 3


def test_two_buttons_are_two_presses(token, parent, child):
    said(press(token))
    said(press(make(parent, child)[1]))
    assert SpasmCluster.objects.count() == 2


def test_an_id_of_another_press_is_refused(token, parent, child):
    press_id = str(house.new_id())
    said(press(token, id=press_id))
    assert said(press(token, "nothing-seen", id=press_id), 409) == NOT_NOW
    assert said(press(make(parent, child)[1], id=press_id), 409) == NOT_NOW
    assert (SpasmCluster.objects.count(), Observation.objects.count()) == (1, 0)


def test_an_id_of_an_entry_of_the_app_changes_nothing_there(token, parent, child):
    entry = house.cluster(parent, child, "2026-06-09 07:30", spasms=4)
    said(press(token, id=str(entry.pk), count=9))
    entry.refresh_from_db()
    assert (entry.spasm_count, SpasmCluster.objects.count()) == (4, 2)


# --- nothing seen


def test_nothing_seen_says_that_the_day_was_watched_and_always_the_same(token, parent, child):
    house.watch(parent, child, house.TODAY, morning="not_watched")
    first = said(press(token, "nothing-seen", id=str(house.new_id())))
    parts = {o.part: o.watch for o in Observation.objects.of(child)}
    assert parts == {"morning": "not_watched", "afternoon": "watched"}
    assert said(press(token, "nothing-seen", id=str(house.new_id()))) == first
    house.cluster(parent, child, "2026-06-10 11:00")
    assert said(press(token, "nothing-seen", id=str(house.new_id()))) == first


# --- a dose


@pytest.fixture
def vigabatrin(parent, child):
    """Due at 08:00, 12:00 is far enough from both neighbours, 20:00."""
    medicine = house.medicine(parent, child)
    house.step(
        parent, child, medicine, date(2026, 6, 1), dose="8", times=("05:00", "12:30", "20:00")
    )
    return medicine


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Saved: medicine given"),
        ({"medicine": "Vigabatrin"}, "Saved: Vigabatrin given"),
        ({"medicine": " vigabatrin "}, "Saved: vigabatrin given"),
    ],
)
def test_the_dose_that_is_due_is_stored_as_written_down(token, vigabatrin, parent, body, words):
    assert said(press(token, "dose", **body, minutes_ago=15)) == words
    dose = Dose.objects.get()
    assert (dose.medicine, dose.amount, dose.outcome) == (vigabatrin, Decimal(8), "given")
    assert dose.happened_at == house.NOW - timedelta(minutes=15)
    assert dose.entered_by == parent


def refused(token: str, what: str, **body) -> None:
    before = house.rows()
    assert said(press(token, what, **body), 409) == NOT_NOW
    assert house.rows() == before


def test_a_dose_that_is_recorded_is_not_recorded_again(token, vigabatrin, parent, child, clock):
    dose = house.dose(parent, child, vigabatrin, "2026-06-10 11:50")
    for body in ({}, {"medicine": "Vigabatrin"}):
        refused(token, "dose", **body)
    clock.shift(11)
    refused(token, "dose")
    take_back(dose, by=parent)
    said(press(token, "dose"))
    clock.shift(60)
    refused(token, "dose")


def test_a_dose_that_was_skipped_is_recorded_too(token, vigabatrin, parent, child):
    house.dose(
        parent,
        child,
        vigabatrin,
        "2026-06-10 12:00",
        amount=None,
        outcome="skipped",
        reason="asleep",
    )
    refused(token, "dose")


def test_a_dose_soon_after_another_is_left_to_the_app_which_asks_why(
    token, vigabatrin, parent, child
):
    house.dose(parent, child, vigabatrin, "2026-06-10 08:30")  # late for 05:00, beyond its window
    refused(token, "dose")


def test_two_medicines_at_one_time_must_be_named(token, vigabatrin, parent, child, clock):
    other = house.medicine(parent, child, "Vitamin D")
    house.step(parent, child, other, date(2026, 6, 1), dose="1", times=("12:00",))
    refused(token, "dose")
    said(press(token, "dose", medicine="Vitamin D"))
    clock.shift(60)
    # One of two is recorded: who touches again may well mean that one, not the other.
    refused(token, "dose")
    said(press(token, "dose", medicine="Vigabatrin"))
    assert {d.medicine for d in Dose.objects.all()} == {vigabatrin, other}


def test_between_two_times_of_one_medicine_it_is_not_clear_which(token, parent, child):
    medicine = house.medicine(parent, child)
    house.step(parent, child, medicine, date(2026, 6, 1), times=("10:00", "14:00"))
    refused(token, "dose", medicine="Vigabatrin")


def test_a_dose_is_refused_in_the_same_words_whatever_stands_in_the_way(token, parent, child):
    refused(token, "dose")  # nothing is written down
    medicine = house.medicine(parent, child)
    refused(token, "dose", medicine="Vigabatrin")  # no schedule
    house.step(parent, child, medicine, date(2026, 6, 1), dose=None, times=("12:00",))
    refused(token, "dose", medicine="Vigabatrin")  # how much is not known
    refused(token, "dose", medicine="Levetiracetam")  # no such medicine
    other, sami = house.another_child()
    theirs = house.medicine(other, sami, "Prednisolone")
    house.step(other, sami, theirs, date(2026, 6, 1), times=("12:00",))
    refused(token, "dose", medicine="Prednisolone")  # another child's


def test_a_dose_just_after_midnight_is_that_of_the_evening(token, parent, child, clock):
    medicine = house.medicine(parent, child)
    house.step(parent, child, medicine, date(2026, 6, 1), dose="3", times=("23:30",))
    clock.move_to(house.at("2026-06-11 00:20"))
    said(press(token, "dose"))
    clock.shift(3600)
    refused(token, "dose")
    assert Dose.objects.get().amount == 3


# --- a feed


@pytest.fixture
def lunch(parent, child):
    return house.plan(parent, child, "2026-06-10 12:15", (house.meal_food(parent, child), 100))


def test_the_feed_that_is_due_is_eaten_as_planned(token, lunch, parent):
    assert said(press(token, "meal", minutes_ago=5)) == "Saved: feed eaten as planned"
    eaten = MealEaten.objects.get()
    assert (eaten.planned, eaten.entered_by) == (lunch, parent)
    assert eaten.happened_at == house.NOW - timedelta(minutes=5)
    [item] = eaten.items.all()
    assert (item.offered, item.left) == (100, 0)


def test_a_feed_that_is_logged_is_not_logged_again_nor_the_next_one(
    token, lunch, parent, child, clock
):
    food = house.meal_food(parent, child)
    house.plan(parent, child, "2026-06-10 15:15", (food, 100), name="Snack")
    house.eat(parent, child, "2026-06-10 11:55", (food, 100), planned=lunch)
    refused(token, "meal")
    clock.shift(15 * 60)
    refused(token, "meal")


@pytest.mark.parametrize("when", ["2026-06-10 09:59", "2026-06-10 13:01", "2026-06-11 12:00"])
def test_a_feed_that_is_not_due_is_left_to_the_app(token, parent, child, when):
    house.plan(parent, child, when, (house.meal_food(parent, child), 100))
    refused(token, "meal")


def test_two_feeds_that_could_be_meant_are_left_to_the_app(token, lunch, parent, child):
    house.plan(parent, child, "2026-06-10 10:30", (house.meal_food(parent, child), 100))
    refused(token, "meal")


def test_without_a_plan_there_is_no_feed_to_eat(token, lunch, parent):
    take_back(lunch, by=parent)
    assert PlannedMeal.objects.live().count() == 0
    refused(token, "meal")


# --- what cannot be read


@pytest.mark.parametrize(
    "body",
    [{"what": "sleep"}, {"what": None}, {}, {"what": "spasms", "count": False},
     {"what": "spasms", "count": "7"}, {"what": "spasms", "count": 0},
     {"what": "spasms", "count": 10_001}, {"what": "spasms", "count": 1.5},
     {"what": "spasms", "count_kind": "exact"}, {"what": "spasms", "count_kind": "lots"},
     {"what": "spasms", "count": 5, "count_kind": "unknown"},
     {"what": "spasms", "minutes_ago": -1}, {"what": "spasms", "minutes_ago": 721},
     {"what": "spasms", "minutes_ago": True}, {"what": "spasms", "minutes_ago": "5"},
     {"what": "spasms", "id": "x"}, {"what": "spasms", "id": 5}, {"what": "spasms", "note": "x"},
     {"what": "spasms", "medicine": "A"}, {"what": "dose", "count": 5},
     {"what": "dose", "medicine": ""}, {"what": "dose", "medicine": 5},
     {"what": "dose", "medicine": "A\u0000"}, {"what": "meal", "count_kind": "exact"},
     {"what": "nothing-seen", "minutes_ago": 5}, [], "spasms", None],
    ids=repr,
)  # fmt: skip
def test_what_cannot_be_read_is_refused_and_stores_nothing(token, body):
    before = house.rows()
    response = Client(raise_request_exception=False).post(
        URL,
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )
    assert response.status_code == 422
    assert house.rows() == before


# --- whose button


def test_a_token_in_the_address_works_too_and_the_header_goes_first(token):
    said(press(None, query=f"?token={token}"))
    said(press("made-up", query=f"?token={token}", count=2), 401)
    assert press(token)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("secret", [None, "", "made-up", "x" * 5000, "é"])
def test_without_a_button_that_works_nothing_is_stored(child, button, secret):
    before = house.rows()
    header = None if secret is None else secret.encode().decode("latin-1")
    assert said(press(header), 401) == DOES_NOT_WORK
    assert house.rows() == before


def test_being_signed_in_is_no_button(parent, child, button):
    client = Client()
    client.force_login(parent)
    response = client.post(URL, json.dumps({"what": "spasms"}), content_type="application/json")
    assert said(response, 401) == DOES_NOT_WORK


def test_an_ended_button_answers_as_one_that_never_was(button, token, parent):
    actions.end_button(by=parent, token=button[0])
    assert said(press(token), 401) == said(press("made-up"), 401)
    assert SpasmCluster.objects.count() == 0


def test_a_button_ends_with_the_role_of_who_made_it(parent, child, join, clock):
    nurse = join("nurse")
    _, token = make(nurse, child)
    said(press(token))
    end_role(by=parent, child=child, care_role=child.care_roles.get(person=nurse))
    assert said(press(token, count=2), 401) == DOES_NOT_WORK
    clock.shift(60)
    grant_role(child=child, person=nurse, role="nurse")
    assert said(press(token, count=3), 401) == DOES_NOT_WORK  # back again: a new button
    assert SpasmCluster.objects.count() == 1


def test_a_button_of_an_account_that_was_closed_does_nothing(token, parent):
    parent.is_active = False
    parent.save()
    said(press(token), 401)


def test_a_button_writes_for_its_own_child_only(token, child):
    _, sami = house.another_child()
    grant_role(child=sami, person=child.care_roles.get().person, role="carer")
    said(press(token))
    assert SpasmCluster.objects.get().child == child


def test_only_the_hash_of_a_token_is_kept(button, token):
    stored = QuickToken.objects.get()
    assert stored.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(QuickToken.objects.values()) + str(QuickPress.objects.values())
    assert len(token) >= 43  # 256 bits


def test_no_answer_tells_more_than_was_sent(token, vigabatrin, lunch, parent, child):
    """Neither the child's name nor a zone's time, a dose, or what somebody else entered."""
    house.cluster(parent, child, "2026-06-10 11:00", spasms=13, note="secret")
    answers = [
        press(token, what, **body).content.decode()
        for what in ("spasms", "nothing-seen", "dose", "meal")
        for body in ({}, {"id": str(house.new_id())})
    ]
    for word in ("Noor", "Pia", "12", "10", "13", "Vigabatrin", "Breakfast", "8", "secret", ":00"):
        assert not any(word in answer for answer in answers), word


def test_a_newborns_birth_is_not_told(parent, clock):
    _, sami = house.another_child()
    clock.move_to(house.at(f"{house.BORN} 03:00"))
    grant_role(child=sami, person=parent, role="carer")
    _, token = make(parent, sami)
    assert said(press(token, minutes_ago=600), 409) == NOT_NOW
    assert QuickPress.objects.count() == 0


# --- the pages


@pytest.fixture
def phone(parent):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    return client


def test_a_button_is_made_and_its_address_shown_once(phone, child):
    data = {"id": str(house.new_id()), "name": "Cot tag"}
    url = reverse("quick", args=[child.pk])
    made = phone.post(url, data)
    html = made.content.decode()
    secret = html.split("/q/#")[1].split("<")[0]
    assert made["Cache-Control"] == "no-store"
    said(press(secret))
    again = phone.post(url, data)
    assert "was made before" in again.content.decode()
    assert QuickToken.objects.count() == 1
    listed = phone.get(url).content.decode()
    assert "Cot tag" in listed
    assert "last used 10 Jun, 12:00" in listed
    assert secret not in listed


@pytest.mark.parametrize("name", ["", " ", "x" * 61])
def test_a_button_needs_a_name(phone, child, name):
    response = phone.post(
        reverse("quick", args=[child.pk]), {"id": str(house.new_id()), "name": name}
    )
    assert "Not saved yet" in response.content.decode()
    assert QuickToken.objects.count() == 0


def test_everybody_sees_their_own_buttons_and_a_parent_all(phone, parent, child, join, button):
    nurse = join("nurse")
    theirs, token = make(nurse, child, "Ward watch")
    nurses = Client()
    nurses.force_login(nurse)
    url = reverse("quick", args=[child.pk])
    assert "Cot tag" not in nurses.get(url).content.decode()
    assert "Ward watch" in nurses.get(url).content.decode()
    assert "Ward watch" in phone.get(url).content.decode()
    with pytest.raises(PermissionDenied):
        actions.end_button(by=nurse, token=button[0])
    phone.post(reverse("end-button", args=[child.pk, theirs.pk]))
    said(press(token), 401)
    assert "End Ward watch" not in phone.get(url).content.decode()


def test_the_page_of_a_button_writes_nothing_and_tells_nobody(
    phone, child, django_assert_num_queries
):
    before = house.rows()
    with django_assert_num_queries(0):
        response = Client().get("/q/")
    assert response.status_code == 200
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response
    html = phone.get("/q/").content.decode()
    assert html == response.content.decode()  # the same for whoever is signed in
    assert child.name not in html
    assert house.rows() == before
