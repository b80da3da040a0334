"""The weekly summary: seizures beside adherence and the other factors, from diary days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from quietdays.diet.models import Prescription
from quietdays.diet.queries import basis_of, prescription_on
from quietdays.insights import sentences
from quietdays.insights.days import diary_days
from quietdays.people.models import Child
from quietdays.science.days import DiaryDay
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.outcomes import (
    DietOutcome,
    PeriodOutcome,
    baseline_window,
    diet_outcome,
    mean_of,
    period_outcome,
)
from quietdays.science.units import in_glucose_unit


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled line of a summary."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class WeekSummary:
    first: date
    last: date
    days: list[DiaryDay]
    outcome: PeriodOutcome
    previous: PeriodOutcome
    baseline: PeriodOutcome | None
    diet: DietOutcome
    ratio: float | None
    seen: list[str]
    meals: list[str]
    factors: list[Fact]
    changes: list[str]
    not_recorded: list[str]

    @property
    def is_over(self) -> bool:
        return all(d.is_over for d in self.days)


def week_of(day: date) -> date:
    """The Monday of a date's week."""
    return day - timedelta(days=day.weekday())


def week_summary(child: Child, first: date, *, now: datetime | None = None) -> WeekSummary:
    """The seven days from `first`, beside the seven before them and the weeks before the diet."""
    last = first + timedelta(days=6)
    fortnight = diary_days(child, first - timedelta(days=7), last, now=now)
    previous, days = fortnight[:7], fortnight[7:]
    baseline = None
    if child.diet_started_on is not None and child.diet_started_on <= last:
        start, end = baseline_window(child.diet_started_on)
        baseline = period_outcome(diary_days(child, start, end, now=now))
    prescription = prescription_on(child, min(last, child.today(now)))
    basis = basis_of(prescription)
    outcome, before, diet = period_outcome(days), period_outcome(previous), diet_outcome(days)
    return WeekSummary(
        first=first,
        last=last,
        days=days,
        outcome=outcome,
        previous=before,
        baseline=baseline,
        diet=diet,
        ratio=diet.ratio(basis),
        seen=_seen(outcome, before, baseline),
        meals=_meals(diet, basis, prescription),
        factors=factors(days, child=child),
        changes=changes(days),
        not_recorded=[sentences.short_date(d.date) for d in days if d.is_over and not d.is_counted],
    )


def _seen(
    outcome: PeriodOutcome, before: PeriodOutcome, baseline: PeriodOutcome | None
) -> list[str]:
    lines = [sentences.seen(outcome), sentences.today_so_far(outcome)]
    lines.append(sentences.compared("The week before", before))
    if baseline is not None:
        lines.append(sentences.compared("The 4 weeks before the diet", baseline))
    return [line for line in lines if line]


def _meals(
    diet: DietOutcome, basis: CarbohydrateBasis, prescription: Prescription | None
) -> list[str]:
    lines = [sentences.meals(diet.tally)] if not diet.reported_by_day else []
    lines.append(sentences.adherence(diet))
    ratio = diet.ratio(basis)
    if ratio is not None:
        asked = f"; prescribed: {prescription.diet_in_words}" if prescription else ""
        days = sentences.plural(diet.days_with_meals, "day")
        lines.append(f"What was eaten makes {ratio:.2f}:1 over {days} with meals{asked}.")
    return lines + sentences.beside_the_ratio(diet)


def factors(days: Sequence[DiaryDay], *, child: Child) -> list[Fact]:
    """Everything else of these days, in the family's units, with what each rests on."""
    check_ins = [d.check_in for d in days]
    scales: list[tuple[str, Sequence[float | int | None], str]] = [
        ("Sleep", [c.sleep_hours for c in check_ins], " h"),
        ("Night wakings", [c.night_wakings for c in check_ins], ""),
        ("Stress at home (1 calm to 5)", [c.stress for c in check_ins], ""),
        ("Alertness (5 best)", [c.alertness for c in check_ins], ""),
        ("Feeding (5 best)", [c.feeding for c in check_ins], ""),
        ("Behaviour (5 best)", [c.behaviour for c in check_ins], ""),
    ]
    facts = [Fact(label, _mean(values, unit)) for label, values, unit in scales]
    facts.append(Fact("Illness", _illness(days)))
    facts.append(
        Fact("Ketones, blood", _readings([k for d in days for k in d.ketones_mmol_l], "mmol/L"))
    )
    strips = sum(len(d.urine_ketones_grade) for d in days)
    facts.append(Fact("Ketones, urine strips", sentences.plural(strips, "strip")))
    glucose = [in_glucose_unit(g, child.glucose_unit) for d in days for g in d.glucose_mmol_l]
    facts.append(Fact("Glucose", _readings(glucose, child.glucose_unit)))
    facts.append(Fact("Weight", _weight(days, child.weight_unit)))
    others = sum(d.other_seizures for d in days)
    facts.append(Fact("Other seizures", f"{others} recorded" if others else "none recorded"))
    given = sum(d.doses_given for d in days)
    skipped = sum(d.doses_skipped for d in days)
    due = sum(d.doses_due for d in days)
    facts.append(Fact("Doses", sentences.doses(given=given, skipped=skipped, due=due)))
    return facts


def _mean(values: Sequence[float | int | None], unit: str) -> str:
    mean, n = mean_of(values)
    if mean is None:
        return "not recorded"
    return f"{mean:.1f}{unit} on average ({sentences.plural(n, 'day')})"


def _readings(values: Sequence[float], unit: str) -> str:
    if not values:
        return "not recorded"
    low, high = min(values), max(values)
    places = 0 if unit == "mg/dL" else 1
    span = f"{low:.{places}f}"
    if low != high:
        span += f" to {high:.{places}f}"
    return f"{span} {unit} ({sentences.plural(len(values), 'reading')})"


def _weight(days: Sequence[DiaryDay], unit: str) -> str:
    weights = [(d.date, d.weight_kg) for d in days if d.weight_kg is not None]
    if not weights:
        return "not recorded"
    day, kilograms = weights[-1]
    shown = f"{1000 * kilograms:.0f} g" if unit == "g" else f"{kilograms:.2f} kg"
    return f"{shown} on {sentences.short_date(day)}"


def _illness(days: Sequence[DiaryDay]) -> str:
    ill = sum(d.illness is True for d in days)
    said = sum(d.illness is not None for d in days)
    if not said:
        return "not recorded"
    fever = sum(d.fever is True for d in days)
    verb = "says" if said == 1 else "say"
    text = f"unwell on {ill} of {sentences.plural(said, 'day')} that {verb} so"
    return f"{text}, fever on {fever}" if fever else text


def changes(days: Sequence[DiaryDay]) -> list[str]:
    """Medicine and prescription changes of these days, in order."""
    lines = []
    for day in days:
        lines += [sentences.medicine_change(day.date, c) for c in day.medicine_changes]
        if day.prescription_changed and day.prescribed:
            when = sentences.short_date(day.date)
            lines.append(f"Prescription: {day.prescribed} from {when}")
    return lines
