"""Every way in: how a file is known, what has to be asked about it, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from django.utils.translation import gettext

from quietdays.diary.models import Kind
from quietdays.people.models import Child
from quietdays.sharing.imports import (
    apple_health,
    baby_buddy,
    diary_csv,
    fhir_bundle,
    json_logs,
    meters,
    seizure_tracker,
)
from quietdays.sharing.imports.plan import Reading
from quietdays.sharing.imports.readings import ASKED
from quietdays.sharing.imports.table import MAX_BYTES, ImportRefused, Problem, header_of
from quietdays.sharing.imports.times import ORDERS


class Source(StrEnum):
    DIARY = "diary"
    SEIZURE_TRACKER = "seizure-tracker"
    KETO_MOJO = "keto-mojo"
    KETOLOGGER = "ketologger"
    BABY_BUDDY = "baby-buddy"
    NIGHTSCOUT = "nightscout"
    TIDEPOOL = "tidepool"
    APPLE_HEALTH = "apple-health"
    FHIR = "fhir"
    TABLE = "table"


TITLES = {
    Source.DIARY: "a diary: a row a day, or a row a cluster",
    Source.SEIZURE_TRACKER: "Seizure Tracker",
    Source.KETO_MOJO: "Keto-Mojo",
    Source.KETOLOGGER: "Ketologger",
    Source.BABY_BUDDY: "Baby Buddy",
    Source.NIGHTSCOUT: "Nightscout",
    Source.TIDEPOOL: "Tidepool",
    Source.APPLE_HEALTH: "Apple Health",
    Source.FHIR: "FHIR data of Quiet Days",
    Source.TABLE: "another table",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the file does not say. `initial`: a usual answer, shown and changeable."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    required: bool = True
    initial: str = ""


def taken_in(file: IO[bytes], size: int) -> bytes:
    """What is kept of an upload until it is carried out: the file, or of Apple's what matters."""
    head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    if head.startswith((b"PK", b"<")):
        if size > apple_health.MAX_UPLOAD_BYTES:
            raise ImportRefused([Problem(1, "the file is larger than 100 MB")])
        return apple_health.reduced(file)
    if size > MAX_BYTES:
        raise ImportRefused([Problem(1, "the file is larger than 5 MB; split it")])
    return file.read()


def detected(data: bytes) -> Source:
    """Which program wrote a file. Raises ImportRefused for what is neither table nor JSON."""
    if data.startswith(apple_health.MARK):
        return Source.APPLE_HEALTH
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _of_json(data)
    columns = header_of(data)
    if seizure_tracker.is_ours(columns):
        return Source.SEIZURE_TRACKER
    if meters.is_keto_mojo(columns):
        return Source.KETO_MOJO
    if meters.is_ketologger(columns):
        return Source.KETOLOGGER
    if baby_buddy.kind_of(columns):
        return Source.BABY_BUDDY
    known = {**diary_csv.DAILY, **diary_csv.EVENTS}
    if "date" in columns and set(columns) <= set(known):
        return Source.DIARY
    # A table of somebody else's; when it is none at all, the diary's reader says why.
    return Source.TABLE if len(columns) > 1 else Source.DIARY


def _of_json(data: bytes) -> Source:
    found = json_logs.loaded(data)
    if fhir_bundle.is_bundle(found):
        return Source.FHIR
    items = json_logs.items_of(data)
    if json_logs.is_tidepool(items):
        return Source.TIDEPOOL
    if json_logs.is_nightscout(items):
        return Source.NIGHTSCOUT
    raise ImportRefused([Problem(1, "this JSON is of no program that is known here")])


def questions(source: Source, data: bytes, answers: Mapping[str, str]) -> list[Question]:
    """What has to be said before the file can be read; some follow from earlier answers."""
    if source is Source.SEIZURE_TRACKER:
        return _order(seizure_tracker.orders(data))
    if source in (Source.KETO_MOJO, Source.KETOLOGGER):
        usual = "mdy" if source is Source.KETO_MOJO else ""
        return _order(meters.orders(data), usual)
    if source is Source.BABY_BUDDY:
        kind = baby_buddy.unit_kind(data)
        if kind is not None:
            return [_unit(kind)]
        return [Question("unit", gettext("Bottles are in"), (("mL", "mL"), ("oz", "oz")))]
    if source is Source.NIGHTSCOUT:
        return [_unit(Kind.GLUCOSE)]
    if source is Source.APPLE_HEALTH:
        whose = (
            ("child", gettext("the child’s")),
            ("other", gettext("somebody else’s, such as the phone’s owner")),
        )
        return [Question("whose", gettext("Whose readings are these?"), whose)]
    return _of_a_table(data, answers) if source is Source.TABLE else []


def _order(possible: list[str], usual: str = "") -> list[Question]:
    """Asked when the dates of the file can be read in more than one way."""
    choices = tuple((order, ORDERS[order]) for order in possible or ORDERS)
    initial = choices[0][0] if len(choices) == 1 else (usual if usual in possible else "")
    return [Question("order", gettext("Dates are written as"), choices, initial=initial)]


def _unit(kind: Kind) -> Question:
    choices = tuple((unit, unit) for unit in ASKED[kind])
    return Question("unit", gettext("%(reading)s is in") % {"reading": kind.label}, choices)


def _of_a_table(data: bytes, answers: Mapping[str, str]) -> list[Question]:
    columns = tuple((c, c) for c in header_of(data) if c)
    whats = (
        *((k.value, str(k.label)) for k in ASKED),
        ("cluster", gettext("Spasm clusters, a row each")),
    )
    asked = [
        Question("what", gettext("Each row is"), whats),
        Question("date", gettext("The date stands in"), columns),
        Question(
            "time", gettext("The time stands in (if not beside the date)"), columns, required=False
        ),
        Question("value", gettext("The value, or the number of spasms, stands in"), columns),
        Question("note", gettext("A note stands in"), columns, required=False),
    ]
    column = answers.get("date", "")
    if column in dict(columns):
        asked += _order(meters.mapped_orders(data, column))
    kind = next((k for k in ASKED if k.value == answers.get("what")), None)
    return [*asked, _unit(kind)] if kind is not None else asked


def read(source: Source, data: bytes, child: Child, answers: Mapping[str, str]) -> Reading:
    """What a file says. Raises ImportRefused when it is no file of this kind."""
    if source is Source.DIARY:
        return diary_csv.read_diary(data, child)
    if source is Source.SEIZURE_TRACKER:
        return seizure_tracker.read(data, child, answers["order"])
    if source in (Source.KETO_MOJO, Source.KETOLOGGER):
        return meters.read(data, child, answers["order"])
    if source is Source.BABY_BUDDY:
        return baby_buddy.read(data, child, answers)
    if source is Source.NIGHTSCOUT:
        return json_logs.read_nightscout(data, child, answers["unit"])
    if source is Source.TIDEPOOL:
        return json_logs.read_tidepool(data, child)
    if source is Source.APPLE_HEALTH:
        if answers["whose"] != "child":
            raise ImportRefused([Problem(1, "only the child’s own readings belong in this diary")])
        return apple_health.read(data, child)
    if source is Source.FHIR:
        return fhir_bundle.read(data, child)
    return meters.read_mapped(data, child, answers)
