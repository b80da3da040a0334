"""Two servers with all that runs beside them, on one PostgreSQL and one data folder.

What is sent through both is stored once, each reminder goes out, sessions and the limit of wrong
passwords are one. Nothing here measures time.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlencode

import psycopg
import pytest

from quietdays.reminders.worker import BATCH
from tests.databases import postgresql
from tests.house import new_id
from tests.processes import environment
from tests.reminders.conftest import Browser
from tests.reminders.servers import Taken, http_server
from tests.reminders.test_kill import FILL, tags
from tests.test_kill import Queued, Server, Writers, cookies_of, signed_in

FEEDS, WRITES, TRIES = 200, 120, 10


@pytest.fixture
def house(tmp_path):
    """Two servers that were started together, a push service, and a way to ask the database."""
    browser, taken = Browser(), Taken(201)
    with postgresql() as url, http_server(taken) as place:
        told = {"QUIETDAYS_DATABASE_URL": url, "QUIETDAYS_PUSH_HOSTS": place}
        servers = [
            Server(tmp_path, "--workers", "2", settings=told, name=f"server-{n}") for n in (1, 2)
        ]
        try:
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(Server.start, servers))
            fill = FILL.format(
                place=place, p256dh=browser.p256dh, auth=browser.auth,
                children=1, feeds=FEEDS, begins_s=-60,
            )  # fmt: skip
            line = [sys.executable, "-c", fill]
            subprocess.run(line, env=environment(tmp_path) | told, check=True)
            yield servers, taken, url
        finally:
            for server in servers:
                server.kill()


def rows(url: str, question: str) -> list[tuple]:
    with closing(psycopg.connect(url)) as database:
        return database.execute(question).fetchall()


@pytest.mark.slow
def test_two_servers_are_one_house(house):
    servers, taken, url = house
    headers = signed_in(servers[0])
    [[child_id]] = rows(url, "SELECT id FROM people_child")
    for server in servers:  # one session opens both
        assert server.ask("GET", f"/api/v1/children/{child_id}/today", headers=headers)[0] == 200
        assert server.ask("GET", "/readyz")[0] == 200
        figures = server.ask("GET", "/metrics")[1]  # of both its processes together
        assert "quietdays_requests_total{" in figures
        assert 'route="readyz"' in figures
    sent_through_both_is_stored_once(servers, url, child_id, headers)
    guesses_are_counted_together(servers)
    each_reminder_goes_out(taken)


def sent_through_both_is_stored_once(servers, url, child_id, headers) -> None:
    made = [Queued(str(new_id()), str(new_id()), n + 1) for n in range(WRITES)]
    path = f"/api/v1/children/{child_id}/sync"
    phones = [Writers(server, path, headers) for server in servers]
    for writers in phones:
        for operation in made:
            writers.waiting.put(operation)
    threads: list[threading.Thread] = [t for writers in phones for t in writers.threads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for writers in phones:
        while not writers.waiting.empty() and not writers.refused:
            writers.work()
        assert writers.refused == []
        assert set(writers.acknowledged) == {operation.op for operation in made}
    answers = [writers.acknowledged for writers in phones]
    firsts = Counter(status for told in answers for status in told.values())
    assert firsts["applied"] <= WRITES <= firsts["duplicate"]
    wanted = Counter((o.entry, o.spasms) for o in made)
    stored = rows(url, "SELECT id::text, spasm_count FROM diary_spasmcluster")
    assert Counter(stored) == wanted
    versions = rows(url, "SELECT id::text, spasm_count FROM diary_historicalspasmcluster")
    assert Counter(versions) == wanted


def guess(server: Server) -> int:
    _, page, headers = server.ask("GET", "/sign-in/")
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    form = {"csrfmiddlewaretoken": found[1], "username": "nobody@test.example", "password": "wrong"}
    told = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={cookies_of(headers)['csrftoken']}",
    }
    return server.ask("POST", "/sign-in/", urlencode(form), told)[0]


def guesses_are_counted_together(servers) -> None:
    answers = [guess(servers[n % 2]) for n in range(TRIES)]
    assert answers == [200] * TRIES
    assert [guess(server) for server in servers] == [429, 429]


def each_reminder_goes_out(taken: Taken) -> None:
    """Two workers share them: none is left out, and at most a batch goes out twice."""
    for _ in range(1200):
        if len(tags(taken)) >= FEEDS:
            break
        time.sleep(0.1)
    found = tags(taken)
    assert len(found) == FEEDS
    assert found.total() - FEEDS <= BATCH
