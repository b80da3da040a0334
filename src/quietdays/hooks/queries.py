"""What the family is shown of its webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from quietdays.hooks.models import Delivery, Webhook
from quietdays.people.access import Act, may
from quietdays.people.models import Child
from quietdays.sync.models import Change

KEPT = timedelta(days=30)
SHOWN = 100


def newest_change(child: Child) -> int:
    """The number of the child's newest change; 0 where nothing was ever entered."""
    return Change.objects.filter(child=child).aggregate(newest=Max("id"))["newest"] or 0


def may_still(hook: Webhook) -> bool:
    """Whether who made it still manages the child: a webhook ends with that."""
    return hook.person.is_active and may(hook.person, hook.child, Act.MANAGE)


def hooks_of(child: Child) -> list[Webhook]:
    return list(Webhook.objects.filter(child=child).select_related("person", "child"))


def log_of(hook: Webhook, now: datetime) -> list[Delivery]:
    """What was sent in the last 30 days, newest first."""
    return list(hook.deliveries.filter(created_at__gt=now - KEPT)[:SHOWN])
