"""Signing the numbers of the diet, and saying that they were read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.diet.models import Acknowledgement, DietKind, Prescription
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write, save_as
from quietdays.science.diet_target import DietTarget, ImpossibleShares, SharesNotWhole
from quietdays.science.prescription import InfeasibleTargets
from quietdays.words import decimal, first_up, plain


@dataclass(frozen=True, slots=True)
class LaterStep:
    """What changes from a date on within one signature: 2:1 now, 3:1 from Thursday."""

    effective_from: date
    ratio: Decimal


def prescribe(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    later_steps: Sequence[LaterStep] = (),
    **values: Any,
) -> Prescription:
    """Sign a new version of the diet's numbers. Earlier versions stay as they are.

    Raises ValidationError with the figures when energy, ratio and protein cannot hold
    together, or when a field is out of range; nothing is written then.
    """
    require(by, child, Act.PRESCRIBE)
    with one_write():
        found = Prescription.objects.filter(pk=entry_id, child=child).first()
        if found is not None:
            _refuse_other_numbers(found, values, later_steps)
            return found
        signed = {"child": child, "signed_by": by, "signed_at": timezone.now()}
        first = Prescription(id=entry_id, **signed, **values)
        _check(first)
        first.save()
        _store_later_steps(first, signed, values, later_steps)
        if child.diet_started_on is None:
            child.diet_started_on = first.effective_from
            save_as(child, by=by, update_fields=["diet_started_on"])
    return first


def _refuse_other_numbers(
    found: Prescription, values: dict[str, Any], later_steps: Sequence[LaterStep]
) -> None:
    stored = [(s.effective_from, s.ratio) for s in found.later_steps.order_by("effective_from")]
    same_steps = stored == [(s.effective_from, s.ratio) for s in later_steps]
    if not same_steps or any(getattr(found, name) != value for name, value in values.items()):
        raise ValidationError(
            gettext(
                "This version was signed before. A version is written once: open this page anew to "
                "sign another."
            )
        )


def _store_later_steps(
    first: Prescription,
    signed: dict[str, Any],
    values: dict[str, Any],
    later_steps: Sequence[LaterStep],
) -> None:
    if later_steps and first.diet_kind != DietKind.CLASSICAL:
        raise ValidationError({"ratio": gettext("Only a diet by ratio has steps of its ratio.")})
    current, latest = dict(values), first.effective_from
    for step in later_steps:
        if step.effective_from <= latest:
            raise ValidationError(
                {
                    "effective_from": gettext("The steps are not in order: %(date)s.")
                    % {"date": step.effective_from}
                }
            )
        latest = step.effective_from
        current |= {"ratio": step.ratio, "effective_from": step.effective_from}
        row = Prescription(id=new_id(), first_step=first, **signed, **current)
        try:
            _check(row)
        except ValidationError as error:
            text = gettext("The step from %(date)s: %(reasons)s") % {
                "date": step.effective_from,
                "reasons": " ".join(error.messages),
            }
            raise ValidationError({"ratio": text}) from error
        row.save()


def _check(prescription: Prescription) -> None:
    prescription.full_clean(exclude=["child", "signed_by", "first_step"])
    _refuse_impossible_date(prescription)
    _refuse_infeasible(prescription)


def _refuse_impossible_date(prescription: Prescription) -> None:
    start, child = prescription.effective_from, prescription.child
    if start < child.birth_date:
        raise ValidationError(
            {
                "effective_from": gettext("This is before %(child)s was born.")
                % {"child": child.name}
            }
        )
    if start > child.today() + timedelta(days=366):
        raise ValidationError(
            {"effective_from": gettext("Check the year: %(date)s.") % {"date": start}}
        )


def _refuse_infeasible(prescription: Prescription) -> None:
    try:
        day = prescription.day_target
    except InfeasibleTargets as error:
        raise ValidationError({"protein_g": _sentence(error)}) from error
    except ImpossibleShares as error:
        raise ValidationError({"mct_percent": _sentence(error)}) from error
    try:
        meals = prescription.meal_targets
    except (InfeasibleTargets, ImpossibleShares) as error:
        text = gettext("The snacks leave too little for the meals: %(reason)s.") % {"reason": error}
        raise ValidationError({"snack_energy_kcal": text}) from error
    except SharesNotWhole as error:
        raise ValidationError({"meal_slots": _sentence(error)}) from error
    parts = [*meals, *[prescription.snack_target or DietTarget()] * prescription.snacks_per_day]
    # A snack with a ratio of its own holds other carbohydrate than the day's ratio leaves.
    left_g = max(day.carbohydrate_g or 0.0, sum(p.carbohydrate_g or 0.0 for p in parts))
    limit_g = prescription.carbohydrate_limit_g
    if limit_g is not None and left_g > float(limit_g) + 1e-6:
        raise ValidationError(
            {
                "carbohydrate_limit_g": gettext(
                    "These numbers leave %(left_g)s g carbohydrate a day, more than the limit of "
                    "%(limit_g)s g."
                )
                % {"left_g": decimal(left_g, 1), "limit_g": plain(limit_g)}
            }
        )


def _sentence(error: Exception) -> str:
    return f"{first_up(str(error))}."


def acknowledge(*, by: Person, prescription: Prescription) -> Acknowledgement:
    """Write down that this person has read a signed version; a second tap changes nothing."""
    require(by, prescription.child, Act.LOG)
    with one_write():
        read, _ = Acknowledgement.objects.get_or_create(prescription=prescription, person=by)
    return read
