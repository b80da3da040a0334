"""What those who run the server see of it: alive, ready, figures, findings."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from quietdays.backups import keys as backup_keys
from quietdays.backups.state import note_failed, note_good
from quietdays.people.models import Person
from quietdays.records.turns import note_turn
from quietdays.reminders import keys
from quietdays.reminders.models import Heartbeat
from quietdays.web import doctor, operator_pages
from quietdays.web.doctor import State
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o700)
    keys.vapid.cache_clear()
    operator_pages._once_migrated.cache_clear()
    yield
    keys.vapid.cache_clear()


def found(about: str) -> doctor.Finding:
    [one] = [finding for finding in doctor.examine() if finding.about == about]
    return one


def test_alive_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Client().get("/healthz").content == b"ok\n"


def test_ready_says_what_is_missing(monkeypatch):
    assert Client().get("/readyz").status_code == 200
    monkeypatch.setattr(doctor, "free_bytes", lambda: 1)
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"the disk is full\n")
    operator_pages._once_migrated.cache_clear()
    monkeypatch.setattr(doctor, "unapplied", lambda: 2)
    assert b"up to date" in Client().get("/readyz").content
    monkeypatch.setattr(doctor, "unapplied", lambda: 0)
    assert b"disk" in Client().get("/readyz").content  # what was missing is asked for again

    def away():
        raise DatabaseError("connection refused at 10.0.0.7")

    monkeypatch.setattr("quietdays.web.operator_pages.connection.cursor", away)
    assert Client().get("/readyz").content == b"the database does not answer\n"


def test_health_is_told_without_tls_and_everything_else_is_not(settings):
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/sign-in/").status_code == 301


def figures(client=None, **kwargs) -> tuple[int, str]:
    answer = (client or Client()).get("/metrics", **kwargs)
    return answer.status_code, answer.content.decode()


def test_figures_name_routes_and_nobody(parent, child, settings):
    client = Client()
    client.force_login(parent)
    client.get(f"/c/{child.pk}/diary/2026-06-09/")
    Heartbeat.objects.create(seen_at=timezone.now())
    note_turn(settings.DATA_DIR, "hooks")
    note_good(settings.DATA_DIR, timezone.now() - timedelta(hours=2), "quietdays-x.age")
    status, text = figures()
    assert status == 200
    assert 'route="c/<uuid:child_id>/diary/<day:day>/"' in text
    for name in (
        "quietdays_requests_total", "quietdays_request_seconds_bucket", "quietdays_reminders_due",
        "quietdays_reminders_late", "quietdays_webhooks_waiting", "quietdays_backup_age_seconds",
        'quietdays_worker_turn_age_seconds{worker="remind"}', "quietdays_disk_free_bytes",
    ):  # fmt: skip
        assert name in text, name
    for secret in (str(child.pk), child.name, parent.email):
        assert secret not in text


@pytest.mark.parametrize(
    ("token", "proxies", "headers", "allowed"),
    [
        ("", 0, {}, True),
        ("", 0, {"X-Forwarded-For": "127.0.0.1"}, False),
        ("", 1, {}, False),
        ("t0ken", 1, {"Authorization": "Bearer t0ken"}, True),
        ("t0ken", 0, {}, False),
        ("t0ken", 0, {"Authorization": "Bearer other"}, False),
        ("t0ken", 0, {"Authorization": "Bearer é"}, False),
    ],
)
def test_figures_are_not_public(settings, token, proxies, headers, allowed):
    settings.METRICS_TOKEN, settings.PROXIES = token, proxies
    assert figures(headers=headers)[0] == (200 if allowed else 404)
    if not token:
        assert Client(REMOTE_ADDR="203.0.113.9").get("/metrics").status_code == 404


def test_the_status_page_is_for_operators_alone(settings, parent):
    client = Client()
    assert client.get("/status/").status_code == 404
    client.force_login(parent)
    assert client.get("/status/").status_code == 404
    settings.OPERATORS = [parent.email]
    page = client.get("/status/").content.decode()
    assert "quietdays remind: failure" in page
    assert "backup: warning" in page


def test_a_server_in_order_has_no_failure(settings, parent):
    settings.BACKUP_DIR = settings.DATA_DIR / "backups"
    settings.BACKUP_KEY = settings.DATA_DIR / "backup.key"
    backup_keys.make_key(settings.BACKUP_KEY)
    note_good(settings.DATA_DIR, timezone.now(), "quietdays-x.age")
    Heartbeat.objects.create(seen_at=timezone.now())
    for name in ("tend", "hooks"):
        note_turn(settings.DATA_DIR, name)
    findings = doctor.examine()
    assert [f for f in findings if f.state is State.FAILURE] == []
    assert all(f.mend for f in findings if f.state is not State.OK)


def test_each_fault_is_found_with_its_remedy(settings, monkeypatch):
    (settings.DATA_DIR / "vapid.pem").write_text("torn")
    (settings.DATA_DIR / "vapid.pem").chmod(0o644)
    settings.SECRET_KEY = "short"
    settings.BEHIND_TLS, settings.PROXIES = True, 0
    settings.BACKUP_DIR = settings.DATA_DIR
    settings.BACKUP_KEY = settings.DATA_DIR / "absent.key"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    note_failed(settings.DATA_DIR, house.NOW, "no room")
    monkeypatch.setattr(doctor, "free_bytes", lambda: 1)
    monkeypatch.setattr(doctor, "unapplied", lambda: 3)
    old = timezone.now() - timedelta(hours=1)
    Heartbeat.objects.create(seen_at=old)
    note_turn(settings.DATA_DIR, "tend")
    os.utime(settings.DATA_DIR / "turns" / "tend", (old.timestamp(), old.timestamp()))
    failed = {f.about for f in doctor.examine() if f.state is State.FAILURE}
    assert failed == {
        "secret key", "rights of vapid.pem", "address", "migrations", "disk", "e-mail", "push",
        "backup key", "backup", "quietdays remind", "quietdays hooks", "quietdays tend",
    }  # fmt: skip
    assert found("proxies").state is State.WARNING
    assert "no room" in found("backup").said


def test_a_check_that_breaks_is_a_failure_and_keeps_no_other_from_being_made(monkeypatch):
    monkeypatch.setitem(doctor.CHECKS, "disk", lambda: 1 / 0)
    findings = doctor.examine()
    assert next(f for f in findings if f.about == "disk").state is State.FAILURE
    assert findings[-1].about == "quietdays tend"


def test_a_clock_before_the_last_upgrade_is_found(monkeypatch):
    from datetime import UTC, datetime

    monkeypatch.setattr(doctor.timezone, "now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    assert found("clock").state is State.FAILURE


def test_operators_are_no_more_than_that(settings, parent, child):
    """The page shows nothing of a child, and opens no other."""
    operator = Person.objects.create(email="ops@test.example", name="Ops")
    settings.OPERATORS = [operator.email]
    client = Client()
    client.force_login(operator)
    assert child.name not in client.get("/status/").content.decode()
    assert client.get(f"/c/{child.pk}/").status_code == 404
