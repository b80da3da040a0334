"""Which browser a request comes from, in a few words that a family recognises."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from quietdays.people.addresses import client_address
from quietdays.people.sessions import SessionStore

# What its user agent says, most particular first: Edge also says Chrome, Chrome also Safari.
_BROWSERS = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox",
    "FxiOS": "Firefox", "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
    "Mac OS": "Mac", "CrOS": "Chromebook", "Linux": "Linux",
}  # fmt: skip


def device_of(user_agent: str) -> str:
    """“Chrome on Android”; “a program” for what is no browser."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    if not browser:
        return "a program"
    return f"{browser} on {system}" if system else browser


def device_of_request(request: HttpRequest) -> str:
    return device_of(request.headers.get("User-Agent", ""))


def remember_device(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: each session knows the browser it is used in, and when it was last used."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        session = request.session
        assert isinstance(session, SessionStore)  # noqa: S101  by our settings
        session.came_from(device=device_of_request(request), address=client_address(request))
        response = get_response(request)
        if request.user.is_authenticated:
            session.keep_contact()
        return response

    return answer
