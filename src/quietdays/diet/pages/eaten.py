"""Logging what was really eaten, correcting it, and sorting food that was told in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diet import actions, queries
from quietdays.diet.actions import Served
from quietdays.diet.forms import (
    BreastfeedForm,
    MealEatenForm,
    Row,
    UnplannedMealForm,
    eaten_initial,
)
from quietdays.diet.models import MealEaten, PlannedItem, PlannedMeal
from quietdays.diet.pages.rows import submitted_rows
from quietdays.people.access import Act
from quietdays.people.entries import Entered, take_back
from quietdays.people.http import child_page, echo, need_shown, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried
from quietdays.records.words import decimal_text
from quietdays.words import decimal, plain


@child_page(Act.TODAY)
def feeds(request: HttpRequest, child: Child) -> HttpResponse:
    """Which feed is this? The planned ones not yet logged, nearest first, or another one."""
    slots, _ = queries.day_meals(child, child.today())
    now = timezone.now()
    waiting = sorted(
        (s.planned for s in slots if s.eaten is None), key=lambda p: abs(p.happened_at - now)
    )
    return render(request, "diet/feeds.html", {"waiting": waiting})


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
    lines = [
        (i.composition.food.name, i.amount, i.composition.get_per_unit_display(), Decimal(0))
        for i in items
    ]
    form = MealEatenForm(
        request.POST or None, zone=child.zone, items=lines, volume_ml=planned.volume_ml
    )
    if request.method == "POST":
        entered = tried(form, lambda: _log_planned(request, child, planned, items, form))
        if entered:
            _echo_meal(request, child, entered.record)
            return redirect("child-home", child_id=child.pk)
    current = queries.prescription_on(child, child.today())
    context = {"form": form, "planned": planned, "meal": None, "prescription": current}
    return render(request, "diet/eat.html", context)


def _logged_meanwhile(request: HttpRequest, child: Child, logged: MealEaten) -> HttpResponse:
    """Two people logged one feed: the second sees who was first, and keeps what was typed."""
    form = MealEatenForm(
        request.POST, zone=child.zone, items=_item_lines(logged), volume_ml=_volume_ml(logged)
    )
    form.is_valid()  # only a form that was read takes complaints
    form.add_error(
        None,
        gettext(
            "%(person)s logged this meal, eaten at %(time)s. What you typed stands "
            "below; saving it changes that entry."
        )
        % {"person": logged.entered_by.name, "time": f"{logged.local_time:%H:%M}"},
    )
    return _meal_page(request, child, logged, form)


def _item_lines(logged: MealEaten) -> list[tuple[str, Decimal, str, Decimal]]:
    return [(i.food_name, i.offered, i.get_unit_display(), i.left) for i in logged.items.all()]


def _volume_ml(logged: MealEaten) -> Decimal | None:
    volume_ml: Decimal | None = logged.offered_ml
    if volume_ml is None and logged.planned is not None:
        volume_ml = logged.planned.volume_ml
    return volume_ml


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
    basis = queries.basis_of(queries.prescription_on(child, meal.local_time.date()))
    macros = meal.macros()
    ratio = macros.ratio(basis)
    energy = f"{decimal(macros.energy_kcal(basis), 0)} kcal"
    told = [gettext("Saved: %(entry)s") % {"entry": meal.name}, energy]
    if meal.delivered_ml is not None:
        told.append(gettext("%(volume)s mL went in") % {"volume": plain(meal.delivered_ml)})
    if ratio is not None:
        told.append(gettext("true ratio %(ratio)s:1") % {"ratio": decimal(ratio, 2)})
    if meal.off_plan.strip():
        told.append(gettext("without the food in your own words"))
    told.append(f"{meal.local_time:%H:%M}")
    echo(request, ", ".join(told), kind="meal", records=[meal])


@child_page(Act.LOG)
def eat_unplanned(request: HttpRequest, child: Child) -> HttpResponse:
    """Log a feed that was not planned, from foods or in free words."""
    rows: list[Row] = []
    form = UnplannedMealForm(request.POST or None, zone=child.zone)
    if request.method == "POST":
        rows = submitted_rows(request, child, form)
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
            "target": current.target_for(None) if current else None,
        },
    )


def _log_unplanned(
    request: HttpRequest, child: Child, rows: Sequence[Row], form: UnplannedMealForm
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


@child_page(Act.LOG)
def breastfeed(request: HttpRequest, child: Child, meal_id: UUID | None = None) -> HttpResponse:
    """Log a breastfeed as minutes with an estimated volume, or correct one."""
    meal = None
    initial: dict[str, Any] = {}
    if meal_id is not None:
        rows = MealEaten.objects.of(child).filter(breast_minutes__isnull=False)
        meal = get_object_or_404(rows.prefetch_related("items"), pk=meal_id)
        initial = {n: getattr(meal, n) for n in ("happened_at", "vomited", "reasons")}
        initial |= {"id": meal.pk, "breast_minutes": meal.breast_minutes}
        initial["breast_ml"] = _milk_ml(meal)
    form = BreastfeedForm(request.POST or None, zone=child.zone, initial=initial)
    if request.method == "POST":
        saved = tried(form, lambda: _save_breastfeed(request, child, meal, form))
        if saved:
            _echo_meal(request, child, MealEaten.objects.get(pk=saved.pk))
            return redirect("child-home", child_id=child.pk)
    return render(request, "diet/breastfeed.html", {"form": form, "meal": meal})


def _milk_ml(meal: MealEaten) -> str:
    item = meal.items.first()
    if item is None:
        return ""
    per_g = item.composition.volume_ml_per_g if item.composition else None
    return decimal_text(round(item.offered * (per_g or actions.HUMAN_MILK_ML_PER_G), 2))


def _save_breastfeed(
    request: HttpRequest, child: Child, meal: MealEaten | None, form: BreastfeedForm
) -> MealEaten:
    values = {
        **form.values(),
        "happened_at": form.cleaned_data["happened_at"],
        "breast_ml": form.cleaned_data["breast_ml"],
    }
    person = person_of(request)
    if meal is not None:
        return actions.change_breastfeed(by=person, meal=meal, **values)
    entry_id = form.cleaned_data["id"]
    return actions.log_breastfeed(by=person, child=child, entry_id=entry_id, **values).record


@child_page(Act.TODAY)
def meal(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    """A logged meal: what went in, its true ratio, and a way to correct it."""
    rows = MealEaten.objects.of(child).select_related("planned").prefetch_related("items")
    logged = get_object_or_404(rows, pk=meal_id)
    need_shown(request, child, logged.local_time.date())
    if logged.breast_minutes is not None and request.method != "POST":
        return redirect("change-breastfeed", child_id=child.pk, meal_id=logged.pk)
    form = MealEatenForm(
        request.POST or None,
        zone=child.zone,
        initial=eaten_initial(logged),
        items=_item_lines(logged),
        volume_ml=_volume_ml(logged),
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
            "row": queries.eaten_row(logged, current),
            "prescription": current,
            "basis": queries.basis_of(current),
        },
    )


@child_page(Act.LOG)
def sort_off_plan(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    """Turn food that was told in words into foods with amounts, so that it is counted."""
    rows_of = MealEaten.objects.of(child).prefetch_related("items").exclude(off_plan="")
    logged = get_object_or_404(rows_of, pk=meal_id)
    rows: list[Row] = []
    form = UnplannedMealForm(request.POST or None, zone=child.zone, initial={"off_plan": ""})
    del form.fields["happened_at"], form.fields["vomited"], form.fields["reasons"]
    form.fields["off_plan"].label = gettext("What of it is still unclear (empty: nothing)")
    if request.method == "POST":
        rows = submitted_rows(request, child, form)
        served = [Served(r.composition, r.amount) for r in rows if r.amount is not None]
        changed = tried(
            form,
            lambda: actions.sort_off_plan(
                by=person_of(request),
                meal=logged,
                entry_id=form.cleaned_data["id"],
                served=served,
                rest=form.cleaned_data["off_plan"],
            ),
        )
        if changed:
            _echo_meal(request, child, MealEaten.objects.get(pk=logged.pk))
            return redirect("plan", child_id=child.pk, day=logged.local_time.date())
    current = queries.prescription_on(child, logged.local_time.date())
    context = {"form": form, "meal": logged, "rows": rows, "prescription": current, "target": None}
    return render(request, "diet/sort_off_plan.html", context)


@require_POST
@child_page(Act.LOG)
def delete_meal(request: HttpRequest, child: Child, meal_id: UUID) -> HttpResponse:
    logged = get_object_or_404(MealEaten.objects.of(child), pk=meal_id)
    take_back(logged, by=person_of(request))
    echo(
        request,
        gettext("Deleted: %(entry)s") % {"entry": logged.name},
        kind="meal",
        records=[logged],
    )
    return redirect("plan", child_id=child.pk, day=logged.local_time.date())
