"""The ways in beside a password: the second factor, and the list of browsers one is signed in."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.people import second_factor, sessions
from quietdays.people.devices import device_of
from quietdays.people.models import RecoveryCode, SecondFactor, SignedIn
from tests import house

pytestmark = pytest.mark.django_db
PASSWORD = "three words here"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False) as clock:
        yield clock


def digits(person, *, steps: int = 0) -> str:
    secret = SecondFactor.objects.get(person=person).secret
    return pyotp.TOTP(secret).at(house.NOW + timedelta(seconds=30 * steps))


@pytest.fixture
def asked(parent) -> list[str]:
    """The parent has a second factor; answers the recovery codes."""
    second_factor.begin(person=parent)
    return second_factor.confirm(person=parent, digits=digits(parent, steps=-1))


def door(client, **more):
    body = {"username": "parent@test.example", "password": PASSWORD} | more
    return client.post(reverse("sign-in"), body)


def is_in(client) -> bool:
    return client.get(reverse("account")).status_code == 200


# --- the second factor


def test_nothing_is_asked_before_a_first_number_has_fitted(parent):
    second_factor.begin(person=parent)
    client = Client()
    assert door(client).status_code == 302
    assert is_in(client)
    with pytest.raises(ValidationError):
        second_factor.confirm(person=parent, digits="000000")
    assert not second_factor.is_asked(parent)


def test_a_password_alone_opens_nothing_then(parent, child, asked):
    client = Client()
    answer = door(client, next=reverse("diary", args=[child.pk]))
    assert answer.url == reverse("sign-in-code")
    assert not is_in(client)
    assert client.get(reverse("diary", args=[child.pk])).status_code == 302
    answer = client.post(reverse("sign-in-code"), {"code": digits(parent)})
    assert answer.url == reverse("diary", args=[child.pk])
    assert is_in(client)


def test_a_number_opens_once_and_an_earlier_one_never_again(parent, asked):
    second_factor.pass_with(person=parent, typed=digits(parent, steps=1))
    for steps in (1, 0, -1):
        with pytest.raises(ValidationError):
            second_factor.pass_with(person=parent, typed=digits(parent, steps=steps))


@given(st.integers(-40, 40))
def test_only_numbers_of_half_a_minute_around_now_fit(parent, steps):
    SecondFactor.objects.filter(person=parent).delete()
    factor = second_factor.begin(person=parent)
    factor.confirmed_at = house.NOW
    factor.save()
    if abs(steps) <= 1:
        second_factor.pass_with(person=parent, typed=digits(parent, steps=steps))
    elif digits(parent, steps=steps) not in {digits(parent, steps=n) for n in (-1, 0, 1)}:
        with pytest.raises(ValidationError):
            second_factor.pass_with(person=parent, typed=digits(parent, steps=steps))


def test_a_recovery_code_opens_once(parent, asked):
    client = Client()
    door(client)
    assert client.post(reverse("sign-in-code"), {"code": asked[0].lower()}).status_code == 302
    assert is_in(client)
    again = Client()
    door(again)
    assert again.post(reverse("sign-in-code"), {"code": asked[0]}).status_code == 200
    assert not is_in(again)


def test_no_recovery_code_lies_readable(parent, asked):
    stored = "".join(RecoveryCode.objects.values_list("code_sha256", flat=True))
    assert not [code for code in asked if code.replace("-", "") in stored]


def test_guessing_numbers_has_an_end(parent, asked, noon):
    client = Client()
    door(client)
    statuses = [
        client.post(reverse("sign-in-code"), {"code": "000000"}).status_code for _ in range(11)
    ]
    assert statuses == [200] * 10 + [429]
    assert client.post(reverse("sign-in-code"), {"code": digits(parent)}).status_code == 429
    assert not is_in(client)


def test_between_the_steps_there_are_ten_minutes(parent, asked, noon):
    client = Client()
    door(client)
    noon.shift(601)
    secret = SecondFactor.objects.get().secret
    now = pyotp.TOTP(secret).at(house.NOW + timedelta(seconds=601))
    assert client.post(reverse("sign-in-code"), {"code": now}).url == reverse("sign-in")
    assert not is_in(client)


def test_the_code_page_is_no_door_by_itself(parent, asked):
    client = Client()
    assert client.post(reverse("sign-in-code"), {"code": digits(parent)}).url == reverse("sign-in")
    assert not is_in(client)


def test_taking_it_away_asks_for_the_password(parent, asked):
    client = Client()
    client.force_login(parent)
    wrong = client.post(reverse("remove-second-factor"), {"password_now": "not mine"})
    assert wrong.status_code == 200
    assert second_factor.is_asked(parent)
    client.post(reverse("remove-second-factor"), {"password_now": PASSWORD})
    assert not second_factor.is_asked(parent)
    assert not RecoveryCode.objects.exists()


def test_setting_it_up_by_its_page(parent):
    client = Client()
    client.force_login(parent)
    page = client.get(reverse("second-factor")).content.decode()
    assert SecondFactor.objects.get().secret in page.replace(" ", "")
    answer = client.post(reverse("second-factor"), {"code": digits(parent)})
    assert answer.content.decode().count("<code>") == 10
    assert answer["Cache-Control"] == "no-store"
    assert second_factor.is_asked(parent)


# --- the password


def test_a_new_password_signs_every_other_browser_out(parent):
    here, there = Client(), Client()
    door(here)
    door(there)
    changed = {"password_now": PASSWORD, "password": "four other words here"}
    assert here.post(reverse("change-password"), changed).status_code == 302
    assert is_in(here)
    assert not is_in(there)
    assert door(Client()).status_code == 200  # the old one opens nothing
    assert door(Client(), password="four other words here").status_code == 302


@pytest.mark.parametrize(
    "sent", [{"password_now": "wrong", "password": "four other words here"},
             {"password_now": PASSWORD, "password": "short"}, {}],
)  # fmt: skip
def test_a_password_is_not_changed_without_the_one_before_or_to_a_weak_one(parent, sent):
    client = Client()
    client.force_login(parent)
    assert client.post(reverse("change-password"), sent).status_code == 200
    assert door(Client()).status_code == 302


# --- passkeys: what a browser cannot do; what it can is tests/browser/test_passkeys.py


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"credential": 1}', '{"credential": {"id": "x"}}', "{" * 5000]
)
def test_a_garbled_passkey_lets_nobody_in(parent, body):
    client = Client()
    client.post(reverse("passkey-options"))
    answer = client.post(reverse("sign-in-passkey"), body, content_type="application/json")
    assert answer.status_code == 400
    assert not is_in(client)


def test_a_bare_address_gets_no_passkeys_and_a_name_does():
    assert (
        "data-passkey" not in Client(HTTP_HOST="127.0.0.1:8000").get("/sign-in/").content.decode()
    )
    assert "data-passkey" in Client(HTTP_HOST="localhost:8000").get("/sign-in/").content.decode()


def test_a_challenge_leaves_no_session_for_half_a_year(db):
    Client().post(reverse("passkey-options"))
    row = SignedIn.objects.get()
    assert row.person_id is None
    assert row.expire_date <= house.NOW + timedelta(minutes=10)


def test_a_challenge_names_nobody(parent):
    options = Client(HTTP_HOST="localhost").post(reverse("passkey-options")).json()
    assert options["allowCredentials"] == []
    assert options["userVerification"] == "required"
    assert parent.email not in json.dumps(options)


# --- where one is signed in


def test_a_phone_stays_signed_in_for_half_a_year(parent, noon):
    client = Client()
    door(client)
    noon.shift(timedelta(days=179))
    assert is_in(client)


def test_the_list_tells_browsers_apart_and_signs_one_out(parent):
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537")
    desk = Client(HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    door(phone)
    door(desk)
    page = desk.get(reverse("account")).content.decode()
    assert "Chrome on Android" in page
    assert "Firefox on Windows" in page
    lost = next(d for d in sessions.devices_of(parent) if "Android" in d.device)
    assert lost.session_key not in page  # whoever reads the page over a shoulder gets no key
    desk.post(reverse("sign-out-device", args=[lost.public_name]))
    assert not is_in(phone)
    assert is_in(desk)


def test_nobody_signs_out_somebody_elses_browser(parent):
    stranger, _ = house.another_child()
    mine = Client()
    door(mine)
    theirs = Client()
    theirs.force_login(stranger)
    name = sessions.devices_of(parent)[0].public_name
    theirs.post(reverse("sign-out-device", args=[name]))
    assert is_in(mine)


def test_everywhere_else_is_not_here(parent):
    here, there = Client(), Client()
    door(here)
    door(there)
    here.post(reverse("sign-out-others"))
    assert (is_in(here), is_in(there)) == (True, False)


def test_last_contact_is_noted_now_and_then(parent, noon):
    client = Client()
    door(client)
    row = SignedIn.objects.get(person=parent)
    noon.shift(60)
    is_in(client)
    assert SignedIn.objects.get(pk=row.pk).seen_at == row.seen_at
    noon.shift(timedelta(minutes=11))
    is_in(client)
    later = SignedIn.objects.get(pk=row.pk)
    assert later.seen_at > row.seen_at
    assert later.since == row.since


def test_sessions_that_ran_out_are_forgotten(parent, noon):
    door(Client())
    noon.shift(timedelta(days=181))
    sessions.forget_sessions()
    assert not SignedIn.objects.exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/140.0 Safari/537.36", "Chrome on Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) CriOS/140 Safari/604.1", "Chrome on iPhone"),
        ("curl/8.5", "a program"),
        ("", "a program"),
    ],
    ids=lambda value: value[:20],
)  # fmt: skip
def test_a_browser_in_a_few_words(agent, words):
    assert device_of(agent) == words


# --- a forgotten password


@pytest.fixture
def post(settings):
    """A house that sends e-mail; what it sent."""
    from django.core import mail

    settings.EMAIL_HOST = "mail.example"
    return mail.outbox


def link_in(mail) -> str:
    return next(word for word in mail.body.split() if "/forgotten/" in word).partition(":8000")[2]


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(parent, post):
    here = Client()
    door(here)
    Client().post(reverse("forgotten"), {"email": "Parent@Test.example"})
    assert post[0].to == ["parent@test.example"]
    link = link_in(post[0])
    anybody = Client()
    assert anybody.post(link, {"password": "short"}).status_code == 200
    assert anybody.post(link, {"password": "four other words here"}).status_code == 302
    assert not is_in(here)  # every browser is signed out
    assert anybody.post(link, {"password": "five more other words"}).status_code == 404
    assert door(Client(), password="four other words here").status_code == 302


def test_the_link_is_good_for_an_hour(parent, post, noon):
    Client().post(reverse("forgotten"), {"email": parent.email})
    noon.shift(3601)
    assert Client().get(link_in(post[0])).status_code == 404


def test_nobody_learns_whether_there_is_an_account(parent, post):
    known = Client().post(reverse("forgotten"), {"email": parent.email})
    unknown = Client().post(reverse("forgotten"), {"email": "nobody@test.example"})
    token = rb'name="csrfmiddlewaretoken" value="\w+"'  # another on each page
    told = [re.sub(token, b"", answer.content) for answer in (known, unknown)]
    assert told[0].replace(b"parent@", b"") == told[1].replace(b"nobody@", b"")
    assert len(post) == 1


def test_asking_has_an_end(parent, post):
    statuses = [
        Client().post(reverse("forgotten"), {"email": parent.email}).status_code for _ in range(11)
    ]
    assert statuses == [200] * 10 + [429]
    assert len(post) == 10


def test_the_second_factor_is_still_asked_for(parent, asked, post):
    Client().post(reverse("forgotten"), {"email": parent.email})
    Client().post(link_in(post[0]), {"password": "four other words here"})
    client = Client()
    assert door(client, password="four other words here").url == reverse("sign-in-code")
    assert not is_in(client)


def test_a_house_without_mail_says_whom_to_ask(parent):
    assert "sends no e-mail" in Client().get(reverse("forgotten")).content.decode()


# --- from the release before


def test_phones_that_were_signed_in_stay_signed_in_and_stand_in_the_list(parent):
    from importlib import import_module

    from django.apps import apps
    from django.contrib.sessions.backends.db import SessionStore as Before
    from django.contrib.sessions.models import Session
    from django.db import connection

    phone = Client()
    phone.force_login(parent)
    row = SignedIn.objects.get()
    key, nobody = row.session_key, Before()
    Session.objects.create(
        session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date
    )
    Session.objects.create(
        session_key="x" * 32, session_data=nobody.encode({}), expire_date=row.expire_date
    )
    row.delete()
    assert not is_in(phone)
    migration = import_module("quietdays.people.migrations.0008_trail_kept")
    phone.cookies["sessionid"] = key  # it was taken back just now
    migration.take_sessions_over(apps, type("Editor", (), {"connection": connection}))
    assert is_in(phone)
    assert [d.session_key for d in sessions.devices_of(parent)] == [key]
