"""The pages of one child for its team: overview, growth, limits, messages, the ward round."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.clinic import actions, overview, queries
from quietdays.clinic.facts import facts_of
from quietdays.clinic.forms import LimitsForm, MessageForm
from quietdays.clinic.models import LIMIT_NAMES, Limits, Message
from quietdays.diet.monitoring import monitoring_of
from quietdays.diet.queries import prescription_on
from quietdays.insights import sentences
from quietdays.insights.charts import growth_chart, timeline
from quietdays.insights.days import days_without_meals, diary_days
from quietdays.insights.weekly import changes, factors
from quietdays.medicines.queries import in_force_on, steps_of
from quietdays.people.access import CLINICAL_ROLES, Act, role_of
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child, Person
from quietdays.records.forms import tried
from quietdays.records.words import as_typed
from quietdays.science.growth import Measure

NARROW, WIDE, PAPER = 340, 1000, 720


def _period_name(request: HttpRequest) -> str:
    asked = request.GET.get("period", "")
    return asked if asked in overview.PERIODS else overview.DEFAULT


def _is_of_team(person: Person, child: Child) -> bool:
    return role_of(person, child) in CLINICAL_ROLES


@child_page()
def clinic(request: HttpRequest, child: Child) -> HttpResponse:
    """Denominators first, then one axis of days, then what stands beside it."""
    now, name = timezone.now(), _period_name(request)
    period = overview.period_of(child, name, now, read=days_without_meals)
    (row,) = queries.rows_of(Child.objects.filter(pk=child.pk), now)
    thread = queries.thread_of(child)
    person = person_of(request)
    return render(
        request,
        "clinic/clinic.html",
        {
            "period": period,
            "period_name": name,
            "periods": [(key, label) for key, (_, label) in overview.PERIODS.items()],
            "seen": sentences.seen(period.outcome),
            "today": sentences.today_so_far(period.outcome),
            "row": row,
            # A family reads its own diary here, and not what a clinic is told about it.
            "reasons": row.reasons if _is_of_team(person, child) else [],
            "timeline": {
                "narrow": timeline(period.days, width=NARROW, chart_id="timeline-narrow"),
                "wide": timeline(period.days, width=WIDE, chart_id="timeline-wide"),
            },
            "eegs": overview.eegs_of(child),
            "weight": overview.growth_of(child, Measure.WEIGHT, row.today),
            "questions": overview.questions_of(child),
            "limits": queries.limits_of(child),
            "unread": queries.unread_count(thread, person),
            "messages_in_all": len(thread),
            "monitoring": monitoring_of(child, row.today),
        },
    )


@child_page()
def round_sheet(request: HttpRequest, child: Child) -> HttpResponse:
    """One A4 page for the ward round, legible in grey."""
    now, name = timezone.now(), _period_name(request)
    period = overview.period_of(child, name, now, read=diary_days)
    today = child.today(now)
    return render(
        request,
        "clinic/round.html",
        {
            "period": period,
            "period_name": name,
            "seen": sentences.seen(period.outcome),
            "prescription": prescription_on(child, today),
            "medicines": in_force_on(steps_of(child), today),
            "timeline": timeline(period.days, width=PAPER, panels_tall=0.7),
            "facts": factors(period.days, child=child),
            "changes": changes(period.days),
            "eegs": overview.eegs_of(child)[:3],
            "weight": facts_of(child, today, now=now).weight_fall,
            "questions": [q for q in overview.questions_of(child) if not q.answer],
            "printed_at": now,
        },
    )


@child_page()
def growth(request: HttpRequest, child: Child) -> HttpResponse:
    """Weight, length and head circumference on the lines of WHO's standard."""
    today = child.today()
    found = [overview.growth_of(child, measure, today) for measure in Measure]
    charts = [
        {"wide": growth_chart(g), "narrow": growth_chart(g, width=NARROW)}
        for g in found
        if g.points
    ]
    missing = [g.measure.value for g in found if not g.points]
    falls = [g for g in found if g.fall is not None]
    context = {"charts": charts, "missing": missing, "falls": falls, "has_sex": found[0].sex}
    return render(request, "clinic/growth.html", context)


# --- limits


@child_page()
def limits(request: HttpRequest, child: Child) -> HttpResponse:
    """The limits in force and every version before, with name and date."""
    versions = list(Limits.objects.filter(child=child).select_related("set_by"))
    return render(request, "clinic/limits.html", {"versions": versions})


@child_page(Act.FOLLOW)
def set_limits(request: HttpRequest, child: Child) -> HttpResponse:
    """A new version, begun from the one in force."""
    form = LimitsForm(request.POST or None, zone=child.zone, initial=_initial(child))
    if request.method == "POST":
        by = person_of(request)
        stored = tried(
            form,
            lambda: actions.set_limits(
                by=by, child=child, entry_id=form.cleaned_data["id"], **form.values()
            ),
        )
        if stored:
            none = stored.is_empty
            echo(
                request,
                gettext("Saved: no limit is set now") if none else gettext("Saved: the new limits"),
            )
            return redirect("limits", child_id=child.pk)
    return render(request, "clinic/set_limits.html", {"form": form})


def _initial(child: Child) -> dict[str, Any]:
    current = queries.limits_of(child)
    if current is None:
        return {"glucose_unit": child.glucose_unit}
    kept = {name: as_typed(getattr(current, name)) for name in LIMIT_NAMES}
    unit = current.glucose_unit or child.glucose_unit
    return kept | {"glucose_unit": unit, "note": current.note}


# --- messages


@child_page(Act.TALK)
def messages(request: HttpRequest, child: Child) -> HttpResponse:
    """The thread, and a form to write. Reading it marks nothing: a button says “I have read”."""
    form = MessageForm(request.POST or None, zone=child.zone)
    person = person_of(request)
    if request.method == "POST":
        written = tried(
            form,
            lambda: actions.write_message(
                by=person,
                child=child,
                entry_id=form.cleaned_data["id"],
                text=form.cleaned_data["text"],
            ),
        )
        if written:
            echo(request, gettext("Sent. Nobody is alerted; it is read when somebody looks here"))
            return redirect("messages", child_id=child.pk)
    thread = queries.thread_of(child)
    context = {
        "form": form,
        "thread": thread,
        "unread": queries.unread_count(thread, person),
        "waiting": queries.waiting_messages([child.pk]).get(child.pk),
    }
    return render(request, "clinic/messages.html", context)


@require_POST
@child_page(Act.TALK)
def read_messages(request: HttpRequest, child: Child) -> HttpResponse:
    actions.mark_read(by=person_of(request), child=child)
    echo(request, gettext("Marked as read under your name"))
    return redirect("messages", child_id=child.pk)


@require_POST
@child_page(Act.TALK)
def settle_message(request: HttpRequest, child: Child, message_id: UUID) -> HttpResponse:
    message = get_object_or_404(Message.objects.filter(child=child), pk=message_id)
    actions.settle(by=person_of(request), message=message)
    echo(request, gettext("Marked: needs no written answer"))
    return redirect("messages", child_id=child.pk)
