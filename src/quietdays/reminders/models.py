"""Who is told of what and how, what is due, and every try to deliver it."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.records.ids import new_id
from quietdays.reminders.wording import worded

SNOOZE_MIN = (5, 10, 30)


def snooze_choices() -> list[int]:
    return list(SNOOZE_MIN)


def every_kind() -> list[str]:
    return [Kind.MEDICINE, Kind.MEAL, Kind.SUPPLY, Kind.WEEK]


def receipt() -> str:
    """Whoever holds it has got the message: nothing else is opened by it."""
    return secrets.token_urlsafe(18)


class Kind(models.TextChoices):
    MEDICINE = "medicine", gettext_lazy("medicines")
    MEAL = "meal", gettext_lazy("feeds and meals")
    SUPPLY = "supply", gettext_lazy("supplies that end")
    WEEK = "week", gettext_lazy("the weekly summary")


# These somebody has to do at their time: they ring, and go on to the next carer.
TIMED = frozenset({Kind.MEDICINE, Kind.MEAL})


class Rules(models.Model):
    """What a family chose for one child; without a row, the defaults."""

    child = models.OneToOneField(
        "people.Child", on_delete=models.CASCADE, primary_key=True, related_name="reminder_rules"
    )
    escalate_min = models.PositiveSmallIntegerField(
        gettext_lazy("nobody answered for so many minutes: tell the next carer"), default=20
    )
    proof_max_age_h = models.PositiveSmallIntegerField(
        gettext_lazy("warn when a phone has not proved for so many hours that reminders arrive"),
        default=36,
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(escalate_min__gte=5, escalate_min__lte=110),
                name="rules_escalate_possible",
                violation_error_message=gettext_lazy("Choose 5 to 110 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(proof_max_age_h__gte=25, proof_max_age_h__lte=168),
                name="rules_proof_possible",
                violation_error_message=gettext_lazy(
                    "A phone is tested once a day: choose 25 to 168 hours."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"reminder rules of {self.child}"


class Turn(models.Model):
    """How one carer is told of what is due for one child."""

    class Order(models.IntegerChoices):
        NOT = 0, gettext_lazy("not at all")
        FIRST = 1, gettext_lazy("first")
        NEXT = 2, gettext_lazy("when the first carer does not answer")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="turns")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="turns"
    )
    order = models.PositiveSmallIntegerField(choices=Order.choices, default=Order.FIRST)
    kinds = models.JSONField(default=every_kind)
    # Only then may a locked screen, or a service on the way, show the name of a medicine.
    shows_details = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    snooze_min = models.JSONField(default=snooze_choices)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["child", "person"], name="turn_one_per_person"),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="turn_quiet_has_both_ends",
                violation_error_message=gettext_lazy("Quiet hours need a beginning and an end."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_order_display()}"


class Channel(models.Model):
    """One way to reach a person. Tried in the order of `position`; ended ones stay for the log.

    `address` of a push is the push service's endpoint, of a service its Apprise URL, which may
    hold a password: it is never shown again.
    """

    class Kind(models.TextChoices):
        PUSH = "push", gettext_lazy("this app on a phone")
        EMAIL = "email", gettext_lazy("e-mail")
        SERVICE = "service", gettext_lazy("another service")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channels"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    address = models.CharField(max_length=1000)
    keys = models.JSONField(default=dict, blank=True)  # of a push: p256dh and auth
    device = models.UUIDField(null=True, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    since = models.DateTimeField(default=timezone.now)
    proved_at = models.DateTimeField(null=True, blank=True)  # the phone or the person said: here
    trouble = models.CharField(max_length=300, blank=True)  # what came back at the last try
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[Any]] = ["position", "since"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "device"],
                condition=Q(ended_at__isnull=True, device__isnull=False),
                name="channel_one_per_device",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "address"],
                condition=Q(ended_at__isnull=True),
                name="channel_one_per_address",
                violation_error_message=gettext_lazy("You have this channel already."),
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="channel_quiet_has_both_ends",
                violation_error_message=gettext_lazy("Quiet hours need a beginning and an end."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_used(self) -> bool:
        """A phone asked for it itself; an address has to prove first that its owner wants it."""
        return self.kind == self.Kind.PUSH or self.proved_at is not None


class Reminder(models.Model):
    """One thing that is due once. `until`: from then on telling of it helps nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(
        "people.Child", on_delete=models.CASCADE, db_index=False, related_name="reminders"
    )
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject_id = models.UUIDField()  # the medicine, the planned meal, the supply, the summary
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    words = models.CharField(max_length=300)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_words = models.CharField(max_length=300, blank=True)  # “given 08:03 by Mira”
    withdrawn_at = models.DateTimeField(null=True, blank=True)  # the plan changed before its time

    class Meta:
        ordering: ClassVar[list[Any]] = ["-due_at"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["child", "due_at"], name="reminder_of_child"),
            models.Index(
                fields=["until"],
                condition=Q(settled_at__isnull=True, withdrawn_at__isnull=True),
                name="reminder_open",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["child", "key"], name="reminder_once"),
            models.CheckConstraint(
                condition=Q(until__gt=F("due_at")), name="reminder_lasts_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}, due {self.due_at:%Y-%m-%d %H:%M}Z"

    @property
    def is_open(self) -> bool:
        return self.settled_at is None and self.withdrawn_at is None

    @property
    def outcome_in_words(self) -> str:
        """What became of it; empty for what asks for no answer."""
        if self.settled_at is not None:
            return worded(self.settled_words)
        if self.withdrawn_at is not None:
            return gettext("the plan changed")
        if self.kind not in TIMED:
            return ""
        return (
            gettext("not answered yet")
            if timezone.now() < self.until
            else gettext("nobody answered")
        )


class Step(models.TextChoices):
    FIRST = "first", gettext_lazy("at its time")
    NEXT = "next", gettext_lazy("nobody had answered")
    AGAIN = "again", gettext_lazy("put off")
    CLOSED = "closed", gettext_lazy("seen to meanwhile")
    PROOF = "proof", gettext_lazy("self-test")


class Delivery(models.Model):
    """One person to be told of one reminder at one instant; or one phone to be tested."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waits")
        SENT = "sent", gettext_lazy("sent")
        NEEDLESS = "needless", gettext_lazy("not needed any more")
        LOST = "lost", gettext_lazy("reached nobody")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reminder = models.ForeignKey(
        Reminder, on_delete=models.CASCADE, null=True, blank=True, related_name="deliveries"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="deliveries"
    )
    only = models.ForeignKey(  # a self-test goes over this channel and no other
        Channel, on_delete=models.CASCADE, null=True, blank=True, related_name="tests"
    )
    step = models.CharField(max_length=8, choices=Step.choices)
    key = models.CharField(max_length=120, unique=True)
    receipt = models.CharField(max_length=40, unique=True, default=receipt)
    due_at = models.DateTimeField()  # also of the next try
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=120, blank=True)  # of the state, in words
    rounds = models.PositiveSmallIntegerField(default=0)  # failed over every channel so often
    tried = models.JSONField(default=list, blank=True)  # the channels of this round
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering: ClassVar[list[Any]] = ["due_at"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="delivery_waiting")
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(step="proof", only__isnull=False)
                | Q(~Q(step="proof"), reminder__isnull=False),
                name="delivery_is_of_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_state_display()}"

    @property
    def why_in_words(self) -> str:
        """What is stored is English; what a service answered stays as it came."""
        return worded(self.why)


class Attempt(models.Model):
    """One try over one channel, and what came back."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    is_taken = models.BooleanField()  # the service took it; whether it arrived says the receipt
    answer = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar[list[Any]] = ["id"]

    def __str__(self) -> str:
        return f"{self.channel}: {self.answer}"


class Event(models.Model):
    """What people did with a reminder, and that the next carer was told: both screens show it."""

    class What(models.TextChoices):
        SEEN = "seen", gettext_lazy("is on it")
        SNOOZED = "snoozed", gettext_lazy("put it off")
        TOLD_NEXT = "told_next", gettext_lazy("was told too")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reminder = models.ForeignKey(Reminder, on_delete=models.CASCADE, related_name="events")
    what = models.CharField(max_length=10, choices=What.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # put off to

    class Meta:
        ordering: ClassVar[list[Any]] = ["at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(what="snoozed", until__isnull=False)
                | Q(~Q(what="snoozed"), until__isnull=True),
                name="event_snoozed_has_until",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_what_display()}"


class Heartbeat(models.Model):
    """That a worker lives: one row, written at every turn of its loop."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"worker seen {self.seen_at}"


class CalendarFeed(models.Model):
    """A secret address at which a calendar reads one child's times. Only its hash is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="feeds")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="feeds"
    )
    name = models.CharField(max_length=60)
    token_sha256 = models.CharField(max_length=64, unique=True)
    shows_details = models.BooleanField(default=False)
    alarm_min = models.PositiveSmallIntegerField(default=0)  # so long before; at the time itself
    made_at = models.DateTimeField(default=timezone.now)
    fetched_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[Any]] = ["made_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(alarm_min__lte=120),
                name="feed_alarm_possible",
                violation_error_message=gettext_lazy("At most two hours before."),
            )
        ]

    def __str__(self) -> str:
        return self.name
