"""Searching the REST face: parameters read strictly, the rows that fit, one page as a Bundle.

Only the page is mapped; its place is a cursor, so that an entry made meanwhile moves nothing.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode
from uuid import UUID

from quietdays.sharing.fhir.codes import Json
from quietdays.sharing.fhir.moments import (
    AskedTime,
    BadDate,
    Moment,
    Span,
    asked_time,
    span_of,
)
from quietdays.sharing.fhir.shelves import SHELVES, Reader, Shelf

PAGE, LARGEST_PAGE = 50, 200
_NEVER = datetime.min.replace(tzinfo=UTC)
_ANY = "*"  # a code whose system FHIR itself fixes: whichever is asked for
_COMMA = re.compile(r"(?<!\\),")
# Parameters that would narrow the answer: whoever sends one must not be given more than asked.
_NARROWING = frozenset(
    {"_lastUpdated", "_tag", "_profile", "_security", "_source", "_text", "_content", "_list",
     "_has", "_filter", "_query", "_type"}
)  # fmt: skip


class BadSearch(Exception):
    """A parameter that is not known or not understood; its words say which."""


class Param(NamedTuple):
    """How a search parameter reads: `kind` is FHIR's own word for it."""

    kind: str  # token, reference or date
    doc: str
    tokens: Callable[[Json], Iterator[tuple[str, str]]] = lambda made: iter(())


def _codings(*names: str) -> Callable[[Json], Iterator[tuple[str, str]]]:
    """The tokens of elements that are codes, identifiers or CodeableConcepts, or lists of them."""

    def found(made: Json) -> Iterator[tuple[str, str]]:
        for name in names:
            element = made.get(name, [])
            for part in element if isinstance(element, list) else [element]:
                if isinstance(part, str):
                    yield _ANY, part
                elif "value" in part:
                    yield part.get("system", ""), part["value"]
                else:
                    for coding in part.get("coding", ()):
                        yield coding.get("system", ""), coding["code"]

    return found


_ID = Param("token", "The id of the resource", _codings("id"))
_PATIENT = Param("reference", "The child: Patient/ID or ID")
_STATUS = Param("token", "The status", _codings("status"))
_CATEGORY = Param("token", "The category: code or system|code", _codings("category"))
_OF_CHILD = {"_id": _ID, "patient": _PATIENT, "subject": _PATIENT}
PARAMS: dict[str, dict[str, Param]] = {
    "Patient": {
        "_id": _ID,
        "identifier": Param("token", "system|value", _codings("identifier")),
    },
    "Observation": {
        **_OF_CHILD,
        "category": _CATEGORY,
        "code": Param("token", "The code: code or system|code", _codings("code")),
        "status": _STATUS,
        "date": Param("date", "When it was seen"),
    },
    "QuestionnaireResponse": {
        **_OF_CHILD,
        "status": _STATUS,
        "authored": Param("date", "When it was entered"),
    },
    "MedicationAdministration": {
        **_OF_CHILD,
        "status": _STATUS,
        "effective-time": Param("date", "When the dose was given"),
    },
    "MedicationStatement": {
        **_OF_CHILD,
        "status": _STATUS,
        "effective": Param("date", "From when to when it is taken"),
    },
    "NutritionOrder": {
        "_id": _ID,
        "patient": _PATIENT,
        "status": _STATUS,
        "datetime": Param("date", "When it was signed"),
    },
    "Condition": {
        **_OF_CHILD,
        "category": _CATEGORY,
        "clinical-status": Param("token", "The clinical status", _codings("clinicalStatus")),
        "recorded-date": Param("date", "When it was signed"),
    },
    "CarePlan": {
        **_OF_CHILD,
        "category": _CATEGORY,
        "status": _STATUS,
        "date": Param("date", "From when to when it holds"),
    },
    "RelatedPerson": {"_id": _ID, "patient": _PATIENT},
    "Practitioner": {"_id": _ID},
    "Device": {"_id": _ID},
}


@dataclass
class Asked:
    """A search as it was understood. Values beside each other are “or”, parameters are “and”."""

    kind: str
    used: list[tuple[str, str]] = field(default_factory=list)
    tokens: list[tuple[Param, list[tuple[str | None, str]]]] = field(default_factory=list)
    times: list[list[AskedTime]] = field(default_factory=list)
    ids: list[set[UUID]] = field(default_factory=list)
    patients: list[set[str]] = field(default_factory=list)
    count: int = PAGE
    is_backwards: bool = False
    is_only_counted: bool = False
    after: tuple[datetime, str] | None = None

    def fits(self, made: Json) -> bool:
        """Whether a resource has a token of each that is asked for."""
        return all(
            any(_is_token(one, has) for one in wanted for has in param.tokens(made))
            for param, wanted in self.tokens
        )

    def is_then(self, at: Moment | None) -> bool:
        if at is None:
            return not self.times
        return all(any(value.fits(at) for value in values) for values in self.times)

    def is_of(self, patient: UUID) -> bool:
        return all(str(patient) in wanted for wanted in self.patients)


class Found(NamedTuple):
    total: int
    made: list[Json]
    next: str | None  # the cursor of the next page


def read(
    kind: str, sent: Iterable[tuple[str, str]], *, base: str = "", is_lenient: bool = False
) -> Asked:
    """Parameters in the order in which they were sent. Raises BadSearch."""
    asked = Asked(kind)
    for name, value in sent:
        if name in PARAMS[kind]:
            _take(asked, name, value, base)
        elif name in _CONTROLS:
            _CONTROLS[name](asked, value)
        elif name in _NARROWING or not (name.startswith("_") or is_lenient):
            raise BadSearch(f"The search parameter “{name}” is not supported for {kind}.")
        else:
            continue
        if name != "_cursor":
            asked.used.append((name, value))
    return asked


def find(reader: Reader, asked: Asked) -> Found:
    """The page that is asked for, with how many fit on all pages together."""
    heads = [_Head(*head) for head in _heads(reader, asked)] if asked.is_of(reader.child.pk) else []
    heads.sort(key=lambda head: head.place, reverse=asked.is_backwards)
    total = len(heads)
    if asked.is_only_counted or not asked.count:
        return Found(total, [], None)
    if asked.after is not None:
        edge = asked.after
        back = asked.is_backwards
        heads = [h for h in heads if (h.place < edge if back else h.place > edge)]
    page, rest = heads[: asked.count], heads[asked.count :]
    return Found(total, _mapped(reader, page), _cursor(page[-1].place) if rest else None)


def by_id(reader: Reader, kind: str, key: UUID) -> Json | None:
    """One resource as this face shows it; None when this child has none of that id."""
    for shelf in SHELVES[kind]:
        rows = shelf.find(reader, key)
        if rows:
            made: Json = reader.relative(shelf.made(reader, rows[:1])[0])
            return made
    return None


def bundle(found: Found, asked: Asked, base: str) -> Json:
    """A page as a searchset, with links to itself and to the next one."""
    here = f"{base}/{asked.kind}"
    links = [{"relation": "self", "url": _address(here, asked.used)}]
    if found.next:
        after = [*asked.used, ("_cursor", found.next)]
        links.append({"relation": "next", "url": _address(here, after)})
    entries = [
        {
            "fullUrl": f"{base}/{made['resourceType']}/{made['id']}",
            "resource": made,
            "search": {"mode": "match"},
        }
        for made in found.made
    ]
    made: Json = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": found.total,
        "link": links,
    }
    return made | ({"entry": entries} if entries else {})


class _Head(NamedTuple):
    """A resource that fits, not mapped yet."""

    place: tuple[datetime, str]
    shelf: Shelf
    row: Any


def _heads(reader: Reader, asked: Asked) -> Iterator[tuple[tuple[datetime, str], Shelf, Any]]:
    span = span_of(asked.times, reader.life)
    for shelf in SHELVES[asked.kind]:
        example = shelf.example(reader)
        if example is not None and not asked.fits(example):
            continue
        for rows in _sorts(shelf, _rows(reader, shelf, asked, span)):
            if asked.tokens and example is None and not asked.fits(shelf.made(reader, rows[:1])[0]):
                continue
            for row in rows:
                at = shelf.when(reader, row)
                if asked.is_then(at):
                    yield (at.start if at else _NEVER, str(shelf.key(reader, row))), shelf, row


def _rows(reader: Reader, shelf: Shelf, asked: Asked, span: Span) -> Sequence[Any]:
    if asked.ids:
        wanted = set.intersection(*asked.ids)
        return [row for key in sorted(wanted) for row in shelf.find(reader, key)]
    return shelf.rows(reader, span)


def _sorts(shelf: Shelf, rows: Sequence[Any]) -> Iterable[list[Any]]:
    sorts: dict[object, list[Any]] = defaultdict(list)
    for row in rows:
        sorts[shelf.sort(row)].append(row)
    return sorts.values()


def _mapped(reader: Reader, page: Sequence[_Head]) -> list[Json]:
    by_shelf: dict[int, list[_Head]] = defaultdict(list)
    for head in page:
        by_shelf[id(head.shelf)].append(head)
    made: dict[str, Json] = {}
    for heads in by_shelf.values():
        for resource in heads[0].shelf.made(reader, [head.row for head in heads]):
            made[resource["id"]] = reader.relative(resource)
    return [made[head.place[1]] for head in page]


# -- parameters


def _take(asked: Asked, name: str, value: str, base: str) -> None:
    param = PARAMS[asked.kind][name]
    values = [part.replace("\\,", ",") for part in _COMMA.split(value)]
    if "" in values:
        raise BadSearch(f"The search parameter “{name}” has an empty value.")
    if len(values) > LARGEST_PAGE:
        raise BadSearch(f"“{name}” has more than {LARGEST_PAGE} values.")
    if name == "_id":
        asked.ids.append({key for text in values if (key := _uuid(text)) is not None})
    elif param.kind == "reference":
        asked.patients.append({_patient(text, base) for text in values})
    elif param.kind == "date":
        asked.times.append([_time(name, text) for text in values])
    else:
        asked.tokens.append((param, [_token(text) for text in values]))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None  # no id of ours: it fits nothing


def _patient(text: str, base: str) -> str:
    return text.removeprefix(f"{base}/").removeprefix("Patient/").lower()


def _time(name: str, text: str) -> AskedTime:
    try:
        return asked_time(text)
    except BadDate:
        raise BadSearch(
            f"“{text}” in “{name}” is no date, such as 2026-06-10 or ge2026-06-10T08:00:00Z."
        ) from None


def _token(text: str) -> tuple[str | None, str]:
    system, bar, code = text.partition("|")
    return (system, code) if bar else (None, text)


def _is_token(wanted: tuple[str | None, str], has: tuple[str, str]) -> bool:
    system, code = wanted
    return (system is None or has[0] in (system, _ANY)) and (not code or code == has[1])


def _set_count(asked: Asked, value: str) -> None:
    if not re.fullmatch(r"\d{1,9}", value, re.ASCII):
        raise BadSearch(f"_count is a number, not “{value}”.")
    asked.count = min(int(value), LARGEST_PAGE)


def _set_summary(asked: Asked, value: str) -> None:
    if value not in ("count", "false"):
        raise BadSearch("Of _summary only “count” is supported.")
    asked.is_only_counted = value == "count"


def _set_total(asked: Asked, value: str) -> None:
    if value not in ("none", "estimate", "accurate"):
        raise BadSearch("_total is none, estimate or accurate.")


def _set_sort(asked: Asked, value: str) -> None:
    dates = [name for name, param in PARAMS[asked.kind].items() if param.kind == "date"]
    if value.removeprefix("-") not in dates:
        raise BadSearch(f"_sort knows {' and '.join(dates) or 'nothing'} for {asked.kind}.")
    asked.is_backwards = value.startswith("-")


def _set_cursor(asked: Asked, value: str) -> None:
    try:
        text = base64.urlsafe_b64decode(value.encode()).decode()
        start, key = text.split("|")
        found = datetime.fromisoformat(start)
        if found.tzinfo is None:
            raise ValueError(text)
    except (ValueError, binascii.Error, UnicodeError):
        raise BadSearch("This is no link of an answer of this server.") from None
    asked.after = (found, key)


_CONTROLS: Mapping[str, Callable[[Asked, str], None]] = {
    "_count": _set_count,
    "_summary": _set_summary,
    "_total": _set_total,
    "_sort": _set_sort,
    "_cursor": _set_cursor,
}


def _cursor(place: tuple[datetime, str]) -> str:
    start, key = place
    return base64.urlsafe_b64encode(f"{start.isoformat()}|{key}".encode()).decode()


def _address(here: str, used: Sequence[tuple[str, str]]) -> str:
    return f"{here}?{urlencode(used, quote_via=quote)}" if used else here
