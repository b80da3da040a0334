"""What the diet stores."""

from quietdays.diet.models.checklists import ChecklistItem
from quietdays.diet.models.eaten import EatenItem, MealEaten, Reason, Vomited
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
from quietdays.diet.models.prescriptions import (
    Acknowledgement,
    DietKind,
    Prescription,
    Route,
    WeightBasis,
)
from quietdays.diet.models.recipes import Recipe, RecipeItem, RecipePhoto

__all__ = [
    "Acknowledgement",
    "BasisChoice",
    "CarbohydrateDefinition",
    "ChecklistItem",
    "DietKind",
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
    "Reason",
    "Recipe",
    "RecipeItem",
    "RecipePhoto",
    "Route",
    "Vomited",
    "WeightBasis",
]
