"""A diary day: the one bridge between what a family records and what can be said about it.

A local date has one of three observation states. *Seen*: at least one spasm cluster was
seen. *Watched, none seen*: the day is over, enough of it was watched, and nothing was seen.
*Not recorded*: everything else. A blank is never a zero. Source: docs/statistics.md#days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from quietdays.science.adherence import MealTally
from quietdays.science.language import gettext
from quietdays.science.macros import Macros


class DayState(StrEnum):
    SEEN = "seen"
    NONE_SEEN = "none_seen"
    NOT_RECORDED = "not_recorded"


class DayPart(StrEnum):
    """A quarter of the local clock day."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"

    @property
    def start_hour(self) -> int:
        return _START_HOURS[self]

    @classmethod
    def at_hour(cls, hour: int) -> DayPart:
        return list(cls)[hour // 6]


# Asked for of each part of each day of years.
_START_HOURS = {part: 6 * n for n, part in enumerate(DayPart)}


class Watch(StrEnum):
    WATCHED = "watched"
    MONITOR = "monitor"
    NOT_WATCHED = "not_watched"


# A day without spasms counts as watched from this many hours on, some of them by eye.
# Assumption: no published threshold exists; it stands beside every figure that rests on it.
WATCHED_DAY_MIN_HOURS = 12.0


@dataclass(frozen=True, slots=True)
class MedicineChange:
    """A medicine started, stopped, or given in another dose from this date on."""

    medicine: str
    change: str  # start, up, down, stop


@dataclass(frozen=True, slots=True)
class MedicineInForce:
    """What the schedule says for one day; `amount_per_day` is None when no dose was recorded.

    `unscheduled`: “as needed” or “rescue” for what has no amount a day; otherwise empty.
    """

    medicine: str
    amount_per_day: float | None
    unit: str
    unscheduled: str = ""


@dataclass(frozen=True, slots=True)
class EegResult:
    """What an EEG's report said: BASED score 0 to 5, hypsarrhythmia; None is not said."""

    based: int | None = None
    hypsarrhythmia: bool | None = None

    @property
    def in_words(self) -> str:
        return eeg_in_words(self.based, self.hypsarrhythmia)


def eeg_in_words(based: int | None, hypsarrhythmia: bool | None) -> str:
    """“BASED 4, hypsarrhythmia”; what nobody said is left out, and nothing is concluded."""
    parts = [] if based is None else [f"BASED {based}"]
    if hypsarrhythmia is not None:
        no = gettext("no hypsarrhythmia")
        parts.append(gettext("hypsarrhythmia") if hypsarrhythmia else no)
    return ", ".join(parts) or gettext("result not entered")


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The carer's own scales, 1 (worst) to 5 (best); stress is 1 (calm) to 5."""

    alertness: int | None = None
    feeding: int | None = None
    behaviour: int | None = None
    sleep_hours: float | None = None
    night_wakings: int | None = None
    stress: int | None = None


@dataclass(frozen=True, slots=True)
class DiaryDay:
    """All that is known of one child on one local date. None means not recorded.

    `clusters` is None when the day was not recorded, 0 when it was watched and none was
    seen. `spasms` sums the counts that are known; `spasms_at_least` says that some were
    not, so that the sum is a floor.
    """

    date: date
    is_over: bool = True
    hours_in_day: float = 24.0
    clusters: int | None = None
    spasms: int | None = None
    spasms_at_least: bool = False
    onset_minutes: tuple[int, ...] = ()  # local minute of the day of each timed cluster
    onset_states: tuple[str, ...] = ()  # beside each of them: on_waking, asleep …; "" not said
    woke_minute: int | None = None  # local minute at which the child woke for the day
    longest_cluster_min: float | None = None
    other_seizures: int = 0
    watch: tuple[tuple[DayPart, Watch], ...] = ()
    hours_watched: float | None = None
    on_diet: bool = False
    prescribed: str = ""  # the diet in force in one line, such as 3:1
    prescribed_ratio: float | None = None
    prescription_changed: bool = False
    meals: MealTally = field(default_factory=MealTally)
    eaten: Macros | None = None
    why_less: tuple[str, ...] = ()  # reasons that somebody tapped: refused, unwell …
    has_estimates: bool = False  # part of it was guessed, as a breastfeed's volume is
    medicine_carbohydrate_g: float = 0.0
    doses_carbohydrate_unknown: int = 0  # given, but nobody entered what the product holds
    uncounted_meals: int = 0  # meals with food in free words, which is in no sum
    adherence_reported_percent: float | None = None
    check_in: CheckIn = field(default_factory=CheckIn)
    illness: bool | None = None
    fever: bool | None = None
    ketones_mmol_l: tuple[float, ...] = ()
    urine_ketones_grade: tuple[int, ...] = ()
    glucose_mmol_l: tuple[float, ...] = ()
    weight_kg: float | None = None
    doses_due: int = 0  # what schedules asked for up to now
    doses_given: int = 0
    doses_skipped: int = 0
    medicine_changes: tuple[MedicineChange, ...] = ()
    medicines: tuple[MedicineInForce, ...] = ()
    eegs: tuple[EegResult, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def state(self) -> DayState:
        if self.clusters is None:
            return DayState.NOT_RECORDED
        if self.clusters > 0:
            return DayState.SEEN
        return DayState.NONE_SEEN if self.is_over else DayState.NOT_RECORDED

    @property
    def intake(self) -> Macros | None:
        """What was eaten with the carbohydrate of the medicines: the day's ratio rests on it."""
        if self.eaten is None:
            return None
        return self.eaten + Macros(carbohydrate_g=self.medicine_carbohydrate_g)

    @property
    def is_counted(self) -> bool:
        """Whether the day stands in denominators: it is over and was watched or seen."""
        return self.is_over and self.state is not DayState.NOT_RECORDED

    @property
    def is_quiet(self) -> bool:
        return self.state is DayState.NONE_SEEN

    @property
    def adherence_percent(self) -> float | None:
        """Share of judged meals that met their targets; a diary file's own figure stands in."""
        own = self.meals.adherence_percent
        return self.adherence_reported_percent if own is None else own


def is_watched_day(*, hours_watched: float, hours_monitored: float) -> bool:
    """Whether a day on which nothing was seen was watched enough to be called a quiet one."""
    return hours_watched > 0 and hours_watched + hours_monitored >= WATCHED_DAY_MIN_HOURS


@dataclass(frozen=True, slots=True)
class Stay:
    """Where the child is from an instant on, until the next stay."""

    since: datetime
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class ZoneTimeline:
    """The zones a child lived in; the first one also holds for all time before it."""

    stays: tuple[Stay, ...]

    def __post_init__(self) -> None:
        if not self.stays:
            raise ValueError("a zone timeline needs at least one stay")
        if any(a.since >= b.since for a, b in zip(self.stays, self.stays[1:], strict=False)):
            raise ValueError("stays must be in order of time")

    @classmethod
    def fixed(cls, zone: ZoneInfo) -> ZoneTimeline:
        return cls((Stay(datetime.min.replace(tzinfo=UTC), zone),))

    def zone_at(self, instant: datetime) -> ZoneInfo:
        zone = self.stays[0].zone
        for stay in self.stays[1:]:
            if stay.since > instant:
                break
            zone = stay.zone
        return zone

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(self.zone_at(instant))

    def date_of(self, instant: datetime) -> date:
        return self.local(instant).date()

    def pieces_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """The UTC intervals [start, end) during which the child's calendar showed `day`."""
        return self._pieces(day, time(0), day + timedelta(days=1), time(0))

    def instant_of(self, day: date, clock: time) -> datetime | None:
        """When the child's clock first showed a time of a date; None when travel skipped it.

        A time that the clocks skipped is moved on by as much as they were.
        """
        for lo, hi in self.pieces_of(day):
            zone = self.zone_at(lo)
            instant = datetime.combine(day, clock, zone).astimezone(UTC)
            if lo <= instant < hi:
                return instant
        return None

    def part_hours(self, day: date, part: DayPart, until: datetime | None = None) -> float:
        """Real hours in a part of the day, up to `until` when that falls inside it.

        The night is 5 or 7 hours long when clocks change.
        """
        end_hour = part.start_hour + 6
        end_day = day + timedelta(days=end_hour // 24)
        pieces = self._pieces(day, time(part.start_hour), end_day, time(end_hour % 24))
        if until is not None:
            pieces = [(lo, min(hi, until)) for lo, hi in pieces if lo < until]
        return _hours(pieces)

    def hours_in(self, day: date) -> float:
        return _hours(self.pieces_of(day))

    def _pieces(
        self, day: date, start: time, end_day: date, end: time
    ) -> list[tuple[datetime, datetime]]:
        pieces = []
        for i, stay in enumerate(self.stays):
            lo = datetime.combine(day, start, stay.zone).astimezone(UTC)
            hi = datetime.combine(end_day, end, stay.zone).astimezone(UTC)
            if i > 0:
                lo = max(lo, stay.since)
            if i + 1 < len(self.stays):
                hi = min(hi, self.stays[i + 1].since)
            if lo < hi:
                pieces.append((lo, hi))
        return pieces


def _hours(pieces: Sequence[tuple[datetime, datetime]]) -> float:
    return sum((hi - lo).total_seconds() for lo, hi in pieces) / 3600


def date_range(first: date, last: date) -> list[date]:
    """All dates from first to last, both included; empty when last is before first."""
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]
