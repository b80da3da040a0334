"""What the server says of itself holds nothing of the people who use it."""

from __future__ import annotations

import io
import json
import logging
import logging.config
import sys

import pytest
from django.db import IntegrityError
from django.test import Client

from quietdays.web.logs import Discreet, Json, logging_settings, scrubbed
from tests import house

NOTE = "she smiled at the blue lamp"


@pytest.fixture
def written(monkeypatch):
    """Everything that the server's own settings of logging write, as JSON."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(Discreet())
    handler.setFormatter(Json())
    loggers = [logging.getLogger(name) for name in ("", "django", "quietdays.requests")]
    before = [(each.handlers, each.level) for each in loggers]
    loggers[0].handlers, loggers[1].handlers = [handler], []
    for each in loggers:
        each.setLevel(logging.INFO)
    yield out
    for each, (handlers, level) in zip(loggers, before, strict=True):
        each.handlers = handlers
        each.setLevel(level)


def lines(out: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_nothing_personal_is_in_the_log(written, child, parent, monkeypatch):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    entry = house.cluster(parent, child, "2026-06-09 07:30", 5, note=NOTE)
    base, token = f"/c/{child.pk}", "qdt_a-very-secret-token"
    client.get(f"{base}/diary/2026-06-09/")
    client.get(f"{base}/foods/?q=lamp+{parent.name}")
    client.post(f"{base}/log/cluster/", {"note": NOTE, "happened_at": "never"})
    client.get(f"/s/{token}/")
    client.get(f"/join/{token}/")
    client.get(f"{base}/entry/cluster/{house.new_id()}/")
    client.get(f"/api/v1/children/{child.pk}/foods", headers={"Authorization": f"Bearer {token}"})
    client.post("/sign-in/", {"username": parent.email, "password": "wrong words here"})
    client.get("/", headers={"Host": f"{parent.name}.example"})

    def breaks(*args, **kwargs):
        try:
            raise ValueError(f"{NOTE} of {child.name}")
        except ValueError as error:
            raise IntegrityError(f"Key (email)=({parent.email}) is there already") from error

    monkeypatch.setattr("quietdays.insights.pages.render", breaks)
    assert client.get(f"{base}/diary/2026-06-09/").status_code == 500
    logging.getLogger("quietdays.sharing.chores").warning("could not issue for %s", child.pk)
    text = written.getvalue()
    for secret in (
        "blue lamp", child.name, parent.name, parent.email, token, str(child.pk), child.pk.hex,
        str(entry.pk), "wrong words", "07:30",
    ):  # fmt: skip
        assert secret not in text, secret
    found = lines(written)
    assert {"c/<uuid:child_id>/diary/<day:day>/", "s/<str:token>/"} <= {
        line.get("route") for line in found
    }
    [broke] = [line for line in found if "IntegrityError" in line.get("error", "")]
    assert "ValueError" in broke["error"]  # its cause too, and where
    assert "insights/pages.py" in broke["error"]
    asked = ("quietdays.requests", "django.request")
    assert all(line["request_id"] for line in found if line["name"] in asked)
    assert all(line["time"].endswith("+00:00") for line in found)


def test_a_request_has_one_number_in_the_answer_the_log_and_on_the_page(
    written, child, parent, monkeypatch
):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    monkeypatch.setattr("quietdays.insights.pages.render", lambda *a, **k: 1 / 0)
    asked = "0123-4567-89ab-cdef"
    answer = client.get(f"/c/{child.pk}/diary/", headers={"X-Request-ID": asked})
    assert answer["X-Request-ID"] == asked
    assert asked in answer.content.decode()
    assert {line["request_id"] for line in lines(written)} == {asked}
    for words in ("Noor Smith", "<script>", "x" * 500, "short"):
        made = client.get("/healthz", headers={"X-Request-ID": words})["X-Request-ID"]
        assert made != words
        assert len(made) == 32
    assert client.get("/healthz")["X-Request-ID"] != client.get("/healthz")["X-Request-ID"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("mail to pia@test.example failed", "mail to (e-mail) failed"),
        ("POST https://push.example/send/abc?x=1 was refused", "POST https://push.example/… was"),
        ("smtp://pia:secret@mail.example:25", "smtp://mail.example:25/…"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_addresses_are_taken_out_of_what_others_log(text, wanted):
    assert scrubbed(text).startswith(wanted)


def test_one_id_is_one_short_name_in_both_its_spellings():
    key = house.new_id()
    assert scrubbed(str(key)) == scrubbed(key.hex) == scrubbed(str(key).upper())
    assert scrubbed(str(key)) != scrubbed(str(house.new_id()))


@pytest.mark.parametrize("form", ["json", "text"])
def test_the_settings_of_logging_lead_through_the_filter_and_nowhere_past_it(form, monkeypatch):
    told = logging_settings(form)
    assert [name for name, logger in told["loggers"].items() if logger.get("handlers")] == []
    assert all(handler["filters"] == ["discreet"] for handler in told["handlers"].values())
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    only = {**told, "root": {"handlers": [], "level": "WARNING"}, "loggers": {
        "tests.discreet": {"handlers": ["console"], "propagate": False}}}  # fmt: skip
    logging.config.dictConfig(only)
    logging.getLogger("tests.discreet").error("pia@test.example")
    assert "(e-mail)" in out.getvalue()
    assert (out.getvalue()[0] == "{") == (form == "json")
