"""Accounts: a person, their password and their screen."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.actions.children import create_family
from quietdays.people.models import GUEST_HOST, CareRole, Child, Person, Role, SecondFactor
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write
from quietdays.words import language


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


def _chosen() -> str:
    """Who signs up in another language than English is written to in it; English needs no choice."""
    code = language()
    return "" if code == "en" else code


def _hashed(email: str, name: str, password: str) -> Person:
    person = Person(email=email.strip().lower(), name=name.strip(), language=_chosen())
    person.set_password(password)  # a slow hash: never inside the write lock
    return person


def _stored(person: Person) -> Person:
    person.full_clean(exclude=["password"])
    person.save()
    return person


def choose_screen(*, person: Person, theme: str, language: str) -> None:
    """Keep how this person wants the screen: dark from evening on, always light or dark."""
    person.theme, person.language = theme, language
    with one_write():
        person.full_clean(exclude=["password"])
        person.save(update_fields=["theme", "language"])


def set_password(*, person: Person, password: str) -> None:
    person.set_password(password)  # a slow hash: never inside the write lock
    with one_write():
        person.save(update_fields=["password"])


def create_guest(*, name: str) -> Person:
    """Somebody who came with a code: no address and no password, only this browser."""
    guest = Person(email=f"{new_id()}{GUEST_HOST}", name=name.strip())
    guest.set_unusable_password()
    with one_write():
        return _stored(guest)


def delete_account(*, person: Person) -> None:
    """An account goes. Where it stands at entries of a child, a row without name or address stays.

    Raises ValidationError while the person is a child's only parent: that diary has to be deleted
    first, or given to another parent.
    """
    mine = person.care_roles.filter(role=Role.PARENT).live().values("child")
    parents = CareRole.objects.filter(child__in=mine, role=Role.PARENT).live()
    alone = parents.values("child").annotate(number=Count("pk")).filter(number=1)
    if alone.exists():
        raise ValidationError(
            gettext(
                "You are a child’s only parent here. Delete everything of the child first, or "
                "invite another parent."
            )
        )
    now = timezone.now()
    with one_write():
        person.care_roles.filter(ended_at__isnull=True).update(ended_at=now)
        person.posts.filter(ended_at__isnull=True).update(ended_at=now)
        for rows in (person.signed_in, person.passkeys, person.recovery_codes):
            rows.all().delete()
        SecondFactor.objects.filter(person=person).delete()
        person.email, person.name = f"{person.pk}{GUEST_HOST}", "Somebody who left"
        person.is_active = False
        person.set_unusable_password()
        person.save()
