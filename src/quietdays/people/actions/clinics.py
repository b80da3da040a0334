"""Clinics and who works there. A clinic's name and staff open nothing by themselves."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.actions.circle import USED_UP, follow, keep_invitation, open_invitation
from quietdays.people.codes import new_token
from quietdays.people.models import (
    CLINICAL_ROLES,
    CareRole,
    Clinic,
    ClinicStaff,
    Invitation,
    Person,
)
from quietdays.records.writing import one_write


def create_clinic(*, name: str, phone: str, lead: Person, lead_role: str) -> Clinic:
    """A clinic with its first person, who takes on the others. The operator's act: a name that
    families trust must not be free for anybody to take."""
    clinic = Clinic(name=name.strip(), phone=phone.strip())
    with one_write():
        clinic.full_clean()
        clinic.save()
        _take_on(clinic, lead, lead_role, is_lead=True)
    return clinic


def invite_staff(*, by: Person, clinic: Clinic, role: str) -> str:
    """A one-time link for one more colleague. Raises PermissionDenied for who does not lead."""
    _need_lead(by, clinic)
    if role not in CLINICAL_ROLES:
        raise ValidationError({"role": gettext("Choose one of the roles.")})
    token = new_token()
    keep_invitation(token, by, Invitation.What.STAFF, clinic=clinic, role=role)
    return token


def join_clinic(*, person: Person, token: str) -> Clinic:
    """Take up a colleague's link once; the clinic's children are seen from now on."""
    with one_write():
        invitation = open_invitation(token)
        clinic = None if invitation is None else invitation.clinic
        if invitation is None or clinic is None or not leads(invitation.invited_by, clinic):
            raise ValidationError(USED_UP)
        if clinic.staff.filter(person=person, ended_at__isnull=True).exists():
            raise ValidationError(gettext("You work here already. This link is for somebody else."))
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
        _take_on(clinic, person, invitation.role, is_lead=False)
    return clinic


def let_go(*, by: Person, clinic: Clinic, post: ClinicStaff) -> None:
    """Somebody works here no longer, and sees none of the clinic's children any more."""
    _need_lead(by, clinic)
    now = timezone.now()
    with one_write():
        leaders = clinic.staff.filter(is_lead=True, ended_at__isnull=True)
        if post.is_lead and leaders.count() == 1:
            raise ValidationError(
                gettext("The last lead cannot leave: nobody could take on others.")
            )
        clinic.staff.filter(pk=post.pk, ended_at__isnull=True).update(ended_at=now)
        roles = CareRole.objects.filter(link__clinic=clinic, person=post.person)
        roles.filter(ended_at__isnull=True).update(ended_at=now)


def make_lead(*, by: Person, clinic: Clinic, post: ClinicStaff) -> None:
    """One more colleague takes people on and lets them go."""
    _need_lead(by, clinic)
    with one_write():
        clinic.staff.filter(pk=post.pk, ended_at__isnull=True).update(is_lead=True)


def _take_on(clinic: Clinic, person: Person, role: str, *, is_lead: bool) -> None:
    post = ClinicStaff(clinic=clinic, person=person, role=role, is_lead=is_lead)
    post.full_clean()
    post.save()
    for link in clinic.links.filter(ended_at__isnull=True).select_related("child"):
        follow(link, person, role)


def leads(person: Person, clinic: Clinic) -> bool:
    return clinic.staff.filter(person=person, is_lead=True, ended_at__isnull=True).exists()


def _need_lead(by: Person, clinic: Clinic) -> None:
    if not leads(by, clinic):
        raise PermissionDenied(gettext("Only who leads this clinic’s staff can do this."))
