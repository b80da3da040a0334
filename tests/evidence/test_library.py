"""Every statement is whole, and one that is not stops the build."""

from __future__ import annotations

import copy
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from quietdays.evidence import library as module
from quietdays.evidence.library import (
    BadStatement,
    InBabies,
    Link,
    Strength,
    library,
    library_from,
)

DATA = Path(module.__file__).parent / "data"
TOPICS = tomllib.loads((DATA / "topics.toml").read_text())["topic"]
STATEMENTS = tomllib.loads((DATA / "statements.toml").read_text())["statement"]


def test_the_library_loads_and_holds_the_studies_of_every_topic():
    known = library()
    assert len(known.statements) >= 25
    assert {t.id for t in known.topics} == {s.topic for s in known.statements}
    mechanisms = {"gut", "inflammation", "oxygen", "messengers", "mitochondria", "tryptophan"}
    assert mechanisms <= {t.id for t in known.topics}
    assert [t.id for t in known.topics][:2] == ["trials", "series"]  # people before animals
    assert known.of(known.topics[0])[0].id == "kiwe-2023"  # and the only large trial first


@pytest.mark.parametrize("name", sorted(STATEMENTS[0]))
def test_a_statement_without_a_field_stops_the_build(name):
    rows = copy.deepcopy(STATEMENTS)
    del rows[3][name]
    with pytest.raises(BadStatement, match=f"{name} is missing"):
        library_from(TOPICS, rows)


WRONG: list[tuple[str, Any, str]] = [
    ("population", " ", "population is empty"),
    ("strength", "certain", "'certain' is none of"),
    ("direction", "helps", "'helps' is none of"),
    ("link", "diet", "'diet' is none of"),
    ("in_babies", "yes", "'yes' is none of"),
    ("topic", "magic", "no topic 'magic'"),
    ("reviewed", "yesterday", "reviewed is a date"),
    ("conflicts", ["nobody-1999"], "cannot contradict 'nobody-1999'"),
    ("conflicts", ["zhang-2021"], "cannot contradict 'zhang-2021'"),
    ("source", {}, "a source is one of"),
    ("source", {"doi": "10.1/x", "pmcid": "PMC8883001"}, "a source is one of"),
    ("source", {"blog": "https://example.org"}, "a source is one of"),
    ("source", {"doi": "doi.org/10.1111/x"}, "is no doi"),
    ("source", {"pmcid": "8883001"}, "is no pmcid"),
]


@pytest.mark.parametrize(("name", "value", "told"), WRONG)
def test_a_wrong_field_is_named(name, value, told):
    rows = copy.deepcopy(STATEMENTS)
    row = next(r for r in rows if r["id"] == "zhang-2021")
    row[name] = value
    with pytest.raises(BadStatement, match=re.escape(told)):
        library_from(TOPICS, rows)


def test_an_unknown_field_and_a_second_id_are_refused():
    with pytest.raises(BadStatement, match="colour is unknown"):
        library_from(TOPICS, [*STATEMENTS, STATEMENTS[0] | {"id": "new", "colour": "red"}])
    with pytest.raises(BadStatement, match="the same id"):
        library_from(TOPICS, [*STATEMENTS, STATEMENTS[0]])


def test_who_is_contradicted_says_so_too():
    known = library()
    for statement in known.statements:
        for other in known.against(statement):
            assert statement in known.against(other)
    antibiotics = known.by_id["mu-2022-gut"]
    assert {s.id for s in known.against(antibiotics)} >= {"olson-2018", "mu-2022-fibre"}


def test_animals_and_cells_are_never_said_to_be_tested_in_babies():
    for statement in library().statements:
        if statement.strength in (Strength.SPASM_ANIMAL, Strength.OTHER_ANIMAL, Strength.CELL):
            assert statement.in_babies is InBabies.NOT_TESTED
        if statement.link is Link.DIET_SPASMS:
            assert statement.strength in (Strength.HUMAN_TRIAL, Strength.HUMAN_SERIES)


FORBIDDEN = r"\b(cures?|proves?|proven|spasm-free|seizure-free|remission|works|should|safe)\b"


def test_no_text_promises_or_advises():
    for text in library().texts():
        found = re.search(FORBIDDEN, text, re.IGNORECASE)
        assert not found, text


def test_each_was_read_and_not_in_the_future():
    for statement in library().statements:
        assert date(2026, 1, 1) <= statement.reviewed <= date.today()
