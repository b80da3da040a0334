"""People, families and children; roles and clinics; the doors; the trail."""

from quietdays.people.models.children import (
    BEGINNING,
    Child,
    Family,
    Stay,
    validate_time_zone,
    zone_names,
)
from quietdays.people.models.doors import (
    AccessToken,
    AccessUse,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SignedIn,
    SignInTry,
)
from quietdays.people.models.persons import GUEST_HOST, Person, PersonManager
from quietdays.people.models.roles import (
    CLINICAL_ROLES,
    CareRole,
    Clinic,
    ClinicLink,
    ClinicStaff,
    Invitation,
    Role,
)
from quietdays.people.models.trail import Farewell, TrailEntry

__all__ = [
    "BEGINNING",
    "CLINICAL_ROLES",
    "GUEST_HOST",
    "AccessToken",
    "AccessUse",
    "CareRole",
    "Child",
    "Clinic",
    "ClinicLink",
    "ClinicStaff",
    "Family",
    "Farewell",
    "Invitation",
    "Passkey",
    "Person",
    "PersonManager",
    "RecoveryCode",
    "Role",
    "SecondFactor",
    "SignInTry",
    "SignedIn",
    "Stay",
    "TrailEntry",
    "validate_time_zone",
    "zone_names",
]
