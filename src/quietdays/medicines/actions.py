"""Everything that changes medicines, schedules and doses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from quietdays.medicines.models import Change, Dose, How, Medicine, Schedule, Supply
from quietdays.people.access import Act, require
from quietdays.people.entries import Entered, amend, enter_from_form, take_back
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write, save_as, save_record

WHY_NOT = gettext_lazy("Say in a word why it was not given.")


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
            {
                "unit": gettext("Doses are logged in %(unit)s. Add a medicine for the other unit.")
                % {"unit": medicine.unit}
            }
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
        raise ValidationError({"medicine": gettext("This medicine belongs to another child.")})


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


TAPER_ROWS = 8


@dataclass(frozen=True, slots=True)
class TaperStep:
    """One line of a taper: from a date on, so much at these times, every so many days."""

    row: int  # where it stands on the page, below TAPER_ROWS: for what is wrong with it
    effective_from: date
    dose: Decimal
    times: list[str]
    every_days: int = 1


def add_taper(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    medicine: Medicine,
    steps: Sequence[TaperStep],
    stop_on: date | None,
    written_by: str,
) -> list[Schedule]:
    """Several dated steps at once as the clinician wrote them, and perhaps a stop: all or none.

    Whether a step raises or lowers the dose is told from the amount a day before it. The same
    form sent again answers with what it stored. Raises ValidationError with `from_` and the row
    of each wrong step, or `stop_on`; nothing is written then.
    """
    require(by, child, Act.MEDICATE)
    _need_own(medicine, child)
    rows = _taper_rows(child, entry_id, medicine, steps, stop_on, written_by)
    with one_write():
        stored = list(Schedule.objects.filter(child=child, pk__in=_taper_ids(entry_id)))
        if stored:
            return _as_stored([row for _, row in rows], stored)
        standing = list(Schedule.objects.of(child).filter(medicine=medicine))
        wrong: dict[str, list[str]] = {}
        for name, row in rows:
            try:
                row.change = _change_to(row, standing)
                row.entered_by = by
                save_record(row, by=by)
            except ValidationError as error:
                wrong[name] = error.messages
            standing.append(row)
        if wrong:
            raise ValidationError(wrong)
    return [row for _, row in rows]


def _taper_rows(
    child: Child,
    entry_id: UUID,
    medicine: Medicine,
    steps: Sequence[TaperStep],
    stop_on: date | None,
    written_by: str,
) -> list[tuple[str, Schedule]]:
    """Each step as a row to store, with the name of its field. Ids follow from the form's own."""
    shared: dict[str, Any] = {"child": child, "medicine": medicine, "written_by": written_by}
    rows = [
        (
            f"from_{step.row}",
            Schedule(
                id=uuid5(entry_id, str(step.row)),
                effective_from=step.effective_from,
                dose=step.dose,
                times=step.times,
                every_days=step.every_days,
                **shared,
            ),
        )
        for step in steps
    ]
    if stop_on is not None:
        key = uuid5(entry_id, "stop")
        stop = Schedule(id=key, effective_from=stop_on, change=Change.STOP, **shared)
        rows.append(("stop_on", stop))
    return rows


def _taper_ids(entry_id: UUID) -> list[UUID]:
    """Every id that a taper of this form may have given to its steps."""
    return [uuid5(entry_id, key) for key in (*map(str, range(TAPER_ROWS)), "stop")]


def _as_stored(rows: list[Schedule], stored: list[Schedule]) -> list[Schedule]:
    """Raises ValidationError when a taper sent again is not the one that it was."""
    names = ("effective_from", "dose", "times", "every_days", "written_by")

    def told(row: Schedule) -> list[Any]:
        return [row.pk, *(getattr(row, name) for name in names)]

    live = [told(row) for row in stored if row.deleted_at is None]
    if sorted(live, key=str) != sorted((told(row) for row in rows), key=str):
        raise ValidationError(
            gettext(
                "These steps were saved before. Correct them one by one in the list of medicines, "
                "or open this page anew."
            )
        )
    return sorted(stored, key=lambda s: s.effective_from)


def _change_to(row: Schedule, standing: Sequence[Schedule]) -> str:
    """Raises ValidationError when the date is taken, or when nobody can tell up from down."""
    for other in standing:
        if other.effective_from == row.effective_from:
            raise ValidationError(
                gettext("There is already a step on this date: %(step)s.") % {"step": other}
            )
    earlier = [s for s in standing if s.effective_from < row.effective_from]
    before = max(earlier, key=lambda s: s.effective_from, default=None)
    if row.change == Change.STOP:
        return Change.STOP
    if before is None or before.change == Change.STOP or before.how != How.SCHEDULED:
        return Change.START
    was, becomes = before.amount_per_day, row.amount_per_day
    if was is None or becomes is None or was == becomes:
        raise ValidationError(
            gettext(
                "This is neither more nor less a day than before (%(dose)s). Check it, or "
                "enter it as a single step, where you say what changes."
            )
            % {"dose": before.in_words}
        )
    return Change.UP if becomes > was else Change.DOWN


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
