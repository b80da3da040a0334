"""A feed mixed for a day: volume, energy and ratio hold, and the bottles are the whole."""

from __future__ import annotations

import json
from datetime import UTC, date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diet.balancing import Wish, balance, key_of
from quietdays.diet.mixing import (
    FeedOrder,
    bottle_plans,
    bottle_times,
    feed_problem,
    water,
    without_displacement,
)
from quietdays.diet.models import Food, PlannedMeal, Recipe
from quietdays.diet.starter import load_starter_foods
from quietdays.people.entries import take_back
from quietdays.science.macros import CarbohydrateBasis, Macros
from quietdays.science.mealsolver import Refused, Solved
from tests import house

pytestmark = pytest.mark.django_db
BLEND = json.loads((Path(__file__).parents[1] / "vectors/clinical.json").read_text())["blend"]
AVAILABLE = CarbohydrateBasis.AVAILABLE
ORDER = FeedOrder(Decimal(700), Decimal(560), Decimal(3))


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


class Cupboard:
    def __init__(self, parent, child) -> None:
        load_starter_foods()
        self.powder = house.food(parent, child, "Powder", fat="69.2", protein="14.4",
                                 carbohydrate="2.9", volume_ml_per_g=Decimal("0.77"))  # fmt: skip
        self.milk = house.food(parent, child, "Expressed milk", fat="4.4", protein="1",
                               carbohydrate="6.9", volume_ml_per_g=Decimal("0.971"))  # fmt: skip
        self.water = Food.objects.get(pk=water().food_id)


@pytest.fixture
def cupboard(parent, child) -> Cupboard:
    return Cupboard(parent, child)


def mixed(wishes, order=ORDER, step="0.1"):
    problem = feed_problem(wishes, order, basis=AVAILABLE, scale_step_g=Decimal(step))
    return balance(problem), problem


def grams(answer, food) -> Decimal:
    return answer.amounts.get(key_of(food.composition), Decimal(0))


def macros(answer, *foods) -> Macros:
    return Macros.total(
        f.composition.macros_per_100().scaled(float(grams(answer, f)) / 100) for f in foods
    )


# --- amounts


def test_powder_and_milk_come_to_the_published_blend(cupboard):
    """TV-8: 74.09 g powder and 66.41 g milk hold 560 kcal at 3:1."""
    wishes = [Wish(cupboard.powder.composition), Wish(cupboard.milk.composition)]
    answer, _ = mixed(wishes)
    assert isinstance(answer, Solved)
    assert float(grams(answer, cupboard.powder)) == pytest.approx(BLEND["powder_g"], abs=0.5)
    assert float(grams(answer, cupboard.milk)) == pytest.approx(BLEND["milk_g"], abs=3)
    held = macros(answer, cupboard.powder, cupboard.milk)
    assert held.ratio() == pytest.approx(3, abs=0.05)
    assert held.energy_kcal() == pytest.approx(560, rel=0.02)
    filled = 0.77 * float(grams(answer, cupboard.powder))
    filled += 0.971 * float(grams(answer, cupboard.milk)) + float(grams(answer, cupboard.water))
    assert filled == pytest.approx(700, rel=0.01)
    assert grams(answer, cupboard.water) % 1 == 0


@pytest.mark.parametrize("row", BLEND["weighed"], ids=lambda r: r["id"])
def test_a_slip_of_the_scale_changes_the_blend_as_published(cupboard, row):  # TV-8
    amounts = {cupboard.powder: row["powder_g"], cupboard.milk: row["milk_g"]}
    held = Macros.total(f.composition.macros_per_100().scaled(g / 100) for f, g in amounts.items())
    assert held.ratio() == pytest.approx(row["ratio"], abs=0.001)
    assert held.energy_kcal() == pytest.approx(row["energy_kcal"], abs=0.51)


@pytest.mark.parametrize("milk_g", [40.0, 66.4, 92.69])
def test_breast_milk_that_is_there_stays_as_it_is(cupboard, parent, child, milk_g):
    oil = house.food(parent, child, "Oil", fat="100", protein="0", carbohydrate="0",
                     volume_ml_per_g=Decimal("1.09"))  # fmt: skip
    wishes = [
        Wish(cupboard.powder.composition), Wish(oil.composition),
        Wish(cupboard.milk.composition, milk_g, is_locked=True),
    ]  # fmt: skip
    answer, _ = mixed(wishes, FeedOrder(Decimal(700), Decimal(560), Decimal("3.5")))
    assert isinstance(answer, Solved), answer
    assert grams(answer, cupboard.milk) == Decimal(str(milk_g))
    held = macros(answer, cupboard.powder, oil, cupboard.milk)
    assert held.ratio() == pytest.approx(3.5, abs=0.05)
    assert held.energy_kcal() == pytest.approx(560, rel=0.02)


def test_more_breast_milk_than_the_ratio_bears_is_told_in_a_sentence(cupboard):
    locked = Wish(cupboard.milk.composition, 300.0, is_locked=True)
    answer, _ = mixed([Wish(cupboard.powder.composition), locked])
    assert isinstance(answer, Refused)
    assert "Expressed milk" in answer.message


@pytest.mark.parametrize("ml_per_g", ["0.7", "0.77", "1.2", None])
def test_powder_takes_up_room_and_the_water_is_less(parent, child, cupboard, ml_per_g):
    own = None if ml_per_g is None else Decimal(ml_per_g)
    powder = house.food(parent, child, "Other powder", fat="69.2", protein="20", carbohydrate="3",
                        volume_ml_per_g=own)  # fmt: skip
    answer, _ = mixed([Wish(powder.composition)])
    assert isinstance(answer, Solved)
    room = float(ml_per_g or "0.77") * float(grams(answer, powder))
    assert room + float(grams(answer, cupboard.water)) == pytest.approx(700, rel=0.01)
    named = without_displacement([Wish(powder.composition), Wish(cupboard.powder.composition)])
    assert named == (["Other powder"] if own is None else [])


def test_a_liquid_in_ml_fills_its_own_volume(parent, child, cupboard):
    liquid = house.food(parent, child, "Ready feed", fat="14.8", protein="3.09",
                        carbohydrate="1.84", per_unit="ml")  # fmt: skip
    answer, _ = mixed([Wish(liquid.composition)], FeedOrder(Decimal(500), Decimal(456), Decimal(3)))
    assert isinstance(answer, Solved)
    assert grams(answer, liquid) % 1 == 0
    assert float(grams(answer, liquid) + grams(answer, cupboard.water)) == pytest.approx(
        500, rel=0.01
    )
    assert without_displacement([Wish(liquid.composition)]) == []


def test_no_room_for_the_powder_is_told_and_not_relaxed(cupboard):
    answer, _ = mixed([Wish(cupboard.powder.composition)],
                      FeedOrder(Decimal(50), Decimal(560), Decimal(4)))  # fmt: skip
    assert isinstance(answer, Refused)
    assert answer.message


def test_water_alone_is_no_feed_and_listed_water_counts_once(cupboard):
    with pytest.raises(ValidationError, match="powder or milk"):
        mixed([Wish(cupboard.water.composition)])
    wishes = [Wish(cupboard.powder.composition), Wish(cupboard.water.composition, 100.0)]
    _, problem = mixed(wishes, FeedOrder(Decimal(700), Decimal(560), Decimal(4)))
    assert [i.food for i in problem.items].count(key_of(cupboard.water.composition)) == 1


# --- bottles


@given(st.integers(1, 24), st.decimals("0.5", "900", places=1), st.decimals("0.1", "90", places=1))
def test_the_bottles_add_up_to_the_whole(parent, child, bottles, whole, little):
    foods = [house.food(parent, child, name) for name in ("Powder", "Oil")]
    feed = house.feed(parent, child, (foods[0], whole), (foods[1], little), bottles=bottles)
    plans = bottle_plans(feed, bottle_times(house.NOW, bottles))
    assert len(plans) == bottles
    for i, amount in enumerate((whole, little)):
        poured = sum(p.portions[i].amount for p in plans)
        assert abs(poured - amount) <= bottles * Decimal("0.006")
    assert abs(sum(p.volume_ml for p in plans) - 400) <= bottles * Decimal("0.05")
    assert {p.recipe for p in plans} == {feed}


@given(st.integers(1, 24), st.datetimes(timezones=st.just(UTC)))
def test_bottles_are_spread_over_one_day_in_real_hours(bottles, first):
    first = first.replace(year=2026, second=0, microsecond=0)
    times = bottle_times(first, bottles)
    assert (times[0], len(set(times))) == (first, bottles)
    gaps = [b - a for a, b in pairwise(times)]
    apart = timedelta(days=1) / bottles
    assert all(abs(gap - apart) < timedelta(minutes=1) for gap in gaps)


@pytest.mark.parametrize(
    ("first", "clocks"),
    [
        ("2026-03-28T19:00", ["19:00", "01:00", "08:00", "14:00"]),
        ("2026-10-24T19:00", ["19:00", "01:00", "06:00", "12:00"]),
        ("2026-06-10T07:00", ["07:00", "13:00", "19:00", "01:00"]),
    ],
    ids=["spring", "autumn", "an ordinary day"],
)
def test_bottles_across_the_night_when_clocks_change_stay_six_hours_apart(
    client, parent, child, first, clocks
):
    feed = house.feed(parent, child, (house.food(parent, child), 80), bottles=4, volume_ml=360)
    client.force_login(parent)
    url = reverse("plan-bottles", args=[child.pk, feed.pk])
    assert client.post(url, {"first": first}).status_code == 302
    planned = list(PlannedMeal.objects.all())
    assert [f"{p.local_time:%H:%M}" for p in planned] == clocks
    assert {(p.volume_ml, p.items.get().amount) for p in planned} == {(Decimal(90), Decimal(20))}
    again = client.post(url, {"first": first}, follow=True)
    assert "4 at times that have a plan already were left alone" in again.content.decode()
    assert PlannedMeal.objects.count() == 4


@pytest.mark.parametrize("bottles", [1, 4, 8, 24])
def test_a_bottle_is_judged_by_its_part_of_the_day_however_many_there_are(
    client, parent, child, join, bottles
):
    """Eight bottles of a day with four meals were each half a meal, and all of them missed."""
    house.prescribe(join("dietitian"), child)
    whole = house.meal_food(parent, child)  # 400 g are the day
    feed = house.feed(parent, child, (whole, 400), bottles=bottles, volume_ml=480)
    client.force_login(parent)
    client.post(reverse("plan-bottles", args=[child.pk, feed.pk]), {"first": "2026-06-11T00:00"})
    plan = client.get(reverse("plan", args=[child.pk, date(2026, 6, 11)]))
    assert [row["off"] for row in plan.context["slots"]] == [()] * bottles


@pytest.mark.parametrize("first", [
    "", "x", "0001-01-01T00:00", "9999-12-31T23:59", "2026-13-01T07:00", "2026-06-10",
    "1999-01-01T07:00", "2026-03-29T02:30", "2025-08-01T07:00",
])  # fmt: skip
def test_a_first_bottle_at_a_time_that_cannot_be_plans_nothing(parent, child, first):
    """The year 1 and the year 9999 broke the page; 02:30 of a night that skips it was moved."""
    feed = house.feed(parent, child, (house.food(parent, child), 80))
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    url = reverse("plan-bottles", args=[child.pk, feed.pk])
    response = client.post(url, {"first": first})
    assert response.status_code == 302
    assert response.url == reverse("pour", args=[child.pk, feed.pk])
    assert PlannedMeal.objects.count() == 0


# --- the page


def form(cupboard, **changes: object) -> dict[str, object]:
    return {
        "id": str(house.new_id()), "name": "Night feed", "volume_ml": "700", "energy_kcal": "560",
        "ratio": "3", "bottles": "4", "made_at": "07:00", "keeps_h": "24",
        "food": [cupboard.powder.pk, cupboard.milk.pk], "amount": ["", "66,4"],
        "locked": [str(cupboard.milk.pk)],
    } | changes  # fmt: skip


def test_a_feed_is_looked_at_kept_poured_and_planned(client, parent, child, cupboard):
    client.force_login(parent)
    mix, sent = reverse("mix-feed", args=[child.pk]), form(cupboard)
    looked = client.post(mix, sent | {"find": ""})
    assert Recipe.objects.count() == 0
    shown = {line["name"]: line["whole"] for line in looked.context["lines"]}
    assert shown["Expressed milk"] == Decimal("66.4")
    client.post(mix, sent | {"keep": ""})
    client.post(mix, sent | {"keep": ""})
    feed = Recipe.objects.get()
    assert {i.composition.food.name: i.amount for i in feed.items.all()} == shown
    assert (feed.servings, feed.volume_ml) == (4, 700)
    assert feed.label == "Made 07:00, use by 07:00 the next day"
    poured = client.get(reverse("pour", args=[child.pk, feed.pk]))
    assert "Expressed milk" in poured.content.decode()
    client.post(reverse("plan-bottles", args=[child.pk, feed.pk]), {"first": "2026-06-11T07:00"})
    bottles = list(PlannedMeal.objects.all())
    assert [b.volume_ml for b in bottles] == [175] * 4
    for bottle in bottles:
        assert bottle.macros().ratio() == pytest.approx(3, abs=0.05)
        assert bottle.macros().energy_kcal() == pytest.approx(140, rel=0.021)


@pytest.mark.parametrize("changes", [
    {"volume_ml": "700.123"}, {"ratio": "0.4"}, {"ratio": "9"}, {"volume_ml": "1"}, {"bottles": "0"},
    {"bottles": "25"}, {"energy_kcal": "1" + "0" * 40}, {"energy_kcal": "9000"}, {"food": []},
    {"amount": ["", "-1"]}, {"amount": ["", "5001"]}, {"keeps_h": "49"}, {"made_at": "25:00"},
], ids=str)  # fmt: skip
def test_a_feed_that_cannot_be_is_refused_with_a_reason_and_nothing_kept(
    parent, child, cupboard, changes
):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    response = client.post(reverse("mix-feed", args=[child.pk]),
                           form(cupboard, **changes) | {"keep": ""})  # fmt: skip
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Recipe.objects.count() == 0


def test_a_feed_that_was_deleted_is_not_brought_back_by_its_form(parent, child, cupboard):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    sent = form(cupboard) | {"keep": ""}
    client.post(reverse("mix-feed", args=[child.pk]), sent)
    take_back(Recipe.objects.get(), by=parent)
    response = client.post(reverse("mix-feed", args=[child.pk]), sent)
    assert response.status_code == 200
    assert "deleted since" in response.content.decode()
    assert Recipe.objects.get().deleted_at is not None


# --- how long it keeps, and what it lacks


def kept_feed(client, parent, child, cupboard, **changes) -> Recipe:
    client.force_login(parent)
    client.post(reverse("mix-feed", args=[child.pk]), form(cupboard, **changes) | {"keep": ""})
    return Recipe.objects.get()


def test_no_bottle_is_planned_after_the_feeds_own_use_by(client, parent, child, cupboard):
    feed = kept_feed(client, parent, child, cupboard, keeps_h="12")
    assert feed.label == "Made 07:00, use by 19:00"
    url = reverse("plan-bottles", args=[child.pk, feed.pk])
    answer = client.post(url, {"first": "2026-06-11T07:00"}, follow=True)
    assert "1 of 4 bottles would come after 19:00" in answer.content.decode()
    assert PlannedMeal.objects.count() == 0


def test_a_bottle_of_other_grams_is_no_longer_poured_by_volume(client, parent, child, cupboard):
    feed = kept_feed(client, parent, child, cupboard)
    client.post(reverse("plan-bottles", args=[child.pk, feed.pk]), {"first": "2026-06-11T07:00"})
    bottle = PlannedMeal.objects.first()
    rows = {
        "food": [str(i.composition.food_id) for i in bottle.items.all()],
        "amount": [str(i.amount) for i in bottle.items.all()],
    }
    page = reverse("edit-plan", args=[child.pk, bottle.pk])
    sent = {"id": str(bottle.pk), "name": "Bottle", "happened_at": "2026-06-11T07:00", **rows}
    client.post(page, sent)
    bottle.refresh_from_db()
    assert bottle.volume_ml == 175
    client.post(page, sent | {"amount": ["9", *rows["amount"][1:]]})
    bottle.refresh_from_db()
    assert bottle.volume_ml is None


def test_a_feed_with_less_protein_than_prescribed_says_so(client, parent, child, cupboard, join):
    house.prescribe(join("dietitian"), child, energy_kcal=Decimal(560), protein_g=Decimal(17))
    client.force_login(parent)
    looked = client.post(reverse("mix-feed", args=[child.pk]), form(cupboard) | {"find": ""})
    told = " ".join(looked.context["mixed"].warnings)
    assert "its share is 17.0 g" in told
    assert "Prescribed for the day" in looked.content.decode()
