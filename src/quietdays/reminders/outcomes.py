"""What becomes of a delivery after a try: done, the next channel, or again after a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_noop

from quietdays.reminders.channels.answers import Answer
from quietdays.reminders.decisions import Sending, bring_others_forward
from quietdays.reminders.models import Channel, Delivery, Step

State = Delivery.State
# A push that the phone has not confirmed by then goes on to the next channel.
RECEIPT_WAIT = timedelta(minutes=5)
# After a round in which no channel took it.
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))


def outcome_of(sending: Sending, answer: Answer, now: datetime) -> dict[str, Any]:
    """The new values of the row."""
    delivery, channel = sending.delivery, sending.channel
    tried = [*delivery.tried, str(channel.pk)]
    is_last = all(str(c.pk) in tried for c in sending.usable)
    if answer.is_taken:
        return {"sent_at": now, "tried": tried} | _taken(sending, now)
    if not is_last:
        return {"tried": tried, "due_at": now}
    return _again(delivery, answer, now, is_gone=answer.is_over and len(sending.usable) == 1)


def _taken(sending: Sending, now: datetime) -> dict[str, Any]:
    """Taken is not arrived: a phone says so itself, and is waited for."""
    confirms = sending.channel.kind == Channel.Kind.PUSH and sending.delivery.step != Step.CLOSED
    if confirms:
        return {"due_at": now + RECEIPT_WAIT}
    words = (
        gettext_noop("sent")
        if sending.delivery.step == Step.CLOSED
        else gettext_noop("sent; no proof that it arrived")
    )
    return {"state": State.SENT, "why": words}


def _again(delivery: Delivery, answer: Answer, now: datetime, *, is_gone: bool) -> dict[str, Any]:
    """A round has failed over every channel. The next carer need not wait for another one."""
    bring_others_forward(delivery, now)
    if is_gone and delivery.step == Step.PROOF:
        return {"state": State.LOST, "why": answer.words[:120]}
    wait = BACK_OFF[min(delivery.rounds, len(BACK_OFF) - 1)]
    due_at = now + max(wait, timedelta(seconds=answer.wait_s))
    if due_at >= delivery.until:
        if delivery.sent_at is not None:
            return {"state": State.SENT, "why": gettext_noop("sent; no proof that it arrived")}
        return {"state": State.LOST, "why": gettext_noop("no channel took it"), "tried": []}
    return {"tried": [], "rounds": delivery.rounds + 1, "due_at": due_at}
