"""How every page finds its child: signed in, in the circle, allowed, in the child's own zone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people import farewell
from quietdays.people.access import CLINICAL_ROLES, MAY, Act, refused, role_for
from quietdays.people.models import Child, Person
from quietdays.records.models import Record

Page = Callable[..., HttpResponseBase]


def person_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # noqa: S101  login_required stands before it
    return request.user


def child_page(act: Act = Act.READ) -> Callable[[Page], Page]:
    """A page of one child: its view gets the child in place of the id in the address."""

    def wrap(view: Page) -> Page:
        @wraps(view)
        @login_required
        def inner(request: HttpRequest, child_id: UUID, **kwargs: Any) -> HttpResponseBase:
            person = person_of(request)
            found = role_for(person, child_id)
            if act not in MAY[found.role]:
                raise refused(act)
            child = found.child
            request.child = child  # type: ignore[attr-defined]
            request.acts = MAY[found.role]  # type: ignore[attr-defined]
            request.farewell = farewell.standing(child)  # type: ignore[attr-defined]
            request.has_night_log = found.role not in CLINICAL_ROLES  # type: ignore[attr-defined]
            with timezone.override(child.zone):
                response = view(request, child, **kwargs)
                # Templates are drawn here, while the child's zone is the current one.
                return response

        return inner

    return wrap


def shown_from(acts: Collection[Act], child: Child) -> date | None:
    """The first date that is shown to whoever may do these acts; None where everything is.

    Who helps out sees today and the day before, so that a night is seen whole.
    """
    return None if Act.READ in acts else child.today() - timedelta(days=1)


def need_shown(request: HttpRequest, child: Child, day: date) -> None:
    """Raises PermissionDenied for a date that is not shown to this person."""
    first = shown_from(request.acts, child)  # type: ignore[attr-defined]
    if first is not None and day < first:
        raise PermissionDenied(
            gettext("You see today and yesterday. The parents see the whole diary.")
        )


def echo(
    request: HttpRequest, text: str, *, kind: str = "", records: Iterable[Record] = ()
) -> None:
    """Say back what was saved, and offer to undo it for the next ten seconds."""
    ids = ",".join(str(r.pk) for r in records)
    messages.success(request, text, extra_tags=f"{kind}|{ids}" if ids else "")
