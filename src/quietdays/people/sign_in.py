"""The door: a passkey, or e-mail and password and then, where it is set up, a second factor."""

from __future__ import annotations

import json
import time
from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.people import passkeys, second_factor
from quietdays.people.addresses import client_address
from quietdays.people.models import Person
from quietdays.people.tries import TooManyTries, forget_own_tries, take_try

_HALF_IN = "half-in"
HALF_IN_S = 600  # between the password and the second factor, and for a challenge


def let_in(request: HttpRequest, person: Person) -> None:
    """Sign somebody in for as long as a family's phone stays signed in."""
    login(request, person)
    request.session.set_expiry(None)


def where_to(request: HttpRequest, asked: str) -> str:
    """The page that was asked for before the door, if it is one of ours."""
    hosts = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(asked, hosts, require_https=request.is_secure())
    return asked if ours else reverse("home")


class SignInForm(AuthenticationForm):
    is_shut = False  # too many wrong ones: this password was not even looked at

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not email or not password:
            return self.cleaned_data
        assert self.request is not None  # noqa: S101  the page gives it
        told = {"at": email, "address": client_address(self.request)}
        try:
            take_try(**told)
        except TooManyTries:
            self.is_shut = True
            raise ValidationError(gettext("Too many tries."), code="too-many") from None
        data = super().clean()  # raises when they do not belong together
        forget_own_tries(**told)
        return data


class SignIn(LoginView):
    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_passkeys = passkeys.has_name(self.request)
        return super().get_context_data(has_passkeys=has_passkeys, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        person = form.get_user()
        assert isinstance(person, Person)  # noqa: S101  by our settings
        if not second_factor.is_asked(person):
            let_in(self.request, person)
            return HttpResponseRedirect(self.get_success_url())
        self.request.session[_HALF_IN] = {
            "person": str(person.pk),
            "until": time.time() + HALF_IN_S,
            "next": self.get_success_url(),
        }
        self.request.session.set_expiry(HALF_IN_S)
        return redirect("sign-in-code")

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if isinstance(form, SignInForm) and form.is_shut:
            response.status_code = 429
        return response


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Six digits, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "text", "autofocus": True}
        ),
    )


def sign_in_code(request: HttpRequest) -> HttpResponse:
    """The second step at the door, for whom the password was right a moment ago."""
    half_in = request.session.get(_HALF_IN)
    if not half_in or half_in["until"] < time.time():
        return redirect("sign-in")
    person = Person.objects.filter(pk=half_in["person"], is_active=True).first()
    if person is None:
        return redirect("sign-in")
    form, status = CodeForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        told = {"at": f"second|{person.email}", "address": client_address(request)}
        try:
            take_try(**told)
            second_factor.pass_with(person=person, typed=form.cleaned_data["code"])
        except TooManyTries:
            form.add_error("code", gettext("There were too many wrong tries. Wait 15 minutes."))
            status = 429
        except ValidationError as error:
            form.add_error("code", error)
        else:
            forget_own_tries(**told)
            del request.session[_HALF_IN]
            let_in(request, person)
            return redirect(half_in["next"])
    return render(request, "people/sign_in_code.html", {"form": form}, status=status)


@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """A challenge for the passkeys that this browser holds."""
    options = passkeys.sign_in_options(request)
    if not request.user.is_authenticated:
        request.session.set_expiry(HALF_IN_S)
    return JsonResponse(options)


@require_POST
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """The challenge, signed: whoever's key it was is let in."""
    try:
        sent = json.loads(request.body)
        person = passkeys.person_by_passkey(request, sent.get("credential"))
    except (ValueError, AttributeError):
        return JsonResponse({"detail": passkeys.NOT_USABLE}, status=400)
    except ValidationError as error:
        return JsonResponse({"detail": error.messages[0]}, status=400)
    let_in(request, person)
    return JsonResponse({"next": where_to(request, str(sent.get("next", "")))})
