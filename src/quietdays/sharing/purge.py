"""Deleted entries can be brought back for 30 days; then they and their history are gone."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import CASCADE, SET_NULL, RestrictedError
from django.utils import timezone

from quietdays.diary.clips import purge_clips
from quietdays.records.models import UNDO_DELETION, Record
from quietdays.records.writing import one_write
from quietdays.sync.forgetting import forget


def purge_deleted() -> int:
    """Remove what was deleted more than 30 days ago; answers how many entries went.

    A medicine or a plan that other entries still point to stays until they are gone.
    """
    until = timezone.now() - UNDO_DELETION
    with one_write():
        gone = purge_clips(until)
        for model in apps.get_models():
            if not issubclass(model, Record):
                continue
            rows = model._default_manager.filter(deleted_at__lt=until)
            for row in rows:
                gone += _remove(row)
    return gone


def _remove(row: Record) -> int:
    relations = row._meta.related_objects
    if any(r.on_delete is SET_NULL and _pointing(r, row).exists() for r in relations):
        return 0
    key = row.pk
    try:
        row.delete()
    except RestrictedError:
        return 0
    # Removing a row writes a last version of its own; the history goes as a whole, and with
    # it that of the rows that belonged to it, such as the foods of a meal.
    type(row).history.filter(id=key).delete()
    forget(type(row), key)
    for r in relations:
        if r.on_delete is CASCADE and hasattr(r.related_model, "history"):
            r.related_model.history.filter(**{r.field.attname: key}).delete()
    return 1


def _pointing(relation: Any, row: Record) -> Any:
    return relation.related_model._default_manager.filter(**{relation.field.name: row})
