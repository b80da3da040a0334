"""The manifest of a SMART Health Link and the file it points to, for viewers of other houses."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from quietdays.people.trail import Did, tell
from quietdays.sharing import actions, queries
from quietdays.sharing.health_links import FHIR
from quietdays.sharing.models import SharedFile

_SALT = "health-link-file"
_LOCATION_LASTS = timedelta(minutes=10)
_MAX_BODY = 4096


@require_safe
def viewer(request: HttpRequest) -> HttpResponse:
    """Opens a link of this house in any browser. What it opens stands behind the #, unseen here."""
    return render(request, "sharing/viewer.html", {"theme": "auto"})


@csrf_exempt  # viewers stand on other hosts and send no cookie; the secret address is the right
@require_http_methods(["GET", "POST", "OPTIONS"])
def manifest(request: HttpRequest, token: str) -> HttpResponse:
    """Which files there are, for a recipient who names themself and knows the passcode.

    A GET gives the one file itself, where no passcode is asked for (flag U).
    """
    if request.method == "OPTIONS":
        return _open_to_all(HttpResponse(status=204))
    if request.method == "GET":
        return _direct(request, token)
    asked = _asked(request)
    if asked is None:
        return _said(400, gettext("Send JSON with your name as “recipient”."))
    if _file_of(token) is None:
        return _said(404, gettext("There is nothing here any more."))
    try:
        view = actions.open_link(
            secret=token, name=asked["recipient"], passcode=asked.get("passcode", "")
        )
    except actions.LinkGone:
        return _said(404, gettext("There is nothing here any more."))
    except actions.LinkLocked:
        return _said(401, gettext("The passcode was wrong too often."), remainingAttempts=0)
    except actions.WrongPasscode as wrong:
        return _said(401, gettext("Wrong passcode."), remainingAttempts=wrong.tries_left)
    tell(
        request,
        Did.EXPORTED,
        view.link.child,
        who=f"{view.name} (by a link)"[:120],
    )
    file = SharedFile.objects.filter(link=view.link).first()
    if file is None:
        return _said(404, gettext("There is nothing here any more."))
    longest = asked.get("embeddedLengthMax")
    if longest is not None and len(file.jwe) > longest:
        ticket = signing.dumps(str(view.pk), salt=_SALT)
        address = reverse("health-link-file", args=[token])
        where = {"location": f"{request.build_absolute_uri(address)}?ticket={ticket}"}
    else:
        where = {"embedded": file.jwe}
    return _open_to_all(JsonResponse({"files": [{"contentType": FHIR, **where}]}))


@require_http_methods(["GET", "OPTIONS"])
def file(request: HttpRequest, token: str) -> HttpResponse:
    """The encrypted file, for ten minutes after its manifest was fetched."""
    found = _file_of(token)
    try:
        signing.loads(request.GET.get("ticket", ""), salt=_SALT, max_age=_LOCATION_LASTS)
    except signing.BadSignature:
        found = None
    if found is None:
        return _said(404, gettext("There is nothing here any more."))
    return _open_to_all(HttpResponse(found.jwe, content_type="application/jose"))


def _direct(request: HttpRequest, token: str) -> HttpResponse:
    found = _file_of(token)
    if found is None:
        return _said(404, gettext("There is nothing here any more."))
    if found.link.passcode_hash:
        return _said(405, gettext("This link has a passcode: send it with POST."))
    recipient = request.GET.get("recipient", "").strip()[:80]
    if not recipient or "\x00" in recipient:
        return _said(400, gettext("Send your name as “recipient”."))
    view = actions.open_link(secret=token, name=recipient, passcode="")
    tell(
        request,
        Did.EXPORTED,
        view.link.child,
        who=f"{view.name} (by a link)"[:120],
    )
    return _open_to_all(HttpResponse(found.jwe, content_type="application/jose"))


def _file_of(token: str) -> SharedFile | None:
    link = queries.working_link(token, timezone.now())
    return SharedFile.objects.select_related("link").filter(link=link).first() if link else None


def _asked(request: HttpRequest) -> dict[str, Any] | None:
    """The body, if it is what the specification asks for; a strange one is None."""
    if len(request.body) > _MAX_BODY:
        return None
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):  # thousands of brackets exhaust the reader
        return None
    if not isinstance(asked, dict):
        return None
    name, passcode = asked.get("recipient"), asked.get("passcode", "")
    longest = asked.get("embeddedLengthMax")
    if not isinstance(name, str) or not name.strip() or "\x00" in name:
        return None
    if not isinstance(passcode, str) or len(passcode) > 40:
        return None
    if longest is not None and (isinstance(longest, bool) or not isinstance(longest, int)):
        return None
    return asked | {"recipient": name.strip()[:80]}


def _said(status: int, why: str, **more: int) -> HttpResponse:
    return _open_to_all(JsonResponse({"error": why, **more}, status=status))


def _open_to_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Content-Type"
    response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
