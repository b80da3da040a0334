"""Buttons outside the app: a token for one child that can only write, and what it wrote."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils import timezone

from quietdays.records.ids import new_id


class QuickToken(models.Model):
    """A button that one person made for one child. Only the hash of its secret is stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    child = models.ForeignKey("people.Child", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60, validators=[MinLengthValidator(1)])
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["created_at"]

    def __str__(self) -> str:
        return self.name


class QuickPress(models.Model):
    """One press that was stored, so that the same press sent again is not stored again."""

    id = models.UUIDField(primary_key=True, editable=False)
    token = models.ForeignKey(QuickToken, on_delete=models.CASCADE, related_name="presses")
    asked: models.JSONField[Any, Any] = models.JSONField()  # what was sent, its id left out
    echo = models.CharField(max_length=200)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[Any]] = [models.Index(fields=["token", "at"], name="quick_press_at")]

    def __str__(self) -> str:
        return self.echo
