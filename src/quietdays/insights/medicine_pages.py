"""The medicines as they are written down, each dose in mg and mg/kg of the latest weight."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from quietdays.diary.queries import latest_weight
from quietdays.medicines import queries
from quietdays.medicines.amounts import amounts_in_words
from quietdays.medicines.models import Dose, Medicine, Schedule
from quietdays.people.access import Act
from quietdays.people.http import child_page, shown_from
from quietdays.people.models import Child


@child_page(Act.TODAY)
def medicines(request: HttpRequest, child: Child) -> HttpResponse:
    """Every medicine with its step in force, its doses due today, and its other steps."""
    doses = Dose.objects.of(child).select_related("medicine", "entered_by")
    first = shown_from(request.acts, child)  # type: ignore[attr-defined]
    if first is not None:
        doses = doses.filter(happened_at__gte=child.timeline().pieces_of(first)[0][0])
    return render(
        request,
        "insights/medicines.html",
        {
            "rows": _rows(child),
            "due": queries.due_on(child, child.today()),
            "doses": doses.order_by("-happened_at")[:20],
        },
    )


def _rows(child: Child) -> list[dict[str, Any]]:
    today, steps = child.today(), queries.steps_of(child)
    weight = latest_weight(child, today)
    current = {s.medicine_id: s for s in queries.in_force_on(steps, today)}

    def row(medicine: Medicine) -> dict[str, Any]:
        step: Schedule | None = current.get(medicine.pk)
        mine = [s for s in steps if s.medicine_id == medicine.pk]
        return {
            "medicine": medicine,
            "current": step,
            "amounts": amounts_in_words(step, weight, today) if step else "",
            "coming": [s for s in mine if s.effective_from > today],
            "steps": mine[::-1],
        }

    return [row(medicine) for medicine in queries.medicines_of(child)]
