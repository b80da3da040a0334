"""Numbers as tables print them: decimal commas, traces, below detection, unknown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

# Ciqual “-”, CoFID “N” (significant, but nobody knows how much) and an empty cell.
UNKNOWN = frozenset({"", "-", "n", "na", "nd"})
# Found, in an amount too small to matter.
TRACE = frozenset({"tr", "trace", "traces"})
_NUMBER = re.compile(r"-?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a table; `value` is None when the table does not know it."""

    value: Decimal | None
    is_below_detection: bool = False


def read_figure(text: str) -> Figure:
    """A cell as a figure. “< 0,2” counts as half of it, a trace as nought.

    Raises ValueError for what is no figure of any table.
    """
    word = text.strip().lower()
    if word in UNKNOWN:
        return Figure(None)
    if word in TRACE:
        return Figure(Decimal(0))
    if word.startswith("<"):
        return Figure(_decimal(word[1:]) / 2, is_below_detection=True)
    return Figure(_decimal(word))


def _decimal(text: str) -> Decimal:
    word = text.strip()
    if not _NUMBER.fullmatch(word):
        raise ValueError(f"“{text}” is no number")
    try:
        return Decimal(word.replace(",", "."))
    except InvalidOperation as error:  # pragma: no cover  the pattern lets none through
        raise ValueError(f"“{text}” is no number") from error
