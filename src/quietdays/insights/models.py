"""The baseline: the weeks before the diet, locked so that no later wish can move them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

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
                violation_error_message="The baseline ends before it begins.",
            )
        ]

    def __str__(self) -> str:
        return f"baseline {self.first_day} to {self.last_day}"
