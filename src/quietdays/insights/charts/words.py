"""Dates, numbers and counts as the charts write them. Dates are written as they are given."""

from __future__ import annotations

from datetime import date

from quietdays.insights.charts.periods import Face, Tally
from quietdays.science.days import DiaryDay
from quietdays.words import counted_digits

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NOT_RECORDED = "not recorded"
NONE_SEEN = "watched, none seen"
EMPTY = "No days here yet. The picture begins with the first day that is recorded."


def month_name(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.year}"


def short_month(day: date) -> str:
    return MONTHS[day.month - 1][:3]


def short_date(day: date) -> str:
    return f"{day.day} {short_month(day)}"


def full_date(day: date) -> str:
    return f"{day.day} {month_name(day)}"


def weekday_date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {short_date(day)}"


def table_date(day: date) -> str:
    return f"{weekday_date(day)} {day.year}"


def period(first: date, last: date) -> str:
    return full_date(first) if first == last else f"{full_date(first)} to {full_date(last)}"


def brief_count(number: int) -> str:
    """A count for a narrow place."""
    return str(number) if number < 1000 else "999+"


def decimal(value: float, digits: int = 1) -> str:
    """A number without zeros that say nothing: 3, 3.2."""
    written = f"{value:.{digits}f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written == "-0" else written


def clusters_of(day: DiaryDay) -> str:
    """What a table or a label says of one day."""
    face = Face.of(day)
    if face is Face.SEEN:
        seen = f"{counted_digits(day.clusters or 0, 'cluster')} seen"
        return seen if day.is_over else f"{seen} so far"
    return {
        Face.NONE_SEEN: NONE_SEEN,
        Face.NOT_RECORDED: NOT_RECORDED,
        Face.NOT_OVER: "not over yet",
    }[face]


def spasms_of(day: DiaryDay) -> str:
    if not day.spasms:
        return "spasms not counted" if day.clusters and day.spasms is None else clusters_of(day)
    spasms = counted_digits(day.spasms, "spasm")
    return f"at least {spasms}" if day.spasms_at_least else spasms


def tally_sentence(tally: Tally) -> str:
    """The counts of a period with their denominators, in one or two sentences."""
    if tally.days == 0:
        return "The first day is not over yet." if tally.unfinished else EMPTY
    if tally.watched == 0:
        return f"{counted_digits(tally.days, 'day')}, none of them recorded."
    return (
        f"{counted_digits(tally.days, 'day')}: clusters seen on {tally.seen}; "
        f"{NONE_SEEN} on {tally.none_seen}; not recorded on {tally.not_recorded}. "
        f"In {counted_digits(tally.watched, 'watched day')}: {counted_digits(tally.clusters, 'cluster')} seen, "
        f"{decimal(tally.clusters / tally.watched)} per watched day."
    )
