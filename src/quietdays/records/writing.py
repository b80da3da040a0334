"""The one way to write: a transaction under a lock that lets one writer in at a time.

SQLite's own busy wait has no queue, and releases before 3.51.3 can damage a file when two
connections write or checkpoint at the same instant. A lock within the process and one
between processes make a fair queue; other databases need neither.
"""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext

R = TypeVar("R", bound=Model)

_thread_lock = threading.RLock()
_depth = threading.local()


@contextmanager
def one_write() -> Iterator[None]:
    """Run the block in one transaction, alone. May be nested; the outermost one commits."""
    if connection.vendor != "sqlite" or getattr(_depth, "value", False):
        with transaction.atomic():
            yield
        return
    with one_writer():
        _depth.value = True
        try:
            with transaction.atomic():
                yield
        finally:
            _depth.value = False


@contextmanager
def one_writer() -> Iterator[None]:
    """Keep everybody else from writing to SQLite, in any thread or process."""
    with _thread_lock, _file_lock():
        yield


@contextmanager
def _file_lock() -> Iterator[None]:
    name = str(connection.settings_dict["NAME"])
    if name.startswith("file:") or name == ":memory:":  # a database of this process alone
        yield
        return
    with Path(name + ".writer").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def save_record(record: R, *, by: Any) -> R:
    """Check a record against its model and constraints, then store it with its history.

    Raises django.core.exceptions.ValidationError with the field's name; nothing is written.
    """
    unread = ["child", "entered_by"]  # rows in hand: no query to see that they exist
    record.full_clean(exclude=unread, validate_constraints=False)
    record.validate_constraints(exclude={"entered_by"})  # “one for each child and date” too
    save_as(record, by=by)
    return record


def save_as(record: Model, *, by: Any, update_fields: Iterable[str] | None = None) -> None:
    """Store a row whose history keeps who stored it."""
    record._history_user = by  # type: ignore[attr-defined]
    record.save(update_fields=update_fields)


def existing_entry(model: type[R], entry_id: UUID, *, child: Any) -> R | None:
    """The entry that a repeated submission already made, so that sent twice is stored once.

    Raises ValidationError when the id belongs to another child's entry.
    """
    found = model._default_manager.filter(pk=entry_id).first()
    if found is not None and found.child_id != child.pk:  # type: ignore[attr-defined]
        raise ValidationError({"id": gettext("This id is in use for another entry.")})
    return found
