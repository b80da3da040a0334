"""What the demo's family cooks: recipes in household amounts, to be scaled to each meal."""

from __future__ import annotations

from decimal import Decimal

from quietdays.diet.actions import Portion, keep_recipe
from quietdays.diet.models import Food
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id

# name: (main food, minutes, liking, meals that it suits, grams by the food's source)
_RECIPES: dict[str, tuple[str, int, int, list[str], dict[str, str]]] = {
    "Scrambled egg with raspberries": (
        "egg", 10, 4, ["Breakfast", "Afternoon feed"],
        {"01123": "20", "01053": "12.9", "01145": "12.5", "09302": "32.4"},
    ),
    "Avocado and macadamia cream": (
        "avocado", 5, 3, ["Breakfast", "Afternoon feed"],
        {"09037": "25", "12131": "8", "01053": "15", "09302": "10"},
    ),
    "Chicken with carrot": (
        "chicken", 20, 4, ["Lunch", "Supper"],
        {"05064": "9", "11125": "38.3", "04053": "13", "01053": "9.8"},
    ),
    "Salmon and pumpkin": (
        "fish", 25, 5, ["Lunch", "Supper"],
        {"15237": "9", "11424": "45", "01145": "8", "01053": "16"},
    ),
    "Turkey and pumpkin puree": (
        "turkey", 25, 3, ["Lunch", "Supper"],
        {"05306": "10", "11424": "40", "04582": "10", "01053": "12"},
    ),
    "Broccoli and cheddar soup": (
        "cheese", 20, 2, ["Lunch", "Supper"],
        {"11091": "40", "01009": "9", "01053": "25", "01145": "6"},
    ),
    "Egg and courgette puree": (
        "egg", 15, 3, ["Breakfast", "Lunch", "Supper"],
        {"01123": "18", "11478": "35", "04053": "9", "01053": "14"},
    ),
    "Cream pudding with yolk": (
        "egg", 15, 5, ["Afternoon feed", "Breakfast"],
        {"01125": "12", "01053": "32", "09302": "22", "04582": "3"},
    ),
}  # fmt: skip


def keep_recipes(child: Child, by: Person) -> None:
    keys = {f"usda-sr28:{key}" for *_, grams in _RECIPES.values() for key in grams}
    foods = {f.source_key: f for f in Food.objects.filter(source_key__in=keys)}
    for name, (main_food, minutes, liking, suits, grams) in _RECIPES.items():
        keep_recipe(
            by=by,
            child=child,
            entry_id=new_id(),
            name=name,
            main_food=main_food,
            minutes=minutes,
            liking=liking,
            suits=suits,
            portions=[
                Portion(foods[f"usda-sr28:{key}"].composition, Decimal(g))
                for key, g in grams.items()
            ],
        )
