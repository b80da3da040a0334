"""What stays of an entry in the answers of sync once it is purged: nothing of its words."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from quietdays.records.models import Record
from quietdays.sync.models import Operation


def forget(model: type[Record], entry_id: UUID) -> None:
    """Take the words of an entry that is purged out of every answer that told of it.

    The operations stay with their ids: sent once more, they still make nothing anew.
    """
    label = model._meta.label_lower
    about = Q(entry_id=entry_id) | Q(reached_id=entry_id)
    about |= Q(changes__entry_id=entry_id, changes__model=label)
    for operation in Operation.objects.filter(about).distinct():
        kept = [row for row in operation.answer["entries"] if row[1] != str(entry_id)]
        gone = {"entry": ["This entry was deleted for good."]} if operation.answer["errors"] else {}
        operation.answer |= {"entries": kept, "echo": "", "notice": "", "conflict": None}
        operation.answer["errors"] = gone
        operation.save(update_fields=["answer"])
