"""The loop that delivers: at least once, in the order in which things are due.

A delivery is claimed in one transaction, sent outside of it, and its outcome stored in another.
Killed in between, the claim runs out and it is sent again.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import close_old_connections, connection
from django.db.models import Max, Q
from django.utils import timezone

from quietdays.diet.models import PlannedMeal
from quietdays.insights.models import Issued
from quietdays.medicines.models import Medicine, Schedule, Supply
from quietdays.people.models import CareRole, Child, Stay
from quietdays.records.writing import one_write
from quietdays.reminders import decisions
from quietdays.reminders.actions import close
from quietdays.reminders.channels import send
from quietdays.reminders.channels.answers import Answer
from quietdays.reminders.decisions import Sending
from quietdays.reminders.models import (
    Attempt,
    Channel,
    Delivery,
    Event,
    Heartbeat,
    Reminder,
    Rules,
    Step,
    Turn,
)
from quietdays.reminders.occasions import done_among
from quietdays.reminders.outcomes import outcome_of
from quietdays.reminders.planning import plan, plan_tests

log = logging.getLogger(__name__)

BATCH = 32
THREADS = 8
LEASE_S = 60.0
IDLE_S = 1.0
BEAT_EVERY_S = 20.0
# What was told stays open for hours: it is not read through again after every batch.
SETTLE_EVERY = timedelta(seconds=3)
REPLAN_EVERY = timedelta(minutes=10)
TRY_AGAIN_AFTER = timedelta(minutes=1)
# So long after it is of use a notification may still stand on a screen, and mislead.
STILL_STANDS = timedelta(hours=12)
ANSWERED_WITHIN = 0.8  # of the lease: what is later is tried again
NO_ANSWER = Answer(False, "no answer in time")
State = Delivery.State


@dataclass
class Worker:
    """One worker. Several may run against one database: each claims what no other has."""

    lease_s: float = LEASE_S
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(THREADS))
    _planned_at: datetime | None = None
    _marks: tuple[Any, ...] = ()
    _beat_at: datetime | None = None
    _settled_at: datetime | None = None

    @property
    def timeout_s(self) -> float:
        """The lease outlasts the whole batch, even when every send waits to the end."""
        return self.lease_s / (BATCH / THREADS + 2)

    def turn(self, now: datetime) -> int:
        """Everything that is due at an instant, one batch of it; answers how many were taken up."""
        self._plan(now)
        if self._settled_at is None or now - self._settled_at >= SETTLE_EVERY:
            settle_recorded(now)
            self._settled_at = now
        taken = self.deliver(now)
        self._beat(now)  # a worker that cannot do its work must not look alive
        return taken

    def _beat(self, now: datetime) -> None:
        if self._beat_at is None or (now - self._beat_at).total_seconds() >= BEAT_EVERY_S:
            with one_write():
                Heartbeat.objects.update_or_create(pk=1, defaults={"seen_at": now})
            self._beat_at = now

    def _plan(self, now: datetime) -> None:
        """All children when anything behind a plan has changed, and every few minutes anyhow."""
        marks = _marks()
        is_due = self._planned_at is None or now - self._planned_at >= REPLAN_EVERY
        if not is_due and marks == self._marks:
            return
        failed = 0
        for child in Child.objects.all():
            try:
                plan(child, now)
            except Exception:  # one child's trouble must not keep the others waiting
                log.exception("could not plan reminders for child %s", child.pk)
                failed += 1
        plan_tests(now)
        self._planned_at, self._marks = now, marks
        if failed:
            self._planned_at = now - REPLAN_EVERY + TRY_AGAIN_AFTER

    def deliver(self, now: datetime) -> int:
        claimed = self._claim(now)
        if not claimed:
            return 0
        sendings = decisions.decide(claimed, now)
        finish(list(zip(sendings, self._answers(sendings), strict=True)), now)
        return len(claimed)

    def _answers(self, sendings: list[Sending]) -> list[Answer]:
        """What came back for each. A service that answers drop by drop holds nobody else up."""
        sent = [self.pool.submit(self._send, sending) for sending in sendings]
        _, late = wait(sent, timeout=self.lease_s * ANSWERED_WITHIN)
        if late:
            self.pool.shutdown(wait=False, cancel_futures=True)
            self.pool = ThreadPoolExecutor(THREADS)
        return [NO_ANSWER if future in late else future.result() for future in sent]

    def _claim(self, now: datetime) -> list[Delivery]:
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        due = Delivery.objects.filter(free, state=State.WAITING, due_at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        with one_write():
            ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:BATCH])
            rows = Delivery.objects.filter(pk__in=ids)
            rows.update(claimed_until=now + timedelta(seconds=self.lease_s))
        return list(rows.select_related("reminder__child", "person", "only").order_by("due_at"))

    def _send(self, sending: Sending) -> Answer:
        return send(sending.route, sending.message, self.timeout_s)


def finish(sent: Sequence[tuple[Sending, Answer]], now: datetime) -> None:
    """Store what came back for a batch: all of it in one transaction."""
    attempts = []
    with one_write():
        for sending, answer in sent:
            attempts.append(
                Attempt(
                    delivery=sending.delivery,
                    channel=sending.channel,
                    at=now,
                    is_taken=answer.is_taken,
                    answer=answer.words[:300],
                )
            )
            values = outcome_of(sending, answer, now)
            # Somebody may have answered while it was on its way: that stands.
            rows = Delivery.objects.filter(pk=sending.delivery.pk)
            if rows.filter(state=State.WAITING).update(claimed_until=None, **values) == 0:
                rows.update(claimed_until=None, sent_at=now if answer.is_taken else None)
            _note_channel(sending.channel, answer, now)
            if answer.is_taken and sending.delivery.step == Step.NEXT:
                _note_next(sending.delivery, now)
        Attempt.objects.bulk_create(attempts)
        _close_answered([sending.delivery for sending, _ in sent], now)


def _close_answered(deliveries: list[Delivery], now: datetime) -> None:
    """What somebody answered while it was on its way is replaced where it has just arrived."""
    ids = {d.reminder_id for d in deliveries if d.reminder_id and d.step != Step.CLOSED}
    for reminder in Reminder.objects.filter(pk__in=ids, settled_at__isnull=False):
        close(reminder, except_for=None, now=now)


def _note_channel(channel: Channel, answer: Answer, now: datetime) -> None:
    trouble = "" if answer.is_taken else answer.words[:300]
    if channel.trouble == trouble and not answer.is_over:
        return
    ended = {"ended_at": now} if answer.is_over else {}
    Channel.objects.filter(pk=channel.pk).update(trouble=trouble, **ended)


def _note_next(delivery: Delivery, now: datetime) -> None:
    """Both screens say that the next carer was told."""
    assert delivery.reminder is not None  # noqa: S101  only a self-test has none
    told = Event.objects.filter(
        reminder=delivery.reminder, what=Event.What.TOLD_NEXT, person=delivery.person
    )
    if not told.exists():
        Event.objects.create(
            reminder=delivery.reminder, what=Event.What.TOLD_NEXT, person=delivery.person, at=now
        )


def settle_recorded(now: datetime) -> None:
    """End the reminders of which somebody has been told and that were recorded since."""
    rows = Reminder.objects.filter(
        due_at__lte=now,
        until__gt=now - STILL_STANDS,
        settled_at__isnull=True,
        withdrawn_at__isnull=True,
    ).filter(deliveries__sent_at__isnull=False)
    by_child: dict[Any, list[Reminder]] = {}
    for reminder in rows.select_related("child").distinct():
        by_child.setdefault(reminder.child, []).append(reminder)
    for child, reminders in by_child.items():
        try:
            _settle_recorded(child, reminders, now)
        except Exception:  # one child's trouble must not keep the others waiting
            log.exception("could not settle reminders of child %s", child.pk)


def _settle_recorded(child: Child, reminders: list[Reminder], now: datetime) -> None:
    done = done_among(child, reminders)
    with one_write():
        for reminder in reminders:
            if reminder.key in done:
                decisions.settle(reminder, done[reminder.key], now)
                close(reminder, except_for=None, now=now)


def _marks() -> tuple[Any, ...]:
    """What changes whenever something behind a plan does."""
    newest = [
        m.history.aggregate(n=Max("history_id"))["n"]
        for m in (PlannedMeal, Medicine, Schedule, Supply)
    ]
    counts = [m._default_manager.count() for m in (Stay, Issued)]
    ended = CareRole.objects.aggregate(n=Max("ended_at"))["n"]
    living = CareRole.objects.live().count()  # a guest's access runs out by itself
    turns = tuple(Turn.objects.order_by("pk").values_list("pk", "order", "since", "kinds"))
    rules = tuple(Rules.objects.order_by("pk").values_list("pk", "escalate_min"))
    return (*newest, *counts, ended, living, repr(turns), rules)


def keep_reminding(
    *, parent: int | None, lease_s: float = LEASE_S, stop: Callable[[], bool] = lambda: False
) -> None:
    """Until the process that started this one is gone; without one, until it is stopped."""
    worker = Worker(lease_s=lease_s)
    while (parent is None or os.getppid() == parent) and not stop():
        try:
            taken = worker.turn(timezone.now())
        except Exception:  # a database that is locked or away comes back
            log.exception("reminders were not delivered; they are tried again")
            taken = 0
            close_old_connections()
        if taken == 0:
            time.sleep(IDLE_S)
