"""The server is killed in the middle of writing, again and again, and no entry is lost.

An entry that was acknowledged is on the disk exactly once; one that was not is sent again
with the same id, as the phone's queue does. Nothing here measures time.
"""

from __future__ import annotations

import http.client
import json
import os
import queue
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.house import new_id
from tests.processes import command, environment, make_family

WRITES, WRITERS = 1000, 8
KILL_AFTER = (150, 400, 650, 900)  # acknowledged entries
MOST_TRIES = 400  # of one entry; a bound, not an expectation
_BROKEN = (OSError, http.client.HTTPException, json.JSONDecodeError)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`quietdays serve` in a process group of its own, to be killed without warning."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.is_up = threading.Event()

    def start(self) -> None:
        self.port = free_port()
        log = (self.data / "server.log").open("ab")
        self.process = subprocess.Popen(
            command("serve", "--port", str(self.port)),
            env=environment(self.data),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        for _ in range(600):
            if self.process.poll() is not None:
                break
            try:
                if self.ask("GET", "/healthz")[0] == 200:
                    self.is_up.set()
                    return
            except _BROKEN:
                time.sleep(0.1)
        raise AssertionError((self.data / "server.log").read_text())

    def kill(self) -> None:
        self.is_up.clear()
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)  # its workers with it
            self.process.wait(timeout=30)
            self.process = None

    def ask(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode(), response.headers
        finally:
            connection.close()


def cookies_of(headers: http.client.HTTPMessage) -> dict[str, str]:
    jar = SimpleCookie()
    for line in headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return {name: morsel.value for name, morsel in jar.items()}


def signed_in(server: Server) -> dict[str, str]:
    """The headers of a session that signed in by the page's own form."""
    status, page, headers = server.ask("GET", "/sign-in/")
    assert status == 200, page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    cookies = cookies_of(headers)
    form = urlencode(
        {
            "csrfmiddlewaretoken": token[1],
            "username": "pia@test.example",
            "password": "three words here",
        }
    )
    status, page, headers = server.ask(
        "POST",
        "/sign-in/",
        form,
        {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": f"csrftoken={cookies['csrftoken']}",
        },
    )
    assert status == 302, page
    cookies |= cookies_of(headers)  # signing in makes a fresh token
    return {
        "Content-Type": "application/json",
        "Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items()),
        "X-CSRFToken": cookies["csrftoken"],
    }


class Writers:
    """Phones that send their queue until every entry is acknowledged."""

    def __init__(self, server: Server, path: str, headers: dict[str, str]) -> None:
        self.server, self.path, self.headers = server, path, headers
        self.waiting: queue.Queue[str] = queue.Queue()
        self.acknowledged: dict[str, str] = {}
        self.tries: Counter[str] = Counter()
        self.refused: list[str] = []
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(WRITERS)]

    def _work(self) -> None:
        while not self.refused:
            try:
                entry_id = self.waiting.get_nowait()
            except queue.Empty:
                return
            self.server.is_up.wait(timeout=120)
            with self.lock:
                self.tries[entry_id] += 1
                if self.tries[entry_id] > MOST_TRIES:
                    self.refused.append(f"{entry_id} was sent {MOST_TRIES} times")
            self._send(entry_id)

    def _send(self, entry_id: str) -> None:
        number = int(entry_id[-4:], 16) % 9000 + 1
        body = {"id": entry_id, "happened_at": "2026-03-01T02:14:00Z", "spasm_count": number}
        try:
            status, text, _ = self.server.ask("POST", self.path, json.dumps(body), self.headers)
            answer = json.loads(text)
        except _BROKEN:
            self.waiting.put(entry_id)  # no word of it: the phone keeps it
            return
        if status == 200 and answer["id"] == entry_id:
            with self.lock:
                self.acknowledged[entry_id] = answer["status"]
        elif status in (500, 503):
            self.waiting.put(entry_id)
        else:
            self.refused.append(f"{status}: {text}")


@pytest.mark.slow
def test_no_acknowledged_entry_is_lost_and_none_is_doubled_when_the_server_is_killed(tmp_path):
    (child_id,) = make_family(tmp_path, "Noor")
    server = Server(tmp_path)
    server.start()
    try:
        path = f"/api/v1/children/{child_id}/clusters"
        writers = Writers(server, path, signed_in(server))
        ids = [str(new_id()) for _ in range(WRITES)]
        for entry_id in ids:
            writers.waiting.put(entry_id)
        kills = list(KILL_AFTER)
        for thread in writers.threads:
            thread.start()
        while any(t.is_alive() for t in writers.threads):
            if kills and len(writers.acknowledged) >= kills[0]:
                kills.pop(0)
                server.kill()
                server.start()
            time.sleep(0.002)
        # What a thread put back after the others had left.
        while not writers.waiting.empty() and not writers.refused:
            writers._work()
        # An acknowledgement that never reached the phone: it sends again, and nothing doubles.
        for entry_id in ids[:25]:
            writers._send(entry_id)
            assert writers.acknowledged[entry_id] == "duplicate"
    finally:
        server.kill()
    assert not writers.refused
    assert not kills, "the server was not killed as often as it should be"
    assert set(writers.acknowledged) == set(ids)
    database = sqlite3.connect(tmp_path / "quietdays.sqlite3")
    stored = Counter(row[0] for row in database.execute("SELECT id FROM diary_spasmcluster"))
    assert stored == Counter(i.replace("-", "") for i in ids)
    versions = Counter(
        row[0] for row in database.execute("SELECT id FROM diary_historicalspasmcluster")
    )
    assert versions == stored  # each was written once, however often it was sent
    counts = dict(database.execute("SELECT id, spasm_count FROM diary_spasmcluster"))
    assert counts == {i.replace("-", ""): int(i[-4:], 16) % 9000 + 1 for i in ids}
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()
