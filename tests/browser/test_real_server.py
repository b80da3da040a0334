"""The night log against the shipped server in a process of its own: its weight, and its death."""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter

import pytest
from playwright.sync_api import expect

from tests import test_kill
from tests.browser.conftest import CONTROLLED
from tests.browser.first_load import first_load, sign_in
from tests.browser.log_driver import Night
from tests.processes import make_family

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MOST_REQUESTS, MOST_BYTES = 8, 150_000


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server that comes back at the same address after each death, as a home's server does."""
    port = test_kill.free_port()
    monkeypatch.setattr(test_kill, "free_port", lambda: port)
    data = tmp_path / "data"
    data.mkdir()
    (child,) = make_family(data, "Noor")
    running = test_kill.Server(data)
    running.child = child
    running.start()
    yield running
    running.kill()


@pytest.fixture
def launch(browser_type, browser_type_launch_args, browser_context_args, tmp_path):
    opened = []

    def go(name: str):
        context = browser_type.launch_persistent_context(
            str(tmp_path / name), **browser_type_launch_args, **browser_context_args
        )
        opened.append(context)
        return context

    yield go
    for context in opened:
        context.close()


def test_the_first_load_is_light(server, launch):
    address = f"http://127.0.0.1:{server.port}"
    signed_in = launch("first")
    sign_in(signed_in.new_page(), address)
    fresh = launch("second")  # nothing of it is in this browser's cache
    fresh.add_cookies(signed_in.cookies())
    sizes = first_load(fresh, address, server.child)
    assert len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes
    assert any("/static/built/log" in url for url in sizes)


def test_a_server_that_dies_in_the_middle_of_a_sync_loses_and_doubles_nothing(server, launch):
    address = f"http://127.0.0.1:{server.port}"
    phone = launch("mira")
    page = phone.new_page()
    sign_in(page, address)
    page.evaluate(CONTROLLED)
    phone.set_offline(True)
    night = Night(page)
    for n in range(3):
        night.cluster(1 + n)
        for more in range(15):
            night.measurement("weight", f"7.{1 + n}{more:02d}")
    page.evaluate("location.hash = '/'")
    deaths, is_up = [], threading.Event()
    is_up.set()

    def die(request) -> None:
        """Soon after a batch has left the phone: some of it is on the disk, the rest is not."""
        if request.url.endswith("/sync") and len(deaths) < 3 and is_up.is_set():
            is_up.clear()  # one death at a time: the next one waits for the next server
            deaths.append(threading.Timer(0.05 + 0.1 * len(deaths), server.kill))
            deaths[-1].start()

    page.on("request", die)
    phone.set_offline(False)
    for _ in range(600):
        page.wait_for_timeout(100)
        if server.process is None:
            server.start()
            is_up.set()
        if page.locator("[data-stored=yes]").count() and len(deaths) == 3:
            break
    expect(page.locator("[data-stored=yes]")).to_be_visible(timeout=60_000)
    assert len(deaths) == 3
    database = sqlite3.connect(server.data / "quietdays.sqlite3")
    found = Counter(
        ("weight", f"{float(value):g}")
        for (value,) in database.execute("SELECT value FROM diary_measurement")
    )
    found += Counter(
        ("cluster", str(count))
        for (count,) in database.execute("SELECT spasm_count FROM diary_spasmcluster")
    )
    assert found == Counter((kind, f"{float(mark):g}") for kind, mark in night.made)
    (operations, entries) = database.execute(
        "SELECT count(*), count(DISTINCT entry_id) FROM sync_operation"
    ).fetchone()
    assert entries == len(night.made)
    assert operations >= entries
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
