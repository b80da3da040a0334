"""The JSON face: who may send, from where, to which address, and garbage; values: tests/sync."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.diary.models import SpasmCluster
from quietdays.diet.starter import load_starter_foods
from quietdays.sync.models import Operation
from tests import house

pytestmark = pytest.mark.django_db
DEVICE = "00000000-0000-4000-8000-000000000001"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def client(parent):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    return client


def url(child, what: str = "sync") -> str:
    return f"/api/v1/children/{child.pk}/{what}"


def good(**changes: object) -> dict[str, object]:
    """The values of a cluster."""
    return {"happened_at": "2026-06-10T00:14:00Z", "spasm_count": 7} | changes


def operation(values: object, **changes: object) -> dict[str, object]:
    made = {
        "op": str(house.new_id()),
        "action": "create",
        "kind": "cluster",
        "entry": str(house.new_id()),
        "made_at": "2026-06-10T10:00:00Z",
        "values": values,
    }
    return made | changes


def batch(*operations: object, **changes: object) -> dict[str, object]:
    made = {"device": DEVICE, "clock": "2026-06-10T10:00:00Z", "operations": list(operations)}
    return made | changes


def post(client: Client, child, body: object, **headers: str):
    return client.post(url(child), json.dumps(body), content_type="application/json", **headers)


def send(client: Client, child, values: object, **headers: str):
    """One new cluster with these values, in a batch of its own."""
    return post(client, child, batch(operation(values)), **headers)


def result_of(response) -> dict[str, object]:
    assert response.status_code == 200, response.content
    [result] = response.json()["results"]
    return result


def test_a_cluster_is_stored_and_said_back(client, parent, child):
    sent = operation(
        good(count_kind="at_least", duration_s=75, state_at_onset="asleep", note="é ☺")
    )
    result = result_of(post(client, child, batch(sent)))
    assert (result["op"], result["status"]) == (sent["op"], "applied")
    assert result["echo"] == "Saved: at least 7 spasms, 02:14"
    stored = SpasmCluster.objects.get()
    assert str(stored.pk) == sent["entry"]
    assert stored.entered_by == parent
    assert stored.time_zone == "Europe/Berlin"
    assert (stored.spasm_count, stored.duration_s, stored.note) == (7, 75, "é ☺")
    assert (stored.count_kind, stored.state_at_onset) == ("at_least", "asleep")


# What tests/sync/test_strict.py tries of every kind, by its type, is not tried again here.
WRONG = [
    ("happened_at", None), ("happened_at", "0"), ("happened_at", "2026-06-10T12:16:00+02:00"),
    ("happened_at", "2025-08-30T00:00:00Z"),
    ("spasm_count", 10_001), ("spasm_count", float("nan")), ("spasm_count", float("inf")),
    ("duration_s", float("nan")), ("count_kind", ""), ("certainty", ""), ("note", "x" * 2001),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), WRONG, ids=[f"{field}-{value!r}"[:36] for field, value in WRONG]
)
def test_a_wrong_value_is_rejected_by_the_name_of_its_field(client, child, field, value):
    response = send(client, child, good(**{field: value}))
    result = result_of(response)
    assert (result["status"], list(result["errors"])) == ("rejected", [field])
    assert SpasmCluster.objects.count() == 0
    assert Operation.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"spasm_count": None},
        {"count_kind": "unknown"},
        {"count_kind": "estimated", "spasm_count": None},
    ],
    ids=str,
)
def test_a_count_that_does_not_fit_its_kind_is_rejected(client, child, changes):
    """“Exactly, but no number” would read as a cluster of none."""
    result = result_of(send(client, child, good(**changes)))
    assert result["status"] == "rejected"
    assert "number of spasms" in str(result["errors"])
    assert SpasmCluster.objects.count() == 0


def test_an_unknown_number_is_one_and_not_nought(client, child):
    result = result_of(send(client, child, good(count_kind="unknown", spasm_count=None)))
    assert result["echo"] == "Saved: not counted, 02:14"
    assert SpasmCluster.objects.get().spasm_count is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2026-06-10T12:02:00+02:00", 2),
        ("2026-06-10T15:45:00+05:45", 0),
        ("2026-06-10T10:00:00.5Z", 0),
    ],
)
def test_a_fast_phone_clock_and_any_offset_are_understood(client, child, text, minutes):
    """A little ahead is no reason to lose a night's entry."""
    assert result_of(send(client, child, good(happened_at=text)))["status"] == "applied"
    stored = SpasmCluster.objects.get().happened_at
    assert timedelta(0) <= stored - house.NOW - timedelta(minutes=minutes) < timedelta(seconds=1)


# --- who sends, and from where


def test_nobody_finds_foods_without_signing_in(child):
    client = Client(raise_request_exception=False)
    assert client.get(url(child, "foods")).status_code == 401


def test_another_child_is_as_if_there_were_none(client, child):
    _, other = house.another_child()
    body = json.dumps(batch(operation(good())))
    for unknown in (other.pk, uuid.uuid4()):
        address = f"/api/v1/children/{unknown}"
        response = client.post(f"{address}/sync", body, content_type="application/json")
        assert response.status_code == 404
        assert other.name not in response.content.decode()
        for what in ("foods", "changes", "today"):
            assert client.get(f"{address}/{what}").status_code == 404
    assert SpasmCluster.objects.count() == Operation.objects.count() == 0


@pytest.mark.parametrize("role", ["carer", "neurologist"])
def test_not_only_parents_may_send(child, join, role):
    client = Client(raise_request_exception=False)
    person = join(role)
    client.force_login(person)
    assert result_of(send(client, child, good()))["status"] == "applied"
    assert SpasmCluster.objects.get().entered_by == person


def test_a_request_from_another_site_is_refused(parent, child):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(parent)
    assert send(client, child, good()).status_code == 403
    told = client.get("/api/v1/session").json()["csrf"]
    assert send(client, child, good()).status_code == 403
    assert send(client, child, good(), headers={"X-CSRFToken": "x" * 64}).status_code == 403
    assert SpasmCluster.objects.count() == Operation.objects.count() == 0
    kept = client.cookies["csrftoken"].value
    for token in (told, kept):
        result = result_of(send(client, child, good(), headers={"X-CSRFToken": token}))
        assert result["status"] == "applied"
    assert SpasmCluster.objects.count() == 2


def test_another_sites_page_is_refused_with_a_token_too(parent, child):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(parent)
    token = client.get("/api/v1/session").json()["csrf"]
    headers = {"X-CSRFToken": token, "Origin": "https://elsewhere.example"}
    assert send(client, child, good(), headers=headers).status_code == 403
    assert SpasmCluster.objects.count() == 0


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_operations_can_only_be_sent(client, child, method):
    """There is no full replacement that could erase a field."""
    assert getattr(client, method)(url(child)).status_code == 405


@pytest.mark.parametrize("child_id", ["x", "1", "0" * 32, "../../", "%00"])
def test_a_child_id_that_is_none_is_refused(client, child_id):
    body = json.dumps(batch(operation(good())))
    address = f"/api/v1/children/{child_id}/sync"
    response = client.post(address, body, content_type="application/json")
    assert response.status_code in (404, 422)


def test_the_address_before_sync_is_gone(client, child):
    """A second way in would pass by the operations, and other phones would never be told."""
    body = json.dumps({"id": str(house.new_id())} | good())
    response = client.post(url(child, "clusters"), body, content_type="application/json")
    assert response.status_code == 404
    assert SpasmCluster.objects.count() == 0


# --- garbage


@pytest.mark.parametrize("body", ["7", "\0", "{'id': 1}", "[[[[", '{"device"', b"\xff\xfe{}"])
def test_a_body_that_is_no_object_is_refused(client, child, body):
    response = client.post(url(child), body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert "detail" in response.json()
    assert Operation.objects.count() == 0


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
of_an_operation = st.dictionaries(
    st.sampled_from(["op", "action", "kind", "entry", "made_at", "base", "undoes", "values",
                     "typed", "x"]),
    json_values,
    min_size=1,
)  # fmt: skip
of_a_batch = st.dictionaries(
    st.sampled_from(["device", "clock", "operations", "x"]), json_values, min_size=1
)


@settings(max_examples=120)
@given(st.one_of(
    of_an_operation.map(lambda changes: batch(operation(good()) | changes)),
    of_a_batch.map(lambda changes: batch(operation(good())) | changes),
    json_values,
))  # fmt: skip
def test_no_json_breaks_the_api_and_what_is_refused_is_not_stored(client, child, body):
    before = SpasmCluster.objects.count(), Operation.objects.count()
    response = post(client, child, body)
    assert response.status_code in (200, 422), response.content
    results = response.json().get("results", [])
    assert all(r["status"] in ("applied", "rejected") for r in results), results
    applied = sum(r["status"] == "applied" for r in results)
    after = SpasmCluster.objects.count(), Operation.objects.count()
    assert after == (before[0] + applied, before[1] + len(results))
    assert response.status_code == 200 or response.json()["detail"]


# --- foods


def test_foods_are_given_with_fibre_apart_and_only_the_familys_own(client, parent, child):
    load_starter_foods()
    house.food(parent, child, "Powder", fat="69.2", protein="14.4", carbohydrate="8.2",
               fibre_g="5.3", carbohydrate_basis="total")  # fmt: skip
    house.food(*house.another_child(), "Powder of theirs")
    found = client.get(url(child, "foods"), {"q": "powder"}).json()
    mine = next(f for f in found if f["name"] == "Powder")
    assert (mine["carbohydrate_g"], mine["fibre_g"], mine["is_fibre_known"]) == (2.9, 5.3, True)
    assert "Powder of theirs" not in [f["name"] for f in found]
    assert len(found) <= 12


@pytest.mark.parametrize("text", ["", " ", "%", "_", "'", '"; DROP TABLE', "é", "\0", "x" * 80])
def test_any_search_finds_something_or_nothing(client, child, text):
    assert client.get(url(child, "foods"), {"q": text}).status_code == 200


def test_a_search_that_is_too_long_is_refused_by_its_name(client, child):
    response = client.get(url(child, "foods"), {"q": "x" * 81})
    assert response.status_code == 422
    assert list(response.json()["detail"]) == ["q"]
