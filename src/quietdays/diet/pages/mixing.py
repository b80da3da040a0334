"""Mixing a feed for a day, and pouring it into the day's bottles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from quietdays.diet import actions, mixing, queries
from quietdays.diet.actions import Portion
from quietdays.diet.balancing import (
    Wish,
    advice_in_words,
    balance,
    key_of,
    sensitivity_in_words,
)
from quietdays.diet.forms import FeedForm, Row
from quietdays.diet.models import Prescription, Recipe, RecipeItem
from quietdays.diet.pages.rows import submitted_rows
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import LocalTimeField, add_errors, tried
from quietdays.records.words import decimal_text
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.mealsolver import Solved


@dataclass(frozen=True, slots=True)
class Mixed:
    """A feed that was worked out: what to weigh, what is in it, what the label says."""

    portions: tuple[Portion, ...]
    macros: Macros
    volume_ml: Decimal
    bottles: int
    made_at: time
    use_by: time | None
    basis: CarbohydrateBasis
    remarks: tuple[str, ...]

    @property
    def bottle_ml(self) -> Decimal:
        return self.volume_ml / self.bottles

    @property
    def kcal_per_ml(self) -> float:
        return self.macros.energy_kcal(self.basis) / float(self.volume_ml)

    def lines(self) -> list[dict[str, Any]]:
        return _lines(self.portions, self.bottles)


def _lines(parts: Iterable[Portion | RecipeItem], bottles: int) -> list[dict[str, Any]]:
    """What to weigh for the whole, and what of it is in each bottle."""
    return [
        {
            "name": part.composition.food.name,
            "unit": part.composition.get_per_unit_display(),
            "whole": part.amount,
            "bottle": part.amount / bottles,
        }
        for part in parts
    ]


@child_page(Act.LOG)
def mix_feed(request: HttpRequest, child: Child) -> HttpResponse:
    """Powder, modulars, breast milk and water to a volume; looked at first, then kept."""
    current = queries.prescription_on(child, child.today())
    form = FeedForm(request.POST or None, zone=child.zone, initial=_initial(current))
    rows: list[Row] = []
    mixed: Mixed | None = None
    if request.method == "POST":
        rows = submitted_rows(request, child, form, blank_is_open=True)
        if form.is_valid():
            mixed = _mixed(request, child, form, rows, current)
        if mixed is not None and "keep" in request.POST:
            wanted = mixed
            kept = tried(form, lambda: _keep(request, child, form, wanted))
            if kept:
                echo(request, f"Kept: {kept.name}", kind="recipe", records=[kept])
                return redirect("pour", child_id=child.pk, recipe_id=kept.pk)
    context = {
        "form": form,
        "rows": rows,
        "locked": set(request.POST.getlist("locked")),
        "mixed": mixed,
        "prescription": current,
        "basis": queries.basis_of(current),
    }
    return render(request, "diet/mix_feed.html", context)


def _initial(current: Prescription | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"made_at": "07:00"}
    if current is not None:
        initial["bottles"] = current.meals_per_day
        for name, value in (("ratio", current.ratio), ("energy_kcal", current.energy_kcal)):
            initial[name] = "" if value is None else decimal_text(value)
        initial["volume_ml"] = current.fluid_ml or ""
    return initial


def _mixed(
    request: HttpRequest,
    child: Child,
    form: FeedForm,
    rows: list[Row],
    current: Prescription | None,
) -> Mixed | None:
    """The feed that the form asks for; what stands in its way becomes the form's complaint."""
    data, locked = form.cleaned_data, set(request.POST.getlist("locked"))
    wishes = [
        Wish(
            r.composition,
            None if r.amount is None else float(r.amount),
            is_locked=key_of(r.composition) in locked and r.amount is not None,
        )
        for r in rows
    ]
    order = mixing.FeedOrder(data["volume_ml"], data["energy_kcal"], data["ratio"])
    try:
        problem = mixing.feed_problem(
            wishes,
            order,
            basis=queries.basis_of(current),
            scale_step_g=child.family.scale_step_g,
        )
    except ValidationError as error:
        add_errors(form, error)
        return None
    answer = balance(problem)
    if not isinstance(answer, Solved):
        form.add_error(None, answer.message)
        return None
    known = {key_of(r.composition): r.composition for r in rows}
    known.setdefault(key_of(mixing.water()), mixing.water())
    remarks = [sensitivity_in_words(answer, problem), advice_in_words(answer, problem)]
    guessed = mixing.without_displacement(wishes)
    if guessed:
        remarks.append(
            f"The volume of {', '.join(guessed)} is counted with {mixing.USUAL_ML_PER_G} mL a "
            "gram, a usual figure. Enter the product’s own on its food page."
        )
    portions = tuple(Portion(known[k], v) for k, v in answer.amounts.items() if v)
    return Mixed(
        portions=portions,
        macros=Macros.total(
            p.composition.macros_per_100().scaled(float(p.amount) / 100) for p in portions
        ),
        volume_ml=data["volume_ml"],
        bottles=data["bottles"],
        made_at=data["made_at"],
        use_by=_use_by(data["made_at"], data["keeps_h"]),
        basis=queries.basis_of(current),
        remarks=tuple(r for r in remarks if r),
    )


def _use_by(made_at: time, keeps_h: Decimal | None) -> time | None:
    if keeps_h is None:
        return None
    start = datetime.combine(date(2000, 1, 1), made_at)
    return (start + timedelta(hours=float(keeps_h))).time()


def _keep(request: HttpRequest, child: Child, form: FeedForm, mixed: Mixed) -> Recipe:
    data = form.cleaned_data
    label = f"Made {mixed.made_at:%H:%M}"
    if mixed.use_by is not None:
        label += f", use by {mixed.use_by:%H:%M} ({decimal_text(data['keeps_h'])} h)"
    return actions.keep_recipe(
        by=person_of(request),
        child=child,
        entry_id=data["id"],
        kind=Recipe.Kind.FEED,
        name=data["name"],
        servings=data["bottles"],
        volume_ml=data["volume_ml"],
        instructions=label,
        portions=mixed.portions,
    ).record


@child_page(Act.LOG)
def pour(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    """A kept feed with what to weigh, its label, and its bottles planned over a day."""
    feeds = queries.recipes_of(child).filter(kind=Recipe.Kind.FEED)
    feed = get_object_or_404(feeds, pk=recipe_id)
    current = queries.prescription_on(child, child.today())
    context = {
        "feed": feed,
        "lines": _lines(feed.items.all(), feed.servings),
        "basis": queries.basis_of(current),
        "bottle_ml": None if feed.volume_ml is None else feed.volume_ml / feed.servings,
        "first": datetime.combine(child.today(), time(7, 0)).strftime("%Y-%m-%dT%H:%M"),
    }
    return render(request, "diet/pour.html", context)


@require_POST
@child_page(Act.LOG)
def plan_bottles(request: HttpRequest, child: Child, recipe_id: UUID) -> HttpResponse:
    feeds = queries.recipes_of(child).filter(kind=Recipe.Kind.FEED)
    feed = get_object_or_404(feeds, pk=recipe_id)
    due = LocalTimeField(zone=child.zone, may_be_future=True)
    try:
        first: datetime = due.clean(request.POST.get("first", ""))  # type: ignore[assignment]
        made = actions.plan_meals(
            by=person_of(request),
            child=child,
            plans=mixing.bottle_plans(feed, mixing.bottle_times(first, feed.servings)),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("pour", child_id=child.pk, recipe_id=feed.pk)
    left_alone, local = feed.servings - len(made), first.astimezone(child.zone)
    text = f"Planned: {len(made)} feeds from {local:%H:%M}"
    if left_alone:
        text += f"; {left_alone} at times that have a plan already were left alone"
    echo(request, text, kind="planned-meal", records=made)
    return redirect("plan", child_id=child.pk, day=local.date())
