"""The upper part of the timeline: what was prescribed, and illness, one lane each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext, gettext_lazy

from quietdays.insights.charts import words
from quietdays.insights.charts.frame import Frame, Look, Mark
from quietdays.insights.charts.periods import Run, finite, runs
from quietdays.insights.charts.svg import (
    SMALL,
    Svg,
    dotted,
    join,
    line,
    rect,
    shorten,
    text,
    text_width,
)
from quietdays.science.days import DiaryDay
from quietdays.words import joined

_THICKEST = 12.0
_THINNEST = 2.5
_LABEL = 16.0
_GAP = 9.0
_CHANGES = {
    "start": gettext_lazy("started"),
    "up": gettext_lazy("more"),
    "down": gettext_lazy("less"),
    "stop": gettext_lazy("stopped"),
}


Amount = float | str | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One diet or medicine. A run's value is its amount, or the word that stands for it; what is
    no number is drawn as an outline."""

    name: str
    unit: str
    bars: tuple[Run[tuple[Amount]], ...]
    changes: tuple[tuple[date, str], ...]
    bar_class: str
    is_diet: bool = False

    @property
    def largest(self) -> float:
        amounts = [a for r in self.bars if not (isinstance(a := r.value[0], str) or a is None)]
        return max(amounts, default=1.0)

    def amount(self, value: Amount) -> str:
        if isinstance(value, str):
            return value
        if value is None:
            return gettext("not entered") if self.is_diet else gettext("dose not recorded")
        return f"{words.decimal(value, 2)} : 1" if self.is_diet else words.decimal(value, 2)


def lanes_of(days: Sequence[DiaryDay]) -> list[Lane]:
    """The diet first, then each medicine in the order in which it appears."""
    lanes = []
    diet = runs(days, _ratio_of)
    changed = tuple((d.date, gettext("changed")) for d in days if d.prescription_changed)
    if diet or changed:
        lanes.append(Lane(gettext("Diet ratio"), "", tuple(diet), changed, "c-diet", is_diet=True))
    keys = dict.fromkeys((m.medicine, m.unit) for d in days for m in d.medicines)
    named = {name for name, _ in keys}
    for d in days:
        for change in d.medicine_changes:
            if change.medicine not in named:
                keys[(change.medicine, "")] = None
    for i, (name, unit) in enumerate(keys):
        lanes.append(_medicine_lane(days, name, unit, ("c-medicine", "c-medicine-2")[i % 2]))
    return lanes


def _ratio_of(day: DiaryDay) -> tuple[Amount] | None:
    return (finite(day.prescribed_ratio),) if day.on_diet else None


def _medicine_lane(days: Sequence[DiaryDay], name: str, unit: str, bar_class: str) -> Lane:
    def amount_of(day: DiaryDay) -> tuple[Amount] | None:
        mine = [m for m in day.medicines if (m.medicine, m.unit) == (name, unit)]
        if not mine:
            return None
        if mine[0].unscheduled:
            return (mine[0].unscheduled,)
        amounts = [finite(m.amount_per_day) for m in mine]
        known = [a for a in amounts if a is not None and a >= 0]
        return (sum(known) if len(known) == len(mine) else None,)

    changes = tuple(
        (d.date, str(_CHANGES.get(c.change, c.change)))
        for d in days
        for c in d.medicine_changes
        if c.medicine == name
    )
    return Lane(
        name,
        gettext("%(unit)s a day") % {"unit": unit} if unit else "",
        tuple(runs(days, amount_of)),
        changes,
        bar_class,
    )


def draw_lane(frame: Frame, lane: Lane, top: float) -> tuple[Svg, list[Mark], float]:
    """The lane, the marks that begin at it, and the y below it."""
    name, taken = frame.name(top, lane.name, lane.unit)
    base = top + taken + _LABEL + _THICKEST
    parts = [name, line(frame.left, base, frame.right, base, class_="c-line")]
    for run in lane.bars:
        parts.append(_bar(frame, lane, run, base))
    parts += _labels(frame, lane, base - _THICKEST - 4)
    marks = [
        Mark(day, base - _THICKEST, Look.DIET if lane.is_diet else Look.MEDICINE)
        for day in dict.fromkeys(day for day, _ in lane.changes)
    ]
    return join(parts), marks, base + _GAP


def _bar(frame: Frame, lane: Lane, run: Run[tuple[Amount]], base: float) -> Svg:
    left, right = frame.x.left(run.first), frame.x.right(run.last)
    amount = run.value[0]
    if amount is None or isinstance(amount, str):
        return rect(
            left,
            base - 7,
            right - left,
            6,
            class_="c-unknown-dose",
            fill="none",
            stroke_dasharray="3 3",
        )
    share = amount / lane.largest if lane.largest > 0 else 0.0
    thick = max(_THINNEST, _THICKEST * share)
    return rect(left, base - thick, right - left, thick, class_=lane.bar_class)


def _labels(frame: Frame, lane: Lane, y: float) -> list[Svg]:
    """What holds from a date on, written where it begins; left out where there is no room.

    The latest always has room: it is what holds now.
    """
    labels = []
    for day, said in sorted(_texts(frame, lane).items()):
        label = shorten(said, frame.right - frame.left - 6, SMALL)
        width = text_width(label, SMALL)
        labels.append((min(frame.x.left(day), frame.right - width - 3), width + 6, label))
    placed, free_from = [], frame.left
    for x, width, label in labels:
        is_latest = (x, width, label) == labels[-1]
        if is_latest or (x >= free_from and x + width <= labels[-1][0]):
            placed.append(text(x + 3, y, label, class_="c-text c-halo", font_size=SMALL))
            free_from = x + width
    return placed


def _texts(frame: Frame, lane: Lane) -> dict[date, str]:
    texts = {day: label for day, label in lane.changes}
    for run in lane.bars:
        texts[run.first] = lane.amount(run.value[0])
        after = run.last + timedelta(days=1)
        if after <= frame.last:
            texts.setdefault(after, gettext("stopped"))
    for run in lane.bars:  # a stop that is followed at once by another amount is no stop
        texts[run.first] = lane.amount(run.value[0])
    return texts


def illness_days(days: Sequence[DiaryDay]) -> list[Run[bool]]:
    """Days with illness of any kind as one run, for the shade through the panels."""
    return runs(days, lambda d: True if d.fever or d.illness else None)


def draw_illness(frame: Frame, top: float) -> tuple[Svg, float]:
    """The lane that names the shaded days."""
    name, taken = frame.name(top, gettext("Illness"))
    base = top + taken + 17
    parts, free_from = [name], frame.left
    for run in illness_days(frame.days):
        x, right = frame.x.left(run.first), frame.x.right(run.last)
        parts.append(dotted(frame.chart_id, x, base - 4, right - x, 8))
        label = _kinds_of_illness(d for d in frame.days if run.first <= d.date <= run.last)
        width = text_width(label, SMALL)
        x = min(x, frame.right - width)
        if x >= free_from:
            parts.append(text(x, base - 7, label, class_="c-text c-halo", font_size=SMALL))
            free_from = x + width + 6
    return join(parts), base + _GAP


def _kinds_of_illness(days: Iterable[DiaryDay]) -> str:
    """What the days of one stretch were: ill, with fever, or some of them with fever."""
    feverish = {bool(d.fever) for d in days}
    return joined(
        gettext("ill") if False in feverish else "", gettext("fever") if True in feverish else ""
    )


def eeg_days(days: Sequence[DiaryDay]) -> list[DiaryDay]:
    return [d for d in days if d.eegs]


def draw_eegs(frame: Frame, top: float) -> tuple[Svg, list[Mark], float]:
    """The lane that names each EEG by its score, and the marks that begin at it."""
    name, taken = frame.name(top, gettext("EEG"))
    base = top + taken + 17
    parts, free_from = [name], frame.left
    marks = [Mark(d.date, base - 12, Look.EEG) for d in eeg_days(frame.days)]
    for day in eeg_days(frame.days):
        x, label = frame.x.left(day.date), _eeg_label(day)
        width = text_width(label, SMALL)
        # Left of its line where there is no room on the right.
        start = x + 3 if x + 3 + width <= frame.right else x - 3 - width
        if start >= free_from:
            parts.append(text(start, base - 2, label, class_="c-text c-halo", font_size=SMALL))
            free_from = max(start + width, x) + 6
    return join(parts), marks, base + _GAP


def _eeg_label(day: DiaryDay) -> str:
    """Short beside its mark; the table has the whole of it."""
    scores = [f"BASED {e.based}" for e in day.eegs if e.based is not None]
    return ", ".join(scores) or day.eegs[0].in_words
