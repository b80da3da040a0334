"""Pages for what went wrong: what happened, that nothing was lost, and the way on."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from quietdays.web.logs import request_id

API_PREFIX = "/api/"


def _answer(request: HttpRequest, status: HTTPStatus, title: str, text: str) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return JsonResponse({"detail": text}, status=status)
    return render(request, "web/error.html", {"title": title, "text": text}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.BAD_REQUEST,
        gettext("This could not be read"),
        gettext("The page was sent something it cannot read. Nothing was changed."),
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    reason = (
        str(exception) if exception and str(exception) else gettext("You may not do this here.")
    )
    return _answer(request, HTTPStatus.FORBIDDEN, gettext("Not for this account"), reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.NOT_FOUND,
        gettext("Nothing here"),
        gettext("There is no such page, or it belongs to a child that is not in your list."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        gettext("Something broke on our side"),
        gettext(
            "What was saved before is safe. What you just sent may not be saved: go back, and "
            "send it again. The same entry sent twice is stored once. If it goes on, tell "
            "whoever runs this server the number %(number)s."
        )
        % {"number": request_id.get()},
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        gettext("This page was open for too long"),
        gettext("Go back, reload the page, and send it again. Nothing was changed."),
    )
