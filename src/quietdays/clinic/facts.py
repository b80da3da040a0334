"""What the clinic's list has to know of one child, worked out from its records.

The facts depend on the child's entries and on its local date, and on nothing else: so a copy
of them holds until one of these two changes (clinic/glances.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from quietdays.diary.models import (
    CheckIn,
    DayTotal,
    Illness,
    Measurement,
    Observation,
    OtherSeizure,
    Question,
    SpasmCluster,
)
from quietdays.diary.queries import measured_values
from quietdays.diet.models import MealEaten, Prescription
from quietdays.diet.queries import basis_of, prescription_on
from quietdays.insights.days import diary_days
from quietdays.medicines.models import Dose
from quietdays.people.models import Child
from quietdays.science import growth
from quietdays.science.days import DiaryDay
from quietdays.science.outcomes import diet_outcome, period_outcome

WEEK, FOUR_WEEKS = 7, 28
# How far before the diet, or before today without one, the highest weight z-score is looked for.
_BEFORE_DIET, _WITHOUT_DIET = timedelta(days=28), timedelta(days=365)
_TIMED: tuple[type[Any], ...] = (SpasmCluster, OtherSeizure, Measurement, MealEaten, Dose)
_DATED: tuple[type[Any], ...] = (Observation, DayTotal, CheckIn)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was seen on finished days, with the days that stand in the denominator."""

    days: int
    watched_days: int
    clusters: int

    @property
    def clusters_per_watched_day(self) -> float | None:
        return self.clusters / self.watched_days if self.watched_days else None


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the last seven days or of today; mmol/L, or the grade of a strip."""

    day: date
    value: float


@dataclass(frozen=True, slots=True)
class WeightFall:
    before_day: date
    before_kg: float
    before_z: float
    after_day: date
    after_kg: float
    after_z: float


@dataclass(frozen=True, slots=True)
class Intake:
    """Meals of the last seven finished days. A day with a gap is in no mean: it would read low.

    `complete_days`: meals were planned, each was logged, none in words alone. Means are of these
    days; None without one.
    """

    days: int
    planned: int
    logged: int
    not_logged: int
    unplanned: int
    complete_days: int
    energy_kcal: float | None
    protein_g: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True)
class Targets:
    """What the prescription in force asks for a day; None where this diet sets no number."""

    diet: str
    effective_from: date
    signed_on: date
    energy_kcal: float | None
    protein_g: float | None
    ratio: float | None
    is_read: bool  # by anybody but its signer


@dataclass(frozen=True, slots=True)
class Facts:
    newest: date | None  # the day of the newest thing entered, whenever it was typed
    weeks: Counts
    week: Counts
    glucose_mmol_l: tuple[Reading, ...]
    ketones_mmol_l: tuple[Reading, ...]
    urine_grades: tuple[Reading, ...]
    weight_fall: WeightFall | None
    targets: Targets | None
    open_questions: int
    oldest_question: date | None
    intake: Intake


def facts_of(child: Child, today: date, *, now: datetime) -> Facts:
    """The facts on a local date of the child, from its records as they stand now."""
    days = diary_days(child, today - timedelta(days=FOUR_WEEKS), today, now=now)
    finished, latest = days[:-1], days[-WEEK - 1 :]
    prescription = prescription_on(child, today)
    questions = list(Question.objects.of(child).filter(answer="").values_list("date", flat=True))
    return Facts(
        newest=newest_entry(child),
        weeks=_counts(finished),
        week=_counts(finished[-WEEK:]),
        glucose_mmol_l=_readings(latest, lambda d: d.glucose_mmol_l),
        ketones_mmol_l=_readings(latest, lambda d: d.ketones_mmol_l),
        urine_grades=_readings(latest, lambda d: d.urine_ketones_grade),
        weight_fall=_weight_fall(child, today),
        targets=_targets(prescription, child),
        open_questions=len(questions),
        oldest_question=min(questions, default=None),
        intake=_intake(finished[-WEEK:], prescription),
    )


def newest_entry(child: Child) -> date | None:
    """The local date of the newest thing that anybody saw, gave, fed or measured."""
    days: list[date] = []
    for model in _TIMED:
        row = model.objects.of(child).order_by("-happened_at").first()
        days += [row.local_time.date()] if row else []
    for model in _DATED:
        row = model.objects.of(child).order_by("-date").first()
        days += [row.date] if row else []
    ill = Illness.objects.of(child).order_by("-started_on").first()
    days += [ill.started_on] if ill else []
    return max(days, default=None)


def _counts(days: Sequence[DiaryDay]) -> Counts:
    outcome = period_outcome(days)
    return Counts(outcome.days, outcome.watched_days, outcome.clusters)


def _readings(
    days: Sequence[DiaryDay], values_of: Callable[[DiaryDay], Sequence[float]]
) -> tuple[Reading, ...]:
    return tuple(Reading(d.date, float(v)) for d in days for v in values_of(d))


def sex_of(child: Child) -> growth.Sex | None:
    """None where nobody said: then there is no z-score."""
    return growth.Sex(child.sex) if child.sex in list(growth.Sex) else None


def falls_since(child: Child, today: date) -> date:
    """From when on a fall of a z-score is looked for."""
    started = child.diet_started_on
    return started - _BEFORE_DIET if started and started <= today else today - _WITHOUT_DIET


def _weight_fall(child: Child, today: date) -> WeightFall | None:
    values = measured_values(child, growth.Measure.WEIGHT)
    points = growth.measured(
        growth.Measure.WEIGHT, values, born=child.birth_date, sex=sex_of(child)
    )
    found = growth.fall(points, since=falls_since(child, today))
    if found is None:
        return None
    before, after = found.before, found.after
    assert before.z is not None and after.z is not None  # noqa: S101, PT018  a fall has both
    return WeightFall(before.day, before.value, before.z, after.day, after.value, after.z)


def _targets(prescription: Prescription | None, child: Child) -> Targets | None:
    if prescription is None:
        return None
    readers = prescription.acknowledgements.exclude(person=prescription.signed_by)
    return Targets(
        diet=prescription.diet_in_words,
        effective_from=prescription.effective_from,
        signed_on=prescription.signed_at.astimezone(child.zone).date(),
        energy_kcal=_float(prescription.energy_kcal),
        protein_g=_float(prescription.protein_g),
        ratio=_float(prescription.ratio),
        is_read=readers.exists(),
    )


def _intake(days: Sequence[DiaryDay], prescription: Prescription | None) -> Intake:
    tally = diet_outcome(days).tally
    complete = [d for d in days if _is_complete(d)]
    outcome, basis, n = diet_outcome(complete), basis_of(prescription), len(complete)
    return Intake(
        days=len(days),
        planned=tally.planned,
        logged=tally.logged,
        not_logged=tally.not_logged,
        unplanned=tally.unplanned,
        complete_days=n,
        energy_kcal=outcome.intake.energy_kcal(basis) / n if n else None,
        protein_g=outcome.intake.protein_g / n if n else None,
        ratio=outcome.ratio(basis),
    )


def _is_complete(day: DiaryDay) -> bool:
    has_gap = day.meals.not_logged > 0 or day.uncounted_meals > 0
    return day.meals.planned > 0 and day.eaten is not None and not has_gap


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
