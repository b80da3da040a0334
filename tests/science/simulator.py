"""Made-up diaries with a known change, drawn differently from what the model assumes.

The model thinks of autoregressions; here a child switches between a usual, a good and a bad
regime that last for days or weeks, on a level that takes a step every few weeks, with a weekly
cycle and gamma noise from day to day. Carers leave days out, quiet ones more often in one
kind; diets start after the worse of two months in another. The parameters are assumptions:
nothing is fitted to babies, and nothing is taken from another simulator.

`diary(kind, ratio, number)` is the same on every machine. Numpy only.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from quietdays.science.days import CheckIn, DiaryDay, MedicineChange
from tests.science.diaries import DIET_STARTED

Floats = NDArray[np.float64]

PERIOD = 28
DAYS_ON_DIET = 84
USUAL_HOURS = 11.0
_SEED = 7_2026


@dataclass(frozen=True)
class Kind:
    """What a child and its carers are like; rates are clusters a day, lengths days."""

    rate: tuple[float, float] = (1.0, 6.0)  # drawn log-uniformly
    regimes: tuple[float, float] = (0.55, 1.7)  # rate in good and in bad spells
    spell_days: tuple[float, float] = (2.0, 25.0)  # their mean length, drawn log-uniformly
    steps_sd: float = 0.15  # log size of a step of the level
    step_every: float = 21.0
    day_shape: tuple[float, float] = (1.5, 8.0)  # gamma noise of a day
    logged: tuple[float, float] = (0.75, 0.98)  # share of days
    quiet_logged: float = 1.0  # times that share on days with few clusters
    months_to_choose: int = 1  # the diet starts after the worst of so many
    medicine: bool = False
    hours_shift: float = 0.0  # log change of hours watched at the start, up or down
    onset_days: tuple[int, int] = (3, 18)


KINDS = {
    "calm": Kind(regimes=(0.85, 1.15), steps_sd=0.06, day_shape=(4.0, 12.0), rate=(1.5, 6.0)),
    "usual": Kind(),
    "long spells": Kind(spell_days=(15.0, 45.0), steps_sd=0.2),
    "restless days": Kind(day_shape=(0.5, 1.2), spell_days=(1.0, 4.0)),
    "bad start": Kind(months_to_choose=2),
    "quiet days left out": Kind(logged=(0.7, 0.9), quiet_logged=0.6),
    "medicine": Kind(medicine=True),
    "hours watched": Kind(hours_shift=0.3),
    "sparse": Kind(rate=(0.25, 0.7)),
}


@dataclass(frozen=True)
class Simulated:
    days: list[DiaryDay]
    true_ratio: tuple[float, ...]  # a period: what the diet multiplied the expected rate by


def diary(kind: str, ratio: float, number: int, *, days_before: int = PERIOD) -> Simulated:
    """A diary of `days_before` days and 84 on the diet, whose full effect is `ratio`."""
    k = KINDS[kind]
    rng = np.random.default_rng(
        [_SEED, zlib.crc32(kind.encode()), round(100 * ratio), days_before, number]
    )
    total = days_before + DAYS_ON_DIET
    spare = PERIOD * (k.months_to_choose - 1)
    hours = np.clip(rng.normal(USUAL_HOURS, 1.2, total + spare), 4, 18)
    ill = _spells(rng, total + spare, every=40.0, length=4.0)
    natural = _natural_rate(rng, k, total + spare) * np.where(ill, 1.4, 1.0)
    rate = natural * hours / USUAL_HOURS
    first = _chosen_start(rng, rate, days_before, k.months_to_choose)
    rate, hours, ill = (a[first : first + total].copy() for a in (rate, hours, ill))

    day = np.arange(total) - days_before
    onset = rng.integers(*k.onset_days, endpoint=True)
    change = np.where(day < 0, 1.0, 1 - (1 - ratio) * np.clip((day + 1) / onset, 0, 1))
    medicine_day = int(rng.integers(-6, 10)) if k.medicine else None
    if medicine_day is not None:
        strength = np.exp(-abs(rng.normal(0.5, 0.25)))
        rate *= 1 - (1 - strength) * np.clip((day - medicine_day + 1) / 6, 0, 1)
    if k.hours_shift:
        factor = np.exp(rng.choice([-1.0, 1.0]) * k.hours_shift)
        rate[day >= 0] *= factor
        hours[day >= 0] *= factor
    clusters = rng.poisson(rate * change)
    chance = np.full(total, rng.uniform(*k.logged))
    chance[clusters <= np.median(clusters[day < 0]) / 2] *= k.quiet_logged
    logged = rng.random(total) < chance
    sleep = rng.normal(12.5, 1.0, total)
    days = [
        _day(int(n), int(c), bool(seen), float(h), bool(i), float(s), n == medicine_day)
        for n, c, seen, h, i, s in zip(day, clusters, logged, hours, ill, sleep, strict=True)
    ]
    periods = change[days_before:].reshape(-1, PERIOD).mean(axis=1)
    return Simulated(days, tuple(float(r) for r in periods))


def _natural_rate(rng: np.random.Generator, k: Kind, total: int) -> Floats:
    """Clusters a day without illness, in usual hours: regimes, level, weekly cycle, noise."""
    rate = np.exp(rng.uniform(*np.log(k.rate)))
    length = np.exp(rng.uniform(*np.log(k.spell_days)))
    factors = np.array([k.regimes[0], 1.0, k.regimes[1]])
    switches = rng.random(total) < 1 / length
    switches[0] = True
    regime = factors[rng.integers(3, size=int(switches.sum()))][np.cumsum(switches) - 1]
    steps = np.where(rng.random(total) < 1 / k.step_every, rng.normal(0, k.steps_sd, total), 0.0)
    weekly = rng.uniform(0, 0.15) * np.sin(2 * np.pi * (np.arange(total) / 7 + rng.random()))
    shape = rng.uniform(*k.day_shape)
    noise = rng.gamma(shape, 1 / shape, total)
    return np.asarray(rate * regime * np.exp(np.cumsum(steps) + weekly) * noise)


def _spells(rng: np.random.Generator, total: int, *, every: float, length: float) -> Floats:
    """1 on days of illness, 0 on others: an episode begins every so many days on average."""
    ill = np.zeros(total)
    for start in np.flatnonzero(rng.random(total) < 1 / every):
        ill[start : start + 1 + rng.poisson(length)] = 1.0
    return ill


def _chosen_start(rng: np.random.Generator, rate: Floats, days_before: int, months: int) -> int:
    """The first day kept, so that the 28 days before the diet are the worst month."""
    seen = rng.poisson(rate)
    ends = [days_before + PERIOD * i for i in range(months)]
    return PERIOD * int(np.argmax([seen[end - PERIOD : end].sum() for end in ends]))


def _day(
    number: int, clusters: int, logged: bool, hours: float, ill: bool, sleep: float, medicine: bool
) -> DiaryDay:
    date = DIET_STARTED + timedelta(days=number)
    changes = (MedicineChange("B", "start"),) if medicine else ()
    if not logged:
        return DiaryDay(date, on_diet=number >= 0, medicine_changes=changes)
    return DiaryDay(
        date,
        on_diet=number >= 0,
        clusters=clusters,
        spasms=8 * clusters,
        hours_watched=round(hours, 1),
        illness=ill,
        check_in=CheckIn(sleep_hours=round(sleep, 1)),
        medicine_changes=changes,
    )
