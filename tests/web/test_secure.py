"""The house as it stands behind TLS: Django's own examination, headers and cookies."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from django.test import Client

from tests.processes import environment
from tests.template import furnish

DEPLOYED = {"QUIETDAYS_TLS": "1", "QUIETDAYS_HOSTS": "quiet.example"}

ASK = """
import json, django
django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="INFO")
from django.conf import settings
from django.test import Client
call_command("migrate", verbosity=0)
call_command("collectstatic", verbosity=0, interactive=False)
answer = Client().get("/log/", secure=True, headers={"Host": "quiet.example"})
plain = Client().get("/log/", headers={"Host": "quiet.example"})
print(json.dumps({
    "status": answer.status_code, "headers": dict(answer.headers), "plain": plain.status_code,
    "cookies": {name: {k: v for k, v in morsel.items() if v} for name, morsel
                in answer.cookies.items()},
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
                settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE],
}))
"""


@pytest.fixture(scope="module")
def deployed(tmp_path_factory):
    data = tmp_path_factory.mktemp("deployed")
    furnish(data / "quietdays.sqlite3")
    told = environment(data) | DEPLOYED
    told["DJANGO_SETTINGS_MODULE"] = "quietdays.web.settings"
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    return json.loads(done.stdout.splitlines()[-1])


def test_behind_tls_nothing_is_left_open(deployed):
    headers = deployed["headers"]
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert "camera=(self)" in headers["Permissions-Policy"]
    assert deployed["plain"] == 301


def test_cookies_are_of_this_host_alone(deployed):
    assert deployed["session"] == ["__Host-sessionid", True, True, "Lax"]
    cookie = deployed["cookies"]["__Host-csrftoken"]
    assert cookie["secure"]
    assert cookie["path"] == "/"
    assert cookie["samesite"] == "Lax"
    assert "domain" not in cookie


def test_every_answer_carries_them_errors_too():
    for path in ("/healthz", "/nowhere/", "/fhir/metadata"):
        answer = Client().get(path)
        assert "Permissions-Policy" in answer.headers, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
