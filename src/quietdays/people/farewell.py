"""Asking that everything of a child be deleted, and calling it off. 30 days lie between.

Carrying it out is `sharing.farewells`: it knows what every room keeps of a child.
"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.access import Act, require
from quietdays.people.models import Child, Farewell, Person
from quietdays.records.writing import one_write

GRACE = timedelta(days=30)


def standing(child: Child) -> Farewell | None:
    """The deletion that is due some day, unless it is called off."""
    rows = Farewell.objects.filter(child_id=child.pk)
    return rows.filter(called_off_at__isnull=True, done_at__isnull=True).first()


def ask(*, by: Person, child: Child, typed_name: str) -> Farewell:
    """Everything of a child is deleted in 30 days. Its name is typed, so that it is no slip."""
    require(by, child, Act.MANAGE)
    if typed_name.strip().casefold() != child.name.strip().casefold():
        raise ValidationError(
            {
                "typed_name": gettext("Type the name as it stands here: %(child)s")
                % {"child": child.name}
            }
        )
    return begin(child, asked_by=by)


def begin(child: Child, *, asked_by: Person | None) -> Farewell:
    """The row by which everybody is told; what is asked twice stands once."""
    now = timezone.now()
    with one_write():
        found = standing(child)
        if found is not None:
            return found
        asked = asked_by.pk if asked_by else None
        return Farewell.objects.create(
            child_id=child.pk, asked_at=now, asked_by_id=asked, due_at=now + GRACE
        )


def call_off(*, by: Person, child: Child) -> None:
    """Everything stays. Each parent may say so."""
    require(by, child, Act.MANAGE)
    with one_write():
        rows = Farewell.objects.filter(child_id=child.pk, done_at__isnull=True)
        rows.filter(called_off_at__isnull=True).update(called_off_at=timezone.now())


def gone_for(person: Person) -> list[Farewell]:
    """What was deleted for good and may be told to this person, who was a parent."""
    done = Farewell.objects.filter(done_at__isnull=False).order_by("-done_at")
    return [row for row in done if str(person.pk) in row.told]
