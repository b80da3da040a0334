"""Recipes: brought to a meal, to servings, to what is there; kept, changed, undone."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from quietdays.diet import actions, scaling
from quietdays.diet.actions import Portion
from quietdays.diet.models import PlannedItem, PlannedMeal, Recipe
from quietdays.people.entries import take_back, undo
from quietdays.science.diet_target import DietTarget
from quietdays.science.macros import CarbohydrateBasis
from tests import house

pytestmark = pytest.mark.django_db
MEAL = DietTarget(ratio=3, energy_kcal=155)
TENTH = scaling.Kitchen(Decimal("0.1"), CarbohydrateBasis.AVAILABLE)
GRAM = scaling.Kitchen(Decimal(1), CarbohydrateBasis.AVAILABLE)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def client(parent):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    return client


class Larder:
    def __init__(self, parent, child) -> None:
        self.parent = parent
        self.cream = house.food(parent, child)
        self.egg = house.food(parent, child, "Egg", fat="9.7", protein="12.5", carbohydrate="0.6")
        self.butter = house.food(parent, child, "Butter", fat="81.1", protein="0.9",
                                 carbohydrate="0.1")  # fmt: skip
        self.berries = house.food(parent, child, "Berries", fat="0.6", protein="1.2",
                                  carbohydrate="5.4")  # fmt: skip


@pytest.fixture
def larder(parent, child) -> Larder:
    return Larder(parent, child)


@pytest.fixture
def pudding(parent, child, larder) -> Recipe:
    """Four servings, with 200 g butter in the whole."""
    return house.recipe(
        parent, child, (larder.butter, 200), (larder.egg, 330), (larder.berries, 200), servings=4
    )


def grams(found: scaling.Scaled) -> dict[str, Decimal]:
    return {p.composition.food.name: p.amount for p in found.portions}


def one_serving(recipe: Recipe) -> float:
    return recipe.macros().energy_kcal() / recipe.servings


# --- scaling


@pytest.mark.parametrize("kitchen", [TENTH, GRAM], ids=["0.1 g", "1 g"])
@pytest.mark.parametrize("kcal", [60, 155, 240])
def test_a_recipe_for_a_meal_holds_ratio_and_energy_after_rounding(pudding, kitchen, kcal):
    found = scaling.for_target(pudding, DietTarget(ratio=3, energy_kcal=kcal), kitchen)
    if not found.portions:
        assert found.message
        assert (kitchen, kcal) == (GRAM, 60)  # so small a meal and so coarse a scale
        return
    assert found.macros().ratio() == pytest.approx(3, abs=0.05)
    assert found.macros().energy_kcal() == pytest.approx(kcal, rel=0.02)
    assert all(p.amount % kitchen.scale_step_g == 0 for p in found.portions)
    assert set(grams(found)) == {"Butter", "Egg", "Berries"}


def test_one_serving_of_four_is_a_quarter_and_not_the_whole(pudding):
    """Peer defect 1: what to weigh was multiplied without dividing by the servings."""
    found = grams(scaling.for_servings(pudding, 1, TENTH))
    assert float(found["Butter"]) == pytest.approx(50, rel=0.05)
    assert pudding.macros_per_serving().fat_g == pytest.approx(pudding.macros().fat_g / 4)


@pytest.mark.parametrize("servings", [1, 2, 4, 7, 60])
def test_servings_are_another_size_at_the_recipes_own_ratio(pudding, servings):
    found = scaling.for_servings(pudding, servings, TENTH).macros()
    assert found.ratio() == pytest.approx(pudding.macros().ratio(), abs=0.05)
    assert found.energy_kcal() == pytest.approx(servings * one_serving(pudding), rel=0.02)


def test_no_servings_are_refused(pudding):
    with pytest.raises(ValidationError, match="at least one"):
        scaling.for_servings(pudding, 0, TENTH)


@pytest.mark.parametrize("amount", ["40", "33.3", "412.75"])
def test_what_is_in_the_pot_keeps_its_amount(pudding, amount):
    item = pudding.items.get(composition__food__name="Egg")
    found = scaling.for_pot(pudding, item, Decimal(amount), TENTH)
    assert grams(found)["Egg"] == Decimal(amount)
    assert found.macros().ratio() == pytest.approx(pudding.macros().ratio(), abs=0.05)
    whole = pudding.macros().energy_kcal() * float(amount) / 330
    assert found.macros().energy_kcal() == pytest.approx(whole, rel=0.02)


def test_a_product_with_a_new_label_is_scaled_by_the_new_one(parent, child, larder, pudding):
    actions.correct_food(
        by=parent, child=child, food=larder.butter, name="Butter", fat_g=Decimal(60),
        protein_g=Decimal("0.9"), carbohydrate_g=Decimal("0.1"), per_unit="g",
        carbohydrate_basis="available", source="label",
    )  # fmt: skip
    found = scaling.for_target(Recipe.objects.get(), MEAL, TENTH)
    assert {
        p.composition.version for p in found.portions if p.composition.food == larder.butter
    } == {2}
    assert found.macros().ratio() == pytest.approx(3, abs=0.05)


def test_a_recipe_that_cannot_come_to_the_ratio_says_so(parent, child, larder):
    fruit = house.recipe(parent, child, (larder.berries, 100))
    found = scaling.for_target(fruit, MEAL, TENTH)
    assert (found.portions, bool(found.message)) == ((), True)


# --- pages


def test_what_is_shown_scaled_is_what_is_planned(client, child, join, pudding):
    """Peer defect 4: scaled totals were shown, the unscaled dish was saved."""
    house.prescribe(join("dietitian"), child)
    page = client.get(reverse("recipe", args=[child.pk, pudding.pk]), {"to": "meal", "which": ""})
    shown = grams(page.context["scaled"])
    url = f"{reverse('build-meal', args=[child.pk])}?recipe={pudding.pk}&{page.context['query']}"
    form = client.get(url)
    rows = form.context["rows"]
    assert {r.composition.food.name: r.amount for r in rows} == shown
    client.post(url, {
        "id": house.new_id(), "happened_at": "2026-06-11T08:00", "name": "Pudding",
        "food": [r.composition.food_id for r in rows], "amount": [r.amount_text for r in rows],
    })  # fmt: skip
    planned = PlannedMeal.objects.get()
    assert {i.composition.food.name: i.amount for i in planned.items.all()} == shown
    assert planned.recipe == pudding
    assert planned.macros().energy_kcal() == pytest.approx(155, rel=0.02)


@pytest.mark.parametrize("query", [
    "to=servings&servings=²", "to=servings&servings=0", "to=servings&servings=61",
    "to=servings&servings=" + "9" * 5000, "to=pot&food=x&amount=4", "to=pot&amount=1e9",
    "to=meal&which=²", "to=meal&which=9", "to=nothing", "to=servings&servings=1,5",
], ids=lambda q: q[:30])  # fmt: skip
def test_a_strange_scaling_never_breaks_the_page(client, child, pudding, query):
    assert client.get(f"/c/{child.pk}/recipes/{pudding.pk}/?{query}").status_code == 200


@pytest.mark.parametrize("slot", ["²", "9" * 5000, "0", "5", "x"], ids=lambda s: s[:9])
def test_a_strange_slot_never_breaks_the_builder(client, child, join, slot):
    slots = [{"name": f"Meal {n}", "at": f"{6 + n:02}:00", "percent": 25.0} for n in range(1, 5)]
    house.prescribe(join("dietitian"), child, meal_slots=slots)
    assert client.get(f"/c/{child.pk}/build/?slot={slot}").status_code == 200


@pytest.mark.parametrize("which", ["", "2", "snack"])
def test_an_open_plan_is_still_the_same_meal_of_the_day(client, child, join, larder, which):
    """A bottle without a slot was offered breakfast as its first choice, and became it."""
    slots = [{"name": f"Meal {n}", "at": f"{6 + n:02}:00", "percent": 25.0} for n in range(1, 5)]
    house.prescribe(join("dietitian"), child, meal_slots=slots, snacks_per_day=1,
                    snack_energy_kcal=Decimal(20))  # fmt: skip
    planned = house.plan(larder.parent, child, "2026-06-11 08:00", (larder.cream, 10))
    PlannedMeal.objects.update(slot=int(which) if which.isdigit() else None,
                               is_snack=which == "snack")  # fmt: skip
    field = client.get(reverse("edit-plan", args=[child.pk, planned.pk])).context["form"]["which"]
    assert which in [token for token, _ in field.field.choices]
    assert field.value() == which


# --- changed and undone


def amounts(record) -> list[tuple[str, Decimal]]:
    return [(i.composition.food.name, i.amount) for i in record.items.all()]


@pytest.mark.parametrize("name", ["Cream pudding", "Another name"], ids=["foods", "name and foods"])
def test_a_changed_recipe_goes_back_with_its_foods(parent, larder, pudding, name):
    """With only its foods changed, Undo deleted the whole recipe."""
    before = amounts(pudding)
    actions.change_recipe(
        by=parent,
        recipe=pudding,
        name=name,
        portions=[Portion(larder.cream.composition, Decimal(7))],
    )
    assert amounts(Recipe.objects.get()) == [("Cream", 7)]
    undo(Recipe.objects.get(), by=parent)
    back = Recipe.objects.get()
    assert (back.name, back.deleted_at, amounts(back)) == ("Cream pudding", None, before)
    undo(back, by=parent)
    assert amounts(Recipe.objects.get()) == before


def test_a_recipe_sent_again_with_other_foods_can_be_undone_too(parent, child, larder):
    sent = {"by": parent, "child": child, "entry_id": house.new_id(), "name": "Cream"}
    for weight in (10, 10, 20):
        actions.keep_recipe(**sent, portions=[Portion(larder.cream.composition, Decimal(weight))])
    assert amounts(Recipe.objects.get()) == [("Cream", 20)]
    assert Recipe.objects.get().history.count() == 2
    undo(Recipe.objects.get(), by=parent)
    assert amounts(Recipe.objects.get()) == [("Cream", 10)]
    assert Recipe.objects.get().deleted_at is None


@pytest.mark.parametrize("name", ["Breakfast", "Later"], ids=["foods", "name and foods"])
def test_a_changed_plan_goes_back_with_its_foods(parent, child, larder, name):
    planned = house.plan(parent, child, "2026-06-11 08:00", (larder.cream, 10), (larder.egg, 5))
    actions.change_plan(
        by=parent, meal=planned, happened_at=planned.happened_at, name=name,
        portions=[Portion(larder.egg.composition, Decimal(9))],
    )  # fmt: skip
    undo(PlannedMeal.objects.get(), by=parent)
    back = PlannedMeal.objects.get()
    assert (back.name, back.deleted_at) == ("Breakfast", None)
    assert amounts(back) == [("Cream", 10), ("Egg", 5)]


def test_a_changed_recipe_leaves_what_was_planned_from_it_alone(parent, child, larder):
    dish = house.recipe(parent, child, (larder.cream, 40))
    planned = actions.plan_meal(
        by=parent, child=child, entry_id=house.new_id(), happened_at=house.at("2026-06-11 08:00"),
        name="Cream", portions=[Portion(larder.cream.composition, Decimal(40))], recipe=dish,
    ).record  # fmt: skip
    portions = [Portion(larder.egg.composition, Decimal(9))]
    actions.change_recipe(by=parent, recipe=dish, name="Egg", portions=portions)
    take_back(dish, by=parent)
    assert amounts(PlannedMeal.objects.get(pk=planned.pk)) == [("Cream", 40)]
    assert PlannedItem.objects.count() == 1
