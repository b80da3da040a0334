"""One JSON value at a time, read strictly: what could be read in two ways is refused.

Each reader raises ValidationError with a sentence; who calls knows the field's name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.words import whole

_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,9})?", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_NAME = re.compile(r"\w{1,40}", re.ASCII)
# A phone whose clock says 1970 is put right; beyond these years there is nothing to put right.
YEARS = range(1900, 2200)


def read_whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValidationError(gettext("A whole number is needed."))
    return value


def read_decimal(value: Any) -> Decimal:
    """A number, or the same as decimal text: "3.2"."""
    if isinstance(value, str) and _DECIMAL.fullmatch(value):
        return Decimal(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(value) < 10**9:  # neither does what is no number
        raise ValidationError(gettext("A number is needed, such as 3.2."))
    return Decimal(str(value))


def read_text(value: Any, longest: int | None = None) -> str:
    if not isinstance(value, str):
        raise ValidationError(gettext("Text is needed."))
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValidationError(gettext("This text holds letters that are none."))
    if longest is not None and len(value) > longest:
        raise ValidationError(
            gettext("No more than %(longest)s letters.") % {"longest": whole(longest)}
        )
    return value


def read_instant(value: Any) -> datetime:
    wrong = ValidationError(
        gettext("An instant with its offset is needed, such as 2026-03-01T02:14:00Z.")
    )
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise wrong
    try:
        instant = datetime.fromisoformat(value)
    except ValueError as error:
        raise wrong from error
    if instant.year not in YEARS:
        raise ValidationError(gettext("Check the year."))
    return instant.astimezone(UTC)


def read_date(value: Any) -> date:
    wrong = ValidationError(gettext("A date is needed, such as 2026-03-01."))
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise wrong
    try:
        day = date.fromisoformat(value)
    except ValueError as error:
        raise wrong from error
    if day.year not in YEARS:
        raise ValidationError(gettext("Check the year."))
    return day


def read_clock(value: Any) -> time:
    """A time of a clock, without a date or a zone."""
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValidationError(gettext("A time is needed, such as 07:15."))
    return time.fromisoformat(value)


def read_bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(gettext("Yes or no is needed: true or false."))
    return value


def read_choice(value: Any, tokens: Sequence[str]) -> str:
    if not isinstance(value, str) or value not in tokens:
        raise ValidationError(gettext("Choose one of the answers."))
    return value


def read_choices(value: Any, tokens: Sequence[str]) -> list[str]:
    if not isinstance(value, list):
        raise ValidationError(gettext("A list of answers is needed."))
    chosen = [read_choice(token, tokens) for token in value]
    return list(dict.fromkeys(chosen))


def read_id(value: Any) -> UUID:
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise ValidationError(gettext("An id is needed."))
    return UUID(value)


def name_of(text: str) -> str:
    """A name that somebody sent, for an answer that names it; what is no name stays unsaid."""
    return text if _NAME.fullmatch(text) else "values"


def instant_text(instant: datetime) -> str:
    """As a phone writes it, to the millisecond."""
    text = instant.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
