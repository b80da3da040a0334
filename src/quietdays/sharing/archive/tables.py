"""What an archive holds: each table, and which of its rows are this child's.

What is bound to this server stays out: passwords, sign-ins, links, tokens, calendars, ways to
reach a person, and what was delivered by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Field, ForeignKey, Model, QuerySet

from quietdays.clinic.models import Limits, Message, MessageMark
from quietdays.diary.models import (
    CheckIn,
    Clip,
    DayTotal,
    Eeg,
    Illness,
    Measurement,
    Observation,
    OtherSeizure,
    Question,
    SpasmCluster,
    Visit,
)
from quietdays.diet.models import (
    Acknowledgement,
    ChecklistItem,
    EatenItem,
    FavouriteFood,
    Food,
    FoodComposition,
    FoodMeasure,
    LabelCheck,
    MealEaten,
    PlannedItem,
    PlannedMeal,
    Prescription,
    Recipe,
    RecipeItem,
    RecipePhoto,
)
from quietdays.emergency.models import EmergencyCard
from quietdays.insights.models import Baseline, Issued
from quietdays.medicines.models import Dose, Medicine, Schedule, Supply
from quietdays.people.models import CareRole, Child, Family, Person, Stay
from quietdays.reminders.models import Rules, Turn

CHUNK = 1000
# Of an account only who it was; passwords and preferences stay where they are.
PERSON_FIELDS = ("id", "email", "name")
HISTORY_FIELDS = ("history_date", "history_type", "history_change_reason", "history_user")
# Foods of a table are in every house under another id: within an archive they have this one.
_SHARED = UUID("6f9d2c1e-6f0b-5f57-9c3c-0d6a5c8f4b21")


@dataclass(frozen=True, slots=True)
class Table:
    """One model's rows. `path` leads from it to the child, or to the family where `of_family`."""

    model: type[Model]
    path: str = "child"
    of_family: bool = False
    left_out: frozenset[str] = frozenset()  # fields that are bound to this server

    @property
    def name(self) -> str:
        return self.model._meta.label_lower

    @property
    def history(self) -> type[Model] | None:
        manager = getattr(self.model, "history", None)
        return None if manager is None else manager.model

    def fields(self) -> list[Field[Any, Any]]:
        found = self.model._meta.concrete_fields
        if self.model is Person:
            return [f for f in found if f.name in PERSON_FIELDS]
        kept = [f for f in found if f.name not in self.left_out]
        return [f for f in kept if f.get_internal_type() != "BinaryField"]

    def history_fields(self) -> list[Field[Any, Any]]:
        found = {f.name: f for f in self._past()._meta.concrete_fields}
        own = [found[f.name] for f in self.fields()]
        return own + [found[name] for name in HISTORY_FIELDS]

    def rows(self, child: Child) -> QuerySet[Any]:
        rows = self._of(self.model, child).order_by("pk")
        # Who came by a clinic of this server is nobody on another one.
        return rows.filter(link__isnull=True) if self.model is CareRole else rows

    def versions(self, child: Child) -> QuerySet[Any]:
        return self._of(self._past(), child).order_by("id", "history_date", "history_id")

    def _past(self) -> type[Model]:
        if self.history is None:
            raise LookupError(f"{self.name} keeps no versions")
        return self.history

    def _of(self, model: type[Model], child: Child) -> QuerySet[Any]:
        whose = child.family_id if self.of_family else child.pk
        return model._default_manager.filter(**{self.path: whose})


# What is pointed at stands before what points at it, for people who read the file.
TABLES: tuple[Table, ...] = (
    Table(Person),
    Table(Family, "id", of_family=True),
    Table(Child, "id"),
    Table(Stay),
    Table(CareRole, left_out=frozenset({"link"})),
    Table(Food),
    Table(FoodComposition),
    Table(FoodMeasure),
    Table(LabelCheck, "family", of_family=True),
    Table(FavouriteFood, "family", of_family=True),
    Table(Prescription),
    Table(Acknowledgement, "prescription__child"),
    Table(ChecklistItem),
    Table(Recipe),
    Table(RecipeItem, "recipe__child"),
    Table(RecipePhoto, "recipe__child"),
    Table(PlannedMeal),
    Table(PlannedItem, "meal__child"),
    Table(MealEaten),
    Table(EatenItem, "meal__child"),
    Table(SpasmCluster),
    Table(Clip),
    Table(OtherSeizure),
    Table(Observation),
    Table(DayTotal),
    Table(Question),
    Table(Visit),
    Table(CheckIn),
    Table(Illness),
    Table(Eeg),
    Table(Measurement),
    Table(Medicine),
    Table(Schedule),
    Table(Dose),
    Table(Supply),
    Table(EmergencyCard),
    Table(Limits),
    Table(Message),
    Table(MessageMark, "message__child"),
    Table(Baseline),
    Table(Issued),
    Table(Rules),
    Table(Turn),
)
BY_NAME = {table.name: table for table in TABLES}
FOODS = frozenset({Food, FoodComposition, FoodMeasure})


def pointers(fields: list[Field[Any, Any]]) -> list[ForeignKey[Any, Any]]:
    return [f for f in fields if isinstance(f, ForeignKey)]


def target(field: ForeignKey[Any, Any]) -> str:
    """The name of the table that a field points at."""
    return str(field.related_model._meta.label_lower)


# --- foods: the family's own, and those of the tables that it used


@dataclass(frozen=True, slots=True)
class Foods:
    """The foods of an archive, and the ids that foods of the tables have in it."""

    ids: frozenset[UUID]
    shared: dict[UUID, UUID]  # a food's or composition's id here: in the archive

    def name_of(self, key: Any) -> Any:
        return self.shared.get(key, key)


def foods_of(child: Child) -> Foods:
    """Every food of the family, and every other one that the child's records point at."""
    compositions = _pointed_at(FoodComposition, child)
    foods = set(Food.objects.filter(family_id=child.family_id).values_list("pk", flat=True))
    foods |= _distinct(FavouriteFood.objects.filter(family_id=child.family_id), "food_id")
    for some in parts(compositions):
        foods |= set(FoodComposition.objects.filter(pk__in=some).values_list("food_id", flat=True))
    shared: dict[UUID, UUID] = {}
    for some in parts(foods):
        for food in Food.objects.filter(pk__in=some, family__isnull=True):
            shared[food.pk] = uuid5(_SHARED, food.source_key or str(food.pk))
            for composition in food.compositions.all():
                name = f"{shared[food.pk]}|{composition.version}"
                shared[composition.pk] = uuid5(_SHARED, name)
    return Foods(frozenset(foods), shared)


def _pointed_at(wanted: type[Model], child: Child) -> set[UUID]:
    """The ids of one model that any row or version of the child points at."""
    found: set[UUID] = set()
    for table in TABLES:
        for model, rows in _both(table, child):
            for field in pointers(list(model._meta.concrete_fields)):
                if field.related_model is wanted:
                    found |= _distinct(rows, field.attname)
    return found


def _both(table: Table, child: Child) -> Iterator[tuple[type[Model], QuerySet[Any]]]:
    if table.model in FOODS or table.model is Person:
        return
    yield table.model, table.rows(child)
    if table.history is not None:
        yield table.history, table.versions(child)


def _distinct(rows: QuerySet[Any], name: str) -> set[UUID]:
    found = rows.order_by().values_list(name, flat=True).distinct()
    return {key for key in found.iterator(chunk_size=CHUNK) if key is not None}


def parts(ids: Iterable[UUID], size: int = 500) -> Iterator[list[UUID]]:
    """Ids in portions that fit into one question to the database."""
    every = sorted(ids)
    for start in range(0, len(every), size):
        yield every[start : start + size]


def food_rows(model: type[Model], foods: Foods) -> list[Any]:
    """Foods, compositions or measures, in the order of their ids in the archive."""
    path = "pk" if model is Food else "food_id"
    found: list[Any] = []
    for some in parts(foods.ids):
        found += model._default_manager.filter(**{f"{path}__in": some})
    if model is FoodMeasure:  # those of a table are in every house already
        found = [row for row in found if row.food_id not in foods.shared]
    return sorted(found, key=lambda row: foods.name_of(row.pk))


def people_of(child: Child) -> list[Person]:
    """Everybody whose name stands at something of this child."""
    ids = _pointed_at(Person, child)
    own = FoodComposition.objects.filter(food__family_id=child.family_id)
    ids |= _distinct(own, "entered_by_id")
    return list(Person.objects.filter(pk__in=ids).order_by("pk"))
