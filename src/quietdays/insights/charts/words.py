"""Dates, numbers and counts as the charts write them. Dates are written as they are given."""

from __future__ import annotations

from datetime import date

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts.periods import Face, Tally
from quietdays.science.days import DiaryDay
from quietdays.words import counted_digits, dated, from_to, localized

NOT_RECORDED = gettext_lazy("not recorded")
NONE_SEEN = gettext_lazy("watched, none seen")
EMPTY = gettext_lazy("No days here yet. The picture begins with the first day that is recorded.")


def month_name(day: date) -> str:
    return dated(day, "F Y")


def short_month(day: date) -> str:
    return dated(day, "M")


def full_date(day: date) -> str:
    return dated(day, "j F Y")


def weekday(day: date) -> str:
    return dated(day, "D")


def weekdays() -> list[str]:
    """Monday first."""
    return [str(WEEKDAYS_ABBR[i]) for i in range(7)]


def weekday_date(day: date) -> str:
    return dated(day, "D j M")


def table_date(day: date) -> str:
    return dated(day, "D j M Y")


def period(first: date, last: date) -> str:
    return full_date(first) if first == last else from_to(full_date(first), full_date(last))


def brief_count(number: int) -> str:
    """A count for a narrow place."""
    return str(number) if number < 1000 else "999+"


def decimal(value: float, digits: int = 1) -> str:
    """A number without zeros that say nothing: 3, 3.2."""
    written = f"{value:.{digits}f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return localized("0" if written == "-0" else written)


def clusters_of(day: DiaryDay) -> str:
    """What a table or a label says of one day."""
    face = Face.of(day)
    if face is Face.SEEN:
        clusters = {"clusters": counted_digits(day.clusters or 0, "cluster")}
        if day.is_over:
            return gettext("%(clusters)s seen") % clusters
        return gettext("%(clusters)s seen so far") % clusters
    if face is Face.NOT_OVER:
        return gettext("not over yet")
    return str(NONE_SEEN if face is Face.NONE_SEEN else NOT_RECORDED)


def spasms_of(day: DiaryDay) -> str:
    if not day.spasms:
        return (
            gettext("spasms not counted")
            if day.clusters and day.spasms is None
            else clusters_of(day)
        )
    spasms = counted_digits(day.spasms, "spasm")
    return gettext("at least %(spasms)s") % {"spasms": spasms} if day.spasms_at_least else spasms


def tally_sentence(tally: Tally) -> str:
    """The counts of a period with their denominators, in one or two sentences."""
    if tally.days == 0:
        return gettext("The first day is not over yet.") if tally.unfinished else str(EMPTY)
    if tally.watched == 0:
        return gettext("%(days)s, none of them recorded.") % {
            "days": counted_digits(tally.days, "day")
        }
    return gettext(
        "%(days)s: clusters seen on %(seen)s; watched, none seen on %(none_seen)s; not recorded "
        "on %(not_recorded)s. In %(watched)s: %(clusters)s seen, %(rate)s per watched day."
    ) % {
        "days": counted_digits(tally.days, "day"),
        "seen": tally.seen,
        "none_seen": tally.none_seen,
        "not_recorded": tally.not_recorded,
        "watched": counted_digits(tally.watched, "watched day"),
        "clusters": counted_digits(tally.clusters, "cluster"),
        "rate": decimal(tally.clusters / tally.watched),
    }
