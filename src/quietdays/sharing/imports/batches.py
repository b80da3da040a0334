"""A file handed in, brought in, and for a day taken back again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import IO, NamedTuple
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone

from quietdays.medicines.models import Medicine, Schedule
from quietdays.people.access import Act, require
from quietdays.people.entries import take_back
from quietdays.people.models import Child, Person
from quietdays.records.models import Record
from quietdays.records.writing import one_write
from quietdays.sharing.imports.plan import UNDONE, Outcome, carry_out
from quietdays.sharing.imports.sources import Source, detected, questions, read, taken_in
from quietdays.sharing.models import ImportBatch, ImportDraft

LASTS = timedelta(days=1)
_MEDICINES = (Medicine, Schedule)


class Undone(NamedTuple):
    taken_back: int
    left: int  # changed or deleted since: they stay as they are


def keep_file(
    *, by: Person, child: Child, entry_id: UUID, file: IO[bytes], size: int, name: str
) -> ImportDraft:
    """A file to look at before it is brought in; sent twice, kept once.

    Raises ImportRefused for one that is too large or of no kind that can be read.
    """
    require(by, child, Act.MANAGE)
    data = taken_in(file, size)
    source = detected(data)
    if not questions(source, data, {}):
        read(source, data, child, {})
    with one_write():
        found = ImportDraft.objects.filter(pk=entry_id).first()
        if found is not None and found.child_id != child.pk:
            raise ValidationError({"id": "This id is in use for another file."})
        if found is None:
            clean = name.replace("\x00", "")[:200] or "file"
            found = ImportDraft(id=entry_id, child=child, person=by, file_name=clean, data=data)
            found.save(force_insert=True)
    return found


def bring_in(
    *, by: Person, draft: ImportDraft, source: Source, answers: Mapping[str, str]
) -> Outcome:
    """Store everything that a file says, and remember what it made.

    Raises ImportRefused with each row; nothing is stored then, and the file is still there.
    """
    child, data = draft.child, bytes(draft.data)
    require(by, child, Act.MANAGE)
    reading = read(source, data, child, answers)
    with one_write():
        outcome = carry_out(by=by, child=child, reading=reading)
        ImportBatch.objects.create(
            id=draft.pk,
            child=child,
            person=by,
            source=source,
            file_name=draft.file_name,
            sha256=hashlib.sha256(data).hexdigest(),
            said=str(outcome)[:300],
            made=[[record._meta.label_lower, str(record.pk)] for record in outcome.made],
        )
        draft.delete()
    return outcome


def undo_batch(*, by: Person, batch: ImportBatch) -> Undone:
    """Take back what a file made, within a day; twice is as good as once.

    An entry that somebody has changed or deleted since stays as it is. Raises ValidationError
    when the day is over.
    """
    require(by, batch.child, Act.MANAGE)
    if batch.undone_at is None and timezone.now() > batch.made_at + LASTS:
        raise ValidationError("An import can be undone for a day. Delete single entries instead.")
    taken = left = 0
    with one_write():
        if batch.undone_at is not None:
            return Undone(0, 0)
        for label, key in reversed(batch.made):
            record = _untouched(label, key, batch.child)
            if record is None:
                left += 1
                continue
            act = Act.MEDICATE if isinstance(record, _MEDICINES) else Act.LOG
            record._change_reason = UNDONE
            take_back(record, by=by, act=act)
            taken += 1
        batch.undone_at = timezone.now()
        batch.save(update_fields=["undone_at"])
    return Undone(taken, left)


def _untouched(label: str, key: str, child: Child) -> Record | None:
    record = apps.get_model(label)._default_manager.filter(child=child, pk=key).first()
    if record is None or record.deleted_at is not None or not _is_as_made(record):
        return None
    if isinstance(record, Medicine) and _is_in_use(record):
        return None
    return record  # type: ignore[no-any-return]


def _is_as_made(record: Record) -> bool:
    """Its only version, or the newest one that an import stored after another was undone."""
    versions = list(record.history.order_by("-history_date", "-history_id")[:2])
    return len(versions) == 1 or versions[1].history_change_reason == UNDONE


def _is_in_use(medicine: Medicine) -> bool:
    live = {"deleted_at__isnull": True}
    return medicine.doses.filter(**live).exists() or medicine.schedules.filter(**live).exists()


def forget_imports(now: datetime) -> None:
    """Files that nobody brought in, and lists of entries that can no longer be undone."""
    with one_write():
        ImportDraft.objects.filter(made_at__lt=now - LASTS).delete()
        ImportBatch.objects.filter(made_at__lt=now - LASTS).exclude(made=[]).update(made=[])
