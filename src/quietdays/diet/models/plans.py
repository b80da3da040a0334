"""Meals and feeds as they should be weighed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from quietdays.diet.models.foods import FoodComposition
from quietdays.records.ids import new_id
from quietdays.records.models import TimedRecord
from quietdays.science.macros import Macros


def amount_field() -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=7, decimal_places=2)


class PlannedMeal(TimedRecord):
    """A meal or feed as it should be weighed; `happened_at` is when it is due."""

    may_be_future = True

    name = models.CharField(max_length=80)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        indexes = [models.Index(fields=["child", "happened_at"], name="planned_meal_time")]

    def __str__(self) -> str:
        return self.name

    def macros(self) -> Macros:
        return Macros.total(item.macros() for item in self.items.all())


class PlannedItem(models.Model):
    """So much of one food in a planned meal, bound to the composition it was planned with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meal = models.ForeignKey(PlannedMeal, on_delete=models.CASCADE, related_name="items")
    composition = models.ForeignKey(FoodComposition, on_delete=models.PROTECT, related_name="+")
    amount = amount_field()
    position = models.PositiveSmallIntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=5000),
                name="planned_item_amount_possible",
                violation_error_message="An amount lies above 0 and up to 5,000.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit} {self.composition.food.name}"

    @property
    def unit(self) -> str:
        return self.composition.per_unit

    def macros(self) -> Macros:
        return self.composition.macros_per_100().scaled(float(self.amount) / 100)
