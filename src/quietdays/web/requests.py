"""Each request gets an id, is counted and timed by its route, and is logged without its path."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponseBase

from quietdays.web import metrics
from quietdays.web.logs import request_id

HEADER = "X-Request-ID"
_GIVEN = re.compile(r"[0-9A-Fa-f-]{8,64}")  # no words: a log is no place to be written into
log = logging.getLogger("quietdays.requests")


class Requests:
    """The outermost middleware, so that nothing is answered outside of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "")
        # It stays until the thread's next request: Django logs a refusal after the last middleware.
        request_id.set(given if _GIVEN.fullmatch(given) else uuid4().hex)
        began = time.perf_counter()
        response = self._get_response(request)
        response[HEADER] = request_id.get()
        self._note(request, response.status_code, time.perf_counter() - began)
        return response

    def _note(self, request: HttpRequest, status: int, took_s: float) -> None:
        found = request.resolver_match
        route = (found.route or "home") if found else "none"
        method = request.method if request.method in metrics.METHODS else "other"
        metrics.REQUESTS.labels(route, method, status).inc()
        metrics.LATENCY.labels(route).observe(took_s)
        log.info(
            "%s %s", method, route,
            extra={"route": route, "method": method, "status": status, "ms": round(took_s * 1000)},
        )  # fmt: skip
