"""The prescription in force, its history, and signing a new version."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from quietdays.diet import actions, queries
from quietdays.diet.forms import PrescriptionForm
from quietdays.diet.models import Prescription
from quietdays.people.access import Act
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import tried
from quietdays.records.words import as_typed


@child_page()
def prescription(request: HttpRequest, child: Child) -> HttpResponse:
    """The numbers in force, what they make a day and a meal, and every earlier version."""
    versions = list(
        child.prescriptions.select_related("signed_by").order_by("-effective_from", "-signed_at")
    )
    current = queries.prescription_on(child, child.today())
    return render(
        request,
        "diet/prescription.html",
        {"current": current, "steps": _with_differences(versions)},
    )


def _with_differences(versions: Sequence[Prescription]) -> list[dict[str, Any]]:
    """Each version with what changed against the one before it, in words."""
    named = {
        "ratio": ("ratio", ":1"),
        "energy_kcal": ("energy", " kcal"),
        "protein_g": ("protein", " g"),
        "meals_per_day": ("meals", ""),
    }
    rows = []
    for i, version in enumerate(versions):
        before = versions[i + 1] if i + 1 < len(versions) else None
        words = []
        for name, (label, unit) in named.items():
            if before is not None and getattr(before, name) != getattr(version, name):
                old, new = (Decimal(getattr(v, name)).normalize() for v in (before, version))
                words.append(f"{label} {old:f}{unit} → {new:f}{unit}")
        rows.append({"version": version, "differences": words, "is_first": before is None})
    return rows


@child_page(Act.PRESCRIBE)
def prescribe(request: HttpRequest, child: Child) -> HttpResponse:
    """A new version, signed by the clinician who is signed in."""
    newest = queries.prescription_on(child, child.today())
    initial: dict[str, Any] = {"effective_from": child.today()}
    if newest is not None:
        kept = (n for n in PrescriptionForm.base_fields if n not in ("id", "effective_from"))
        initial |= {name: as_typed(getattr(newest, name)) for name in kept}
    form = PrescriptionForm(request.POST or None, zone=child.zone, initial=initial)
    if request.method == "POST":
        version = tried(
            form,
            lambda: actions.prescribe(
                by=person_of(request),
                child=child,
                entry_id=form.cleaned_data["id"],
                **form.values(),
            ),
        )
        if version:
            echo(request, f"Signed: {version}")
            return redirect("prescription", child_id=child.pk)
    return render(request, "diet/prescribe.html", {"form": form, "newest": newest})
