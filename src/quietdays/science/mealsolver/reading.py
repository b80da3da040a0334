"""A problem as JSON says it, made into values: the one place that knows the format's keys.

The format is meals/1 (docs/mealsolver.md#format). Keys that it does not name are ignored;
a key that it needs and does not find, or a figure that cannot be, raises BadProblem with the
path of the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from quietdays.science.mealsolver.checks import BadProblem, name, shown, text, whole
from quietdays.science.mealsolver.problem import (
    Basis,
    CarbBasis,
    EnergyBasis,
    FoodValues,
    Item,
    Limit,
    MealProblem,
    Target,
    Weights,
)
from quietdays.science.mealsolver.week_problem import (
    Between,
    DailyLimit,
    Fixed,
    Recipe,
    Slot,
    WeekProblem,
    WeekRules,
)

SCHEMA = "meals/1"

T = TypeVar("T")
E = TypeVar("E", CarbBasis, EnergyBasis)

# What the values call a field, and what the format calls it, where the two differ.
_FORMAT_NAMES = {
    "fat_g": "fat", "protein_g": "protein", "carb_g": "carb", "fibre_g": "fibre",
    "energy_kcal": "kcal", "want_g": "want", "min_g": "min", "max_g": "max", "step_g": "step",
    "locked_g": "locked", "use_min_g": "use_min", "ratio_tolerance": "ratio_tol",
    "energy_tolerance_percent": "kcal_tol_pct", "volume_tolerance_percent": "volume_tol_pct",
    "least": "min", "most": "max", "energy": "kcal",
    "score_weight": "objective.score", "repeat_weight": "objective.repeat",
}  # fmt: skip
_FOOD_KEYS = frozenset({"name", "ref", "fat", "protein", "carb", "fibre", "kcal", "ml_per_g"})


def read_problem(document: object) -> MealProblem | WeekProblem:
    """The problem that a JSON document states. Raises BadProblem, naming the field."""
    whole_ = _object(document, "")
    schema = whole_.get("schema", SCHEMA)
    if schema != SCHEMA:
        raise BadProblem("schema", f"must be {SCHEMA}, not {shown(schema)}")
    kind = whole_.get("kind", "meal")
    if kind == "meal":
        return _at("", _meal, whole_)
    if kind == "week":
        return _at("", _week, whole_)
    raise BadProblem("kind", f"must be meal or week, not {shown(kind)}")


def _meal(document: Mapping[str, Any]) -> MealProblem:
    basis = _object(document.get("basis", {}), "basis")
    foods = _object(_needed(document, "foods"), "foods")
    target = _at("target", _target, _needed(document, "target"))
    objective = document.get("objective")
    return MealProblem(
        id=text(document.get("id", ""), "id"),
        basis=Basis(
            carb=_one_of(CarbBasis, basis.get("carb", "total"), "basis.carb"),
            energy=_one_of(EnergyBasis, basis.get("energy", "factors"), "basis.energy"),
        ),
        foods={key: _at(f"foods.{key}", _food, value) for key, value in foods.items()},
        items=_each(_needed(document, "items"), "items", partial(_item_of, foods)),
        target=target,
        limits=_each(document.get("limits", []), "limits", _limit),
        max_items=document.get("max_items"),
        weights=None
        if objective is None
        else _at("objective", partial(_weights, target), objective),
    )


def _food(row: Mapping[str, Any]) -> FoodValues:
    try:
        return _values(row)
    except BadProblem as fault:
        raise fault.of(_name_in(row)) from None


def _values(row: Mapping[str, Any]) -> FoodValues:
    others = {
        key: value
        for key, value in row.items()
        if key not in _FOOD_KEYS and (value is None or not isinstance(value, str))
    }
    return FoodValues(
        name=text(_needed(row, "name"), "name"),
        fat_g=_needed(row, "fat"),
        protein_g=_needed(row, "protein"),
        carb_g=_needed(row, "carb"),
        fibre_g=row.get("fibre"),
        energy_kcal=row.get("kcal"),
        ml_per_g=row.get("ml_per_g"),
        nutrients=others,
    )


def _name_in(row: object) -> str:
    """A food's name for a fault of it, where it has one."""
    found = row.get("name") if isinstance(row, Mapping) else None
    return found if isinstance(found, str) else ""


def _item_of(foods: Mapping[str, Any], row: Mapping[str, Any]) -> Item:
    """An item whose fault is told with its food's name."""
    try:
        return _item(row)
    except BadProblem as fault:
        key = row.get("food")
        raise fault.of(_name_in(foods.get(key) if isinstance(key, str) else None)) from None


def _item(row: Mapping[str, Any]) -> Item:
    return Item(
        food=name(_needed(row, "food"), "food"),
        want_g=row.get("want", 0.0),
        weight=row.get("weight"),
        min_g=row.get("min", 0.0),
        max_g=row.get("max"),
        step_g=_needed(row, "step"),
        locked_g=row.get("locked"),
        use_min_g=row.get("use_min"),
        banned=row.get("banned", False),
    )


def _target(row: Mapping[str, Any]) -> Target:
    return Target(
        ratio=_needed(row, "ratio"),
        energy_kcal=_needed(row, "kcal"),
        ratio_tolerance=row.get("ratio_tol", 0.05),
        energy_tolerance_percent=row.get("kcal_tol_pct", 2.0),
        volume_ml=row.get("volume_ml"),
        volume_tolerance_percent=row.get("volume_tol_pct", 1.0),
    )


def _limit(row: Mapping[str, Any]) -> Limit:
    return Limit(
        id=name(_needed(row, "id"), "id"),
        nutrient=name(_needed(row, "nutrient"), "nutrient"),
        least=row.get("min"),
        most=row.get("max"),
    )


def _weights(target: Target, row: Mapping[str, Any]) -> Weights:
    usual = Weights.usual(target)
    return Weights(
        ratio=row.get("ratio", usual.ratio),
        energy=row.get("kcal", usual.energy),
        volume=row.get("volume", usual.volume),
    )


def _week(document: Mapping[str, Any]) -> WeekProblem:
    objective = _object(document.get("objective", {}), "objective")
    return WeekProblem(
        id=text(document.get("id", ""), "id"),
        days=document.get("days", 7),
        slots=_each(_needed(document, "slots"), "slots", _slot),
        recipes=_each(_needed(document, "recipes"), "recipes", _recipe),
        rules=_at("rules", _rules, document.get("rules", {})),
        score_weight=objective.get("score", 1.0),
        repeat_weight=objective.get("repeat", 0.5),
    )


def _slot(row: Mapping[str, Any]) -> Slot:
    return Slot(id=name(_needed(row, "id"), "id"), energy_kcal=_needed(row, "kcal"))


def _recipe(row: Mapping[str, Any]) -> Recipe:
    nutrients = _object(row.get("per_100kcal", {}), "per_100kcal")
    return Recipe(
        id=name(_needed(row, "id"), "id"),
        name=text(row.get("name", row.get("id", "")), "name"),
        slots=frozenset(_names(_needed(row, "slots"), "slots")),
        score=row.get("score", 0.0),
        minutes=row.get("minutes", 0.0),
        group=text(row.get("group") or "", "group"),
        per_100kcal={key: value for key, value in nutrients.items() if value is not None},
    )


def _rules(row: Mapping[str, Any]) -> WeekRules:
    uses = _object(row.get("max_uses", {}), "max_uses")
    between = {
        group: _at(f"group_week.{group}", _between, value)
        for group, value in _object(row.get("group_week", {}), "group_week").items()
    }
    return WeekRules(
        max_uses=uses.get("default"),
        max_uses_of=_object(uses.get("by_recipe", {}), "max_uses.by_recipe"),
        gap_days=row.get("gap_days", 0),
        gap_exempt=frozenset(_names(row.get("gap_exempt", []), "gap_exempt")),
        never=_names(row.get("never", []), "never"),
        fixed=_each(row.get("fixed", []), "fixed", _fixed),
        group_day_max=_object(row.get("group_day_max", {}), "group_day_max"),
        group_week=between,
        distinct_min=row.get("distinct_min"),
        minutes_day_max=row.get("minutes_day_max"),
        daily=_each(row.get("daily", []), "daily", _daily),
    )


def _between(row: Mapping[str, Any]) -> Between:
    return Between(least=row.get("min"), most=row.get("max"))


def _fixed(row: Mapping[str, Any]) -> Fixed:
    return Fixed(
        day=whole(_needed(row, "day"), "day", least=1),
        slot=name(_needed(row, "slot"), "slot"),
        recipe=name(_needed(row, "recipe"), "recipe"),
    )


def _daily(row: Mapping[str, Any]) -> DailyLimit:
    return DailyLimit(
        id=name(_needed(row, "id"), "id"),
        nutrient=name(_needed(row, "nutrient"), "nutrient"),
        between=_between(row),
    )


def _at(path: str, make: Callable[[Mapping[str, Any]], T], value: object) -> T:
    """What `make` makes of an object; its fault is named from this path, in the format's words."""
    try:
        return make(_object(value, ""))
    except BadProblem as fault:
        first, dot, rest = fault.field.partition(".")
        here = rest if first == "nutrients" else _FORMAT_NAMES.get(first, first) + dot + rest
        inner = BadProblem(here, fault.reason, fault.about)
        raise (inner.within(path) if path else inner) from None


def _each(value: object, path: str, make: Callable[[Mapping[str, Any]], T]) -> tuple[T, ...]:
    if not isinstance(value, list | tuple):
        raise BadProblem(path, f"must be a list, not {shown(value)}")
    return tuple(_at(f"{path}[{index}]", make, row) for index, row in enumerate(value))


def _object(value: object, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadProblem(path, f"must be an object, not {shown(value)}")
    return value


def _needed(row: Mapping[str, Any], key: str) -> Any:
    if key not in row:
        raise BadProblem(key, "is missing")
    return row[key]


def _names(value: object, path: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise BadProblem(path, f"must be a list, not {shown(value)}")
    return tuple(name(word, f"{path}[{index}]") for index, word in enumerate(value))


def _one_of(words: type[E], value: object, path: str) -> E:
    for word in words:
        if word == value:
            return word
    raise BadProblem(path, f"must be {' or '.join(words)}, not {shown(value)}")
