"""The weekly summaries of a period as they were issued, for the report."""

from __future__ import annotations

from datetime import date, datetime

from quietdays.insights import issuing
from quietdays.insights.models import Issued
from quietdays.insights.weekly import week_summary
from quietdays.people.models import Child
from quietdays.words import short_date


def weeks_table(child: Child, first: date, last: date, now: datetime) -> list[list[str]]:
    """A row for each week that ends in the period: as issued, and what has become of it."""
    weeks = child.issued.filter(what=Issued.What.WEEK, last_day__range=(first, last))
    return [_row(child, week, now) for week in weeks.order_by("first_day")]


def _row(child: Child, week: Issued, now: datetime) -> list[str]:
    since = issuing.week_since(week, now)
    local = child.timeline().local(week.issued_at)
    summary = week_summary(child, week.first_day, now=now)
    now_said = issuing.week_content(issuing.ENGLISH, summary)
    return [
        f"{short_date(week.first_day)} to {short_date(week.last_day)}",
        _then_and_now(week.content, now_said, "Spasms seen", ""),
        _then_and_now(week.content, now_said, "Meals", "Adherence"),
        f"{short_date(local.date())}{'; changed since' if since.differences else ''}",
    ]


def _then_and_now(then: issuing.Content, now: issuing.Content, title: str, word: str) -> str:
    """A line as it was issued; with the line as it reads now where that differs."""
    was, reads = _line(then, title, word), _line(now, title, word)
    return was if was == reads else f"As issued: {was} Now: {reads}"


def _line(content: issuing.Content, title: str, word: str) -> str:
    lines: list[str] = next((s["lines"] for s in content["sections"] if s["title"] == title), [])
    return next((line for line in lines if line.startswith(word)), "")
