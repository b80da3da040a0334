"""The bytes of clips: where they lie, how they are opened, and what they really are.

A clip lies in `media/clips/<child>/<clip id>` of the data folder. Every folder on the way and
the file itself are opened without following symbolic links, and no name comes from a phone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from django.conf import settings

HEAD_BYTES = 4096  # enough of the beginning to say what a file is
_FOLDERS = ("media", "clips")
_READ_BYTES = 1 << 20


@contextmanager
def alone_with(child_id: UUID, clip_id: UUID) -> Iterator[int]:
    """A clip's file, made if need be, held by nobody else in any thread or process."""
    folder = _folder(child_id)
    try:
        handle = _locked(folder, str(clip_id))
        try:
            os.fsync(folder)  # the file's name is on the disk before anything is said of it
            yield handle
        finally:
            os.close(handle)  # and with it goes the lock
    finally:
        os.close(folder)


def _locked(folder: int, name: str) -> int:
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        handle = os.open(name, flags, 0o600, dir_fd=folder)
        try:
            _need_regular(handle)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # removed by whoever had the lock before: make it anew


def open_to_read(child_id: UUID, clip_id: UUID) -> int:
    """Raises FileNotFoundError, or OSError for anything that is not a plain file."""
    folder = _open_folders((*_FOLDERS, str(child_id)))
    try:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
        handle = os.open(str(clip_id), flags, dir_fd=folder)
    finally:
        os.close(folder)
    try:
        _need_regular(handle)
    except OSError:
        os.close(handle)
        raise
    return handle


def remove(child_id: UUID, clip_id: UUID) -> None:
    """Take a clip's bytes off the disk; no file is no error."""
    with suppress(FileNotFoundError):
        folder = _open_folders((*_FOLDERS, str(child_id)))
        try:
            os.unlink(str(clip_id), dir_fd=folder)
            os.fsync(folder)
        finally:
            os.close(folder)


def remove_all(child_id: UUID) -> int:
    """Take every clip of a child off the disk, and its folder; answers how many files went."""
    try:
        folder = _open_folders((*_FOLDERS, str(child_id)))
    except FileNotFoundError:
        return 0
    try:
        names = os.listdir(folder)
        for name in names:
            os.unlink(name, dir_fd=folder)
    finally:
        os.close(folder)
    above = _open_folders(_FOLDERS)
    try:
        os.rmdir(str(child_id), dir_fd=above)
        os.fsync(above)
    finally:
        os.close(above)
    return len(names)


def append(handle: int, offset: int, data: bytes) -> None:
    """Store a piece at the end of what counts; on the disk when this returns.

    Whatever lies beyond `offset` was never acknowledged and goes first. When the disk is full
    the file is as it was before.
    """
    try:
        os.ftruncate(handle, offset)
        rest, at = memoryview(data), offset
        while rest:
            written = os.pwrite(handle, rest, at)
            rest, at = rest[written:], at + written
        os.fsync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, offset)
        raise


def size_of(handle: int) -> int:
    return os.fstat(handle).st_size


def head_of(handle: int) -> bytes:
    return os.pread(handle, HEAD_BYTES, 0)


def sha256_of(handle: int) -> str:
    digest, at = hashlib.sha256(), 0
    while data := os.pread(handle, _READ_BYTES, at):
        digest.update(data)
        at += len(data)
    return digest.hexdigest()


def _need_regular(handle: int) -> None:
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise OSError("a clip is a plain file")


def _folder(child_id: UUID) -> int:
    """The folder of a child's clips, made if need be."""
    try:
        return _open_folders((*_FOLDERS, str(child_id)))
    except FileNotFoundError:
        pass
    for depth in range(len(_FOLDERS) + 1):
        above = _open_folders((*_FOLDERS, str(child_id))[:depth])
        try:
            with suppress(FileExistsError):
                os.mkdir((*_FOLDERS, str(child_id))[depth], 0o700, dir_fd=above)
            os.fsync(above)
        finally:
            os.close(above)
    return _open_folders((*_FOLDERS, str(child_id)))


def _open_folders(names: tuple[str, ...]) -> int:
    handle = os.open(settings.DATA_DIR, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    for name in names:
        try:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            inner = os.open(name, flags, dir_fd=handle)
        finally:
            os.close(handle)
        handle = inner
    return handle


# --- what a file is, by its first bytes; what a phone or a name says of it counts for nothing

EXTENSIONS = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/3gpp": "3gp",
    "video/webm": "webm",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/webp": "webp",
}
# Brands of the ISO base media format (ISO/IEC 14496-12) that phones and cameras write.
_MP4 = frozenset(
    {b"isom", b"mp41", b"mp42", b"avc1", b"mmp4", b"MSNV", b"M4V ", b"M4VH", b"M4VP", b"dash"}
    | {b"iso%d" % n for n in range(2, 10)}
)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_HEIF = frozenset({b"mif1", b"msf1"})


def sniffed(head: bytes) -> str | None:
    """The type of a film or photograph by its beginning; None for anything else."""
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[:4] == b"\x1a\x45\xdf\xa3":  # EBML: Matroska unless it says that it is WebM
        return "video/webm" if b"\x42\x82\x84webm" in head[:80] else None
    if head[:3] == b"\xff\xd8\xff" and head[3:4] >= b"\xc0":
        return "image/jpeg"
    if head[:16] == b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR":
        return "image/png"
    if head[:4] == b"RIFF" and head[8:15] == b"WEBPVP8" and head[15:16] in (b" ", b"L", b"X"):
        return "image/webp"
    return None


def _iso_media(head: bytes) -> str | None:
    size = int.from_bytes(head[:4], "big")
    if not 16 <= size <= min(len(head), 1024) or size % 4:
        return None
    major = head[8:12]
    brands = {major, *(head[i : i + 4] for i in range(16, size, 4))}
    if major == b"qt  ":
        return "video/quicktime"
    if major[:2] == b"3g":
        return "video/3gpp"
    if major in _HEIC or (major in _HEIF and brands & _HEIC):
        return "image/heic"
    if major in _HEIF:
        return "image/heif"
    return "video/mp4" if major in _MP4 else None
