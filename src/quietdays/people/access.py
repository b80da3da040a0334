"""Who may do what: the one table, and the one check that every action and page goes through."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext

from quietdays.people.models import CLINICAL_ROLES, CareRole, Child, Person, Role
from quietdays.words import listed

__all__ = [
    "CLINICAL_ROLES",
    "FEEDING_ROLES",
    "MAY",
    "Act",
    "Role",
    "acts_of",
    "child_for",
    "may",
    "require",
    "role_of",
]


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


_ALL_READ = {Act.TODAY, Act.READ}
_CLOSE = _ALL_READ | {Act.LOG, Act.PLAN, Act.TALK}
MAY: dict[str, frozenset[Act]] = {
    Role.PARENT: frozenset(_CLOSE | {Act.MEDICATE, Act.MANAGE}),
    Role.CARER: frozenset({Act.TODAY, Act.LOG}),
    Role.GUEST: frozenset({Act.TODAY, Act.LOG}),
    Role.DIETITIAN: frozenset(_CLOSE | {Act.PRESCRIBE}),
    Role.NEUROLOGIST: frozenset(_CLOSE | {Act.PRESCRIBE, Act.MEDICATE, Act.FOLLOW}),
    Role.NURSE: frozenset(_CLOSE | {Act.MEDICATE, Act.FOLLOW}),
    Role.READER: frozenset(_ALL_READ),
}
FEEDING_ROLES = frozenset({Role.PARENT, Role.CARER, Role.GUEST})


def role_of(person: Person, child: Child) -> str | None:
    role = child.care_roles.filter(person=person).live().first()
    return role.role if role else None


def acts_of(person: Person, child: Child) -> frozenset[Act]:
    """Everything that a person may do for a child now; nothing without a role."""
    role = role_of(person, child)
    return frozenset() if role is None else MAY[role]


def may(person: Person, child: Child, act: Act) -> bool:
    return act in acts_of(person, child)


def require(person: Person, child: Child, act: Act) -> None:
    """Raises PermissionDenied with a sentence that says which role may do this."""
    if not may(person, child, act):
        raise refused(act)


def refused(act: Act) -> PermissionDenied:
    """What somebody is told who may not do this."""
    able = listed([str(Role(r).label) for r in MAY if act in MAY[r]], "or")
    return PermissionDenied(gettext("Only this child's %(able)s can do this.") % {"able": able})


def child_for(person: Person, child_id: UUID) -> Child:
    """The child, if this person has a role for it; otherwise as if there were none."""
    child: Child = role_for(person, child_id).child
    return child


def role_for(person: Person, child_id: UUID) -> CareRole:
    """This person's role for a child, with the child; otherwise as if there were no child."""
    mine = CareRole.objects.filter(person=person, child=child_id).live()
    found: CareRole | None = mine.select_related("child__family").first()
    if found is None:
        raise Http404(gettext("There is no such child in your list."))
    return found
