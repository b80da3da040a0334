"""The page on which a family sets reminders up, and the one that says what was sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from quietdays.reminders import actions
from quietdays.reminders.models import CalendarFeed, Channel, Delivery, Rules, Turn
from quietdays.reminders.worker import Worker
from quietdays.sync.reminding import reminders_of
from tests.reminders.servers import Inbox, mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(parent, child):
    """page(**typed) posts one form of the page as the parent; page() opens it."""
    client = Client()
    client.force_login(parent)

    def send(**typed):
        url = f"/c/{child.pk}/reminders/"
        fields = {name.replace("__", "-"): value for name, value in typed.items()}
        return client.post(url, fields, follow=True) if typed else client.get(url)

    send.client = client
    return send


TURN = {
    "what": "turn",
    "turn__order": "2",
    "turn__kinds": ["meal", "week"],
    "turn__snooze_min": ["5", "30"],
    "turn__quiet_from": "22:30",
    "turn__quiet_until": "05:45",
}


def test_when_i_am_told_is_stored_and_shown_again(page, parent, child):
    html = page(**TURN).content.decode()
    turn = Turn.objects.get(child=child, person=parent)
    assert (turn.order, turn.kinds, turn.snooze_min) == (2, ["meal", "week"], [5, 30])
    assert (str(turn.quiet_from), turn.shows_details) == ("22:30:00", False)
    assert "quiet 22:30 to 05:45" in html
    assert 'value="22:30"' in html


def test_to_be_told_of_nothing_is_asked_about(page):
    html = page(**(TURN | {"turn__kinds": []})).content.decode()
    assert "Choose at least one" in html
    assert not Turn.objects.exists()


def test_rules_hold_for_everybody_and_have_limits(page, child):
    page(what="rules", rules__escalate_min="30", rules__proof_max_age_h="48")
    assert Rules.objects.get(child=child).escalate_min == 30
    html = page(what="rules", rules__escalate_min="2", rules__proof_max_age_h="48").content.decode()
    assert "Choose 5 to 110 minutes." in html
    assert 'value="2"' in html  # what was typed stays
    assert Rules.objects.get(child=child).escalate_min == 30


def test_an_address_is_used_once_its_owner_opened_the_link(page, parent, settings):
    inbox = Inbox()
    with mail_server(settings, inbox):
        page(what="email", email__address="pia@mail.example")
        assert "Not used yet: open the link" in page().content.decode()
        Worker().turn(timezone.now())
    [mail] = inbox.mails
    channel = Channel.objects.get(person=parent)
    words = mail.content.decode().split()
    path = "/r/" + next(w for w in words if "/r/" in w and "/off/" not in w).partition("/r/")[2]
    assert Client().get(path).status_code == 200
    channel.refresh_from_db()
    assert not channel.may_be_used
    Client().post(path, {"what": "received"})
    channel.refresh_from_db()
    assert channel.may_be_used
    assert "Not used yet" not in page().content.decode()


def test_an_address_inside_the_servers_network_is_refused(page):
    typed = {"service__name": "House", "service__address": "json://127.0.0.1/x"}
    html = page(what="service", **typed).content.decode()
    assert "own network" in html
    assert not Channel.objects.exists()


def test_channels_change_their_order_are_tested_and_taken_away(page, parent, child):
    first = actions.add_email(by=parent, address="a@mail.example")
    second = actions.add_email(by=parent, address="b@mail.example")
    base = f"/c/{child.pk}/reminders/channels"
    page.client.post(f"{base}/{second.pk}/first/")
    assert [c.address[0] for c in Channel.objects.filter(person=parent)] == ["b", "a"]
    Delivery.objects.all().delete()
    page.client.post(f"{base}/{first.pk}/test/")
    assert Delivery.objects.get().only_id == first.pk
    page.client.post(f"{base}/{first.pk}/end/")
    page()  # here it is said what was done
    assert "a@mail.example" not in page().content.decode()
    assert page.client.post(f"{base}/{second.pk}/explode/").status_code == 404


def test_a_phone_that_takes_no_more_is_said_until_it_is_turned_on_again(
    page, parent, child, dose, told, subscribed, push_service
):
    phone, browser = subscribed(parent)
    told(parent, child)
    dose()
    push_service.statuses = [410]
    Worker().turn(timezone.now())
    phone.refresh_from_db()
    assert phone.ended_at is not None
    html = page().content.decode()
    assert "Not used any more." in html
    assert "410" in html
    [channel] = reminders_of(child, parent, timezone.now())["channels"]
    assert "410" in channel["trouble"]  # the phone itself turns red, and subscribes again
    place = f"http://{push_service.place}/push/new"
    keys = {"p256dh": browser.p256dh, "auth": browser.auth}
    actions.subscribe(by=parent, device=phone.device, name="phone", endpoint=place, **keys)
    [channel] = reminders_of(child, parent, timezone.now())["channels"]
    assert channel["trouble"] == ""
    assert "Not used any more." not in page().content.decode()


def test_a_phone_that_takes_no_more_can_be_taken_away(
    page, parent, child, subscribed, push_service
):
    phone, _ = subscribed(parent)
    actions.test(by=parent, channel=phone)
    push_service.statuses = [410]
    Worker().turn(timezone.now())
    page.client.post(f"/c/{child.pk}/reminders/channels/{phone.pk}/end/")
    assert reminders_of(child, parent, timezone.now())["channels"] == []


def test_nobody_changes_how_another_is_reached(parent, join):
    channel = actions.add_email(by=parent, address="a@mail.example")
    other = join("carer")
    for act in (actions.test, actions.move_first, actions.end_channel):
        with pytest.raises(PermissionDenied):
            act(by=other, channel=channel)
    with pytest.raises(PermissionDenied):
        actions.set_channel_quiet(by=other, channel=channel, quiet_from=None, quiet_until=None)


def test_a_calendar_address_is_shown_once_works_and_ends(page, child):
    typed = {"feed__name": "Tablet", "feed__alarm_min": "5", "feed__shows_details": "on"}
    made = page(what="feed", **typed)
    assert made["Cache-Control"] == "no-store"
    address = next(w for w in made.content.decode().split("<code>") if "/cal/" in w)
    path = "/cal/" + address.partition("</code>")[0].partition("/cal/")[2]
    assert Client().get(path).status_code == 200
    html = page().content.decode()
    assert "Tablet" in html
    assert path not in html
    feed = CalendarFeed.objects.get(child=child)
    page.client.post(f"/c/{child.pk}/reminders/calendars/{feed.pk}/end/")
    assert Client().get(path).status_code == 404


def test_a_server_that_sends_nothing_says_so(page):
    assert "sends no reminders now" in page().content.decode()
    Worker().turn(timezone.now())
    assert "sends no reminders now" not in page().content.decode()


def test_the_log_says_who_was_told_by_what_and_what_came_back(
    page, parent, child, dose, told, subscribed, push_service, join
):
    second = join("carer")
    subscribed(parent, "Mira’s phone")
    told(parent, child)
    told(second, child, order=2)
    _, due = dose()
    push_service.statuses = [500]
    Worker().turn(timezone.now())
    Worker().turn(due + timedelta(minutes=22))
    html = page.client.get(f"/c/{child.pk}/reminders/log/").content.decode()
    for words in (
        "Vigabatrin 2.5 mL",
        parent.name,
        second.name,
        "Mira’s phone",
        "500",
        "no channel",
    ):
        assert words in html, words
    key = Delivery.objects.filter(step="first").first().reminder.key
    actions.answer(by=second, child=child, key=key, what="seen", at=timezone.now())
    html = page.client.get(f"/c/{child.pk}/reminders/log/").content.decode()
    assert f"{second.name} is on it" in html
