"""Records and diary days as FHIR R4 resources, as plain dicts: one function a kind.

What nobody recorded makes no resource; a day without a record is not a day with none seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from quietdays.diary.models import (
    Certainty,
    CheckIn,
    CountKind,
    Illness,
    Kind,
    Measurement,
    OtherSeizure,
    SpasmCluster,
)
from quietdays.diet.models import MealEaten, Prescription
from quietdays.emergency.models import EmergencyCard
from quietdays.emergency.queries import is_expired, parts_of
from quietdays.medicines.models import Change, Dose, How, Schedule
from quietdays.people.access import CLINICAL_ROLES, role_of
from quietdays.people.models import CareRole, Child, Person
from quietdays.records.models import Record, TimedRecord
from quietdays.science.days import DayState, DiaryDay
from quietdays.science.macros import CarbohydrateBasis
from quietdays.science.outcomes import PeriodOutcome
from quietdays.sharing.fhir.codes import (
    ABSENT,
    ANY_SEIZURE,
    BASE,
    FEVER,
    KETOGENIC_DIET,
    PRESENT,
    SEIZURE,
    SPASM,
    Json,
    component,
    concept,
    hl7,
    licensed,
    loinc,
    own,
    quantity,
)

RATIO_EXTENSION = f"{BASE}/StructureDefinition/ketogenic-ratio"
CHECK_IN = f"{BASE}/Questionnaire/check-in"
_VITAL, _LAB, _SURVEY = (
    ("vital-signs", "Vital Signs"),
    ("laboratory", "Laboratory"),
    ("survey", "Survey"),
)
_BHB = loinc("66441-7", "Beta hydroxybutyrate [Moles/volume] in Blood by Test strip")
_GLUCOSE = {
    "mmol/L": loinc("14743-9", "Glucose [Moles/volume] in Capillary blood by Glucometer"),
    "mg/dL": loinc("41653-7", "Glucose [Mass/volume] in Capillary blood by Glucometer"),
}
_VITALS = {
    Kind.WEIGHT: (loinc("29463-7", "Body weight"),),
    Kind.LENGTH: (loinc("8302-2", "Body height"), loinc("8306-3", "Body height --lying")),
    Kind.HEAD: (loinc("9843-4", "Head Occipital-frontal circumference"),),
    Kind.TEMPERATURE: (loinc("8310-5", "Body temperature"),),
}
_GENDER = {Child.Sex.FEMALE: "female", Child.Sex.MALE: "male", Child.Sex.UNKNOWN: "unknown"}


def ref(target: UUID, display: str = "") -> Json:
    return {"reference": f"urn:uuid:{target}", **({"display": display} if display else {})}


def derived_id(child: Child, *parts: object) -> UUID:
    """The same id each time for what is worked out and has no row of its own."""
    return uuid5(child.pk, "fhir|" + "|".join(str(part) for part in parts))


class Mapper:
    """Maps one child's records; remembers the people it had to name, and makes them last."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.people: dict[UUID, Json] = {}

    # -- who ---------------------------------------------------------------------------------

    def patient(self) -> Json:
        child = self.child
        return self._made(
            "Patient",
            child.pk,
            identifier=[{"system": f"{BASE}/sid/child", "value": str(child.pk)}],
            name=[{"text": child.name, "given": [child.name]}],
            gender=_GENDER[Child.Sex(child.sex)],
            birthDate=child.birth_date.isoformat(),
        )

    def app(self) -> Json:
        name = {"name": "Quiet Days", "type": "user-friendly-name"}
        return self._made("Device", self.app_id, deviceName=[name])

    @property
    def app_id(self) -> UUID:
        return derived_id(self.child, "app")

    def who(self, person: Person) -> Json:
        """A reference to a person; clinicians are Practitioners, all others RelatedPersons."""
        at = derived_id(self.child, "person", person.pk)
        if at not in self.people:
            self.people[at] = self._person(at, person)
        return ref(at, person.name)

    def _person(self, at: UUID, person: Person) -> Json:
        role = role_of(person, self.child) or _last_role(person, self.child)
        name = [{"text": person.name}]
        label = str(CareRole.Role(role).label) if role else "carer"
        if role in CLINICAL_ROLES:
            return self._made(
                "Practitioner", at, name=name, qualification=[{"code": concept(text=label)}]
            )
        is_parent = role == CareRole.Role.PARENT
        kind = concept(hl7("v3-RoleCode", "PRN", "parent")) if is_parent else concept(text=label)
        return self._made(
            "RelatedPerson", at, patient=ref(self.child.pk), relationship=[kind], name=name
        )

    # -- what was seen -----------------------------------------------------------------------

    def cluster(self, row: SpasmCluster) -> Json:
        parts = [_count_of(row)]
        if row.count_kind == CountKind.ESTIMATED:
            parts.append(component("count-kind", valueCodeableConcept=concept(text="estimated")))
        if row.duration_s is not None:
            parts.append(
                component("cluster-duration", valueQuantity=quantity(row.duration_s, "s", "s"))
            )
        for part, is_said, words in (
            ("state-at-onset", row.state_at_onset, row.get_state_at_onset_display()),
            ("movement", row.pattern, row.get_pattern_display()),
        ):
            if is_said:
                parts.append(component(part, valueCodeableConcept=concept(text=words)))
        if row.certainty == Certainty.NOT_SURE:
            parts.append(component("certainty", valueCodeableConcept=concept(text="not sure")))
        code = concept(own("spasm-cluster"), SPASM, SEIZURE, text="Spasm cluster")
        return self._observation(
            row.pk,
            code,
            _SURVEY,
            **_lasting(row, row.duration_s),
            component=parts,
            **self._seen_by(row),
        )

    def other_seizure(self, row: OtherSeizure) -> Json:
        parts = [
            component("seizure-looks", valueCodeableConcept=concept(text=row.get_looks_display()))
        ]
        if row.duration_s is not None:
            parts.append(
                component("seizure-duration", valueQuantity=quantity(row.duration_s, "s", "s"))
            )
        if row.rescue_given is not None:
            parts.append(component("rescue-given", valueBoolean=row.rescue_given))
        code = concept(own("other-seizure"), ANY_SEIZURE, SEIZURE, text="Other seizure")
        return self._observation(
            row.pk,
            code,
            _SURVEY,
            **_lasting(row, row.duration_s),
            component=parts,
            **self._seen_by(row),
        )

    def day(self, day: DiaryDay) -> Json | None:
        """What was seen on a date; nothing for a date that was not recorded."""
        if day.state is DayState.NOT_RECORDED or day.clusters is None:
            return None
        seen = day.clusters > 0
        parts = []
        if day.hours_watched is not None:
            parts.append(
                component("observed-time", valueQuantity=quantity(day.hours_watched, "h", "h"))
            )
        if seen:
            parts.append(
                component(
                    "cluster-count", valueQuantity=quantity(day.clusters, "clusters", "{clusters}")
                )
            )
        if seen and day.spasms is not None:
            least = {"comparator": ">="} if day.spasms_at_least else {}
            count = quantity(day.spasms, "spasms", "{spasms}", **least)
            parts.append(component("spasms-seen", valueQuantity=count))
        value = concept(PRESENT, text="Spasms seen") if seen else concept(ABSENT, text="None seen")
        return self._observation(
            derived_id(self.child, "day", day.date),
            concept(own("day-observed"), SEIZURE, text="Spasms seen on the day"),
            _SURVEY,
            effectivePeriod={"start": day.date.isoformat(), "end": day.date.isoformat()},
            valueCodeableConcept=value,
            device=ref(self.app_id),
            **({"component": parts} if parts else {}),
        )

    def period(self, outcome: PeriodOutcome, first: date, last: date) -> Json:
        """Clusters of a period, with the days that stand behind the number and those that do not."""
        parts = [
            component(code, valueQuantity=quantity(days, "d", "d"))
            for code, days in (
                ("watched-days", outcome.watched_days),
                ("none-seen-days", outcome.quiet_days),
                ("days-without-record", outcome.not_recorded_days),
            )
        ]
        return self._observation(
            derived_id(self.child, "period", first, last),
            concept(own("cluster-count-period")),
            _SURVEY,
            effectivePeriod={"start": first.isoformat(), "end": last.isoformat()},
            valueQuantity=quantity(outcome.clusters, "clusters", "{clusters}"),
            device=ref(self.app_id),
            component=parts,
        )

    def check_in(self, row: CheckIn) -> Json:
        items = [
            {
                "linkId": name,
                "text": name.replace("_", " "),
                "answer": [answer],
            }
            for name, answer in _answers(row)
        ]
        return self._made(
            "QuestionnaireResponse",
            row.pk,
            questionnaire=CHECK_IN,
            status="completed",
            subject=ref(self.child.pk),
            authored=row.entered_at.astimezone(self.child.zone).isoformat(timespec="seconds"),
            author=self.who(row.entered_by),
            item=[
                {"linkId": "date", "text": "date", "answer": [{"valueDate": row.date.isoformat()}]},
                *items,
            ],
        )

    def sleep(self, row: CheckIn) -> Json | None:
        if row.sleep_hours is None:
            return None
        return self._observation(
            derived_id(self.child, "sleep", row.pk),
            concept(loinc("93832-4", "Sleep duration")),
            _SURVEY,
            effectiveDateTime=row.date.isoformat(),
            valueQuantity=quantity(row.sleep_hours, "h", "h"),
            performer=[self.who(row.entered_by)],
        )

    def illness(self, row: Illness) -> Json:
        period = {"start": row.started_on.isoformat()}
        if row.ended_on:
            period["end"] = row.ended_on.isoformat()
        words = row.what or str(row)
        return self._observation(
            row.pk,
            concept(own("illness")),
            _SURVEY,
            effectivePeriod=period,
            valueCodeableConcept=concept(*([FEVER] if row.fever else []), text=words),
            performer=[self.who(row.entered_by)],
        )

    def measurement(self, row: Measurement) -> Json:
        kind = Kind(row.kind)
        if kind is Kind.KETONES_URINE:
            code, category = concept(own("urine-ketones")), _LAB
            value: Json = {"valueCodeableConcept": concept(text=row.value_in_words)}
        else:
            value = {"valueQuantity": quantity(row.value, row.unit)}
            if kind is Kind.KETONES_BLOOD:
                code, category = concept(_BHB, text="Blood ketones"), _LAB
            elif kind is Kind.GLUCOSE:
                code, category = concept(_GLUCOSE[row.unit], text="Blood glucose"), _LAB
            else:
                code, category = concept(*_VITALS[kind]), _VITAL
        when = {"effectiveDateTime": row.local_time.isoformat(timespec="seconds")}
        return self._observation(row.pk, code, category, **when, **value, **self._seen_by(row))

    # -- the diet and the medicines ------------------------------------------------------------

    def meal(self, row: MealEaten, basis: CarbohydrateBasis) -> Json:
        """What went in. Where part of it is not counted, no sum is given at all."""
        more: Json = {}
        if row.is_uncounted:
            more["dataAbsentReason"] = concept(
                hl7("data-absent-reason", "unknown", "Unknown"), text="Part of it was not counted"
            )
        else:
            eaten = row.macros()
            more["valueString"] = row.name
            more["component"] = [
                component(code, valueQuantity=quantity(round(grams, 2), "g"))
                for code, grams in (
                    ("fat", eaten.fat_g),
                    ("protein", eaten.protein_g),
                    ("carbohydrate", eaten.carbohydrate_on(basis)),
                )
            ]
            more["component"].append(
                component(
                    "energy",
                    valueQuantity=quantity(round(eaten.energy_kcal(basis), 1), "kcal", "kcal"),
                )
            )
            ratio = eaten.ratio(basis)
            if ratio is not None:
                more["component"].append(component("keto-ratio", valueRatio=_ratio(ratio)))
        return self._observation(
            row.pk,
            concept(own("meal"), text=row.name),
            _SURVEY,
            effectiveDateTime=row.local_time.isoformat(timespec="seconds"),
            **more,
            **self._seen_by(row),
        )

    def prescription(self, row: Prescription, *, is_in_force: bool) -> Json:
        """The order as it was signed; the ratio, for which FHIR has no place, as an extension."""
        label = "Ketogenic diet" if row.ratio is None else f"Ketogenic diet {_plain(row.ratio)}:1"
        nutrients = [
            {"modifier": concept(text=words), "amount": quantity(grams, "g")}
            for words, grams in (
                ("protein per day", row.protein_g),
                ("carbohydrate limit per day", row.carbohydrate_limit_g),
            )
            if grams is not None
        ]
        said = [label]
        if row.energy_kcal is not None:
            said.append(f"{_plain(row.energy_kcal)} kcal a day")
        said.append(f"{row.meals_per_day} meals and feeds a day, {row.get_route_display()}")
        diet: Json = {
            "type": [concept(*licensed(KETOGENIC_DIET), text=label)],
            "instruction": "; ".join(said),
        }
        if nutrients:
            diet["nutrient"] = nutrients
        order = self._made(
            "NutritionOrder",
            row.pk,
            status="active" if is_in_force else "completed",
            intent="order",
            patient=ref(self.child.pk),
            dateTime=row.signed_at.astimezone(self.child.zone).isoformat(timespec="seconds"),
            orderer=self.who(row.signed_by),
            oralDiet=diet,
        )
        if row.ratio is not None:
            order["extension"] = [{"url": RATIO_EXTENSION, "valueRatio": _ratio(row.ratio)}]
        order["note"] = [
            {"text": text} for text in (f"From {row.effective_from}", row.note) if text
        ]
        return order

    def medication(self, steps: Iterable[Schedule], today: date) -> list[Json]:
        """One statement a step that gives something; it ends the day before the next step."""
        made = []
        rows = sorted(steps, key=lambda s: s.effective_from)
        for row, after in zip(rows, [*rows[1:], None], strict=True):
            if row.change == Change.STOP:
                continue
            period = {"start": row.effective_from.isoformat()}
            if after is not None:
                period["end"] = (after.effective_from - timedelta(days=1)).isoformat()
            dosage: Json = {"text": row.in_words, **_rhythm(row)}
            if row.dose is not None:
                dosage["doseAndRate"] = [{"doseQuantity": quantity(row.dose, row.medicine.unit)}]
            made.append(
                self._made(
                    "MedicationStatement",
                    row.pk,
                    status=_status(row, after, today),
                    medicationCodeableConcept=concept(text=row.medicine.name),
                    subject=ref(self.child.pk),
                    effectivePeriod=period,
                    dateAsserted=row.entered_at.astimezone(self.child.zone).isoformat(
                        timespec="seconds"
                    ),
                    informationSource=self.who(row.entered_by),
                    dosage=[dosage],
                )
            )
        return made

    def dose(self, row: Dose) -> Json:
        is_given = row.outcome == Dose.Outcome.GIVEN
        made = self._made(
            "MedicationAdministration",
            row.pk,
            status="completed" if is_given else "not-done",
            medicationCodeableConcept=concept(text=row.medicine.name),
            subject=ref(self.child.pk),
            effectiveDateTime=row.local_time.isoformat(timespec="seconds"),
            performer=[{"actor": self.who(row.entered_by)}],
        )
        if not is_given and row.reason:
            made["statusReason"] = [concept(text=row.reason)]
        if row.amount is not None and is_given:
            made["dosage"] = {"dose": quantity(row.amount, row.medicine.unit)}
        notes = ["vomited after"] if row.vomited_after else []
        if is_given and row.reason:
            notes.append(row.reason)
        return made | ({"note": [{"text": n} for n in notes]} if notes else {})

    # -- the team's plan -----------------------------------------------------------------------

    def diagnosis(self, card: EmergencyCard) -> Json:
        return self._made(
            "Condition",
            derived_id(self.child, "diagnosis", card.pk),
            clinicalStatus=concept(hl7("condition-clinical", "active", "Active")),
            category=[concept(hl7("condition-category", "problem-list-item", "Problem List Item"))],
            code=concept(text=card.diagnosis),
            subject=ref(self.child.pk),
            recordedDate=self._local(card),
            recorder=self.who(card.signed_by),
        )

    def plan(self, card: EmergencyCard, today: date) -> Json:
        start = card.signed_at.astimezone(self.child.zone).date()
        return self._made(
            "CarePlan",
            card.pk,
            status="completed" if is_expired(card, today) else "active",
            intent="plan",
            title="Emergency card, in the team’s own words",
            category=[concept(loinc("74153-8", "Seizure disorder action plan"))],
            subject=ref(self.child.pk),
            period={"start": start.isoformat(), "end": card.expires_on.isoformat()},
            author=self.who(card.signed_by),
            activity=[
                {"detail": {"status": "unknown", "description": f"{title}: {text}"}}
                for title, text in parts_of(card)
            ],
        )

    # -- frames --------------------------------------------------------------------------------

    def _local(self, card: EmergencyCard) -> str:
        return card.signed_at.astimezone(self.child.zone).isoformat(timespec="seconds")

    def _seen_by(self, row: Record) -> Json:
        note = getattr(row, "note", "").strip()
        return {
            "performer": [self.who(row.entered_by)],
            **({"note": [{"text": note}]} if note else {}),
        }

    def _observation(self, at: UUID, code: Json, category: tuple[str, str], **more: Any) -> Json:
        kind = concept(hl7("observation-category", *category))
        return self._made(
            "Observation",
            at,
            status="final",
            category=[kind],
            code=code,
            subject=ref(self.child.pk),
            **more,
        )

    @staticmethod
    def _made(kind: str, at: UUID, **fields: Any) -> Json:
        return {"resourceType": kind, "id": str(at), **fields}


def _last_role(person: Person, child: Child) -> str:
    role = child.care_roles.filter(person=person).order_by("-since").first()
    return role.role if role else ""


def _count_of(row: SpasmCluster) -> Json:
    if row.spasm_count is None:
        reason = concept(hl7("data-absent-reason", "asked-unknown", "Asked But Unknown"))
        return component("spasm-count", dataAbsentReason=reason)
    least = {"comparator": ">="} if row.count_kind == CountKind.AT_LEAST else {}
    return component(
        "spasm-count", valueQuantity=quantity(row.spasm_count, "spasms", "{spasms}", **least)
    )


def _lasting(row: TimedRecord, duration_s: int | None) -> Json:
    """An instant, or from when to when where somebody said how long it took."""
    start = row.local_time
    if duration_s is None:
        return {"effectiveDateTime": start.isoformat(timespec="seconds")}
    end = (row.happened_at + timedelta(seconds=duration_s)).astimezone(start.tzinfo)
    return {
        "effectivePeriod": {
            "start": start.isoformat(timespec="seconds"),
            "end": end.isoformat(timespec="seconds"),
        }
    }


def _answers(row: CheckIn) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """What was answered, by the name of its question; a question without answer is not there."""
    for name in (*CheckIn.SCALES, "night_wakings"):
        value = getattr(row, name)
        if value is not None:
            yield name, {"valueInteger": value}
    if row.sleep_hours is not None:
        yield "sleep_hours", {"valueDecimal": float(row.sleep_hours)}
    if row.woke_at is not None:
        yield "woke_at", {"valueTime": row.woke_at.isoformat(timespec="seconds")}
    if row.unwell is not None:
        yield "unwell", {"valueBoolean": row.unwell}
    if row.note.strip():
        yield "note", {"valueString": row.note}


def _rhythm(row: Schedule) -> Json:
    """When it is given: clock times and days between, or what it is needed for, with its rules."""
    if row.how != How.SCHEDULED:
        why = concept(text=row.get_how_display())
        return {"asNeededCodeableConcept": why, "patientInstruction": row.rules}
    if not row.times:
        return {}
    times = [f"{time}:00" for time in row.times]
    return {"timing": {"repeat": {"period": row.every_days, "periodUnit": "d", "timeOfDay": times}}}


def _status(step: Schedule, after: Schedule | None, today: date) -> str:
    if step.effective_from > today:
        return "intended"
    return "completed" if after is not None and after.effective_from <= today else "active"


def _ratio(ratio: Any) -> Json:
    return {"numerator": quantity(round(float(ratio), 3), "g"), "denominator": quantity(1, "g")}


def _plain(value: Any) -> str:
    return f"{float(value):g}"
