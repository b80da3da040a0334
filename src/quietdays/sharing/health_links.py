"""SMART Health Links 1.0: the link that a clinic's own viewer reads, and the file behind it.

The file is encrypted (JWE, `dir` and A256GCM) with a key that stands in the link alone: the
server keeps the file and not the key. Source: HL7 smart-health-cards-and-links 1.0.0.
"""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FHIR = "application/fhir+json"
_TAG_BYTES = 16
_HEADER = {"alg": "dir", "enc": "A256GCM", "cty": FHIR}


def encrypt(plain: bytes, key: bytes) -> str:
    """A compact JWE. Each call takes a nonce of its own; never compressed, which viewers fail on."""
    header = _b64(json.dumps(_HEADER, separators=(",", ":")).encode())
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(key).encrypt(nonce, plain, header.encode())
    body, tag = sealed[:-_TAG_BYTES], sealed[-_TAG_BYTES:]
    return ".".join([header, "", _b64(nonce), _b64(body), _b64(tag)])


def health_link(
    manifest: str, key: bytes, *, expires_at: datetime, has_passcode: bool, label: str
) -> str:
    """`shlink:/` and what it says. `manifest` is an address of at most 128 characters."""
    payload = {
        "url": manifest,
        "key": _b64(key),
        "exp": int(expires_at.timestamp()),
        "label": label[:80],
        # Never both: the file behind a passcode is given to a POST alone. L would promise that
        # the file follows the diary; it stays as it was encrypted.
        "flag": "P" if has_passcode else "U",
        "v": 1,
    }
    return f"shlink:/{_b64(json.dumps(payload, separators=(',', ':')).encode())}"


def _b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
