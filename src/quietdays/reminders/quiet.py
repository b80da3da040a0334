"""Quiet hours: clock times where the child is, which may go across midnight."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Protocol

from quietdays.science.days import ZoneTimeline


class Quiet(Protocol):
    """A carer's turn, or one of their phones."""

    quiet_from: time | None
    quiet_until: time | None


def is_quiet(whose: Quiet, at: datetime, timeline: ZoneTimeline) -> bool:
    start, end = whose.quiet_from, whose.quiet_until
    if start is None or end is None or start == end:
        return False
    now = timeline.local(at).time()
    return start <= now < end if start < end else now >= start or now < end


def quiet_ends(whose: Quiet, at: datetime, timeline: ZoneTimeline) -> datetime:
    """The next end of the quiet hours; `at` itself where there are none."""
    if whose.quiet_until is None:
        return at
    day = timeline.date_of(at)
    ends = (timeline.instant_of(day + timedelta(days=n), whose.quiet_until) for n in (0, 1, 2))
    return next((end for end in ends if end is not None and end > at), at)
