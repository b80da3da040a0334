"""Lists that a clinician goes through: what speaks against the diet, and when to look again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy

from quietdays.records.models import Record


class ChecklistItem(Record):
    """One line of a child's list. Ticked by a clinician; the app draws nothing from it."""

    class List(models.TextChoices):
        CONTRAINDICATIONS = "contraindications", gettext_lazy("Before the diet starts")
        MONITORING = "monitoring", gettext_lazy("Monitoring")

    list = models.CharField(max_length=20, choices=List.choices)
    heading = models.CharField(max_length=80)
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    # Due so many months after the diet's first day, unless a date was planned.
    months_on_diet = models.PositiveSmallIntegerField(
        gettext_lazy("months on the diet"), null=True, blank=True
    )
    due_on = models.DateField(gettext_lazy("planned for"), null=True, blank=True)
    done_on = models.DateField(gettext_lazy("done on"), null=True, blank=True)
    ticked_at = models.DateTimeField(null=True, blank=True)
    ticked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    remark = models.CharField(max_length=500, blank=True)

    class Meta(Record.Meta):
        ordering = ["list", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ticked_at__isnull=True, ticked_by__isnull=True)
                | Q(ticked_at__isnull=False, ticked_by__isnull=False),
                name="checklist_tick_has_a_name",
                violation_error_message=gettext_lazy("A tick has a name and a time."),
            )
        ]

    def __str__(self) -> str:
        return self.text
