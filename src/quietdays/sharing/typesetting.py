"""Paper, set by typst: templates of ours, text that comes in as data and stays text."""

from __future__ import annotations

import json
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from quietdays.sharing.glyphs import drawable

FONTS = Path(str(resources.files("quietdays.web"))) / "static/built/fonts"


def typeset(
    template: str, data: Any, now: datetime, *, standards: list[Any], **inputs: str
) -> bytes:
    """The PDF of a template in `sharing/data`. `inputs` reach it as they are."""
    try:
        return _typeset(template, drawable(data, FONTS), now, standards, inputs)
    except typst.TypstError:  # characters that can be drawn alone and not side by side
        sure = drawable(data, FONTS, only_sure=True)
        return _typeset(template, sure, now, standards, inputs)


def _typeset(
    template: str, data: Any, now: datetime, standards: list[Any], inputs: dict[str, str]
) -> bytes:
    source = resources.files("quietdays.sharing").joinpath(f"data/{template}").read_bytes()
    return bytes(
        typst.compile(  # type: ignore[misc]  # its stub cannot infer that a template is bytes
            source,
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, default=str), **inputs},
            pdf_standards=standards,
            timestamp=int(now.timestamp()),
        )
    )
