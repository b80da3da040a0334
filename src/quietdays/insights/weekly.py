"""The weekly summary: seizures beside adherence and the other factors, from diary days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext, gettext_lazy

from quietdays.diary.models import Question
from quietdays.diet.models import Prescription
from quietdays.diet.queries import basis_of, prescription_on
from quietdays.insights import accounts, sentences
from quietdays.insights.accounts import Fact, Said
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
from quietdays.words import counted, decimal, from_to, joined, short_date


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
    seen: list[Said]
    meals: list[Said]
    factors: list[Fact]
    changes: list[str]
    not_recorded: list[str]
    questions: list[str]
    settings: list[str]  # what decides how figures are shown and judged
    previous_days: list[DiaryDay]
    baseline_days: list[DiaryDay]

    @property
    def is_over(self) -> bool:
        return all(d.is_over for d in self.days)


def week_of(day: date, child: Child) -> date:
    """The first day of a date's week, which begins on the day that the family chose."""
    return day - timedelta(days=(day.weekday() - child.summary_weekday) % 7)


def week_summary(child: Child, first: date, *, now: datetime | None = None) -> WeekSummary:
    """The seven days from `first`, beside the seven before them and the weeks before the diet."""
    last = first + timedelta(days=6)
    fortnight = diary_days(child, first - timedelta(days=7), last, now=now)
    previous, days = fortnight[:7], fortnight[7:]
    before_diet = _before_the_diet(child, last, now)
    prescription = prescription_on(child, min(last, child.today(now)))
    basis = basis_of(prescription)
    outcome, before, diet = period_outcome(days), period_outcome(previous), diet_outcome(days)
    baseline = period_outcome(before_diet) if before_diet else None
    return WeekSummary(
        first=first,
        last=last,
        days=days,
        outcome=outcome,
        previous=before,
        baseline=baseline,
        diet=diet,
        ratio=diet.ratio(basis),
        seen=[
            *_seen(days, outcome),
            Said(
                sentences.compared(gettext("The week before"), before),
                accounts.rate(previous, before),
            ),
            *_baseline(before_diet, baseline),
        ],
        meals=_meals(days, diet, basis, prescription),
        factors=factors(days, child=child),
        changes=changes(days),
        not_recorded=[short_date(d.date) for d in days if d.is_over and not d.is_counted],
        questions=open_questions(child, last),
        settings=[
            child.glucose_unit,
            child.weight_unit,
            basis.value,
            prescription.diet_in_words if prescription else "",
        ],
        previous_days=previous,
        baseline_days=before_diet,
    )


def _before_the_diet(child: Child, last: date, now: datetime | None) -> list[DiaryDay]:
    """The baseline's days; none while the diet has not begun."""
    if child.diet_started_on is None or child.diet_started_on > last:
        return []
    start, end = baseline_window(child.diet_started_on)
    return diary_days(child, start, end, now=now)


def open_questions(child: Child, last: date) -> list[str]:
    """What stands to be asked at the next visit, noted up to a date."""
    rows = Question.objects.of(child).filter(date__lte=last, answer="")
    return [f"{q.text} ({short_date(q.date)})" for q in rows]


def _seen(days: list[DiaryDay], outcome: PeriodOutcome) -> list[Said]:
    lines = [Said(sentences.seen(outcome), accounts.rate(days, outcome))]
    today = sentences.today_so_far(outcome)
    return [*lines, Said(today)] if today else lines


def _baseline(days: list[DiaryDay], baseline: PeriodOutcome | None) -> list[Said]:
    if baseline is None:
        return []
    text = sentences.compared(gettext("The 4 weeks before the diet"), baseline)
    return [Said(text, accounts.rate(days, baseline))]


def _meals(
    days: list[DiaryDay],
    diet: DietOutcome,
    basis: CarbohydrateBasis,
    prescription: Prescription | None,
) -> list[Said]:
    account = accounts.meals(diet)
    lines = [] if diet.reported_by_day else [Said(sentences.meals(diet.tally), account)]
    lines.append(Said(sentences.adherence(diet), account))
    ratio = diet.ratio(basis)
    if ratio is not None:
        told = {"ratio": decimal(ratio, 2), "days": counted(diet.days_with_meals, "day")}
        if prescription:
            text = gettext(
                "What was eaten makes %(ratio)s:1 over %(days)s with meals; prescribed: %(diet)s."
            ) % {**told, "diet": prescription.diet_in_words}
        else:
            text = gettext("What was eaten makes %(ratio)s:1 over %(days)s with meals.") % told
        lines.append(Said(text, accounts.ratio(days, diet, basis)))
    return lines + [Said(line) for line in sentences.beside_the_ratio(diet)]


def factors(days: Sequence[DiaryDay], *, child: Child) -> list[Fact]:
    """Everything else of these days, in the family's units, with what each rests on."""
    check_ins = [d.check_in for d in days]
    scales: list[tuple[str, Sequence[float | int | None], str]] = [
        (gettext("Sleep"), [c.sleep_hours for c in check_ins], " h"),
        (gettext("Night wakings"), [c.night_wakings for c in check_ins], ""),
        (gettext("Stress at home (1 calm to 5)"), [c.stress for c in check_ins], ""),
        (gettext("Alertness (5 best)"), [c.alertness for c in check_ins], ""),
        (gettext("Feeding (5 best)"), [c.feeding for c in check_ins], ""),
        (gettext("Behaviour (5 best)"), [c.behaviour for c in check_ins], ""),
    ]
    facts = [
        Fact(label, _mean(values, unit), accounts.mean(days, values))
        for label, values, unit in scales
    ]
    facts.append(Fact(gettext("Illness"), _illness(days), _illness_account(days)))
    facts += [_ketones(days), _strips(days), _glucose(days, child), _weight(days, child)]
    others = sum(d.other_seizures for d in days)
    facts.append(
        Fact(
            gettext("Other seizures"),
            gettext("%(others)s recorded") % {"others": others}
            if others
            else gettext("none recorded"),
        )
    )
    given = sum(d.doses_given for d in days)
    skipped = sum(d.doses_skipped for d in days)
    due = sum(d.doses_due for d in days)
    facts.append(Fact(gettext("Doses"), sentences.doses(given=given, skipped=skipped, due=due)))
    return facts


def _mean(values: Sequence[float | int | None], unit: str) -> str:
    mean, n = mean_of(values)
    if mean is None:
        return gettext("not recorded")
    return gettext("%(mean)s%(unit)s on average (%(days)s)") % {
        "mean": decimal(mean, 1),
        "unit": unit,
        "days": counted(n, "day"),
    }


_EACH = gettext_lazy("The lowest and the highest of these values, as they were entered.")


def _ketones(days: Sequence[DiaryDay]) -> Fact:
    values = [d.ketones_mmol_l for d in days]
    return Fact(
        gettext("Ketones, blood"), _span(values, "mmol/L"), accounts.readings(days, values, _EACH)
    )


def _strips(days: Sequence[DiaryDay]) -> Fact:
    """Counted only: a colour is no number, and never stands beside blood."""
    strips = sum(len(d.urine_ketones_grade) for d in days)
    return Fact(gettext("Ketones, urine strips"), counted(strips, "strip"))


def _glucose(days: Sequence[DiaryDay], child: Child) -> Fact:
    unit = child.glucose_unit
    values = [tuple(in_glucose_unit(g, unit) for g in d.glucose_mmol_l) for d in days]
    account = accounts.readings(days, values, _EACH, _places(unit))
    return Fact(gettext("Glucose"), _span(values, unit), account)


def _places(unit: str) -> int:
    return 0 if unit == "mg/dL" else 1


def _span(values: Sequence[Sequence[float]], unit: str) -> str:
    """“3.1 to 4.1 mmol/L (3 readings)”."""
    read = [one for of_day in values for one in of_day]
    if not read:
        return gettext("not recorded")
    low, high = min(read), max(read)
    span = decimal(low, _places(unit))
    if low != high:
        span = from_to(span, decimal(high, _places(unit)))
    return f"{span} {unit} ({counted(len(read), 'reading')})"


def _weight(days: Sequence[DiaryDay], child: Child) -> Fact:
    """The last of these days' weights."""
    in_grams = child.weight_unit == "g"
    per_kg, places = (1000, 0) if in_grams else (1, 2)
    values = [() if d.weight_kg is None else (per_kg * d.weight_kg,) for d in days]
    weighed = [(d.date, v[0]) for d, v in zip(days, values, strict=True) if v]
    if not weighed:
        return Fact(gettext("Weight"), gettext("not recorded"))
    day, last = weighed[-1]
    text = gettext("%(weight)s %(unit)s on %(day)s") % {
        "weight": decimal(last, places),
        "unit": child.weight_unit,
        "day": short_date(day),
    }
    formula = gettext("The last of these weights, in %(unit)s.") % {"unit": child.weight_unit}
    return Fact(gettext("Weight"), text, accounts.readings(days, values, formula, places))


def _illness_account(days: Sequence[DiaryDay]) -> accounts.Account | None:
    """Which days were marked ill; None where nobody said either way."""
    said = [d for d in days if d.illness is not None]
    if not said:
        return None
    blank = [d.date for d in days if d.illness is None]
    return accounts.Account(
        formula=gettext(
            "Days with an illness entered or “unwell” in the check-in ÷ days that say either way."
        ),
        inputs=(
            (
                gettext("Unwell"),
                accounts.dates_in_words(d.date for d in said if d.illness) or gettext("on none"),
            ),
            (
                gettext("With fever"),
                accounts.dates_in_words(d.date for d in said if d.fever) or gettext("on none"),
            ),
        ),
        missing=gettext("Nobody said: %(days)s.") % {"days": accounts.dates_in_words(blank)}
        if blank
        else "",
    )


def _illness(days: Sequence[DiaryDay]) -> str:
    ill = sum(d.illness is True for d in days)
    said = sum(d.illness is not None for d in days)
    if not said:
        return gettext("not recorded")
    fever = sum(d.fever is True for d in days)
    text = gettext("unwell on %(ill)s of %(days)s with an answer") % {
        "ill": ill,
        "days": counted(said, "day"),
    }
    return joined(text, gettext("fever on %(count)s") % {"count": fever} if fever else "")


def changes(days: Sequence[DiaryDay]) -> list[str]:
    """Medicine and prescription changes of these days, in order."""
    lines = []
    for day in days:
        lines += [sentences.medicine_change(day.date, c) for c in day.medicine_changes]
        if day.prescription_changed and day.prescribed:
            when = short_date(day.date)
            lines.append(
                gettext("Prescription: %(prescribed)s from %(when)s")
                % {"prescribed": day.prescribed, "when": when}
            )
    return lines
