"""Real servers of this machine that take what a channel sends."""

from __future__ import annotations

import json
import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from aiosmtpd.controller import Controller


class Taken:
    """What came in, and the statuses to answer with: the last one for ever."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses) or [201]
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.location = ""  # to where it sends on, with a status that says so
        self.at: list[float] = []  # when each came, in seconds since the epoch

    def next_status(self) -> int:
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]


@contextmanager
def http_server(taken: Taken):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            taken.requests.append((self.path, headers, body))
            taken.at.append(time.time())
            self.send_response(taken.next_status())
            if taken.location:
                self.send_header("Location", taken.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_POST

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class Inbox:
    """A mail server's memory."""

    def __init__(self, reply: str = "250 OK") -> None:
        self.reply = reply
        self.mails: list[Any] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope)
        return self.reply


@contextmanager
def mail_server(settings: Any, inbox: Inbox):
    """A mail server of this machine, and the settings that lead to it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = free.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_USE_TLS = "127.0.0.1", False
    server = Controller(inbox, hostname="127.0.0.1", port=settings.EMAIL_PORT)
    server.start()
    try:
        yield
    finally:
        server.stop()


def opened(browser, request):
    """What the browser reads of a push: decrypted by RFC 8291 with its own keys alone."""
    _, _, body = request
    text = http_ece.decrypt(
        body, private_key=browser.private, auth_secret=browser.secret, version="aes128gcm"
    )
    return json.loads(text)
