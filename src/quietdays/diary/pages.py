"""The entry forms, the check-in, and how the day was watched."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diary import actions, queries
from quietdays.diary.forms import CheckInForm
from quietdays.diary.kinds import KINDS, EntryKind
from quietdays.diary.models import PARTS, DayTotal, Measurement, Observation
from quietdays.people.access import Act, require
from quietdays.people.entries import amend, enter_from_form, take_back
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import EntryForm, tried
from quietdays.records.models import Record
from quietdays.records.words import as_typed, decimal_text
from quietdays.science.days import DayPart, Watch
from quietdays.words import dated


def _kind(slug: str) -> EntryKind:
    if slug not in KINDS:
        raise Http404(gettext("There is no such kind of entry."))
    return KINDS[slug]


def _form(kind: EntryKind, child: Child, data: Any, initial: dict[str, Any]) -> EntryForm:
    return kind.form(data, zone=child.zone, initial=initial, **kind.form_extra(child))


@child_page(Act.LOG)
def add_entry(request: HttpRequest, child: Child, slug: str) -> HttpResponse:
    kind = _kind(slug)
    require(person_of(request), child, kind.act)
    form = _form(kind, child, request.POST or None, kind.initial(child))
    if request.method == "POST":
        entered = tried(
            form,
            lambda: enter_from_form(
                kind.model,
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                act=kind.act,
                **form.values(),
            ),
        )
        if entered:
            echo(request, kind.echo(entered.record), kind=slug, records=[entered.record])
            return redirect("child-home", child_id=child.pk)
    return render(request, "diary/entry.html", {"form": form, "kind": kind})


def _find(kind: EntryKind, child: Child, entry_id: UUID) -> Record:
    record: Record = get_object_or_404(kind.model._default_manager.of(child), pk=entry_id)
    if isinstance(record, Measurement) and record.kind.replace("_", "-") != kind.slug:
        raise Http404(gettext("There is no such entry."))
    return record


@child_page(Act.LOG)
def edit_entry(request: HttpRequest, child: Child, slug: str, entry_id: UUID) -> HttpResponse:
    kind = _kind(slug)
    by = person_of(request)
    require(by, child, kind.act)
    record = _find(kind, child, entry_id)
    initial = {name: getattr(record, name, None) for name in kind.form.base_fields}
    if isinstance(record, Measurement):
        initial["value"] = (
            int(record.value) if slug == "ketones-urine" else decimal_text(record.value)
        )
    if isinstance(record, DayTotal):
        initial["was_observed"] = "yes" if record.was_observed else "no"
    initial = {name: as_typed(value) for name, value in initial.items()}
    form = _form(kind, child, request.POST or None, initial)
    if request.method == "POST":
        if tried(form, lambda: amend(record, by=by, act=kind.act, **form.values())):
            echo(request, kind.echo(record), kind=slug, records=[record])
            return redirect("child-home", child_id=child.pk)
    return render(
        request,
        "diary/entry.html",
        {"form": form, "kind": kind, "record": record},
    )


@require_POST
@child_page(Act.LOG)
def delete_entry(request: HttpRequest, child: Child, slug: str, entry_id: UUID) -> HttpResponse:
    kind = _kind(slug)
    record = take_back(_find(kind, child, entry_id), by=person_of(request), act=kind.act)
    echo(request, gettext("Deleted: %(entry)s") % {"entry": record}, kind=slug, records=[record])
    return redirect("child-home", child_id=child.pk)


@require_POST
@child_page(Act.LOG)
def nothing_seen(request: HttpRequest, child: Child) -> HttpResponse:
    """“Nothing seen, we were watching”, in one tap."""
    now = timezone.now()
    changed = actions.nothing_seen_so_far(by=person_of(request), child=child, now=now)
    if changed:
        parts = ", ".join(o.get_part_display() for o in changed)
        until = f"{child.timeline().local(now):%H:%M}"
        last = queries.last_cluster(child)
        if last is not None and last.local_time.date() == changed[0].date:
            text = gettext("Saved: watched until %(until)s, nothing more seen since %(last)s") % {
                "until": until,
                "last": f"{last.local_time:%H:%M}",
            }
        else:
            text = gettext("Saved: watched, none seen, %(parts)s, until %(until)s") % {
                "parts": parts,
                "until": until,
            }
        echo(request, text, kind="observation", records=changed)
    else:
        echo(request, gettext("Already saved: this part of the day was described before"))
    return redirect("child-home", child_id=child.pk)


@child_page(Act.LOG)
def watching(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """How each part of a date was watched; a blank stays a blank."""
    _refuse_future(child, day)
    known = {o.part: o.watch for o in Observation.objects.of(child).filter(date=day)}
    error = ""
    if request.method == "POST":
        # A part that the page did not send stays as it was; only “not said” takes it back.
        chosen = {p: request.POST[p.value] for p in DayPart if p.value in request.POST}
        if set(chosen.values()) <= {"", *(w.value for w in Watch)}:
            parts = {part: Watch(text) if text else None for part, text in chosen.items()}
            actions.describe_watching(by=person_of(request), child=child, day=day, parts=parts)
            echo(request, gettext("Saved: how %(day)s was watched") % {"day": dated(day, "j F")})
            return redirect("diary-day", child_id=child.pk, day=day)
        known.update({part.value: text for part, text in chosen.items()})
        error = gettext("Choose one of the answers for each part of the day.")
    rows = [
        {
            "part": part,
            "name": PARTS[part.value],
            "hours": gettext("%(start)s to %(end)s")
            % {"start": f"{part.start_hour:02d}:00", "end": f"{part.start_hour + 6:02d}:00"},
            "watch": known.get(part.value, ""),
        }
        for part in DayPart
    ]
    return render(request, "diary/watching.html", {"day": day, "rows": rows, "error": error})


def _refuse_future(child: Child, day: date) -> None:
    if day > child.today():
        raise Http404(gettext("This day has not come yet."))


@child_page(Act.LOG)
def check_in(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """One check-in a date: opened again, it shows what either parent said before."""
    _refuse_future(child, day)
    earlier = queries.check_in_on(child, day)
    initial = {}
    if earlier is not None:
        initial = {name: getattr(earlier, name) for name in CheckInForm.base_fields}
    form = CheckInForm(request.POST or None, zone=child.zone, initial=initial)
    if request.method == "POST":
        record = tried(
            form,
            lambda: actions.save_check_in(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                day=day,
                **form.values(),
            ),
        )
        if record:
            echo(
                request,
                gettext("Saved: check-in for %(day)s") % {"day": dated(day, "j F")},
                kind="check-in",
                records=[record],
            )
            return redirect("child-home", child_id=child.pk)
    return render(request, "diary/check_in.html", {"form": form, "day": day, "earlier": earlier})
