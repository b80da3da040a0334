"""The dietitian's day: what is to be looked at in the diets of many children, none of it judged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery

from quietdays.clinic.queries import Row, rows_of
from quietdays.clinic.reasons import Reason, Why
from quietdays.diet.models import Food, FoodComposition, LabelCheck
from quietdays.people.models import CareRole, Child, Person
from quietdays.people.queries import children_of

# What of a child's reasons concerns the diet.
_OF_DIET = frozenset({Why.READING, Why.MESSAGE, Why.WEIGHT, Why.PRESCRIPTION, Why.QUESTION})


@dataclass(frozen=True, slots=True)
class DietRow:
    """One child: its reasons, its foods to compare with their labels, and its intake."""

    row: Row
    foods: list[Food]

    @property
    def child(self) -> Child:
        return self.row.child

    @property
    def reasons(self) -> list[Reason]:
        return [r for r in self.row.reasons if r.why in _OF_DIET]

    @property
    def days_in_force(self) -> int | None:
        targets = self.row.facts.targets
        return None if targets is None else (self.row.today - targets.effective_from).days


def is_dietitian(person: Person) -> bool:
    return bool(_roles(person).exists())


def _roles(person: Person) -> Any:
    return person.care_roles.filter(role=CareRole.Role.DIETITIAN).live()


def dietitians_day(person: Person, now: datetime) -> list[DietRow]:
    """Children with something to look at first, then the others; by name within both."""
    children = children_of(person).filter(pk__in=_roles(person).values("child"))
    foods = foods_to_verify(children.order_by().values("family"))
    rows = [DietRow(row, foods.get(row.child.family_id, [])) for row in rows_of(children, now)]
    return sorted(rows, key=lambda r: not (r.reasons or r.foods))


def foods_to_verify(families: Any) -> dict[UUID, list[Food]]:
    """Each family's own foods whose newest version nobody of it has compared with the label."""
    newest = FoodComposition.objects.filter(food=OuterRef("pk")).order_by("-version").values("pk")
    foods = Food.objects.live().filter(family__in=families).annotate(newest=Subquery(newest[:1]))
    checks = LabelCheck.objects.filter(family=OuterRef("family"), composition=OuterRef("newest"))
    found: dict[UUID, list[Food]] = defaultdict(list)
    for food in foods.exclude(Exists(checks)).order_by("name"):
        found[food.family_id].append(food)
    return found
