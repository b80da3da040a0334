"""Meals and feeds as they should be weighed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords

from quietdays.diet.models.foods import FoodComposition
from quietdays.records.ids import new_id
from quietdays.records.models import TimedRecord
from quietdays.science.macros import Macros


def amount_field(**options: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=7, decimal_places=2, **options)


class PlannedMeal(TimedRecord):
    """A meal or feed as it should be weighed; `happened_at` is when it is due."""

    may_be_future = True

    name = models.CharField(max_length=80)
    # Which of the prescription's meals it is, from 1; None: an average one.
    slot = models.PositiveSmallIntegerField(null=True, blank=True)
    is_snack = models.BooleanField("snack", default=False)
    recipe = models.ForeignKey(
        "diet.Recipe", on_delete=models.SET_NULL, null=True, blank=True, related_name="plans"
    )
    # The volume of a mixed feed, so that what was delivered can be told in mL.
    volume_ml = amount_field(null=True, blank=True)
    # A bottle's part of the day, where the day's feed is poured into other parts than its meals.
    day_share = models.DecimalField(max_digits=5, decimal_places=4, null=True, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        indexes = [models.Index(fields=["child", "happened_at"], name="planned_meal_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(volume_ml__isnull=True) | Q(volume_ml__gt=0, volume_ml__lte=5000),
                name="planned_meal_volume_possible",
                violation_error_message=gettext_lazy("A volume lies above 0 and up to 5,000 mL."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def macros(self) -> Macros:
        return Macros.total(item.macros() for item in self.items.all())

    def return_parts(self, *, before: datetime, by: Any) -> None:
        """The foods of the plan go back together with its name and time."""
        return_items(self.items, PlannedItem.history.filter(meal_id=self.pk), before)


def return_items(current: Any, history: Any, before: datetime) -> None:
    """Put the foods of a plan or recipe back to those that stood before an instant."""
    standing: dict[Any, Any] = {}
    for row in history.filter(history_date__lt=before).order_by("history_date", "history_id"):
        standing[row.id] = None if row.history_type == "-" else row.instance
    earlier = {key: item for key, item in standing.items() if item is not None}
    for item in current.all():
        if item.pk not in earlier:
            item.delete()
    present = set(current.values_list("pk", flat=True))
    for key, item in earlier.items():
        if key not in present:
            item.save(force_insert=True)


class ItemOfFood(models.Model):
    """So much of one food, bound to the composition it was counted with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    composition = models.ForeignKey(FoodComposition, on_delete=models.PROTECT, related_name="+")
    amount = amount_field()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=5000),
                name="%(class)s_amount_possible",
                violation_error_message=gettext_lazy("An amount lies above 0 and up to 5,000."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.unit} {self.composition.food.name}"

    @property
    def unit(self) -> str:
        return self.composition.per_unit

    def macros(self) -> Macros:
        return self.composition.macros_per_100().scaled(float(self.amount) / 100)


class PlannedItem(ItemOfFood):
    """So much of one food in a planned meal."""

    meal = models.ForeignKey(PlannedMeal, on_delete=models.CASCADE, related_name="items")

    history = HistoricalRecords()

    class Meta(ItemOfFood.Meta):
        pass
