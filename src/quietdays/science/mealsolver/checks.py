"""What a figure must be before it is let in: one door for every number of a problem."""

from __future__ import annotations

import math
from decimal import Decimal

# No kitchen, clinic or week holds more; a larger figure is a slip of the hand.
LARGEST = 1_000_000.0


# What a fault is about, in words; other fields are called as they are.
_SUBJECTS = {
    "items": "list of foods", "food": "food", "want": "amount wanted", "min": "least",
    "max": "most", "step": "step of the scale", "locked": "fixed amount",
    "use_min": "smallest portion", "max_items": "number of foods", "kcal": "energy",
    "carb": "carbohydrate", "ml_per_g": "volume of a gram", "volume_ml": "volume",
    "ratio_tol": "tolerance of the ratio", "kcal_tol_pct": "tolerance of the energy",
    "volume_tol_pct": "tolerance of the volume", "distinct_min": "number of different recipes",
    "want_g": "amount wanted", "min_g": "least", "max_g": "most", "step_g": "step of the scale",
    "locked_g": "fixed amount", "use_min_g": "smallest portion", "energy_kcal": "energy",
    "fat_g": "fat", "protein_g": "protein", "carb_g": "carbohydrate", "fibre_g": "fibre",
    "ratio_tolerance": "tolerance of the ratio", "least": "least", "most": "most",
    "energy_tolerance_percent": "tolerance of the energy",
    "volume_tolerance_percent": "tolerance of the volume",
}  # fmt: skip
_NEEDS_A_SUBJECT = ("must ", "is ")


class BadProblem(ValueError):
    """A problem that says something impossible.

    `field` is where, for a program; `reason` says what, and `about` names the food where it is
    about one. As text it is a sentence for a person, without the field's name.
    """

    def __init__(self, field: str, reason: str, about: str = "") -> None:
        self.field = field
        self.reason = reason
        self.about = about
        super().__init__(field, reason, about)

    def __str__(self) -> str:
        said = self.reason
        if said.startswith(_NEEDS_A_SUBJECT):
            said = f"the {_subject(self.field)} {said}"
        if self.about and self.about not in said:
            said = f"{self.about}: {said}"
        return said[:1].upper() + said[1:] + "."

    def within(self, outer: str) -> BadProblem:
        """The same fault seen from one level further out: `max_g` in `items[2]`."""
        joint = "" if not self.field or self.field.startswith("[") else "."
        return BadProblem(f"{outer}{joint}{self.field}", self.reason, self.about)

    def of(self, food: str) -> BadProblem:
        """The same fault, now that the food's name is known."""
        return BadProblem(self.field, self.reason, self.about or food)

    @property
    def located(self) -> str:
        """The field and the reason, as one who writes the JSON looks for it."""
        return f"{self.field}: {self.reason}" if self.field else self.reason


def _subject(field: str) -> str:
    """The last part of a path in words: `items[2].step` is the step of the scale."""
    last = field.rpartition(".")[2]
    key, _, index = last.partition("[")
    words = _SUBJECTS.get(key, key.replace("_", " ")) or "problem"
    count = index.rstrip("]")
    return f"{words} (number {int(count) + 1})" if count.isdecimal() else words


class WrongAnswer(AssertionError):
    """A verifier refused what a solver gave: a fault in this program, and never shown."""


def number(
    value: object, field: str, *, least: float = 0.0, most: float = LARGEST, above: bool = False
) -> float:
    """A finite number from `least` (or above it) to `most`. A truth value is no number.

    Minus nought becomes nought, so that no answer is ever printed as -0.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise BadProblem(field, f"must be a number, not {shown(value)}")
    try:
        figure = float(value)
    except OverflowError:
        figure = math.inf
    if not math.isfinite(figure):
        raise BadProblem(field, f"must be a finite number, not {figure}")
    if figure < least or (above and figure == least):
        raise BadProblem(
            field, f"must be {'more than' if above else 'at least'} {least:g}, not {figure:g}"
        )
    if figure > most:
        raise BadProblem(field, f"must be at most {most:g}, not {figure:g}")
    return figure + 0.0


def whole(value: object, field: str, *, least: int = 0, most: int = 1_000_000) -> int:
    """A whole number; 3.0 counts as one, 3.5 and True do not."""
    figure = number(value, field, least=least, most=most)
    if figure != int(figure):
        raise BadProblem(field, f"must be a whole number, not {figure:g}")
    return int(figure)


def text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise BadProblem(field, f"must be text, not {shown(value)}")
    return value


def name(value: object, field: str) -> str:
    """A text that is not empty: ids of foods, slots, recipes and limits."""
    if not text(value, field):
        raise BadProblem(field, "must not be empty")
    return str(value)


def exact(value: float) -> Decimal:
    """The decimal that was typed: 0.1 for the binary number nearest to 0.1."""
    return Decimal(repr(value))


def shown(value: object) -> str:
    """A value as an error shows it: short, and never a whole document."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    words = repr(value)
    return words if len(words) <= 40 else words[:37] + "..."
