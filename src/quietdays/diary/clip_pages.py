"""Showing a clip to a child's own people, a part at a time; deleting it and bringing it back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diary import clip_files, clips
from quietdays.diary.models import Clip
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child

_BLOCK = 1 << 16
# A player that asks for "the rest" gets so much and asks again: a film on a slow line would
# otherwise hold one of the server's few threads for as long as it plays.
OPEN_END_BYTES = 4 << 20
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class _Bytes:
    """So many bytes of an open file, read as they are taken; the file is closed at the end."""

    def __init__(self, handle: int, start: int, length: int) -> None:
        self._handle, self._at, self._left = handle, start, length

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0:
            data = os.pread(self._handle, min(_BLOCK, self._left), self._at)
            if not data:
                return  # shorter than it was a moment ago: the length given tells the reader
            self._at += len(data)
            self._left -= len(data)
            yield data

    def close(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


class _BeyondTheEnd(Exception):
    """A range that begins where the clip has ended."""


@child_page()
def clip(request: HttpRequest, child: Child, clip_id: UUID) -> HttpResponse:
    """The film or photograph itself, whole or the part that was asked for."""
    found = get_object_or_404(clips.shown_to(child), pk=clip_id)
    try:
        handle = clip_files.open_to_read(child.pk, found.pk)
    except OSError as error:
        raise Http404(gettext("This clip is not on the disk.")) from error
    size: int = found.size_bytes
    if clip_files.size_of(handle) < size:
        os.close(handle)
        raise Http404(gettext("This clip is not whole on the disk."))
    try:
        part = _part_asked_for(request, found)
    except _BeyondTheEnd:
        os.close(handle)
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    first, last = part or (0, size - 1)
    length = last - first + 1
    headers = {**_headers(found), "Content-Length": str(length)}
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    body = _Bytes(handle, first, 0 if request.method == "HEAD" else length)
    response = StreamingHttpResponse(body, status=206 if part else 200, headers=headers)
    return cast(HttpResponse, response)  # to every page around it they are the same


def _headers(found: Clip) -> dict[str, str]:
    """Shown as what its bytes say it is, never kept by a browser, and never run as a page."""
    ending = clip_files.EXTENSIONS[found.content_type]
    name = f"spasms-{found.cluster.local_time:%Y-%m-%d-%H%M}.{ending}"
    return {
        "Content-Type": found.content_type,
        "Content-Disposition": f'inline; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Accept-Ranges": "bytes",
        "ETag": _etag(found),
    }


def _etag(found: Clip) -> str:
    return f'"{found.pk}"'  # the bytes of a complete clip never change


def _part_asked_for(request: HttpRequest, found: Clip) -> tuple[int, int] | None:
    """First and last byte of a single range; None for all of it, also when it makes no sense."""
    match = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if match is None or match.group(1, 2) == ("", ""):
        return None
    if request.headers.get("If-Range", _etag(found)) != _etag(found):
        return None
    size: int = found.size_bytes
    start, end = match.groups()
    if not start:  # the last so many bytes
        if int(end) == 0:
            raise _BeyondTheEnd
        return max(0, size - int(end)), size - 1
    first = int(start)
    last = int(end) if end else first + OPEN_END_BYTES - 1
    if last < first:
        return None
    if first >= size:
        raise _BeyondTheEnd
    return first, min(last, size - 1)


@require_POST
@child_page(Act.LOG)
def delete_clip(request: HttpRequest, child: Child, clip_id: UUID) -> HttpResponse:
    found = clips.delete_clip(
        by=person_of(request), clip=get_object_or_404(Clip.objects.of(child), pk=clip_id)
    )
    echo(
        request,
        gettext("Deleted: %(clip)s. It can be brought back for 30 days.") % {"clip": found},
    )
    return _back_to_cluster(found)


@require_POST
@child_page(Act.LOG)
def restore_clip(request: HttpRequest, child: Child, clip_id: UUID) -> HttpResponse:
    rows = Clip.objects.filter(child=child, deleted_at__isnull=False)
    found = clips.bring_back_clip(by=person_of(request), clip=get_object_or_404(rows, pk=clip_id))
    echo(request, gettext("Brought back: %(clip)s") % {"clip": found})
    return _back_to_cluster(found)


def _back_to_cluster(found: Clip) -> HttpResponse:
    if found.cluster.deleted_at is not None:
        return redirect("child-home", child_id=found.child_id)
    return redirect(
        "edit-entry", child_id=found.child_id, slug="cluster", entry_id=found.cluster_id
    )
