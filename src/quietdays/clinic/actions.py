"""The clinic's own writing: limits, messages, and what was read or settled."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.clinic.models import Limits, Message, MessageMark
from quietdays.people.access import Act, require, role_of
from quietdays.people.models import Child, Person
from quietdays.records.writing import existing_entry, one_write


def set_limits(*, by: Person, child: Child, entry_id: UUID, **values: Any) -> Limits:
    """A new version of a child's limits. Earlier ones stay; sent twice it is one.

    Raises ValidationError naming the field; nothing is written then.
    """
    require(by, child, Act.FOLLOW)
    with one_write():
        found = existing_entry(Limits, entry_id, child=child)
        if found is not None:
            if any(getattr(found, name) != value for name, value in values.items()):
                raise ValidationError(gettext("This version was set before. Open this page anew."))
            return found
        limits = Limits(id=entry_id, child=child, set_by=by, **values)
        limits.full_clean(exclude=["child", "set_by"])
        limits.save()
    return limits


def write_message(*, by: Person, child: Child, entry_id: UUID, text: str) -> Message:
    """Store a message under the writer's name and role; sent twice it is one."""
    require(by, child, Act.TALK)
    with one_write():
        found = existing_entry(Message, entry_id, child=child)
        if found is not None:
            if found.text != text:
                raise ValidationError(gettext("This message was sent before. Write a new one."))
            return found
        role = role_of(by, child) or ""
        message = Message(id=entry_id, child=child, text=text, role=role, written_by=by)
        message.full_clean(exclude=["child", "written_by"])
        message.save()
        _mark(by, _unread(by, child), MessageMark.What.READ)  # who answers has read
    return message


def mark_read(*, by: Person, child: Child) -> int:
    """Say that one has read every message so far; answers how many were new to this person."""
    require(by, child, Act.TALK)
    with one_write():
        unread = _unread(by, child)
        _mark(by, unread, MessageMark.What.READ)
    return len(unread)


def settle(*, by: Person, message: Message) -> None:
    """Say that a message needs no written answer: it was spoken of, or is no question."""
    require(by, message.child, Act.TALK)
    with one_write():
        mark = MessageMark.What.SETTLED
        if not MessageMark.objects.filter(message=message, person=by, what=mark).exists():
            _mark(by, [message], mark)


def _unread(by: Person, child: Child) -> list[Message]:
    others = Message.objects.filter(child=child).exclude(written_by=by)
    mine = MessageMark.objects.filter(person=by, what=MessageMark.What.READ)
    return list(others.exclude(pk__in=mine.values("message")))


def _mark(by: Person, messages: list[Message], what: str) -> None:
    for message in messages:
        MessageMark.objects.create(message=message, person=by, what=what)
