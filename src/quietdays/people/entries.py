"""Entering, changing and taking back a record: the check of who may, and the one write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.forms import CLOCK_SKEW
from quietdays.records.models import DatedRecord, Record, TimedRecord
from quietdays.records.writing import existing_entry, one_write, save_record

R = TypeVar("R", bound=Record)

_UNDONE = "undone"
_EASTERNMOST = timedelta(hours=14)  # no zone is further ahead of UTC


@dataclass(frozen=True, slots=True)
class Entered(Generic[R]):
    """A stored record, and whether this call stored it or an earlier one had."""

    record: R
    created: bool


def enter(
    model: type[R],
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    act: Act = Act.LOG,
    **values: Any,
) -> Entered[R]:
    """Store a new record; the same id sent again answers with what is already there.

    Raises PermissionDenied, or ValidationError naming the field; nothing is written then.
    """
    require(by, child, act)
    with one_write():
        found = existing_entry(model, entry_id, child=child)
        if found is not None:
            return Entered(found, created=False)
        record = model(id=entry_id, child=child, entered_by=by, **values)
        _place_in_time(record, child)
        save_record(record, by=by)
    return Entered(record, created=True)


def enter_from_form(
    model: type[R],
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    act: Act = Act.LOG,
    **values: Any,
) -> Entered[R]:
    """As `enter`, for a form that somebody may send again after going back to it.

    Sent again with other values it is a correction, and stored as one. Raises
    ValidationError when the entry was deleted meanwhile: a form never brings it back unseen.
    """
    with one_write():
        entered = enter(model, by=by, child=child, entry_id=entry_id, act=act, **values)
        if not entered.created:
            refuse_deleted(entered.record)
            amend(entered.record, by=by, act=act, **values)
    return entered


def refuse_deleted(record: Any) -> None:
    """Raises ValidationError when a form that is sent again made an entry that was deleted."""
    if record.deleted_at is not None:
        raise ValidationError(
            gettext(
                "This entry was saved before and deleted since. Bring it back under More, Deleted "
                "entries, or open this page anew."
            )
        )


def amend(
    record: R, *, by: Person, act: Act = Act.LOG, parts_change: bool = False, **values: Any
) -> R:
    """Change a record; its earlier version stays in the history. No change, no version.

    When rows that belong to it change (`parts_change`), it has a version of its own before
    them, for undo to go back from.
    """
    require(by, record.child, act)
    same = all(getattr(record, name) == value for name, value in values.items())
    if same and not parts_change:
        return record
    with one_write():
        for name, value in values.items():
            setattr(record, name, value)
        _place_in_time(record, record.child)
        save_record(record, by=by)
    return record


def take_back(record: R, *, by: Person, act: Act = Act.LOG) -> R:
    """Delete a record softly: out of every list and figure, to be brought back for 30 days."""
    require(by, record.child, act)
    with one_write():
        record.deleted_at = timezone.now()
        save_record(record, by=by)
    return record


def bring_back(record: R, *, by: Person, act: Act = Act.LOG) -> R:
    require(by, record.child, act)
    with one_write():
        record.deleted_at = None
        save_record(record, by=by)
    return record


def undo(record: R, *, by: Person, act: Act = Act.LOG) -> R:
    """Put a record back to its version before the last one; a first version is deleted.

    What was undone already stays as it is, so that a second tap does not do it again.
    """
    require(by, record.child, act)
    with one_write():
        versions = list(record.history.order_by("-history_date", "-history_id")[:2])
        if versions[0].history_change_reason == _UNDONE:
            return record
        if len(versions) < 2:
            record.deleted_at = timezone.now()
        else:
            _return_to(record, versions[1].instance)
            record.return_parts(before=versions[0].history_date, by=by)
        record._change_reason = _UNDONE
        save_record(record, by=by)
        del record._change_reason
    return record


def undo_all(records: Sequence[Record], *, by: Person, act: Act = Act.LOG) -> None:
    """Undo what one tap did to several records: all of it, or nothing."""
    with one_write():
        for record in records:
            undo(record, by=by, act=act)


def _return_to(record: Record, previous: Record) -> None:
    for field in record._meta.concrete_fields:
        if field.name not in {"id", "child", "entered_at", "entered_by"}:
            setattr(record, field.attname, getattr(previous, field.attname))


def _place_in_time(record: Record, child: Child) -> None:
    """Bind an instant to the zone the child was in; refuse the future and before the birth."""
    before_birth = gettext("This is before %(child)s was born.") % {"child": child.name}
    not_yet = gettext("This time has not come yet. Check the day and the hour.")
    now = timezone.now()
    if isinstance(record, DatedRecord):
        if record.date < child.birth_date:
            raise ValidationError({"date": before_birth})
        if record.date > (now + _EASTERNMOST).date():
            raise ValidationError({"date": not_yet})
    if not isinstance(record, TimedRecord):
        return
    happened_at: datetime = record.happened_at
    if not record.may_be_future and happened_at > now + CLOCK_SKEW:
        raise ValidationError({"happened_at": not_yet})
    # Compared in UTC first: the year 1 has no local time west of Greenwich.
    born = datetime.combine(child.birth_date, time(0), tzinfo=UTC)
    if happened_at < born - _EASTERNMOST:
        raise ValidationError({"happened_at": before_birth})
    record.time_zone = child.timeline().zone_at(happened_at).key
    if record.local_time.date() < child.birth_date:
        raise ValidationError({"happened_at": before_birth})
