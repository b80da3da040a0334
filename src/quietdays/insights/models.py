"""What stays as it was said: the locked baseline, and summaries and verdicts as issued."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly


class Baseline(AppendOnly):
    """The period before the diet, with its figures as they stood when it was locked."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="baselines")
    first_day = models.DateField()
    last_day = models.DateField()
    clusters = models.PositiveIntegerField()
    spasms = models.PositiveIntegerField()
    watched_days = models.PositiveSmallIntegerField()
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    locked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["locked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="baseline_in_order",
                violation_error_message=gettext_lazy("The baseline ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return gettext("baseline %(first)s to %(last)s") % {
            "first": self.first_day,
            "last": self.last_day,
        }


class Issued(AppendOnly):
    """A weekly summary or the verdict of a 28-day period, in the words in which it was given.

    Entries may change afterwards: what is worked out anew is laid beside `content`, never
    over it. `inputs_sha256` tells at once whether anything that it rests on has changed.
    """

    class What(models.TextChoices):
        WEEK = "week", gettext_lazy("weekly summary")
        PERIOD = "period", gettext_lazy("four weeks on the diet")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="issued")
    what = models.CharField(max_length=8, choices=What.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    content = models.JSONField()
    version = models.CharField(max_length=40)
    inputs_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["first_day", "issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "what", "first_day", "last_day"], name="issued_once"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="issued_in_order",
                violation_error_message=gettext_lazy("What is summed up ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.first_day} to {self.last_day}"
