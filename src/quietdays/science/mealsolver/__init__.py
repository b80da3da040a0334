"""The meal solver: weighable grams for a meal, a formula recipe or a week's menu.

A `MealProblem` says which foods there are, how much of each is wanted and what must hold;
`solve_meal` answers `Solved`, `Refused` with what stands in the way, or `Undecided`. The same
for weeks with `solve_week`. Nothing is relaxed silently, and no amount is handed on that the
verifier has not passed. Grams, kcal, mL. The method: docs/mealsolver.md.
"""

from quietdays.science.mealsolver.answers import (
    Fix,
    MealAnswer,
    Refused,
    Solved,
    SolvedWeek,
    Undecided,
    WeekAnswer,
)
from quietdays.science.mealsolver.checks import BadProblem, WrongAnswer
from quietdays.science.mealsolver.meal import solve_meal
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
from quietdays.science.mealsolver.reading import read_problem
from quietdays.science.mealsolver.verify import Totals, broken, totals
from quietdays.science.mealsolver.week import solve_week
from quietdays.science.mealsolver.week_problem import (
    Between,
    DailyLimit,
    Fixed,
    Recipe,
    Slot,
    WeekProblem,
    WeekRules,
)
from quietdays.science.mealsolver.week_verify import week_broken, week_score
from quietdays.science.mealsolver.weighing import (
    Sensitivity,
    WeighingAdvice,
    batch,
    sensitivity,
    weighing_advice,
)

__all__ = [
    "BadProblem",
    "Basis",
    "Between",
    "CarbBasis",
    "DailyLimit",
    "EnergyBasis",
    "Fix",
    "Fixed",
    "FoodValues",
    "Item",
    "Limit",
    "MealAnswer",
    "MealProblem",
    "Recipe",
    "Refused",
    "Sensitivity",
    "Slot",
    "Solved",
    "SolvedWeek",
    "Target",
    "Totals",
    "Undecided",
    "WeekAnswer",
    "WeekProblem",
    "WeekRules",
    "WeighingAdvice",
    "Weights",
    "WrongAnswer",
    "batch",
    "broken",
    "read_problem",
    "sensitivity",
    "solve_meal",
    "solve_week",
    "totals",
    "week_broken",
    "week_score",
    "weighing_advice",
]
