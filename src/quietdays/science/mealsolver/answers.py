"""What comes back: a meal that holds everything, or what stands in its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from quietdays.science.mealsolver.verify import Totals
from quietdays.science.mealsolver.weighing import Sensitivity, WeighingAdvice


@dataclass(frozen=True, slots=True)
class Solved:
    """Grams of each food that is used, weighable and verified, and what they hold.

    `cost` is what the problem asked to be small. `unknown` lists limits towards which a
    used food counted nothing because its table does not say: (limit id, food).
    """

    amounts: Mapping[str, Decimal]
    totals: Totals
    cost: float
    sensitivity: Sensitivity | None
    advice: WeighingAdvice | None
    unknown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fix:
    """One number that would be enough to change, and what to. Verified by solving again."""

    constraint: str
    to: Decimal


@dataclass(frozen=True, slots=True)
class Refused:
    """Constraints that cannot hold together, none of which can be left out; and ways out."""

    conflict: tuple[str, ...]
    relax: tuple[Fix, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither an answer nor a proof came in the time that was given."""

    message: str


MealAnswer = Solved | Refused | Undecided


@dataclass(frozen=True, slots=True)
class SolvedWeek:
    """A recipe for every slot of every day: `menu[1]["breakfast"]`. Verified."""

    menu: Mapping[int, Mapping[str, str]]
    score: float


WeekAnswer = SolvedWeek | Refused | Undecided
