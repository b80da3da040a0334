"""Foods with versions of their composition."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly, LiveQuerySet
from quietdays.science.macros import CarbohydrateBasis, Macros, composition_from_label


class BasisChoice(models.TextChoices):
    AVAILABLE = CarbohydrateBasis.AVAILABLE.value, gettext_lazy("without fibre (available, “net”)")
    TOTAL = CarbohydrateBasis.TOTAL.value, gettext_lazy("with fibre (total)")


class MeasureUnit(models.TextChoices):
    G = "g", "g"
    ML = "ml", "mL"


class CarbohydrateDefinition(models.TextChoices):
    """How a source measured its carbohydrate: two tables differ for the same food."""

    LABEL = "label", gettext_lazy("as a label states it")
    BY_DIFFERENCE = "by_difference", gettext_lazy("what is left of 100 g, fibre included")
    AVAILABLE = "available", gettext_lazy("sugars and starch, without fibre")
    MONOSACCHARIDES = (
        "monosaccharides",
        gettext_lazy("sugars and starch as single sugars, without fibre"),
    )


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
    carbohydrate_definition = models.CharField(
        max_length=16,
        choices=CarbohydrateDefinition.choices,
        default=CarbohydrateDefinition.LABEL,
    )
    # What a gram adds to the volume of a feed: less than 1 mL for a powder that dissolves.
    volume_ml_per_g = models.DecimalField(
        gettext_lazy("mL in a feed for each gram"),
        max_digits=5,
        decimal_places=3,
        null=True,
        blank=True,
    )
    energy_kcal = models.DecimalField(
        gettext_lazy("kcal on the label"), max_digits=6, decimal_places=1, null=True, blank=True
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
                violation_error_message=gettext_lazy("Grams cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(volume_ml_per_g__isnull=True)
                | Q(volume_ml_per_g__gte=0, volume_ml_per_g__lte=2),
                name="composition_volume_possible",
                violation_error_message=gettext_lazy("A gram fills 0 to 2 mL."),
            ),
            # Tables round each figure, so a pure oil may sum to a little over 100.
            models.CheckConstraint(
                condition=Q(fat_g__lte=Decimal(105) - F("protein_g") - F("carbohydrate_g")),
                name="composition_sum_possible",
                violation_error_message=(
                    gettext_lazy("Fat, protein and carbohydrate together exceed 105 g in 100.")
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


class FoodMeasure(models.Model):
    """What a household measure of a food weighs by its source: a hint, never a scale."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    food = models.ForeignKey(Food, on_delete=models.CASCADE, related_name="measures")
    name = models.CharField(max_length=80)
    amount = models.DecimalField(max_digits=7, decimal_places=2)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["food", "name"], name="measure_one_per_name"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="measure_above_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.amount}"


class LabelCheck(models.Model):
    """Somebody of a family or its team compared a version of a product with its label."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    family = models.ForeignKey("people.Family", on_delete=models.CASCADE, related_name="+")
    composition = models.ForeignKey(
        FoodComposition, on_delete=models.CASCADE, related_name="label_checks"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["family", "composition"], name="label_check_one_per_family"
            )
        ]

    def __str__(self) -> str:
        return f"{self.composition} checked by {self.checked_by}"


class FavouriteFood(models.Model):
    """A food that a family wants to find first."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    family = models.ForeignKey("people.Family", on_delete=models.CASCADE, related_name="+")
    food = models.ForeignKey(Food, on_delete=models.CASCADE, related_name="favourites")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["family", "food"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.food} of {self.family}"
