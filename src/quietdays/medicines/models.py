"""Medicines as the team wrote them, the steps of their schedules, and the doses given."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, gettext_lazy

from quietdays.records.models import Record, TimedRecord
from quietdays.words import dated, plain


class Medicine(Record):
    """A medicine of one child. Carbohydrate is per unit given, from its product sheet.

    `form` is the label's own words; `strength_mg_per_unit` its number, from which mg and
    mg/kg are shown.
    """

    name = models.CharField(max_length=120)
    form = models.CharField(gettext_lazy("strength and form"), max_length=120, blank=True)
    unit = models.CharField(gettext_lazy("unit given"), max_length=20, default="mL")
    strength_mg_per_unit = models.DecimalField(
        max_digits=10, decimal_places=4, null=True, blank=True
    )
    carbohydrate_g_per_unit = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True
    )
    carbohydrate_source = models.CharField(max_length=200, blank=True)
    carbohydrate_checked_on = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "name"],
                condition=Q(deleted_at__isnull=True),
                name="medicine_one_per_name",
                violation_error_message=gettext_lazy("This medicine is already in the list."),
            ),
            models.CheckConstraint(
                condition=Q(carbohydrate_g_per_unit__isnull=True)
                | Q(carbohydrate_g_per_unit__gte=0),
                name="medicine_carbohydrate_possible",
                violation_error_message=gettext_lazy("Carbohydrate cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(strength_mg_per_unit__isnull=True) | Q(strength_mg_per_unit__gt=0),
                name="medicine_strength_possible",
                violation_error_message=gettext_lazy("A strength is more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Change(models.TextChoices):
    START = "start", gettext_lazy("started")
    UP = "up", gettext_lazy("dose raised")
    DOWN = "down", gettext_lazy("dose lowered")
    STOP = "stop", gettext_lazy("stopped")


class How(models.TextChoices):
    SCHEDULED = "scheduled", gettext_lazy("at set times")
    AS_NEEDED = "as_needed", gettext_lazy("as needed")
    RESCUE = "rescue", gettext_lazy("rescue")


class Schedule(Record):
    """From a date on a medicine is given so much so often; each change is a step of its own.

    `dose` may be unknown (a diary kept elsewhere says that a dose rose, not to how much).
    `times` holds local clock times such as "08:00", on every `every_days`th day counted from
    `effective_from`. As needed and rescue have no times: `rules` holds what the team wrote.
    `hours_between` is the team's own least time between two doses.
    """

    medicine = models.ForeignKey(Medicine, on_delete=models.RESTRICT, related_name="schedules")
    effective_from = models.DateField()
    change = models.CharField(max_length=8, choices=Change.choices)
    how = models.CharField(max_length=12, choices=How.choices, default=How.SCHEDULED)
    dose = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    times = models.JSONField(default=list, blank=True)
    every_days = models.PositiveSmallIntegerField(default=1)
    hours_between = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    rules = models.CharField(max_length=1000, blank=True)
    written_by = models.CharField(gettext_lazy("written by"), max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)

    class Meta(Record.Meta):
        ordering = ["effective_from", "entered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dose__isnull=True) | Q(dose__gt=0),
                name="schedule_dose_possible",
                violation_error_message=gettext_lazy("A dose is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(every_days__range=(1, 28)),
                name="schedule_every_days_possible",
                violation_error_message=gettext_lazy("Every 1 to 28 days."),
            ),
            models.CheckConstraint(
                condition=Q(hours_between__isnull=True)
                | Q(hours_between__range=(Decimal("0.5"), Decimal(72))),
                name="schedule_hours_between_possible",
                violation_error_message=gettext_lazy("Half an hour to 72 hours."),
            ),
            models.CheckConstraint(
                condition=Q(how=How.SCHEDULED)
                | Q(how__in=[How.AS_NEEDED, How.RESCUE], times=[], every_days=1) & ~Q(rules=""),
                name="schedule_unscheduled_has_rules",
                violation_error_message=gettext_lazy(
                    "As needed and rescue have rules and no times."
                ),
            ),
            models.UniqueConstraint(
                fields=["medicine", "effective_from"],
                condition=Q(deleted_at__isnull=True),
                name="schedule_one_step_per_date",
                violation_error_message=gettext_lazy("There is already a step on this date."),
            ),
        ]

    def __str__(self) -> str:
        day = dated(self.effective_from, "j F Y")
        known = self.dose is not None or self.how != How.SCHEDULED
        written = f": {self.in_brief}" if known and self.change != Change.STOP else ""
        return f"{self.medicine.name} {self.get_change_display()} {day}{written}"

    @property
    def in_words(self) -> str:
        """“8 mL every 2 days at 08:00”, “5 mg rescue: ” with the team's rules."""
        return self.in_brief if self.how == How.SCHEDULED else f"{self.in_brief}: {self.rules}"

    @property
    def in_brief(self) -> str:
        """Dose and when, for a line that has no room for the team's rules."""
        dose = "" if self.dose is None else f"{plain(self.dose)} {self.medicine.unit}"
        if self.how != How.SCHEDULED:
            return f"{dose} {self.unscheduled_in_words}".strip()
        told = dose or gettext("dose not written down")
        if self.every_days != 1:
            told = gettext("%(dose)s every %(days)s days") % {
                "dose": told,
                "days": self.every_days,
            }
        if not self.times:
            return told
        return gettext("%(dose)s at %(times)s") % {"dose": told, "times": ", ".join(self.times)}

    @property
    def unscheduled_in_words(self) -> str:
        return "" if self.how == How.SCHEDULED else self.get_how_display()

    def asks_on(self, day: date) -> bool:
        """Whether its times ask for doses on a local date on which it is in force."""
        since = (day - self.effective_from).days
        return self.how == How.SCHEDULED and since >= 0 and since % self.every_days == 0

    @property
    def amount_per_day(self) -> float | None:
        """In the medicine's unit, on average over its rhythm; None where nobody can tell."""
        if self.change == Change.STOP:
            return 0.0
        if self.dose is None or self.how != How.SCHEDULED or not self.times:
            return None
        return float(self.dose) * len(self.times) / self.every_days


class Dose(TimedRecord):
    """A dose that was given, or skipped with a reason. No row means not recorded."""

    class Outcome(models.TextChoices):
        GIVEN = "given", gettext_lazy("given")
        SKIPPED = "skipped", gettext_lazy("not given")

    medicine = models.ForeignKey(Medicine, on_delete=models.RESTRICT, related_name="doses")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.GIVEN)
    amount = models.DecimalField(max_digits=8, decimal_places=3, null=True, blank=True)
    # As the product was when it was given: another brand must not change days of the past.
    carbohydrate_g_per_unit = models.DecimalField(
        max_digits=6, decimal_places=3, null=True, blank=True
    )
    vomited_after = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        indexes = [models.Index(fields=["child", "happened_at"], name="dose_child_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="given", amount__isnull=False, amount__gt=0)
                | Q(outcome="skipped"),
                name="dose_given_has_amount",
                violation_error_message=gettext_lazy("Say how much was given."),
            )
        ]

    @property
    def carbohydrate_g(self) -> float | None:
        """What this dose added to the day; None when nobody entered what the product holds."""
        if self.outcome == self.Outcome.SKIPPED or self.amount is None:
            return 0.0
        per_unit = self.carbohydrate_g_per_unit
        if per_unit is None:
            per_unit = self.medicine.carbohydrate_g_per_unit
        return None if per_unit is None else float(per_unit * self.amount)

    def __str__(self) -> str:
        if self.outcome == self.Outcome.SKIPPED or self.amount is None:
            return gettext("%(medicine)s not given") % {"medicine": self.medicine.name}
        return f"{self.medicine.name} {plain(self.amount)} {self.medicine.unit}"


class Supply(Record):
    """How much of something there was when somebody counted it, and when it expires.

    How long it lasts follows from the medicine's schedule, or from `per_day` where no schedule
    tells: a tin of formula, strips.
    """

    class Kind(models.TextChoices):
        MEDICINE = "medicine", gettext_lazy("a medicine")
        FORMULA = "formula", gettext_lazy("formula")
        STRIPS = "strips", gettext_lazy("ketone strips")
        OTHER = "other", gettext_lazy("something else")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    medicine = models.ForeignKey(
        Medicine, on_delete=models.RESTRICT, null=True, blank=True, related_name="supplies"
    )
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=10, decimal_places=3)
    counted_at = models.DateTimeField()
    per_day = models.DecimalField(max_digits=9, decimal_places=3, null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    warn_days = models.PositiveSmallIntegerField(default=7)
    note = models.CharField(max_length=500, blank=True)

    class Meta(Record.Meta):
        verbose_name_plural = "supplies"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="medicine", medicine__isnull=False)
                | Q(~Q(kind="medicine"), medicine__isnull=True),
                name="supply_of_a_medicine_names_it",
                violation_error_message=gettext_lazy("Which medicine is it?"),
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="supply_amount_possible",
                violation_error_message=gettext_lazy("There cannot be less than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(per_day__isnull=True) | Q(per_day__gt=0),
                name="supply_per_day_possible",
                violation_error_message=gettext_lazy("What is used in a day is more than zero."),
            ),
            models.CheckConstraint(
                condition=Q(warn_days__gte=1, warn_days__lte=60),
                name="supply_warn_possible",
                violation_error_message=gettext_lazy("Choose 1 to 60 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {plain(self.amount)} {self.unit}"
