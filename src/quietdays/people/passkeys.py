"""Passkeys (WebAuthn): a phone's finger, face or PIN in place of a password.

The browser is asked to sign a challenge that stands in the session and is good for one answer.
The key must check who holds the phone, so that it is two factors in one.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from quietdays.people.models import Passkey, Person
from quietdays.records.writing import one_write

_CHALLENGE = "passkey-challenge"
MOST_PASSKEYS = 20
NOT_USABLE = gettext_lazy("This passkey could not be used here. Try again, or use another way in.")


def has_name(request: HttpRequest) -> bool:
    """Whether the house is reached by a name: browsers give no passkeys to a bare IP address."""
    try:
        ipaddress.ip_address(_host(request).strip("[]"))
    except ValueError:
        return True
    return False


def registration_options(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What the browser needs to make a passkey for a person who is signed in."""
    options = generate_registration_options(
        rp_id=_host(request),
        rp_name="Quiet Days",
        user_id=person.pk.bytes,
        user_name=person.email,
        user_display_name=person.name,
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id))
            for key in person.passkeys.all()
        ],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    request.session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    return options_to_json_dict(options)


def add_passkey(request: HttpRequest, person: Person, *, name: str, credential: Any) -> Passkey:
    """Keep a passkey that the browser made. Raises ValidationError when it does not check out."""
    challenge = _used_up(request)
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise ValidationError(NOT_USABLE) from error
    key = Passkey(
        person=person,
        name=name.strip() or "Passkey",
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    )
    with one_write():
        if person.passkeys.count() >= MOST_PASSKEYS:
            raise ValidationError(gettext("There are 20 passkeys already. Take one away first."))
        key.full_clean()
        key.save()
    return key


def sign_in_options(request: HttpRequest) -> dict[str, Any]:
    """What the browser needs to offer the passkeys it holds for this house."""
    options = generate_authentication_options(
        rp_id=_host(request), user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[_CHALLENGE] = bytes_to_base64url(options.challenge)
    return options_to_json_dict(options)


def person_by_passkey(request: HttpRequest, credential: Any) -> Person:
    """Whom a signed challenge lets in. Raises ValidationError when it lets in nobody."""
    challenge = _used_up(request)
    key_id = credential.get("id") if isinstance(credential, dict) else None
    key = Passkey.objects.filter(credential_id=str(key_id)).select_related("person").first()
    if key is None or not key.person.is_active:
        raise ValidationError(NOT_USABLE)
    try:
        signed = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_host(request),
            expected_origin=_origin(request),
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise ValidationError(NOT_USABLE) from error
    with one_write():
        key.sign_count, key.last_used_at = signed.new_sign_count, timezone.now()
        key.save(update_fields=["sign_count", "last_used_at"])
    return key.person


def remove_passkey(*, person: Person, passkey: Passkey) -> None:
    with one_write():
        person.passkeys.filter(pk=passkey.pk).delete()


def _used_up(request: HttpRequest) -> bytes:
    """The challenge that was given out last; it is good for one answer."""
    challenge = request.session.pop(_CHALLENGE, None)
    if challenge is None:
        raise ValidationError(NOT_USABLE)
    return base64url_to_bytes(challenge)


def _host(request: HttpRequest) -> str:
    """The name without its port; Django has checked it against the house's names."""
    host = request.get_host()
    return host if host.endswith("]") else host.rpartition(":")[0] or host


def _origin(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
