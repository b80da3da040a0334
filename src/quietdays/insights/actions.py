"""What insights themselves write: the locked baseline, summaries and verdicts as issued."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.insights import issuing
from quietdays.insights.change import child_effect
from quietdays.insights.days import diary_days
from quietdays.insights.models import Baseline, Issued
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write
from quietdays.science.effect_model import PERIOD_DAYS
from quietdays.science.outcomes import baseline_window, period_outcome

# A server that was down makes up for so many weeks; older ones can be looked at, not issued.
_WEEKS_MADE_UP_FOR = 4


def lock_baseline(*, by: Person, child: Child) -> Baseline:
    """Lock the four weeks before the diet, with their figures as they stand.

    Raises ValidationError when the diet's first day is unknown or nothing was recorded
    before it: a baseline taken on the diet would be none.
    """
    require(by, child, Act.MANAGE)
    if child.diet_started_on is None:
        raise ValidationError(gettext("First say on which day the diet began."))
    first, last = baseline_window(child.diet_started_on)
    if last >= child.today():
        raise ValidationError(gettext("The four weeks before the diet are not over yet."))
    outcome = period_outcome(diary_days(child, first, last))
    if not outcome.watched_days:
        raise ValidationError(gettext("Nothing was recorded in the four weeks before the diet."))
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


def issue_due(child: Child, *, now: datetime) -> list[Issued]:
    """Issue the weeks and periods of a child that are over and were not issued yet.

    Nobody acts here but the calendar. Running it twice, or twice at once, issues nothing twice.
    """
    return [*_issue_weeks(child, now), *_issue_periods(child, now)]


def _issue_weeks(child: Child, now: datetime) -> list[Issued]:
    newest = issuing.week_due(child, now)
    weeks = [newest - timedelta(days=7 * i) for i in reversed(range(_WEEKS_MADE_UP_FOR))]
    registered = child.timeline().date_of(child.created_at)
    issued_to = _issued_to(child)
    due = [w for w in weeks if _last(w) >= registered and (not issued_to or _last(w) > issued_to)]
    if not due:
        return []
    days = diary_days(child, due[0] - timedelta(days=21), _last(due[-1]), now=now)
    recorded = [d.date for d in days if issuing.is_recorded(d)]
    language, made = issuing.language_for(child), []
    for first in due:
        # An empty week is worth saying once; an account that nobody uses is left in peace.
        if not any(_last(first) - timedelta(days=28) < day <= _last(first) for day in recorded):
            continue
        in_english = issuing.week_in(issuing.ENGLISH, child, first, now)
        content = issuing.week_content(language, issuing.week_in(language, child, first, now))
        made += _issue(
            child, Issued.What.WEEK, first, _last(first), content,
            issuing.WEEK_VERSION, issuing.week_inputs(in_english), now,
        )  # fmt: skip
    return made


def _last(first: date) -> date:
    return first + timedelta(days=6)


def _issued_to(child: Child) -> date | None:
    last = child.issued.filter(what=Issued.What.WEEK).order_by("-last_day").first()
    return None if last is None else last.last_day


def _issue_periods(child: Child, now: datetime) -> list[Issued]:
    local, started = child.timeline().local(now), child.diet_started_on
    if started is None or local.hour < issuing.ISSUED_FROM_HOUR:
        return []
    complete = (local.date() - started).days // PERIOD_DAYS
    known = set(child.issued.filter(what=Issued.What.PERIOD).values_list("first_day", flat=True))
    due = {started + timedelta(days=PERIOD_DAYS * n) for n in range(complete)}
    if due <= known:  # nothing to work out, as at nearly every hour of nearly every day
        return []
    found = child_effect(child, now=now)
    language, made = issuing.language_for(child), []
    for judged in found.periods:
        period = judged.effect
        if period.first_date not in known:
            made += _issue(
                child, Issued.What.PERIOD, period.first_date, period.last_date,
                issuing.period_content(language, judged), found.model_version, period.inputs_sha256, now,
            )  # fmt: skip
    return made


def _issue(
    child: Child,
    what: Issued.What,
    first: date,
    last: date,
    content: issuing.Content,
    version: str,
    inputs_sha256: str,
    now: datetime,
) -> list[Issued]:
    with one_write():
        issued, is_new = Issued.objects.get_or_create(
            child=child,
            what=what,
            first_day=first,
            last_day=last,
            defaults={
                "content": content,
                "version": version,
                "inputs_sha256": inputs_sha256,
                "issued_at": now,
            },
        )
    return [issued] if is_new else []
