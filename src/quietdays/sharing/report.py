"""The report for the team: one page for a neurologist, then the detail; others get less of it.

The same numbers as on the pages, from the same days; set by typst, tagged for screen
readers (PDF/UA-1), legible in grey. The same period lies in it as a FHIR file (PDF/A-3).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from quietdays.diary.models import Certainty, Eeg, SpasmCluster
from quietdays.diary.queries import Weighed, latest_eeg, latest_weight, visit_before
from quietdays.diet.models import Prescription
from quietdays.diet.queries import basis_of, prescription_on, versions_of
from quietdays.emergency.queries import card_of
from quietdays.insights import issuing, sentences
from quietdays.insights.change import (
    ChildEffect,
    JudgedPeriod,
    NoDietStart,
    child_effect,
    effect_chart,
)
from quietdays.insights.charts import Chart, day_by_hour, on_paper, timeline
from quietdays.insights.days import diary_days
from quietdays.insights.endpoint_words import EEG, endpoint_lines
from quietdays.insights.factor_words import factor_chart
from quietdays.insights.models import Issued
from quietdays.insights.weekly import changes, factors, open_questions
from quietdays.medicines.models import Change
from quietdays.medicines.queries import in_force_on, steps_of
from quietdays.people.models import Child
from quietdays.people.queries import between_dates
from quietdays.science.days import DayState, DiaryDay
from quietdays.science.endpoints import endpoints
from quietdays.science.factors import factor_links
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.outcomes import (
    PeriodOutcome,
    diet_outcome,
    period_outcome,
)
from quietdays.sharing.audiences import Audience, only_for, view_of
from quietdays.sharing.card import PAPERS, card_data
from quietdays.sharing.fhir.bundles import as_text, diary_document
from quietdays.sharing.report_counts import counts_table, rate_text
from quietdays.sharing.report_weeks import weeks_table
from quietdays.sharing.typesetting import typeset
from quietdays.words import counted, in_english, short_date

DEFAULT_DAYS = 84
_HOURS_SHOWN = 28  # days in the grid of hours
# The timeline on paper is wide and as tall as the first page's room: flatter with more lanes.
_PAPER_WIDTH = 880
_PANELS_TALL = (1.6, 1.3, 1.0, 0.7)
_ROOM = 0.45  # of the width, about what the words leave
_VIEW_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')


def default_period(child: Child) -> tuple[date, date]:
    """From the last visit before today; without one, the last twelve weeks, or since birth."""
    today = child.today()
    seen = visit_before(child, today)
    first = seen or today - timedelta(days=DEFAULT_DAYS - 1)
    return max(child.birth_date, first), today


@in_english
def report_pdf(
    child: Child,
    first: date,
    last: date,
    *,
    now: datetime | None = None,
    audience: str = Audience.NEUROLOGIST,
    paper: str = PAPERS[0],
) -> bytes:
    """The PDF of a period, on A4 or Letter, with what its audience needs.

    `first` to `last` must lie between the birth and today.
    """
    now = now or timezone.now()
    data = report_data(child, first, last, now=now, audience=audience)
    if not view_of(audience).carries_data:
        return typeset("report.typ", data, now, standards=["ua-1"], paper=paper, bundle="")
    bundle = as_text(diary_document(child, first, last, now=now))
    standards = ["ua-1", "a-3a"]
    return typeset("report.typ", data, now, standards=standards, paper=paper, bundle=bundle)


@in_english
def report_data(
    child: Child,
    first: date,
    last: date,
    *,
    now: datetime,
    audience: str = Audience.NEUROLOGIST,
) -> dict[str, Any]:
    """What the report says to an audience, as of the period's last day, ready to be set."""
    return only_for(audience, _everything(child, first, last, now))


def _everything(child: Child, first: date, last: date, now: datetime) -> dict[str, Any]:
    days = diary_days(child, first, last, now=now)
    is_current = last >= child.timeline().date_of(now)
    found = _effect(child, last, now, is_current=is_current)
    prescription = prescription_on(child, last)
    basis = basis_of(prescription)
    outcome = period_outcome(days)
    has_periods = found is not None and bool(found.periods)
    return {
        "title": f"{child.name}: spasms seen and diet",
        "period": f"{_long(first)} to {_long(last)}",
        "made": f"{child.timeline().local(now):%-d %B %Y, %H:%M} ({child.time_zone})",
        "child": _child_line(child, last, is_current=is_current),
        "facts": _facts(child, prescription, last, is_current=is_current),
        "coverage": _coverage(outcome, days),
        "counts": counts_table(child, days, now),
        "seen": [s for s in (sentences.seen(outcome), sentences.today_so_far(outcome)) if s],
        "effect": _effect_words(child, found, last),
        "effect_chart": _picture(effect_chart(found)) if found and has_periods else None,
        "weeks": weeks_table(child, first, last, now),
        "questions": open_questions(child, last),
        **_of_the_diet(found),
        "timeline": _timeline(days),
        "hours": _picture(day_by_hour(days[-_HOURS_SHOWN:])),
        "meals": _meals(days, basis),
        "tolerance": _tolerance(prescription),
        "beside": _beside(child, days, outcome),
        "changes": changes(days),
        "days": [_day_row(d, basis) for d in days],
        "prescriptions": [_prescription_row(p) for p in _in_period(child, first, last)],
        "medicines": [
            [s.medicine.name, short_date(s.effective_from), s.get_change_display(),
             "–" if s.change == Change.STOP else s.in_words, s.written_by or "–"]
            for s in steps_of(child)
            if s.effective_from <= last
        ],
        "medicines_now": [
            [s.medicine.name, s.in_words, short_date(s.effective_from), s.written_by or "–"]
            for s in in_force_on(steps_of(child), last)
        ],
        "notes": [[short_date(d.date), n] for d in days for n in d.notes],
        "method": _method(found, _not_sure(child, first, last)),
        "emergency": card_data(child, card_of(child), now),
    }  # fmt: skip


def _of_the_diet(found: ChildEffect | None) -> dict[str, Any]:
    """Endpoints as trials count them, and what was noted beside the clusters."""
    if found is None or found.today < found.diet_started:
        return {"endpoints": [], "eeg": EEG, "factors": None}
    links = factor_links(found.days, diet_started=found.diet_started)
    return {
        "endpoints": [said.text for said in endpoint_lines(found.endpoints)],
        "eeg": EEG,
        "factors": _picture(factor_chart(links, width=680)),
    }


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _child_line(child: Child, last: date, *, is_current: bool) -> str:
    sex = "" if child.sex == "unknown" else f", {child.get_sex_display()}"
    when = "" if is_current else f" on {_long(last)}"
    return f"Born {_long(child.birth_date)} ({child.age_in_words(last)}{when}){sex}"


def _effect(child: Child, last: date, now: datetime, *, is_current: bool) -> ChildEffect | None:
    """The effect as it stood on a day: the periods that had ended, what ran only if it is today."""
    try:
        found = child_effect(child, now=now)
    except NoDietStart:
        return None
    days = [d for d in found.days if d.date <= last]
    return replace(
        found,
        today=last,
        days=days,
        endpoints=endpoints(days, diet_started=found.diet_started, baseline=found.baseline),
        periods=[p for p in found.periods if p.effect.last_date <= last],
        running=found.running if is_current else None,
    )


def _facts(
    child: Child, prescription: Prescription | None, last: date, *, is_current: bool
) -> list[list[str]]:
    """The first page's head: weight, diet, medicines; each with its date."""
    weight = latest_weight(child, last)
    facts = [] if is_current else [["As of", f"{_long(last)}, the last day of this period"]]
    weighed = "not recorded"
    if weight:
        age = (last - weight.on).days
        old = f", {counted(age, 'day')} old" if age > 14 else ""
        weighed = f"{weight.kg:.2f} kg on {short_date(weight.on)}{old}"
    facts.append(["Weight", weighed])
    facts.append(["Diet", _diet_on(child.diet_started_on, last)])
    facts.append(["Prescription", _prescription_words(prescription, weight)])
    active = in_force_on(steps_of(child), last)
    # The team's rules may be long; they stand in the list of medicines.
    words = "; ".join(f"{s.medicine.name} {s.in_brief}" for s in active)
    facts.append(["Medicines", words or "none entered"])
    facts.append(["EEG", _eeg_words(latest_eeg(child, last))])
    return facts


def _eeg_words(newest: Eeg | None) -> str:
    if newest is None:
        return "none entered in this diary"
    return f"{newest.result_in_words}, {newest.date:%-d %b %Y}"


def _diet_on(started: date | None, last: date) -> str:
    if started is None:
        return "first day not entered"
    if started > last:
        return f"not begun; first day {_long(started)}"
    return f"day {(last - started).days + 1}, since {_long(started)}"


def _prescription_words(prescription: Prescription | None, weight: Weighed | None) -> str:
    if prescription is None:
        return "none in force"
    parts = [prescription.diet_in_words]
    for value, unit, name, places in (
        (prescription.energy_kcal, "kcal", "", 0),
        (prescription.protein_g, "g", "protein ", 1),
    ):
        if value is not None:
            per_kg = f" ({float(value) / weight.kg:.{places}f} {unit}/kg)" if weight else ""
            parts.append(f"{name}{_g(value)} {unit}{per_kg}")
    return (
        f"{', '.join(parts)} a day, {counted(prescription.meals_per_day, 'meal')}; "
        f"signed by {prescription.signed_by.name}, from "
        f"{short_date(prescription.effective_from)}"
    )


def _coverage(outcome: PeriodOutcome, days: list[DiaryDay]) -> str:
    share = 100 * outcome.watched_days / outcome.days if outcome.days else 0
    text = (
        f"{counted(outcome.days, 'day')} over, "
        f"{counted(outcome.watched_days, 'watched day')} ({share:.0f} %)"
    )
    hours = [d.hours_watched for d in days if d.is_counted and d.hours_watched is not None]
    if hours:
        verb = "says" if len(hours) == 1 else "say"
        text += (
            f", {sum(hours) / len(hours):.0f} hours watched or heard a day, "
            f"on {counted(len(hours), 'day')} that {verb} so"
        )
    return text


def _effect_words(child: Child, found: ChildEffect | None, last: date) -> dict[str, Any]:
    """The latest period that had ended, every one before it as a row, and what runs now."""
    if found is None:
        return {"verdict": "The diet's first day is not entered.", "lines": [], "rows": []}
    issued = issuing.issued_periods(child)
    rows = [
        [
            _dates(p),
            _in_days(p.change.after_count, p.change.after_days),
            rate_text(p.outcome.clusters_per_watched_day),
            "–" if p.effect.rate_ratio is None else f"{p.effect.rate_ratio:.2f}",
            "–" if p.effect.lo95 is None else f"{p.effect.lo95:.2f} to {p.effect.hi95:.2f}",
            f"{sentences.verdict(p.effect)}{_issued_otherwise(p, found, issued)}",
        ]
        for p in found.periods
    ]
    lines = []
    latest = found.latest
    if latest is not None:
        counts = latest.change
        lines.append(
            f"{_dates(latest)}: {_in_days(counts.after_count, counts.after_days)}, against "
            f"{_in_days(counts.before_count, counts.before_days, noun='')} before the diet."
        )
        lines.append(sentences.interval(latest.effect))
        lines.append(_issued_otherwise(latest, found, issued).strip())
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
    verdict = sentences.verdict(latest.effect) if latest else _none_complete(found, last)
    return {"verdict": verdict, "lines": [line for line in lines if line], "rows": rows}


def _issued_otherwise(
    judged: JudgedPeriod, found: ChildEffect, issued: Mapping[date, Issued]
) -> str:
    """What was said when the verdict was issued, where it read otherwise than now."""
    kept = issued.get(judged.effect.first_date)
    since = issuing.period_since(kept, judged, found.model_version)
    if kept is None or since is None or not since.differences:
        return ""
    then = kept.content["sections"][0]["lines"][0]
    changed = f" Changed since it was issued on {since.when}"
    return f"{changed}." if then == sentences.verdict(judged.effect) else f"{changed}: “{then}”"


def _none_complete(found: ChildEffect, last: date) -> str:
    if found.diet_started > last:
        return f"The diet had not begun by {_long(last)}."
    return f"No four weeks on the diet were complete by {_long(last)}."


def _dates(period: JudgedPeriod) -> str:
    """“26 Oct to 22 Nov”."""
    first, last = period.effect.first_date, period.effect.last_date
    return f"{short_date(first)} to {short_date(last)}"


def _in_days(clusters: int, watched_days: int, *, noun: str = "cluster") -> str:
    """“54 clusters in 25 watched days”; a count without its noun after one with it."""
    if not watched_days:
        return "no watched days"
    seen = counted(clusters, noun) if noun else str(clusters)
    return f"{seen} in {counted(watched_days, 'watched day') if noun else watched_days}"


def _not_sure(child: Child, first: date, last: date) -> int:
    rows = between_dates(SpasmCluster, child, first, last)
    return sum(c.certainty == Certainty.NOT_SURE for c in rows)


def _method(found: ChildEffect | None, not_sure: int) -> str:
    version = f" (version {found.model_version})" if found and found.model_version else ""
    were = {0: "none was", 1: "1 was"}.get(not_sure, f"{not_sure} were")
    return (
        "A day counts as watched when spasms were seen, or when at least 12 of its hours were "
        "watched or heard on a monitor, some of them by eye, or when an imported diary says so. "
        "Rates are per watched day. Clusters marked “not sure” are counted; "
        f"{were} in this period. The 4-week effect compares clusters per watched day with the 28 "
        "days before the diet by a weekly negative binomial model that allows for natural ups and "
        f"downs, illness, sleep, hours watched and medicine changes{version}; limits are those of "
        "95 in 100. Adherence is the share of judged meals that met their targets. Day ratio is "
        "total fat over total protein plus carbohydrate. Today's counts stand apart, because the "
        "day is not over."
    )


def _picture(chart: Chart) -> dict[str, Any]:
    """`aspect` is height over width, so that the page can keep the whole of it in its room."""
    found = _VIEW_BOX.search(chart.svg)
    if found is None:
        raise ValueError(f"the chart {chart.id} has no size")
    aspect = float(found[2]) / float(found[1])
    return {
        "title": chart.title, "svg": on_paper(chart), "alt": chart.sentence, "aspect": aspect
    }  # fmt: skip


def _timeline(days: list[DiaryDay]) -> dict[str, Any]:
    drawn = (_picture(timeline(days, width=_PAPER_WIDTH, panels_tall=t)) for t in _PANELS_TALL)
    last: dict[str, Any] = {}
    for last in drawn:
        if last["aspect"] <= _ROOM:
            break
    return last


def _beside(child: Child, days: list[DiaryDay], outcome: PeriodOutcome) -> list[list[str]]:
    """The other factors. Without a watched day nobody can say that none was."""
    rows = [[f.label, f.text] for f in factors(days, child=child)]
    if outcome.watched_days:
        return rows
    return [[label, "not recorded" if text == "none recorded" else text] for label, text in rows]


def _meals(days: list[DiaryDay], basis: CarbohydrateBasis) -> list[str]:
    diet = diet_outcome([d for d in days if d.on_diet])
    lines = [] if diet.reported_by_day else [sentences.meals(diet.tally)]
    lines.append(sentences.adherence(diet))
    ratio = diet.ratio(basis)
    if ratio is not None:
        count = counted(diet.days_with_meals, "day")
        lines.append(f"What was eaten makes {ratio:.2f}:1 (total fat over total protein plus "
                     f"carbohydrate, {count} with meals).")  # fmt: skip
    return lines + sentences.beside_the_ratio(diet)


def _tolerance(p: Prescription | None) -> str:
    """When a meal meets its target, as this child's prescription says."""
    if p is None:
        return ""
    return (
        f"A meal meets its target when {p.tolerance_in_words}; carbohydrate is counted "
        f"{p.get_carbohydrate_basis_display()}."
    )


def _g(value: Any) -> str:
    return f"{float(value):g}"


def _day_row(day: DiaryDay, basis: CarbohydrateBasis) -> list[str]:
    ratio = day.intake.ratio(basis) if day.intake else None
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
        f"{day.date:%a} {short_date(day.date)}",
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
    rows = [p for p in versions_of(child) if p.effective_from <= last]
    earlier = [p for p in rows if p.effective_from <= first]
    return [*earlier[-1:], *(p for p in rows if p.effective_from > first)]


def _prescription_row(p: Prescription) -> list[str]:
    return [
        short_date(p.effective_from),
        p.diet_in_words,
        "" if p.energy_kcal is None else f"{_g(p.energy_kcal)} kcal",
        "" if p.protein_g is None else f"{_g(p.protein_g)} g",
        str(p.meals_per_day),
        p.signed_by.name,
    ]
