"""Reads across people and children."""

from __future__ import annotations

from django.db.models import QuerySet

from quietdays.people.access import CLINICAL_ROLES
from quietdays.people.models import CareRole, Child, Person


def children_of(person: Person) -> QuerySet[Child]:
    """The children this person has a role for, by name."""
    return (
        Child.objects.filter(care_roles__person=person, care_roles__ended_at__isnull=True)
        .select_related("family")
        .order_by("name")
    )


def circle_of(child: Child) -> QuerySet[CareRole]:
    """Everybody with a role for this child now."""
    return child.care_roles.filter(ended_at__isnull=True).select_related("person").order_by("since")


def is_clinician(person: Person) -> bool:
    return person.care_roles.filter(ended_at__isnull=True, role__in=CLINICAL_ROLES).exists()
