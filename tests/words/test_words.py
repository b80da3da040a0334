"""Numbers, dates and amounts in each language: the value is never another one."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from quietdays import words
from quietdays.science import language

DIGITS = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
CODES = [code for code, _ in words.LANGUAGES]


@given(st.decimals(min_value="-9999", max_value="9999", places=3), st.sampled_from(CODES))
def test_a_number_is_the_same_number_in_every_language(value, code):
    with translation.override(code):
        for told in (words.decimal(value, 2), words.plain(round(value, 2)), words.grams(value)):
            assert DIGITS.fullmatch(told), told
            assert abs(float(told.replace(",", ".")) - float(value)) <= 0.0051
        assert words.decimal(1234.5, 1) in ("1234.5", "1234,5")


@pytest.mark.parametrize(
    ("code", "mark", "day"),
    [
        ("en", ".", "3 March 2026"), ("de", ",", "3. März 2026"), ("es", ",", "3 de marzo de 2026"),
        ("fr", ",", "3 mars 2026"), ("pt", ",", "3 de março de 2026"), ("ar", ",", "3 مارس 2026"),
        ("hi", ".", "3 मार्च 2026"),
    ],
)  # fmt: skip
def test_marks_and_dates_are_those_of_the_language(code, mark, day):
    with translation.override(code):
        assert words.decimal("0.5", 1) == f"0{mark}5"
        assert words.dated(date(2026, 3, 3), "j F Y").lower() == day.lower()
        assert language.localized("0.5") == f"0{mark}5"


def test_a_noun_that_stands_in_no_table_is_a_fault_and_not_english():
    with pytest.raises(KeyError):
        words.counted(3, "unicorn")


@pytest.mark.parametrize("number", [0, 1, 2, 3, 11, 100, 101, 12345])
@pytest.mark.parametrize("code", CODES)
def test_what_is_counted_keeps_its_number(code, number):
    """Arabic has a form for one and for two in which the number is the word itself."""
    with translation.override(code):
        told = words.counted(number, "watched day")
        digits = re.sub(r"\D", "", told)
        assert digits == str(number) or (digits == "" and number in (0, 1, 2))


LRI, PDI = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("20,0 g", f"{LRI}20,0 g{PDI}"),
        ("قبل 6 h 39 min", f"قبل {LRI}6 h 39 min{PDI}"),
        ("700 kcal، 13,5 g", f"{LRI}700 kcal{PDI}، {LRI}13,5 g{PDI}"),
        ("%(amount)s mL", f"{LRI}%(amount)s mL{PDI}"),
        ("3,2 mmol/L", f"{LRI}3,2 mmol/L{PDI}"),
        ("88 %: 14 من 16", "88 %: 14 من 16"),
        ("12 gatos", "12 gatos"),
    ],
)
def test_a_number_and_its_unit_stay_together_from_right_to_left(text, kept):
    assert words.keep_amounts(text) == kept


def test_in_a_page_only_what_it_says_is_touched():
    page = (
        '<input value="20 g"><p data-x="3 kg">20 g</p>'
        '<textarea>2.5 mg\n20 g</textarea> 5 mL<script>const a = "3 g";</script><style>a{}</style>'
    )
    kept = page.replace(">20 g</p>", f">{LRI}20 g{PDI}</p>").replace(" 5 mL<", f" {LRI}5 mL{PDI}<")
    assert words.keep_amounts_of_page(page) == kept
    assert words.keep_amounts_of_page(kept) == kept  # once is enough


@pytest.mark.django_db
def test_an_arabic_page_keeps_its_amounts_together(client, parent, child):
    from tests import house

    cream = house.food(parent, child)
    house.plan(parent, child, f"{child.today()} 08:00", (cream, 20))
    type(parent).objects.filter(pk=parent.pk).update(language="ar")
    client.force_login(parent)
    html = client.get(f"/c/{child.pk}/plan/{child.today()}/").content.decode()
    assert f"{LRI}20,0 g{PDI}" in html
