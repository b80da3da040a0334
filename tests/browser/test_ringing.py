# ruff: noqa: F811  fixtures of another folder are taken by their names
"""What is due rings on the open page, for everybody whom it concerns, until somebody answers."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from quietdays.medicines.models import Dose
from quietdays.reminders import actions
from quietdays.reminders.models import Channel, Delivery, Event, Reminder
from quietdays.reminders.worker import Worker
from tests.browser.log_driver import set_clock_ahead
from tests.browser.test_push import Pushes
from tests.reminders.conftest import (  # noqa: F401  fixtures
    Browser,
    dose,
    own_keys,
    push_service,
    subscribed,
    told,
)
from tests.reminders.servers import opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def start(phone, night_log):
    def go(name="mira", email="parent@test.example", **options):
        return night_log(phone(name, **options).new_page(), email)

    return go


@pytest.fixture
def second(join):
    return join("carer")


def panel(page):
    return page.locator("[data-ringing]")


def test_a_due_dose_rings_on_both_phones_until_one_of_them_records_it(
    start, parent, child, second, dose, told
):
    told(parent, child)
    told(second, child)
    dose()
    mira, jonas = start(), start("jonas", "carer@test.example")
    for page in (mira, jonas):
        expect(panel(page)).to_contain_text("Vigabatrin 2.5 mL")
    panel(mira).get_by_role("button", name="Given now").click()
    for page in (mira, jonas):
        expect(panel(page)).to_have_count(0)
    given = Dose.objects.get()
    assert (given.entered_by, str(given.amount)) == (parent, "2.500")


def test_it_rings_without_a_network_when_its_time_comes(start, parent, child, dose, told):
    told(parent, child)
    dose(minutes_ago=-20)
    mira = start()
    expect(mira.get_by_role("heading", name="Now", exact=True)).to_be_attached()
    expect(panel(mira)).to_have_count(0)
    mira.context.set_offline(True)
    set_clock_ahead(mira, 21 * 60_000)
    mira.reload()
    expect(panel(mira)).to_contain_text("Vigabatrin 2.5 mL")
    panel(mira).get_by_role("button", name="in 10 min").click()
    expect(panel(mira)).to_have_count(0)
    assert not Event.objects.exists()  # it waits on the phone


def test_nobody_is_reached_so_the_second_carer_is_told_and_both_screens_say_so(
    start, parent, child, second, dose, told, subscribed
):
    told(parent, child)
    told(second, child, order=2)
    subscribed(second)
    _, due = dose()
    mira, jonas = start(), start("jonas", "carer@test.example")
    expect(panel(mira)).to_contain_text("Vigabatrin 2.5 mL")
    expect(panel(jonas)).to_have_count(0)  # not yet: the first carer is asked
    worker, now = Worker(), timezone.now()
    for _ in ("nothing reaches the first", "the next one is told"):
        worker.turn(now)
    for page in (mira, jonas):
        expect(panel(page)).to_contain_text(f"{second.name} was told", timeout=20_000)
    panel(jonas).get_by_role("button", name="I am on it").click()
    for page in (mira, jonas):
        expect(panel(page)).to_have_count(0, timeout=20_000)
        expect(page.locator("[data-on-it]")).to_contain_text(f"{second.name} is on it")
    assert Reminder.objects.get(due_at=due).outcome_in_words == f"{second.name} is on it"
    assert not Dose.objects.exists()  # not recorded, and nobody pretends that it was


def test_the_red_banner_comes_when_the_proof_is_old_and_goes_with_a_new_one(
    phone, night_log, house, parent, child, told, push_service, settings
):
    """The whole way: a self-test by the worker, encrypted, into the browser, and its receipt."""
    told(parent, child)
    page = night_log(phone("mira").new_page())
    pushes = Pushes(page, house)
    browser = Browser()
    mine = actions.subscribe(
        by=parent,
        device=page.evaluate("localStorage.getItem('quietdays.device')"),
        name="Android phone",
        endpoint=f"http://{push_service.place}/push/mira",
        p256dh=browser.p256dh,
        auth=browser.auth,
    )
    old = timezone.now() - timedelta(hours=40)
    Channel.objects.filter(pk=mine.pk).update(proved_at=old, since=old - timedelta(days=9))
    settings.ADDRESS = house
    Worker().turn(timezone.now())
    banner = page.locator("[data-reach=reach]")
    page.reload()
    expect(banner).to_contain_text("No reminder has reached this phone for 40 hours.")
    expect(page.locator("[data-reach=worker]")).to_have_count(0)
    [proof] = [opened(browser, request) for request in push_service.requests]
    assert proof["quiet_days"]["what"] == "proof"
    pushes.deliver(json.dumps(proof))
    expect(banner).to_have_count(0, timeout=20_000)
    assert Delivery.objects.get(step="proof").received_at is not None


def test_a_server_whose_worker_is_silent_is_said_in_red(start, parent, child, told):
    told(parent, child)
    page = start()
    silent = page.locator("[data-reach=worker]")
    expect(silent).to_contain_text("The server sends no reminders.")
    Worker().turn(timezone.now())
    page.reload()
    expect(page.get_by_role("heading", name="Now", exact=True)).to_be_attached()
    expect(silent).to_have_count(0)
