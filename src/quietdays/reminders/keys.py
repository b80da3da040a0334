"""The server's key pair for web push (VAPID, RFC 8292). Never changed: phones are bound to it."""

from __future__ import annotations

import base64
import os
import secrets
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02


@cache
def vapid() -> Vapid02:
    """From the environment, or made once and kept beside the data, readable by its owner alone."""
    given = os.environ.get("QUIETDAYS_VAPID_KEY", "")
    if given:
        return Vapid02.from_string(given)
    path = Path(settings.DATA_DIR) / "vapid.pem"
    if not path.exists():
        _make(path)
    return Vapid02.from_file(str(path))


def _make(path: Path) -> None:
    fresh = Vapid02()
    fresh.generate_keys()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Whole under its name, or not there: another process may be doing the same.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(fresh.private_pem())
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:  # another process was faster; its key holds
        pass
    finally:
        draft.unlink()


def public_key() -> str:
    """As a browser takes it for `applicationServerKey`: base64url of the uncompressed point."""
    point = vapid().public_key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()
