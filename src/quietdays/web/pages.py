"""Pages that belong to the whole house: undo, what was deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diary.kinds import KINDS
from quietdays.diary.models import CheckIn, Clip, Observation
from quietdays.diet.models import ChecklistItem, MealEaten, PlannedMeal, Recipe
from quietdays.medicines.models import Dose, Schedule, Supply
from quietdays.people.access import Act
from quietdays.people.entries import bring_back, undo_all
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.models import UNDO_DELETION, Record


@dataclass(frozen=True, slots=True)
class Undoable:
    model: type[Record]
    act: Act = Act.LOG


UNDOABLE: dict[str, Undoable] = {
    **{slug: Undoable(kind.model, kind.act) for slug, kind in KINDS.items()},
    "observation": Undoable(Observation),
    "check-in": Undoable(CheckIn),
    "meal": Undoable(MealEaten),
    "planned-meal": Undoable(PlannedMeal, Act.PLAN),
    "recipe": Undoable(Recipe, Act.PLAN),
    "checklist": Undoable(ChecklistItem, Act.PRESCRIBE),
    "dose": Undoable(Dose),
    "supply": Undoable(Supply),
    "clip": Undoable(Clip),
    "step": Undoable(Schedule, Act.MEDICATE),
}


@require_POST
@child_page(Act.LOG)
def undo(request: HttpRequest, child: Child) -> HttpResponse:
    """Take back what the last tap did: new entries go, changed ones return to before."""
    found = UNDOABLE.get(request.POST.get("kind", ""))
    texts = request.POST.get("ids", "").split(",")
    ids = [entry_id for text in texts if (entry_id := _uuid(text))]
    if found is None or len(ids) != len(texts):
        raise Http404(gettext("There is nothing to undo."))
    rows = list(found.model._default_manager.filter(child=child, pk__in=ids))
    try:
        undo_all(rows, by=person_of(request), act=found.act)
    except ValidationError as error:
        messages.error(
            request, gettext("Not undone: %(reasons)s") % {"reasons": " ".join(error.messages)}
        )
    else:
        words = ", ".join(str(row) for row in rows)
        echo(
            request,
            gettext("Undone: %(what)s") % {"what": words}
            if words
            else gettext("There was nothing to undo"),
        )
    back = request.POST.get("back", "")
    return redirect(back if back.startswith(f"/c/{child.pk}/") else f"/c/{child.pk}/")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@child_page(Act.READ)
def deleted(request: HttpRequest, child: Child) -> HttpResponse:
    """What was deleted in the last 30 days, each with a way back."""
    since = timezone.now() - UNDO_DELETION
    rows: list[dict[str, Any]] = []
    for slug, found in _by_model().items():
        if found.act not in request.acts:  # type: ignore[attr-defined]
            continue  # another role's to bring back
        for record in found.model._default_manager.filter(child=child, deleted_at__gte=since):
            rows.append(
                {"slug": slug, "record": record, "gone_on": record.deleted_at + UNDO_DELETION}
            )
    rows.sort(key=lambda r: r["record"].deleted_at, reverse=True)
    return render(request, "web/deleted.html", {"rows": rows})


def _by_model() -> dict[str, Undoable]:
    """One slug for each model: the kinds of measurement share a table."""
    seen: dict[type[Record], str] = {}
    for slug, found in UNDOABLE.items():
        seen.setdefault(found.model, slug)
    return {slug: UNDOABLE[slug] for slug in seen.values()}


@require_POST
@child_page(Act.READ)
def restore(request: HttpRequest, child: Child, slug: str, entry_id: UUID) -> HttpResponse:
    found = UNDOABLE.get(slug)
    if found is None:
        raise Http404(gettext("There is no such kind of entry."))
    rows = found.model._default_manager.filter(child=child, deleted_at__isnull=False)
    record = get_object_or_404(rows, pk=entry_id)
    try:
        bring_back(record, by=person_of(request), act=found.act)
    except ValidationError as error:
        messages.error(
            request,
            gettext("Not brought back: %(reasons)s") % {"reasons": " ".join(error.messages)},
        )
    else:
        echo(request, gettext("Brought back: %(what)s") % {"what": record})
    return redirect("deleted", child_id=child.pk)
