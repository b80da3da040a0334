"""How long what is in the house lasts, by what was counted and what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext, gettext_lazy

from quietdays.medicines.models import Dose, Schedule, Supply
from quietdays.medicines.queries import asked_between, in_force_on, steps_of
from quietdays.people.models import Child
from quietdays.words import counted, dated

AHEAD_DAYS = 120
# A count of so long ago says nothing of today.
BACK = timedelta(days=400)
ONE_DAY = timedelta(days=1)
NOT_KNOWN = gettext_lazy("how long it lasts is not known")


@dataclass(frozen=True, slots=True)
class SupplyLeft:
    """One supply on a date. `runs_out_on`: the first date on which not all is there that is asked
    for; None where nothing tells, or not within 120 days (`is_beyond`). `too_little`: of what is
    given as needed, that not one dose is left."""

    supply: Supply
    today: date
    runs_out_on: date | None
    is_beyond: bool = False
    too_little: str = ""

    @property
    def ends_on(self) -> date | None:
        """The first date on which it cannot be used: used up, or expired."""
        expired = self.supply.expires_on
        ends = (self.runs_out_on, None if expired is None else expired + ONE_DAY)
        return min((end for end in ends if end is not None), default=None)

    @property
    def low_on(self) -> date | None:
        """From this date on it is said that it ends."""
        ends = self.ends_on
        return None if ends is None else ends - timedelta(days=self.supply.warn_days)

    @property
    def is_low(self) -> bool:
        ends = self.low_on is not None and self.low_on <= self.today
        return ends or bool(self.too_little)

    @property
    def ends_in_words(self) -> str:
        """Which ends when, without counting days: a message may be read later."""
        expires = self.supply.expires_on
        if expires is not None and self.ends_on == expires + timedelta(days=1):
            return gettext("%(supply)s expires on %(day)s") % {
                "supply": self.supply.name,
                "day": _day(expires, self.today),
            }
        if self.runs_out_on is None:
            return f"{self.supply.name}: {NOT_KNOWN}"
        return gettext("%(supply)s lasts until %(day)s") % {
            "supply": self.supply.name,
            "day": _day(self.runs_out_on - ONE_DAY, self.today),
        }

    @property
    def words(self) -> str:
        said = [_lasts(self)]
        expires = self.supply.expires_on
        if expires is not None:
            is_ahead = expires >= self.today
            told = gettext("expires on %(day)s") if is_ahead else gettext("expired on %(day)s")
            said.append(told % {"day": _on(expires, self.today)})
        return "; ".join(said)


def _lasts(left: SupplyLeft) -> str:
    if left.too_little:
        return left.too_little
    if left.is_beyond:
        days = counted(AHEAD_DAYS, "day")
        return gettext("lasts longer than %(days)s, by what was counted") % {"days": days}
    if left.runs_out_on is None:
        return str(NOT_KNOWN)
    if left.runs_out_on <= left.today:
        return gettext("used up since %(day)s, by what was counted") % {
            "day": _day(left.runs_out_on, left.today)
        }
    return gettext("lasts until %(day)s") % {"day": _on(left.runs_out_on - ONE_DAY, left.today)}


def _on(day: date, today: date) -> str:
    days = (day - today).days
    if days < 0:
        return _day(day, today)
    ahead = counted(days, "day") if days else gettext("today")
    return f"{_day(day, today)} ({ahead})"


def _day(day: date, today: date) -> str:
    return dated(day, "j M" if day.year == today.year else "j M Y")


def supplies_of(child: Child, now: datetime) -> list[SupplyLeft]:
    """Every supply of a child with how long it lasts, those that end first in front."""
    rows = list(Supply.objects.of(child).select_related("medicine"))
    today = child.timeline().date_of(now)
    walked = [row for row in rows if row.medicine_id is not None and row.per_day is None]
    asked, given, steps = [], [], {}
    if walked:
        steps = {step.medicine_id: step for step in in_force_on(steps_of(child), today)}
        first = max(min(row.counted_at for row in walked), now - BACK)
        asked = asked_between(child, first, now + timedelta(days=AHEAD_DAYS))
        given = list(Dose.objects.of(child).filter(happened_at__gte=first))
    found = []
    for row in rows:
        if row.per_day is not None:
            lasts = _typed(row, child)
            found.append(SupplyLeft(row, today, lasts))
        else:
            of_it = [pair for pair in asked if pair[0].medicine_id == row.medicine_id]
            ends, is_beyond = _walked(row, of_it, given, child, now)
            too_little = "" if of_it else _too_little(row, given, steps.get(row.medicine_id))
            found.append(SupplyLeft(row, today, ends, is_beyond, too_little))
    return sorted(found, key=lambda left: (left.ends_on or date.max, left.supply.name))


def _typed(supply: Supply, child: Child) -> date:
    """So many whole days from the day of the count on."""
    assert supply.per_day is not None  # noqa: S101  checked by the caller
    days = min(int(supply.amount / supply.per_day), 36_500)
    return child.timeline().date_of(supply.counted_at) + timedelta(days=days)


def _walked(
    supply: Supply,
    asked: Sequence[tuple[Schedule, datetime]],
    given: Sequence[Dose],
    child: Child,
    now: datetime,
) -> tuple[date | None, bool]:
    """Dose by dose as the schedule asks; and whether all that is asked for ahead is there.

    Of the time since the count what was asked for counts, or what was recorded where that is
    more: a dose that nobody wrote down was taken out of the bottle all the same.
    """
    ahead = [pair for pair in asked if pair[1] >= now]
    if not ahead or any(step.dose is None for step, _ in asked):
        return None, False
    since = [step.dose or 0 for step, at in asked if supply.counted_at <= at < now]
    left = supply.amount - max(sum(since, Decimal(0)), recorded(supply, given))
    for step, at in ahead:
        left -= step.dose or 0
        if left < 0:
            return child.timeline().date_of(at), False
    return None, True


def _too_little(supply: Supply, given: Sequence[Dose], step: Schedule | None) -> str:
    """Nothing tells how long it lasts; but whether there is a dose of it can be told."""
    left = supply.amount - recorded(supply, given)
    if left <= 0:
        return gettext("none left, by what was counted")
    if step is not None and step.dose is not None and left < step.dose:
        return gettext("less than one dose left, by what was counted")
    return ""


def recorded(supply: Supply, given: Sequence[Dose]) -> Decimal:
    """What of a medicine was recorded as given since it was counted."""
    return sum(
        (
            dose.amount
            for dose in given
            if dose.medicine_id == supply.medicine_id
            and dose.happened_at >= supply.counted_at
            and dose.amount is not None
        ),
        Decimal(0),
    )
