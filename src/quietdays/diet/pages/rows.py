"""The foods and amounts of a form, read the same way on every page that builds a meal."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest

from quietdays.diet import queries
from quietdays.diet.actions import Portion
from quietdays.diet.forms import Row, food_ids, read_rows
from quietdays.people.models import Child
from quietdays.records.forms import EntryForm


def submitted_rows(
    request: HttpRequest, child: Child, form: EntryForm, *, blank_is_open: bool = False
) -> list[Row]:
    """The foods and amounts as they were typed; a wrong amount makes the form wrong too.

    Where the amounts are to be found, an empty one is no mistake (`blank_is_open`).
    """
    asked = queries.foods_for(child).filter(pk__in=food_ids(request.POST))
    known = {f.pk: queries.newest_composition(f) for f in asked}
    rows = read_rows(request.POST, known)
    form.is_valid()  # only a form that was read takes complaints
    for row in rows:
        if row.error and not (blank_is_open and not row.amount_text.strip()):
            form.add_error(None, f"{row.composition.food.name}: {row.error}")
    return rows


def portions_of(rows: Sequence[Row]) -> list[Portion]:
    return [Portion(r.composition, r.amount) for r in rows if r.amount is not None]
