"""The written table against the running house: every address and operation, every role, whose
child it is. What is not in the table fails."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from quietdays.people.actions import create_clinic, invite, invite_clinic, link_clinic
from quietdays.people.models import Clinic
from quietdays.web.api import api
from quietdays.web.urls import of_child, urlpatterns
from tests import house
from tests.diary import films
from tests.web.matrix import (
    ANYBODY,
    LEAD,
    OPERATIONS,
    OPERATOR,
    OUTSIDE,
    ROLES,
    ROUTES,
    SECRET,
    SIGNED_IN,
    STAFF,
)

pytestmark = pytest.mark.django_db
NOW_TEXT = "2026-06-10T10:00:00Z"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def named(patterns, inside: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address of the house with its name, those of included lists too."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from named(pattern.url_patterns, inside + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name), pattern


def test_every_address_of_the_house_has_its_line():
    found = {name for name, _ in named(urlpatterns)}
    assert found == set(ROUTES) | set(OPERATIONS) | set(OUTSIDE)
    assert {route.name for route in of_child} == set(ROUTES)


def test_every_operation_of_the_description_has_its_line():
    described = {
        (operation["operationId"], path.startswith("/api/v1/children/{child_id}/"))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for operation in methods.values()
    }
    assert {name for name, of_one in described if of_one} == set(OPERATIONS)
    assert {name for name, of_one in described if not of_one} <= set(OUTSIDE)


# --- operations


def bodies(parent, child) -> dict[str, object]:
    """For each operation something that it would take from whoever may."""
    food = house.meal_food(parent, child)
    wish = {"food": str(food.pk)}
    meal = {"ratio": 3, "energy_kcal": 155, "foods": [wish]}
    cluster = house.cluster(parent, child, "2026-06-10 07:30")
    return {
        "balance_meal": meal,
        "exchange_food": {"meal": meal, "out": str(food.pk)},
        "begin_clip": {
            "id": str(house.new_id()),
            "cluster": str(cluster.pk),
            "size_bytes": 6000,
            "content_type": "video/mp4",
        },
        "sync": {"device": str(house.new_id()), "clock": NOW_TEXT, "operations": []},
    }


def asked(client: Client, name: str, child, told: dict[str, object], film) -> int:
    _, method, path, _ = OPERATIONS[name]
    url = f"/api/v1/children/{child.pk}/{path.format(clip_id=film.pk)}"
    if method == "PUT":
        body, kind = films.film(6000), "application/octet-stream"
    else:
        body, kind = json.dumps(told.get(name)), "application/json"
    if method == "GET":
        return client.get(url).status_code
    return client.generic(method, url, body, content_type=kind).status_code


def signed_in(someone) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(someone)
    return client


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_those_who_may_and_nobody_else(parent, child, name, role):
    who, _, _, status = OPERATIONS[name]
    person = parent if role == "parent" else house.joined(child, role)
    told = bodies(parent, child)
    cluster = house.cluster(parent, child, "2026-06-10 09:00")
    film = films.begun(parent, child, cluster, films.film(6000))
    expected = {status} if role in who else {403}
    assert asked(signed_in(person), name, child, told, film) in expected
    # the same person and another family's child
    _, other = house.another_child()
    assert asked(signed_in(person), name, other, told, film) == 404


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_nobody_who_is_not_signed_in(parent, child, name):
    told = bodies(parent, child)
    cluster = house.cluster(parent, child, "2026-06-10 09:00")
    film = films.begun(parent, child, cluster, films.film(6000))
    before = house.rows()
    assert asked(Client(), name, child, told, film) == 401
    assert house.rows() == before


# --- a role that is over


@pytest.mark.parametrize("role", ROLES[1:])
def test_who_was_somebody_is_nobody_after_the_end(parent, child, role):
    """Every page of the child, once the role has ended or run out."""
    from datetime import timedelta

    from django.utils import timezone

    person = house.joined(child, role)
    now = timezone.now()
    over = {"ends_at": now} if role == "guest" else {"ended_at": now}
    child.care_roles.filter(person=person).update(**over)
    client = signed_in(person)
    with time_machine.travel(now + timedelta(seconds=1)):
        for name in ("child-home", "emergency", "diary", "child-settings", "trail", "archive"):
            assert client.get(reverse(name, args=[child.pk])).status_code == 404, name
        assert client.get(f"/api/v1/children/{child.pk}/today").status_code == 404


# --- everything that is not one child's


def arguments(pattern: URLPattern, clinic: Clinic) -> dict[str, object]:
    made_up = {
        "clinic_id": clinic.pk, "post_id": house.new_id(), "what": "end", "token": "made-up",
        "passkey_id": house.new_id(), "name": "made-up", "channel_id": house.new_id(),
        "key": str(house.new_id()), "person_id": house.new_id(), "kind": "Observation", "rest": "nothing",
    }  # fmt: skip
    return {key: made_up[key] for key in pattern.pattern.converters}


@pytest.fixture
def clinic(db) -> Clinic:
    lead = house.person("lead@test.example")
    return create_clinic(name="Children’s", phone="", lead=lead, lead_role="neurologist")


def at_the_door(response) -> bool:
    """Sent to the door, or told to sign in."""
    if response.status_code == 302:
        return response.url.startswith("/sign-in/?")
    return response.status_code == 401


PLACES = {name: pattern for name, pattern in named(urlpatterns) if name in OUTSIDE}
# Both are asked: a page that only takes POST answers a GET with 405 for everybody.
METHODS = ("get", "post")


def ask(client: Client, name: str, clinic: Clinic, method: str):
    view = "api-1:" if name in ("openapi-json", "api-root") else ""
    api_names = {
        "subscribe": "push",
        "test": "push/test",
        "press": "quick",
        "receipt": "receipts/x",
    }
    if name in api_names:
        url = f"/api/v1/{api_names[name]}"
    else:
        url = reverse(view + name, kwargs=arguments(PLACES[name], clinic))
    return getattr(client, method)(url)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "name", [n for n, who in OUTSIDE.items() if who in (SIGNED_IN, STAFF, LEAD)]
)
def test_nobody_reaches_what_is_a_persons_own(clinic, name, method):
    response = ask(Client(), name, clinic, method)
    assert at_the_door(response) or response.status_code == 405
    assert at_the_door(ask(Client(), name, clinic, "get")) or at_the_door(
        ask(Client(), name, clinic, "post")
    )


@pytest.mark.parametrize("name", [n for n, who in OUTSIDE.items() if who in (STAFF, LEAD)])
def test_a_clinic_is_as_if_there_were_none_for_who_does_not_work_there(parent, clinic, name):
    method = "get" if name == "clinic-staff" else "post"
    assert ask(signed_in(parent), name, clinic, method).status_code == 404


@pytest.mark.parametrize("name", [n for n, who in OUTSIDE.items() if who == LEAD])
def test_only_the_lead_takes_on_and_lets_go(clinic, name):
    from quietdays.people.actions import invite_staff, join_clinic

    lead = clinic.staff.get().person
    colleague = house.person("colleague@test.example")
    join_clinic(person=colleague, token=invite_staff(by=lead, clinic=clinic, role="nurse"))
    client, before = signed_in(colleague), house.rows()
    url = {
        "invite-staff": reverse("invite-staff", args=[clinic.pk]),
        "change-post": reverse("change-post", args=[clinic.pk, clinic.staff.first().pk, "end"]),
    }[name]
    assert client.post(url, {"role": "nurse"}).status_code == 403
    assert house.rows() == before


@pytest.mark.parametrize("name", [n for n, who in OUTSIDE.items() if who == SECRET])
def test_a_made_up_secret_opens_nothing(parent, child, clinic, name):
    for client in (Client(), signed_in(parent)):
        answers = {ask(client, name, clinic, method).status_code for method in METHODS}
        # 204: a receipt says to nobody whether it was known
        assert answers <= {400, 401, 403, 404, 405, 422, 204}, name
        assert answers - {403, 405}, name


@pytest.mark.parametrize("name", [n for n, who in OUTSIDE.items() if who == ANYBODY])
def test_what_is_open_to_anybody_names_no_child(parent, child, clinic, name):
    for method in METHODS:
        response = ask(Client(), name, clinic, method)
        assert response.status_code < 500
        body = b"".join(response.streaming_content) if response.streaming else response.content
        assert str(child.pk).encode() not in body
        assert parent.email.encode() not in body


@pytest.mark.parametrize("name", [n for n, who in OUTSIDE.items() if who == OPERATOR])
def test_what_is_the_operators_is_closed_to_families_and_clinics(parent, clinic, name):
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    for person in (None, parent, clinic.staff.get().person):
        client = Client(**elsewhere)
        if person is not None:
            client.force_login(person)
        response = ask(client, name, clinic, "get")
        assert at_the_door(response) or response.status_code in (403, 404)


def test_a_link_to_join_opens_nothing_once_its_maker_has_gone(parent, child):
    second = house.joined(child, "reader")
    house.grant(child, second, "parent")
    token = invite(by=second, child=child, role="nurse")
    code = invite_clinic(by=second, child=child)
    child.care_roles.filter(person=second).update(ended_at=house.NOW)
    newcomer = house.person("new@test.example")
    answer = signed_in(newcomer).post(reverse("join", args=[token]))
    assert answer.status_code == 200
    assert not child.care_roles.filter(person=newcomer).exists()
    from django.core.exceptions import ValidationError

    hospital = create_clinic(name="A", phone="", lead=newcomer, lead_role="nurse")
    with pytest.raises(ValidationError):
        link_clinic(by=newcomer, clinic=hospital, code=code)
