"""Films and photographs for the tests: the beginnings of real files, filled up to a size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from quietdays.diary import clips
from quietdays.diary.models import Clip
from tests import house


def ftyp(major: bytes, *compatible: bytes, size: int | None = None) -> bytes:
    body = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (size or len(body) + 4).to_bytes(4, "big") + body


WEBM = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
HEADS = {
    "video/mp4": ftyp(b"isom", b"isom", b"iso2", b"avc1", b"mp41"),
    "video/quicktime": ftyp(b"qt  ", b"qt  "),
    "video/3gpp": ftyp(b"3gp4", b"isom", b"3gp4"),
    "video/webm": WEBM,
    "image/jpeg": b"\xff\xd8\xff\xe1\x00\x18Exif\x00\x00",
    "image/png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "image/heic": ftyp(b"heic", b"mif1", b"heic"),
    "image/heif": ftyp(b"mif1", b"mif1", b"heif"),
    "image/webp": b"RIFF\x00\x10\x00\x00WEBPVP8 ",
}


def film(size: int, kind: str = "video/mp4") -> bytes:
    """So many bytes that begin like a file of that kind, no two stretches alike."""
    head = HEADS[kind]
    filling = b"".join(n.to_bytes(4, "big") for n in range(size // 4 + 1))
    return (head + filling)[:size]


def begun(by, child, cluster, data: bytes, **values):
    return clips.begin_clip(
        by=by,
        child=child,
        entry_id=house.new_id(),
        cluster_id=cluster.pk,
        size_bytes=len(data),
        **values,
    )


def kept(by, child, cluster, data: bytes | None = None):
    """A whole clip of a cluster."""
    data = film(6000) if data is None else data
    clip = begun(by, child, cluster, data)
    for offset in range(0, len(data), clips.PIECE_MAX_BYTES):
        piece = data[offset : offset + clips.PIECE_MAX_BYTES]
        clip = clips.add_piece(by=by, clip=clip, offset=offset, data=piece)
    return clip


def clips_of(cluster_ids: Iterable[UUID]) -> dict[UUID, list[Clip]]:
    """The clips that can be looked at, by cluster, in the order in which they came."""
    found: dict[UUID, list[Clip]] = defaultdict(list)
    rows = Clip.objects.live().filter(cluster__in=list(cluster_ids), completed_at__isnull=False)
    for clip in rows.filter(cluster__deleted_at__isnull=True).select_related("cluster"):
        found[clip.cluster_id].append(clip)
    return dict(found)
