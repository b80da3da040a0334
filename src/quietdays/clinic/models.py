"""What a clinic adds to a child: limits of its own, messages, and how the list stood last."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.diary.models import RANGES, URINE_GRADES, Kind, Unit
from quietdays.people.access import FEEDING_ROLES
from quietdays.people.models import CareRole, Child
from quietdays.records.ids import new_id
from quietdays.records.models import AppendOnly
from quietdays.words import Text, plain

MAX_SILENT_DAYS = 60


def _reading(label: Text) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=6, decimal_places=2, null=True, blank=True)


class Limits(AppendOnly):
    """Beyond which values this child is told about in the clinic's list; the newest version holds.

    A blank is no limit, and a version of blanks withdraws them all. None ships with the app.
    Glucose stays in the unit it was typed in. Blood and urine ketones are apart.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="limits")
    glucose_low = _reading(gettext_lazy("glucose below"))
    glucose_high = _reading(gettext_lazy("glucose above"))
    glucose_unit = models.CharField(max_length=8, choices=Child.GlucoseUnit.choices, blank=True)
    ketones_low = _reading(gettext_lazy("blood ketones below"))
    ketones_high = _reading(gettext_lazy("blood ketones above"))
    urine_low = models.PositiveSmallIntegerField(
        gettext_lazy("urine strip below"), null=True, blank=True
    )
    urine_high = models.PositiveSmallIntegerField(
        gettext_lazy("urine strip above"), null=True, blank=True
    )
    clusters_per_day = models.DecimalField(
        gettext_lazy("clusters seen a watched day, above"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    silent_days = models.PositiveSmallIntegerField(
        gettext_lazy("days without an entry"), null=True, blank=True
    )
    note = models.CharField(max_length=500, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[Any]] = ["-set_at"]
        verbose_name_plural = "limits"
        indexes: ClassVar[list[Any]] = [models.Index(fields=["child", "set_at"], name="limits_of")]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                # A comparison with a blank passes in SQL.
                condition=Q(glucose_low__isnull=True)
                | Q(glucose_high__isnull=True)
                | Q(glucose_low__lt=F("glucose_high")),
                name="limits_glucose_in_order",
                violation_error_message=gettext_lazy(
                    "The lower glucose limit lies below the upper one."
                ),
            ),
            models.CheckConstraint(
                condition=Q(ketones_low__isnull=True)
                | Q(ketones_high__isnull=True)
                | Q(ketones_low__lt=F("ketones_high")),
                name="limits_ketones_in_order",
                violation_error_message=gettext_lazy(
                    "The lower limit of blood ketones lies below the upper."
                ),
            ),
            models.CheckConstraint(
                condition=Q(glucose_low__isnull=True, glucose_high__isnull=True)
                | Q(glucose_unit__in=["mmol/L", "mg/dL"]),
                name="limits_glucose_has_unit",
                violation_error_message=gettext_lazy("A glucose limit has a unit."),
            ),
            models.CheckConstraint(
                condition=Q(silent_days__isnull=True)
                | Q(silent_days__gte=1, silent_days__lte=MAX_SILENT_DAYS),
                name="limits_silent_days_possible",
                violation_error_message=gettext_lazy("Give 1 to 60 days."),
            ),
        ]

    def __str__(self) -> str:
        return f"limits of {self.set_at:%Y-%m-%d}"

    def clean(self) -> None:
        """A limit that no reading can reach is a slip of the decimal or of the unit."""
        for kind, unit, names in (
            (Kind.GLUCOSE, self.glucose_unit, ("glucose_low", "glucose_high")),
            (Kind.KETONES_BLOOD, Unit.MMOL_L, ("ketones_low", "ketones_high")),
            (Kind.KETONES_URINE, Unit.GRADE, ("urine_low", "urine_high")),
        ):
            if (kind, unit) not in RANGES:
                continue  # the constraint asks for the unit
            low, high = RANGES[kind, Unit(unit)][2:]
            for name in names:
                value = getattr(self, name)
                if value is not None and not low <= value <= high:
                    raise ValidationError(
                        {
                            name: gettext(
                                "Readings lie from %(low)s to %(high)s %(unit)s. Check the number."
                            )
                            % {"low": plain(low), "high": plain(high), "unit": unit}
                        }
                    )

    @property
    def urine_low_in_words(self) -> str:
        return "" if self.urine_low is None else str(URINE_GRADES[self.urine_low])

    @property
    def urine_high_in_words(self) -> str:
        return "" if self.urine_high is None else str(URINE_GRADES[self.urine_high])

    @property
    def is_empty(self) -> bool:
        return all(getattr(self, name) is None for name in LIMIT_NAMES)


LIMIT_NAMES = (
    "glucose_low", "glucose_high", "ketones_low", "ketones_high", "urine_low", "urine_high",
    "clusters_per_day", "silent_days",
)  # fmt: skip


class Message(AppendOnly):
    """What somebody of a child's family or team wrote to the others. Nobody is alerted by it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="messages")
    text = models.TextField("message", max_length=4000)
    role = models.CharField(max_length=12, choices=CareRole.Role.choices)  # the writer's, then
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[Any]] = ["written_at", "id"]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["child", "written_at"], name="message_thread")
        ]

    def __str__(self) -> str:
        return f"message of {self.written_at:%Y-%m-%d %H:%M}"

    @property
    def is_of_family(self) -> bool:
        return self.role in FEEDING_ROLES


class MessageMark(AppendOnly):
    """That a person said of a message: I have read it, or it needs no answer any more."""

    class What(models.TextChoices):
        READ = "read", gettext_lazy("read")
        SETTLED = "settled", gettext_lazy("needs no answer")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="marks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[Any]] = ["at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["message", "person", "what"], name="message_mark_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} by {self.person}"


class Glance(models.Model):
    """The facts of the clinic's list for one child, as worked out last: a copy, never a source.

    It holds while no entry has changed (`cursor`), the child's date is the same (`day`) and the
    facts are worked out in the same way (`method`); see clinic/glances.py.
    """

    child = models.OneToOneField(
        Child, on_delete=models.CASCADE, primary_key=True, related_name="glance"
    )
    cursor = models.BigIntegerField()  # the child's newest sync.Change when it was worked out
    day = models.DateField()
    method = models.PositiveSmallIntegerField()
    facts = models.TextField()  # clinic.facts.Facts as JSON

    def __str__(self) -> str:
        return f"glance of {self.day}"
