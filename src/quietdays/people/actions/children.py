"""Families and children: beginning a diary, what belongs to the child, journeys."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.access import Act, require
from quietdays.people.entries import amend
from quietdays.people.models import BEGINNING, CareRole, Child, Family, Person, Stay
from quietdays.records.ids import new_id
from quietdays.records.models import TimedRecord
from quietdays.records.writing import one_write, save_as


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
        raise ValidationError(
            {"since": gettext("Check the year: %(year)s.") % {"year": since.year}}
        )
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
