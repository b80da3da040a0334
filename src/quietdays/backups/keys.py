"""The key of the backups: an age key in a file of its own, whose copy lies elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from pyrage import IdentityError, x25519


class KeyTrouble(Exception):
    """There is no key to make or open a backup with, in words for the operator."""


def make_key(path: Path) -> None:
    """Write a fresh key, readable by its owner alone; one that is there is never overwritten."""
    fresh = x25519.Identity.generate()
    text = f"# public key: {fresh.to_public()}\n{fresh}\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyTrouble(f"{path} is there already and stays as it is") from None
    except OSError as error:
        raise KeyTrouble(f"{path}: {error.strerror}") from None
    with os.fdopen(handle, "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def read_key(path: Path | None) -> x25519.Identity:
    """The key in a file as `age-keygen` and `make_key` write it."""
    if path is None:
        raise KeyTrouble("no key is named: make one and set QUIETDAYS_BACKUP_KEY")
    try:
        lines = path.read_text().splitlines()
        return x25519.Identity.from_str(next(line for line in lines if line[:1] not in ("#", "")))
    except OSError as error:
        raise KeyTrouble(f"{path}: {error.strerror}") from None
    except (StopIteration, UnicodeDecodeError, IdentityError):
        raise KeyTrouble(f"{path} holds no key of a backup") from None
