"""What browsers may do with our pages, beside what Django's own settings say of it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# A clip is filmed, and the screen stays on while a cluster is counted; nothing else is asked for.
_ALLOWED = ("camera", "microphone", "screen-wake-lock", "publickey-credentials-get",
            "publickey-credentials-create")  # fmt: skip
_REFUSED = ("accelerometer", "browsing-topics", "display-capture", "geolocation", "gyroscope",
            "magnetometer", "midi", "payment", "serial", "usb")  # fmt: skip
PERMISSIONS = ", ".join([f"{name}=(self)" for name in _ALLOWED] + [f"{n}=()" for n in _REFUSED])

Answer = Callable[[HttpRequest], HttpResponseBase]


def headers(get_response: Answer) -> Answer:
    """Middleware: nobody else's page embeds what is ours, nor is handed what a browser can do."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer
