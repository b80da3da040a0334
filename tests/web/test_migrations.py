"""New migrations run while the release before still answers (docs/operators.md, Upgrade).

Those that had landed when the rule was made are the baseline, and so is every `initial` one of
a room that is new: no release before it knows its tables.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django_migration_linter import MigrationLinter

pytestmark = pytest.mark.django_db(transaction=True)  # SQLite makes no SQL within one

LANDED = {
    "people": 6, "diary": 6, "diet": 5, "medicines": 6, "emergency": 1, "insights": 5,
    "reminders": 2, "sync": 1, "quick": 1, "hooks": 1, "sharing": 4,
}  # fmt: skip


def new_migrations():
    for (app, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        is_ours = type(migration).__module__.startswith("quietdays.")
        if is_ours and int(name[:4]) > LANDED.get(app, 0) and not migration.initial:
            yield migration


def linted(*migrations, leaving_out=()) -> MigrationLinter:
    linter = MigrationLinter(no_cache=True, exclude_migration_tests=leaving_out)
    for migration in migrations:
        linter.lint_migration(migration)
    return linter


def test_new_migrations_leave_the_release_before_working(capsys):
    # SQLite makes a table anew for each constraint, with the NOT NULL that it had before; the
    # check cannot tell that from a new one. On PostgreSQL, where two releases meet, it can.
    leaving_out = ("NOT_NULL",) if connection.vendor == "sqlite" else ()
    linter = linted(*new_migrations(), leaving_out=leaving_out)
    assert not linter.has_errors, capsys.readouterr().out


def test_what_would_break_it_is_found():
    """This one added a column that the release before leaves empty; it landed before the rule."""
    loader = MigrationLoader(None)
    assert linted(loader.disk_migrations["diet", "0003_food_details"]).has_errors


def test_the_baseline_names_migrations_that_are_there():
    numbers = {(app, int(name[:4])) for app, name in MigrationLoader(None).disk_migrations}
    assert set(LANDED.items()) <= numbers
