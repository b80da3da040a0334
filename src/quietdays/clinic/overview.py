"""What a clinician sees first of one child: the period with its denominators, then the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext, gettext_lazy

from quietdays.clinic.facts import falls_since, sex_of
from quietdays.diary.models import Eeg, Question
from quietdays.diary.queries import measured_values
from quietdays.insights.charts import Growth
from quietdays.people.models import Child
from quietdays.science import growth
from quietdays.science.days import DiaryDay
from quietdays.science.outcomes import PeriodOutcome, period_outcome
from quietdays.words import counted, decimal

# What the page offers, by its name in the address: days, and what it is called.
PERIODS = {
    "4w": (28, gettext_lazy("4 weeks")),
    "12w": (84, gettext_lazy("12 weeks")),
    "1y": (365, gettext_lazy("1 year")),
    "2y": (730, gettext_lazy("2 years")),
}
DEFAULT = "4w"


class Reader(Protocol):
    """`diary_days`, or `days_without_meals` for what shows neither meals nor doses."""

    def __call__(
        self, child: Child, first: date, last: date, *, now: datetime | None = None
    ) -> list[DiaryDay]: ...


@dataclass(frozen=True, slots=True)
class Period:
    """The finished days of a period and today, with what was seen."""

    days: list[DiaryDay]
    outcome: PeriodOutcome

    @property
    def in_words(self) -> str:
        """“28 days, 25 logged, 61 % watched”: what every figure below rests on."""
        outcome, share = self.outcome, self.watched_percent
        said = (
            gettext("hours watched not said")
            if share is None
            else gettext("%(percent)s %% watched") % {"percent": decimal(share, 0)}
        )
        return gettext("%(days)s, %(logged)s logged, %(watched)s") % {
            "days": counted(outcome.days, "day"),
            "logged": outcome.watched_days,
            "watched": said,
        }

    @property
    def watched_percent(self) -> float | None:
        """Hours that somebody said were watched or heard, of all hours of the finished days."""
        over = [d for d in self.days if d.is_over]
        said = [d.hours_watched for d in over if d.hours_watched is not None]
        hours = sum(d.hours_in_day for d in over)
        return 100 * sum(said) / hours if said and hours else None

    @property
    def days_without_hours(self) -> int:
        return sum(d.is_over and d.hours_watched is None for d in self.days)


def period_of(child: Child, name: str, now: datetime, *, read: Reader) -> Period:
    """The finished days before today, and today; from birth on at the earliest."""
    today = child.today(now)
    first = max(child.birth_date, today - timedelta(days=PERIODS[name][0]))
    days = read(child, first, today, now=now)
    return Period(days, period_outcome(days))


def eegs_of(child: Child) -> list[Eeg]:
    """The newest first."""
    return list(Eeg.objects.of(child).select_related("entered_by").order_by("-date", "-entered_at"))


def questions_of(child: Child) -> list[Question]:
    """Those without an answer first, then the newest."""
    rows = list(Question.objects.of(child).select_related("entered_by").order_by("-date"))
    return sorted(rows, key=lambda q: bool(q.answer))


def growth_of(child: Child, measure: growth.Measure, today: date) -> Growth:
    """A child's measurements of one kind with their z-scores, and a fall that is to be told."""
    sex = sex_of(child)
    values = measured_values(child, measure)
    points = growth.measured(measure, values, born=child.birth_date, sex=sex)
    fall = growth.fall(points, since=falls_since(child, today))
    return Growth(measure, points, child.birth_date, sex, fall)
