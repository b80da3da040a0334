"""What the REST face holds: for each resource type, the shelves that its resources lie on.

A shelf tells cheaply which resources there are and when they are; only those that are asked for
are mapped, by the same Mapper that makes the Bundles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any, Protocol
from uuid import UUID

from django.db.models import prefetch_related_objects

from quietdays.diary.models import CheckIn, Illness, Measurement, OtherSeizure, SpasmCluster
from quietdays.diet.models import MealEaten, Prescription
from quietdays.diet.queries import basis_of, in_force, versions_of
from quietdays.emergency.queries import card_of
from quietdays.insights.days import diary_days
from quietdays.medicines.models import Dose
from quietdays.people.models import CareRole, Child
from quietdays.people.queries import between_dates
from quietdays.records.models import TimedRecord
from quietdays.science.days import DiaryDay
from quietdays.science.outcomes import period_outcome
from quietdays.sharing.fhir.bundles import medicines_of
from quietdays.sharing.fhir.codes import Json
from quietdays.sharing.fhir.moments import Moment, Span, at_second, moment_of, on_dates
from quietdays.sharing.fhir.resources import Mapper, derived_id


class Reader:
    """One child's resources as they stand at one instant."""

    def __init__(self, child: Child, now: datetime) -> None:
        self.child, self.now = child, now
        self.mapper = Mapper(child)
        self.zone: tzinfo = child.zone
        self.today = child.timeline().date_of(now)
        # A phone's clock may be fast: an entry of tomorrow is one of today.
        self.life = Span(child.birth_date, self.today + timedelta(days=1))

    @cached_property
    def prescriptions(self) -> list[Prescription]:
        return versions_of(self.child)

    @cached_property
    def days(self) -> list[DiaryDay]:
        """From the birth to today."""
        return diary_days(self.child, self.life.first, self.today, now=self.now)

    def relative(self, made: Any) -> Any:
        """The same resource with references as this face resolves them: Type/id."""
        if isinstance(made, list):
            return [self.relative(part) for part in made]
        if not isinstance(made, dict):
            return made
        return {
            name: self._address(part) if name == "reference" else self.relative(part)
            for name, part in made.items()
        }

    def _address(self, reference: str) -> str:
        if not reference.startswith("urn:uuid:"):
            return reference
        key = UUID(reference.removeprefix("urn:uuid:"))
        kind = self._kind(key)
        return f"{kind}/{key}" if kind else reference

    def _kind(self, key: UUID) -> str | None:
        """The type of what a resource refers to: mostly the child, the app or a person."""
        if key == self.child.pk:
            return "Patient"
        if key == self.mapper.app_id:
            return "Device"
        if key in self.mapper.people:
            return str(self.mapper.people[key]["resourceType"])
        return next(
            (
                kind
                for kind, shelves in SHELVES.items()
                if any(shelf.find(self, key) for shelf in shelves)
            ),
            None,
        )

    @cached_property
    def date_by_day_id(self) -> dict[UUID, date]:
        """The date that the id of a day was derived from: a few thousand hashes at most."""
        return {derived_id(self.child, "day", day): day for day in self._dates()}

    @cached_property
    def last_by_period_id(self) -> dict[UUID, date]:
        first = self.life.first
        return {derived_id(self.child, "period", first, day): day for day in self._dates()}

    def _dates(self) -> Iterable[date]:
        first = self.life.first
        return (first + timedelta(days=n) for n in range((self.today - first).days + 1))


class Shelf(Protocol):
    """Rows of one sort, from which resources of one type are made."""

    def rows(self, reader: Reader, span: Span) -> Sequence[Any]: ...

    def find(self, reader: Reader, key: UUID) -> Sequence[Any]: ...

    def key(self, reader: Reader, row: Any) -> UUID: ...

    def when(self, reader: Reader, row: Any) -> Moment | None: ...

    def sort(self, row: Any) -> object:
        """Rows of one sort share their codes, category and status."""

    def example(self, reader: Reader) -> Json | None:
        """A resource with the codes of all of them, where looking for rows takes long."""

    def made(self, reader: Reader, rows: Sequence[Any]) -> list[Json]: ...


def _one_sort(row: Any) -> object:
    return None


@dataclass(frozen=True)
class Entries:
    """Records of an instant, one resource each."""

    model: type[TimedRecord]
    map: Callable[[Reader, Any], Json]
    parts: tuple[str, ...] = ()
    sort: Callable[[Any], object] = field(default=_one_sort)

    def rows(self, reader: Reader, span: Span) -> Sequence[Any]:
        return _closed(between_dates(self.model, reader.child, *span))

    def find(self, reader: Reader, key: UUID) -> Sequence[Any]:
        return _closed(self.model.objects.of(reader.child).filter(pk=key))

    def key(self, reader: Reader, row: Any) -> UUID:
        found: UUID = row.pk
        return found

    def when(self, reader: Reader, row: Any) -> Moment:
        return at_second(row.local_time, timedelta(seconds=getattr(row, "duration_s", None) or 0))

    def example(self, reader: Reader) -> Json | None:
        return None

    def made(self, reader: Reader, rows: Sequence[Any]) -> list[Json]:
        prefetch_related_objects(list(rows), "entered_by", *self.parts)
        return [self.map(reader, row) for row in rows]


def _closed(rows: Iterable[Any]) -> list[Any]:
    """A cluster that is still running has no end to tell."""
    return [row for row in rows if not getattr(row, "is_open", False)]


class Days:
    """What was seen on each date that was recorded."""

    def rows(self, reader: Reader, span: Span) -> Sequence[Any]:
        first, last = max(span.first, reader.life.first), min(span.last, reader.today)
        if first > last:
            return []
        whole = (first, last) == (reader.life.first, reader.today)
        days = reader.days if whole else diary_days(reader.child, first, last, now=reader.now)
        return [day for day in days if reader.mapper.day(day) is not None]

    def find(self, reader: Reader, key: UUID) -> Sequence[Any]:
        day = reader.date_by_day_id.get(key)
        return [] if day is None else self.rows(reader, Span(day, day))

    def key(self, reader: Reader, row: Any) -> UUID:
        return derived_id(reader.child, "day", row.date)

    def when(self, reader: Reader, row: Any) -> Moment:
        return on_dates(row.date, row.date, reader.zone)

    def sort(self, row: Any) -> object:
        return None

    def example(self, reader: Reader) -> Json | None:
        return reader.mapper.day(DiaryDay(date=reader.today, clusters=1))

    def made(self, reader: Reader, rows: Sequence[Any]) -> list[Json]:
        return [made for row in rows if (made := reader.mapper.day(row)) is not None]


class Periods:
    """Clusters from the birth to yesterday; by its id also to any day before.

    A row is the last date: what lies before it is added up only when somebody reads it.
    """

    def rows(self, reader: Reader, span: Span) -> Sequence[Any]:
        yesterday = reader.today - timedelta(days=1)
        return [yesterday] if yesterday >= reader.life.first else []

    def find(self, reader: Reader, key: UUID) -> Sequence[Any]:
        last = reader.last_by_period_id.get(key)
        return [] if last is None or last >= reader.today else [last]

    def key(self, reader: Reader, row: Any) -> UUID:
        return derived_id(reader.child, "period", reader.life.first, row)

    def when(self, reader: Reader, row: Any) -> Moment:
        return on_dates(reader.life.first, row, reader.zone)

    def sort(self, row: Any) -> object:
        return None

    def example(self, reader: Reader) -> Json | None:
        day = reader.today
        return reader.mapper.period(period_outcome([DiaryDay(date=day)]), day, day)

    def made(self, reader: Reader, rows: Sequence[Any]) -> list[Json]:
        first = reader.life.first
        return [
            reader.mapper.period(
                period_outcome([day for day in reader.days if day.date <= last]), first, last
            )
            for last in rows
        ]


@dataclass(frozen=True)
class CheckIns:
    """One resource a check-in that has what it tells."""

    key_of: Callable[[Child, CheckIn], UUID]
    map: Callable[[Mapper, CheckIn], Json]
    is_told: Callable[[CheckIn], bool]
    when_of: Callable[[Reader, CheckIn], Moment]
    # By the instant at which it was entered, which no date of it bounds.
    is_dated: bool

    def rows(self, reader: Reader, span: Span) -> Sequence[Any]:
        found = CheckIn.objects.of(reader.child)
        if self.is_dated:
            found = found.filter(date__range=span)
        return [row for row in found if self.is_told(row)]

    def find(self, reader: Reader, key: UUID) -> Sequence[Any]:
        keys = CheckIn.objects.of(reader.child).only("pk")
        wanted = [row.pk for row in keys if self.key_of(reader.child, row) == key]
        found = CheckIn.objects.of(reader.child).filter(pk__in=wanted)
        return [row for row in found if self.is_told(row)]

    def key(self, reader: Reader, row: Any) -> UUID:
        return self.key_of(reader.child, row)

    def when(self, reader: Reader, row: Any) -> Moment:
        return self.when_of(reader, row)

    def sort(self, row: Any) -> object:
        return None

    def example(self, reader: Reader) -> Json | None:
        return None

    def made(self, reader: Reader, rows: Sequence[Any]) -> list[Json]:
        prefetch_related_objects(list(rows), "entered_by")
        return [self.map(reader.mapper, row) for row in rows]


@dataclass(frozen=True)
class Few:
    """Resources of which a child has few: all of them are made, and looked through."""

    all: Callable[[Reader], Iterable[Json]]

    def rows(self, reader: Reader, span: Span) -> Sequence[Any]:
        return list(self.all(reader))

    def find(self, reader: Reader, key: UUID) -> Sequence[Any]:
        return [made for made in self.all(reader) if made["id"] == str(key)]

    def key(self, reader: Reader, row: Any) -> UUID:
        return UUID(row["id"])

    def when(self, reader: Reader, row: Any) -> Moment | None:
        return moment_of(row, reader.zone)

    def sort(self, row: Any) -> object:
        return row["id"]

    def example(self, reader: Reader) -> Json | None:
        return None

    def made(self, reader: Reader, rows: Sequence[Any]) -> list[Json]:
        return list(rows)


def _meal(reader: Reader, row: MealEaten) -> Json:
    basis = basis_of(in_force(reader.prescriptions, row.local_time.date()))
    return reader.mapper.meal(row, basis)


def _illnesses(reader: Reader) -> Iterable[Json]:
    rows = Illness.objects.of(reader.child).filter(started_on__lte=reader.today)
    return (reader.mapper.illness(row) for row in rows.select_related("entered_by"))


def _orders(reader: Reader) -> Iterable[Json]:
    current = in_force(reader.prescriptions, reader.today)
    for row in reader.prescriptions:
        if row.effective_from <= reader.today:
            is_it = current is not None and row.pk == current.pk
            yield reader.mapper.prescription(row, is_in_force=is_it)


def _statements(reader: Reader) -> Iterable[Json]:
    return medicines_of(reader.mapper, reader.today)


def _conditions(reader: Reader) -> Iterable[Json]:
    card = card_of(reader.child)
    return [reader.mapper.diagnosis(card)] if card else []


def _plans(reader: Reader) -> Iterable[Json]:
    card = card_of(reader.child)
    return [reader.mapper.plan(card, reader.today)] if card else []


def _people(kind: str) -> Callable[[Reader], Iterable[Json]]:
    """Everybody who has or had a role for the child, since entries stay when a role ends."""

    def found(reader: Reader) -> Iterable[Json]:
        for role in CareRole.objects.filter(child=reader.child).select_related("person"):
            reader.mapper.who(role.person)
        return [made for made in reader.mapper.people.values() if made["resourceType"] == kind]

    return found


SHELVES: dict[str, tuple[Shelf, ...]] = {
    "Patient": (Few(lambda reader: [reader.mapper.patient()]),),
    "Observation": (
        Entries(SpasmCluster, lambda reader, row: reader.mapper.cluster(row)),
        Entries(OtherSeizure, lambda reader, row: reader.mapper.other_seizure(row)),
        Entries(
            Measurement,
            lambda reader, row: reader.mapper.measurement(row),
            sort=lambda row: (row.kind, row.unit),
        ),
        Entries(MealEaten, _meal, ("items",)),
        Days(),
        Periods(),
        CheckIns(
            key_of=lambda child, row: derived_id(child, "sleep", row.pk),
            map=lambda mapper, row: mapper.sleep(row) or {},
            is_told=lambda row: row.sleep_hours is not None,
            when_of=lambda reader, row: on_dates(row.date, row.date, reader.zone),
            is_dated=True,
        ),
        Few(_illnesses),
    ),
    "QuestionnaireResponse": (
        CheckIns(
            key_of=lambda child, row: row.pk,
            map=lambda mapper, row: mapper.check_in(row),
            is_told=lambda row: True,
            when_of=lambda reader, row: at_second(row.entered_at.astimezone(reader.zone)),
            is_dated=False,
        ),
    ),
    "MedicationAdministration": (
        Entries(
            Dose,
            lambda reader, row: reader.mapper.dose(row),
            ("medicine",),
            sort=lambda row: row.outcome,
        ),
    ),
    "MedicationStatement": (Few(_statements),),
    "NutritionOrder": (Few(_orders),),
    "Condition": (Few(_conditions),),
    "CarePlan": (Few(_plans),),
    "RelatedPerson": (Few(_people("RelatedPerson")),),
    "Practitioner": (Few(_people("Practitioner")),),
    "Device": (Few(lambda reader: [reader.mapper.app()]),),
}
