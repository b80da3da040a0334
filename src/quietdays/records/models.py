"""The two shapes of a record: one that happened at an instant, one that belongs to a date.

Both keep when it happened apart from when and by whom it was entered. Nothing is destroyed
by an edit: every version stands in the history; deletion is a mark that can be undone.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.utils import timezone
from simple_history.models import HistoricalRecords

from quietdays.records.ids import new_id

UNDO_DELETION = timedelta(days=30)


class LiveQuerySet(models.QuerySet[Any]):
    def live(self) -> Self:
        return self.filter(deleted_at__isnull=True)

    def of(self, child: Any) -> Self:
        return self.filter(child=child, deleted_at__isnull=True)


class Record(models.Model):
    """Something a person entered about a child."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = HistoricalRecords(inherit=True)
    objects = LiveQuerySet.as_manager()
    _change_reason: str

    class Meta:
        abstract = True

    def versions(self) -> list[Any]:
        """Every stored version, newest first, with who stored it and when."""
        return list(self.history.select_related("history_user").order_by("-history_date"))

    def return_parts(self, *, before: datetime, by: Any) -> None:
        """Put rows that belong to this record back to how they stood before an instant."""


class TimedRecord(Record):
    """A record of an instant, kept in UTC with the zone the child was in."""

    may_be_future: ClassVar[bool] = False  # only a plan lies ahead

    happened_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)

    class Meta(Record.Meta):
        abstract = True

    @property
    def local_time(self) -> datetime:
        return self.happened_at.astimezone(ZoneInfo(self.time_zone))


class DatedRecord(Record):
    """A record of a whole local date."""

    date = models.DateField()

    class Meta(Record.Meta):
        abstract = True


class WrittenOnce(Exception):
    """An append-only version was about to be changed; a new version has to be made."""


class AppendOnly(models.Model):
    """A version that, once stored, never changes. The database refuses updates as well."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WrittenOnce(f"{self._meta.verbose_name} {self.pk} is a stored version")
        super().save(*args, **kwargs)
