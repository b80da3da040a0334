"""Why a child stands on the clinic's list, in words. Never a score, a number of urgency or advice.

Limits are this child's own, or there is none; a value is beyond a limit when it is strictly
below the lower or above the upper. Source: docs/care-teams.md#reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from quietdays.clinic.facts import Counts, Facts, Reading, WeightFall
from quietdays.clinic.models import Limits
from quietdays.diary.models import URINE_GRADES
from quietdays.insights.charts.growth import z_words
from quietdays.people.models import Child
from quietdays.records.words import decimal_text
from quietdays.science.units import glucose_mmol_l, in_glucose_unit
from quietdays.words import counted, short_date

# In the first weeks at home readings and meals are written down every day (care-teams.md#reasons).
FIRST_MONTH_DAYS, FIRST_MONTH_SILENT_DAYS = 30, 3


class Why(StrEnum):
    """The kinds of reason, the most pressing first; the list is in this order."""

    READING = "a reading beyond a limit"
    MESSAGE = "a message that waits"
    WEIGHT = "a weight z-score that fell"
    CLUSTERS = "clusters above the limit"
    PRESCRIPTION = "a prescription that nobody marked as read"
    SILENT = "no entries"
    QUESTION = "questions that wait"


ORDER = list(Why)


@dataclass(frozen=True, slots=True)
class Reason:
    why: Why
    words: str


def reasons(
    child: Child, facts: Facts, *, today: date, limits: Limits | None, waiting: date | None
) -> list[Reason]:
    """Every reason, the most pressing first. `waiting`: the day of a message without an answer."""
    return [
        *(Reason(Why.READING, text) for text in _readings(child, facts, limits)),
        *_message(waiting),
        *_weight(facts.weight_fall),
        *_clusters(facts.week, limits),
        *_prescription(facts),
        *_silent(child, facts, today, limits),
        *_questions(facts),
    ]


def diet_day(child: Child, today: date) -> int | None:
    """1 on the first day of the diet; None before it or without one."""
    started = child.diet_started_on
    return None if started is None or started > today else (today - started).days + 1


# --- readings


@dataclass(frozen=True, slots=True)
class _Bounds:
    """A limit pair in the unit of the readings, and how a value of that unit is said."""

    name: str
    low: float | None
    high: float | None
    said_low: str
    said_high: str


def _readings(child: Child, facts: Facts, limits: Limits | None) -> Iterator[str]:
    if limits is None:
        return
    glucose = _glucose(limits)
    yield from _beyond(facts.glucose_mmol_l, glucose, lambda v: _glucose_said(v, child))
    ketones = _Bounds(
        "Blood ketones",
        _float(limits.ketones_low),
        _float(limits.ketones_high),
        _said(limits.ketones_low, "mmol/L"),
        _said(limits.ketones_high, "mmol/L"),
    )
    yield from _beyond(facts.ketones_mmol_l, ketones, lambda v: f"{v:.1f} mmol/L")
    strips = _Bounds(
        "Ketones, urine strip",
        limits.urine_low,
        limits.urine_high,
        _grade(limits.urine_low),
        _grade(limits.urine_high),
    )
    yield from _beyond(facts.urine_grades, strips, _grade)


def _beyond(
    readings: Sequence[Reading], bounds: _Bounds, said: Callable[[float], str]
) -> Iterator[str]:
    """One sentence for the lowest reading below the limit, one for the highest above it."""
    of_all = f"of {counted(len(readings), 'reading')} in 7 days and today"
    low, high = bounds.low, bounds.high
    below = [r for r in readings if low is not None and r.value < low]
    if below:
        worst = min(below, key=lambda r: r.value)
        yield (
            f"{bounds.name} {said(worst.value)} on {short_date(worst.day)}, below the limit of "
            f"{bounds.said_low} ({len(below)} {of_all})"
        )
    above = [r for r in readings if high is not None and r.value > high]
    if above:
        worst = max(above, key=lambda r: r.value)
        yield (
            f"{bounds.name} {said(worst.value)} on {short_date(worst.day)}, above the limit of "
            f"{bounds.said_high} ({len(above)} {of_all})"
        )


def _glucose(limits: Limits) -> _Bounds:
    unit = limits.glucose_unit
    low, high = limits.glucose_low, limits.glucose_high
    return _Bounds(
        "Glucose",
        None if low is None else glucose_mmol_l(float(low), unit),
        None if high is None else glucose_mmol_l(float(high), unit),
        _said(low, unit),
        _said(high, unit),
    )


def _glucose_said(mmol_l: float, child: Child) -> str:
    unit = child.glucose_unit
    return f"{in_glucose_unit(mmol_l, unit):.{0 if unit == 'mg/dL' else 1}f} {unit}"


def _grade(grade: float | None) -> str:
    return "" if grade is None else URINE_GRADES[int(grade)]


def _said(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{decimal_text(value)} {unit}"


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


# --- the others


def _message(waiting: date | None) -> Iterator[Reason]:
    if waiting is not None:
        yield Reason(
            Why.MESSAGE, f"A message of {short_date(waiting)} from the family has no answer"
        )


def fall_in_words(fall: WeightFall) -> str:
    return (
        f"Weight z-score down by {fall.before_z - fall.after_z:.1f}: "
        f"from {z_words(fall.before_z)} ({fall.before_kg:.2f} kg, {_dated(fall.before_day)}) "
        f"to {z_words(fall.after_z)} ({fall.after_kg:.2f} kg, {_dated(fall.after_day)})"
    )


def _dated(day: date) -> str:
    return f"{short_date(day)} {day.year}"


def _weight(fall: WeightFall | None) -> Iterator[Reason]:
    if fall is not None:
        yield Reason(Why.WEIGHT, fall_in_words(fall))


def _clusters(week: Counts, limits: Limits | None) -> Iterator[Reason]:
    limit = limits.clusters_per_day if limits else None
    rate = week.clusters_per_watched_day
    if limit is not None and rate is not None and rate > limit:
        yield Reason(
            Why.CLUSTERS,
            f"{rate:.1f} clusters seen a watched day ({week.clusters} on {week.watched_days} "
            f"watched of {week.days} days), above the limit of {decimal_text(limit)}",
        )


def _prescription(facts: Facts) -> Iterator[Reason]:
    signed = facts.targets
    if signed is not None and not signed.is_read:
        yield Reason(
            Why.PRESCRIPTION,
            f"Nobody has marked the prescription as read: {signed.diet} "
            f"from {_dated(signed.effective_from)}",
        )


def _silent(child: Child, facts: Facts, today: date, limits: Limits | None) -> Iterator[Reason]:
    day = diet_day(child, today)
    is_first_month = day is not None and day <= FIRST_MONTH_DAYS
    own = limits.silent_days if limits else None
    allowed = own or (FIRST_MONTH_SILENT_DAYS if is_first_month else None)
    if allowed is None:
        return
    on_diet = f"; diet day {day}" if day else ""
    if facts.newest is None:
        since = child.diet_started_on or child.created_at.astimezone(child.zone).date()
        if (today - since).days >= allowed:
            yield Reason(Why.SILENT, f"Nothing has been entered yet{on_diet}")
        return
    silent = (today - facts.newest).days
    if silent >= allowed:
        yield Reason(
            Why.SILENT,
            f"No entry for {counted(silent, 'day')}, since {short_date(facts.newest)}{on_diet}",
        )


def _questions(facts: Facts) -> Iterator[Reason]:
    if facts.oldest_question is None:
        return
    oldest = short_date(facts.oldest_question)
    if facts.open_questions == 1:
        yield Reason(Why.QUESTION, f"A question for the visit, of {oldest}, has no answer")
    else:
        yield Reason(
            Why.QUESTION,
            f"{facts.open_questions} questions for the visit have no answer, the oldest of {oldest}",
        )
