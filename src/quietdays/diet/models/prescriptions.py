"""The diet's numbers, signed; and who has read them."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.diet.models.foods import BasisChoice
from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly
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
from quietdays.words import plain

if TYPE_CHECKING:
    from quietdays.diet.models.plans import PlannedMeal


class DietKind(models.TextChoices):
    CLASSICAL = "classical", gettext_lazy("classical ketogenic diet, by ratio")
    MODIFIED_ATKINS = "mad", gettext_lazy("modified Atkins diet, by a carbohydrate limit")
    MCT = "mct", gettext_lazy("MCT diet, by shares of the energy")


class Route(models.TextChoices):
    ORAL = "oral", gettext_lazy("by mouth")
    BOTTLE = "bottle", gettext_lazy("by bottle")
    TUBE = "tube", gettext_lazy("by tube")
    MIXED = "mixed", gettext_lazy("by mouth and tube")


class WeightBasis(models.TextChoices):
    ACTUAL = "actual", gettext_lazy("measured weight")
    IDEAL = "ideal", gettext_lazy("ideal weight for length")


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
        gettext_lazy("carbohydrate limit"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    fluid_ml = models.PositiveIntegerField(gettext_lazy("fluid"), null=True, blank=True)
    weight_kg = models.DecimalField(
        gettext_lazy("weight counted with"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    weight_basis = models.CharField(
        max_length=6, choices=WeightBasis.choices, default=WeightBasis.ACTUAL
    )
    meals_per_day = models.PositiveSmallIntegerField(gettext_lazy("meals and feeds a day"))
    # One for each meal where they differ: {"name": "Breakfast", "at": "07:00", "percent": 25}
    meal_slots = models.JSONField(default=list, blank=True)
    snacks_per_day = models.PositiveSmallIntegerField(gettext_lazy("snacks a day"), default=0)
    snack_energy_kcal = models.DecimalField(
        gettext_lazy("energy of a snack"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    snack_ratio = models.DecimalField(
        gettext_lazy("ratio of a snack"), max_digits=4, decimal_places=2, null=True, blank=True
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
    leftover_rule = models.TextField(
        gettext_lazy("what to do with a rest"), max_length=1000, blank=True
    )
    note = models.TextField(gettext_lazy("rules in plain words"), max_length=4000, blank=True)
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
                violation_error_message=gettext_lazy("The ratio lies between 0.5 and 8 to 1."),
            ),
            models.CheckConstraint(
                condition=Q(energy_kcal__isnull=True)
                | Q(energy_kcal__gte=100, energy_kcal__lte=4000),
                name="prescription_energy_possible",
                violation_error_message=gettext_lazy(
                    "The energy lies between 100 and 4,000 kcal a day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(protein_g__isnull=True) | Q(protein_g__gt=0, protein_g__lte=200),
                name="prescription_protein_possible",
                violation_error_message=gettext_lazy("Protein lies between 0 and 200 g a day."),
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
                violation_error_message=gettext_lazy("This kind of diet needs other numbers."),
            ),
            models.CheckConstraint(
                condition=Q(meals_per_day__gte=1, meals_per_day__lte=24, snacks_per_day__lte=12),
                name="prescription_meals_possible",
                violation_error_message=gettext_lazy(
                    "There are 1 to 24 meals and feeds, up to 12 snacks a day."
                ),
            ),
            models.CheckConstraint(
                condition=Q(snacks_per_day=0)
                | Q(snack_energy_kcal__isnull=False, snack_energy_kcal__gt=0),
                name="prescription_snack_has_energy",
                violation_error_message=gettext_lazy("Say how much energy a snack holds."),
            ),
            models.CheckConstraint(
                condition=Q(snack_ratio__isnull=True)
                | Q(snack_ratio__gte=Decimal("0.5"), snack_ratio__lte=Decimal(8)),
                name="prescription_snack_ratio_possible",
                violation_error_message=gettext_lazy(
                    "The ratio of a snack lies between 0.5 and 8 to 1."
                ),
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True) | Q(weight_kg__gte=1, weight_kg__lte=150),
                name="prescription_weight_possible",
                violation_error_message=gettext_lazy("The weight lies between 1 and 150 kg."),
            ),
            models.CheckConstraint(
                condition=Q(mct_kcal_per_g__gte=7, mct_kcal_per_g__lte=9),
                name="prescription_mct_energy_possible",
                violation_error_message=gettext_lazy("A gram of MCT is counted with 7 to 9 kcal."),
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
                violation_error_message=gettext_lazy(
                    "A tolerance lies between 0 and 100 per cent."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(carbohydrate_limit_g__isnull=True) | Q(carbohydrate_limit_g__gte=0))
                & (Q(fluid_ml__isnull=True) | Q(fluid_ml__lte=5000)),
                name="prescription_limits_possible",
                violation_error_message=gettext_lazy(
                    "The carbohydrate or fluid limit cannot be right."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(diet)s from %(date)s") % {
            "diet": self.diet_in_words,
            "date": self.effective_from,
        }

    @property
    def diet_in_words(self) -> str:
        """The diet's name in one line: its ratio, its limit or its share."""
        if self.diet_kind == DietKind.MODIFIED_ATKINS:
            limit = plain(self.carbohydrate_limit_g or 0)
            return gettext("modified Atkins, %(limit)s g carbohydrate a day") % {"limit": limit}
        if self.diet_kind == DietKind.MCT:
            return gettext("MCT diet, %(percent)s %% of energy as MCT") % {
                "percent": plain(self.mct_percent or 0)
            }
        return f"{plain(self.ratio or 0)}:1"

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
        return [gettext("Meal %(number)s") % {"number": i + 1} for i in range(self.meals_per_day)]

    @property
    def tolerance_in_words(self) -> str:
        """When a meal meets its target, as one clause."""
        parts = [self._ratio_tolerance] if self.ratio is not None else []
        if self.energy_kcal is not None:
            parts.append(
                gettext("its energy at most %(under)s %% lower or %(over)s %% higher")
                % {
                    "under": plain(self.energy_under_percent),
                    "over": plain(self.energy_over_percent),
                }
            )
        last = gettext(
            "its carbohydrate is at most %(percent)s %% or %(grams)s g over, whichever is more"
        ) % {
            "percent": plain(self.carbohydrate_over_percent),
            "grams": plain(self.carbohydrate_over_g),
        }
        if not parts:
            return last
        return gettext("%(most)s, and %(last)s") % {"most": ", ".join(parts), "last": last}

    @property
    def _ratio_tolerance(self) -> str:
        under, over = plain(self.ratio_under_percent), self.ratio_over_percent
        if over is None:
            return gettext("its ratio is at most %(under)s %% lower or higher by any amount") % {
                "under": under
            }
        return gettext("its ratio is at most %(under)s %% lower or %(over)s %% higher") % {
            "under": under,
            "over": plain(over),
        }

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
