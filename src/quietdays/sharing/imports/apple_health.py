"""Apple Health's export: read as it streams in, and only what a diary of a baby keeps.

It is the record of the phone's owner: the family is asked whose these readings are.
"""

from __future__ import annotations

import json
import lzma
import struct
import zipfile
import zlib
from collections import defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from quietdays.diary.models import CheckIn, Kind
from quietdays.people.models import Child
from quietdays.sharing.imports.json_logs import loaded
from quietdays.sharing.imports.plan import Planned, Reading, row_id
from quietdays.sharing.imports.readings import measurement
from quietdays.sharing.imports.table import MAX_BYTES, MAX_ROWS, ImportRefused, Problem, Row
from quietdays.sharing.imports.times import absolute

MAX_XML_BYTES = 600 << 20
MAX_UPLOAD_BYTES = 100 << 20
_MAX_RATIO = 200
_DEEPEST, _MOST_HELD, _LONGEST_PIECE = 20, 100_000, 4 << 20
MARK = b'{"apple_health":'
_HK = "HKQuantityTypeIdentifier"
_KINDS = {
    f"{_HK}BloodGlucose": Kind.GLUCOSE,
    f"{_HK}BodyMass": Kind.WEIGHT,
    f"{_HK}Height": Kind.LENGTH,
    f"{_HK}BodyTemperature": Kind.TEMPERATURE,
}
_SLEEP = "HKCategoryTypeIdentifierSleepAnalysis"
_ASLEEP = "Asleep"  # InBed and Awake are no sleep


# What comes out of a damaged or hostile ZIP or XML while it is read.
_TORN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, ParseError, EOFError, OSError,
    ValueError, IndexError, NotImplementedError, RuntimeError,
)  # fmt: skip


def reduced(file: IO[bytes]) -> bytes:
    """The readings that matter, as JSON. Raises ImportRefused for what is no such export."""
    try:
        kept = _kept(file)
    except ImportRefused:
        raise
    except DefusedXmlException as error:
        raise ImportRefused(
            [Problem(1, "the file holds entities, which no export does")]
        ) from error
    except _TORN as error:
        reason = f"this is no export of Apple Health that can be read: {error}"
        raise ImportRefused([Problem(1, reason[:200])]) from error
    packed = MARK + json.dumps(kept, separators=(",", ":")).encode() + b"}"
    if len(packed) > MAX_BYTES:
        raise ImportRefused([Problem(1, "too many readings for one import: export a shorter time")])
    return packed


def _kept(file: IO[bytes]) -> list[list[str]]:
    head = file.read(4)
    file.seek(0)
    if head[:2] != b"PK":
        return _records(_Limited(file))
    with zipfile.ZipFile(file) as packed:
        info = _export_in(packed)
        if info.file_size > _MAX_RATIO * max(1 << 12, info.compress_size):
            raise ImportRefused([Problem(1, "the ZIP is packed as no export is")])
        with packed.open(info) as inner:
            return _records(_Limited(inner))


def _export_in(packed: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The XML beside the clinical document; its name is in the language of the phone."""
    names = [
        info
        for info in packed.infolist()
        if info.filename.lower().endswith(".xml") and not info.filename.lower().endswith("_cda.xml")
    ]
    named = [i for i in names if i.filename.lower().endswith("/export.xml")] or names
    if len(named) != 1:
        raise ImportRefused([Problem(1, "there is no export.xml of Apple Health in this ZIP")])
    return named[0]


class _Limited:
    """A file that is refused when it turns out to be larger than any export, or holds one
    piece that is: a parser would keep all of it in memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._left = MAX_XML_BYTES
        self.in_one_piece = 0  # bytes since an element began or ended

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size if size > 0 else 1 << 16)
        self._left -= len(data)
        self.in_one_piece += len(data)
        if self._left < 0 or self.in_one_piece > _LONGEST_PIECE:
            raise ImportRefused([Problem(1, "the file is larger than any export")])
        return data


def _records(file: _Limited) -> list[list[str]]:
    """[type, value, unit, start, end] of each record that a diary may keep."""
    kept: list[list[str]] = []
    root: Any = None
    depth = held = 0  # held: elements that stand in memory
    for event, element in iterparse(file, events=("start", "end")):
        file.in_one_piece = 0
        if event == "start":
            root = element if root is None else root
            depth, held = depth + 1, held + 1
            if root.tag != "HealthData" or depth > _DEEPEST or held > _MOST_HELD:
                raise ImportRefused([Problem(1, "this XML is no export of Apple Health")])
            continue
        depth -= 1
        if depth != 1:
            continue
        if element.tag == "Record":
            _keep(element, kept)
        root.clear()  # else the whole tree would stay in memory
        held = 1
    return kept


def _keep(element: Any, kept: list[list[str]]) -> None:
    kind = element.get("type", "")
    if kind not in _KINDS and (kind != _SLEEP or _ASLEEP not in element.get("value", "")):
        return
    names = ("type", "value", "unit", "startDate", "endDate")
    kept.append([element.get(name, "")[:80] for name in names])
    if len(kept) > MAX_ROWS:
        reason = f"more than {MAX_ROWS:,} readings: export a shorter time"
        raise ImportRefused([Problem(MAX_ROWS, reason)])


def read(data: bytes, child: Child) -> Reading:
    """What `reduced` kept."""
    found = loaded(data)["apple_health"]
    reading = Reading(len(found))
    slept: dict[date, list[tuple[datetime, datetime, int]]] = defaultdict(list)
    timeline = child.timeline()
    for number, (kind, text, unit, start, end) in enumerate(found, start=1):
        row = Row(number, {})
        began, ended = absolute(start), absolute(end)
        if began is None or ended is None or ended < began:
            row.complain("its time cannot be")
        elif kind == _SLEEP:
            slept[timeline.date_of(ended)].append((began, ended, number))
        else:
            key = row_id(child, "apple-health", kind, start, text)
            reading.planned += measurement(
                row, began, _KINDS[kind], _decimal(row, text), _unit(unit), entry_id=key
            )
        reading.problems += row.problems
    reading.planned += [_sleep(child, day, parts) for day, parts in slept.items()]
    return reading


def _unit(text: str) -> str:
    """Apple writes the molar mass into it: “mmol<180.1558800000541>/L”."""
    before, _, rest = text.partition("<")
    return before + rest.partition(">")[2] if rest else text


def _decimal(row: Row, text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not -100 <= value <= 1_000_000:
        row.complain(f"“{text[:30]}” is no value")
        return None
    return value


def _sleep(child: Child, day: date, parts: list[tuple[datetime, datetime, int]]) -> Planned:
    """Two watches may have seen the same sleep: what overlaps counts once."""
    total, until = timedelta(), None
    for began, ended, _ in sorted(parts):
        if until is None or began > until:
            total += ended - began
            until = ended
        elif ended > until:
            total += ended - until
            until = ended
    hours = (Decimal(total.total_seconds()) / 3600).quantize(Decimal("0.01"))
    key = row_id(child, "apple-health", "sleep", day)
    values = {"date": day, "sleep_hours": hours}
    return Planned(min(n for *_, n in parts), CheckIn, key, values)
