"""Rows of foods with amounts, as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diet.models import FoodComposition
from quietdays.records.forms import parse_decimal
from quietdays.records.words import decimal_text


@dataclass(frozen=True, slots=True)
class Row:
    """One food of a meal as it was typed, with its complaint if it has one."""

    composition: FoodComposition
    amount_text: str
    amount: Decimal | None
    error: str = ""

    @classmethod
    def of(cls, composition: FoodComposition, amount: Decimal) -> Row:
        return cls(composition, decimal_text(amount), amount)


def read_rows(data: Mapping[str, Any], known: Mapping[UUID, FoodComposition]) -> list[Row]:
    """The rows `food` and `amount` of a submitted meal, in order, as typed.

    A food that is not among `known` is dropped with its row; an amount that is no number
    above zero keeps what was typed and says what is wrong.
    """
    foods = data.getlist("food")  # type: ignore[attr-defined]
    amounts = data.getlist("amount")  # type: ignore[attr-defined]
    rows = []
    for food_id, text in zip(foods, amounts, strict=False):
        composition = known.get(_uuid(food_id) or UUID(int=0))
        if composition is None:
            continue
        try:
            amount = parse_decimal(text)
            if not 0 < amount <= 5000:
                raise ValidationError(gettext("An amount lies above 0 and up to 5,000."))
        except ValidationError as error:
            rows.append(Row(composition, text, None, error.messages[0]))
        else:
            rows.append(Row(composition, text, round(amount, 2)))
    return rows


def food_ids(data: Any) -> list[UUID]:
    return [found for text in data.getlist("food") if (found := _uuid(text))]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
