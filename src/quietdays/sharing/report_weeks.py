"""The weekly summaries of a period as they were issued, for the report."""

from __future__ import annotations

from datetime import date, datetime

from quietdays.insights import issuing
from quietdays.insights.models import Issued
from quietdays.insights.sentences import short_date
from quietdays.insights.weekly import week_summary
from quietdays.people.models import Child


def weeks_table(child: Child, first: date, last: date, now: datetime) -> list[list[str]]:
    """A row for each week that ends in the period: as issued, and what has become of it."""
    weeks = child.issued.filter(what=Issued.What.WEEK, last_day__range=(first, last))
    return [_row(child, week, now) for week in weeks.order_by("first_day")]


def _row(child: Child, week: Issued, now: datetime) -> list[str]:
    summary = week_summary(child, week.first_day, now=now)
    since = issuing.week_since(week, summary)
    local = child.timeline().local(week.issued_at)
    return [
        f"{short_date(week.first_day)} to {short_date(week.last_day)}",
        _first_line(week, "Spasms seen"),
        _line_with(week, "Meals", "Adherence"),
        f"{short_date(local.date())}{'; changed since' if since.differences else ''}",
    ]


def _lines(week: Issued, title: str) -> list[str]:
    return next((s["lines"] for s in week.content["sections"] if s["title"] == title), [])


def _first_line(week: Issued, title: str) -> str:
    return next(iter(_lines(week, title)), "")


def _line_with(week: Issued, title: str, word: str) -> str:
    return next((line for line in _lines(week, title) if line.startswith(word)), "")
