"""The emergency card on paper: a sheet for the wall, and below it a card for the wallet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import segno
from django.utils import translation
from django.utils.translation import gettext

from quietdays.emergency.models import EmergencyCard
from quietdays.emergency.queries import PARTS, card_of, contacts_of, is_expired, texts_of
from quietdays.people.models import Child
from quietdays.sharing.typesetting import typeset
from quietdays.words import RIGHT_TO_LEFT, dated

PAPERS = ("a4", "us-letter")
# A code of so many bytes can still be scanned at the size of a wallet card.
_QR_BYTES = 400


def card_pdf(
    child: Child, *, now: datetime, paper: str = "a4", languages: Sequence[str] = ("en",)
) -> bytes:
    """The newest signed card as it stands, or, without one, that there is none.

    `languages`: one or two in which its headings stand. What the team wrote stays as it is.
    """
    data = card_data(child, card_of(child), now, languages)
    code = segno.make(qr_text(data), error="m", micro=False, boost_error=False)
    picture = BytesIO()
    code.save(picture, kind="svg", border=2, xmldecl=False)
    return typeset(
        "card.typ", data, now, standards=["ua-1"], paper=paper, qr=picture.getvalue().decode()
    )


def card_data(
    child: Child, card: EmergencyCard | None, now: datetime, languages: Sequence[str] = ("en",)
) -> dict[str, Any]:
    """What the card says: the team's words, and ours in each of the languages beside each other."""
    faces = []
    for code in languages:
        with translation.override(code):
            faces.append(_face(child, card, now))
    labels = {name: _beside([face[name] for face in faces]) for name in faces[0]}
    headings = {name: labels.pop(name) for name, _ in PARTS}
    return {
        "language": languages[0],
        "direction": "rtl" if languages[0] in RIGHT_TO_LEFT else "ltr",
        "name": child.name,
        "diagnosis": card.diagnosis if card else "",
        "diet": card.diet if card else "",
        "number": card.call_number if card else "112",
        "parts": [[headings[name], text.splitlines()] for name, text in texts_of(card)],
        "contacts": [contact.words for contact in contacts_of(card)] if card else [],
        **labels,
    }


def _face(child: Child, card: EmergencyCard | None, now: datetime) -> dict[str, str]:
    """Our own words of the card, in the language that is spoken now."""
    until = dated(card.expires_on, "j F Y") if card else ""
    face = {
        "emergency": gettext("Emergency"),
        "born": gettext("Born %(date)s") % {"date": dated(child.birth_date, "j F Y")},
        "call": gettext("Call %(number)s") % {"number": card.call_number if card else "112"},
        "contacts_title": gettext("Contacts"),
        "made": gettext("Printed %(date)s")
        % {"date": dated(child.timeline().local(now).date(), "j F Y")},
        "only": gettext("It shows only what the child’s team entered."),
        "wallet": gettext("Wallet card: cut along the dashed lines, fold in the middle."),
        "see": gettext("See the whole sheet."),
        "too_long": gettext("The team’s rules do not fit here. See the whole sheet."),
        "picture": gettext("QR code with the name, the diagnosis and the numbers to call"),
        "signed": "",
        "notice": "",
    }
    if card is None:
        face["notice"] = gettext(
            "No emergency plan has been entered by %(child)s’s team. If you are worried, call your "
            "emergency number. 112 works across Europe; elsewhere use your own."
        ) % {"child": child.name}
    else:
        signed_on = child.timeline().local(card.signed_at).date()
        face["signed"] = gettext(
            "Signed by %(person)s, %(date)s; to be looked through by %(until)s."
        ) % {"person": card.signed_by.name, "date": dated(signed_on, "j F Y"), "until": until}
        if is_expired(card, child.today(now)):
            face["notice"] = gettext(
                "This plan was to be looked through by %(until)s. It may be out of date: ask the team."
            ) % {"until": until}
    return face | {name: str(title) for name, title in PARTS}


def _beside(said: list[str]) -> str:
    """One text after the other; what is the same in both stands once."""
    distinct = list(dict.fromkeys(text for text in said if text))
    return (" " if distinct and distinct[0].endswith(".") else " · ").join(distinct)


def qr_text(data: dict[str, Any]) -> str:
    """What a phone shows that scans the card, without a network: who, what, whom to call.

    Whole lines only: a line that does not fit any more is left out, never cut.
    """
    lines = [f"{data['emergency']}: {data['call']}", f"{data['name']}. {data['born']}"]
    lines += [line for line in (data["diagnosis"], data["diet"], *data["contacts"]) if line]
    kept: list[str] = []
    for line in lines:
        if len("\n".join([*kept, line]).encode()) <= _QR_BYTES:
            kept.append(line)
    return "\n".join(kept)
