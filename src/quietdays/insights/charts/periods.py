"""Days put in order, counted, cut into runs and into weeks."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Generic, TypeVar

from quietdays.science.days import DayState, DiaryDay, date_range

V = TypeVar("V", bound=Hashable)


class Face(StrEnum):
    """How a day looks. A day that is not over yet is neither quiet nor missing."""

    SEEN = "seen"
    NONE_SEEN = "none-seen"
    NOT_RECORDED = "not-recorded"
    NOT_OVER = "not-over"

    @classmethod
    def of(cls, day: DiaryDay) -> Face:
        if day.state is DayState.SEEN:
            return cls.SEEN
        if not day.is_over:
            return cls.NOT_OVER
        return cls.NONE_SEEN if day.state is DayState.NONE_SEEN else cls.NOT_RECORDED


@dataclass(frozen=True, slots=True)
class Tally:
    """A period's counts. `clusters` and every day counted here belong to days that are over."""

    seen: int = 0
    none_seen: int = 0
    not_recorded: int = 0
    unfinished: int = 0
    clusters: int = 0

    @property
    def watched(self) -> int:
        return self.seen + self.none_seen

    @property
    def days(self) -> int:
        return self.watched + self.not_recorded

    @classmethod
    def of(cls, days: Iterable[DiaryDay]) -> Tally:
        items = list(days)
        over = [d for d in items if d.is_over]
        faces = [Face.of(d) for d in over]
        return cls(
            seen=faces.count(Face.SEEN),
            none_seen=faces.count(Face.NONE_SEEN),
            not_recorded=faces.count(Face.NOT_RECORDED),
            unfinished=len(items) - len(over),
            clusters=sum(d.clusters or 0 for d in over),
        )


@dataclass(frozen=True, slots=True)
class Run(Generic[V]):
    """Neighbouring days that share a value."""

    first: date
    last: date
    value: V


def every_day(days: Iterable[DiaryDay]) -> tuple[DiaryDay, ...]:
    """Days in order, each date once; a date that is missing between them is not recorded."""
    known = {d.date: d for d in days}
    if not known:
        return ()
    return tuple(known.get(d) or DiaryDay(d) for d in date_range(min(known), max(known)))


def runs(days: Sequence[DiaryDay], value_of: Callable[[DiaryDay], V | None]) -> list[Run[V]]:
    """Runs of days with the same value; days where it is None belong to no run."""
    found = []
    for value, members in groupby(days, key=value_of):
        same = list(members)
        if value is not None:
            found.append(Run(same[0].date, same[-1].date, value))
    return found


def weeks(days: Sequence[DiaryDay]) -> list[tuple[DiaryDay, ...]]:
    """Days by calendar week, Monday first; the first and the last week may be short."""
    return [
        tuple(members)
        for _, members in groupby(days, key=lambda d: d.date - timedelta(days=d.date.weekday()))
    ]


def finite(value: float | None) -> float | None:
    """A number that can be drawn, or None."""
    return value if value is not None and math.isfinite(value) else None
