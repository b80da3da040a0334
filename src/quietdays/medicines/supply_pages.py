"""What is in the house: counted, how long it lasts, when it expires."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from quietdays.medicines import actions
from quietdays.medicines.models import Medicine, Supply
from quietdays.medicines.supplies import supplies_of
from quietdays.people.access import Act
from quietdays.people.entries import take_back
from quietdays.people.http import child_page, echo, person_of
from quietdays.people.models import Child
from quietdays.records.forms import (
    EntryForm,
    LocalTimeField,
    NumberField,
    WholeNumberField,
    tried,
)
from quietdays.records.words import as_typed

UTC = ZoneInfo("UTC")


class SupplyForm(EntryForm):
    """What was counted: a bottle, a tin, a box of strips."""

    medicine = forms.ModelChoiceField(
        label=gettext_lazy("Medicine"),
        queryset=Medicine.objects.none(),
        required=False,
        empty_label=gettext_lazy("none of these"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=Supply.Kind.choices,
        widget=forms.RadioSelect,
        initial="medicine",
    )
    name = forms.CharField(
        label=gettext_lazy("Name, where it is no medicine"), max_length=120, required=False
    )
    amount = NumberField(label=gettext_lazy("How much is there"), min_value=0)
    unit = forms.CharField(
        label=gettext_lazy("In (empty: as the medicine is given; g, strips …)"),
        max_length=20,
        required=False,
    )
    counted_at = LocalTimeField(label=gettext_lazy("Counted"), zone=UTC)
    per_day = NumberField(
        label=gettext_lazy("Used in a day (leave empty where the schedule tells)"),
        required=False,
        min_value=Decimal("0.001"),
    )
    expires_on = forms.DateField(
        label=gettext_lazy("Expires on (last day of the month, where only that stands on it)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    warn_days = WholeNumberField(
        label=gettext_lazy("Say so before it ends"),
        unit=gettext_lazy("days"),
        initial=7,
        min_value=1,
        max_value=60,
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=500)
    field_order = ["id", "kind", "medicine", "name", "amount", "unit", "per_day", "counted_at",
                   "expires_on", "warn_days", "note"]  # fmt: skip

    def __init__(
        self, *args: Any, medicines: QuerySet[Medicine], zone: ZoneInfo, **kwargs: Any
    ) -> None:
        super().__init__(*args, zone=zone, **kwargs)
        self.initial.setdefault("counted_at", timezone.now())
        self.fields["medicine"].queryset = medicines  # type: ignore[attr-defined]
        self.fields["counted_at"].zone = zone  # type: ignore[attr-defined]
        self.fields["counted_at"].nearest = self.initial["counted_at"]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        medicine = data.get("medicine")
        if data.get("kind") == Supply.Kind.MEDICINE:
            if medicine is None and "medicine" in data:
                self.add_error("medicine", gettext("Which medicine is it?"))
            elif medicine is not None:
                data["name"], data["unit"] = medicine.name, medicine.unit
        else:
            data["medicine"] = None
            for name, words in (
                ("name", gettext("What is it?")),
                ("unit", gettext("In what is it counted?")),
            ):
                if name in data and not data[name]:
                    self.add_error(name, words)
        return data


@child_page(Act.TODAY)
def supplies(request: HttpRequest, child: Child) -> HttpResponse:
    rows = supplies_of(child, timezone.now())
    return render(request, "medicines/supplies.html", {"rows": rows})


@child_page(Act.LOG)
def count_supply(request: HttpRequest, child: Child, supply_id: UUID | None = None) -> HttpResponse:
    """Count something for the first time, or again."""
    supply = None if supply_id is None else _supply(child, supply_id)
    form = SupplyForm(
        request.POST or None,
        zone=child.zone,
        initial=_initial(supply),
        medicines=Medicine.objects.of(child),
    )
    if request.method == "POST":
        by = person_of(request)
        done = tried(form, lambda: _store(by=by, child=child, supply=supply, form=form))
        if done:
            echo(
                request,
                gettext("Saved: %(entry)s") % {"entry": done},
                kind="supply",
                records=[done],
            )
            return redirect("supplies", child_id=child.pk)
    return render(request, "medicines/supply_form.html", {"form": form, "supply": supply})


def _initial(supply: Supply | None) -> dict[str, Any]:
    """Counted again: how much there is now, nobody knows before; everything else as it was."""
    if supply is None:
        return {}
    anew = ("amount", "counted_at")
    kept = {n: as_typed(getattr(supply, n)) for n in SupplyForm.base_fields if n not in anew}
    return kept | {"medicine": supply.medicine_id}


def _store(*, by: Any, child: Child, supply: Supply | None, form: SupplyForm) -> Supply:
    if supply is not None:
        return actions.change_supply(by=by, supply=supply, **form.values())
    entry_id = form.cleaned_data["id"]
    return actions.count_supply(by=by, child=child, entry_id=entry_id, **form.values()).record


@require_POST
@child_page(Act.LOG)
def delete_supply(request: HttpRequest, child: Child, supply_id: UUID) -> HttpResponse:
    supply = take_back(_supply(child, supply_id), by=person_of(request))
    echo(
        request,
        gettext("Deleted: %(entry)s") % {"entry": supply},
        kind="supply",
        records=[supply],
    )
    return redirect("supplies", child_id=child.pk)


def _supply(child: Child, supply_id: UUID) -> Supply:
    rows = Supply.objects.of(child).select_related("medicine")
    found: Supply = get_object_or_404(rows, pk=supply_id)
    return found
