"""What a phone reads: entries as they stand, what others did, and what it needs for the days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.diary.models import Illness
from quietdays.insights.lines import line_of
from quietdays.people.models import Child
from quietdays.people.queries import between_dates
from quietdays.records.models import Record, TimedRecord
from quietdays.science.days import ZoneTimeline
from quietdays.sync.feed import BEHIND_TODAY
from quietdays.sync.kinds import SYNC_KINDS, kind_of
from quietdays.sync.models import Change
from quietdays.sync.values import instant_text

Entry = dict[str, Any]
DAYS_AT_FIRST = 7
PAGE = 500
MODELS = {k.model._meta.label_lower: k.model for k in SYNC_KINDS.values() if k.model is not None}
_RELATED = {
    "diet.mealeaten": ("entered_by", "items__composition"),
    "medicines.dose": ("entered_by", "medicine"),
}


@dataclass(frozen=True, slots=True)
class Changes:
    cursor: int
    more: bool
    plan_changed: bool
    entries: list[Entry]


def first_entries(child: Child, shown_from: date | None = None) -> Changes:
    """Every live entry of the last seven local dates, and the cursor to go on from.

    Nothing before the date from which this person is shown the diary.
    """
    # The cursor first: what is entered meanwhile comes a second time, and not never.
    newest = Change.objects.filter(child=child).aggregate(newest=Max("id"))["newest"] or 0
    last = child.timeline().date_of(timezone.now()) + timedelta(
        days=1
    )  # a phone's clock may be fast
    first = last - timedelta(days=DAYS_AT_FIRST)
    first = max(first, shown_from or first)
    rows: list[Any] = []
    for model in MODELS.values():
        rows += _between(model, child, first, last)
    return Changes(newest, False, False, entries(child, rows))


def _between(model: type[Record], child: Child, first: date, last: date) -> list[Any]:
    if issubclass(model, TimedRecord):
        return between_dates(model, child, first, last)
    name = "started_on" if model is Illness else "date"
    rows = model._default_manager.filter(child=child, deleted_at__isnull=True)
    return list(rows.filter(**{f"{name}__range": (first, last)}))


def changes_since(child: Child, since: int, shown_from: date | None = None) -> Changes:
    """What has a new version since a cursor, each entry once and as it stands now.

    Raises ValidationError for a cursor that no answer for this child has held.
    """
    # From the cursor itself on: one read says both what is new and whether the cursor is ours.
    rows = list(Change.objects.filter(child=child, id__gte=since).order_by("id")[: PAGE + 2])
    if since and not rows:
        raise ValidationError(
            {"since": gettext("This cursor is from another database. Start anew.")}
        )
    new = [row for row in rows if row.pk > since]
    page = new[:PAGE]
    found = _of_changes(child, page)
    if shown_from is not None:
        found = [e for e in found if e["date"] >= shown_from.isoformat()]
    return Changes(
        cursor=page[-1].pk if page else since,
        more=len(new) > PAGE,
        plan_changed=any(row.model in BEHIND_TODAY for row in page),
        entries=found,
    )


def _of_changes(child: Child, rows: list[Change]) -> list[Entry]:
    last = {(row.model, row.entry_id): row for row in rows if row.model in MODELS}
    wanted: dict[str, list[UUID]] = defaultdict(list)
    for model, entry_id in last:
        wanted[model].append(entry_id)
    stored = [record for model, ids in wanted.items() for record in _rows(child, model, ids)]
    present = {(record._meta.label_lower, record.pk) for record in stored}
    gone = [row for key, row in last.items() if key not in present]
    return entries(child, stored) + [_purged(row) for row in gone]


def _rows(child: Child, model: str, ids: Iterable[UUID]) -> list[Any]:
    return list(MODELS[model]._default_manager.filter(child=child, pk__in=set(ids)))


def entries_by_id(child: Child, ids: Iterable[tuple[str, str]]) -> dict[str, Entry]:
    """Entries as they stand now, by (kind, id) as answers remember them."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for slug, entry_id in ids:
        model = SYNC_KINDS[slug].model
        if model is not None:
            wanted[model._meta.label_lower].add(UUID(entry_id))
    rows = [record for model, pks in wanted.items() for record in _rows(child, model, pks)]
    return {entry["id"]: entry for entry in entries(child, rows)}


def entries(child: Child, records: list[Any]) -> list[Entry]:
    """ENTRY of docs/sync.md#entries for each record; as many queries for one as for all."""
    timeline = child.timeline()
    by_model: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        by_model[record._meta.label_lower].append(record)
    conflicts = _conflicts([record.pk for record in records]) if records else {}
    found = []
    for model, rows in by_model.items():
        prefetch_related_objects(rows, *_RELATED.get(model, ("entered_by",)))
        revisions = _revisions(model, rows)
        for record in rows:
            conflict = conflicts.get((model, record.pk))
            found.append(_entry(record, timeline, revisions[record.pk], conflict))
    return found


def _revisions(model: str, rows: list[Any]) -> dict[UUID, int]:
    history = apps.get_model(model).history
    counted = history.filter(id__in=[r.pk for r in rows]).order_by().values("id")
    return {row["id"]: row["versions"] for row in counted.annotate(versions=Count("history_id"))}


def _conflicts(ids: list[UUID]) -> dict[tuple[str, UUID], Any]:
    """The conflict that came with the newest version of each entry."""
    newest = Change.objects.filter(entry_id__in=ids).order_by().values("model", "entry_id")
    newest_ids = newest.annotate(newest=Max("id")).values("newest")
    rows = Change.objects.filter(id__in=newest_ids, operation__isnull=False)
    found = rows.values_list("model", "entry_id", "operation__answer")
    return {(model, entry_id): answer["conflict"] for model, entry_id, answer in found}


def _entry(record: Any, timeline: ZoneTimeline, revision: int, conflict: Any) -> Entry:
    kind = kind_of(record)
    line = line_of(record, timeline)
    is_timed = isinstance(record, TimedRecord)
    return {
        "kind": kind.slug,
        "id": str(record.pk),
        "revision": revision,
        "deleted": record.deleted_at is not None,
        "by": line.by,
        "entered_at": instant_text(record.entered_at),
        "date": _date_of(record).isoformat(),
        "at": instant_text(record.happened_at) if is_timed else None,
        "time_zone": record.time_zone if is_timed else None,
        "title": line.title,
        "detail": line.detail,
        "values": kind.values_of(record),
        "conflict": conflict,
    }


def _date_of(record: Any) -> date:
    if isinstance(record, TimedRecord):
        return record.local_time.date()
    day: date = record.started_on if isinstance(record, Illness) else record.date
    return day


def _purged(change: Change) -> Entry:
    """What is left to say of an entry that went for good: that it is not there."""
    return {
        "kind": next(k.slug for k in SYNC_KINDS.values() if k.model is MODELS[change.model]),
        "id": str(change.entry_id),
        "revision": 0,
        "deleted": True,
        "by": "",
        "entered_at": instant_text(change.at),
        "date": change.at.date().isoformat(),
        "at": None,
        "time_zone": None,
        "title": "",
        "detail": "",
        "values": {},
        "conflict": None,
    }
