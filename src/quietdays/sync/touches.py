"""A cluster that is being counted: each phone sends what it counted, and together they are the count.

So two parents who count one cluster on two phones, with and without a network, lose no touch,
whatever order their operations arrive in.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from quietdays.diary.models import MAX_SPASMS_IN_CLUSTER, CountKind, SpasmCluster
from quietdays.records.models import Record
from quietdays.sync.values import read_id, read_whole
from quietdays.sync.writers import Making, amended, entered

MAX_PHONES = 20
ENDING = frozenset({"is_open", "count_kind"})  # what a phone sends by itself when it goes quiet
# What counting sends.
COUNTED = frozenset({"touches", "duration_s", "count_kind", "is_open"})
Values = dict[str, Any]


def read_touches(value: Any) -> dict[str, int]:
    """Touches by the id of the phone. Less than none: one phone took back what another counted."""
    if not isinstance(value, dict) or len(value) > MAX_PHONES:
        raise ValidationError(gettext("What each phone counted is needed."))
    found = {str(read_id(phone)): read_whole(touches) for phone, touches in value.items()}
    if any(abs(touches) > MAX_SPASMS_IN_CLUSTER for touches in found.values()):
        raise ValidationError(gettext("This many touches cannot be right."))
    return found


def counted(making: Making) -> list[Record]:
    return entered(SpasmCluster)(replace(making, values=_summed(making.values, {})))


def counted_on(making: Making, cluster: SpasmCluster) -> Record:
    return amended(replace(making, values=_merged(making.values, cluster)), cluster)


def _merged(values: Values, cluster: SpasmCluster) -> Values:
    if "spasm_count" in values or "touches" not in values:
        return _summed(values, {})
    if not cluster.touches:
        return {name: v for name, v in values.items() if name not in COUNTED}
    found = _summed(values, cluster.touches)
    if "is_open" not in values and "happened_at" not in values:
        found["duration_s"] = max(values.get("duration_s") or 0, cluster.duration_s or 0) or None
    return found


def _summed(values: Values, known: dict[str, int]) -> Values:
    if "spasm_count" in values:  # a number that somebody typed stands; late touches change nothing
        return values | {"touches": {}}
    if "touches" not in values:
        return values
    touches = known | values["touches"]
    total = sum(touches.values())
    kind = {} if "count_kind" in values or known else {"count_kind": CountKind.EXACT}
    return values | kind | {"touches": touches, "spasm_count": total}
