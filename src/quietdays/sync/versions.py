"""The stored versions of an entry: whose they are, and what stood there before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.insights.lines import line_of
from quietdays.people.models import Child
from quietdays.records.models import Record
from quietdays.sync.models import Change, Operation
from quietdays.sync.values import instant_text

Conflict = dict[str, Any]
UNDONE = "undone"  # the reason that people.entries.undo gives to the version it stores


def newest(record: Any) -> Any:
    return record.history.select_related("history_user").order_by("history_id").last()


def overtaken(record: Any, device: UUID, base: int, child: Child) -> Conflict | None:
    """The newest version since `base` that this device did not make, if there is one."""
    since = record.history.select_related("history_user").order_by("history_id")[base:]
    ours = own(record, device)
    others = [version for version in since if version.history_id not in ours]
    return told(others[-1], child) if others else None


def is_own(record: Any, device: UUID) -> bool:
    """Whether this device made the newest version."""
    return newest(record).history_id in own(record, device)


def own(record: Any, device: UUID) -> set[int]:
    """The versions of an entry that this device made."""
    rows = changes_of(record).filter(operation__device=device)
    return set(rows.values_list("version", flat=True))


def changes_of(record: Record) -> Any:
    return Change.objects.filter(model=record._meta.label_lower, entry_id=record.pk)


def told(version: Any, child: Child, *, is_second: bool = False) -> Conflict:
    """Whose version stood there, and what it said."""
    instance = version.instance
    entry = title(instance, child)
    if instance.deleted_at is not None:
        entry = gettext("Deleted: %(entry)s") % {"entry": entry}
    if is_second:
        entry = gettext("Logged twice: %(entry)s") % {"entry": entry}
    return {
        "by": version.history_user.name if version.history_user else "",
        "at": instant_text(version.history_date),
        "title": entry,
    }


def title(record: Any, child: Child) -> str:
    return line_of(record, child.timeline()).title


def is_back(record: Any, undone: Operation) -> bool:
    """Whether a page undid it already. Raises ValidationError when somebody built on it."""
    made = changes_of(record).filter(operation=undone).latest("id").version
    since = list(record.history.filter(history_id__gt=made).order_by("history_id"))
    if len(since) == 1 and since[0].history_change_reason == UNDONE:
        return True
    if since:
        name = since[-1].history_user.name if since[-1].history_user else gettext("Somebody")
        raise ValidationError(
            {"undoes": gettext("%(name)s has changed this entry since.") % {"name": name}}
        )
    return False
