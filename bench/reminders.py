"""10,000 reminders that fall due within one minute: how fast they go out, and how late."""

from __future__ import annotations

import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.processes import command, environment
from tests.reminders.conftest import Browser
from tests.reminders.servers import Taken, http_server
from tests.reminders.test_kill import CHILDREN, FEEDS, FILL, tags

BEGINS_S = 60  # the rows are made and planned before the minute begins
GIVE_UP_S = 300


def run(show) -> None:
    browser, taken = Browser(), Taken(201)
    with tempfile.TemporaryDirectory() as folder, http_server(taken) as place:
        settings = environment(Path(folder)) | {"QUIETDAYS_PUSH_HOSTS": place}
        fill = FILL.format(
            place=place, p256dh=browser.p256dh, auth=browser.auth,
            children=CHILDREN, feeds=FEEDS // CHILDREN, begins_s=BEGINS_S,
        )  # fmt: skip
        subprocess.run([sys.executable, "-c", fill], env=settings, check=True)
        worker = subprocess.Popen(command("remind"), env=settings)
        end = time.monotonic() + GIVE_UP_S
        while len(tags(taken)) < FEEDS and time.monotonic() < end:
            time.sleep(0.2)
        worker.kill()
        worker.wait()
        due = due_by_tag(Path(folder))
    came = [
        (at, headers["topic"])
        for (_, headers, _), at in zip(taken.requests, taken.at, strict=True)
        if headers["topic"] in due
    ]
    late_s = [at - due[topic] for at, topic in came]
    took_s = max(at for at, _ in came) - min(at for at, _ in came)
    show("reminders delivered in a second", len(came) / took_s, FEEDS / 60,
         f"{FEEDS} in a minute", "/s")  # fmt: skip
    show("  lateness, 95th percentile", statistics.quantiles(late_s, n=20)[-1], 60,
         "one minute", "s")  # fmt: skip


def due_by_tag(data: Path) -> dict[str, float]:
    """When each reminder was due, in seconds since the epoch, by the topic that it is sent under."""
    from quietdays.reminders.messages import short

    with sqlite3.connect(data / "quietdays.sqlite3") as database:
        rows = database.execute("SELECT key, due_at FROM reminders_reminder").fetchall()
    return {
        short(key): datetime.fromisoformat(due_at).replace(tzinfo=UTC).timestamp()
        for key, due_at in rows
    }
