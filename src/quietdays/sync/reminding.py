"""What a phone needs to ring by itself, and to know whether reminders reach it: docs/reminders.md."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from quietdays.people.models import Child, Person
from quietdays.reminders.decisions import NOTHING_SET_UP
from quietdays.reminders.keys import public_key
from quietdays.reminders.models import (
    TIMED,
    Delivery,
    Event,
    Heartbeat,
    Reminder,
    Rules,
    Turn,
)
from quietdays.reminders.occasions import occasions
from quietdays.reminders.planning import AHEAD, lowest_order, rules_of, turns_of
from quietdays.reminders.queries import channels_of
from quietdays.reminders.wording import worded
from quietdays.sync.values import instant_text

Json = dict[str, Any]
TOLD_FOR = timedelta(hours=24)


def reminders_of(child: Child, person: Person, now: datetime) -> Json:
    """`today.reminders` of one person for one child."""
    turns = turns_of(child)
    mine = next((turn for turn in turns if turn.person_id == person.pk), None)
    beat = Heartbeat.objects.first()
    return {
        **_turn(mine or Turn(child=child, person=person, order=Turn.Order.NOT), turns),
        **_rules(rules_of(child)),
        **_events(child, now),
        "is_on": mine is not None,
        "nobody": _is_nobody_told(child, person, turns, now),
        "channels": _channels(person),
        "lost": _lost(child, now),
        "worker_seen_at": None if beat is None else instant_text(beat.seen_at),
        "push_key": public_key(),
        "address": reverse("reminders", args=[child.pk]),
    }


def _turn(mine: Turn, turns: list[Turn]) -> Json:
    quiet = (mine.quiet_from, mine.quiet_until)
    return {
        "orders": {
            kind: 1 if mine.order == lowest_order(turns, kind) else 2 for kind in mine.kinds
        },
        "snooze_min": mine.snooze_min,
        "quiet": [f"{clock:%H:%M}" for clock in quiet if clock] or None,
        "shows_details": mine.shows_details,
    }


def _rules(rules: Rules) -> Json:
    return {"escalate_min": rules.escalate_min, "proof_max_age_h": rules.proof_max_age_h}


def _events(child: Child, now: datetime) -> Json:
    rows = Event.objects.filter(reminder__child=child, at__gt=now - TOLD_FOR)
    answers, told_next = [], []
    for event in rows.select_related("reminder", "person"):
        said: Json = {"key": event.reminder.key, "at": instant_text(event.at)}
        if event.what == Event.What.TOLD_NEXT:
            told_next.append(said | {"name": event.person.name})
            continue
        until = None if event.until is None else instant_text(event.until)
        by = {"person": str(event.person_id), "by": event.person.name}
        answers.append(said | by | {"what": event.what, "until": until})
    return {"answers": answers, "told_next": told_next}


def _is_nobody_told(child: Child, person: Person, turns: list[Turn], now: datetime) -> bool:
    """Something is due soon of a kind that no carer is told of.

    Who chose not to be told knows it, and is not asked again.
    """
    if Turn.objects.filter(child=child, person=person, order=Turn.Order.NOT).exists():
        return False
    told = {kind for turn in turns for kind in turn.kinds}
    due = {o.kind for o in occasions(child, now, now + AHEAD)}
    return bool((due & TIMED) - told)


def _lost(child: Child, now: datetime) -> list[Json]:
    """What was due lately, is answered by nobody, and reached nobody: every carer sees it.

    Where nothing is set up, home says that once, and not of every feed.
    """
    rows = Reminder.objects.filter(
        child=child, due_at__gt=now - TOLD_FOR, due_at__lte=now, kind__in=TIMED,
        settled_at__isnull=True, withdrawn_at__isnull=True,
    )  # fmt: skip
    of_it = Delivery.objects.filter(reminder=OuterRef("pk"))
    lost = of_it.filter(state=Delivery.State.LOST).exclude(why=NOTHING_SET_UP)
    told = of_it.filter(sent_at__isnull=False)
    return [
        {"key": row.key, "words": row.words, "at": instant_text(row.due_at)}
        for row in rows.filter(Exists(lost)).exclude(Exists(told))
    ]


def _channels(person: Person) -> list[Json]:
    return [
        {
            "id": str(channel.pk),
            "kind": channel.kind,
            "name": channel.name,
            "device": None if channel.device is None else str(channel.device),
            "since": instant_text(channel.since),
            "proved_at": None if channel.proved_at is None else instant_text(channel.proved_at),
            "trouble": worded(channel.trouble),
            "is_over": channel.ended_at is not None,
        }
        for channel in channels_of(person)
    ]
