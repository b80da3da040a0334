"""Deleting everything of a child on the day that its family chose, and saying what is gone.

It goes by the models themselves: every row that leads to the child, every version of it, its
files, its trail; the family with its own foods when this was its last child; guests' accounts.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Max, Model

from quietdays.diary import clip_files
from quietdays.people.farewell import begin, standing
from quietdays.people.models import (
    GUEST_HOST,
    Child,
    Farewell,
    Person,
    Role,
    TrailEntry,
)
from quietdays.records.writing import one_write
from quietdays.sharing.archive.tables import TABLES, parts
from quietdays.sync.models import Change

_YEAR = timedelta(days=365.25)


def carry_out_due(now: datetime) -> list[str]:
    """Carry out what is due, and begin what the time that a family set asks for."""
    done = []
    for farewell in Farewell.objects.filter(
        due_at__lte=now, called_off_at__isnull=True, done_at__isnull=True
    ):
        rows = sum(carry_out(farewell, now).values())
        done.append(f"everything of a child was deleted, as its family asked: {rows} rows")
    for child in Child.objects.filter(kept_years__isnull=False):
        if standing(child) is None and _is_over(child, now):
            begin(child, asked_by=None)
    return done


def _is_over(child: Child, now: datetime) -> bool:
    """Whether nobody has entered anything for as long as the family wants it kept."""
    newest = Change.objects.filter(child=child).aggregate(at=Max("at"))["at"] or child.created_at
    return newest + _YEAR * (child.kept_years or 0) <= now


def carry_out(farewell: Farewell, now: datetime) -> Counter[str]:
    """Delete everything of a child for good; answers how much of each kind went.

    Files go first: were this to end half-way, the rows are still there and it is done again.
    """
    with one_write():
        child = Child.objects.select_related("family").get(pk=farewell.child_id)
        family, gone = child.family, Counter[str]()
        parents = child.care_roles.filter(role=Role.PARENT).values_list("person_id", flat=True)
        told = sorted({str(key) for key in parents})
        guests = list(Person.objects.filter(care_roles__child=child, email__endswith=GUEST_HOST))
        versions = _versions_of(child)
        gone["files of films and photographs"] += clip_files.remove_all(child.pk)
        _count(gone, child.delete()[1])
        if not family.children.exists():
            _count(gone, family.delete()[1])
        for model, whose in versions:
            model._default_manager.filter(**whose).delete()
        _let_guests_go(guests)
        gone["lines of the trail"] += TrailEntry.objects.filter(
            child_id=farewell.child_id
        ).delete()[0]
        farewell.done_at, farewell.told = now, told
        farewell.gone = {kind: gone[kind] for kind in sorted(gone) if gone[kind]}
        farewell.save(update_fields=["done_at", "told", "gone"])
    return gone


def _versions_of(child: Child) -> list[tuple[type[Model], dict[str, Any]]]:
    """Where the history of everything of the child lies. It goes last: deleting a row adds one."""
    found: list[tuple[type[Model], dict[str, Any]]] = []
    for table in TABLES:
        if table.history is None:
            continue
        if table.path == "child":
            found.append((table.history, {"child_id": child.pk}))
        else:  # rows that belong to a record: by their own ids, while the record still leads there
            ids = set(table.versions(child).values_list("id", flat=True))
            found += [(table.history, {"id__in": some}) for some in parts(ids)]
    return found


def _count(gone: Counter[str], rows: dict[str, int]) -> None:
    for label, number in rows.items():
        if number:
            gone[str(apps.get_model(label)._meta.verbose_name_plural)] += number


def _let_guests_go(guests: list[Person]) -> None:
    """Accounts that were made for this child's code alone."""
    for guest in guests:
        if not guest.care_roles.exists():
            guest.delete()
