"""A week planned from recipes: solved, looked at, changed by hand, then planned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from quietdays.diet import actions, menus, queries
from quietdays.diet.forms import MenuForm
from quietdays.diet.models import Prescription, Recipe
from quietdays.diet.pages.scaled import kitchen_of
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import add_errors
from quietdays.science.macros import Macros
from quietdays.science.mealsolver import SolvedWeek, solve_week
from quietdays.words import counted_digits, dated

Picks = dict[tuple[int, str], str]


@child_page(Act.PLAN)
def menu(request: HttpRequest, child: Child) -> HttpResponse:
    today = child.today()
    start = today + timedelta(days=(7 - today.weekday()) % 7 or 7)
    current = queries.prescription_on(child, _asked_start(request) or start)
    recipes = list(queries.recipes_of(child).filter(kind=Recipe.Kind.MEAL, liking__gt=0))
    initial = {"start": start, "max_uses": _usual_max_uses(current, len(recipes))}
    form = MenuForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"form": form, "prescription": current, "recipes": recipes}
    if current is None or current.day_target.ratio is None or not recipes:
        return render(request, "diet/menu.html", context)
    slots = menus.slots_of(current)
    if request.method == "POST":
        dishes = menus.dishes_for(recipes, slots, kitchen_of(child, current))
        picks = _picks(request, slots, dishes, kept_only="solve" in request.POST)
        if form.is_valid():
            _complain_of_a_step(child, form)
        if form.is_valid():
            if "use" in request.POST:
                made = _use(request, child, form, slots, dishes, picks)
                if made is not None:
                    return redirect("plan", child_id=child.pk, day=form.cleaned_data["start"])
            else:
                picks = _solve(form, slots, dishes, picks, current)
        context["rows"] = _rows(form, slots, dishes, picks, request)
        context["left_out"] = dishes.left_out
        context["has_menu"] = bool(picks)
    return render(request, "diet/menu.html", context)


def _asked_start(request: HttpRequest) -> date | None:
    try:
        return date.fromisoformat(request.POST.get("start", ""))
    except ValueError:
        return None


def _complain_of_a_step(child: Child, form: MenuForm) -> None:
    """A menu is balanced to one prescription: a step within its week asks for two menus."""
    start = form.cleaned_data["start"]
    last = start + timedelta(days=menus.DAYS - 1)
    for version in queries.steps_within(child, start, last)[:1]:
        form.add_error(
            "start",
            gettext(
                "The prescription changes to %(diet)s on %(day)s. Begin the "
                "menu on that day; plan the days before it by copying."
            )
            % {
                "diet": version.diet_in_words,
                "day": dated(version.effective_from, "j F"),
            },
        )


def _usual_max_uses(current: Prescription | None, recipes: int) -> int:
    """Twice what an even spread needs, so that few recipes still make a week."""
    if current is None or not recipes:
        return 3
    meals = menus.DAYS * (current.meals_per_day + current.snacks_per_day)
    return max(3, -(-2 * meals // recipes))


def _picks(
    request: HttpRequest,
    slots: Sequence[menus.MenuSlot],
    dishes: menus.Dishes,
    *,
    kept_only: bool,
) -> Picks:
    """The dishes of the posted table; for a new search, those that are to stay."""
    picks: Picks = {}
    for day in range(1, menus.DAYS + 1):
        for slot in slots:
            recipe_id = request.POST.get(f"dish-{day}-{slot.id}", "")
            kept = not kept_only or f"keep-{day}-{slot.id}" in request.POST
            if kept and (recipe_id, slot.id) in dishes.scaled:
                picks[day, slot.id] = recipe_id
    return picks


def _solve(
    form: MenuForm,
    slots: Sequence[menus.MenuSlot],
    dishes: menus.Dishes,
    picks: Picks,
    current: Prescription,
) -> Picks:
    """A dish for every meal; what cannot be met becomes the form's complaint."""
    data = form.cleaned_data
    wishes = menus.Wishes(
        max_uses=data["max_uses"],
        gap_days=data["gap_days"],
        distinct_min=data["distinct_min"],
        minutes_day_max=data["minutes_day_max"],
        protein_percent=data["protein_percent"],
        picks=picks,
    )
    try:
        answer = solve_week(menus.week_problem(slots, dishes, wishes, current))
    except ValidationError as error:
        add_errors(form, error)
        return picks
    if isinstance(answer, SolvedWeek):
        return {(day, slot): r for day, row in answer.menu.items() for slot, r in row.items()}
    form.add_error(None, _with_names(answer.message, slots))
    return picks


def _with_names(message: str, slots: Sequence[menus.MenuSlot]) -> str:
    """The solver knows meals by a short id; a person knows them by name."""
    names = {slot.id: slot.name for slot in slots}
    return re.sub(r"\b[ms]\d+\b", lambda found: names.get(found[0], found[0]), message)


def _use(
    request: HttpRequest,
    child: Child,
    form: MenuForm,
    slots: Sequence[menus.MenuSlot],
    dishes: menus.Dishes,
    picks: Picks,
) -> list[Any] | None:
    start = form.cleaned_data["start"]
    asked = {name for name, value in request.POST.items() if name.startswith("dish-") and value}
    gone = asked - {f"dish-{day}-{slot}" for day, slot in picks}
    if gone or not picks:
        text = gettext("Find a menu first.")
        if gone:
            misfits = ngettext(
                "%(number)s of these dishes no longer fits its meal. Find a menu again.",
                "%(number)s of these dishes no longer fit their meal. Find a menu again.",
                len(gone),
            )
            text = misfits % {"number": len(gone)}
        form.add_error(None, text)
        return None
    try:
        plans = menus.plans_of(picks, child=child, start=start, slots=slots, dishes=dishes)
        made = actions.plan_meals(by=person_of(request), child=child, plans=plans)
    except ValidationError as error:
        add_errors(form, error)
        return None
    text = gettext("Planned: %(meals)s from %(day)s") % {
        "meals": counted_digits(len(made), "meal"),
        "day": dated(start, "j F"),
    }
    if left_alone := len(plans) - len(made):
        other = ngettext(
            "%(number)s time had a plan already and was left alone",
            "%(number)s times had a plan already and were left alone",
            left_alone,
        )
        text = f"{text}; {other % {'number': left_alone}}"
    echo(request, text, kind="planned-meal", records=made)
    return made


def _rows(
    form: MenuForm,
    slots: Sequence[menus.MenuSlot],
    dishes: menus.Dishes,
    picks: Mapping[tuple[int, str], str],
    request: HttpRequest,
) -> list[dict[str, Any]]:
    """A row for each day, a cell for each meal, each with the dishes that fit it."""
    start: date | None = form.cleaned_data.get("start") if form.is_bound else None
    options = {slot.id: dishes.suiting(slot.id) for slot in slots}
    return [
        {
            "day": None if start is None else start + timedelta(days=day - 1),
            "number": day,
            "macros": _held(day, slots, dishes, picks),
            "cells": [
                {
                    "slot": slot,
                    "name": f"{day}-{slot.id}",
                    "picked": picks.get((day, slot.id), ""),
                    "options": options[slot.id],
                    "is_kept": f"keep-{day}-{slot.id}" in request.POST,
                }
                for slot in slots
            ],
        }
        for day in range(1, menus.DAYS + 1)
    ]


def _held(
    day: int,
    slots: Sequence[menus.MenuSlot],
    dishes: menus.Dishes,
    picks: Mapping[tuple[int, str], str],
) -> Macros | None:
    """What a day holds, from the grams that would be weighed; None for an open day."""
    parts = [dishes.scaled[picks[day, s.id], s.id].macros() for s in slots if (day, s.id) in picks]
    return Macros.total(parts) if parts else None
