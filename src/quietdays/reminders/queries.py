"""Reads for the pages of reminders: who is told and reached, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q, QuerySet

from quietdays.people.models import Child, Person
from quietdays.reminders.models import (
    Attempt,
    CalendarFeed,
    Channel,
    Delivery,
    Heartbeat,
    Reminder,
    Step,
    Turn,
)
from quietdays.reminders.planning import rules_of, turns_of

# The worker writes every 20 s that it lives.
SILENT_AFTER = timedelta(minutes=5)


def channels_of(person: Person) -> list[Channel]:
    """Every way to reach a person, in the order in which they are tried.

    With those that are used no more because they ceased to work: it is said until the person
    takes them away or turns them on again.
    """
    rows = Channel.objects.filter(person=person)
    return list(rows.filter(Q(ended_at__isnull=True) | ~Q(trouble="")))


def feeds_of(child: Child) -> list[CalendarFeed]:
    rows = CalendarFeed.objects.filter(child=child, revoked_at__isnull=True)
    return list(rows.select_related("person"))


@dataclass(frozen=True, slots=True)
class Reached:
    """One carer who is told, and the channels that have proved to reach them, a phone lately."""

    turn: Turn
    proved: list[Channel]


def told_of(child: Child, now: datetime) -> list[Reached]:
    turns = turns_of(child)
    rows = Channel.objects.filter(
        person__in=[turn.person_id for turn in turns],
        ended_at__isnull=True,
        proved_at__isnull=False,
        trouble="",
    )
    oldest = now - timedelta(hours=rules_of(child).proof_max_age_h)
    proved = [c for c in rows if c.kind != Channel.Kind.PUSH or (c.proved_at or oldest) > oldest]
    return [Reached(t, [c for c in proved if c.person_id == t.person_id]) for t in turns]


def is_silent(now: datetime) -> bool:
    """No worker has been alive lately: this server sends nothing."""
    beat = Heartbeat.objects.first()
    return beat is None or now - beat.seen_at > SILENT_AFTER


def log_of(child: Child, now: datetime) -> QuerySet[Reminder]:
    """What somebody was to be told of, the newest first, with every delivery and try."""
    sent = Delivery.objects.exclude(step=Step.PROOF).select_related("person")
    tries = Attempt.objects.select_related("channel")
    return (
        Reminder.objects.filter(child=child, due_at__lte=now, deliveries__isnull=False)
        .distinct()
        .prefetch_related(
            Prefetch("deliveries", sent.prefetch_related(Prefetch("attempts", tries))),
            "events__person",
        )
        .order_by("-due_at")
    )


def proofs_of(channel: Channel) -> Sequence[Delivery]:
    """The newest self-tests of a channel, each with its tries."""
    rows = Delivery.objects.filter(only=channel).prefetch_related("attempts")
    return list(rows.order_by("-due_at")[:20])
