"""Finding a food by what somebody types: the one way in to the table of foods.

Names of the common table are indexed in this process and indexed anew when the table changes;
a family's own foods are few and are read each time, so that nobody else's can be among them.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet, Sum, TextField
from django.db.models.functions import Cast, Length

from quietdays.diet.food_index import Fit, FoodIndex, Hit
from quietdays.diet.food_queries import Liked, liked_by
from quietdays.diet.models import Food
from quietdays.diet.queries import foods_for
from quietdays.diet.starter import starter_keys
from quietdays.people.models import Child

# The family's own foods come first, then those of a ketogenic kitchen, then imported ones.
OWN, STARTER, IMPORTED = range(3)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the order of hits needs to know of a food."""

    name: str
    tier: int


@dataclass(frozen=True, slots=True)
class _Catalogue:
    index: FoodIndex[UUID]
    foods: dict[UUID, _Known]


_common: tuple[object, _Catalogue] | None = None


def search_foods(child: Child, text: str, *, limit: int = 20) -> list[Food]:
    """Foods that fit the text, the most likely one first; without a text, those in use."""
    liked = liked_by(child)
    catalogues = (_catalogue(_own_foods(child)), _common_catalogue())
    foods = ChainMap(*(catalogue.foods for catalogue in catalogues))
    indexes = [catalogue.index for catalogue in catalogues]
    if text.strip():
        found = _hits(indexes, foods, text)
        keys = nsmallest(limit, found, key=lambda key: _rank(found[key], foods[key], liked, key))
    else:
        keys = nsmallest(limit, foods, key=lambda key: _rank_unasked(key, foods[key], liked))
    rows = {food.pk: food for food in foods_for(child).filter(pk__in=keys)}
    return [rows[key] for key in keys if key in rows]


def _hits(
    indexes: Iterable[FoodIndex[UUID]], foods: Mapping[UUID, _Known], text: str
) -> dict[UUID, Hit]:
    """As typed; and near misses where nothing but imported foods fits as typed.

    A foreign table may hold the very spelling that here is a slip, such as “brocoli”.
    """
    hits = {key: hit for index in indexes for key, hit in index.real(text).items()}
    if all(foods[key].tier == IMPORTED for key in hits):
        for index in indexes:
            for key, hit in index.near(text).items():
                hits.setdefault(key, hit)
    return hits


def _rank(hit: Hit, known: _Known, liked: Liked, key: UUID) -> tuple[Any, ...]:
    """Real hits before near misses; then what this family uses; then how well it fits."""
    return (
        hit.fit is Fit.NEAR,
        hit.slips,
        key not in liked.favourites,
        -liked.times_planned.get(key, 0),
        hit.fit,
        known.tier,
        hit.loose,
        not hit.is_head,
        not hit.starts,
        hit.is_other_name,
        len(known.name),
        known.name,
    )


def _rank_unasked(key: UUID, known: _Known, liked: Liked) -> tuple[Any, ...]:
    times = liked.times_planned.get(key, 0)
    return key not in liked.favourites, -times, known.tier, known.name.casefold()


def _own_foods(child: Child) -> QuerySet[Food]:
    return Food.objects.live().filter(family=child.family)


def _common_foods() -> QuerySet[Food]:
    return Food.objects.live().filter(family__isnull=True)


def _common_catalogue() -> _Catalogue:
    """The common table's index, made anew when the table is another than last time."""
    global _common
    # The smallest and largest id are random, so two tables of one size still differ.
    letters = Sum(Length("name") + Length("other_names"))
    key = Cast("id", TextField())  # PostgreSQL has no smallest and largest of ids
    sums = _common_foods().aggregate(
        Count("id"), Max("created_at"), least=Min(key), most=Max(key), letters=letters
    )
    stamp = tuple(sums.values())
    kept = _common
    if kept is None or kept[0] != stamp:
        kept = (stamp, _catalogue(_common_foods()))
        _common = kept
    return kept[1]


def _catalogue(rows: QuerySet[Food]) -> _Catalogue:
    starter = starter_keys()
    foods: dict[UUID, _Known] = {}
    names: list[tuple[UUID, str]] = []
    columns = ("pk", "name", "other_names", "source_key", "family_id")
    for key, name, others, source_key, family in rows.values_list(*columns):
        tier = OWN if family else STARTER if source_key in starter else IMPORTED
        foods[key] = _Known(name, tier)
        names.append((key, name))
        names += [(key, other) for other in others.split(",") if other.strip()]
    return _Catalogue(FoodIndex(names), foods)
