"""The JSON face of the diary: what the spasm pad sends."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from quietdays.diary.models import MAX_DURATION_S, MAX_SPASMS_IN_CLUSTER, SpasmCluster
from quietdays.people.access import child_for
from quietdays.people.entries import enter
from quietdays.people.http import person_of
from quietdays.records.schemas import Instant, WholeNumber

router = Router(tags=["diary"])


class ClusterIn(Schema, extra="forbid"):
    """A cluster as it was counted. The id is a UUID made by the phone."""

    id: UUID
    happened_at: Instant
    count_kind: Literal["exact", "estimated", "at_least", "unknown"] = "exact"
    spasm_count: WholeNumber | None = Field(None, ge=1, le=MAX_SPASMS_IN_CLUSTER)
    duration_s: WholeNumber | None = Field(None, ge=0, le=MAX_DURATION_S)
    state_at_onset: Literal["", "on_waking", "falling_asleep", "asleep", "awake", "feeding"] = ""
    certainty: Literal["sure", "not_sure"] = "sure"
    note: str = Field("", max_length=2000, pattern=r"^[^\x00]*$")


class Acknowledged(Schema):
    """What the server did with an entry: it is on the disk when this is read."""

    id: UUID
    status: Literal["created", "duplicate"]
    echo: str


class Refused(Schema):
    """Why an entry was not stored, by field."""

    detail: dict[str, list[str]]


@router.post("/children/{child_id}/clusters", response={200: Acknowledged, 422: Refused})
def log_cluster(request: HttpRequest, child_id: UUID, cluster: ClusterIn) -> Acknowledged:
    """Store a spasm cluster. The same id sent again answers "duplicate" and stores nothing."""
    person = person_of(request)
    child = child_for(person, child_id)
    values = cluster.model_dump(exclude={"id"})
    entered = enter(SpasmCluster, by=person, child=child, entry_id=cluster.id, **values)
    stored = entered.record
    return Acknowledged(
        id=stored.pk,
        status="created" if entered.created else "duplicate",
        echo=f"Saved: {stored.count_in_words}, {stored.local_time:%H:%M}",
    )
