"""What insights themselves write: the locked baseline."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from quietdays.insights.days import diary_days
from quietdays.insights.models import Baseline
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write
from quietdays.science.outcomes import baseline_window, period_outcome


def lock_baseline(*, by: Person, child: Child) -> Baseline:
    """Lock the four weeks before the diet, with their figures as they stand.

    Raises ValidationError when the diet's first day is unknown or nothing was recorded
    before it: a baseline taken on the diet would be none.
    """
    require(by, child, Act.MANAGE)
    if child.diet_started_on is None:
        raise ValidationError("First say on which day the diet began.")
    first, last = baseline_window(child.diet_started_on)
    if last >= child.today():
        raise ValidationError("The four weeks before the diet are not over yet.")
    outcome = period_outcome(diary_days(child, first, last))
    if not outcome.watched_days:
        raise ValidationError("Nothing was recorded in the four weeks before the diet.")
    with one_write():
        existing = Baseline.objects.filter(child=child, first_day=first, last_day=last).first()
        if existing is not None:
            return existing
        return Baseline.objects.create(
            child=child,
            first_day=first,
            last_day=last,
            clusters=outcome.clusters,
            spasms=outcome.spasms,
            watched_days=outcome.watched_days,
            locked_by=by,
        )
