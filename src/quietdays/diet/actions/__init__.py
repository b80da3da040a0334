"""Everything that changes the diet: one function an act."""

from quietdays.diet.actions.checklists import (
    add_checklist_item,
    remove_checklist_item,
    start_checklist,
    tick_checklist_item,
)
from quietdays.diet.actions.eaten import (
    HUMAN_MILK,
    HUMAN_MILK_ML_PER_G,
    Served,
    change_breastfeed,
    change_meal,
    log_breastfeed,
    log_meal,
    sort_off_plan,
)
from quietdays.diet.actions.foods import (
    add_food,
    check_label,
    correct_food,
    mark_favourite,
    unmark_favourite,
)
from quietdays.diet.actions.plans import (
    NewPlan,
    Portion,
    change_plan,
    copy_day_plan,
    copy_week_plan,
    plan_meal,
    plan_meals,
)
from quietdays.diet.actions.prescriptions import LaterStep, acknowledge, prescribe
from quietdays.diet.actions.recipes import (
    change_recipe,
    keep_recipe,
    remove_recipe_photo,
    set_recipe_photo,
)

__all__ = [
    "HUMAN_MILK",
    "HUMAN_MILK_ML_PER_G",
    "LaterStep",
    "NewPlan",
    "Portion",
    "Served",
    "acknowledge",
    "add_checklist_item",
    "add_food",
    "change_breastfeed",
    "change_meal",
    "change_plan",
    "change_recipe",
    "check_label",
    "copy_day_plan",
    "copy_week_plan",
    "correct_food",
    "keep_recipe",
    "log_breastfeed",
    "log_meal",
    "mark_favourite",
    "plan_meal",
    "plan_meals",
    "prescribe",
    "remove_checklist_item",
    "remove_recipe_photo",
    "set_recipe_photo",
    "sort_off_plan",
    "start_checklist",
    "tick_checklist_item",
    "unmark_favourite",
]
