"""Everything that changes the diet: one function an act."""

from quietdays.diet.actions.eaten import Served, change_meal, log_meal
from quietdays.diet.actions.foods import add_food, correct_food
from quietdays.diet.actions.plans import Portion, change_plan, copy_day_plan, plan_meal
from quietdays.diet.actions.prescriptions import prescribe

__all__ = [
    "Portion",
    "Served",
    "add_food",
    "change_meal",
    "change_plan",
    "copy_day_plan",
    "correct_food",
    "log_meal",
    "plan_meal",
    "prescribe",
]
