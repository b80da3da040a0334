"""The shell of the night log, its worker, its manifest and its session, as a browser gets them."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests import house

pytestmark = pytest.mark.django_db


def test_the_shell_is_the_same_for_everybody_and_names_no_child(parent, child):
    signed_in = Client()
    signed_in.force_login(parent)
    pages = {client.get("/log/").content for client in (Client(), signed_in)}
    assert len(pages) == 1
    assert child.name not in pages.pop().decode()
    assert "csrftoken" in Client().get("/log/").cookies


def test_the_worker_answers_for_every_page_and_is_asked_about_anew(db):
    response = Client().get("/sw.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "no-cache"
    script = response.content.decode()
    assert re.search(r'self.SHELL = \{"cache": "quietdays-[0-9a-f]{16}", "page": "/log/"', script)
    for kept in re.findall(r'"(/static/[^"]+)"', script):
        assert kept in Client().get("/log/").content.decode()


def test_the_manifest_has_icons_and_the_four_shortcuts(db):
    found = Client().get("/manifest.webmanifest").json()
    assert {i["sizes"] for i in found["icons"]} == {"192x192", "512x512"}
    assert [s["name"] for s in found["shortcuts"]] == ["Spasms", "Feed", "Medicine", "Nothing seen"]
    assert found["start_url"] == "/log/"


def test_the_session_tells_who_is_signed_in_and_for_whom(parent, child, join):
    client = Client()
    assert client.get("/api/v1/session").json()["person"] is None
    assert client.get("/api/v1/session").json()["children"] == []
    client.force_login(parent)
    found = client.get("/api/v1/session").json()
    assert found["person"]["name"] == "Pia"
    assert found["children"] == [{"id": str(child.pk), "name": "Noor", "may_log": True}]
    client.force_login(join("reader"))
    assert client.get("/api/v1/session").json()["children"][0]["may_log"] is False


def test_what_one_person_did_is_never_taken_as_anothers(parent, child, join):
    """The phone kept Pia's entry; by the time there is a network, somebody else is signed in."""
    from quietdays.diary.models import Measurement

    client = Client()
    client.force_login(join("carer"))
    body = {
        "device": str(house.new_id()),
        "clock": "2026-03-01T08:00:00Z",
        "operations": [
            {
                "op": str(house.new_id()),
                "action": "create",
                "kind": "length",
                "entry": str(house.new_id()),
                "made_at": "2026-03-01T08:00:00Z",
                "values": {"happened_at": "2026-03-01T08:00:00Z", "value": "64"},
            }
        ],
    }
    url = f"/api/v1/children/{child.pk}/sync"

    def send(person) -> int:
        headers = {"X-Quietdays-Person": str(person.pk)}
        return client.post(url, body, "application/json", headers=headers).status_code

    assert send(parent) == 409
    assert Measurement.objects.count() == 0
    client.force_login(parent)
    assert send(parent) == 200
    assert Measurement.objects.get().entered_by == parent
