"""A phone's clock may be wrong: what nobody typed is put right by it, and nothing is refused.

The rules are those of docs/sync.md#operations, “Clocks”.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from quietdays.science.days import ZoneTimeline
from quietdays.sync.fields import Field
from quietdays.words import counted

# A clock that is off by less is left alone: requests, too, take a while.
TRUSTED = timedelta(seconds=120)


@dataclass(frozen=True, slots=True)
class PutRight:
    """When an operation was made by the server's clock, and what that took."""

    made_at: datetime
    told: datetime  # by the phone's own clock
    offset: timedelta  # the right time less the phone's

    @property
    def shift(self) -> timedelta:
        return self.made_at - self.told

    @property
    def words(self) -> str:
        """“this phone's clock is 2 h fast”; empty where it is about right."""
        if abs(self.offset) <= TRUSTED:
            return ""
        minutes = abs(self.offset).total_seconds() / 60
        if minutes < 90:
            size = f"{minutes:.0f} min"
        elif minutes < 48 * 60:
            size = f"{minutes / 60:.0f} h"
        else:
            size = counted(round(minutes / 60 / 24), "day")
        if self.offset < timedelta(0):
            return gettext("this phone's clock is %(time)s fast") % {"time": size}
        return gettext("this phone's clock is %(time)s slow") % {"time": size}


def put_right(made_at: datetime, *, offset: timedelta, now: datetime) -> PutRight:
    """By the phone's present offset; what still lies ahead was made before its clock was set."""
    right = made_at + offset if abs(offset) > TRUSTED else made_at
    right = min(right, now)
    applied = right - made_at
    return PutRight(right, made_at, applied if abs(applied) > TRUSTED else offset)


def on_the_right_clock(
    values: dict[str, Any],
    fields: Collection[Field],
    *,
    typed: Collection[str],
    clock: PutRight,
    timeline: ZoneTimeline,
) -> dict[str, Any]:
    """The values with what nobody typed moved from the phone's clock to the right one."""
    if not clock.shift:
        return values
    moved = dict(values)
    for field in fields:
        value = values.get(field.name)
        if value is None or field.name in typed:
            continue
        if field.type == "time":
            moved[field.name] = value + clock.shift
        elif field.type == "date":
            moved[field.name] = _right_date(value, clock, timeline)
    return moved


def _right_date(day: date, clock: PutRight, timeline: ZoneTimeline) -> date:
    """A date that was the phone's today becomes the right today; any other was meant."""
    return timeline.date_of(clock.made_at) if day == timeline.date_of(clock.told) else day
