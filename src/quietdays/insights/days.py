"""From records to days: the one place where a child's entries become DiaryDay values.

Everything that a page, a chart, the report or the effect shows of a period is a rendering of
this list. A number that is missing here is added here, not queried for elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects
from django.utils import timezone

from quietdays.diary.models import (
    CheckIn,
    CountKind,
    DayTotal,
    Eeg,
    Illness,
    Kind,
    Measurement,
    Observation,
    OtherSeizure,
    SpasmCluster,
    Unit,
)
from quietdays.diary.queries import illnesses_between
from quietdays.diet.models import MealEaten, PlannedMeal, Prescription
from quietdays.diet.queries import in_force, verdict_on, versions_of
from quietdays.medicines.models import Dose, Schedule
from quietdays.medicines.queries import due_of, in_force_on, steps_of
from quietdays.people.models import Child
from quietdays.people.queries import between_dates
from quietdays.science import days as value
from quietdays.science.adherence import Judgement, MealTally
from quietdays.science.macros import Macros
from quietdays.science.units import glucose_mmol_l

# No part of a day, and a good part of the time that it takes to read years of them.
_UNREAD = ("note", "entered_at", "entered_by", "deleted_at", "child")


@dataclass(slots=True)
class _Entries:
    """All records of a period, by local date, read once each."""

    clusters: dict[date, list[SpasmCluster]]
    other_seizures: dict[date, list[OtherSeizure]]
    observations: dict[date, list[_Watched]]
    totals: dict[date, DayTotal]
    check_ins: dict[date, CheckIn]
    illnesses: list[Illness]
    eegs: dict[date, list[Eeg]]
    measurements: dict[date, list[Measurement]]
    prescriptions: list[Prescription]
    steps: list[Schedule]
    diet_started_on: date | None
    planned: dict[date, list[PlannedMeal]] = field(default_factory=dict)
    eaten: dict[date, list[MealEaten]] = field(default_factory=dict)
    doses: dict[date, list[Dose]] = field(default_factory=dict)
    eaten_plans: set[Any] = field(default_factory=set)


def diary_days(
    child: Child, first: date, last: date, *, now: datetime | None = None
) -> list[value.DiaryDay]:
    """One DiaryDay for every local date from first to last, both included, in order."""
    now = now or timezone.now()
    entries = _with_meals(_read(child, first, last), child, first, last, now)
    return _days(entries, child, first, last, now)


def days_without_meals(
    child: Child, first: date, last: date, *, now: datetime | None = None
) -> list[value.DiaryDay]:
    """The same with neither meals nor doses: most of what years of a diary hold.

    Only for what shows neither: on these days both are as if nobody had entered any.
    """
    return _days(_read(child, first, last), child, first, last, now or timezone.now())


def _days(
    entries: _Entries, child: Child, first: date, last: date, now: datetime
) -> list[value.DiaryDay]:
    timeline = child.timeline()
    return [_day(entries, timeline, day, now) for day in value.date_range(first, last)]


def _with_meals(
    entries: _Entries, child: Child, first: date, last: date, now: datetime
) -> _Entries:
    planned = between_dates(PlannedMeal, child, first, last)
    # A plan counts as logged whenever its meal was eaten, past midnight or days later.
    logged = MealEaten.objects.of(child).filter(planned__in=planned)
    plans = set(logged.values_list("planned_id", flat=True))
    return replace(
        entries,
        planned=_by_date(_due_or_eaten(planned, now, plans)),
        eaten=_by_date(_eaten(child, first, last)),
        doses=_by_date(_doses(child, first, last)),
        eaten_plans=plans,
    )


def _read(child: Child, first: date, last: date) -> _Entries:
    dated = {"date__range": (first, last)}
    return _Entries(
        clusters=_by_date(between_dates(SpasmCluster, child, first, last, unread=_UNREAD)),
        other_seizures=_by_date(between_dates(OtherSeizure, child, first, last)),
        observations=_group((o.date, o) for o in _observations(child, first, last)),
        totals={t.date: t for t in DayTotal.objects.of(child).filter(**dated)},
        check_ins={c.date: c for c in CheckIn.objects.of(child).filter(**dated)},
        illnesses=illnesses_between(child, first, last),
        eegs=_group((e.date, e) for e in Eeg.objects.of(child).filter(**dated)),
        measurements=_by_date(between_dates(Measurement, child, first, last, unread=_UNREAD)),
        prescriptions=versions_of(child),
        steps=steps_of(child),
        diet_started_on=child.diet_started_on,
    )


class _Watched(NamedTuple):
    """What a day needs of an Observation. Four a day are most of what years of a diary hold,
    and a row is read in a fraction of the time that a record takes."""

    date: date
    part: str
    watch: str
    until_at: datetime | None


def _observations(child: Child, first: date, last: date) -> Iterable[_Watched]:
    rows = Observation.objects.of(child).filter(date__range=(first, last))
    return (_Watched(*row) for row in rows.values_list(*_Watched._fields))


def _eaten(child: Child, first: date, last: date) -> list[MealEaten]:
    rows = between_dates(MealEaten, child, first, last)
    prefetch_related_objects(rows, "items", "planned")
    return rows


def _doses(child: Child, first: date, last: date) -> list[Dose]:
    rows = between_dates(Dose, child, first, last)
    prefetch_related_objects(rows, "medicine")
    return rows


def _due_or_eaten(
    meals: list[PlannedMeal], now: datetime, eaten_plans: set[Any]
) -> list[PlannedMeal]:
    """A meal still to come is neither logged nor missing."""
    return [m for m in meals if m.happened_at <= now or m.pk in eaten_plans]


def _by_date(rows: Iterable[Any]) -> dict[date, list[Any]]:
    return _group((row.local_time.date(), row) for row in rows)


def _group(pairs: Iterable[tuple[date, Any]]) -> dict[date, list[Any]]:
    grouped: dict[date, list[Any]] = defaultdict(list)
    for day, row in pairs:
        grouped[day].append(row)
    return grouped


def _day(
    entries: _Entries, timeline: value.ZoneTimeline, day: date, now: datetime
) -> value.DiaryDay:
    prescription = in_force(entries.prescriptions, day)
    eaten = entries.eaten.get(day, [])
    check_in = entries.check_ins.get(day)
    total = entries.totals.get(day)
    doses = entries.doses.get(day, [])
    started = entries.diet_started_on
    illness, fever = _illness(entries, day, check_in)
    steps = in_force_on(entries.steps, day)
    return value.DiaryDay(
        date=day,
        is_over=day < timeline.date_of(now),
        hours_in_day=timeline.hours_in(day),
        **_seen(entries, timeline, day),
        other_seizures=len(entries.other_seizures.get(day, [])),
        on_diet=started is not None and day >= started,
        prescribed=prescription.diet_in_words if prescription else "",
        prescribed_ratio=_float(prescription.ratio) if prescription else None,
        prescription_changed=any(p.effective_from == day for p in entries.prescriptions),
        meals=_tally(entries, day, eaten, prescription),
        eaten=_counted(eaten),
        why_less=tuple(reason for m in eaten for reason in m.reasons_in_words),
        has_estimates=any(m.is_estimated for m in eaten),
        **_medicine_carbohydrate(doses),
        uncounted_meals=sum(m.is_uncounted for m in eaten),
        adherence_reported_percent=_float(total.adherence_percent) if total else None,
        check_in=_check_in(check_in),
        woke_minute=minute_of(check_in.woke_at) if check_in and check_in.woke_at else None,
        illness=illness,
        fever=fever,
        **_measured(entries.measurements.get(day, [])),
        doses_due=_doses_due(steps, timeline, day, now),
        doses_given=sum(d.outcome == Dose.Outcome.GIVEN for d in doses),
        doses_skipped=sum(d.outcome == Dose.Outcome.SKIPPED for d in doses),
        medicine_changes=tuple(
            value.MedicineChange(s.medicine.name, s.change)
            for s in entries.steps
            if s.effective_from == day
        ),
        medicines=tuple(
            value.MedicineInForce(
                s.medicine.name, s.amount_per_day, s.medicine.unit, s.unscheduled_in_words
            )
            for s in steps
        ),
        eegs=tuple(value.EegResult(e.based, e.hypsarrhythmia) for e in entries.eegs.get(day, [])),
        notes=tuple(
            n for n in (total.note if total else "", check_in.note if check_in else "") if n
        ),
    )


def _counted(eaten: list[MealEaten]) -> Macros | None:
    """What the meals of known foods held; None where nothing can be counted."""
    known = [m for m in eaten if m.items.all()]
    return Macros.total(m.macros() for m in known) if known else None


def _medicine_carbohydrate(doses: list[Dose]) -> dict[str, Any]:
    """What the given doses add; an unknown product is counted as unknown, not as nought."""
    grams = [d.carbohydrate_g for d in doses if d.outcome == Dose.Outcome.GIVEN]
    return {
        "medicine_carbohydrate_g": sum(g for g in grams if g is not None),
        "doses_carbohydrate_unknown": sum(g is None for g in grams),
    }


def _doses_due(
    steps: list[Schedule], timeline: value.ZoneTimeline, day: date, now: datetime
) -> int:
    """How many doses schedules asked for on a date, up to now."""
    return sum(at <= now for step in steps for at in due_of(step, timeline, day))


def _seen(entries: _Entries, timeline: value.ZoneTimeline, day: date) -> dict[str, Any]:
    """Clusters, spasms and watching; None where nothing says that anybody looked."""
    clusters = entries.clusters.get(day, [])
    total = entries.totals.get(day)
    watch, watched_h, monitored_h = _watching(entries, timeline, day)
    counted = [c.spasm_count for c in clusters if c.spasm_count is not None]
    number: int | None = len(clusters) or None
    spasms: int | None = sum(counted) if counted else None
    is_floor = any(c.count_kind in (CountKind.AT_LEAST, CountKind.UNKNOWN) for c in clusters)
    hours = watched_h + monitored_h if watch else None
    if total is not None and total.was_observed:
        # A day's total holds the clusters entered one by one: the larger count stands.
        number = max(number or 0, total.clusters or 0) if total.clusters is not None else number
        if total.spasms is not None and total.spasms > (spasms or 0):
            spasms, is_floor = total.spasms, False
        elif (number or 0) > len(clusters):
            is_floor = True  # clusters of the day's total whose spasms nobody gave
        hours = hours or _float(total.hours_watched)
    if number is None and value.is_watched_day(
        hours_watched=watched_h, hours_monitored=monitored_h
    ):
        number = 0
    if number == 0:
        spasms = 0
    durations = [c.duration_s / 60 for c in clusters if c.duration_s is not None]
    return {
        "clusters": number,
        "spasms": spasms,
        "spasms_at_least": is_floor,
        "onset_minutes": tuple(minute_of(c.local_time) for c in clusters),
        "onset_states": tuple(c.state_at_onset for c in clusters),
        "longest_cluster_min": max(durations, default=None),
        "watch": watch,
        "hours_watched": hours,
    }


def _watching(
    entries: _Entries, timeline: value.ZoneTimeline, day: date
) -> tuple[tuple[tuple[value.DayPart, value.Watch], ...], float, float]:
    watch, hours = [], {w: 0.0 for w in value.Watch}
    for observation in entries.observations.get(day, []):
        part, state = value.DayPart(observation.part), value.Watch(observation.watch)
        watch.append((part, state))
        hours[state] += timeline.part_hours(day, part, observation.until_at)
    order = list(value.DayPart)
    watch.sort(key=lambda pair: order.index(pair[0]))
    return tuple(watch), hours[value.Watch.WATCHED], hours[value.Watch.MONITOR]


def _illness(
    entries: _Entries, day: date, check_in: CheckIn | None
) -> tuple[bool | None, bool | None]:
    """Unwell by a dated illness or by the day's check-in; None when nobody said."""
    current = [
        i
        for i in entries.illnesses
        if i.started_on <= day and (i.ended_on is None or day <= i.ended_on)
    ]
    if current:
        return True, any(i.fever for i in current)
    return (check_in.unwell if check_in else None), None


def _check_in(row: CheckIn | None) -> value.CheckIn:
    if row is None:
        return value.CheckIn()
    return value.CheckIn(
        alertness=row.alertness,
        feeding=row.feeding,
        behaviour=row.behaviour,
        sleep_hours=_float(row.sleep_hours),
        night_wakings=row.night_wakings,
        stress=row.stress,
    )


def _measured(rows: list[Measurement]) -> dict[str, Any]:
    def values(kind: str) -> list[Measurement]:
        return [r for r in rows if r.kind == kind]

    weights = [float(r.value) / (1000 if r.unit == Unit.G else 1) for r in values(Kind.WEIGHT)]
    return {
        "ketones_mmol_l": tuple(float(r.value) for r in values(Kind.KETONES_BLOOD)),
        "urine_ketones_grade": tuple(int(r.value) for r in values(Kind.KETONES_URINE)),
        "glucose_mmol_l": tuple(
            glucose_mmol_l(float(r.value), r.unit) for r in values(Kind.GLUCOSE)
        ),
        "weight_kg": weights[-1] if weights else None,
    }


def _tally(
    entries: _Entries, day: date, eaten: list[MealEaten], prescription: Prescription | None
) -> MealTally:
    planned = entries.planned.get(day, [])
    verdicts = [verdict_on(meal, prescription) for meal in eaten]
    judged = [v.judgement if v else Judgement.NOT_JUDGED for v in verdicts]
    not_logged = sum(p.pk not in entries.eaten_plans for p in planned)
    planned_ids = {p.pk for p in planned}
    # A meal eaten past midnight from an earlier day's plan is that plan's, logged today.
    from_elsewhere = sum(
        m.planned_id is not None and m.planned_id not in planned_ids for m in eaten
    )
    logged_elsewhere = len(planned) - not_logged - sum(m.planned_id in planned_ids for m in eaten)
    return MealTally(
        planned=len(planned) + from_elsewhere - logged_elsewhere,
        unplanned=sum(m.planned_id is None for m in eaten),
        met=judged.count(Judgement.MET),
        not_met=judged.count(Judgement.NOT_MET),
        not_judged=judged.count(Judgement.NOT_JUDGED),
        not_logged=not_logged,
    )


def minute_of(clock: time | datetime) -> int:
    """The minute of the local day."""
    return 60 * clock.hour + clock.minute


def _float(number: Any) -> float | None:
    return None if number is None else float(number)
