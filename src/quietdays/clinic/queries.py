"""Reads across children, each in as many queries for one child as for a thousand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from quietdays.clinic.facts import Facts
from quietdays.clinic.glances import facts_by_child, with_cursors
from quietdays.clinic.models import Limits, Message, MessageMark
from quietdays.clinic.reasons import ORDER, Reason, diet_day, reasons
from quietdays.people.access import MAY, Act
from quietdays.people.models import Child, Person
from quietdays.people.queries import children_of


@dataclass(frozen=True, slots=True)
class Row:
    """A child on the clinic's list: why it is there, and how old what is known of it is."""

    child: Child
    today: date
    facts: Facts
    reasons: list[Reason]

    @property
    def diet_day(self) -> int | None:
        return diet_day(self.child, self.today)

    @property
    def days_since(self) -> int | None:
        """Whole days since the newest entry; None when nothing was ever entered."""
        newest = self.facts.newest
        return None if newest is None else (self.today - newest).days


def who_needs_me(person: Person, now: datetime) -> list[Row]:
    """Every child whose diary this person reads: by the first reason, then the longest silent."""
    rows = rows_of(readable_children(person), now)
    return sorted(rows, key=_place)


def rows_of(children: QuerySet[Child], now: datetime) -> list[Row]:
    """The rows of some children, in their order."""
    facts = facts_by_child(with_cursors(children), now)
    ids = children.order_by().values("pk")
    limits, waiting = newest_limits(ids), waiting_messages(ids)
    found = []
    for child, known in facts.items():
        today, message = child.today(now), waiting.get(child.pk)
        waits_since = message.written_at.astimezone(child.zone).date() if message else None
        why = reasons(child, known, today=today, limits=limits.get(child.pk), waiting=waits_since)
        found.append(Row(child, today, known, why))
    return found


def _place(row: Row) -> tuple[int, bool, int, str]:
    first = ORDER.index(row.reasons[0].why) if row.reasons else len(ORDER)
    return (first, row.days_since is not None, -(row.days_since or 0), row.child.name)


def readable_children(person: Person) -> QuerySet[Child]:
    """The children of a person's list whose whole diary it may read, by name."""
    reading = [role for role, acts in MAY.items() if Act.READ in acts]
    roles = person.care_roles.filter(role__in=reading).live()
    return children_of(person).filter(pk__in=roles.values("child"))


def newest_limits(children: Any) -> dict[Any, Limits]:
    """The limits in force by child; a child without any is not in it."""
    newest = Limits.objects.filter(child=OuterRef("child")).order_by("-set_at").values("pk")[:1]
    rows = Limits.objects.filter(child__in=children, pk=Subquery(newest))
    return {row.child_id: row for row in rows}


def limits_of(child: Child) -> Limits | None:
    return newest_limits([child.pk]).get(child.pk)


def waiting_messages(children: Any) -> dict[Any, Message]:
    """The family's newest message by child, where nobody wrote after it or settled it."""
    newest = Message.objects.filter(child=OuterRef("child")).order_by("-written_at", "-id")
    settled = MessageMark.objects.filter(what=MessageMark.What.SETTLED)
    rows = Message.objects.filter(child__in=children, pk=Subquery(newest.values("pk")[:1]))
    rows = rows.exclude(pk__in=settled.values("message"))
    return {row.child_id: row for row in rows if row.is_of_family}


def thread_of(child: Child) -> list[Message]:
    """Every message, the oldest first, each with who read or settled it."""
    rows = Message.objects.filter(child=child).select_related("written_by")
    return list(rows.prefetch_related("marks__person"))


def unread_count(thread: Iterable[Message], person: Person) -> int:
    """How many messages of others this person has not marked as read."""
    others = [m for m in thread if m.written_by_id != person.pk]
    return sum(all(mark.person_id != person.pk for mark in m.marks.all()) for m in others)
