"""The foods pages: what is shown, checked and marked, and by whom."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from quietdays.diet import actions
from quietdays.diet.food_queries import checked_for, is_checked_for, liked_by, plans_using_old
from quietdays.diet.models import FavouriteFood, Food, LabelCheck, PlannedMeal
from quietdays.diet.starter import load_starter_foods
from tests import house

pytestmark = pytest.mark.django_db
POWDER = "product:ketocal-4-1-powder"
LABEL = {
    "fat_g": Decimal(40),
    "protein_g": Decimal(2),
    "carbohydrate_g": Decimal(3),
    "carbohydrate_basis": "available",
    "source": "label",
    "per_unit": "g",
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def powder(db) -> Food:
    load_starter_foods()
    return Food.objects.get(source_key=POWDER)


@pytest.fixture
def visit(child):
    """visit(person) signs somebody in; the answer opens pages and presses buttons by name."""

    class Visit:
        def __init__(self, person) -> None:
            self.client = Client(raise_request_exception=False)
            self.client.force_login(person)

        def page(self, name: str, /, *args: object, query: str = "") -> str:
            response = self.client.get(reverse(name, args=[child.pk, *args]) + query)
            assert response.status_code == 200, response.status_code
            return response.content.decode()

        def press(self, route: str, /, *args: object, **data: object):
            return self.client.post(reverse(route, args=[child.pk, *args]), data)

    return Visit


def correct(parent, child, food, **changes):
    values = {**LABEL, **{k: Decimal(v) for k, v in changes.items()}}
    return actions.correct_food(by=parent, child=child, food=food, name=food.name, **values)


# --- checking a label


def test_a_product_is_unverified_until_this_family_compared_it(parent, child, powder, visit):
    page = visit(parent).page("food", powder.pk)
    assert "Unverified" in page
    visit(parent).press("check-label", powder.pk, composition=powder.composition.pk)
    page = visit(parent).page("food", powder.pk)
    assert "Unverified" not in page
    assert "Pia, 10 Jun 2026" in page
    _, other = house.another_child()
    assert is_checked_for(child.family, powder.composition)
    assert not is_checked_for(other.family, powder.composition)


def test_checked_twice_is_one_check_by_the_first(parent, child, join, powder, visit):
    composition = powder.composition.pk
    for person in (join("dietitian"), parent):
        visit(person).press("check-label", powder.pk, composition=composition)
    assert LabelCheck.objects.get().checked_by.name == "Dietitian"


@pytest.mark.parametrize("composition", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_check_of_nothing_that_was_on_the_page_does_nothing(parent, powder, visit, composition):
    answer = visit(parent).press("check-label", powder.pk, composition=composition)
    assert answer.status_code == 302
    assert LabelCheck.objects.count() == 0


def test_a_version_that_was_replaced_meanwhile_cannot_be_checked(parent, child, visit):
    food = house.food(parent, child)
    seen = food.composition
    correct(parent, child, food)
    with pytest.raises(ValidationError, match="replaced meanwhile"):
        actions.check_label(by=parent, child=child, composition=seen)
    me = visit(parent)
    me.press("check-label", food.pk, composition=seen.pk)
    assert LabelCheck.objects.count() == 0
    assert "replaced meanwhile" in me.page("food", food.pk)


def test_another_version_has_to_be_compared_anew(parent, child):
    food = house.food(parent, child)
    actions.check_label(by=parent, child=child, composition=food.composition)
    correct(parent, child, food)
    assert not is_checked_for(child.family, food.composition)


def test_foods_of_a_table_need_no_label(child, powder):
    butter = Food.objects.get(source_key="usda-sr28:01145").composition
    assert checked_for(child.family, [butter, powder.composition]) == {butter.pk}


def test_the_food_of_another_family_can_neither_be_checked_nor_marked(parent, child):
    theirs = house.food(*house.another_child(), "Theirs")
    with pytest.raises(ValidationError):
        actions.check_label(by=parent, child=child, composition=theirs.composition)
    with pytest.raises(ValidationError):
        actions.mark_favourite(by=parent, child=child, food=theirs)
    assert LabelCheck.objects.count() == FavouriteFood.objects.count() == 0


def test_an_unverified_food_can_be_planned_and_eaten(parent, child, powder):
    """Peer defect 26: a gate that nobody opens keeps the planner empty."""
    meal = house.plan(parent, child, "2026-06-11 08:00", (powder, "14.1"))
    house.eat(parent, child, "2026-06-10 08:00", (powder, 10))
    assert PlannedMeal.objects.get() == meal


def test_the_api_tells_what_this_family_checked_and_what_feeds_need(parent, child, powder, visit):
    client = visit(parent).client
    url = f"/api/v1/children/{child.pk}/foods"
    (food,) = (f for f in client.get(url, {"q": "ketocal 4:1 uk"}).json())
    assert (food["is_verified"], food["volume_ml_per_g"]) == (False, 0.77)
    assert food["group"] == "ketogenic formulas"
    actions.check_label(by=parent, child=child, composition=powder.composition)
    (food,) = client.get(url, {"q": "ketocal 4:1 uk"}).json()
    assert food["is_verified"] is True
    assert client.get(url, {"q": "avocado"}).json()[0]["volume_ml_per_g"] is None


# --- favourites and recent foods


def test_a_star_is_set_and_taken_away_and_pressed_twice_is_set_once(parent, child, powder, visit):
    me = visit(parent)
    for _ in range(2):
        answer = me.press("favourite-food", powder.pk, favourite="yes", back="list", q="keto")
        assert answer.url.endswith(f"/foods/?q=keto#food-{powder.pk}")
    assert FavouriteFood.objects.count() == 1
    assert 'aria-pressed="true"' in me.page("food", powder.pk)
    answer = me.press("favourite-food", powder.pk, favourite="no", back="food")
    assert answer.url == reverse("food", args=[child.pk, powder.pk])
    assert FavouriteFood.objects.count() == 0


def test_the_list_begins_with_favourites_and_foods_of_recent_plans(parent, child, powder, visit):
    egg = Food.objects.get(source_key="usda-sr28:01123")
    house.plan(parent, child, "2026-06-09 08:00", (egg, 10))
    mine = house.food(parent, child, "Oma's quark")
    actions.mark_favourite(by=parent, child=child, food=powder)
    page = visit(parent).page("foods")
    parts = ["Favourites", powder.name, "In plans of the last 30 days", egg.name, "Your own",
             "Oma&#x27;s quark", "All foods", "Agar, dried"]  # fmt: skip
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert page.count(f"food-{mine.pk}") == page.count(f"food-{egg.pk}") == 1


def test_foods_of_plans_long_ago_are_no_longer_recent(parent, child):
    cream, egg = house.food(parent, child), house.food(parent, child, "Egg")
    house.plan(parent, child, "2026-05-01 08:00", (cream, 10))
    house.plan(parent, child, "2026-06-09 08:00", (egg, 10))
    assert liked_by(child).last_planned == (egg.pk,)
    assert liked_by(child).times_planned == {cream.pk: 1, egg.pk: 1}


def test_a_reader_sees_foods_without_buttons(child, join, powder, visit):
    reader = visit(join("reader"))
    for page in (reader.page("foods"), reader.page("food", powder.pk)):
        assert 'method="post" action="/c/' not in page
        assert "make our own copy" not in page
    assert reader.press("favourite-food", powder.pk, favourite="yes").status_code == 403


# --- one food


def test_measures_and_the_definition_stand_on_the_page(parent, visit, powder):
    butter = Food.objects.get(source_key="usda-sr28:01145")
    page = visit(parent).page("food", butter.pk)
    for words in ("1 tbsp is about", "14.2 g", "weigh all the same", "USDA SR28 01145, 1 May 2016",
                  "what is left of 100 g, fibre included", "Make our own copy"):  # fmt: skip
        assert words in page, words


def test_a_copy_of_a_common_food_starts_from_its_figures_and_is_the_familys_own(
    parent, child, powder, visit
):
    me = visit(parent)
    page = me.page("add-food", query=f"?copy={powder.pk}")
    for value in ("69.2", "14.4", "2.9", "5.3", "705", "0.77"):
        assert f'value="{value}"' in page
    answer = me.press(
        "add-food", id=house.new_id(), name="KetoCal, our tin", per_unit="g", per_amount="100",
        fat_g="69,2", protein_g="14,4", carbohydrate_g="2,9", fibre_g="5,3", energy_kcal="705",
        carbohydrate_basis="available", volume_ml_per_g="0,8",
    )  # fmt: skip
    assert answer.status_code == 302
    mine = Food.objects.get(name="KetoCal, our tin")
    assert mine.family == child.family
    assert mine.composition.volume_ml_per_g == Decimal("0.8")
    assert mine.composition.carbohydrate_definition == "label"
    assert powder.compositions.count() == 1


@pytest.mark.parametrize(
    "query", ["?copy=x", "?copy=", "?copy=00000000-0000-0000-0000-000000000000"]
)
def test_a_copy_of_nothing_is_an_empty_form(parent, visit, query):
    assert 'name="fat_g"' in visit(parent).page("add-food", query=query)


def test_the_food_of_another_family_cannot_be_copied(parent, visit):
    theirs = house.food(*house.another_child(), "Secret", fat="77.7")
    assert "77.7" not in visit(parent).page("add-food", query=f"?copy={theirs.pk}")


@pytest.mark.parametrize("volume", ["2,1", "-0,1", "x", "0,12345"])
def test_a_volume_that_cannot_be_is_named_at_its_field(parent, visit, volume):
    answer = visit(parent).press(
        "add-food", id=house.new_id(), name="Powder", per_unit="g", per_amount="100", fat_g="69",
        protein_g="14", carbohydrate_g="3", carbohydrate_basis="available", volume_ml_per_g=volume,
    )  # fmt: skip
    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert Food.objects.count() == 0


def test_a_dietitian_of_the_child_may_correct_a_food_of_the_family(parent, child, join):
    food = house.food(parent, child)
    correct(join("dietitian"), child, food)
    assert food.composition.version == 2


# --- plans with the old figures


def test_plans_from_today_on_that_use_the_old_figures_are_listed(parent, child, visit):
    food, other = house.food(parent, child), house.food(parent, child, "Egg")
    house.plan(parent, child, "2026-06-09 08:00", (food, 10), name="Yesterday")
    today = house.plan(parent, child, "2026-06-10 08:00", (food, 10), (other, 5), name="Morning")
    eaten = house.plan(parent, child, "2026-06-10 10:00", (food, 10), name="Eaten")
    later = house.plan(parent, child, "2026-07-10 08:00", (food, 10), (food, 5), name="July")
    house.plan(parent, child, "2026-06-11 08:00", (other, 10), name="Without")
    house.eat(parent, child, "2026-06-10 10:05", (food, 10), planned=eaten)
    assert plans_using_old(child, food) == []
    correct(parent, child, food)
    assert plans_using_old(child, food) == [today, later]
    page = visit(parent).page("food", food.pk)
    assert "2 planned meals use the old figures" in page
    assert reverse("edit-plan", args=[child.pk, later.pk]) in page
    house.plan(parent, child, "2026-06-12 08:00", (food, 10), name="New")
    assert plans_using_old(child, food) == [today, later]
    actions.change_plan(
        by=parent, meal=today, happened_at=today.happened_at, name=today.name,
        portions=[actions.Portion(food.composition, Decimal(10))],
    )  # fmt: skip
    assert plans_using_old(child, food) == [later]
    assert "1 planned meal uses the old figures" in visit(parent).page("food", food.pk)


def test_the_day_of_a_plan_is_the_day_where_the_child_is(parent, child):
    """An hour after midnight in Berlin is yesterday evening in UTC."""
    food = house.food(parent, child)
    night = house.plan(parent, child, "2026-06-10 00:30", (food, 10))
    correct(parent, child, food)
    assert plans_using_old(child, food) == [night]
    with time_machine.travel(house.NOW + timedelta(days=1)):
        assert plans_using_old(child, food) == []


def test_another_childs_plans_of_a_common_food_are_not_shown(parent, child, powder):
    other_parent, other = house.another_child()
    house.plan(other_parent, other, "2026-06-11 08:00", (powder, 10))
    assert plans_using_old(child, powder) == []
