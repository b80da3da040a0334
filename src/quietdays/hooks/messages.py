"""What a webhook says: which entries changed, and no word of what they hold."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime
from typing import Any

from quietdays.hooks.models import Delivery
from quietdays.sync.kinds import SYNC_KINDS
from quietdays.sync.models import Change
from quietdays.words import in_english

MOST_CHANGES = 500


@in_english
def body_of(delivery: Delivery) -> bytes:
    """The message of a delivery: the same bytes each time that it is sent."""
    message = {
        "id": str(delivery.pk),
        "type": str(delivery.what),
        "child": str(delivery.hook.child_id),
        "at": delivery.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "since": delivery.since,
        "cursor": delivery.last_change,
        "entries": _entries(delivery),
    }
    return json.dumps(message, separators=(",", ":")).encode()


def headers_of(delivery: Delivery, body: bytes, at: datetime) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "QuietDays-Hook/1",
        "Quietdays-Event": str(delivery.pk),
        "Quietdays-Signature": signature(delivery.hook.secret, body, int(at.timestamp())),
    }


def signature(secret: str, body: bytes, at_s: int) -> str:
    """`t` is the second at which it was signed, so that an old message cannot be sent anew."""
    digest = hmac.digest(secret.encode(), b"%d.%b" % (at_s, body), "sha256")
    return f"t={at_s},v1={digest.hex()}"


def _entries(delivery: Delivery) -> list[dict[str, Any]]:
    """Each entry once, with the number of its newest change among those told."""
    rows = Change.objects.filter(
        child=delivery.hook.child_id, id__gt=delivery.since, id__lte=delivery.last_change
    ).order_by("id")
    newest = {(row.model, row.entry_id): row.pk for row in rows}
    return [
        {"kind": _kind(model), "id": str(entry_id), "change": number}
        for (model, entry_id), number in newest.items()
    ]


def _kind(model: str) -> str:
    """The kind as the JSON API calls it where there is one of it; else the table's own name."""
    slugs = [
        kind.slug
        for kind in SYNC_KINDS.values()
        if kind.model is not None and kind.model._meta.label_lower == model
    ]
    return slugs[0] if len(slugs) == 1 else model.partition(".")[2]
