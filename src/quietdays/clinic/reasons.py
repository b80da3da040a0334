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

from django.utils.translation import gettext, ngettext

from quietdays.clinic.facts import Counts, Facts, Reading, WeightFall
from quietdays.clinic.models import Limits
from quietdays.diary.models import URINE_GRADES
from quietdays.insights.charts.growth import z_words
from quietdays.people.models import Child
from quietdays.science.units import glucose_mmol_l, in_glucose_unit
from quietdays.words import counted, dated, decimal, plain, short_date

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
        gettext("Blood ketones"),
        _float(limits.ketones_low),
        _float(limits.ketones_high),
        _said(limits.ketones_low, "mmol/L"),
        _said(limits.ketones_high, "mmol/L"),
    )
    yield from _beyond(facts.ketones_mmol_l, ketones, lambda v: f"{decimal(v, 1)} mmol/L")
    strips = _Bounds(
        gettext("Ketones, urine strip"),
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
    number = counted(len(readings), "reading")
    low, high = bounds.low, bounds.high
    below = [r for r in readings if low is not None and r.value < low]
    if below:
        worst = min(below, key=lambda r: r.value)
        yield (
            gettext(
                "%(name)s %(value)s on %(day)s, below the limit of %(limit)s (%(count)s of "
                "%(readings)s in 7 days and today)"
            )
            % {
                "name": bounds.name,
                "value": said(worst.value),
                "day": short_date(worst.day),
                "limit": bounds.said_low,
                "count": len(below),
                "readings": number,
            }
        )
    above = [r for r in readings if high is not None and r.value > high]
    if above:
        worst = max(above, key=lambda r: r.value)
        yield (
            gettext(
                "%(name)s %(value)s on %(day)s, above the limit of %(limit)s (%(count)s of "
                "%(readings)s in 7 days and today)"
            )
            % {
                "name": bounds.name,
                "value": said(worst.value),
                "day": short_date(worst.day),
                "limit": bounds.said_high,
                "count": len(above),
                "readings": number,
            }
        )


def _glucose(limits: Limits) -> _Bounds:
    unit = limits.glucose_unit
    low, high = limits.glucose_low, limits.glucose_high
    return _Bounds(
        gettext("Glucose"),
        None if low is None else glucose_mmol_l(float(low), unit),
        None if high is None else glucose_mmol_l(float(high), unit),
        _said(low, unit),
        _said(high, unit),
    )


def _glucose_said(mmol_l: float, child: Child) -> str:
    unit = child.glucose_unit
    return f"{decimal(in_glucose_unit(mmol_l, unit), 0 if unit == 'mg/dL' else 1)} {unit}"


def _grade(grade: float | None) -> str:
    return "" if grade is None else str(URINE_GRADES[int(grade)])


def _said(value: Decimal | None, unit: str) -> str:
    return "" if value is None else f"{plain(value)} {unit}"


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


# --- the others


def _message(waiting: date | None) -> Iterator[Reason]:
    if waiting is not None:
        yield Reason(
            Why.MESSAGE,
            gettext("A message of %(day)s from the family has no answer")
            % {"day": short_date(waiting)},
        )


def fall_in_words(fall: WeightFall) -> str:
    return gettext(
        "Weight z-score down by %(by)s: from %(z_before)s (%(kg_before)s kg, %(day_before)s) "
        "to %(z_after)s (%(kg_after)s kg, %(day_after)s)"
    ) % {
        "by": decimal(fall.before_z - fall.after_z, 1),
        "z_before": z_words(fall.before_z),
        "kg_before": decimal(fall.before_kg, 2),
        "day_before": _dated(fall.before_day),
        "z_after": z_words(fall.after_z),
        "kg_after": decimal(fall.after_kg, 2),
        "day_after": _dated(fall.after_day),
    }


def _dated(day: date) -> str:
    return dated(day, "j M Y")


def _weight(fall: WeightFall | None) -> Iterator[Reason]:
    if fall is not None:
        yield Reason(Why.WEIGHT, fall_in_words(fall))


def _clusters(week: Counts, limits: Limits | None) -> Iterator[Reason]:
    limit = limits.clusters_per_day if limits else None
    rate = week.clusters_per_watched_day
    if limit is not None and rate is not None and rate > limit:
        yield Reason(
            Why.CLUSTERS,
            gettext(
                "%(rate)s clusters seen a watched day (%(clusters)s on %(watched_days)s watched of "
                "%(days)s days), above the limit of %(limit)s"
            )
            % {
                "rate": decimal(rate, 1),
                "clusters": week.clusters,
                "watched_days": week.watched_days,
                "days": week.days,
                "limit": plain(limit),
            },
        )


def _prescription(facts: Facts) -> Iterator[Reason]:
    signed = facts.targets
    if signed is not None and not signed.is_read:
        yield Reason(
            Why.PRESCRIPTION,
            gettext("Nobody has marked the prescription as read: %(diet)s from %(day)s")
            % {"diet": signed.diet, "day": _dated(signed.effective_from)},
        )


def _silent(child: Child, facts: Facts, today: date, limits: Limits | None) -> Iterator[Reason]:
    day = diet_day(child, today)
    is_first_month = day is not None and day <= FIRST_MONTH_DAYS
    own = limits.silent_days if limits else None
    allowed = own or (FIRST_MONTH_SILENT_DAYS if is_first_month else None)
    if allowed is None:
        return
    on_diet = gettext("diet day %(day)s") % {"day": day} if day else ""
    if facts.newest is None:
        since = child.diet_started_on or child.created_at.astimezone(child.zone).date()
        if (today - since).days >= allowed:
            yield Reason(Why.SILENT, _parts(gettext("Nothing has been entered yet"), on_diet))
        return
    silent = (today - facts.newest).days
    if silent >= allowed:
        none = gettext("No entry for %(days)s, since %(day)s") % {
            "days": counted(silent, "day"),
            "day": short_date(facts.newest),
        }
        yield Reason(Why.SILENT, _parts(none, on_diet))


def _parts(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _questions(facts: Facts) -> Iterator[Reason]:
    if facts.oldest_question is None:
        return
    oldest = short_date(facts.oldest_question)
    words = ngettext(
        "A question for the visit, of %(day)s, has no answer",
        "%(count)s questions for the visit have no answer, the oldest of %(day)s",
        facts.open_questions,
    ) % {"count": facts.open_questions, "day": oldest}
    yield Reason(Why.QUESTION, words)
