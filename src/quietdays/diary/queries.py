"""Reads of the diary, limited to one child."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from quietdays.diary.models import (
    CheckIn,
    Eeg,
    Illness,
    Kind,
    Measurement,
    SpasmCluster,
    Unit,
    Visit,
)
from quietdays.people.models import Child


def last_cluster(child: Child) -> SpasmCluster | None:
    return (
        SpasmCluster.objects.of(child).order_by("-happened_at").select_related("entered_by").first()
    )


def check_in_on(child: Child, day: date) -> CheckIn | None:
    return CheckIn.objects.of(child).filter(date=day).first()


def visit_before(child: Child, day: date) -> date | None:
    """The date of the last visit before a day, where the child was."""
    rows = Visit.objects.of(child).filter(happened_at__lt=timezone.now()).order_by("-happened_at")
    return next((v.local_time.date() for v in rows if v.local_time.date() < day), None)


def visits_of(child: Child) -> list[Visit]:
    """Every visit, the newest first; those to come are among them."""
    return list(Visit.objects.of(child).order_by("-happened_at"))


def latest_eeg(child: Child, last: date) -> Eeg | None:
    """The newest EEG up to a day."""
    return Eeg.objects.of(child).filter(date__lte=last).order_by("-date", "-entered_at").first()


def illnesses_between(child: Child, first: date, last: date) -> list[Illness]:
    rows = Illness.objects.of(child).filter(started_on__lte=last)
    return [i for i in rows if i.ended_on is None or i.ended_on >= first]


def measured_values(child: Child, kind: str) -> list[tuple[date, float]]:
    """Every weight in kg, or length or head circumference in cm, in order of time."""
    rows = Measurement.objects.of(child).filter(kind=kind).order_by("happened_at")
    return [(m.local_time.date(), _in_kg_or_cm(m)) for m in rows]


def _in_kg_or_cm(row: Measurement) -> float:
    return float(row.value) / (1000 if row.unit == Unit.G else 1)


# An infant gains a tenth in a month: an assumption, no source sets it.
WEIGHT_IS_OLD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight with the date that it was measured on."""

    kg: float
    on: date

    def is_old_on(self, day: date) -> bool:
        """Whether every figure per kilogram has to say so."""
        return day - self.on > WEIGHT_IS_OLD


def latest_weight(child: Child, last: date) -> Weighed | None:
    """The latest weight up to a day."""
    rows = Measurement.objects.of(child).filter(kind=Kind.WEIGHT).order_by("-happened_at")
    newest = next((w for w in rows if w.local_time.date() <= last), None)
    if newest is None:
        return None
    return Weighed(_in_kg_or_cm(newest), newest.local_time.date())
