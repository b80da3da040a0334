"""What goes with more or fewer clusters on the same day, in diaries whose links are known."""

from __future__ import annotations

import dataclasses
import math
import random
from datetime import timedelta

import numpy as np
import pytest

from quietdays.science.adherence import MealTally
from quietdays.science.days import CheckIn, DiaryDay
from quietdays.science.factors import Factor, FactorLink, FactorLinks, LinkVerdict, factor_links
from quietdays.science.macros import Macros
from tests.science.diaries import DIET_STARTED, diary_of, on


def wave(rng: np.random.Generator, days: int, *, alike: float) -> np.ndarray:
    """Neighbouring days are alike: a first-order autoregression of variance 1."""
    x = np.empty(days)
    x[0] = rng.standard_normal()
    for i in range(1, days):
        x[i] = alike * x[i - 1] + math.sqrt(1 - alike**2) * rng.standard_normal()
    return x


def circumstances_diary(
    seed: int, *, weeks: int = 12, illness_factor: float = 1.0, sleep_factor: float = 1.0
) -> list[DiaryDay]:
    """Clusters that drift and come in spells; circumstances that come in spells of their own."""
    rng = np.random.default_rng([612, seed])
    n = 7 * weeks
    log_rate = math.log(2.5) + 0.4 * wave(rng, n, alike=0.97) + 0.35 * wave(rng, n, alike=0.6)
    ill = np.zeros(n, dtype=bool)
    for start in np.flatnonzero(rng.random(n) < 1 / 18):
        ill[start : start + 3 + rng.integers(4)] = True
    sleep = 12.5 + wave(rng, n, alike=0.5)
    log_rate += math.log(illness_factor) * ill + math.log(sleep_factor) * (sleep - 12.5)
    clusters = rng.poisson(np.exp(log_rate) * rng.gamma(2.0, 0.5, n))
    adherence = np.clip(85 + 12 * wave(rng, n, alike=0.6), 0, 100)
    stress = np.clip(np.round(2.5 + wave(rng, n, alike=0.6)), 1, 5)
    feeding = np.clip(np.round(3 + wave(rng, n, alike=0.6)), 1, 5)
    ketones = np.clip(3 + 0.8 * wave(rng, n, alike=0.7), 0.1, None)
    ratio = np.clip(3 + 0.4 * wave(rng, n, alike=0.6), 0.5, 5)
    logged = rng.random(n) < 0.9
    return [
        DiaryDay(
            on(i),
            on_diet=True,
            clusters=int(clusters[i]) if logged[i] else None,
            illness=bool(ill[i]),
            adherence_reported_percent=float(adherence[i]),
            check_in=CheckIn(
                sleep_hours=float(sleep[i]), stress=int(stress[i]), feeding=int(feeding[i])
            ),
            ketones_mmol_l=(float(ketones[i]),),
            eaten=Macros(fat_g=10 * float(ratio[i]), protein_g=8.0, carbohydrate_g=2.0),
        )
        for i in range(n)
    ]


def links_of(days: list[DiaryDay]) -> dict[Factor, FactorLink]:
    return {link.factor: link for link in factor_links(days, diet_started=DIET_STARTED).links}


def linked(found: FactorLinks) -> list[Factor]:
    clear = (LinkVerdict.FEWER, LinkVerdict.MORE)
    return [link.factor for link in found.links if link.verdict in clear]


@pytest.mark.parametrize("weeks", [8, 16])
def test_unrelated_circumstances_are_rarely_linked(weeks):
    found = [
        factor_links(circumstances_diary(seed, weeks=weeks), diet_started=DIET_STARTED)
        for seed in range(120)
    ]

    # With 1 diary in 20, more than 11 of 120 would happen once in 50 such samples.
    assert sum(bool(linked(f)) for f in found) <= 11
    estimated = [link for f in found for link in f.links if link.missing == ""]
    assert len(estimated) > 0.8 * 120 * len(Factor)


def test_a_strong_link_with_illness_is_found():
    diaries = [circumstances_diary(s, weeks=26, illness_factor=4.0) for s in range(30)]
    found = [links_of(days)[Factor.ILLNESS] for days in diaries]

    assert sum(link.verdict is LinkVerdict.MORE for link in found) >= 22
    assert not any(link.verdict is LinkVerdict.FEWER for link in found)


def test_a_link_with_sleep_is_found_and_goes_the_right_way():
    found = [links_of(circumstances_diary(s, sleep_factor=0.6))[Factor.SLEEP] for s in range(30)]

    assert sum(link.verdict is LinkVerdict.FEWER for link in found) >= 12
    ratios = [link.rate_ratio for link in found]
    assert float(np.median(ratios)) == pytest.approx(0.6, abs=0.12)


def test_every_factor_has_a_link_with_its_step():
    found = factor_links(circumstances_diary(1), diet_started=DIET_STARTED)

    assert [link.factor for link in found.links] == list(Factor)
    assert (found.weeks, found.first_date, found.last_date) == (12, on(0), on(83))
    for link in found.links:
        assert link.step > 0
        assert link.step > 0
        if link.verdict is not LinkVerdict.NOT_ENOUGH_DATA:
            assert 0 < link.lo95 < link.rate_ratio < link.hi95 < math.inf


def test_nothing_is_said_before_six_weeks_are_over():
    days = circumstances_diary(1)[:41]
    found = factor_links(days, diet_started=DIET_STARTED)

    assert found.weeks == 5
    assert {link.verdict for link in found.links} == {LinkVerdict.NOT_ENOUGH_DATA}
    assert {link.missing for link in found.links} == {"diet_weeks"}


@pytest.mark.parametrize(
    ("changed", "factor", "missing"),
    [
        pytest.param({"ketones_mmol_l": ()}, Factor.KETONES, "days_recorded", id="no ketones"),
        pytest.param({"illness": False}, Factor.ILLNESS, "days_that_differ", id="never ill"),
        pytest.param({"clusters": 0}, Factor.SLEEP, "clusters", id="no clusters"),
        pytest.param(
            {"adherence_reported_percent": 90.0}, Factor.ADHERENCE, "days_that_differ", id="same"
        ),
        pytest.param({"eaten": None}, Factor.DAY_RATIO, "days_recorded", id="no meals"),
    ],
)
def test_what_is_missing_is_said(changed, factor, missing):
    days = [dataclasses.replace(d, **changed) for d in circumstances_diary(2)]
    link = links_of(days)[factor]

    assert (link.verdict, link.missing) == (LinkVerdict.NOT_ENOUGH_DATA, missing)
    assert (link.rate_ratio, link.lo95, link.hi95) == (None, None, None)


def test_urine_ketones_are_never_used():
    days = [
        dataclasses.replace(d, ketones_mmol_l=(), urine_ketones_grade=(3,))
        for d in circumstances_diary(2)
    ]

    assert links_of(days)[Factor.KETONES].days == 0


def test_only_the_diet_counts():
    days = circumstances_diary(3)
    earlier = diary_of([9] * 28, [])

    assert factor_links(earlier + days, diet_started=DIET_STARTED) == factor_links(
        days, diet_started=DIET_STARTED
    )


def test_more_hours_watched_are_not_a_link():
    days = circumstances_diary(4)
    rng = np.random.default_rng(9)
    watched = []
    for day in days:
        hours = float(rng.choice([6.0, 14.0]))
        seen = None if day.clusters is None else int(rng.poisson(2 * hours / 6))
        watched.append(
            dataclasses.replace(
                day,
                clusters=seen,
                hours_watched=hours,
                check_in=dataclasses.replace(day.check_in, sleep_hours=24 - hours),
            )
        )

    assert links_of(watched)[Factor.SLEEP].verdict is LinkVerdict.NO_CLEAR_LINK


@pytest.mark.parametrize(
    "days",
    [
        pytest.param([], id="no days"),
        pytest.param(diary_of([], [0] * 84), id="zeros"),
        pytest.param(diary_of([], [10_000] * 84), id="10,000 a day"),
        pytest.param(diary_of([], [None] * 84), id="nothing recorded"),
        pytest.param(
            [
                dataclasses.replace(d, clusters=10_000 if d.illness else 0)
                for d in circumstances_diary(5)
            ],
            id="only when ill",
        ),
    ],
)
def test_strange_diaries_get_finite_answers(days):
    for link in factor_links(days, diet_started=DIET_STARTED).links:
        numbers = [link.rate_ratio, link.lo95, link.hi95]
        assert numbers == [None] * 3 or all(math.isfinite(x) and x > 0 for x in numbers)


@pytest.mark.parametrize(
    "change",
    [
        {"clusters": 77},
        {"illness": True, "fever": True},
        {"hours_watched": 3.5},
        {"check_in": CheckIn(sleep_hours=3.0)},
        {"check_in": CheckIn(stress=5)},
        {"check_in": CheckIn(feeding=1)},
        {"ketones_mmol_l": (9.0,)},
        {"meals": MealTally(planned=1, met=1)},
        {"eaten": Macros(fat_g=1.0, protein_g=1.0)},
        {"is_over": False},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_digest_changes_with_what_is_read(change):
    days = [
        dataclasses.replace(d, clusters=d.clusters or 0, illness=False)
        for d in circumstances_diary(6)
    ]
    other = [*days[:10], dataclasses.replace(days[10], **change), *days[11:]]
    a, b = (factor_links(d, diet_started=DIET_STARTED).inputs_sha256 for d in (days, other))

    assert a != b


def test_the_digest_does_not_change_with_the_order_or_with_notes():
    days = circumstances_diary(6)
    shuffled = [dataclasses.replace(d, notes=("a note",)) for d in days]
    random.Random(2).shuffle(shuffled)
    later_start = factor_links(days, diet_started=DIET_STARTED + timedelta(days=1))

    assert factor_links(shuffled, diet_started=DIET_STARTED) == factor_links(
        days, diet_started=DIET_STARTED
    )
    assert later_start.inputs_sha256 != factor_links(days, diet_started=DIET_STARTED).inputs_sha256
