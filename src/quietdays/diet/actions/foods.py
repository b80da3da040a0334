"""Adding, correcting, checking and marking foods."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext

from quietdays.diet.models import FavouriteFood, Food, FoodComposition, LabelCheck
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write


def add_food(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    name: str,
    other_names: str = "",
    group: str = "",
    **composition: Any,
) -> Food:
    """A family's own food by its label; every family member and clinician can use it."""
    require(by, child, Act.PLAN)
    with one_write():
        found: Food | None = Food.objects.filter(pk=entry_id, family=child.family).first()
        if found is not None:
            return found
        food = Food(
            id=entry_id, family=child.family, name=name, other_names=other_names, group=group
        )
        food.full_clean()
        food.save()
        _store_composition(food=food, by=by, **composition)
    return food


def correct_food(
    *, by: Person, child: Child, food: Food, name: str, **composition: Any
) -> FoodComposition:
    """Store a new version of what a family's food holds, and its name.

    Meals of the past keep the figures and the name that they were logged with.
    """
    require(by, child, Act.PLAN)
    if food.family_id != child.family_id:
        raise ValidationError(
            gettext("This food belongs to the common table. Add your own beside it.")
        )
    with one_write():
        if food.name != name:
            food.name = name
            food.full_clean()
            food.save(update_fields=["name"])
        newest = food.composition
        if all(getattr(newest, name) == value for name, value in composition.items()):
            return newest  # sent twice, or nothing was changed
        return _store_composition(food=food, by=by, **composition)


def check_label(*, by: Person, child: Child, composition: FoodComposition) -> LabelCheck:
    """Somebody compared this version with the label in hand, and found it the same.

    It counts for this family alone. A version of the past cannot be checked any more.
    """
    require(by, child, Act.PLAN)
    food = composition.food
    _require_in_sight(child, food)
    with one_write():
        if food.composition != composition:
            raise ValidationError(
                gettext("These figures were replaced meanwhile. Compare the new ones.")
            )
        check, _ = LabelCheck.objects.get_or_create(
            family=child.family, composition=composition, defaults={"checked_by": by}
        )
    return check


def mark_favourite(*, by: Person, child: Child, food: Food) -> None:
    """This family wants to find this food first."""
    require(by, child, Act.PLAN)
    _require_in_sight(child, food)
    with one_write():
        FavouriteFood.objects.get_or_create(family=child.family, food=food)


def unmark_favourite(*, by: Person, child: Child, food: Food) -> None:
    """This food is no longer one to find first."""
    require(by, child, Act.PLAN)
    with one_write():
        FavouriteFood.objects.filter(family=child.family, food=food).delete()


def _require_in_sight(child: Child, food: Food) -> None:
    if food.family_id not in (None, child.family_id):
        raise ValidationError(gettext("This food belongs to another family."))


def _store_composition(*, food: Food, by: Person | None, **values: Any) -> FoodComposition:
    newest = food.compositions.aggregate(newest=Max("version"))["newest"] or 0
    composition = FoodComposition(
        id=new_id(), food=food, version=newest + 1, entered_by=by, **values
    )
    composition.full_clean(exclude=["food", "entered_by"])
    if composition.fibre_g is not None and composition.carbohydrate_basis == "total":
        if composition.fibre_g > composition.carbohydrate_g:
            raise ValidationError(
                {
                    "fibre_g": gettext(
                        "More fibre than carbohydrate with fibre: check the label's basis."
                    )
                }
            )
    composition.save()
    return composition
