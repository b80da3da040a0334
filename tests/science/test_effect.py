"""What the effect says of diaries whose story is known."""

from __future__ import annotations

import csv
import dataclasses
import math
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.science.days import CheckIn, DiaryDay, MedicineChange
from quietdays.science.effect import (
    CoIntervention,
    PeriodEffect,
    RepeatedDate,
    Verdict,
    effect,
)
from tests.science import simulator
from tests.science.diaries import DIET_STARTED, day_of, diary_of, made_up_diary, on, repeated

BUSY_WEEK = (3, 1, 2, 4, 2, 3, 1)
HALF_WEEK = (1, 1, 1, 2, 1, 1, 1)
QUIET_WEEK = (0, 1, 0, 0, 0, 1, 0)
SILENT_WEEK = (0,) * 7

NUMBERS = ("rate_ratio", "lo90", "hi90", "lo95", "hi95", "p75", "p50", "p10", "p_below_1")


def only_period(days: list[DiaryDay]) -> PeriodEffect:
    (period,) = effect(days, diet_started=DIET_STARTED).periods
    return period


def last_period(days: list[DiaryDay]) -> PeriodEffect:
    return effect(days, diet_started=DIET_STARTED).periods[-1]


def assert_sound(period: PeriodEffect) -> None:
    """All numbers or none, finite, limits in order, probabilities between 0 and 1."""
    values = [getattr(period, name) for name in NUMBERS]
    if period.verdict is Verdict.NOT_ENOUGH_DATA:
        assert values == [None] * len(NUMBERS)
        return
    assert all(math.isfinite(v) for v in values)
    assert 0 <= period.lo95 <= period.lo90 <= period.rate_ratio <= period.hi90 <= period.hi95
    assert 0 <= period.p10 <= period.p50 <= period.p75 <= period.p_below_1 <= 1


# --- golden diaries: a change here is a change of what families read, so of MODEL_VERSION


@pytest.mark.parametrize(
    ("before", "during", "verdict", "ratio", "lo95", "hi95"),
    [
        pytest.param(
            BUSY_WEEK, BUSY_WEEK, "no_clear_change", 1.0416, 0.4813, 2.2955, id="the same"
        ),
        pytest.param(BUSY_WEEK, HALF_WEEK, "no_clear_change", 0.5309, 0.2316, 1.2526, id="half"),
        pytest.param(
            BUSY_WEEK, QUIET_WEEK, "clear_reduction", 0.1429, 0.0505, 0.4222, id="an eighth"
        ),
        pytest.param(
            BUSY_WEEK, SILENT_WEEK, "clear_reduction", 0.0127, 0.0, 0.1261, id="none seen"
        ),
        pytest.param(
            QUIET_WEEK, BUSY_WEEK, "clear_increase", 7.5402, 2.1556, 24.7738, id="eight times"
        ),
    ],
)
def test_golden_diary(before, during, verdict, ratio, lo95, hi95):
    period = only_period(diary_of(repeated(before), repeated(during)))

    assert period.verdict == verdict
    assert (period.rate_ratio, period.lo95, period.hi95) == pytest.approx(
        (ratio, lo95, hi95), rel=5e-3
    )
    assert_sound(period)


def test_a_large_lasting_fall_is_clear_in_each_period():
    # Shaped like the one published boy whose parents counted through a treatment that
    # helped: about 45 a day, then less and less over four months.
    rng = np.random.default_rng(140)
    before = rng.negative_binomial(8, 8 / (8 + 45), 28).tolist()
    falling = [rng.negative_binomial(3, 3 / (3 + m), 28).tolist() for m in (18, 8, 3, 3)]

    periods = effect(
        diary_of(before, [c for month in falling for c in month]), diet_started=DIET_STARTED
    ).periods

    assert [p.verdict for p in periods] == [Verdict.CLEAR_REDUCTION] * 4
    assert [p.period for p in periods] == [1, 2, 3, 4]
    for period, expected in zip(periods, (0.4, 0.18, 0.07, 0.07), strict=True):
        assert period.rate_ratio == pytest.approx(expected, rel=0.4)


# --- which days and periods count


def test_no_complete_period_gives_no_answer():
    assert effect(diary_of(repeated(BUSY_WEEK), [1] * 27), diet_started=DIET_STARTED).periods == ()
    assert effect([], diet_started=DIET_STARTED).periods == ()


def test_a_period_is_complete_only_when_its_last_day_is_over():
    days = diary_of(repeated(BUSY_WEEK), repeated(BUSY_WEEK))
    days[-1] = dataclasses.replace(days[-1], is_over=False)

    assert effect(days, diet_started=DIET_STARTED).periods == ()


def test_periods_carry_their_days_and_dates():
    periods = effect(
        diary_of(repeated(BUSY_WEEK), repeated(BUSY_WEEK, days=60)), diet_started=DIET_STARTED
    ).periods

    assert [(p.first_day, p.last_day) for p in periods] == [(0, 27), (28, 55)]
    assert [(p.first_date, p.last_date) for p in periods] == [(on(0), on(27)), (on(28), on(55))]


def test_counts_hold_their_denominators():
    days = diary_of([None] * 8 + [2] * 20, [1] * 28)
    days[10] = dataclasses.replace(days[10], spasms=11, hours_watched=9.5)
    days[11] = dataclasses.replace(days[11], spasms=4, spasms_at_least=True)

    before = only_period(days).before

    assert (before.days, before.logged_days, before.clusters, before.spasms) == (28, 20, 40, 15)
    assert before.hours_watched == 9.5
    assert before.spasms_at_least
    assert only_period(days).during.hours_watched is None


def test_earlier_answers_stay_as_the_diary_goes_on():
    days = made_up_diary(3, days_on_diet=84)
    early = effect(days[: 28 + 28], diet_started=DIET_STARTED)
    late = effect(days, diet_started=DIET_STARTED)

    assert late.periods[0] == early.periods[0]


def test_days_may_come_in_any_order_and_missing_dates_are_days_not_recorded():
    days = made_up_diary(4)
    recorded = [d for d in days if d.is_counted or d is days[-1]]
    random.Random(1).shuffle(recorded)

    assert effect(recorded, diet_started=DIET_STARTED) == effect(days, diet_started=DIET_STARTED)


def test_two_days_with_one_date_are_refused():
    days = [*diary_of([1] * 28, [1] * 28), day_of(3, 9)]

    with pytest.raises(RepeatedDate) as refused:
        effect(days, diet_started=DIET_STARTED)

    assert refused.value.date == on(3)


def test_days_before_the_28_before_the_diet_are_read_up_to_26_weeks():
    days = made_up_diary(5)
    earlier = [day_of(n, 2) for n in range(-182, -28)]
    too_early = [day_of(n, 9) for n in range(-220, -182)]

    longer = only_period(earlier + days)

    assert effect(too_early + earlier + days, diet_started=DIET_STARTED) == effect(
        earlier + days, diet_started=DIET_STARTED
    )
    assert longer.before == only_period(days).before
    assert longer.inputs_sha256 != only_period(days).inputs_sha256


def test_a_longer_baseline_narrows_the_limits_on_average():
    widths = {28: 0.0, 182: 0.0}
    for number in range(20):
        for days_before in widths:
            days = simulator.diary("usual", 0.5, number, days_before=days_before).days
            period = effect(days, diet_started=DIET_STARTED).periods[0]
            widths[days_before] += math.log(period.hi95 / period.lo95)

    assert widths[182] < 0.95 * widths[28]


@pytest.mark.parametrize("older_days", [1, 9, 21, 28, 30])
def test_a_few_older_days_like_the_others_move_little(older_days):
    during = repeated(HALF_WEEK)
    alone = only_period(diary_of(repeated(BUSY_WEEK), during))
    longer = only_period(diary_of([2] * older_days + repeated(BUSY_WEEK), during))

    assert longer.rate_ratio == pytest.approx(alone.rate_ratio, rel=0.1)


def test_a_worse_month_than_usual_before_the_diet_is_seen_as_such():
    usual, bad = repeated(BUSY_WEEK), repeated((5, 3, 4, 6, 4, 5, 3))
    alone = only_period(diary_of(bad, usual))
    with_history = only_period(diary_of([*usual * 5, *bad], usual))

    assert alone.rate_ratio < with_history.rate_ratio


def test_a_medicine_change_of_the_longer_baseline_is_allowed_for_but_not_named():
    days = diary_of(repeated(BUSY_WEEK, days=168), repeated(HALF_WEEK))
    changed = [
        dataclasses.replace(d, medicine_changes=(MEDICINE_B,)) if d.date == on(-60) else d
        for d in days
    ]

    assert only_period(changed).co_interventions == ()
    assert only_period(changed).verdict is not Verdict.CANNOT_SEPARATE
    assert only_period(changed).rate_ratio != only_period(days).rate_ratio


# --- verdict rules


@pytest.mark.parametrize(
    ("before", "during", "reasons"),
    [
        pytest.param(
            [2] * 13 + [None] * 15, [1] * 28, ("few_logged_days_before",), id="13 days before"
        ),
        pytest.param(
            [2] * 28, [1] * 13 + [None] * 15, ("few_logged_days_during",), id="13 days during"
        ),
        pytest.param([1] * 3 + [0] * 25, [1] * 28, ("few_clusters_before",), id="3 clusters"),
        pytest.param([0] * 28, [0] * 28, ("few_clusters_before",), id="none seen at all"),
        pytest.param(
            [None] * 28,
            [None] * 28,
            ("few_logged_days_before", "few_logged_days_during", "few_clusters_before"),
            id="nothing recorded",
        ),
    ],
)
def test_too_little_is_said_to_be_too_little(before, during, reasons):
    period = only_period(diary_of(before, during))

    assert period.verdict is Verdict.NOT_ENOUGH_DATA
    assert period.reasons == reasons
    assert [f"few_{m.what}" for m in period.missing] == list(reasons)
    assert all(m.more == m.need - m.have > 0 for m in period.missing)
    assert_sound(period)


def test_fourteen_days_and_four_clusters_are_enough():
    before = [1] * 4 + [0] * 10 + [None] * 14
    period = only_period(diary_of(before, [1] * 14 + [None] * 14))

    assert period.verdict is not Verdict.NOT_ENOUGH_DATA
    assert_sound(period)


def test_none_seen_puts_no_floor_under_the_ratio():
    period = only_period(diary_of(repeated(BUSY_WEEK), [0] * 28))

    assert (period.lo90, period.lo95) == (0.0, 0.0)
    assert 0 < period.rate_ratio < period.hi95
    assert "no_clusters_during" in period.reasons


MEDICINE_B = MedicineChange("B", "start")


def test_a_medicine_near_the_start_cannot_be_told_apart_from_the_diet():
    quarter = repeated((1, 0, 1, 0, 1, 0, 1))
    alone = only_period(diary_of(repeated(BUSY_WEEK), quarter))
    with_medicine = only_period(
        diary_of(repeated(BUSY_WEEK), quarter, medicine_changes={0: (MEDICINE_B,)})
    )

    assert alone.verdict is Verdict.CLEAR_REDUCTION
    assert with_medicine.verdict is Verdict.CANNOT_SEPARATE
    assert "medicine_change_in_window" in with_medicine.reasons
    assert with_medicine.hi95 / with_medicine.lo95 > alone.hi95 / alone.lo95
    assert with_medicine.co_interventions == (CoIntervention(on(0), "B", "start"),)
    assert with_medicine.separate_from == with_medicine.co_interventions
    assert alone.separate_from == ()
    assert_sound(with_medicine)


def test_the_medicine_that_decides_is_named_and_the_other_is_not():
    changes = {0: (MEDICINE_B,), 26: (MedicineChange("A", "up"),)}
    quarter = repeated((1, 0, 1, 0, 1, 0, 1))
    period = only_period(diary_of(repeated(BUSY_WEEK), quarter, medicine_changes=changes))

    assert period.verdict is Verdict.CANNOT_SEPARATE
    assert period.separate_from == (CoIntervention(on(0), "B", "start"),)
    assert len(period.co_interventions) == 2


def test_a_medicine_does_not_make_an_unchanged_diary_inseparable():
    period = only_period(
        diary_of(repeated(BUSY_WEEK), repeated(BUSY_WEEK), medicine_changes={0: (MEDICINE_B,)})
    )

    assert period.verdict is Verdict.NO_CLEAR_CHANGE


@pytest.mark.parametrize(
    ("change", "moves_ratio"),
    [("start", "up"), ("up", "up"), ("stop", "down"), ("down", "down")],
)
def test_a_medicine_takes_its_expected_share_of_the_change(change, moves_ratio):
    counts = repeated(BUSY_WEEK), repeated(BUSY_WEEK)
    without = only_period(diary_of(*counts))
    changed = {0: (MedicineChange("A", change),)}
    with_change = only_period(diary_of(*counts, medicine_changes=changed))

    if moves_ratio == "up":
        assert with_change.rate_ratio > without.rate_ratio
    else:
        assert with_change.rate_ratio < without.rate_ratio


def test_only_medicines_of_the_window_are_named():
    days = diary_of(repeated(BUSY_WEEK), repeated(BUSY_WEEK, days=56))
    changes = {-29: "start", -28: "up", 27: "down", 28: "stop"}
    days = [day_of(-29, 2), *days]
    days = [
        dataclasses.replace(d, medicine_changes=(MedicineChange("A", changes[n]),))
        if (n := (d.date - DIET_STARTED).days) in changes
        else d
        for d in days
    ]

    first, second = effect(days, diet_started=DIET_STARTED).periods

    assert [c.date for c in first.co_interventions] == [on(-28), on(27)]
    assert [c.date for c in second.co_interventions] == [on(-28), on(27), on(28)]


def test_a_medicine_on_a_day_not_recorded_is_still_known():
    before, during = repeated(BUSY_WEEK), [None, *repeated(BUSY_WEEK, days=27)]
    period = only_period(diary_of(before, during, medicine_changes={0: (MEDICINE_B,)}))

    assert len(period.co_interventions) == 1


# --- circumstances


def watched(days: list[DiaryDay], *, before: float, during: float) -> list[DiaryDay]:
    return [dataclasses.replace(d, hours_watched=during if d.on_diet else before) for d in days]


def test_fewer_seen_in_fewer_hours_watched_is_less_of_a_change():
    days = diary_of(repeated(BUSY_WEEK), repeated(HALF_WEEK))
    plain = only_period(watched(days, before=12, during=12))
    less_watched = only_period(watched(days, before=12, during=6))

    assert plain.rate_ratio < less_watched.rate_ratio
    assert less_watched.rate_ratio == pytest.approx(2 * plain.rate_ratio, rel=0.15)


def test_illness_before_the_diet_is_allowed_for():
    days = diary_of(repeated(BUSY_WEEK), repeated(HALF_WEEK))
    ill = [dataclasses.replace(d, illness=not d.on_diet) for d in days]

    assert only_period(ill).rate_ratio > only_period(days).rate_ratio


def test_fever_counts_as_illness_and_silence_as_none():
    days = diary_of(repeated(BUSY_WEEK), repeated(HALF_WEEK))
    fever = [dataclasses.replace(d, fever=not d.on_diet) for d in days]
    ill = [dataclasses.replace(d, illness=not d.on_diet) for d in days]
    said_well = [dataclasses.replace(d, illness=False) for d in days]

    assert only_period(fever) == only_period(ill)
    assert only_period(said_well) == only_period(days)


@pytest.mark.parametrize("recorded_every", [2, 5, 29, 1000])
def test_circumstances_recorded_on_some_days_only(recorded_every):
    days = [
        dataclasses.replace(d, hours_watched=None, illness=None, check_in=CheckIn())
        if i % recorded_every
        else d
        for i, d in enumerate(made_up_diary(6))
    ]

    assert_sound(only_period(days))


def test_hours_said_to_be_none_do_not_break_the_logarithm():
    days = watched(diary_of(repeated(BUSY_WEEK), repeated(BUSY_WEEK)), before=10, during=0)

    assert_sound(only_period(days))


# --- spasms in a cluster


def sized(days: list[DiaryDay], *, before: int, during: int) -> list[DiaryDay]:
    sizes = {d.date: during if d.on_diet else before for d in days}
    return [
        dataclasses.replace(d, spasms=None if d.clusters is None else d.clusters * sizes[d.date])
        for d in days
    ]


def test_smaller_clusters_show_beside_the_verdict_and_do_not_move_it():
    days = diary_of(repeated(BUSY_WEEK), repeated(BUSY_WEEK))
    same = only_period(sized(days, before=12, during=12))
    smaller = only_period(sized(days, before=12, during=4))

    assert smaller.spasms_per_cluster.ratio == pytest.approx(1 / 3)
    assert smaller.spasms_per_cluster.hi95 < 1
    assert same.spasms_per_cluster.lo95 < 1 < same.spasms_per_cluster.hi95
    assert smaller.spasms_per_cluster.counted_before == smaller.before.clusters
    assert (smaller.verdict, smaller.rate_ratio) == (same.verdict, same.rate_ratio)


def test_clusters_of_any_size_are_rarely_called_smaller():
    rng = np.random.default_rng(31)
    outside = 0
    for seed in range(100):
        month = np.repeat(np.exp(rng.normal(0, 0.12, 2)), 28)
        days = [
            dataclasses.replace(
                d, spasms=int(sum(1 + rng.poisson(11 * size * rng.gamma(2, 0.5, d.clusters))))
            )
            for d, size in zip(made_up_diary(seed, share_logged=1.0), month, strict=True)
        ]
        size_ratio = only_period(days).spasms_per_cluster
        outside += size_ratio is not None and not size_ratio.lo95 < 1 < size_ratio.hi95
    # With 1 in 20, more than 11 of 100 would happen less than once in 100 such samples.
    assert outside <= 11


def test_no_ratio_of_sizes_from_few_clusters_or_floors():
    days = diary_of(repeated(BUSY_WEEK), [1] * 9 + [0] * 19)
    assert only_period(sized(days, before=9, during=9)).spasms_per_cluster is None

    days = sized(diary_of(repeated(BUSY_WEEK), repeated(BUSY_WEEK)), before=9, during=9)
    floors = [dataclasses.replace(d, spasms_at_least=d.on_diet) for d in days]
    assert only_period(floors).spasms_per_cluster is None
    assert only_period(diary_of([3] * 28, [3] * 28)).spasms_per_cluster is None


# --- what an answer rests on


@pytest.mark.parametrize(
    "change",
    [
        {"clusters": 77},
        {"clusters": None},
        {"spasms": 77},
        {"spasms_at_least": True},
        {"hours_watched": 3.5},
        {"illness": True, "fever": True},
        {"check_in": CheckIn(sleep_hours=3.0)},
        {"medicine_changes": (MedicineChange("C", "stop"),)},
        {"is_over": False},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("number", [-5, 3])
def test_the_digest_changes_with_every_entry_that_is_read(change, number):
    days = [
        dataclasses.replace(d, clusters=d.clusters or 0, illness=False) for d in made_up_diary(7)
    ]
    other = [dataclasses.replace(d, **change) if d.date == on(number) else d for d in days]
    before, after = (effect(d, diet_started=DIET_STARTED) for d in (days, other))

    assert before.inputs_sha256 != after.inputs_sha256
    assert before.periods[0].inputs_sha256 != after.periods[0].inputs_sha256


def test_the_digest_is_the_same_in_any_order_and_whatever_is_not_read():
    days = made_up_diary(7, days_on_diet=56)
    same = [dataclasses.replace(d, notes=("a note",), weight_kg=7.5) for d in days]
    random.Random(3).shuffle(same)
    later = effect(days[:56], diet_started=DIET_STARTED)
    both = effect(days, diet_started=DIET_STARTED)

    assert effect(same, diet_started=DIET_STARTED).inputs_sha256 == both.inputs_sha256
    assert later.periods[0].inputs_sha256 == both.periods[0].inputs_sha256
    assert both.inputs_sha256 == both.periods[1].inputs_sha256
    assert later.inputs_sha256 != both.inputs_sha256
    assert effect(days, diet_started=on(1)).inputs_sha256 != both.inputs_sha256


# --- strange diaries


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(diary_of([0] * 28, [3] * 28), id="baseline of zeros"),
        pytest.param(diary_of([0] * 27 + [4], [0] * 28), id="one day holds all"),
        pytest.param(diary_of([1] * 28, [10_000] * 28), id="10,000 clusters a day"),
        pytest.param(diary_of([999_999] * 28, [0] * 28), id="a million, then none"),
        pytest.param(diary_of([None] * 28, [None] * 27 + [1]), id="one day"),
        pytest.param(diary_of([5] + [None] * 13 + [1] * 14, [2] * 28), id="a fortnight's gap"),
        pytest.param(diary_of([], [2] * 28), id="nothing before"),
    ],
)
def test_strange_diaries_get_sound_answers(days):
    assert_sound(only_period(days))


def test_spasms_are_counted_but_do_not_move_the_ratio():
    days = diary_of(repeated(BUSY_WEEK), repeated(HALF_WEEK))
    many = [dataclasses.replace(d, spasms=10_000) for d in days]

    assert only_period(many).during.spasms == 280_000
    assert only_period(many).rate_ratio == only_period(days).rate_ratio


def test_a_year_on_the_diet_gets_an_answer_for_each_period():
    periods = effect(made_up_diary(7, days_on_diet=365), diet_started=DIET_STARTED).periods

    assert len(periods) == 13
    for period in periods:
        assert_sound(period)


# --- properties

clusters = st.one_of(st.none(), st.integers(0, 12), st.integers(0, 10_000))
hours = st.one_of(st.none(), st.floats(0, 25))
diary_days = st.tuples(
    clusters, hours, hours, st.sampled_from([None, True, False]), st.sampled_from(["", "start"])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(diary_days, min_size=56, max_size=60))
def test_any_diary_gets_a_sound_answer_twice_the_same(raw):
    days = [
        day_of(
            n,
            seen,
            hours_watched=watched_hours,
            check_in=CheckIn(sleep_hours=sleep),
            illness=ill,
            medicine_changes=(MedicineChange("A", change),) if change else (),
        )
        for n, (seen, watched_hours, sleep, ill, change) in enumerate(raw, start=-28)
    ]

    first = effect(days, diet_started=DIET_STARTED)

    assert first == effect(days, diet_started=DIET_STARTED)
    for period in first.periods:
        assert_sound(period)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 40), st.randoms(use_true_random=False))
def test_the_order_of_days_within_a_week_changes_little(seed, shuffler):
    days = made_up_diary(seed)
    shuffled = []
    for start in range(0, len(days), 7):
        week = days[start : start + 7]
        order = shuffler.sample(week, len(week))
        shuffled += [
            dataclasses.replace(other, date=day.date)
            for day, other in zip(week, order, strict=True)
        ]
    a, b = only_period(days), only_period(shuffled)

    assert a.before == b.before
    for name in ("rate_ratio", "hi95"):
        assert math.log(getattr(a, name)) == pytest.approx(math.log(getattr(b, name)), abs=0.05)


def test_more_days_not_recorded_do_not_narrow_the_limits_on_average():
    full, thin = [], []
    for seed in range(30):
        days = made_up_diary(seed, share_logged=1.0)
        fewer = [dataclasses.replace(d, clusters=None) if i % 3 else d for i, d in enumerate(days)]
        fewer = [b if i % 3 == 2 else a for i, (a, b) in enumerate(zip(fewer, days, strict=True))]
        full.append(only_period(days))
        thin.append(only_period(fewer))

    def width(periods: list[PeriodEffect]) -> float:
        return float(np.mean([math.log(p.hi95 / p.lo95) for p in periods if p.lo95]))

    assert width(thin) > width(full)


def test_a_longer_diet_narrows_the_limits_on_average():
    widths = {28: 0.0, 84: 0.0}
    for seed in range(20):
        for days_on_diet in widths:
            period = last_period(made_up_diary(seed, days_on_diet=days_on_diet))
            widths[days_on_diet] += math.log(period.hi95 / period.lo95)

    assert widths[84] < widths[28]


# --- calibration, in small: docs/statistics.md#calibration has it in full


def test_unchanged_diaries_are_rarely_called_changed():
    periods = [last_period(made_up_diary(seed)) for seed in range(60)]

    clear = [p for p in periods if p.verdict in (Verdict.CLEAR_REDUCTION, Verdict.CLEAR_INCREASE)]
    covered = [p for p in periods if p.lo95 is not None and p.lo95 <= 1 <= p.hi95]
    # With 1 in 20 false, more than 7 of 60 would happen once in 100 such samples.
    assert len(clear) <= 7
    assert len(covered) >= 53


def test_a_fall_to_a_quarter_is_seen_in_most_and_never_called_an_increase():
    periods = [last_period(made_up_diary(seed, ratio=0.25, days_on_diet=84)) for seed in range(40)]
    verdicts = [p.verdict for p in periods]

    assert verdicts.count(Verdict.CLEAR_REDUCTION) >= 20
    assert Verdict.CLEAR_INCREASE not in verdicts
    assert sum(p.lo95 <= 0.25 <= p.hi95 for p in periods) >= 34


@pytest.mark.parametrize(
    "kind", ["calm", "usual", "restless days", "bad start", "quiet days left out", "medicine"]
)
def test_unchanged_diaries_of_another_make_are_rarely_called_changed(kind):
    periods = [last_period(simulator.diary(kind, 1.0, number).days) for number in range(40)]
    clear = [p for p in periods if p.verdict in (Verdict.CLEAR_REDUCTION, Verdict.CLEAR_INCREASE)]

    # With 1 in 20 false, more than 6 of 40 would happen less than once in 100 such samples.
    assert len(clear) <= 6
    if kind != "medicine":
        assert not any(p.verdict is Verdict.CANNOT_SEPARATE for p in periods)


def test_a_large_change_of_another_make_is_seen_and_covered():
    made = [simulator.diary("usual", 0.0, number) for number in range(30)]
    periods = [last_period(m.days) for m in made]

    assert sum(p.verdict is Verdict.CLEAR_REDUCTION for p in periods) >= 22
    assert all(p.lo95 <= 0.03 for p in periods if p.lo95 is not None)


# --- published series of real counts; each file names its source in its first line

VECTORS = Path(__file__).parents[1] / "vectors"


def read_vector(name: str) -> list[dict[str, str]]:
    with (VECTORS / name).open(encoding="utf-8") as lines:
        assert next(lines).startswith("# ")
        return list(csv.DictReader(lines))


def spread(count: int, days: int) -> list[int]:
    """A count of several days as whole numbers a day, as even as they can be."""
    return [count * (i + 1) // days - count * i // days for i in range(days)]


def test_of_the_placebo_arm_of_a_trial_at_most_one_in_twenty_is_called_changed():
    # 8 weeks before and 8 after, known in lumps of 8 and 2 weeks: 2 weeks stand for one.
    flagged = 0
    patients = read_vector("progabide_placebo.csv")
    for row in patients:
        before = spread(int(row["base8w"]), 28)
        during = [c for y in ("y1", "y2", "y3", "y4") for c in spread(int(row[y]), 7)]
        verdict = only_period(diary_of(before, during)).verdict
        flagged += verdict in (Verdict.CLEAR_REDUCTION, Verdict.CLEAR_INCREASE)

    assert len(patients) == 28
    assert flagged <= 0.05 * len(patients)


def test_the_boy_whose_parents_counted_through_a_treatment_that_helped():
    rows = read_vector("ivig_boy.csv")
    first = next(i for i, row in enumerate(rows) if row["treated"] == "1")
    days = [
        day_of(i - first, int(row["seizures"]), hours_watched=float(row["hours_watched"]))
        for i, row in enumerate(rows)
    ]

    periods = effect(days, diet_started=DIET_STARTED).periods

    assert {p.verdict for p in periods} == {Verdict.CLEAR_REDUCTION}
    assert [p.rate_ratio for p in periods] == pytest.approx([0.41, 0.24, 0.10, 0.08], abs=0.03)
