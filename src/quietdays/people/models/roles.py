"""The role a person has for one child, the clinics, and the ways to become one of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from quietdays.people.models.children import Child
from quietdays.people.models.persons import Person
from quietdays.records.ids import new_id


class Role(models.TextChoices):
    """What somebody is for a child; `people.access` says what each may do."""

    PARENT = "parent", gettext_lazy("parent")
    CARER = "carer", gettext_lazy("carer")
    GUEST = "guest", gettext_lazy("guest carer")
    DIETITIAN = "dietitian", gettext_lazy("dietitian")
    NEUROLOGIST = "neurologist", gettext_lazy("neurologist")
    NURSE = "nurse", gettext_lazy("nurse")
    READER = "reader", gettext_lazy("reader")


CLINICAL_ROLES = frozenset({Role.DIETITIAN, Role.NEUROLOGIST, Role.NURSE})
_CLINICAL_CHOICES = [(role.value, role.label) for role in Role if role in CLINICAL_ROLES]


class LastingQuerySet(models.QuerySet[Any]):
    """Rows that stand from one instant to another, or until somebody ends them."""

    def live(self, now: datetime | None = None) -> Self:
        """Those that hold now: neither ended by somebody nor run out."""
        at = now or timezone.now()
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at), ended_at__isnull=True)


class Clinic(models.Model):
    """An organisation whose staff follow children. Its name opens nothing by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class ClinicStaff(models.Model):
    """Somebody who works at a clinic, with the role that they have for each of its children."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="staff")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=16, choices=_CLINICAL_CHOICES)
    is_lead = models.BooleanField(default=False)  # takes staff on and lets them go
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "clinic staff"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["clinic", "person"],
                condition=Q(ended_at__isnull=True),
                name="clinic_staff_one_post_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in sorted(CLINICAL_ROLES)]),
                name="clinic_staff_clinical",
                violation_error_message=gettext_lazy(
                    "A clinic’s staff are dietitians, neurologists and nurses."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.role} at {self.clinic}"


class ClinicLink(models.Model):
    """A family lets a clinic follow its child, from the day its code was given until ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="clinic_links")
    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="links")
    given_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child", "clinic"],
                condition=Q(ended_at__isnull=True),
                name="clinic_link_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.clinic} follows {self.child}"


class CareRole(models.Model):
    """What a person may do for one child. Ended roles stay, so that it can be read who saw."""

    Role = Role

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="care_roles")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="care_roles"
    )
    role = models.CharField(max_length=16, choices=Role.choices)
    since = models.DateTimeField(default=timezone.now)
    # Why this person has it: who let them in, and by which clinic, if it is by one.
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    link = models.ForeignKey(
        ClinicLink, on_delete=models.CASCADE, related_name="care_roles", null=True, blank=True
    )
    ends_at = models.DateTimeField(null=True, blank=True)  # a guest's, set from the beginning
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LastingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["child", "person"],
                condition=Q(ended_at__isnull=True),
                name="care_role_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.GUEST) | Q(ends_at__isnull=False),
                name="care_role_guest_ends",
                violation_error_message=gettext_lazy("A guest’s access has an end."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} is {self.role} of {self.child}"


class Invitation(models.Model):
    """A link or a short code by which access is taken up once. Only its hash is stored.

    A link makes one more person somebody for a child, or staff of a clinic. A code, short enough
    to be read out, makes a guest, or lets a clinic follow the child.
    """

    class What(models.TextChoices):
        PERSON = "person", gettext_lazy("one more person for a child")
        GUEST = "guest", gettext_lazy("a guest carer")
        CLINIC = "clinic", gettext_lazy("a clinic for a child")
        STAFF = "staff", gettext_lazy("one more person at a clinic")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The release before this column knew links for people only.
    what = models.CharField(
        max_length=8, choices=What.choices, default=What.PERSON, db_default=What.PERSON
    )
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="invitations", null=True, blank=True
    )
    clinic = models.ForeignKey(
        Clinic, on_delete=models.CASCADE, related_name="invitations", null=True, blank=True
    )
    role = models.CharField(max_length=16, choices=Role.choices, blank=True)
    access_ends_at = models.DateTimeField(null=True, blank=True)  # a guest's
    token_sha256 = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(what="staff", clinic__isnull=False, child__isnull=True)
                | (~Q(what="staff") & Q(clinic__isnull=True, child__isnull=False)),
                name="invitation_to_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(what="guest") | Q(access_ends_at__isnull=False),
                name="invitation_guest_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.what} for {self.child or self.clinic}"
