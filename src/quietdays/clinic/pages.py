"""The list of children: who needs me, in words; and the dietitian's day."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.clinic.dietitian import dietitians_day, is_dietitian
from quietdays.clinic.queries import Row, who_needs_me
from quietdays.clinic.reasons import Why
from quietdays.people.http import person_of
from quietdays.people.queries import children_of, is_clinician
from quietdays.people.trail import tell_seen

PER_PAGE = 100


@login_required
def children(request: HttpRequest) -> HttpResponse:
    """A clinician's list by reason; for a family the names of its children."""
    person = person_of(request)
    if not is_clinician(person):
        rows = children_of(person)
        return render(request, "clinic/my_children.html", {"children": rows})
    return render(request, "clinic/children.html", _listed(request))


def _listed(request: HttpRequest) -> dict[str, Any]:
    person, asked = person_of(request), request.GET.get("q", "").strip()
    rows = who_needs_me(person, timezone.now())
    found = [row for row in rows if asked.casefold() in row.child.name.casefold()]
    page: Page[Row] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    tell_seen(request, (row.child for row in page), person)
    return {
        "page": page,
        "asked": asked,
        "all": len(rows),
        "with_reason": sum(bool(row.reasons) for row in rows),
        "order": list(Why),
        "is_dietitian": is_dietitian(person),
    }


@login_required
def dietitian(request: HttpRequest) -> HttpResponse:
    """Prescriptions, foods, questions and intake of the children whose dietitian this is."""
    person = person_of(request)
    if not is_dietitian(person):
        raise PermissionDenied(gettext("Only a dietitian of a child's team has this page."))
    day = dietitians_day(person, timezone.now())
    tell_seen(request, (diet.child for diet in day), person)
    return render(request, "clinic/dietitian.html", {"day": day})
