"""What a phone may enter, change and take back, kind by kind; a new kind is one row here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from quietdays.diary.forms import CheckInForm
from quietdays.diary.kinds import KINDS, EntryKind, slug_of
from quietdays.diary.models import (
    MAX_DURATION_S,
    MAX_SPASMS_IN_CLUSTER,
    URINE_GRADES,
    CheckIn,
    Kind,
    Measurement,
    Observation,
    units_of,
)
from quietdays.diet.forms import BreastfeedForm, MealEatenForm
from quietdays.diet.models import MealEaten
from quietdays.medicines.forms import DoseForm
from quietdays.medicines.models import Dose
from quietdays.people.models import Child
from quietdays.records.models import Record
from quietdays.reminders.actions import LONGEST_SNOOZE_MIN
from quietdays.reminders.models import Event
from quietdays.sync import meals, touches, writers
from quietdays.sync.fields import Field, as_json, fields_of
from quietdays.sync.values import name_of
from quietdays.sync.writers import Making
from quietdays.words import Text

Values = dict[str, Any]
ALL = frozenset({"create", "edit", "delete", "undo"})


@dataclass(frozen=True, slots=True)
class SyncKind:
    """How one kind of entry is asked for, made, changed and told."""

    slug: str
    title: Text
    model: type[Record] | None  # None: it makes no entry
    fields: tuple[Field, ...]
    create: Callable[[Making], list[Record]]
    echo: Callable[[Making, list[Any]], str]
    # What somebody has to be told beyond that it is saved.
    notice: Callable[[Making, list[Any]], str] = field(default=lambda making, records: "")
    edit: Callable[[Making, Any], Record] = writers.amended
    actions: frozenset[str] = ALL
    # Where only one can stand: the one that stands already, and what a second one does to it.
    standing: Callable[[Making], Record | None] = field(default=lambda making: None)
    merge: Callable[[Making, Any], Record] = writers.amended
    is_another: Callable[[Making, Any], bool] = field(default=lambda making, standing: False)
    by_itself: frozenset[str] = (
        frozenset()
    )  # fields that a phone sends unasked: they revive nothing
    adding_up: frozenset[str] = frozenset()  # fields of which two versions are no conflict
    only_new: frozenset[str] = frozenset()  # fields that an edit cannot name
    more_values: Callable[[Any], Values] = field(default=lambda record: {})

    def read(self, values: Values, *, action: str) -> Values:
        """Values as the model holds them. Raises ValidationError with each wrong field's name."""
        absent = self.only_new if action == "edit" else frozenset()
        known = {f.name: f for f in self.fields if f.name not in absent}
        wrong: dict[str, list[str]] = {}
        found: Values = {}
        for name, value in values.items():
            try:
                found[name] = _known(known, name).read(value)
            except ValidationError as error:
                wrong |= error.message_dict
        if action == "create":
            missing = [f.name for f in self.fields if f.is_needed and f.name not in values]
            wrong |= {name: [gettext("This is needed.")] for name in missing}
        if wrong:
            raise ValidationError(wrong)
        return found

    def values_of(self, record: Any) -> Values:
        """Every field of a stored entry as it travels."""
        stored = {f.name: as_json(getattr(record, f.attribute)) for f in self.fields if f.is_column}
        return stored | self.more_values(record)


def _known(fields: dict[str, Field], name: str) -> Field:
    if name not in fields:
        raise ValidationError(
            {name_of(name): [gettext("This field is none of this kind of entry.")]}
        )
    return fields[name]


def kind_of(record: Record) -> SyncKind:
    """The kind that a stored record belongs to."""
    if isinstance(record, Measurement):
        return SYNC_KINDS[slug_of(record)]
    if isinstance(record, MealEaten):
        return SYNC_KINDS["meal" if record.breast_minutes is None else "breastfeed"]
    return next(k for k in SYNC_KINDS.values() if k.model is type(record))


# --- the fields of each kind: the form's words, and what only the model knows


_DRAWN: dict[str, tuple[Field, ...]] = {
    "cluster": (
        *fields_of(
            KINDS["cluster"].model, KINDS["cluster"].form,
            "happened_at", "spasm_count", "count_kind", "duration_s", "state_at_onset", "pattern",
            "certainty", "note", "is_open",
            spasm_count={"max": MAX_SPASMS_IN_CLUSTER}, duration_s={"max": MAX_DURATION_S},
        ),
        Field("touches", "apart", gettext_lazy("Touches"), is_drawn=False, reader=touches.read_touches),
    ),
    "other-seizure": fields_of(
        KINDS["other-seizure"].model, KINDS["other-seizure"].form,
        "happened_at", "looks", "duration_s", "rescue_given", "note",
        duration_s={"max": MAX_DURATION_S},
    ),
    "illness": fields_of(
        KINDS["illness"].model, KINDS["illness"].form, "started_on", "ended_on", "fever", "what"
    ),
    "day-total": fields_of(
        KINDS["day-total"].model, KINDS["day-total"].form,
        "date", "was_observed", "clusters", "spasms", "hours_watched", "adherence_percent", "note",
    ),
    "question": fields_of(
        KINDS["question"].model, KINDS["question"].form, "date", "text", "answer"
    ),
}  # fmt: skip


def _measured(kind: EntryKind) -> tuple[Field, ...]:
    grades = tuple((str(grade), label) for grade, label in URINE_GRADES.items())
    units = units_of(slug_to_kind(kind.slug))  # of several units, none is taken for granted
    value: dict[str, Any] = {}
    if kind.slug == "ketones-urine":
        value = {"type": "grade", "choices": grades, "label": gettext_lazy("Strip colour")}
    return fields_of(
        Measurement, kind.form, "happened_at", "value", "unit", "note",
        value=value,
        unit={
            "choices": tuple((u, u) for u in units),
            "is_drawn": False,
            "is_needed": len(units) > 1,
        },
    )  # fmt: skip


def slug_to_kind(slug: str) -> str:
    return Kind(slug.replace("-", "_")).value


_OBSERVED = fields_of(
    Observation, None, "date", "part", "watch", "until_at",
    date={"label": gettext_lazy("Day")}, part={"label": gettext_lazy("Part of the day")},
    watch={"label": gettext_lazy("How it was watched")}, until_at={"label": gettext_lazy("Until"), "required": False},
)  # fmt: skip
_CHECKED = fields_of(
    CheckIn, CheckInForm,
    "date", "alertness", "feeding", "behaviour", "sleep_hours", "night_wakings", "woke_at", "stress",
    "unwell", "note",
    date={"label": gettext_lazy("Day"), "required": True},
)  # fmt: skip
_EATEN = (
    *fields_of(
        MealEaten, MealEatenForm,
        "happened_at", "name", "vomited", "reasons", "off_plan", "is_mixed", "offered_ml",
        "delivered_ml",
        name={"is_needed": False, "required": False, "label": gettext_lazy("What it was")},
        offered_ml={"min": 0, "unit": "mL", "label": gettext_lazy("Offered")},
        delivered_ml={"min": 0, "unit": "mL"},
    ),
    Field("planned", "id", gettext_lazy("Planned meal"), may_be_null=True, is_drawn=False, column="planned_id"),
    Field("served", "apart", gettext_lazy("Foods"), is_drawn=False, is_column=False, reader=meals.read_served),
    Field("lefts", "apart", gettext_lazy("Left over"), is_drawn=False, is_column=False, reader=meals.read_lefts),
)  # fmt: skip
_AT_THE_BREAST = (
    *fields_of(
        MealEaten, BreastfeedForm, "happened_at", "breast_minutes",
        breast_minutes={"is_needed": True, "may_be_null": False},
    ),
    Field("breast_ml", "number", gettext_lazy("Volume, estimated (leave empty if nobody can say)"),
          may_be_null=True, is_column=False, unit="mL", min=1, max=500, places=2),
    *fields_of(MealEaten, BreastfeedForm, "vomited", "reasons"),
)  # fmt: skip
_GIVEN = fields_of(
    Dose, DoseForm, "medicine", "happened_at", "outcome", "amount", "vomited_after", "reason",
    medicine={"label": gettext_lazy("Medicine"), "required": True},
)  # fmt: skip
_STAY = (
    Field("since", "time", gettext_lazy("Since"), required=True, is_needed=True, is_column=False),
    Field("time_zone", "text", gettext_lazy("Time zone"), required=True, is_needed=True, is_column=False,
          longest=64),
)  # fmt: skip
_ANSWERED = (
    Field("key", "text", gettext_lazy("Reminder"), is_needed=True, is_drawn=False, is_column=False, longest=80),
    Field("what", "choice", gettext_lazy("Answer"), is_needed=True, is_drawn=False, is_column=False,
          choices=((Event.What.SEEN, gettext_lazy("seen to")), (Event.What.SNOOZED, gettext_lazy("put off")))),
    Field("minutes", "whole", gettext_lazy("For"), may_be_null=True, is_drawn=False, is_column=False,
          unit="min", min=1, max=LONGEST_SNOOZE_MIN),
)  # fmt: skip


def _of_the_diary(kind: EntryKind) -> SyncKind:
    """A kind that one form and one page serve as well."""
    drawn = _DRAWN.get(kind.slug) or _measured(kind)
    fixed: dict[str, str] = {}
    if kind.model is Measurement:
        fixed["kind"] = slug_to_kind(kind.slug)
        units = units_of(fixed["kind"])
        fixed |= {"unit": units[0]} if len(units) == 1 else {}
    return SyncKind(
        slug=kind.slug,
        title=kind.title,
        model=kind.model,
        fields=drawn,
        create=writers.entered(kind.model, **fixed),
        echo=lambda making, records: kind.echo(records[0]),
    )


# Two that merge, below; and what is written down at a desk and not at night.
_OTHERWISE = frozenset({"cluster", "day-total", "visit", "eeg"})

SYNC_KINDS: dict[str, SyncKind] = {
    kind.slug: kind
    for kind in (
        *(_of_the_diary(k) for k in KINDS.values() if k.slug not in _OTHERWISE),
        replace(
            _of_the_diary(KINDS["cluster"]),
            create=touches.counted,
            edit=touches.counted_on,
            adding_up=touches.COUNTED,
            by_itself=touches.ENDING,
        ),
        replace(
            _of_the_diary(KINDS["day-total"]),
            create=writers.totalled,
            edit=writers.changed_total,
            standing=writers.total_standing,
            merge=writers.totalled_again,
        ),
        SyncKind(
            slug="observation",
            title=gettext_lazy("How the day was watched"),
            model=Observation,
            fields=_OBSERVED,
            create=writers.observed,
            edit=writers.changed_observation,
            echo=writers.observation_echo,
            standing=writers.observation_standing,
            merge=writers.observed_again,
        ),
        SyncKind(
            slug="watched-so-far",
            title=gettext_lazy("Nothing seen, we were watching"),
            model=None,
            fields=(
                Field("happened_at", "time", gettext_lazy("When"), required=True, is_needed=True),
            ),
            create=writers.watched_so_far,
            echo=writers.watched_echo,
            actions=frozenset({"create", "undo"}),
        ),
        SyncKind(
            slug="check-in",
            title=gettext_lazy("Check-in"),
            model=CheckIn,
            fields=_CHECKED,
            create=writers.checked_in,
            echo=writers.check_in_echo,
            standing=writers.check_in_standing,
            merge=writers.check_in_added_to,
        ),
        SyncKind(
            slug="meal",
            title=gettext_lazy("Eaten"),
            model=MealEaten,
            fields=_EATEN,
            create=meals.ate,
            edit=meals.changed_meal,
            echo=writers.timed_echo,
            standing=meals.logged_already,
            merge=meals.logged_again,
            is_another=meals.has_other_foods,
            only_new=frozenset({"planned", "served"}),
            more_values=meals.served_of,
        ),
        SyncKind(
            slug="breastfeed",
            title=gettext_lazy("Breastfeed"),
            model=MealEaten,
            fields=_AT_THE_BREAST,
            create=meals.fed_at_the_breast,
            edit=meals.changed_breastfeed,
            echo=writers.timed_echo,
            more_values=meals.milk_of,
        ),
        SyncKind(
            slug="dose",
            title=gettext_lazy("Dose"),
            model=Dose,
            fields=_GIVEN,
            create=writers.given,
            edit=writers.changed_dose,
            echo=writers.timed_echo,
            notice=writers.dose_beside,
        ),
        SyncKind(
            slug="stay",
            title=gettext_lazy("Journey"),
            model=None,
            fields=_STAY,
            create=writers.travelled,
            echo=writers.travel_echo,
            actions=frozenset({"create"}),
        ),
        SyncKind(
            slug="reminder-answer",
            title=gettext_lazy("Reminder"),
            model=None,
            fields=_ANSWERED,
            create=writers.answered,
            echo=writers.answered_echo,
            actions=frozenset({"create"}),
        ),
    )
}


def fixed_unit(slug: str, child: Child) -> str:
    """The unit in which this child's readings of a kind are taken; empty for other kinds."""
    kind = SYNC_KINDS[slug]
    if kind.model is not Measurement:
        return ""
    chosen = {"glucose": child.glucose_unit, "weight": child.weight_unit}
    return chosen.get(slug) or units_of(slug_to_kind(slug))[0]
