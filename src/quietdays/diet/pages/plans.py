"""Building a planned meal, copying a day or a week, deleting a plan."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diet import actions, queries
from quietdays.diet.forms import PlannedMealForm, Row
from quietdays.diet.models import PlannedMeal, Prescription, Recipe
from quietdays.diet.pages.rows import portions_of, submitted_rows
from quietdays.diet.pages.scaled import scaled_from
from quietdays.people.access import Act
from quietdays.people.entries import take_back
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried
from quietdays.words import counted_digits, dated, plain


@require_POST
@child_page(Act.PLAN)
def copy_plan(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    source = day - timedelta(days=1)
    made = actions.copy_day_plan(by=person_of(request), child=child, source=source, target=day)
    _echo_made(request, made, gettext("the same as on %(day)s") % {"day": dated(source, "j F")})
    return redirect("plan", child_id=child.pk, day=day)


@require_POST
@child_page(Act.PLAN)
def copy_week(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """Seven days from a date planned as the seven days before them."""
    source = day - timedelta(days=7)
    made = actions.copy_week_plan(by=person_of(request), child=child, source=source, target=day)
    _echo_made(
        request,
        made,
        gettext("the same as in the week from %(day)s") % {"day": dated(source, "j F")},
    )
    return redirect("fridge-sheet", child_id=child.pk, day=day)


def _echo_made(request: HttpRequest, made: list[PlannedMeal], how: str) -> None:
    echo(
        request,
        gettext("Planned: %(meals)s, %(how)s")
        % {"meals": counted_digits(len(made), "meal"), "how": how},
        kind="planned-meal",
        records=made,
    )


@child_page(Act.PLAN)
def build_meal(request: HttpRequest, child: Child, meal_id: UUID | None = None) -> HttpResponse:
    """Build a meal from foods, with its ratio, energy and what is missing shown at once."""
    meal = None
    if meal_id is not None:
        rows_of = queries.with_items(PlannedMeal.objects.of(child))
        meal = get_object_or_404(rows_of, pk=meal_id)
    recipe = _asked_recipe(request, child)
    initial = _initial(request, child, meal)
    day = child.timeline().date_of(initial["happened_at"])
    current = queries.prescription_on(child, day)
    rows, initial = _first_rows(request, child, meal, recipe, current, initial)
    form = PlannedMealForm(
        request.POST or None, zone=child.zone, prescription=current, initial=initial
    )
    if request.method == "POST":
        rows = submitted_rows(request, child, form)
        saved = tried(form, lambda: _save_plan(request, child, meal, form, rows, recipe))
        if saved:
            text = gettext("Planned: %(meal)s, %(amounts)s") % {
                "meal": saved.name,
                "amounts": _grams_in_words(saved),
            }
            echo(request, text, kind="planned-meal", records=[saved])
            return redirect("plan", child_id=child.pk, day=saved.local_time.date())
    return render(
        request,
        "diet/build.html",
        {
            "form": form,
            "rows": rows,
            "meal": meal,
            "recipe": recipe,
            "changed_foods": _changed_foods(meal),
            "prescription": current,
            "target": current.target_for(meal) if current else None,
        },
    )


def _asked_recipe(request: HttpRequest, child: Child) -> Recipe | None:
    try:
        recipe_id = UUID(request.GET.get("recipe", ""))
    except ValueError:
        return None
    found: Recipe | None = queries.recipes_of(child).filter(pk=recipe_id).first()
    return found


def _initial(request: HttpRequest, child: Child, meal: PlannedMeal | None) -> dict[str, Any]:
    """An open plan as it stands, or the asked-for date with its slot, or the next half hour."""
    if meal is not None:
        which = "snack" if meal.is_snack else str(meal.slot or "")
        return {
            "id": meal.pk,
            "name": meal.name,
            "happened_at": meal.happened_at,
            "which": which,
        }
    now = child.timeline().local(timezone.now())
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        day = now.date()
    minutes = (now.hour * 60 + now.minute) // 30 * 30 + 30
    at = time(min(23, minutes // 60), minutes % 60)
    initial: dict[str, Any] = {"happened_at": datetime.combine(day, at, tzinfo=child.zone)}
    return initial | _slot_initial(request, child, day, at)


def _nearest_slot(current: Prescription, at: time) -> str:
    """The prescription's meal whose time is nearest on the clock."""

    def minutes(clock: time) -> int:
        return clock.hour * 60 + clock.minute

    apart = [abs(minutes(time.fromisoformat(s["at"])) - minutes(at)) for s in current.meal_slots]
    return str(apart.index(min(apart)) + 1)


def _slot_initial(request: HttpRequest, child: Child, day: date, at: time) -> dict[str, Any]:
    current = queries.prescription_on(child, day)
    if current is None or not current.meal_slots:
        return {}
    number = request.GET.get("slot", "")
    numbers = [str(n) for n in range(1, len(current.meal_slots) + 1)]
    if number not in numbers:
        return {"which": _nearest_slot(current, at)}
    slot = current.meal_slots[numbers.index(number)]
    due = datetime.combine(day, time.fromisoformat(slot["at"]), tzinfo=child.zone)
    return {"happened_at": due, "name": slot["name"], "which": number}


def _first_rows(
    request: HttpRequest,
    child: Child,
    meal: PlannedMeal | None,
    recipe: Recipe | None,
    current: Prescription | None,
    initial: dict[str, Any],
) -> tuple[list[Row], dict[str, Any]]:
    """The foods that the page opens with: of the plan, or of a recipe as it was scaled."""
    if meal is not None:
        # With the figures that saving would count with: the page must not show older ones.
        rows = [Row.of(i.composition.food.composition, i.amount) for i in meal.items.all()]
        return rows, initial
    if recipe is None or request.method == "POST":
        return [], initial
    initial = {**initial, "name": recipe.name}
    if "which" in request.GET:
        initial["which"] = request.GET["which"]
    try:
        scaled = scaled_from(request.GET, child, recipe, current)
    except ValidationError:
        scaled = None
    if scaled is not None and scaled.portions:
        return [Row.of(p.composition, p.amount) for p in scaled.portions], initial
    rows = [
        Row.of(i.composition.food.composition, round(i.amount / recipe.servings, 2))
        for i in recipe.items.all()
    ]
    return rows, initial


def _changed_foods(meal: PlannedMeal | None) -> list[str]:
    """Foods of a plan whose figures were corrected since it was made."""
    if meal is None:
        return []
    return [
        i.composition.food.name
        for i in meal.items.all()
        if i.composition.food.composition.pk != i.composition_id
    ]


def _save_plan(
    request: HttpRequest,
    child: Child,
    meal: PlannedMeal | None,
    form: PlannedMealForm,
    rows: list[Row],
    recipe: Recipe | None,
) -> PlannedMeal:
    values = {**form.values(), "portions": portions_of(rows)}
    person = person_of(request)
    if meal is not None:
        planned = [(i.composition.food_id, i.amount) for i in meal.items.all()]
        if planned != [(p.composition.food_id, p.amount) for p in values["portions"]]:
            values |= {"volume_ml": None, "day_share": None}  # no longer the bottle it was
        return actions.change_plan(by=person, meal=meal, **values)
    entry_id = form.cleaned_data["id"]
    return actions.plan_meal(
        by=person, child=child, entry_id=entry_id, recipe=recipe, **values
    ).record


def _grams_in_words(meal: PlannedMeal) -> str:
    items = meal.items.select_related("composition__food")
    return ", ".join(
        f"{i.composition.food.name} {plain(i.amount)} {i.composition.get_per_unit_display()}"
        for i in items
    )


@child_page(Act.TODAY)
def weigh(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    """One meal's grams, large enough to read from the scale, to tick off one by one."""
    meal = get_object_or_404(queries.with_items(PlannedMeal.objects.of(child)), pk=meal_id)
    current = queries.prescription_on(child, meal.local_time.date())
    eaten = meal.eaten.filter(deleted_at__isnull=True).exists()
    context = {"meal": meal, "basis": queries.basis_of(current), "eaten": eaten}
    return render(request, "diet/weigh.html", context)


@require_POST
@child_page(Act.PLAN)
def delete_plan(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    meal = get_object_or_404(PlannedMeal.objects.of(child), pk=meal_id)
    take_back(meal, by=person_of(request), act=Act.PLAN)
    echo(
        request,
        gettext("Deleted: %(entry)s") % {"entry": meal.name},
        kind="planned-meal",
        records=[meal],
    )
    return redirect("plan", child_id=child.pk, day=meal.local_time.date())
