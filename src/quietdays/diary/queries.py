"""Reads of the diary, limited to one child."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet

from quietdays.diary.models import CheckIn, Illness, SpasmCluster
from quietdays.people.models import Child
from quietdays.records.models import TimedRecord

T = TypeVar("T", bound=TimedRecord)

# A record's local date may lie this far from its UTC date, whatever zone the child was in.
ZONE_MARGIN = timedelta(hours=15)


def between_dates(model: type[T], child: Child, first: date, last: date) -> list[T]:
    """Records whose local date lies from first to last, in order of time."""
    start = datetime.fromisoformat(f"{first}T00:00:00+00:00") - ZONE_MARGIN
    end = datetime.fromisoformat(f"{last}T23:59:59+00:00") + ZONE_MARGIN
    rows: QuerySet[Any] = model.objects.of(child).filter(happened_at__range=(start, end))
    return [r for r in rows.order_by("happened_at") if first <= r.local_time.date() <= last]


def last_cluster(child: Child) -> SpasmCluster | None:
    return (
        SpasmCluster.objects.of(child).order_by("-happened_at").select_related("entered_by").first()
    )


def check_in_on(child: Child, day: date) -> CheckIn | None:
    return CheckIn.objects.of(child).filter(date=day).first()


def illnesses_between(child: Child, first: date, last: date) -> list[Illness]:
    rows = Illness.objects.of(child).filter(started_on__lte=last)
    return [i for i in rows if i.ended_on is None or i.ended_on >= first]
