"""Readings of meters and scales from other programs, in the units that the diary keeps."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from quietdays.diary.models import Kind, Measurement, Unit, units_of
from quietdays.sharing.imports.plan import Planned
from quietdays.sharing.imports.table import Row

# How other programs write units; what none of these is, is refused and not guessed.
UNITS = {
    "mmol/l": Unit.MMOL_L, "mg/dl": Unit.MG_DL, "kg": Unit.KG, "g": Unit.G, "cm": Unit.CM,
    "°c": Unit.CELSIUS, "c": Unit.CELSIUS, "degc": Unit.CELSIUS,
}  # fmt: skip
# Units that no entry has: the factor and the unit that they become; said in the note.
_CONVERTED = {
    "lb": (Decimal("0.45359237"), Unit.KG),
    "lbs": (Decimal("0.45359237"), Unit.KG),
    "oz": (Decimal("28.349523125"), Unit.G),
    "in": (Decimal("2.54"), Unit.CM),
    "m": (Decimal(100), Unit.CM),
}
_FAHRENHEIT = frozenset({"°f", "f", "degf"})
ASKED = {
    Kind.GLUCOSE: ("mg/dL", "mmol/L"),
    Kind.WEIGHT: ("kg", "g", "lb"),
    Kind.LENGTH: ("cm", "in"),
    Kind.HEAD: ("cm", "in"),
    Kind.TEMPERATURE: ("°C", "°F"),
    Kind.KETONES_BLOOD: ("mmol/L",),
}


def measurement(
    row: Row,
    at: datetime | None,
    kind: Kind,
    value: Decimal | None,
    unit: str,
    *,
    entry_id: UUID,
    note: str = "",
) -> list[Planned]:
    """One reading, or nothing and the row's complaint.

    `at` or `value` may be None: whoever read them has complained already.
    """
    if at is None or value is None:
        return []
    found = _in_own_unit(value, unit)
    if found is None or found[1] not in units_of(kind):
        row.complain(f"{kind.label} in “{unit[:20]}” is no unit that is known here")
        return []
    number, own, was = found
    values: dict[str, Any] = {
        "happened_at": at,
        "kind": kind,
        "value": number,
        "unit": own,
        "note": "; ".join(filter(None, (was, note)))[:2000],
    }
    return [Planned(row.number, Measurement, entry_id, values)]


def _in_own_unit(value: Decimal, unit: str) -> tuple[Decimal, str, str] | None:
    """The value, its unit here, and how it was written where that is another one."""
    name = unit.strip().lower()
    if name in UNITS:
        return _rounded(value), UNITS[name], ""
    was = f"{value.normalize():f} {unit.strip()} in the file"
    if name in _FAHRENHEIT:
        return _rounded((value - 32) * 5 / 9, "0.01"), Unit.CELSIUS, was
    if name in _CONVERTED:
        factor, own = _CONVERTED[name]
        return _rounded(value * factor, "0.001" if own == Unit.KG else "0.1"), own, was
    return None


def _rounded(value: Decimal, step: str = "0.001") -> Decimal:
    return value.quantize(Decimal(step))
