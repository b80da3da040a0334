"""Signing up, joining by a link, choosing a child, and the child's own settings."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import available_timezones

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from quietdays.people import actions, queries
from quietdays.people.access import Act
from quietdays.people.forms import (
    AccountForm,
    ChildSettingsForm,
    InviteForm,
    NewChildForm,
    ThemeForm,
    TravelForm,
    WelcomeForm,
)
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import CareRole, Child
from quietdays.records.forms import add_errors, tried
from quietdays.records.qr import qr_svg


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
            login(request, person)
            return redirect("child-home", child_id=child.pk)
    return render(request, "people/welcome.html", {"form": form, "zones": _zones()})


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation, with the account that is signed in or a new one."""
    invitation = actions.open_invitation(token)
    if invitation is None:
        title, text = "This link is used up", "It was used or is too old. Ask for a new one."
        return render(request, "web/error.html", {"title": title, "text": text}, status=404)
    signed_in = request.user.is_authenticated
    form = AccountForm(request.POST if request.method == "POST" and not signed_in else None)
    if request.method == "POST" and (signed_in or form.is_valid()):
        try:
            person = (
                person_of(request) if signed_in else actions.create_account(**form.cleaned_data)
            )
            child = actions.accept_invitation(person=person, token=token)
        except ValidationError as error:
            if signed_in:
                messages.error(request, " ".join(error.messages))
            else:
                add_errors(form, error)
        else:
            if not signed_in:
                login(request, person)
            return redirect("child-home", child_id=child.pk)
    return render(request, "people/join.html", {"form": form, "invitation": invitation})


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


@child_page(Act.READ)
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
                echo(request, f"Saved: {child.name}'s settings")
                return redirect("child-settings", child_id=child.pk)
        elif mine.is_bound and mine.is_valid():
            actions.choose_screen(person=person, theme=mine.cleaned_data["theme"])
            echo(request, "Saved: your screen")
            return redirect("child-settings", child_id=child.pk)
    return render(
        request,
        "people/settings.html",
        {
            "form": form,
            "mine": mine,
            "invite": InviteForm(),
            "travel": TravelForm(),
            "circle": queries.circle_of(child),
            "stays": child.stays.order_by("-since")[:5],
            "zones": _zones(),
        },
    )


@require_POST
@child_page(Act.MANAGE)
def invite(request: HttpRequest, child: Child) -> HttpResponse:
    """Make a one-time link and show it once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Choose one of the roles.")
        return redirect("child-settings", child_id=child.pk)
    role = form.cleaned_data["role"]
    token = actions.invite(by=person_of(request), child=child, role=role)
    link = request.build_absolute_uri(reverse("join", args=[token]))
    return render(
        request,
        "people/invited.html",
        {
            "link": link,
            "qr": qr_svg(link),
            "role": CareRole.Role(role).label,
            "days": actions.INVITATION_DAYS,
        },
    )


@require_POST
@child_page(Act.MANAGE)
def end_role(request: HttpRequest, child: Child, role_id: UUID) -> HttpResponse:
    care_role = child.care_roles.filter(pk=role_id).first()
    if care_role is None:
        raise Http404("No such person here.")
    try:
        actions.end_role(by=person_of(request), child=child, care_role=care_role)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        echo(request, f"{care_role.person.name} no longer sees {child.name}'s diary")
    return redirect("child-settings", child_id=child.pk)


@require_POST
@child_page(Act.LOG)
def travel(request: HttpRequest, child: Child) -> HttpResponse:
    form = TravelForm(request.POST)
    if form.is_valid():
        zone = form.cleaned_data["time_zone"]
        actions.travel(by=person_of(request), child=child, time_zone=zone, since=timezone.now())
        echo(request, f"Saved: from now on the day is counted in {zone}")
    else:
        messages.error(request, str(form.errors["time_zone"][0]))
    return redirect("child-settings", child_id=child.pk)
