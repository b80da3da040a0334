"""Web push: RFC 8030, encrypted to the browser by RFC 8291, signed by the server by RFC 8292.

The body is declarative Web Push, which newer Safari shows by itself; every other browser hands
it to the service worker. A push service that takes a message says nothing of its arrival: that
says the phone's own receipt.
"""

from __future__ import annotations

import json
import threading
import time
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from pywebpush import WebPusher

from quietdays.reminders.channels.answers import AddressRefused, Answer, Route
from quietdays.reminders.keys import vapid
from quietdays.reminders.messages import Message

# An endpoint comes from a browser: the server may be sent to these places and no others.
HOSTS = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "notify.windows.com",
    "push.apple.com",
)
SIGNED_FOR_S = 3600
_local = threading.local()


def check_endpoint(endpoint: str) -> None:
    """Raises AddressRefused for an address that is none of a known push service."""
    try:
        parts = urlsplit(endpoint)
        place = parts.netloc  # with a port or a user, where there is one
        host = parts.hostname or ""
    except ValueError as error:
        raise AddressRefused(gettext("This is no address of a push service.")) from error
    if place in settings.PUSH_HOSTS:
        return
    is_known = any(host == known or host.endswith(f".{known}") for known in HOSTS)
    if parts.scheme != "https" or not is_known or place != host:
        raise AddressRefused(
            gettext("This is no address of a push service that this server knows.")
        )


def send(route: Route, message: Message, timeout_s: float) -> Answer:
    check_endpoint(route.address)
    subscription = {"endpoint": route.address, "keys": route.keys}
    pusher = WebPusher(subscription, requests_session=_session())
    encoded = pusher.encode(json.dumps(_body(message)).encode(), content_encoding="aes128gcm")
    if encoded is None:
        return Answer(False, "nothing to send")
    answer = _session().post(
        route.address,
        data=encoded["body"],
        headers=_headers(route, message),
        timeout=timeout_s,
        allow_redirects=False,
    )
    return _read(answer)


def _body(message: Message) -> dict[str, Any]:
    """Below 2 kB, far from the 4 kB that a push service may take.

    Where a browser shows declarative messages by itself, `mutable` has it ask our worker
    first, and `data` is what the worker finds on the notification.
    """
    told = {
        "receipt": message.receipt,
        "what": message.what,
        "snooze_min": message.snooze_min,
    }
    return {
        "web_push": 8030,
        "mutable": True,
        "notification": {
            "data": {"quiet_days": told},
            "title": message.title,
            "body": message.body[:500],
            "tag": message.tag,
            "navigate": message.navigate,
            "silent": not message.is_urgent,
        },
        "quiet_days": told,
    }


def _headers(route: Route, message: Message) -> dict[str, str]:
    ttl = max(0, int((message.until - timezone.now()).total_seconds()))
    place = urlsplit(route.address)
    return {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl),
        "Urgency": "high" if message.is_urgent else "normal",
        "Topic": message.tag,
        **_signed(f"{place.scheme}://{place.netloc}", int(time.time()) // SIGNED_FOR_S),
    }


@lru_cache(maxsize=64)
def _signed(audience: str, hour: int) -> dict[str, str]:
    """Who sends: the same for an hour, because signing costs more than encrypting."""
    ends = (hour + 3) * SIGNED_FOR_S  # at most 24 h ahead, by RFC 8292
    claims = {"aud": audience, "exp": ends, "sub": settings.CONTACT}
    signed: dict[str, str] = vapid().sign(claims)
    return signed


def _session() -> requests.Session:
    """One for each thread: connections to a push service are used again."""
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False
    found: requests.Session = _local.session
    return found


def _read(answer: requests.Response) -> Answer:
    status = answer.status_code
    if status in (200, 201, 202, 204):
        return Answer(True, f"{status}: the push service took it")
    if status in (404, 410):
        return Answer(False, f"{status}: this phone no longer takes reminders", is_over=True)
    wait = answer.headers.get("Retry-After", "")
    said = " ".join(answer.text[:120].split())
    return Answer(
        False, f"{status}: {said or answer.reason}", wait_s=float(wait) if wait.isdecimal() else 0.0
    )
