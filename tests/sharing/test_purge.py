"""What was deleted can come back for 30 days; then it and every trace of it is gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps

from quietdays.diary.models import SpasmCluster
from quietdays.diet.models import EatenItem, MealEaten, PlannedItem, PlannedMeal
from quietdays.medicines.models import Dose, Medicine
from quietdays.people.entries import amend, take_back
from quietdays.sharing.purge import purge_deleted
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def purge_after(days: float) -> int:
    with time_machine.travel(house.NOW + timedelta(days=days)):
        return purge_deleted()


@pytest.mark.parametrize(("days", "gone"), [(0, 0), (29.9, 0), (30.1, 1)])
def test_a_deleted_entry_goes_after_thirty_days(parent, child, days, gone):
    entry = house.cluster(parent, child, "2026-06-09 07:30")
    kept = house.cluster(parent, child, "2026-06-09 08:30")
    amend(entry, by=parent, note="about to go")
    take_back(entry, by=parent)
    assert purge_after(days) == gone
    assert SpasmCluster.objects.count() == 2 - gone
    assert entry.history.model.objects.filter(id=entry.pk).count() == 3 * (1 - gone)
    assert SpasmCluster.objects.live().get() == kept
    assert kept.history.count() == 1


def test_with_a_meal_its_foods_go_from_every_table(parent, child):
    food = house.meal_food(parent, child)
    eaten = house.eat(parent, child, "2026-06-09 08:00", (food, 87.65))
    planned = house.plan(parent, child, "2026-06-09 12:00", (food, 76.54))
    before = {food.pk}
    take_back(eaten, by=parent)
    take_back(planned, by=parent)
    assert purge_after(31) == 2
    for model in (MealEaten, EatenItem, PlannedMeal, PlannedItem):
        assert model.objects.count() == 0
        assert model.history.count() == 0, model
    assert before == {f.pk for f in apps.get_model("diet.Food").objects.all()}


def test_a_plan_that_was_eaten_stays_so_that_its_meal_stays_planned(parent, child):
    food = house.meal_food(parent, child)
    planned = house.plan(parent, child, "2026-06-09 08:00", (food, 100))
    eaten = house.eat(parent, child, "2026-06-09 08:00", (food, 100), planned=planned)
    take_back(planned, by=parent)
    assert purge_after(31) == 0
    eaten.refresh_from_db()
    assert eaten.planned == planned
    take_back(eaten, by=parent)
    purge_after(31)
    purge_after(31)
    assert PlannedMeal.objects.count() == MealEaten.objects.count() == 0


def test_a_medicine_stays_as_long_as_a_dose_tells_of_it(parent, child):
    medicine = house.medicine(parent, child)
    dose = house.dose(parent, child, medicine, "2026-06-09 08:00")
    take_back(medicine, by=parent)
    assert purge_after(31) == 0
    assert Medicine.objects.get().history.count() == 2
    take_back(dose, by=parent)
    purge_after(31)
    purge_after(31)
    assert Medicine.objects.count() == Dose.objects.count() == 0
    assert Medicine.history.count() == Dose.history.count() == 0
