"""Entering a medicine, the steps of its schedule, and giving a dose."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from quietdays.medicines import actions, queries
from quietdays.medicines.forms import DoseForm, MedicineForm, StepForm, TaperForm
from quietdays.medicines.models import Dose, Medicine, Schedule
from quietdays.people.access import Act
from quietdays.people.entries import take_back
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried
from quietdays.records.ids import new_id
from quietdays.records.words import as_typed, decimal_text
from quietdays.words import counted, dated, plain

# A dose below two thirds, or above one and a half, of what is written down is asked about.
FAR = Decimal(2) / 3


@child_page(Act.MEDICATE)
def add_medicine(request: HttpRequest, child: Child) -> HttpResponse:
    form = MedicineForm(request.POST or None, zone=child.zone)
    if request.method == "POST":
        entered = tried(
            form,
            lambda: actions.add_medicine(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                **form.values(),
            ),
        )
        if entered:
            echo(
                request,
                gettext("Saved: %(medicine)s. Now write down how it is given.")
                % {"medicine": entered.record.name},
            )
            return redirect("medicine-step", child_id=child.pk, medicine_id=entered.record.pk)
    return render(request, "medicines/medicine_form.html", {"form": form})


@child_page(Act.MEDICATE)
def edit_medicine(request: HttpRequest, child: Child, medicine_id: UUID) -> HttpResponse:
    """Correct a label, or enter the carbohydrate of a product that was added without it."""
    medicine = _medicine(child, medicine_id)
    initial = {n: as_typed(getattr(medicine, n)) for n in MedicineForm.base_fields}
    form = MedicineForm(request.POST or None, zone=child.zone, initial=initial)
    if request.method == "POST":
        changed = tried(
            form,
            lambda: actions.change_medicine(
                by=person_of(request), medicine=medicine, **form.values()
            ),
        )
        if changed:
            echo(request, gettext("Saved: %(entry)s") % {"entry": medicine.name})
            return redirect("medicines", child_id=child.pk)
    return render(request, "medicines/medicine_form.html", {"form": form, "medicine": medicine})


@child_page(Act.MEDICATE)
def add_step(request: HttpRequest, child: Child, medicine_id: UUID) -> HttpResponse:
    medicine = _medicine(child, medicine_id)
    has_steps = Schedule.objects.of(child).filter(medicine=medicine).exists()
    initial: dict[str, Any] = {"effective_from": child.today()}
    if not has_steps:
        initial["change"] = "start"
    form = StepForm(request.POST or None, zone=child.zone, initial=initial, unit=medicine.unit)
    if request.method == "POST":
        entered = tried(
            form,
            lambda: actions.add_step(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                medicine=medicine,
                **form.values(),
            ),
        )
        if entered:
            echo(
                request,
                gettext("Saved: %(entry)s") % {"entry": entered.record},
                kind="step",
                records=[entered.record],
            )
            return redirect("medicines", child_id=child.pk)
    return render(request, "medicines/step_form.html", {"form": form, "medicine": medicine})


@child_page(Act.MEDICATE)
def taper(request: HttpRequest, child: Child, medicine_id: UUID) -> HttpResponse:
    """Several dated steps at once, as the clinician wrote them."""
    medicine = _medicine(child, medicine_id)
    form = TaperForm(request.POST or None, zone=child.zone, unit=medicine.unit)
    if request.method == "POST":
        made = tried(
            form,
            lambda: actions.add_taper(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                medicine=medicine,
                steps=form.steps(),
                stop_on=form.cleaned_data["stop_on"],
                written_by=form.cleaned_data["written_by"],
            ),
        )
        if made:
            first, last = made[0].effective_from, made[-1].effective_from
            text = gettext("Saved: %(medicine)s, %(steps)s from %(first)s to %(last)s") % {
                "medicine": medicine,
                "steps": counted(len(made), "step"),
                "first": dated(first, "j F Y"),
                "last": dated(last, "j F Y"),
            }
            echo(request, text, kind="step", records=made)
            return redirect("medicines", child_id=child.pk)
    steps = [s for s in queries.steps_of(child) if s.medicine_id == medicine.pk]
    context = {
        "form": form,
        "medicine": medicine,
        "current": queries.step_of(medicine, child, child.today()),
        "coming": [s for s in steps if s.effective_from > child.today()],
    }
    return render(request, "medicines/taper.html", context)


@child_page(Act.MEDICATE)
def edit_step(request: HttpRequest, child: Child, step_id: UUID) -> HttpResponse:
    """Correct a step that was copied wrong."""
    step = _step(child, step_id)
    initial = {name: as_typed(getattr(step, name)) for name in StepForm.base_fields}
    form = StepForm(request.POST or None, zone=child.zone, initial=initial, unit=step.medicine.unit)
    if request.method == "POST":
        changed = tried(
            form,
            lambda: actions.change_step(by=person_of(request), step=step, **form.values()),
        )
        if changed:
            echo(
                request,
                gettext("Saved: %(entry)s") % {"entry": changed},
                kind="step",
                records=[changed],
            )
            return redirect("medicines", child_id=child.pk)
    return render(
        request,
        "medicines/step_form.html",
        {"form": form, "medicine": step.medicine, "step": step},
    )


@require_POST
@child_page(Act.MEDICATE)
def delete_step(request: HttpRequest, child: Child, step_id: UUID) -> HttpResponse:
    step = actions.delete_step(by=person_of(request), step=_step(child, step_id))
    echo(request, gettext("Deleted: %(entry)s") % {"entry": step}, kind="step", records=[step])
    return redirect("medicines", child_id=child.pk)


def _step(child: Child, step_id: UUID) -> Schedule:
    rows = Schedule.objects.of(child).select_related("medicine")
    found: Schedule = get_object_or_404(rows, pk=step_id)
    return found


def _medicine(child: Child, medicine_id: UUID) -> Medicine:
    found: Medicine = get_object_or_404(Medicine.objects.of(child), pk=medicine_id)
    return found


@child_page(Act.LOG)
def give_dose(request: HttpRequest, child: Child, medicine_id: UUID) -> HttpResponse:
    """Give a dose. A second one soon after the first names who gave that one, and asks why."""
    medicine = _medicine(child, medicine_id)
    step = queries.step_of(medicine, child, child.today())
    amount = decimal_text(step.dose) if step and step.dose else ""
    form = DoseForm(
        request.POST or None, zone=child.zone, initial={"amount": amount}, unit=medicine.unit
    )
    if request.method == "POST":
        _ask_why(form, medicine, step)
        entered = tried(
            form,
            lambda: actions.give_dose(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                medicine=medicine,
                **form.values(),
            ),
        )
        if entered:
            dose = entered.record
            text = gettext("Saved: %(entry)s, %(at)s") % {
                "entry": dose,
                "at": f"{dose.local_time:%H:%M}",
            }
            echo(request, text, kind="dose", records=[dose])
            return redirect("child-home", child_id=child.pk)
    within = queries.soon_after(step)
    near = queries.dose_near(medicine, timezone.now(), within=within, other_than=new_id())
    return render(
        request,
        "medicines/dose_form.html",
        {"form": form, "medicine": medicine, "step": step, "near": near},
    )


def _ask_why(form: DoseForm, medicine: Medicine, step: Schedule | None) -> None:
    """A dose beside another, or far from what is written down, is saved once somebody said why."""
    if not form.is_valid() or form.cleaned_data["reason"]:
        return
    data = form.cleaned_data
    if data["outcome"] != Dose.Outcome.GIVEN:
        return
    near = queries.dose_near(
        medicine,
        data["happened_at"],
        within=queries.soon_after(step),
        other_than=data["id"],
    )
    if near is not None:
        form.add_error(
            "reason",
            gettext(
                "%(person)s gave %(dose)s at %(time)s. If this is another dose, say why; "
                "it is then saved."
            )
            % {
                "person": near.entered_by.name,
                "dose": near,
                "time": f"{near.local_time:%H:%M}",
            },
        )
    if step is not None and step.dose and not FAR <= data["amount"] / step.dose <= 1 / FAR:
        form.add_error(
            "amount",
            gettext(
                "%(dose)s %(unit)s is written down. Check the number; if it is right, say "
                "why below."
            )
            % {"dose": plain(step.dose), "unit": medicine.unit},
        )


@child_page(Act.LOG)
def edit_dose(request: HttpRequest, child: Child, dose_id: UUID) -> HttpResponse:
    dose = get_object_or_404(Dose.objects.of(child), pk=dose_id)
    initial = {name: getattr(dose, name) for name in DoseForm.base_fields}
    if dose.amount is not None:
        initial["amount"] = decimal_text(dose.amount)
    form = DoseForm(request.POST or None, zone=child.zone, initial=initial, unit=dose.medicine.unit)
    if request.method == "POST":
        step = queries.step_of(dose.medicine, child, dose.local_time.date())
        _ask_why(form, dose.medicine, step)
        changed = tried(
            form, lambda: actions.change_dose(by=person_of(request), dose=dose, **form.values())
        )
        if changed:
            echo(
                request,
                gettext("Saved: %(entry)s, %(at)s")
                % {"entry": dose, "at": f"{dose.local_time:%H:%M}"},
                kind="dose",
                records=[dose],
            )
            return redirect("medicines", child_id=child.pk)
    return render(
        request,
        "medicines/dose_form.html",
        {"form": form, "medicine": dose.medicine, "dose": dose},
    )


@require_POST
@child_page(Act.LOG)
def delete_dose(request: HttpRequest, child: Child, dose_id: UUID) -> HttpResponse:
    dose = take_back(get_object_or_404(Dose.objects.of(child), pk=dose_id), by=person_of(request))
    echo(request, gettext("Deleted: %(entry)s") % {"entry": dose}, kind="dose", records=[dose])
    return redirect("medicines", child_id=child.pk)


@child_page()
def choose(request: HttpRequest, child: Child) -> HttpResponse:
    """Which medicine? Those due first, then all that are in force."""
    due = [d for d in queries.due_on(child, child.today()) if d.dose is None]
    steps = queries.in_force_on(queries.steps_of(child), child.today())
    return render(request, "medicines/choose.html", {"due": due, "steps": steps})
