"""Everything that people change about reminders: who is told, by what, and their answers."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from quietdays.diet.models import PlannedMeal
from quietdays.medicines.models import Medicine
from quietdays.people.access import Act, require
from quietdays.people.codes import sha256_of
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write
from quietdays.reminders.channels import push, services
from quietdays.reminders.channels.answers import AddressRefused
from quietdays.reminders.models import (
    CalendarFeed,
    Channel,
    Delivery,
    Event,
    Kind,
    Reminder,
    Rules,
    Step,
    Turn,
)
from quietdays.reminders.occasions import AFTER_NEXT, USEFUL
from quietdays.reminders.planning import rules_of
from quietdays.reminders.wording import stored

MAX_CHANNELS = 10
TEST_LASTS = timedelta(minutes=15)
LONGEST_SNOOZE_MIN = 120
TAKEN_OVER = gettext_noop("somebody else has turned reminders on on this phone")
KEPT = timedelta(days=90)
State = Delivery.State
What = Event.What


# --- who is told


def set_rules(*, by: Person, child: Child, **values: Any) -> Rules:
    """What the family chose for everybody. Raises ValidationError naming the field."""
    require(by, child, Act.MANAGE)
    rules = rules_of(child)
    for name, value in values.items():
        setattr(rules, name, value)
    rules.full_clean(exclude=["child"], validate_unique=False)
    with one_write():
        rules.save()
    return rules


def set_turn(*, by: Person, child: Child, **values: Any) -> Turn:
    """How the acting person wants to be told. Only who logs for a child is reminded of it."""
    require(by, child, Act.LOG)
    turn = Turn.objects.filter(child=child, person=by).first() or Turn(child=child, person=by)
    was = turn.order if not turn._state.adding else Turn.Order.NOT
    for name, value in values.items():
        setattr(turn, name, value)
    if was == Turn.Order.NOT:
        turn.since = timezone.now()  # what was due before is nobody's fault
    turn.full_clean(exclude=["child", "person"])
    with one_write():
        turn.save()
    return turn


# --- by what


def subscribe(
    *, by: Person, device: UUID, name: str, endpoint: str, p256dh: str, auth: str
) -> Channel:
    """A browser that takes pushes. The same device again is the same channel, brought up to date.

    Raises ValidationError naming the field.
    """
    try:
        push.check_endpoint(endpoint)
    except AddressRefused as error:
        raise ValidationError({"endpoint": str(error)}) from error
    values: dict[str, Any] = {
        "address": endpoint,
        "keys": {"p256dh": p256dh, "auth": auth},
        "name": name,
    }
    with one_write():
        _forget_device(device)
        others = Channel.objects.filter(kind=Channel.Kind.PUSH, ended_at__isnull=True)
        _take_over(others.exclude(person=by), device, values)
        others.filter(address=endpoint, person=by).exclude(device=device).update(
            ended_at=timezone.now(), trouble=""
        )
        channel = others.filter(person=by, device=device).first()
        if channel is None:
            return _add(by, kind=Channel.Kind.PUSH, device=device, first=True, **values)
        if channel.address != endpoint:
            values |= {"proved_at": None, "since": timezone.now(), "trouble": ""}
        for field, value in values.items():
            setattr(channel, field, value)
        channel.full_clean(exclude=["person"])
        channel.save()
    return channel


def _take_over(others: QuerySet[Channel], device: UUID, values: dict[str, Any]) -> None:
    """A phone that somebody else turns on rings for them, and no longer for the one before: who
    shows the subscription's own keys holds the phone. Raises ValidationError for who does not."""
    same = [c for c in others.filter(address=values["address"]) if c.keys != values["keys"]]
    if same:
        raise ValidationError({"endpoint": gettext("This address belongs to another phone.")})
    mine = Q(device=device) | Q(address=values["address"])
    others.filter(mine).update(ended_at=timezone.now(), trouble=TAKEN_OVER)


def _forget_device(device: UUID) -> None:
    """What did not work any more on a device is mended by its new subscription."""
    gone = Channel.objects.filter(device=device, ended_at__isnull=False)
    gone.exclude(trouble="").update(trouble="")


def add_email(*, by: Person, address: str, name: str = "") -> Channel:
    """An address that is used once its owner has opened the link in the test message."""
    address = address.strip()
    validate_email(address)
    with one_write():
        channel = _add(by, kind=Channel.Kind.EMAIL, address=address, name=name or address[:60])
        test(by=by, channel=channel)
    return channel


def add_service(*, by: Person, address: str, name: str) -> Channel:
    """Anything that Apprise speaks; used once its owner has opened the link in the test."""
    address = address.strip()
    try:
        services.check_address(address)
    except AddressRefused as error:
        raise ValidationError({"address": str(error)}) from error
    with one_write():
        channel = _add(by, kind=Channel.Kind.SERVICE, address=address, name=name)
        test(by=by, channel=channel)
    return channel


def _add(by: Person, *, first: bool = False, **values: Any) -> Channel:
    mine = Channel.objects.filter(person=by, ended_at__isnull=True)
    if mine.count() >= MAX_CHANNELS:
        raise ValidationError(
            gettext("%(most)s channels are enough. Take one away first.") % {"most": MAX_CHANNELS}
        )
    if first:  # the phone in one's hand comes before what was there
        mine.update(position=F("position") + 1)
        position = 0
    else:
        position = (mine.aggregate(last=Max("position"))["last"] or 0) + 1
    channel = Channel(person=by, position=position, **values)
    channel.full_clean(exclude=["person"])
    channel.save()
    return channel


def set_channel_quiet(*, by: Person, channel: Channel, **quiet: Any) -> Channel:
    """Quiet hours of one phone or address. Raises ValidationError naming the field."""
    need_own(by, channel)
    for name, value in quiet.items():
        setattr(channel, name, value)
    channel.full_clean(exclude=["person"])
    with one_write():
        channel.save(update_fields=["quiet_from", "quiet_until"])
    return channel


def move_first(*, by: Person, channel: Channel) -> None:
    """This one is tried before all others; the others keep their order."""
    need_own(by, channel)
    with one_write():
        Channel.objects.filter(person=by).update(position=F("position") + 1)
        Channel.objects.filter(pk=channel.pk).update(position=0)


def end_channel(*, by: Person, channel: Channel) -> None:
    need_own(by, channel)
    end_unsigned(channel)


def end_unsigned(channel: Channel) -> None:
    """By the way out in an e-mail, whose secret address says enough."""
    with one_write():
        rows = Channel.objects.filter(pk=channel.pk)
        rows.update(ended_at=Coalesce("ended_at", timezone.now()), trouble="")


def test(*, by: Person, channel: Channel) -> Delivery:
    """Send a self-test at once; one that is under way is not sent twice."""
    need_own(by, channel)
    now = timezone.now()
    with one_write():
        under_way = channel.tests.filter(state=State.WAITING, sent_at__isnull=True, due_at__lte=now)
        found = under_way.first()
        if found is not None:
            return found
        return Delivery.objects.create(
            person=by,
            only=channel,
            step=Step.PROOF,
            key=f"proof:{channel.pk}:{new_id()}",
            due_at=now,
            until=now + (TEST_LASTS if channel.kind == Channel.Kind.PUSH else timedelta(days=1)),
        )


def need_own(by: Person, channel: Channel) -> None:
    """Raises PermissionDenied: nobody changes how another person is reached."""
    if channel.person_id != by.pk:
        raise PermissionDenied(gettext("This is how another person is reached."))


# --- what people answer


def answer(
    *,
    by: Person,
    child: Child,
    key: str,
    what: str,
    at: datetime,
    minutes: int | None = None,
    answer_id: UUID | None = None,
) -> Event:
    """“I am on it” or “in ten minutes”. Ends or puts off the reminder for everybody it rings for.

    It records no dose and no meal: those stay “not recorded” until somebody does. Raises
    ValidationError naming the field.
    """
    require(by, child, Act.LOG)
    if what not in (What.SEEN, What.SNOOZED):
        raise ValidationError({"what": gettext("A reminder is seen to or put off.")})
    if (what == What.SNOOZED) != (minutes is not None):
        raise ValidationError(
            {"minutes": gettext("Say for how many minutes, where it is put off.")}
        )
    if minutes is not None and not 1 <= minutes <= LONGEST_SNOOZE_MIN:
        raise ValidationError(
            {"minutes": gettext("At most %(most)s minutes.") % {"most": LONGEST_SNOOZE_MIN}}
        )
    with one_write():
        reminder = _reminder(child, key)
        found = Event.objects.filter(pk=answer_id).first() if answer_id else None
        if found is not None and found.reminder_id == reminder.pk:
            return found
        if found is not None:
            raise ValidationError({"id": gettext("This id is in use for another answer.")})
        until = None if minutes is None else at + timedelta(minutes=minutes)
        event = Event.objects.create(
            id=answer_id or new_id(), reminder=reminder, what=what, person=by, at=at, until=until
        )
        if until is None:
            _settle(reminder, event)
        else:
            _put_off(reminder, by, until)
    return event


_KEY = re.compile(r"(dose|meal):([0-9a-f-]{36}):(\d{9,11})")


def _reminder(child: Child, key: str) -> Reminder:
    """The row of a key; a phone without a network may answer before the worker laid it down."""
    found = Reminder.objects.filter(child=child, key=key).first()
    if found is not None:
        return found
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValidationError({"key": gettext("There is no such reminder.")})
    kind = Kind.MEDICINE if match[1] == "dose" else Kind.MEAL
    try:
        subject, due_at = UUID(match[2]), datetime.fromtimestamp(int(match[3]), UTC)
    except (ValueError, OverflowError) as error:
        raise ValidationError({"key": gettext("There is no such reminder.")}) from error
    model = Medicine if kind == Kind.MEDICINE else PlannedMeal
    named = model._default_manager.filter(child=child, pk=subject).first()
    if named is None or abs(due_at - timezone.now()) > timedelta(days=40):
        raise ValidationError({"key": gettext("There is no such reminder.")})
    return Reminder.objects.create(
        child=child,
        key=key,
        kind=kind,
        subject_id=subject,
        due_at=due_at,
        until=due_at + USEFUL[kind],
        words=str(named)[:300],
    )


def _settle(reminder: Reminder, event: Event) -> None:
    words = stored(gettext_noop("%(person)s is on it"), person=event.person.name)
    rows = Reminder.objects.filter(pk=reminder.pk, settled_at__isnull=True)
    rows.update(settled_at=event.at, settled_words=words)
    close(reminder, except_for=event.person)


def close(reminder: Reminder, *, except_for: Person | None, now: datetime | None = None) -> None:
    """Nobody else is told; a notification that stands on any other phone is replaced."""
    told = Delivery.objects.filter(reminder=reminder).exclude(step=Step.CLOSED)
    told.filter(state=State.WAITING).update(state=State.NEEDLESS, why=gettext_noop("seen to"))
    reached = Channel.objects.filter(
        kind=Channel.Kind.PUSH,
        ended_at__isnull=True,
        attempts__is_taken=True,
        attempts__delivery__in=told,
    )
    at = now or timezone.now()
    Delivery.objects.bulk_create(
        [
            Delivery(
                reminder=reminder,
                person_id=channel.person_id,
                only=channel,
                step=Step.CLOSED,
                key=f"{reminder.pk}:{channel.pk}:{Step.CLOSED}",
                due_at=at,
                until=at + TEST_LASTS,
            )
            for channel in reached.distinct()
            if except_for is None or channel.person_id != except_for.pk
        ],
        ignore_conflicts=True,
    )


def _put_off(reminder: Reminder, by: Person, until: datetime) -> None:
    """Tell this person again then; the next carer as long after that as after the first time."""
    if until <= timezone.now():
        return  # said without a network, and heard too late
    useful = max(reminder.until, until + USEFUL[Kind(reminder.kind)] / 2)
    Reminder.objects.filter(pk=reminder.pk).update(until=useful)
    waiting = Delivery.objects.filter(reminder=reminder, state=State.WAITING)
    waiting.filter(person=by).update(state=State.NEEDLESS, why=gettext_noop("put off"))
    next_at = until + timedelta(minutes=rules_of(reminder.child).escalate_min)
    waiting.filter(step=Step.NEXT, due_at__lt=next_at).exclude(person=by).update(
        due_at=next_at, until=useful
    )
    told = Delivery.objects.filter(reminder=reminder, step=Step.NEXT, sent_at__isnull=False)
    others = told.exclude(person=by).values_list("person_id", flat=True)
    for person, at in ((by.pk, until), *((other, next_at) for other in set(others))):
        Delivery.objects.create(
            reminder=reminder,
            person_id=person,
            step=Step.AGAIN,
            key=f"{reminder.pk}:{person}:{Step.AGAIN}:{int(at.timestamp())}:{new_id().hex[-6:]}",
            due_at=at,
            until=max(useful, at + AFTER_NEXT),
        )


def of_receipt(token: str) -> Delivery | None:
    """The delivery whose message carried this; None for a receipt that there is not."""
    rows = Delivery.objects.filter(receipt=token.partition(".")[0]).exclude(step=Step.CLOSED)
    return rows.select_related("reminder__child", "person", "only").first()


def _channel_in(token: str) -> list[UUID]:
    """A message says over which channel it came, so that no other one is taken for proved."""
    try:
        return [UUID(token.partition(".")[2])]
    except ValueError:
        return []


def receive(*, token: str, what: str, minutes: int | None = None) -> Delivery | None:
    """What the holder of a message's receipt says; None for a receipt that there is not.

    `received` proves that the channel reaches the phone. The others answer for the person.
    """
    delivery = of_receipt(token)
    if delivery is None:
        return None
    now, reminder = timezone.now(), delivery.reminder
    if what == What.SNOOZED and reminder is not None and reminder.until <= now:
        raise ValidationError(
            {"minutes": gettext("It is too late to put this off. Open Quiet Days.")}
        )
    with one_write():
        Delivery.objects.filter(pk=delivery.pk, received_at__isnull=True).update(received_at=now)
        theirs = Channel.objects.filter(person=delivery.person, ended_at__isnull=True)
        theirs.filter(pk__in=_channel_in(token)).update(proved_at=now, trouble="")
        if what != "received" and delivery.reminder is not None:
            answer(
                by=delivery.person,
                child=delivery.reminder.child,
                key=delivery.reminder.key,
                what=what,
                at=now,
                minutes=minutes,
            )
    return delivery


# --- calendars


def make_feed(
    *, by: Person, child: Child, name: str, shows_details: bool, alarm_min: int
) -> tuple[CalendarFeed, str]:
    """A new feed and its secret, which is shown once and not stored."""
    require(by, child, Act.LOG)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        child=child,
        person=by,
        name=name.strip(),
        token_sha256=sha256_of(secret),
        shows_details=shows_details,
        alarm_min=alarm_min,
    )
    feed.full_clean(exclude=["child", "person"])
    with one_write():
        feed.save()
    return feed, secret


def revoke_feed(*, by: Person, feed: CalendarFeed) -> None:
    """From now on the address answers 404. One's own, or as a parent anybody's."""
    if feed.person_id != by.pk:
        require(by, feed.child, Act.MANAGE)
    with one_write():
        CalendarFeed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )


def note_fetched(feed: CalendarFeed, now: datetime) -> None:
    """That a calendar has read it, to the minute: the page says when it last did."""
    rows = CalendarFeed.objects.filter(pk=feed.pk)
    stale = Q(fetched_at__isnull=True) | Q(fetched_at__lt=now - timedelta(minutes=1))
    with one_write():
        rows.filter(stale).update(fetched_at=now)


# --- the end of the log


def forget_old(now: datetime) -> int:
    """Reminders of long ago with all that was sent for them; answers how many."""
    with one_write():
        gone, _ = Reminder.objects.filter(until__lt=now - KEPT).delete()
        Delivery.objects.filter(reminder__isnull=True, until__lt=now - KEPT).delete()
    return gone
