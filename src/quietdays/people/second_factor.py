"""The second factor after a password: six digits from an authenticator app (TOTP, RFC 6238).

Recovery codes stand in for a phone that is lost. A number and a code open once each.
"""

from __future__ import annotations

import time

import pyotp
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from quietdays.people.codes import new_code, sha256_of, typed_code
from quietdays.people.models import Person, RecoveryCode, SecondFactor
from quietdays.records.writing import one_write

STEP_S = 30
RECOVERY_CODES = 10
WRONG = gettext_lazy(
    "This number does not fit. Wait for the next one, and check the phone’s clock."
)


def is_asked(person: Person) -> bool:
    return SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).exists()


def begin(*, person: Person) -> SecondFactor:
    """A secret to be scanned; nothing is asked at the door until a first number has fitted."""
    if is_asked(person):
        raise ValidationError(gettext("A second factor is set up already. Take it away first."))
    with one_write():
        factor, _ = SecondFactor.objects.get_or_create(
            person=person, defaults={"secret": pyotp.random_base32()}
        )
    return factor


def address_of(factor: SecondFactor) -> str:
    """What the QR code says to an authenticator app."""
    totp = pyotp.TOTP(factor.secret, interval=STEP_S)
    return totp.provisioning_uri(name=factor.person.email, issuer_name="Quiet Days")


def confirm(*, person: Person, digits: str) -> list[str]:
    """Ask for it from now on; answers the recovery codes, which are shown this once."""
    with one_write():
        factor = SecondFactor.objects.filter(person=person, confirmed_at__isnull=True).first()
        if factor is None:
            raise ValidationError(gettext("Begin anew: there is nothing to confirm."))
        _need_fitting(factor, digits)
        factor.confirmed_at = timezone.now()
        factor.save(update_fields=["confirmed_at"])
        return _new_recovery_codes(person)


def renew_recovery_codes(*, person: Person) -> list[str]:
    """Ten new codes; the ones before open nothing any more."""
    if not is_asked(person):
        raise ValidationError(gettext("There is no second factor to recover."))
    with one_write():
        return _new_recovery_codes(person)


def remove(*, person: Person) -> None:
    """The password alone lets in from now on."""
    with one_write():
        SecondFactor.objects.filter(person=person).delete()
        RecoveryCode.objects.filter(person=person).delete()


def pass_with(*, person: Person, typed: str) -> None:
    """Use up a number or a recovery code. Raises ValidationError when it opens nothing."""
    code = typed_code(typed)
    with one_write():
        if len(code) == 6:
            factor = SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).first()
            if factor is None:
                raise ValidationError(WRONG)
            _need_fitting(factor, code)
            return
        left = RecoveryCode.objects.filter(person=person, used_at__isnull=True)
        if not left.filter(code_sha256=sha256_of(code)).update(used_at=timezone.now()):
            raise ValidationError(WRONG)


def _need_fitting(factor: SecondFactor, digits: str) -> None:
    """One step of clock skew either way; a step that was used, or one before it, opens nothing."""
    totp = pyotp.TOTP(factor.secret, interval=STEP_S)
    now = int(time.time()) // STEP_S
    for step in (now - 1, now, now + 1):
        if step > factor.last_step and pyotp.utils.strings_equal(
            totp.generate_otp(step), typed_code(digits)
        ):
            factor.last_step = step
            factor.save(update_fields=["last_step"])
            return
    raise ValidationError(WRONG)


def _new_recovery_codes(person: Person) -> list[str]:
    codes = [new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(person=person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, code_sha256=sha256_of(typed_code(code))) for code in codes
    )
    return codes
