"""Addresses that are told of changes, and what was sent to each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.records.ids import new_id


class Webhook(models.Model):
    """An address that is told when something of one child's diary changes.

    The secret is stored as it is: unlike a token it lets nobody in, and signing needs it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80)
    cursor = models.BigIntegerField()  # the newest Change that stands in a delivery
    created_at = models.DateTimeField(default=timezone.now)
    paused_at = models.DateTimeField(null=True, blank=True)  # for days nobody took anything
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(cursor__gte=0),
                name="webhook_cursor_possible",
                violation_error_message=gettext_lazy("A cursor is no less than 0."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message: that entries changed, from one Change number to another. Its id is the event's."""

    class What(models.TextChoices):
        CHANGES = "changes", gettext_lazy("changes")
        TEST = "test", gettext_lazy("test")

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waiting")
        DONE = "done", gettext_lazy("taken")
        FAILED = "failed", gettext_lazy("not taken")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    hook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    what = models.CharField(max_length=8, choices=What.choices, default=What.CHANGES)
    since = models.BigIntegerField()  # the Change before the first that it tells
    last_change = models.BigIntegerField()
    attempts = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True)  # None: no answer
    answer = models.CharField(max_length=200, blank=True)  # in words; never the answer's body
    created_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["state", "due_at"], name="hook_delivery_due")
        ]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(last_change__gte=F("since")),
                name="hook_delivery_in_order",
                violation_error_message=gettext_lazy("The changes end before they begin."),
            ),
            models.UniqueConstraint(
                fields=["hook"],
                condition=Q(state="waiting", what="changes"),
                name="hook_delivery_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(what)s up to %(last_change)s") % {
            "what": self.what,
            "last_change": self.last_change,
        }
