"""What was entered, in words: one line for each entry of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.diary.kinds import KINDS, slug_of
from quietdays.diary.models import (
    CheckIn,
    DayTotal,
    Eeg,
    Illness,
    Measurement,
    Observation,
    OtherSeizure,
    Question,
    SpasmCluster,
    Visit,
)
from quietdays.diet.models import MealEaten
from quietdays.medicines.models import Dose
from quietdays.people.access import Act
from quietdays.people.models import Child
from quietdays.people.queries import between_dates
from quietdays.records.models import TimedRecord
from quietdays.science.days import ZoneTimeline
from quietdays.words import first_up, joined, plain


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a day as a list shows it."""

    at: str
    title: str
    detail: str
    by: str
    kind: str
    record: Any

    @property
    def act(self) -> Act:
        """What somebody must be allowed to do to change it."""
        return KINDS[self.kind].act if self.kind in KINDS else Act.LOG


# A cluster that a phone has not touched for so long is not being counted any more.
STILL_COUNTED = timedelta(minutes=5)


def lines_of_day(child: Child, day: date) -> list[Line]:
    """Everything that was entered for a date, in order of time; whole-day entries last."""
    timeline = child.timeline()
    timed: list[TimedRecord] = []
    for model in (SpasmCluster, OtherSeizure, Measurement, MealEaten, Dose, Visit):
        rows = between_dates(model, child, day, day)
        prefetch_related_objects(rows, "entered_by")
        timed += rows
    timed.sort(key=lambda record: record.happened_at)
    whole = [
        *CheckIn.objects.of(child).filter(date=day).select_related("entered_by"),
        *DayTotal.objects.of(child).filter(date=day).select_related("entered_by"),
        *Question.objects.of(child).filter(date=day).select_related("entered_by"),
        *Eeg.objects.of(child).filter(date=day).select_related("entered_by"),
        *Illness.objects.of(child).filter(started_on=day).select_related("entered_by"),
    ]
    return [line_of(record, timeline) for record in (*timed, *whole)]


def line_of(record: Any, timeline: ZoneTimeline) -> Line:
    """One record of any kind in words; `timeline` holds the zones of its child."""
    kind, words = _WORDS[type(record)]
    title, detail = words(record, timeline)
    at = f"{record.local_time:%H:%M}" if isinstance(record, TimedRecord) else gettext("all day")
    slug = slug_of(record) if isinstance(record, Measurement) else kind
    return Line(at, title, detail, record.entered_by.name, slug, record)


Words = tuple[str, str]  # title and detail


def _cluster_words(c: SpasmCluster, timeline: ZoneTimeline) -> Words:
    lasted = (
        gettext("%(minutes)s min") % {"minutes": f"{c.duration_s // 60}:{c.duration_s % 60:02d}"}
        if c.duration_s
        else ""
    )
    detail = joined(
        gettext("still being counted") if _is_being_counted(c) else "",
        c.get_state_at_onset_display() if c.state_at_onset else "",
        lasted,
        gettext("not sure") if c.certainty == "not_sure" else "",
        c.note,
    )
    return gettext("Spasms seen: %(count)s") % {"count": c.count_in_words}, detail


def _is_being_counted(c: SpasmCluster) -> bool:
    """Open, and touched a moment ago; a phone that died leaves it open for ever."""
    last_touch: datetime = c.happened_at + timedelta(seconds=c.duration_s or 0)
    return c.is_open and timezone.now() - last_touch < STILL_COUNTED


def _meal_words(m: MealEaten, timeline: ZoneTimeline) -> Words:
    left = [
        gettext("%(amount)s %(unit)s %(food)s left")
        % {
            "amount": plain(i.left),
            "unit": i.get_unit_display(),
            "food": i.food_name,
        }
        for i in m.items.all()
        if i.left
    ]
    vomited = m.get_vomited_display() if m.vomited != "no" else ""
    return gettext("Eaten: %(meal)s") % {"meal": m.name}, joined(*left, vomited, m.off_plan)


def _observation_words(o: Observation, timeline: ZoneTimeline) -> Words:
    until = (
        ""
        if o.until_at is None
        else gettext("until %(time)s") % {"time": f"{timeline.local(o.until_at):%H:%M}"}
    )
    return f"{first_up(o.get_watch_display())}, {o.get_part_display()}", until


# Every kind of entry that a day holds: its slug, and how it is put into words.
_WORDS: dict[Any, tuple[str, Callable[[Any, ZoneTimeline], Words]]] = {
    SpasmCluster: ("cluster", _cluster_words),
    OtherSeizure: (
        "other-seizure",
        lambda s, _: (
            gettext("Other seizure: %(looks)s") % {"looks": s.get_looks_display()},
            s.note,
        ),
    ),
    Measurement: ("measurement", lambda m, _: (str(m), m.note)),
    MealEaten: ("meal", _meal_words),
    Dose: ("dose", lambda d, _: (str(d), d.reason)),
    Observation: ("observation", _observation_words),
    CheckIn: ("check-in", lambda c, _: (gettext("Check-in"), c.note)),
    DayTotal: ("day-total", lambda t, _: (first_up(str(t)), t.note)),
    Eeg: ("eeg", lambda e, _: (str(e), e.finding)),
    Illness: ("illness", lambda i, _: (first_up(str(i)), "")),
    Visit: ("visit", lambda v, _: (first_up(str(v)), v.note)),
    Question: ("question", lambda q, _: (first_up(str(q)), q.answer)),
}
