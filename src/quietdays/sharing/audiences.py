"""Who a report is for, and what it does not show them: what is hidden is not in the file either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

# The parts of a report, and what stands in their place when they are hidden.
_EMPTY: dict[str, Any] = {
    "counts": [],
    "seen": [],
    "effect": {"verdict": "", "lines": [], "rows": []},
    "timeline": None,
    "hours": None,
    "meals": [],
    "tolerance": "",
    "beside": [],
    "changes": [],
    "questions": [],
    "method": "",
    "effect_chart": None,
    "endpoints": [],
    "eeg": "",
    "factors": None,
    "weeks": [],
    "prescriptions": [],
    "medicines": [],
    "medicines_now": [],
    "notes": [],
    "days": [],
    "emergency": None,
}
PARTS = frozenset(_EMPTY)
_TRIALS = frozenset({"endpoints", "eeg"})
# For those who have to act: the team's rules, and only the doses that hold now. In a list of
# every step an earlier dose could be taken for today's.
_FOR_HELPERS = frozenset({"emergency", "medicines_now"})


class Audience(TextChoices):
    NEUROLOGIST = "neurologist", gettext_lazy("a neurologist: everything")
    DIETITIAN = "dietitian", gettext_lazy("a dietitian: the diet first")
    PRACTITIONER = "practitioner", gettext_lazy("a general practitioner: in brief")
    NURSERY = "nursery", gettext_lazy("a nursery: what to know during the day")
    EMERGENCY = "emergency", gettext_lazy("an emergency department")


@dataclass(frozen=True, slots=True)
class View:
    """What one audience sees. `stress`: how calm the family's days were, which few need."""

    parts: frozenset[str]
    without_facts: frozenset[str] = frozenset()  # lines of the head that say nothing to them
    stress: bool = False
    carries_data: bool = False  # the FHIR document lies in the file: it holds everything


_SHOWN: dict[str, View] = {
    Audience.NEUROLOGIST: View(PARTS - _FOR_HELPERS, stress=True, carries_data=True),
    Audience.DIETITIAN: View(
        PARTS - {"hours", "factors", "weeks", "notes"} - _TRIALS - _FOR_HELPERS
    ),
    Audience.PRACTITIONER: View(
        frozenset({"counts", "seen", "effect", "method", "prescriptions", "medicines", "changes"})
        | {"beside", "emergency"}
    ),
    Audience.NURSERY: View(frozenset({"seen"}) | _FOR_HELPERS, frozenset({"Weight", "EEG"})),
    Audience.EMERGENCY: View(
        frozenset({"counts", "seen", "changes"}) | _FOR_HELPERS,
        frozenset({"EEG"}),
    ),
}
_STRESS_COLUMN = 7  # of the table of days


def view_of(audience: str) -> View:
    """Raises KeyError for an audience that there is not."""
    return _SHOWN[Audience(audience)]


def only_for(audience: str, data: dict[str, Any]) -> dict[str, Any]:
    """The report's data without what this audience does not need."""
    view = view_of(audience)
    kept = {name: _EMPTY[name] if _is_hidden(name, view) else v for name, v in data.items()}
    kept["facts"] = [row for row in kept["facts"] if row[0] not in view.without_facts]
    if not view.stress:
        kept["beside"] = [row for row in kept["beside"] if "stress" not in row[0].lower()]
        kept["days"] = [
            [cell for n, cell in enumerate(row) if n != _STRESS_COLUMN] for row in kept["days"]
        ]
    return kept | {"parts": sorted(view.parts), "stress": view.stress, "audience": audience}


def _is_hidden(name: str, view: View) -> bool:
    return name in PARTS and name not in view.parts
