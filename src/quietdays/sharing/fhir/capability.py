"""What the REST face says of itself, from the same tables that it works by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from quietdays.sharing.fhir.codes import DIARY, OWN, Json
from quietdays.sharing.fhir.search import PARAMS

FHIR_VERSION = "4.0.1"
DIARY_ID = OWN.rpartition("/")[2]
_SUMMARY = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"
_SECURITY = (
    "A token that a parent makes on the page “Tokens for programs”, with the scope fhir, as "
    "Authorization: Bearer. It opens one child. There is no OAuth."
)


def capability_statement(base: str, now: datetime) -> Json:
    """What can be read and searched, and how; the codes of the diary are open to everybody."""
    own = {
        "type": "CodeSystem",
        "interaction": [{"code": "read"}],
        "documentation": f"The diary's own codes: {base}/CodeSystem/{DIARY_ID}, without a token.",
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": now.date().isoformat(),
        "kind": "instance",
        "software": {"name": "Quiet Days"},
        "implementation": {"description": "A family's diary, to be read", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": _SECURITY},
                "resource": [*map(_resource, PARAMS), own],
            }
        ],
    }


def _resource(kind: str) -> Json:
    made: Json = {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "searchParam": [
            {"name": name, "type": param.kind, "documentation": param.doc}
            for name, param in PARAMS[kind].items()
        ],
    }
    if kind == "Patient":
        made["operation"] = [{"name": "summary", "definition": _SUMMARY}]
    return made


def diary_codes(codes: Mapping[str, str] = DIARY) -> Json:
    """The diary's own codes as a CodeSystem: every code that `codes.own` can write."""
    return {
        "resourceType": "CodeSystem",
        "id": DIARY_ID,
        "url": OWN,
        "name": "QuietDaysDiary",
        "title": "What the diary of a family says that no other code system names",
        "status": "active",
        "experimental": False,
        "publisher": "Quiet Days",
        "caseSensitive": True,
        "content": "complete",
        "count": len(codes),
        "concept": [{"code": code, "display": display} for code, display in codes.items()],
    }


def outcome(code: str, text: str) -> Json:
    """An OperationOutcome that says why something was refused."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "error", "code": code, "diagnostics": text}],
    }
