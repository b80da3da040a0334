"""Dates and times as programs write them. What can be read in two ways is asked, not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from quietdays.people.models import Child
from quietdays.sharing.imports.table import Row

ORDERS = {"ymd": "year, month, day", "dmy": "day, month, year", "mdy": "month, day, year"}
_DATE = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})", re.ASCII)
_CLOCK = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([AaPp])?\.?(?:[Mm]\.?)?", re.ASCII
)
_WITH_OFFSET = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})", re.ASCII
)


def orders_of(texts: Iterable[str]) -> list[str]:
    """The orders in which every one of these dates can be read; none when there is none."""
    possible = set(ORDERS)
    for text in texts:
        if _WITH_OFFSET.fullmatch(text.strip()):
            continue
        possible &= {order for order in ORDERS if day_of(text, order) is not None}
    return [order for order in ORDERS if order in possible]


def day_of(text: str, order: str) -> date | None:
    """The date at the beginning of a text; two digits of a year are of this century."""
    found = _DATE.match(text.strip())
    if found is None:
        return None
    parts = dict(zip(order, found.groups(), strict=True))
    is_year_first = len(found[1]) == 4
    if is_year_first != (order == "ymd"):
        return None
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    try:
        return date(year, int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None


def clock_of(text: str) -> time | None:
    """02:14, 2:14:30, 11:31 PM: a time, or None."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    hour, half = int(found[1]), (found[4] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        return time(hour, int(found[2]), int(found[3] or 0))
    except ValueError:
        return None


def instant_of(row: Row, child: Child, text: str, order: str, clock: str = "") -> datetime | None:
    """An instant from a text that holds an offset, or a local date and time where the child was.

    Complains in the row, and answers None, for what is no time, or one that the clocks skipped.
    """
    text = text.strip()
    if _WITH_OFFSET.fullmatch(text):
        return _checked(row, absolute(text))
    day = day_of(text, order)
    rest = clock or _DATE.sub("", text, count=1).strip(" ,T\t")
    at = clock_of(rest)
    if day is None or at is None:
        row.complain(f"“{f'{text} {clock}'.strip()[:60]}” is no date with a time")
        return None
    instant = lived_instant(row, child, day, at, f"{at:%H:%M}")
    return None if instant is None else _checked(row, instant)


def lived_instant(row: Row, child: Child, day: date, at: time, said: str) -> datetime | None:
    """When the child's clock showed a time of a date; complains where the clocks skipped it.

    `said` is the time as the complaint names it.
    """
    timeline = child.timeline()
    instant = timeline.instant_of(day, at)
    if instant is None or timeline.local(instant).time() != at:
        row.complain(f"on {day} the clocks skipped {said}")
        return None
    return instant


def absolute(text: str) -> datetime | None:
    """An instant with its offset, in UTC; None for one that cannot be."""
    try:
        found = datetime.fromisoformat(re.sub(r"\s(?=[+-]\d{2}:?\d{2}$|Z$)", "", text.strip()))
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _checked(row: Row, instant: datetime | None) -> datetime | None:
    if instant is None or not 2000 <= instant.year <= 2100:
        row.complain("this time cannot be")
        return None
    return instant
