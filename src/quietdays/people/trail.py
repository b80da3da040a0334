"""The trail: who saw, wrote, shared and took along a child's data, when and from where.

One middleware writes it, after the answer is made and only where it was given. Pages whose act
the address does not tell say it by `tell`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from quietdays.people.access import Role
from quietdays.people.addresses import client_address
from quietdays.people.devices import device_of_request
from quietdays.people.models import AccessToken, CareRole, Child, Person, TrailEntry
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write

Did = TrailEntry.Did
_SAME_HOUR = UUID("0b7e3a52-9a3c-5d0e-8d1e-5b7f7f0f2c11")
_TOLD = "_trail"

# By the name of the address: what leaves the house, and what changes who has access.
EXPORTS = frozenset({
    "report-pdf", "report-fhir", "patient-summary", "archive-file", "csv", "emergency-pdf",
})  # fmt: skip
ACCESS = frozenset({
    "invite", "invite-guest", "invite-clinic", "end-role", "end-clinic", "end-link", "end-token",
    "end-hook", "end-button", "revoke-feed",
})  # fmt: skip
# Sent with POST because the question is long; nothing is written.
ASKING = frozenset({"solve_meal", "sum_meal", "foods", "search_foods"})

# Names of addresses that would not be understood; the others read as they are.
_WORDS = {
    "child-home": "home",
    "child-settings": "more",
    "today": "what is due, on the phone",
    "changes": "entries, on the phone",
    "sync": "entries, from the phone",
    "begin_clip": "a film or photograph",
    "put_piece": "a film or photograph",
    "csv": "tables (CSV)",
    "shared": "the report",
    "shared-pdf": "the report as PDF",
    "health-link": "the report as data",
    "fhir-read": "medical data (FHIR)",
    "fhir-find": "medical data (FHIR)",
    "fhir-search": "medical data (FHIR)",
    "fhir-summary": "the patient summary (FHIR)",
    "trail": "who did what",
}


def in_words(what: str) -> str:
    """What an address is called for the family: “diary-day” is “diary day”."""
    return _WORDS.get(what, what.replace("-", " ").replace("_", " "))


@dataclass(frozen=True, slots=True)
class Told:
    """What a page says of itself: whose child, who, and what was done."""

    did: str
    child_id: UUID
    person: Person | None = None
    who: str = ""  # in words, where it is nobody with an account
    device: str = ""


def tell(
    request: HttpRequest,
    did: str,
    child: Child,
    *,
    person: Person | None = None,
    who: str = "",
    device: str = "",
) -> None:
    """Say what a request does, where its address and method do not."""
    setattr(request, _TOLD, Told(did, child.pk, person, who, device))


def keep_trail(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what was answered about a child leaves a row in its trail."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code < 400:
            told = getattr(request, _TOLD, None) or _from_address(request, response)
            if told is not None:
                _keep(request, told)
        return response

    return answer


def note(*, child: Child, did: str, what: str, who: str) -> None:
    """A row for what was done without a request, such as at the command line."""
    with one_write():
        TrailEntry.objects.create(child_id=child.pk, did=did, what=what, person_name=who)


def trail_of(child: Child, *, did: str = "", person_id: UUID | None = None) -> QuerySet[TrailEntry]:
    """The trail of one child, newest first."""
    rows = TrailEntry.objects.filter(child_id=child.pk)
    if did:
        rows = rows.filter(did=did)
    return rows.filter(person_id=person_id) if person_id else rows


def _from_address(request: HttpRequest, response: HttpResponseBase) -> Told | None:
    match = request.resolver_match
    child_id = match.kwargs.get("child_id") if match else None
    if child_id is None or not isinstance(request.user, Person):
        return None
    token = getattr(request, "auth", None)
    device = f"the program “{token.name}”" if isinstance(token, AccessToken) else ""
    did = _did(request, response, _name(request))
    return Told(did, UUID(str(child_id)), request.user, device=device)


def _did(request: HttpRequest, response: HttpResponseBase, name: str) -> str:
    if name in EXPORTS:
        return Did.EXPORTED
    if request.method in ("GET", "HEAD"):
        return Did.SAW
    if name in ACCESS:
        return Did.ACCESS
    is_page = not request.path.startswith("/api/")
    # A form that comes back with errors, or a question to the solver, has written nothing.
    if name in ASKING or (is_page and response.status_code < 300):
        return Did.SAW
    return Did.WROTE


def _name(request: HttpRequest) -> str:
    match = request.resolver_match
    return str(match.url_name or "") if match else ""


def _keep(request: HttpRequest, told: Told) -> None:
    now = timezone.now()
    entry = TrailEntry(
        child_id=told.child_id,
        at=now,
        person_id=told.person.pk if told.person else None,
        person_name=told.person.name if told.person else told.who,
        did=told.did,
        what=_name(request)[:80],
        address=client_address(request)[:45],
        device=(told.device or device_of_request(request))[:80],
    )
    entry.pk = _same_hour(entry, now) if told.did == Did.SAW else new_id()
    if told.did == Did.SAW and TrailEntry.objects.filter(pk=entry.pk).exists():
        return
    entry.role = _role(told)
    with one_write():
        TrailEntry.objects.bulk_create([entry], ignore_conflicts=True)


def _same_hour(entry: TrailEntry, now: datetime) -> UUID:
    """One id for all looks of one person at one page from one place within an hour."""
    who = entry.person_id or entry.person_name
    told = (entry.child_id, who, entry.what, entry.address, entry.device, f"{now:%Y-%m-%dT%H}")
    return uuid5(_SAME_HOUR, "|".join(map(str, told)))


def _role(told: Told) -> str:
    if told.person is None:
        return ""
    roles = CareRole.objects.filter(person=told.person, child=told.child_id)
    role = roles.live().first() or roles.order_by("-since").first()
    return str(Role(role.role).label) if role else ""
