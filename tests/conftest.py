"""What the tests share: people, a child, and a settled hypothesis."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.template import furnish

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
settings.register_profile(
    "quietdays",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("quietdays")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Between tests everything is deleted, the trail too, which refuses that in the house.

    By the class: a test that drives a browser has another connection than one that does not.
    """
    from django.db import connection

    if connection.vendor != "sqlite":
        return
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'people_trailentry_kept'")
        kept_again = cursor.fetchone()[0]
    operations = type(connection.ops)
    emptied = operations.sql_flush

    def sql_flush(self, *args, **kwargs):
        opened = "DROP TRIGGER IF EXISTS people_trailentry_kept"
        return [opened, *emptied(self, *args, **kwargs), kept_again]

    operations.sql_flush = sql_flush


ZONE = "Europe/Berlin"
USES_THE_DATABASE = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL only what uses the database: the rest was run on SQLite and is the same.

    Tests that shoot processes take longest and come first, so that nothing waits for them alone.
    """
    items.sort(key=lambda item: "test_kill" not in item.nodeid)
    if not os.environ.get("QUIETDAYS_TEST_DATABASE_URL"):
        return
    used = [
        item
        for item in items
        if item.get_closest_marker("django_db") or USES_THE_DATABASE & set(item.fixturenames)
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(used)])
    items[:] = used


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """On SQLite each process of the tests starts from a copy of one migrated file."""
    from django.conf import settings

    if not os.environ.get("QUIETDAYS_TEST_DATABASE_URL"):
        furnish(Path(settings.DATABASES["default"]["TEST"]["NAME"]))


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The copy is used as it is; on PostgreSQL the whole server goes after the run."""
    return not os.environ.get("QUIETDAYS_TEST_DATABASE_URL")


@pytest.fixture
def parent(db):
    from quietdays.people.actions import create_account

    return create_account(email="parent@test.example", name="Pia", password="three words here")


@pytest.fixture
def child(parent):
    """A baby with one parent, in Berlin, not yet on the diet."""
    from quietdays.people.actions import create_family

    return create_family(
        by=parent, child_name="Noor", birth_date=date(2025, 9, 1), sex="female", time_zone=ZONE
    )


@pytest.fixture
def join(child):
    """join("dietitian") makes one more person with that role for the child."""
    from tests import house

    def make(role: str):
        someone = house.person(f"{role}@test.example", role.capitalize())
        house.grant(child, someone, role)
        return someone

    return make
