"""Wrong passwords and codes are counted in the database, so that every process knows them.

A try is taken before the secret is compared: many at once have no more tries than one after
another. Who is signed in already is never shut out.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from quietdays.people.models import SignInTry
from quietdays.records.writing import one_write

WINDOW = timedelta(minutes=15)
# From one place at one account; then at one account from everywhere, and from one place at all
# accounts together (a clinic has one address for many).
FROM_ONE_PLACE = 10
AT_ONE_ACCOUNT = 100
FROM_ONE_ADDRESS = 100


class TooManyTries(Exception):
    """No further try for now."""


def take_try(*, at: str, address: str) -> None:
    """Use up one try at an account or a door. Raises TooManyTries: nothing is to be compared."""
    now = timezone.now()
    account, place = _hashed(at.strip().lower()), _hashed(address)
    with one_write():
        recent = SignInTry.objects.filter(at__gt=now - WINDOW)
        here = recent.filter(account_hash=account, address_hash=place).count()
        if (
            here >= FROM_ONE_PLACE
            or recent.filter(account_hash=account).count() >= AT_ONE_ACCOUNT
            or recent.filter(address_hash=place).count() >= FROM_ONE_ADDRESS
        ):
            raise TooManyTries
        SignInTry.objects.create(account_hash=account, address_hash=place, at=now)


def forget_own_tries(*, at: str, address: str) -> None:
    """After the right one, whoever knew it has all tries again from there."""
    with one_write():
        _of(at, address).delete()


def forget_tries(now: datetime) -> None:
    """Remove what counts no more."""
    old = SignInTry.objects.filter(at__lte=now - WINDOW)
    if old.exists():
        with one_write():
            old.delete()


def _of(at: str, address: str) -> QuerySet[SignInTry]:
    return SignInTry.objects.filter(
        account_hash=_hashed(at.strip().lower()), address_hash=_hashed(address)
    )


def _hashed(text: str) -> str:
    """Neither addresses nor e-mails lie readable in the table."""
    return salted_hmac("quietdays.tries", text, algorithm="sha256").hexdigest()
