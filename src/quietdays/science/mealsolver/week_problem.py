"""A week of menus to be filled: slots, recipes, rules. Every value checks itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from quietdays.science.mealsolver.checks import BadProblem, name, number, text, whole

_NOBODY: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Slot:
    """One meal of every day, and the energy each recipe is scaled to there."""

    id: str
    energy_kcal: float

    def __post_init__(self) -> None:
        name(self.id, "id")
        object.__setattr__(self, "energy_kcal", number(self.energy_kcal, "energy_kcal", above=True))


@dataclass(frozen=True, slots=True)
class Recipe:
    """A balanced recipe: where it fits, how liked it is, and its nutrients per 100 kcal."""

    id: str
    name: str
    slots: frozenset[str]
    score: float = 0.0
    minutes: float = 0.0
    group: str = ""
    per_100kcal: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        name(self.id, "id")
        text(self.name, "name")
        text(self.group, "group")
        object.__setattr__(self, "slots", frozenset(self.slots))
        object.__setattr__(self, "score", number(self.score, "score", least=-1_000_000))
        object.__setattr__(self, "minutes", number(self.minutes, "minutes"))
        known = {k: number(v, f"per_100kcal.{k}") for k, v in self.per_100kcal.items()}
        object.__setattr__(self, "per_100kcal", MappingProxyType(known))


@dataclass(frozen=True, slots=True)
class Fixed:
    """A meal that is decided already. Days count from 1."""

    day: int
    slot: str
    recipe: str


@dataclass(frozen=True, slots=True)
class Between:
    """From least to most; None is no limit on that side."""

    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        for key in ("least", "most"):
            if getattr(self, key) is not None:
                object.__setattr__(self, key, number(getattr(self, key), key))
        if self.least is not None and self.most is not None and self.least > self.most:
            raise BadProblem("least", f"the least, {self.least:g}, is over the most, {self.most:g}")


@dataclass(frozen=True, slots=True)
class DailyLimit:
    """A nutrient's least and most in each day, in the unit of the recipes' values."""

    id: str
    nutrient: str
    between: Between

    def __post_init__(self) -> None:
        name(self.id, "id")
        name(self.nutrient, "nutrient")


@dataclass(frozen=True, slots=True)
class WeekRules:
    """What the household and the care team ask of a week; None is no rule."""

    max_uses: int | None = None
    max_uses_of: Mapping[str, int] = field(default_factory=lambda: _NOBODY)
    gap_days: int = 0
    gap_exempt: frozenset[str] = frozenset()
    never: tuple[str, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    group_day_max: Mapping[str, int] = field(default_factory=lambda: _NOBODY)
    group_week: Mapping[str, Between] = field(default_factory=lambda: MappingProxyType({}))
    distinct_min: int | None = None
    minutes_day_max: float | None = None
    daily: tuple[DailyLimit, ...] = ()

    def __post_init__(self) -> None:
        if self.max_uses is not None:
            object.__setattr__(self, "max_uses", whole(self.max_uses, "max_uses"))
        for key in ("max_uses_of", "group_day_max"):
            rules = {k: whole(v, f"{key}.{k}") for k, v in getattr(self, key).items()}
            object.__setattr__(self, key, MappingProxyType(rules))
        object.__setattr__(self, "group_week", MappingProxyType(dict(self.group_week)))
        object.__setattr__(self, "gap_days", whole(self.gap_days, "gap_days"))
        object.__setattr__(self, "gap_exempt", frozenset(self.gap_exempt))
        object.__setattr__(self, "never", tuple(dict.fromkeys(self.never)))
        object.__setattr__(self, "fixed", tuple(self.fixed))
        object.__setattr__(self, "daily", tuple(self.daily))
        if self.distinct_min is not None:
            object.__setattr__(self, "distinct_min", whole(self.distinct_min, "distinct_min"))
        if self.minutes_day_max is not None:
            minutes = number(self.minutes_day_max, "minutes_day_max")
            object.__setattr__(self, "minutes_day_max", minutes)

    def uses(self, recipe: str) -> int | None:
        """How often a recipe may come in the week."""
        return self.max_uses_of.get(recipe, self.max_uses)


@dataclass(frozen=True, slots=True)
class WeekProblem:
    """Slots of a day, recipes, rules; the best menu has the highest score."""

    slots: tuple[Slot, ...]
    recipes: tuple[Recipe, ...]
    rules: WeekRules = WeekRules()
    days: int = 7
    score_weight: float = 1.0
    repeat_weight: float = 0.5
    id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "slots", tuple(self.slots))
        object.__setattr__(self, "recipes", tuple(self.recipes))
        object.__setattr__(self, "days", whole(self.days, "days", least=1, most=31))
        for key in ("score_weight", "repeat_weight"):
            object.__setattr__(self, key, number(getattr(self, key), key))
        _alone([slot.id for slot in self.slots], "slots")
        _alone([recipe.id for recipe in self.recipes], "recipes")
        _alone([daily.id for daily in self.rules.daily], "rules.daily")
        self._check_slots()
        self._check_rules()

    def _check_slots(self) -> None:
        slots = {slot.id for slot in self.slots}
        for index, recipe in enumerate(self.recipes):
            for unknown in sorted(recipe.slots - slots):
                raise BadProblem(f"recipes[{index}].slots", f"there is no slot {unknown}")
        for index, slot in enumerate(self.slots):
            if not any(slot.id in recipe.slots for recipe in self.recipes):
                raise BadProblem(f"slots[{index}]", f"no recipe fits {slot.id}")

    def _check_rules(self) -> None:
        recipes = {recipe.id for recipe in self.recipes}
        slots = {slot.id for slot in self.slots}
        named = (("never", self.rules.never), ("gap_exempt", self.rules.gap_exempt),
                 ("max_uses.by_recipe", self.rules.max_uses_of))  # fmt: skip
        for key, ids in named:
            for unknown in sorted(set(ids) - recipes):
                raise BadProblem(f"rules.{key}", f"there is no recipe {unknown}")
        places = set()
        for index, fixed in enumerate(self.rules.fixed):
            where = f"rules.fixed[{index}]"
            if fixed.recipe not in recipes:
                raise BadProblem(f"{where}.recipe", f"there is no recipe {fixed.recipe}")
            if fixed.slot not in slots:
                raise BadProblem(f"{where}.slot", f"there is no slot {fixed.slot}")
            whole(fixed.day, f"{where}.day", least=1, most=self.days)
            if (fixed.day, fixed.slot) in places:
                raise BadProblem(where, f"day {fixed.day}, {fixed.slot} is fixed twice")
            places.add((fixed.day, fixed.slot))


def _alone(ids: list[str], field: str) -> None:
    if not ids and field != "rules.daily":
        raise BadProblem(field, "must not be empty")
    for index, id_ in enumerate(ids):
        if id_ in ids[:index]:
            raise BadProblem(f"{field}[{index}].id", f"{id_} stands in the list twice")
