"""The kinds of diary entry that one form and one page serve; a new kind is one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from quietdays.diary.forms import (
    ClusterForm,
    DayTotalForm,
    EegForm,
    IllnessForm,
    MeasurementForm,
    OtherSeizureForm,
    QuestionForm,
    VisitForm,
)
from quietdays.diary.models import (
    DayTotal,
    Eeg,
    Illness,
    Kind,
    Measurement,
    OtherSeizure,
    Question,
    SpasmCluster,
    Visit,
)
from quietdays.people.access import Act
from quietdays.people.models import Child
from quietdays.records.forms import EntryForm
from quietdays.records.models import Record


@dataclass(frozen=True, slots=True)
class EntryKind:
    """How one kind of entry is asked for, stored and said back."""

    slug: str
    model: type[Record]
    form: type[EntryForm]
    title: str
    echo: Callable[[Any], str]
    form_extra: Callable[[Child], dict[str, Any]] = field(default=lambda child: {})
    initial: Callable[[Child], dict[str, Any]] = field(default=lambda child: {})
    act: Act = Act.LOG  # what somebody must be allowed to do to enter or change it


def _at(record: Any) -> str:
    """The time, and the date as well when that is another day than today."""
    local = record.local_time
    is_today = local.date() == timezone.now().astimezone(local.tzinfo).date()
    return f"{local:%H:%M}" if is_today else f"{local:%-d %B, %H:%M}"


def _measurement(kind: Kind, unit_of: Callable[[Child], str] = lambda child: "") -> EntryKind:
    place = {Kind.KETONES_BLOOD: ", blood", Kind.KETONES_URINE: ", urine strip"}.get(kind, "")
    return EntryKind(
        slug=kind.value.replace("_", "-"),
        model=Measurement,
        form=MeasurementForm,
        title=kind.label,
        echo=lambda m: f"Saved: {m.value_in_words}{place}, {_at(m)}",
        form_extra=lambda child: {"kind": kind.value, "unit": unit_of(child)},
    )


def _illness_dates(illness: Illness) -> str:
    end = f" to {illness.ended_on:%-d %B}" if illness.ended_on else ", going on"
    return f"{illness.started_on:%-d %B}{end}"


KINDS: dict[str, EntryKind] = {
    kind.slug: kind
    for kind in (
        EntryKind(
            slug="cluster",
            model=SpasmCluster,
            form=ClusterForm,
            title="Spasms seen",
            echo=lambda c: f"Saved: {c.count_in_words}, {_at(c)}",
        ),
        EntryKind(
            slug="other-seizure",
            model=OtherSeizure,
            form=OtherSeizureForm,
            title="Another kind of seizure",
            echo=lambda s: f"Saved: {s.get_looks_display()}, {_at(s)}",
        ),
        EntryKind(
            slug="illness",
            model=Illness,
            form=IllnessForm,
            title="Illness or fever",
            echo=lambda i: f"Saved: {i}, {_illness_dates(i)}",
            initial=lambda child: {"started_on": child.today()},
        ),
        EntryKind(
            slug="day-total",
            model=DayTotal,
            form=DayTotalForm,
            title="A day's total",
            echo=lambda t: f"Saved: {t}",
            initial=lambda child: {"date": child.today(), "was_observed": "yes"},
        ),
        EntryKind(
            slug="question",
            model=Question,
            form=QuestionForm,
            title="Question for the visit",
            echo=lambda q: f"Saved: {q}",
            initial=lambda child: {"date": child.today()},
        ),
        EntryKind(
            slug="visit",
            model=Visit,
            form=VisitForm,
            title="Visit to the team",
            echo=lambda v: f"Saved: {v}, {_at(v)}",
        ),
        EntryKind(
            slug="eeg",
            model=Eeg,
            form=EegForm,
            title="EEG",
            echo=lambda e: f"Saved: {e}, {e.date:%-d %B %Y}",
            initial=lambda child: {"date": child.today()},
            act=Act.FOLLOW,
        ),
        _measurement(Kind.KETONES_BLOOD),
        _measurement(Kind.KETONES_URINE),
        _measurement(Kind.GLUCOSE, lambda child: child.glucose_unit),
        _measurement(Kind.WEIGHT, lambda child: child.weight_unit),
        _measurement(Kind.LENGTH),
        _measurement(Kind.HEAD),
        _measurement(Kind.TEMPERATURE),
    )
}


def slug_of(record: Record) -> str:
    """The kind that a stored record belongs to."""
    if isinstance(record, Measurement):
        return str(record.kind).replace("_", "-")
    return next(k.slug for k in KINDS.values() if k.model is type(record))
