"""The FHIR Bundle that this app writes, read in again.

What a family records comes in. What a team signs (prescriptions, the emergency card) does not:
it is signed again where it is to hold. Of a meal a Bundle holds the sum and not the foods, and so
does the meal that it makes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import translation

from quietdays.diary.models import (
    URINE_GRADES,
    Certainty,
    CheckIn,
    CountKind,
    DayTotal,
    Illness,
    Kind,
    Measurement,
    OtherSeizure,
    Pattern,
    SpasmCluster,
    StateAtOnset,
    Unit,
)
from quietdays.diet.models import MealEaten
from quietdays.medicines.models import Change, Dose, How, Schedule
from quietdays.people.access import Act
from quietdays.people.models import Child
from quietdays.records.models import Record
from quietdays.sharing.fhir.codes import ABSENT, FEVER, LOINC, OWN, Json
from quietdays.sharing.imports.json_logs import loaded
from quietdays.sharing.imports.plan import Planned, Reading, row_id
from quietdays.sharing.imports.readings import measurement
from quietdays.sharing.imports.table import ImportRefused, Problem, Row
from quietdays.sharing.imports.times import absolute

_LOINC_KINDS = {
    "66441-7": Kind.KETONES_BLOOD,
    "14743-9": Kind.GLUCOSE,
    "41653-7": Kind.GLUCOSE,
    "29463-7": Kind.WEIGHT,
    "8302-2": Kind.LENGTH,
    "9843-4": Kind.HEAD,
    "8310-5": Kind.TEMPERATURE,
}
_SLEEP = "93832-4"  # stands in the check-in of its date as well
_NO_ROWS = frozenset(
    {"Patient", "Device", "Composition", "Provenance", "Practitioner", "RelatedPerson", "DocumentReference"}
)  # fmt: skip
_SIGNED = frozenset({"NutritionOrder", "CarePlan", "Condition"})


def is_bundle(found: Any) -> bool:
    return isinstance(found, dict) and found.get("resourceType") == "Bundle"


def read(data: bytes, child: Child) -> Reading:
    found = loaded(data)
    try:
        resources = [entry["resource"] for entry in found["entry"]]
        kinds = [str(resource["resourceType"]) for resource in resources]
        patients = [r["id"] for r in resources if r["resourceType"] == "Patient"]
    except (KeyError, TypeError) as error:
        raise ImportRefused([Problem(1, "this is no FHIR Bundle that can be read")]) from error
    if len(patients) != 1:
        raise ImportRefused([Problem(1, "the Bundle is of one child, or it cannot be read in")])
    reader = _Reader(child, is_own=str(patients[0]) == str(child.pk))
    for number, (kind, resource) in enumerate(zip(kinds, resources, strict=True), start=1):
        reader.take(number, kind, resource)
    reader.end_medicines()
    return reader.reading


class _Reader:
    def __init__(self, child: Child, *, is_own: bool) -> None:
        self._child = child
        self._is_own = is_own  # then its entries are known by their own ids
        self.reading = Reading(0)
        # Of each medicine, when steps start; and each step's last day.
        self._starts: set[tuple[str, date]] = set()
        self._ends: list[tuple[Planned, date]] = []

    def take(self, number: int, kind: str, resource: Json) -> None:
        if kind in _NO_ROWS:
            return
        self.reading.rows += 1
        row = Row(number, {})
        try:
            planned = self._planned(row, kind, resource)
        except (
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            IndexError,
            ArithmeticError,
        ) as error:
            row.complain(
                f"a {kind} that this app did not write so: {type(error).__name__} {error}"[:200]
            )
            planned = []
        self.reading.planned += planned
        self.reading.problems += row.problems

    def _planned(self, row: Row, kind: str, resource: Json) -> list[Planned]:
        if kind in _SIGNED:
            self._leave(row, "signed by the team: it is signed anew where it is to hold")
            return []
        if kind == "QuestionnaireResponse":
            return self._check_in(row, resource)
        if kind == "MedicationStatement":
            return self._step(row, resource)
        if kind == "MedicationAdministration":
            return self._dose(row, resource)
        if kind != "Observation":
            self._leave(row, f"a {kind[:40]} is nothing that the diary keeps")
            return []
        return self._observation(row, resource)

    def _leave(self, row: Row, why: str) -> None:
        self.reading.left_out.append(Problem(row.number, why))

    def _id(self, resource: Json) -> UUID:
        key = UUID(resource["id"])
        return key if self._is_own else row_id(self._child, "fhir", key)

    def _one(self, row: Row, model: type[Record], resource: Json, values: Json) -> list[Planned]:
        return [Planned(row.number, model, self._id(resource), values)]

    # -- observations

    def _observation(self, row: Row, resource: Json) -> list[Planned]:
        codings = resource["code"].get("coding", [])
        own = next((c["code"] for c in codings if c["system"] == OWN), "")
        loincs = {c["code"] for c in codings if c["system"] == LOINC}
        readers: dict[str, Callable[[Row, Json], list[Planned]]] = {
            "spasm-cluster": self._cluster,
            "other-seizure": self._other_seizure,
            "day-observed": self._day,
            "illness": self._illness,
            "urine-ketones": self._urine,
            "meal": self._meal,
        }
        if own in readers:
            return readers[own](row, resource)
        kind = next((_LOINC_KINDS[c] for c in sorted(loincs) if c in _LOINC_KINDS), None)
        if kind is not None:
            value = resource["valueQuantity"]
            return measurement(
                row, _at(resource), kind, Decimal(value["value"]), str(value["unit"]),
                entry_id=self._id(resource), note=_note(resource),
            )  # fmt: skip
        if _SLEEP in loincs or own == "cluster-count-period":
            self._leave(row, "worked out from other entries of this file")
        else:
            self._leave(row, "an observation that this app did not write")
        return []

    def _cluster(self, row: Row, resource: Json) -> list[Planned]:
        parts = _parts(resource)
        counted = parts["spasm-count"]
        values: Json = {
            "happened_at": _at(resource),
            "duration_s": _whole(parts.get("cluster-duration")),
            "spasm_count": _whole(counted),
            "count_kind": _count_kind(parts, counted),
            "state_at_onset": _choice(StateAtOnset, parts.get("state-at-onset")),
            "pattern": _choice(Pattern, parts.get("movement")),
            "certainty": Certainty.NOT_SURE if "certainty" in parts else Certainty.SURE,
            "note": _note(resource),
        }
        return self._one(row, SpasmCluster, resource, values)

    def _other_seizure(self, row: Row, resource: Json) -> list[Planned]:
        parts = _parts(resource)
        values: Json = {
            "happened_at": _at(resource),
            "looks": _choice(OtherSeizure.Looks, parts["seizure-looks"]),
            "duration_s": _whole(parts.get("seizure-duration")),
            "rescue_given": parts.get("rescue-given", {}).get("valueBoolean"),
            "note": _note(resource),
        }
        return self._one(row, OtherSeizure, resource, values)

    def _day(self, row: Row, resource: Json) -> list[Planned]:
        parts = _parts(resource)
        is_none = ABSENT["code"] in {c["code"] for c in resource["valueCodeableConcept"]["coding"]}
        spasms = parts.get("spasms-seen", {}).get("valueQuantity", {})
        is_floor = spasms.get("comparator") == ">="
        hours = parts.get("observed-time", {}).get("valueQuantity", {}).get("value")
        values: Json = {
            "date": date.fromisoformat(resource["effectivePeriod"]["start"]),
            "was_observed": True,
            "clusters": 0 if is_none else _whole(parts["cluster-count"]),
            "spasms": None if is_none or is_floor else _whole(parts.get("spasms-seen")),
            "hours_watched": None if hours is None else Decimal(hours).quantize(Decimal("0.01")),
        }
        return self._one(row, DayTotal, resource, values)

    def _illness(self, row: Row, resource: Json) -> list[Planned]:
        period = resource["effectivePeriod"]
        value = resource["valueCodeableConcept"]
        codes = {c["code"] for c in value.get("coding", [])}
        values: Json = {
            "started_on": date.fromisoformat(period["start"]),
            "ended_on": date.fromisoformat(period["end"]) if "end" in period else None,
            "fever": FEVER["code"] in codes,
            "what": value.get("text", "")[:200],
        }
        return self._one(row, Illness, resource, values)

    def _urine(self, row: Row, resource: Json) -> list[Planned]:
        words = resource["valueCodeableConcept"]["text"]
        with translation.override("en-gb"):  # as it was written
            grade = next(grade for grade, label in URINE_GRADES.items() if label == words)
        values: Json = {
            "happened_at": _at(resource),
            "kind": Kind.KETONES_URINE,
            "value": Decimal(grade),
            "unit": Unit.GRADE,
            "note": _note(resource),
        }
        return self._one(row, Measurement, resource, values)

    def _meal(self, row: Row, resource: Json) -> list[Planned]:
        """Its sum, where it was counted; in words that nothing is known of it, where it was not."""
        parts, name = _parts(resource), str(resource["code"].get("text") or "Meal")
        values: Json = {
            "happened_at": _at(resource),
            "name": name[:80],
            "note": _note(resource),
        }
        grams = [
            Decimal(parts[part]["valueQuantity"]["value"])
            for part in ("fat", "protein", "carbohydrate")
            if part in parts
        ]
        if len(grams) == 3 and sum(grams) > 0:
            values["sum_g"] = tuple(grams)
        else:
            values["off_plan"] = f"{name}: not counted where it came from"[:500]
        return self._one(row, MealEaten, resource, values)

    # -- check-ins and medicines

    def _check_in(self, row: Row, resource: Json) -> list[Planned]:
        known = {f.name: f for f in CheckIn._meta.concrete_fields}
        values: Json = {}
        for item in resource["item"]:
            name, [answer] = item["linkId"], item["answer"]
            [value] = answer.values()
            if name not in known:
                row.complain(f"a question that the diary does not ask: {name[:40]}")
            elif isinstance(value, dict):
                value = value["value"]
            values[name] = known[name].to_python(value) if name in known else value
        return [] if row.problems else self._one(row, CheckIn, resource, values)

    def _step(self, row: Row, resource: Json) -> list[Planned]:
        dosage, period = resource["dosage"][0], resource["effectivePeriod"]
        rate = (dosage.get("doseAndRate") or [{}])[0].get("doseQuantity", {})
        repeat = dosage.get("timing", {}).get("repeat", {})
        why = dosage.get("asNeededCodeableConcept")
        start, name = (
            date.fromisoformat(period["start"]),
            resource["medicationCodeableConcept"]["text"],
        )
        values: Json = {
            "effective_from": start,
            "change": Change.START,
            "how": _choice(How, why) if why else How.SCHEDULED,
            "dose": Decimal(rate["value"]) if rate else None,
            "times": [_clock(text) for text in repeat.get("timeOfDay", [])],
            "every_days": int(repeat.get("period", 1)),
            "rules": str(dosage.get("patientInstruction", "")),
            "written_by": "a FHIR file",
            "name": name[:120],
            "unit": str(rate.get("unit", "")),
        }
        planned = Planned(row.number, Schedule, self._id(resource), values, Act.MEDICATE)
        self._starts.add((name, start))
        if "end" in period:
            self._ends.append((planned, date.fromisoformat(period["end"])))
        return [planned]

    def end_medicines(self) -> None:
        """A step that ended and that no other one follows was a stop: it would run on otherwise."""
        for step, last in self._ends if not self._is_own else []:
            name, after = step.values["name"], last + timedelta(days=1)
            if (name, after) in self._starts:
                continue
            values: Json = {
                "effective_from": after,
                "change": Change.STOP,
                "written_by": "a FHIR file",
                "name": name,
            }
            key = row_id(self._child, "fhir", "stop", step.id)
            self.reading.planned.append(Planned(step.row, Schedule, key, values, Act.MEDICATE))

    def _dose(self, row: Row, resource: Json) -> list[Planned]:
        is_given = resource["status"] == "completed"
        dose = resource.get("dosage", {}).get("dose", {})
        notes = [note["text"] for note in resource.get("note", [])]
        reasons = [n for n in notes if n != "vomited after"]
        reasons += [c["text"] for c in resource.get("statusReason", [])]
        values: Json = {
            "happened_at": absolute(resource["effectiveDateTime"]),
            "outcome": Dose.Outcome.GIVEN if is_given else Dose.Outcome.SKIPPED,
            "amount": Decimal(dose["value"]) if dose else None,
            "vomited_after": "vomited after" in notes,
            "reason": "; ".join(reasons)[:500],
            "name": resource["medicationCodeableConcept"]["text"][:120],
            "unit": str(dose.get("unit", "")),
        }
        return [Planned(row.number, Dose, self._id(resource), values)]


def _parts(resource: Json) -> dict[str, Json]:
    return {c["code"]["coding"][0]["code"]: c for c in resource.get("component", [])}


def _at(resource: Json) -> datetime:
    text = resource.get("effectiveDateTime") or resource["effectivePeriod"]["start"]
    found = absolute(text)
    if found is None:
        raise ValueError(f"“{text[:40]}” is no instant")
    return found


def _whole(part: Json | None) -> int | None:
    value = (part or {}).get("valueQuantity", {}).get("value")
    return None if value is None else int(value)


def _count_kind(parts: dict[str, Json], counted: Json) -> CountKind:
    if "valueQuantity" not in counted:
        return CountKind.UNKNOWN
    if counted["valueQuantity"].get("comparator") == ">=":
        return CountKind.AT_LEAST
    return CountKind.ESTIMATED if "count-kind" in parts else CountKind.EXACT


def _choice(choices: Any, part: Json | None) -> str:
    if part is None:
        return ""
    words = part.get("valueCodeableConcept", part)["text"]
    return str(next(value for value, label in choices.choices if label == words))


def _clock(text: str) -> str:
    """08:00:00 as the diary keeps it: 08:00."""
    return f"{time.fromisoformat(text):%H:%M}"


def _note(resource: Json) -> str:
    return "\n".join(note["text"] for note in resource.get("note", []))[:2000]
