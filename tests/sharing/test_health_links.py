"""SMART Health Links: another library opens ours, and they end, lock and answer as specified."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from jwcrypto.jwe import JWE
from jwcrypto.jwk import JWK

from quietdays.sharing.actions import end_link, forget_links, make_link
from quietdays.sharing.health_links import encrypt
from quietdays.sharing.models import TRIES, LinkView, SharedFile
from tests import house


@pytest.fixture
def clock():
    with time_machine.travel(house.NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def make(db, clock, child, parent):
    def made(**values):
        asked = {
            "label": "Dr Okafor", "first": child.birth_date, "last": child.today(),
            "lasts": timedelta(days=7), "has_passcode": True, "for_viewer": True,
        } | values  # fmt: skip
        return make_link(by=parent, child=child, entry_id=house.new_id(), **asked)

    return made


def opened(jwe: str, key: bytes) -> bytes:
    from base64 import urlsafe_b64encode

    token = JWE()
    token.deserialize(jwe, key=JWK(kty="oct", k=urlsafe_b64encode(key).rstrip(b"=").decode()))
    return token.payload


def ask(made, **body):
    asked = {"recipient": "Dr Okafor", "passcode": made.passcode} | body
    return Client().post(f"/shl/{made.secret}", json.dumps(asked), content_type="application/json")


@given(st.binary(min_size=1, max_size=2000), st.binary(min_size=32, max_size=32))
def test_another_library_opens_what_is_encrypted(plain, key):
    jwe = encrypt(plain, key)
    header = json.loads(urlsafe_b64decode(jwe.split(".")[0] + "=="))
    assert header == {"alg": "dir", "enc": "A256GCM", "cty": "application/fhir+json"}
    assert opened(jwe, key) == plain
    assert encrypt(plain, key).split(".")[2] != jwe.split(".")[2]  # a nonce of its own


def test_the_link_leads_a_viewer_to_the_bundle_with_the_pdf(make, child, parent):
    house.cluster(parent, child, "2026-06-09 06:40", 18)
    client = Client()
    client.force_login(parent)
    form = {
        "id": str(house.new_id()), "label": "Ward 4", "first": "2026-06-01", "last": "2026-06-09",
        "lasts": "7", "has_passcode": "on", "for_viewer": "on",
    }  # fmt: skip
    page = client.post(f"/c/{child.pk}/links/", form).content.decode()
    viewer = page.split("data-viewer>")[1].split("<")[0]
    passcode = page.split("data-passcode>")[1].split("<")[0]
    payload = json.loads(
        urlsafe_b64decode(viewer.removeprefix("http://testserver/view/#shlink:/") + "==")
    )
    assert payload["flag"] == "P"
    assert payload["v"] == 1
    assert payload["exp"] == int((house.NOW + timedelta(days=7)).timestamp())
    assert len(payload["url"]) <= 128
    assert len(payload["key"]) == 43
    assert child.name not in payload["label"]
    answer = Client().post(
        payload["url"],
        json.dumps({"recipient": "Ward 4", "passcode": passcode}),
        content_type="application/json",
    )
    [file] = answer.json()["files"]
    assert file["contentType"] == "application/fhir+json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    bundle = json.loads(opened(file["embedded"], urlsafe_b64decode(payload["key"] + "==")))
    kinds = [e["resource"]["resourceType"] for e in bundle["entry"]]
    assert kinds[0] == "Composition"
    assert "DocumentReference" in kinds
    assert LinkView.objects.get().name == "Ward 4"


def test_the_key_is_stored_nowhere(make):
    made = make()
    stored = str(list(SharedFile.objects.values())) + str(list(type(made.link).objects.values()))
    from base64 import urlsafe_b64encode

    assert urlsafe_b64encode(made.key).rstrip(b"=").decode() not in stored
    assert made.key.hex() not in stored


def test_a_long_file_is_fetched_from_its_place_for_ten_minutes(make, clock):
    made = make()
    [file] = ask(made, embeddedLengthMax=100).json()["files"]
    assert "embedded" not in file
    answer = Client().get(file["location"])
    assert answer["Content-Type"] == "application/jose"
    assert opened(answer.content.decode(), made.key).startswith(b'{"resourceType":"Bundle"')
    assert Client().get(f"/shl/{made.secret}/file?ticket=x").status_code == 404
    clock.shift(timedelta(minutes=11))
    assert Client().get(file["location"]).status_code == 404


def test_wrong_passcodes_run_out_for_good(make):
    made = make()
    for left in range(TRIES - 1, -1, -1):
        answer = ask(made, passcode="wrong")
        assert (answer.status_code, answer.json()["remainingAttempts"]) == (401, left)
    answer = ask(made)
    assert (answer.status_code, answer.json()["remainingAttempts"]) == (401, 0)


def test_ended_expired_or_unknown_it_is_not_found(make, parent, clock):
    made = make()
    [file] = ask(made, embeddedLengthMax=1).json()["files"]
    end_link(by=parent, link=made.link)
    assert ask(made).status_code == 404
    assert Client().get(file["location"]).status_code == 404
    assert not SharedFile.objects.exists()
    later = make()
    clock.shift(timedelta(days=7))
    assert ask(later).status_code == 404
    forget_links(house.NOW + timedelta(days=7, seconds=1))
    assert not SharedFile.objects.exists()
    assert ask(make(for_viewer=False)).status_code == 404
    answer = Client().post("/shl/x", '{"recipient": "x"}', content_type="application/json")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"{}", b'{"recipient": ""}', b'{"recipient": 3}', b"\xff",
        b'{"recipient": "x", "passcode": 1}', b'{"recipient": "x", "embeddedLengthMax": "9"}',
        b'{"recipient": "' + b"x" * 5000 + b'"}', b'{"recipient": "a\\u0000b"}', b"[" * 4000,
    ],
)  # fmt: skip
def test_a_strange_body_is_refused_and_costs_no_try(make, body):
    made = make()
    answer = Client().post(f"/shl/{made.secret}", body, content_type="application/json")
    assert answer.status_code == 400
    made.link.refresh_from_db()
    assert made.link.tries_left == TRIES
    assert not LinkView.objects.exists()


def test_without_a_passcode_the_file_itself_is_given_to_whoever_names_themself(make, parent):
    made = make(has_passcode=False)
    address = f"/shl/{made.secret}"
    answer = Client().get(address, {"recipient": "Ward 4"})
    assert answer["Content-Type"] == "application/jose"
    assert opened(answer.content.decode(), made.key).startswith(b'{"resourceType":"Bundle"')
    assert LinkView.objects.get().name == "Ward 4"
    assert Client().get(address).status_code == 400
    assert Client().get(address, {"recipient": "\x00"}).status_code == 400
    guarded = make()
    assert Client().get(f"/shl/{guarded.secret}", {"recipient": "Ward 4"}).status_code == 405
    end_link(by=parent, link=made.link)
    assert Client().get(address, {"recipient": "Ward 4"}).status_code == 404
    assert LinkView.objects.count() == 1
