"""A phone's batch of operations, each applied once: docs/sync.md#operations."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.access import Act, require
from quietdays.people.entries import refuse_deleted, take_back, undo_all
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write
from quietdays.sync import versions
from quietdays.sync.clocks import PutRight, on_the_right_clock, put_right
from quietdays.sync.feed import hold, made_by
from quietdays.sync.kinds import SYNC_KINDS, SyncKind, kind_of
from quietdays.sync.models import Change, Operation
from quietdays.sync.values import name_of
from quietdays.sync.versions import Conflict
from quietdays.sync.writers import Making

_log = logging.getLogger(__name__)
Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation as a phone sent it."""

    op: UUID
    action: str
    kind: str
    entry: UUID
    made_at: datetime
    base: int = 0
    undoes: UUID | None = None
    values: dict[str, Any] = field(default_factory=dict)
    typed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Phone:
    """Who sends for which child, from which device, and how far its clock is off."""

    by: Person
    child: Child
    device: UUID
    offset: timedelta  # the server's clock less the phone's


@dataclass(frozen=True, slots=True)
class Done:
    """What an operation did: the entries as it left them, and the words for it."""

    entries: list[Any]
    echo: str
    conflict: Conflict | None = None
    notice: str = ""


def apply_batch(
    *, by: Person, child: Child, device: UUID, clock: datetime, operations: Sequence[Asked]
) -> list[Answer]:
    """Apply operations in the order sent, each in a transaction of its own; one answer each.

    Raises PermissionDenied for a person who may not log for this child; nothing is kept then.
    """
    require(by, child, Act.LOG)
    phone = Phone(by, child, device, timezone.now() - clock)
    waiting: set[UUID] = set()
    answers = []
    for asked in operations:
        # What came before on the same entry has to be tried again first.
        answer = _failed() if asked.entry in waiting else _tried(phone, asked)
        if answer["status"] == "failed":
            waiting.add(asked.entry)
        answers.append(answer)
    return answers


def _tried(phone: Phone, asked: Asked) -> Answer:
    try:
        with one_write(), made_by(asked.op):
            return _once(phone, asked)
    except Exception:  # the phone keeps what the server could not take, and sends it again
        _log.exception("operation %s failed", asked.op)
        return _failed()


def _once(phone: Phone, asked: Asked) -> Answer:
    """The answer of the first time, or the operation applied and remembered with its answer."""
    hold(phone.child.pk)
    earlier = Operation.objects.filter(pk=asked.op).first()
    if earlier is not None:
        return _again(phone, earlier)
    clock = put_right(asked.made_at, offset=phone.offset, now=timezone.now())
    reached: list[Any] = []
    try:
        with one_write():  # a savepoint: what is rejected leaves nothing but its row
            done = _ACTIONS.get(asked.action, _unknown_action)(phone, asked, clock)
        reached = done.entries
        answer = _applied(done, clock)
    except ValidationError as error:
        phone.child.refresh_from_db()  # a journey that was rejected took it along
        answer = _rejected(error)
    Operation.objects.create(
        id=asked.op,
        child=phone.child,
        person=phone.by,
        device=phone.device,
        kind=asked.kind[:20],
        action=asked.action[:8],
        entry_id=asked.entry,
        reached_id=reached[0].pk if len(reached) == 1 else None,
        undoes=asked.undoes,
        made_at=clock.made_at,
        clock_offset_s=clock.offset.total_seconds(),
        answer=answer,
    )
    return answer


def _again(phone: Phone, earlier: Operation) -> Answer:
    if earlier.child_id != phone.child.pk or earlier.person_id != phone.by.pk:
        return _rejected(ValidationError({"op": gettext("This operation's id is in use already.")}))
    answer: Answer = earlier.answer
    return answer | {"status": "duplicate"} if answer["status"] == "applied" else answer


# --- answers


def _applied(done: Done, clock: PutRight) -> Answer:
    return {
        "status": "applied",
        "entries": [[kind_of(record).slug, str(record.pk)] for record in done.entries],
        "echo": _echo(done, clock),
        "notice": done.notice,
        "conflict": done.conflict,
        "errors": {},
    }


def _echo(done: Done, clock: PutRight) -> str:
    said = f"{done.echo}. {done.notice}" if done.notice else done.echo
    return f"{said} ({clock.words})" if clock.words else said


def _rejected(error: ValidationError) -> Answer:
    by_field = error.message_dict if hasattr(error, "error_dict") else {"entry": error.messages}
    errors = {_FIELDS.get(name, name): messages for name, messages in by_field.items()}
    return _nothing("rejected") | {"errors": errors}


# Where the rooms' own actions and models name a field otherwise than a phone does.
_FIELDS = {"__all__": "entry", "id": "entry", "items": "served"}


def _failed() -> Answer:
    return _nothing("failed")


def _nothing(status: str) -> Answer:
    return {
        "status": status,
        "entries": [],
        "echo": "",
        "notice": "",
        "conflict": None,
        "errors": {},
    }


# --- the four actions


def _create(phone: Phone, asked: Asked, clock: PutRight) -> Done:
    """Make an entry, or where only one can stand, change the one that stands."""
    kind = _kind(asked)
    making = _making(phone, asked, kind, clock)
    taken = _taken(phone.child, kind, asked.entry)
    standing = kind.standing(making)
    conflict = None
    if standing is None:
        if taken is not None:  # made before by another operation: this one corrects it
            conflict = versions.overtaken(taken, phone.device, 0, phone.child)
        records = kind.create(making)
    elif kind.is_another(making, standing):
        conflict = versions.told(versions.newest(standing), phone.child, is_second=True)
        records = kind.create(_without_plan(making))
    else:
        newest = versions.newest(standing)
        if newest.history_user_id != phone.by.pk:
            conflict = versions.told(newest, phone.child)
        records = [kind.merge(making, standing)]
    return _done(kind, making, records, conflict)


def _done(
    kind: SyncKind, making: Making, records: list[Any], conflict: Conflict | None = None
) -> Done:
    return Done(records, kind.echo(making, records), conflict, kind.notice(making, records))


def _without_plan(making: Making) -> Making:
    values = making.values | {"planned": None}
    if not values.get("name"):
        values["name"] = "Feed"
    return Making(making.by, making.child, making.entry_id, values, making.at)


def _edit(phone: Phone, asked: Asked, clock: PutRight) -> Done:
    """Change what the operation names, whatever happened since.

    What somebody else deleted meanwhile comes back; what this phone deleted stays deleted.
    """
    kind = _kind(asked)
    record = _found(phone.child, kind, asked.entry)
    making = _making(phone, asked, kind, clock)
    conflict = None
    if not making.values.keys() <= kind.adding_up:
        conflict = versions.overtaken(record, phone.device, asked.base, phone.child)
    is_asked = not making.values.keys() <= kind.by_itself
    if is_asked and record.deleted_at is not None and not versions.is_own(record, phone.device):
        making.values["deleted_at"] = None
    return _done(kind, making, [kind.edit(making, record)], conflict)


def _delete(phone: Phone, asked: Asked, clock: PutRight) -> Done:
    kind = _kind(asked)
    _refuse_values(asked)
    record = _found(phone.child, kind, asked.entry)
    conflict = None
    if record.deleted_at is None:
        conflict = versions.overtaken(record, phone.device, asked.base, phone.child)
        take_back(record, by=phone.by)
    return Done(
        [record],
        gettext("Deleted: %(entry)s") % {"entry": versions.title(record, phone.child)},
        conflict,
    )


def _undo(phone: Phone, asked: Asked, clock: PutRight) -> Done:
    """Take back exactly what one operation did, unless somebody built on it since."""
    _kind(asked)
    _refuse_values(asked)
    rows = Operation.objects.filter(child=phone.child)
    undone = rows.filter(pk=asked.undoes).first() if asked.undoes else None
    if undone is None or undone.action == "undo" or undone.kind != asked.kind:
        raise ValidationError({"undoes": gettext("There is no such operation to undo.")})
    records = [_of_change(change) for change in undone.changes.order_by("id")]
    present = [record for record in records if record is not None]
    if not present or _is_undone(undone):
        return Done(present or _reached(undone), gettext("There was nothing to undo"))
    waiting = [r for r in present if not versions.is_back(r, undone)]
    undo_all(waiting, by=phone.by)
    return Done(
        present,
        gettext("Undone: %(entries)s")
        % {"entries": ", ".join(versions.title(r, phone.child) for r in present)},
    )


def _unknown_action(phone: Phone, asked: Asked, clock: PutRight) -> Done:
    raise ValidationError({"action": gettext("There is no such action.")})


_ACTIONS: dict[str, Callable[[Phone, Asked, PutRight], Done]] = {
    "create": _create,
    "edit": _edit,
    "delete": _delete,
    "undo": _undo,
}


# --- reading an operation


def _kind(asked: Asked) -> SyncKind:
    kind = SYNC_KINDS.get(asked.kind)
    if kind is None:
        raise ValidationError({"kind": gettext("There is no such kind of entry.")})
    if asked.action not in kind.actions:
        raise ValidationError({"action": gettext("This cannot be done with this kind of entry.")})
    return kind


def _making(phone: Phone, asked: Asked, kind: SyncKind, clock: PutRight) -> Making:
    unknown = set(asked.typed) - {f.name for f in kind.fields}
    if unknown:
        raise ValidationError(
            {
                "typed": gettext("“%(field)s” is no field of this kind of entry.")
                % {"field": name_of(min(unknown))}
            }
        )
    values = on_the_right_clock(
        kind.read(asked.values, action=asked.action),
        kind.fields,
        typed=asked.typed,
        clock=clock,
        timeline=phone.child.timeline(),
    )
    return Making(phone.by, phone.child, asked.entry, values, clock.made_at)


def _refuse_values(asked: Asked) -> None:
    if asked.values:
        raise ValidationError(
            {name_of(name): gettext("No values belong to this action.") for name in asked.values}
        )


def _taken(child: Child, kind: SyncKind, entry_id: UUID) -> Any:
    """The entry that has this id already; None for a new id."""
    if kind.model is None:
        return None
    taken: Any = kind.model._default_manager.filter(pk=entry_id).first()
    if taken is None:
        return None
    if taken.child_id != child.pk or kind_of(taken) is not kind:
        raise ValidationError({"entry": gettext("This id is in use for another entry.")})
    refuse_deleted(taken)
    return taken


def _found(child: Child, kind: SyncKind, entry_id: UUID) -> Any:
    """The entry, deleted or not, by its own id or by the one that a phone first gave it."""
    rows: Any = kind.model._default_manager.filter(child=child)  # type: ignore[misc, union-attr]
    found = rows.filter(pk=entry_id).first()
    if found is None:
        made = Operation.objects.filter(child=child, entry_id=entry_id, action="create")
        found = rows.filter(pk__in=made.values("reached_id")).first()
    if found is None or kind_of(found) is not kind:
        raise ValidationError({"entry": gettext("There is no such entry.")})
    return found


# --- undoing


def _of_change(change: Change) -> Any:
    """The entry that a change is about; None once it is purged."""
    return apps.get_model(change.model)._default_manager.filter(pk=change.entry_id).first()


def _reached(operation: Operation) -> list[Any]:
    """The entry of an operation that changed nothing."""
    model = SYNC_KINDS[operation.kind].model
    if model is None or operation.reached_id is None:
        return []
    return list(model._default_manager.filter(pk=operation.reached_id))


def _is_undone(operation: Operation) -> bool:
    undoing = Operation.objects.filter(action="undo", undoes=operation.pk)
    return any(row.answer["status"] == "applied" for row in undoing)
