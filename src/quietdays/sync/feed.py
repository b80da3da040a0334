"""Every new version of a record leaves a number behind, in the same transaction.

The numbers of one child grow in the order in which transactions commit: SQLite has one writer,
elsewhere the child's row is locked first. A phone that has seen number n has missed nothing
before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.signals import post_save
from simple_history.signals import post_create_historical_record

from quietdays.diet.models import Acknowledgement, PlannedMeal, Prescription
from quietdays.emergency.models import EmergencyCard
from quietdays.medicines.models import Medicine, Schedule, Supply
from quietdays.people.models import Child, Stay
from quietdays.records.models import Record
from quietdays.reminders.models import Event, Rules, Turn
from quietdays.sync.models import Change

# What stands behind `today`: entries of these kinds are no entries of the night log.
BEHIND_TODAY = frozenset(
    model._meta.label_lower
    for model in (
        PlannedMeal,
        Medicine,
        Schedule,
        Supply,
        Child,
        Stay,
        Prescription,
        Acknowledgement,
    )
) | {model._meta.label_lower for model in (Rules, Turn, Event, EmergencyCard)}
_GONE = "-"

_current: ContextVar[UUID | None] = ContextVar("operation", default=None)


@contextmanager
def made_by(operation_id: UUID) -> Iterator[None]:
    """Versions stored within the block are told to be this operation's."""
    token = _current.set(operation_id)
    try:
        yield
    finally:
        _current.reset(token)


def hold(child_id: UUID) -> None:
    """One transaction at a time for this child, where the database lets in several."""
    if connection.features.has_select_for_update:
        list(Child.objects.select_for_update().filter(pk=child_id).values_list("pk"))


def listen() -> None:
    post_create_historical_record.connect(_note_version, dispatch_uid="sync.version")
    for model in (Stay, Prescription, Acknowledgement, EmergencyCard, Rules, Turn, Event):
        post_save.connect(_note_row, sender=model, dispatch_uid=f"sync.{model.__name__}")


def _note_version(sender: Any, instance: Any, history_instance: Any, **kwargs: Any) -> None:
    if history_instance.history_type == _GONE:  # purged, and nobody's wish of today
        return
    if isinstance(instance, Record):
        _note(instance.child_id, instance, history_instance.history_id)
    elif isinstance(instance, Child):
        _note(instance.pk, instance, history_instance.history_id)


def _note_row(sender: Any, instance: Any, **kwargs: Any) -> None:
    of_child = instance
    if isinstance(instance, Acknowledgement):
        of_child = instance.prescription
    elif isinstance(instance, Event):
        of_child = instance.reminder
    _note(of_child.child_id, instance, None)


def _note(child_id: UUID, row: Any, version: int | None) -> None:
    hold(child_id)
    Change.objects.create(
        child_id=child_id,
        model=row._meta.label_lower,
        entry_id=row.pk,
        version=version,
        operation_id=_current.get(),
    )
