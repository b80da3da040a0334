"""Foods with versions of their composition, prescriptions, meals planned and meals eaten."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly, LiveQuerySet, TimedRecord
from quietdays.records.words import decimal_text
from quietdays.records.writing import save_as
from quietdays.science.adherence import Tolerance
from quietdays.science.macros import CarbohydrateBasis, Macros, composition_from_label
from quietdays.science.prescription import MealTarget, daily_targets, meal_target


class BasisChoice(models.TextChoices):
    AVAILABLE = CarbohydrateBasis.AVAILABLE.value, "without fibre (available, “net”)"
    TOTAL = CarbohydrateBasis.TOTAL.value, "with fibre (total)"


class MeasureUnit(models.TextChoices):
    G = "g", "g"
    ML = "ml", "mL"


class Food(models.Model):
    """Something to eat or drink, known by its name; what it holds stands in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    family = models.ForeignKey(
        "people.Family", on_delete=models.CASCADE, null=True, blank=True, related_name="foods"
    )
    name = models.CharField(max_length=160)
    other_names = models.CharField(max_length=300, blank=True)
    group = models.CharField(max_length=40, blank=True)
    source_key = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = LiveQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"],
                condition=~Q(source_key=""),
                name="food_one_per_source",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def composition(self) -> FoodComposition:
        """The newest version."""
        newest = self.compositions.order_by("-version").first()
        if newest is None:
            raise FoodComposition.DoesNotExist(f"{self.name} has no composition")
        return newest


class FoodComposition(AppendOnly):
    """What 100 g or 100 mL of a food holds, as its source says, in one version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    food = models.ForeignKey(Food, on_delete=models.CASCADE, related_name="compositions")
    version = models.PositiveIntegerField()
    per_unit = models.CharField(max_length=2, choices=MeasureUnit.choices, default=MeasureUnit.G)
    fat_g = models.DecimalField("fat", max_digits=6, decimal_places=2)
    protein_g = models.DecimalField("protein", max_digits=6, decimal_places=2)
    carbohydrate_g = models.DecimalField("carbohydrate", max_digits=6, decimal_places=2)
    fibre_g = models.DecimalField("fibre", max_digits=6, decimal_places=2, null=True, blank=True)
    carbohydrate_basis = models.CharField(max_length=10, choices=BasisChoice.choices)
    energy_kcal = models.DecimalField(
        "kcal on the label", max_digits=6, decimal_places=1, null=True, blank=True
    )
    source = models.CharField(max_length=200)
    checked_on = models.DateField(null=True, blank=True)
    is_verified = models.BooleanField(default=False)
    entered_at = models.DateTimeField(default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["food", "version"], name="composition_one_version"),
            models.CheckConstraint(
                condition=Q(fat_g__gte=0, protein_g__gte=0, carbohydrate_g__gte=0)
                & (Q(fibre_g__isnull=True) | Q(fibre_g__gte=0)),
                name="composition_not_negative",
                violation_error_message="Grams cannot be below zero.",
            ),
            # Tables round each figure, so a pure oil may sum to a little over 100.
            models.CheckConstraint(
                condition=Q(fat_g__lte=Decimal(105) - F("protein_g") - F("carbohydrate_g")),
                name="composition_sum_possible",
                violation_error_message=(
                    "Fat, protein and carbohydrate together exceed 105 g in 100."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.food.name}, version {self.version}"

    def macros_per_100(self) -> Macros:
        return composition_from_label(
            fat_g=float(self.fat_g),
            protein_g=float(self.protein_g),
            carbohydrate_g=float(self.carbohydrate_g),
            fibre_g=None if self.fibre_g is None else float(self.fibre_g),
            basis=CarbohydrateBasis(self.carbohydrate_basis),
        )


def _percent(default: int) -> models.DecimalField[Any, Any]:
    return models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(default))


class Prescription(AppendOnly):
    """The diet's numbers as a clinician of this child's team signed them; append-only.

    The tolerances start from the proposal in docs/arithmetic.md#adherence and are the
    prescriber's to change; no validated values exist.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(
        "people.Child", on_delete=models.CASCADE, related_name="prescriptions"
    )
    effective_from = models.DateField()
    ratio = models.DecimalField(max_digits=4, decimal_places=2)
    energy_kcal = models.DecimalField("energy", max_digits=6, decimal_places=1)
    protein_g = models.DecimalField("protein", max_digits=5, decimal_places=2)
    carbohydrate_limit_g = models.DecimalField(
        "carbohydrate limit", max_digits=5, decimal_places=2, null=True, blank=True
    )
    fluid_ml = models.PositiveIntegerField("fluid", null=True, blank=True)
    meals_per_day = models.PositiveSmallIntegerField("meals and feeds a day")
    carbohydrate_basis = models.CharField(
        max_length=10, choices=BasisChoice.choices, default=BasisChoice.AVAILABLE
    )
    ratio_under_percent = _percent(10)
    ratio_over_percent = _percent(15)
    energy_under_percent = _percent(10)
    energy_over_percent = _percent(10)
    carbohydrate_over_percent = _percent(10)
    carbohydrate_over_g = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal("0.3")
    )
    note = models.TextField("rules in plain words", max_length=4000, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["effective_from", "signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ratio__gte=Decimal("0.5"), ratio__lte=Decimal(8)),
                name="prescription_ratio_possible",
                violation_error_message="The ratio lies between 0.5 and 8 to 1.",
            ),
            models.CheckConstraint(
                condition=Q(energy_kcal__gte=100, energy_kcal__lte=4000),
                name="prescription_energy_possible",
                violation_error_message="The energy lies between 100 and 4,000 kcal a day.",
            ),
            models.CheckConstraint(
                condition=Q(protein_g__gt=0, protein_g__lte=200),
                name="prescription_protein_possible",
                violation_error_message="Protein lies between 0 and 200 g a day.",
            ),
            models.CheckConstraint(
                condition=Q(meals_per_day__gte=1, meals_per_day__lte=24),
                name="prescription_meals_possible",
                violation_error_message="There are 1 to 24 meals and feeds a day.",
            ),
            models.CheckConstraint(
                condition=Q(
                    ratio_under_percent__gte=0,
                    ratio_over_percent__gte=0,
                    energy_under_percent__gte=0,
                    energy_over_percent__gte=0,
                    carbohydrate_over_percent__gte=0,
                    carbohydrate_over_g__gte=0,
                    ratio_under_percent__lte=100,
                    energy_under_percent__lte=100,
                ),
                name="prescription_tolerances_possible",
                violation_error_message="A tolerance lies between 0 and 100 per cent.",
            ),
            models.CheckConstraint(
                condition=(Q(carbohydrate_limit_g__isnull=True) | Q(carbohydrate_limit_g__gte=0))
                & (Q(fluid_ml__isnull=True) | Q(fluid_ml__lte=5000)),
                name="prescription_limits_possible",
                violation_error_message="The carbohydrate or fluid limit cannot be right.",
            ),
        ]

    def __str__(self) -> str:
        return f"{decimal_text(self.ratio)}:1 from {self.effective_from}"

    @property
    def basis(self) -> CarbohydrateBasis:
        return CarbohydrateBasis(self.carbohydrate_basis)

    def daily(self) -> Macros:
        return daily_targets(
            energy_kcal=float(self.energy_kcal),
            ratio=float(self.ratio),
            protein_g=float(self.protein_g),
        )

    def per_meal(self) -> MealTarget:
        return meal_target(
            daily=self.daily(), ratio=float(self.ratio), meals_per_day=self.meals_per_day
        )

    def tolerance(self) -> Tolerance:
        names = Tolerance.__dataclass_fields__
        return Tolerance(**{name: float(getattr(self, name)) for name in names})


def _amount() -> models.DecimalField[Any, Any]:
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
    amount = _amount()
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


class Vomited(models.TextChoices):
    NO = "no", "kept down"
    SOME = "some", "some came back"
    MOST = "most", "most came back"


class MealEaten(TimedRecord):
    """What really went in, item by item, or by the share of a mixed bottle."""

    planned = models.ForeignKey(
        PlannedMeal, on_delete=models.SET_NULL, null=True, blank=True, related_name="eaten"
    )
    name = models.CharField(max_length=80)
    is_mixed = models.BooleanField("one mixed bottle", default=False)
    vomited = models.CharField(max_length=8, choices=Vomited.choices, default=Vomited.NO)
    off_plan = models.TextField("anything else eaten", max_length=500, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        indexes = [models.Index(fields=["child", "happened_at"], name="meal_eaten_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["planned"],
                condition=Q(deleted_at__isnull=True, planned__isnull=False),
                name="meal_eaten_once_per_plan",
                violation_error_message="This meal is already logged. Open it to change it.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def macros(self) -> Macros:
        """What went in, from the snapshots; food in free words is not in it."""
        return Macros.total(item.macros() for item in self.items.all())

    def return_parts(self, *, before: datetime, by: Any) -> None:
        """Left-overs go back together with the meal that they belong to."""
        for item in self.items.all():
            earlier = item.history.filter(history_date__lt=before).first()
            if earlier is not None and earlier.left != item.left:
                item.left = earlier.left
                save_as(item, by=by)

    def not_judged_because(self) -> list[str]:
        reasons = []
        if self.vomited != Vomited.NO:
            reasons.append("vomited")
        if self.off_plan.strip():
            reasons.append("off_plan_food")
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
    offered = _amount()
    left = models.DecimalField(max_digits=7, decimal_places=2, default=Decimal(0))
    fat_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    protein_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    carbohydrate_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    fibre_g_per_100 = models.DecimalField(max_digits=6, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(offered__gt=0, offered__lte=5000),
                name="eaten_item_offered_possible",
                violation_error_message="An amount lies above 0 and up to 5,000.",
            ),
            models.CheckConstraint(
                condition=Q(left__gte=0, left__lte=F("offered")),
                name="eaten_item_left_within_offered",
                violation_error_message="More was left over than there was.",
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
