"""Types of the JSON face that coerce nothing: false is not 0, and 0 is not 1970."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator


def _number_only(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError("a number is needed, not true, false or text")
    return value


def _text_only(value: Any) -> Any:
    if not isinstance(value, (str, datetime)):
        raise ValueError("an instant as text is needed, such as 2026-03-01T02:14:00Z")
    return value


WholeNumber = Annotated[int, BeforeValidator(_number_only)]
Instant = Annotated[AwareDatetime, BeforeValidator(_text_only)]
