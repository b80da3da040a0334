"""For each delivery that was claimed: is it still needed, who takes it, over which channel?"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop

from quietdays.people.language import language_of
from quietdays.people.models import Child
from quietdays.records.writing import one_write
from quietdays.reminders.actions import close
from quietdays.reminders.channels.answers import Route
from quietdays.reminders.messages import Message, message_of
from quietdays.reminders.models import TIMED, Channel, Delivery, Kind, Reminder, Step, Turn
from quietdays.reminders.occasions import Done, done_among
from quietdays.reminders.planning import rules_of, turns_of
from quietdays.reminders.quiet import is_quiet, quiet_ends
from quietdays.science.days import ZoneTimeline

log = logging.getLogger(__name__)
State = Delivery.State
# After a fault of our own, or when the channels changed in the middle.
FAULT_WAIT = timedelta(minutes=1)
NOTHING_SET_UP = gettext_noop("no channel: nothing is set up that has proved to work")
TESTS = 2  # a phone that does not answer a self-test is sent one more


@dataclass(frozen=True, slots=True)
class Sending:
    """One message on its way: the rows that it is of, and all that a thread needs to send it."""

    delivery: Delivery
    channel: Channel
    usable: tuple[Channel, ...]  # the person's channels in their order, this one among them
    route: Route
    message: Message


@dataclass(frozen=True, slots=True)
class Around:
    """What one child's deliveries are judged by, read once for a batch."""

    child: Child
    timeline: ZoneTimeline
    turns: dict[Any, Turn]
    done: dict[str, Done]
    next_after: timedelta  # nobody answered for so long: the next carer


def decide(claimed: list[Delivery], now: datetime) -> list[Sending]:
    """What is to be sent of a batch; all else is answered for in its row.

    Child by child: what goes wrong with one must not keep the others waiting.
    """
    channels = _channels(claimed)
    by_child: dict[Any, list[Delivery]] = defaultdict(list)
    for delivery in claimed:
        by_child[delivery.reminder and delivery.reminder.child_id].append(delivery)
    sendings = []
    for deliveries in by_child.values():
        try:
            with one_write():
                sendings += _decide_all(deliveries, channels, now)
        except Exception:
            log.exception("could not decide on %s deliveries", len(deliveries))
            _set_aside(deliveries, now)
    return sendings


def _decide_all(
    deliveries: list[Delivery], channels: dict[Any, list[Channel]], now: datetime
) -> list[Sending]:
    """Those of one child; or self-tests, which are no child's."""
    around = _around(deliveries)
    sendings = []
    for delivery in deliveries:
        found = _decide(delivery, around, channels[delivery.person_id], now)
        if isinstance(found, Sending):
            sendings.append(found)
        else:
            Delivery.objects.filter(pk=delivery.pk).update(claimed_until=None, **found)
    return sendings


def _set_aside(deliveries: list[Delivery], now: datetime) -> None:
    rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries])
    with one_write():
        rows.filter(until__lte=now).update(
            claimed_until=None, **_lost(gettext_noop("a fault in the server"))
        )
        rows.filter(until__gt=now).update(claimed_until=None, due_at=now + FAULT_WAIT)


def _around(deliveries: list[Delivery]) -> Around | None:
    reminders = [d.reminder for d in deliveries if d.reminder is not None]
    if not reminders:
        return None
    child = reminders[0].child
    return Around(
        child,
        child.timeline(),
        {turn.person_id: turn for turn in turns_of(child)},
        done_among(child, reminders),
        timedelta(minutes=rules_of(child).escalate_min),
    )


def _channels(claimed: list[Delivery]) -> dict[Any, list[Channel]]:
    found: dict[Any, list[Channel]] = defaultdict(list)
    people = {delivery.person_id for delivery in claimed}
    rows = Channel.objects.filter(person_id__in=people, ended_at__isnull=True)
    rows = rows.select_related("person")
    for channel in rows:
        found[channel.person_id].append(channel)
    return found


def _needless(why: str) -> dict[str, Any]:
    return {"state": State.NEEDLESS, "why": why}


def _lost(why: str) -> dict[str, Any]:
    return {"state": State.LOST, "why": why}


def _decide(
    delivery: Delivery, around: Around | None, channels: list[Channel], now: datetime
) -> Sending | dict[str, Any]:
    """A message to send, or the values by which the row is answered for."""
    if delivery.received_at is not None:
        return {"state": State.SENT, "why": gettext_noop("received")}
    if around is None:
        return _test(delivery, now)
    reminder = delivery.reminder
    assert reminder is not None  # noqa: S101  only a self-test has none
    if delivery.step != Step.CLOSED and not reminder.is_open:
        return _needless(
            gettext_noop("seen to") if reminder.settled_at else gettext_noop("the plan changed")
        )
    if delivery.step != Step.CLOSED and reminder.key in around.done:
        settle(reminder, around.done[reminder.key], now)
        close(reminder, except_for=None, now=now)
        return _needless(gettext_noop("seen to"))
    turn = around.turns.get(delivery.person_id)
    if turn is None:
        return _needless(gettext_noop("not told any more"))
    if now >= delivery.until:
        if delivery.sent_at is not None:
            return {"state": State.SENT, "why": gettext_noop("sent; no proof that it arrived")}
        return _lost(gettext_noop("too late by the time that it could be sent"))
    held = _held_back(delivery, turn, around, now)
    return held if held is not None else _over(delivery, turn, around, channels, now)


def _test(delivery: Delivery, now: datetime) -> Sending | dict[str, Any]:
    channel = delivery.only
    assert channel is not None  # noqa: S101  a database constraint
    if channel.ended_at is not None:
        return _needless(gettext_noop("this channel was taken away"))
    if delivery.sent_at and channel.proved_at and channel.proved_at >= delivery.sent_at:
        return {"state": State.SENT, "why": gettext_noop("proved by another message meanwhile")}
    if now >= delivery.until or len(delivery.tried) >= TESTS:
        return _lost(gettext_noop("the test did not come through"))
    return _sending(delivery, channel, (channel,), None, None)


def settle(reminder: Reminder, done: Done, now: datetime) -> None:
    rows = Reminder.objects.filter(pk=reminder.pk, settled_at__isnull=True)
    rows.update(settled_at=now, settled_words=done.words)


def _held_back(
    delivery: Delivery, turn: Turn, around: Around, now: datetime
) -> dict[str, Any] | None:
    """Quiet hours. The next carer is told in them too: somebody has to be.

    Handed on to who is awake, a carer in quiet hours comes next in turn.
    """
    reminder = delivery.reminder
    assert reminder is not None  # noqa: S101  checked by the caller
    if delivery.step != Step.FIRST or not is_quiet(turn, now, around.timeline):
        return None
    next_at = reminder.due_at + around.next_after
    if reminder.kind in TIMED and _is_awake_told(reminder, turn, around, now):
        return (
            {"due_at": next_at, "why": gettext_noop("quiet hours: handed on")}
            if now < next_at
            else None
        )
    if reminder.kind == Kind.MEDICINE:
        return None  # all are in quiet hours: a medicine rings all the same
    ends = quiet_ends(turn, now, around.timeline)
    return {"due_at": ends} if ends < delivery.until else _needless(gettext_noop("quiet hours"))


def _is_awake_told(reminder: Reminder, turn: Turn, around: Around, now: datetime) -> bool:
    """Whether a carer who is not in quiet hours, and can be reached, is told in place of this one,
    at once."""
    awake = [
        other.person_id
        for other in around.turns.values()
        if other.pk != turn.pk
        and reminder.kind in other.kinds
        and not is_quiet(other, now, around.timeline)
    ]
    live = Channel.objects.filter(person_id__in=awake, ended_at__isnull=True)
    able = live.filter(Q(kind=Channel.Kind.PUSH) | Q(proved_at__isnull=False)).values("person_id")
    theirs = Delivery.objects.filter(reminder=reminder, person_id__in=able)
    theirs.filter(state=State.WAITING, step=Step.NEXT, due_at__gt=now).update(due_at=now)
    return theirs.filter(state__in=[State.WAITING, State.SENT]).exclude(step=Step.CLOSED).exists()


def _over(
    delivery: Delivery, turn: Turn, around: Around, channels: list[Channel], now: datetime
) -> Sending | dict[str, Any]:
    """The first channel in the person's order that was not tried in this round."""
    if delivery.step == Step.CLOSED:
        channels = [c for c in channels if c.pk == delivery.only_id]
        if not channels:
            return _needless(gettext_noop("nothing stands on a screen"))
    usable = [c for c in channels if c.may_be_used]
    loud = [c for c in usable if not is_quiet(c, now, around.timeline)]
    # Where every phone of theirs is in quiet hours, somebody who has to be told is told.
    usable = loud or usable
    untried = [c for c in usable if str(c.pk) not in delivery.tried]
    if not usable:
        bring_others_forward(delivery, now)
        return _lost(NOTHING_SET_UP)
    if not untried and delivery.sent_at is None:
        bring_others_forward(delivery, now)
        return {"tried": [], "rounds": delivery.rounds + 1, "due_at": now + FAULT_WAIT}
    if not untried:
        # All took it and none confirmed: it was sent, and nobody knows whether it arrived.
        return {"state": State.SENT, "why": gettext_noop("sent; no proof that it arrived")}
    return _sending(delivery, untried[0], tuple(usable), turn, around)


def _sending(
    delivery: Delivery,
    channel: Channel,
    usable: tuple[Channel, ...],
    turn: Turn | None,
    around: Around | None,
) -> Sending:
    route = Route(channel.kind, channel.address, channel.keys)
    child, timeline = (around.child, around.timeline) if around else (None, None)
    with language_of(channel.person):
        message = message_of(delivery, channel, turn, child, timeline)
    return Sending(delivery, channel, usable, route, message)


def bring_others_forward(delivery: Delivery, now: datetime) -> None:
    """This carer cannot be reached: who would be told later is told without waiting."""
    rows = Delivery.objects.filter(reminder=delivery.reminder, step__in=[Step.FIRST, Step.NEXT])
    later = rows.filter(state=State.WAITING, due_at__gt=now, rounds=0, sent_at__isnull=True)
    later.exclude(person_id=delivery.person_id).update(due_at=now)
