"""Pages to print: the fridge sheet of a week, and what to buy for it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop

from quietdays.diet import queries
from quietdays.diet.actions import HUMAN_MILK
from quietdays.diet.mixing import WATER
from quietdays.diet.models import FoodComposition, PlannedMeal
from quietdays.people.access import Act
from quietdays.people.http import child_page, need_shown
from quietdays.people.models import Child
from quietdays.people.queries import between_dates

DAYS = 7
NOT_BOUGHT = frozenset({WATER, HUMAN_MILK})


@child_page(Act.TODAY)
def fridge_sheet(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """Seven days of meals with grams to weigh, in print that is read from the stove."""
    need_shown(request, child, day)
    meals = _planned(child, day)
    current = queries.prescription_on(child, day)
    by_day: dict[date, list[PlannedMeal]] = defaultdict(list)
    for meal in meals:
        by_day[meal.local_time.date()].append(meal)
    basis = queries.basis_of(current)
    rows = [
        {
            "day": on,
            "meals": [{"meal": m, "macros": m.macros()} for m in by_day.get(on, [])],
        }
        for on in (day + timedelta(days=n) for n in range(DAYS))
    ]
    context = {
        "day": day,
        "last": day + timedelta(days=DAYS - 1),
        "previous": day - timedelta(days=DAYS),
        "next": day + timedelta(days=DAYS),
        "rows": rows,
        "has_meals": bool(meals),
        "had_meals": bool(_planned(child, day - timedelta(days=DAYS))),
        "prescription": current,
        "changes": queries.steps_within(child, day, day + timedelta(days=DAYS - 1)),
        "basis": basis,
    }
    return render(request, "diet/fridge_sheet.html", context)


@child_page()
def shopping(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """What the planned meals of seven days need of each food, added up."""
    amounts: dict[Any, Decimal] = defaultdict(Decimal)
    compositions: dict[Any, FoodComposition] = {}
    meals = _planned(child, day)
    for meal in meals:
        for item in meal.items.all():
            food = item.composition.food
            if food.source_key in NOT_BOUGHT:
                continue
            amounts[food.pk, item.unit] += item.amount
            compositions[food.pk, item.unit] = item.composition
    lines = [
        {
            "name": compositions[key].food.name,
            "group": compositions[key].food.group or gettext_noop("other"),
            "amount": amount,
            "unit": compositions[key].get_per_unit_display(),
        }
        for key, amount in amounts.items()
    ]
    lines.sort(key=lambda line: (line["group"], line["name"]))
    context = {
        "day": day,
        "last": day + timedelta(days=DAYS - 1),
        "previous": day - timedelta(days=DAYS),
        "next": day + timedelta(days=DAYS),
        "lines": lines,
        "meals": len(meals),
    }
    return render(request, "diet/shopping.html", context)


def _planned(child: Child, day: date) -> list[PlannedMeal]:
    rows = between_dates(PlannedMeal, child, day, day + timedelta(days=DAYS - 1))
    ids = [m.pk for m in rows]
    return list(queries.with_items(PlannedMeal.objects.of(child).filter(pk__in=ids)))
