"""Recipes: the list, one recipe scaled to what is wanted, keeping one, and its photograph."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diet import actions, queries
from quietdays.diet.forms import RecipeForm, Row, choices_of
from quietdays.diet.models import PlannedMeal, Recipe, RecipePhoto
from quietdays.diet.pages.rows import portions_of, submitted_rows
from quietdays.diet.pages.scaled import scaled_from
from quietdays.people.access import Act
from quietdays.people.entries import take_back
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried


@child_page(Act.TODAY)
def recipes(request: HttpRequest, child: Child) -> HttpResponse:
    current = queries.prescription_on(child, child.today())
    context = {"recipes": queries.recipes_of(child), "basis": queries.basis_of(current)}
    return render(request, "diet/recipes.html", context)


@child_page(Act.TODAY)
def recipe(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    """One recipe as it is kept, and scaled to a meal, to servings or to what is there."""
    found = get_object_or_404(queries.recipes_of(child), pk=recipe_id)
    current = queries.prescription_on(child, child.today())
    scaled, complaint = None, ""
    try:
        scaled = scaled_from(request.GET, child, found, current)
    except ValidationError as error:
        complaint = " ".join(error.messages)
    return render(
        request,
        "diet/recipe.html",
        {
            "recipe": found,
            "scaled": scaled,
            "complaint": complaint,
            "asked": request.GET,
            "query": request.GET.urlencode(),
            "choices": choices_of(current),
            "basis": queries.basis_of(current),
            "scale_step_g": child.family.scale_step_g,
        },
    )


@child_page(Act.PLAN)
def keep_recipe(request: HttpRequest, child: Child, recipe_id: UUID | None = None) -> HttpResponse:
    """Write a recipe down, or change one; `?from=` starts from a planned meal."""
    kept = None
    if recipe_id is not None:
        kept = get_object_or_404(queries.recipes_of(child), pk=recipe_id)
    if kept is not None and kept.kind == Recipe.Kind.FEED:  # its amounts belong to its volume
        return redirect(f"{reverse('mix-feed', args=[child.pk])}?from={kept.pk}")
    current = queries.prescription_on(child, child.today())
    initial, rows = _first_values(request, child, kept)
    names = [*(current.slot_names() if current and current.meal_slots else [])]
    form = RecipeForm(request.POST or None, zone=child.zone, slot_names=names, initial=initial)
    if request.method == "POST":
        rows = submitted_rows(request, child, form)
        saved = tried(form, lambda: _save(request, child, kept, form, rows))
        if saved:
            echo(
                request,
                gettext("Kept: %(entry)s") % {"entry": saved.name},
                kind="recipe",
                records=[saved],
            )
            return redirect("recipe", child_id=child.pk, recipe_id=saved.pk)
    context = {
        "form": form,
        "rows": rows,
        "recipe": kept,
        "prescription": current,
        "target": current.target_for(None) if current else None,
    }
    return render(request, "diet/recipe_form.html", context)


def _first_values(
    request: HttpRequest, child: Child, kept: Recipe | None
) -> tuple[dict[str, Any], list[Row]]:
    if kept is not None:
        names = ("id", "name", "servings", "main_food", "minutes", "suits", "instructions")
        initial = {n: getattr(kept, n) for n in names} | {"liking": str(kept.liking)}
        return initial, [Row.of(i.composition, i.amount) for i in kept.items.all()]
    try:
        planned_id = UUID(request.GET.get("from", ""))
    except ValueError:
        return {}, []
    rows_of = queries.with_items(PlannedMeal.objects.of(child))
    planned = rows_of.filter(pk=planned_id).first()
    if planned is None:
        return {}, []
    return {"name": planned.name}, [Row.of(i.composition, i.amount) for i in planned.items.all()]


def _save(
    request: HttpRequest, child: Child, kept: Recipe | None, form: RecipeForm, rows: list[Row]
) -> Recipe:
    values = {**form.values(), "portions": portions_of(rows)}
    person = person_of(request)
    if kept is not None:
        return actions.change_recipe(by=person, recipe=kept, **values)
    entry_id = form.cleaned_data["id"]
    return actions.keep_recipe(by=person, child=child, entry_id=entry_id, **values).record


@require_POST
@child_page(Act.PLAN)
def delete_recipe(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    found = get_object_or_404(Recipe.objects.of(child), pk=recipe_id)
    take_back(found, by=person_of(request), act=Act.PLAN)
    echo(
        request,
        gettext("Deleted: %(entry)s") % {"entry": found.name},
        kind="recipe",
        records=[found],
    )
    return redirect("recipes", child_id=child.pk)


@child_page(Act.TODAY)
def recipe_photo(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    """The picture, to this child's people only."""
    get_object_or_404(Recipe.objects.of(child), pk=recipe_id)
    photo = RecipePhoto.objects.filter(recipe_id=recipe_id).first()
    if photo is None:
        raise Http404(gettext("This recipe has no picture."))
    headers = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(photo.jpeg), content_type="image/jpeg", headers=headers)


@require_POST
@child_page(Act.PLAN)
def set_photo(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    """Keep a new picture, or with none chosen and `remove` pressed, take the old one away."""
    found = get_object_or_404(Recipe.objects.of(child), pk=recipe_id)
    sent = request.FILES.get("photo")
    try:
        if "remove" in request.POST:
            actions.remove_recipe_photo(by=person_of(request), recipe=found)
            echo(request, gettext("The picture is gone"))
        elif sent is None:
            messages.error(request, gettext("Choose a picture first."))
        else:
            actions.set_recipe_photo(by=person_of(request), recipe=found, data=sent.read())
            echo(request, gettext("The picture is kept"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("recipe", child_id=child.pk, recipe_id=found.pk)
