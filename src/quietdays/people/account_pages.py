"""A person's own page: name, password, passkeys, second factor, and where they are signed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import logout, password_validation, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from quietdays.people import actions, passkeys, second_factor, sessions
from quietdays.people.addresses import client_address
from quietdays.people.forms import password_field
from quietdays.people.http import echo, person_of
from quietdays.people.models import Person
from quietdays.people.queries import children_of
from quietdays.people.tries import TooManyTries, forget_own_tries, take_try
from quietdays.records.forms import tried
from quietdays.records.qr import qr_svg


class OwnPassword(forms.Form):
    """Something that only whoever knows the password may do, not everybody who holds the phone."""

    password_now = forms.CharField(
        label=gettext_lazy("Your password now"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.request = request

    def clean_password_now(self) -> str:
        person, typed = person_of(self.request), str(self.cleaned_data["password_now"])
        told = {"at": person.email, "address": client_address(self.request)}
        try:
            take_try(**told)
        except TooManyTries as error:
            raise ValidationError(
                gettext("There were too many wrong tries. Wait 15 minutes.")
            ) from error
        if not person.check_password(typed):
            raise ValidationError(gettext("This is not your password."))
        forget_own_tries(**told)
        return typed


class NewPassword(OwnPassword):
    password = password_field()

    def clean_password(self) -> str:
        typed = str(self.cleaned_data["password"])
        password_validation.validate_password(typed, person_of(self.request))
        return typed


class FitsForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("The six digits that it shows now"),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """How this person gets in, and where they are in."""
    person = person_of(request)
    context = {
        "passkeys": list(person.passkeys.all()),
        "has_passkeys": passkeys.has_name(request),
        "has_second_factor": second_factor.is_asked(person),
        "devices": sessions.devices_of(person),
        "this_device": request.session.session_key,
        "posts": person.posts.filter(ended_at__isnull=True).select_related("clinic"),
    }
    # Instants are told in the time of where the child is, as everywhere else.
    child = children_of(person).first()
    with timezone.override(child.zone if child else None):
        return render(request, "people/account.html", context)


@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    """A new password; every other browser is signed out."""
    form = NewPassword(request)
    if request.method == "POST" and form.is_valid():
        person = person_of(request)
        actions.set_password(person=person, password=form.cleaned_data["password"])
        update_session_auth_hash(request, person)
        sessions.sign_out_others(person=person, but=request.session.session_key or "")
        echo(request, gettext("Saved: your new password. Every other browser is signed out"))
        return redirect("account")
    return render(request, "people/password.html", {"form": form})


# --- passkeys


@require_POST
@login_required
def new_passkey_options(request: HttpRequest) -> HttpResponse:
    return JsonResponse(passkeys.registration_options(request, person_of(request)))


@require_POST
@login_required
def add_passkey(request: HttpRequest) -> HttpResponse:
    try:
        sent = json.loads(request.body)
        name, credential = str(sent.get("name", ""))[:80], sent.get("credential")
        key = passkeys.add_passkey(request, person_of(request), name=name, credential=credential)
    except (ValueError, AttributeError):
        return JsonResponse({"detail": passkeys.NOT_USABLE}, status=400)
    except ValidationError as error:
        return JsonResponse({"detail": error.messages[0]}, status=400)
    echo(request, gettext("Saved: the passkey “%(key)s”") % {"key": key.name})
    return JsonResponse({"next": reverse("account")})


@require_POST
@login_required
def remove_passkey(request: HttpRequest, passkey_id: UUID) -> HttpResponse:
    person = person_of(request)
    key = get_object_or_404(person.passkeys.all(), pk=passkey_id)
    passkeys.remove_passkey(person=person, passkey=key)
    echo(
        request,
        gettext("Taken away: the passkey “%(key)s” opens nothing any more") % {"key": key.name},
    )
    return redirect("account")


# --- the second factor


@login_required
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Set it up: scan, type the first number, keep the recovery codes."""
    person = person_of(request)
    if second_factor.is_asked(person):
        return redirect("account")
    factor = second_factor.begin(person=person)
    form = FitsForm(request.POST or None)
    if request.method == "POST":
        codes = tried(
            form,
            lambda: second_factor.confirm(person=person, digits=form.cleaned_data["code"]),
        )
        if codes:
            return _show_codes(request, codes)
    address = second_factor.address_of(factor)
    secret = " ".join(factor.secret[n : n + 4] for n in range(0, len(factor.secret), 4))
    context = {"form": form, "qr": qr_svg(address), "secret": secret}
    return _kept_by_nobody(render(request, "people/second_factor.html", context))


@login_required
def renew_recovery_codes(request: HttpRequest) -> HttpResponse:
    return _after_password(request, gettext("New recovery codes"), _renewed)


@login_required
def remove_second_factor(request: HttpRequest) -> HttpResponse:
    return _after_password(request, gettext("Sign in without the six digits"), _removed)


def _renewed(request: HttpRequest, person: Person) -> HttpResponse:
    try:
        return _show_codes(request, second_factor.renew_recovery_codes(person=person))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("account")


def _removed(request: HttpRequest, person: Person) -> HttpResponse:
    second_factor.remove(person=person)
    echo(request, gettext("Taken away: the password alone lets you in from now on"))
    return redirect("account")


def _after_password(
    request: HttpRequest, title: str, act: Callable[[HttpRequest, Person], HttpResponse]
) -> HttpResponse:
    form = OwnPassword(request)
    if request.method == "POST" and form.is_valid():
        return act(request, person_of(request))
    return render(request, "people/password.html", {"form": form, "title": title})


def _show_codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _kept_by_nobody(render(request, "people/recovery_codes.html", {"codes": codes}))


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


# --- leaving


@login_required
def delete_account(request: HttpRequest) -> HttpResponse:
    """The account goes; what it entered for children of others keeps its place, without a name."""
    return _after_password(request, gettext("Delete your account"), _deleted)


def _deleted(request: HttpRequest, person: Person) -> HttpResponse:
    try:
        actions.delete_account(person=person)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("account")
    logout(request)
    echo(request, gettext("Deleted: your account"))
    return redirect("sign-in")


# --- where one is signed in


@require_POST
@login_required
def sign_out_device(request: HttpRequest, name: str) -> HttpResponse:
    """Sign one browser out. Its session's key is a secret, and so on no page and in no address."""
    person = person_of(request)
    device = next((d for d in sessions.devices_of(person) if d.public_name == name), None)
    if device is None:
        messages.error(request, gettext("That browser was signed out already."))
    else:
        sessions.sign_out_device(person=person, session_key=device.session_key)
        echo(request, gettext("Signed out: %(device)s") % {"device": device.in_words})
    return redirect("account")


@require_POST
@login_required
def sign_out_others(request: HttpRequest) -> HttpResponse:
    gone = sessions.sign_out_others(
        person=person_of(request), but=request.session.session_key or ""
    )
    echo(
        request,
        ngettext(
            "Signed out: %(number)s other browser", "Signed out: %(number)s other browsers", gone
        )
        % {"number": gone},
    )
    return redirect("account")
