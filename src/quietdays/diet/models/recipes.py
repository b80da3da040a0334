"""Recipes of meals and feeds, with their photograph."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy
from simple_history.models import HistoricalRecords

from quietdays.diet.models.plans import ItemOfFood, amount_field, return_items
from quietdays.records.models import Record
from quietdays.science.macros import Macros
from quietdays.words import counted


class Recipe(Record):
    """Foods that belong together, with their amounts for so many servings.

    A feed is a recipe for a volume: what is mixed for a day and poured into bottles.
    """

    class Kind(models.TextChoices):
        MEAL = "meal", gettext_lazy("meal")
        FEED = "feed", gettext_lazy("feed mixed to a volume")

    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.MEAL)
    name = models.CharField(max_length=80)
    servings = models.PositiveSmallIntegerField(default=1)
    volume_ml = amount_field(null=True, blank=True)
    # A feed's label: when it is made, and for how long the label or the team lets it be used.
    made_at = models.TimeField(gettext_lazy("made at"), null=True, blank=True)
    keeps_h = models.DecimalField(
        gettext_lazy("may be used for"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    instructions = models.TextField(gettext_lazy("how it is made"), max_length=4000, blank=True)
    minutes = models.PositiveSmallIntegerField(
        gettext_lazy("minutes to make"), null=True, blank=True
    )
    main_food = models.CharField(gettext_lazy("main food, for variety"), max_length=40, blank=True)
    # 0 is "not in menus"; 1 to 5 how much the child likes it.
    liking = models.PositiveSmallIntegerField(default=3)
    # Names of the prescription's meals that it suits; empty: all of them.
    suits = models.JSONField(default=list, blank=True)

    class Meta(Record.Meta):
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(servings__gte=1, servings__lte=60, liking__lte=5),
                name="recipe_numbers_possible",
                violation_error_message=gettext_lazy(
                    "There are 1 to 60 servings, and a liking from 0 to 5."
                ),
            ),
            models.CheckConstraint(
                condition=Q(volume_ml__isnull=True) | Q(volume_ml__gt=0, volume_ml__lte=5000),
                name="recipe_volume_possible",
                violation_error_message=gettext_lazy("A volume lies above 0 and up to 5,000 mL."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """“Made 07:00, use by 07:00 the next day”; empty for what has no label."""
        if self.made_at is None:
            return ""
        words = gettext("Made %(time)s") % {"time": f"{self.made_at:%H:%M}"}
        if self.keeps_h is None:
            return words
        made = datetime.combine(date.min, self.made_at)
        until = made + timedelta(hours=float(self.keeps_h))
        days = (until.date() - made.date()).days
        use_by = {
            0: gettext("%(made)s, use by %(time)s"),
            1: gettext("%(made)s, use by %(time)s the next day"),
        }.get(days, gettext("%(made)s, use by %(time)s %(days)s later"))
        return use_by % {
            "made": words,
            "time": f"{until:%H:%M}",
            "days": counted(days, "day"),
        }

    def macros(self) -> Macros:
        """Of the whole recipe."""
        return Macros.total(item.macros() for item in self.items.all())

    def return_parts(self, *, before: datetime, by: Any) -> None:
        """The foods of the recipe go back together with its words."""
        return_items(self.items, RecipeItem.history.filter(recipe_id=self.pk), before)

    def macros_per_serving(self) -> Macros:
        return self.macros().scaled(1 / self.servings)


class RecipeItem(ItemOfFood):
    """So much of one food in the whole recipe."""

    recipe = models.ForeignKey(Recipe, on_delete=models.CASCADE, related_name="items")

    history = HistoricalRecords()

    class Meta(ItemOfFood.Meta):
        pass


class RecipePhoto(models.Model):
    """A picture of the dish, drawn anew from what was sent, so that no place or time is in it."""

    recipe = models.OneToOneField(
        Recipe, on_delete=models.CASCADE, related_name="photo", primary_key=True
    )
    jpeg = models.BinaryField()

    def __str__(self) -> str:
        return f"photo of {self.recipe}"
