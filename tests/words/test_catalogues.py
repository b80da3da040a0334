"""The catalogues against the code: every message is in every language, with all that is filled in."""

from __future__ import annotations

import importlib.util
import re
import shutil
from functools import cache
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("es", "fr", "de", "pt", "ar", "hi")


def tool():
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "tools/catalogues.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(tool().path_of(code)))


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_catalogue_holds_the_messages_of_the_code_and_no_others(code):
    assert shutil.which("xgettext"), "Debian's gettext finds the messages"
    wanted = {(e.msgctxt, e.msgid, e.msgid_plural) for e in tool().messages()}
    assert len(wanted) > 1000
    known = {(e.msgctxt, e.msgid, e.msgid_plural) for e in catalogue(code)}
    assert known == wanted, "make words brings them up to date"


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_message_is_translated(code):
    missing = [e.msgid for e in catalogue(code) if not all(forms(e)) or "fuzzy" in e.flags]
    assert missing == []


PLACES = r"%\(\w+\)[sd]|%s|\{\w+\}|</?\w+[^>]*>"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_keeps_what_is_filled_in(code):
    """Placeholders, tags and the space at the ends. A form for one alone may leave its number out."""
    for entry in catalogue(code):
        wanted = sorted(re.findall(PLACES, entry.msgid_plural or entry.msgid))
        for number, text in enumerate(forms(entry)):
            found = sorted(re.findall(PLACES, text))
            if entry.msgid_plural:
                count = {p for p in wanted if p in ("%(count)s", "%(number)s", "{count}")}
                assert set(found) <= set(wanted), (entry.msgid, text)
                assert set(wanted) - set(found) <= count, (entry.msgid, number, text)
            else:
                assert found == wanted, (entry.msgid, text)
            assert _ends(text) == _ends(entry.msgid), (entry.msgid, text)


def _ends(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_translation_keeps_its_numbers(code):
    """A number in a sentence of fixed words is the same number; commas and points may differ."""
    for entry in catalogue(code):
        if entry.msgid_plural:
            continue
        assert _numbers(entry.msgstr) == _numbers(entry.msgid), (entry.msgid, entry.msgstr)


def _numbers(text: str) -> list[str]:
    text = re.sub(PLACES, "", text)
    return sorted(re.sub(r"[.,\u202f\u00a0]", "", n) for n in re.findall(r"\d[\d.,]*\d|\d", text))


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_no_clinician_has_signed_says_so(code):
    from quietdays import words

    assert words.is_checked(code) == (code in words.CHECKED)
    for signed in words.CHECKED.values():
        assert re.fullmatch(r".+, \d{4}-\d{2}-\d{2}", signed)


# The words of docs/safety.md that no sentence may hold: cured, in remission, free of seizures.
FORBIDDEN = {
    "es": r"curad|remisión|libre de (crisis|espasmos)",
    "fr": r"guéri|rémission|libéré des (crises|spasmes)",
    "de": r"geheilt|heilt|remission|(anfalls|spasmen|krampf)frei",
    "pt": r"curad|remissão|livre de (crises|espasmos)",
    "ar": r"شُفي|شفاء|هدأة|خال من (النوبات|التشنجات)",
    "hi": r"ठीक हो ग|रोगमुक्त|दौरा-मुक्त|स्पाज़्म-मुक्त",
}


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_translation_says_what_the_app_never_says(code):
    for entry in catalogue(code):
        for text in forms(entry):
            assert not re.search(FORBIDDEN[code], text, re.IGNORECASE), (entry.msgid, text)
