"""Each reason in its words, and that it is there on one side of its edge and not on the other."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from quietdays.clinic.facts import Counts, Facts, Intake, Reading, Targets, WeightFall
from quietdays.clinic.models import Limits
from quietdays.clinic.reasons import ORDER, Why, reasons
from quietdays.people.models import Child

TODAY = date(2026, 6, 10)
DAY = date(2026, 6, 9)
NO_INTAKE = Intake(7, 0, 0, 0, 0, 0, None, None, None)


def facts(**changes) -> Facts:
    quiet = {
        "newest": TODAY, "weeks": Counts(28, 25, 40), "week": Counts(7, 6, 26),
        "glucose_mmol_l": (), "ketones_mmol_l": (), "urine_grades": (), "weight_fall": None,
        "targets": None, "open_questions": 0, "oldest_question": None,
        "intake": NO_INTAKE,
    }  # fmt: skip
    return Facts(**(quiet | changes))


def child(**values) -> Child:
    born = {"name": "Noor", "birth_date": date(2025, 9, 1), "time_zone": "Europe/Berlin"}
    return Child(**(born | values))


def said(known: Facts, *, limits=None, waiting=None, of=None) -> list[str]:
    found = reasons(of or child(), known, today=TODAY, limits=limits, waiting=waiting)
    assert [ORDER.index(r.why) for r in found] == sorted(ORDER.index(r.why) for r in found)
    return [r.words for r in found]


def test_without_limits_no_reading_and_no_count_is_a_reason():
    wild = facts(
        glucose_mmol_l=(Reading(DAY, 1.0),), ketones_mmol_l=(Reading(DAY, 9.0),),
        urine_grades=(Reading(DAY, 0),), week=Counts(7, 7, 300),
    )  # fmt: skip
    assert said(wild) == []
    assert said(wild, limits=Limits()) == []


def test_readings_beyond_a_limit_with_their_unit_and_denominator():
    limits = Limits(
        glucose_low=Decimal("3.00"), glucose_unit="mmol/L", ketones_high=Decimal("5.5"),
        urine_low=2,
    )  # fmt: skip
    known = facts(
        glucose_mmol_l=(Reading(DAY, 2.9), Reading(TODAY, 2.4), Reading(TODAY, 4.0)),
        ketones_mmol_l=(Reading(DAY, 5.6), Reading(DAY, 5.5)),
        urine_grades=(Reading(DAY, 1), Reading(DAY, 2)),
    )
    assert said(known, limits=limits) == [
        "Glucose 2.4 mmol/L on 10 Jun, below the limit of 3 mmol/L "
        "(2 of 3 readings in 7 days and today)",
        "Blood ketones 5.6 mmol/L on 9 Jun, above the limit of 5.5 mmol/L "
        "(1 of 2 readings in 7 days and today)",
        "Ketones, urine strip trace on 9 Jun, below the limit of + "
        "(1 of 2 readings in 7 days and today)",
    ]


@pytest.mark.parametrize(
    ("value", "beyond"), [(45 / 18.016, False), (44 / 18.016, True), (2.5, False)]
)
def test_a_limit_in_mg_dl_meets_readings_of_either_unit(value, beyond):
    limits = Limits(glucose_low=Decimal(45), glucose_unit="mg/dL")
    known = facts(glucose_mmol_l=(Reading(DAY, value),))
    found = said(known, limits=limits, of=child(glucose_unit="mg/dL"))
    assert bool(found) is beyond
    assert all("44 mg/dL on 9 Jun, below the limit of 45 mg/dL" in text for text in found)


def test_blood_ketones_never_meet_the_limit_of_a_strip():
    limits = Limits(urine_low=4, urine_high=None)
    assert said(facts(ketones_mmol_l=(Reading(DAY, 0.1),)), limits=limits) == []
    limits = Limits(ketones_low=Decimal(2))
    assert said(facts(urine_grades=(Reading(DAY, 0),)), limits=limits) == []


@pytest.mark.parametrize(
    ("week", "words"),
    [
        (
            Counts(7, 6, 26),
            ["4.3 clusters seen a watched day (26 on 6 watched of 7 days), above the limit of 3"],
        ),
        (Counts(7, 6, 18), []),  # exactly the limit
        (Counts(7, 0, 0), []),  # nobody watched: nothing is known
    ],
)
def test_clusters_count_by_watched_day(week, words):
    assert said(facts(week=week), limits=Limits(clusters_per_day=Decimal("3.00"))) == words


@pytest.mark.parametrize(
    ("started", "newest", "own", "words"),
    [
        (date(2026, 5, 30), date(2026, 6, 7), None,
         ["No entry for 3 days, since 7 Jun; diet day 12"]),
        (date(2026, 5, 30), date(2026, 6, 8), None, []),
        (date(2026, 5, 12), date(2026, 6, 7), None,
         ["No entry for 3 days, since 7 Jun; diet day 30"]),
        (date(2026, 5, 11), date(2026, 6, 1), None, []),  # after the first month: none set
        (date(2026, 5, 11), date(2026, 6, 1), 9, ["No entry for 9 days, since 1 Jun; diet day 31"]),
        (date(2026, 5, 11), date(2026, 6, 1), 10, []),
        (date(2026, 6, 7), None, None, ["Nothing has been entered yet; diet day 4"]),
        (date(2026, 6, 8), None, None, []),
        (date(2026, 6, 20), date(2026, 6, 1), None, []),  # the diet is still to begin
        (None, date(2026, 1, 1), None, []),
    ],
)  # fmt: skip
def test_silence(started, newest, own, words):
    limits = Limits(silent_days=own) if own else None
    assert said(facts(newest=newest), limits=limits, of=child(diet_started_on=started)) == words


def test_the_others_in_words():
    known = facts(
        weight_fall=WeightFall(date(2026, 3, 3), 7.2, -0.4, date(2026, 6, 2), 7.05, -1.7),
        targets=Targets("3:1", date(2026, 6, 1), date(2026, 5, 31), 620, 12, 3, is_read=False),
        open_questions=2,
        oldest_question=date(2026, 6, 3),
    )
    assert said(known, waiting=date(2026, 6, 8)) == [
        "A message of 8 Jun from the family has no answer",
        "Weight z-score down by 1.3: from −0.40 (7.20 kg, 3 Mar 2026) to −1.70 (7.05 kg, 2 Jun 2026)",
        "Nobody has marked the prescription as read: 3:1 from 1 Jun 2026",
        "2 questions for the visit have no answer, the oldest of 3 Jun",
    ]
    one = facts(open_questions=1, oldest_question=date(2026, 6, 3))
    assert said(one) == ["A question for the visit, of 3 Jun, has no answer"]


def test_no_reason_holds_a_word_that_the_app_never_says():
    words = " ".join(Why)
    for forbidden in ("score of", "alarm", "urgent", "risk", "should", "caused"):
        assert forbidden not in words


def test_a_day_passes_and_the_words_with_it():
    known = facts(newest=DAY)
    of = child(diet_started_on=TODAY - timedelta(days=3))
    later = reasons(of, known, today=TODAY + timedelta(days=2), limits=None, waiting=None)
    assert [r.why for r in later] == [Why.SILENT]
    assert said(known, of=of) == []
