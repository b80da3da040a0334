"""Making, trying, continuing and ending webhooks, and forgetting what was sent long ago."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.hooks.addresses import AddressRefused, addresses_of, place_of
from quietdays.hooks.models import Delivery, Webhook
from quietdays.hooks.queries import KEPT, newest_change
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write

MOST_HOOKS = 10
PREFIX = "whsec_"


def make_hook(*, by: Person, child: Child, entry_id: UUID, name: str, url: str) -> Webhook:
    """A webhook that is told of every change from now on; its secret is shown once.

    Raises ValidationError for a used id, one webhook too many, or an address that is refused.
    """
    require(by, child, Act.MANAGE)
    try:
        addresses_of(place_of(url))  # outside the transaction: it asks the name service
    except AddressRefused as refused:
        raise ValidationError({"url": str(refused)}) from refused
    hook = Webhook(
        id=entry_id,
        child=child,
        person=by,
        name=name.strip(),
        url=url,
        secret=PREFIX + secrets.token_urlsafe(32),
        cursor=newest_change(child),
    )
    with one_write():
        if Webhook.objects.filter(pk=entry_id).exists():
            raise ValidationError(
                gettext("This webhook was made before. Its secret was shown once.")
            )
        if Webhook.objects.filter(child=child, ended_at__isnull=True).count() >= MOST_HOOKS:
            raise ValidationError(
                gettext("A child has %(most)s webhooks at most. End one first.")
                % {"most": MOST_HOOKS}
            )
        hook.full_clean(exclude=["child", "person"])
        hook.save(force_insert=True)
    return hook


def end_hook(*, by: Person, hook: Webhook) -> None:
    """From now on nothing is sent."""
    require(by, hook.child, Act.MANAGE)
    with one_write():
        close(hook, timezone.now())


def try_hook(*, by: Person, hook: Webhook) -> None:
    """Send a message that tells of no entry, once and at once."""
    require(by, hook.child, Act.MANAGE)
    with one_write():
        if Webhook.objects.filter(pk=hook.pk, ended_at__isnull=True).exists():
            Delivery.objects.create(
                hook=hook, what=Delivery.What.TEST, since=hook.cursor, last_change=hook.cursor
            )


def resume_hook(*, by: Person, hook: Webhook) -> None:
    """Go on with a webhook that was paused: what was not taken is sent again, then the rest."""
    require(by, hook.child, Act.MANAGE)
    with one_write():
        paused = Webhook.objects.filter(pk=hook.pk, paused_at__isnull=False, ended_at__isnull=True)
        if not paused.update(paused_at=None):
            return
        left = hook.deliveries.filter(what=Delivery.What.CHANGES).first()
        if left is not None and left.state == Delivery.State.FAILED:
            Delivery.objects.filter(pk=left.pk).update(
                state=Delivery.State.WAITING, attempts=0, due_at=timezone.now(), lease_until=None
            )


def close(hook: Webhook, now: datetime) -> None:
    """End a webhook, and with it what still waits to be sent."""
    Webhook.objects.filter(pk=hook.pk, ended_at__isnull=True).update(ended_at=now)
    hook.deliveries.filter(state=Delivery.State.WAITING).update(
        state=Delivery.State.FAILED, lease_until=None
    )


def forget_deliveries(now: datetime) -> None:
    """Remove what was sent 30 days ago, and webhooks that ended then."""
    with one_write():
        old = Delivery.objects.filter(created_at__lte=now - KEPT)
        # What waits on a paused webhook is sent when somebody lets it go on.
        old.exclude(state=Delivery.State.WAITING).exclude(hook__paused_at__isnull=False).delete()
        Webhook.objects.filter(ended_at__lte=now - KEPT).delete()
