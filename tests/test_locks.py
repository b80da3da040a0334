"""What the tests run on is what the server runs on: one version of each package in both locks."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, flags=re.MULTILINE))


def test_the_tests_lock_holds_all_of_the_servers_lock():
    server, tests = pins("requirements.lock"), pins("requirements-dev.lock")
    assert server
    assert {name: tests.get(name) for name in server} == server
