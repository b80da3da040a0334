"""The emergency card of one child, in its team's own words; none ships with the app."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly


class EmergencyCard(AppendOnly):
    """One version, as a clinician of this child's team signed it. The newest is the card.

    `contacts`: one a line, such as “Dr Okafor, neurologist, +49 30 5550 0100”.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(
        "people.Child", on_delete=models.CASCADE, related_name="emergency_cards"
    )
    diagnosis = models.CharField(max_length=200)
    diet = models.CharField(gettext_lazy("the diet in one line"), max_length=200, blank=True)
    call_when = models.TextField(max_length=1000, blank=True)
    rescue = models.TextField(max_length=1000, blank=True)
    glucose = models.TextField(max_length=1000, blank=True)
    fluids = models.TextField(max_length=1000, blank=True)
    avoid = models.TextField(max_length=1000, blank=True)
    contacts = models.TextField(max_length=1000, blank=True)
    call_number = models.CharField(max_length=20, default="112")
    expires_on = models.DateField()
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[Any]] = ["-signed_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(call_when="", rescue="", glucose="", fluids="", avoid="", contacts=""),
                name="emergency_card_says_something",
                violation_error_message=gettext_lazy("Write down at least one thing that helps."),
            ),
        ]

    def __str__(self) -> str:
        return f"emergency card of {self.signed_at:%Y-%m-%d}"
