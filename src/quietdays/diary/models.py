"""What carers saw. Each rule stands in the database too, not only in the forms."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy

from quietdays.records.models import DatedRecord, Record, TimedRecord
from quietdays.science.days import DayPart, Watch, eeg_in_words
from quietdays.words import Text, counted, counted_digits, dated, plain

MAX_SPASMS_IN_CLUSTER = 10_000
MAX_DURATION_S = 24 * 3600


class CountKind(models.TextChoices):
    EXACT = "exact", gettext_lazy("counted")
    ESTIMATED = "estimated", gettext_lazy("about")
    AT_LEAST = "at_least", gettext_lazy("at least")
    UNKNOWN = "unknown", gettext_lazy("not counted")


class StateAtOnset(models.TextChoices):
    NOT_SAID = "", gettext_lazy("not said")
    ON_WAKING = "on_waking", gettext_lazy("on waking")
    FALLING_ASLEEP = "falling_asleep", gettext_lazy("falling asleep")
    ASLEEP = "asleep", gettext_lazy("asleep")
    AWAKE = "awake", gettext_lazy("awake")
    FEEDING = "feeding", gettext_lazy("feeding")


class Certainty(models.TextChoices):
    SURE = "sure", gettext_lazy("sure")
    NOT_SURE = "not_sure", gettext_lazy("not sure")


class Pattern(models.TextChoices):
    NOT_SAID = "", gettext_lazy("not said")
    BENDING = "bending", gettext_lazy("bending forward")
    STRETCHING = "stretching", gettext_lazy("stretching out")
    MIXED = "mixed", gettext_lazy("both")
    HEAD_NOD = "head_nod", gettext_lazy("head nods")
    EYES = "eyes", gettext_lazy("eyes only")
    ONE_SIDED = "one_sided", gettext_lazy("one side more")


class SpasmCluster(TimedRecord):
    """A run of spasms, or a single one. `happened_at` is when it began."""

    duration_s = models.PositiveIntegerField(gettext_lazy("how long"), null=True, blank=True)
    count_kind = models.CharField(max_length=12, choices=CountKind.choices, default=CountKind.EXACT)
    spasm_count = models.PositiveIntegerField(gettext_lazy("spasms"), null=True, blank=True)
    state_at_onset = models.CharField(max_length=16, choices=StateAtOnset.choices, blank=True)
    certainty = models.CharField(max_length=12, choices=Certainty.choices, default=Certainty.SURE)
    pattern = models.CharField(max_length=16, choices=Pattern.choices, blank=True)
    # Still being counted on a phone. The last touch is `duration_s` after the start.
    is_open = models.BooleanField(default=False, editable=False)
    # What each phone counted, by its id; `spasm_count` is their sum until somebody types a number.
    touches = models.JSONField(default=dict, blank=True, editable=False)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        indexes = [models.Index(fields=["child", "happened_at"], name="cluster_child_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(count_kind="unknown", spasm_count__isnull=True)
                # An unknown comparison passes in SQL, so that the number must be asked for.
                | (~Q(count_kind="unknown") & Q(spasm_count__isnull=False, spasm_count__gte=1)),
                name="cluster_count_matches_kind",
                violation_error_message=(
                    gettext_lazy("Give the number of spasms, 1 or more, or choose “not counted”.")
                ),
            ),
            models.CheckConstraint(
                condition=Q(spasm_count__isnull=True) | Q(spasm_count__lte=MAX_SPASMS_IN_CLUSTER),
                name="cluster_count_possible",
                violation_error_message=gettext_lazy(
                    "More than 10,000 spasms in one cluster cannot be right."
                ),
            ),
            models.CheckConstraint(
                condition=Q(duration_s__isnull=True) | Q(duration_s__lte=MAX_DURATION_S),
                name="cluster_duration_possible",
                violation_error_message=gettext_lazy(
                    "A cluster longer than 24 hours cannot be right."
                ),
            ),
        ]

    def __str__(self) -> str:
        return gettext("spasms, %(count)s") % {"count": self.count_in_words}

    @property
    def count_in_words(self) -> str:
        """“7 spasms”, “about 20 spasms”, “spasms, not counted”."""
        if self.spasm_count is None:
            return gettext("not counted")
        spasms = counted(self.spasm_count, "spasm")
        if self.count_kind == CountKind.ESTIMATED:
            return gettext("about %(spasms)s") % {"spasms": spasms}
        if self.count_kind == CountKind.AT_LEAST:
            return gettext("at least %(spasms)s") % {"spasms": spasms}
        return spasms


class Clip(Record):
    """A film or photograph of a cluster. The bytes lie in a file of their own (clips.py).

    `received_bytes` is how much of it is on the disk for certain; it never claims more.
    """

    cluster = models.ForeignKey(SpasmCluster, on_delete=models.CASCADE, related_name="clips")
    size_bytes = models.PositiveBigIntegerField()
    # What the phone says until the first piece is here; from then on what the bytes say.
    content_type = models.CharField(max_length=100, blank=True)
    received_bytes = models.PositiveBigIntegerField(default=0, editable=False)
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # As the phone computed it, if it did; compared when all of it is here.
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta(Record.Meta):
        ordering = ["entered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(size_bytes__gte=1, received_bytes__lte=F("size_bytes")),
                name="clip_received_within_size",
                violation_error_message=gettext_lazy(
                    "A clip has at least one byte, and no more than it said."
                ),
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(received_bytes=F("size_bytes")),
                name="clip_complete_when_all_is_here",
                violation_error_message=gettext_lazy("A clip is complete when all of it is here."),
            ),
        ]

    def __str__(self) -> str:
        local = self.cluster.local_time
        return gettext("%(clip)s of the spasms of %(at)s") % {
            "clip": self.kind_in_words,
            "at": dated(local, "j F Y, H:i"),
        }

    @property
    def is_video(self) -> bool:
        return self.content_type.startswith("video/")

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")

    @property
    def kind_in_words(self) -> str:
        if self.is_video:
            return gettext("film")
        return gettext("photograph") if self.is_image else gettext("clip")

    @property
    def percent_here(self) -> int:
        return 100 * self.received_bytes // self.size_bytes


class OtherSeizure(TimedRecord):
    """A seizure that is not a spasm, in the carer's plain words; a clinician classes it."""

    class Looks(models.TextChoices):
        STIFF = "stiff", gettext_lazy("went stiff")
        JERKING = "jerking", gettext_lazy("jerking")
        STARING = "staring", gettext_lazy("staring, not answering")
        LIMP = "limp", gettext_lazy("went limp")
        OTHER = "other", gettext_lazy("something else")

    looks = models.CharField(
        gettext_lazy("what it looked like"), max_length=12, choices=Looks.choices
    )
    duration_s = models.PositiveIntegerField(gettext_lazy("how long"), null=True, blank=True)
    rescue_given = models.BooleanField(gettext_lazy("rescue medicine given"), null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(duration_s__isnull=True) | Q(duration_s__lte=MAX_DURATION_S),
                name="other_seizure_duration_possible",
                violation_error_message=gettext_lazy("Longer than 24 hours cannot be right."),
            )
        ]

    def __str__(self) -> str:
        return gettext("other seizure: %(looks)s") % {"looks": self.get_looks_display()}


PARTS = {
    DayPart.NIGHT.value: gettext_lazy("night"),
    DayPart.MORNING.value: gettext_lazy("morning"),
    DayPart.AFTERNOON.value: gettext_lazy("afternoon"),
    DayPart.EVENING.value: gettext_lazy("evening"),
}


class Observation(DatedRecord):
    """How a part of a day was watched. `until_at` cuts a part that was not over yet."""

    part = models.CharField(max_length=12, choices=list(PARTS.items()))
    watch = models.CharField(
        max_length=12,
        choices=[
            (Watch.WATCHED.value, gettext_lazy("watched")),
            (Watch.MONITOR.value, gettext_lazy("heard on a monitor")),
            (Watch.NOT_WATCHED.value, gettext_lazy("not watched")),
        ],
    )
    until_at = models.DateTimeField(null=True, blank=True)

    class Meta(DatedRecord.Meta):
        ordering = ["date", "entered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "date", "part"],
                condition=Q(deleted_at__isnull=True),
                name="observation_one_per_part",
                violation_error_message=gettext_lazy("This part of the day is described already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.get_part_display()}: {self.get_watch_display()}"


class DayTotal(DatedRecord):
    """A whole day as one line of a diary kept elsewhere: totals, not single events.

    When clusters were also entered one by one, the larger count stands.
    """

    clusters = models.PositiveIntegerField(null=True, blank=True)
    spasms = models.PositiveIntegerField(null=True, blank=True)
    was_observed = models.BooleanField()
    hours_watched = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    adherence_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(DatedRecord.Meta):
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "date"],
                condition=Q(deleted_at__isnull=True),
                name="day_total_one_per_date",
                violation_error_message=gettext_lazy("This date has its line already."),
            ),
            models.CheckConstraint(
                condition=Q(spasms__isnull=True)
                | Q(clusters__isnull=True)
                | Q(spasms__gte=F("clusters")),
                name="day_total_spasm_per_cluster",
                violation_error_message=gettext_lazy("Each cluster holds at least one spasm."),
            ),
            models.CheckConstraint(
                condition=Q(hours_watched__isnull=True)
                | Q(hours_watched__gte=0, hours_watched__lte=25),
                name="day_total_hours_possible",
                violation_error_message=gettext_lazy("A day has no more than 25 hours."),
            ),
            models.CheckConstraint(
                condition=Q(adherence_percent__isnull=True)
                | Q(adherence_percent__gte=0, adherence_percent__lte=100),
                name="day_total_adherence_possible",
                violation_error_message=gettext_lazy("Adherence lies between 0 and 100 per cent."),
            ),
        ]

    def __str__(self) -> str:
        day = dated(self.date, "j F Y")
        if self.clusters is None:
            return gettext("total of %(day)s: not recorded") % {"day": day}
        seen = [counted_digits(self.clusters, "cluster")]
        if self.spasms is not None:
            seen.append(counted_digits(self.spasms, "spasm"))
        return gettext("total of %(day)s: %(seen)s") % {"day": day, "seen": ", ".join(seen)}


class Visit(TimedRecord):
    """When the team is or was seen: a report goes from one visit to the next."""

    may_be_future = True

    whom = models.CharField(gettext_lazy("with whom"), max_length=120)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]

    def __str__(self) -> str:
        return gettext("visit: %(whom)s") % {"whom": self.whom}


def _scale(label: Text) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


class Question(DatedRecord):
    """Something to ask at the next visit; it stands open until it has an answer."""

    text = models.TextField(gettext_lazy("question"), max_length=1000)
    answer = models.TextField(max_length=2000, blank=True)

    class Meta(DatedRecord.Meta):
        ordering = ["date", "entered_at"]

    def __str__(self) -> str:
        return gettext("question: %(text)s") % {"text": self.text}


_ONE_TO_FIVE = {
    "alertness": gettext_lazy("Alertness is a number from 1 to 5."),
    "feeding": gettext_lazy("Feeding is a number from 1 to 5."),
    "behaviour": gettext_lazy("Behaviour is a number from 1 to 5."),
    "stress": gettext_lazy("Stress is a number from 1 to 5."),
}


class CheckIn(DatedRecord):
    """The day in the carer's own scales: 1 (worst) to 5 (best); stress 1 (calm) to 5."""

    SCALES = ("alertness", "feeding", "behaviour", "stress")

    alertness = _scale(gettext_lazy("alertness"))
    feeding = _scale(gettext_lazy("feeding"))
    behaviour = _scale(gettext_lazy("behaviour"))
    stress = _scale(gettext_lazy("stress"))
    sleep_hours = models.DecimalField(max_digits=4, decimal_places=2, null=True, blank=True)
    night_wakings = models.PositiveSmallIntegerField(null=True, blank=True)
    # By the clock where the child was that morning.
    woke_at = models.TimeField(gettext_lazy("woke for the day at"), null=True, blank=True)
    unwell = models.BooleanField(gettext_lazy("unwell today"), null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(DatedRecord.Meta):
        ordering = ["date"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "date"],
                condition=Q(deleted_at__isnull=True),
                name="check_in_one_per_date",
                violation_error_message=gettext_lazy("This date has a check-in already."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__isnull": True})
                    | Q(**{f"{name}__gte": 1, f"{name}__lte": 5}),
                    name=f"check_in_{name}_scale",
                    violation_error_message=message,
                )
                for name, message in _ONE_TO_FIVE.items()
            ),
            models.CheckConstraint(
                condition=Q(sleep_hours__isnull=True) | Q(sleep_hours__gte=0, sleep_hours__lte=24),
                name="check_in_sleep_possible",
                violation_error_message=gettext_lazy("Sleep lies between 0 and 24 hours."),
            ),
            models.CheckConstraint(
                condition=Q(night_wakings__isnull=True) | Q(night_wakings__lte=60),
                name="check_in_wakings_possible",
                violation_error_message=gettext_lazy("More than 60 wakings cannot be right."),
            ),
        ]

    def __str__(self) -> str:
        return gettext("check-in %(date)s") % {"date": self.date}


class Illness(Record):
    """An illness with the dates between which it lasted; no end means that it goes on."""

    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    fever = models.BooleanField(default=False)
    what = models.CharField(gettext_lazy("what it was"), max_length=200, blank=True)

    class Meta(Record.Meta):
        ordering = ["started_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="illness_ends_after_start",
                violation_error_message=gettext_lazy("The illness ends before it starts."),
            )
        ]

    def clean(self) -> None:
        """Dates that can only be a slip are refused: before the birth, or still to come."""
        today = self.child.today()
        if self.started_on and self.started_on < self.child.birth_date:
            raise ValidationError(
                {
                    "started_on": gettext("This is before %(child)s was born.")
                    % {"child": self.child.name}
                }
            )
        if self.started_on and self.started_on > today:
            raise ValidationError({"started_on": gettext("This day has not come yet.")})
        if self.ended_on and self.ended_on > today:
            raise ValidationError(
                {"ended_on": gettext("This day has not come yet. Leave it empty while it goes on.")}
            )

    def __str__(self) -> str:
        return self.what or (gettext("fever") if self.fever else gettext("illness"))


MAX_BASED = 5


class Eeg(DatedRecord):
    """An EEG and what its report said, entered by a clinician; nothing is worked out from it.

    `based`: the Burden of Amplitudes and Epileptiform Discharges score as reported, 0 to 5.
    Every result may be blank: an EEG whose report is still to come has its date.
    """

    based = models.PositiveSmallIntegerField(gettext_lazy("BASED score"), null=True, blank=True)
    hypsarrhythmia = models.BooleanField(null=True, blank=True)
    finding = models.TextField(gettext_lazy("what the report said"), max_length=4000, blank=True)

    class Meta(DatedRecord.Meta):
        ordering = ["date", "entered_at"]
        indexes = [models.Index(fields=["child", "date"], name="eeg_child_date")]
        constraints = [
            models.CheckConstraint(
                condition=Q(based__isnull=True) | Q(based__lte=MAX_BASED),
                name="eeg_based_scale",
                violation_error_message=gettext_lazy("The BASED score lies from 0 to 5."),
            )
        ]

    def __str__(self) -> str:
        return gettext("EEG: %(result)s") % {"result": self.result_in_words}

    @property
    def result_in_words(self) -> str:
        """“BASED 4, hypsarrhythmia”; “result not entered” while nothing was said."""
        return eeg_in_words(self.based, self.hypsarrhythmia)


class Kind(models.TextChoices):
    KETONES_BLOOD = "ketones_blood", gettext_lazy("Ketones, blood")
    KETONES_URINE = "ketones_urine", gettext_lazy("Ketones, urine strip")
    GLUCOSE = "glucose", gettext_lazy("Glucose, blood")
    WEIGHT = "weight", gettext_lazy("Weight")
    LENGTH = "length", gettext_lazy("Length")
    HEAD = "head", gettext_lazy("Head circumference")
    TEMPERATURE = "temperature", gettext_lazy("Temperature")


class Unit(models.TextChoices):
    MMOL_L = "mmol/L", "mmol/L"
    MG_DL = "mg/dL", "mg/dL"
    GRADE = "grade", gettext_lazy("strip grade")
    KG = "kg", "kg"
    G = "g", "g"
    CM = "cm", "cm"
    CELSIUS = "°C", "°C"


# For each kind: its units, and for each unit the range that is usual enough to be saved
# without asking, and the range beyond which no reading can lie. Glucose: clinical.md 8.1;
# the others are wide catches for a slipped decimal or a wrong unit (assumption).
RANGES: dict[tuple[str, str], tuple[float, float, float, float]] = {
    (Kind.KETONES_BLOOD, Unit.MMOL_L): (0.0, 8.0, 0.0, 20.0),
    (Kind.KETONES_URINE, Unit.GRADE): (0, 5, 0, 5),
    (Kind.GLUCOSE, Unit.MMOL_L): (2.0, 15.0, 0.6, 30.0),
    (Kind.GLUCOSE, Unit.MG_DL): (36.0, 270.0, 10.0, 540.0),
    (Kind.WEIGHT, Unit.KG): (2.0, 20.0, 0.3, 60.0),
    (Kind.WEIGHT, Unit.G): (2000.0, 20_000.0, 300.0, 60_000.0),
    (Kind.LENGTH, Unit.CM): (40.0, 110.0, 20.0, 160.0),
    (Kind.HEAD, Unit.CM): (28.0, 56.0, 15.0, 75.0),
    (Kind.TEMPERATURE, Unit.CELSIUS): (35.0, 41.0, 25.0, 45.0),
}
URINE_GRADES: dict[int, Text] = {
    0: gettext_lazy("negative"),
    1: gettext_lazy("trace"),
    2: "+",
    3: "++",
    4: "+++",
    5: "++++",
}


def units_of(kind: str) -> list[str]:
    return [str(unit) for k, unit in RANGES if k == kind]


class Measurement(TimedRecord):
    """One reading, in the unit it was read in. Urine strips are grades, never mmol/L."""

    kind = models.CharField(max_length=16, choices=Kind.choices)
    value = models.DecimalField(max_digits=8, decimal_places=3)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    note = models.TextField(max_length=2000, blank=True)

    class Meta(TimedRecord.Meta):
        ordering = ["happened_at"]
        indexes = [models.Index(fields=["child", "kind", "happened_at"], name="measure_child")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    *(
                        Q(kind=kind, unit=unit, value__gte=lowest, value__lte=highest)
                        for (kind, unit), (_, _, lowest, highest) in RANGES.items()
                    ),
                    _connector=Q.OR,
                ),
                name="measurement_kind_unit_range",
                violation_error_message=gettext_lazy("This value cannot be right in this unit."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.value_in_words}"

    @property
    def value_in_words(self) -> str:
        """The value as it was read, with its unit: “3.2 mmol/L”, “+++”."""
        if self.unit == Unit.GRADE:
            return str(URINE_GRADES[int(self.value)])
        return f"{plain(self.value)} {self.unit}"
