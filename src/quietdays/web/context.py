"""What every page knows: who is signed in, which child is open, day or night."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def surroundings(request: HttpRequest) -> dict[str, Any]:
    person = getattr(request, "user", None)
    theme = person.theme if person is not None and person.is_authenticated else "auto"
    return {"theme": theme}
