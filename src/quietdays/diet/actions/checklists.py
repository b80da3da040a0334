"""A child's own copy of the team's lists: made from a template, changed and ticked by clinicians."""

from __future__ import annotations

import json
from datetime import date
from importlib import resources
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.diet.models import ChecklistItem
from quietdays.people.access import Act, require
from quietdays.people.entries import Entered, amend, enter_from_form, take_back
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write, save_record


def start_checklist(*, by: Person, child: Child, which: str) -> list[ChecklistItem]:
    """Copy the template into this child's list, once; it is the team's to change from then on."""
    require(by, child, Act.PRESCRIBE)
    with one_write():
        if ChecklistItem.objects.of(child).filter(list=which).exists():
            raise ValidationError(gettext("This list was made before. Change its lines instead."))
        made = []
        for position, line in enumerate(_template(which)):
            item = ChecklistItem(
                id=new_id(), child=child, entered_by=by, list=which, position=position, **line
            )
            made.append(save_record(item, by=by))
    return made


def _template(which: str) -> list[dict[str, Any]]:
    text = resources.files("quietdays.diet").joinpath("data/checklists.json").read_text("utf-8")
    return [
        {"heading": group["heading"], "text": line, "months_on_diet": group.get("months")}
        for group in json.loads(text)["lists"][which]
        for line in group["lines"]
    ]


def add_checklist_item(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    which: str,
    heading: str,
    text: str,
    months_on_diet: int | None = None,
) -> Entered[ChecklistItem]:
    others = ChecklistItem.objects.of(child).filter(list=which).exclude(pk=entry_id)
    last = others.order_by("-position").first()
    return enter_from_form(
        ChecklistItem,
        by=by,
        child=child,
        entry_id=entry_id,
        act=Act.PRESCRIBE,
        list=which,
        heading=heading,
        text=text,
        months_on_diet=months_on_diet,
        position=last.position + 1 if last else 0,
    )


def tick_checklist_item(
    *,
    by: Person,
    item: ChecklistItem,
    is_ticked: bool,
    due_on: date | None,
    remark: str,
    done_on: date | None = None,
) -> ChecklistItem:
    """Tick a line with name and time, or take the tick back; a tick that stands keeps its own.

    `done_on` is the day on which it was done; without one, today where the child is.
    """
    ticked: dict[str, Any] = {"ticked_at": item.ticked_at, "ticked_by": item.ticked_by}
    if is_ticked and item.ticked_at is None:
        ticked = {"ticked_at": timezone.now(), "ticked_by": by}
    elif not is_ticked:
        ticked = {"ticked_at": None, "ticked_by": None}
    today = item.child.today()
    if done_on is not None and done_on > today:
        raise ValidationError({"done_on": gettext("This day has not come yet.")})
    ticked["done_on"] = (done_on or item.done_on or today) if is_ticked else None
    return amend(item, by=by, act=Act.PRESCRIBE, due_on=due_on, remark=remark, **ticked)


def remove_checklist_item(*, by: Person, item: ChecklistItem) -> ChecklistItem:
    return take_back(item, by=by, act=Act.PRESCRIBE)
