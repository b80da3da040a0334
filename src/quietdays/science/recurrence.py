"""When a written schedule asks: local clock times turned into instants, none dropped, none twice.

Clocks are put on and back, and children travel. A dose must not vanish with a skipped hour
or with a flight, nor be asked for twice in a repeated one. Source: docs/reminders.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from dateutil.rrule import DAILY, rrule

from quietdays.science.days import ZoneTimeline

# An instant and the local date that a schedule means by it lie at most this far apart: zones
# differ from UTC by up to 14 hours, and a skipped time may fall on the next date.
MARGIN = timedelta(days=2)


def due_instants(
    timeline: ZoneTimeline,
    *,
    start: date,
    end: date | None,
    every_days: int,
    times: Sequence[time],
    first: datetime,
    last: datetime,
) -> list[datetime]:
    """Every instant in [first, last) at which a schedule asks, in UTC, in order, each once.

    `start` and `end` are local dates, both included; it asks every `every_days` days from
    start on. Two times that fall on one instant are one.
    """
    dates = due_dates(
        start=start,
        end=end,
        every_days=every_days,
        first=(first.astimezone(UTC) - MARGIN).date(),
        last=(last.astimezone(UTC) + MARGIN).date(),
    )
    instants = (instant_due(timeline, day, clock) for day in dates for clock in times)
    return sorted({at for at in instants if at is not None and first <= at < last})


def due_dates(
    *, start: date, end: date | None, every_days: int, first: date, last: date
) -> list[date]:
    """The local dates from first to last, both included, on which a schedule asks.

    Raises ValueError for every_days below 1.
    """
    if every_days < 1:
        raise ValueError("a schedule asks every day or less often")
    if end is not None:
        last = min(last, end)
    # The rule begins a whole number of turns later, so that years of the past are not walked.
    turns = max(0, -(-(first - start).days // every_days))
    begins = start + timedelta(days=turns * every_days)
    rule = rrule(
        DAILY,
        interval=every_days,
        dtstart=datetime.combine(begins, time(0)),
        until=datetime.combine(last, time(0)),
    )
    return [at.date() for at in rule]


def instant_due(timeline: ZoneTimeline, day: date, clock: time) -> datetime | None:
    """When what is written for a local date and time is due; None if the date itself never was.

    - a time that the child's clock showed: the first instant at which it did;
    - one that the clocks skipped: moved on by as much as they were, past midnight too;
    - one that travel skipped: the first instant after it, which is the arrival.
    """
    shown = timeline.instant_of(day, clock)
    pieces = timeline.pieces_of(day)
    if shown is not None or not pieces:
        return shown
    asked = datetime.combine(day, clock)
    for since, _ in pieces:
        if timeline.local(since).replace(tzinfo=None) >= asked:
            return since
    since, until = pieces[-1]
    moved = asked.replace(tzinfo=timeline.zone_at(since)).astimezone(UTC)
    return min([moved, *(stay.since for stay in timeline.stays if stay.since >= until)])
