"""Sentences that are stored with a reminder and read by people of any language later."""

from __future__ import annotations

import json

from django.utils.translation import gettext


def stored(pattern: str, **values: str) -> str:
    """A pattern that the catalogues know (gettext_noop) with what is filled in, as it is kept."""
    text = json.dumps([pattern, values], ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= 300 else (pattern % values)[:300]


def worded(text: str) -> str:
    """What was stored, in the reader's language. Words of a service stand as they came."""
    if not text.startswith("["):
        return gettext(text) if text else ""
    pattern, values = json.loads(text)
    return gettext(pattern) % {name: gettext(value) for name, value in values.items()}
