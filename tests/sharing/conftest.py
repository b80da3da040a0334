"""A diary with something of every kind that leaves the house as FHIR."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quietdays.diary.models import CheckIn, Illness, Measurement, OtherSeizure
from quietdays.emergency.actions import sign_card
from quietdays.people.actions import travel
from tests import house

DAY = house.NOW.date()


def days_ago(days: int) -> date:
    return DAY - timedelta(days=days)


@pytest.fixture
def lived(parent, child):
    """Two weeks of a child that was on a journey; call it with the clock at house.NOW."""
    for ago in (1, 2, 5, 9):
        house.cluster(parent, child, f"{days_ago(ago)} 06:40", 7 + ago, duration_s=390)
        house.cluster(parent, child, f"{days_ago(ago)} 23:59", None, duration_s=3600)
    for ago in (3, 4):
        house.watch(parent, child, days_ago(ago), **house.WHOLE_DAY)
    seen = house.at(f"{days_ago(1)} 07:05")
    house.enter(OtherSeizure, parent, child, happened_at=seen, looks="stiff", rescue_given=False)
    readings = (
        ("ketones_blood", "4.2", "mmol/L"), ("ketones_urine", "3", "grade"),
        ("glucose", "68", "mg/dL"), ("glucose", "4.1", "mmol/L"), ("weight", "7.15", "kg"),
        ("length", "68", "cm"), ("head", "44", "cm"), ("temperature", "38.4", "°C"),
    )  # fmt: skip
    for hours, (kind, value, unit) in enumerate(readings):
        house.enter(
            Measurement, parent, child, happened_at=seen - timedelta(hours=13 * hours), kind=kind,
            value=value, unit=unit,
        )  # fmt: skip
    for ago in (1, 2):
        hours = "9.5" if ago == 1 else None
        house.enter(CheckIn, parent, child, date=days_ago(ago), stress=4, sleep_hours=hours)
    house.enter(Illness, parent, child, started_on=days_ago(6), ended_on=days_ago(4), fever=True)
    house.enter(Illness, parent, child, started_on=days_ago(1), fever=False, what="runny nose")
    neurologist = house.joined(child, "neurologist")
    vigabatrin = house.medicine(parent, child)
    house.step(parent, child, vigabatrin, days_ago(30))
    house.step(parent, child, vigabatrin, days_ago(3), change="up", dose="10")
    house.dose(parent, child, vigabatrin, f"{days_ago(1)} 08:00")
    house.dose(
        parent, child, vigabatrin, f"{days_ago(1)} 20:00", None, outcome="skipped", reason="asleep"
    )
    house.prescribe(neurologist, child, effective_from=days_ago(8))
    house.prescribe(neurologist, child, effective_from=days_ago(5), ratio=2)
    cream = house.food(parent, child)
    for ago in (1, 3):
        house.eat(parent, child, f"{days_ago(ago)} 08:10", (cream, "50"))
    house.eat(parent, child, f"{days_ago(2)} 12:00", off_plan="half a biscuit", name="Lunch")
    sign_card(
        by=neurologist, child=child, entry_id=house.new_id(), diagnosis="Infantile spasms",
        rescue="As written", call_number="112", expires_on=DAY + timedelta(days=90),
    )  # fmt: skip
    travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.at(f"{days_ago(2)} 15:00"))
    child.refresh_from_db()
    return child
