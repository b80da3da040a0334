"""The loop that tells of changes: at least once, to each receiver in order.

1. End the webhooks of people who manage the child no more.
2. Lay down one message for each webhook whose child has changed, and move its cursor.
3. Claim what is due, by a lease.
4. Send it, outside of any transaction.
5. Store what came back: taken, to be tried again, or given up.

Killed between 4 and 5, the lease runs out and the same event is sent once more. One message a
webhook is under way at a time; what changes meanwhile stands in the next one.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from quietdays.hooks.actions import close
from quietdays.hooks.addresses import Reply, post
from quietdays.hooks.messages import MOST_CHANGES, body_of, headers_of
from quietdays.hooks.models import Delivery, Webhook
from quietdays.hooks.queries import may_still
from quietdays.records.turns import note_turn
from quietdays.records.writing import one_write
from quietdays.sync.models import Change

log = logging.getLogger(__name__)

BATCH = THREADS = 8
TIMEOUT_S = 10.0
LEASE_S = 60.0
IDLE_S = 1.0
# A running cluster changes every few seconds: what falls together is told together.
GATHER = timedelta(seconds=3)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
# After so long each further try; after the last one, three days in all, the webhook is paused.
RETRIES = (
    _MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR,
    12 * _HOUR, 12 * _HOUR, 12 * _HOUR, 12 * _HOUR, 12 * _HOUR,
)  # fmt: skip
What, State = Delivery.What, Delivery.State


@dataclass
class Worker:
    """One worker. Several may run against one database: each claims what no other has."""

    lease_s: float = LEASE_S
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))

    def turn(self, now: datetime) -> int:
        """One batch; answers how many were sent."""
        lay(now)
        claimed = self.claim(now)
        self.finish(claimed, self.send(claimed, now))
        return len(claimed)

    def claim(self, now: datetime) -> list[Delivery]:
        free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
        running = Q(hook__paused_at__isnull=True) | Q(what=What.TEST)
        due = Delivery.objects.filter(
            free, running, state=State.WAITING, due_at__lte=now, hook__ended_at__isnull=True
        )
        if not due.exists():
            return []
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True, of=("self",))
        with one_write():
            ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
            rows = Delivery.objects.filter(pk__in=ids)
            rows.update(lease_until=now + timedelta(seconds=self.lease_s))
        return list(rows.select_related("hook"))

    def send(self, claimed: list[Delivery], now: datetime) -> list[Reply]:
        """What each receiver answered. The threads know nothing of the database."""
        under_way = []
        for delivery in claimed:
            body = body_of(delivery)
            headers = headers_of(delivery, body, now)
            url = delivery.hook.url
            under_way.append(self.pool.submit(post, url, body, headers, timeout_s=TIMEOUT_S))
        return [future.result() for future in under_way]

    def finish(self, claimed: list[Delivery], replies: list[Reply]) -> None:
        now = timezone.now()
        for delivery, reply in zip(claimed, replies, strict=True):
            with one_write():
                _store(delivery, reply, now)


def lay(now: datetime) -> None:
    """A message for each webhook whose child has changed, unless one is under way already."""
    live = Webhook.objects.filter(ended_at__isnull=True)
    for hook in live.select_related("child", "person"):
        if not may_still(hook):
            with one_write():
                close(hook, now)
        elif hook.paused_at is None and _is_news(hook, now):
            with one_write():
                _lay(hook.pk)


def _is_news(hook: Webhook, now: datetime) -> bool:
    first = Change.objects.filter(child=hook.child_id, id__gt=hook.cursor).order_by("id").first()
    return first is not None and first.at <= now - GATHER and not _waiting(hook).exists()


def _waiting(hook: Webhook) -> QuerySet[Delivery]:
    return hook.deliveries.filter(state=State.WAITING, what=What.CHANGES)


def _lay(hook_id: UUID) -> None:
    # Read anew within the transaction: another worker may have been faster.
    hook = Webhook.objects.select_for_update().get(pk=hook_id)
    changes = Change.objects.filter(child=hook.child_id, id__gt=hook.cursor).order_by("id")
    numbers = list(changes.values_list("pk", flat=True)[:MOST_CHANGES])
    if not numbers or _waiting(hook).exists():
        return
    Delivery.objects.create(hook=hook, since=hook.cursor, last_change=numbers[-1])
    Webhook.objects.filter(pk=hook.pk).update(cursor=numbers[-1])


def _store(delivery: Delivery, reply: Reply, now: datetime) -> None:
    attempts = delivery.attempts + 1
    values = {
        "attempts": attempts,
        "http_status": reply.status,
        "answer": reply.words[:200],
        "tried_at": now,
        "lease_until": None,
    }
    hook = Webhook.objects.filter(pk=delivery.hook_id)
    is_last = attempts > len(RETRIES) or delivery.what == What.TEST
    if reply.is_taken:
        values["state"] = State.DONE
    elif reply.is_over or is_last:
        values["state"] = State.FAILED
        if not reply.is_over and delivery.what == What.CHANGES:
            hook.update(paused_at=now)
    else:
        values["due_at"] = now + RETRIES[attempts - 1]
    # Ended while it was on its way, it is not waiting any more; that it was sent is still told.
    if values.get("state") is None and hook.filter(ended_at__isnull=False).exists():
        values["state"] = State.FAILED
    Delivery.objects.filter(pk=delivery.pk).update(**values)
    if reply.is_over:  # the receiver wants no more
        close(delivery.hook, now)


def keep_telling(
    *, parent: int | None, lease_s: float = LEASE_S, stop: Callable[[], bool] = lambda: False
) -> None:
    """Until the process that started this one is gone; without one, until it is stopped."""
    worker = Worker(lease_s=lease_s)
    while (parent is None or os.getppid() == parent) and not stop():
        try:
            sent = worker.turn(timezone.now())
            note_turn(settings.DATA_DIR, "hooks")
        except Exception:  # a database that is locked or away comes back
            log.exception("webhooks were not sent; they are tried again")
            sent = 0
            close_old_connections()
        if sent == 0:
            time.sleep(IDLE_S)
