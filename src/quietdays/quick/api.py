"""The JSON face of the quick paths: a token in place of a sign-in, one child, write only."""

from __future__ import annotations

from typing import Any, Literal, Self
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy
from ninja import Field, Router, Schema, Status
from pydantic import model_validator

from quietdays.diary.models import MAX_SPASMS_IN_CLUSTER
from quietdays.people.trail import Did, tell
from quietdays.quick import actions
from quietdays.records.schemas import WholeNumber

router = Router(tags=["quick"])
MOST_MINUTES_AGO = 720

# One sentence for each reason why, so that a refusal tells nothing of what was entered before.
NOT_NOW = gettext_lazy(
    "Not saved: it is recorded already, or none or more than one could be meant. Log it in the app."
)
DOES_NOT_WORK = gettext_lazy("Not saved: this button does not work. Make a new one in the app.")


class PressIn(Schema, extra="forbid"):
    """One press of a button. Sent twice with the same id, stored once."""

    what: Literal["spasms", "nothing-seen", "dose", "meal"]
    id: UUID | None = None
    count: WholeNumber | None = Field(None, ge=1, le=MAX_SPASMS_IN_CLUSTER)
    count_kind: Literal["exact", "estimated", "at_least", "unknown"] | None = None
    minutes_ago: WholeNumber | None = Field(None, ge=0, le=MOST_MINUTES_AGO)
    medicine: str | None = Field(None, min_length=1, max_length=120, pattern=r"^[^\x00]*$")

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.what != "spasms" and not (self.count is None and self.count_kind is None):
            raise ValueError("count and count_kind belong to spasms")
        if self.what != "dose" and self.medicine is not None:
            raise ValueError("medicine belongs to a dose")
        if self.what == "nothing-seen" and self.minutes_ago:
            raise ValueError("nothing-seen is about now; leave minutes_ago out")
        if (self.count is None) != (self.count_kind in (None, "unknown")) and self.count_kind:
            raise ValueError("a count_kind other than unknown goes with a count")
        return self


class Echo(Schema):
    """What to show. It holds nothing that was not sent."""

    echo: str


@router.post("/quick", auth=None, response={200: Echo, 401: Echo, 409: Echo})
def press(
    request: HttpRequest, response: HttpResponse, body: PressIn, token: str | None = None
) -> Any:
    """Log one thing with a button's token, in the header (Authorization: Bearer) or as ?token=."""
    response["Cache-Control"] = "no-store"
    asked = body.model_dump(exclude={"id"}, exclude_none=True)
    secret = _secret(request, token)
    button = actions.button_of(secret)
    try:
        echo = actions.press(secret=secret, press_id=body.id, asked=asked)
    except actions.DoesNotWork:
        return Status(401, Echo(echo=str(DOES_NOT_WORK)))
    except actions.NotNow:
        return Status(409, Echo(echo=str(NOT_NOW)))
    if button is not None:
        words = f"the button “{button.name}”"
        tell(request, Did.WROTE, button.child, person=button.person, device=words)
    return Status(200, Echo(echo=echo))


def _secret(request: HttpRequest, token: str | None) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else token or ""
