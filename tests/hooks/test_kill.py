"""The worker is killed while a receiver holds its answer back: the same event comes once more."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.databases import Database, postgresql
from tests.processes import command, environment
from tests.template import furnish

FILL = """
from quietdays.house_commands import open_house
open_house()
from datetime import date, timedelta
from django.utils import timezone
from quietdays.diary.models import SpasmCluster
from quietdays.hooks.actions import make_hook
from quietdays.people.actions import create_account, create_family
from quietdays.people.entries import enter
from quietdays.records.ids import new_id

parent = create_account(email="pia@test.example", name="Pia", password="three words here")
child = create_family(by=parent, child_name="Noor", birth_date=date(2025, 9, 1), sex="female",
                      time_zone="Europe/Berlin")
make_hook(by=parent, child=child, entry_id=new_id(), name="Display", url="{url}")
enter(SpasmCluster, by=parent, child=child, entry_id=new_id(), count_kind="unknown",
      happened_at=timezone.now() - timedelta(minutes=5))
"""
DONE = "SELECT COUNT(*) FROM hooks_delivery WHERE state = 'done'"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    if request.param == "sqlite":
        furnish(tmp_path / "quietdays.sqlite3")
        yield Database(tmp_path)
        return
    with postgresql() as url:
        yield Database(tmp_path, url)


@pytest.mark.slow
def test_killed_between_sending_and_storing_it_is_sent_again(database):
    events: list[str] = []
    may_answer = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert json.loads(body)["id"] == self.headers["Quietdays-Event"]
            events.append(self.headers["Quietdays-Event"])
            may_answer.wait(30)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = environment(database.data) | database.settings
    settings |= {"DJANGO_SETTINGS_MODULE": "tests.hooks.inside"}
    settings["PYTHONPATH"] += ":."
    fill = FILL.format(url=f"http://127.0.0.1:{server.server_port}/")
    subprocess.run([sys.executable, "-c", fill], env=settings, check=True)

    def until(condition) -> None:
        ends = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < ends
            assert worker.poll() is None, "the worker ended by itself"
            time.sleep(0.1)

    worker = subprocess.Popen(command("hooks", "--lease", "2"), env=settings)
    until(lambda: events)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    may_answer.set()
    worker = subprocess.Popen(command("hooks", "--lease", "2"), env=settings)
    until(lambda: database.ask(DONE) == 1)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    server.shutdown()
    assert len(events) == 2
    assert len(set(events)) == 1
