"""A day's plan, building a meal, and what was really eaten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from quietdays.diet import actions, queries
from quietdays.diet.actions import Portion, Served
from quietdays.diet.forms import (
    MealEatenForm,
    PlannedMealForm,
    Row,
    eaten_initial,
    food_ids,
    read_rows,
)
from quietdays.diet.models import MealEaten, PlannedItem, PlannedMeal, Prescription
from quietdays.people.access import Act
from quietdays.people.entries import Entered, take_back
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import EntryForm, tried
from quietdays.records.words import decimal_text
from quietdays.science.macros import CarbohydrateBasis, Macros


@child_page()
def plan(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """One date's meals: what to weigh, what was eaten, and the day's true ratio."""
    slots, extra = queries.day_meals(child, day)
    current = queries.prescription_on(child, day)
    eaten = [s.eaten for s in slots if s.eaten] + extra
    yesterday = day - timedelta(days=1)
    return render(
        request,
        "diet/plan.html",
        {
            "day": day,
            "yesterday": yesterday,
            "tomorrow": day + timedelta(days=1),
            "slots": [_slot_row(s, current) for s in slots],
            "extra": [_eaten_row(m, current) for m in extra],
            "prescription": current,
            "target": current.daily() if current else None,
            "planned": Macros.total(s.planned.macros() for s in slots),
            "eaten": Macros.total(m.macros() for m in eaten) if eaten else None,
            "uncounted": sum(bool(m.off_plan.strip()) for m in eaten),
            "basis": current.basis if current else CarbohydrateBasis.AVAILABLE,
            "can_copy": not slots and _has_plan(child, yesterday),
        },
    )


def _has_plan(child: Child, day: date) -> bool:
    return bool(queries.day_meals(child, day)[0])


def _slot_row(slot: queries.PlannedSlot, current: Prescription | None) -> dict[str, Any]:
    row: dict[str, Any] = {"planned": slot.planned, "macros": slot.planned.macros(), "eaten": None}
    if slot.eaten:
        row["eaten"] = _eaten_row(slot.eaten, current)
    return row


def _eaten_row(meal: MealEaten, current: Prescription | None) -> dict[str, Any]:
    return {
        "meal": meal,
        "macros": meal.macros(),
        "verdict": queries.verdict_on(meal, current),
    }


@require_POST
@child_page(Act.LOG)
def copy_plan(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    source = day - timedelta(days=1)
    made = actions.copy_day_plan(by=person_of(request), child=child, source=source, target=day)
    words = f"{len(made)} meal{'' if len(made) == 1 else 's'}"
    echo(
        request,
        f"Planned: {words}, the same as on {source:%-d %B}",
        kind="planned-meal",
        records=made,
    )
    return redirect("plan", child_id=child.pk, day=day)


@child_page(Act.LOG)
def build_meal(request: HttpRequest, child: Child, meal_id: UUID | None = None) -> HttpResponse:
    """Build a meal from foods, with its ratio, energy and what is missing shown at once."""
    meal = None
    if meal_id is not None:
        rows_of = queries.with_items(PlannedMeal.objects.of(child))
        meal = get_object_or_404(rows_of, pk=meal_id)
    initial = (
        {"id": meal.pk, "name": meal.name, "happened_at": meal.happened_at}
        if meal
        else _next_meal_time(request, child)
    )
    form = PlannedMealForm(request.POST or None, zone=child.zone, initial=initial)
    rows = [Row.of(i.composition, i.amount) for i in meal.items.all()] if meal else []
    if request.method == "POST":
        rows = _submitted_rows(request, child, form)
        saved = tried(form, lambda: _save_plan(request, child, meal, form, rows))
        if saved:
            echo(request, f"Planned: {saved.name}, {_grams_in_words(saved)}")
            return redirect("plan", child_id=child.pk, day=saved.local_time.date())
    due_at = form["happened_at"].initial or timezone.now()
    current = queries.prescription_on(child, child.timeline().date_of(due_at))
    return render(
        request,
        "diet/build.html",
        {
            "form": form,
            "rows": rows,
            "meal": meal,
            "prescription": current,
            "target": current.per_meal() if current else None,
        },
    )


def _next_meal_time(request: HttpRequest, child: Child) -> dict[str, Any]:
    """The asked-for date at the next full half hour of the clock."""
    now = child.timeline().local(timezone.now())
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = now.date()
    minutes = (now.hour * 60 + now.minute) // 30 * 30 + 30
    at = time(min(23, minutes // 60), minutes % 60)
    return {"happened_at": datetime.combine(day, at, tzinfo=child.zone)}


def _submitted_rows(request: HttpRequest, child: Child, form: EntryForm) -> list[Row]:
    """The foods and amounts as they were typed; a wrong amount makes the form wrong too."""
    asked = queries.foods_for(child).filter(pk__in=food_ids(request.POST))
    known = {f.pk: queries.newest_composition(f) for f in asked}
    rows = read_rows(request.POST, known)
    form.is_valid()  # only a form that was read takes complaints
    for row in rows:
        if row.error:
            form.add_error(None, f"{row.composition.food.name}: {row.error}")
    return rows


def _save_plan(
    request: HttpRequest,
    child: Child,
    meal: PlannedMeal | None,
    form: PlannedMealForm,
    rows: Sequence[Row],
) -> PlannedMeal:
    portions = [Portion(r.composition, r.amount) for r in rows if r.amount is not None]
    values = {
        "happened_at": form.cleaned_data["happened_at"],
        "name": form.cleaned_data["name"],
        "portions": portions,
    }
    person = person_of(request)
    if meal is not None:
        return actions.change_plan(by=person, meal=meal, **values)
    return actions.plan_meal(
        by=person, child=child, entry_id=form.cleaned_data["id"], **values
    ).record


def _grams_in_words(meal: PlannedMeal) -> str:
    items = meal.items.select_related("composition__food")
    return ", ".join(
        f"{i.composition.food.name} {decimal_text(i.amount)} {i.composition.get_per_unit_display()}"
        for i in items
    )


@require_POST
@child_page(Act.LOG)
def delete_plan(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    meal = get_object_or_404(PlannedMeal.objects.of(child), pk=meal_id)
    take_back(meal, by=person_of(request))
    echo(request, f"Deleted: {meal.name}", kind="planned-meal", records=[meal])
    return redirect("plan", child_id=child.pk, day=meal.local_time.date())


@child_page(Act.LOG)
def eat_planned(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    """Log a planned meal: everything eaten, or what was left over."""
    planned = get_object_or_404(queries.with_items(PlannedMeal.objects.of(child)), pk=meal_id)
    earlier = planned.eaten.filter(deleted_at__isnull=True).first()
    if earlier is not None and request.POST.get("id") != str(earlier.pk):
        if request.method != "POST":
            return redirect("meal", child_id=child.pk, meal_id=earlier.pk)
        return _logged_meanwhile(request, child, earlier)
    items = list(planned.items.all())
    rows = [
        (i.composition.food.name, i.amount, i.composition.get_per_unit_display(), Decimal(0))
        for i in items
    ]
    form = MealEatenForm(request.POST or None, zone=child.zone, items=rows)
    if request.method == "POST":
        entered = tried(form, lambda: _log_planned(request, child, planned, items, form))
        if entered:
            _echo_meal(request, child, entered.record)
            return redirect("child-home", child_id=child.pk)
    return render(request, "diet/eat.html", {"form": form, "planned": planned, "meal": None})


def _logged_meanwhile(request: HttpRequest, child: Child, logged: MealEaten) -> HttpResponse:
    """Two people logged one feed: the second sees who was first, and keeps what was typed."""
    form = MealEatenForm(request.POST, zone=child.zone, items=_item_lines(logged))
    form.is_valid()  # only a form that was read takes complaints
    form.add_error(
        None,
        f"{logged.entered_by.name} logged this meal, eaten at {logged.local_time:%H:%M}. What "
        "you typed stands below; saving it changes that entry.",
    )
    return _meal_page(request, child, logged, form)


def _item_lines(logged: MealEaten) -> list[tuple[str, Decimal, str, Decimal]]:
    return [(i.food_name, i.offered, i.get_unit_display(), i.left) for i in logged.items.all()]


def _log_planned(
    request: HttpRequest,
    child: Child,
    planned: PlannedMeal,
    items: Sequence[PlannedItem],
    form: MealEatenForm,
) -> Entered[MealEaten]:
    pairs = zip(items, form.lefts(), strict=True)
    return actions.log_meal(
        by=person_of(request),
        child=child,
        entry_id=form.cleaned_data["id"],
        happened_at=form.cleaned_data["happened_at"],
        name=planned.name,
        planned=planned,
        served=[Served(i.composition, i.amount, left) for i, left in pairs],
        **form.values(),
    )


def _echo_meal(request: HttpRequest, child: Child, meal: MealEaten) -> None:
    current = queries.prescription_on(child, meal.local_time.date())
    basis = current.basis if current else CarbohydrateBasis.AVAILABLE
    macros = meal.macros()
    ratio = macros.ratio(basis)
    shown = f", true ratio {ratio:.2f}:1" if ratio is not None else ""
    if meal.off_plan.strip():
        shown += ", without the food in your own words"
    text = f"Saved: {meal.name}, {macros.energy_kcal(basis):.0f} kcal{shown}"
    echo(request, f"{text}, {meal.local_time:%H:%M}", kind="meal", records=[meal])


@child_page(Act.LOG)
def eat_unplanned(request: HttpRequest, child: Child) -> HttpResponse:
    """Log a feed that was not planned, from foods or in free words."""
    rows: list[Row] = []
    form = MealEatenForm(request.POST or None, zone=child.zone, items=[])
    if request.method == "POST":
        rows = _submitted_rows(request, child, form)
        entered = tried(form, lambda: _log_unplanned(request, child, rows, form))
        if entered:
            _echo_meal(request, child, entered.record)
            return redirect("child-home", child_id=child.pk)
    current = queries.prescription_on(child, child.today())
    return render(
        request,
        "diet/eat_unplanned.html",
        {
            "form": form,
            "rows": rows,
            "prescription": current,
            "target": current.per_meal() if current else None,
        },
    )


def _log_unplanned(
    request: HttpRequest, child: Child, rows: Sequence[Row], form: MealEatenForm
) -> Entered[MealEaten]:
    return actions.log_meal(
        by=person_of(request),
        child=child,
        entry_id=form.cleaned_data["id"],
        happened_at=form.cleaned_data["happened_at"],
        name=request.POST.get("name", "").strip()[:80] or "Feed",
        served=[Served(r.composition, r.amount) for r in rows if r.amount is not None],
        **form.values(),
    )


@child_page()
def feeds(request: HttpRequest, child: Child) -> HttpResponse:
    """Which feed is this? The planned ones not yet logged, nearest first, or another one."""
    slots, _ = queries.day_meals(child, child.today())
    now = timezone.now()
    waiting = sorted(
        (s.planned for s in slots if s.eaten is None), key=lambda p: abs(p.happened_at - now)
    )
    return render(request, "diet/feeds.html", {"waiting": waiting})


@child_page()
def meal(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    """A logged meal: what went in, its true ratio, and a way to correct it."""
    rows = MealEaten.objects.of(child).prefetch_related("items")
    logged = get_object_or_404(rows, pk=meal_id)
    form = MealEatenForm(
        request.POST or None,
        zone=child.zone,
        initial=eaten_initial(logged),
        items=_item_lines(logged),
    )
    if request.method == "POST":
        changed = tried(
            form,
            lambda: actions.change_meal(
                by=person_of(request),
                meal=logged,
                happened_at=form.cleaned_data["happened_at"],
                lefts=form.lefts(),
                **form.values(),
            ),
        )
        if changed:
            _echo_meal(request, child, MealEaten.objects.get(pk=logged.pk))
            return redirect("plan", child_id=child.pk, day=logged.local_time.date())
    return _meal_page(request, child, logged, form)


def _meal_page(
    request: HttpRequest, child: Child, logged: MealEaten, form: MealEatenForm
) -> HttpResponse:
    current = queries.prescription_on(child, logged.local_time.date())
    return render(
        request,
        "diet/eat.html",
        {
            "form": form,
            "meal": logged,
            "planned": logged.planned,
            "row": _eaten_row(logged, current),
            "basis": current.basis if current else CarbohydrateBasis.AVAILABLE,
        },
    )


@require_POST
@child_page(Act.LOG)
def delete_meal(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    logged = get_object_or_404(MealEaten.objects.of(child), pk=meal_id)
    take_back(logged, by=person_of(request))
    echo(request, f"Deleted: {logged.name}", kind="meal", records=[logged])
    return redirect("plan", child_id=child.pk, day=logged.local_time.date())
