"""Reading a lot of rows as they stood at one instant, without keeping writers waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_BEGIN = {
    "sqlite": "BEGIN DEFERRED",
    "postgresql": "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}


@contextmanager
def one_snapshot() -> Iterator[None]:
    """What is read within the block stood so at one instant. Nothing may be written in it.

    A transaction of `transaction.atomic` would take SQLite's one writer's place: the database is
    asked for a reader's transaction by name. Within a transaction that one is the snapshot.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN[connection.vendor])
        try:
            yield
        finally:
            cursor.execute("COMMIT")
