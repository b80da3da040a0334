"""Operations that were answered for, and the order in which entries changed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class Operation(models.Model):
    """One thing that a phone did, and the answer it got; asked again, answered the same."""

    id = models.UUIDField(primary_key=True, editable=False)
    child = models.ForeignKey(  # the indexes below begin with it
        "people.Child", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    device = models.UUIDField()
    kind = models.CharField(max_length=20)
    action = models.CharField(max_length=8)
    entry_id = models.UUIDField()  # as the phone calls it
    # The entry that it reached: another one where only one can stand; None where none or many.
    reached_id = models.UUIDField(null=True, blank=True)
    undoes = models.UUIDField(null=True, blank=True)
    made_at = models.DateTimeField()  # by the phone's clock, put right
    received_at = models.DateTimeField(default=timezone.now)
    clock_offset_s = models.FloatField()  # by how much the phone's clock was put right or agreed
    answer = models.JSONField()

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["child", "entry_id"], name="operation_entry"),
            models.Index(fields=["child", "reached_id"], name="operation_reached"),
            models.Index(fields=["undoes"], name="operation_undoes"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.entry_id}"


class Change(models.Model):
    """That an entry has a new version; the number is the cursor that phones go on from.

    It holds no word of the entry, and stays when the entry is purged: a phone that was away
    for long still learns that the entry is gone.
    """

    child = models.ForeignKey(
        "people.Child", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    model = models.CharField(max_length=60)
    entry_id = models.UUIDField()
    version = models.BigIntegerField(null=True, blank=True)  # its row in the model's history
    operation = models.ForeignKey(  # None: entered on a page
        Operation, on_delete=models.CASCADE, null=True, blank=True, related_name="changes"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["child", "id"], name="change_feed"),
            models.Index(fields=["entry_id"], name="change_entry"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.entry_id}"
