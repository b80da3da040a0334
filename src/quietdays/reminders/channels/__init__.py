"""The ways to reach a person. Each sends one message and says what came back; none reads rows."""

from __future__ import annotations

from collections.abc import Callable

from quietdays.reminders.channels import email, push, services
from quietdays.reminders.channels.answers import Answer, Route
from quietdays.reminders.messages import Message
from quietdays.reminders.models import Channel

Send = Callable[[Route, Message, float], Answer]

SENDERS: dict[str, Send] = {
    Channel.Kind.PUSH: push.send,
    Channel.Kind.EMAIL: email.send,
    Channel.Kind.SERVICE: services.send,
}


def send(route: Route, message: Message, timeout_s: float) -> Answer:
    """One try. Never raises: whatever happens is an answer, and stands in the log."""
    try:
        return SENDERS[route.kind](route, message, timeout_s)
    except Exception as error:  # a fault in one library must not keep the others waiting
        return Answer(False, f"{type(error).__name__}: {error}"[:300])
