"""Who may do what: the one table, and the one check that every action and page goes through."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from quietdays.people.models import CareRole, Child, Person


class Act(StrEnum):
    TODAY = "today"  # what is to be done now, and what was seen today and the day before
    READ = "read"  # everything of the child
    LOG = "log"  # what happened: clusters, meals, doses, check-ins, measurements
    PLAN = "plan"  # what is to be weighed: foods, recipes, meals to come
    PRESCRIBE = "prescribe"  # the diet's numbers
    MEDICATE = "medicate"  # medicines and their schedules
    FOLLOW = "follow"  # the clinic's work: limits and EEG results
    TALK = "talk"  # messages between the family and its team
    MANAGE = "manage"  # the child's data, the people around it, imports


Role = CareRole.Role
_ALL_READ = {Act.TODAY, Act.READ}
_CLOSE = _ALL_READ | {Act.LOG, Act.PLAN, Act.TALK}
MAY: dict[str, frozenset[Act]] = {
    Role.PARENT: frozenset(_CLOSE | {Act.MEDICATE, Act.MANAGE}),
    Role.CARER: frozenset({Act.TODAY, Act.LOG}),
    Role.DIETITIAN: frozenset(_CLOSE | {Act.PRESCRIBE}),
    Role.NEUROLOGIST: frozenset(_CLOSE | {Act.PRESCRIBE, Act.MEDICATE, Act.FOLLOW}),
    Role.NURSE: frozenset(_CLOSE | {Act.MEDICATE, Act.FOLLOW}),
    Role.READER: frozenset(_ALL_READ),
}
FEEDING_ROLES = frozenset({Role.PARENT, Role.CARER})
CLINICAL_ROLES = frozenset({Role.DIETITIAN, Role.NEUROLOGIST, Role.NURSE})


def role_of(person: Person, child: Child) -> str | None:
    role = child.care_roles.filter(person=person, ended_at__isnull=True).first()
    return role.role if role else None


def may(person: Person, child: Child, act: Act) -> bool:
    role = role_of(person, child)
    return role is not None and act in MAY[role]


def require(person: Person, child: Child, act: Act) -> None:
    """Raises PermissionDenied with a sentence that says which role may do this."""
    if may(person, child, act):
        return
    able = " or ".join(CareRole.Role(r).label for r in MAY if act in MAY[r])
    raise PermissionDenied(f"Only this child's {able} can do this.")


def child_for(person: Person, child_id: UUID) -> Child:
    """The child, if this person may read it; otherwise as if there were none."""
    child = Child.objects.filter(
        pk=child_id, care_roles__person=person, care_roles__ended_at__isnull=True
    ).first()
    if child is None:
        raise Http404("There is no such child in your list.")
    return child
