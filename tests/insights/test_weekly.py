"""The weekly summary against numbers that were counted by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from quietdays.diary.models import CheckIn, Illness, Measurement
from quietdays.insights.weekly import week_of, week_summary
from quietdays.people.actions import update_child
from quietdays.people.models import Child
from quietdays.science.days import date_range
from tests import house

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 6, 1), MONDAY),
        (date(2026, 6, 7), MONDAY),
        (date(2026, 1, 1), date(2025, 12, 29)),
    ],
    ids=str,
)
def test_a_week_begins_on_its_monday(day, monday):
    assert week_of(day, Child()) == monday


@pytest.mark.parametrize("chosen", range(7))
def test_a_week_begins_on_the_day_that_the_family_chose(chosen):
    child = Child(summary_weekday=chosen)
    for day in date_range(MONDAY, MONDAY + timedelta(days=13)):
        first = week_of(day, child)
        assert first.weekday() == chosen
        assert 0 <= (day - first).days < 7


@pytest.fixture
def summary(parent, child, join):
    """A week: Mon 2 clusters, Tue blank, Wed watched and none seen, Thu 1, the rest blank."""
    update_child(by=parent, child=child, diet_started_on=date(2026, 4, 6), phone="")
    house.cluster(parent, child, "2026-06-01 07:00", 5)
    house.cluster(parent, child, "2026-06-01 19:00", None)
    house.watch(parent, child, date(2026, 6, 3), **house.WHOLE_DAY)
    house.cluster(parent, child, "2026-06-04 07:00", 9)
    house.cluster(parent, child, "2026-05-27 07:00", 3)  # the week before
    house.cluster(parent, child, "2026-03-20 07:00", 3)  # before the diet
    house.cluster(parent, child, "2026-03-20 08:00", 3)
    dietitian = join("dietitian")
    house.prescribe(dietitian, child, effective_from=date(2026, 4, 6))
    house.prescribe(dietitian, child, effective_from=date(2026, 6, 3), ratio=Decimal("3.5"))
    food = house.meal_food(parent, child)
    planned = [house.plan(parent, child, f"2026-06-0{d} 08:00", (food, 100)) for d in (1, 2)]
    house.eat(parent, child, "2026-06-01 08:00", (food, 100), planned=planned[0])
    house.eat(parent, child, "2026-06-02 20:00", (food, 50))
    medicine = house.medicine(parent, child)
    house.step(parent, child, medicine, date(2026, 6, 4), "start")
    house.dose(parent, child, medicine, "2026-06-04 08:00")
    house.enter(CheckIn, parent, child, date=date(2026, 6, 1), sleep_hours=Decimal(12), stress=4)
    house.enter(
        CheckIn, parent, child, date=date(2026, 6, 2), sleep_hours=Decimal(10), unwell=False
    )
    house.enter(Illness, parent, child, started_on=date(2026, 6, 3), ended_on=date(2026, 6, 4),
                fever=True)  # fmt: skip
    house.enter(Measurement, parent, child, happened_at=house.at("2026-06-05 09:00"),
                kind="weight", value=Decimal(7650), unit="g")  # fmt: skip
    for when, value in (("2026-06-02 18:00", "2.8"), ("2026-06-05 18:00", "3.4")):
        house.enter(Measurement, parent, child, happened_at=house.at(when),
                    kind="ketones_blood", value=Decimal(value), unit="mmol/L")  # fmt: skip
    return week_summary(child, MONDAY)


def test_what_was_seen_is_what_was_counted(summary):
    assert summary.is_over
    assert summary.outcome.days == 7
    assert summary.outcome.watched_days == 3
    assert summary.outcome.clusters == 3
    assert summary.outcome.spasms == 14
    assert summary.outcome.spasms_at_least
    assert summary.outcome.quiet_days == 1
    assert [said.text for said in summary.seen] == [
        "3 clusters seen (at least 14 spasms) on 3 watched days: 1.0 clusters per watched day. "
        "1 watched day with none seen. 4 days were not recorded.",
        "The week before: 1.0 clusters per watched day (1 watched day).",
        "The 4 weeks before the diet: 2.0 clusters per watched day (1 watched day).",
    ]
    assert summary.not_recorded == ["2 Jun", "5 Jun", "6 Jun", "7 Jun"]


def test_meals_are_what_was_planned_and_logged(summary):
    assert summary.diet.tally.planned == 2
    assert summary.diet.tally.not_logged == 1
    assert summary.diet.tally.unplanned == 1
    assert summary.diet.tally.met == 1
    assert summary.diet.tally.not_met == 1
    assert summary.diet.adherence_percent == 50
    assert summary.ratio == pytest.approx(3)
    assert [said.text for said in summary.meals] == [
        "2 meals planned, 2 logged, 1 met its target, 1 not logged. "
        "1 of the logged was not planned.",
        "Adherence 50 %: 1 of 2 judged meals.",
        "What was eaten makes 3.00:1 over 2 days with meals; prescribed: 3.5:1.",
    ]


def test_factors_say_how_many_days_they_rest_on(summary):
    assert {f.label: f.text for f in summary.factors} == {
        "Sleep": "11.0 h on average (2 days)",
        "Night wakings": "not recorded",
        "Stress at home (1 calm to 5)": "4.0 on average (1 day)",
        "Alertness (5 best)": "not recorded",
        "Feeding (5 best)": "not recorded",
        "Behaviour (5 best)": "not recorded",
        "Illness": "unwell on 2 of 3 days with an answer, fever on 2",
        "Ketones, blood": "2.8 to 3.4 mmol/L (2 readings)",
        "Ketones, urine strips": "no strips",
        "Glucose": "not recorded",
        "Weight": "7.65 kg on 5 Jun",
        "Other seizures": "none recorded",
        "Doses": "1 given; 8 were due by the schedule",
    }


def test_changes_stand_with_their_date(summary):
    assert summary.changes == ["Prescription: 3.5:1 from 3 Jun", "Vigabatrin started on 4 Jun"]


def test_an_empty_week_says_so_everywhere_and_shows_no_nought(child):
    empty = week_summary(child, MONDAY)
    assert empty.seen[0].text == "Nothing was recorded on the 7 days that are over."
    assert empty.seen[1].text == "The week before: no recorded days to compare with."
    assert [said.text for said in empty.meals] == [
        "No meals were planned or logged.",
        "Adherence: no meal that could be judged.",
    ]
    assert empty.ratio is None
    assert empty.baseline is None
    assert len(empty.not_recorded) == 7


def test_the_week_that_runs_tells_today_apart(parent, child):
    house.cluster(parent, child, "2026-06-10 07:00", None)
    running = week_summary(child, date(2026, 6, 8))
    assert not running.is_over
    assert running.outcome.days == 2
    assert [said.text for said in running.seen[:2]] == [
        "Nothing was recorded on the 2 days that are over.",
        "Today so far: 1 cluster seen (spasms not counted).",
    ]
    assert running.not_recorded == ["8 Jun", "9 Jun"]


def test_four_weeks_of_summaries_add_up_to_their_days(summary, child):
    weeks = [week_summary(child, MONDAY - timedelta(days=7 * i)) for i in range(4)]
    assert sum(w.outcome.clusters for w in weeks) == 4
    assert [w.previous for w in weeks[:-1]] == [w.outcome for w in weeks[1:]]


def test_readings_are_shown_in_the_units_that_the_family_reads(parent, child):
    house.enter(Measurement, parent, child, happened_at=house.at("2026-06-02 09:00"),
                kind="weight", value=Decimal("7.65"), unit="kg")  # fmt: skip
    house.enter(Measurement, parent, child, happened_at=house.at("2026-06-02 18:00"),
                kind="glucose", value=Decimal(45), unit="mg/dL")  # fmt: skip
    shown = {f.label: f.text for f in week_summary(child, MONDAY).factors}
    assert shown["Glucose"] == "2.5 mmol/L (1 reading)"
    update_child(by=parent, child=child, glucose_unit="mg/dL", weight_unit="g", phone="")
    shown = {f.label: f.text for f in week_summary(child, MONDAY).factors}
    assert shown["Glucose"] == "45 mg/dL (1 reading)"
    assert shown["Weight"] == "7650 g on 2 Jun"
