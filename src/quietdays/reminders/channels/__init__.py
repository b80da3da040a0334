"""The ways to reach a person. Each sends one message and says what came back; none reads rows."""

from __future__ import annotations

import logging
from collections.abc import Callable

import requests

from quietdays.reminders.channels import email, push, services
from quietdays.reminders.channels.answers import Answer, Route
from quietdays.reminders.messages import Message
from quietdays.reminders.models import Channel

log = logging.getLogger(__name__)
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
    except requests.RequestException as error:
        # Its own words hold the whole address, which is a secret of this phone.
        return Answer(False, f"the service was not reached ({type(error).__name__})")
    except Exception as error:  # a fault in one library must not keep the others waiting
        log.exception("sending over %s failed", route.kind)
        return Answer(False, f"a fault in the server ({type(error).__name__})")
