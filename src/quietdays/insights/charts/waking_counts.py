"""Clusters by whole hour since the child woke for the day, and what no hour can be said of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext

from quietdays.science.days import DiaryDay

ON_WAKING = "on_waking"
LAST_HOUR = 16  # and every later one
BEFORE = -1  # the column of what was seen before the waking time
COLUMNS = (BEFORE, *range(LAST_HOUR + 1))
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class WakingCounts:
    """Clusters by column, and what has no column; only of days that are over, `today` apart."""

    days: tuple[DiaryDay, ...]
    by_column: Counter[int] = field(default_factory=Counter)
    on_waking: Counter[int] = field(default_factory=Counter)
    on_waking_without_time: int = 0  # counted in the first hour of days without a waking time
    no_waking_time: int = 0
    no_time: int = 0
    today: int = 0

    @property
    def placed(self) -> int:
        return self.by_column.total()

    @property
    def woken(self) -> list[int]:
        """The waking minutes of the watched days that have one."""
        return [d.woke_minute for d in self.days if d.is_counted and d.woke_minute is not None]

    def days_of(self, column: int) -> int:
        """Watched days with a waking time that last, by the clock, into this column."""
        least = _DAY_MINUTES - 60 * max(0, column)
        return sum(minute < least for minute in self.woken)

    @property
    def not_placed(self) -> list[tuple[str, int]]:
        """What the bars do not hold, in words; each is a row of the table too."""
        rows = [
            (gettext("No waking time noted"), self.no_waking_time),
            (gettext("No time noted"), self.no_time),
            (gettext("Today so far, not in the bars"), self.today),
        ]
        return [(name, number) for name, number in rows if number]


def count_since_waking(days: tuple[DiaryDay, ...]) -> WakingCounts:
    over = [d for d in days if d.is_over]
    by_column, on_waking = Counter[int](), Counter[int]()
    without_time = no_waking_time = 0
    for day in over:
        for minute, state in _onsets(day):
            woke_now = state == ON_WAKING
            if day.woke_minute is None and not woke_now:
                no_waking_time += 1
                continue
            column = 0 if day.woke_minute is None else _column(minute - day.woke_minute)
            without_time += day.woke_minute is None
            by_column[column] += 1
            on_waking[column] += woke_now
    return WakingCounts(
        days=days,
        by_column=by_column,
        on_waking=on_waking,
        on_waking_without_time=without_time,
        no_waking_time=no_waking_time,
        no_time=sum(max(0, (d.clusters or 0) - len(d.onset_minutes)) for d in over),
        today=sum(max(d.clusters or 0, len(d.onset_minutes)) for d in days if not d.is_over),
    )


def _onsets(day: DiaryDay) -> list[tuple[int, str]]:
    """Minute and state of each timed cluster; states may be fewer than minutes."""
    states = [*day.onset_states, *[""] * len(day.onset_minutes)]
    return list(zip(day.onset_minutes, states, strict=False))


def _column(minutes: int) -> int:
    return BEFORE if minutes < 0 else min(LAST_HOUR, minutes // 60)
