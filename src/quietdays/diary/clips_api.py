"""The JSON face of clips: a film or photograph of a cluster, sent in pieces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from ninja import Field, Router, Schema, Status

from quietdays.diary import clips
from quietdays.diary.models import Clip
from quietdays.people.access import child_for
from quietdays.people.http import person_of
from quietdays.records.schemas import WholeNumber
from quietdays.words import Text

router = Router(tags=["clips"])
MAX_BYTES_OF_ANYTHING = 1 << 40


class ClipIn(Schema, extra="forbid"):
    """A clip that is about to be sent. The id is a UUID made by the phone."""

    id: UUID
    cluster: UUID
    size_bytes: WholeNumber = Field(ge=1, le=MAX_BYTES_OF_ANYTHING)
    content_type: str = Field("", max_length=100, pattern=r"^[\x20-\x7e]*$")
    sha256: str = Field("", pattern=r"^([0-9a-f]{64})?$")


class ClipState(Schema):
    """How much of a clip is on the disk when this is read."""

    id: UUID
    received_bytes: int
    complete: bool


class Elsewhere(ClipState):
    """A piece that does not begin where the clip ends now: go on from `received_bytes`."""

    detail: dict[str, list[str]]


class Refused(Schema):
    detail: dict[str, list[str]]


Answer = Any  # a schema of the declared ones, or a status with its schema


def _state(clip: Clip) -> ClipState:
    return ClipState(
        id=clip.pk, received_bytes=clip.received_bytes, complete=clip.completed_at is not None
    )


def _refused(field: str, text: Text) -> Refused:
    return Refused(detail={field: [str(text)]})


NO_CLIP = ("id", gettext_lazy("There is no such clip."))
NO_ROOM = (
    "piece",
    gettext_lazy(
        "The server has no room for it now. Nothing is lost: it stays on the phone, and "
        "can be sent again."
    ),
)
NOT_HERE = (
    "cluster",
    gettext_lazy("The cluster is not here yet. Send it first, then the clip."),
)


@router.post(
    "/children/{child_id}/clips",
    response={200: ClipState, 404: Refused, 409: Refused, 422: Refused, 507: Refused},
)
def begin_clip(request: HttpRequest, child_id: UUID, clip: ClipIn) -> Answer:
    """Announce a clip, or ask how much of it is here: the same id again answers its state."""
    person = person_of(request)
    child = child_for(person, child_id)
    values = clip.model_dump(exclude={"id", "cluster"})
    try:
        begun = clips.begin_clip(
            by=person, child=child, entry_id=clip.id, cluster_id=clip.cluster, **values
        )
    except clips.ClusterNotHere:
        return Status(409, _refused(*NOT_HERE))
    except clips.NoRoom:
        return Status(507, _refused(*NO_ROOM))
    except clips.Gone:
        return Status(404, _refused(*NO_CLIP))
    return Status(200, _state(begun))


@router.put(
    "/children/{child_id}/clips/{clip_id}/piece",
    response={
        200: ClipState,
        404: Refused,
        409: Elsewhere,
        413: Refused,
        422: Refused,
        507: Refused,
    },
)
def put_piece(request: HttpRequest, child_id: UUID, clip_id: UUID, offset: int) -> Answer:
    """Store the bytes of the body where the clip ends now; they are on the disk when this is read."""
    person = person_of(request)
    child = child_for(person, child_id)
    found = Clip.objects.filter(child=child, pk=clip_id).select_related("child").first()
    if found is None:
        return Status(404, _refused(*NO_CLIP))
    announced = int(request.META.get("CONTENT_LENGTH") or 0)
    if announced > clips.PIECE_MAX_BYTES:  # before any of it is read into memory
        return Status(413, _refused("piece", gettext("A piece is no larger than 1 MiB.")))
    data = request.body
    if len(data) != announced:
        return Status(
            422, _refused("piece", gettext("The piece was cut off on its way. Send it again."))
        )
    try:
        clip = clips.add_piece(by=person, clip=found, offset=offset, data=data)
    except clips.WrongOffset as error:
        words = _refused("offset", gettext("The clip goes on at another place: at received_bytes."))
        return Status(409, Elsewhere(**_state(error.clip).model_dump(), detail=words.detail))
    except clips.NoRoom:
        return Status(507, _refused(*NO_ROOM))
    except clips.Gone:
        return Status(404, _refused(*NO_CLIP))
    return Status(200, _state(clip))
