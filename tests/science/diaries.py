"""Made-up diaries for the tests: small, documented, the same on every run.

`made_up_diary` draws from numpy's default generator with the seed it is given. The child's
log rate wanders from week to week (SD 0.35, correlation 0.4 between neighbours), each day
adds its own noise, and days are left out at random. Nothing is fitted to real babies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from quietdays.science.days import CheckIn, DiaryDay, MedicineChange

DIET_STARTED = date(2025, 2, 10)
DAYS_BEFORE = 28


def on(day: int) -> date:
    """The date of a diet day; day 0 is the first one, day -1 the last one before."""
    return DIET_STARTED + timedelta(days=day)


def day_of(number: int, clusters: int | None, **fields: object) -> DiaryDay:
    return DiaryDay(on(number), clusters=clusters, on_diet=number >= 0, **fields)  # type: ignore[arg-type]


def diary_of(
    before: Iterable[int | None],
    during: Iterable[int | None],
    *,
    medicine_changes: dict[int, tuple[MedicineChange, ...]] | None = None,
) -> list[DiaryDay]:
    """A diary of clusters a day, nothing else recorded; None is a day that was not recorded."""
    before = list(before)
    numbered = enumerate([*before, *during], start=-len(before))
    changes = medicine_changes or {}
    return [day_of(n, c, medicine_changes=changes.get(n, ())) for n, c in numbered]


def repeated(week: Sequence[int | None], *, days: int = 28) -> list[int | None]:
    return [week[i % len(week)] for i in range(days)]


def made_up_diary(
    seed: int,
    *,
    rate: float = 2.5,
    ratio: float = 1.0,
    days_on_diet: int = 28,
    share_logged: float = 0.9,
) -> list[DiaryDay]:
    """Clusters around `rate` a day before the diet and `rate * ratio` on it."""
    rng = np.random.default_rng([20250210, seed])
    weeks = (DAYS_BEFORE + days_on_diet + 6) // 7
    level = np.empty(weeks)
    level[0] = 0.35 * rng.standard_normal()
    for i in range(1, weeks):
        level[i] = 0.4 * level[i - 1] + 0.35 * np.sqrt(1 - 0.4**2) * rng.standard_normal()
    diary = []
    for i in range(DAYS_BEFORE + days_on_diet):
        number = i - DAYS_BEFORE
        hours = float(np.clip(rng.normal(11.5, 1.0), 6, 16))
        ill = bool(rng.random() < 0.05)
        expected = rate * (ratio if number >= 0 else 1.0) * np.exp(level[i // 7] + 0.3 * ill)
        clusters = int(rng.poisson(expected * hours / 11.5 * rng.gamma(4.0, 0.25)))
        sleep = round(float(rng.normal(12.8, 1.0)), 1)
        if rng.random() >= share_logged:
            diary.append(day_of(number, None))
            continue
        diary.append(
            day_of(
                number,
                clusters,
                spasms=8 * clusters,
                hours_watched=round(hours, 1),
                illness=ill,
                check_in=CheckIn(sleep_hours=sleep, stress=2),
            )
        )
    return diary
