"""When a resource is, what a search asks of it, and whether the two fit.

Two clocks are kept side by side, because a day is a day where the child was: what is asked
without a zone is compared with the local time that the resource says, what is asked with one is
compared with the instant. Source: the date search of FHIR R4, section 3.1.1.4.7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from quietdays.sharing.fhir.codes import Json

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
FOREVER = datetime.max
_DATE = re.compile(
    r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?)?)?",
    re.ASCII,
)
# An entry lasts a day at most, and zones lie up to 26 hours apart: so far around an asked time
# rows are read before each is judged by itself.
_AROUND = timedelta(days=3)


class BadDate(ValueError):
    """The text is no date as FHIR writes one."""


class Moment(NamedTuple):
    """From when to when a resource is, each end by both clocks; the end is not within it."""

    local_start: datetime
    local_end: datetime
    start: datetime
    end: datetime


class AskedTime(NamedTuple):
    """One value of a date parameter: `ge2026-06` begins with June's first minute."""

    prefix: str
    start: datetime
    end: datetime
    is_zoned: bool

    def fits(self, at: Moment) -> bool:
        start, end = (at.start, at.end) if self.is_zoned else (at.local_start, at.local_end)
        within = self.start <= start and end <= self.end
        return {
            "eq": within,
            "ne": not within,
            "gt": end > self.end,
            "lt": start < self.start,
            "ge": within or end > self.end,
            "le": within or start < self.start,
            "sa": start >= self.end,
            "eb": end <= self.start,
        }[self.prefix]


class Span(NamedTuple):
    """Local dates outside of which nothing that is asked for can lie; both are within it."""

    first: date
    last: date

    @property
    def is_empty(self) -> bool:
        return self.first > self.last


def asked_time(text: str) -> AskedTime:
    """A value of a date parameter. Raises BadDate."""
    text = text.replace(" ", "+")  # a plus that was not escaped in the address
    prefix = text[:2] if text[:2] in PREFIXES else ""
    start, end = _ends(text.removeprefix(prefix))
    return AskedTime(prefix or "eq", start, end, start.tzinfo is not None)


def span_of(asked: Iterable[Sequence[AskedTime]], widest: Span) -> Span:
    """Where to look for what fits one value of each parameter."""
    first, last = widest
    for values in asked:
        if all(v.prefix in ("eq", "gt", "ge", "sa") for v in values):
            first = max(first, min(_shifted(v.start, -_AROUND) for v in values))
        if all(v.prefix in ("eq", "lt", "le", "eb") for v in values):
            last = min(last, max(_shifted(v.end, _AROUND) for v in values))
    return Span(first, last)


def moment_of(made: Json, zone: tzinfo) -> Moment | None:
    """When a resource says that it is; what it says without a zone is so in the child's."""
    if "effectivePeriod" in made or "period" in made:
        period = made.get("effectivePeriod") or made["period"]
        return _between(period["start"], period.get("end"), zone)
    for name in ("effectiveDateTime", "authored", "dateTime", "recordedDate"):
        if name in made:
            return _between(made[name], made[name], zone)
    return None


def _between(first: str, last: str | None, zone: tzinfo) -> Moment:
    start, _ = _both(first, zone)
    _, end = _both(last, zone)
    return Moment(_local(start), _local(end), start, end)


def at_second(start: datetime, lasts: timedelta = timedelta()) -> Moment:
    """From an instant in the child's own zone for so long, in whole seconds as FHIR says it."""
    first = start.replace(microsecond=0)
    last = (start.astimezone(UTC) + lasts).astimezone(start.tzinfo).replace(microsecond=0)
    end = (last.astimezone(UTC) + timedelta(seconds=1)).astimezone(start.tzinfo)
    return Moment(_local(first), _local(last) + timedelta(seconds=1), first, end)


def on_dates(first: date, last: date | None, zone: tzinfo) -> Moment:
    """Whole local dates, both within it; without a last one it goes on."""
    start = datetime.combine(first, time())
    end = FOREVER if last is None else datetime.combine(last, time()) + timedelta(days=1)
    return Moment(start, end, _in(start, zone), _in(end, zone))


def _both(text: str | None, zone: tzinfo) -> tuple[datetime, datetime]:
    if text is None:
        return _in(FOREVER, zone), _in(FOREVER, zone)
    start, end = _ends(text)
    return (start, end) if start.tzinfo else (_in(start, zone), _in(end, zone))


def _ends(text: str) -> tuple[datetime, datetime]:
    """The first instant that a text means and the first that it does not mean any more."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise BadDate(text)
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    micro = int(float(fraction) * 1_000_000) if fraction else 0
    try:
        start = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
            int(second or 0), micro, tzinfo=_zone(zone),
        )  # fmt: skip
    except ValueError as error:
        raise BadDate(text) from error
    try:
        if month is None:
            return start, start.replace(year=start.year + 1)
        if day is None:
            return start, (start + timedelta(days=31)).replace(day=1)
        if hour is None:
            return start, start + timedelta(days=1)
        if second is None:
            return start, start + timedelta(minutes=1)
        return start, start + (timedelta(milliseconds=1) if fraction else timedelta(seconds=1))
    except (ValueError, OverflowError):  # the end of the year 9999
        return start, FOREVER.replace(tzinfo=start.tzinfo)


def _zone(text: str | None) -> tzinfo | None:
    if text is None:
        return None
    return datetime.strptime(text.replace("Z", "+00:00"), "%z").tzinfo


def _in(naive: datetime, zone: tzinfo) -> datetime:
    """A local time as an instant. The end of time stands in UTC, where it can be compared."""
    return naive.replace(tzinfo=UTC if naive == FOREVER else zone)


def _local(at: datetime) -> datetime:
    return at.replace(tzinfo=None)


def _shifted(at: datetime, by: timedelta) -> date:
    try:
        return (at.replace(tzinfo=None) + by).date()
    except OverflowError:
        return date.max if by > timedelta() else date.min
