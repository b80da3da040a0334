"""The library: statements about the diet and infantile spasms, checked when they are loaded.

A statement without strength, population, source or date, or one that names what is not there,
stops the server and the build: a wrong card is worse than none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext, gettext_lazy

M = TypeVar("M", bound=models.TextChoices)
_DATA = Path(__file__).parent / "data"


class BadStatement(ValueError):
    """What is wrong with which statement."""


class Strength(models.TextChoices):
    """How much weight a study bears for a baby with spasms; the heaviest first."""

    HUMAN_TRIAL = "human_trial", gettext_lazy("Trial in people")
    HUMAN_SERIES = "human_series", gettext_lazy("Counted in clinics")
    HUMAN_CORRELATION = "human_correlation", gettext_lazy("Seen together in people")
    SPASM_ANIMAL = "spasm_animal", gettext_lazy("Animals with infantile spasms")
    OTHER_ANIMAL = "other_animal", gettext_lazy("Other animals")
    CELL = "cell", gettext_lazy("Cells")

    @property
    def rank(self) -> int:
        """0 for the heaviest."""
        return list(Strength).index(self)

    @property
    def line(self) -> str:
        """How its line on the map is drawn: thickness and dashes tell, colour tells nothing."""
        return f"arrow--{self.value.replace('_', '-')}"


class Direction(models.TextChoices):
    FEWER = "fewer", gettext_lazy("Fewer spasms or seizures")
    SAME = "same", gettext_lazy("No difference")
    MIXED = "mixed", gettext_lazy("Partly, or both ways")
    HARM = "harm", gettext_lazy("Harm")
    CHANGED = "changed", gettext_lazy("Something else changed; seizures were not the question")


class Link(models.TextChoices):
    """What an arrow of the map joins."""

    DIET_SPASMS = "diet-spasms", gettext_lazy("from the diet to spasms")
    DIET_TOPIC = "diet-topic", gettext_lazy("from the diet to this")
    TOPIC_SPASMS = "topic-spasms", gettext_lazy("from this to spasms")


class InBabies(models.TextChoices):
    TESTED = "tested", gettext_lazy("In babies: tested.")
    FEW = "few", gettext_lazy("In babies: few were among them.")
    MEASURED = "measured", gettext_lazy("In babies: measured, not tested as a treatment.")
    NOT_TESTED = "not_tested", gettext_lazy("In babies: not tested.")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a study stands, by the number under which everybody finds it."""

    kind: str
    number: str

    @property
    def address(self) -> str:
        return _SOURCES[self.kind][1] + self.number

    def __str__(self) -> str:
        return f"{_SOURCES[self.kind][0]} {self.number}"


# kind: how it is written, the address before the number, and what a number looks like
_SOURCES: dict[str, tuple[str, str, re.Pattern[str]]] = {
    "doi": ("DOI", "https://doi.org/", re.compile(r"10\.\d{4,9}/\S+")),
    "pmcid": ("", "https://pmc.ncbi.nlm.nih.gov/articles/", re.compile(r"PMC\d{5,9}")),
    "pmid": ("PubMed", "https://pubmed.ncbi.nlm.nih.gov/", re.compile(r"\d{6,9}")),
    "nct": ("ClinicalTrials.gov", "https://clinicaltrials.gov/study/", re.compile(r"NCT\d{8}")),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one study found. `study`, `claim`, `given` and `population` are the English texts of
    the file; the translated ones are properties of their own, made when somebody reads."""

    id: str
    topic: str
    link: Link
    study: str
    claim: str
    direction: Direction
    given: str
    population: str
    strength: Strength
    in_babies: InBabies
    conflicts: frozenset[str]
    source: Source
    reviewed: date

    @property
    def told(self) -> dict[str, str]:
        """The four texts in the reader's language."""
        return {name: gettext(getattr(self, name)) for name in _TEXTS}

    def holds(self, words: str) -> bool:
        """Whether all words of a search stand somewhere in it, in the reader's language."""
        told = self.told
        text = " ".join([*told.values(), str(self.strength.label), str(self.source)]).casefold()
        return all(word in text for word in words.casefold().split())


_TEXTS = ("study", "claim", "given", "population")


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of statements, with what may be said of it and what to keep in mind."""

    id: str
    name: str
    says: str
    mind: str

    @property
    def told(self) -> dict[str, str]:
        return {name: gettext(getattr(self, name)) for name in ("name", "says", "mind")}


@dataclass(frozen=True, slots=True)
class Library:
    topics: tuple[Topic, ...]
    statements: tuple[Statement, ...]
    by_id: Mapping[str, Statement] = field(repr=False)

    def of(self, topic: Topic, among: Iterable[Statement] | None = None) -> list[Statement]:
        """A topic's statements, the heaviest first."""
        found = self.statements if among is None else among
        return sorted((s for s in found if s.topic == topic.id), key=lambda s: s.strength.rank)

    def against(self, statement: Statement) -> list[Statement]:
        """What contradicts it."""
        return [s for s in self.statements if s.id in statement.conflicts]

    def texts(self) -> list[str]:
        """Every text of the files, for the catalogues of the languages."""
        of_topics = [getattr(t, name) for t in self.topics for name in ("name", "says", "mind")]
        return of_topics + [getattr(s, name) for s in self.statements for name in _TEXTS]


@cache
def library() -> Library:
    """The library of this release.

    Raises:
        BadStatement: a statement or topic is incomplete or names something unknown.
    """
    topics = tomllib.loads((_DATA / "topics.toml").read_text())["topic"]
    statements = tomllib.loads((_DATA / "statements.toml").read_text())["statement"]
    return library_from(topics, statements)


def library_from(topics: list[dict[str, Any]], statements: list[dict[str, Any]]) -> Library:
    """Check the tables of the two files and make them a library."""
    made_topics = tuple(_topic(row) for row in topics)
    made = [_statement(row, {t.id for t in made_topics}) for row in statements]
    by_id = {s.id: s for s in made}
    if len(by_id) != len(made) or len({t.id for t in made_topics}) != len(made_topics):
        raise BadStatement("two statements or two topics have the same id")
    _check_conflicts(made, by_id)
    both_ways = tuple(_with_conflicts_of_others(s, made) for s in made)
    return Library(made_topics, both_ways, {s.id: s for s in both_ways})


def _topic(row: dict[str, Any]) -> Topic:
    _need(row, {"id", "name", "says", "mind"})
    return Topic(**row)


def _statement(row: dict[str, Any], topics: set[str]) -> Statement:
    _need(row, {f.name for f in fields(Statement)})
    name = row["id"]
    if row["topic"] not in topics:
        raise BadStatement(f"{name}: there is no topic {row['topic']!r}")
    if type(row["reviewed"]) is not date:
        raise BadStatement(f"{name}: reviewed is a date, such as 2026-11-28")
    made = {
        "link": _member(Link, row["link"], name),
        "direction": _member(Direction, row["direction"], name),
        "strength": _member(Strength, row["strength"], name),
        "in_babies": _member(InBabies, row["in_babies"], name),
        "conflicts": frozenset(row["conflicts"]),
        "source": _source(row["source"], name),
    }
    return Statement(**(row | made))


def _need(row: dict[str, Any], names: set[str]) -> None:
    name = row.get("id", "a row without id")
    for missing in sorted(names - set(row)):
        raise BadStatement(f"{name}: {missing} is missing")
    for unknown in sorted(set(row) - names):
        raise BadStatement(f"{name}: {unknown} is unknown")
    for key, value in row.items():
        if isinstance(value, str) and not value.strip():
            raise BadStatement(f"{name}: {key} is empty")


def _member(kind: type[M], token: str, name: str) -> M:
    try:
        return kind(token)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise BadStatement(f"{name}: {token!r} is none of {known}") from None


def _source(row: dict[str, str], name: str) -> Source:
    if len(row) != 1 or (kind := next(iter(row))) not in _SOURCES:
        raise BadStatement(f"{name}: a source is one of {', '.join(_SOURCES)}")
    if not _SOURCES[kind][2].fullmatch(row[kind]):
        raise BadStatement(f"{name}: {row[kind]!r} is no {kind}")
    return Source(kind, row[kind])


def _check_conflicts(made: list[Statement], by_id: Mapping[str, Statement]) -> None:
    for statement in made:
        for other in statement.conflicts:
            if other == statement.id or other not in by_id:
                raise BadStatement(f"{statement.id}: it cannot contradict {other!r}")


def _with_conflicts_of_others(statement: Statement, made: list[Statement]) -> Statement:
    """Who is contradicted says so too."""
    from_others = {s.id for s in made if statement.id in s.conflicts}
    return replace(statement, conflicts=statement.conflicts | from_others)
