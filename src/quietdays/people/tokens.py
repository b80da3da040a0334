"""Tokens by which programs reach one child's diary: making, ending, opening, noting, forgetting."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.access import Act, require
from quietdays.people.codes import sha256_of
from quietdays.people.models import AccessToken, AccessUse, CareRole, Child, Person
from quietdays.records.writing import one_write

Scope = AccessToken.Scope
LONGEST = timedelta(days=365)
REMEMBERED = timedelta(days=90)  # how long the family sees the use of a token that is over
SHOWN_DAYS = 30
# A fixed beginning, by which programs that look for leaked secrets know one.
PREFIX = "qdt_"


class BadToken(Exception):
    """Unknown, ended, expired, or its person has no role any more: nobody is told which."""


def make_token(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    name: str,
    scopes: Collection[str],
    lasts: timedelta,
) -> tuple[AccessToken, str]:
    """A new token and its secret, which is not stored.

    Raises ValidationError for a used id, no scope, or a life beyond one year.
    """
    require(by, child, Act.MANAGE)
    if not timedelta() < lasts <= LONGEST:
        raise ValidationError({"lasts": gettext("A token lasts one year at most.")})
    secret = PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = AccessToken(
        id=entry_id,
        child=child,
        person=by,
        name=name.strip(),
        token_sha256=sha256_of(secret),
        scopes=" ".join(scope for scope in Scope.values if scope in scopes),
        created_at=now,
        expires_at=now + lasts,
    )
    with one_write():
        if AccessToken.objects.filter(pk=entry_id).exists():
            raise ValidationError(gettext("This token was made before. Its secret was shown once."))
        token.full_clean(exclude=["child", "person"])
        token.save(force_insert=True)
    return token, secret


def end_token(*, by: Person, token: AccessToken) -> None:
    """From now on the token opens nothing."""
    require(by, token.child, Act.MANAGE)
    with one_write():
        AccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )


def bearer_of(request: HttpRequest) -> str | None:
    """The secret of `Authorization: Bearer …`; None when the request carries no such header."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def open_token(secret: str) -> AccessToken:
    """The working token behind a secret. Raises BadToken."""
    token = (
        AccessToken.objects.filter(token_sha256=sha256_of(secret))
        .select_related("child__family", "person")
        .first()
    )
    if token is None or state_of(token, timezone.now()):
        raise BadToken
    return token


def use_token(token: AccessToken, scope: str) -> None:
    """Note that the token is being used for a scope. Raises PermissionDenied without it."""
    if not token.has(scope):
        raise PermissionDenied(gettext("This token has no scope “%(scope)s”.") % {"scope": scope})
    now = timezone.now()
    with one_write():
        AccessToken.objects.filter(pk=token.pk).update(last_used_at=now)
        use, _ = AccessUse.objects.get_or_create(
            token=token, day=token.child.today(now), scope=scope
        )
        AccessUse.objects.filter(pk=use.pk).update(requests=F("requests") + 1)


def state_of(token: AccessToken, now: datetime) -> str:
    """Why a token does not work, in words; empty while it works.

    It ends with the role that its person had when it was made, as buttons do: whoever comes
    back, or is something else for the child now, makes a new one.
    """
    if token.revoked_at is not None:
        return gettext("ended")
    if token.expires_at <= now:
        return gettext("expired")
    roles = CareRole.objects.filter(child=token.child_id, person=token.person_id)
    stands = roles.filter(since__lte=token.created_at).live(now).exists()
    return "" if stands and token.person.is_active else gettext("over: its maker’s access ended")


def tokens_of(child: Child) -> list[AccessToken]:
    """Every token that was made and not forgotten, newest first, with its latest days of use."""
    since = child.today() - timedelta(days=SHOWN_DAYS)
    uses = Prefetch("uses", AccessUse.objects.filter(day__gt=since))
    rows: QuerySet[AccessToken] = AccessToken.objects.filter(child=child)
    return list(rows.select_related("person").prefetch_related(uses))


def forget_tokens(now: datetime) -> None:
    """Remove tokens that have long been over, with their use."""
    before = now - REMEMBERED
    with one_write():
        AccessToken.objects.filter(Q(expires_at__lt=before) | Q(revoked_at__lt=before)).delete()
