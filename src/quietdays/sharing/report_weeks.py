"""The weekly summaries of a period as they were issued, for the report."""

from __future__ import annotations

from datetime import date, datetime

from quietdays.insights import issuing
from quietdays.insights.models import Issued
from quietdays.people.models import Child
from quietdays.words import short_date


def weeks_table(child: Child, first: date, last: date, now: datetime) -> list[list[str]]:
    """A row for each week that ends in the period: as issued, and what has become of it."""
    weeks = child.issued.filter(what=Issued.What.WEEK, last_day__range=(first, last))
    return [_row(child, week, now) for week in weeks.order_by("first_day")]


# Where a section stands in every summary, since those of before have no key.
_SEEN, _MEALS = 0, 1
_ADHERENCE = "Adherence"


def _row(child: Child, week: Issued, now: datetime) -> list[str]:
    """In the language in which the week was issued: its words are compared with the same words."""
    since = issuing.week_since(week, now)
    local = child.timeline().local(week.issued_at)
    language = issuing.language_of(week)
    summary = issuing.week_in(language, child, week.first_day, now)
    reads = issuing.week_content(language, summary)
    english = reads
    if language != issuing.ENGLISH:
        summary = issuing.week_in(issuing.ENGLISH, child, week.first_day, now)
        english = issuing.week_content(issuing.ENGLISH, summary)
    meals = english["sections"][_MEALS]["lines"]
    adherence = next((n for n, line in enumerate(meals) if line.startswith(_ADHERENCE)), -1)
    return [
        f"{short_date(week.first_day)} to {short_date(week.last_day)}",
        _then_and_now(week.content, reads, _SEEN, 0),
        _then_and_now(week.content, reads, _MEALS, adherence),
        f"{short_date(local.date())}{'; changed since' if since.differences else ''}",
    ]


def _then_and_now(then: issuing.Content, now: issuing.Content, section: int, line: int) -> str:
    """A line as it was issued; with the line as it reads now where that differs."""
    was, reads = _line(then, section, line), _line(now, section, line)
    return was if was == reads else f"As issued: {was} Now: {reads}"


def _line(content: issuing.Content, section: int, line: int) -> str:
    lines: list[str] = content["sections"][section]["lines"]
    return lines[line] if 0 <= line < len(lines) else ""
