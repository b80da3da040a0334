"""A webhook tells that entries changed: signed, in order, at least once, and no word of them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from quietdays.hooks.actions import (
    MOST_HOOKS,
    end_hook,
    forget_deliveries,
    make_hook,
    resume_hook,
    try_hook,
)
from quietdays.hooks.models import Delivery, Webhook
from quietdays.hooks.worker import GATHER, RETRIES, Worker, keep_telling
from quietdays.people.actions import end_role
from quietdays.people.tokens import make_token
from quietdays.sync.models import Change
from tests import house
from tests.reminders.servers import Taken, http_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def receiver(settings):
    """A receiver on this machine; `statuses` are what it answers."""
    settings.HOOKS_INSIDE = True
    taken = Taken(204)
    with http_server(taken) as place:
        taken.url = f"http://{place}/told?by=us"
        yield taken


@pytest.fixture
def hook(receiver, parent, child):
    return make_hook(
        by=parent, child=child, entry_id=house.new_id(), name="Display", url=receiver.url
    )


def turn(clock, after=GATHER) -> int:
    clock.shift(after)
    return Worker().turn(timezone.now())


def told(receiver) -> list[dict]:
    return [json.loads(body) for _, _, body in receiver.requests]


def log(parent, child) -> str:
    client = Client()
    client.force_login(parent)
    return client.get(f"/c/{child.pk}/webhooks/").content.decode()


def test_a_change_is_told_without_a_word_of_it(hook, receiver, parent, child, noon):
    before = hook.cursor
    cluster = house.cluster(parent, child, "2026-06-10 07:30", 13, note="eyes rolled up")
    assert turn(noon) == 1
    [message] = told(receiver)
    newest = Change.objects.filter(child=child).latest("id").pk
    delivery = Delivery.objects.get()
    assert message == {
        "id": str(delivery.pk), "type": "changes", "child": str(child.pk),
        "at": "2026-06-10T10:00:03+00:00", "since": before, "cursor": newest,
        "entries": [{"kind": "cluster", "id": str(cluster.pk), "change": newest}],
    }  # fmt: skip
    path, headers, body = receiver.requests[0]
    assert path == "/told?by=us"
    assert headers["quietdays-event"] == message["id"]
    assert headers["content-type"] == "application/json"
    for word in (b"13", b"eyes", b"Noor", b"07:30"):
        assert word not in body.replace(newest.__str__().encode(), b"").replace(
            str(cluster.pk).encode(), b""
        ).replace(str(child.pk).encode(), b"").replace(str(delivery.pk).encode(), b"")
    assert turn(noon) == 0


def test_a_receiver_can_check_the_signature_by_the_page_alone(hook, receiver, parent, child, noon):
    house.cluster(parent, child, "2026-06-10 07:30")
    turn(noon)
    _, headers, body = receiver.requests[0]
    stamp, _, digest = headers["quietdays-signature"].partition(",")
    seconds = stamp.removeprefix("t=")
    made = hmac.new(hook.secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    assert digest == f"v1={made.hexdigest()}"
    assert abs(int(seconds) - house.NOW.timestamp()) < 10
    other = hmac.new(b"whsec_x", f"{seconds}.".encode() + body, hashlib.sha256)
    assert digest != f"v1={other.hexdigest()}"


def test_its_cursor_is_the_one_of_the_changes(hook, receiver, parent, child, noon):
    """What is told is fetched with `since`, by the receiver's own token."""
    house.cluster(parent, child, "2026-06-10 07:30")
    turn(noon)
    [message] = told(receiver)
    _, secret = make_token(
        by=parent, child=child, entry_id=house.new_id(), name="Display", scopes=["read"],
        lasts=timedelta(days=1),
    )  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    address = f"/api/v1/children/{child.pk}/changes?since={message['since']}"
    answer = client.get(address).json()
    assert answer["cursor"] == message["cursor"]
    assert [e["id"] for e in answer["entries"]] == [e["id"] for e in message["entries"]]


def test_what_falls_together_is_told_together_and_each_entry_once(
    hook, receiver, parent, child, noon
):
    from quietdays.people.entries import amend, take_back

    row = house.cluster(parent, child, "2026-06-10 07:30")
    amend(row, by=parent, spasm_count=9)
    other = house.cluster(parent, child, "2026-06-10 08:30")
    take_back(other, by=parent)
    assert turn(noon, timedelta(seconds=1)) == 0
    assert turn(noon) == 1
    [message] = told(receiver)
    assert [e["id"] for e in message["entries"]] == [str(row.pk), str(other.pk)]


def test_nothing_from_before_it_was_made_and_nothing_of_another_child(
    receiver, parent, child, noon
):
    house.cluster(parent, child, "2026-06-10 07:30")
    make_hook(by=parent, child=child, entry_id=house.new_id(), name="X", url=receiver.url)
    other_parent, other = house.another_child()
    house.cluster(other_parent, other, "2026-06-10 07:30")
    assert turn(noon) == 0
    assert receiver.requests == []


def test_it_is_tried_again_ever_later_and_after_three_days_paused(
    hook, receiver, parent, child, noon
):
    receiver.statuses = [500]
    house.cluster(parent, child, "2026-06-10 07:30")
    assert turn(noon) == 1
    for number, pause in enumerate(RETRIES, start=2):
        assert turn(noon, pause - timedelta(seconds=1)) == 0
        assert turn(noon, timedelta(seconds=1)) == 1
        assert len(receiver.requests) == number
    assert sum(RETRIES, timedelta()) > timedelta(days=2.5)
    assert turn(noon, timedelta(days=2)) == 0
    assert len({h["quietdays-event"] for _, h, _ in receiver.requests}) == 1
    assert len({body for _, _, body in receiver.requests}) == 1
    hook.refresh_from_db()
    assert hook.paused_at is not None
    page = log(parent, child)
    assert "Paused on" in page
    assert "not taken, HTTP 500, tried 11 times" in page


def test_paused_it_goes_on_from_where_it_stopped(hook, receiver, parent, child, noon):
    receiver.statuses = [500]
    first = house.cluster(parent, child, "2026-06-10 07:30")
    turn(noon)
    Delivery.objects.update(attempts=len(RETRIES))
    turn(noon, timedelta(days=1))
    receiver.requests.clear()
    second = house.cluster(parent, child, "2026-06-10 08:30")
    assert turn(noon) == 0
    receiver.statuses = [204]
    forget_deliveries(timezone.now() + timedelta(days=40))
    resume_hook(by=parent, hook=hook)
    turn(noon)
    turn(noon)
    assert [m["entries"][0]["id"] for m in told(receiver)] == [str(first.pk), str(second.pk)]
    assert told(receiver)[0]["cursor"] == told(receiver)[1]["since"]


def test_while_one_waits_what_follows_is_gathered(hook, receiver, parent, child, noon):
    receiver.statuses = [503, 204]
    rows = [house.cluster(parent, child, "2026-06-10 07:30")]
    turn(noon)
    for hour in (8, 9):
        rows.append(house.cluster(parent, child, f"2026-06-10 {hour:02}:30"))
        assert turn(noon) == 0
    assert turn(noon, RETRIES[0]) == 1
    assert turn(noon) == 1
    assert [e["id"] for m in told(receiver)[1:] for e in m["entries"]] == [str(r.pk) for r in rows]


def test_410_ends_it(hook, receiver, parent, child, noon):
    receiver.statuses = [410]
    house.cluster(parent, child, "2026-06-10 07:30")
    turn(noon)
    hook.refresh_from_db()
    assert hook.ended_at is not None
    assert hook.paused_at is None
    house.cluster(parent, child, "2026-06-10 08:30")
    assert turn(noon, timedelta(days=1)) == 0
    assert len(receiver.requests) == 1


def test_a_receiver_that_sends_on_is_not_followed(hook, receiver, parent, child, noon):
    receiver.statuses, receiver.location = [302], receiver.url.replace("told", "inside")
    house.cluster(parent, child, "2026-06-10 07:30")
    turn(noon)
    assert [path for path, _, _ in receiver.requests] == ["/told?by=us"]
    assert "not followed" in Delivery.objects.get().answer


def test_killed_after_sending_it_is_sent_again_as_the_same_event(
    hook, receiver, parent, child, noon, monkeypatch
):
    house.cluster(parent, child, "2026-06-10 07:30")
    noon.shift(GATHER)
    with monkeypatch.context() as broken:
        broken.setattr(Worker, "finish", lambda *_: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            Worker().turn(timezone.now())
    assert Delivery.objects.get().state == "waiting"
    assert turn(noon, timedelta(seconds=30)) == 0  # the lease holds
    assert turn(noon, timedelta(seconds=31)) == 1
    first, second = told(receiver)
    assert first == second
    assert Delivery.objects.get().state == "done"


def test_two_workers_send_a_thing_once(hook, receiver, parent, child, noon):
    house.cluster(parent, child, "2026-06-10 07:30")
    noon.shift(GATHER)
    one, other = Worker(), Worker()
    now = timezone.now()
    from quietdays.hooks.worker import lay

    lay(now)
    claimed = one.claim(now)
    assert len(claimed) == 1
    assert other.claim(now) == []
    lay(now)
    assert Delivery.objects.count() == 1


def test_a_test_is_sent_once_and_tells_of_nothing(hook, receiver, parent, child, noon):
    receiver.statuses = [500]
    try_hook(by=parent, hook=hook)
    assert turn(noon) == 1
    assert turn(noon, timedelta(days=3)) == 0
    [message] = told(receiver)
    assert (message["type"], message["entries"]) == ("test", [])
    assert message["since"] == message["cursor"]
    hook.refresh_from_db()
    assert hook.paused_at is None
    assert "test: not taken, HTTP 500" in log(parent, child)


def test_ended_it_is_told_nothing_not_even_what_waits(hook, receiver, parent, child, noon):
    receiver.statuses = [500]
    house.cluster(parent, child, "2026-06-10 07:30")
    turn(noon)
    end_hook(by=parent, hook=hook)
    house.cluster(parent, child, "2026-06-10 08:30")
    try_hook(by=parent, hook=hook)
    assert turn(noon, timedelta(days=1)) == 0
    assert len(receiver.requests) == 1
    assert not Delivery.objects.filter(state="waiting").exists()


def test_it_ends_with_its_makers_access(receiver, parent, child, noon):
    second = house.joined(child, "parent")
    hook = make_hook(by=second, child=child, entry_id=house.new_id(), name="X", url=receiver.url)
    house.cluster(parent, child, "2026-06-10 07:30")
    role = child.care_roles.get(person=second, ended_at__isnull=True)
    end_role(by=parent, child=child, care_role=role)
    assert turn(noon) == 0
    hook.refresh_from_db()
    assert hook.ended_at is not None


def test_a_receiver_that_hangs_holds_nobody_up_for_long(parent, child, settings, monkeypatch):
    """Ten seconds for the whole answer, however slowly it drips; here half a second."""
    import socket
    import threading

    from quietdays.hooks.addresses import post

    settings.HOOKS_INSIDE = True
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                try:
                    for letter in b"HTTP/1.1 200 OK and so on and so on and so on":
                        connection.sendall(bytes([letter]))
                        time.sleep(0.1)
                except OSError:
                    pass

        threading.Thread(target=drip, daemon=True).start()
        port = server.getsockname()[1]
        began = time.perf_counter()
        reply = post(f"http://127.0.0.1:{port}/", b"{}", {}, timeout_s=0.5)
    assert (reply.status, reply.words) == (None, "no answer in time")
    assert time.perf_counter() - began < 3


def test_the_secret_is_shown_once_and_only_so_many_are_made(parent, child, noon):
    client = Client()
    client.force_login(parent)
    address = f"/c/{child.pk}/webhooks/"
    body = {"id": house.new_id(), "name": "<b>Display</b>", "url": "https://1.1.1.1/told"}
    made = client.post(address, body)
    assert made["Cache-Control"] == "no-store"
    secret = Webhook.objects.get().secret
    assert secret in made.content.decode()
    page = client.get(address).content.decode()
    assert secret not in page
    assert "&lt;b&gt;Display" in page
    assert "was made before" in client.post(address, body).content.decode()
    for _ in range(MOST_HOOKS - 1):
        make_hook(by=parent, child=child, entry_id=house.new_id(), name="X", url="https://1.1.1.1/")
    with pytest.raises(ValidationError, match="at most"):
        make_hook(by=parent, child=child, entry_id=house.new_id(), name="X", url="https://1.1.1.1/")


def test_what_was_sent_a_month_ago_is_forgotten(hook, receiver, parent, child, noon):
    house.cluster(parent, child, "2026-06-10 07:30")
    turn(noon)
    forget_deliveries(timezone.now() + timedelta(days=29))
    assert Delivery.objects.exists()
    forget_deliveries(timezone.now() + timedelta(days=31))
    assert not Delivery.objects.exists()
    assert Webhook.objects.exists()
    end_hook(by=parent, hook=hook)
    forget_deliveries(timezone.now() + timedelta(days=31))
    assert not Webhook.objects.exists()


def test_the_loop_goes_on_after_trouble_and_ends_when_told(hook, monkeypatch):
    turns = []

    def troubled(self, now):
        turns.append(now)
        raise OSError("away")

    monkeypatch.setattr(Worker, "turn", troubled)
    monkeypatch.setattr("quietdays.hooks.worker.time.sleep", lambda s: None)
    keep_telling(parent=None, stop=lambda: len(turns) >= 3)
    assert len(turns) == 3
