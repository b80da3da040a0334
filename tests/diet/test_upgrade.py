"""A house that is older than the kitchen keeps every row, and its triggers, when it is upgraded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from quietdays.records.ids import new_id
from tests import house

BEFORE = [("diet", "0002_written_once")]  # the kitchen came after it
KEPT = ("ratio", "energy_kcal", "protein_g", "ratio_over_percent", "meals_per_day", "note")


def migrate(targets):
    return MigrationExecutor(connection).migrate(targets).apps


@pytest.fixture
def newest(transactional_db):
    leaves = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield leaves
    migrate(leaves)


def old_rows(apps, person, child) -> dict[str, object]:
    """One of everything that the first release could store."""

    def make(model: str, **values):
        return apps.get_model("diet", model).objects.create(id=new_id(), **values)

    food = make("Food", name="Powder", family_id=child.family_id)
    composition = make(
        "FoodComposition", food=food, version=1, fat_g=Decimal("69.2"), protein_g=Decimal("14.4"),
        carbohydrate_g=Decimal("8.2"), fibre_g=Decimal("5.3"), carbohydrate_basis="total",
        source="label", per_unit="g",
    )  # fmt: skip
    signed = make(
        "Prescription", child_id=child.pk, signed_by_id=person.pk, note="Weigh all.",
        **(house.PRESCRIBED | {"effective_from": date(2026, 3, 2)}),
    )  # fmt: skip
    entered = {
        "child_id": child.pk, "entered_by_id": person.pk, "time_zone": "Europe/Berlin",
        "happened_at": datetime(2026, 6, 9, 6, tzinfo=UTC),
    }  # fmt: skip
    planned = make("PlannedMeal", name="Breakfast", **entered)
    make("PlannedItem", meal=planned, composition=composition, amount=Decimal("20.5"))
    eaten = make("MealEaten", name="Breakfast", planned=planned, off_plan="a pea", **entered)
    make(
        "EatenItem", meal=eaten, composition=composition, food_name="Powder", unit="g",
        offered=Decimal("20.5"), left=Decimal("1.5"), fat_g_per_100=Decimal("69.2"),
        protein_g_per_100=Decimal("14.4"), carbohydrate_g_per_100=Decimal("2.9"),
        fibre_g_per_100=Decimal("5.3"),
    )  # fmt: skip
    return {"signed": signed, "eaten": eaten}


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_rows_of_the_first_release_stand_as_they_were_and_stay_written_once(newest, request):
    parent, child = (request.getfixturevalue(name) for name in ("parent", "child"))
    old = old_rows(migrate(BEFORE), parent, child)
    migrate(newest)

    from quietdays.diet.models import FoodComposition, MealEaten, PlannedMeal, Prescription
    from quietdays.diet.queries import verdict_on

    signed = Prescription.objects.get(pk=old["signed"].pk)
    assert {n: getattr(signed, n) for n in KEPT} == {n: getattr(old["signed"], n) for n in KEPT}
    assert signed.signed_at == old["signed"].signed_at
    assert (signed.diet_kind, signed.first_step, signed.meal_slots) == ("classical", None, [])
    assert signed.target_for(None).carbohydrate_g == pytest.approx(2)
    composition = FoodComposition.objects.get()
    assert composition.macros_per_100().carbohydrate_g == pytest.approx(2.9)
    assert composition.volume_ml_per_g is None
    eaten = MealEaten.objects.get()
    assert eaten.macros().fat_g == pytest.approx(0.19 * 69.2)
    assert (eaten.off_plan, eaten.reasons, eaten.offered_ml) == ("a pea", [], None)
    assert eaten.not_judged_because() == ["off_plan_food"]
    assert verdict_on(eaten, signed) is not None
    assert PlannedMeal.objects.get().macros().fat_g == pytest.approx(0.205 * 69.2)
    for model in (Prescription, FoodComposition):
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            model.objects.update(id=new_id())
