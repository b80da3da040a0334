"""Lay what is due down as rows before its time, and withdraw what a changed plan no longer asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_noop

from quietdays.people.access import MAY, Act
from quietdays.people.models import CareRole, Child
from quietdays.records.writing import one_write
from quietdays.reminders.models import (
    TIMED,
    Channel,
    Delivery,
    Reminder,
    Rules,
    Step,
    Turn,
)
from quietdays.reminders.occasions import AFTER_NEXT, USEFUL, Occasion, occasions

AHEAD = timedelta(hours=36)
# What fell due while no worker ran is still laid down: told late, or said to have reached nobody.
BACK = timedelta(hours=24)
WITHDRAWN = gettext_noop("the plan changed")
NOT_TOLD = gettext_noop("not told any more")
State = Delivery.State


def rules_of(child: Child) -> Rules:
    """What the family chose; the defaults where it chose nothing."""
    return Rules.objects.filter(child=child).first() or Rules(child=child)


def turns_of(child: Child) -> list[Turn]:
    """The carers who are told of something, first ones first; an ended role ends the turn."""
    roles = CareRole.objects.filter(child=child).live()
    able = [role.person_id for role in roles if Act.LOG in MAY[role.role]]
    turns = Turn.objects.filter(child=child, person_id__in=able, order__gt=Turn.Order.NOT)
    return list(turns.select_related("person").order_by("order", "since"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """One delivery that ought to stand."""

    key: str
    reminder: Reminder
    turn: Turn
    step: Step
    due_at: datetime


def plan(child: Child, now: datetime) -> int:
    """Bring the rows of one child in line with what is due; answers how many were added.

    Twice is as good as once, and two workers at once add nothing twice: each row has its key.
    """
    turns = turns_of(child)
    first, last = now - BACK, now + AHEAD
    asked = occasions(child, first, last) if turns else []
    rules = rules_of(child)
    with one_write():
        _withdraw(child, now, asked, first)
        reminders = _reminders(child, [o for o in asked if not o.is_late], rules, now)
        return _deliveries(reminders, turns, rules, now)


def _withdraw(child: Child, now: datetime, asked: list[Occasion], first: datetime) -> None:
    """What no plan asks for any more is not told.

    A dose that is due now and whose step was written anew since is asked for all the same.
    """
    keys = {o.key for o in asked}
    rows = Reminder.objects.filter(
        child=child, due_at__gte=first, until__gt=now, withdrawn_at__isnull=True
    )
    gone = [r.pk for r in rows if r.key not in keys]
    Reminder.objects.filter(pk__in=gone).update(withdrawn_at=now)
    waiting = Delivery.objects.filter(reminder_id__in=gone, state=State.WAITING)
    waiting.update(state=State.NEEDLESS, why=WITHDRAWN)


def _reminders(child: Child, due: list[Occasion], rules: Rules, now: datetime) -> list[Reminder]:
    next_told = timedelta(minutes=rules.escalate_min)
    wanted = [
        Reminder(
            child=child,
            key=o.key,
            kind=o.kind,
            subject_id=o.subject_id,
            due_at=o.due_at,
            until=o.due_at + max(USEFUL[o.kind], next_told + AFTER_NEXT),
            words=o.words[:300],
        )
        for o in due
    ]
    present = {r.key: r for r in Reminder.objects.filter(child=child, key__in=[o.key for o in due])}
    Reminder.objects.bulk_create([r for r in wanted if r.key not in present], ignore_conflicts=True)
    for row in wanted:
        stood = present.get(row.key)
        if stood and _is_other(stood, row):
            _bring_up_to_date(stood, row, now)
    return list(Reminder.objects.filter(child=child, key__in=[o.key for o in due]))


def _is_other(stood: Reminder, wanted: Reminder) -> bool:
    is_longer = stood.until < wanted.until
    return stood.words != wanted.words or stood.withdrawn_at is not None or is_longer


def _bring_up_to_date(stood: Reminder, wanted: Reminder, now: datetime) -> None:
    """Asked for again, in other words, or for longer: with every delivery that waits, or waited."""
    sent = Delivery.objects.filter(reminder=stood)
    if stood.withdrawn_at is not None:
        withdrawn = sent.filter(state=State.NEEDLESS, why=WITHDRAWN, until__gt=now)
        withdrawn.update(state=State.WAITING, why="")
    until = max(stood.until, wanted.until)
    sent.filter(state=State.WAITING, until__lt=until).update(until=until)
    stood.words, stood.withdrawn_at, stood.until = wanted.words, None, until
    stood.save(update_fields=["words", "withdrawn_at", "until"])


def lowest_order(turns: Iterable[Turn], kind: str) -> int:
    """Who of those told of a kind comes first: where nobody is told first, the next carer is."""
    return min((turn.order for turn in turns if kind in turn.kinds), default=0)


def _deliveries(reminders: list[Reminder], turns: list[Turn], rules: Rules, now: datetime) -> int:
    wanted = {
        w.key: w
        for reminder in reminders
        if reminder.is_open
        for w in _told(reminder, turns, rules)
        if reminder.due_at >= w.turn.since
    }
    rows = Delivery.objects.filter(reminder__in=reminders, step__in=[Step.FIRST, Step.NEXT])
    present = {row.key: row for row in rows}
    _mend(present, wanted, now)
    missing = [_delivery(w, now) for key, w in wanted.items() if key not in present]
    Delivery.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _told(reminder: Reminder, turns: list[Turn], rules: Rules) -> Iterable[Wanted]:
    """Who is told, and when. A week or a stock is told once; a dose goes on to the next carer."""
    able = [t for t in turns if reminder.kind in t.kinds]
    lowest = lowest_order(able, reminder.kind)
    for turn in able:
        is_first = turn.order == lowest or reminder.kind not in TIMED
        step = Step.FIRST if is_first else Step.NEXT
        later = timedelta(0) if is_first else timedelta(minutes=rules.escalate_min)
        key = f"{reminder.pk}:{turn.person_id}:{step}"
        yield Wanted(key, reminder, turn, step, reminder.due_at + later)


def _delivery(wanted: Wanted, now: datetime) -> Delivery:
    row = Delivery(
        reminder=wanted.reminder,
        person=wanted.turn.person,
        step=wanted.step,
        key=wanted.key,
        due_at=wanted.due_at,
        until=wanted.reminder.until,
    )
    if row.until <= now:
        row.state, row.why = State.LOST, gettext_noop("the server was not running at that time")
    return row


def _mend(present: dict[str, Delivery], wanted: dict[str, Wanted], now: datetime) -> None:
    """Rows that still wait follow what the family chose meanwhile."""
    for key, row in present.items():
        want = wanted.get(key)
        if want is None and row.state == State.WAITING and row.sent_at is None:
            _set(row, state=State.NEEDLESS, why=NOT_TOLD)
        elif want is None or row.sent_at is not None or row.tried or row.rounds:
            continue
        elif row.state == State.NEEDLESS and row.why in (WITHDRAWN, NOT_TOLD) and row.until > now:
            _set(row, state=State.WAITING, why="", due_at=want.due_at)
        elif row.state == State.WAITING and _is_moved(row, want, now):
            _set(row, due_at=want.due_at)


def _is_moved(row: Delivery, want: Wanted, now: datetime) -> bool:
    """Before its time a row follows the plan; later it may have been put off or brought forward."""
    return want.reminder.due_at > now and row.due_at != want.due_at


def _set(row: Delivery, **values: object) -> None:
    Delivery.objects.filter(pk=row.pk, state=row.state).update(**values)


# --- the daily self-test

TEST_EVERY = timedelta(hours=20)
TEST_LASTS = timedelta(hours=4)


def plan_tests(now: datetime) -> int:
    """One self-test a day for each phone that has not proved lately that it is reached."""
    phones = Channel.objects.filter(kind=Channel.Kind.PUSH, ended_at__isnull=True)
    stale = phones.exclude(proved_at__gt=now - TEST_EVERY)
    rows = [
        Delivery(
            person_id=channel.person_id,
            only=channel,
            step=Step.PROOF,
            key=f"proof:{channel.pk}:{now:%Y-%m-%d}",
            due_at=now,
            until=now + TEST_LASTS,
        )
        for channel in stale
    ]
    with one_write():
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
