"""Bundles: the diary of a period as a document or a collection, and the patient summary (IPS)."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.utils.html import escape

from quietdays.diary.models import CheckIn, Illness, Kind, Measurement, OtherSeizure, SpasmCluster
from quietdays.diet.models import MealEaten
from quietdays.diet.queries import basis_of, in_force, prescription_on, versions_of
from quietdays.emergency.queries import card_of
from quietdays.insights.days import diary_days
from quietdays.insights.sentences import seen
from quietdays.medicines.models import Dose
from quietdays.medicines.queries import steps_of
from quietdays.people.models import Child
from quietdays.people.queries import between_dates
from quietdays.records.models import TimedRecord
from quietdays.science.outcomes import PeriodOutcome, period_outcome
from quietdays.sharing.fhir.codes import Json, concept, hl7, loinc
from quietdays.sharing.fhir.resources import Mapper, derived_id, ref
from quietdays.words import in_english

REPORT = loinc("53576-5", "Personal health monitoring report Document")
SUMMARY = loinc("60591-5", "Patient summary Document")
_LATEST = (Kind.WEIGHT, Kind.LENGTH, Kind.HEAD)
_RESULTS = (Kind.KETONES_BLOOD, Kind.GLUCOSE)


@in_english
def diary_document(
    child: Child, first: date, last: date, *, now: datetime, pdf: bytes | None = None
) -> Json:
    """A document Bundle of a period: what the report says, as data, with the PDF if given."""
    mapper = Mapper(child)
    parts, outcome = _of_period(mapper, first, last, now)
    if pdf is not None:
        parts["Plan and papers"].append(_paper(mapper, pdf, now))
    sections = [
        _section(title, _sentence(title, made, outcome), made, code=_CODES.get(title))
        for title, made in parts.items()
        if made
    ]
    title = f"Diary from {first} to {last}"
    event = [{"period": {"start": first.isoformat(), "end": last.isoformat()}}]
    frame = _composition(mapper, REPORT, title, now, sections, event=event)
    provenance = _provenance(mapper, frame, now)
    rest = [r for made in parts.values() for r in made]
    return _bundle(mapper, "document", [frame], [*rest, provenance], now)


@in_english
def diary_collection(child: Child, first: date, last: date, *, now: datetime) -> Json:
    """The same resources without a document's frame."""
    mapper = Mapper(child)
    parts, _ = _of_period(mapper, first, last, now)
    return _bundle(mapper, "collection", [], [r for made in parts.values() for r in made], now)


def as_text(bundle: Json) -> str:
    """A Bundle as it is written to a file: UTF-8, the same bytes for the same Bundle."""
    return json.dumps(bundle, ensure_ascii=False, separators=(",", ":"))


@in_english
def patient_summary(child: Child, *, now: datetime) -> Json:
    """An International Patient Summary of what the diary holds, and no more.

    Allergies are never asked for here, and the section says so: their absence is no finding.
    """
    mapper = Mapper(child)
    today = child.today(now)
    card = card_of(child)
    problems = [mapper.diagnosis(card)] if card else []
    plans = [mapper.plan(card, today)] if card else []
    order = prescription_on(child, today)
    orders = [mapper.prescription(order, is_in_force=True)] if order else []
    medicines = [m for m in medicines_of(mapper, today) if m["status"] == "active"]
    vitals = _latest(mapper, _LATEST, now)
    results = _latest(mapper, _RESULTS, now)
    sections = [
        _section(
            "Problems",
            card.diagnosis if card else "No diagnosis is entered in this diary.",
            problems,
            code=loinc("11450-4", "Problem list - Reported"),
            empty="unavailable",
        ),
        _section(
            "Allergies",
            "This diary does not ask for allergies.",
            [],
            code=loinc("48765-2", "Allergies and adverse reactions Document"),
            empty="notasked",
        ),
        _section(
            "Medicines",
            _listed(medicines, "No medicine in force is entered in this diary."),
            medicines,
            code=loinc("10160-0", "History of Medication use Narrative"),
            empty="unavailable",
        ),
    ]
    for title, made, code in (
        ("Vital signs", vitals, loinc("8716-3", "Vital signs note")),
        ("Results", results, loinc("30954-2", "Relevant diagnostic tests/laboratory data note")),
        ("Plan of care", [*plans, *orders], loinc("18776-5", "Plan of care note")),
    ):
        if made:
            sections.append(_section(title, _listed(made, ""), made, code=code))
    frame = _composition(mapper, SUMMARY, f"Patient summary of {child.name}", now, sections)
    rest = [*problems, *medicines, *vitals, *results, *plans, *orders]
    return _bundle(mapper, "document", [frame], rest, now)


_CODES = {
    "Medicines": loinc("10160-0", "History of Medication use Narrative"),
    "Growth and temperature": loinc("8716-3", "Vital signs note"),
    "Plan and papers": loinc("18776-5", "Plan of care note"),
}


def _of_period(
    mapper: Mapper, first: date, last: date, now: datetime
) -> tuple[dict[str, list[Json]], PeriodOutcome]:
    """Every resource of a period under the heading where a reader looks for it."""
    child = mapper.child
    days = diary_days(child, first, last, now=now)
    outcome = period_outcome(days)
    over = [day.date for day in days if day.is_over]

    def rows(model: type[TimedRecord], *parts: str) -> list[Any]:
        found = between_dates(model, child, first, last)
        prefetch_related_objects(found, "entered_by", *parts)
        return found

    found: dict[str, list[Json]] = {"lab": [], "vital": []}
    for row in rows(Measurement):
        made = mapper.measurement(row)
        is_vital = made["category"][0]["coding"][0]["code"] == "vital-signs"
        found["vital" if is_vital else "lab"].append(made)
    check_ins = list(
        CheckIn.objects.of(child).filter(date__range=(first, last)).select_related("entered_by")
    )
    ill = Illness.objects.of(child).filter(started_on__lte=last).exclude(ended_on__lt=first)
    versions = versions_of(child)
    order = in_force(versions, last)
    card = card_of(child)
    today = child.today(now)
    return {
        "Spasms seen": [
            *(mapper.cluster(row) for row in rows(SpasmCluster) if not row.is_open),
            *(mapper.other_seizure(row) for row in rows(OtherSeizure)),
            *filter(None, (mapper.day(day) for day in days)),
            *([mapper.period(outcome, over[0], over[-1])] if over else []),
        ],
        "Diet": [
            *(
                mapper.prescription(p, is_in_force=order is not None and p.pk == order.pk)
                for p in versions
                if p.effective_from <= last
            ),
            *(
                mapper.meal(row, basis_of(in_force(versions, row.local_time.date())))
                for row in rows(MealEaten, "items")
            ),
        ],
        "Medicines": [
            *medicines_of(mapper, today, until=last),
            *(mapper.dose(row) for row in rows(Dose, "medicine")),
        ],
        "Ketones and glucose": found["lab"],
        "Growth and temperature": found["vital"],
        "Sleep, mood and illness": [
            *(mapper.check_in(row) for row in check_ins),
            *filter(None, (mapper.sleep(row) for row in check_ins)),
            *(mapper.illness(row) for row in ill.select_related("entered_by")),
        ],
        "Plan and papers": [mapper.diagnosis(card), mapper.plan(card, today)] if card else [],
    }, outcome


def medicines_of(mapper: Mapper, today: date, until: date | None = None) -> list[Json]:
    """A statement for each step of each medicine; with `until`, of steps that began up to then."""
    by_medicine = defaultdict(list)
    for step in steps_of(mapper.child):
        if until is None or step.effective_from <= until:
            by_medicine[step.medicine_id].append(step)
    return [m for steps in by_medicine.values() for m in mapper.medication(steps, today)]


def _latest(mapper: Mapper, kinds: Iterable[Kind], now: datetime) -> list[Json]:
    rows = Measurement.objects.of(mapper.child).filter(happened_at__lte=now)
    found = (rows.filter(kind=kind).select_related("entered_by").last() for kind in kinds)
    return [mapper.measurement(row) for row in found if row is not None]


def _sentence(title: str, made: list[Json], outcome: PeriodOutcome) -> str:
    if title == "Spasms seen":
        return seen(outcome)
    return _listed(made[:5], "") + (f"; {len(made)} entries in all" if len(made) > 5 else "")


def _listed(made: list[Json], otherwise: str) -> str:
    return "; ".join(_words(r) for r in made) or otherwise


def _words(made: Json) -> str:
    """A resource in a few words, for the text that every section must have."""
    kind = made["resourceType"]
    if kind == "MedicationStatement":
        return f"{made['medicationCodeableConcept']['text']}: {made['dosage'][0]['text']}"
    if kind == "MedicationAdministration":
        return f"{made['medicationCodeableConcept']['text']} {made['status']}"
    if kind == "NutritionOrder":
        return str(made["oralDiet"]["instruction"])
    if kind == "Observation":
        code = made["code"]
        name = code.get("text") or code["coding"][0]["display"]
        value = made.get("valueQuantity")
        return f"{name} {value['value']} {value['unit']}" if value else str(name)
    return str(made.get("title") or made.get("code", {}).get("text") or kind)


def _section(
    title: str, words: str, made: list[Json], *, code: Json | None = None, empty: str = ""
) -> Json:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(words)}</p></div>'
    section: Json = {"title": title, "text": {"status": "generated", "div": div}}
    if code:
        section["code"] = concept(code)
    if made:
        section["entry"] = [ref(UUID(r["id"])) for r in made]
    elif empty:
        display = {"notasked": "Not Asked", "unavailable": "Unavailable"}[empty]
        section["emptyReason"] = concept(hl7("list-empty-reason", empty, display))
    return section


def _composition(
    mapper: Mapper, kind: Json, title: str, now: datetime, sections: list[Json], **more: Any
) -> Json:
    child = mapper.child
    return {
        "resourceType": "Composition",
        "id": str(derived_id(child, "composition", kind["code"], title)),
        "status": "final",
        "type": concept(kind),
        "subject": ref(child.pk),
        "date": _instant(child, now),
        "author": [ref(mapper.app_id)],
        "title": title,
        **more,
        "section": sections,
    }


def _provenance(mapper: Mapper, frame: Json, now: datetime) -> Json:
    kind = concept(hl7("provenance-participant-type", "assembler", "Assembler"))
    return {
        "resourceType": "Provenance",
        "id": str(derived_id(mapper.child, "provenance", frame["id"])),
        "target": [ref(UUID(frame["id"]))],
        "recorded": _instant(mapper.child, now),
        "activity": concept(hl7("v3-DataOperation", "CREATE", "create")),
        "agent": [{"type": kind, "who": ref(mapper.app_id)}],
    }


def _paper(mapper: Mapper, pdf: bytes, now: datetime) -> Json:
    file = {
        "contentType": "application/pdf",
        "language": "en",
        "title": "Report for the team",
        "data": base64.b64encode(pdf).decode(),
    }
    return {
        "resourceType": "DocumentReference",
        "id": str(derived_id(mapper.child, "paper", now.isoformat())),
        "status": "current",
        "type": concept(REPORT),
        "subject": ref(mapper.child.pk),
        "date": _instant(mapper.child, now),
        "author": [ref(mapper.app_id)],
        "content": [{"attachment": file}],
    }


def _bundle(mapper: Mapper, kind: str, frame: list[Json], made: list[Json], now: datetime) -> Json:
    entries = [*frame, mapper.patient(), mapper.app(), *mapper.people.values(), *made]
    key = derived_id(mapper.child, "bundle", kind, now.isoformat())
    return {
        "resourceType": "Bundle",
        "id": str(key),
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{key}"},
        "type": kind,
        "timestamp": _instant(mapper.child, now),
        "entry": [{"fullUrl": f"urn:uuid:{r['id']}", "resource": r} for r in entries],
    }


def _instant(child: Child, now: datetime) -> str:
    return now.astimezone(child.zone).isoformat(timespec="seconds")
