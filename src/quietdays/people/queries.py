"""Reads across people and children."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import QuerySet

from quietdays.people.access import CLINICAL_ROLES
from quietdays.people.models import CareRole, Child, Person
from quietdays.records.models import TimedRecord

T = TypeVar("T", bound=TimedRecord)

# A record's local date may lie this far from its UTC date, whatever zone the child was in.
ZONE_MARGIN = timedelta(hours=15)


def children_of(person: Person) -> QuerySet[Child]:
    """The children this person has a role for, by name."""
    mine = person.care_roles.live().values("child")
    return Child.objects.filter(pk__in=mine).select_related("family").order_by("name")


def circle_of(child: Child) -> QuerySet[CareRole]:
    """Everybody with a role for this child now."""
    people = child.care_roles.live().select_related("person", "given_by", "link__clinic")
    return people.order_by("since")


def is_clinician(person: Person) -> bool:
    return person.care_roles.filter(role__in=CLINICAL_ROLES).live().exists()


def between_dates(
    model: type[T], child: Child, first: date, last: date, *, unread: Sequence[str] = ()
) -> list[T]:
    """Records whose local date lies from first to last, in order of time.

    `unread` names columns that are fetched only when somebody asks a record for them.
    """
    start = datetime.fromisoformat(f"{first}T00:00:00+00:00") - ZONE_MARGIN
    end = datetime.fromisoformat(f"{last}T23:59:59+00:00") + ZONE_MARGIN
    rows: QuerySet[Any] = model.objects.of(child).filter(happened_at__range=(start, end))
    rows = rows.defer(*unread)
    return [r for r in rows.order_by("happened_at") if first <= r.local_time.date() <= last]
