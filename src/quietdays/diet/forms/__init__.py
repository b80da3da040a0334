"""Forms of the diet."""

from quietdays.diet.forms.foods import FoodForm
from quietdays.diet.forms.meals import (
    UTC,
    MealEatenForm,
    PlannedMealForm,
    Row,
    eaten_initial,
    food_ids,
    read_rows,
)
from quietdays.diet.forms.prescriptions import PrescriptionForm

__all__ = [
    "UTC",
    "FoodForm",
    "MealEatenForm",
    "PlannedMealForm",
    "PrescriptionForm",
    "Row",
    "eaten_initial",
    "food_ids",
    "read_rows",
]
