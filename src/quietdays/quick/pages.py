"""Making and ending buttons outside the app, and the page that such a button opens."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.people.trail import Did, tell
from quietdays.quick import actions, queries
from quietdays.quick.models import QuickToken
from quietdays.records.forms import tried
from quietdays.records.ids import new_id


class ButtonForm(forms.Form):
    """A button's name; the form carries the button's id, so that sent twice is made once."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("What is it for?"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"placeholder": gettext_lazy("Tag on the cot, Oma’s phone …")}
        ),
    )


@child_page(Act.LOG)
def buttons(request: HttpRequest, child: Child) -> HttpResponse:
    """The buttons that work, and a new one, whose address is shown this once."""
    person = person_of(request)
    form = ButtonForm(request.POST or None, initial={"id": new_id()})
    if request.method == "POST":
        made = tried(
            form,
            lambda: actions.make_button(
                by=person,
                child=child,
                entry_id=form.cleaned_data["id"],
                name=form.cleaned_data["name"],
            ),
        )
        if made:
            tell(request, Did.SHARED, child, person=person)
            response = render(request, "quick/made.html", _once(request, *made))
            response["Cache-Control"] = "no-store"
            return response
    return render(
        request, "quick/buttons.html", {"form": form, "buttons": queries.buttons_of(person, child)}
    )


def _once(request: HttpRequest, token: QuickToken, secret: str) -> dict[str, object]:
    return {
        "button": token,
        "secret": secret,
        "address": f"{request.build_absolute_uri(reverse('quick-press'))}#{secret}",
        "api": request.build_absolute_uri("/api/v1/quick"),
    }


@require_POST
@child_page(Act.LOG)
def end_button(request: HttpRequest, child: Child, token_id: UUID) -> HttpResponse:
    token = get_object_or_404(QuickToken.objects.filter(child=child), pk=token_id)
    actions.end_button(by=person_of(request), token=token)
    echo(request, gettext("Ended: %(token)s does nothing any more") % {"token": token.name})
    return redirect("quick", child_id=child.pk)


def press(request: HttpRequest) -> HttpResponse:
    """The page behind a tag or a shortcut. Its token stands after the #, which no server sees.

    It is the same for everybody, asks nothing of the database, and opening it writes nothing.
    """
    response = render(request, "quick/quick.html", {"theme": "auto"})
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
