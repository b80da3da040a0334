"""Signing an emergency card: a new version, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.emergency.models import EmergencyCard
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.writing import existing_entry, one_write

# What a team wrote half a year ago is about another weight, other doses and other people.
LASTS = timedelta(days=183)


def sign_card(*, by: Person, child: Child, entry_id: UUID, **values: Any) -> EmergencyCard:
    """A new version in the team's words. Earlier ones stay as they are; sent twice it is one.

    Raises ValidationError naming the field; nothing is written then.
    """
    require(by, child, Act.PRESCRIBE)
    with one_write():
        found = existing_entry(EmergencyCard, entry_id, child=child)
        if found is not None:
            if any(getattr(found, name) != value for name, value in values.items()):
                raise ValidationError(
                    gettext("This version was signed before. Open this page anew to sign another.")
                )
            return found
        card = EmergencyCard(id=entry_id, child=child, signed_by=by, **values)
        card.signed_at = timezone.now()
        card.full_clean(exclude=["child", "signed_by"])
        _check_end(card, child.today())
        card.save()
    return card


def _check_end(card: EmergencyCard, today: date) -> None:
    if card.expires_on <= today:
        raise ValidationError({"expires_on": gettext("This date has passed.")})
    if card.expires_on > today + LASTS:
        raise ValidationError(
            {"expires_on": gettext("A card is looked through after six months at the latest.")}
        )
