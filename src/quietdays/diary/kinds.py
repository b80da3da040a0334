"""The kinds of diary entry that one form and one page serve; a new kind is one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

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
from quietdays.words import Text, dated


@dataclass(frozen=True, slots=True)
class EntryKind:
    """How one kind of entry is asked for, stored and said back."""

    slug: str
    model: type[Record]
    form: type[EntryForm]
    title: Text
    echo: Callable[[Any], str]
    form_extra: Callable[[Child], dict[str, Any]] = field(default=lambda child: {})
    initial: Callable[[Child], dict[str, Any]] = field(default=lambda child: {})
    act: Act = Act.LOG  # what somebody must be allowed to do to enter or change it


def _at(record: Any) -> str:
    """The time, and the date as well when that is another day than today."""
    local = record.local_time
    is_today = local.date() == timezone.now().astimezone(local.tzinfo).date()
    return dated(local, "H:i" if is_today else "j F, H:i")


_SAID = {
    Kind.KETONES_BLOOD: gettext_lazy("Saved: %(value)s, blood, %(at)s"),
    Kind.KETONES_URINE: gettext_lazy("Saved: %(value)s, urine strip, %(at)s"),
}


def _measurement(kind: Kind, unit_of: Callable[[Child], str] = lambda child: "") -> EntryKind:
    said = _SAID.get(kind, gettext_lazy("Saved: %(value)s, %(at)s"))
    return EntryKind(
        slug=kind.value.replace("_", "-"),
        model=Measurement,
        form=MeasurementForm,
        title=kind.label,
        echo=lambda m: said % {"value": m.value_in_words, "at": _at(m)},
        form_extra=lambda child: {"kind": kind.value, "unit": unit_of(child)},
    )


def _illness_dates(illness: Illness) -> str:
    start = dated(illness.started_on, "j F")
    if illness.ended_on is None:
        return gettext("%(start)s, going on") % {"start": start}
    end = dated(illness.ended_on, "j F")
    return gettext("%(start)s to %(end)s") % {"start": start, "end": end}


KINDS: dict[str, EntryKind] = {
    kind.slug: kind
    for kind in (
        EntryKind(
            slug="cluster",
            model=SpasmCluster,
            form=ClusterForm,
            title=gettext_lazy("Spasms seen"),
            echo=lambda c: (
                gettext("Saved: %(entry)s, %(at)s") % {"entry": c.count_in_words, "at": _at(c)}
            ),
        ),
        EntryKind(
            slug="other-seizure",
            model=OtherSeizure,
            form=OtherSeizureForm,
            title=gettext_lazy("Another kind of seizure"),
            echo=lambda s: (
                gettext("Saved: %(entry)s, %(at)s") % {"entry": s.get_looks_display(), "at": _at(s)}
            ),
        ),
        EntryKind(
            slug="illness",
            model=Illness,
            form=IllnessForm,
            title=gettext_lazy("Illness or fever"),
            echo=lambda i: (
                gettext("Saved: %(entry)s, %(at)s") % {"entry": i, "at": _illness_dates(i)}
            ),
            initial=lambda child: {"started_on": child.today()},
        ),
        EntryKind(
            slug="day-total",
            model=DayTotal,
            form=DayTotalForm,
            title=gettext_lazy("A day's total"),
            echo=lambda t: gettext("Saved: %(entry)s") % {"entry": t},
            initial=lambda child: {"date": child.today(), "was_observed": "yes"},
        ),
        EntryKind(
            slug="question",
            model=Question,
            form=QuestionForm,
            title=gettext_lazy("Question for the visit"),
            echo=lambda q: gettext("Saved: %(entry)s") % {"entry": q},
            initial=lambda child: {"date": child.today()},
        ),
        EntryKind(
            slug="visit",
            model=Visit,
            form=VisitForm,
            title=gettext_lazy("Visit to the team"),
            echo=lambda v: gettext("Saved: %(entry)s, %(at)s") % {"entry": v, "at": _at(v)},
        ),
        EntryKind(
            slug="eeg",
            model=Eeg,
            form=EegForm,
            title=gettext_lazy("EEG"),
            echo=lambda e: (
                gettext("Saved: %(entry)s, %(at)s") % {"entry": e, "at": dated(e.date, "j F Y")}
            ),
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
