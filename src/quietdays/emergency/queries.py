"""Reads of the emergency card: what it says, in the order in which a stranger needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy

from quietdays.emergency.models import EmergencyCard
from quietdays.people.models import Child

PARTS = (
    ("call_when", gettext_lazy("Call the emergency number when")),
    ("rescue", gettext_lazy("Rescue plan")),
    ("glucose", gettext_lazy("Low blood glucose")),
    ("fluids", gettext_lazy("Fluids")),
    ("avoid", gettext_lazy("Do not give")),
)
# A number to call at the end of a contact's line; spaces, brackets and strokes are for the eye.
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{4,}[0-9]\s*$")


@dataclass(frozen=True, slots=True)
class Contact:
    words: str
    phone: str  # as a telephone takes it; empty where there is none


def card_of(child: Child) -> EmergencyCard | None:
    """The newest signed version, expired or not: an old plan is shown as old, never hidden."""
    return EmergencyCard.objects.filter(child=child).select_related("signed_by").first()


def versions_of(child: Child) -> list[EmergencyCard]:
    return list(EmergencyCard.objects.filter(child=child).select_related("signed_by"))


def parts_of(card: EmergencyCard) -> list[tuple[str, str]]:
    """The team's own words under their headings; what they left blank is not there."""
    titles = dict(PARTS)
    return [(str(titles[name]), text) for name, text in texts_of(card)]


def texts_of(card: EmergencyCard | None) -> list[tuple[str, str]]:
    """The team's own words by the name of their part."""
    return [(name, text) for name, _ in PARTS if card and (text := getattr(card, name).strip())]


def contacts_of(card: EmergencyCard) -> list[Contact]:
    lines = (line.strip() for line in card.contacts.splitlines())
    return [Contact(line, _phone_in(line)) for line in lines if line]


def _phone_in(line: str) -> str:
    found = _PHONE.search(line)
    return re.sub(r"[^+0-9]", "", found[0]) if found else ""


def is_expired(card: EmergencyCard, today: date) -> bool:
    return today > card.expires_on
