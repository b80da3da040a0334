"""The starter table: sound figures, honest names, loaded once."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from quietdays.diet.models import Food, FoodComposition, FoodMeasure
from quietdays.diet.starter import load_starter_foods, starter_foods, starter_keys
from tests import house

FOODS = {food.source_key: food for food in starter_foods()}

# Typed from the published table once more, so that a slip of a column is seen.
PUBLISHED = {
    "usda-sr28:01053": ("36.08", "2.84", "2.74", "0", "340"),
    "usda-sr28:01145": ("81.11", "0.85", "0.06", "0", "717"),
    "usda-sr28:01123": ("9.51", "12.56", "0.72", "0", "143"),
    "usda-sr28:09037": ("14.66", "2.00", "8.53", "6.7", "160"),
    "usda-sr28:05062": ("2.62", "22.50", "0", "0", "120"),
    "usda-sr28:04053": ("100", "0", "0", "0", "884"),
    "usda-sr28:11090": ("0.37", "2.82", "6.64", "2.6", "34"),
    "usda-sr28:09040": ("0.33", "1.09", "22.84", "2.6", "89"),
    "cofid:12-334": ("53.7", "1.6", "1.7", "0", "496"),
    "product:ketocal-4-1-powder": ("69.2", "14.4", "2.9", "5.3", "705"),
}


def test_there_are_enough_foods_of_every_kind():
    groups = Counter(food.group for food in starter_foods())
    assert len(FOODS) >= 260
    assert len(FOODS) == len(starter_foods())
    for group in ("fats", "cream and dairy", "eggs", "meat and fish", "vegetables", "fruit",
                  "nuts and seeds", "milk for babies", "ketogenic formulas", "modulars"):  # fmt: skip
        assert groups[group] >= 5, group


@pytest.mark.parametrize("key", PUBLISHED)
def test_figures_are_those_that_are_published(key):
    food = FOODS[key]
    found = (food.fat_g, food.protein_g, food.carbohydrate_g, food.fibre_g, food.energy_kcal)
    assert found == tuple(map(Decimal, PUBLISHED[key]))


@pytest.mark.parametrize("food", starter_foods(), ids=lambda f: f.source_key)
def test_each_food_is_possible_and_says_where_it_is_from(food):
    assert food.fault() is None
    assert food.source
    assert food.group
    assert food.carbohydrate_definition in (
        "by_difference",
        "available",
        "monosaccharides",
        "label",
    )
    if food.source_key.startswith("usda"):
        assert (food.carbohydrate_basis, food.carbohydrate_definition) == ("total", "by_difference")
    assert all(0 < grams < 10_000 for _, grams in food.measures)
    assert len({name for name, _ in food.measures}) == len(food.measures)


def test_creams_of_different_countries_are_never_one_anothers_names():
    creams = {
        food.source_key: {food.name.lower(), *food.other_names.lower().split(", ")} - {""}
        for food in starter_foods()
        if "cream" in (food.name + food.other_names).lower()
    }
    assert "heavy cream" in creams["usda-sr28:01053"]
    assert "double cream" in creams["cofid:12-334"]
    names = Counter(name for found in creams.values() for name in found)
    assert [name for name, times in names.items() if times > 1] == []
    for name in ("double cream", "single cream", "whipping cream"):
        assert name not in creams["usda-sr28:01053"]


def test_a_name_belongs_to_one_food():
    names = Counter(food.name.lower() for food in starter_foods())
    assert names.most_common(1)[0][1] == 1


def test_products_are_unverified_and_tables_are_not():
    for food in starter_foods():
        assert food.is_verified is not (
            food.source_key.startswith("product:") or "2016)" in food.name
            or food.name == "Whey protein powder"
        ), food.name  # fmt: skip


@pytest.mark.parametrize(
    ("key", "volume"),
    [("usda-sr28:04053", "1.09"), ("usda-sr28:14429", "1"), ("usda-sr28:01107", "0.971"),
     ("product:ketocal-4-1-powder", "0.77"), ("usda-sr28:09037", None)],
)  # fmt: skip
def test_volumes_are_known_where_a_feed_needs_them(key, volume):
    assert FOODS[key].volume_ml_per_g == (None if volume is None else Decimal(volume))


def test_fibre_that_the_source_does_not_give_is_unknown():
    assert FOODS["usda-sr28:12118"].fibre_g is None  # tinned coconut milk


@pytest.mark.django_db
def test_it_is_loaded_once(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):
        assert load_starter_foods() == len(FOODS)
    before = house.rows()
    assert load_starter_foods() == 0
    assert house.rows() == before
    assert set(Food.objects.values_list("source_key", flat=True)) == starter_keys()
    butter = Food.objects.get(source_key="usda-sr28:01145")
    assert butter.measures.get(name="1 tbsp").amount == Decimal("14.2")


@pytest.mark.django_db
def test_an_older_house_gets_what_is_missing_and_nothing_of_its_own_is_touched():
    load_starter_foods()
    Food.objects.filter(source_key="usda-sr28:01053").delete()
    FoodMeasure.objects.filter(food__source_key="usda-sr28:01145").delete()
    butter = Food.objects.get(source_key="usda-sr28:01145")
    Food.objects.filter(pk=butter.pk).update(name="Butter of ours", other_names="")
    FoodMeasure.objects.filter(food__source_key="usda-sr28:01001", name="1 tbsp").update(amount=15)
    versions = FoodComposition.objects.count()
    assert load_starter_foods() == 1
    butter.refresh_from_db()
    assert butter.name == "Butter of ours"
    assert butter.measures.count() > 0
    salted = FoodMeasure.objects.get(food__source_key="usda-sr28:01001", name="1 tbsp")
    assert salted.amount == 15
    assert FoodComposition.objects.count() == versions + 1
    assert load_starter_foods() == 0
