"""A family with a medicine, two carers, and phones that take pushes."""

from __future__ import annotations

import base64
import os
from datetime import timedelta
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from quietdays.medicines.actions import add_medicine, add_step
from quietdays.records.ids import new_id
from quietdays.reminders import actions, keys
from tests.reminders.servers import Taken, http_server


class Browser:
    """The receiving end of web push: a key pair and a secret that never leave it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        point = self.private.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.p256dh = base64.urlsafe_b64encode(point).rstrip(b"=").decode()
        self.auth = base64.urlsafe_b64encode(self.secret).rstrip(b"=").decode()


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path):
    """A key pair of this test's own."""
    settings.DATA_DIR = tmp_path
    keys.vapid.cache_clear()
    yield
    keys.vapid.cache_clear()


@pytest.fixture
def push_service(settings):
    """A push service on this machine; what it took, and what it is to answer."""
    taken = Taken(201)
    with http_server(taken) as place:
        settings.PUSH_HOSTS = [place]
        taken.place = place
        yield taken


@pytest.fixture
def subscribed(push_service):
    """subscribed(person) is a phone of theirs that takes pushes: its channel and its browser."""

    def make(person, name="phone"):
        browser = Browser()
        channel = actions.subscribe(
            by=person,
            device=new_id(),
            name=name,
            endpoint=f"http://{push_service.place}/push/{name}",
            p256dh=browser.p256dh,
            auth=browser.auth,
        )
        return channel, browser

    return make


@pytest.fixture
def dose(parent, child):
    """dose(minutes_ago) is a medicine whose only daily dose was due then, written down long ago."""

    def make(minutes_ago: float = 1.0, name: str = "Vigabatrin"):
        now = timezone.now()
        due = (now - timedelta(minutes=minutes_ago)).replace(second=0, microsecond=0)
        medicine = add_medicine(
            by=parent, child=child, entry_id=new_id(), name=name, form="", unit="mL"
        ).record
        step = add_step(
            by=parent,
            child=child,
            entry_id=new_id(),
            medicine=medicine,
            effective_from=child.today() - timedelta(days=2),
            change="start",
            dose=Decimal("2.5"),
            times=[f"{child.timeline().local(due):%H:%M}"],
        ).record
        type(step).objects.filter(pk=step.pk).update(entered_at=now - timedelta(days=2))
        return medicine, due

    return make


@pytest.fixture
def told():
    """told(person, child, order=1) sets when somebody is told, as if days ago."""

    def make(person, child, **values):
        turn = actions.set_turn(by=person, child=child, **values)
        type(turn).objects.filter(pk=turn.pk).update(since=timezone.now() - timedelta(days=2))
        return turn

    return make
