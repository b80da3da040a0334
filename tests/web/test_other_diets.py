"""A diet without a ratio has every page that a classical one has."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from quietdays.people.actions import update_child
from tests import house

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 9)
ATKINS = {
    "diet_kind": "mad", "ratio": None, "energy_kcal": None, "protein_g": None,
    "carbohydrate_limit_g": Decimal(5),
}  # fmt: skip
MCT = {
    "diet_kind": "mct", "ratio": None, "protein_g": None, "mct_percent": Decimal(40),
    "protein_percent": Decimal(10), "carbohydrate_percent": Decimal(15),
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.mark.parametrize(
    ("numbers", "words"),
    [(ATKINS, "modified Atkins, 5 g carbohydrate a day"), (MCT, "MCT diet, 40 % of energy as MCT")],
    ids=["modified Atkins", "MCT"],
)
def test_every_page_of_a_diet_without_a_ratio_opens_and_names_it(
    client, parent, child, join, numbers, words
):
    update_child(by=parent, child=child, diet_started_on=date(2026, 4, 6), phone="")
    house.prescribe(join("dietitian"), child, **numbers)
    food = house.meal_food(parent, child)
    plan = house.plan(parent, child, f"{DAY} 08:00", (food, 30))
    meal = house.eat(parent, child, f"{DAY} 08:10", (food, 30), planned=plan)
    recipe = house.recipe(parent, child, (food, 100))
    house.cluster(parent, child, f"{DAY} 07:30")
    client.force_login(parent)
    pages = {
        "plan": [DAY], "prescription": [], "build-meal": [], "mix-feed": [],
        "menu": [], "recipe": [recipe.pk], "meal": [meal.pk], "fridge-sheet": [DAY],
        "week": [DAY], "effect": [], "diary": [], "diary-day": [DAY], "clinic": [], "round": [],
    }  # fmt: skip
    for name, more in pages.items():
        url = reverse(name, args=[child.pk, *more])
        response = client.get(url)
        assert response.status_code == 200, name
        if name in ("plan", "prescription", "fridge-sheet", "clinic", "round"):
            assert words in response.content.decode(), name
    scaled = client.get(reverse("recipe", args=[child.pk, recipe.pk]), {"to": "meal", "which": ""})
    assert scaled.status_code == 200
    report = reverse("report-pdf", args=[child.pk])
    period = {"first": "2026-06-01", "last": "2026-06-09"}
    assert client.get(report, period).status_code == 200


@pytest.mark.parametrize("numbers", [ATKINS, MCT], ids=["modified Atkins", "MCT"])
def test_the_clinics_lists_name_a_diet_without_a_ratio(client, child, join, numbers):
    dietitian = join("dietitian")
    signed = house.prescribe(dietitian, child, **numbers)
    client.force_login(dietitian)
    for name in ("children", "dietitian"):
        assert signed.diet_in_words in client.get(reverse(name)).content.decode()
