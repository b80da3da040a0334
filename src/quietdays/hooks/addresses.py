"""Where a webhook may lead: outside, by https, to the very address that was checked."""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext

_NO_HOST = "There is no such host: {}."


class AddressRefused(Exception):
    """An address that this server does not send to; the words say why."""


class Place(NamedTuple):
    """A URL taken apart. `host` is as it stands in a certificate."""

    host: str
    port: int
    path: str
    is_tls: bool


class Reply(NamedTuple):
    """What came back: the status, or None and why there is none. The body is not read."""

    status: int | None
    words: str

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_over(self) -> bool:
        return self.status == http.client.GONE


def place_of(url: str) -> Place:
    """Raises AddressRefused for what is no address on another machine's web server."""
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise AddressRefused(gettext("This is no web address.")) from None
    is_tls = parts.scheme == "https"
    if not is_tls and not (parts.scheme == "http" and settings.HOOKS_INSIDE):
        raise AddressRefused(gettext("The address begins with https://."))
    if not host or not url.isascii() or any(c <= " " for c in url):
        raise AddressRefused(gettext("This is no web address."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(gettext("The address holds a user or a password; leave them out."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host, port or (443 if is_tls else 80), path, is_tls)


def addresses_of(place: Place) -> list[str]:
    """The IP addresses of a host. Raises AddressRefused when one lies inside our own network.

    Whoever may write an address here must not reach what only this server can reach.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise AddressRefused(_NO_HOST.format(place.host)) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not settings.HOOKS_INSIDE and not all(is_outside(a) for a in addresses):
        raise AddressRefused(f"{place.host} lies within this server's own network.")
    return addresses


def is_outside(address: str) -> bool:
    """Whether an IP address is of the public network. What wraps an IPv4 address is not."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        wraps = ip.ipv4_mapped or ip.sixtofour or ip.teredo
        if wraps or ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def post(url: str, body: bytes, headers: dict[str, str], *, timeout_s: float) -> Reply:
    """Send once, following nothing; the whole of it takes no longer than the timeout."""
    try:
        place = place_of(url)
        addresses = addresses_of(place)
    except AddressRefused as refused:
        return Reply(None, str(refused))
    connection = _Connection(place, addresses, timeout_s)
    watch = threading.Timer(timeout_s, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", place.path, body=body, headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        words = "no answer in time" if connection.is_late else _in_words(error)
        return Reply(None, words)
    finally:
        watch.cancel()
        connection.close()
    return Reply(status, _status_in_words(status))


def _in_words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate does not hold: {error.verify_message}"[:200]
    return f"no answer: {error or type(error).__name__}"[:200]


def _status_in_words(status: int) -> str:
    if 300 <= status < 400:
        return f"HTTP {status}: it sends on to another address, which is not followed"
    return f"HTTP {status}"


class _Connection(http.client.HTTPConnection):
    """To an address that was checked, under the host's own name.

    The name is not looked up a second time: it might mean another machine by then.
    """

    def __init__(self, place: Place, addresses: list[str], timeout_s: float) -> None:
        super().__init__(place.host, place.port, timeout=timeout_s)
        self._place, self._addresses = place, addresses
        self._ends_at = time.monotonic() + timeout_s

    @property
    def is_late(self) -> bool:
        return time.monotonic() >= self._ends_at

    def connect(self) -> None:
        plain = self._reached()
        self.sock = plain
        if self._place.is_tls:
            context = tls_context()
            wrapped = context.wrap_socket(
                plain, server_hostname=self._place.host, do_handshake_on_connect=False
            )
            self.sock = wrapped  # so that a handshake that hangs can be cut
            wrapped.do_handshake()

    def _reached(self) -> socket.socket:
        last: OSError = OSError("no address")
        for address in self._addresses:
            left_s = self._ends_at - time.monotonic()
            if left_s <= 0:
                break
            try:
                return socket.create_connection((address, self._place.port), timeout=left_s)
            except OSError as error:
                last = error
        raise last

    def cut(self) -> None:
        """End it from another thread: a receiver that answers drop by drop is late as well."""
        found = self.sock
        if found is not None:
            try:
                found.shutdown(socket.SHUT_RDWR)
            except OSError:
                found.close()


def tls_context() -> ssl.SSLContext:
    return ssl.create_default_context()
