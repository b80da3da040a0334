"""Signing up, a new child, and the child's own settings."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.people import actions, farewell, queries
from quietdays.people.access import Act
from quietdays.people.forms import (
    ChildSettingsForm,
    GuestForm,
    InviteForm,
    NewChildForm,
    ThemeForm,
    TravelForm,
    WelcomeForm,
)
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.people.sign_in import let_in
from quietdays.records.forms import add_errors, tried


def _zones() -> list[str]:
    return sorted(z for z in available_timezones() if "/" in z and not z.startswith("Etc/"))


def welcome(request: HttpRequest) -> HttpResponse:
    """A new family: an account and its child on one page."""
    if request.user.is_authenticated:
        return redirect("home")
    form = WelcomeForm(request.POST or None)
    if request.method == "POST":
        opened = tried(form, lambda: actions.open_diary(**form.cleaned_data))
        if opened:
            person, child = opened
            let_in(request, person)
            return redirect("child-home", child_id=child.pk)
    return render(request, "people/welcome.html", {"form": form, "zones": _zones()})


@login_required
def new_child(request: HttpRequest) -> HttpResponse:
    form = NewChildForm(request.POST or None)
    if request.method == "POST":
        child = tried(
            form, lambda: actions.create_family(by=person_of(request), **form.cleaned_data)
        )
        if child:
            return redirect("child-home", child_id=child.pk)
    return render(request, "people/new_child.html", {"form": form, "zones": _zones()})


@child_page(Act.TODAY)
def settings(request: HttpRequest, child: Child) -> HttpResponse:
    """The child's data, the people around it, and this person's own screen."""
    person = person_of(request)
    initial = {
        **{name: getattr(child, name, None) for name in ChildSettingsForm.base_fields},
        "child_name": child.name,
        "phone": child.family.phone,
        "scale_step_g": str(child.family.scale_step_g),
    }
    form = ChildSettingsForm(
        request.POST if request.POST.get("what") == "child" else None, initial=initial
    )
    mine = ThemeForm(request.POST if request.POST.get("what") == "mine" else None, instance=person)
    if request.method == "POST":
        if form.is_bound and form.is_valid():
            data = dict(form.cleaned_data)
            data["name"] = data.pop("child_name")
            try:
                actions.update_child(by=person, child=child, **data)
            except ValidationError as error:
                add_errors(form, error)
            else:
                echo(request, gettext("Saved: %(child)s's settings") % {"child": child.name})
                return redirect("child-settings", child_id=child.pk)
        elif mine.is_bound and mine.is_valid():
            actions.choose_screen(person=person, **mine.cleaned_data)
            echo(request, gettext("Saved: your screen"))
            return redirect("child-settings", child_id=child.pk)
    return render(
        request,
        "people/settings.html",
        {
            "form": form,
            "mine": mine,
            "invite": InviteForm(),
            "guest": GuestForm(),
            "links": child.clinic_links.filter(ended_at__isnull=True).select_related("clinic"),
            "farewell": farewell.standing(child),
            "travel": TravelForm(),
            "circle": queries.circle_of(child),
            "stays": child.stays.order_by("-since")[:5],
            "zones": _zones(),
        },
    )


@require_POST
@child_page(Act.LOG)
def travel(request: HttpRequest, child: Child) -> HttpResponse:
    form = TravelForm(request.POST)
    if form.is_valid():
        zone = form.cleaned_data["time_zone"]
        actions.travel(by=person_of(request), child=child, time_zone=zone, since=timezone.now())
        echo(request, gettext("Saved: from now on the day is counted in %(zone)s") % {"zone": zone})
    else:
        messages.error(request, str(form.errors["time_zone"][0]))
    return redirect("child-settings", child_id=child.pk)
