"""The emergency card on paper: a sheet for the wall, and below it a card for the wallet."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import segno

from quietdays.emergency.models import EmergencyCard
from quietdays.emergency.queries import card_of, contacts_of, is_expired, parts_of
from quietdays.people.models import Child
from quietdays.sharing.typesetting import typeset
from quietdays.words import in_english

PAPERS = ("a4", "us-letter")
# A code of so many bytes can still be scanned at the size of a wallet card.
_QR_BYTES = 400


@in_english
def card_pdf(child: Child, *, now: datetime, paper: str = "a4") -> bytes:
    """The newest signed card as it stands, or, without one, that there is none."""
    card = card_of(child)
    data = card_data(child, card, now)
    code = segno.make(qr_text(data), error="m", micro=False, boost_error=False)
    picture = BytesIO()
    code.save(picture, kind="svg", border=2, xmldecl=False)
    return typeset(
        "card.typ", data, now, standards=["ua-1"], paper=paper, qr=picture.getvalue().decode()
    )


def card_data(child: Child, card: EmergencyCard | None, now: datetime) -> dict[str, Any]:
    born = f"Born {child.birth_date:%-d %B %Y}"
    made = f"Printed {child.timeline().local(now):%-d %B %Y}"
    if card is None:
        return {
            "name": child.name,
            "born": born,
            "diagnosis": "",
            "diet": "",
            "call": "112",
            "parts": [],
            "contacts": [],
            "signed": "",
            "made": made,
            "notice": f"No emergency plan has been entered by {child.name}’s team. If you are "
            "worried, call your emergency number. 112 works across Europe; elsewhere use your own.",
        }
    until = f"{card.expires_on:%-d %B %Y}"
    old = f"This plan was to be looked through by {until}. It may be out of date: ask the team."
    signed_on = child.timeline().local(card.signed_at)
    return {
        "name": child.name,
        "born": born,
        "diagnosis": card.diagnosis,
        "diet": card.diet,
        "call": card.call_number,
        "parts": [[title, text.splitlines()] for title, text in parts_of(card)],
        "contacts": [contact.words for contact in contacts_of(card)],
        "signed": f"Signed by {card.signed_by.name}, {signed_on:%-d %B %Y}; "
        f"to be looked through by {until}.",
        "made": made,
        "notice": old if is_expired(card, child.today(now)) else "",
    }


def qr_text(data: dict[str, Any]) -> str:
    """What a phone shows that scans the card, without a network: who, what, whom to call.

    Whole lines only: a line that does not fit any more is left out, never cut.
    """
    lines = [f"EMERGENCY: call {data['call']}", f"{data['name']}. {data['born']}"]
    lines += [line for line in (data["diagnosis"], data["diet"], *data["contacts"]) if line]
    kept: list[str] = []
    for line in lines:
        if len("\n".join([*kept, line]).encode()) <= _QR_BYTES:
            kept.append(line)
    return "\n".join(kept)
