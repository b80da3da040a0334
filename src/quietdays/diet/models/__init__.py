"""What the diet stores."""

from quietdays.diet.models.eaten import EatenItem, MealEaten, Vomited
from quietdays.diet.models.foods import (
    BasisChoice,
    CarbohydrateDefinition,
    FavouriteFood,
    Food,
    FoodComposition,
    FoodMeasure,
    LabelCheck,
    MeasureUnit,
)
from quietdays.diet.models.plans import PlannedItem, PlannedMeal
from quietdays.diet.models.prescriptions import Prescription

__all__ = [
    "BasisChoice",
    "CarbohydrateDefinition",
    "EatenItem",
    "FavouriteFood",
    "Food",
    "FoodComposition",
    "FoodMeasure",
    "LabelCheck",
    "MealEaten",
    "MeasureUnit",
    "PlannedItem",
    "PlannedMeal",
    "Prescription",
    "Vomited",
]
