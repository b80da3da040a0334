"""The 4-week effect of one child: baseline, complete periods with verdicts, the period now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from quietdays.insights.charts import Chart, EffectRow, effect_intervals
from quietdays.insights.days import diary_days
from quietdays.insights.models import Baseline
from quietdays.people.models import Child
from quietdays.science.days import DiaryDay
from quietdays.science.effect import Effect, PeriodEffect, effect
from quietdays.science.effect_model import LONGEST_BASELINE_DAYS, PERIOD_DAYS
from quietdays.science.endpoints import Endpoints, endpoints
from quietdays.science.outcomes import (
    Change,
    PeriodOutcome,
    baseline_window,
    change_in_clusters,
    period_outcome,
)
from quietdays.words import short_date


class NoDietStart(Exception):
    """The diet's first day is not known, so there is nothing to compare."""


@dataclass(frozen=True, slots=True)
class JudgedPeriod:
    """A complete period: its verdict, and its counts as the family entered them."""

    effect: PeriodEffect
    outcome: PeriodOutcome
    change: Change


@dataclass(frozen=True, slots=True)
class ChildEffect:
    """All that the effect's page and the report say."""

    diet_started: date
    today: date
    baseline: PeriodOutcome
    locked: Baseline | None
    periods: list[JudgedPeriod]
    running: PeriodOutcome | None
    running_number: int
    days: list[DiaryDay]  # from the first day of the baseline to today
    endpoints: Endpoints
    model_version: str

    @property
    def diet_day(self) -> int:
        return (self.today - self.diet_started).days + 1

    @property
    def latest(self) -> JudgedPeriod | None:
        return self.periods[-1] if self.periods else None

    @property
    def baseline_changed(self) -> bool:
        """Whether entries of the locked baseline were edited after it was locked."""
        if self.locked is None:
            return False
        now = (self.baseline.clusters, self.baseline.spasms, self.baseline.watched_days)
        return now != (self.locked.clusters, self.locked.spasms, self.locked.watched_days)


def child_effect(child: Child, *, now: datetime | None = None) -> ChildEffect:
    """The effect from the baseline to today, with what the days before it add. Raises NoDietStart."""
    started = child.diet_started_on
    if started is None:
        raise NoDietStart
    today = child.timeline().date_of(now) if now else child.today()
    locked = child.baselines.order_by("-locked_at").first()
    first, baseline_last = baseline_window(started)
    earliest = max(child.birth_date, started - timedelta(days=LONGEST_BASELINE_DAYS))
    all_days = diary_days(child, min(first, earliest), max(today, baseline_last), now=now)
    result: Effect = effect(all_days, diet_started=started)
    days = [d for d in all_days if d.date >= first]
    baseline = period_outcome(days[:PERIOD_DAYS])
    periods = [_judged(p, days, first, baseline) for p in result.periods]
    running = days[PERIOD_DAYS * (1 + len(periods)) :]
    return ChildEffect(
        diet_started=started,
        today=today,
        baseline=baseline,
        locked=locked,
        periods=periods,
        running=period_outcome(running) if running else None,
        running_number=len(periods) + 1,
        days=days,
        endpoints=endpoints(days, diet_started=started, baseline=baseline),
        model_version=result.model_version,
    )


def _judged(
    period: PeriodEffect, days: list[DiaryDay], first: date, baseline: PeriodOutcome
) -> JudgedPeriod:
    start = (period.first_date - first).days
    outcome = period_outcome(days[start : start + PERIOD_DAYS])
    return JudgedPeriod(period, outcome, change_in_clusters(baseline, outcome))


def weeks_label(period: int) -> str:
    """“Weeks 9 to 12”: the four weeks of a period, which count from 1."""
    return gettext("Weeks %(first)s to %(last)s") % {
        "first": 4 * period - 3,
        "last": 4 * period,
    }


def effect_chart(found: ChildEffect, *, width: int = 680) -> Chart:
    """One row a complete period."""
    rows = [
        EffectRow(
            label=weeks_label(p.effect.period),
            rate_ratio=p.effect.rate_ratio,
            lo90=p.effect.lo90,
            hi90=p.effect.hi90,
            lo95=p.effect.lo95,
            hi95=p.effect.hi95,
        )
        for p in found.periods
    ]
    return effect_intervals(rows, width=width)


def running_label(found: ChildEffect) -> str:
    """“Weeks 9 to 12 so far, from 3 Nov; the period ends on 30 Nov”."""
    number = found.running_number
    start = found.diet_started + timedelta(days=PERIOD_DAYS * (number - 1))
    end = start + timedelta(days=PERIOD_DAYS - 1)
    return gettext("%(weeks)s so far, from %(start)s; the period ends on %(end)s") % {
        "weeks": weeks_label(number),
        "start": short_date(start),
        "end": short_date(end),
    }
