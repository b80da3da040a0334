"""Setting reminders up, and reading what was sent: docs/reminders.md."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import CareRole, Child, Person
from quietdays.records.forms import tried
from quietdays.reminders import actions, queries
from quietdays.reminders.forms import (
    EmailForm,
    FeedForm,
    QuietForm,
    RulesForm,
    ServiceForm,
    TurnForm,
)
from quietdays.reminders.models import CalendarFeed, Channel, Turn
from quietdays.reminders.planning import rules_of

PER_PAGE = 40
_FORMS: dict[str, type[forms.Form]] = {
    "turn": TurnForm,
    "rules": RulesForm,
    "email": EmailForm,
    "service": ServiceForm,
    "feed": FeedForm,
}


@child_page(Act.LOG)
def reminders(request: HttpRequest, child: Child) -> HttpResponse:
    """Who is told of what, by what; each part of the page is a form of its own."""
    person = person_of(request)
    what = request.POST.get("what", "")
    if request.method == "POST" and what not in _FORMS:
        raise Http404(gettext("There is no such form."))
    shown = {
        name: form(
            request.POST if name == what else None,
            initial=_initial(name, child, person),
            prefix=name,
        )
        for name, form in _FORMS.items()
    }
    if request.method == "POST":
        done = _taken(request, child, what, shown[what])
        if done is not None:
            return done
    now = timezone.now()
    context = {
        "forms": shown,
        "told": queries.told_of(child, now),
        "channels": queries.channels_of(person),
        "feeds": queries.feeds_of(child),
        "is_silent": queries.is_silent(now),
        "sends_email": bool(settings.EMAIL_HOST),
        "escalate_min": rules_of(child).escalate_min,
    }
    return render(request, "reminders/reminders.html", context)


def _initial(name: str, child: Child, person: Person) -> dict[str, Any]:
    if name == "turn":
        rows = Turn.objects.filter(child=child, person=person)
        turn = rows.first() or Turn(child=child, person=person, order=Turn.Order.NOT)
        return {field: getattr(turn, field) for field in TurnForm.base_fields}
    if name == "rules":
        rules = rules_of(child)
        return {field: getattr(rules, field) for field in RulesForm.base_fields}
    return {"address": person.email} if name == "email" else {}


def _taken(request: HttpRequest, child: Child, what: str, form: forms.Form) -> HttpResponse | None:
    """What was typed is stored and said back; None where the form has to be shown again."""
    by = person_of(request)
    do: dict[str, Callable[[], Any]] = {
        "turn": lambda: actions.set_turn(by=by, child=child, **form.cleaned_data),
        "rules": lambda: actions.set_rules(by=by, child=child, **form.cleaned_data),
        "email": lambda: actions.add_email(by=by, **form.cleaned_data),
        "service": lambda: actions.add_service(by=by, **form.cleaned_data),
        "feed": lambda: actions.make_feed(by=by, child=child, **form.cleaned_data),
    }
    made = tried(form, do[what])
    if not made:
        return None
    if what == "feed":
        return _once(request, *made)
    echo(request, str(_SAID[what]))
    return redirect("reminders", child_id=child.pk)


_SAID = {
    "turn": gettext_lazy("Saved: when you are told"),
    "rules": gettext_lazy("Saved: for everybody"),
    "email": gettext_lazy("A test is on its way. Open the link in it: then this address is used"),
    "service": gettext_lazy("A test is on its way. Open the link in it: then this service is used"),
}


def _once(request: HttpRequest, feed: CalendarFeed, secret: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("calendar", args=[secret]))
    context = {"feed": feed, "address": address, "webcal": f"webcal:{address.partition(':')[2]}"}
    response = render(request, "reminders/feed_made.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@child_page(Act.LOG)
def revoke_feed(request: HttpRequest, child: Child, feed_id: UUID) -> HttpResponse:
    feed = get_object_or_404(CalendarFeed.objects.filter(child=child), pk=feed_id)
    actions.revoke_feed(by=person_of(request), feed=feed)
    echo(
        request,
        gettext("Ended: the calendar address “%(name)s” answers nothing any more")
        % {"name": feed.name},
    )
    return redirect("reminders", child_id=child.pk)


@child_page(Act.LOG)
def channel(request: HttpRequest, child: Child, channel_id: UUID) -> HttpResponse:
    """One of the reader's own channels: its quiet hours, and what came back of its tests."""
    found = _own(request, child, channel_id)
    initial = {name: getattr(found, name) for name in QuietForm.base_fields}
    form = QuietForm(request.POST or None, initial=initial)
    if request.method == "POST":
        by = person_of(request)
        if tried(
            form, lambda: actions.set_channel_quiet(by=by, channel=found, **form.cleaned_data)
        ):
            echo(request, gettext("Saved: quiet hours of %(name)s") % {"name": found.name})
            return redirect("reminders", child_id=child.pk)
    context = {"form": form, "channel": found, "proofs": queries.proofs_of(found)}
    return render(request, "reminders/channel.html", context)


@require_POST
@child_page(Act.LOG)
def change_channel(request: HttpRequest, child: Child, channel_id: UUID, what: str) -> HttpResponse:
    """Test it, try it before the others, or take it away."""
    do = {"test": actions.test, "first": actions.move_first, "end": actions.end_channel}
    if what not in do:
        raise Http404(gettext("There is no such action."))
    found = _own(request, child, channel_id)
    do[what](by=person_of(request), channel=found)
    said = {
        "test": gettext("A test is on its way to %(name)s") % {"name": found.name},
        "first": gettext("%(name)s is tried first from now on") % {"name": found.name},
        "end": gettext("Taken away: %(name)s") % {"name": found.name},
    }
    echo(request, said[what])
    return redirect("reminders", child_id=child.pk)


def _own(request: HttpRequest, child: Child, channel_id: UUID) -> Channel:
    """A channel of somebody who cares for this child; only the reader's own opens."""
    here = CareRole.objects.filter(child=child).live().values("person")
    found = get_object_or_404(Channel.objects.filter(person__in=here), pk=channel_id)
    actions.need_own(person_of(request), found)
    return found


@child_page(Act.LOG)
def log(request: HttpRequest, child: Child) -> HttpResponse:
    """What was due, who was told by what and when, and what came back."""
    rows = Paginator(queries.log_of(child, timezone.now()), PER_PAGE)
    page = rows.get_page(request.GET.get("page"))
    return render(request, "reminders/log.html", {"page": page})
