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
from xml.sax.saxutils import escape, unescape

import typst

MISSING = "□"
OWN = "AtkinsonHyperlegibleNext"
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


def drawable(data: Any, fonts: Path, *, only_sure: bool = False) -> Any:
    """The same lists and dicts with text that can be set; a value under "svg" is a drawing.

    `only_sure`: a text that typst cannot set as a whole keeps only what the report's own font
    draws: plainer, and it cannot fail. Characters may be drawn alone and not side by side.
    """
    shipped = frozenset[str]().union(*_families(fonts).values())

    def set_text(text: str) -> str:
        seen = _seen(text)
        kept = "".join(c if c in shipped or _typst_draws(c, fonts) else MISSING for c in seen)
        if not only_sure or _typst_sets(kept, fonts):
            return kept
        own = _families(fonts)[OWN]
        return "".join(c if c in own else MISSING for c in seen)

    return _each_text(data, set_text)


def _each_text(data: Any, set_text: Callable[[str], str]) -> Any:
    match data:
        case dict():
            return {
                key: _drawing(value, set_text) if key == "svg" else _each_text(value, set_text)
                for key, value in data.items()
            }
        case list() | tuple():
            return [_each_text(value, set_text) for value in data]
        case str():
            return set_text(data)
    return data


def _drawing(svg: str, set_text: Callable[[str], str]) -> str:
    """Only what stands between tags: a mark that composes must not swallow a bracket."""
    return _BETWEEN_TAGS.sub(lambda found: f">{set_text(found[1])}<", svg)


def _seen(text: str) -> str:
    composed = unicodedata.normalize("NFC", _VARIATION.sub("", text))
    return "".join(_SPACE.sub(" ", c) for c in composed if _is_visible(c))


def _is_visible(character: str) -> bool:
    if character == _NON_JOINER or _SPACE.match(character):
        return True
    return unicodedata.category(character) not in _INVISIBLE


@cache
def _typst_draws(character: str, fonts: Path) -> bool:
    return ord(character) <= _LAST_ASKED and _typst_sets(character, fonts)


def _typst_sets(text: str, fonts: Path) -> bool:
    """Whether a text can be set as a whole, plain and bold, on the page and in a drawing."""
    try:
        typst.compile(  # type: ignore[misc]  # its stub cannot infer that a template is bytes
            _PROBE,
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"data": text, "svg": _PROBE_SVG.format(escape(unescape(text)))},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError:
        return False
    return True


@cache
def _families(fonts: Path) -> dict[str, frozenset[str]]:
    """What every cut of each shipped family can draw, plain and bold."""
    held: dict[str, list[frozenset[int]]] = {}
    for cut in sorted(fonts.glob("*.ttf")):
        if "Italic" not in cut.name:
            held.setdefault(cut.name.partition("_")[0], []).append(_cmap(cut.read_bytes()))
    return {name: frozenset(map(chr, frozenset.intersection(*cuts))) for name, cuts in held.items()}


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
