"""The language that science's few sentences are said in. Science knows no framework: whoever shows
its words says here how they are translated; nobody having said so, they stand in English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(slots=True)
class _Interpreter:
    one: Callable[[str], str]
    counted: Callable[[str, str, int], str]
    decimal_mark: Callable[[], str]


def _counted_in_english(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


_interpreter = _Interpreter(lambda text: text, _counted_in_english, lambda: ".")


def speak_through(
    one: Callable[[str], str],
    counted: Callable[[str, str, int], str],
    decimal_mark: Callable[[], str],
) -> None:
    """Let an application translate: a message, a counted message, and the mark of decimals. They
    are asked each time, so that each reader has their own language."""
    _interpreter.one, _interpreter.counted = one, counted
    _interpreter.decimal_mark = decimal_mark


def gettext(message: str) -> str:
    """The message in the reader's language; its placeholders are filled in afterwards."""
    return _interpreter.one(message)


def ngettext(one: str, many: str, number: int) -> str:
    """The form of a counted message that goes with a number in the reader's language."""
    return _interpreter.counted(one, many, number)


def localized(number: str) -> str:
    """A number written with a point, with the reader's decimal mark."""
    return number.replace(".", _interpreter.decimal_mark())


def listed(parts: Sequence[str], last: str = "and") -> str:
    """“a, b and c”; last: "and" or "or"."""
    if len(parts) < 2:
        return "".join(parts)
    pattern = gettext("%(most)s or %(last)s") if last == "or" else gettext("%(most)s and %(last)s")
    return pattern % {"most": ", ".join(parts[:-1]), "last": parts[-1]}


def first_up(text: str) -> str:
    """The first letter large; the others as they are, since German nouns are large inside too."""
    return text[:1].upper() + text[1:]
