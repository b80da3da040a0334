"""What every page knows: who is signed in, which child is open, day or night."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language_bidi

from quietdays import words
from quietdays.web.help_pages import help_address


def _page(request: HttpRequest) -> str:
    """The name of the address, where one was found."""
    found = request.resolver_match
    return found.url_name or "" if found else ""


def surroundings(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "user", None)
    theme = person.theme if person is not None and person.is_authenticated else "auto"
    code = words.language()
    return {
        "theme": theme,
        "language": code,
        "is_right_to_left": get_language_bidi(),
        "languages": words.LANGUAGES,
        "is_checked": words.is_checked(code),
        "catalogue": words.catalogue_address(),
        "help_address": help_address(_page(request)),
    }
