"""Forms of the diet."""

from quietdays.diet.forms.eaten import (
    UTC,
    BreastfeedForm,
    MealEatenForm,
    UnplannedMealForm,
    eaten_initial,
)
from quietdays.diet.forms.foods import FoodForm
from quietdays.diet.forms.plans import FeedForm, MenuForm, PlannedMealForm, RecipeForm, choices_of
from quietdays.diet.forms.prescriptions import (
    ChecklistForm,
    ChecklistItemForm,
    PrescriptionForm,
    prescription_initial,
)
from quietdays.diet.forms.rows import Row, food_ids, read_rows

__all__ = [
    "UTC",
    "BreastfeedForm",
    "ChecklistForm",
    "ChecklistItemForm",
    "FeedForm",
    "FoodForm",
    "MealEatenForm",
    "MenuForm",
    "PlannedMealForm",
    "PrescriptionForm",
    "RecipeForm",
    "Row",
    "UnplannedMealForm",
    "choices_of",
    "eaten_initial",
    "food_ids",
    "prescription_initial",
    "read_rows",
]
