"""When it is night where a child is, for screens that are dark from sunset to sunrise."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import sunrise, sunset

# ISO 6709 as zone.tab writes it: ±DDMM or ±DDMMSS, then ±DDDMM or ±DDDMMSS.
_PLACE = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?([+-])(\d{3})(\d{2})(\d{2})?")
# Old names that the database points at a far-away place which only keeps the same clock.
_ELSEWHERE = frozenset({"America/Coral_Harbour", "Antarctica/South_Pole", "Atlantic/Jan_Mayen"})


def nights(zone_name: str, first: date, days: int) -> list[tuple[datetime, datetime]]:
    """For each of `days` local dates from `first`: sunset and the next sunrise, in UTC.

    A date on which the sun does not set, or after which it does not rise within a day, is left
    out; a zone without a place (Etc/UTC) has no nights.

    Source: the place is that of the zone's main city in `zone1970.tab` and `zone.tab` of the
    IANA time zone database; the sun is NOAA's algorithm as the library astral computes it, for
    a flat horizon. Accuracy: about two minutes at that city up to 65° of latitude. A family
    elsewhere in the zone may see the sun set an hour or more earlier or later: good enough for
    a screen's colours, for nothing that is measured.
    """
    observer = _place(zone_name)
    if observer is None:
        return []
    zone = ZoneInfo(zone_name)
    dates = (first + timedelta(days=n) for n in range(days))
    return [night for day in dates if (night := _night(observer, zone, day))]


def _night(observer: Observer, zone: ZoneInfo, day: date) -> tuple[datetime, datetime] | None:
    try:
        down = sunset(observer, day, zone)
    except ValueError:
        return None
    # Far in the north the sun may set after midnight and rise on the same date.
    for candidate in (day, day + timedelta(days=1)):
        try:
            up = sunrise(observer, candidate, zone)
        except ValueError:
            continue
        if down < up:
            return down.astimezone(UTC), up.astimezone(UTC)
    return None


def _place(zone_name: str) -> Observer | None:
    places, links = _tables()
    if zone_name not in places and zone_name not in _ELSEWHERE:
        zone_name = links.get(zone_name, zone_name)  # browsers still say Asia/Calcutta
    place = places.get(zone_name)
    return None if place is None else Observer(*place)


@cache
def _tables() -> tuple[dict[str, tuple[float, float]], dict[str, str]]:
    """Latitude and longitude of each zone, and the present name behind each old one."""
    folder = resources.files("tzdata.zoneinfo")
    places: dict[str, tuple[float, float]] = {}
    for table in ("zone1970.tab", "zone.tab"):
        for line in folder.joinpath(table).read_text().splitlines():
            if not line.startswith("#"):
                _, place, name, *_ = line.split("\t")
                places[name] = _degrees(place)
    words = (line.split() for line in folder.joinpath("tzdata.zi").read_text().splitlines())
    links = {word[2]: word[1] for word in words if word[:1] == ["L"]}
    return places, links


def _degrees(text: str) -> tuple[float, float]:
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError(f"not a place in ISO 6709: {text}")

    def angle(sign: str, *parts: str | None) -> float:
        degrees, minutes, seconds = (int(part or 0) for part in parts)
        return (-1 if sign == "-" else 1) * (degrees + minutes / 60 + seconds / 3600)

    return angle(*match.group(1, 2, 3, 4)), angle(*match.group(5, 6, 7, 8))
