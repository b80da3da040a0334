"""A token opens one child to a program: within its scopes, its time and its person's own rights."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from quietdays.diary.models import SpasmCluster
from quietdays.people.actions import end_role, grant_role
from quietdays.people.models import AccessToken, AccessUse
from quietdays.people.tokens import REMEMBERED, end_token, forget_tokens, make_token
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def make(child, parent):
    def made(*scopes, by=parent, lasts=timedelta(days=30)):
        return make_token(
            by=by, child=child, entry_id=house.new_id(), name="Display",
            scopes=scopes or ["read"], lasts=lasts,
        )  # fmt: skip

    return made


def asked(secret, **more):
    return Client(
        raise_request_exception=False, headers={"Authorization": f"Bearer {secret}"}, **more
    )


def get(client, child, what="changes"):
    return client.get(f"/api/v1/children/{child.pk}/{what}")


def send(client, child, **headers):
    values = {"happened_at": "2026-06-10T00:14:00Z", "spasm_count": 7}
    operation = {
        "op": str(house.new_id()), "action": "create", "kind": "cluster",
        "entry": str(house.new_id()), "made_at": "2026-06-10T10:00:00Z", "values": values,
    }  # fmt: skip
    body = {
        "device": str(house.new_id()),
        "clock": "2026-06-10T10:00:00Z",
        "operations": [operation],
    }
    address = f"/api/v1/children/{child.pk}/sync"
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def test_the_secret_is_stored_nowhere_and_is_long(make):
    token, secret = make()
    assert secret not in str(AccessToken.objects.values().get(pk=token.pk))
    assert secret.startswith("qdt_")
    assert len(secret) >= 47


def test_it_reads_with_read_and_writes_with_log(make, child):
    _, reading = make("read")
    _, logging = make("log")
    _, both = make("read", "log")
    assert get(asked(reading), child).status_code == 200
    assert get(asked(both), child).status_code == 200
    assert send(asked(logging), child).json()["results"][0]["status"] == "applied"
    assert send(asked(both), child).status_code == 200
    assert SpasmCluster.objects.count() == 2


@pytest.mark.parametrize("what", ["changes", "today", "foods"])
def test_every_reading_address_takes_it(make, child, what):
    _, secret = make("read")
    assert get(asked(secret), child, what).status_code == 200


def test_a_missing_scope_is_named(make, child):
    _, reading = make("read", "fhir")
    _, logging = make("log")
    for answer, scope in (
        (send(asked(reading), child), "log"),
        (get(asked(logging), child), "read"),
    ):
        assert answer.status_code == 403
        assert f"“{scope}”" in answer.json()["detail"]
    assert not SpasmCluster.objects.exists()


def test_another_child_is_as_if_there_were_none_even_of_the_same_person(make, child, parent):
    from quietdays.people.actions import create_family

    sibling = create_family(
        by=parent, child_name="Lou", birth_date=house.BORN, sex="male", time_zone="Europe/Berlin"
    )
    _, other = house.another_child()
    _, secret = make("read", "log")
    unknown = asked(secret).get(f"/api/v1/children/{house.new_id()}/changes")
    for one in (sibling, other):
        answer = get(asked(secret), one)
        assert (answer.status_code, answer.json()) == (404, unknown.json())
        assert send(asked(secret), one).status_code == 404
    assert asked(secret).get("/api/v1/children/not-an-id/changes").status_code == 404


def test_a_persons_own_addresses_are_closed_to_it(make):
    _, secret = make("read", "log")
    body = json.dumps({"device": str(house.new_id())})
    answer = asked(secret).post("/api/v1/push/test", body, content_type="application/json")
    assert answer.status_code == 403


def test_one_that_does_not_work_is_401_whyever(make, child, parent, noon):
    revoked, ended = make()
    _, expired = make(lasts=timedelta(days=1))
    end_token(by=parent, token=revoked)
    noon.shift(timedelta(days=1))
    answers = [get(asked(secret), child) for secret in (ended, expired, "qdt_" + "x" * 43, "", "é")]
    assert {a.status_code for a in answers} == {401}
    assert len({a.content for a in answers}) == 1
    assert all(a["WWW-Authenticate"].startswith("Bearer") for a in answers)
    assert get(Client(), child)["WWW-Authenticate"] == "Bearer"


def test_a_bad_token_is_not_let_in_by_a_cookie(child, parent):
    client = asked("qdt_nothing")
    client.force_login(parent)
    assert get(client, child).status_code == 401


def test_csrf_is_asked_of_a_session_and_not_of_a_token(make, child, parent):
    _, secret = make("log")
    signed_in = Client(enforce_csrf_checks=True, raise_request_exception=False)
    signed_in.force_login(parent)
    assert send(signed_in, child).status_code == 403
    assert send(asked(secret, enforce_csrf_checks=True), child).status_code == 200
    assert SpasmCluster.objects.count() == 1


def test_it_may_no_more_than_its_person_still_may(make, child, parent):
    second = house.joined(child, "parent")
    _, secret = make("read", "log", by=second)
    assert send(asked(secret), child).status_code == 200
    role = child.care_roles.get(person=second, ended_at__isnull=True)
    end_role(by=parent, child=child, care_role=role)
    assert get(asked(secret), child).status_code == 401
    with time_machine.travel(house.NOW + timedelta(hours=1), tick=False):
        grant_role(child=child, person=second, role="reader")
        assert get(asked(secret), child).status_code == 401  # whoever comes back makes a new one


def test_a_closed_account_closes_its_tokens(make, child, parent):
    _, secret = make()
    type(parent).objects.update(is_active=False)
    assert get(asked(secret), child).status_code == 401


def test_nothing_beyond_a_year_and_nothing_without_a_scope(make, child, parent):
    for wrong in ({"lasts": timedelta(days=366)}, {"lasts": timedelta()}, {"scopes": []}):
        values = {"name": "X", "scopes": ["read"], "lasts": timedelta(days=1)} | wrong
        with pytest.raises(ValidationError):
            make_token(by=parent, child=child, entry_id=house.new_id(), **values)
    assert not AccessToken.objects.exists()


def test_the_family_sees_when_and_how_often_it_was_used(make, child, parent):
    token, secret = make("read", "log")
    for _ in range(3):
        get(asked(secret), child)
    send(asked(secret), child)
    uses = AccessUse.objects.order_by("scope").values_list("scope", "requests")
    assert list(uses) == [("log", 1), ("read", 3)]
    client = Client()
    client.force_login(parent)
    page = client.get(f"/c/{child.pk}/tokens/").content.decode()
    assert "last used 10 Jun, 12:00" in page
    assert "Read the diary (JSON), 3 requests" in page
    client.post(f"/c/{child.pk}/tokens/{token.pk}/end/")
    assert "; ended;" in client.get(f"/c/{child.pk}/tokens/").content.decode()
    assert get(asked(secret), child).status_code == 401


def test_the_form_shows_the_secret_once_and_makes_one(child, parent):
    client = Client()
    client.force_login(parent)
    body = {"id": house.new_id(), "name": "Display", "scopes": ["fhir", "read"], "lasts": "30"}
    made = client.post(f"/c/{child.pk}/tokens/", body)
    assert made["Cache-Control"] == "no-store"
    secret = made.context["secret"]
    assert secret in made.content.decode()
    assert AccessToken.objects.get().scopes == "read fhir"
    again = client.post(f"/c/{child.pk}/tokens/", body).content.decode()
    assert "was made before" in again
    assert secret not in again
    assert AccessToken.objects.count() == 1


def test_what_is_long_over_is_forgotten_with_its_use(make, child):
    token, secret = make()
    get(asked(secret), child)
    forget_tokens(token.expires_at + REMEMBERED)
    assert AccessUse.objects.exists()
    forget_tokens(token.expires_at + REMEMBERED + timedelta(seconds=1))
    assert not AccessToken.objects.exists()
    assert not AccessUse.objects.exists()
