"""The diary as FHIR R4: what it says, what it must not say, and that a stranger's library reads it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from fhir.resources.R4B.bundle import Bundle
from pypdf import PdfReader

from quietdays.diary.models import CheckIn, Illness, Measurement, OtherSeizure
from quietdays.emergency.actions import sign_card
from quietdays.sharing.fhir.bundles import (
    as_text,
    diary_collection,
    diary_document,
    patient_summary,
)
from quietdays.sharing.fhir.codes import BASE, LOINC, OWN, SNOMED
from quietdays.sharing.report import report_pdf
from tests import house

pytestmark = pytest.mark.django_db
DAY = house.NOW.date()


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False):
        yield


def bundle(child, first=None, last=None, **more):
    return diary_document(
        child, first or DAY - timedelta(days=6), last or DAY, now=house.NOW, **more
    )


def found(made, kind, code=None):
    rows = [e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == kind]
    if code is None:
        return rows
    return [r for r in rows if code in {c["code"] for c in r["code"].get("coding", ())}]


def part(resource, code):
    return next(
        (c for c in resource.get("component", ()) if c["code"]["coding"][0]["code"] == code), None
    )


def references(value):
    if isinstance(value, dict):
        if "reference" in value:
            yield value["reference"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def codings(value):
    if isinstance(value, dict):
        if {"system", "code"} <= set(value):
            yield value["system"], value["code"]
        for inner in value.values():
            yield from codings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from codings(inner)


@pytest.fixture
def full(parent, child):
    """A little of everything, by a parent and a clinician."""
    house.cluster(parent, child, f"{DAY - timedelta(days=1)} 06:40", 18, duration_s=390)
    house.cluster(parent, child, f"{DAY - timedelta(days=1)} 15:10", 20, count_kind="at_least")
    house.cluster(parent, child, f"{DAY - timedelta(days=2)} 15:10", None, count_kind="unknown")
    house.watch(
        parent, child, DAY - timedelta(days=3),
        night="watched", morning="watched", afternoon="watched", evening="watched",
    )  # fmt: skip
    when = house.at(f"{DAY - timedelta(days=1)} 07:05")
    house.enter(OtherSeizure, parent, child, happened_at=when, looks="stiff", rescue_given=False)
    for kind, value, unit in (
        ("ketones_blood", "4.2", "mmol/L"),
        ("ketones_urine", "3", "grade"),
        ("glucose", "68", "mg/dL"),
        ("weight", "7.15", "kg"),
        ("temperature", "38.4", "°C"),
    ):
        house.enter(Measurement, parent, child, happened_at=when, kind=kind, value=value, unit=unit)
    house.enter(
        CheckIn,
        parent,
        child,
        date=DAY - timedelta(days=1),
        stress=4,
        sleep_hours="9.5",
        unwell=True,
    )
    house.enter(
        Illness, parent, child, started_on=DAY - timedelta(days=1), fever=True, what="runny nose"
    )
    neurologist = house.joined(child, "neurologist")
    vigabatrin = house.medicine(parent, child)
    house.step(parent, child, vigabatrin, DAY - timedelta(days=30))
    house.dose(parent, child, vigabatrin, f"{DAY - timedelta(days=1)} 08:00")
    house.prescribe(neurologist, child, effective_from=DAY - timedelta(days=5))
    house.eat(parent, child, f"{DAY - timedelta(days=1)} 08:10", (house.food(parent, child), "50"))
    sign_card(
        by=neurologist, child=child, entry_id=house.new_id(), diagnosis="Infantile spasms",
        rescue="As <b>written</b>", call_number="112", expires_on=DAY + timedelta(days=90),
    )  # fmt: skip
    return child


@pytest.mark.parametrize(
    "make",
    [
        lambda c: bundle(c),
        lambda c: bundle(c, pdf=b"%PDF-1.7"),
        lambda c: diary_collection(c, c.birth_date, DAY, now=house.NOW),
        lambda c: patient_summary(c, now=house.NOW),
    ],
)
def test_a_strangers_library_reads_it_and_every_reference_leads_somewhere(full, make):
    made = json.loads(as_text(make(full)))
    Bundle.model_validate(made)
    inside = [e["fullUrl"] for e in made["entry"]]
    assert len(set(inside)) == len(inside)
    assert set(references(made)) <= set(inside)


def test_a_family_with_nothing_entered_has_bundles_too(child):
    for made in (bundle(child), patient_summary(child, now=house.NOW)):
        Bundle.model_validate(made)
    assert not found(bundle(child), "Observation", "day-observed")


def test_the_same_instant_gives_the_same_bytes(full):
    assert as_text(bundle(full)) == as_text(bundle(full))


def test_counts_say_how_they_were_counted(full):
    counts = [part(c, "spasm-count") for c in found(bundle(full), "Observation", "spasm-cluster")]
    quantities = [c.get("valueQuantity") for c in counts]
    assert sorted((q["value"], q.get("comparator")) for q in quantities if q) == [
        (18, None),
        (20, ">="),
    ]
    unknown = next(c for c in counts if "valueQuantity" not in c)
    assert unknown["dataAbsentReason"]["coding"][0]["code"] == "asked-unknown"


def test_a_cluster_lasts_from_when_to_when_in_the_childs_own_zone(full):
    first = found(bundle(full), "Observation", "spasm-cluster")
    timed = next(c for c in first if "effectivePeriod" in c)
    day = DAY - timedelta(days=1)
    assert timed["effectivePeriod"] == {
        "start": f"{day}T06:40:00+02:00",
        "end": f"{day}T06:46:30+02:00",
    }


def test_none_seen_is_absent_and_not_recorded_is_nothing(full):
    made = bundle(full)
    by_date = {
        r["effectivePeriod"]["start"]: r["valueCodeableConcept"]["coding"][0]["code"]
        for r in found(made, "Observation", "day-observed")
    }
    assert by_date == {
        str(DAY - timedelta(days=1)): "52101004",
        str(DAY - timedelta(days=2)): "52101004",
        str(DAY - timedelta(days=3)): "2667000",
    }
    [period] = found(made, "Observation", "cluster-count-period")
    assert period["valueQuantity"]["value"] == 3
    assert part(period, "watched-days")["valueQuantity"]["value"] == 3
    assert part(period, "none-seen-days")["valueQuantity"]["value"] == 1
    assert part(period, "days-without-record")["valueQuantity"]["value"] == 3
    assert period["effectivePeriod"]["end"] == str(DAY - timedelta(days=1))  # today is not over


def test_blood_and_urine_are_never_mixed_and_glucose_keeps_its_unit(full):
    made = bundle(full)
    [blood] = found(made, "Observation", "66441-7")
    assert (blood["valueQuantity"]["value"], blood["valueQuantity"]["code"]) == (4.2, "mmol/L")
    [urine] = found(made, "Observation", "urine-ketones")
    assert urine["valueCodeableConcept"] == {"text": "++"}
    assert "valueQuantity" not in urine
    [glucose] = found(made, "Observation", "41653-7")
    assert (glucose["valueQuantity"]["value"], glucose["valueQuantity"]["code"]) == (68, "mg/dL")
    assert not found(made, "Observation", "14743-9")


def test_the_prescription_carries_its_ratio_and_its_signer(full):
    made = bundle(full)
    [order] = found(made, "NutritionOrder")
    signed = full.prescriptions.get()
    [extension] = order["extension"]
    assert extension["url"] == f"{BASE}/StructureDefinition/ketogenic-ratio"
    assert extension["valueRatio"]["numerator"]["value"] == float(signed.ratio)
    assert extension["valueRatio"]["denominator"]["value"] == 1
    assert order["status"] == "active"
    names = {f"urn:uuid:{p['id']}": p["name"][0]["text"] for p in found(made, "Practitioner")}
    assert names[order["orderer"]["reference"]] == signed.signed_by.name


def test_a_meal_is_the_sum_of_the_pages_and_none_where_part_was_not_counted(full, parent):
    house.eat(
        parent, full, f"{DAY - timedelta(days=1)} 12:00", (house.food(parent, full, "Oil"), "5"),
        off_plan="half a biscuit", name="Lunch",
    )  # fmt: skip
    meals = {m["code"]["text"]: m for m in found(bundle(full), "Observation", "meal")}
    grams = {
        code: part(meals["Breakfast"], code)["valueQuantity"]["value"]
        for code in ("fat", "protein", "carbohydrate")
    }
    assert grams == {"fat": 18, "protein": 1, "carbohydrate": 1.5}  # 50 g of 36, 2 and 3 per 100
    assert part(meals["Breakfast"], "energy")["valueQuantity"]["value"] == 172  # 9, 4 and 4 kcal/g
    assert "component" not in meals["Lunch"]
    assert meals["Lunch"]["dataAbsentReason"]["text"] == "Part of it was not counted"


def test_a_dose_not_given_is_not_done_and_one_not_recorded_is_nothing(full, parent):
    from quietdays.medicines.models import Dose, Medicine

    house.enter(
        Dose, parent, full, medicine=Medicine.objects.get(), outcome="skipped", reason="asleep",
        happened_at=house.at(f"{DAY - timedelta(days=1)} 20:00"),
    )  # fmt: skip
    doses = found(bundle(full), "MedicationAdministration")
    assert sorted(d["status"] for d in doses) == ["completed", "not-done"]
    missed = next(d for d in doses if d["status"] == "not-done")
    assert missed["statusReason"] == [{"text": "asleep"}]
    assert "dosage" not in missed


def test_the_summary_never_states_what_nobody_asked(full, child):
    made = patient_summary(full, now=house.NOW)
    assert not found(made, "AllergyIntolerance")
    [frame] = found(made, "Composition")
    allergies = next(s for s in frame["section"] if s["title"] == "Allergies")
    assert allergies["emptyReason"]["coding"][0]["code"] == "notasked"
    assert "entry" not in allergies
    assert "716186003" not in as_text(made)


def test_the_teams_words_stay_text_in_the_narrative(full):
    made = bundle(full)
    [plan] = found(made, "CarePlan")
    assert plan["activity"][0]["detail"]["description"] == "Rescue plan: As <b>written</b>"
    assert "<b>" not in "".join(s["text"]["div"] for s in found(made, "Composition")[0]["section"])


def test_a_code_that_needs_a_licence_is_written_only_with_one(full, settings):
    assert (SNOMED, "765060000") not in set(codings(bundle(full)))
    settings.SNOMED_LICENSED = True
    assert (SNOMED, "765060000") in set(codings(bundle(full)))


def test_every_code_is_one_that_was_checked(full):
    """LOINC and SNOMED CT codes as published lists have them; all others are HL7's or our own."""
    known = {
        LOINC: {
            "66441-7", "14743-9", "41653-7", "29463-7", "8302-2", "8306-3", "9843-4", "8310-5",
            "93832-4", "53576-5", "60591-5", "74153-8", "11450-4", "48765-2", "10160-0", "18776-5",
            "30954-2", "8716-3",
        },
        SNOMED: {"313307000", "2667000", "52101004", "386661006"},
        "http://human-phenotype-ontology.org": {"HP:0011097", "HP:0001250"},
    }  # fmt: skip
    made = [bundle(full), patient_summary(full, now=house.NOW)]
    for system, code in codings(made):
        if system in known:
            assert code in known[system], code
        else:
            assert system.startswith(("http://terminology.hl7.org/", OWN, "http://unitsofmeasure"))


def test_what_was_deleted_or_is_of_another_child_is_not_in_it(full, parent):
    from quietdays.people.entries import take_back

    row = house.cluster(parent, full, f"{DAY - timedelta(days=4)} 10:00", 9)
    take_back(row, by=parent)
    other_parent, other = house.another_child()
    house.cluster(other_parent, other, f"{DAY - timedelta(days=1)} 10:00", 9)
    assert len(found(bundle(full), "Observation", "spasm-cluster")) == 3


def test_a_medicines_steps_follow_one_another(full, parent):
    from quietdays.medicines.models import Medicine

    house.step(parent, full, Medicine.objects.get(), DAY - timedelta(days=3), "up", "10")
    made = found(bundle(full), "MedicationStatement")
    assert [(m["status"], m["effectivePeriod"].get("end")) for m in made] == [
        ("completed", str(DAY - timedelta(days=4))),
        ("active", None),
    ]


def test_the_pdf_carries_the_same_period_as_data(full):
    first = DAY - timedelta(days=6)
    paper = PdfReader(BytesIO(report_pdf(full, first, DAY, now=house.NOW)))
    [inside] = paper.attachments["diary.fhir.json"]
    assert json.loads(inside) == json.loads(as_text(bundle(full)))
    assert "/StructTreeRoot" in paper.trailer["/Root"]
    xmp = paper.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    assert "pdfuaid" in xmp
    assert "pdfaid:part>3" in xmp


def test_dates_are_dates(full):
    made = patient_summary(full, now=house.NOW)
    [patient] = found(made, "Patient")
    assert date.fromisoformat(patient["birthDate"]) == full.birth_date
