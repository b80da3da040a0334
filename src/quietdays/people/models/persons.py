"""Somebody who signs in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy

from quietdays.records.ids import new_id
from quietdays.words import LANGUAGES

# Nobody has an address there: the top-level name is kept free for good (RFC 2606).
GUEST_HOST = "@guests.invalid"


class PersonManager(BaseUserManager["Person"]):
    """Accounts are known by e-mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(email=(username or "").strip().lower())


class Person(AbstractUser):
    """Somebody who signs in: a parent, a carer, a clinician."""

    class Theme(models.TextChoices):
        AUTO = "auto", gettext_lazy("Dark from sunset to sunrise")
        LIGHT = "light", gettext_lazy("Always light")
        DARK = "dark", gettext_lazy("Always dark")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    # Nobody reads it, and it would be written at each sign-in, past the one writer.
    last_login = None
    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=120)
    theme = models.CharField(max_length=8, choices=Theme.choices, default=Theme.AUTO)
    # Blank: the browser's, where it is one of ours.
    language = models.CharField(max_length=8, choices=LANGUAGES, blank=True, db_default="")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[PersonManager] = PersonManager()  # type: ignore[assignment]

    @property
    def is_guest(self) -> bool:
        """Came with a code: has no address and no password, only the browser it was typed in."""
        return self.email.endswith(GUEST_HOST)

    def __str__(self) -> str:
        return self.name
