"""What an address asks of a recipe: a meal of the prescription, servings, or what is there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diet import queries, scaling
from quietdays.diet.forms import choices_of
from quietdays.diet.models import Prescription, Recipe
from quietdays.people.models import Child
from quietdays.records.forms import parse_decimal


def kitchen_of(child: Child, current: Prescription | None) -> scaling.Kitchen:
    return scaling.Kitchen(child.family.scale_step_g, queries.basis_of(current))


def scaled_from(
    asked: Mapping[str, str], child: Child, recipe: Recipe, current: Prescription | None
) -> scaling.Scaled | None:
    """The recipe as `to` asks: meal, servings or pot; None when nothing is asked.

    Raises ValidationError with a sentence for what cannot be read or scaled.
    """
    kitchen, to = kitchen_of(child, current), asked.get("to", "")
    if to == "meal":
        which = asked.get("which", "")
        target = next((t for token, _, t in choices_of(current) if token == which), None)
        if target is None:
            raise ValidationError(
                gettext("No prescription is in force, so there is no meal to scale to.")
            )
        return scaling.for_target(recipe, target, kitchen)
    if to == "servings":
        text = asked.get("servings", "")
        if not re.fullmatch(r"\d{1,2}", text) or not 1 <= int(text) <= 60:
            raise ValidationError(gettext("Say how many servings: 1 to 60."))
        return scaling.for_servings(recipe, int(text), kitchen)
    if to == "pot":
        items = {str(i.composition.food_id): i for i in recipe.items.all()}
        item = items.get(asked.get("food", ""))
        if item is None:
            raise ValidationError(gettext("Choose the food that you have."))
        amount = parse_decimal(asked.get("amount", ""))
        if not 0 < amount <= 5000:
            raise ValidationError(gettext("An amount lies above 0 and up to 5,000."))
        return scaling.for_pot(recipe, item, amount, kitchen)
    return None
