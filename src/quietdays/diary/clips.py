"""Films and photographs of clusters: begun, sent in pieces, deleted, brought back, purged.

The row never claims more than the file holds: a piece is on the disk before the row counts it,
and what lies in the file beyond the row's count was never acknowledged. One piece of a clip is
written at a time; the write itself happens outside the database's write lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.diary import clip_files
from quietdays.diary.clip_files import HEAD_BYTES
from quietdays.diary.models import Clip, SpasmCluster
from quietdays.people.access import Act, require
from quietdays.people.entries import bring_back, enter, take_back
from quietdays.people.models import Child, Person
from quietdays.records.writing import existing_entry, one_write, save_as
from quietdays.words import whole

PIECE_MAX_BYTES = 1 << 20
_MB = 1_000_000
_WRONG_KIND = gettext_lazy(
    "This is no film or photograph that can be kept (MP4, MOV, 3GP, WebM, JPEG, PNG, HEIC, WebP)."
)


class ClusterNotHere(Exception):
    """The clip came before its cluster, which may still wait on the phone."""


class WrongOffset(Exception):
    """A piece does not begin where the clip ends now."""

    def __init__(self, clip: Clip) -> None:
        super().__init__("the piece begins elsewhere than the clip ends")
        self.clip = clip


class NoRoom(Exception):
    """The disk took nothing; what was acknowledged before is as it was."""


class Gone(Exception):
    """The clip was purged or refused while a piece was on its way."""


def begin_clip(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    cluster_id: UUID,
    size_bytes: int,
    content_type: str = "",
    sha256: str = "",
) -> Clip:
    """Make room for a clip; the same id sent again answers with how much of it is here.

    Raises ClusterNotHere, NoRoom, or ValidationError for what can never be kept.
    """
    require(by, child, Act.LOG)
    with _room_or_words(), one_write():
        found = existing_entry(Clip, entry_id, child=child)
        if found is None:
            cluster = SpasmCluster.objects.filter(child=child, pk=cluster_id).first()
            if cluster is None:
                raise ClusterNotHere
            claimed = content_type.partition(";")[0].strip().lower()
            _check_claim(claimed)
            _check_size(child, size_bytes)
            values = {"cluster": cluster, "size_bytes": size_bytes, "sha256": sha256}
            return enter(
                Clip, by=by, child=child, entry_id=entry_id, content_type=claimed, **values
            ).record
    if (found.cluster_id, found.size_bytes) != (cluster_id, size_bytes):
        raise ValidationError({"id": gettext("This id is in use for another clip.")})
    if found.completed_at is None:
        _refuse_deleted(found)
        with _room_or_words(), clip_files.alone_with(child.pk, found.pk) as handle:
            return _agreed(found, handle)
    return found


def add_piece(*, by: Person, clip: Clip, offset: int, data: bytes) -> Clip:
    """Store the next piece of a clip; it is on the disk when this returns.

    Raises WrongOffset with the clip as it is, NoRoom, Gone, or ValidationError; a clip that
    turns out to be something else than a film or a photograph is removed.
    """
    require(by, clip.child, Act.LOG)
    with _room_or_words(), clip_files.alone_with(clip.child_id, clip.pk) as handle:
        now = _agreed(clip, handle)
        if now.completed_at is not None or offset != now.received_bytes:
            raise WrongOffset(now)
        _refuse_deleted(now)
        _check_piece(now, offset, data)
        if offset == 0:
            _check_kind(now, data)
        clip_files.append(handle, offset, data)
        if offset + len(data) == now.size_bytes:
            _check_kind(now, clip_files.head_of(handle))
            _check_whole(now, handle)
        return _counted(now, offset + len(data), by)


def delete_clip(*, by: Person, clip: Clip) -> Clip:
    """Out of sight, to be brought back for 30 days. Its file stays until then."""
    with one_write():  # the row anew: a piece may have been counted since it was read
        now: Clip = Clip.objects.select_related("cluster").get(pk=clip.pk)
        return take_back(now, by=by)


def bring_back_clip(*, by: Person, clip: Clip) -> Clip:
    with one_write():
        now: Clip = Clip.objects.select_related("cluster").get(pk=clip.pk)
        return bring_back(now, by=by)


def purge_clips(until: datetime) -> int:
    """Remove the files of clips that were deleted, or whose cluster was, before an instant.

    Clips begun before it that never became complete go whole; answers how many. The files go
    before the rows, so that a purge cut short is finished by the next one.
    """
    deleted = Q(deleted_at__lt=until) | Q(cluster__deleted_at__lt=until)
    half = Q(completed_at__isnull=True, entered_at__lt=until)
    gone = 0
    with one_write():
        for clip in Clip.objects.filter(deleted | half):
            clip_files.remove(clip.child_id, clip.pk)
            if clip.completed_at is None:
                _forget(clip)
                gone += 1
    return gone


def _forget(clip: Clip) -> None:
    """A clip that never became complete leaves no trace."""
    key = clip.pk
    clip.delete()
    Clip.history.filter(id=key).delete()


def _agreed(clip: Clip, handle: int) -> Clip:
    """The row as it is now, held to the file: after a mishap the shorter of the two counts."""
    now: Clip | None = Clip.objects.select_related("cluster").filter(pk=clip.pk).first()
    if now is None:
        clip_files.remove(clip.child_id, clip.pk)
        raise Gone
    on_disk = clip_files.size_of(handle)
    if now.completed_at is None and on_disk < now.received_bytes:
        with one_write():
            Clip.objects.filter(pk=now.pk).update(received_bytes=on_disk)
        now.received_bytes = on_disk
    return now


def _counted(clip: Clip, received_bytes: int, by: Person) -> Clip:
    """Say in the row what the disk holds. Only the beginning and the end are versions."""
    with one_write():
        now: Clip | None = Clip.objects.select_related("cluster").filter(pk=clip.pk).first()
        if now is None:  # purged while the piece was being written
            clip_files.remove(clip.child_id, clip.pk)
            raise Gone
        now.received_bytes, now.content_type = received_bytes, clip.content_type
        if received_bytes == now.size_bytes:
            now.completed_at = timezone.now()
            save_as(now, by=by, update_fields=["received_bytes", "content_type", "completed_at"])
        else:
            Clip.objects.filter(pk=now.pk).update(
                received_bytes=received_bytes, content_type=clip.content_type
            )
    return now


def _check_claim(content_type: str) -> None:
    """What can be told from the phone's word alone, so that nobody sends 200 MB in vain."""
    unknown = content_type in ("", "application/octet-stream")
    film_or_photo = content_type.startswith(("video/", "image/")) and "svg" not in content_type
    if not unknown and not film_or_photo:
        raise ValidationError({"content_type": _WRONG_KIND})


def _check_size(child: Child, size_bytes: int) -> None:
    limit, total = settings.CLIP_MAX_BYTES, settings.CLIPS_MAX_BYTES
    if size_bytes > limit:
        text = gettext("This clip is larger than %(limit)s MB. A shorter film can be kept.") % {
            "limit": limit // _MB
        }
        raise ValidationError({"size_bytes": text})
    used = Clip.objects.filter(child=child).aggregate(sum=Sum("size_bytes"))["sum"] or 0
    if used + size_bytes > total:
        raise ValidationError(
            {
                "size_bytes": gettext(
                    "The clips of one child may take %(total)s MB. Delete one that is not needed; it "
                    "makes room when it is gone for good, after 30 days."
                )
                % {"total": total // _MB}
            }
        )


def _check_piece(clip: Clip, offset: int, data: bytes) -> None:
    if not data:
        raise ValidationError({"piece": gettext("The piece is empty.")})
    if offset + len(data) > clip.size_bytes:
        raise ValidationError({"piece": gettext("This is more than the size that was announced.")})
    if offset == 0 and len(data) < min(HEAD_BYTES, clip.size_bytes):
        text = gettext("The first piece holds at least %(least)s bytes, or all of the clip.") % {
            "least": whole(HEAD_BYTES)
        }
        raise ValidationError({"piece": text})


def _check_kind(clip: Clip, head: bytes) -> None:
    """Hold the clip to what its first bytes say it is; anything else is removed at once."""
    kind = clip_files.sniffed(head)
    if kind is None:
        clip_files.remove(clip.child_id, clip.pk)
        with one_write():
            _forget(clip)
        raise ValidationError({"piece": _WRONG_KIND})
    clip.content_type = kind


def _check_whole(clip: Clip, handle: int) -> None:
    if clip.sha256 and clip_files.sha256_of(handle) != clip.sha256:
        with one_write():
            Clip.objects.filter(pk=clip.pk).update(received_bytes=0)
        raise ValidationError(
            {
                "piece": gettext(
                    "The clip did not arrive as it left the phone. Send it again from the start."
                )
            }
        )


def _refuse_deleted(clip: Clip) -> None:
    if clip.deleted_at is not None:
        text = gettext("This clip was deleted before all of it was here. Bring it back to go on.")
        raise ValidationError({"id": text})


@contextmanager
def _room_or_words() -> Iterator[None]:
    """A disk that is full or out of reach, in words; nothing is half recorded then."""
    try:
        yield
    except OSError as error:
        raise NoRoom from error
    except OperationalError as error:
        if "full" not in str(error):
            raise
        raise NoRoom from error


def shown_to(child: Child) -> Any:
    """A child's clips that can be looked at: complete, not deleted, of a cluster that stands."""
    rows = Clip.objects.of(child).filter(completed_at__isnull=False)
    return rows.filter(cluster__deleted_at__isnull=True).select_related("cluster")
