"""The emergency card, and the page on which a clinician of the team signs a new one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy

from quietdays.emergency import actions, queries
from quietdays.emergency.models import EmergencyCard
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import EntryForm, tried
from quietdays.words import Text, dated


def _text(label: Text) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, required=False, max_length=1000, widget=area)


class CardForm(EntryForm):
    diagnosis = forms.CharField(label=gettext_lazy("Diagnosis"), max_length=200)
    diet = forms.CharField(
        label=gettext_lazy("The diet in one line"), required=False, max_length=200
    )
    call_when = _text(gettext_lazy("Call the emergency number when"))
    rescue = _text(gettext_lazy("Rescue plan: what, how much, how, and what then"))
    glucose = _text(
        gettext_lazy("Low blood glucose: at which value with its unit, and what to give")
    )
    fluids = _text(gettext_lazy("Fluids, drips"))
    avoid = _text(gettext_lazy("Do not give"))
    contacts = _text(gettext_lazy("Contacts, one a line, the number last"))
    call_number = forms.CharField(
        label=gettext_lazy("Emergency number where the child lives"),
        max_length=20,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("To be looked through by (six months at most)"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_call_number(self) -> str:
        number = str(self.cleaned_data["call_number"]).strip()
        if not number.replace(" ", "").removeprefix("+").isdecimal():
            raise forms.ValidationError(gettext("Write a number to call, such as 112."))
        return number


@child_page(Act.TODAY)
def emergency(request: HttpRequest, child: Child) -> HttpResponse:
    """What this child's team entered for an emergency; until then, that nothing is entered."""
    card = queries.card_of(child)
    context: dict[str, Any] = {"card": card, "call_number": card.call_number if card else "112"}
    if card is not None:
        context |= {
            "parts": queries.parts_of(card),
            "contacts": queries.contacts_of(card),
            "is_expired": queries.is_expired(card, child.today()),
            "earlier": queries.versions_of(child)[1:],
        }
    return render(request, "emergency/emergency.html", context)


@child_page(Act.PRESCRIBE)
def sign(request: HttpRequest, child: Child) -> HttpResponse:
    """A new version, begun from the words of the last one, under the signer's name."""
    card = queries.card_of(child)
    form = CardForm(request.POST or None, zone=child.zone, initial=_initial(card, child))
    if request.method == "POST":
        by = person_of(request)
        signed = tried(
            form,
            lambda: actions.sign_card(
                by=by, child=child, entry_id=form.cleaned_data["id"], **form.values()
            ),
        )
        if signed:
            echo(
                request,
                gettext("Signed: the emergency card, until %(date)s")
                % {"date": dated(signed.expires_on, "j F Y")},
            )
            return redirect("emergency", child_id=child.pk)
    return render(request, "emergency/sign.html", {"form": form})


def _initial(card: EmergencyCard | None, child: Child) -> dict[str, Any]:
    until = child.today() + actions.LASTS
    if card is None:
        return {"call_number": "112", "expires_on": until}
    kept = {name: getattr(card, name) for name in CardForm.base_fields}
    return kept | {"expires_on": until}
