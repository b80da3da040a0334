"""Letting people in and out: links, codes for guests, clinics that follow a child."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.people import actions
from quietdays.people.access import Act
from quietdays.people.addresses import client_address
from quietdays.people.forms import (
    AccountForm,
    CodeForm,
    GuestForm,
    InviteForm,
    NameAndCodeForm,
    StaffForm,
)
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child, Clinic, Invitation, Person, Role
from quietdays.people.sign_in import let_in
from quietdays.people.tries import TooManyTries, forget_own_tries, take_try
from quietdays.records.forms import add_errors
from quietdays.records.qr import qr_svg

TOO_MANY = gettext_lazy("There were too many tries. Wait 15 minutes, then try again.")


@require_POST
@child_page(Act.MANAGE)
def invite(request: HttpRequest, child: Child) -> HttpResponse:
    """Make a one-time link and show it once."""
    form = InviteForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose one of the roles."))
        return redirect("child-settings", child_id=child.pk)
    role = form.cleaned_data["role"]
    token = actions.invite(by=person_of(request), child=child, role=role)
    link = request.build_absolute_uri(reverse("join", args=[token]))
    return _invited(
        request, gettext("An invitation as %(role)s") % {"role": Role(role).label}, link
    )


def _invited(request: HttpRequest, title: str, link: str) -> HttpResponse:
    context = {"title": title, "link": link, "qr": qr_svg(link), "days": actions.INVITATION_DAYS}
    return _shown_once(render(request, "people/invited.html", context))


def _shown_once(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@child_page(Act.MANAGE)
def invite_guest(request: HttpRequest, child: Child) -> HttpResponse:
    """Make a code for a carer whose access ends by itself, and show it once."""
    form = GuestForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose how long."))
        return redirect("child-settings", child_id=child.pk)
    lasts = form.cleaned_data["lasts"]
    code = actions.invite_guest(by=person_of(request), child=child, lasts=lasts)
    address = request.build_absolute_uri(reverse("guest"))
    context = {
        "code": code,
        "address": address,
        "qr": qr_svg(f"{address}#{code}"),
        "is_guest": True,
    }
    return _shown_once(render(request, "people/code.html", context))


@require_POST
@child_page(Act.MANAGE)
def invite_clinic(request: HttpRequest, child: Child) -> HttpResponse:
    """Make a code to give to a clinic, and show it once."""
    code = actions.invite_clinic(by=person_of(request), child=child)
    context = {"code": code, "days": actions.INVITATION_DAYS}
    return _shown_once(render(request, "people/code.html", context))


@require_POST
@child_page(Act.MANAGE)
def end_clinic(request: HttpRequest, child: Child, link_id: UUID) -> HttpResponse:
    link = get_object_or_404(child.clinic_links.select_related("clinic"), pk=link_id)
    actions.end_clinic(by=person_of(request), child=child, link=link)
    echo(
        request,
        gettext("%(clinic)s no longer sees %(child)s’s diary")
        % {"clinic": link.clinic.name, "child": child.name},
    )
    return redirect("child-settings", child_id=child.pk)


@require_POST
@child_page(Act.MANAGE)
def end_role(request: HttpRequest, child: Child, role_id: UUID) -> HttpResponse:
    care_role = child.care_roles.filter(pk=role_id).first()
    if care_role is None:
        raise Http404(gettext("No such person here."))
    try:
        actions.end_role(by=person_of(request), child=child, care_role=care_role)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        echo(
            request,
            gettext("%(person)s no longer sees %(child)s's diary")
            % {"person": care_role.person.name, "child": child.name},
        )
    return redirect("child-settings", child_id=child.pk)


# --- taking an invitation up


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation, with the account that is signed in or a new one."""
    invitation = actions.open_invitation(token)
    if invitation is None or invitation.what not in _BY_LINK:
        title, text = (
            gettext("This link is used up"),
            gettext("It was used or is too old. Ask for a new one."),
        )
        return render(request, "web/error.html", {"title": title, "text": text}, status=404)
    signed_in = request.user.is_authenticated
    form = AccountForm(request.POST if request.method == "POST" and not signed_in else None)
    if request.method == "POST" and (signed_in or form.is_valid()):
        try:
            person = (
                person_of(request) if signed_in else actions.create_account(**form.cleaned_data)
            )
            home = _BY_LINK[invitation.what](person, token)
        except ValidationError as error:
            if signed_in:
                messages.error(request, " ".join(error.messages))
            else:
                add_errors(form, error)
        else:
            if not signed_in:
                let_in(request, person)
            return redirect(home)
    return render(request, "people/join.html", {"form": form, "invitation": invitation})


def _to_child(person: Person, token: str) -> str:
    return reverse("child-home", args=[actions.accept_invitation(person=person, token=token).pk])


def _to_clinic(person: Person, token: str) -> str:
    return reverse("clinic-staff", args=[actions.join_clinic(person=person, token=token).pk])


_BY_LINK: dict[str, Callable[[Person, str], str]] = {
    Invitation.What.PERSON: _to_child,
    Invitation.What.STAFF: _to_clinic,
}


def guest(request: HttpRequest) -> HttpResponse:
    """Somebody with a code: a name is enough, no account is made and no password."""
    signed_in = request.user.is_authenticated
    form = (CodeForm if signed_in else NameAndCodeForm)(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        code, name = form.cleaned_data["code"], form.cleaned_data.get("name", "")
        try:
            take_try(**_told(request))
            person, child = (
                (person_of(request), actions.accept_as_guest(person=person_of(request), code=code))
                if signed_in
                else actions.come_as_guest(name=name, code=code)
            )
        except TooManyTries:
            form.add_error("code", TOO_MANY)
            status = 429
        except ValidationError as error:
            form.add_error("code", error)
        else:
            forget_own_tries(**_told(request))
            if not signed_in:
                let_in(request, person)
            return redirect("child-home", child_id=child.pk)
    return render(request, "people/guest.html", {"form": form}, status=status)


def _told(request: HttpRequest) -> dict[str, str]:
    """Codes are tried at one door by everybody: only who tries is told apart."""
    address = client_address(request)
    return {"at": f"code|{address}", "address": address}


# --- a clinic's own page


def _clinic_of(person: Person, clinic_id: UUID) -> Clinic:
    posts = person.posts.filter(clinic=clinic_id, ended_at__isnull=True).select_related("clinic")
    post = posts.first()
    if post is None:
        raise Http404(gettext("You do not work at such a clinic."))
    return post.clinic


@login_required
def clinic_staff(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """Who works here; the lead takes on and lets go; a family's code is typed here."""
    person = person_of(request)
    clinic = _clinic_of(person, clinic_id)
    return _clinic_page(request, clinic, CodeForm())


def _clinic_page(
    request: HttpRequest, clinic: Clinic, form: CodeForm, status: int = 200
) -> HttpResponse:
    staff = clinic.staff.filter(ended_at__isnull=True).select_related("person").order_by("since")
    context = {
        "clinic": clinic,
        "staff": staff,
        "leads": actions.leads(person_of(request), clinic),
        "code": form,
        "invite": StaffForm(),
        "followed": clinic.links.filter(ended_at__isnull=True).count(),
    }
    return render(request, "people/clinic.html", context, status=status)


@require_POST
@login_required
def link_child(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """Follow a child by the code that its family gave."""
    clinic = _clinic_of(person_of(request), clinic_id)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _clinic_page(request, clinic, form)
    try:
        take_try(**_told(request))
        link = actions.link_clinic(
            by=person_of(request), clinic=clinic, code=form.cleaned_data["code"]
        )
    except TooManyTries:
        form.add_error("code", TOO_MANY)
        return _clinic_page(request, clinic, form, status=429)
    except ValidationError as error:
        form.add_error("code", error)
        return _clinic_page(request, clinic, form)
    forget_own_tries(**_told(request))
    echo(
        request,
        gettext("%(clinic)s follows %(child)s from now on")
        % {"clinic": clinic.name, "child": link.child.name},
    )
    return redirect("clinic-staff", clinic_id=clinic.pk)


@require_POST
@login_required
def invite_staff(request: HttpRequest, clinic_id: UUID) -> HttpResponse:
    """Make a one-time link for a colleague and show it once."""
    clinic = _clinic_of(person_of(request), clinic_id)
    form = StaffForm(request.POST)
    if not form.is_valid():
        messages.error(request, gettext("Choose one of the roles."))
        return redirect("clinic-staff", clinic_id=clinic.pk)
    role = form.cleaned_data["role"]
    token = actions.invite_staff(by=person_of(request), clinic=clinic, role=role)
    link = request.build_absolute_uri(reverse("join", args=[token]))
    return _invited(
        request,
        gettext("An invitation to %(clinic)s as %(role)s")
        % {"clinic": clinic.name, "role": Role(role).label},
        link,
    )


@require_POST
@login_required
def change_post(request: HttpRequest, clinic_id: UUID, post_id: UUID, what: str) -> HttpResponse:
    """Let a colleague go, or let them lead as well."""
    person = person_of(request)
    clinic = _clinic_of(person, clinic_id)
    post = get_object_or_404(clinic.staff.filter(ended_at__isnull=True), pk=post_id)
    acts = {"end": actions.let_go, "lead": actions.make_lead}
    if what not in acts:
        raise Http404(gettext("There is no such change."))
    try:
        acts[what](by=person, clinic=clinic, post=post)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        said = {
            "end": gettext("%(person)s no longer works here"),
            "lead": gettext("%(person)s leads the staff too"),
        }
        echo(request, said[what] % {"person": post.person.name})
    still_here = person.posts.filter(clinic=clinic, ended_at__isnull=True).exists()
    return redirect("clinic-staff", clinic_id=clinic.pk) if still_here else redirect("account")
