"""Finding a food by what somebody types at night."""

from __future__ import annotations

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diet import food_search
from quietdays.diet.actions import mark_favourite, unmark_favourite
from quietdays.diet.actions.food_tables import store_table
from quietdays.diet.food_index import Fit, FoodIndex, words_of
from quietdays.diet.food_search import search_foods
from quietdays.diet.models import Food
from quietdays.diet.starter import load_starter_foods
from quietdays.diet.tables.registry import read_table
from tests import house
from tests.diet.fdc_files import write_fdc
from tests.diet.test_food_tables import SAMPLES, table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def foods(db):
    load_starter_foods()


def found(child, text: str, limit: int = 12) -> list[str]:
    return [food.name for food in search_foods(child, text, limit=limit)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("double cream", "Double cream (UK), 54 % fat"),
        ("heavy cream", "Cream, heavy whipping, 36 % fat"),
        ("cream heavy", "Cream, heavy whipping, 36 % fat"),
        ("CREAM HEAVY", "Cream, heavy whipping, 36 % fat"),
        ("avacado", "Avocado"),
        ("brocoli", "Broccoli, raw"),
        ("buter", "Butter, salted"),
        ("egg", "Egg, fried"),
        ("milk", "Milk, whole"),
        ("zuchini", "Courgette, raw"),
        ("chiken brest raw", "Chicken breast, raw"),
        ("puree carrot", "Carrot purée for babies"),
        ("purée carrot", "Carrot purée for babies"),
        ("gruyere", "Gruyère"),
        ("macadamias", "Macadamia nuts"),
        ("strawberry", "Strawberries"),
        ("tomatoes tinned", "Tomatoes, tinned, in juice"),
        ("breast milk", "Human milk, mature"),
        ("oil olive", "Olive oil"),
        ("ketocal 3:1", "KetoCal 3:1 powder (Poland)"),
        ("egg yolk", "Egg yolk, raw"),
        ("avoc", "Avocado"),
    ],
)
def test_what_is_meant_comes_first(foods, child, text, first):
    assert found(child, text)[0] == first


@pytest.mark.parametrize("text", ["xyzzyplugh", "%", "_", "'\"", "\0", "!!!", "ket0cal 9:9"])
def test_what_is_no_food_finds_nothing_and_breaks_nothing(foods, child, text):
    assert found(child, text) == []


def test_double_cream_does_not_bring_the_heavy_cream_of_another_country(foods, child):
    assert found(child, "double cream") == ["Double cream (UK), 54 % fat"]
    assert "Double cream (UK), 54 % fat" not in found(child, "heavy cream")


def test_a_near_miss_never_outranks_a_real_hit(parent, child, foods):
    mine = house.food(parent, child, "Buter of the farm")
    names = found(child, "buter", limit=100)
    assert names[0] == mine.name
    nothing_near = found(child, "butter", limit=100)
    assert mine.name not in nothing_near


def test_near_misses_follow_where_only_a_foreign_table_has_that_spelling(foods, child):
    store_table(read_table(SAMPLES / "ciqual.csv").foods)
    names = found(child, "brocoli")
    assert names[0] == "Brocoli, cru"
    assert "Broccoli, raw" in names


def test_favourites_and_then_foods_in_plans_come_first(foods, parent, child):
    salted = Food.objects.get(name="Butter, salted")
    oil = Food.objects.get(name="Butter oil")
    house.plan(parent, child, "2026-06-09 08:00", (oil, 10))
    house.plan(parent, child, "2026-06-09 12:00", (oil, 10))
    assert found(child, "butter")[0] == "Butter oil"
    mark_favourite(by=parent, child=child, food=salted)
    assert found(child, "butter")[:2] == ["Butter, salted", "Butter oil"]
    assert found(child, "")[:2] == ["Butter, salted", "Butter oil"]
    _, other = house.another_child()
    assert found(other, "butter")[:2] == ["Butter, salted", "Butter, unsalted"]
    unmark_favourite(by=parent, child=child, food=salted)
    assert found(child, "butter")[0] == "Butter oil"


def test_imported_foods_do_not_bury_those_of_the_kitchen(foods, child, tmp_path):
    store_table(read_table(write_fdc(tmp_path / "fdc", 600, rest=0)).foods)
    names = found(child, "cream", limit=60)
    kitchen = [n for n in names if not _is_made_up(n)]
    assert len(kitchen) >= 10
    assert names[: len(kitchen)] == kitchen


def _is_made_up(name: str) -> bool:
    return Food.objects.get(name=name).source_key.startswith("fdc:")


def test_a_table_that_comes_in_is_found_at_once_and_a_deleted_food_no_more(foods, child):
    assert found(child, "ostrich") == []
    store_table(table())
    assert found(child, "ostrich") == ["Ostrich"]
    Food.objects.filter(name="Ostrich").update(deleted_at=house.NOW)
    assert found(child, "ostrich") == []


def test_a_familys_own_food_is_found_under_its_new_name_and_by_nobody_else(foods, parent, child):
    mine = house.food(parent, child, "Oma's quark")
    assert found(child, "oma quark") == ["Oma's quark"]
    Food.objects.filter(pk=mine.pk).update(name="Opa's quark")
    assert found(child, "opa quark") == ["Opa's quark"]
    _, other = house.another_child()
    assert found(other, "quark") == []


def test_the_names_are_not_read_again_when_nothing_changed(
    foods, child, django_assert_max_num_queries
):
    found(child, "cream")
    before = food_search._common
    with django_assert_max_num_queries(6):
        found(child, "butter")
    assert food_search._common is before


def test_the_order_does_not_depend_on_the_order_of_the_rows(foods, child):
    assert found(child, "cheese", 50) == found(child, "cheese", 50)
    assert found(child, "cheese", 50)[:5] == found(child, "cheese", 5)


# --- the index alone


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Purées, 4:1!", ["puree", "4:1"]),
        ("Strawberries", ["strawberry"]),
        ("tomatoes radishes peaches", ["tomato", "radish", "peach"]),
        ("asparagus swiss oats peas", ["asparagus", "swiss", "oat", "pea"]),
        ("goat's GOAT’S", ["goat", "goat"]),
        ("Œufs", ["oeuf"]),
        ("", []),
    ],
)
def test_words_lose_case_accents_and_plurals(text, words):
    assert words_of(text) == words


def test_each_kind_of_fit_is_told_apart():
    index = FoodIndex([("pea", "Peanut butter"), ("but", "Butter"), ("dish", "Butternut")])
    assert {k: h.fit for k, h in index.real("butter").items()} == {
        "but": Fit.SAME, "pea": Fit.WORDS, "dish": Fit.WORDS,
    }  # fmt: skip
    assert index.real("nut")["pea"].fit is Fit.PARTS
    assert index.near("buttre")["but"].fit is Fit.NEAR
    assert index.near("pet") == index.real("pet") == {}


NAMES = st.lists(st.text("abcdeé ,%", min_size=1, max_size=12), min_size=1, max_size=12)


@given(NAMES, st.text("abcdeé ,%", max_size=8))
def test_whatever_is_typed_a_real_hit_holds_every_word_and_near_ones_come_on_top(names, text):
    index = FoodIndex(list(enumerate(names)))
    real, near = index.real(text), index.near(text)
    assert real.keys() <= near.keys()
    for key, hit in real.items():
        assert hit.fit is not Fit.NEAR
        assert all(any(t in w for w in words_of(names[key])) for t in words_of(text))


@given(NAMES)
def test_every_name_is_found_by_itself(names):
    index = FoodIndex(list(enumerate(names)))
    for key, name in enumerate(names):
        if words_of(name):
            assert index.real(name)[key].fit is Fit.SAME
