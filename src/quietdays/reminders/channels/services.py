"""Anything that Apprise speaks: ntfy, Telegram, Matrix, SMS gateways and two hundred more."""

from __future__ import annotations

import ipaddress
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

import apprise
from django.conf import settings
from django.utils.translation import gettext

from quietdays.reminders.channels.answers import AddressRefused, Answer, Route
from quietdays.reminders.messages import Message

# These do something on the machine that the server runs on.
_LOCAL = frozenset(
    {"gio", "dbus", "qt", "kde", "glib", "gnome", "macosx", "windows", "syslog", "mmost+unix"}
)
# Parameters by which some services read a file or fetch a page.
_FETCHING = frozenset(
    {"template", "keyfile", "subfile", "include", "attach", "config", "redirect", "file"}
)
# These are channels of their own here, with what a family needs to know of them.
_OWN = frozenset({"mailto", "mailtos", "vapid"})


def check_address(url: str) -> Any:
    """The service behind an Apprise URL. Raises AddressRefused with a sentence.

    A host within the server's own network is refused unless the operator named it: whoever may
    write an address here must not reach what only the server can reach.
    """
    scheme = url.partition("://")[0].lower()
    if scheme in _OWN:
        raise AddressRefused(gettext("E-mail and web push have their own fields on this page."))
    if _FETCHING & {name.lower() for name in parse_qs(urlsplit(url).query)}:
        raise AddressRefused(
            gettext("An address that makes the server read a file or a page is refused.")
        )
    found = None if scheme in _LOCAL else _instantiate(url)
    if found is None:
        raise AddressRefused(
            gettext(
                "This is no address of a service. It looks like ntfy://host/topic or tgram://token/chat."
            )
        )
    host = getattr(found, "host", None)
    if host and _is_inside(str(host)) and str(host) not in settings.SERVICE_HOSTS:
        raise AddressRefused(
            f"{host} lies within this server's own network. Whoever runs the server can allow it: "
            "QUIETDAYS_SERVICE_HOSTS."
        )
    return found


def _instantiate(url: str) -> Any:
    # A service that sends the server elsewhere would go round the check of its host.
    asset = apprise.AppriseAsset(http_redirects=False)
    return apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)


def _is_inside(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False  # no such host: the send will say so
    return any(not ipaddress.ip_address(entry[4][0]).is_global for entry in found)


def send(route: Route, message: Message, timeout_s: float) -> Answer:
    service = check_address(route.address)
    service.socket_connect_timeout = service.socket_read_timeout = timeout_s / 2
    body = f"{message.body}\n{message.answer_at or message.navigate}"
    with _said() as said:
        is_taken = bool(service.notify(body=body, title=message.title))
    if is_taken:
        return Answer(True, "the service took it")
    return Answer(False, (said[-1] if said else "the service did not take it")[:300])


@contextmanager
def _said() -> Iterator[list[str]]:
    """What the library logs in this thread: its only word on what went wrong."""
    lines: list[str] = []
    handler = _OfThisThread(lines)
    logger = logging.getLogger("apprise")
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)


class _OfThisThread(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._lines = lines
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self._lines.append(record.getMessage())
