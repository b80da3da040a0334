"""What the server writes about itself: never a name, an address, an entry or a token.

A request is logged by its route, not by its path. What other code logs goes through one place
that takes e-mail addresses, the paths of addresses and ids out; of an error it keeps its kind
and where it happened, but not its words, since a database puts the refused values into them.
"""

from __future__ import annotations

import hashlib
import logging
import re
import traceback
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
_ADDRESS = re.compile(r"\b([a-z][a-z0-9+.-]*://)(?:[^\s/@]*@)?([^\s/?#]*)\S*", re.IGNORECASE)
_ID = re.compile(
    r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b", re.IGNORECASE
)
# Django puts the path into what these say, and with it tokens of links; the route says it.
_SAY_PATHS = ("django.request", "django.security", "django.server")

request_id: ContextVar[str] = ContextVar("request_id", default="")


def scrubbed(text: str) -> str:
    """A text without e-mail addresses, what follows a host, and ids; the same id stays the same."""
    text = _EMAIL.sub("(e-mail)", _ADDRESS.sub(r"\1\2/…", text))
    return _ID.sub(lambda found: f"#{_short(found[0])}", text)


def _short(text: str) -> str:
    return hashlib.sha256(text.replace("-", "").lower().encode()).hexdigest()[:10]


_Error = tuple[type[BaseException], BaseException, TracebackType | None]


def told(error: BaseException) -> str:
    """The kinds of an error and of its causes with their places, without any of their words."""
    lines = [*traceback.format_tb(error.__traceback__), _kind(error)]
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{told(cause)}\nwhich led to:\n{''.join(lines)}" if cause else "".join(lines)


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


class Discreet(logging.Filter):
    """Makes every record fit to be kept, and says to which request it belongs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith(_SAY_PATHS):
            status = getattr(record, "status_code", None)
            record.msg, record.args = "a request was answered with %s", (status or "a refusal",)
        record.msg, record.args = scrubbed(record.getMessage()), ()
        if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
            record.exc_text = told(record.exc_info[1])
            record.exc_info = None
        # Objects that callers hand along: whoever formats everything must not find them.
        for name in ("request", "server_time"):
            record.__dict__.pop(name, None)
        record.request_id = request_id.get()
        return True


class Json(JsonFormatter):
    """One line of JSON a record."""

    def __init__(self) -> None:
        names = ("levelname", "name", "message", "request_id", "exc_text")
        super().__init__(
            " ".join(f"%({name})s" for name in names),
            rename_fields={"levelname": "level", "exc_text": "error"},
            timestamp="time",
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in log_data.items() if value not in ("", None)}


def logging_settings(form: str) -> dict[str, Any]:
    """Django's LOGGING: "json" has a line for each request; otherwise only what went wrong."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"discreet": {"()": "quietdays.web.logs.Discreet"}},
        "formatters": {
            "json": {"()": "quietdays.web.logs.Json"},
            "text": {"format": "%(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["discreet"],
                "formatter": "json" if form == "json" else "text",
            }
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        # Django's own handlers would write past the filter.
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
            "quietdays.requests": {"level": "INFO" if form == "json" else "WARNING"},
        },
    }
