"""The diet's numbers, signed; and who has read them."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from quietdays.diet.models.foods import BasisChoice
from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly
from quietdays.records.words import decimal_text
from quietdays.science.adherence import Tolerance
from quietdays.science.diet_target import (
    DietTarget,
    classical_target,
    mct_target,
    meal_shares,
    modified_atkins_target,
    snack_target,
    without_snacks,
)
from quietdays.science.macros import CarbohydrateBasis

if TYPE_CHECKING:
    from quietdays.diet.models.plans import PlannedMeal


class DietKind(models.TextChoices):
    CLASSICAL = "classical", "classical ketogenic diet, by ratio"
    MODIFIED_ATKINS = "mad", "modified Atkins diet, by a carbohydrate limit"
    MCT = "mct", "MCT diet, by shares of the energy"


class Route(models.TextChoices):
    ORAL = "oral", "by mouth"
    BOTTLE = "bottle", "by bottle"
    TUBE = "tube", "by tube"
    MIXED = "mixed", "by mouth and tube"


class WeightBasis(models.TextChoices):
    ACTUAL = "actual", "measured weight"
    IDEAL = "ideal", "ideal weight for length"


def _percent(default: int | None = None) -> models.DecimalField[Any, Any]:
    if default is None:
        return models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    return models.DecimalField(max_digits=5, decimal_places=2, default=Decimal(default))


class Prescription(AppendOnly):
    """The diet's numbers as a clinician of this child's team signed them; append-only.

    A signature may hold dated steps (2:1, then 3:1): one row a step, each after the first
    bound to it by `first_step`. A later signature replaces the steps that it overtakes.

    The tolerances start from the proposal in docs/arithmetic.md#adherence and are the
    prescriber's to change; no validated values exist.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(
        "people.Child", on_delete=models.CASCADE, related_name="prescriptions"
    )
    first_step = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="later_steps"
    )
    effective_from = models.DateField()
    diet_kind = models.CharField(
        max_length=10, choices=DietKind.choices, default=DietKind.CLASSICAL
    )
    route = models.CharField(max_length=8, choices=Route.choices, default=Route.ORAL)
    ratio = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    energy_kcal = models.DecimalField(
        "energy", max_digits=6, decimal_places=1, null=True, blank=True
    )
    protein_g = models.DecimalField(
        "protein", max_digits=5, decimal_places=2, null=True, blank=True
    )
    mct_percent = _percent()
    protein_percent = _percent()
    carbohydrate_percent = _percent()
    mct_kcal_per_g = models.DecimalField(max_digits=3, decimal_places=1, default=Decimal("8.3"))
    carbohydrate_limit_g = models.DecimalField(
        "carbohydrate limit", max_digits=5, decimal_places=2, null=True, blank=True
    )
    fluid_ml = models.PositiveIntegerField("fluid", null=True, blank=True)
    weight_kg = models.DecimalField(
        "weight counted with", max_digits=5, decimal_places=2, null=True, blank=True
    )
    weight_basis = models.CharField(
        max_length=6, choices=WeightBasis.choices, default=WeightBasis.ACTUAL
    )
    meals_per_day = models.PositiveSmallIntegerField("meals and feeds a day")
    # One for each meal where they differ: {"name": "Breakfast", "at": "07:00", "percent": 25}
    meal_slots = models.JSONField(default=list, blank=True)
    snacks_per_day = models.PositiveSmallIntegerField("snacks a day", default=0)
    snack_energy_kcal = models.DecimalField(
        "energy of a snack", max_digits=5, decimal_places=1, null=True, blank=True
    )
    snack_ratio = models.DecimalField(
        "ratio of a snack", max_digits=4, decimal_places=2, null=True, blank=True
    )
    carbohydrate_basis = models.CharField(
        max_length=10, choices=BasisChoice.choices, default=BasisChoice.AVAILABLE
    )
    ratio_under_percent = _percent(10)
    # Empty: any higher ratio meets the target (a one-sided tolerance).
    ratio_over_percent = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, default=Decimal(15)
    )
    energy_under_percent = _percent(10)
    energy_over_percent = _percent(10)
    carbohydrate_over_percent = _percent(10)
    carbohydrate_over_g = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal("0.3")
    )
    leftover_rule = models.TextField("what to do with a rest", max_length=1000, blank=True)
    note = models.TextField("rules in plain words", max_length=4000, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["effective_from", "signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ratio__isnull=True)
                | Q(ratio__gte=Decimal("0.5"), ratio__lte=Decimal(8)),
                name="prescription_ratio_possible",
                violation_error_message="The ratio lies between 0.5 and 8 to 1.",
            ),
            models.CheckConstraint(
                condition=Q(energy_kcal__isnull=True)
                | Q(energy_kcal__gte=100, energy_kcal__lte=4000),
                name="prescription_energy_possible",
                violation_error_message="The energy lies between 100 and 4,000 kcal a day.",
            ),
            models.CheckConstraint(
                condition=Q(protein_g__isnull=True) | Q(protein_g__gt=0, protein_g__lte=200),
                name="prescription_protein_possible",
                violation_error_message="Protein lies between 0 and 200 g a day.",
            ),
            models.CheckConstraint(
                condition=Q(
                    diet_kind="classical",
                    ratio__isnull=False,
                    energy_kcal__isnull=False,
                    protein_g__isnull=False,
                )
                | Q(diet_kind="mad", ratio__isnull=True, carbohydrate_limit_g__isnull=False)
                | Q(
                    diet_kind="mct",
                    ratio__isnull=True,
                    energy_kcal__isnull=False,
                    mct_percent__isnull=False,
                    protein_percent__isnull=False,
                    carbohydrate_percent__isnull=False,
                ),
                name="prescription_has_its_numbers",
                violation_error_message="This kind of diet needs other numbers.",
            ),
            models.CheckConstraint(
                condition=Q(meals_per_day__gte=1, meals_per_day__lte=24, snacks_per_day__lte=12),
                name="prescription_meals_possible",
                violation_error_message="There are 1 to 24 meals and feeds, up to 12 snacks a day.",
            ),
            models.CheckConstraint(
                condition=Q(snacks_per_day=0)
                | Q(snack_energy_kcal__isnull=False, snack_energy_kcal__gt=0),
                name="prescription_snack_has_energy",
                violation_error_message="Say how much energy a snack holds.",
            ),
            models.CheckConstraint(
                condition=Q(snack_ratio__isnull=True)
                | Q(snack_ratio__gte=Decimal("0.5"), snack_ratio__lte=Decimal(8)),
                name="prescription_snack_ratio_possible",
                violation_error_message="The ratio of a snack lies between 0.5 and 8 to 1.",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True) | Q(weight_kg__gte=1, weight_kg__lte=150),
                name="prescription_weight_possible",
                violation_error_message="The weight lies between 1 and 150 kg.",
            ),
            models.CheckConstraint(
                condition=Q(mct_kcal_per_g__gte=7, mct_kcal_per_g__lte=9),
                name="prescription_mct_energy_possible",
                violation_error_message="A gram of MCT is counted with 7 to 9 kcal.",
            ),
            models.CheckConstraint(
                condition=Q(
                    ratio_under_percent__gte=0,
                    energy_under_percent__gte=0,
                    energy_over_percent__gte=0,
                    carbohydrate_over_percent__gte=0,
                    carbohydrate_over_g__gte=0,
                    ratio_under_percent__lte=100,
                    energy_under_percent__lte=100,
                )
                & (Q(ratio_over_percent__isnull=True) | Q(ratio_over_percent__gte=0)),
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
        return f"{self.diet_in_words} from {self.effective_from}"

    @property
    def diet_in_words(self) -> str:
        """The diet's name in one line: its ratio, its limit or its share."""
        if self.diet_kind == DietKind.MODIFIED_ATKINS:
            limit = decimal_text(self.carbohydrate_limit_g or Decimal(0))
            return f"modified Atkins, {limit} g carbohydrate a day"
        if self.diet_kind == DietKind.MCT:
            return f"MCT diet, {decimal_text(self.mct_percent or Decimal(0))} % of energy as MCT"
        return f"{decimal_text(self.ratio or Decimal(0))}:1"

    @property
    def basis(self) -> CarbohydrateBasis:
        return CarbohydrateBasis(self.carbohydrate_basis)

    @cached_property
    def day_target(self) -> DietTarget:
        """What a whole day should hold, snacks included.

        Raises InfeasibleTargets or ImpossibleShares; a signed version never does.
        """
        if self.diet_kind == DietKind.MODIFIED_ATKINS:
            return modified_atkins_target(
                carbohydrate_g=float(self.carbohydrate_limit_g or 0),
                energy_kcal=_float(self.energy_kcal),
                protein_g=_float(self.protein_g),
            )
        if self.diet_kind == DietKind.MCT:
            return mct_target(
                energy_kcal=float(self.energy_kcal or 0),
                mct_percent=float(self.mct_percent or 0),
                protein_percent=float(self.protein_percent or 0),
                carbohydrate_percent=float(self.carbohydrate_percent or 0),
                mct_kcal_per_g=float(self.mct_kcal_per_g),
            )
        return classical_target(
            energy_kcal=float(self.energy_kcal or 0),
            ratio=float(self.ratio or 0),
            protein_g=float(self.protein_g or 0),
        )

    @cached_property
    def snack_target(self) -> DietTarget | None:
        if not self.snacks_per_day or self.snack_energy_kcal is None:
            return None
        return snack_target(
            self.day_target,
            energy_kcal=float(self.snack_energy_kcal),
            ratio=_float(self.snack_ratio),
        )

    @cached_property
    def meal_targets(self) -> list[DietTarget]:
        """One for each meal of the day, in order, by its written share or an even one."""
        meals = self.day_target
        if self.snack_target is not None:
            meals = without_snacks(meals, self.snack_target, snacks=self.snacks_per_day)
        percents = [float(s["percent"]) for s in self.meal_slots]
        return [meals.share(s) for s in meal_shares(percents, meals=self.meals_per_day)]

    def target_for(self, planned: PlannedMeal | None) -> DietTarget:
        """What a meal should hold: its slot's share, a snack's rule, or an average meal."""
        if planned is not None and planned.is_snack and self.snack_target is not None:
            return self.snack_target
        if planned is not None and planned.day_share is not None:
            return self.day_target.share(float(planned.day_share))
        targets = self.meal_targets
        slot = planned.slot if planned is not None else None
        if slot is not None and 1 <= slot <= len(targets):
            return targets[slot - 1]
        if not self.meal_slots:
            return targets[0]
        share = [t.energy_kcal or t.carbohydrate_g or 0.0 for t in targets]
        return targets[0].share(sum(share) / len(share) / share[0] if share[0] else 1.0)

    def slot_names(self) -> list[str]:
        """The meals of a day by name: as written, or by their number."""
        if self.meal_slots:
            return [str(s["name"]) for s in self.meal_slots]
        return [f"Meal {i + 1}" for i in range(self.meals_per_day)]

    @property
    def tolerance_in_words(self) -> str:
        """When a meal meets its target, as one clause."""
        parts = []
        if self.ratio is not None:
            over = self.ratio_over_percent
            higher = (
                "or higher by any amount" if over is None else f"or {decimal_text(over)} % higher"
            )
            parts.append(
                f"its ratio is at most {decimal_text(self.ratio_under_percent)} % lower {higher}"
            )
        if self.energy_kcal is not None:
            parts.append(
                f"its energy at most {decimal_text(self.energy_under_percent)} % lower or "
                f"{decimal_text(self.energy_over_percent)} % higher"
            )
        parts.append(
            f"its carbohydrate is at most {decimal_text(self.carbohydrate_over_percent)} % or "
            f"{decimal_text(self.carbohydrate_over_g)} g over, whichever is more"
        )
        return ", ".join(parts[:-1]) + (", and " if len(parts) > 1 else "") + parts[-1]

    @property
    def tolerance(self) -> Tolerance:
        names = Tolerance.__dataclass_fields__
        values = {name: _float(getattr(self, name)) for name in names}
        return Tolerance(**values)  # type: ignore[arg-type]  # only the upper ratio may be None


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


class Acknowledgement(models.Model):
    """Somebody of the circle said that they have read a signed version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    prescription = models.ForeignKey(
        Prescription, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["read_at"]
        constraints = [
            models.UniqueConstraint(fields=["prescription", "person"], name="acknowledged_once")
        ]

    def __str__(self) -> str:
        return f"{self.person} has read {self.prescription}"
