"""Everything that changes medicines, schedules and doses."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from quietdays.medicines.models import Dose, Medicine, Schedule, Supply
from quietdays.people.access import Act
from quietdays.people.entries import Entered, amend, enter_from_form, take_back
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write, save_as

WHY_NOT = "Say in a word why it was not given."


def add_medicine(*, by: Person, child: Child, entry_id: UUID, **values: Any) -> Entered[Medicine]:
    return enter_from_form(
        Medicine, by=by, child=child, entry_id=entry_id, act=Act.MEDICATE, **values
    )


def change_medicine(*, by: Person, medicine: Medicine, **values: Any) -> Medicine:
    """Correct what the label says. Doses given keep the figures that they were given with.

    The first carbohydrate figure also counts for the doses before it, which had none; a later
    one, of another brand, for none of them.
    """
    doses = medicine.doses.filter(deleted_at__isnull=True)
    if values.get("unit", medicine.unit) != medicine.unit and doses.exists():
        raise ValidationError(
            {"unit": f"Doses are logged in {medicine.unit}. Add a medicine for the other unit."}
        )
    is_first_figure = medicine.carbohydrate_g_per_unit is None
    with one_write():
        amend(medicine, by=by, act=Act.MEDICATE, **values)
        if is_first_figure and medicine.carbohydrate_g_per_unit is not None:
            for dose in doses.filter(carbohydrate_g_per_unit__isnull=True):
                dose.carbohydrate_g_per_unit = medicine.carbohydrate_g_per_unit
                save_as(dose, by=by)
    return medicine


def _need_own(medicine: Medicine, child: Child) -> None:
    if medicine.child_id != child.pk:
        raise ValidationError({"medicine": "This medicine belongs to another child."})


def add_step(
    *, by: Person, child: Child, entry_id: UUID, medicine: Medicine, **values: Any
) -> Entered[Schedule]:
    """A dated step of a schedule, as the clinician wrote it: start, another dose, stop."""
    _need_own(medicine, child)
    return enter_from_form(
        Schedule,
        by=by,
        child=child,
        entry_id=entry_id,
        act=Act.MEDICATE,
        medicine=medicine,
        **values,
    )


def change_step(*, by: Person, step: Schedule, **values: Any) -> Schedule:
    """Correct a step that was copied wrong; its earlier version stays in the history."""
    return amend(step, by=by, act=Act.MEDICATE, **values)


def delete_step(*, by: Person, step: Schedule) -> Schedule:
    return take_back(step, by=by, act=Act.MEDICATE)


def count_supply(*, by: Person, child: Child, entry_id: UUID, **values: Any) -> Entered[Supply]:
    """How much there is of something, counted at an instant."""
    _check_supply(child, values)
    return enter_from_form(Supply, by=by, child=child, entry_id=entry_id, **values)


def change_supply(*, by: Person, supply: Supply, **values: Any) -> Supply:
    """Counted again, or put right; what was counted before stays in the history."""
    _check_supply(supply.child, values)
    return amend(supply, by=by, **values)


def _check_supply(child: Child, values: dict[str, Any]) -> None:
    medicine = values.get("medicine")
    if medicine is not None:
        _need_own(medicine, child)


def give_dose(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    medicine: Medicine,
    happened_at: datetime,
    **values: Any,
) -> Entered[Dose]:
    """Record a dose as given, or as not given with the reason. Never blocks a second dose."""
    _need_own(medicine, child)
    values = _with_its_reason(values)
    return enter_from_form(
        Dose,
        by=by,
        child=child,
        entry_id=entry_id,
        medicine=medicine,
        happened_at=happened_at,
        carbohydrate_g_per_unit=medicine.carbohydrate_g_per_unit,
        **values,
    )


def change_dose(*, by: Person, dose: Dose, **values: Any) -> Dose:
    """Correct a dose. Under another medicine it takes that one's carbohydrate."""
    medicine = values.get("medicine", dose.medicine)
    if medicine != dose.medicine:
        _need_own(medicine, dose.child)
        values["carbohydrate_g_per_unit"] = medicine.carbohydrate_g_per_unit
    stood = {name: getattr(dose, name) for name in ("outcome", "amount", "reason")}
    return amend(dose, by=by, **_with_its_reason(stood | values))


def _with_its_reason(values: dict[str, Any]) -> dict[str, Any]:
    """A dose that was not given has no amount, and somebody said why."""
    if values.get("outcome") != Dose.Outcome.SKIPPED:
        return values
    if not str(values.get("reason", "")).strip():
        raise ValidationError({"reason": WHY_NOT})
    return values | {"amount": None}
