"""The calendar that a feed gives: doses as rules in the child's zone, meals and visits as single events.

A calendar rings without this server, so its times have to be the app's own (RFC 5545): a rule
holds only what every reader works out alike, and each instant that it would not say, on a night
of a clock change or after a flight, is an event by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import gcd
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from icalendar import Alarm, Calendar, Event
from icalendar.enums import CLASS, TRANSP

from quietdays.diary.models import Visit
from quietdays.diet.models import PlannedMeal
from quietdays.medicines.models import Schedule
from quietdays.medicines.queries import asked_between
from quietdays.reminders.messages import NAME, short
from quietdays.reminders.models import CalendarFeed
from quietdays.reminders.occasions import dose_words
from quietdays.science.days import ZoneTimeline

LASTS = timedelta(minutes=10)
MONTHS_AHEAD = 13


@dataclass(frozen=True, slots=True)
class Line:
    """Dates on which one step asks at one clock time of one zone."""

    step: Schedule
    zone: ZoneInfo
    clock: time
    dates: tuple[date, ...]

    @property
    def every_days(self) -> int:
        gaps = ((b - a).days for a, b in zip(self.dates, self.dates[1:], strict=False))
        return gcd(*gaps) or 1

    @property
    def left_out(self) -> list[date]:
        """Dates that the rule says and the schedule does not."""
        first, last = self.dates[0], self.dates[-1]
        said = range(0, (last - first).days + 1, self.every_days)
        return sorted({first + timedelta(days=n) for n in said} - set(self.dates))


def window(now: datetime) -> tuple[datetime, datetime]:
    """From the first of last month on, for a year at least: by months, so that what a calendar
    reads again an hour later is the same."""
    month = now.year * 12 + now.month - 1
    first, last = (date(m // 12, m % 12 + 1, 1) for m in (month - 1, month + MONTHS_AHEAD))
    return _midnight(first), _midnight(last)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)


def calendar_of(feed: CalendarFeed, now: datetime) -> bytes:
    """What the feed's address answers: text/calendar, the same bytes while nothing changed."""
    child, (first, last) = feed.child, window(now)
    calendar = Calendar.new(
        prodid=f"-//{NAME}//reminders//EN",
        method="PUBLISH",
        name=f"{NAME}: {child.name}" if feed.shows_details else NAME,
        refresh_interval=timedelta(hours=1),
        uid=str(feed.pk),
        last_modified=feed.made_at,
    )
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    asked = asked_between(child, first, last)
    lines, alone = split(asked, child.timeline())
    events = (
        *_rules(lines, feed, first),
        *_alone(alone, feed, first),
        *_records(PlannedMeal, "meal", feed, (first, last)),
        *_records(Visit, "visit", feed, (first, last)),
    )
    for event in events:
        calendar.add_component(event)
    calendar.add_missing_timezones(first.date(), last.date())
    return bytes(calendar.to_ical())


def split(
    asked: Iterable[tuple[Schedule, datetime]], timeline: ZoneTimeline
) -> tuple[list[Line], list[tuple[Schedule, datetime]]]:
    """Doses that fall on a written time of the zone, as rules, and all others by themselves."""
    by_rule: dict[tuple[Schedule, str, time], list[date]] = defaultdict(list)
    alone = []
    for step, instant in asked:
        zone = timeline.zone_at(instant)
        local = instant.astimezone(zone)
        clock = local.time().replace(fold=0)
        if f"{clock:%H:%M}" in step.times and _is_plain(local, zone):
            by_rule[step, zone.key, clock].append(local.date())
        else:
            alone.append((step, instant))
    lines = [
        Line(step, ZoneInfo(zone), clock, tuple(sorted(set(dates))))
        for (step, zone, clock), dates in by_rule.items()
    ]
    return lines, alone


def _is_plain(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone's clock showed this time exactly once."""
    naive = local.replace(tzinfo=None, fold=0)
    both = {naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return both == {local.astimezone(UTC)}


def _rules(lines: list[Line], feed: CalendarFeed, first: datetime) -> Iterator[Event]:
    for line in lines:
        start = datetime.combine(line.dates[0], line.clock, line.zone)
        until = datetime.combine(line.dates[-1], line.clock, line.zone).astimezone(UTC)
        key = f"{line.step.pk}:{line.zone.key}:{line.clock}"
        event = _event(feed, key, start, dose_words(line.step), _changed(line.step, first))
        event.add("rrule", {"freq": "daily", "interval": line.every_days, "until": until})
        for day in line.left_out:
            event.add("exdate", datetime.combine(day, line.clock, line.zone))
        yield event


def _alone(
    asked: list[tuple[Schedule, datetime]], feed: CalendarFeed, first: datetime
) -> Iterator[Event]:
    for step, at in asked:
        key = f"{step.pk}:{int(at.timestamp())}"
        yield _event(feed, key, at, dose_words(step), _changed(step, first))


def _records(
    model: type[PlannedMeal | Visit],
    kind: str,
    feed: CalendarFeed,
    between: tuple[datetime, datetime],
) -> Iterator[Event]:
    """Planned meals or visits, an event each, by their own names."""
    first, last = between
    rows = model.objects.of(feed.child).filter(happened_at__gte=first, happened_at__lt=last)
    for row in rows:
        key, changed = f"{kind}:{row.pk}", _changed(row, first)
        words = (
            row.name
            if isinstance(row, PlannedMeal)
            else gettext("Visit: %(whom)s") % {"whom": row.whom}
        )
        yield _event(feed, key, row.happened_at, words, changed)


def _changed(record: Schedule | PlannedMeal | Visit, first: datetime) -> datetime:
    """When what the event says last changed: by its record, or by the window that moved on."""
    newest = record.history.order_by("-history_date").values_list("history_date", flat=True)
    return max(newest.first() or record.entered_at, first).replace(microsecond=0)


def _event(feed: CalendarFeed, key: str, start: datetime, words: str, changed: datetime) -> Event:
    title = words if feed.shows_details else NAME
    event = Event.new(
        uid=f"{short(f'{feed.pk}:{key}')}@quietdays",
        start=start,
        summary=title,
        stamp=changed,
        last_modified=changed,
        sequence=int(changed.timestamp()) // 60,
        classification=CLASS.PRIVATE,
        transparency=TRANSP.TRANSPARENT,
        url=f"{settings.ADDRESS}{reverse('log')}?child={feed.child_id}",
    )
    event.add("duration", LASTS)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", -timedelta(minutes=feed.alarm_min))
    event.add_component(alarm)
    return event
