"""Sunset and sunrise at the city of a zone, held to published times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from quietdays.people.models import zone_names
from quietdays.people.nights import _tables, nights

# Local sunset and the next sunrise as almanacs print them for the city.
PUBLISHED = [
    ("Europe/Berlin", date(2026, 6, 21), "21:33", "04:43"),
    ("Europe/Berlin", date(2026, 12, 21), "15:54", "08:16"),
    ("Europe/Oslo", date(2026, 6, 21), "22:44", "03:54"),
    ("America/New_York", date(2026, 6, 21), "20:31", "05:25"),
    ("America/New_York", date(2026, 12, 21), "16:32", "07:17"),
    ("Australia/Sydney", date(2026, 6, 21), "16:54", "07:00"),
    ("Australia/Sydney", date(2026, 12, 21), "20:05", "05:41"),
    ("Asia/Kolkata", date(2026, 6, 21), "18:23", "04:53"),
    ("Asia/Kolkata", date(2026, 12, 21), "16:57", "06:13"),
]


@pytest.mark.parametrize(
    ("zone", "day", "down", "up"), PUBLISHED, ids=[f"{z}-{d}" for z, d, _, _ in PUBLISHED]
)
def test_the_sun_sets_and_rises_when_the_almanac_says(zone, day, down, up):
    found = nights(zone, day, 1)
    expected = [
        datetime.fromisoformat(f"{date_} {text}").replace(tzinfo=ZoneInfo(zone))
        for date_, text in ((day, down), (day + timedelta(days=1), up))
    ]
    assert len(found) == 1
    for instant, published in zip(found[0], expected, strict=True):
        assert instant.tzinfo is UTC
        assert abs(instant - published) <= timedelta(minutes=4), instant


@pytest.mark.parametrize("month", [6, 12])
def test_where_the_sun_does_not_set_or_rise_there_is_no_night(month):
    assert nights("Arctic/Longyearbyen", date(2026, month, 15), 10) == []


def test_at_the_edge_of_the_midnight_sun_only_some_dates_have_a_night():
    found = nights("Arctic/Longyearbyen", date(2026, 4, 1), 60)
    assert 0 < len(found) < 60
    assert all(down < up for down, up in found)


def test_a_zone_without_a_place_has_no_nights():
    for zone in ("Etc/UTC", "UTC", "Etc/GMT+5", "Antarctica/South_Pole", "Atlantic/Jan_Mayen"):
        assert nights(zone, date(2026, 3, 1), 3) == []


@pytest.mark.parametrize(
    ("old", "new"), [("Asia/Calcutta", "Asia/Kolkata"), ("Europe/Kiev", "Europe/Kyiv")]
)
def test_a_browsers_old_name_is_the_same_place(old, new):
    assert nights(old, date(2026, 3, 1), 5) == nights(new, date(2026, 3, 1), 5) != []


@pytest.mark.parametrize("month", [3, 6, 9, 12])
def test_every_city_below_sixty_degrees_has_one_night_a_date(month):
    places, _ = _tables()
    first = date(2026, month, 19)
    for zone in sorted(zone_names() & set(places)):
        if abs(places[zone][0]) > 60:
            continue
        found = nights(zone, first, 3)
        local = [down.astimezone(ZoneInfo(zone)).date() for down, _ in found]
        assert local == [first + timedelta(days=n) for n in range(3)], zone
        for (down, up), (later, _) in pairwise(found):
            assert down < up < later, zone
            assert timedelta(hours=4) < up - down < timedelta(hours=20), zone
