"""When the lines of a child's monitoring list are due, and which of them are overdue.

A line is due on the date that the team planned, or so many months after the diet's first day.
The app computes dates and says what is not ticked; what is looked at is the team's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from quietdays.diet.models import ChecklistItem
from quietdays.people.models import Child


class State(StrEnum):
    DONE = "done"
    OVERDUE = "overdue"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list with its date; `due` is None where nothing says one."""

    item: ChecklistItem
    due: date | None
    state: State


@dataclass(frozen=True, slots=True)
class Monitoring:
    lines: Sequence[Line]

    @property
    def overdue(self) -> list[Line]:
        return [line for line in self.lines if line.state is State.OVERDUE]

    @property
    def next_due(self) -> list[Line]:
        """The lines of the next date that is still to come, in the order of the list."""
        coming = [line for line in self.lines if line.state is State.OPEN and line.due]
        first = min((line.due for line in coming if line.due), default=None)
        return [line for line in coming if line.due == first]

    @property
    def done(self) -> list[Line]:
        return [line for line in self.lines if line.state is State.DONE]


def due_date(item: ChecklistItem, started: date | None) -> date | None:
    """The planned date, or the one counted from the diet's first day; 31 Jan + 1 is 28 Feb."""
    if item.due_on is not None:
        return item.due_on
    if item.months_on_diet is None or started is None:
        return None
    due: date = started + relativedelta(months=item.months_on_diet)
    return due


def line_of(item: ChecklistItem, child: Child, today: date) -> Line:
    due = due_date(item, child.diet_started_on)
    if item.ticked_at is not None:
        return Line(item, due, State.DONE)
    return Line(item, due, State.OVERDUE if due is not None and due < today else State.OPEN)


def monitoring_of(child: Child, today: date) -> Monitoring:
    """The monitoring list of a child as it stands on a local date; empty while not begun."""
    rows = ChecklistItem.objects.of(child).filter(list=ChecklistItem.List.MONITORING)
    return Monitoring([line_of(item, child, today) for item in rows.select_related("ticked_by")])
