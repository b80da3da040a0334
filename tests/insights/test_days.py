"""From records to days: what is not recorded is None, and never nought."""

from __future__ import annotations

import os
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.diary.models import (
    CheckIn,
    DayTotal,
    Illness,
    Measurement,
    OtherSeizure,
    SpasmCluster,
)
from quietdays.insights.days import diary_days
from quietdays.people.actions import travel, update_child
from quietdays.people.entries import take_back
from quietdays.science.adherence import MealTally
from quietdays.science.days import DayPart, DayState, DiaryDay, Watch
from tests import house

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 9)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def day_of(child, day: date = DAY, now=None) -> DiaryDay:
    (found,) = diary_days(child, day, day, now=now)
    return found


def total(parent, child, day: date = DAY, **values):
    return house.enter(DayTotal, parent, child, date=day, **({"was_observed": True} | values))


def tally(**values: int) -> MealTally:
    return MealTally(**values)


# --- what was seen


def test_a_day_without_a_word_is_not_recorded(child):
    found = day_of(child)
    assert found.state is DayState.NOT_RECORDED
    for name in ("clusters", "spasms", "hours_watched", "illness", "fever", "weight_kg", "eaten"):
        assert getattr(found, name) is None, name
    assert found.check_in.sleep_hours is None
    assert found.adherence_percent is None
    assert found.meals == MealTally()


def test_a_watched_day_without_a_cluster_is_a_quiet_one_once_it_is_over(parent, child):
    house.watch(parent, child, DAY, **house.WHOLE_DAY)
    assert day_of(child).state is DayState.NONE_SEEN
    assert day_of(child).clusters == day_of(child).spasms == 0
    assert day_of(child).hours_watched == 24
    still = day_of(child, now=house.at("2026-06-09 23:59"))
    assert still.state is DayState.NOT_RECORDED
    assert not still.is_over


@pytest.mark.parametrize(
    ("parts", "clusters"),
    [
        ({"morning": "watched"}, None),
        ({"morning": "watched", "evening": "watched"}, 0),
        ({"night": "monitor", "morning": "watched"}, 0),
        ({"night": "monitor", "morning": "monitor", "afternoon": "monitor"}, None),
        ({p.value: "not_watched" for p in DayPart}, None),
    ],
    ids=["six hours", "twelve by eye", "six by eye and six heard", "heard only", "not watched"],
)
def test_none_seen_needs_enough_watching(parent, child, parts, clusters):
    house.watch(parent, child, DAY, **parts)
    assert day_of(child).clusters == clusters


def test_a_cluster_is_seen_whatever_was_watched(parent, child):
    house.cluster(parent, child, "2026-06-09 07:30", 5)
    found = day_of(child)
    assert (found.state, found.clusters, found.spasms) == (DayState.SEEN, 1, 5)
    assert found.hours_watched is None
    assert found.onset_minutes == (450,)


@pytest.mark.parametrize(
    ("clusters", "spasms", "at_least"),
    [
        ([("exact", 5), ("exact", 7)], 12, False),
        ([("exact", 5), ("estimated", 20)], 25, False),
        ([("exact", 5), ("at_least", 20)], 25, True),
        ([("exact", 5), ("unknown", None)], 5, True),
        ([("unknown", None)], None, True),
    ],
    ids=["counted", "about", "at least", "one not counted", "none counted"],
)
def test_spasms_that_nobody_counted_are_not_nought(parent, child, clusters, spasms, at_least):
    for i, (kind, count) in enumerate(clusters):
        house.cluster(parent, child, f"2026-06-09 0{i}:30", count, count_kind=kind)
    found = day_of(child)
    assert (found.clusters, found.spasms, found.spasms_at_least) == (
        len(clusters),
        spasms,
        at_least,
    )


def test_a_deleted_cluster_is_in_no_figure(parent, child):
    take_back(house.cluster(parent, child, "2026-06-09 07:30", 5), by=parent)
    assert day_of(child).clusters is None


@pytest.mark.parametrize(
    ("values", "clusters", "spasms", "at_least"),
    [
        ({"clusters": 4, "spasms": 30}, 4, 30, False),
        ({"clusters": 0, "spasms": 0}, 0, 0, False),
        ({"clusters": 0}, 0, 0, False),
        ({"clusters": 4}, 4, None, True),
        ({"clusters": None}, None, None, False),
        ({"was_observed": False, "clusters": 0, "spasms": 0}, None, None, False),
        ({"was_observed": False}, None, None, False),
        ({"was_observed": False, "hours_watched": 14}, None, None, False),
    ],
    ids=[
        "a line with counts",
        "observed, none seen",
        "observed, none seen, spasms left blank",
        "spasms not counted",
        "observed, clusters left blank",
        "not observed with a nought is no nought",
        "not observed",
        "not observed although hours are given",
    ],
)
def test_a_days_total_is_its_line(parent, child, values, clusters, spasms, at_least):
    total(parent, child, **values)
    found = day_of(child)
    assert (found.clusters, found.spasms) == (clusters, spasms)
    if spasms is not None:
        assert found.spasms_at_least is at_least


@pytest.mark.parametrize(
    ("line", "singles", "expected"),
    [
        ({"clusters": 4, "spasms": 30}, [5], (4, 30, False)),
        ({"clusters": 1, "spasms": 5}, [5, 7], (2, 12, False)),
        ({"clusters": 0, "spasms": 0}, [5], (1, 5, False)),
        ({"clusters": 4}, [5], (4, 5, True)),
        ({"clusters": 4, "spasms": 6}, [9], (4, 9, True)),
        ({"was_observed": False}, [5], (1, 5, False)),
    ],
    ids=[
        "the line is larger",
        "the single ones are larger",
        "the line saw none",
        "the line counts no spasms",
        "more clusters than were counted",
        "the line was not observed",
    ],
)
def test_a_line_and_single_clusters_are_not_added_the_larger_count_stands(
    parent, child, line, singles, expected
):
    total(parent, child, **line)
    for i, spasms in enumerate(singles):
        house.cluster(parent, child, f"2026-06-09 0{i + 1}:30", spasms)
    found = day_of(child)
    assert (found.clusters, found.spasms, found.spasms_at_least) == expected


def test_hours_of_the_line_stand_only_where_no_part_was_described(parent, child):
    total(parent, child, clusters=0, hours_watched=Decimal("13.5"))
    assert day_of(child).hours_watched == 13.5
    house.watch(parent, child, DAY, morning="watched")
    assert day_of(child).hours_watched == 6


def test_the_night_is_as_long_as_the_clocks_made_it(parent, child):
    for day, hours in ((date(2026, 3, 29), 5), (date(2025, 10, 26), 7)):
        house.watch(parent, child, day, night="watched")
        assert day_of(child, day).hours_watched == hours
        assert day_of(child, day).hours_in_day == 18 + hours


# --- where and when


def test_an_entry_belongs_to_the_date_where_the_child_was(parent, child):
    house.cluster(parent, child, "2026-06-09 00:00")
    house.cluster(parent, child, "2026-06-09 23:59")
    days = diary_days(child, DAY - timedelta(days=1), DAY + timedelta(days=1))
    assert [d.clusters for d in days] == [None, 2, None]


def test_a_journey_keeps_the_days_before_it(parent, child):
    """Peer defect 13: a fixed offset shifted every report a day."""
    house.cluster(parent, child, "2026-06-08 23:30")
    travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("2026-06-09 12:00"))
    house.cluster(parent, child, "2026-06-09 17:30")  # half past midnight in Tokyo
    days = diary_days(child, date(2026, 6, 8), date(2026, 6, 10))
    assert [d.clusters for d in days] == [1, None, 1]
    assert [d.hours_in_day for d in days] == [24, 17, 24]
    assert days[2].onset_minutes == (30,)


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu"])
def test_the_servers_own_clock_zone_shifts_nothing(parent, child, zone, monkeypatch):
    house.cluster(parent, child, "2026-06-09 00:05")
    house.cluster(parent, child, "2026-06-09 23:55")
    food = house.meal_food(parent, child)
    house.eat(parent, child, "2026-06-09 23:50", (food, 100))
    house.watch(parent, child, DAY, **house.WHOLE_DAY)
    before = diary_days(child, DAY - timedelta(days=1), DAY + timedelta(days=1))
    monkeypatch.setitem(os.environ, "TZ", zone)
    time.tzset()
    try:
        assert diary_days(child, DAY - timedelta(days=1), DAY + timedelta(days=1)) == before
    finally:
        monkeypatch.undo()
        time.tzset()


def test_today_is_the_childs_today(parent, child):
    update_child(by=parent, child=child, time_zone="Pacific/Kiritimati", phone="")
    now = house.at("2026-06-09 23:00")  # already the 10th in Kiritimati
    with time_machine.travel(now):
        travel(by=parent, child=child, time_zone="Pacific/Honolulu", since=now)
        assert not day_of(child, DAY).is_over
        assert day_of(child, DAY - timedelta(days=1)).is_over


def test_a_period_of_days_has_every_date_once_and_in_order(child):
    days = diary_days(child, date(2026, 2, 20), date(2026, 4, 5))
    assert [d.date for d in days] == [date(2026, 2, 20) + timedelta(days=i) for i in range(45)]
    assert diary_days(child, DAY, DAY - timedelta(days=1)) == []


# --- meals


@pytest.fixture
def diet(parent, child, join):
    house.prescribe(join("dietitian"), child)
    return house.meal_food(parent, child)


def test_planned_logged_met_and_not_logged(parent, child, diet):
    plans = [
        house.plan(parent, child, f"2026-06-09 {h:02d}:00", (diet, 100)) for h in (8, 12, 16, 20)
    ]
    house.eat(parent, child, "2026-06-09 08:10", (diet, 100), planned=plans[0])
    house.eat(parent, child, "2026-06-09 12:10", (diet, 100, 50), planned=plans[1])
    house.eat(parent, child, "2026-06-09 16:10", (diet, 100), planned=plans[2], vomited="some")
    house.eat(parent, child, "2026-06-09 22:00", (diet, 10))
    found = day_of(child)
    assert found.meals == MealTally(
        planned=4, unplanned=1, met=1, not_met=2, not_judged=1, not_logged=1
    )
    assert found.adherence_percent == pytest.approx(100 / 3)
    assert found.eaten.fat_g == pytest.approx(15 * (1 + 0.5 + 1 + 0.1))


def test_a_meal_still_to_come_is_neither_logged_nor_missing(parent, child, diet):
    house.plan(parent, child, "2026-06-10 08:00", (diet, 100))
    house.plan(parent, child, "2026-06-10 18:00", (diet, 100))
    house.plan(parent, child, "2026-06-11 08:00", (diet, 100))
    days = diary_days(child, date(2026, 6, 10), date(2026, 6, 11))
    assert days[0].meals == MealTally(planned=1, not_logged=1)
    assert days[1].meals == MealTally()


def test_a_meal_eaten_before_its_time_counts(parent, child, diet):
    planned = house.plan(parent, child, "2026-06-10 18:00", (diet, 100))
    house.eat(parent, child, "2026-06-10 11:30", (diet, 100), planned=planned)
    assert day_of(child, house.TODAY).meals == MealTally(planned=1, met=1)


@pytest.mark.parametrize(
    "eaten_at", ["2026-06-09 00:10", "2026-06-09 21:00", "2026-06-10 09:00", "2026-06-08 23:59"]
)
def test_a_meal_eaten_past_midnight_is_one_meal_and_not_one_missing(parent, child, diet, eaten_at):
    planned = house.plan(parent, child, "2026-06-08 22:00", (diet, 100))
    house.eat(parent, child, eaten_at, (diet, 100), planned=planned)
    days = diary_days(child, date(2026, 6, 8), date(2026, 6, 10))
    whole = MealTally.total(d.meals for d in days)
    assert whole == MealTally(planned=1, met=1)
    for found in days:
        assert found.meals.planned + found.meals.unplanned == (
            found.meals.logged + found.meals.not_logged
        )


def test_a_meal_without_a_prescription_is_logged_and_not_judged(parent, child):
    house.eat(parent, child, "2026-06-09 08:00", (house.meal_food(parent, child), 100))
    assert day_of(child).meals == MealTally(unplanned=1, not_judged=1)
    assert day_of(child).adherence_percent is None


def test_each_day_is_judged_by_the_prescription_of_that_day(parent, child, diet, join):
    neurologist = join("neurologist")
    house.eat(parent, child, "2026-06-08 08:00", (diet, 100))
    house.eat(parent, child, "2026-06-09 08:00", (diet, 100))
    house.prescribe(neurologist, child, effective_from=DAY, energy_kcal=Decimal(1200))
    days = diary_days(child, date(2026, 6, 8), DAY)
    assert [d.meals.met for d in days] == [1, 0]
    assert [d.prescription_changed for d in days] == [False, True]
    assert [d.prescribed_ratio for d in days] == [3.0, 3.0]


hours = st.integers(min_value=0, max_value=71)


@settings(max_examples=25)
@given(st.lists(st.tuples(hours, st.none() | hours), max_size=6), st.lists(hours, max_size=3))
def test_meals_always_add_up_and_no_window_changes_a_day(parent, child, diet, planned, extra):
    from quietdays.diet.models import MealEaten, PlannedMeal

    MealEaten.objects.all().delete()
    PlannedMeal.objects.all().delete()
    start = house.at("2026-06-07 00:00")

    def clock(hour: int) -> str:
        return f"{start + timedelta(hours=hour):%Y-%m-%d %H:%M}"

    for due, eaten in planned:
        meal = house.plan(parent, child, clock(due), (diet, 100))
        if eaten is not None:
            house.eat(parent, child, clock(eaten), (diet, 100), planned=meal)
    for hour in extra:
        house.eat(parent, child, clock(hour), (diet, 100))
    days = diary_days(child, date(2026, 6, 7), date(2026, 6, 9))
    for found in days:
        assert found.meals.planned + found.meals.unplanned == (
            found.meals.logged + found.meals.not_logged
        )
        assert found == day_of(child, found.date)
    whole = MealTally.total(d.meals for d in days)
    assert whole.planned == len(planned)
    assert whole.unplanned == len(extra)
    assert whole.not_logged == sum(eaten is None for _, eaten in planned)


# --- everything beside


def test_the_diet_begins_on_its_first_day(parent, child):
    assert not day_of(child).on_diet
    update_child(by=parent, child=child, diet_started_on=DAY, phone="")
    days = diary_days(child, DAY - timedelta(days=1), DAY + timedelta(days=1))
    assert [d.on_diet for d in days] == [False, True, True]


@pytest.mark.parametrize(
    ("check_in", "illness", "expected"),
    [
        (None, None, (None, None)),
        ({"stress": 2}, None, (None, None)),
        ({"unwell": False}, None, (False, None)),
        ({"unwell": True}, None, (True, None)),
        (None, {"started_on": DAY, "fever": True}, (True, True)),
        (None, {"started_on": DAY, "fever": False}, (True, False)),
        (None, {"started_on": date(2026, 6, 1), "ended_on": DAY}, (True, False)),
        (None, {"started_on": date(2026, 6, 1), "ended_on": date(2026, 6, 8)}, (None, None)),
        (None, {"started_on": date(2026, 6, 10)}, (None, None)),
        ({"unwell": False}, {"started_on": DAY}, (True, False)),
    ],
    ids=[
        "nobody said",
        "a check-in that does not say",
        "said no",
        "said yes",
        "ill with fever",
        "ill without fever",
        "the last day of an illness",
        "the day after",
        "the day before",
        "an illness stands before a no",
    ],
)
def test_unwell_is_yes_no_or_not_said(parent, child, check_in, illness, expected):
    if check_in is not None:
        house.enter(CheckIn, parent, child, date=DAY, **check_in)
    if illness is not None:
        house.enter(Illness, parent, child, **illness)
    assert (day_of(child).illness, day_of(child).fever) == expected


def test_readings_are_converted_once_and_strips_stay_grades(parent, child):
    def measure(when, kind, value, unit):
        house.enter(Measurement, parent, child, happened_at=house.at(f"2026-06-09 {when}"),
                    kind=kind, value=Decimal(value), unit=unit)  # fmt: skip

    measure("08:00", "glucose", "45", "mg/dL")
    measure("18:00", "glucose", "4.1", "mmol/L")
    measure("18:01", "ketones_blood", "3.2", "mmol/L")
    measure("09:00", "ketones_urine", "4", "grade")
    measure("09:00", "weight", "7.600", "kg")
    measure("10:00", "weight", "7650", "g")
    found = day_of(child)
    assert found.glucose_mmol_l == pytest.approx((2.498, 4.1), abs=5e-4)
    assert found.ketones_mmol_l == (3.2,)
    assert found.urine_ketones_grade == (4,)
    assert found.weight_kg == 7.65


def test_doses_and_the_steps_of_the_day(parent, child):
    medicine = house.medicine(parent, child)
    house.step(parent, child, medicine, date(2026, 6, 1), "start", "8")
    house.step(parent, child, medicine, DAY, "up", "10")
    house.dose(parent, child, medicine, "2026-06-09 08:00")
    house.dose(parent, child, medicine, "2026-06-09 20:00", None, outcome="skipped", reason="sick")
    found = day_of(child)
    assert (found.doses_given, found.doses_skipped) == (1, 1)
    assert [(c.medicine, c.change) for c in found.medicine_changes] == [("Vigabatrin", "up")]
    assert [(m.medicine, m.amount_per_day, m.unit) for m in found.medicines] == [
        ("Vigabatrin", 20.0, "mL")
    ]


def test_other_seizures_notes_and_watching_are_carried(parent, child):
    """Peer defect 16: data collected from the family that no clinician's screen shows."""
    house.enter(
        OtherSeizure, parent, child, happened_at=house.at("2026-06-09 03:00"), looks="stiff"
    )
    house.enter(CheckIn, parent, child, date=DAY, note="slept badly", sleep_hours=Decimal("10.5"))
    total(parent, child, clusters=0, note="from the paper diary")
    house.watch(parent, child, DAY, evening="not_watched", night="monitor")
    found = day_of(child)
    assert found.other_seizures == 1
    assert found.notes == ("from the paper diary", "slept badly")
    assert found.check_in.sleep_hours == 10.5
    assert found.watch == (
        (DayPart.NIGHT, Watch.MONITOR),
        (DayPart.EVENING, Watch.NOT_WATCHED),
    )


def test_another_childs_entries_are_in_no_day(parent, child):
    other_parent, other = house.another_child()
    house.cluster(other_parent, other, "2026-06-09 07:30")
    assert day_of(child).clusters is None
    assert SpasmCluster.objects.count() == 1


def test_a_quarter_of_a_year_is_read_in_few_queries(child, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        diary_days(child, date(2026, 3, 1), date(2026, 6, 9))


def test_what_is_given_as_needed_has_no_amount_a_day_and_says_so(parent, child):
    rescue = house.medicine(parent, child, "Midazolam")
    house.step(parent, child, rescue, DAY, times=(), how="rescue", rules="As the plan says.")
    [found] = day_of(child).medicines
    assert (found.amount_per_day, found.unscheduled) == (None, "rescue")
