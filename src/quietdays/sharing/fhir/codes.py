"""Codes and the small shapes that hold them.

Every code of another system stands here and nowhere else; each was checked against a published
list (docs/interoperability.md). What no system has, the diary's own code system names.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.conf import settings

BASE = "https://quietdays.example/fhir"
OWN = f"{BASE}/CodeSystem/diary"
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
HPO, UCUM = "http://human-phenotype-ontology.org", "http://unitsofmeasure.org"
HL7 = "http://terminology.hl7.org/CodeSystem/"

Json = dict[str, Any]

# The diary's own codes, as its CodeSystem publishes them.
DIARY = {
    "spasm-cluster": "Cluster of epileptic spasms seen",
    "spasm-count": "Spasms in the cluster",
    "count-kind": "How the spasms were counted",
    "cluster-duration": "Duration of the cluster",
    "state-at-onset": "Sleep or waking state at onset",
    "movement": "Movement seen",
    "certainty": "How sure the carer was",
    "other-seizure": "Seizure seen that was no spasm",
    "seizure-duration": "Duration of the seizure",
    "seizure-looks": "What the seizure looked like",
    "rescue-given": "Rescue medicine given",
    "day-observed": "Spasms seen on the day",
    "observed-time": "Time the child was watched",
    "cluster-count": "Clusters seen",
    "spasms-seen": "Spasms seen",
    "cluster-count-period": "Clusters seen in the period",
    "watched-days": "Days watched in the period",
    "none-seen-days": "Watched days with none seen in the period",
    "days-without-record": "Days without a record in the period",
    "urine-ketones": "Ketones, urine strip grade",
    "illness": "Illness",
    "meal": "Meal or feed eaten",
    "fat": "Fat eaten",
    "protein": "Protein eaten",
    "carbohydrate": "Carbohydrate eaten, as the prescription counts it",
    "energy": "Energy eaten",
    "keto-ratio": "Ketogenic ratio of what was eaten",
}
SEIZURE = {"system": SNOMED, "code": "313307000", "display": "Epileptic seizure (finding)"}
ABSENT = {"system": SNOMED, "code": "2667000", "display": "Absent (qualifier value)"}
PRESENT = {"system": SNOMED, "code": "52101004", "display": "Present (qualifier value)"}
FEVER = {"system": SNOMED, "code": "386661006", "display": "Fever (finding)"}
SPASM = {"system": HPO, "code": "HP:0011097", "display": "Epileptic spasm"}
ANY_SEIZURE = {"system": HPO, "code": "HP:0001250", "display": "Seizure"}
# Usable only in a SNOMED CT member country or with a licence.
KETOGENIC_DIET = {
    "system": SNOMED,
    "code": "765060000",
    "display": "Ketogenic diet (regime/therapy)",
}
# Units as people enter them, as UCUM writes them.
UNITS = {
    "°C": "Cel", "mL": "mL", "ml": "mL", "mg": "mg", "g": "g", "kg": "kg", "cm": "cm",
    "mmol/L": "mmol/L", "mg/dL": "mg/dL",
}  # fmt: skip


def own(code: str) -> Json:
    return {"system": OWN, "code": code, "display": DIARY[code]}


def loinc(code: str, display: str) -> Json:
    return {"system": LOINC, "code": code, "display": display}


def hl7(system: str, code: str, display: str) -> Json:
    return {"system": HL7 + system, "code": code, "display": display}


def concept(*codings: Json, text: str = "") -> Json:
    """A CodeableConcept; without a coding its text alone carries the meaning."""
    made: Json = {"coding": list(codings)} if codings else {}
    return made | ({"text": text} if text else {})


def licensed(*codings: Json) -> list[Json]:
    """Codings that need a SNOMED licence, where the operator says that there is one."""
    return list(codings) if settings.SNOMED_LICENSED else []


def quantity(value: Decimal | float, unit: str, code: str = "", **more: str) -> Json:
    """A Quantity. `unit` is what people read; a unit that UCUM does not have stays without code."""
    number = int(value) if value == int(value) else float(value)
    ucum = code or UNITS.get(unit, "")
    return {
        "value": number,
        "unit": unit,
        **({"system": UCUM, "code": ucum} if ucum else {}),
        **more,
    }


def component(code: str, **value: Any) -> Json:
    return {"code": concept(own(code)), **value}
