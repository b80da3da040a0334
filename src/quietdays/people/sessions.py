"""Sessions in the database, stored through the one writer like everything else."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from quietdays.records.writing import one_write


class SessionStore(DatabaseSessions):
    def save(self, must_create: bool = False) -> None:
        with one_write():
            super().save(must_create)

    def delete(self, session_key: Any = None) -> None:
        with one_write():
            super().delete(session_key)
