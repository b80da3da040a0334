"""Each channel against a real server of this machine, and the addresses that are refused."""

from __future__ import annotations

import base64
import json
import time
from datetime import timedelta

import http_ece
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.utils import timezone

from quietdays.reminders import keys
from quietdays.reminders.channels import send
from quietdays.reminders.channels.answers import AddressRefused, Route
from quietdays.reminders.channels.push import check_endpoint
from quietdays.reminders.channels.services import check_address
from quietdays.reminders.messages import Message, short
from tests.reminders.conftest import Browser
from tests.reminders.servers import Inbox, Taken, http_server, mail_server


def message(**values) -> Message:
    return Message(
        **{
            "what": "reminder",
            "title": "Quiet Days",
            "body": "08:00: something is due.",
            "tag": short("dose:1"),
            "navigate": "https://house.example/log/",
            "answer_at": "https://house.example/r/token/",
            "off_at": "https://house.example/r/off/1/token/",
            "receipt": "token",
            "snooze_min": 10,
            "until": timezone.now() + timedelta(hours=2),
            "is_urgent": True,
        }
        | values
    )


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def checked_vapid(header: str, place: str) -> dict:
    """RFC 8292: the claims, once the signature holds under the key that stands beside them."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert parts["k"] == keys.public_key()
    head, claims, signature = parts["t"].split(".")
    raw = unpadded(signature)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpadded(parts["k"]))
    public.verify(
        encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
        f"{head}.{claims}".encode(),
        ec.ECDSA(hashes.SHA256()),
    )
    found = json.loads(unpadded(claims))
    assert found["aud"] == f"http://{place}"
    return found


class TestPush:
    def push(self, push_service, browser, **values):
        route = Route(
            "push",
            f"http://{push_service.place}/push/1",
            {"p256dh": browser.p256dh, "auth": browser.auth},
        )
        return send(route, message(**values), 5)

    def test_only_the_browser_reads_it_and_the_server_signs_it(self, push_service):
        browser = Browser()
        assert self.push(push_service, browser).is_taken
        [(_, headers, body)] = push_service.requests
        read = http_ece.decrypt(
            body, private_key=browser.private, auth_secret=browser.secret, version="aes128gcm"
        )
        assert json.loads(read)["notification"]["body"] == "08:00: something is due."
        other = Browser()
        with pytest.raises(http_ece.ECEException):
            http_ece.decrypt(
                body, private_key=other.private, auth_secret=other.secret, version="aes128gcm"
            )
        claims = checked_vapid(headers["authorization"], push_service.place)
        assert time.time() < claims["exp"] <= time.time() + 24 * 3600
        assert claims["sub"].startswith("mailto:")
        assert headers["content-encoding"] == "aes128gcm"
        assert headers["urgency"] == "high"
        assert len(headers["topic"]) <= 32
        assert 0 < int(headers["ttl"]) <= 7200
        assert len(body) < 2048

    def test_a_repeat_carries_the_same_topic(self, push_service):
        browser = Browser()
        for _ in range(2):
            self.push(push_service, browser)
        first, second = [headers["topic"] for _, headers, _ in push_service.requests]
        assert first == second

    @pytest.mark.parametrize(
        ("status", "is_over"), [(404, True), (410, True), (429, False), (500, False)]
    )
    def test_a_phone_that_is_gone_is_told_from_a_service_in_trouble(
        self, push_service, status, is_over
    ):
        push_service.statuses = [status]
        answer = self.push(push_service, Browser())
        assert (answer.is_taken, answer.is_over) == (False, is_over)
        assert str(status) in answer.words

    @pytest.mark.parametrize(
        "endpoint",
        [
            "http://fcm.googleapis.com/x", "https://fcm.googleapis.com.evil.example/x",
            "https://evil.example/fcm.googleapis.com", "https://127.0.0.1/x", "https://[::1/x",
            "https://user@fcm.googleapis.com/x", "https://fcm.googleapis.com:22/x", "file:///x", "",
        ],
    )  # fmt: skip
    def test_the_server_is_not_sent_elsewhere(self, endpoint):
        with pytest.raises(AddressRefused):
            check_endpoint(endpoint)

    @pytest.mark.parametrize(
        "endpoint",
        ["https://fcm.googleapis.com/fcm/send/x", "https://web.push.apple.com/x", "https://updates.push.services.mozilla.com/wpush/v2/x"],
    )  # fmt: skip
    def test_known_push_services_are_taken(self, endpoint):
        check_endpoint(endpoint)


class TestEmail:
    def mail(self, settings, inbox):
        with mail_server(settings, inbox):
            return send(Route("email", "mira@house.example"), message(), 5)

    def test_goes_through_a_real_conversation_and_says_nothing_of_the_child(self, settings):
        inbox = Inbox()
        assert self.mail(settings, inbox).is_taken
        [mail] = inbox.mails
        text = mail.content.decode()
        assert mail.rcpt_tos == ["mira@house.example"]
        assert "https://house.example/r/token/" in text
        assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in text

    def test_a_refusal_is_told_in_the_servers_words(self, settings):
        answer = self.mail(settings, Inbox("451 try later"))
        assert (answer.is_taken, answer.is_over) == (False, False)
        assert "451" in answer.words

    def test_without_a_mail_server_it_says_so(self, settings):
        settings.EMAIL_HOST = ""
        answer = send(Route("email", "mira@house.example"), message(), 5)
        assert "QUIETDAYS_SMTP_HOST" in answer.words


class TestServices:
    def test_ntfy_takes_it_over_http(self, settings):
        taken = Taken(200)
        with http_server(taken) as place:
            settings.SERVICE_HOSTS = ["127.0.0.1"]
            assert send(Route("service", f"ntfy://{place}/topic"), message(), 5).is_taken
        [(_, _, body)] = taken.requests
        assert "something is due" in body.decode()
        assert "https://house.example/r/token/" in body.decode()

    def test_a_failure_is_an_answer(self, settings):
        taken = Taken(500)
        with http_server(taken) as place:
            settings.SERVICE_HOSTS = ["127.0.0.1"]
            answer = send(Route("service", f"ntfy://{place}/topic"), message(), 5)
        assert not answer.is_taken
        assert answer.words

    def test_nobody_is_followed_to_another_place(self, settings):
        inner, outer = Taken(200), Taken(307)
        with http_server(inner) as inside, http_server(outer) as place:
            outer.location = f"http://{inside}/inner"
            settings.SERVICE_HOSTS = ["127.0.0.1"]
            assert not send(Route("service", f"json://{place}/x"), message(), 5).is_taken
        assert (len(outer.requests), len(inner.requests)) == (1, 0)

    @pytest.mark.parametrize(
        "address",
        ["ntfy://127.0.0.1/topic", "json://localhost/x", "json://10.0.0.1/", "syslog://", "dbus://", "mailto://a:b@c.example", "no address", "gio://",
         "slack://a/b/c?template=/etc/passwd", "fcm://project@key?KeyFile=http://127.0.0.1/x",
         "json://example.com/?redirect=yes", "file:///etc/passwd"],
    )  # fmt: skip
    def test_what_only_the_server_reaches_is_refused(self, address):
        with pytest.raises(AddressRefused):
            check_address(address)


def test_the_key_pair_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    first = keys.public_key()
    keys.vapid.cache_clear()
    assert keys.public_key() == first
    assert (tmp_path / "vapid.pem").stat().st_mode & 0o077 == 0
