"""The page of what is known: the map, the filters, the cards. Open to everybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quietdays.evidence.library import (
    Direction,
    Library,
    Link,
    Statement,
    Strength,
    Topic,
    library,
)


@dataclass(frozen=True, slots=True)
class Row:
    """A topic on the map, and its cards below."""

    topic: Topic
    cards: list[tuple[Statement, list[Statement]]]  # each with what contradicts it
    direct: list[Statement]  # from the diet to spasms
    to_topic: list[Statement]
    from_topic: list[Statement]


@require_safe
def evidence(request: HttpRequest) -> HttpResponse:
    """What is known of the diet and infantile spasms, by strength and by words."""
    known = library()
    asked = request.GET.get("strength", "")
    words = request.GET.get("words", "")[:100]
    shown = [
        s
        for s in known.statements
        if asked in ("", s.strength.value) and (not words or s.holds(words))
    ]
    rows = [row for topic in known.topics if (row := _row(known, topic, shown)).cards]
    return render(
        request,
        "evidence/evidence.html",
        {
            "rows": rows,
            "shown": len(shown),
            "strengths": list(Strength),
            "directions": list(Direction),
            "asked": asked,
            "words": words,
            "reviewed": min(s.reviewed for s in known.statements),
        },
    )


def _row(known: Library, topic: Topic, shown: list[Statement]) -> Row:
    found = known.of(topic, shown)
    arrows = {link: [s for s in found if s.link is link] for link in Link}
    return Row(
        topic,
        [(s, known.against(s)) for s in found],
        direct=arrows[Link.DIET_SPASMS],
        to_topic=arrows[Link.DIET_TOPIC],
        from_topic=arrows[Link.TOPIC_SPASMS],
    )
