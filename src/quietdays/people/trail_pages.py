"""The family's page of who did what, and the page on which everything can be deleted."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.people import farewell
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child, TrailEntry
from quietdays.people.trail import trail_of
from quietdays.records.forms import add_errors

PER_PAGE = 50


@child_page(Act.MANAGE)
def trail(request: HttpRequest, child: Child) -> HttpResponse:
    """Who saw, wrote, shared and took along, newest first; of one kind or person on request."""
    did = request.GET.get("did", "")
    did = did if did in TrailEntry.Did.values else ""
    person_id = _uuid(request.GET.get("person", ""))
    rows = trail_of(child, did=did, person_id=person_id)
    people = trail_of(child).exclude(person_id=None).order_by("person_name")
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "kinds": TrailEntry.Did.choices,
        "people": list(people.values_list("person_id", "person_name").distinct()),
        "did": did,
        "person_id": person_id,
    }
    return render(request, "people/trail.html", context)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


class FarewellForm(forms.Form):
    typed_name = forms.CharField(
        label=gettext_lazy("Type the child’s name, so that this is no slip"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@child_page(Act.MANAGE)
def delete_everything(request: HttpRequest, child: Child) -> HttpResponse:
    """What would go, when, how to take it along first; and the one field that begins it."""
    form = FarewellForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            farewell.ask(by=person_of(request), child=child, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("delete-everything", child_id=child.pk)
    context = {"form": form, "farewell": farewell.standing(child), "days": farewell.GRACE.days}
    return render(request, "people/farewell.html", context)


@require_POST
@child_page(Act.MANAGE)
def keep_everything(request: HttpRequest, child: Child) -> HttpResponse:
    farewell.call_off(by=person_of(request), child=child)
    echo(request, gettext("Called off: %(child)s’s diary stays") % {"child": child.name})
    return redirect("child-settings", child_id=child.pk)


@login_required
def gone(request: HttpRequest) -> HttpResponse:
    """What was deleted for good, as a list of how much of each kind."""
    return render(request, "people/gone.html", {"rows": farewell.gone_for(person_of(request))})
