"""How people and programs are let in: tries, passkeys, second factors, sessions, tokens."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext, gettext_lazy

from quietdays.people.models.children import Child
from quietdays.people.models.persons import Person
from quietdays.people.wording import device_in_words
from quietdays.records.ids import new_id


class SignInTry(models.Model):
    """A password that was tried at the door and was not right, or is being looked at."""

    account_hash = models.CharField(max_length=64)
    address_hash = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"a try at {self.at:%Y-%m-%d %H:%M}"


class SignedIn(AbstractBaseSession):
    """One browser in which somebody is signed in: what the list of devices shows."""

    person = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="signed_in", null=True, blank=True
    )
    device = models.CharField(max_length=80, blank=True)  # “Chrome on Android”
    address = models.CharField(max_length=45, blank=True)
    since = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "signed-in browser"

    @property
    def in_words(self) -> str:
        return device_in_words(self.device) or gettext("A browser")

    @property
    def public_name(self) -> str:
        """Names this browser on a page; its key itself would let in."""
        return salted_hmac("quietdays.device", self.session_key).hexdigest()[:16]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        from quietdays.people.sessions import SessionStore as Ours

        return Ours


class Passkey(models.Model):
    """A key that a phone or computer keeps, opened there by a finger, a face or a PIN."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=80)
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at"]

    def __str__(self) -> str:
        return self.name


class SecondFactor(models.Model):
    """The six digits that an authenticator app shows (TOTP, RFC 6238), asked after a password."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, related_name="second_factor", primary_key=True
    )
    secret = models.CharField(max_length=64)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # until then nothing is asked
    last_step = models.BigIntegerField(default=0)  # a number opens once

    def __str__(self) -> str:
        return f"second factor of {self.person}"


class RecoveryCode(models.Model):
    """Opens once in place of the six digits, when the phone that shows them is lost."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "code_sha256"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return f"recovery code of {self.person}"


class AccessToken(models.Model):
    """A key by which a program reads or writes one child's diary in the name of one person.

    Only the hash of its secret is stored. What it may is the scopes, and never more than its
    person still may: `people.tokens` decides.
    """

    class Scope(models.TextChoices):
        READ = "read", gettext_lazy("Read the diary (JSON)")
        LOG = "log", gettext_lazy("Add and change entries (JSON)")
        FHIR = "fhir", gettext_lazy("Read as medical data (FHIR)")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    token_sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=40)  # in the order of Scope, a blank between
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(
                    scopes__in=[
                        "read", "log", "fhir", "read log", "read fhir", "log fhir", "read log fhir",
                    ]
                ),
                name="access_token_scopes_known",
                violation_error_message=gettext_lazy("Choose what the token may do."),
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="access_token_ends_after_start",
                violation_error_message=gettext_lazy("A token ends after it was made."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    def has(self, scope: str) -> bool:
        return scope in self.scopes.split()

    @property
    def scopes_in_words(self) -> str:
        return "; ".join(str(self.Scope(scope).label) for scope in self.scopes.split())


class AccessUse(models.Model):
    """How often a token was used on one date for one scope: what the family is shown."""

    token = models.ForeignKey(AccessToken, on_delete=models.CASCADE, related_name="uses")
    day = models.DateField()  # where the child was
    scope = models.CharField(max_length=4, choices=AccessToken.Scope.choices)
    requests = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar[list[str]] = ["-day", "scope"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["token", "day", "scope"], name="access_use_once")
        ]

    def __str__(self) -> str:
        return f"{self.requests} on {self.day}"
