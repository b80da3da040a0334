"""The door: e-mail and password, with a limit on wrong ones."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from quietdays.people.addresses import client_address
from quietdays.people.tries import TooManyTries, forget_own_tries, take_try


class SignInForm(AuthenticationForm):
    is_shut = False  # too many wrong ones: this password was not even looked at

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not email or not password:
            return self.cleaned_data
        assert self.request is not None  # noqa: S101  the page gives it
        told = {"email": email, "address": client_address(self.request)}
        try:
            take_try(**told)
        except TooManyTries:
            self.is_shut = True
            raise ValidationError("Too many tries.", code="too-many") from None
        data = super().clean()  # raises when they do not belong together
        forget_own_tries(**told)
        return data


class SignIn(LoginView):
    template_name = "people/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_invalid(form)
        if isinstance(form, SignInForm) and form.is_shut:
            response.status_code = 429
        return response
