"""Signing the numbers of the diet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError

from quietdays.diet.models import (
    Prescription,
)
from quietdays.people.access import Act, require
from quietdays.people.models import Child, Person
from quietdays.records.words import decimal_text
from quietdays.records.writing import one_write, save_as
from quietdays.science.prescription import InfeasibleTargets


def prescribe(*, by: Person, child: Child, entry_id: UUID, **values: Any) -> Prescription:
    """Sign a new version of the diet's numbers. Earlier versions stay as they are.

    Raises ValidationError with the figures when energy, ratio and protein cannot hold
    together, or when a field is out of range.
    """
    require(by, child, Act.PRESCRIBE)
    with one_write():
        found = Prescription.objects.filter(pk=entry_id, child=child).first()
        if found is not None:
            if any(getattr(found, name) != value for name, value in values.items()):
                raise ValidationError(
                    "This version was signed before. A version is written once: open this "
                    "page anew to sign another."
                )
            return found
        prescription = Prescription(id=entry_id, child=child, signed_by=by, **values)
        prescription.full_clean(exclude=["child", "signed_by"])
        _refuse_impossible_date(prescription, child)
        _refuse_infeasible(prescription)
        prescription.save()
        if child.diet_started_on is None:
            child.diet_started_on = prescription.effective_from
            save_as(child, by=by, update_fields=["diet_started_on"])
    return prescription


def _refuse_impossible_date(prescription: Prescription, child: Child) -> None:
    start = prescription.effective_from
    if start < child.birth_date:
        raise ValidationError({"effective_from": f"This is before {child.name} was born."})
    if start > child.today() + timedelta(days=366):
        raise ValidationError({"effective_from": f"Check the year: {start}."})


def _refuse_infeasible(prescription: Prescription) -> None:
    try:
        daily = prescription.daily()
    except InfeasibleTargets as error:
        sentence = str(error)
        raise ValidationError({"protein_g": f"{sentence[0].upper()}{sentence[1:]}."}) from error
    limit_g = prescription.carbohydrate_limit_g
    if limit_g is not None and daily.carbohydrate_g > float(limit_g) + 1e-6:
        raise ValidationError(
            {
                "carbohydrate_limit_g": f"These numbers leave {daily.carbohydrate_g:.1f} g "
                f"carbohydrate a day, more than the limit of {decimal_text(limit_g)} g."
            }
        )
