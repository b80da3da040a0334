"""Facts of many children at once: each from its stored copy, or worked out anew where it is old.

A copy is good while three things are as they were: the number of the child's newest `Change`,
which grows in the transaction of every new version of an entry; the child's local date; and
METHOD. The number is read before the records: what is entered meanwhile makes the copy old, and
never the other way round.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from pydantic import TypeAdapter

from quietdays.clinic.facts import Facts, facts_of
from quietdays.clinic.models import Glance
from quietdays.people.models import Child
from quietdays.records.writing import one_write
from quietdays.sync.models import Change

log = logging.getLogger(__name__)

# Raised with every change of what facts say or of how they are worked out.
METHOD = 1
_json = TypeAdapter(Facts)


def with_cursors(children: QuerySet[Child]) -> QuerySet[Child]:
    """Each child with its copy and its newest change, in one query."""
    newest = Change.objects.filter(child=OuterRef("pk")).order_by("-id").values("id")[:1]
    return children.select_related("family", "glance").annotate(cursor=Subquery(newest))


def facts_by_child(children: Iterable[Child], now: datetime) -> dict[Child, Facts]:
    """Today's facts of children that come from `with_cursors`; what was old is stored anew."""
    found: dict[Child, Facts] = {}
    renewed: list[Glance] = []
    for child in children:
        glance = getattr(child, "glance", None)
        if glance is None or not _is_good(glance, child, now):
            glance = _glance_of(child, now)
            renewed.append(glance)
        found[child] = _json.validate_json(glance.facts)
    if renewed:
        with one_write():
            _store(renewed)
    return found


def renew_glances(now: datetime) -> int:
    """Work out every copy that is old, for the chores; answers how many were made."""
    made = 0
    for child in [c for c in with_cursors(Child.objects.all()) if _is_old(c, now)]:
        try:
            made += len(facts_by_child([child], now))
        except Exception:  # one child's trouble must not keep the others waiting
            log.exception("could not work out the facts of child %s", child.pk)
    return made


def _is_old(child: Child, now: datetime) -> bool:
    glance = getattr(child, "glance", None)
    return glance is None or not _is_good(glance, child, now)


def _cursor(child: Child) -> int:
    """The annotation of `with_cursors`; nought where nothing was ever entered."""
    return getattr(child, "cursor", None) or 0


def _is_good(glance: Glance, child: Child, now: datetime) -> bool:
    return (glance.cursor, glance.day, glance.method) == (
        _cursor(child),
        child.today(now),
        METHOD,
    )


def _glance_of(child: Child, now: datetime) -> Glance:
    today = child.today(now)
    return Glance(
        child=child,
        cursor=_cursor(child),
        day=today,
        method=METHOD,
        facts=_json.dump_json(facts_of(child, today, now=now)).decode(),
    )


def _store(glances: list[Glance]) -> None:
    Glance.objects.bulk_create(
        glances,
        update_conflicts=True,
        unique_fields=["child"],
        update_fields=["cursor", "day", "method", "facts"],
    )
