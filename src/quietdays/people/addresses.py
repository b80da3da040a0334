"""Where a request comes from, as far as it can be believed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks.

    Each proxy in front appends what it saw to X-Forwarded-For; of these as many are believed,
    from the right, as the operator says there are. What stands further left anybody can write.
    """
    nearest = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.PROXIES:
        return nearest
    header = request.headers.get("X-Forwarded-For", "")
    told = [part.strip() for part in header.split(",") if part.strip()]
    return told[-settings.PROXIES] if len(told) >= settings.PROXIES else nearest
