"""The JSON face: strict types, a named field, and the same rules as the pages."""

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
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def client(parent):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    return client


def url(child, what: str = "clusters") -> str:
    return f"/api/v1/children/{child.pk}/{what}"


def good(**changes: object) -> dict[str, object]:
    body: dict[str, object] = {
        "id": str(house.new_id()),
        "happened_at": "2026-06-10T00:14:00Z",
        "spasm_count": 7,
    }
    return body | changes


def send(client: Client, child, body: object, **headers: str):
    return client.post(url(child), json.dumps(body), content_type="application/json", **headers)


def test_a_cluster_is_stored_and_said_back(client, parent, child):
    body = good(count_kind="at_least", duration_s=75, state_at_onset="asleep", note="é ☺")
    response = send(client, child, body)
    assert response.status_code == 200
    assert response.json() == {
        "id": body["id"],
        "status": "created",
        "echo": "Saved: at least 7 spasms, 02:14",
    }
    stored = SpasmCluster.objects.get()
    assert str(stored.pk) == body["id"]
    assert stored.entered_by == parent
    assert stored.time_zone == "Europe/Berlin"
    assert (stored.spasm_count, stored.duration_s, stored.note) == (7, 75, "é ☺")


def test_the_same_id_again_is_a_duplicate_and_stores_nothing(client, child):
    body = good()
    assert send(client, child, body).json()["status"] == "created"
    again = send(client, child, body | {"spasm_count": 9})
    assert again.status_code == 200
    assert again.json()["status"] == "duplicate"
    assert again.json()["echo"] == "Saved: 7 spasms, 02:14"
    assert SpasmCluster.objects.get().spasm_count == 7


NONE = object()
WRONG = [
    ("id", NONE), ("id", 7), ("id", "seven"), ("id", None), ("id", ""),
    ("happened_at", NONE), ("happened_at", 0), ("happened_at", 1767225600), ("happened_at", None),
    ("happened_at", True), ("happened_at", ""), ("happened_at", "2026-06-10T02:14:00"),
    ("happened_at", "2026-06-10"), ("happened_at", "yesterday"), ("happened_at", "0"),
    ("happened_at", "2026-06-10T12:16:00+02:00"), ("happened_at", "9999-12-31T23:59:59Z"),
    ("happened_at", "0001-01-01T00:00:00Z"), ("happened_at", "2025-08-30T00:00:00Z"),
    ("spasm_count", False), ("spasm_count", True), ("spasm_count", "7"), ("spasm_count", 0),
    ("spasm_count", -1), ("spasm_count", 1.5), ("spasm_count", 10_001), ("spasm_count", [7]),
    ("spasm_count", 10**30), ("spasm_count", float("nan")), ("spasm_count", float("inf")),
    ("duration_s", False), ("duration_s", -1), ("duration_s", 86_401), ("duration_s", "60"),
    ("count_kind", "lots"), ("count_kind", None), ("count_kind", 1),
    ("state_at_onset", "dancing"), ("certainty", ""), ("certainty", "perhaps"),
    ("note", None), ("note", 5), ("note", "x" * 2001), ("note", "a\0b"), ("note", "\ud800"),
    ("colour", "blue"), ("child", "x"), ("entered_by", "x"), ("deleted_at", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"),
    WRONG,
    ids=[f"{f}-{'missing' if v is NONE else repr(v)[:24]}" for f, v in WRONG],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_field(client, child, field, value):
    body = good(**{field: value})
    if value is NONE:
        del body[field]
    response = send(client, child, body)
    assert response.status_code == 422, response.content
    assert list(response.json()["detail"]) == [field]
    assert SpasmCluster.objects.count() == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"spasm_count": None},
        {"count_kind": "unknown"},
        {"count_kind": "estimated", "spasm_count": None},
    ],
    ids=str,
)
def test_a_count_that_does_not_fit_its_kind_is_refused(client, child, changes):
    """“Exactly, but no number” would read as a cluster of none."""
    response = send(client, child, good(**changes))
    assert response.status_code == 422
    assert "number of spasms" in str(response.json()["detail"])
    assert SpasmCluster.objects.count() == 0


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "7", '"x"', "\0", "{'id': 1}"])
def test_a_body_that_is_no_object_is_refused(client, child, body):
    response = client.post(url(child), body, content_type="application/json")
    assert response.status_code in (400, 422)
    assert "detail" in response.json()
    assert SpasmCluster.objects.count() == 0


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2026-06-10T12:02:00+02:00", 2),
        ("2026-06-10T15:45:00+05:45", 0),
        ("2026-06-10T10:00:00.5Z", 0),
    ],
)
def test_a_fast_phone_clock_and_any_offset_are_understood(client, child, text, minutes):
    """Peer defect 10."""
    assert send(client, child, good(happened_at=text)).status_code == 200
    stored = SpasmCluster.objects.get().happened_at
    assert timedelta(0) <= stored - house.NOW - timedelta(minutes=minutes) < timedelta(seconds=1)


def test_an_unknown_number_is_one_and_not_nought(client, child):
    response = send(client, child, good(count_kind="unknown", spasm_count=None))
    assert response.json()["echo"] == "Saved: not counted, 02:14"
    assert SpasmCluster.objects.get().spasm_count is None


def test_nobody_sends_without_signing_in(child):
    client = Client(raise_request_exception=False)
    assert send(client, child, good()).status_code == 401
    assert client.get(url(child, "foods")).status_code == 401
    assert SpasmCluster.objects.count() == 0


def test_another_child_is_as_if_there_were_none(client, child):
    _, other = house.another_child()
    for unknown in (other.pk, uuid.uuid4()):
        response = client.post(
            f"/api/v1/children/{unknown}/clusters",
            json.dumps(good()),
            content_type="application/json",
        )
        assert response.status_code == 404
        assert client.get(f"/api/v1/children/{unknown}/foods").status_code == 404
    assert SpasmCluster.objects.count() == 0
    assert other.name not in response.content.decode()


def test_the_id_of_another_childs_cluster_is_refused_and_tells_nothing(client, child):
    other_parent, other = house.another_child()
    theirs = house.cluster(other_parent, other, "2026-06-09 07:30", 42)
    response = send(client, child, good(id=str(theirs.pk)))
    assert response.status_code == 422
    assert list(response.json()["detail"]) == ["id"]
    assert "42" not in response.content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("reader", 403), ("carer", 200), ("neurologist", 200)]
)
def test_who_may_log_may_send(child, join, role, status):
    client = Client(raise_request_exception=False)
    client.force_login(join(role))
    response = send(client, child, good())
    assert response.status_code == status
    assert SpasmCluster.objects.count() == (status == 200)


def test_a_request_from_another_site_is_refused(parent, child):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(parent)
    assert send(client, child, good()).status_code == 403
    assert SpasmCluster.objects.count() == 0
    client.get(f"/c/{child.pk}/log/cluster/")
    token = client.cookies["csrftoken"].value
    assert send(client, child, good(), headers={"X-CSRFToken": "x" * 64}).status_code == 403
    assert send(client, child, good(), headers={"X-CSRFToken": token}).status_code == 200


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_clusters_can_only_be_sent(client, child, method):
    """Peer defect 14: there is no full replacement that could erase a field."""
    assert getattr(client, method)(url(child)).status_code == 405


@pytest.mark.parametrize("child_id", ["x", "1", "0" * 32, "../../", "%00"])
def test_a_child_id_that_is_none_is_refused(client, child_id):
    response = client.post(
        f"/api/v1/children/{child_id}/clusters", "{}", content_type="application/json"
    )
    assert response.status_code in (404, 422)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from(["id", "happened_at", "spasm_count", "count_kind", "duration_s", "note",
                         "state_at_onset", "certainty", "x"]),
        json_values,
        min_size=1,
    )
)  # fmt: skip
def test_no_json_breaks_the_api_and_what_is_refused_is_not_stored(client, child, changes):
    before = SpasmCluster.objects.count()
    response = send(client, child, good() | changes)
    assert response.status_code in (200, 422), response.content
    stored = SpasmCluster.objects.count() - before
    assert stored == (response.status_code == 200 and response.json()["status"] == "created")


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
