"""The list equals what is worked out directly, whatever is written; in a settled number of queries."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quietdays.clinic import glances
from quietdays.clinic.actions import mark_read, set_limits, settle, write_message
from quietdays.clinic.dietitian import dietitians_day, is_dietitian
from quietdays.clinic.facts import facts_of
from quietdays.clinic.models import Glance, Message
from quietdays.clinic.queries import limits_of, waiting_messages, who_needs_me
from quietdays.clinic.reasons import Why, reasons
from quietdays.diary.models import CheckIn, DayTotal, Illness, Measurement, Question
from quietdays.diet.actions import acknowledge
from quietdays.people.actions import create_family, grant_role, travel, update_child
from quietdays.people.entries import amend, take_back, undo
from quietdays.sharing.purge import purge_deleted
from tests import house

pytestmark = pytest.mark.django_db
LIMITS = {
    "glucose_low": Decimal(3), "glucose_high": Decimal(6), "glucose_unit": "mmol/L",
    "ketones_low": Decimal(2), "ketones_high": Decimal(5), "urine_low": 2, "urine_high": 4,
    "clusters_per_day": Decimal("1.5"), "silent_days": 4,
}  # fmt: skip


def limits(by, child, **values):
    asked = LIMITS | values
    return set_limits(by=by, child=child, entry_id=house.new_id(), **asked)


def message(by, child, text="How much water?"):
    return write_message(by=by, child=child, entry_id=house.new_id(), text=text)


def directly(child, now: datetime) -> list[str]:
    """The slow way, with no copy and no set of children."""
    child.refresh_from_db()
    today = child.today(now)
    known = facts_of(child, today, now=now)
    newest = Message.objects.filter(child=child).order_by("-written_at", "-id").first()
    waits = newest and newest.is_of_family and not newest.marks.filter(what="settled").exists()
    waiting = newest.written_at.astimezone(child.zone).date() if waits else None
    found = reasons(child, known, today=today, limits=limits_of(child), waiting=waiting)
    return [repr(known), *(r.words for r in found)]


def listed(person, now: datetime) -> dict:
    rows = who_needs_me(person, now)
    return {r.child.pk: [repr(r.facts), *(reason.words for reason in r.reasons)] for r in rows}


class Writer:
    """Writes something at random into one child's diary, by the actions that people use."""

    def __init__(self, parent, neurologist, child, chance: random.Random) -> None:
        self.parent, self.neurologist, self.child = parent, neurologist, child
        self.chance = chance
        self.records: list = []
        self.food = house.meal_food(parent, child)

    def something(self) -> None:
        self.chance.choice(
            [self.cluster, self.watched, self.reading, self.reading, self.weight, self.ask,
             self.meal, self.dose, self.whole_day, self.take_away, self.change, self.prescribe,
             self.limits, self.talk, self.ill, self.travels]
        )()  # fmt: skip

    def day(self) -> date:
        return timezone.now().date() - timedelta(days=self.chance.randrange(1, 30))

    def enter(self, model, **values) -> None:
        self.records.append(house.enter(model, self.parent, self.child, **values))

    def cluster(self) -> None:
        when = f"{self.day()} 0{self.chance.randrange(4, 9)}:15"
        self.records.append(house.cluster(self.parent, self.child, when))

    def watched(self) -> None:
        house.watch(self.parent, self.child, self.day(), **house.WHOLE_DAY)

    def reading(self) -> None:
        kind, value, unit = self.chance.choice(
            [("glucose", "2.4", "mmol/L"), ("glucose", "130", "mg/dL"), ("glucose", "4", "mmol/L"),
             ("ketones_blood", "5.8", "mmol/L"), ("ketones_blood", "3", "mmol/L"),
             ("ketones_urine", "1", "grade"), ("ketones_urine", "3", "grade")]
        )  # fmt: skip
        when = house.at(f"{self.day()} 18:00")
        self.enter(Measurement, kind=kind, value=Decimal(value), unit=unit, happened_at=when)

    def weight(self) -> None:
        grams = self.chance.randrange(6200, 9400)
        when = house.at(f"{self.day()} 09:00")
        self.enter(Measurement, kind="weight", value=Decimal(grams), unit="g", happened_at=when)

    def ask(self) -> None:
        answer = self.chance.choice(["", "", "Yes."])
        self.enter(Question, date=self.day(), text="May we?", answer=answer)

    def meal(self) -> None:
        day = self.day()
        planned = house.plan(self.parent, self.child, f"{day} 12:00", (self.food, 100))
        if self.chance.random() < 0.7:
            when = f"{day} 12:10"
            parts = (self.food, 100)
            house.eat(self.parent, self.child, when, parts, planned=planned)

    def dose(self) -> None:
        medicine = house.medicine(self.parent, self.child, f"M{house.new_id()}")
        house.dose(self.parent, self.child, medicine, f"{self.day()} 08:00")

    def whole_day(self) -> None:
        day = self.day()
        if not DayTotal.objects.of(self.child).filter(date=day).exists():
            self.enter(DayTotal, date=day, was_observed=True, clusters=self.chance.randrange(9))
        if not CheckIn.objects.of(self.child).filter(date=day).exists():
            self.enter(CheckIn, date=day, stress=2)

    def take_away(self) -> None:
        if self.records:
            gone = self.records.pop(self.chance.randrange(len(self.records)))
            take_back(gone, by=self.parent)
            if self.chance.random() < 0.3:
                undo(gone, by=self.parent)
            purge_deleted()

    def change(self) -> None:
        clusters = [r for r in self.records if hasattr(r, "spasm_count")]
        if clusters:
            when = house.at(f"{self.day()} 05:00")
            amend(self.chance.choice(clusters), by=self.parent, happened_at=when)

    def prescribe(self) -> None:
        signed = house.prescribe(self.neurologist, self.child, effective_from=self.day())
        if self.chance.random() < 0.5:
            acknowledge(by=self.parent, prescription=signed)

    def limits(self) -> None:
        limits(self.neurologist, self.child, silent_days=self.chance.randrange(1, 9))

    def talk(self) -> None:
        who = self.chance.choice([self.parent, self.neurologist])
        said = message(who, self.child)
        if self.chance.random() < 0.3:
            settle(by=self.neurologist, message=said)

    def ill(self) -> None:
        self.enter(Illness, started_on=self.day(), what="a cold")

    def travels(self) -> None:
        zone = self.chance.choice(["Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin"])
        travel(by=self.parent, child=self.child, time_zone=zone, since=timezone.now())
        self.child.refresh_from_db()
        started = self.day()
        update_child(by=self.parent, child=self.child, diet_started_on=started, phone="")


@pytest.mark.parametrize("seed", range(3))
def test_the_list_equals_the_direct_computation_on_random_diaries(
    parent, neurologist, child, noon, seed
):
    chance = random.Random(seed)
    other = create_family(
        by=parent, child_name="Sami", birth_date=date(2025, 5, 1), sex="male",
        time_zone="America/New_York",
    )  # fmt: skip
    grant_role(child=other, person=neurologist, role="neurologist")
    writers = [Writer(parent, neurologist, c, chance) for c in (child, other)]
    for _ in range(25):
        for _ in range(chance.randrange(0, 3)):
            chance.choice(writers).something()
        noon.shift(timedelta(hours=chance.choice([0, 0, 1, 5, 13, 40])))
        now = timezone.now()
        for writer in writers:
            assert listed(neurologist, now)[writer.child.pk] == directly(writer.child, now)


def test_a_copy_is_worked_out_once_and_anew_after_a_write(
    parent, neurologist, child, monkeypatch, noon
):
    worked_out = []
    real = glances.facts_of

    def counted(*args, **kwargs):
        worked_out.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(glances, "facts_of", counted)

    def look() -> int:
        worked_out.clear()
        who_needs_me(neurologist, timezone.now())
        return len(worked_out)

    assert [look(), look()] == [1, 0]
    house.cluster(parent, child, "2026-06-10 07:30")
    assert [look(), look()] == [1, 0]
    noon.shift(timedelta(hours=13))  # past midnight
    assert [look(), look()] == [1, 0]
    Glance.objects.update(method=0)
    assert [glances.renew_glances(timezone.now()), look()] == [1, 0]


def test_one_childs_trouble_keeps_no_other_waiting(parent, neurologist, child, monkeypatch):
    _, other = house.another_child()
    real = glances.facts_of

    def troubled(of, *args, **kwargs):
        if of == child:
            raise RuntimeError("a fault")
        return real(of, *args, **kwargs)

    monkeypatch.setattr(glances, "facts_of", troubled)
    assert glances.renew_glances(timezone.now()) == 1
    assert [g.child for g in Glance.objects.all()] == [other]


def test_as_many_queries_for_many_as_for_one(parent, neurologist, child):
    def queries() -> int:
        who_needs_me(neurologist, timezone.now())  # the copies are there
        with CaptureQueriesContext(
            connection,
        ) as caught:
            who_needs_me(neurologist, timezone.now())
        return len(caught)

    limits(neurologist, child)
    message(parent, child)
    one = queries()
    for n in range(6):
        more = create_family(
            by=parent, child_name=f"Child {n}", birth_date=date(2025, 5, 1), sex="male",
            time_zone="Europe/Berlin",
        )  # fmt: skip
        grant_role(child=more, person=neurologist, role="neurologist")
        limits(neurologist, more)
        message(parent, more)
    assert queries() == one <= 4


def test_the_most_pressing_stands_first_and_the_longest_silent_before_the_others(
    parent, neurologist, child
):
    def another(name: str):
        made = create_family(
            by=parent, child_name=name, birth_date=date(2025, 5, 1), sex="male",
            time_zone="Europe/Berlin",
        )  # fmt: skip
        grant_role(child=made, person=neurologist, role="neurologist")
        return made

    quiet, silent, asked = another("Quiet"), another("Silent"), another("Asked")
    house.cluster(parent, quiet, "2026-06-09 08:00")
    house.cluster(parent, silent, "2026-05-01 08:00")
    message(parent, asked)
    limits(neurologist, child)
    when = house.at("2026-06-09 08:00")
    house.enter(Measurement, parent, child, kind="glucose", value=Decimal("2.4"), unit="mmol/L",
                happened_at=when)  # fmt: skip
    names = [r.child.name for r in who_needs_me(neurologist, timezone.now())]
    assert names == ["Noor", "Asked", "Silent", "Quiet"]


def test_a_carer_elsewhere_gets_no_row_of_that_child(neurologist, child):
    _, other = house.another_child()
    grant_role(child=other, person=neurologist, role="carer")
    assert [r.child for r in who_needs_me(neurologist, timezone.now())] == [child]


@pytest.mark.parametrize("end", ["ended_at", "ends_at"])
def test_a_role_that_is_over_leaves_both_lists(child, join, end):
    dietitian = join("dietitian")
    assert [len(who_needs_me(dietitian, timezone.now())), is_dietitian(dietitian)] == [1, True]
    past = timezone.now() - timedelta(minutes=1)
    child.care_roles.filter(person=dietitian).update(**{end: past})
    assert [len(who_needs_me(dietitian, timezone.now())), is_dietitian(dietitian)] == [0, False]
    assert dietitians_day(dietitian, timezone.now()) == []


# --- messages


def test_a_message_waits_until_somebody_answers_or_settles_it(parent, neurologist, child):
    def waits() -> bool:
        rows = who_needs_me(neurologist, timezone.now())
        return Why.MESSAGE in [reason.why for row in rows for reason in row.reasons]

    assert not waits()
    message(parent, child)
    assert waits()
    assert mark_read(by=neurologist, child=child) == 1
    assert mark_read(by=neurologist, child=child) == 0
    assert waits()  # read is not answered
    message(neurologist, child, "As thirsty as she is.")
    assert not waits()
    again = message(parent, child, "Thank you!")
    assert waits()
    settle(by=neurologist, message=again)
    settle(by=neurologist, message=again)
    assert not waits()
    assert waiting_messages([child.pk]) == {}
