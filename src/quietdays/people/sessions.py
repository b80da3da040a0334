"""Sessions in the database, stored through the one writer like everything else.

Each is one browser in which somebody is signed in; the list of devices shows them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.utils import timezone

from quietdays.people.models import Person, SignedIn
from quietdays.records.writing import one_write

# A browser's last contact is as old as this at most; a write at each request would be one too many.
CONTACT_EVERY = timedelta(minutes=10)


class SessionStore(DatabaseSessions):
    device = address = ""
    _row: SignedIn | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        return SignedIn

    def came_from(self, *, device: str, address: str) -> None:
        """Where the request of this session comes from, kept when it is stored."""
        self.device, self.address = device, address

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        person_id = data.get("_auth_user_id")
        row.person_id = UUID(person_id) if person_id else None
        row.device, row.address = self.device, self.address
        if self._row is not None and self._row.session_key == row.session_key:
            row.since = self._row.since
        return row

    def _get_session_from_db(self) -> Any:
        self._row = super()._get_session_from_db()  # type: ignore[misc]
        return self._row

    def keep_contact(self) -> None:
        """Note that this browser is in use, now and then."""
        now = timezone.now()
        if self._row is None or self._row.seen_at > now - CONTACT_EVERY:
            return
        with one_write():
            SignedIn.objects.filter(pk=self._row.pk).update(
                seen_at=now, device=self.device, address=self.address
            )

    def save(self, must_create: bool = False) -> None:
        with one_write():
            super().save(must_create)

    def delete(self, session_key: Any = None) -> None:
        with one_write():
            super().delete(session_key)


def devices_of(person: Person) -> list[SignedIn]:
    """Every browser in which this person is signed in, the one in use last first."""
    rows = SignedIn.objects.filter(person=person, expire_date__gt=timezone.now())
    return list(rows.order_by("-seen_at"))


def sign_out_device(*, person: Person, session_key: str) -> bool:
    """At its next contact that browser is signed out; answers whether there was one."""
    with one_write():
        gone, _ = SignedIn.objects.filter(person=person, session_key=session_key).delete()
    return gone > 0


def sign_out_others(*, person: Person, but: str) -> int:
    """Sign every browser of a person out but one; answers how many."""
    with one_write():
        gone, _ = SignedIn.objects.filter(person=person).exclude(session_key=but).delete()
    return gone


def forget_sessions() -> None:
    """Remove sessions that have run out."""
    old = SignedIn.objects.filter(expire_date__lt=timezone.now())
    if old.exists():
        with one_write():
            old.delete()
