"""Growth against the WHO Child Growth Standards (2006), by the RCPCH's library.

Ages are whole days from birth, not corrected for gestation: none is recorded. Weight and head
circumference reach to five years; length only to two, from where WHO measures standing height.
Beyond 3 SD the z-score goes on in steps of the last SD, as WHO computes it.
Source: docs/care-teams.md#growth.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

_DAYS_PER_YEAR = 365.25
# From here on WHO's tables are of standing height; a length measured lying is about 0.7 cm more.
_LENGTH_ENDS_DAYS = 730
_OTHERS_END_DAYS = 1826
# A fall of this many z-scores is told; the care team's to judge. An assumption of this project.
TOLD_FALL_Z = 1.0
# Floats of 1.2 and 0.2 are not quite 1 apart.
_ROUNDING = 1e-9


class Measure(StrEnum):
    WEIGHT = "weight"  # kg
    LENGTH = "length"  # cm, lying
    HEAD = "head"  # cm


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


_METHODS = {Measure.WEIGHT: "weight", Measure.LENGTH: "height", Measure.HEAD: "ofc"}


def last_day(measure: Measure) -> int:
    """The last age in days for which the standard says something."""
    return _LENGTH_ENDS_DAYS if measure is Measure.LENGTH else _OTHERS_END_DAYS


def is_covered(measure: Measure, age_days: int) -> bool:
    return 0 <= age_days <= last_day(measure)


@lru_cache(maxsize=20_000)  # a child's measurements are asked for with every page of them
def z_score(measure: Measure, value: float, *, sex: Sex, age_days: int) -> float | None:
    """How many SD a value (kg or cm) lies from the median; None outside the standard's ages."""
    if not is_covered(measure, age_days):
        return None
    # Takes a second or two to import (scipy), and few pages need it.
    from rcpchgrowth import sds_for_measurement

    years = age_days / _DAYS_PER_YEAR
    return float(sds_for_measurement("who", years, _METHODS[measure], value, sex.value))


@lru_cache(maxsize=20_000)  # the lines of a chart are the same for every child of a sex
def value_at(measure: Measure, z: float, *, sex: Sex, age_days: int) -> float:
    """The value (kg or cm) on a z line at an age that `is_covered`."""
    from rcpchgrowth import measurement_from_sds

    years = age_days / _DAYS_PER_YEAR
    found = measurement_from_sds("who", z, _METHODS[measure], sex.value, years)
    assert found is not None  # noqa: S101  within the ages of the standard there is a value
    return float(found)


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement with its z-score; None without a sex or outside the standard's ages."""

    day: date
    value: float
    z: float | None


def measured(
    measure: Measure, values: Iterable[tuple[date, float]], *, born: date, sex: Sex | None
) -> list[Measured]:
    """Each value (kg or cm) with its z-score, in the order given."""
    return [
        Measured(
            day,
            value,
            None if sex is None else z_score(measure, value, sex=sex, age_days=(day - born).days),
        )
        for day, value in values
    ]


@dataclass(frozen=True, slots=True)
class Fall:
    """Between which two measurements a z-score went down, and from which to which."""

    before: Measured
    after: Measured

    @property
    def by(self) -> float:
        return (self.before.z or 0.0) - (self.after.z or 0.0)


def fall(points: Sequence[Measured], *, since: date) -> Fall | None:
    """From the highest z-score since a date to the newest one, when it is TOLD_FALL_Z or more.

    `points` are in order of time. What has no z-score is no part of it.
    """
    known = [p for p in points if p.z is not None and p.day >= since]
    if len(known) < 2:
        return None
    highest = max(known[:-1], key=lambda p: p.z or 0.0)
    found = Fall(highest, known[-1])
    return found if found.by >= TOLD_FALL_Z - _ROUNDING else None
