"""What a carer does in the diary beyond entering single records."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from quietdays.diary.models import CheckIn, Observation
from quietdays.people.access import Act, require
from quietdays.people.entries import amend, enter, take_back
from quietdays.people.models import Child, Person
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write
from quietdays.science.days import DayPart, Watch


def nothing_seen_so_far(*, by: Person, child: Child, now: datetime) -> list[Observation]:
    """Say that the day so far was watched and nothing was seen, in one tap.

    Fills each daytime part up to now that nobody has described yet, or at night the night,
    and carries an earlier tap on to now, never back. What somebody said of a part stands.
    Returns the observations made or carried on, oldest first; undo takes them back.
    """
    require(by, child, Act.LOG)
    local = child.timeline().local(now)
    current = DayPart.at_hour(local.hour)
    parts = [current] if current is DayPart.NIGHT else _daytime_until(current)
    changed = []
    with one_write():
        known = {o.part: o for o in Observation.objects.of(child).filter(date=local.date())}
        for part in parts:
            until_at = now if part is current else None
            earlier = known.get(part.value)
            if earlier is None:
                changed.append(
                    enter(
                        Observation,
                        by=by,
                        child=child,
                        entry_id=new_id(),
                        date=local.date(),
                        part=part.value,
                        watch=Watch.WATCHED.value,
                        until_at=until_at,
                    ).record
                )
            elif _is_tap_before(earlier, until_at):
                changed.append(amend(earlier, by=by, until_at=until_at))
    return changed


def _is_tap_before(earlier: Observation, until_at: datetime | None) -> bool:
    """Whether a statement is a tap to be carried on; one that arrives late takes nothing back."""
    if earlier.until_at is None or earlier.watch != Watch.WATCHED.value:
        return False
    return until_at is None or earlier.until_at < until_at


def describe_watching(
    *, by: Person, child: Child, day: date, parts: dict[DayPart, Watch | None]
) -> None:
    """Say for each part of a date how it was watched; None takes a statement back."""
    require(by, child, Act.LOG)
    with one_write():
        known = {o.part: o for o in Observation.objects.of(child).filter(date=day)}
        for part, watch in parts.items():
            earlier = known.get(part.value)
            if watch is None:
                if earlier is not None:
                    take_back(earlier, by=by)
            elif earlier is None:
                enter(
                    Observation,
                    by=by,
                    child=child,
                    entry_id=new_id(),
                    date=day,
                    part=part.value,
                    watch=watch.value,
                    until_at=cut_at(child, day, part, timezone.now()),
                )
            elif earlier.watch != watch.value or earlier.until_at is not None:
                until_at = cut_at(child, day, part, timezone.now())
                amend(earlier, by=by, watch=watch.value, until_at=until_at)


def _daytime_until(current: DayPart) -> list[DayPart]:
    parts = list(DayPart)
    return parts[1 : parts.index(current) + 1]


def cut_at(child: Child, day: date, part: DayPart, now: datetime) -> datetime | None:
    """A part that is still running is described up to now, not to its end."""
    timeline = child.timeline()
    return now if timeline.part_hours(day, part, now) < timeline.part_hours(day, part) else None


def save_check_in(*, by: Person, child: Child, entry_id: UUID, day: date, **values: Any) -> CheckIn:
    """One check-in a date. A second one, begun beside the other parent's, adds to it.

    What the other parent said is blanked out only by somebody who had it before their eyes.
    """
    require(by, child, Act.LOG)
    with one_write():
        earlier = CheckIn.objects.of(child).filter(date=day).first()
        if earlier is None:
            return enter(CheckIn, by=by, child=child, entry_id=entry_id, date=day, **values).record
        if earlier.pk != entry_id:
            values = {k: v for k, v in values.items() if v not in (None, "")}
        return amend(earlier, by=by, **values)  # type: ignore[no-any-return]
