"""Text that the report's fonts can draw. PDF/UA allows no missing glyph: typst would refuse it.

What the shipped fonts hold is read from them. For other alphabets typst falls back on the
fonts that it brings along, so that it is asked, once for each character.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import typst

MISSING = "□"
_LAST_ASKED = 0x2E7F  # beyond it lie the characters of East Asia and emoji: typst has none
_NON_JOINER = "\u200c"  # Persian words hold it
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_VARIATION = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SPACE = re.compile(r"\s", re.UNICODE)
_BETWEEN_TAGS = re.compile(r">([^<]+)<")

_PROBE = b"""
#set document(title: "x")
#set text(font: "Atkinson Hyperlegible Next", lang: "en")
#text(sys.inputs.data) #strong(text(sys.inputs.data))
#image(bytes(sys.inputs.svg), format: "svg", alt: "x")
"""
_PROBE_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text '
    'font-family="Atkinson Hyperlegible Next" x="1" y="8">{}</text></svg>'
)


def drawable(data: Any, fonts: Path, *, only_shipped: bool = False) -> Any:
    """The same lists and dicts with text that can be set; a value under "svg" is a drawing.

    `only_shipped` leaves nothing to typst's own fonts: plainer, and it cannot fail.
    """

    def is_drawn(character: str) -> bool:
        if character in _characters_of(fonts):
            return True
        return not only_shipped and _typst_draws(character, fonts)

    return _each_text(data, is_drawn)


def _each_text(data: Any, is_drawn: Callable[[str], bool]) -> Any:
    match data:
        case dict():
            return {
                key: _drawing(value, is_drawn) if key == "svg" else _each_text(value, is_drawn)
                for key, value in data.items()
            }
        case list() | tuple():
            return [_each_text(value, is_drawn) for value in data]
        case str():
            return _text(data, is_drawn)
    return data


def _drawing(svg: str, is_drawn: Callable[[str], bool]) -> str:
    """Only what stands between tags: a mark that composes must not swallow a bracket."""
    return _BETWEEN_TAGS.sub(lambda found: f">{_text(found[1], is_drawn)}<", svg)


def _text(text: str, is_drawn: Callable[[str], bool]) -> str:
    composed = unicodedata.normalize("NFC", _VARIATION.sub("", text))
    seen = "".join(_SPACE.sub(" ", c) for c in composed if _is_visible(c))
    return "".join(c if is_drawn(c) else MISSING for c in seen)


def _is_visible(character: str) -> bool:
    if character == _NON_JOINER or _SPACE.match(character):
        return True
    return unicodedata.category(character) not in _INVISIBLE


@cache
def _typst_draws(character: str, fonts: Path) -> bool:
    if ord(character) > _LAST_ASKED:
        return False
    try:
        typst.compile(  # type: ignore[misc]  # its stub cannot infer that a template is bytes
            _PROBE,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"data": character, "svg": _PROBE_SVG.format(character)},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError:
        return False
    return True


@cache
def _characters_of(fonts: Path) -> frozenset[str]:
    """What every cut that the report is set in can draw."""
    cuts = [p for p in sorted(fonts.glob("*.ttf")) if "Italic" not in p.name]
    held = [_cmap(p.read_bytes()) for p in cuts]
    return frozenset(map(chr, frozenset.intersection(*held))) if held else frozenset()


def _cmap(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font, from its Unicode tables of format 4 (the first plane)."""
    tables = {}
    for i in range(_u16(font, 4)):
        at = 12 + 16 * i
        tables[font[at : at + 4]] = struct.unpack_from(">I", font, at + 8)[0]
    start = tables[b"cmap"]
    found: set[int] = set()
    for i in range(_u16(font, start + 2)):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * i)
        if platform in (0, 3) and _u16(font, start + offset) == 4:
            found |= _format_4(font, start + offset)
    return frozenset(found)


def _format_4(font: bytes, at: int) -> set[int]:
    """Segments of code points; each is shifted, or looked up in an array behind the segments."""
    segments = _u16(font, at + 6) // 2
    ends = at + 14
    starts = ends + 2 * segments + 2
    deltas = starts + 2 * segments
    ranges = deltas + 2 * segments
    found = set()
    for i in range(segments):
        first, last = _u16(font, starts + 2 * i), _u16(font, ends + 2 * i)
        delta, place = _u16(font, deltas + 2 * i), ranges + 2 * i
        shift = _u16(font, place)
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = _u16(font, place + shift + 2 * (code - first)) if shift else code
            if glyph and (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


def _u16(font: bytes, at: int) -> int:
    return int(struct.unpack_from(">H", font, at)[0])
