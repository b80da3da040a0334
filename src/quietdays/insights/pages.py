"""Home, the diary by month and day, the week, the 4-week effect."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diary.kinds import KINDS
from quietdays.diet.queries import basis_of, prescription_on
from quietdays.evidence.library import library
from quietdays.insights import accounts, actions, change, issuing, sentences
from quietdays.insights.accounts import Said
from quietdays.insights.charts import (
    day_by_hour,
    hours_since_waking,
    month_heat_map,
    timeline,
    week_chart,
)
from quietdays.insights.days import diary_days
from quietdays.insights.endpoint_words import EEG, endpoint_lines
from quietdays.insights.factor_words import factor_chart, links_in_words
from quietdays.insights.lines import lines_of_day
from quietdays.insights.models import Issued
from quietdays.insights.weekly import WeekSummary, week_of, week_summary
from quietdays.people.access import CLINICAL_ROLES, Act, role_of
from quietdays.people.http import child_page, echo, need_shown, person_of
from quietdays.people.models import Child
from quietdays.people.queries import children_of, is_clinician
from quietdays.science.effect_model import PERIOD_DAYS
from quietdays.science.factors import factor_links
from quietdays.words import first_down

# The chores look every five minutes; an hour after its morning a week is late.
LATE_AFTER = timedelta(hours=1)
# The only large trial in infants first, then what most clinics together counted.
BESIDE_THE_EFFECT = ("kiwe-2023", "pooled-2025")
# What the narrow and the wide form of a chart are drawn for, in CSS pixels.
NARROW, WIDE = 340, 680


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The only child's home, the one looked at last, or the list to choose from."""
    person = person_of(request)
    children = list(children_of(person))
    if not children:
        post = person.posts.filter(ended_at__isnull=True).first()
        if post is not None:
            return redirect("clinic-staff", clinic_id=post.clinic_id)
        return redirect("children" if person.is_guest else "new-child")
    if is_clinician(person) or len(children) > 1:
        return redirect("children")
    return redirect("child-home", child_id=children[0].pk)


@child_page(Act.TODAY)
def child_home(request: HttpRequest, child: Child) -> HttpResponse:
    """The family's night log; a clinician's machine keeps nothing of a child: its overview."""
    if role_of(person_of(request), child) in CLINICAL_ROLES:
        return redirect("clinic", child_id=child.pk)
    return redirect(f"{reverse('log')}?child={child.pk}")


@child_page()
def diary(request: HttpRequest, child: Child) -> HttpResponse:
    """The month as a heat map; each day opens."""
    today = child.today()
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        first = today.replace(day=1)
    if first > today or first.year < 2000:
        first = today.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = diary_days(child, first, min(last, today))

    def day_url(day: date) -> str:
        return reverse("diary-day", args=[child.pk, day])

    recent = diary_days(child, today - timedelta(days=27), today)
    return render(
        request,
        "insights/diary.html",
        {
            "chart": month_heat_map(days, first=first, today=today, day_url=day_url),
            "hours": _both(day_by_hour, recent),
            "timeline": _both(timeline, recent),
            "waking": _both(hours_since_waking, recent),
            "previous": first - timedelta(days=1),
            "next": last + timedelta(days=1) if last < today else None,
            "today": today,
        },
    )


def _both(chart: Any, days: Any) -> dict[str, Any]:
    """A chart for the phone and one for the desk; the style sheet shows the one that fits."""
    name = chart.__name__.replace("_", "-")
    return {
        "narrow": chart(days, width=NARROW, chart_id=f"{name}-narrow"),
        "wide": chart(days, width=WIDE, chart_id=f"{name}-wide"),
    }


@child_page(Act.TODAY)
def diary_day(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """Everything entered for one date, how it was watched, and what is missing."""
    today = child.today()
    if day > today:
        raise Http404(gettext("This day has not come yet."))
    need_shown(request, child, day)
    found = diary_days(child, day, day)[0]
    prescription = prescription_on(child, day)
    return render(
        request,
        "insights/day.html",
        {
            "day": day,
            "found": found,
            "basis": basis_of(prescription),
            "lines": lines_of_day(child, day),
            "kinds": KINDS.values(),
            "previous": day - timedelta(days=1),
            "next": day + timedelta(days=1) if day < today else None,
        },
    )


@child_page()
def week(request: HttpRequest, child: Child, day: date | None = None) -> HttpResponse:
    """The weekly summary, in words and pictures."""
    today = child.today()
    weeks = child.issued.filter(what=Issued.What.WEEK)
    # The family may have chosen another day since: what was issued keeps its own week.
    issued = weeks.filter(first_day=day).first() if day else _newest(weeks, today)
    first = issued.first_day if issued else week_of(day or today, child)
    if first > today:
        raise Http404(gettext("This week has not come yet."))
    issued = issued or weeks.filter(first_day=first).first()
    summary = week_summary(child, first)
    return render(
        request,
        "insights/week.html",
        {
            "summary": summary,
            "since": issuing.week_since(issued) if issued else None,
            "made_on": child.Weekday(child.summary_weekday).label,
            "chart": week_chart(summary.days),
            "late": issued is None and _is_late(child, weeks, summary),
            "other": None if issued else _overlapping(weeks, summary),
            "previous": _week_before(weeks, first),
            "next": _week_after(weeks, first, child, today),
        },
    )


def _overlapping(weeks: QuerySet[Issued], summary: WeekSummary) -> Issued | None:
    """Another week that was issued and holds some of these days."""
    rows = weeks.filter(first_day__lte=summary.last, last_day__gte=summary.first)
    return rows.order_by("-first_day").first()


def _is_late(child: Child, weeks: QuerySet[Issued], summary: WeekSummary) -> bool:
    """Whether this week should have been issued by now, and the chores were not done."""
    now = timezone.now()
    is_due = summary.first == issuing.week_due(child, now - LATE_AFTER)
    was_here = summary.last >= child.timeline().date_of(child.created_at)
    has_any = any(issuing.is_recorded(d) for d in summary.days)
    is_covered = weeks.filter(last_day__gte=summary.last).exists()
    return is_due and was_here and has_any and not is_covered


def _week_before(weeks: QuerySet[Issued], first: date) -> date:
    """The issued week before, whatever day it began on, or the seven days before."""
    issued = weeks.filter(first_day__lt=first, last_day__gte=first - timedelta(days=1))
    found = issued.order_by("-first_day").first()
    return found.first_day if found else first - timedelta(days=7)


def _week_after(weeks: QuerySet[Issued], first: date, child: Child, today: date) -> date | None:
    last = first + timedelta(days=6)
    issued = weeks.filter(first_day__gt=first, first_day__lte=last + timedelta(days=1))
    found = issued.order_by("first_day").first()
    after = found.first_day if found else max(last + timedelta(days=1), week_of(last, child))
    return after if after <= today else None


def _newest(weeks: QuerySet[Issued], today: date) -> Issued | None:
    """The week that was summed up last, until the next one is due."""
    return weeks.filter(last_day__gte=today - timedelta(days=7)).order_by("-first_day").first()


@child_page()
def effect(request: HttpRequest, child: Child) -> HttpResponse:
    """The 4-week effect: one sentence, one interval, the counts, and what it cannot say."""
    issued = issuing.issued_periods(child)
    try:
        found = change.child_effect(child)
    except change.NoDietStart:
        others = issuing.of_another_start(issued, ())
        return render(request, "insights/effect.html", {"found": None, "others": others})
    links = factor_links(found.days, diet_started=found.diet_started)
    narrow = change.effect_chart(found, width=NARROW)
    wide = change.effect_chart(found, width=WIDE)
    return render(
        request,
        "insights/effect.html",
        {
            "found": found,
            "chart": {"narrow": narrow, "wide": wide} if found.periods else None,
            "timeline": _both(timeline, found.days),
            "periods": [_period_row(p, found, issued) for p in reversed(found.periods)],
            "baseline_words": Said(
                sentences.seen(found.baseline),
                accounts.rate(found.days[:PERIOD_DAYS], found.baseline),
            ),
            "others": issuing.of_another_start(
                issued, [p.effect.first_date for p in found.periods]
            ),
            "endpoints": endpoint_lines(found.endpoints),
            "eeg": EEG,
            "known_of_infants": [library().by_id[name] for name in BESIDE_THE_EFFECT],
            "links": {
                "narrow": factor_chart(links, width=NARROW),
                "wide": factor_chart(links, width=WIDE),
            },
            "link_words": links_in_words(links),
            "running_label": change.running_label(found),
            "running_words": _running_words(found),
        },
    )


def _period_row(
    judged: change.JudgedPeriod, found: change.ChildEffect, issued: dict[date, Issued]
) -> dict[str, Any]:
    period = judged.effect
    return {
        "judged": judged,
        "weeks": first_down(change.weeks_label(period.period)),
        "since": issuing.period_since(issued.get(period.first_date), judged, found.model_version),
        "probabilities": sentences.probabilities(period),
        "as_seen": sentences.as_seen(judged.change),
        "as_seen_account": Said(gettext("How “as seen” is made"), accounts.as_seen(judged.change)),
        "verdict": sentences.verdict(period),
        "interval": Said(sentences.interval(period), accounts.effect(period)),
        "seen": sentences.seen(judged.outcome),
        "changes": [sentences.medicine_change(c.date, c) for c in period.co_interventions],
    }


def _running_words(found: change.ChildEffect) -> list[str]:
    if found.running is None:
        return []
    lines = [sentences.seen(found.running), sentences.today_so_far(found.running)]
    return [line for line in lines if line]


@require_POST
@child_page(Act.MANAGE)
def lock_baseline(request: HttpRequest, child: Child) -> HttpResponse:
    try:
        baseline = actions.lock_baseline(by=person_of(request), child=child)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        echo(request, gettext("Locked: the %(baseline)s") % {"baseline": baseline})
    return redirect("effect", child_id=child.pk)
