"""Ways in which a due dose could reach nobody, or a wrong word stay on a screen; each was one once."""

from __future__ import annotations

import time
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from quietdays.medicines.actions import add_step, give_dose
from quietdays.medicines.models import Schedule
from quietdays.records.ids import new_id
from quietdays.reminders import actions, decisions, worker
from quietdays.reminders.channels import push
from quietdays.reminders.channels.answers import Answer
from quietdays.reminders.models import Channel, Delivery, Heartbeat, Reminder, Step
from quietdays.reminders.worker import Worker
from quietdays.sync.reminding import reminders_of
from tests import house
from tests.reminders.conftest import Browser
from tests.reminders.servers import opened
from tests.reminders.test_worker import opened_what, work

pytestmark = pytest.mark.django_db(transaction=True)
State = Delivery.State


def quiet_now(child):
    """Quiet hours of five hours before and after."""
    local = child.timeline().local(timezone.now())
    ends = (local - timedelta(hours=5), local + timedelta(hours=5))
    return dict(zip(("quiet_from", "quiet_until"), (end.time() for end in ends), strict=True))


def minutes(now, *at):
    for minute in at:
        work(now + timedelta(minutes=minute))


@pytest.fixture
def pair(parent, child, subscribed, push_service, join):
    """Two carers with a phone each, and what(…): what came to which phone, but self-tests."""

    class Pair:
        second = join("carer")
        mine, my_browser = subscribed(parent, "mine")
        theirs, their_browser = subscribed(second, "theirs")

        def came(self, kind="reminder"):
            browsers = {"mine": self.my_browser, "theirs": self.their_browser}
            return [
                path.rpartition("/")[2]
                for path, headers, body in push_service.requests
                if opened_what((path, headers, body), browsers[path.rpartition("/")[2]]) == kind
            ]

    return Pair()


class TestQuietHours:
    @pytest.mark.parametrize("order", [1, 2])
    def test_are_not_handed_on_to_who_cannot_be_reached(
        self, parent, child, dose, told, subscribed, push_service, join, order
    ):
        _, mine = subscribed(parent)
        told(parent, child, **quiet_now(child))
        told(join("carer"), child, order=order)
        dose()
        minutes(timezone.now(), 0, 1)
        assert [opened_what(r, mine) for r in push_service.requests].count("reminder") == 1

    def test_come_next_when_the_one_who_is_awake_does_not_answer(
        self, parent, child, dose, told, pair
    ):
        told(parent, child, **quiet_now(child))
        told(pair.second, child, order=2)
        _, due = dose(1)
        minutes(due, 1, 2)
        assert pair.came() == ["theirs"]
        minutes(due, 21)
        assert "mine" in pair.came()

    def test_do_not_keep_back_what_replaces_a_notification(self, parent, child, dose, told, pair):
        told(parent, child)
        told(pair.second, child, order=2, **quiet_now(child))
        medicine, due = dose(10)
        minutes(due, 10, 21)
        assert "theirs" in pair.came()
        now = timezone.now()
        given = {"outcome": "given", "amount": Decimal("2.5"), "happened_at": now}
        give_dose(by=parent, child=child, entry_id=new_id(), medicine=medicine, **given)
        minutes(due, 22)
        assert "theirs" in pair.came("closed")


class TestPlans:
    def test_a_new_step_leaves_a_dose_that_is_due_now(self, parent, child, dose, told, pair):
        told(parent, child)
        told(pair.second, child, order=2)
        medicine, due = dose(10)
        minutes(due, 10)
        clock = f"{child.timeline().local(due):%H:%M}"
        values = {"change": "up", "dose": Decimal(3), "times": [clock]}
        day = child.timeline().date_of(due)
        add_step(
            by=parent, child=child, entry_id=new_id(), medicine=medicine, effective_from=day, **values
        )  # fmt: skip
        minutes(due, 12, 21)
        assert "theirs" in pair.came()
        assert Reminder.objects.get(due_at=due).outcome_in_words == "not answered yet"

    def test_a_plan_that_flickers_keeps_what_was_put_off(
        self, parent, child, dose, told, subscribed, push_service
    ):
        _, mine = subscribed(parent)
        told(parent, child)
        medicine, due = dose()
        now = timezone.now()
        work(now)
        key = Reminder.objects.get(due_at=due).key
        actions.answer(by=parent, child=child, key=key, what="snoozed", at=now, minutes=10)
        steps = Schedule.objects.filter(medicine=medicine)
        steps.update(deleted_at=now)
        work(now + timedelta(seconds=5))
        steps.update(deleted_at=None)
        push_service.requests.clear()
        minutes(now, 1, 11)
        assert [opened_what(r, mine) for r in push_service.requests].count("reminder") == 1

    def test_longer_minutes_of_the_family_make_nobody_too_late(self, parent, child, told, pair):
        told(parent, child)
        told(pair.second, child, order=2)
        local = child.timeline().local(timezone.now() + timedelta(hours=2))
        food = house.food(parent, child)
        meal = house.plan(parent, child, f"{local:%Y-%m-%d %H:%M}", (food, 40))
        work(timezone.now())
        actions.set_rules(by=parent, child=child, escalate_min=90)
        minutes(meal.happened_at, 0, 91)
        assert "theirs" in pair.came()


def test_put_off_after_the_next_carer_was_told_they_are_told_again(parent, child, dose, told, pair):
    told(parent, child)
    told(pair.second, child, order=2)
    _, due = dose(25)
    minutes(due, 25, 26)
    assert pair.came().count("theirs") == 1
    key = Reminder.objects.get(due_at=due).key
    now = timezone.now()
    actions.answer(by=parent, child=child, key=key, what="snoozed", at=now, minutes=10)
    minutes(now, 11, 31)
    assert pair.came().count("theirs") == 2


class TestChannels:
    def test_what_no_service_took_is_not_called_sent(
        self, parent, child, dose, told, subscribed, push_service
    ):
        first, _ = subscribed(parent, "a")
        told(parent, child)
        subscribed(parent, "b")  # tried before the other
        _, due = dose()
        push_service.statuses = [503]
        one, now = Worker(), timezone.now()
        one.turn(now)
        actions.end_channel(by=parent, channel=first)
        for minute in range(130):
            work(now + timedelta(minutes=minute), one)
        delivery = Delivery.objects.get(reminder__due_at=due, step=Step.FIRST)
        assert (delivery.state, delivery.sent_at) == (State.LOST, None)
        [lost] = reminders_of(child, parent, now + timedelta(hours=3))["lost"]
        assert lost["words"] == "Vigabatrin 2.5 mL"

    def test_a_late_receipt_proves_the_phone_that_gives_it(
        self, parent, child, dose, told, subscribed, push_service
    ):
        old, _ = subscribed(parent, "old")
        new, browser = subscribed(parent, "new")
        told(parent, child)
        dose()
        now = timezone.now()
        minutes(now, 0, 6)
        came = [r for r in push_service.requests if r[0].endswith("new")]
        token = opened(browser, came[0])["quiet_days"]["receipt"]
        actions.receive(token=token, what="received")
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.proved_at, new.proved_at is None) == (None, False)

    def test_every_phone_on_which_it_stands_is_told_that_it_is_over(
        self, parent, child, dose, told, subscribed, push_service, join
    ):
        subscribed(parent, "old")
        subscribed(parent, "new")
        second = join("carer")
        told(parent, child)
        _, due = dose()
        minutes(due, 1, 7)
        key = Reminder.objects.get(due_at=due).key
        actions.answer(by=second, child=child, key=key, what="seen", at=timezone.now())
        push_service.requests.clear()
        work(timezone.now())
        assert {path for path, _, _ in push_service.requests} == {"/push/old", "/push/new"}

    def test_a_phone_that_does_not_answer_its_test_is_sent_one_more(
        self, parent, subscribed, push_service
    ):
        channel, _ = subscribed(parent)
        now = timezone.now()
        for minute in range(0, 120, 2):
            work(now + timedelta(minutes=minute))
        assert len(push_service.requests) == 2
        assert Delivery.objects.get(only=channel).state == State.LOST

    def test_an_endpoint_is_never_told_and_not_taken_by_who_has_no_keys(
        self, parent, child, dose, told, settings, subscribed, client, join, monkeypatch
    ):
        channel, _ = subscribed(parent)
        told(parent, child)
        dose()

        def unreachable(*args):
            raise requests.ConnectionError(f"HTTPConnectionPool: url: {channel.address}")

        monkeypatch.setitem(worker.send.__globals__["SENDERS"], Channel.Kind.PUSH, unreachable)
        work()
        second = join("carer")
        client.force_login(second)
        page = client.get(reverse("reminder-log", args=[child.pk])).content.decode()
        assert "not taken" in page
        assert channel.address not in page
        thief = Browser()
        keys = {"p256dh": thief.p256dh, "auth": thief.auth}
        with pytest.raises(ValidationError):
            actions.subscribe(
                by=second, device=new_id(), name="x", endpoint=channel.address, **keys
            )
        channel.refresh_from_db()
        assert channel.ended_at is None
        assert channel.address not in channel.trouble


class TestFaults:
    def test_one_childs_fault_keeps_no_other_child_waiting(
        self, parent, child, dose, told, subscribed, push_service, monkeypatch
    ):
        _, mine = subscribed(parent)
        told(parent, child)
        dose()
        owner, other = house.another_child()
        told(owner, other)
        local = other.timeline().local(timezone.now() + timedelta(minutes=2))
        house.plan(owner, other, f"{local:%Y-%m-%d %H:%M}", (house.food(owner, other), 40))
        real = decisions.done_among

        def broken(of, reminders):
            if of.pk == other.pk:
                raise ValueError("one bad row")
            return real(of, reminders)

        monkeypatch.setattr(decisions, "done_among", broken)
        minutes(timezone.now(), 3)
        assert [opened_what(r, mine) for r in push_service.requests].count("reminder") == 1

    def test_a_service_that_never_ends_its_answer_holds_nobody_up(
        self, parent, child, dose, told, subscribed, push_service, monkeypatch
    ):
        subscribed(parent)
        told(parent, child)
        dose()

        def dripping(*args):
            time.sleep(3)
            return Answer(True, "at last")

        monkeypatch.setitem(worker.send.__globals__["SENDERS"], Channel.Kind.PUSH, dripping)
        Worker(lease_s=0.5).turn(timezone.now())
        answers = {a.answer for d in Delivery.objects.all() for a in d.attempts.all()}
        assert answers == {worker.NO_ANSWER.words}

    def test_a_worker_that_cannot_do_its_work_does_not_look_alive(self, monkeypatch):
        def locked(*args):
            raise OSError("database is locked")

        monkeypatch.setattr(Worker, "deliver", locked)
        with pytest.raises(OSError, match="locked"):
            Worker().turn(timezone.now())
        assert not Heartbeat.objects.exists()


def test_two_days_later_nothing_is_put_off(parent, child, dose, told, subscribed, push_service):
    subscribed(parent)
    told(parent, child)
    _, due = dose()
    now = timezone.now()
    work(now)
    reminder = Reminder.objects.get(due_at=due)
    Reminder.objects.filter(pk=reminder.pk).update(until=now - timedelta(seconds=1))
    token = reminder.deliveries.get(step=Step.FIRST).receipt
    with pytest.raises(ValidationError, match="too late"):
        actions.receive(token=token, what="snoozed", minutes=5)
    assert not Delivery.objects.filter(step=Step.AGAIN).exists()


def test_nothing_says_that_nobody_answered_before_somebody_was_asked(
    parent, child, dose, told, subscribed, push_service, join
):
    second = join("carer")
    _, theirs = subscribed(second)
    told(parent, child)  # whom nothing reaches
    told(second, child, order=2)
    dose()
    minutes(timezone.now(), 0, 1)
    bodies = [opened(theirs, r)["notification"]["body"] for r in push_service.requests]
    assert any("something is due" in body for body in bodies)
    assert not any("Nobody has answered" in body for body in bodies)


def test_the_senders_are_the_ones_that_the_worker_uses():
    """The tests above put others in their place."""
    assert worker.send.__globals__["SENDERS"][Channel.Kind.PUSH] is push.send
