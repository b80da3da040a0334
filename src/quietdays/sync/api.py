"""The JSON face of sync: operations in, what others did out. The contract is docs/sync.md."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator

from quietdays.people.access import Act, acts_of, child_for, require
from quietdays.people.http import person_of, shown_from
from quietdays.records.schemas import Instant, WholeNumber
from quietdays.sync import queries
from quietdays.sync.actions import Asked, apply_batch
from quietdays.sync.today import today_of
from quietdays.sync.values import YEARS, instant_text
from quietdays.words import catalogue_address

router = Router(tags=["sync"])
MAX_OPERATIONS = 200
MAX_CURSOR = 2**62


def _of_these_years(instant: datetime) -> datetime:
    if instant.year not in YEARS:
        raise ValueError("an instant of these years is needed")
    return instant.astimezone(UTC)


ClockTime = Annotated[Instant, AfterValidator(_of_these_years)]


class OperationIn(Schema, extra="forbid"):
    """One thing that somebody did on a phone; `values` are read by the kind of entry."""

    op: UUID
    action: str = Field(max_length=20, pattern=r"^[^\x00]*$")
    kind: str = Field(max_length=40, pattern=r"^[^\x00]*$")
    entry: UUID
    made_at: ClockTime
    base: WholeNumber = Field(0, ge=0, le=10**6)
    undoes: UUID | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    typed: list[str] = Field(default_factory=list, max_length=60)


class BatchIn(Schema, extra="forbid"):
    device: UUID
    clock: ClockTime
    operations: list[OperationIn] = Field(max_length=MAX_OPERATIONS)


class ConflictOut(Schema):
    by: str
    at: str
    title: str


class EntryOut(Schema):
    """An entry as it stands now."""

    kind: str
    id: str
    revision: int
    deleted: bool
    by: str
    entered_at: str
    date: str
    at: str | None
    time_zone: str | None
    title: str
    detail: str
    values: dict[str, Any]
    conflict: ConflictOut | None


class ResultOut(Schema):
    op: UUID
    status: Literal["applied", "duplicate", "rejected", "failed"]
    entries: list[EntryOut]
    echo: str
    notice: str
    conflict: ConflictOut | None
    errors: dict[str, list[str]]


class BatchOut(Schema):
    clock: str
    offset_s: float
    results: list[ResultOut]


class ChangesOut(Schema):
    clock: str
    cursor: int
    more: bool
    plan_changed: bool
    entries: list[EntryOut]


class RefusedOut(Schema):
    """Why an answer cannot be given, by field."""

    detail: dict[str, list[str]]


@router.post("/children/{child_id}/sync", response={200: BatchOut, 422: RefusedOut})
def sync(request: HttpRequest, child_id: UUID, batch: BatchIn) -> dict[str, Any]:
    """Apply a phone's operations in order; each is on the disk when its answer is read."""
    person = person_of(request)
    child = child_for(person, child_id)
    now = timezone.now()
    answers = apply_batch(
        by=person,
        child=child,
        device=batch.device,
        clock=batch.clock,
        operations=[Asked(**operation.model_dump()) for operation in batch.operations],
    )
    found = queries.entries_by_id(
        child, [(kind, entry) for answer in answers for kind, entry in answer["entries"]]
    )
    results = [
        answer
        | {"op": operation.op}
        | {"entries": [found[entry] for _, entry in answer["entries"] if entry in found]}
        for operation, answer in zip(batch.operations, answers, strict=True)
    ]
    offset = (now - batch.clock).total_seconds()
    return {"clock": instant_text(timezone.now()), "offset_s": offset, "results": results}


@router.get("/children/{child_id}/changes", response={200: ChangesOut, 422: RefusedOut})
def changes(
    request: HttpRequest,
    child_id: UUID,
    since: Annotated[int | None, Query(ge=0, le=MAX_CURSOR)] = None,
) -> dict[str, Any]:
    """What has changed since a cursor; without one, the last seven local dates.

    Who helps out is told of today and yesterday only.
    """
    person = person_of(request)
    child = child_for(person, child_id)
    clock = instant_text(timezone.now())
    first = shown_from(acts_of(person, child), child)
    found = (
        queries.first_entries(child, first)
        if since is None
        else queries.changes_since(child, since, first)
    )
    return {
        "clock": clock,
        "cursor": found.cursor,
        "more": found.more,
        "plan_changed": found.plan_changed,
        "entries": found.entries,
    }


@router.get("/children/{child_id}/today", response=dict[str, Any])
def today(request: HttpRequest, child_id: UUID) -> dict[str, Any]:
    """What a phone needs for the days to come: zones, nights, forms, plans and medicines."""
    person = person_of(request)
    child = child_for(person, child_id)
    require(person, child, Act.TODAY)
    told = [_message(message) for message in messages.get_messages(request)]
    who = {"id": str(person.pk), "name": person.name, "theme": person.theme}
    mine = {"person": who, "words": catalogue_address(), "messages": told}
    return today_of(child, person, timezone.now()) | mine


def _message(message: Any) -> dict[str, Any]:
    """What an earlier page left to say, with its way back: “kind|id,id”, as `echo` wrote it."""
    kind, _, ids = (message.extra_tags or "").partition("|")
    return {
        "text": str(message),
        "is_error": message.level >= messages.ERROR,
        "undo": {"kind": kind, "ids": ids.split(",")} if ids else None,
    }
