"""Finding a food, looking at it, checking its label, and adding one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diet import actions, food_queries, queries
from quietdays.diet.food_search import search_foods
from quietdays.diet.forms import FoodForm
from quietdays.diet.models import Food
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried

SHOWN = 60


@child_page(Act.TODAY)
def foods(request: HttpRequest, child: Child) -> HttpResponse:
    """What fits the text; without one, favourites, foods of recent plans, and the rest."""
    text = request.GET.get("q", "").strip()[:80]
    found = search_foods(child, text, limit=SHOWN)
    liked = food_queries.liked_by(child)
    context = {"text": text, "more": len(found) == SHOWN, "favourites": liked.favourites}
    if text:
        sections = [("", found)]
    else:
        sections = _sections(found, liked)
    rows = [(title, _rows(child, foods)) for title, foods in sections if foods]
    return render(request, "diet/foods.html", {**context, "sections": rows})


def _sections(found: list[Food], liked: food_queries.Liked) -> list[tuple[str, list[Food]]]:
    by_id = {food.pk: food for food in found}
    favourites = [food for food in found if food.pk in liked.favourites]
    recent = [by_id[pk] for pk in liked.last_planned if pk in by_id and pk not in liked.favourites]
    shown = {food.pk for food in (*favourites, *recent)}
    own = [food for food in found if food.family_id and food.pk not in shown]
    shown |= {food.pk for food in own}
    return [
        (gettext("Favourites"), favourites),
        (gettext("In plans of the last 30 days"), recent),
        (gettext("Your own"), own),
        (gettext("All foods"), [food for food in found if food.pk not in shown]),
    ]


def _rows(child: Child, foods: list[Food]) -> list[dict[str, Any]]:
    pairs = [(food, queries.newest_composition(food)) for food in foods]
    checked = food_queries.checked_for(child.family, (c for _, c in pairs))
    return [{"food": f, "composition": c, "is_checked": c.pk in checked} for f, c in pairs]


@child_page(Act.TODAY)
def food(request: HttpRequest, child: Child, food_id: UUID) -> HttpResponse:
    """One food: what it holds now, where that comes from, and its earlier versions."""
    found = _food(child, food_id)
    versions = list(found.compositions.select_related("entered_by").order_by("-version"))
    context = {
        "food": found,
        "newest": versions[0],
        "earlier": versions[1:],
        "measures": found.measures.all(),
        "is_checked": food_queries.is_checked_for(child.family, versions[0]),
        "check": food_queries.label_check(child.family, versions[0]),
        "is_favourite": found.pk in food_queries.liked_by(child).favourites,
        "old_plans": food_queries.plans_using_old(child, found),
        "old_recipes": food_queries.recipes_using_old(child, found),
    }
    return render(request, "diet/food.html", context)


def _food(child: Child, food_id: UUID) -> Food:
    found: Food = get_object_or_404(queries.foods_for(child), pk=food_id)
    return found


@require_POST
@child_page(Act.PLAN)
def favourite(request: HttpRequest, child: Child, food_id: UUID) -> HttpResponse:
    """Mark a food to be found first, or take the mark away; then back to where the star was."""
    found = _food(child, food_id)
    acts = {"yes": actions.mark_favourite, "no": actions.unmark_favourite}
    act = acts.get(request.POST.get("favourite", ""))
    if act is not None:
        act(by=person_of(request), child=child, food=found)
    if request.POST.get("back") == "food":
        return redirect("food", child_id=child.pk, food_id=found.pk)
    text = request.POST.get("q", "")[:80]
    query = f"?{urlencode({'q': text})}" if text else ""
    return redirect(f"{reverse('foods', args=[child.pk])}{query}#food-{found.pk}")


@require_POST
@child_page(Act.PLAN)
def check_label(request: HttpRequest, child: Child, food_id: UUID) -> HttpResponse:
    """“The label says the same”, of the very version that was on the page."""
    found = _food(child, food_id)
    seen = next(
        (c for c in found.compositions.all() if str(c.pk) == request.POST.get("composition")), None
    )
    if seen is not None:
        try:
            actions.check_label(by=person_of(request), child=child, composition=seen)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            echo(
                request,
                gettext("Checked: %(food)s, the label says the same") % {"food": found.name},
            )
    return redirect("food", child_id=child.pk, food_id=found.pk)


@child_page(Act.PLAN)
def add_food(request: HttpRequest, child: Child) -> HttpResponse:
    """A food by its label; `?copy=` starts from the figures of one that is there."""
    copied = _copied(request, child)
    initial = FoodForm.initial_from(copied, queries.newest_composition(copied)) if copied else {}
    form = FoodForm(request.POST or None, zone=child.zone, initial=initial)
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
            echo(request, gettext("Saved: %(entry)s") % {"entry": added.name})
            return redirect("food", child_id=child.pk, food_id=added.pk)
    context = {"form": form, "food": None, "copied": copied}
    return render(request, "diet/food_form.html", context)


def _copied(request: HttpRequest, child: Child) -> Food | None:
    try:
        food_id = UUID(request.GET.get("copy", ""))
    except ValueError:
        return None
    found: Food | None = queries.foods_for(child).filter(pk=food_id).first()
    return found


@child_page(Act.PLAN)
def correct_food(request: HttpRequest, child: Child, food_id: UUID) -> HttpResponse:
    """The label of a family's own food changed: a new version beside the old one."""
    found = get_object_or_404(queries.foods_for(child).filter(family=child.family), pk=food_id)
    initial = FoodForm.initial_from(found, queries.newest_composition(found))
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
            echo(
                request,
                gettext("Saved: %(food)s. Logged meals keep the figures they had")
                % {"food": found.name},
            )
            return redirect("food", child_id=child.pk, food_id=found.pk)
    return render(request, "diet/food_form.html", {"form": form, "food": found, "copied": None})
