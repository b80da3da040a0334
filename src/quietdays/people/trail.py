"""The trail: who saw, wrote, shared and took along a child's data, when and from where.

One middleware writes it, after the answer is made and only where it was given. Pages whose act
the address does not tell say it by `tell`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation

from quietdays.people.access import Role
from quietdays.people.addresses import client_address
from quietdays.people.devices import device_of_request
from quietdays.people.models import AccessToken, CareRole, Child, Person, TrailEntry
from quietdays.people.trail_words import in_words as in_words
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
    setattr(request, _TOLD, [Told(did, child.pk, person, who, device)])


def tell_seen(request: HttpRequest, children: Iterable[Child], person: Person) -> None:
    """Say that a list showed something of each of these children."""
    setattr(request, _TOLD, [Told(Did.SAW, child.pk, person) for child in children])


def keep_trail(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what was answered about a child leaves a row in its trail."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code < 400:
            told = getattr(request, _TOLD, None) or _from_address(request, response)
            if told:
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


def _from_address(request: HttpRequest, response: HttpResponseBase) -> list[Told]:
    match = request.resolver_match
    child_id = match.kwargs.get("child_id") if match else None
    if child_id is None or not isinstance(request.user, Person):
        return []
    token = getattr(request, "auth", None)
    device = f"the program “{token.name}”" if isinstance(token, AccessToken) else ""
    did = _did(request, response, _name(request))
    return [Told(did, UUID(str(child_id)), request.user, device=device)]


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


def _keep(request: HttpRequest, told: list[Told]) -> None:
    """One line for each that is not there yet; as many queries for a list as for one child."""
    now = timezone.now()
    lines = {line.pk: line for line in (_line(request, one, now) for one in told)}
    looks = [pk for pk, line in lines.items() if line.did == Did.SAW]
    for pk in TrailEntry.objects.filter(pk__in=looks).values_list("pk", flat=True):
        del lines[pk]
    if not lines:
        return
    roles = _roles(lines.values())
    for line in lines.values():
        line.role = roles.get((line.person_id, line.child_id), "")
    with one_write():
        TrailEntry.objects.bulk_create(lines.values(), ignore_conflicts=True)


def _line(request: HttpRequest, told: Told, now: datetime) -> TrailEntry:
    line = TrailEntry(
        child_id=told.child_id,
        at=now,
        person_id=told.person.pk if told.person else None,
        person_name=told.person.name if told.person else told.who,
        did=told.did,
        what=_name(request)[:80],
        address=client_address(request)[:45],
        device=(told.device or device_of_request(request))[:80],
    )
    line.pk = _same_hour(line, now) if told.did == Did.SAW else new_id()
    return line


def _same_hour(entry: TrailEntry, now: datetime) -> UUID:
    """One id for all looks of one person at one page from one place within an hour."""
    who = entry.person_id or entry.person_name
    told = (entry.child_id, who, entry.what, entry.address, entry.device, f"{now:%Y-%m-%dT%H}")
    return uuid5(_SAME_HOUR, "|".join(map(str, told)))


def _roles(lines: Iterable[TrailEntry]) -> dict[tuple[UUID | None, UUID], str]:
    """What each person is for each child, by both; the newest where a role has just ended."""
    people, children = {line.person_id for line in lines}, {line.child_id for line in lines}
    rows = CareRole.objects.filter(person__in=people - {None}, child__in=children)
    with translation.override("en-gb"):  # as it is stored; people.wording says it to a reader
        return {
            (row.person_id, row.child_id): str(Role(row.role).label)
            for row in rows.order_by("since")
        }
