"""Who saw, wrote, shared and exported; and the deletion of everything.

Rows name people by their words and ids, not by pointers: they outlive an account.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from quietdays.people.wording import device_in_words, role_in_words
from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly


class TrailEntry(AppendOnly):
    """One thing that somebody did with a child's data. The database refuses to change or remove it.

    What was only seen has one row for a person, page, place and hour.
    """

    class Did(models.TextChoices):
        SAW = "saw", gettext_lazy("saw")
        WROTE = "wrote", gettext_lazy("wrote")
        SHARED = "shared", gettext_lazy("shared")
        EXPORTED = "exported", gettext_lazy("took along")
        ACCESS = "access", gettext_lazy("changed who has access")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child_id = models.UUIDField()
    at = models.DateTimeField(default=timezone.now)
    person_id = models.UUIDField(null=True)  # empty for somebody with a link
    person_name = models.CharField(max_length=120)
    role = models.CharField(max_length=60)
    did = models.CharField(max_length=8, choices=Did.choices)
    what = models.CharField(max_length=80)  # the page or operation
    address = models.CharField(max_length=45)
    device = models.CharField(max_length=80)

    class Meta:
        verbose_name_plural = "trail entries"
        ordering: ClassVar[list[str]] = ["-at", "-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["child_id", "-at"], name="trail_of_child")
        ]

    def __str__(self) -> str:
        return f"{self.person_name} {self.did} {self.what}"

    @property
    def role_in_words(self) -> str:
        return role_in_words(self.role)

    @property
    def device_in_words(self) -> str:
        return device_in_words(self.device)


class Farewell(models.Model):
    """A family asked that everything of a child be deleted: on a day, until then to be called off.

    When it is done the row keeps how many rows of each table went, and nothing of the child.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child_id = models.UUIDField()
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by_id = models.UUIDField(null=True)  # empty where the time that the family set had passed
    due_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    told = models.JSONField(default=list)  # ids of the parents, who may read what is gone
    gone: Any = models.JSONField(default=dict)  # rows by table, and files

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child_id"],
                condition=Q(called_off_at__isnull=True, done_at__isnull=True),
                name="farewell_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"everything is deleted on {self.due_at:%Y-%m-%d}"
