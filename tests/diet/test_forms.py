"""The forms of the diet: a label as it is printed, and what was left over."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diet.forms import FoodForm, MealEatenForm, PrescriptionForm, read_rows
from quietdays.diet.models import Food, FoodComposition
from tests import house


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def label(**changes: str) -> FoodForm:
    data = {
        "id": str(house.new_id()),
        "name": "Powder",
        "per_unit": "g",
        "per_amount": "100",
        "fat_g": "69,2",
        "protein_g": "14,4",
        "carbohydrate_g": "2,9",
        "carbohydrate_basis": "available",
    } | changes
    return FoodForm(data, zone=house.BERLIN)


def test_a_label_per_hundred_is_stored_as_printed():
    form = label()
    assert form.is_valid(), form.errors
    assert form.composition()["fat_g"] == Decimal("69.2")
    assert form.composition()["fibre_g"] is None
    assert form.composition()["energy_kcal"] is None


def test_a_label_per_serving_is_brought_to_a_hundred():
    """Peer defect 1: a recipe was multiplied without dividing by its servings."""
    form = label(per_amount="30", fat_g="20.76", protein_g="4.32", carbohydrate_g="0.87")
    assert form.is_valid(), form.errors
    found = form.composition()
    assert [found[n] for n in ("fat_g", "protein_g", "carbohydrate_g")] == [
        Decimal("69.20"),
        Decimal("14.40"),
        Decimal("2.90"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fat_g": "92"}, "carbohydrate_g"),
        ({"fat_g": ""}, "fat_g"),
        ({"fat_g": "-1"}, "fat_g"),
        ({"fat_g": "1.234,5"}, "fat_g"),
        ({"carbohydrate_basis": ""}, "carbohydrate_basis"),
        ({"carbohydrate_basis": "net"}, "carbohydrate_basis"),
        ({"per_amount": "0"}, "per_amount"),
        ({"per_amount": "1" + "0" * 60}, "per_amount"),
        ({"per_unit": "oz"}, "per_unit"),
        ({"name": ""}, "name"),
        ({"fibre_g": "1" + "0" * 60}, "fibre_g"),
        ({"energy_kcal": "1" + "0" * 60}, "energy_kcal"),
        ({"energy_kcal": "70"}, "energy_kcal"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_what_is_wrong_with_a_label_is_named_at_its_field(changes, field):
    assert field in label(**changes).errors


def test_a_pure_oil_of_a_little_over_a_hundred_is_a_label():
    """Peer defect 7."""
    oil = label(fat_g="100,09", protein_g="0", carbohydrate_g="0")
    assert oil.is_valid(), oil.errors


def test_kcal_that_do_not_fit_are_asked_about_and_then_accepted():
    asked = label(energy_kcal="500")
    assert "The grams make 692 kcal, the label says 500" in asked.errors["energy_kcal"][0]
    assert label(energy_kcal="500", label_is_right="on").is_valid()
    assert label(energy_kcal="705", fibre_g="5.3").is_valid()


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_a_label_or_one_with_errors(fat, amount, energy):
    form = label(fat_g=fat, per_amount=amount, energy_kcal=energy)
    if form.is_valid():
        assert form.composition()["fat_g"] >= 0


# --- what was eaten

ITEMS = [("Cream", Decimal(97), "g", Decimal(0)), ("Egg", Decimal(43), "g", Decimal(0))]


def eaten(items=ITEMS, initial=None, **changes: str) -> MealEatenForm:
    data = {"id": str(house.new_id()), "happened_at": "2026-06-10T08:00", "vomited": "no"}
    return MealEatenForm(data | changes, zone=house.BERLIN, items=items, initial=initial or {})


@pytest.mark.parametrize(
    ("changes", "lefts"),
    [
        ({}, ["0", "0"]),
        ({"left-0": "30"}, ["30", "0"]),
        ({"left-0": "97", "left-1": "0,5"}, ["97", "0.5"]),
        ({"is_mixed": "on", "share_left_percent": "40"}, ["38.80", "17.20"]),
        ({"is_mixed": "on", "share_left_percent": "100"}, ["97", "43"]),
        ({"is_mixed": "on"}, ["0", "0"]),
    ],
    ids=["all eaten", "one food", "both", "40 % of a mixture", "all left", "mixed and all eaten"],
)
def test_what_was_left_of_each_food(changes, lefts):
    form = eaten(**changes)
    assert form.is_valid(), form.errors
    assert form.lefts() == [Decimal(x) for x in lefts]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"left-0": "98"}, "left-0"),
        ({"left-1": "-1"}, "left-1"),
        ({"left-0": "x"}, "left-0"),
        ({"is_mixed": "on", "share_left_percent": "101"}, "share_left_percent"),
        ({"is_mixed": "on", "left-0": "30"}, "share_left_percent"),
        ({"share_left_percent": "40"}, "is_mixed"),
        ({"happened_at": "2026-06-10T13:00"}, "happened_at"),
        ({"vomited": "maybe"}, "vomited"),
    ],
    ids=[
        "more than there was",
        "less than nothing",
        "no number",
        "more than all",
        "a mixture with grams of one food",
        "a share without a mixture",
        "still to come",
        "another answer",
    ],
)
def test_what_was_typed_and_would_not_count_is_said_and_never_dropped(changes, field):
    assert set(eaten(**changes).errors) == {field}


def test_a_share_that_was_there_before_does_not_stop_a_correction():
    form = eaten(initial={"share_left_percent": "40"}, **{"share_left_percent": "40"})
    assert form.is_valid(), form.errors


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_a_share_never_leaves_more_than_was_offered(share):
    form = eaten(is_mixed="on", share_left_percent=f"{share:f}")
    assert form.is_valid(), form.errors
    for left, (_, offered, _, _) in zip(form.lefts(), ITEMS, strict=True):
        assert 0 <= left <= offered


# --- rows of a meal


def rows(*pairs: tuple[str, str]):
    known = FoodComposition(food=Food(name="Cream"))
    cream = house.new_id()
    data = QueryDict(mutable=True)
    for food, amount in pairs:
        data.appendlist("food", str(cream) if food == "cream" else food)
        data.appendlist("amount", amount)
    return read_rows(data, {cream: known})


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12,5", "12.5"), ("5000", "5000"), ("0.1", "0.1"), ("0", None), ("-1", None),
     ("5000.1", None), ("", None), ("1 2", None), ("x", None), ("9" * 60, None)],
)  # fmt: skip
def test_an_amount_is_understood_or_comes_back_as_it_was_typed(text, amount):
    (row,) = rows(("cream", text))
    assert row.amount == (None if amount is None else Decimal(amount))
    assert row.amount_text == text
    assert bool(row.error) is (amount is None)


def test_a_row_of_an_unknown_food_is_not_taken_for_another():
    found = rows(("nothing", "5"), (str(house.new_id()), "6"), ("cream", "7"))
    assert [r.amount for r in found] == [Decimal(7)]


def test_a_prescription_starts_from_the_proposed_tolerances():
    form = PrescriptionForm(zone=house.BERLIN)
    assert form.initial["ratio_under_percent"] == "10"
    assert form.initial["carbohydrate_over_g"] == "0.3"
