"""The worker is killed in the middle of sending, again and again, and no reminder is lost.

10,000 feeds are due in one minute. Every one reaches the push service, and at most the batches
that were in flight reach it twice. Nothing here measures time.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from quietdays.reminders.worker import BATCH
from tests.databases import Database, postgresql
from tests.processes import command, environment
from tests.reminders.conftest import Browser
from tests.reminders.servers import Taken, http_server
from tests.template import furnish

FEEDS, CHILDREN = 10_000, 20
KILL_AFTER = (1_500, 4_000, 7_000)  # messages taken by the push service

FILL = """
from quietdays.house_commands import open_house
open_house()
from datetime import date, timedelta
from django.utils import timezone
from quietdays.diet.models import PlannedMeal
from quietdays.people.actions import create_account, create_family
from quietdays.records.ids import new_id
from quietdays.reminders.actions import set_turn, subscribe
from quietdays.reminders.models import Turn

parent = create_account(email="pia@test.example", name="Pia", password="three words here")
subscribe(by=parent, device=new_id(), name="phone", endpoint="http://{place}/push",
          p256dh="{p256dh}", auth="{auth}")
now = timezone.now()
for n in range({children}):
    child = create_family(by=parent, child_name=f"Noor {{n}}", birth_date=date(2025, 9, 1),
                          sex="female", time_zone="Europe/Berlin")
    set_turn(by=parent, child=child)
    PlannedMeal.objects.bulk_create([
        PlannedMeal(child=child, entered_by=parent, entered_at=now - timedelta(days=1), name="Feed",
                    happened_at=now + timedelta(seconds={begins_s} + 60 * m / {feeds}),
                    time_zone="Europe/Berlin")
        for m in range({feeds})
    ])
Turn.objects.update(since=now - timedelta(days=1))
"""


def tags(taken: Taken) -> Counter[str]:
    """Each reminder's tag with how often it came; the phone's own self-test is none."""
    return Counter(h["topic"] for _, h, _ in taken.requests if h["urgency"] == "high")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        furnish(tmp_path / "quietdays.sqlite3")
        yield Database(tmp_path)
        return
    with postgresql() as url:
        yield Database(tmp_path, url)


@pytest.mark.slow
def test_ten_thousand_in_one_minute_and_three_kills(database):
    browser, taken = Browser(), Taken(201)
    with http_server(taken) as place:
        settings = environment(database.data) | {"QUIETDAYS_PUSH_HOSTS": place} | database.settings
        fill = FILL.format(
            place=place, p256dh=browser.p256dh, auth=browser.auth,
            children=CHILDREN, feeds=FEEDS // CHILDREN, begins_s=-60,
        )  # fmt: skip
        subprocess.run([sys.executable, "-c", fill], env=settings, check=True)
        for enough in (*KILL_AFTER, FEEDS):
            worker = subprocess.Popen(command("remind", "--lease", "6"), env=settings)
            while (so_far := tags(taken)).total() < enough or len(so_far) < enough == FEEDS:
                assert worker.poll() is None, "the worker ended by itself"
                time.sleep(0.1)
            if enough == FEEDS:
                wait_until_all_are_marked(database)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    found = tags(taken)
    assert len(found) == FEEDS
    assert found.total() - FEEDS <= len(KILL_AFTER) * BATCH
    assert database.ask(TRIED) == FEEDS  # each stands in the log
    if not database.url:
        assert database.ask("PRAGMA integrity_check") == "ok"


UNSENT = "SELECT COUNT(*) FROM reminders_delivery WHERE step = 'first' AND sent_at IS NULL"
TRIED = (
    "SELECT COUNT(DISTINCT delivery_id) FROM reminders_attempt a "
    "JOIN reminders_delivery d ON d.id = a.delivery_id WHERE d.step = 'first'"
)


def wait_until_all_are_marked(database: Database) -> None:
    """The last batch was taken; its outcome is about to be stored."""
    while database.ask(UNSENT):
        time.sleep(0.1)
