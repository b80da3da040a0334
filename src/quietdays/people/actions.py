"""Everything that changes people and children."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from quietdays.people.access import Act, require, role_of
from quietdays.people.entries import amend
from quietdays.people.models import (
    BEGINNING,
    CareRole,
    Child,
    Family,
    Invitation,
    Person,
    Stay,
)
from quietdays.records.ids import new_id
from quietdays.records.models import TimedRecord
from quietdays.records.writing import one_write, save_as

INVITATION_DAYS = 7


def create_account(*, email: str, name: str, password: str) -> Person:
    """A new person. Raises ValidationError when the address already has an account."""
    person = _hashed(email, name, password)
    with one_write():
        return _stored(person)


def open_diary(*, email: str, name: str, password: str, **child: Any) -> tuple[Person, Child]:
    """An account and its family's first child, both or neither; `child` as in create_family."""
    person = _hashed(email, name, password)
    with one_write():
        return _stored(person), create_family(by=person, **child)


def _hashed(email: str, name: str, password: str) -> Person:
    person = Person(email=email.strip().lower(), name=name.strip())
    person.set_password(password)  # a slow hash: never inside the write lock
    return person


def _stored(person: Person) -> Person:
    person.full_clean(exclude=["password"])
    person.save()
    return person


def create_family(
    *,
    by: Person,
    child_name: str,
    birth_date: date,
    sex: str,
    time_zone: str,
    diet_started_on: date | None = None,
    id: UUID | None = None,
) -> Child:
    """A family with its child; the acting person becomes its parent.

    The same id sent again answers with the child that is there, when it is this person's.
    """
    child = Child(
        id=id or new_id(),
        name=child_name.strip(),
        birth_date=birth_date,
        sex=sex,
        time_zone=time_zone,
        diet_started_on=diet_started_on,
    )
    with one_write():
        found = Child.objects.filter(pk=child.pk, care_roles__person=by).first()
        if found is not None:
            return found
        longest = Family._meta.get_field("name").max_length  # PostgreSQL refuses what is longer
        child.family = Family.objects.create(name=f"Family of {child.name}"[:longest])
        child.full_clean()
        save_as(child, by=by)
        Stay.objects.create(child=child, since=BEGINNING, time_zone=time_zone)
        CareRole.objects.create(child=child, person=by, role=CareRole.Role.PARENT)
    return child


def choose_screen(*, person: Person, theme: str) -> None:
    """Keep how this person wants the screen: dark from evening on, always light or dark."""
    person.theme = theme
    with one_write():
        person.full_clean(exclude=["password"])
        person.save(update_fields=["theme"])


def update_child(
    *,
    by: Person,
    child: Child,
    phone: str,
    scale_step_g: Decimal | None = None,
    **changes: object,
) -> Child:
    """Change a child's own data, the family's phone and what its kitchen scale shows.

    A new time zone counts from now on, not backwards.
    """
    require(by, child, Act.MANAGE)
    new_zone = changes.get("time_zone", child.time_zone)
    moved = new_zone != child.time_zone
    for name, value in changes.items():
        setattr(child, name, value)
    child.family.phone = phone
    if scale_step_g is not None:
        child.family.scale_step_g = scale_step_g
    with one_write():
        child.full_clean()
        child.family.full_clean()
        save_as(child, by=by)
        child.family.save(update_fields=["phone", "scale_step_g"])
        if moved:
            now = timezone.now()
            stay = Stay.objects.create(child=child, since=now, time_zone=str(new_zone))
            _place_anew(by=by, child=child, stay=stay)
    return child


def travel(*, by: Person, child: Child, time_zone: str, since: datetime) -> Stay:
    """The child is in another zone from an instant on."""
    require(by, child, Act.LOG)
    if since < BEGINNING:
        raise ValidationError({"since": f"Check the year: {since.year}."})
    stay = Stay(child=child, since=since, time_zone=time_zone)
    with one_write():
        stay.full_clean()
        stay.save()
        newest = child.stays.order_by("-since").first()
        if newest == stay and since <= timezone.now():
            child.time_zone = time_zone
            save_as(child, by=by, update_fields=["time_zone"])
        _place_anew(by=by, child=child, stay=stay)
    return stay


def _place_anew(*, by: Person, child: Child, stay: Stay) -> None:
    """Bind what was entered since the journey to the zone the child was in, up to the next one.

    Instants stay as they are, those of plans that lie ahead too; a deleted entry is placed
    as well, so that it comes back where it belongs.
    """
    following = child.stays.filter(since__gt=stay.since).order_by("since").first()
    for model in apps.get_models():
        if not issubclass(model, TimedRecord):
            continue
        rows: Any = model._default_manager.filter(child=child, happened_at__gte=stay.since)
        if following is not None:
            rows = rows.filter(happened_at__lt=following.since)
        for record in rows.exclude(time_zone=stay.time_zone):
            record.child = child
            amend(record, by=by, time_zone=stay.time_zone)


def grant_role(*, child: Child, person: Person, role: str) -> CareRole:
    """Give a person a role; an older role for the same child ends. Callers check consent."""
    with one_write():
        child.care_roles.filter(person=person, ended_at__isnull=True).update(
            ended_at=timezone.now()
        )
        return CareRole.objects.create(child=child, person=person, role=role)


def end_role(*, by: Person, child: Child, care_role: CareRole) -> None:
    require(by, child, Act.MANAGE)
    parents = child.care_roles.filter(role=CareRole.Role.PARENT, ended_at__isnull=True)
    if care_role.role == CareRole.Role.PARENT and parents.count() == 1:
        raise ValidationError("The last parent cannot leave: the diary would belong to nobody.")
    with one_write():
        child.care_roles.filter(pk=care_role.pk, ended_at__isnull=True).update(
            ended_at=timezone.now()
        )


def invite(*, by: Person, child: Child, role: str) -> str:
    """Make a one-time link's token for one more person. Only its hash is kept."""
    require(by, child, Act.MANAGE)
    if role not in CareRole.Role.values:
        raise ValidationError({"role": "Choose one of the roles."})
    token = secrets.token_urlsafe(32)
    with one_write():
        Invitation.objects.create(
            child=child,
            role=role,
            token_sha256=_sha256(token),
            invited_by=by,
            expires_at=timezone.now() + timedelta(days=INVITATION_DAYS),
        )
    return token


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a token, while it can still be taken up."""
    return (
        Invitation.objects.filter(
            token_sha256=_sha256(token),
            accepted_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .select_related("child", "invited_by")
        .first()
    )


def accept_invitation(*, person: Person, token: str) -> Child:
    """Take up an invitation once. Raises ValidationError when it is used up or too old."""
    with one_write():
        invitation = open_invitation(token)
        if invitation is None:
            raise ValidationError("This invitation was used or is too old. Ask for a new one.")
        if role_of(person, invitation.child) == CareRole.Role.PARENT:
            raise ValidationError("You are a parent here already. This link is for somebody else.")
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now())
        grant_role(child=invitation.child, person=person, role=invitation.role)
        return invitation.child


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def set_password(*, person: Person, password: str) -> None:
    person.set_password(password)  # a slow hash: never inside the write lock
    with one_write():
        person.save(update_fields=["password"])
