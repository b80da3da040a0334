"""Making and ending links, opening one, and forgetting those that are long over."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.people.access import Act, require
from quietdays.people.codes import sha256_of
from quietdays.people.models import Child, Person
from quietdays.records.writing import one_write
from quietdays.sharing import queries
from quietdays.sharing.audiences import Audience, view_of
from quietdays.sharing.fhir.bundles import as_text, diary_document
from quietdays.sharing.health_links import encrypt
from quietdays.sharing.models import LinkView, SharedFile, SharedLink
from quietdays.sharing.report import report_pdf

LONGEST = timedelta(days=90)
REMEMBERED = timedelta(days=90)  # how long the family sees who opened a link that is over
PASSCODE_DIGITS = 6


class LinkGone(Exception):
    """Unknown, ended, expired, or its maker may share no more: nobody is told which."""


class LinkLocked(Exception):
    """The passcode was wrong too often; only the family can make a new link."""


class WrongPasscode(Exception):
    def __init__(self, tries_left: int) -> None:
        self.tries_left = tries_left
        super().__init__(f"{tries_left} tries left")


class Made(NamedTuple):
    """A new link with what is shown this once: nothing but the link itself is stored."""

    link: SharedLink
    secret: str
    passcode: str  # empty without one
    key: bytes  # of the file for a clinic's own viewer; empty without one


def make_link(
    *,
    by: Person,
    child: Child,
    entry_id: UUID,
    label: str,
    first: date,
    last: date,
    lasts: timedelta,
    has_passcode: bool,
    for_viewer: bool = False,
    audience: str = Audience.NEUROLOGIST,
) -> Made:
    """A link with its secret, passcode and key, none of which is stored.

    `for_viewer` lays the period beside it, as it stands now, for a clinic's own viewer.

    Raises ValidationError for a used id, a period outside the child's life so far, a link that
    would last longer than 90 days, or data for a viewer on behalf of somebody who is not to see
    all of it.
    """
    require(by, child, Act.MANAGE)
    now = timezone.now()
    _check(child, first, last, lasts)
    if for_viewer and not view_of(audience).carries_data:
        raise ValidationError(
            {
                "for_viewer": gettext(
                    "A clinic’s own viewer gets everything: choose the neurologist’s report."
                )
            }
        )
    secret = secrets.token_urlsafe(32)
    passcode = (
        f"{secrets.randbelow(10**PASSCODE_DIGITS):0{PASSCODE_DIGITS}}" if has_passcode else ""
    )
    link = SharedLink(
        id=entry_id,
        child=child,
        person=by,
        label=label.strip(),
        token_sha256=sha256_of(secret),
        first=first,
        last=last,
        audience=audience,
        passcode_hash=make_password(passcode) if passcode else "",
        created_at=now,
        expires_at=now + lasts,
    )
    key = secrets.token_bytes(32) if for_viewer else b""
    jwe = _encrypted(child, first, last, now, key) if for_viewer else ""
    with one_write():
        if SharedLink.objects.filter(pk=entry_id).exists():
            raise ValidationError(gettext("This link was made before. Its address was shown once."))
        link.full_clean(exclude=["child", "person"])
        link.save(force_insert=True)
        if for_viewer:
            SharedFile.objects.create(link=link, jwe=jwe)
    return Made(link, secret, passcode, key)


def _encrypted(child: Child, first: date, last: date, now: datetime, key: bytes) -> str:
    pdf = report_pdf(child, first, last, now=now)
    bundle = diary_document(child, first, last, now=now, pdf=pdf)
    return encrypt(as_text(bundle).encode(), key)


def _check(child: Child, first: date, last: date, lasts: timedelta) -> None:
    if not child.birth_date <= first <= last <= child.today():
        raise ValidationError(gettext("The period must lie between the birth and today."))
    if not timedelta() < lasts <= LONGEST:
        raise ValidationError(gettext("A link lasts 90 days at most."))


def end_link(*, by: Person, link: SharedLink) -> None:
    """From now on the link opens nothing, also for whoever is reading it."""
    require(by, link.child, Act.MANAGE)
    with one_write():
        SharedLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )
        SharedFile.objects.filter(link=link).delete()


def open_link(*, secret: str, name: str, passcode: str) -> LinkView:
    """Let a visitor in, and write it down for the family.

    Raises LinkGone, LinkLocked, or WrongPasscode, which stays written down and counted.
    """
    link = _take_a_try(secret)
    is_right = not link.passcode_hash or check_password(
        "".join(passcode.split()), link.passcode_hash
    )
    with one_write():
        view = LinkView.objects.create(
            link=link, name=name, what=LinkView.What.OPENED if is_right else LinkView.What.WRONG
        )
        if is_right and link.passcode_hash:
            SharedLink.objects.filter(pk=link.pk).update(tries_left=F("tries_left") + 1)
    if not is_right:
        raise WrongPasscode(link.tries_left)
    return view


def _take_a_try(secret: str) -> SharedLink:
    """A try is taken before the passcode is compared, so that many at once cannot have more."""
    with one_write():
        link = queries.working_link(secret, timezone.now())
        if link is None:
            raise LinkGone
        if link.passcode_hash:
            taken = SharedLink.objects.filter(pk=link.pk, tries_left__gt=0).update(
                tries_left=F("tries_left") - 1
            )
            if not taken:
                raise LinkLocked
            link.refresh_from_db(fields=["tries_left"])
    return link


def note_download(*, visit: LinkView) -> None:
    with one_write():
        LinkView.objects.create(link=visit.link, name=visit.name, what=LinkView.What.PDF)


def forget_links(now: datetime) -> None:
    with one_write():
        SharedFile.objects.filter(link__in=queries.long_over(now)).delete()
        queries.long_over(now - REMEMBERED).delete()
