"""The diet's numbers, signed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quietdays.diet.models.foods import BasisChoice
from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly
from quietdays.records.words import decimal_text
from quietdays.science.adherence import Tolerance
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.prescription import MealTarget, daily_targets, meal_target


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
