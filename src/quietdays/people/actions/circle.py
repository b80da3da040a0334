"""Who is somebody for a child: roles given and ended, and the ways in.

A link makes one more person somebody for a child. A short code, read out or typed, makes a guest
until a set time, or lets a clinic follow the child. Links and codes work once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.people.access import Act, require, role_of
from quietdays.people.actions.accounts import create_guest
from quietdays.people.codes import new_code, new_token, sha256_of, typed_code
from quietdays.people.models import (
    CareRole,
    Child,
    Clinic,
    ClinicLink,
    Invitation,
    Person,
    Role,
)
from quietdays.records.writing import one_write

INVITATION_DAYS = 7
LONGEST_GUEST = timedelta(days=31)
What = Invitation.What
USED_UP = gettext_lazy("This invitation was used or is too old. Ask for a new one.")


def grant_role(
    *,
    child: Child,
    person: Person,
    role: str,
    given_by: Person | None = None,
    ends_at: datetime | None = None,
    link: ClinicLink | None = None,
) -> CareRole:
    """Give a person a role; an older role for the same child ends. Callers check consent."""
    with one_write():
        _end(child.care_roles.filter(person=person))
        return CareRole.objects.create(
            child=child, person=person, role=role, given_by=given_by, ends_at=ends_at, link=link
        )


def end_role(*, by: Person, child: Child, care_role: CareRole) -> None:
    """From now on this person sees nothing of the child any more."""
    require(by, child, Act.MANAGE)
    with one_write():
        parents = child.care_roles.filter(role=Role.PARENT).live()
        if care_role.role == Role.PARENT and parents.count() == 1:
            raise ValidationError(
                gettext("The last parent cannot leave: the diary would belong to nobody.")
            )
        _end(child.care_roles.filter(pk=care_role.pk))


def _end(roles: object) -> None:
    roles.filter(ended_at__isnull=True).update(ended_at=timezone.now())  # type: ignore[attr-defined]


# --- links for one more person


def invite(*, by: Person, child: Child, role: str) -> str:
    """Make a one-time link's token for one more person. Only its hash is kept."""
    require(by, child, Act.MANAGE)
    if role not in Role.values or role == Role.GUEST:
        raise ValidationError({"role": gettext("Choose one of the roles.")})
    token = new_token()
    keep_invitation(token, by, What.PERSON, child=child, role=role)
    return token


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link's token or a code, while it can still be taken up."""
    rows = Invitation.objects.filter(token_sha256=sha256_of(token))
    rows = rows.filter(accepted_at__isnull=True, expires_at__gt=timezone.now())
    return rows.select_related("child", "clinic", "invited_by").first()


def accept_invitation(*, person: Person, token: str) -> Child:
    """Take up a link to a child once. Raises ValidationError when it is used up or too old."""
    with one_write():
        invitation = _taken(token, What.PERSON)
        child = invitation.child
        assert child is not None  # noqa: S101  a constraint of its table
        if role_of(person, child) == Role.PARENT:
            raise ValidationError(
                gettext("You are a parent here already. This link is for somebody else.")
            )
        grant_role(child=child, person=person, role=invitation.role, given_by=invitation.invited_by)
        return child


def _taken(token: str, what: str) -> Invitation:
    """The invitation, used up from now on; within a write, which takes it back on refusal.

    Whoever made it must still be one who may: an invitation of a parent who has gone opens nothing.
    """
    invitation = open_invitation(token)
    if invitation is None or invitation.what != what:
        raise ValidationError(USED_UP)
    if invitation.child is not None:
        try:
            require(invitation.invited_by, invitation.child, Act.MANAGE)
        except PermissionDenied as error:
            raise ValidationError(USED_UP) from error
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
    return invitation


def keep_invitation(secret: str, by: Person, what: str, **values: object) -> None:
    """Store what a link or code opens, by its hash alone. Callers check who may."""
    with one_write():
        Invitation.objects.create(
            what=what,
            token_sha256=sha256_of(secret),
            invited_by=by,
            expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
            **values,
        )


# --- codes for a guest


def invite_guest(*, by: Person, child: Child, lasts: timedelta) -> str:
    """A code for a carer whose access ends by itself; counted from now, not from its first use."""
    require(by, child, Act.MANAGE)
    if not timedelta() < lasts <= LONGEST_GUEST:
        raise ValidationError({"lasts": gettext("A guest’s access lasts one month at most.")})
    code = new_code()
    ends = timezone.now() + lasts
    keep_invitation(
        typed_code(code), by, What.GUEST, child=child, role=Role.GUEST, access_ends_at=ends
    )
    return code


def accept_as_guest(*, person: Person, code: str) -> Child:
    """Become a guest carer. Raises ValidationError for a code that does not work."""
    with one_write():
        invitation = _taken(typed_code(code), What.GUEST)
        child, ends = invitation.child, invitation.access_ends_at
        assert child is not None  # noqa: S101  a constraint of its table
        assert ends is not None  # noqa: S101  the same
        if ends <= timezone.now():
            raise ValidationError(USED_UP)
        if role_of(person, child) not in (None, Role.GUEST):
            raise ValidationError(
                gettext("You are in %(child)s’s circle already.") % {"child": child.name}
            )
        grant_role(
            child=child,
            person=person,
            role=Role.GUEST,
            given_by=invitation.invited_by,
            ends_at=ends,
        )
        return child


def come_as_guest(*, name: str, code: str) -> tuple[Person, Child]:
    """A guest carer who has no account: both are made, or nothing is."""
    with one_write():
        person = create_guest(name=name)
        return person, accept_as_guest(person=person, code=code)


# --- codes for a clinic


def invite_clinic(*, by: Person, child: Child) -> str:
    """A code that the family gives to a clinic; who types it there lets its staff see the child."""
    require(by, child, Act.MANAGE)
    code = new_code()
    keep_invitation(typed_code(code), by, What.CLINIC, child=child)
    return code


def link_clinic(*, by: Person, clinic: Clinic, code: str) -> ClinicLink:
    """Follow a child by the code that its family gave. All staff of the clinic see it then.

    Raises PermissionDenied for somebody who does not work there, ValidationError for the code.
    """
    if not clinic.staff.filter(person=by, ended_at__isnull=True).exists():
        raise PermissionDenied(gettext("Only staff of this clinic can do this."))
    with one_write():
        invitation = _taken(typed_code(code), What.CLINIC)
        child = invitation.child
        assert child is not None  # noqa: S101  a constraint of its table
        if child.clinic_links.filter(clinic=clinic, ended_at__isnull=True).exists():
            raise ValidationError(
                gettext("This clinic follows %(child)s already.") % {"child": child.name}
            )
        link = ClinicLink.objects.create(child=child, clinic=clinic, given_by=invitation.invited_by)
        for post in clinic.staff.filter(ended_at__isnull=True).select_related("person"):
            follow(link, post.person, post.role)
    return link


def follow(link: ClinicLink, person: Person, role: str) -> None:
    """Give one of a clinic's staff their role for one of its children.

    Who has a role of their own keeps it; who was shut out by the family stays out.
    """
    if role_of(person, link.child) is not None:
        return
    if link.care_roles.filter(person=person, ended_at__isnull=False).exists():
        return
    grant_role(child=link.child, person=person, role=role, given_by=link.given_by, link=link)


def end_clinic(*, by: Person, child: Child, link: ClinicLink) -> None:
    """The clinic's staff see nothing of the child any more, from now on."""
    require(by, child, Act.MANAGE)
    with one_write():
        ClinicLink.objects.filter(pk=link.pk, child=child, ended_at__isnull=True).update(
            ended_at=timezone.now()
        )
        _end(link.care_roles.all())
