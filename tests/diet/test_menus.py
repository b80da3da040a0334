"""A week's menu: found from the family's recipes, changed by hand, planned in grams to weigh."""

from __future__ import annotations

from collections import Counter
from datetime import date, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from quietdays.diet import menus, queries, scaling
from quietdays.diet.models import PlannedMeal, Recipe
from quietdays.diet.starter import load_starter_foods
from quietdays.people.entries import take_back
from quietdays.science.mealsolver import Refused, SolvedWeek, solve_week
from quietdays.sharing.demo_kitchen import keep_recipes
from tests import house

pytestmark = pytest.mark.django_db
START = date(2026, 6, 15)
SLOTS = [
    {"name": name, "at": at, "percent": 25.0}
    for name, at in (
        ("Breakfast", "07:00"),
        ("Lunch", "12:00"),
        ("Afternoon feed", "15:30"),
        ("Supper", "19:00"),
    )
]
SIGNED = {"energy_kcal": Decimal(700), "protein_g": Decimal("13.5"), "meal_slots": SLOTS}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


class Kitchen:
    """The demo's eight recipes and a prescription of four equal meals at 3:1."""

    def __init__(self, parent, child, dietitian) -> None:
        load_starter_foods()
        keep_recipes(child, parent)
        self.child = child
        self.signed = house.prescribe(dietitian, child, **SIGNED)
        self.url = reverse("menu", args=[child.pk])
        self.client = Client(raise_request_exception=False)
        self.client.force_login(parent)

    def dishes(self) -> menus.Dishes:
        step = scaling.Kitchen(self.child.family.scale_step_g, self.signed.basis)
        recipes = list(queries.recipes_of(self.child).filter(liking__gt=0))
        return menus.dishes_for(recipes, menus.slots_of(self.signed), step)

    def solve(self, **wishes):
        problem = menus.week_problem(
            menus.slots_of(self.signed), self.dishes(), menus.Wishes(**wishes), self.signed
        )
        return solve_week(problem)

    def post(self, button: str, **changes: str):
        sent = {"start": f"{START}", "max_uses": "7", "gap_days": "1", button: ""}
        return self.client.post(self.url, sent | changes)


@pytest.fixture
def kitchen(parent, child, join) -> Kitchen:
    return Kitchen(parent, child, join("dietitian"))


def table(page) -> dict[str, str]:
    """The form's own selects, as the page would send them again."""
    cells = [cell for row in page.context["rows"] for cell in row["cells"]]
    return {f"dish-{c['name']}": str(c["picked"]) for c in cells if c["picked"]}


def picked(answer: SolvedWeek) -> list[tuple[int, str, str]]:
    return [(day, slot, r) for day, row in answer.menu.items() for slot, r in row.items()]


# --- finding


def test_a_menu_gives_every_meal_of_seven_days_a_dish_that_suits_it(kitchen):
    found = kitchen.solve(max_uses=5)
    assert isinstance(found, SolvedWeek)
    assert len(picked(found)) == 28
    names = {s.id: s.name for s in menus.slots_of(kitchen.signed)}
    recipes = {str(r.pk): r for r in Recipe.objects.all()}
    for _, slot, recipe in picked(found):
        assert names[slot] in recipes[recipe].suits
    assert max(Counter(r for *_, r in picked(found)).values()) <= 5
    for day in range(1, 8):
        dishes = [r for d, _, r in picked(found) if d == day]
        assert len(set(dishes)) == len(dishes), "no dish twice in a day"


@pytest.mark.parametrize("percent", [15, 25])
def test_the_grams_of_each_day_hold_the_band_of_protein(kitchen, percent):
    found, dishes = kitchen.solve(max_uses=7, protein_percent=percent), kitchen.dishes()
    assert isinstance(found, SolvedWeek), found
    for day, row in found.menu.items():
        held = sum(dishes.scaled[recipe, slot].macros().protein_g for slot, recipe in row.items())
        # A meal's energy lies within 2 % of its target, and its protein with it.
        assert held == pytest.approx(13.5, rel=percent / 100 + 0.02), day


def test_dishes_that_are_decided_stay(kitchen):
    soup = str(Recipe.objects.get(name__startswith="Broccoli").pk)
    picks = {(3, "m2"): soup, (5, "m4"): soup}
    found = kitchen.solve(max_uses=7, picks=picks)
    assert {key: found.menu[key[0]][key[1]] for key in picks} == picks


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"max_uses": 1}, "recipe at most once"),
        ({"max_uses": 7, "distinct_min": 9}, "9 different recipes"),
        ({"max_uses": 7, "minutes_day_max": 5}, "5 minutes"),
    ],
    ids=["too few recipes", "more than there are", "no time to cook"],
)
def test_a_wish_that_cannot_be_met_is_told_in_a_sentence(kitchen, wishes, words):
    answer = kitchen.solve(**wishes)
    assert isinstance(answer, Refused) or not isinstance(answer, SolvedWeek)
    assert words in answer.message
    assert answer.message.endswith(".")


def test_a_recipe_that_fits_no_meal_is_named_and_the_others_make_the_week(parent, child, kitchen):
    pear = house.food(parent, child, "Pear", fat="0.1", protein="0.4", carbohydrate="12")
    house.recipe(parent, child, (pear, 100), name="Pear puree")
    page = kitchen.post("solve")
    assert page.context["has_menu"]
    (line,) = page.context["left_out"]
    assert line.startswith("Pear puree: ")
    assert len(table(page)) == 28


def test_a_recipe_that_suited_meals_of_an_earlier_prescription_suits_every_meal_now(kitchen):
    Recipe.objects.filter(name__startswith="Salmon").update(suits=["Brunch", "Second breakfast"])
    salmon = str(Recipe.objects.get(name__startswith="Salmon").pk)
    fitting = {slot for recipe, slot in kitchen.dishes().scaled if recipe == salmon}
    assert fitting == {"m1", "m2", "m3", "m4"}


def test_a_meal_that_no_recipe_suits_is_told(child, kitchen):
    for recipe in Recipe.objects.filter(child=child):
        if "Supper" in recipe.suits:
            take_back(recipe, by=recipe.entered_by)
    page = kitchen.post("solve")
    assert "at least one recipe" in str(page.context["form"].errors)
    assert not page.context["has_menu"]


@pytest.mark.parametrize(("meals", "snacks"), [(1, 0), (3, 12), (6, 2), (8, 1), (24, 0)])
def test_meals_without_written_times_are_spread_over_the_day(child, join, meals, snacks):
    signed = house.prescribe(join("neurologist"), child, meals_per_day=meals,
                             snacks_per_day=snacks, snack_energy_kcal=Decimal(20))  # fmt: skip
    slots = menus.slots_of(signed)
    assert len({s.id for s in slots}) == len(slots) == meals + snacks
    clocks = [s.at for s in slots if s.number is not None]
    assert clocks == sorted(set(clocks))
    assert (clocks[0], clocks[-1]) == (time(7), time(19) if meals > 1 else time(7))
    assert len({s.at for s in slots if s.number is None}) == snacks


# --- the page


def test_using_a_menu_plans_every_meal_in_weighable_grams_that_meet_its_target(child, kitchen):
    found = kitchen.post("solve")
    assert PlannedMeal.objects.count() == 0
    used = kitchen.post("use", **table(found))
    assert used.url == reverse("plan", args=[child.pk, START])
    planned = list(PlannedMeal.objects.prefetch_related("items__composition"))
    assert len(planned) == 28
    days = Counter(p.local_time.date() for p in planned)
    assert days == {START + timedelta(days=n): 4 for n in range(7)}
    for meal in planned:
        assert f"{meal.local_time:%H:%M}" == SLOTS[meal.slot - 1]["at"]
        assert all(i.amount % Decimal("0.1") == 0 for i in meal.items.all())
        assert meal.macros().ratio() == pytest.approx(3, abs=0.05)
        assert meal.macros().energy_kcal() == pytest.approx(175, rel=0.02)
        assert meal.recipe.name == meal.name
    plan = kitchen.client.get(reverse("plan", args=[child.pk, START]))
    assert [row["off"] for row in plan.context["slots"]] == [()] * 4


def test_what_the_table_says_of_a_day_is_what_gets_planned(child, kitchen):
    """Peer defect 4."""
    found = kitchen.post("solve")
    kitchen.post("use", **table(found))
    for row in found.context["rows"]:
        meals = [m for m in PlannedMeal.objects.all() if m.local_time.date() == row["day"]]
        planned = sum(m.macros().energy_kcal() for m in meals)
        assert row["macros"].energy_kcal() == pytest.approx(planned)


def test_a_time_that_has_a_plan_is_left_alone(parent, child, kitchen):
    mine = house.plan(parent, child, "2026-06-16 12:00", (house.meal_food(parent, child), 50))
    sent = table(kitchen.post("solve"))
    used = kitchen.client.post(kitchen.url, {"start": f"{START}", "max_uses": "7",
                                             "gap_days": "1", "use": "", **sent}, follow=True)  # fmt: skip
    assert "1 time had a plan already" in used.content.decode()
    assert PlannedMeal.objects.count() == 28
    assert PlannedMeal.objects.get(pk=mine.pk).items.get().amount == 50


def test_a_dish_changed_by_hand_and_kept_stays_in_the_next_search(kitchen):
    soup = str(Recipe.objects.get(name__startswith="Broccoli").pk)
    sent = table(kitchen.post("solve")) | {"dish-2-m2": soup, "keep-2-m2": "on"}
    again = kitchen.post("solve", **sent)
    assert table(again)["dish-2-m2"] == soup
    changed = kitchen.post("use", **sent)
    assert changed.status_code == 302
    tuesday = PlannedMeal.objects.get(slot=2, happened_at=house.at("2026-06-16 12:00"))
    assert str(tuesday.recipe_id) == soup


def test_a_dish_that_does_not_suit_a_meal_is_never_planned_for_it(child, kitchen):
    salmon = Recipe.objects.get(name__startswith="Salmon")
    kitchen.post("use", **{"dish-1-m1": str(salmon.pk), "dish-1-m2": str(house.new_id())})
    assert PlannedMeal.objects.count() == 0


@pytest.mark.parametrize("changes", [
    {"start": "9999-12-31"}, {"start": "0001-01-01"}, {"start": "9999-12-28"}, {"start": "x"},
    {"start": ""}, {"max_uses": "0"}, {"max_uses": "²"}, {"gap_days": "9"},
    {"protein_percent": "101"}, {"distinct_min": "40"}, {"minutes_day_max": "1"},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("button", ["solve", "use"])
def test_what_cannot_be_asked_is_refused_beside_its_field(kitchen, button, changes):
    """The last days of the calendar broke the page."""
    some = Recipe.objects.get(name__startswith="Salmon")
    page = kitchen.post(button, **({"dish-1-m2": str(some.pk)} | changes))
    assert page.status_code == 200
    assert set(page.context["form"].errors) == set(changes)
    assert PlannedMeal.objects.count() == 0


@pytest.mark.parametrize("changes", [
    {"diet_kind": "mad", "ratio": None, "energy_kcal": None, "protein_g": None, "meal_slots": [],
     "carbohydrate_limit_g": Decimal(10)},
    None,
], ids=["modified Atkins", "no prescription"])  # fmt: skip
def test_without_a_ratio_no_week_is_planned_and_the_page_says_why(
    client, parent, child, join, changes
):
    if changes is not None:
        house.prescribe(join("dietitian"), child, **changes)
    client.force_login(parent)
    url = reverse("menu", args=[child.pk])
    for page in (client.get(url), client.post(url, {"solve": "", "start": f"{START}"})):
        assert "none with a ratio is in force" in page.content.decode()
