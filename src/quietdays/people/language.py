"""Which language a person reads: their own choice, else this browser's, else English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

from quietdays import words
from quietdays.people.models import Person


def speak(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: every answer in the language of whoever asks."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with translation.override(_asked(request)):
            response = get_response(request)
            patch_vary_headers(response, ("Accept-Language",))
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
            if words.language() in words.RIGHT_TO_LEFT:
                _keep_amounts(response)
            return response

    return answer


def _keep_amounts(response: HttpResponseBase) -> None:
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if is_page and isinstance(response, HttpResponse):
        response.content = words.keep_amounts_of_page(response.content.decode()).encode()


def _asked(request: HttpRequest) -> str:
    person = request.user
    if isinstance(person, Person) and person.language:
        return person.language
    return translation.get_language_from_request(request)


@contextmanager
def language_of(person: Person) -> Iterator[None]:
    """What is sent to somebody who asks nothing at this moment: their choice, else English."""
    with translation.override(person.language or settings.LANGUAGE_CODE):
        yield
