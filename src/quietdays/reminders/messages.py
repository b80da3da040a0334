"""What a reminder says. On a locked screen nothing medical, unless the person allowed it."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from quietdays.people.models import Child
from quietdays.reminders.models import Channel, Delivery, Event, Kind, Reminder, Step, Turn
from quietdays.reminders.occasions import words_of
from quietdays.science.days import ZoneTimeline
from quietdays.words import language

NAME = "Quiet Days"
_SCREENS = {Kind.MEDICINE: "/medicine", Kind.MEAL: "/feed"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message for one person, the same over every channel.

    `tag`: a repeat with the same tag takes the place of the first on a screen. `answer_at` is
    the page on which it can be answered without signing in; empty where nothing is to answer.
    """

    what: str  # reminder, closed, proof
    title: str
    body: str
    tag: str
    navigate: str
    answer_at: str
    off_at: str
    receipt: str
    snooze_min: int
    until: datetime
    is_urgent: bool
    language: str = "en"


def message_of(
    delivery: Delivery,
    channel: Channel,
    turn: Turn | None,
    child: Child | None,
    timeline: ZoneTimeline | None,
) -> Message:
    """The words for one delivery over one channel.

    An e-mail lies readable on the way and never says more than a time.
    """
    reminder, receipt = delivery.reminder, f"{delivery.receipt}.{channel.pk.hex}"
    shows = turn is not None and turn.shows_details and channel.kind != Channel.Kind.EMAIL
    if reminder is None or child is None or timeline is None:
        what, body, at, tag = "proof", _proof_words(channel), "/log/", f"proof:{channel.pk}"
    else:
        what = "closed" if delivery.step == Step.CLOSED else "reminder"
        body = (
            _closed(reminder) if what == "closed" else _words(reminder, delivery, timeline, shows)
        )
        at, tag = _address(reminder, child), reminder.key
    return Message(
        what=what,
        title=f"{NAME}: {child.name}" if shows and child else NAME,
        body=body,
        tag=short(tag),
        navigate=settings.ADDRESS + (reverse("log") if channel.kind == Channel.Kind.EMAIL else at),
        answer_at="" if what == "closed" else settings.ADDRESS + reverse("answer", args=[receipt]),
        off_at=settings.ADDRESS + reverse("channel-off", args=[channel.pk, off_token(channel)]),
        receipt=receipt,
        snooze_min=turn.snooze_min[0] if turn and turn.snooze_min else 0,
        until=delivery.until,
        is_urgent=what == "reminder",
        language=language(),
    )


def short(text: str) -> str:
    """At most 32 characters of base64url, as a push service takes a topic (RFC 8030)."""
    return urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:24]).decode()


def off_token(channel: Channel) -> str:
    """For the way out of a channel without signing in; told to nobody but its owner."""
    return short(f"off:{channel.pk}:{settings.SECRET_KEY}")


def _proof_words(channel: Channel) -> str:
    if channel.kind == Channel.Kind.PUSH:
        return gettext("This phone is reached.")
    return gettext("This is a test. Open the link and say that it has come.")


def _words(reminder: Reminder, delivery: Delivery, timeline: ZoneTimeline, shows: bool) -> str:
    clock = f"{timeline.local(reminder.due_at):%H:%M}"
    if reminder.kind in _SCREENS:
        words = (
            f"{clock} {words_of(reminder)}"
            if shows
            else gettext("%(time)s: something is due.") % {"time": clock}
        )
        asked = reminder.deliveries.filter(step=Step.FIRST, sent_at__isnull=False)
        is_unanswered = delivery.step == Step.NEXT and asked.exists()
        return f"{words} {gettext('Nobody has answered yet.')}" if is_unanswered else words
    if shows:
        return words_of(reminder)
    return gettext("There is something new to read.")


def _closed(reminder: Reminder) -> str:
    """It takes the place of a notification that still stands on the other phone."""
    last = reminder.events.filter(what=Event.What.SEEN).select_related("person").last()
    return (
        gettext("%(name)s is on it.") % {"name": last.person.name}
        if last
        else gettext("Somebody has recorded it.")
    )


def _address(reminder: Reminder, child: Child) -> str:
    if reminder.kind == Kind.WEEK:
        return reverse("this-week", args=[child.pk])
    if reminder.kind == Kind.SUPPLY:
        return reverse("supplies", args=[child.pk])
    return f"{reverse('log')}?child={child.pk}#{_SCREENS[Kind(reminder.kind)]}"
