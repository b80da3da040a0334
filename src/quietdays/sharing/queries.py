"""Which link a secret opens, and what the family is shown of its links."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from quietdays.people.access import Act, may
from quietdays.people.codes import sha256_of
from quietdays.people.models import Child
from quietdays.sharing.models import LinkView, SharedLink

# Whoever opened a link reads on for so long without the passcode; then it is asked for again.
A_VISIT = timedelta(hours=1)


def working_link(secret: str, now: datetime) -> SharedLink | None:
    """The link behind a secret, until it expires, is ended, or its maker may share no more."""
    link = (
        SharedLink.objects.filter(
            token_sha256=sha256_of(secret), revoked_at__isnull=True, expires_at__gt=now
        )
        .select_related("child", "person")
        .first()
    )
    if link is None or not link.person.is_active or not may(link.person, link.child, Act.MANAGE):
        return None
    return link


def visit_of(link: SharedLink, view_id: UUID, now: datetime) -> LinkView | None:
    """The opening by which somebody is reading this link at an instant."""
    return link.views.filter(
        pk=view_id, what=LinkView.What.OPENED, at__gt=now - A_VISIT, at__lte=now
    ).first()


def links_of(child: Child) -> list[SharedLink]:
    """Every link that was made and not forgotten, newest first, each told by `state_of`."""
    rows: QuerySet[SharedLink] = SharedLink.objects.filter(child=child)
    return list(rows.select_related("person").prefetch_related("views"))


def state_of(link: SharedLink, now: datetime) -> str:
    """Why a link does not work, in a word; empty while it works."""
    if link.revoked_at is not None:
        return gettext("ended")
    if link.expires_at <= now:
        return gettext("expired")
    if link.passcode_hash and not link.tries_left:
        return gettext("locked: the passcode was wrong too often")
    return ""


def long_over(before: datetime) -> QuerySet[SharedLink]:
    """Links that stopped working before an instant."""
    return SharedLink.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before))
