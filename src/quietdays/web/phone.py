"""What makes the night log an app on the phone: its shell, its worker, its manifest, its session.

The shell is the same for everybody and holds nothing of a child, so that it may stay in the
phone's cache; what is a child's comes from the API and lives in the phone's own store.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from quietdays.people.access import MAY, Act
from quietdays.people.models import CareRole, Person
from quietdays.words import catalogue_address, in_english

_BUILT = Path(__file__).parent / "static/built"
_ASSETS = ("built/quietdays.css", "built/log.js", "built/fonts/text.woff2")
_FRESH = "no-cache"  # kept by the browser, but asked about each time


@require_safe
@ensure_csrf_cookie
def log(request: HttpRequest) -> HttpResponse:
    """The shell of the night log; its script draws every screen."""
    return HttpResponse(_shell(), headers={"Cache-Control": _FRESH})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, served from the root so that it may answer for every page.

    The name of its cache is a hash of all that is in it: a new release is a new cache.
    """
    return HttpResponse(
        _worker(), content_type="text/javascript", headers={"Cache-Control": _FRESH}
    )


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the night log on its home screen."""
    page = reverse("log")
    icons = [
        {"src": static(f"built/icons/{name}.png"), "sizes": size, "type": "image/png"} | purpose
        for name, size, purpose in (
            ("icon-192", "192x192", {}),
            ("icon-512", "512x512", {}),
            ("icon-maskable", "512x512", {"purpose": "maskable"}),
        )
    ]
    shortcuts = [
        {"name": gettext("Spasms"), "url": f"{page}#/pad"},
        {"name": gettext("Feed"), "url": f"{page}#/feed"},
        {"name": gettext("Medicine"), "url": f"{page}#/medicine"},
        {"name": gettext("Nothing seen"), "url": f"{page}#/nothing-seen"},
    ]
    content = {
        "id": page,
        "name": "Quiet Days",
        "short_name": "Quiet Days",
        "description": gettext("The diary of a baby with infantile spasms on a ketogenic diet"),
        "start_url": page,
        "scope": "/",
        "display": "standalone",
        "background_color": "#0d1218",
        "theme_color": "#0d1218",
        "icons": icons,
        "shortcuts": [s | {"icons": icons[:1]} for s in shortcuts],
    }
    return JsonResponse(
        content,
        content_type="application/manifest+json",
        headers={"Cache-Control": _FRESH},
    )


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """Who is signed in on this phone, and for which children; docs/sync.md#session."""
    person = request.user if isinstance(request.user, Person) else None
    answer: dict[str, Any] = {
        "clock": timezone.now().isoformat(),
        "csrf": get_token(request),
        "person": None,
        "words": catalogue_address(),
        "children": [],
    }
    if person is not None:
        answer["person"] = {"id": str(person.pk), "name": person.name, "theme": person.theme}
        answer["children"] = [
            {
                "id": str(role.child_id),
                "name": role.child.name,
                "may_log": Act.LOG in MAY[role.role],
            }
            for role in _roles(person)
        ]
    return JsonResponse(answer, headers={"Cache-Control": "no-store"})


def _roles(person: Person) -> list[CareRole]:
    rows = person.care_roles.live().select_related("child")
    return list(rows.order_by("child__name"))


@cache
@in_english  # the same for everybody; its script speaks the reader's language
def _shell() -> str:
    return render_to_string("web/log.html")


@cache
def _worker() -> str:
    assets = [static(name) for name in _ASSETS]
    digest = hashlib.sha256(_shell().encode())
    for name in (*_ASSETS, "built/sw.js"):
        digest.update((_BUILT.parent / name).read_bytes())
    shell = {"cache": f"quietdays-{digest.hexdigest()[:16]}", "page": reverse("log")}
    script = (_BUILT / "sw.js").read_text()
    return f"self.SHELL = {json.dumps(shell | {'assets': assets})};\n{script}"
