"""The diet's numbers beside the child's own: the prescription with its weight, a day with its
medicines."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.diary.queries import Weighed, latest_weight
from quietdays.diet import actions, queries
from quietdays.diet.differences import differences
from quietdays.diet.forms import PrescriptionForm, prescription_initial
from quietdays.diet.models import PlannedMeal, Prescription
from quietdays.insights import sentences
from quietdays.insights.days import diary_days
from quietdays.medicines.queries import DOSE_WINDOW, due_on
from quietdays.people.access import FEEDING_ROLES, Act
from quietdays.people.http import child_page, echo, need_shown, person_of
from quietdays.people.models import Child
from quietdays.people.queries import circle_of
from quietdays.records.forms import tried
from quietdays.science.adherence import judge_meal
from quietdays.science.days import DiaryDay
from quietdays.science.macros import Macros
from quietdays.science.prescription import food_carbohydrate_after_medicine_g


@child_page(Act.TODAY)
def plan(request: HttpRequest, child: Child, day: date) -> HttpResponse:
    """One date's meals: what to weigh, what was eaten, and the day's true ratio."""
    need_shown(request, child, day)
    slots, extra = queries.day_meals(child, day)
    current = queries.prescription_on(child, day)
    found = diary_days(child, day, day)[0]
    planned = Macros.total(s.planned.macros() for s in slots)
    yesterday = day - timedelta(days=1)
    return render(
        request,
        "insights/plan.html",
        {
            "day": day,
            "found": found,
            "tally": sentences.meals(found.meals) if found.meals.planned else "",
            "yesterday": yesterday,
            "tomorrow": day + timedelta(days=1),
            "week": day - timedelta(days=day.weekday()),
            "slots": [_slot_row(s, current) for s in slots],
            "extra": [queries.eaten_row(m, current) for m in extra],
            "prescription": current,
            "open_slots": _open_slots(current, [s.planned for s in slots]),
            "planned": planned,
            "too_much": _is_too_much(planned, current),
            "medicine": _medicine(found, current, planned, still_due_g=_still_due_g(child, day)),
            "basis": queries.basis_of(current),
            "can_copy": not slots and bool(queries.day_meals(child, yesterday)[0]),
        },
    )


def _is_too_much(planned: Macros, current: Prescription | None) -> bool:
    """Whether a day's plan holds more energy than prescribed, beyond the tolerance of a meal."""
    energy_kcal = current.day_target.energy_kcal if current else None
    if current is None or energy_kcal is None:
        return False
    over = 1 + current.tolerance.energy_over_percent / 100
    return planned.energy_kcal(current.basis) > energy_kcal * over


def _slot_row(slot: queries.PlannedSlot, current: Prescription | None) -> dict[str, Any]:
    macros = slot.planned.macros()
    row: dict[str, Any] = {"planned": slot.planned, "macros": macros, "eaten": None}
    if slot.eaten:
        row["eaten"] = queries.eaten_row(slot.eaten, current)
    if current is not None:
        row["off"] = judge_meal(
            eaten=macros,
            target=current.target_for(slot.planned),
            tolerance=current.tolerance,
            basis=current.basis,
        ).reasons
    return row


def _open_slots(current: Prescription | None, planned: list[PlannedMeal]) -> list[dict[str, Any]]:
    """The prescription's own meals of a day that have no plan yet."""
    if current is None or not current.meal_slots:
        return []
    taken = {p.slot for p in planned}
    return [{**slot, "number": n} for n, slot in enumerate(current.meal_slots, 1) if n not in taken]


def _still_due_g(child: Child, day: date) -> float:
    """Carbohydrate of the doses that are written down for a date and still to be given.

    One that is overdue by more than a late dose is, is not known to be given: it counts once
    somebody records it, whenever that was.
    """
    total_g = 0.0
    for due in due_on(child, day):
        if due.due_at < timezone.now() - DOSE_WINDOW:
            continue
        amount, per_unit = due.step.dose, due.step.medicine.carbohydrate_g_per_unit
        if due.dose is None and amount is not None and per_unit is not None:
            total_g += float(amount * per_unit)
    return total_g


def _medicine(
    found: DiaryDay, current: Prescription | None, planned: Macros, *, still_due_g: float
) -> dict[str, Any] | None:
    """What medicines took of the day's carbohydrate, what they leave, and whether food fits."""
    taken_g = found.medicine_carbohydrate_g + still_due_g
    if not taken_g and not found.doses_carbohydrate_unknown:
        return None
    row: dict[str, Any] = {
        "taken_g": taken_g,
        "still_due_g": still_due_g,
        "unknown": found.doses_carbohydrate_unknown,
    }
    allowance_g = current.day_target.carbohydrate_g if current else None
    if allowance_g is not None:
        row["allowance_g"] = allowance_g
        row["percent"] = 100 * taken_g / allowance_g if allowance_g else None
        left_g = food_carbohydrate_after_medicine_g(
            allowance_g=allowance_g, medicine_carbohydrate_g=taken_g
        )
        basis = queries.basis_of(current)
        eaten_g = found.eaten.carbohydrate_on(basis) if found.eaten else 0.0
        food_g = max(planned.carbohydrate_on(basis), eaten_g)
        over_g = current.tolerance.carbohydrate_over_g if current else 0.0
        row |= {"left_g": left_g, "food_g": food_g, "exceeds": food_g > left_g + over_g}
    return row


@child_page(Act.TODAY)
def prescription(request: HttpRequest, child: Child) -> HttpResponse:
    """The numbers in force, what they make a day and a meal, and every signed version."""
    today = child.today()
    versions = queries.versions_of(child)
    current = queries.in_force(versions, today)
    weighed = latest_weight(child, today)
    return render(
        request,
        "insights/prescription.html",
        {
            "current": current,
            "coming": [v for v in versions if v.effective_from > today],
            "weighed": weighed,
            "weight_is_old": weighed is not None and weighed.is_old_on(today),
            "per_kg": _per_kg(current, weighed),
            "targets": _targets(current),
            "readers": _readers(child, current),
            "has_read": current is not None and _has_read(current, request),
            "steps": _with_differences(child),
        },
    )


def _per_kg(current: Prescription | None, weighed: Weighed | None) -> dict[str, float]:
    if current is None or weighed is None:
        return {}
    numbers = {"energy": current.energy_kcal, "protein": current.protein_g}
    return {name: float(value) / weighed.kg for name, value in numbers.items() if value is not None}


def _targets(current: Prescription | None) -> list[dict[str, Any]]:
    """Each kind of meal with what it should hold; even meals stand in one line."""
    if current is None:
        return []
    if current.meal_slots:
        names = [f"{s['name']}, {s['at']}" for s in current.meal_slots]
        rows = [
            {"name": name, "target": target}
            for name, target in zip(names, current.meal_targets, strict=True)
        ]
    else:
        name = (
            gettext("Each of %(meals_per_day)s meals") % {"meals_per_day": current.meals_per_day}
            if current.meals_per_day > 1
            else gettext("The meal")
        )
        rows = [{"name": name, "target": current.meal_targets[0]}]
    if current.snack_target is not None:
        count = current.snacks_per_day
        name = (
            gettext("The snack")
            if count == 1
            else gettext("Each of %(count)s snacks") % {"count": count}
        )
        rows.append({"name": name, "target": current.snack_target})
    return rows


def _readers(child: Child, current: Prescription | None) -> list[dict[str, Any]]:
    """Everybody who feeds the child, and when they said that they had read this version."""
    if current is None:
        return []
    read = {a.person_id: a.read_at for a in current.acknowledgements.all()}
    return [
        {"name": role.person.name, "read_at": read.get(role.person_id)}
        for role in circle_of(child)
        if role.role in FEEDING_ROLES
    ]


def _has_read(current: Prescription, request: HttpRequest) -> bool:
    return current.acknowledgements.filter(person=person_of(request)).exists()


def _with_differences(child: Child) -> list[dict[str, Any]]:
    """Every signed row, newest first, with what it changes against the one before it."""
    rows = list(
        child.prescriptions.select_related("signed_by", "first_step").order_by(
            "effective_from", "signed_at"
        )
    )
    steps: list[dict[str, Any]] = []
    before: Prescription | None = None  # the last one that came into force
    for version in rows:
        is_overtaken = queries.is_overtaken(version, rows)
        steps.append(
            {
                "version": version,
                "is_first": before is None,
                "is_overtaken": is_overtaken,
                "differences": differences(before, version) if before else [],
            }
        )
        before = before if is_overtaken else version
    return steps[::-1]


@require_POST
@child_page(Act.LOG)
def acknowledge(request: HttpRequest, child: Child, prescription_id: UUID) -> HttpResponse:
    version = get_object_or_404(child.prescriptions, pk=prescription_id)
    actions.acknowledge(by=person_of(request), prescription=version)
    echo(request, gettext("Saved: you have read %(version)s") % {"version": version})
    return redirect("prescription", child_id=child.pk)


@child_page(Act.PRESCRIBE)
def prescribe(request: HttpRequest, child: Child) -> HttpResponse:
    """A new version, signed by the clinician who is signed in."""
    today = child.today()
    newest = queries.prescription_on(child, today)
    weighed = latest_weight(child, today)
    initial: dict[str, Any] = {"effective_from": today}
    coming = [v for v in queries.versions_of(child) if v.effective_from > today]
    if newest is not None:
        initial |= prescription_initial(newest, coming)
    form = PrescriptionForm(request.POST or None, zone=child.zone, initial=initial)
    if request.method == "POST":
        version = tried(
            form,
            lambda: actions.prescribe(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                later_steps=form.later_steps(),
                **form.values(),
            ),
        )
        if version:
            echo(request, gettext("Signed: %(version)s") % {"version": version})
            return redirect("prescription", child_id=child.pk)
    context = {
        "form": form,
        "newest": newest,
        "coming": coming,
        "weighed": weighed,
        "weight_is_old": weighed is not None and weighed.is_old_on(today),
    }
    return render(request, "insights/prescribe.html", context)
