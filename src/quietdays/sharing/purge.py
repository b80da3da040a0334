"""Deleted entries can be brought back for 30 days; then they and their history are gone."""

from __future__ import annotations

from django.apps import apps
from django.db.models import RestrictedError
from django.utils import timezone

from quietdays.records.models import UNDO_DELETION, Record
from quietdays.records.writing import one_write


def purge_deleted() -> int:
    """Remove what was deleted more than 30 days ago; answers how many entries went.

    A medicine or a plan that other entries still point to stays until they are gone.
    """
    until = timezone.now() - UNDO_DELETION
    gone = 0
    with one_write():
        for model in apps.get_models():
            if not issubclass(model, Record):
                continue
            rows = model._default_manager.filter(deleted_at__lt=until)
            for row in rows:
                gone += _remove(row)
    return gone


def _remove(row: Record) -> int:
    key = row.pk
    try:
        row.delete()
    except RestrictedError:
        return 0
    # Removing a row writes a last version of its own; the history goes as a whole.
    type(row).history.filter(id=key).delete()
    return 1
