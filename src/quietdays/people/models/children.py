"""Families, their children, and where a child is from when on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from simple_history.models import HistoricalRecords

from quietdays.records.ids import new_id
from quietdays.science.days import Stay as StayValue
from quietdays.science.days import ZoneTimeline
from quietdays.words import counted, counted_digits

# A first stay counts from here, so that a diary from before the account has its zone too.
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@cache
def zone_names() -> frozenset[str]:
    """Every IANA zone; read once, because it walks through the zone files."""
    return frozenset(available_timezones())


def validate_time_zone(name: str) -> None:
    if name not in zone_names():
        raise ValidationError(gettext("Choose a time zone by its city, such as Europe/Berlin."))


class Family(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    # What the kitchen scale shows; grams are planned in whole steps of it.
    scale_step_g = models.DecimalField(
        gettext_lazy("the kitchen scale shows"),
        max_digits=3,
        decimal_places=1,
        default=Decimal("0.1"),
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scale_step_g__gte=Decimal("0.1"), scale_step_g__lte=5),
                name="family_scale_possible",
                violation_error_message=gettext_lazy("A scale shows steps of 0.1 to 5 g."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Child(models.Model):
    class Sex(models.TextChoices):
        FEMALE = "female", gettext_lazy("girl")
        MALE = "male", gettext_lazy("boy")
        UNKNOWN = "unknown", gettext_lazy("not said")

    class GlucoseUnit(models.TextChoices):
        MMOL_L = "mmol/L", "mmol/L"
        MG_DL = "mg/dL", "mg/dL"

    class Weekday(models.IntegerChoices):
        MONDAY = 0, gettext_lazy("Monday")
        TUESDAY = 1, gettext_lazy("Tuesday")
        WEDNESDAY = 2, gettext_lazy("Wednesday")
        THURSDAY = 3, gettext_lazy("Thursday")
        FRIDAY = 4, gettext_lazy("Friday")
        SATURDAY = 5, gettext_lazy("Saturday")
        SUNDAY = 6, gettext_lazy("Sunday")

    class WeightUnit(models.TextChoices):
        KG = "kg", "kg"
        G = "g", "g"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="children")
    name = models.CharField(max_length=120)
    birth_date = models.DateField()
    sex = models.CharField(max_length=8, choices=Sex.choices, default=Sex.UNKNOWN)
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])
    glucose_unit = models.CharField(
        max_length=8, choices=GlucoseUnit.choices, default=GlucoseUnit.MMOL_L
    )
    weight_unit = models.CharField(max_length=2, choices=WeightUnit.choices, default=WeightUnit.KG)
    diet_started_on = models.DateField(null=True, blank=True)
    # On this day, in the morning, the seven days before it are summed up.
    summary_weekday = models.PositiveSmallIntegerField(
        choices=Weekday.choices, default=Weekday.MONDAY
    )
    # So long after the last entry everything is deleted; empty: until the family asks for it.
    kept_years = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "children"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(diet_started_on__isnull=True)
                | models.Q(diet_started_on__gte=models.F("birth_date")),
                name="child_diet_after_birth",
                violation_error_message=gettext_lazy(
                    "The diet cannot have started before the birth date."
                ),
            ),
            models.CheckConstraint(
                condition=models.Q(summary_weekday__lte=6),
                name="child_summary_weekday",
                violation_error_message=gettext_lazy("A week has seven days."),
            ),
            models.CheckConstraint(
                condition=models.Q(kept_years__isnull=True)
                | models.Q(kept_years__gte=1, kept_years__lte=30),
                name="child_kept_years",
                violation_error_message=gettext_lazy(
                    "A diary is kept for 1 to 30 years, or until you delete it."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Dates that can only be a slip of the year are refused."""
        today = timezone.now().date()
        if self.birth_date and self.birth_date > today + timedelta(days=1):
            raise ValidationError({"birth_date": gettext("The birth date lies in the future.")})
        if self.birth_date and self.birth_date < BEGINNING.date():
            raise ValidationError(
                {
                    "birth_date": gettext("Check the year: %(year)s.")
                    % {"year": self.birth_date.year}
                }
            )
        if self.diet_started_on and self.diet_started_on > today + timedelta(days=366):
            raise ValidationError(
                {
                    "diet_started_on": gettext("Check the year: %(date)s.")
                    % {"date": self.diet_started_on}
                }
            )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def timeline(self) -> ZoneTimeline:
        """The zones this child has lived in, oldest first."""
        stays = [StayValue(s.since, ZoneInfo(s.time_zone)) for s in self.stays.order_by("since")]
        return ZoneTimeline(tuple(stays)) if stays else ZoneTimeline.fixed(self.zone)

    def today(self, now: datetime | None = None) -> date:
        return (now or timezone.now()).astimezone(self.zone).date()

    def age_in_words(self, on: date | None = None) -> str:
        months = _full_months(self.birth_date, on or self.today())
        if months < 24:
            return counted_digits(months, "month")
        years, rest = divmod(months, 12)
        told = counted(years, "year")
        return f"{told} {counted(rest, 'month')}" if rest else told


def _full_months(born: date, on: date) -> int:
    months = (on.year - born.year) * 12 + on.month - born.month
    return max(0, months - (1 if on.day < born.day else 0))


class Stay(models.Model):
    """Where the child is from an instant on. Travel adds a stay; days keep their own zone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="stays")
    since = models.DateTimeField()
    time_zone = models.CharField(max_length=64, validators=[validate_time_zone])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "since"], name="stay_one_per_instant")
        ]

    def __str__(self) -> str:
        return f"{self.time_zone} since {self.since:%Y-%m-%d %H:%M}"
