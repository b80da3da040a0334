"""The JSON face of reminders: a phone that takes pushes, and what it says of them."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from quietdays.people.http import person_of
from quietdays.reminders import actions
from quietdays.reminders.models import Channel

router = Router(tags=["reminders"])
_KEY = r"^[A-Za-z0-9_-]+=*$"


class PushIn(Schema, extra="forbid"):
    """A browser's subscription, as `PushSubscription.toJSON()` gives it, with the device."""

    device: UUID
    name: str = Field(min_length=1, max_length=60, pattern=r"^[^\x00]*$")
    endpoint: str = Field(max_length=1000, pattern=r"^[^\x00]*$")
    p256dh: str = Field(min_length=80, max_length=100, pattern=_KEY)
    auth: str = Field(min_length=16, max_length=40, pattern=_KEY)


class DeviceIn(Schema, extra="forbid"):
    device: UUID


class ReceiptIn(Schema, extra="forbid"):
    what: Literal["received", "seen", "snoozed"]
    minutes: int | None = Field(None, ge=1, le=actions.LONGEST_SNOOZE_MIN)


class ChannelOut(Schema):
    id: UUID


class RefusedOut(Schema):
    detail: dict[str, list[str]]


@router.post("/push", response={200: ChannelOut, 422: RefusedOut})
def subscribe(request: HttpRequest, asked: PushIn) -> Channel:
    """This phone takes reminders from now on; sent again, it is brought up to date."""
    return actions.subscribe(by=person_of(request), **asked.model_dump())


@router.post("/push/test", response={202: ChannelOut})
def test(request: HttpRequest, asked: DeviceIn) -> Status[Channel]:
    """Send a self-test to this phone at once."""
    person = person_of(request)
    mine = Channel.objects.filter(person=person, ended_at__isnull=True)
    channel = get_object_or_404(mine, device=asked.device)
    actions.test(by=person, channel=channel)
    return Status(202, channel)


@router.post("/receipts/{token}", auth=None, response={204: None, 422: RefusedOut})
def receipt(request: HttpRequest, token: str, said: ReceiptIn) -> Any:
    """What a phone says of a message: the token that came in it opens nothing else."""
    if actions.receive(token=token, **said.model_dump()) is None:
        return HttpResponse(status=404)
    return Status(204, None)
