"""One encrypted file: a tar under age, written and read as a stream, its manifest last.

Health data is never written unencrypted for the sake of packing: a thread feeds the other end
of a pipe. A file that was cut short has no manifest, and age refuses it besides.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage
from pyrage import x25519

MANIFEST = "manifest.json"
FORMAT = "quietdays-backup-1"
_CHUNK = 1 << 20


class Unreadable(Exception):
    """A file that is no whole backup, or not one of this key; in words for the operator."""


class Packer:
    """Puts files into the archive and keeps what each of them was."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.digests: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        """A file as long as it is now: a clip may be growing, and only ever grows."""
        with path.open("rb") as source:
            info = tarfile.TarInfo(name)
            info.size = os.fstat(source.fileno()).st_size
            hashing = _Hashing(source)
            self._tar.addfile(info, hashing)
        self.digests[name] = hashing.digest.hexdigest()

    def finish(self, manifest: dict[str, Any]) -> None:
        told = {"format": FORMAT, **manifest, "files": self.digests}
        text = json.dumps(told, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(text)
        self._tar.addfile(info, io.BytesIO(text))


class _Hashing:
    """A reader that keeps the digest of what went through it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


def pack(out: IO[bytes], key: x25519.Identity, fill: Callable[[Packer], None]) -> None:
    """Encrypt what `fill` adds. What is on the disk at the end is all of it, or this raises."""
    with _beside() as (source, work):

        def write(sink: IO[bytes]) -> None:
            with sink, tarfile.open(fileobj=sink, mode="w|") as tar:
                fill(Packer(tar))

        work(write)
        pyrage.encrypt_io(source, out, [key.to_public()])
    out.flush()
    os.fsync(out.fileno())


def unpack(source: IO[bytes], key: x25519.Identity, into: Path) -> dict[str, Any]:
    """Write a backup's files below a folder; answers its manifest, which every file agrees with."""
    try:
        with _beside() as (plain, work):

            def write(sink: IO[bytes]) -> None:
                with sink:
                    pyrage.decrypt_io(source, sink, [key])

            work(write)
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                digests = {member.name: _take_out(tar, member, into) for member in tar}
            while plain.read(_CHUNK):  # the other end may have more to say, such as that it is torn
                pass
    except pyrage.DecryptError as error:
        raise Unreadable(f"it is damaged, or another key made it ({error})") from None
    except (tarfile.TarError, EOFError, BrokenPipeError) as error:
        raise Unreadable(f"it is no whole backup ({error})") from None
    except OSError as error:
        if error.errno is not None:  # of this machine, such as a full disk
            raise
        raise Unreadable(f"it is damaged ({error})") from None
    return _manifest(into, digests)


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> str:
    path = PurePosixPath(member.name)
    source = tar.extractfile(member) if member.isfile() else None
    if source is None or path.is_absolute() or ".." in path.parts:
        raise Unreadable(f"it holds {member.name!r}, which no backup does")
    target = into / path
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _manifest(folder: Path, digests: dict[str, str]) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        raise Unreadable("it is no whole backup: its list of contents is missing") from None
    digests.pop(MANIFEST)
    if manifest.get("format") != FORMAT or manifest.get("files") != digests:
        raise Unreadable("what it holds is not what its list of contents says")
    return manifest


@contextmanager
def _beside() -> Iterator[tuple[IO[bytes], Callable[[Callable[[IO[bytes]], None]], None]]]:
    """The reading end of a pipe, and a way to start what writes into it; its error is raised."""
    reading, writing = os.pipe()
    with ThreadPoolExecutor(1) as pool, os.fdopen(reading, "rb") as source:
        jobs = []

        def work(write: Callable[[IO[bytes]], None]) -> None:
            jobs.append(pool.submit(write, os.fdopen(writing, "wb")))

        try:
            yield source, work
        except Exception:
            source.close()  # the writer, if it still writes, ends by a broken pipe
            for job in jobs:
                if error := job.exception():
                    if isinstance(error, BrokenPipeError):
                        break
                    raise error from None
            raise
        for job in jobs:
            job.result()
