"""Balancing a meal over the API: what it answers holds, and what it cannot do it says."""

from __future__ import annotations

import json
import uuid
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.diet.models import Food
from quietdays.people.models import Family
from quietdays.science.macros import CarbohydrateBasis, Macros
from tests import house

pytestmark = pytest.mark.django_db
AVAILABLE, TOTAL = CarbohydrateBasis.AVAILABLE, CarbohydrateBasis.TOTAL


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


class Larder:
    """Foods of the house, and somebody of the family who asks the API about them."""

    def __init__(self, parent, child) -> None:
        self.child = child
        self.cream = house.food(parent, child, group="fats")
        self.egg = house.food(parent, child, "Egg", fat="9.7", protein="12.5", carbohydrate="0.6")
        self.butter = house.food(parent, child, "Butter", fat="81.1", protein="0.9",
                                 carbohydrate="0.1", group="fats")  # fmt: skip
        self.berries = house.food(parent, child, "Berries", fat="0.6", protein="1.2",
                                  carbohydrate="9.9", fibre_g=Decimal("6.5"),
                                  carbohydrate_basis="total", group="fruit")  # fmt: skip
        self.pear = house.food(parent, child, "Pear", fat="0.1", protein="0.4",
                               carbohydrate="12", group="fruit")  # fmt: skip
        self.melon = house.food(parent, child, "Melon", fat="0.2", protein="0.8",
                                carbohydrate="7", group="fruit")  # fmt: skip
        self.client = Client(raise_request_exception=False)
        self.client.force_login(parent)

    def wish(self, food, amount=None, **more) -> dict:
        return {"food": str(food.pk), "amount": amount} | more

    def meal(self, *foods, **changes) -> dict:
        rows = foods or (self.egg, self.butter, self.cream, self.berries)
        wishes = [f if isinstance(f, dict) else self.wish(f) for f in rows]
        return {"ratio": 3, "energy_kcal": 155, "foods": wishes} | changes

    def send(self, body, what="balance", child=None):
        url = f"/api/v1/children/{(child or self.child).pk}/{what}"
        text = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(url, text, content_type="application/json")

    def exchange(self, out, **meal):
        return self.send({"meal": self.meal(**meal), "out": str(out.pk)}, "balance/exchange")


@pytest.fixture
def larder(parent, child) -> Larder:
    return Larder(parent, child)


def held(answer: dict) -> Macros:
    """What the answer's grams hold, counted anew from the stored compositions."""
    return Macros.total(
        Food.objects.get(pk=row["food"]).composition.macros_per_100().scaled(row["amount"] / 100)
        for row in answer["amounts"]
    )


def grams(answer: dict) -> dict[str, float]:
    return {Food.objects.get(pk=r["food"]).name: r["amount"] for r in answer["amounts"]}


def check(answer: dict, *, ratio=3.0, kcal=155.0, basis=AVAILABLE) -> None:
    assert answer["status"] == "ok", answer
    macros = held(answer)
    assert macros.ratio(basis) == pytest.approx(ratio, abs=0.05)
    assert macros.energy_kcal(basis) == pytest.approx(kcal, rel=0.02)
    assert answer["ratio"] == pytest.approx(macros.ratio(basis), abs=1e-6)
    assert answer["energy_kcal"] == pytest.approx(macros.energy_kcal(basis), abs=1e-6)


# --- what it answers


@pytest.mark.parametrize("basis", [AVAILABLE, TOTAL])
def test_the_answer_holds_when_it_is_counted_anew(larder, join, basis):
    house.prescribe(join("dietitian"), larder.child, carbohydrate_basis=basis.value)
    before = house.rows()
    answer = larder.send(larder.meal()).json()
    check(answer, basis=basis)
    assert set(grams(answer)) == {"Egg", "Butter", "Cream", "Berries"}
    assert all(round(g / 0.1) == pytest.approx(g / 0.1) for g in grams(answer).values())
    assert house.rows() == before


@settings(max_examples=25)
@given(st.floats(1, 4.5), st.floats(60, 900), st.sampled_from(["0.1", "0.5", "1"]))
def test_any_answer_holds_its_ratio_and_energy_on_the_households_scale(larder, ratio, kcal, step):
    Family.objects.update(scale_step_g=Decimal(step))
    answer = larder.send(larder.meal(ratio=ratio, energy_kcal=kcal)).json()
    if answer["status"] != "ok":
        assert answer["message"]
        assert answer["amounts"] == []
        return
    check(answer, ratio=ratio, kcal=kcal)
    for amount in grams(answer).values():
        assert float(Decimal(str(amount)) % Decimal(step)) == 0


def test_a_locked_food_keeps_its_amount_and_limits_hold(larder):
    berries = larder.wish(larder.berries, 12.3, is_locked=True)
    egg = larder.wish(larder.egg, least=15, most=30)
    meal = larder.meal(egg, larder.butter, larder.cream, berries, protein_least_g=2.5,
                       carbohydrate_most_g=2.1)  # fmt: skip
    answer = larder.send(meal).json()
    check(answer)
    assert grams(answer)["Berries"] == 12.3
    assert 15 <= grams(answer)["Egg"] <= 30
    assert held(answer).protein_g >= 2.5 - 1e-9
    assert held(answer).carbohydrate_g <= 2.1 + 1e-9


def test_a_locked_food_that_cannot_be_names_another_amount_that_fits(larder):
    meal = larder.meal(larder.egg, larder.butter, larder.wish(larder.pear, 60, is_locked=True))
    answer = larder.send(meal).json()
    assert (answer["status"], answer["amounts"], answer["ratio"]) == ("infeasible", [], None)
    assert "Pear" in answer["message"]
    (fix,) = answer["fixes"]
    assert fix["food"] == str(larder.pear.pk)
    again = larder.meal(larder.egg, larder.butter,
                        larder.wish(larder.pear, fix["amount"], is_locked=True))  # fmt: skip
    check(larder.send(again).json())


def test_foods_that_cannot_make_the_ratio_are_told_in_words(larder):
    answer = larder.send(larder.meal(larder.pear, larder.melon)).json()
    assert (answer["status"], answer["amounts"]) == ("infeasible", [])
    assert answer["message"].endswith(".")


@pytest.mark.parametrize("meals", [1, 2, 3, 5])
def test_several_meals_at_once_are_that_many_times_one(larder, meals):
    check(larder.send(larder.meal(meals=meals)).json(), kcal=155 * meals)


def test_a_long_list_of_foods_is_a_meal(parent, larder):
    rows = [house.food(parent, larder.child, f"Food {n}", fat=str(n), protein="3",
                       carbohydrate="2") for n in range(10, 24)]  # fmt: skip
    answer = larder.send(larder.meal(*rows, energy_kcal=900)).json()
    check(answer, kcal=900)
    assert len(answer["amounts"]) == 14


# --- exchange


def test_an_exchange_never_holds_the_food_that_was_taken_out(larder):
    found = larder.exchange(larder.berries).json()
    assert {e["food"]["name"] for e in found} == {"Pear", "Melon"}
    for e in found:
        check(e["answer"])
        assert set(grams(e["answer"])) == {"Egg", "Butter", "Cream", e["food"]["name"]}


def test_a_food_that_is_in_the_meal_does_not_stand_in_for_another(larder):
    assert larder.exchange(larder.butter).json() == []  # cream is the only other fat


def test_a_food_of_another_family_never_stands_in(larder):
    house.food(*house.another_child(), "Their plum", fat="0", carbohydrate="9", group="fruit")
    names = [e["food"]["name"] for e in larder.exchange(larder.berries).json()]
    assert "Their plum" not in names


def test_only_a_food_of_the_meal_can_be_exchanged(larder):
    response = larder.exchange(larder.pear)
    assert (response.status_code, list(response.json()["detail"])) == (422, ["out"])


# --- what is refused

NAN, INF = float("nan"), float("inf")
WRONG: dict[str, tuple[dict, str]] = {
    "no ratio": ({"ratio": None}, "meal.ratio"),
    "a ratio in words": ({"ratio": "3:1"}, "meal.ratio"),
    "a ratio of nan": ({"ratio": NAN}, "meal.ratio"),
    "an infinite ratio": ({"ratio": INF}, "meal.ratio"),
    "a ratio below": ({"ratio": 0.4}, "meal.ratio"),
    "an absurd ratio": ({"ratio": 30}, "meal.ratio"),
    "no energy": ({"energy_kcal": 0}, "meal.energy_kcal"),
    "negative energy": ({"energy_kcal": -155}, "meal.energy_kcal"),
    "absurd energy": ({"energy_kcal": 4001}, "meal.energy_kcal"),
    "nan energy": ({"energy_kcal": NAN}, "meal.energy_kcal"),
    "no foods": ({"foods": []}, "meal.foods"),
    "foods of nothing": ({"foods": None}, "meal.foods"),
    "negative protein": ({"protein_least_g": -1}, "meal.protein_least_g"),
    "infinite carbohydrate": ({"carbohydrate_most_g": INF}, "meal.carbohydrate_most_g"),
    "an extra key": ({"relax": True}, "meal.relax"),
    "no meals": ({"meals": 0}, "meal.meals"),
    "half a meal": ({"meals": 1.5}, "meal.meals"),
    "absurd meals": ({"meals": 10_000}, "meal.meals"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_number_of_a_meal_is_refused_by_its_name(larder, name):
    changes, field = WRONG[name]
    for what, body in (("balance", larder.meal(**changes)),
                       ("balance/exchange", {"meal": larder.meal(**changes),
                                             "out": str(larder.egg.pk)})):  # fmt: skip
        response = larder.send(body, what)
        assert response.status_code == 422, response.content
        (found,) = response.json()["detail"]
        assert field.removeprefix("meal.") in found


@pytest.mark.parametrize("changes", [
    {"amount": -1}, {"amount": 5000.1}, {"amount": NAN}, {"amount": INF}, {"amount": "ten"},
    {"least": -0.1}, {"most": 1e9}, {"least": 9, "most": 3}, {"is_locked": "perhaps"},
    {"colour": "red"}, {"food": "x"}, {"food": None},
], ids=str)  # fmt: skip
def test_a_wrong_number_of_a_food_is_refused(larder, changes):
    wrong = {**larder.wish(larder.egg, 10), **changes}
    response = larder.send(larder.meal(wrong, larder.butter))
    assert response.status_code == 422, response.content
    assert "foods" in str(response.json()["detail"]) or "items" in str(response.json()["detail"])


def test_a_list_that_is_no_dish_and_a_food_twice_are_refused(larder):
    many = [larder.wish(larder.egg)] * 31
    assert larder.send(larder.meal(*many)).status_code == 422
    twice = larder.send(larder.meal(larder.egg, larder.egg))
    assert (twice.status_code, "twice" in twice.content.decode()) == (422, True)


@pytest.mark.parametrize("whose", ["nobody's", "another family's", "deleted"])
def test_a_food_that_is_not_in_the_list_is_refused_and_tells_nothing(larder, whose):
    strange = {"food": str(uuid.uuid4())}
    if whose == "another family's":
        strange = {"food": str(house.food(*house.another_child(), "Secret cream").pk)}
    elif whose == "deleted":
        Food.objects.filter(pk=larder.pear.pk).update(deleted_at=house.NOW)
        strange = {"food": str(larder.pear.pk)}
    response = larder.send(larder.meal(larder.butter, strange))
    assert (response.status_code, list(response.json()["detail"])) == (422, ["foods"])
    assert "Secret" not in response.content.decode()


@pytest.mark.parametrize("extreme", [
    {"energy_kcal": 5e-324}, {"energy_kcal": 0.001}, {"energy_kcal": 4000, "ratio": 8},
    {"energy_kcal": 4000, "meals": 12}, {"protein_least_g": 5000}, {"carbohydrate_most_g": 0},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("locked", [None, 5000.0, 0.0, 1e-9])
def test_numbers_at_the_edge_are_answered_or_refused_but_never_break(larder, extreme, locked):
    egg = larder.wish(larder.egg, locked, is_locked=locked is not None)
    response = larder.send(larder.meal(egg, larder.butter, larder.cream, **extreme))
    assert response.status_code in (200, 422), response.content
    if response.status_code == 200 and response.json()["status"] == "ok":
        kcal = extreme.get("energy_kcal", 155) * extreme.get("meals", 1)
        check(response.json(), ratio=extreme.get("ratio", 3), kcal=kcal)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "7", "\0", '{"ratio": 1e999}'])
@pytest.mark.parametrize("what", ["balance", "balance/exchange"])
def test_a_body_that_is_no_meal_is_refused(larder, body, what):
    assert larder.send(body, what).status_code in (400, 422)


# --- who may ask


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("carer", 403), ("dietitian", 200)])
@pytest.mark.parametrize("what", ["balance", "balance/exchange"])
def test_who_may_plan_may_balance(larder, join, role, status, what):
    larder.client.force_login(join(role))
    meal = larder.meal()
    body = meal if what == "balance" else {"meal": meal, "out": str(larder.berries.pk)}
    assert larder.send(body, what).status_code == status


def test_a_stranger_finds_no_such_child_and_nobody_gets_in_unsigned(larder):
    stranger, _ = house.another_child()
    larder.client.force_login(stranger)
    assert larder.send(larder.meal()).status_code == 404
    larder.client.logout()
    assert larder.send(larder.meal()).status_code == 401


# --- the protein of a meal


def test_a_meals_protein_share_is_sought_without_being_asked_for(larder):
    """Left alone, the search took the least egg that was near: half of the share."""
    sought = larder.send(larder.meal(protein_share_g=3.1)).json()
    assert sought["status"] == "ok"
    assert sought["protein"] == ""
    held = sum(
        float(food.composition.protein_g) * row["amount"] / 100
        for food in (larder.egg, larder.butter, larder.cream, larder.berries)
        for row in sought["amounts"]
        if row["food"] == str(food.pk)
    )
    assert held >= 0.9 * 3.1


def test_a_share_that_cannot_be_reached_is_told_and_an_asked_for_floor_is_not_given_up(larder):
    foods = (larder.butter, larder.berries)
    told = larder.send(larder.meal(*foods, protein_share_g=4)).json()
    assert told["status"] == "ok"
    assert "its share is 4.0 g" in told["protein"]
    refused = larder.send(larder.meal(*foods, protein_least_g=3.6)).json()
    assert refused["status"] == "infeasible"


def test_a_lock_without_an_amount_is_refused_by_the_foods_name(larder):
    meal = larder.meal(larder.wish(larder.egg, is_locked=True), larder.butter)
    response = larder.send(meal)
    assert response.status_code == 422
    assert "Egg is locked" in response.json()["detail"]["foods"][0]
