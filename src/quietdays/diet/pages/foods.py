"""Finding a food, looking at it, and adding one by its label."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from quietdays.diet import actions, queries
from quietdays.diet.forms import FoodForm
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried
from quietdays.records.words import as_typed


@child_page()
def foods(request: HttpRequest, child: Child) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:80]
    found = queries.search_foods(child, text, limit=100)
    return render(request, "diet/foods.html", {"foods": found, "text": text})


@child_page()
def food(request: HttpRequest, child: Child, food_id: UUID) -> HttpResponse:
    """One food: what it holds now, where that comes from, and its earlier versions."""
    found = get_object_or_404(queries.foods_for(child), pk=food_id)
    versions = found.compositions.order_by("-version")
    return render(request, "diet/food.html", {"food": found, "versions": versions})


@child_page(Act.LOG)
def add_food(request: HttpRequest, child: Child) -> HttpResponse:
    form = FoodForm(request.POST or None, zone=child.zone)
    if request.method == "POST":
        added = tried(
            form,
            lambda: actions.add_food(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                name=form.cleaned_data["name"],
                **form.composition(),
            ),
        )
        if added:
            echo(request, f"Saved: {added.name}")
            return redirect("food", child_id=child.pk, food_id=added.pk)
    return render(request, "diet/food_form.html", {"form": form, "food": None})


@child_page(Act.LOG)
def correct_food(request: HttpRequest, child: Child, food_id: UUID) -> HttpResponse:
    """The label of a family's own food changed: a new version beside the old one."""
    found = get_object_or_404(queries.foods_for(child).filter(family=child.family), pk=food_id)
    newest = queries.newest_composition(found)
    kept = (*FoodForm.GRAMS, "per_unit", "carbohydrate_basis")
    initial = {name: as_typed(getattr(newest, name)) for name in kept}
    initial |= {"name": found.name, "per_amount": "100"}
    form = FoodForm(request.POST or None, zone=child.zone, initial=initial)
    if request.method == "POST":
        corrected = tried(
            form,
            lambda: actions.correct_food(
                by=person_of(request),
                child=child,
                food=found,
                name=form.cleaned_data["name"],
                **form.composition(),
            ),
        )
        if corrected:
            echo(request, f"Saved: {found.name}. Logged meals keep the figures they had")
            return redirect("food", child_id=child.pk, food_id=found.pk)
    return render(request, "diet/food_form.html", {"form": form, "food": found})
