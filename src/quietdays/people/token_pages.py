"""The family's page of tokens: which programs may read or write, and what they did."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.people import tokens
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import AccessToken, Child, Person
from quietdays.people.trail import Did, tell
from quietdays.records.forms import tried
from quietdays.records.ids import new_id


class TokenForm(forms.Form):
    """What a program may do and for how long; the form carries the token's id."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Which program is it for?"),
        max_length=80,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("Hospital import, home display …")}
        ),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"),
        choices=AccessToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose what the token may do.")},
    )
    lasts = forms.TypedChoiceField(
        label=gettext_lazy("It works for"),
        coerce=lambda days: timedelta(days=int(days)),
        choices=[
            ("7", gettext_lazy("7 days")),
            ("30", gettext_lazy("30 days")),
            ("90", gettext_lazy("90 days")),
            ("365", gettext_lazy("one year")),
        ],
        initial="90",
    )


@child_page(Act.MANAGE)
def access_tokens(request: HttpRequest, child: Child) -> HttpResponse:
    """The tokens that were made, when each was used, and a new one, shown this once."""
    person = person_of(request)
    form = TokenForm(request.POST or None, initial={"id": new_id()})
    if request.method == "POST":
        made = tried(form, lambda: _make(form, person, child))
        if made:
            token, secret = made
            tell(request, Did.SHARED, child, person=person)
            context = {
                "token": token,
                "secret": secret,
                "changes": request.build_absolute_uri(f"/api/v1/children/{child.pk}/changes"),
                "sync": request.build_absolute_uri(f"/api/v1/children/{child.pk}/sync"),
                "fhir": request.build_absolute_uri("/fhir/"),
            }
            response = render(request, "people/token_made.html", context)
            response["Cache-Control"] = "no-store"
            return response
    now = timezone.now()
    rows = [(token, tokens.state_of(token, now)) for token in tokens.tokens_of(child)]
    return render(request, "people/tokens.html", {"form": form, "tokens": rows})


def _make(form: TokenForm, person: Person, child: Child) -> tuple[AccessToken, str]:
    data = dict(form.cleaned_data)
    return tokens.make_token(by=person, child=child, entry_id=data.pop("id"), **data)


@require_POST
@child_page(Act.MANAGE)
def end_token(request: HttpRequest, child: Child, access_id: UUID) -> HttpResponse:
    token = get_object_or_404(AccessToken.objects.filter(child=child), pk=access_id)
    tokens.end_token(by=person_of(request), token=token)
    echo(request, gettext("Ended: %(token)s opens nothing any more") % {"token": token.name})
    return redirect("tokens", child_id=child.pk)
