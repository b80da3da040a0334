"""Sentences: right in number, and free of every word that claims, blames or soothes."""

from __future__ import annotations

import dataclasses
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays import words
from quietdays.insights import accounts, sentences
from quietdays.insights.accounts import Fact, Said
from quietdays.insights.endpoint_words import endpoint_lines
from quietdays.insights.factor_words import links_in_words
from quietdays.insights.weekly import changes, factors
from quietdays.people.models import Child
from quietdays.science.adherence import MealTally
from quietdays.science.cluster_size import SizeRatio
from quietdays.science.days import CheckIn, DiaryDay, MedicineChange
from quietdays.science.effect import CoIntervention, Counts, Missing, PeriodEffect, Verdict
from quietdays.science.endpoints import endpoints
from quietdays.science.factors import factor_links
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.outcomes import (
    DietOutcome,
    change_in_clusters,
    diet_outcome,
    period_outcome,
)

FIRST = date(2026, 3, 2)
CHILDREN = (Child(), Child(glucose_unit="mg/dL", weight_unit="g"))
FORBIDDEN = (
    "spasm-free", "spasm free", "seizure-free", "seizure free", "remission", "because", "caused",
    "cause", "reduced", "reduction", "no effect", "improved", "improvement", "better", "worse",
    "the diet works", "works", "missed", "streak", "all ok", "good news", "well done", "success",
    "failed", "failure", "forgot", "responder", "cured", "normal", "safe", "sorry", "unfortunately",
)  # fmt: skip


def day(n: int, clusters: int | None, spasms: int | None = None, **values) -> DiaryDay:
    return DiaryDay(FIRST + timedelta(days=n), clusters=clusters, spasms=spasms, **values)


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([day(0, None, is_over=False)], "No day is over yet."),
        ([day(0, None)], "Nothing was recorded on the day that is over."),
        (
            [day(0, None), day(1, None)],
            "Nothing was recorded on the 2 days that are over.",
        ),
        (
            [day(0, 1, 1)],
            "1 cluster seen (1 spasm) on 1 watched day: 1.0 clusters per watched day.",
        ),
        (
            [day(0, 0, 0), day(1, 0, 0)],
            "No clusters seen (no spasms) on 2 watched days. 2 watched days with none seen.",
        ),
        (
            [day(0, 2, 9), day(1, 0, 0), day(2, None)],
            "2 clusters seen (9 spasms) on 2 watched days: 1.0 clusters per watched day. "
            "1 watched day with none seen. 1 day was not recorded.",
        ),
        (
            [day(0, 2, 9, spasms_at_least=True), day(1, 1, None), day(2, None), day(3, None)],
            "3 clusters seen (at least 9 spasms) on 2 watched days: 1.5 clusters per watched day. "
            "2 days were not recorded.",
        ),
        (
            [day(0, 3, None)],
            "3 clusters seen (spasms not counted) on 1 watched day: 3.0 clusters per watched day.",
        ),
        (
            [day(n, 1, 1000) for n in range(2)],
            "2 clusters seen (2000 spasms) on 2 watched days: 1.0 clusters per watched day.",
        ),
    ],
    ids=[
        "nothing is over",
        "one blank",
        "two blanks",
        "one of each",
        "none seen",
        "some, none, a blank",
        "a floor and blanks",
        "a cluster that nobody counted is not no spasms",
        "thousands",
    ],
)
def test_what_was_seen_in_words(days, sentence):
    assert sentences.seen(period_outcome(days)) == sentence


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (day(0, 0, 0, is_over=False), ""),
        (day(0, None, is_over=False), ""),
        (day(0, 1, 1, is_over=False), "Today so far: 1 cluster seen (1 spasm)."),
        (day(0, 2, 7, is_over=False), "Today so far: 2 clusters seen (7 spasms)."),
        (
            day(0, 2, 7, is_over=False, spasms_at_least=True),
            "Today so far: 2 clusters seen (at least 7 spasms).",
        ),
        (
            day(0, 2, None, is_over=False),
            "Today so far: 2 clusters seen (spasms not counted).",
        ),
    ],
)
def test_today_in_words(today, sentence):
    assert sentences.today_so_far(period_outcome([today])) == sentence


@pytest.mark.parametrize(
    ("tally", "sentence"),
    [
        (MealTally(), "No meals were planned or logged."),
        (
            MealTally(planned=1, met=1),
            "1 meal planned, 1 logged, 1 met its target, 0 not logged.",
        ),
        (
            MealTally(planned=28, unplanned=2, met=20, not_met=3, not_judged=2, not_logged=5),
            "28 meals planned, 25 logged, 20 met their targets, 5 not logged. "
            "2 of the logged were not planned. 2 of the logged cannot be judged.",
        ),
        (
            MealTally(unplanned=1, not_judged=1),
            "No meals planned, 1 logged, 0 met their targets, 0 not logged. "
            "1 of the logged was not planned. 1 of the logged cannot be judged.",
        ),
    ],
    ids=["none", "one", "many", "one more"],
)
def test_meals_in_words(tally, sentence):
    assert sentences.meals(tally) == sentence


@pytest.mark.parametrize(
    ("number", "told"), [(0, "no days"), (1, "1 day"), (2, "2 days"), (1200, "1200 days")]
)
def test_a_number_agrees_with_its_word(number, told):
    assert words.counted(number, "day") == told


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        (0, "0 times"),
        (0.004, "0 times"),
        (0.61, "0.61 times"),
        (1, "1.0 times"),
        (2.345, "2.3 times"),
    ],
)
def test_a_rate_ratio_in_words(ratio, told):
    assert sentences.times(ratio) == told


def test_adherence_names_its_denominator():
    diet = diet_outcome([day(0, None, meals=MealTally(planned=4, met=3, not_met=1))])
    assert sentences.adherence(diet) == "Adherence 75 %: 3 of 4 judged meals."
    noted = diet_outcome([day(0, None, adherence_reported_percent=80.0)])
    assert sentences.adherence(noted) == "Adherence 80 % on average, as noted on 1 day."
    assert sentences.adherence(diet_outcome([])) == "Adherence: no meal that could be judged."


GAPS = (
    Missing("logged_days_before", 13, 14),
    Missing("logged_days_during", 1, 14),
    Missing("clusters_before", 0, 4),
)


def effect(
    verdict: Verdict, ratio: float | None, missing: tuple[Missing, ...] = ()
) -> PeriodEffect:
    counts = Counts(28, 20, 40, 200, 260.0)
    limits = (
        (None,) * 6 if ratio is None else (ratio / 2, ratio * 2, ratio / 3, ratio * 3, 0.5, 0.5)
    )
    lo90, hi90, lo95, hi95, p50, below = limits
    return PeriodEffect(
        1, 0, 27, FIRST, FIRST + timedelta(days=27), ratio, lo90, hi90, lo95, hi95, p50, below,
        verdict, (), counts, counts, (), p75=below, p10=below, missing=missing,
        separate_from=(CoIntervention(FIRST, "Vigabatrin", "up"),),
        spasms_per_cluster=SizeRatio(1.0, 0.5, 2.0, 1, 40),
    )  # fmt: skip


def test_every_verdict_has_its_words_and_every_gap_its_reason():
    for verdict in Verdict:
        assert sentences.verdict(effect(verdict, 0.5)).endswith(".")
    words = sentences.interval(effect(Verdict.NOT_ENOUGH_DATA, None, GAPS))
    assert words == (
        "Missing: 13 recorded days in the 28 days before the diet, and 14 are needed: 1 more; "
        "1 recorded day in these 28 days, and 14 are needed: 13 more; "
        "no clusters seen in the 28 days before the diet; with fewer than 4 nothing can be "
        "compared."
    )


def test_a_medicine_that_cannot_be_told_apart_is_named():
    assert sentences.verdict(effect(Verdict.CANNOT_SEPARATE, 0.5)) == (
        "What was seen cannot be told apart from a medicine change: Vigabatrin dose raised on "
        f"{words.short_date(FIRST)}."
    )


@pytest.mark.parametrize(
    ("probability", "words"),
    [(0.0, "less than 1 in 100"), (1.0, "more than 99 in 100"), (0.5, "50 in 100")],
)
def test_no_fall_is_certain_or_impossible(probability, words):
    found = sentences.probabilities(effect(Verdict.NO_CLEAR_CHANGE, 1.0))
    assert found.startswith("How probable it is that the rate fell: at all 50 in 100, by a quarter")
    period = dataclasses.replace(effect(Verdict.NO_CLEAR_CHANGE, 1.0), p50=probability)
    assert f"by half {words}" in sentences.probabilities(period)
    assert sentences.probabilities(dataclasses.replace(period, p_below_1=None, p75=None, p50=None,
                                                       p10=None)) == ""  # fmt: skip


# --- what no sentence may say


whole = st.integers(min_value=0, max_value=40)
maybe = st.none() | whole
scale = st.none() | st.integers(min_value=1, max_value=5)


@st.composite
def diaries(draw: st.DrawFn) -> list[DiaryDay]:
    days = []
    for n in range(draw(st.integers(min_value=1, max_value=10))):
        clusters = draw(maybe)
        spasms = None if clusters is None else draw(st.none() | st.just(clusters * 6))
        days.append(
            DiaryDay(
                FIRST + timedelta(days=n),
                is_over=n < 9 or draw(st.booleans()),
                clusters=clusters,
                spasms=spasms if clusters else clusters,
                spasms_at_least=draw(st.booleans()),
                hours_watched=draw(st.none() | st.floats(min_value=0, max_value=24)),
                other_seizures=draw(whole),
                meals=MealTally(*(draw(whole) for _ in range(6))),
                eaten=draw(st.none() | st.just(Macros(30, 5, 5, 2))),
                adherence_reported_percent=draw(st.none() | st.floats(min_value=0, max_value=100)),
                check_in=CheckIn(
                    draw(scale), draw(scale), draw(scale), draw(maybe), draw(maybe), draw(scale)
                ),
                illness=draw(st.none() | st.booleans()),
                fever=draw(st.none() | st.booleans()),
                ketones_mmol_l=tuple(draw(st.lists(st.floats(0, 8), max_size=2))),
                glucose_mmol_l=tuple(draw(st.lists(st.floats(1, 8), max_size=2))),
                weight_kg=draw(st.none() | st.floats(min_value=2, max_value=20)),
                doses_given=draw(whole),
                doses_skipped=draw(whole),
                prescription_changed=draw(st.booleans()),
                prescribed_ratio=draw(st.none() | st.just(3.0)),
                medicine_changes=tuple(
                    MedicineChange("Vigabatrin", change)
                    for change in draw(
                        st.lists(st.sampled_from(["start", "up", "down", "stop"]), max_size=2)
                    )
                ),
            )
        )
    return days


def texts_of(said: Said | Fact) -> list[str]:
    """A line, and all that its account says."""
    account = said.account
    if account is None:
        return [said.text]
    inputs = [f"{label}: {value}" for label, value in account.inputs]
    return [said.text, account.formula, account.days_used, account.missing, *inputs]


def everything_said(days: list[DiaryDay], verdict: Verdict, ratio: float | None) -> list[str]:
    outcome, diet = period_outcome(days), diet_outcome(days)
    period = effect(verdict, ratio, GAPS[2:])
    ends = endpoints(days, diet_started=FIRST, baseline=outcome)
    links = factor_links(days, diet_started=FIRST)
    said = [
        *endpoint_lines(ends),
        *links_in_words(links),
        Said("", accounts.rate(days, outcome)),
        Said("", accounts.meals(diet)),
        Said("", accounts.ratio(days, diet, CarbohydrateBasis.AVAILABLE)),
        Said("", accounts.as_seen(change_in_clusters(outcome, outcome))),
        Said("", accounts.effect(period)),
        *(f for child in CHILDREN for f in factors(days, child=child)),
    ]
    return [
        *(text for one in said for text in texts_of(one)),
        sentences.probabilities(period),
        sentences.seen(outcome),
        sentences.today_so_far(outcome),
        sentences.compared("The week before", outcome),
        sentences.meals(diet.tally),
        sentences.adherence(diet),
        sentences.mean("Sleep", diet.adherence_percent, diet.adherence_days, " h"),
        sentences.verdict(period),
        sentences.interval(period),
        sentences.medicine_change(FIRST, CoIntervention(FIRST, "Vigabatrin", "up")),
        *changes(days),
    ]


@settings(max_examples=50)
@given(diaries(), st.sampled_from(list(Verdict)), st.none() | st.floats(min_value=0, max_value=50))
def test_no_sentence_claims_blames_or_soothes(days, verdict, ratio):
    for sentence in everything_said(days, verdict, ratio):
        for word in FORBIDDEN:
            assert not re.search(rf"\b{re.escape(word)}\b", sentence.lower()), (word, sentence)


@settings(max_examples=50)
@given(diaries(), st.sampled_from(list(Verdict)), st.none() | st.floats(min_value=0, max_value=50))
def test_every_sentence_is_sound_english(days, verdict, ratio):
    for sentence in everything_said(days, verdict, ratio):
        assert not re.search(
            r"\b1 (clusters|spasms|days|meals|strips|readings|watched days)\b",
            sentence.replace(".", "x"),  # “1.1 clusters” is right
        ), sentence
        assert not re.search(
            r"\b([2-9]|\d\d+) (cluster|spasm|day|meal|strip|reading|watched day)\b", sentence
        ), sentence
        assert "1 day that say " not in sentence
        assert "None" not in sentence
        assert "nan" not in sentence.lower().split()
        assert "  " not in sentence
        assert "-0" not in sentence


@given(diaries())
def test_a_day_that_was_not_recorded_is_always_said(days):
    outcome = period_outcome(days)
    if outcome.watched_days and outcome.not_recorded_days:
        assert "not recorded" in sentences.seen(outcome)


def test_an_outcome_without_a_meal_is_a_diet_outcome_too():
    assert sentences.adherence(DietOutcome(MealTally(), Macros(), 0, 0, None, 0, False)).endswith(
        "."
    )
