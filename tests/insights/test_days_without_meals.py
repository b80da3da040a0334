"""Days without meals are the same days in everything that they say they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from quietdays.insights.days import days_without_meals, diary_days
from quietdays.science.adherence import MealTally
from tests import house

pytestmark = pytest.mark.django_db
NO_MEALS = {
    "meals": MealTally(), "eaten": None, "why_less": (), "has_estimates": False,
    "medicine_carbohydrate_g": 0, "doses_carbohydrate_unknown": 0, "uncounted_meals": 0,
    "doses_given": 0, "doses_skipped": 0,
}  # fmt: skip


@time_machine.travel(house.NOW)
def test_they_differ_from_the_whole_days_in_meals_and_doses_alone(parent, child, join):
    food = house.meal_food(parent, child)
    house.prescribe(join("neurologist"), child)
    medicine = house.medicine(parent, child)
    house.step(parent, child, medicine, date(2026, 6, 1))
    house.dose(parent, child, medicine, "2026-06-08 08:00")
    house.eat(parent, child, "2026-06-08 12:00", (food, 100))
    house.cluster(parent, child, "2026-06-08 07:30")
    house.watch(parent, child, date(2026, 6, 7), **house.WHOLE_DAY)
    whole = diary_days(child, date(2026, 6, 1), house.TODAY)
    assert any(d.eaten for d in whole)
    without = days_without_meals(child, date(2026, 6, 1), house.TODAY)
    assert without == [replace(d, **NO_MEALS) for d in whole]
