"""Made-up meal, formula and week problems from a seed, in the meals/1 format.

Foods are values per 100 g of USDA SR28 (public domain; the key is the NDB number), products
are typical and no maker's. Some problems have no answer on purpose: an amount fixed too high,
a least or a most out of place, a limit out of reach. The same seed makes the same problem.
"""

from __future__ import annotations

import json
import random
from typing import Any

# kcal, fat, protein, carbohydrate, fibre, sodium in mg, mL per g; per 100 g, None is unknown.
_TABLE = {
    "n01053": ("Cream, fluid, heavy whipping", 340, 36.08, 2.84, 2.74, 0, 27, 1.006),
    "n01145": ("Butter, without salt", 717, 81.11, 0.85, 0.06, 0, 11, 1.1),
    "n04053": ("Oil, olive, salad or cooking", 884, 100, 0, 0, 0, 2, 1.09),
    "n04582": ("Oil, canola", 884, 100, 0, 0, 0, 0, 1.087),
    "n01123": ("Egg, whole, raw, fresh", 143, 9.51, 12.56, 0.72, 0, 142, None),
    "n01125": ("Egg, yolk, raw, fresh", 322, 26.54, 15.86, 3.59, 0, 48, None),
    "n05064": ("Chicken, breast, roasted", 165, 3.57, 31.02, 0, 0, 74, None),
    "n15237": ("Fish, salmon, Atlantic, farmed", 206, 12.35, 22.1, 0, 0, 61, None),
    "n01036": ("Cheese, ricotta, whole milk", 174, 12.98, 11.26, 3.04, 0, 84, None),
    "n01017": ("Cheese, cream", 350, 34.44, 6.15, 5.52, 0, 314, None),
    "n09037": ("Avocados, raw", 160, 14.66, 2, 8.53, 6.7, 7, None),
    "n12131": ("Nuts, macadamia nuts, raw", 718, 75.77, 7.91, 13.82, 8.6, 5, None),
    "n11091": ("Broccoli, cooked", 35, 0.41, 2.38, 7.18, 3.3, 41, None),
    "n11125": ("Carrots, cooked", 35, 0.18, 0.76, 8.22, 3, 58, None),
    "n09040": ("Bananas, raw", 89, 0.33, 1.09, 22.84, 2.6, 1, None),
    "n09302": ("Raspberries, raw", 52, 0.65, 1.2, 11.94, 6.5, 1, None),
    "n09316": ("Strawberries, raw", 32, 0.3, 0.67, 7.68, 2, 1, None),
    "n12118": ("Nuts, coconut milk, canned", 197, 21.33, 2.02, 2.81, None, 13, None),
    "n01107": ("Milk, human, mature, fluid", 70, 4.38, 1.03, 6.89, 0, 17, 0.971),
    "ex:kp41": ("Example powder 4:1", 691.6, 69.2, 14.3, 2.9, 5.3, 300, 0.77),
    "ex:kp31": ("Example powder 3:1", 699.7, 67.7, 15.4, 7.2, 0, 300, 0.76),
    "ex:prot": ("Example whey protein", 367.9, 1.5, 88, 0.6, 0, 150, 0.72),
    "ex:malt": ("Example maltodextrin", 380, 0, 0, 95, 0, None, 0.63),
    "ex:water": ("Water", 0, 0, 0, 0, 0, 0, 1.0),
}
FATS = ("n01145", "n04053", "n04582", "n12131")
LEAN = ("n01123", "n01125", "n05064", "n15237", "n01036", "n01017")
PLANTS = ("n11091", "n11125", "n09040", "n09302", "n09316", "n09037", "n12118")
FAMILIES = ("scale", "round", "exchange", "build", "formula")

Problem = dict[str, Any]


def food_row(food: str) -> Problem:
    label, kcal, fat, protein, carb, fibre, sodium, ml = _TABLE[food]
    row: Problem = {"name": label, "kcal": kcal, "fat": fat, "protein": protein, "carb": carb,
                    "fibre": fibre, "sodium_mg": sodium}  # fmt: skip
    return row if ml is None else row | {"ml_per_g": ml}


def an_item(food: str, want: float, **others: Any) -> Problem:
    weight = round(10 / max(want, 5), 3)
    return {"food": food, "want": want, "weight": weight, "min": 0, "max": None, "step": 0.1,
            "locked": None, "use_min": None, "banned": False} | others  # fmt: skip


def a_problem(
    items: list[Problem],
    *,
    kcal: float,
    ratio: float,
    carb: str = "total",
    energy: str = "factors",
    limits: tuple[Problem, ...] = (),
    **others: Any,
) -> Problem:
    """A meal problem of these items with the usual tolerances and weights."""
    objective = {"ratio": round(20 * (9 * ratio + 4) / kcal, 3), "kcal": round(50 / kcal, 3)}
    target = {"ratio": ratio, "ratio_tol": 0.05, "kcal": kcal, "kcal_tol_pct": 2}
    if "volume_ml" in others:
        target |= {"volume_ml": others.pop("volume_ml"), "volume_tol_pct": 1}
        objective["volume"] = round(20 / target["volume_ml"], 3)
    return {
        "schema": "meals/1", "id": "made", "kind": "meal", "family": "scale",
        "basis": {"carb": carb, "energy": energy},
        "foods": {item["food"]: food_row(item["food"]) for item in items},
        "items": items, "target": target, "limits": list(limits), "objective": objective,
    } | others  # fmt: skip


def made_up(family: str, seed: int) -> Problem:
    """A problem of this family; about one in four has no answer."""
    rng = random.Random(f"{family}/{seed}")
    make = {"build": _build, "formula": _formula, "exchange": _exchange, "week": made_up_week}
    problem = make.get(family, _recipe)(rng) if family != "week" else made_up_week(rng)
    problem |= {"id": f"{family}-{seed}", "family": family}
    if family == "round":
        _narrow(rng, problem)
    if family != "week" and rng.random() < 0.25:
        _spoil(rng, problem)
    return json.loads(json.dumps(problem))


def many_foods(count: int, seed: int) -> Problem:
    """A meal of so many foods at 3:1, all free; the later ones are a little off the first."""
    rng = random.Random(seed)
    rows, items = {}, []
    table = [food for food in _TABLE if food.startswith("n")]
    for index in range(count):
        food = table[index % len(table)]
        row = food_row(food) | {"fibre": 0}
        for key in ("fat", "protein", "carb") if index >= len(table) else ():
            row[key] = round(row[key] * rng.uniform(0.85, 1), 2)
        rows[f"{food}-{index}"] = row
        items.append(an_item(food, round(rng.uniform(1, 20), 2)) | {"food": f"{food}-{index}"})
    problem = a_problem([], kcal=50 * count, ratio=3)
    return problem | {"foods": rows, "items": items}


def _nutrients(problem: Problem, food: str) -> tuple[float, float, float]:
    """Fat, protein plus carbohydrate, energy of a gram, on the problem's basis."""
    row = problem["foods"][food]
    carb = row["carb"]
    if problem["basis"]["carb"] == "net":
        carb = max(0, carb - (row["fibre"] or 0))
    non_fat = row["protein"] + carb
    factors = 9 * row["fat"] + 4 * non_fat
    energy = row["kcal"] if problem["basis"]["energy"] == "table" else factors
    return row["fat"] / 100, non_fat / 100, energy / 100


def _recipe(rng: random.Random) -> Problem:
    """A lean food, one or two plants, cream and a fat, balanced and then asked for anew."""
    while True:
        kcal = rng.choice([40, 60, 80, 100, 150, 200, 300, 450])
        ratio = rng.choice([2.5, 3, 3.5, 4])
        foods = [rng.choice(LEAN), *rng.sample(PLANTS, rng.choice([1, 1, 2])), "n01053"]
        problem = a_problem(
            [an_item(food, 1) for food in [*foods, rng.choice(FATS)]],
            kcal=kcal,
            ratio=ratio,
            carb=rng.choice(["total", "net"]),
            energy=rng.choice(["factors", "factors", "table"]),
        )
        parts = {food: rng.uniform(0.5, 3) for food in foods}
        grams = _balanced(problem, parts, problem["items"][-1]["food"])
        if grams is not None:
            break
    step = rng.choice([0.1, 0.5, 1.0]) if kcal >= 100 else rng.choice([0.1, 0.1, 0.5])
    for item in problem["items"]:
        want = round(grams[item["food"]] * rng.uniform(0.85, 1.15), 2)
        item |= an_item(item["food"], want, step=step)
        if rng.random() < 0.3:
            item["max"] = round(round(want * rng.uniform(1.2, 2.5) / step) * step, 3)
        if rng.random() < 0.2:
            item["min"] = round(int(want * rng.uniform(0.2, 0.8) / step) * step, 3)
    if rng.random() < 0.2:
        item = rng.choice(problem["items"])
        item["locked"] = round(round(item["want"] / step) * step, 3)
    _maybe_limits(rng, problem, grams)
    return problem


def _balanced(problem: Problem, parts: dict[str, float], fat: str) -> dict[str, float] | None:
    """So many times the parts and so much fat that ratio and energy are met exactly."""
    ratio, kcal = problem["target"]["ratio"], problem["target"]["kcal"]

    def both(food: str, grams: float) -> tuple[float, float]:
        fat_g, non_fat, energy = _nutrients(problem, food)
        return grams * (fat_g - ratio * non_fat), grams * energy

    surplus = sum(both(food, part)[0] for food, part in parts.items())
    energy = sum(both(food, part)[1] for food, part in parts.items())
    fat_surplus, fat_energy = both(fat, 1.0)
    determinant = surplus * fat_energy - fat_surplus * energy
    if abs(determinant) < 1e-9:
        return None
    times, grams = -fat_surplus * kcal / determinant, surplus * kcal / determinant
    if times <= 0.2 or grams <= 0.5:
        return None
    return {food: part * times for food, part in parts.items()} | {fat: grams}


def _maybe_limits(rng: random.Random, problem: Problem, grams: dict[str, float]) -> None:
    def total(nutrient: str) -> float:
        return sum((problem["foods"][f][nutrient] or 0) * g / 100 for f, g in grams.items())

    if rng.random() < 0.5:
        protein = total("protein")
        problem["limits"].append({"id": "protein", "nutrient": "protein",
                                  "min": round(protein * rng.uniform(0.8, 0.95), 2),
                                  "max": round(protein * rng.uniform(1.05, 1.2), 2)})  # fmt: skip
    if rng.random() < 0.2:
        most = round(total("sodium_mg") * 1.5 + 5, 1)
        problem["limits"].append({"id": "sodium", "nutrient": "sodium_mg", "max": most})


def _narrow(rng: random.Random, problem: Problem) -> None:
    for item in problem["items"]:
        step, near = item["step"], round(item["want"] / item["step"])
        item["locked"] = None
        item["min"] = round(max(0, near - rng.choice([2, 3])) * step, 3)
        item["max"] = round((near + rng.choice([2, 3])) * step, 3)


def _exchange(rng: random.Random) -> Problem:
    problem = _recipe(rng)
    out = problem["items"][0]
    out |= {"banned": True, "locked": None, "min": 0, "max": None}
    known = set(problem["foods"])
    for food in rng.sample([food for food in LEAN if food not in known], 2):
        problem["foods"][food] = food_row(food)
        step = out["step"]
        problem["items"].append(an_item(food, round(out["want"] / 2, 2), weight=0.6, step=step))
    return problem


def _build(rng: random.Random) -> Problem:
    kcal, ratio = rng.choice([80, 120, 200]), rng.choice([3, 4])
    foods = rng.sample([*FATS, "n01053", *LEAN, *PLANTS], rng.choice([8, 10, 12]))
    items = []
    for food in foods:
        liked = rng.random() < 0.5
        items.append(
            an_item(
                food,
                rng.choice([5, 10, 20]) if liked else 0,
                weight=rng.choice([0.2, 0.4, 0.8]),
                step=rng.choice([0.5, 1.0]),
                max=rng.choice([30, 40, 60]),
                use_min=rng.choice([2, 3, 5]),
            )
        )
    if rng.random() < 0.3:
        rng.choice(items)["banned"] = True
    return a_problem(items, kcal=kcal, ratio=ratio, max_items=rng.choice([4, 5, 6]),
                     carb=rng.choice(["total", "net"]))  # fmt: skip


def _formula(rng: random.Random) -> Problem:
    volume, density = rng.choice([240, 480, 720]), rng.choice([0.67, 0.8, 1.0])
    ratio, kcal = rng.choice([2.5, 3, 4]), round(volume * density, 1)
    powder = rng.choice(["ex:kp41", "ex:kp31"])
    items = [
        an_item(powder, round(kcal / 7, 1), weight=0.1),
        an_item("ex:prot", 0, weight=0.5, step=rng.choice([0.1, 0.5])),
        an_item("ex:malt", 0, weight=0.5, step=rng.choice([0.1, 0.5])),
        an_item("n04582", 0, weight=0.5),
        an_item("ex:water", volume * 0.8, weight=0.02, step=1.0),
    ]
    if rng.random() < 0.4:
        milk = round(volume * rng.uniform(0.05, 0.2))
        items.append(an_item("n01107", 0, weight=0.5, step=1.0, locked=milk))
    limits = []
    if rng.random() < 0.6:
        protein = kcal / (9 * ratio + 4) * rng.uniform(0.6, 0.8)
        limits.append({"id": "protein", "nutrient": "protein", "min": round(0.9 * protein, 2),
                       "max": round(1.1 * protein, 2)})  # fmt: skip
    return a_problem(items, kcal=kcal, ratio=ratio, volume_ml=volume, limits=tuple(limits),
                     carb=rng.choice(["total", "net"]))  # fmt: skip


def _spoil(rng: random.Random, problem: Problem) -> None:
    """Something that is likely, though not certain, to make an answer impossible."""
    item = rng.choice(problem["items"])
    step = item["step"]
    steps = max(1, round(max(item["want"], 5) / step))
    how = rng.choice(["locked", "min", "max", "limit", "carb", "none"])
    if how == "locked":
        item |= {"locked": round(steps * rng.choice([2, 3, 4]) * step, 3), "banned": False}
    elif how == "min":
        item |= {"min": round(steps * rng.choice([2, 3]) * step, 3), "max": None}
    elif how == "max":
        for other in problem["items"]:
            if other["food"] in FATS:
                other |= {"min": 0, "max": round(other["want"] * 0.3, 1), "locked": None}
    elif how == "limit":
        protein = problem["target"]["kcal"] / 40 * rng.choice([0.05, 1.5])
        problem["limits"] = [{"id": "protein", "nutrient": "protein",
                              "min": round(protein, 2), "max": round(1.2 * protein, 2)}]  # fmt: skip
    elif how == "carb":
        cap = round(problem["target"]["kcal"] * rng.choice([0.0005, 0.003]), 2)
        problem["limits"].append({"id": "carb_cap", "nutrient": "carb", "max": cap})
    else:
        item["min"] = item["want"] = 0
        item |= {"locked": 0.0, "max": None}


SLOTS = ("breakfast", "snack1", "lunch", "snack2", "dinner")
_FITS = (
    ["lunch", "dinner"], ["breakfast"], ["snack1", "snack2"], ["lunch", "dinner"],
    ["breakfast", "snack1"], ["snack2"], ["lunch"], ["breakfast", "snack2"], ["snack1"],
)  # fmt: skip
GROUPS = ("egg", "fish", "meat", "dairy", "plant", "poultry")


def made_up_week(rng: random.Random) -> Problem:
    """Forty recipes at one ratio, and rules of which some weeks cannot keep all."""
    ratio, day_kcal = rng.choice([3, 4]), rng.choice([600, 750, 900])
    shares = (0.22, 0.15, 0.24, 0.15, 0.24)
    recipes = []
    for index in range(40):
        non_fat = 100 / (9 * ratio + 4)
        protein = round(non_fat * rng.uniform(0.35, 0.8), 3)
        slots = rng.choice(_FITS) if index >= len(_FITS) else _FITS[index]
        recipes.append({
            "id": f"r{index:02}", "name": f"Recipe {index}", "slots": slots,
            "group": rng.choice(GROUPS), "minutes": rng.choice([5, 10, 15, 20, 30]),
            "score": rng.randint(1, 5),
            "per_100kcal": {"fat": round(ratio * non_fat, 3), "protein": protein,
                            "carb": round(non_fat - protein, 3), "fibre": 0.2,
                            "calcium_mg": round(rng.uniform(5, 30), 3)},
        })  # fmt: skip
    protein = day_kcal / (9 * ratio + 4) * 0.575
    rules: Problem = {
        "max_uses": {"default": rng.choice([2, 3]), "by_recipe": {}},
        "gap_days": rng.choice([2, 3]), "gap_exempt": [], "never": [], "fixed": [],
        "group_day_max": {"egg": 1, "fish": 1}, "group_week": {"fish": {"min": 1, "max": 6}},
        "distinct_min": rng.choice([16, 18, 20]), "minutes_day_max": rng.choice([75, 90]),
        "daily": [{"id": "protein", "nutrient": "protein", "min": round(0.9 * protein, 2),
                   "max": round(1.1 * protein, 2)}],
    }  # fmt: skip
    some = rng.sample(recipes, 3)
    if rng.random() < 0.4:
        rules["never"] = [some[0]["id"]]
    if rng.random() < 0.4:
        rules["fixed"] = [{"day": rng.randint(1, 7), "slot": some[1]["slots"][0],
                           "recipe": some[1]["id"]}]  # fmt: skip
    if rng.random() < 0.35:
        _spoil_week(rng, rules, recipes, day_kcal / (9 * ratio + 4))
    return {
        "schema": "meals/1", "id": "made", "kind": "week", "family": "week", "days": 7,
        "slots": [{"id": slot, "kcal": round(day_kcal * share, 1)}
                  for slot, share in zip(SLOTS, shares, strict=True)],
        "recipes": recipes, "rules": rules, "objective": {"score": 1.0, "repeat": 0.5},
    }  # fmt: skip


def _spoil_week(rng: random.Random, rules: Problem, recipes: list[Problem], non_fat: float) -> None:
    how = rng.choice(["carb", "distinct", "minutes", "group", "uses", "fixed"])
    if how == "carb":
        cap = round(non_fat * 0.35, 2)
        rules["daily"].append({"id": "carb_cap", "nutrient": "carb", "max": cap})
    elif how == "distinct":
        rules["distinct_min"] = rng.choice([33, 35])
    elif how == "minutes":
        rules["minutes_day_max"] = rng.choice([30, 40])
    elif how == "group":
        fish = sum(recipe["group"] == "fish" for recipe in recipes)
        rules["group_week"]["fish"] = {"min": max(8, 2 * fish)}
    elif how == "uses":
        rules["max_uses"]["default"] = 1
    else:
        one = next(recipe for recipe in recipes if "dinner" in recipe["slots"])
        rules["never"] = [one["id"]]
        rules["fixed"] = [{"day": 2, "slot": "dinner", "recipe": one["id"]}]
