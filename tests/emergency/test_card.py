"""The emergency card says what the team signed, as they wrote it, and when it was to be looked through."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from quietdays.emergency.actions import sign_card
from quietdays.emergency.models import EmergencyCard
from quietdays.emergency.queries import card_of, contacts_of, parts_of
from quietdays.records.models import WrittenOnce
from tests import house
from tests.sync.phones import Phone

pytestmark = pytest.mark.django_db
WORDS = {
    "diagnosis": "Infantile epileptic spasms",
    "diet": "Ketogenic 3:1",
    "rescue": "Line one\nline two",
    "glucose": "",
    "contacts": "Dr Okafor, neurologist, +49 30 5550-0100\nThe ward, ask for the night nurse",
    "call_number": "112",
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def neurologist(child):
    return house.joined(child, "neurologist")


@pytest.fixture
def signed(child, neurologist):
    def sign(**values):
        until = house.NOW.date() + timedelta(days=90)
        asked = WORDS | {"expires_on": until} | values
        return sign_card(by=neurologist, child=child, entry_id=house.new_id(), **asked)

    return sign


def page(child, person):
    client = Client()
    client.force_login(person)
    return client.get(f"/c/{child.pk}/emergency/").content.decode()


def test_with_nothing_entered_it_says_so_and_gives_the_number(child, parent):
    html = page(child, parent)
    assert "No emergency plan has been entered by Noor’s team." in html
    assert 'href="tel:112"' in html
    assert Phone(parent, child).get("today").json()["emergency"] is None


def test_it_is_the_teams_words_under_their_name_and_date(child, parent, signed, neurologist):
    signed()
    html = page(child, parent)
    for words in ("Infantile epileptic spasms; Ketogenic 3:1", "Line one<br>line two",
                  neurologist.name, 'href="tel:+493055500100"', "8 September 2026"):  # fmt: skip
        assert words in html, words
    assert "Low blood glucose" not in html  # left blank, and nothing of ours in its place
    assert "No emergency plan" not in html


def test_it_stands_on_the_phone(child, parent, signed, neurologist):
    signed()
    told = Phone(parent, child).get("today").json()["emergency"]
    assert told == {
        "call_number": "112",
        "say": "Infantile epileptic spasms; Ketogenic 3:1",
        "parts": [{"title": "Rescue plan", "text": "Line one\nline two"}],
        "contacts": [
            {"words": "Dr Okafor, neurologist, +49 30 5550-0100", "phone": "+493055500100"},
            {"words": "The ward, ask for the night nurse", "phone": ""},
        ],
        "signed": f"{neurologist.name}, 10 June 2026",
        "expires_on": "2026-09-08",
    }


def test_a_phone_hears_of_a_new_card(child, parent, signed):
    phone = Phone(parent, child)
    cursor = phone.changes()["cursor"]
    signed()
    assert phone.changes(cursor)["plan_changed"] is True


def test_an_old_plan_is_shown_as_old_and_never_hidden(child, parent, signed):
    signed(expires_on=house.NOW.date() + timedelta(days=1))
    with time_machine.travel(house.NOW + timedelta(days=2)):
        html = page(child, parent)
    assert "It may be out of date: ask the team." in html
    assert "Line one" in html


def test_the_newest_is_the_card_and_the_earlier_ones_stay(child, signed):
    first = signed()
    with time_machine.travel(house.NOW + timedelta(hours=1)):
        second = signed(rescue="Other words")
    assert card_of(child) == second
    first.rescue = "changed"
    with pytest.raises(WrittenOnce):
        first.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE emergency_emergencycard SET rescue = 'changed'")
    assert EmergencyCard.objects.get(pk=first.pk).rescue == WORDS["rescue"]


def test_sent_twice_it_is_one_and_other_words_are_another(child, neurologist):
    key = house.new_id()
    asked = WORDS | {"expires_on": house.NOW.date() + timedelta(days=30)}
    for _ in range(2):
        sign_card(by=neurologist, child=child, entry_id=key, **asked)
    assert EmergencyCard.objects.count() == 1
    with pytest.raises(ValidationError, match="signed before"):
        sign_card(by=neurologist, child=child, entry_id=key, **(asked | {"rescue": "x"}))


def test_the_family_reads_it_and_does_not_write_it(child, parent):
    with pytest.raises(PermissionDenied):
        sign_card(by=parent, child=child, entry_id=house.new_id(), **WORDS)
    assert "sign/" not in page(child, parent)


@pytest.mark.parametrize(("days", "words"), [(0, "has passed"), (184, "six months")])
def test_it_lasts_six_months_at_most(signed, days, words):
    with pytest.raises(ValidationError, match=words):
        signed(expires_on=house.NOW.date() + timedelta(days=days))
    assert not EmergencyCard.objects.exists()


def test_an_empty_card_is_no_card(signed):
    with pytest.raises(ValidationError, match="at least one thing"):
        signed(rescue="", contacts="")


@given(st.text(max_size=300))
def test_no_word_of_the_team_is_lost_or_added(text):
    card = EmergencyCard(contacts=text, rescue=text)
    assert [text for _, text in parts_of(card)] == ([text.strip()] if text.strip() else [])
    said = [contact.words for contact in contacts_of(card)]
    assert said == [line.strip() for line in text.splitlines() if line.strip()]
    for contact in contacts_of(card):
        assert contact.phone == "" or contact.phone.removeprefix("+").isdecimal()
