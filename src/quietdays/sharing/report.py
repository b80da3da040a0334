"""The report for the team: one A4 page for a neurologist, then the detail.

The same numbers as on the pages, from the same days; set by typst, tagged for screen
readers (PDF/UA-1), legible in grey.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone

from quietdays.diary.models import Kind, Measurement, SpasmCluster
from quietdays.diary.queries import between_dates
from quietdays.diet.models import Prescription
from quietdays.diet.queries import prescription_on
from quietdays.insights import sentences
from quietdays.insights.change import ChildEffect, NoDietStart, child_effect, effect_chart
from quietdays.insights.charts import Chart, day_by_hour, on_paper, timeline
from quietdays.insights.days import diary_days
from quietdays.insights.weekly import changes, factors
from quietdays.medicines.queries import in_force_on, steps_of
from quietdays.people.models import Child
from quietdays.science.days import DayState, DiaryDay
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.outcomes import (
    PeriodOutcome,
    baseline_window,
    diet_outcome,
    period_outcome,
)

DEFAULT_DAYS = 84
FONTS = Path(str(resources.files("quietdays.web"))) / "static/built/fonts"
_HOURS_SHOWN = 28  # days in the grid of hours


def default_period(child: Child) -> tuple[date, date]:
    """The last twelve weeks, today included, or since birth when that is less."""
    today = child.today()
    return max(child.birth_date, today - timedelta(days=DEFAULT_DAYS - 1)), today


def report_pdf(child: Child, first: date, last: date, *, now: datetime | None = None) -> bytes:
    """The PDF of a period. `first` to `last` must lie between the birth and today."""
    now = now or timezone.now()
    data = report_data(child, first, last, now=now)
    template = resources.files("quietdays.sharing").joinpath("data/report.typ").read_bytes()
    return bytes(
        typst.compile(  # type: ignore[misc]  # its stub cannot infer that a template is bytes
            template,
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["ua-1"],
            timestamp=int(now.timestamp()),
        )
    )


def report_data(child: Child, first: date, last: date, *, now: datetime) -> dict[str, Any]:
    """Everything the report says, as text and pictures, ready to be set."""
    days = diary_days(child, first, last, now=now)
    today = child.timeline().date_of(now)
    found = _effect(child, now)
    prescription = prescription_on(child, last)
    basis = prescription.basis if prescription else CarbohydrateBasis.AVAILABLE
    outcome = period_outcome(days)
    return {
        "title": f"{child.name}: spasms seen and diet",
        "period": f"{_long(first)} to {_long(last)}",
        "made": f"{child.timeline().local(now):%-d %B %Y, %H:%M} ({child.time_zone})",
        "child": _child_line(child, today),
        "facts": _facts(child, prescription, found, today),
        "coverage": _coverage(outcome),
        "counts": _counts(child, days, now),
        "seen": [s for s in (sentences.seen(outcome), sentences.today_so_far(outcome)) if s],
        "effect": _effect_words(found),
        "effect_chart": _picture(effect_chart(found)) if found and found.periods else None,
        "timeline": _picture(timeline(days)),
        "hours": _picture(day_by_hour(days[-_HOURS_SHOWN:])),
        "meals": _meals(days, basis),
        "tolerance": _tolerance(prescription),
        "beside": [[f.label, f.text] for f in factors(days, child=child)],
        "changes": changes(days),
        "days": [_day_row(d, basis) for d in days],
        "prescriptions": [_prescription_row(p) for p in _in_period(child, first, last)],
        "medicines": [
            [s.medicine.name, sentences.short_date(s.effective_from), s.get_change_display(),
             _dose(s), s.written_by or "–"]
            for s in steps_of(child)
            if s.effective_from <= last
        ],
        "notes": [[sentences.short_date(d.date), n] for d in days for n in d.notes],
        "model": found.model_version if found else "",
    }  # fmt: skip


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _child_line(child: Child, today: date) -> str:
    sex = "" if child.sex == "unknown" else f", {child.get_sex_display()}"
    return f"Born {_long(child.birth_date)} ({child.age_in_words(today)}){sex}"


def _effect(child: Child, now: datetime) -> ChildEffect | None:
    try:
        return child_effect(child, now=now)
    except NoDietStart:
        return None


def _latest_weight(child: Child, today: date) -> tuple[float, date] | None:
    newest = Measurement.objects.of(child).filter(kind=Kind.WEIGHT).order_by("-happened_at").first()
    if newest is None:
        return None
    kilograms = float(newest.value) / (1000 if newest.unit == "g" else 1)
    return kilograms, newest.local_time.date()


def _facts(
    child: Child, prescription: Prescription | None, found: ChildEffect | None, today: date
) -> list[list[str]]:
    """The first page's head: weight, diet, medicines; each with its date."""
    weight = _latest_weight(child, today)
    facts = [["Weight", "not recorded"]]
    if weight:
        age = (today - weight[1]).days
        old = f", {sentences.plural(age, 'day')} old" if age > 14 else ""
        facts = [["Weight", f"{weight[0]:.2f} kg on {sentences.short_date(weight[1])}{old}"]]
    if found:
        facts.append(["Diet", f"day {found.diet_day}, since {_long(found.diet_started)}"])
    else:
        facts.append(["Diet", "first day not entered"])
    facts.append(["Prescription", _prescription_words(prescription, weight)])
    active = in_force_on(steps_of(child), today)
    words = "; ".join(f"{s.medicine.name} {_dose(s)}" for s in active)
    facts.append(["Medicines", words or "none entered"])
    facts.append(["EEG", "not entered in this diary"])
    return facts


def _prescription_words(
    prescription: Prescription | None, weight: tuple[float, date] | None
) -> str:
    if prescription is None:
        return "none in force"
    energy, protein = float(prescription.energy_kcal), float(prescription.protein_g)
    per_kg = f" ({energy / weight[0]:.0f} kcal/kg)" if weight else ""
    protein_per_kg = f" ({protein / weight[0]:.1f} g/kg)" if weight else ""
    return (
        f"{float(prescription.ratio):g}:1, {energy:g} kcal{per_kg}, protein {protein:g} g"
        f"{protein_per_kg} a day, {sentences.plural(prescription.meals_per_day, 'meal')}; "
        f"signed by {prescription.signed_by.name}, from "
        f"{sentences.short_date(prescription.effective_from)}"
    )


def _dose(step: Any) -> str:
    if step.dose is None:
        return "dose not written down"
    return f"{float(step.dose):g} {step.medicine.unit} at {', '.join(step.times)}"


def _coverage(outcome: PeriodOutcome) -> str:
    share = 100 * outcome.watched_days / outcome.days if outcome.days else 0
    text = (
        f"{sentences.plural(outcome.days, 'day')}, {outcome.watched_days} recorded ({share:.0f} %)"
    )
    if outcome.hours_watched and outcome.watched_days:
        text += f", {outcome.hours_watched / outcome.watched_days:.0f} hours watched or heard a day"
    return text


def _counts(child: Child, days: list[DiaryDay], now: datetime) -> list[list[str]]:
    """Columns of the first table: before the diet, the period, its last 28 and 7 days."""
    last = days[-1].date
    columns: list[tuple[str, list[DiaryDay]]] = [("This period", days)]
    if child.diet_started_on is not None:
        start, end = baseline_window(child.diet_started_on)
        columns.insert(0, ("4 weeks before the diet", diary_days(child, start, end, now=now)))
    for label, length in (("Last 28 days", 28), ("Last 7 days", 7)):
        recent = diary_days(child, last - timedelta(days=length - 1), last, now=now)
        columns.append((label, recent))
    sizes = [_cluster_sizes(child, d) for _, d in columns]
    outcomes = [period_outcome(d) for _, d in columns]
    rows = [["", *(label for label, _ in columns)]]
    rows.append(["Recorded days", *(f"{o.watched_days} of {o.days}" for o in outcomes)])
    rows.append(["Clusters seen", *(_with_today(o.clusters, o.clusters_today) for o in outcomes)])
    rows.append(["per watched day", *(_rate(o.clusters_per_watched_day) for o in outcomes)])
    rows.append(
        ["Spasms seen", *(_floor(o) + _with_today(o.spasms, o.spasms_today) for o in outcomes)]
    )
    rows.append(["per watched day", *(_rate(o.spasms_per_watched_day) for o in outcomes)])
    rows.append(["Spasms in a cluster, median", *sizes])
    rows.append(["Longest cluster", *(_longest(d) for _, d in columns)])
    rows.append(["Watched days, none seen", *(str(o.quiet_days) for o in outcomes)])
    rows.append(["Longest run of these", *(_run(o) for o in outcomes)])
    rows.append(["Last seen on", *(_when(o.last_seen) for o in outcomes)])
    rows.append(["Other seizures", *(str(o.other_seizures) for o in outcomes)])
    return rows


def _with_today(number: int, today: int) -> str:
    return f"{number} + {today} today" if today else str(number)


def _floor(outcome: PeriodOutcome) -> str:
    return "at least " if outcome.spasms_at_least else ""


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _when(day: date | None) -> str:
    return sentences.short_date(day) if day else "–"


def _run(outcome: PeriodOutcome) -> str:
    if not outcome.longest_quiet_run:
        return "–"
    text = sentences.plural(outcome.longest_quiet_run, "day")
    gap = outcome.longest_quiet_run_gap_days
    return f"{text} ({gap} not recorded between)" if gap else text


def _longest(days: list[DiaryDay]) -> str:
    minutes = [d.longest_cluster_min for d in days if d.longest_cluster_min is not None]
    return f"{max(minutes):.0f} min" if minutes else "not timed"


def _cluster_sizes(child: Child, days: list[DiaryDay]) -> str:
    rows = between_dates(SpasmCluster, child, days[0].date, days[-1].date)
    sizes = sorted(c.spasm_count for c in rows if c.spasm_count is not None)
    if not sizes:
        return "–"
    middle = len(sizes) // 2
    median = sizes[middle] if len(sizes) % 2 else (sizes[middle - 1] + sizes[middle]) / 2
    return f"{median:g} ({len(sizes)} counted)"


def _effect_words(found: ChildEffect | None) -> dict[str, Any]:
    """The latest complete period in words, every period as a row, and what runs now."""
    if found is None:
        return {"verdict": "The diet's first day is not entered.", "lines": [], "rows": []}
    rows = [
        [
            f"{sentences.short_date(p.effect.first_date)} to "
            f"{sentences.short_date(p.effect.last_date)}",
            f"{p.outcome.clusters} in {sentences.plural(p.outcome.watched_days, 'day')}",
            _rate(p.outcome.clusters_per_watched_day),
            "–" if p.effect.rate_ratio is None else f"{p.effect.rate_ratio:.2f}",
            "–" if p.effect.lo95 is None else f"{p.effect.lo95:.2f} to {p.effect.hi95:.2f}",
            sentences.verdict(p.effect),
        ]
        for p in found.periods
    ]
    lines = []
    latest = found.latest
    if latest is not None:
        lines.append(sentences.interval(latest.effect))
        also = [sentences.medicine_change(c.date, c) for c in latest.effect.co_interventions]
        lines.append(
            f"Also changed from 4 weeks before the diet on: {'; '.join(also)}."
            if also
            else "No medicine change was entered from 4 weeks before the diet on."
        )
    if found.running is not None:
        so_far = sentences.seen(found.running)
        today = sentences.today_so_far(found.running)
        lines.append(f"The four weeks that run now: {so_far} {today}".strip())
    verdict = sentences.verdict(latest.effect) if latest else "No four weeks are complete yet."
    return {"verdict": verdict, "lines": [line for line in lines if line], "rows": rows}


def _picture(chart: Chart) -> dict[str, str]:
    return {"title": chart.title, "svg": on_paper(chart), "alt": chart.sentence}


def _meals(days: list[DiaryDay], basis: CarbohydrateBasis) -> list[str]:
    diet = diet_outcome([d for d in days if d.on_diet])
    lines = [] if diet.reported_by_day else [sentences.meals(diet.tally)]
    lines.append(sentences.adherence(diet))
    ratio = diet.ratio(basis)
    if ratio is not None:
        count = sentences.plural(diet.days_with_meals, "day")
        lines.append(f"What was eaten makes {ratio:.2f}:1 (total fat over total protein plus "
                     f"carbohydrate, {count} with meals).")  # fmt: skip
    return lines


def _tolerance(p: Prescription | None) -> str:
    """When a meal meets its target, as this child's prescription says."""
    if p is None:
        return ""
    return (
        f"A meal meets its target when its ratio is at most {_g(p.ratio_under_percent)} % "
        f"lower or {_g(p.ratio_over_percent)} % higher, its energy at most "
        f"{_g(p.energy_under_percent)} % lower or {_g(p.energy_over_percent)} % higher, and "
        f"its carbohydrate at most {_g(p.carbohydrate_over_percent)} % or "
        f"{_g(p.carbohydrate_over_g)} g over; carbohydrate is counted "
        f"{p.get_carbohydrate_basis_display()}."
    )


def _g(value: Any) -> str:
    return f"{float(value):g}"


def _day_row(day: DiaryDay, basis: CarbohydrateBasis) -> list[str]:
    ratio = day.eaten.ratio(basis) if day.eaten else None
    tally = day.meals
    meals = f"{tally.met} of {tally.met + tally.not_met}" if tally.met + tally.not_met else ""
    if not meals and day.adherence_percent is not None:
        meals = f"{day.adherence_percent:.0f} %"
    states = {
        DayState.SEEN: f"{day.clusters}",
        DayState.NONE_SEEN: "none seen",
        DayState.NOT_RECORDED: "not recorded" if day.is_over else "day not over",
    }
    spasms = "" if not day.spasms else f"{'≥ ' if day.spasms_at_least else ''}{day.spasms}"
    ketones = ", ".join(f"{k:.1f}" for k in day.ketones_mmol_l)
    return [
        f"{day.date:%a} {sentences.short_date(day.date)}",
        states[day.state],
        spasms,
        "" if day.hours_watched is None else f"{day.hours_watched:.0f}",
        meals,
        "" if ratio is None else f"{ratio:.2f}",
        "" if day.check_in.sleep_hours is None else f"{day.check_in.sleep_hours:.1f}",
        "" if day.check_in.stress is None else str(day.check_in.stress),
        {True: "yes", False: "no", None: ""}[day.illness],
        ketones,
    ]


def _in_period(child: Child, first: date, last: date) -> list[Prescription]:
    """The version in force on the first day, and those that came into force up to the last."""
    rows = [p for p in child.prescriptions.select_related("signed_by") if p.effective_from <= last]
    earlier = [p for p in rows if p.effective_from <= first]
    return [*earlier[-1:], *(p for p in rows if p.effective_from > first)]


def _prescription_row(p: Prescription) -> list[str]:
    return [
        sentences.short_date(p.effective_from),
        f"{_g(p.ratio)}:1",
        f"{_g(p.energy_kcal)} kcal",
        f"{_g(p.protein_g)} g",
        str(p.meals_per_day),
        p.signed_by.name,
    ]
