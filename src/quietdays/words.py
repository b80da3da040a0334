"""Numbers, dates and counted nouns in the reader's language; every room words with these.

Digits stay 0 to 9 in every language: a gram must look the same on the scale and on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.templatetags.static import static
from django.utils import formats, translation
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext_lazy

from quietdays.science.language import first_up as first_up
from quietdays.science.language import listed as listed

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise
else:
    from django.utils.functional import Promise

P = ParamSpec("P")
R = TypeVar("R")

# What is a text now, or will be one in the language of whoever reads it.
Text = str | Promise

# The seven languages, each by its own name.
LANGUAGES = (
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("pt", "Português"),
    ("ar", "العربية"),
    ("hi", "हिन्दी"),
)
RIGHT_TO_LEFT = frozenset({"ar"})
# Whoever has read a catalogue as a native clinician, with the date; docs/languages.md.
CHECKED: dict[str, str] = {}


def language() -> str:
    """The reader's language, without its country: “de”."""
    return (get_language() or "en").partition("-")[0]


def in_english(work: Callable[P, R]) -> Callable[P, R]:
    """What machines, and people of any language, read of it is English, whoever asks."""

    @wraps(work)
    def done(*args: P.args, **kwargs: P.kwargs) -> R:
        with translation.override("en-gb"):
            return work(*args, **kwargs)

    return done


def is_checked(code: str) -> bool:
    """English was written; a translation counts once a native clinician has signed it."""
    return code == "en" or code in CHECKED


def decimal_mark() -> str:
    return str(formats.get_format("DECIMAL_SEPARATOR"))


def localized(number: str) -> str:
    """A number written with a point, with the reader's decimal mark."""
    return number.replace(".", decimal_mark())


_AMOUNT = r"(?:%\(\w+\)[sd]|\{\w+\}|\d[\d.,:]*)\s?(?:kcal(?:/kg)?|mmol/L|mg/dL|mg/kg|g/kg|kg|mg|mL|cm|g|h|min)\b"
_AMOUNTS = re.compile(rf"(?<![\u2066\d.,]){_AMOUNT}(?: {_AMOUNT})*")
_BETWEEN_TAGS = re.compile(r"(^|>)([^<]+)")
# What is typed, run or copied is nobody's sentence.
_LEFT_ALONE = re.compile(r"(<(textarea|script|style|code|pre)\b.*?</\2>)", re.DOTALL)


def keep_amounts(text: str) -> str:
    """A number and its unit as one piece from left to right, within words that run the other way.

    Without it "20.0 g" is shown as "g 20.0", and "6 h 39 min" as "h 39 min 6".
    """
    return _AMOUNTS.sub("\N{LEFT-TO-RIGHT ISOLATE}\\g<0>\N{POP DIRECTIONAL ISOLATE}", text)


def keep_amounts_of_page(html: str) -> str:
    """The same in all that a page says; its tags and what stands in them are left alone."""
    parts = _LEFT_ALONE.split(html)  # a text, what is left alone, its tag's name, a text …
    parts[::3] = [
        _BETWEEN_TAGS.sub(lambda found: found[1] + keep_amounts(found[2]), part)
        for part in parts[::3]
    ]
    del parts[2::3]
    return "".join(parts)


def decimal(value: Any, places: int) -> str:
    """A number with so many decimals, never grouped: “1234.5”, “1234,5”."""
    return localized(f"{float(value):.{places}f}")


def plain(value: Any) -> str:
    """A stored decimal without the noughts that storage added: 3.20 as it was meant, 3.2."""
    return localized(f"{float(value):.10g}")


def grams(value: Any) -> str:
    """An amount to weigh: one decimal at least, so that 20.0 is not taken for "about 20"."""
    return localized(f"{float(value):.2f}".removesuffix("0"))


# The order and the dots of a date, where a language has its own; Django knows the months' names.
_DATES: dict[str, Sequence[tuple[str, str]]] = {
    "de": (("j F", "j. F"), ("j M", "j. M")),
    "es": (("j F Y", r"j \d\e F \d\e Y"), ("j F", r"j \d\e F")),
    "pt": (("j F Y", r"j \d\e F \d\e Y"), ("j F", r"j \d\e F")),
}


def dated(value: date | datetime, pattern: str) -> str:
    """A date by Django's letters, written in English order, as the reader's language writes it."""
    for english, own in _DATES.get(language(), ()):
        if english in pattern:
            return formats.date_format(value, pattern.replace(english, own))
    return formats.date_format(value, pattern)


def short_date(day: date) -> str:
    """“3 Mar”."""
    return dated(day, "j M")


def first_down(text: str) -> str:
    """The first letter small, inside a sentence; German nouns stay large."""
    return text if language() == "de" else text[:1].lower() + text[1:]


# What is counted: none of it, one, several. A noun that does not stand here cannot be counted.
_COUNTED = {
    "bottle": (
        gettext_lazy("no bottles"),
        ngettext_lazy("%(count)s bottle", "%(count)s bottles", "number"),
    ),
    "cluster": (
        gettext_lazy("no clusters"),
        ngettext_lazy("%(count)s cluster", "%(count)s clusters", "number"),
    ),
    "day": (
        gettext_lazy("no days"),
        ngettext_lazy("%(count)s day", "%(count)s days", "number"),
    ),
    "dose": (
        gettext_lazy("no doses"),
        ngettext_lazy("%(count)s dose", "%(count)s doses", "number"),
    ),
    "earlier version": (
        gettext_lazy("no earlier versions"),
        ngettext_lazy("%(count)s earlier version", "%(count)s earlier versions", "number"),
    ),
    "hour": (
        gettext_lazy("no hours"),
        ngettext_lazy("%(count)s hour", "%(count)s hours", "number"),
    ),
    "line": (
        gettext_lazy("no lines"),
        ngettext_lazy("%(count)s line", "%(count)s lines", "number"),
    ),
    "meal": (
        gettext_lazy("no meals"),
        ngettext_lazy("%(count)s meal", "%(count)s meals", "number"),
    ),
    "message": (
        gettext_lazy("no messages"),
        ngettext_lazy("%(count)s message", "%(count)s messages", "number"),
    ),
    "month": (
        gettext_lazy("no months"),
        ngettext_lazy("%(count)s month", "%(count)s months", "number"),
    ),
    "planned meal": (
        gettext_lazy("no planned meals"),
        ngettext_lazy("%(count)s planned meal", "%(count)s planned meals", "number"),
    ),
    "reading": (
        gettext_lazy("no readings"),
        ngettext_lazy("%(count)s reading", "%(count)s readings", "number"),
    ),
    "recipe": (
        gettext_lazy("no recipes"),
        ngettext_lazy("%(count)s recipe", "%(count)s recipes", "number"),
    ),
    "recorded day": (
        gettext_lazy("no recorded days"),
        ngettext_lazy("%(count)s recorded day", "%(count)s recorded days", "number"),
    ),
    "serving": (
        gettext_lazy("no servings"),
        ngettext_lazy("%(count)s serving", "%(count)s servings", "number"),
    ),
    "snack": (
        gettext_lazy("no snacks"),
        ngettext_lazy("%(count)s snack", "%(count)s snacks", "number"),
    ),
    "spasm": (
        gettext_lazy("no spasms"),
        ngettext_lazy("%(count)s spasm", "%(count)s spasms", "number"),
    ),
    "step": (
        gettext_lazy("no steps"),
        ngettext_lazy("%(count)s step", "%(count)s steps", "number"),
    ),
    "strip": (
        gettext_lazy("no strips"),
        ngettext_lazy("%(count)s strip", "%(count)s strips", "number"),
    ),
    "value": (
        gettext_lazy("no values"),
        ngettext_lazy("%(count)s value", "%(count)s values", "number"),
    ),
    "study": (
        gettext_lazy("no studies"),
        ngettext_lazy("%(count)s study", "%(count)s studies", "number"),
    ),
    "version": (
        gettext_lazy("no versions"),
        ngettext_lazy("%(count)s version", "%(count)s versions", "number"),
    ),
    "watched day": (
        gettext_lazy("no watched days"),
        ngettext_lazy("%(count)s watched day", "%(count)s watched days", "number"),
    ),
    "week": (
        gettext_lazy("no weeks"),
        ngettext_lazy("%(count)s week", "%(count)s weeks", "number"),
    ),
    "year": (
        gettext_lazy("no years"),
        ngettext_lazy("%(count)s year", "%(count)s years", "number"),
    ),
}


def whole(number: int) -> str:
    """A count. No comma or dot between thousands: either is a decimal mark to somebody."""
    return f"{number}" if abs(number) < 10_000 else f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def counted_digits(number: int, noun: str) -> str:
    """“1 cluster”, “3 clusters”, “0 clusters”."""
    return str(_COUNTED[noun][1] % {"number": number, "count": whole(number)})


def counted(number: int, noun: str) -> str:
    """“1 cluster”, “3 clusters”, “no clusters”."""
    return counted_digits(number, noun) if number else str(_COUNTED[noun][0])


def from_to(first: str, last: str) -> str:
    """“3 Mar to 9 Mar”, “3.1 to 4.1”."""
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def out_of(part: str | int, of_all: str | int) -> str:
    """“5 of 7 days”."""
    return gettext("%(part)s of %(all)s") % {"part": part, "all": of_all}


def joined(*parts: str) -> str:
    """Those that say something, with commas."""
    return ", ".join(part for part in parts if part)


def sentences(*parts: str) -> str:
    """Whole sentences, one after the other; those that say nothing are left out."""
    return " ".join(part for part in parts if part)


def catalogue_address() -> str:
    """Where a script finds the reader's language; empty in English, which stands in the code."""
    code = language()
    return "" if code == "en" else static(f"built/words/{code}.json")
