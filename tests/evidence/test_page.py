"""The page of what is known: the map, the filters, the cards, and the card beside the effect."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from quietdays.evidence.library import Strength, library
from quietdays.people.actions import update_child

pytestmark = pytest.mark.django_db


def page(**asked: str) -> str:
    answer = Client().get("/evidence/", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_study_is_an_arrow_that_leads_to_its_card():
    html = page()
    arrows = re.findall(r'<a href="#([\w-]+)" aria-label="([^"]+)"', html)
    assert len(arrows) >= 25
    assert {name for name, _ in arrows} == {s.id for s in library().statements}
    for name, told in arrows:
        statement = library().by_id[name]
        assert str(statement.direction.label) in told
        assert str(statement.strength.label) in told
        assert f'id="{name}"' in html
    for statement in library().statements:
        assert statement.source.address in html


def test_what_comes_from_animals_says_so_on_its_card():
    html = page(strength=Strength.SPASM_ANIMAL.value)
    cards = re.findall(r"<article.*?</article>", html, re.DOTALL)
    assert len(cards) == sum(s.strength is Strength.SPASM_ANIMAL for s in library().statements)
    assert all("In babies: not tested." in card for card in cards)


@pytest.mark.parametrize(
    ("words", "found"),
    [("kiwe", {"kiwe-2023"}), ("antibiotics droppings", {"mu-2022-gut"}), ("zebra", set())],
)
def test_a_search_finds_what_holds_all_its_words(words, found):
    html = page(words=words)
    assert set(re.findall(r'<article class="study" id="([\w-]+)"', html)) == found
    assert ("No study here holds these words." in html) == (not found)


def test_a_strength_that_is_none_shows_nothing_and_breaks_nothing():
    assert "no studies" in page(strength="<script>")


def test_the_effect_stands_beside_what_was_seen_in_other_babies(parent, child):
    update_child(by=parent, child=child, diet_started_on=date(2026, 3, 2), phone="")
    client = Client()
    client.force_login(parent)
    html = client.get(f"/c/{child.pk}/effect/").content.decode()
    beside = html.index("What was seen in other babies")
    assert html.index("The 4-week effect") < beside
    assert "136 infants aged 1 to 24 months" in html[beside:]
