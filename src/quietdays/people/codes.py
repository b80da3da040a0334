"""Secrets that open something once: long ones for links, short ones that can be read out."""

from __future__ import annotations

import hashlib
import secrets

# Without letters that are taken for one another (Crockford's base 32).
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LENGTH = 12  # 60 bits, and every try at one is counted


def new_token() -> str:
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A code in groups of four, such as 7K3M-9Q2F-XW40."""
    letters = [secrets.choice(_LETTERS) for _ in range(_LENGTH)]
    return "-".join("".join(letters[n : n + 4]) for n in range(0, _LENGTH, 4))


def typed_code(text: str) -> str:
    """A code as it was meant, however it was typed: small letters, blanks, an O for a nought."""
    kept = "".join(letter for letter in text.upper() if letter.isalnum())
    return kept.translate(_LOOKALIKES)


def sha256_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
