"""A meal to be solved: foods, what is wanted of each, and what must hold.

Every value checks itself when it is made and raises BadProblem, so that nothing behind
this door asks again. An int or a Decimal is taken for a float too; figures are kept as float, and
the decimal that was typed is recovered exactly where it matters (`checks.exact`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from quietdays.science.mealsolver.checks import BadProblem, name, number, text, whole

# Tables round each figure, so 100 g of pure oil may sum to 100.09 g.
LARGEST_MACRO_SUM_G = 105.0
LARGEST_AMOUNT_G = 100_000.0
FINEST_STEP_G = 0.001
# A gram of difference weighs more in a food of which little is wanted, down to this much.
_RELATIVE_FROM_G = 5.0
_WEIGHT_OF_A_TENFOLD = 10.0
_NOTHING: Mapping[str, float | None] = MappingProxyType({})


class CarbBasis(StrEnum):
    """Which carbohydrate a prescription counts."""

    TOTAL = "total"  # as the table gives it
    NET = "net"  # less fibre, where fibre is known


class EnergyBasis(StrEnum):
    """Where energy comes from."""

    FACTORS = "factors"  # 9, 4 and 4 kcal a gram
    TABLE = "table"  # the kcal printed in the food table


@dataclass(frozen=True, slots=True)
class Basis:
    carb: CarbBasis = CarbBasis.TOTAL
    energy: EnergyBasis = EnergyBasis.FACTORS


@dataclass(frozen=True, slots=True)
class FoodValues:
    """One food per 100 g. None is unknown: it adds nothing to a sum and deducts nothing.

    `carb_g` is what the basis "total" counts; give available carbohydrate and no fibre where
    the table has taken the fibre off already, so that it is never taken off twice.
    """

    name: str
    fat_g: float
    protein_g: float
    carb_g: float
    fibre_g: float | None = None
    energy_kcal: float | None = None
    ml_per_g: float | None = None
    nutrients: Mapping[str, float | None] = field(default_factory=lambda: _NOTHING)

    def __post_init__(self) -> None:
        text(self.name, "name")
        try:
            self._check()
        except BadProblem as fault:
            raise fault.of(self.name) from None

    def _check(self) -> None:
        for key in ("fat_g", "protein_g", "carb_g"):
            object.__setattr__(self, key, number(getattr(self, key), key))
        for key in ("fibre_g", "energy_kcal", "ml_per_g"):
            if getattr(self, key) is not None:
                object.__setattr__(self, key, number(getattr(self, key), key))
        total_g = self.fat_g + self.protein_g + self.carb_g
        if total_g > LARGEST_MACRO_SUM_G:
            raise BadProblem(
                "", f"fat, protein and carbohydrate sum to {total_g:g} g in 100 g of {self.name}"
            )
        known = {
            key: None if value is None else number(value, f"nutrients.{key}")
            for key, value in self.nutrients.items()
        }
        object.__setattr__(self, "nutrients", MappingProxyType(known))


@dataclass(frozen=True, slots=True)
class Item:
    """What is asked of one food, in grams.

    `want_g` is the recipe's amount; `weight` says how dear a gram of difference is (the
    default makes it relative). `step_g` is what the household's scale can weigh; coarse
    foods such as water may take 1 g. `use_min_g`: none, or at least so much.
    """

    food: str
    want_g: float = 0.0
    weight: float | None = None
    min_g: float = 0.0
    max_g: float | None = None
    step_g: float = 0.1
    locked_g: float | None = None
    use_min_g: float | None = None
    banned: bool = False

    def __post_init__(self) -> None:
        name(self.food, "food")
        for key in ("want_g", "min_g", "max_g", "locked_g", "use_min_g"):
            value = getattr(self, key)
            if value is not None or key in ("want_g", "min_g"):
                object.__setattr__(self, key, number(value, key, most=LARGEST_AMOUNT_G))
        if self.weight is None:
            weight = _WEIGHT_OF_A_TENFOLD / max(self.want_g, _RELATIVE_FROM_G)
            object.__setattr__(self, "weight", weight)
        else:
            object.__setattr__(self, "weight", number(self.weight, "weight"))
        step_g = number(self.step_g, "step_g", above=True, most=LARGEST_AMOUNT_G)
        if step_g < FINEST_STEP_G:
            raise BadProblem("step_g", f"must be at least {FINEST_STEP_G:g} g, not {step_g:g}")
        object.__setattr__(self, "step_g", step_g)
        if not isinstance(self.banned, bool):
            raise BadProblem("banned", "must be true or false")


@dataclass(frozen=True, slots=True)
class Target:
    """What the meal must come to: ratio and energy within tolerance, a formula's volume too."""

    ratio: float
    energy_kcal: float
    ratio_tolerance: float = 0.05
    energy_tolerance_percent: float = 2.0
    volume_ml: float | None = None
    volume_tolerance_percent: float = 1.0

    def __post_init__(self) -> None:
        for key, most in (("ratio", 1000.0), ("energy_kcal", LARGEST_AMOUNT_G)):
            object.__setattr__(self, key, number(getattr(self, key), key, above=True, most=most))
        if self.volume_ml is not None:
            volume_ml = number(self.volume_ml, "volume_ml", above=True, most=LARGEST_AMOUNT_G)
            object.__setattr__(self, "volume_ml", volume_ml)
        most_of = {"ratio_tolerance": 1000.0}
        for key in ("ratio_tolerance", "energy_tolerance_percent", "volume_tolerance_percent"):
            value = number(getattr(self, key), key, most=most_of.get(key, 99.0))
            object.__setattr__(self, key, value)


@dataclass(frozen=True, slots=True)
class Limit:
    """A nutrient's least and most in the whole meal, in the unit of the food's values.

    `nutrient`: fat, protein, carb (by the basis), fibre, kcal, or a key of the foods'
    `nutrients`. A food that does not know the nutrient counts nothing towards it.
    """

    id: str
    nutrient: str
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        name(self.id, "id")
        name(self.nutrient, "nutrient")
        for key in ("least", "most"):
            if getattr(self, key) is not None:
                object.__setattr__(self, key, number(getattr(self, key), key))
        if self.least is not None and self.most is not None and self.least > self.most:
            raise BadProblem("least", f"the least, {self.least:g}, is over the most, {self.most:g}")


@dataclass(frozen=True, slots=True)
class Weights:
    """How dear an error in the ratio (per gram of fat), the energy and the volume is."""

    ratio: float
    energy: float
    volume: float = 0.0

    def __post_init__(self) -> None:
        for key in ("ratio", "energy", "volume"):
            object.__setattr__(self, key, number(getattr(self, key), key))

    @classmethod
    def usual(cls, target: Target) -> Weights:
        """0.05 of ratio, 2 % of energy and 5 % of volume each weigh as 10 % of one food."""
        unit_kcal = 9.0 * target.ratio + 4.0
        return cls(
            ratio=20.0 * unit_kcal / target.energy_kcal,
            energy=50.0 / target.energy_kcal,
            volume=20.0 / target.volume_ml if target.volume_ml else 0.0,
        )


BASIC_NUTRIENTS = frozenset({"fat", "protein", "carb", "fibre", "kcal"})


@dataclass(frozen=True, slots=True)
class MealProblem:
    """Foods, items, target and rules of one meal or formula recipe."""

    foods: Mapping[str, FoodValues]
    items: tuple[Item, ...]
    target: Target
    limits: tuple[Limit, ...] = ()
    max_items: int | None = None
    basis: Basis = Basis()
    weights: Weights | None = None
    id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "foods", MappingProxyType(dict(self.foods)))
        object.__setattr__(self, "items", tuple(self.items))
        object.__setattr__(self, "limits", tuple(self.limits))
        if self.weights is None:
            object.__setattr__(self, "weights", Weights.usual(self.target))
        if self.max_items is not None:
            object.__setattr__(self, "max_items", whole(self.max_items, "max_items", least=1))
        self._check_items()
        self._check_limits()

    def _check_items(self) -> None:
        if not self.items:
            raise BadProblem("items", "must name at least one food")
        seen = set()
        for index, item in enumerate(self.items):
            where = f"items[{index}].food"
            if item.food not in self.foods:
                raise BadProblem(where, f"{item.food} is not among the foods")
            food = self.foods[item.food]
            if item.food in seen:
                raise BadProblem(where, f"{food.name or item.food} stands in the list twice")
            seen.add(item.food)
            if item.max_g is not None and item.min_g > item.max_g:
                reason = f"the least, {item.min_g:g} g, is over the most, {item.max_g:g} g"
                raise BadProblem(f"items[{index}].min", reason, food.name)
            self._check_food(item.food, food)

    def _check_food(self, id_: str, food: FoodValues) -> None:
        where = f"foods.{id_}"
        if self.basis.energy is EnergyBasis.TABLE and food.energy_kcal is None:
            reason = "is needed when energy is the table's"
            raise BadProblem(f"{where}.kcal", reason, food.name)
        if self.target.volume_ml is not None and food.ml_per_g is None:
            raise BadProblem(f"{where}.ml_per_g", "is needed to come to a volume", food.name)

    def _check_limits(self) -> None:
        ids = [limit.id for limit in self.limits]
        for index, limit in enumerate(self.limits):
            if limit.id in ids[:index]:
                raise BadProblem(f"limits[{index}].id", f"{limit.id} stands in the list twice")
            known = limit.nutrient in BASIC_NUTRIENTS or any(
                limit.nutrient in self.foods[item.food].nutrients for item in self.items
            )
            if not known:
                where = f"limits[{index}].nutrient"
                raise BadProblem(where, f"no food has a value for {limit.nutrient}")

    def food(self, index: int) -> FoodValues:
        return self.foods[self.items[index].food]

    def with_item(self, index: int, item: Item) -> MealProblem:
        """The same meal with another demand on one food."""
        return replace(self, items=(*self.items[:index], item, *self.items[index + 1 :]))
