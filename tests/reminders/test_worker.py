"""What becomes of a reminder: told, confirmed, put off, handed on, and never silently lost."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import http_ece
import pytest
from django.utils import timezone

from quietdays.medicines.actions import give_dose
from quietdays.records.ids import new_id
from quietdays.reminders import actions
from quietdays.reminders.models import Channel, Delivery, Event, Reminder, Step
from quietdays.reminders.worker import Worker
from tests.reminders.servers import opened

State = Delivery.State


def work(now=None, worker=None):
    worker = worker or Worker()
    at = now or timezone.now()
    while worker.turn(at):
        pass
    return worker


def states(**which):
    return list(Delivery.objects.filter(**which).order_by("due_at").values_list("step", "state"))


@pytest.mark.django_db(transaction=True)
class TestDose:
    def test_is_told_and_the_receipt_proves_it(
        self, parent, child, dose, told, subscribed, push_service
    ):
        channel, browser = subscribed(parent)
        told(parent, child)
        dose()
        work()
        pushes = [opened(browser, r) for r in push_service.requests]
        [sent] = [p for p in pushes if p["quiet_days"]["what"] == "reminder"]
        assert "Vigabatrin" not in json.dumps(sent)
        assert child.name not in json.dumps(sent)
        token = sent["quiet_days"]["receipt"]
        actions.receive(token=token, what="received")
        work(timezone.now() + timedelta(minutes=6))
        delivery = Delivery.objects.get(receipt=token.partition(".")[0])
        assert (delivery.state, delivery.why) == (State.SENT, "received")
        channel.refresh_from_db()
        assert channel.proved_at is not None
        assert len(push_service.requests) == 2  # the reminder and the phone's self-test, once each

    def test_names_the_medicine_only_where_the_person_allows_it(
        self, parent, child, dose, told, subscribed, push_service
    ):
        _, browser = subscribed(parent)
        told(parent, child, shows_details=True)
        dose()
        work()
        bodies = [opened(browser, r)["notification"]["body"] for r in push_service.requests]
        assert any("Vigabatrin 2.5 mL" in body for body in bodies)

    def test_recorded_before_its_time_is_told_to_nobody(
        self, parent, child, dose, told, subscribed, push_service
    ):
        subscribed(parent)
        told(parent, child)
        medicine, due = dose()
        give_dose(
            by=parent, child=child, entry_id=new_id(), medicine=medicine,
            happened_at=due - timedelta(minutes=5), outcome="given", amount=Decimal("2.5"),
        )  # fmt: skip
        work()
        assert states(step=Step.FIRST, due_at__lte=timezone.now()) == [("first", State.NEEDLESS)]

    def test_nobody_answers_and_the_next_carer_is_told(
        self, parent, child, dose, told, subscribed, push_service, join
    ):
        second = join("carer")
        _, theirs = subscribed(second, "second")
        subscribed(parent)
        told(parent, child)
        told(second, child, order=2)
        _, due = dose()
        work()
        paths = [path for path, _, _ in push_service.requests]
        assert paths.count("/push/phone") == 2  # reminder, self-test
        assert paths.count("/push/second") == 1  # self-test
        work(due + timedelta(minutes=21))
        assert Event.objects.filter(what="told_next", person=second).count() == 1
        to_second = [opened(theirs, r) for r in push_service.requests if "second" in r[0]]
        assert any("Nobody has answered" in p["notification"]["body"] for p in to_second)

    def test_one_answer_ends_it_for_the_other_and_replaces_what_stands_there(
        self, parent, child, dose, told, subscribed, push_service, join
    ):
        second = join("carer")
        _, theirs = subscribed(second, "second")
        _, mine = subscribed(parent)
        told(parent, child)
        told(second, child)
        dose()
        work()
        reminder = Reminder.objects.get(
            due_at__lte=timezone.now(), due_at__gt=timezone.now() - timedelta(hours=1)
        )
        actions.answer(by=second, child=child, key=reminder.key, what="seen", at=timezone.now())
        push_service.requests.clear()
        work()
        [(path, _, _)] = push_service.requests
        assert path == "/push/phone"
        said = opened(mine, push_service.requests[0])
        assert said["quiet_days"]["what"] == "closed"
        assert "Carer is on it" in said["notification"]["body"]
        push_service.requests.clear()
        work(timezone.now() + timedelta(minutes=30))
        assert not [r for r in push_service.requests if opened_what(r, mine, theirs) == "reminder"]

    def test_put_off_comes_again_then_and_not_before(
        self, parent, child, dose, told, subscribed, push_service
    ):
        _, mine = subscribed(parent)
        told(parent, child)
        dose()
        work()
        reminder = Reminder.objects.get(
            due_at__lte=timezone.now(), due_at__gt=timezone.now() - timedelta(hours=1)
        )
        now = timezone.now()
        actions.answer(by=parent, child=child, key=reminder.key, what="snoozed", at=now, minutes=10)
        push_service.requests.clear()
        work(now + timedelta(minutes=9))
        assert not [r for r in push_service.requests if opened_what(r, mine) == "reminder"]
        work(now + timedelta(minutes=11))
        assert [opened_what(r, mine) for r in push_service.requests].count("reminder") == 1


def opened_what(request, *browsers):
    for browser in browsers:
        try:
            return opened(browser, request)["quiet_days"]["what"]
        except http_ece.ECEException:
            continue
    raise AssertionError("nobody can read this")


@pytest.mark.django_db(transaction=True)
class TestFailure:
    def test_a_failed_round_is_tried_again_with_back_off_until_too_late(
        self, parent, child, dose, told, subscribed, push_service
    ):
        push_service.statuses = [503]
        subscribed(parent)
        told(parent, child)
        _, due = dose()
        now = timezone.now()
        tries = []
        for minute in range(0, 140):
            work(now + timedelta(minutes=minute))
            tries.append(
                Delivery.objects.get(step=Step.FIRST, reminder__due_at=due).attempts.count()
            )
        later = [m for m in range(1, 140) if tries[m] > tries[m - 1]]
        assert tries[0] == 1
        assert later[:3] == [1, 6, 21]
        delivery = Delivery.objects.get(step=Step.FIRST, reminder__due_at=due)
        assert delivery.state == State.LOST
        assert delivery.why == "no channel took it"
        assert all("503" in a.answer and not a.is_taken for a in delivery.attempts.all())
        assert "503" in Channel.objects.get().trouble

    def test_a_phone_that_is_gone_is_not_tried_again(
        self, parent, child, dose, told, subscribed, push_service
    ):
        push_service.statuses = [410]
        channel, _ = subscribed(parent)
        told(parent, child)
        dose()
        work()
        channel.refresh_from_db()
        assert channel.ended_at is not None

    def test_without_a_channel_it_is_said_and_the_next_carer_is_told_at_once(
        self, parent, child, dose, told, subscribed, push_service, join
    ):
        second = join("carer")
        _, theirs = subscribed(second, "second")
        told(parent, child)
        told(second, child, order=2)
        dose()
        work()
        lost = Delivery.objects.get(state=State.LOST)
        assert "no channel" in lost.why
        assert [opened_what(r, theirs) for r in push_service.requests].count("reminder") == 1

    def test_what_was_due_while_no_worker_ran_is_said_to_have_reached_nobody(
        self, parent, child, dose, told, subscribed, push_service
    ):
        _, mine = subscribed(parent)
        told(parent, child)
        dose(minutes_ago=200)
        work()
        lost = Delivery.objects.get(state=State.LOST)
        assert "not running" in lost.why
        assert not [r for r in push_service.requests if opened_what(r, mine) == "reminder"]

    def test_a_push_that_no_phone_confirms_goes_on_to_the_next_channel(
        self, parent, child, dose, told, subscribed, push_service
    ):
        subscribed(parent, "old")
        subscribed(parent, "new")
        told(parent, child)
        dose()
        now = timezone.now()
        work(now)
        work(now + timedelta(minutes=6))
        delivery = Delivery.objects.get(step=Step.FIRST, reminder__due_at__lte=now)
        assert [a.channel.name for a in delivery.attempts.all()] == ["new", "old"]


@pytest.mark.django_db(transaction=True)
class TestQuietHours:
    def around(self, child, minutes):
        local = child.timeline().local(timezone.now())
        return {
            "quiet_from": (local - timedelta(minutes=minutes)).time(),
            "quiet_until": (local + timedelta(minutes=minutes)).time(),
        }

    def test_a_carer_who_sleeps_hands_on_to_the_one_who_does_not(
        self, parent, child, dose, told, subscribed, push_service, join
    ):
        second = join("carer")
        _, theirs = subscribed(second, "second")
        _, mine = subscribed(parent)
        told(parent, child, **self.around(child, 60))
        told(second, child, order=2)
        dose()
        work()
        reminded = [
            r[0] for r in push_service.requests if opened_what(r, mine, theirs) == "reminder"
        ]
        assert reminded == ["/push/second"]

    def test_a_medicine_rings_when_everybody_is_in_quiet_hours(
        self, parent, child, dose, told, subscribed, push_service
    ):
        _, mine = subscribed(parent)
        told(parent, child, **self.around(child, 60))
        dose()
        work()
        assert [opened_what(r, mine) for r in push_service.requests].count("reminder") == 1
