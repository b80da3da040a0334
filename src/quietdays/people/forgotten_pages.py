"""A forgotten password: a link by e-mail, good once and for an hour, to choose a new one."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from quietdays.people import actions, sessions
from quietdays.people.addresses import client_address
from quietdays.people.forms import password_field
from quietdays.people.http import echo
from quietdays.people.models import Person
from quietdays.people.tries import TooManyTries, take_try

log = logging.getLogger(__name__)
_TEXT = gettext_lazy(
    "Somebody asked for a new password for your account at Quiet Days. Choose one "
    "here, within an hour:\n\n%(link)s\n\nWas it not you? Then leave this alone: nothing has "
    "changed, and without this link nobody gets in.\n"
)


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class NewPasswordForm(forms.Form):
    password = password_field()

    def __init__(self, request: HttpRequest, person: Person) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.person = person

    def clean_password(self) -> str:
        typed = str(self.cleaned_data["password"])
        password_validation.validate_password(typed, self.person)
        return typed


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link. The answer is the same whether there is such an account or not."""
    form, is_sent, status = AddressForm(request.POST or None), False, 200
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].lower()
        try:
            take_try(at=f"forgotten|{email}", address=client_address(request))
        except TooManyTries:
            form.add_error("email", gettext("There were too many tries. Wait 15 minutes."))
            status = 429
        else:
            is_sent = True
            person = Person.objects.filter(email=email, is_active=True).first()
            if person is not None and not person.is_guest:
                _send(person)
    context = {"form": form, "is_sent": is_sent, "has_mail": bool(settings.EMAIL_HOST)}
    return render(request, "people/forgotten.html", context, status=status)


def _send(person: Person) -> None:
    token = default_token_generator.make_token(person)
    link = settings.ADDRESS + reverse("new-password", args=[person.pk, token])
    mail = EmailMessage(
        gettext("A new password for Quiet Days"), _TEXT % {"link": link}, to=[person.email]
    )
    try:
        mail.send()
    except (OSError, SMTPException) as error:  # the page must not tell that there is an account
        log.error("a link to a new password was not sent: %s", type(error).__name__)


def new_password(request: HttpRequest, person_id: UUID, token: str) -> HttpResponse:
    """Choose a new password by the link; every browser is signed out, and the link is used up."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None or not default_token_generator.check_token(person, token):
        title, text = (
            gettext("This link is used up"),
            gettext("It was used or is older than an hour. Ask for another."),
        )
        return render(request, "web/error.html", {"title": title, "text": text}, status=404)
    form = NewPasswordForm(request, person)
    if request.method == "POST" and form.is_valid():
        actions.set_password(person=person, password=form.cleaned_data["password"])
        sessions.sign_out_others(person=person, but="")
        echo(request, gettext("Saved: your new password. Sign in with it"))
        return redirect("sign-in")
    response = render(request, "people/new_password.html", {"form": form})
    response["Cache-Control"] = "no-store"
    return response
