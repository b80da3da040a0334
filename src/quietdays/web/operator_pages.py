"""For those who run the server, and their programs: alive, ready, figures, and how it is."""

from __future__ import annotations

import hmac
import ipaddress
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from quietdays.people.http import person_of
from quietdays.web import doctor, metrics

_TEXT = "text/plain; charset=utf-8"


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked, so that a slow database restarts nothing."""
    return HttpResponse("ok\n", content_type=_TEXT)


def ready(request: HttpRequest) -> HttpResponse:
    """This server may be sent requests: its database answers and fits, its disk takes entries."""
    trouble = _trouble()
    status = 503 if trouble else 200
    return HttpResponse(f"{trouble or 'ready'}\n", status=status, content_type=_TEXT)


def _trouble() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _is_migrated():
            return "the database is not brought up to date"
    except DatabaseError:
        return "the database does not answer"
    return "" if doctor.free_bytes() >= doctor.LEAST_FREE_BYTES else "the disk is full"


def _is_migrated() -> bool:
    """Asked until it once was so: it does not become untrue under a running server."""
    try:
        return _once_migrated()
    except LookupError:
        return False


@cache
def _once_migrated() -> bool:
    if doctor.unapplied():
        raise LookupError  # an error is not kept, an answer is
    return True


def figures(request: HttpRequest) -> HttpResponse:
    """For Prometheus: with the token that is set; without one, to this machine alone."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(metrics.exposition(), content_type="text/plain; version=0.0.4")


def _may_read(request: HttpRequest) -> bool:
    wanted = settings.METRICS_TOKEN
    if wanted:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode())
    # Through a proxy on this machine everybody comes from here.
    is_direct = not settings.PROXIES and "X-Forwarded-For" not in request.headers
    return is_direct and _is_loopback(str(request.META.get("REMOTE_ADDR", "")))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def status(request: HttpRequest) -> HttpResponse:
    """How the server is, for the accounts that a setting names; for all others there is no page."""
    if not request.user.is_authenticated or person_of(request).email not in settings.OPERATORS:
        raise Http404
    context = {"findings": doctor.examine(), "versions": doctor.versions(), "turns": doctor.turns()}
    return render(request, "web/status.html", context)
