"""What really went in."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy
from simple_history.models import HistoricalRecords

from quietdays.diet.models.foods import FoodComposition, MeasureUnit
from quietdays.diet.models.plans import PlannedMeal, amount_field, return_items
from quietdays.records.ids import new_id
from quietdays.records.models import TimedRecord
from quietdays.records.writing import save_as
from quietdays.science.macros import Macros


class Vomited(models.TextChoices):
    NO = "no", gettext_lazy("kept down")
    SOME = "some", gettext_lazy("some came back")
    MOST = "most", gettext_lazy("most came back")


class Reason(models.TextChoices):
    REFUSED = "refused", gettext_lazy("refused")
    UNWELL = "unwell", gettext_lazy("unwell")
    NO_INGREDIENT = "no_ingredient", gettext_lazy("an ingredient was missing")
    ASLEEP = "asleep", gettext_lazy("asleep")
    AWAY = "away", gettext_lazy("not at home")


class MealEaten(TimedRecord):
    """What really went in: item by item, by the share or volume of a mixture, or at the breast."""

    planned = models.ForeignKey(
        PlannedMeal, on_delete=models.SET_NULL, null=True, blank=True, related_name="eaten"
    )
    name = models.CharField(max_length=80)
    # A mixed feed told by its volume: so much was offered, so much went in (by mouth or tube).
    offered_ml = amount_field(null=True, blank=True)
    delivered_ml = amount_field(null=True, blank=True)
    breast_minutes = models.PositiveSmallIntegerField(
        gettext_lazy("minutes at the breast"), null=True, blank=True
    )
    # Why less went in, as chips that the family taps: tokens of `Reason`.
    reasons = models.JSONField(default=list, blank=True)
    is_mixed = models.BooleanField(gettext_lazy("one mixed bottle"), default=False)
    vomited = models.CharField(max_length=8, choices=Vomited.choices, default=Vomited.NO)
    off_plan = models.TextField(gettext_lazy("anything else eaten"), max_length=500, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        indexes = [models.Index(fields=["child", "happened_at"], name="meal_eaten_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["planned"],
                condition=Q(deleted_at__isnull=True, planned__isnull=False),
                name="meal_eaten_once_per_plan",
                violation_error_message=gettext_lazy(
                    "This meal is already logged. Open it to change it."
                ),
            ),
            models.CheckConstraint(
                condition=Q(offered_ml__isnull=True, delivered_ml__isnull=True)
                | Q(offered_ml__gt=0, delivered_ml__gte=0, delivered_ml__lte=F("offered_ml")),
                name="meal_eaten_delivered_within_offered",
                violation_error_message=gettext_lazy("More went in than there was."),
            ),
            models.CheckConstraint(
                condition=Q(breast_minutes__isnull=True)
                | Q(breast_minutes__gte=1, breast_minutes__lte=240),
                name="meal_eaten_breast_minutes_possible",
                violation_error_message=gettext_lazy("A breastfeed takes 1 to 240 minutes."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def macros(self) -> Macros:
        """What went in, from the snapshots; food in free words is not in it."""
        return Macros.total(item.macros() for item in self.items.all())

    def return_parts(self, *, before: datetime, by: Any) -> None:
        """Left-overs, and foods that were added or taken away since, go back with their meal."""
        return_items(self.items, EatenItem.history.filter(meal_id=self.pk), before)
        for item in self.items.all():
            earlier = item.history.filter(history_date__lt=before).first()
            if earlier is not None and earlier.left != item.left:
                item.left = earlier.left
                save_as(item, by=by)

    @property
    def reasons_in_words(self) -> list[str]:
        return [str(Reason(token).label) for token in self.reasons]

    @property
    def is_estimated(self) -> bool:
        """Whether part of the amounts was guessed, as a breastfeed's volume is."""
        return any(item.is_estimated for item in self.items.all())

    @property
    def is_uncounted(self) -> bool:
        """Whether something went in of which nobody knows the amounts."""
        has_words = bool(self.off_plan.strip())
        return has_words or (self.breast_minutes is not None and not self.items.all())

    def not_judged_because(self) -> list[str]:
        reasons = []
        if self.vomited != Vomited.NO:
            reasons.append("vomited")
        if self.is_uncounted:
            reasons.append("off_plan_food" if self.off_plan.strip() else "volume_unknown")
        if self.is_estimated:
            reasons.append("estimated")
        return reasons


class EatenItem(models.Model):
    """One food of a meal eaten: offered, left over, and a snapshot of what it was made of.

    The snapshot is per 100 g or mL with fibre already apart, so that a later version of the
    food cannot change a meal of the past.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    meal = models.ForeignKey(MealEaten, on_delete=models.CASCADE, related_name="items")
    composition = models.ForeignKey(
        FoodComposition, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    food_name = models.CharField(max_length=160)
    unit = models.CharField(max_length=2, choices=MeasureUnit.choices)
    offered = amount_field()
    left = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(0))
    fat_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    protein_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    carbohydrate_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    fibre_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    is_estimated = models.BooleanField(gettext_lazy("amount estimated"), default=False)
    was_off_plan = models.BooleanField(gettext_lazy("added to the plan's foods"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offered__gt=0, offered__lte=5000),
                name="eaten_item_offered_possible",
                violation_error_message=gettext_lazy("An amount lies above 0 and up to 5,000."),
            ),
            models.CheckConstraint(
                condition=Q(left__gte=0, left__lte=F("offered")),
                name="eaten_item_left_within_offered",
                violation_error_message=gettext_lazy("More was left over than there was."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.eaten} {self.unit} {self.food_name}"

    @property
    def eaten(self) -> Decimal:
        eaten: Decimal = self.offered - self.left
        return eaten

    def macros(self) -> Macros:
        per_100 = Macros(
            fat_g=float(self.fat_g_per_100),
            protein_g=float(self.protein_g_per_100),
            carbohydrate_g=float(self.carbohydrate_g_per_100),
            fibre_g=float(self.fibre_g_per_100),
        )
        return per_100.scaled(float(self.eaten) / 100)
