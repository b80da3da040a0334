"""QR codes for a page: what one phone shows, another one scans."""

from __future__ import annotations

import segno
from django.utils.safestring import mark_safe


def qr_svg(text: str) -> str:
    """The text as an SVG picture, dark on light by day and night, since cameras need it so."""
    code = segno.make(text, error="m", micro=False)
    picture = code.svg_inline(dark="#000", light="#fff", border=4, omitsize=True)
    return mark_safe(picture)  # noqa: S308  drawn by us; the text itself does not stand in it
