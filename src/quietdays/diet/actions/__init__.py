"""Everything that changes the diet: one function an act."""

from quietdays.diet.actions.eaten import Served, change_meal, log_meal
from quietdays.diet.actions.foods import (
    add_food,
    check_label,
    correct_food,
    mark_favourite,
    unmark_favourite,
)
from quietdays.diet.actions.plans import Portion, change_plan, copy_day_plan, plan_meal
from quietdays.diet.actions.prescriptions import prescribe

__all__ = [
    "Portion",
    "Served",
    "add_food",
    "change_meal",
    "change_plan",
    "check_label",
    "copy_day_plan",
    "correct_food",
    "log_meal",
    "mark_favourite",
    "plan_meal",
    "prescribe",
    "unmark_favourite",
]
