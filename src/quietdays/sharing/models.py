"""Links by which somebody without an account reads a report; files that are brought in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy

from quietdays.records.ids import new_id
from quietdays.sharing.audiences import Audience

TRIES = 5


class SharedLink(models.Model):
    """The report of one period, for whoever has the link. Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    label = models.CharField(gettext_lazy("who is it for"), max_length=80)
    token_sha256 = models.CharField(max_length=64, unique=True)
    first = models.DateField()
    last = models.DateField()
    audience = models.CharField(
        max_length=12, choices=Audience.choices, default=Audience.NEUROLOGIST
    )
    passcode_hash = models.CharField(max_length=200, blank=True)  # empty: no passcode
    # Wrong passcodes that are left, for the whole life of the link.
    tries_left = models.PositiveSmallIntegerField(default=TRIES)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-created_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(last__gte=F("first")),
                name="shared_link_period_in_order",
                violation_error_message=gettext_lazy("The period ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(tries_left__lte=TRIES),
                name="shared_link_tries_limited",
                violation_error_message=gettext_lazy("A link has no more than five tries."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class SharedFile(models.Model):
    """What a clinic's own viewer fetches: encrypted with a key that only the link's QR code holds."""

    link = models.OneToOneField(SharedLink, on_delete=models.CASCADE, related_name="file")
    jwe = models.TextField()

    def __str__(self) -> str:
        return f"file of {self.link}"


class LinkView(models.Model):
    """One opening of a link, one try that failed, or one download, as the family is shown it."""

    class What(models.TextChoices):
        OPENED = "opened", gettext_lazy("opened")
        PDF = "pdf", gettext_lazy("downloaded the PDF")
        WRONG = "wrong", gettext_lazy("wrong passcode")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(SharedLink, on_delete=models.CASCADE, related_name="views")
    what = models.CharField(max_length=8, choices=What.choices)
    name = models.CharField(max_length=80)  # as the visitor wrote it: nobody checked it
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-at"]

    def __str__(self) -> str:
        return f"{self.name} {self.get_what_display()}"


class ImportDraft(models.Model):
    """A file that was handed in and is looked at; it is brought in or forgotten within a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=200)
    data = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.file_name


class ImportBatch(models.Model):
    """A file that was brought in, under the id that it had as a draft."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    said = models.CharField(max_length=300)  # what it did, in the words of that day
    # [model, id] of each entry that it made, for as long as it can be undone.
    made = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-made_at"]

    def __str__(self) -> str:
        return self.file_name
