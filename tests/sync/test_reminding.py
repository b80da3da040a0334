"""What a phone gets to ring by itself, and what it answers: docs/reminders.md#phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from quietdays.reminders import actions
from quietdays.reminders.models import Event, Heartbeat, Reminder
from tests import house

pytestmark = pytest.mark.django_db


def told(phone):
    response = phone.get("today")
    assert response.status_code == 200, response.content
    return response.json()["reminders"]


def planned(parent, child, minutes=30):
    """A meal that is due in so many minutes, and the key by which every phone knows it."""
    at = (timezone.now() + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
    local = f"{child.timeline().local(at):%Y-%m-%d %H:%M}"
    meal = house.plan(parent, child, local, (house.food(parent, child), 40))
    return f"meal:{meal.pk}:{int(meal.happened_at.timestamp())}"


def test_before_anybody_chose(mine, child):
    found = told(mine)
    assert set(found) == {
        "is_on", "nobody", "orders", "lost", "escalate_min", "snooze_min", "quiet", "shows_details",
        "answers", "told_next", "proof_max_age_h", "channels", "worker_seen_at", "push_key", "address",
    }  # fmt: skip
    assert (found["is_on"], found["nobody"]) == (False, False)
    assert found["address"] == f"/c/{child.pk}/reminders/"
    assert found["worker_seen_at"] is None


def test_what_was_chosen_stands_in_it(mine, parent, child):
    actions.set_turn(
        by=parent,
        child=child,
        order=1,
        kinds=["medicine"],
        quiet_from="22:00",
        quiet_until="06:00",
        snooze_min=[15],
    )
    actions.set_rules(by=parent, child=child, escalate_min=25, proof_max_age_h=48)
    Heartbeat.objects.create(seen_at=timezone.now())
    found = told(mine)
    assert (found["is_on"], found["orders"]) == (True, {"medicine": 1})
    assert (found["quiet"], found["snooze_min"]) == (["22:00", "06:00"], [15])
    assert (found["escalate_min"], found["proof_max_age_h"]) == (25, 48)
    assert found["worker_seen_at"] is not None


def test_where_nobody_is_first_the_next_one_is(mine, theirs, parent, child, other):
    actions.set_turn(by=parent, child=child, order=2)
    assert told(mine)["orders"]["medicine"] == 1
    actions.set_turn(by=other, child=child, order=1)
    orders = [told(phone)["orders"]["medicine"] for phone in (mine, theirs)]
    assert orders == [2, 1]


def test_who_is_first_is_told_kind_by_kind(mine, theirs, parent, child, other):
    actions.set_turn(by=other, child=child, order=1, kinds=["meal"])
    actions.set_turn(by=parent, child=child, order=2, kinds=["medicine", "meal"])
    assert told(mine)["orders"] == {"medicine": 1, "meal": 2}


def test_nobody_is_told_of_what_is_due(mine, parent, child):
    planned(parent, child)
    assert told(mine)["nobody"] is True
    actions.set_turn(by=parent, child=child, order=1, kinds=["medicine"])
    assert told(mine)["nobody"] is True
    actions.set_turn(by=parent, child=child, order=1, kinds=["meal"])
    assert told(mine)["nobody"] is False


def test_who_chose_not_to_be_told_is_not_asked_again(mine, parent, child):
    planned(parent, child)
    actions.set_turn(by=parent, child=child, order=0)
    assert told(mine)["nobody"] is False


def test_an_answer_of_one_phone_is_on_the_other(mine, theirs, parent, child):
    key = planned(parent, child)
    cursor = theirs.changes()["cursor"]
    seen = mine.create("reminder-answer", key=key, what="seen")
    result = mine.one(seen)
    assert (result["status"], result["echo"]) == ("applied", "Saved: you are on it")
    assert result["entries"] == []
    assert theirs.changes(cursor)["plan_changed"] is True
    [answer] = told(theirs)["answers"]
    assert (answer["key"], answer["what"], answer["by"]) == (key, "seen", parent.name)
    assert answer["until"] is None
    assert Reminder.objects.get(key=key).outcome_in_words == f"{parent.name} is on it"


def test_sent_twice_it_is_answered_once(mine, parent, child):
    key = planned(parent, child)
    late = mine.create("reminder-answer", key=key, what="snoozed", minutes=10)
    assert mine.one(late)["status"] == "applied"
    assert mine.one(late)["status"] == "duplicate"
    assert Event.objects.count() == 1
    [answer] = told(mine)["answers"]
    assert answer["until"] > answer["at"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"what": "eaten"}, "what"),
        ({"what": "seen", "minutes": 5}, "minutes"),
        ({"what": "snoozed"}, "minutes"),
        ({"what": "snoozed", "minutes": 0}, "minutes"),
        ({"what": "snoozed", "minutes": 121}, "minutes"),
        ({"what": "seen", "key": "dose:x"}, "key"),
        ({"what": "seen", "key": "meal:0190a2b4-0000-7000-8000-000000000000:1781000000"}, "key"),
    ],
)
def test_a_wrong_answer_is_rejected_by_its_field(mine, parent, child, values, field):
    good = {"key": planned(parent, child)}
    result = mine.one(mine.create("reminder-answer", **(good | values)))
    assert (result["status"], list(result["errors"])) == ("rejected", [field])
    assert Event.objects.count() == 0


def test_that_the_next_carer_was_told_is_on_both(mine, theirs, parent, child, other):
    key = planned(parent, child)
    assert mine.one(mine.create("reminder-answer", key=key, what="snoozed", minutes=5))
    cursor = mine.changes()["cursor"]
    reminder = Reminder.objects.get(key=key)
    Event.objects.create(reminder=reminder, what="told_next", person=other, at=timezone.now())
    for phone in (mine, theirs):
        [told_next] = told(phone)["told_next"]
        assert (told_next["key"], told_next["name"]) == (key, other.name)
    assert mine.changes(cursor)["plan_changed"] is True
