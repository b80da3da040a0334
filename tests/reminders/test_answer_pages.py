"""The links in messages: no sign-in, nothing medical, and opening one changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from quietdays.reminders import actions
from quietdays.reminders.messages import off_token
from quietdays.reminders.models import Delivery, Event, Reminder, Step
from quietdays.reminders.planning import plan


@pytest.fixture
def sent(parent, child, dose, told):
    """The first delivery of a dose that is due."""
    told(parent, child)
    _, due = dose()
    plan(child, timezone.now())
    return Delivery.objects.get(step=Step.FIRST, reminder__due_at=due)


@pytest.mark.django_db
class TestAnswer:
    def test_opening_says_nothing_medical_and_changes_nothing(self, client, child, sent):
        page = client.get(reverse("answer", args=[sent.receipt]))
        assert page.status_code == 200
        assert "Vigabatrin" not in page.content.decode()
        assert child.name not in page.content.decode()
        assert not Event.objects.exists()
        sent.refresh_from_db()
        assert sent.received_at is None

    def test_seen_to(self, client, sent, parent):
        page = client.post(reverse("answer", args=[sent.receipt]), {"what": "seen"})
        assert page.status_code == 200
        assert Event.objects.get().person == parent
        assert Reminder.objects.get(pk=sent.reminder_id).settled_at is not None

    def test_put_off(self, client, sent):
        before = timezone.now()
        asked = {"what": "snoozed", "minutes": "10"}
        client.post(reverse("answer", args=[sent.receipt]), asked)
        again = Delivery.objects.get(step=Step.AGAIN)
        assert again.due_at >= before + timedelta(minutes=10)

    @pytest.mark.parametrize(
        "asked",
        [{}, {"what": "given"}, {"what": "snoozed"}, {"what": "snoozed", "minutes": "9999"}, {"what": "snoozed", "minutes": "x"}],
    )  # fmt: skip
    def test_garbage_is_refused_and_stores_nothing(self, client, sent, asked):
        page = client.post(reverse("answer", args=[sent.receipt]), asked)
        assert page.status_code == 422
        assert not Event.objects.exists()

    def test_an_unknown_token_is_404(self, client, sent):
        assert client.get(reverse("answer", args=["no-such-token"])).status_code == 404

    def test_a_role_that_ended_answers_nothing(self, client, child, sent, parent):
        child.care_roles.update(ended_at=timezone.now())
        page = client.post(reverse("answer", args=[sent.receipt]), {"what": "seen"})
        assert page.status_code == 422
        assert not Event.objects.exists()


@pytest.mark.django_db
class TestChannels:
    def test_an_address_is_used_once_its_owner_has_said_that_a_message_came(self, client, parent):
        channel = actions.add_email(by=parent, address="pia@test.example")
        assert not channel.may_be_used
        test = Delivery.objects.get(only=channel)
        client.post(
            reverse("answer", args=[f"{test.receipt}.{channel.pk.hex}"]), {"what": "received"}
        )
        channel.refresh_from_db()
        assert channel.may_be_used

    def test_the_way_out_needs_its_token_and_a_press(self, client, parent):
        channel = actions.add_email(by=parent, address="pia@test.example")
        wrong = reverse("channel-off", args=[channel.pk, "x"])
        assert client.post(wrong).status_code == 404
        right = reverse("channel-off", args=[channel.pk, off_token(channel)])
        client.get(right)
        channel.refresh_from_db()
        assert channel.ended_at is None
        client.post(right)
        channel.refresh_from_db()
        assert channel.ended_at is not None


@pytest.mark.django_db
class TestReceipt:
    def post(self, client, token, **said):
        address = f"/api/v1/receipts/{token}"
        return client.post(address, said, content_type="application/json")

    def test_needs_the_token_only(self, client, sent):
        assert self.post(client, sent.receipt, what="received").status_code == 204
        sent.refresh_from_db()
        assert sent.received_at is not None

    def test_unknown_and_garbage(self, client, sent):
        assert self.post(client, "nobody", what="received").status_code == 404
        assert self.post(client, sent.receipt, what="given").status_code == 422
        assert self.post(client, sent.receipt, what="snoozed").status_code == 422
        assert self.post(client, sent.receipt, what="snoozed", minutes=0).status_code == 422
        assert not Event.objects.exists()
