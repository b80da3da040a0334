"""The server is killed in the middle of writing, again and again, and no entry is lost.

An operation that was acknowledged is on the disk exactly once, with its entry; one that was
not is sent again with the same ids, as a phone's outbox does. Nothing here measures time.
"""

from __future__ import annotations

import contextlib
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
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.house import new_id
from tests.processes import command, environment, make_family

WRITES, WRITERS, MOST_IN_BATCH = 1000, 8, 4
KILL_AFTER = (150, 400, 650, 900)  # acknowledged operations
MOST_TRIES = 400  # of one operation; a bound, not an expectation
_BROKEN = (OSError, http.client.HTTPException, json.JSONDecodeError)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """`quietdays serve` in a process group of its own, to be killed without warning."""

    def __init__(
        self,
        data: Path,
        *options: str,
        settings: dict[str, str] | None = None,
        name: str = "server",
    ) -> None:
        self.data, self.options, self.settings = data, options, settings or {}
        self.log = data / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.is_up = threading.Event()

    def start(self) -> None:
        self.port = free_port()
        log = self.log.open("ab")
        self.process = subprocess.Popen(
            command("serve", "--port", str(self.port), *self.options),
            env=environment(self.data) | self.settings,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        for _ in range(600):
            if self.process.poll() is not None:
                break
            with contextlib.suppress(*_BROKEN):
                if self.ask("GET", "/healthz")[0] == 200:
                    self.is_up.set()
                    return
            time.sleep(0.1)
        said = self.log.read_text()
        raise AssertionError(f"port {self.port}, exit {self.process.returncode}: {said}")

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


@dataclass
class Queued:
    """One operation in a phone's outbox: a new cluster, under ids that the phone made."""

    op: str
    entry: str
    spasms: int

    def sent(self) -> dict[str, object]:
        return {
            "op": self.op,
            "action": "create",
            "kind": "cluster",
            "entry": self.entry,
            "made_at": "2026-03-01T02:20:00Z",
            "values": {"happened_at": "2026-03-01T02:14:00Z", "spasm_count": self.spasms},
            "typed": ["happened_at"],
        }


class Writers:
    """Phones that send their outbox in small batches until every operation is acknowledged."""

    def __init__(self, server: Server, path: str, headers: dict[str, str]) -> None:
        self.server, self.path, self.headers = server, path, headers
        self.waiting: queue.Queue[Queued] = queue.Queue()
        self.acknowledged: dict[str, str] = {}  # the last status of each operation
        self.tries: Counter[str] = Counter()
        self.sizes: Counter[int] = Counter()  # of the batches that were answered
        self.refused: list[str] = []
        self.lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self.work, args=(n,), daemon=True) for n in range(WRITERS)
        ]

    def work(self, number: int = 0) -> None:
        device = str(new_id())
        size = number
        while not self.refused:
            size = size % MOST_IN_BATCH + 1
            batch = self._next(size)
            if not batch:
                return
            self.server.is_up.wait(timeout=120)
            with self.lock:
                for operation in batch:
                    self.tries[operation.op] += 1
                    if self.tries[operation.op] > MOST_TRIES:
                        self.refused.append(f"{operation.op} was sent {MOST_TRIES} times")
            self.send(device, batch)

    def _next(self, size: int) -> list[Queued]:
        batch: list[Queued] = []
        with contextlib.suppress(queue.Empty):
            while len(batch) < size:
                batch.append(self.waiting.get_nowait())
        return batch

    def send(self, device: str, batch: list[Queued]) -> None:
        body = {
            "device": device,
            "clock": datetime.now(UTC).isoformat(),
            "operations": [operation.sent() for operation in batch],
        }
        try:
            status, text, _ = self.server.ask("POST", self.path, json.dumps(body), self.headers)
            answer = json.loads(text)
        except _BROKEN:
            self._keep(batch)  # no word of it: the phone keeps it
            return
        if status == 200:
            self._take_in(batch, answer["results"])
        elif status in (500, 503):
            self._keep(batch)
        else:
            self.refused.append(f"{status}: {text}")

    def _keep(self, batch: list[Queued]) -> None:
        for operation in batch:
            self.waiting.put(operation)

    def _take_in(self, batch: list[Queued], results: list[dict[str, Any]]) -> None:
        if [result["op"] for result in results] != [operation.op for operation in batch]:
            self.refused.append(f"other operations were answered: {results}")
            return
        with self.lock:
            self.sizes[len(batch)] += 1
            for operation, result in zip(batch, results, strict=True):
                told = [(e["id"], e["values"]["spasm_count"]) for e in result["entries"]]
                if result["status"] == "failed":
                    self.waiting.put(operation)
                elif result["status"] not in ("applied", "duplicate") or told != [
                    (operation.entry, operation.spasms)
                ]:
                    self.refused.append(f"{operation}: {result}")
                else:
                    self.acknowledged[operation.op] = result["status"]


@pytest.mark.slow
def test_no_acknowledged_entry_is_lost_and_none_is_doubled_when_the_server_is_killed(tmp_path):
    (child_id,) = make_family(tmp_path, "Noor")
    server = Server(tmp_path)
    server.start()
    try:
        path = f"/api/v1/children/{child_id}/sync"
        writers = Writers(server, path, signed_in(server))
        made = [Queued(str(new_id()), str(new_id()), n + 1) for n in range(WRITES)]
        for operation in made:
            writers.waiting.put(operation)
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
            writers.work()
        # An acknowledgement that never reached the phone: it sends again, and nothing doubles.
        again = made[:24]
        for start in range(0, len(again), MOST_IN_BATCH):
            writers.send(str(new_id()), again[start : start + MOST_IN_BATCH])
        assert {writers.acknowledged[operation.op] for operation in again} == {"duplicate"}
    finally:
        server.kill()
    assert not writers.refused
    assert not kills, "the server was not killed as often as it should be"
    assert set(writers.acknowledged) == {operation.op for operation in made}
    assert set(writers.sizes) == set(range(1, MOST_IN_BATCH + 1))
    database = sqlite3.connect(tmp_path / "quietdays.sqlite3")
    stored = database.execute("SELECT id, spasm_count FROM diary_spasmcluster").fetchall()
    assert Counter(stored) == Counter((bare(o.entry), o.spasms) for o in made)
    # Each was written once, however often it was sent: one version, one operation, one change.
    history = database.execute("SELECT id, history_id FROM diary_historicalspasmcluster").fetchall()
    assert Counter(entry for entry, _ in history) == Counter(bare(o.entry) for o in made)
    operations = database.execute("SELECT id, entry_id, action FROM sync_operation").fetchall()
    assert Counter(operations) == Counter((bare(o.op), bare(o.entry), "create") for o in made)
    by_entry = {bare(o.entry): bare(o.op) for o in made}
    changes = database.execute(
        "SELECT entry_id, version, operation_id FROM sync_change WHERE model = ?",
        ("diary.spasmcluster",),
    ).fetchall()
    assert Counter(changes) == Counter((e, version, by_entry[e]) for e, version in history)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    database.close()


def bare(text: str) -> str:
    """An id as SQLite holds it."""
    return text.replace("-", "")
