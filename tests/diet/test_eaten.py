"""What really went in: left-overs, shares of a bottle, breastfeeds, words sorted later, reasons."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diet import actions
from quietdays.diet.models import EatenItem, FoodComposition, MealEaten
from quietdays.diet.queries import verdict_on
from quietdays.diet.starter import load_starter_foods
from quietdays.insights.days import diary_days
from quietdays.people.entries import undo
from quietdays.science.adherence import Judgement
from quietdays.science.macros import Macros
from tests import house

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 9)
MACROS = ("fat_g", "protein_g", "carbohydrate_g", "fibre_g")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def client(parent):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    return client


@pytest.fixture
def dietitian(join):
    return join("dietitian")


def day_of(child, day: date = DAY):
    return diary_days(child, day, day)[0]


def page(client, child, name: str, *args):
    return client.get(reverse(name, args=[child.pk, *args]))


def relabel(parent, child, food) -> None:
    actions.correct_food(
        by=parent, child=child, food=food, name="Another", fat_g=Decimal(1), protein_g=Decimal(1),
        carbohydrate_g=Decimal(1), per_unit="g", carbohydrate_basis="total", source="label",
    )  # fmt: skip


# --- left-overs

amounts = st.tuples(st.integers(1, 90_000), st.integers(0, 100)).map(
    lambda pair: (Decimal(pair[0]) / 100, (Decimal(pair[0]) * pair[1] / 10_000))
)


@given(st.lists(amounts, min_size=1, max_size=4))
def test_what_was_left_never_creates_a_macro(parent, child, portions):
    foods = [
        house.food(parent, child, f"Food {n}", fat=f"{10 * n + 1}", protein="3",
                   carbohydrate=f"{12 - n}", fibre_g=Decimal(2), carbohydrate_basis="total")
        for n in range(len(portions))
    ]  # fmt: skip
    rows = [(f, given_, round(left, 2)) for f, (given_, left) in zip(foods, portions, strict=True)]
    eaten = house.eat(parent, child, "2026-06-09 08:00", *rows).macros()
    offered = Macros.total(
        f.composition.macros_per_100().scaled(float(g) / 100) for f, g, _ in rows
    )
    for name in MACROS:
        assert 0 <= getattr(eaten, name) <= getattr(offered, name) + 1e-9


def test_cream_left_on_the_plate_lowers_the_ratio(parent, child):  # TV-11
    cream = house.food(parent, child, fat="35.98", protein="1.96", carbohydrate="2.99")
    egg = house.food(parent, child, "Egg", fat="12.09", protein="12.09", carbohydrate="0")
    eaten = house.eat(parent, child, "2026-06-09 08:00", (cream, 97, 30), (egg, 43)).macros()
    assert eaten.ratio() == pytest.approx(3.44, abs=0.01)
    assert eaten.energy_kcal() == pytest.approx(298, abs=0.6)


# --- shares and volumes of a mixture


@pytest.fixture
def bottle(parent, child):
    """90 mL of cream and egg, planned."""
    cream = house.food(parent, child)
    egg = house.food(parent, child, "Egg", fat="9.7", protein="12.5", carbohydrate="0.6")
    planned = house.plan(parent, child, "2026-06-10 08:00", (cream, "38.5"), (egg, "11.3"))
    type(planned).objects.filter(pk=planned.pk).update(volume_ml=Decimal(90))
    planned.refresh_from_db()
    return planned


def log(client, child, planned, **sent: str):
    body = {"id": str(house.new_id()), "happened_at": "2026-06-10T08:00", "vomited": "no"}
    return client.post(reverse("eat-planned", args=[child.pk, planned.pk]), body | sent)


def test_of_90_ml_offered_60_went_in_so_two_thirds_of_each_food(client, child, bottle):
    log(client, child, bottle, is_mixed="on", delivered_ml="60")
    eaten = MealEaten.objects.get()
    assert (eaten.offered_ml, eaten.delivered_ml) == (90, 60)
    for item in eaten.items.all():
        assert float(item.eaten) == pytest.approx(float(item.offered) * 2 / 3, abs=0.006)
    assert eaten.macros().ratio() == pytest.approx(bottle.macros().ratio(), abs=0.005)
    whole = bottle.macros().energy_kcal()
    assert eaten.macros().energy_kcal() == pytest.approx(whole * 2 / 3, rel=0.001)
    assert "60 of 90 mL went in" in page(client, child, "plan", date(2026, 6, 10)).content.decode()


@given(st.decimals(min_value=0, max_value=90, places=1))
def test_any_part_of_a_bottle_keeps_its_ratio_to_a_hundredth_of_a_gram(
    client, parent, child, bottle, delivered
):
    MealEaten.objects.all().delete()
    log(client, child, bottle, is_mixed="on", delivered_ml=f"{delivered}")
    eaten, share = MealEaten.objects.get(), float(delivered) / 90
    for item in eaten.items.all():
        assert 0 <= item.left <= item.offered
        assert float(item.eaten) == pytest.approx(float(item.offered) * share, abs=0.0051)


@pytest.mark.parametrize("delivered", ["90.01", "900", "-1", "x", "60.123"])
def test_a_volume_that_cannot_have_gone_in_is_refused_at_its_field(
    client, child, bottle, delivered
):
    response = log(client, child, bottle, is_mixed="on", delivered_ml=delivered)
    assert response.status_code == 200
    assert "delivered_ml" in response.context["form"].errors
    assert MealEaten.objects.count() == 0


def test_the_store_itself_refuses_more_delivered_than_offered(parent, child):
    cream = house.food(parent, child)
    with pytest.raises(ValidationError, match="More went in"):
        house.eat(parent, child, "2026-06-09 08:00", (cream, 9), offered_ml=Decimal(90),
                  delivered_ml=Decimal(91))  # fmt: skip
    assert MealEaten.objects.count() == 0


def test_a_corrected_volume_corrects_every_food_and_undo_returns_them(
    client, parent, child, bottle
):
    log(client, child, bottle, is_mixed="on", delivered_ml="60")
    first = MealEaten.objects.get().macros()
    shown = page(client, child, "meal", MealEaten.objects.get().pk).context["form"]
    assert shown.initial["delivered_ml"] == "60"
    client.post(reverse("meal", args=[child.pk, MealEaten.objects.get().pk]), {
        "id": str(house.new_id()), "happened_at": "2026-06-10T08:00", "vomited": "no",
        "is_mixed": "on", "delivered_ml": "30",
    })  # fmt: skip
    assert MealEaten.objects.get().macros().fat_g == pytest.approx(first.fat_g / 2, rel=0.002)
    undo(MealEaten.objects.get(), by=parent)
    assert (MealEaten.objects.get().delivered_ml, MealEaten.objects.get().macros()) == (60, first)


# --- at the breast


def test_a_breastfeed_with_a_volume_is_counted_as_estimated_and_never_judged(
    client, parent, child, dietitian
):
    load_starter_foods()
    signed = house.prescribe(dietitian, child)
    fed = house.breastfeed(parent, child, "2026-06-09 03:00", volume_ml=90)
    item = fed.items.get()
    assert (item.is_estimated, float(item.offered)) == (True, pytest.approx(90 * 1.03, abs=0.1))
    assert fed.macros().energy_kcal() == pytest.approx(70 * 0.927, rel=0.03)
    verdict = verdict_on(fed, signed)
    assert (verdict.judgement, verdict.reasons) == (Judgement.NOT_JUDGED, ("estimated",))
    day = day_of(child)
    assert (day.has_estimates, day.uncounted_meals, day.meals.not_judged) == (True, 0, 1)
    assert day.eaten.fat_g == pytest.approx(fed.macros().fat_g)
    assert "estimated" in page(client, child, "plan", DAY).content.decode()


def test_minutes_alone_are_recorded_and_counted_as_unknown(client, parent, child, dietitian):
    house.prescribe(dietitian, child)
    fed = house.breastfeed(parent, child, "2026-06-09 03:00", minutes=12)
    assert (fed.items.count(), fed.is_uncounted, fed.is_estimated) == (0, True, False)
    assert fed.not_judged_because() == ["volume_unknown"]
    assert day_of(child).uncounted_meals == 1
    shown = page(client, child, "plan", DAY).content.decode()
    assert "12 min at the breast" in shown
    assert "nobody knows the volume" in shown


@pytest.mark.parametrize("minutes", [0, 241])
def test_minutes_that_cannot_be_are_refused(parent, child, minutes):
    with pytest.raises(ValidationError, match="1 to 240"):
        house.breastfeed(parent, child, "2026-06-09 03:00", minutes=minutes)


@pytest.mark.parametrize("volume", ["47.5", "90", "33.25", "1"])
def test_new_minutes_leave_the_volume_and_its_milk_as_they_were(client, parent, child, volume):
    """Peer defect 8: the form rounded 47.5 mL to 48, and the milk was counted anew."""
    load_starter_foods()
    fed = house.breastfeed(parent, child, "2026-06-09 03:00", volume_ml=volume)
    before = fed.macros()
    milk = fed.items.get().composition
    FoodComposition.objects.create(
        food=milk.food, version=milk.version + 1, fat_g=2, protein_g=2, carbohydrate_g=2,
        carbohydrate_basis="total", source="a newer table", volume_ml_per_g=Decimal("0.971"),
    )  # fmt: skip
    form = page(client, child, "change-breastfeed", fed.pk).context["form"]
    assert form["breast_ml"].value() == volume
    client.post(reverse("change-breastfeed", args=[child.pk, fed.pk]), {
        "id": str(fed.pk), "happened_at": "2026-06-09T03:00", "vomited": "no",
        "breast_minutes": "20", "breast_ml": form["breast_ml"].value(),
    })  # fmt: skip
    stored = MealEaten.objects.get()
    assert (stored.breast_minutes, stored.macros()) == (20, before)


def test_a_corrected_volume_of_a_breastfeed_is_undone_to_the_one_before(parent, child):
    load_starter_foods()
    fed = house.breastfeed(parent, child, "2026-06-09 03:00", volume_ml=90)
    before = fed.macros()
    actions.change_breastfeed(by=parent, meal=fed, breast_ml=Decimal(30))
    assert MealEaten.objects.get().macros() != before
    undo(MealEaten.objects.get(), by=parent)
    assert (MealEaten.objects.get().macros(), MealEaten.objects.get().deleted_at) == (before, None)


# --- words sorted later


@pytest.mark.parametrize("rest", ["", "and some pear", "two spoons of soup"])
def test_words_become_foods_and_undo_makes_them_words_again(client, parent, child, rest):
    """With the words left as they were, Undo deleted the whole meal."""
    cream, soup = house.food(parent, child), house.food(parent, child, "Soup", fat="4")
    house.eat(parent, child, "2026-06-09 08:00", (cream, 50), off_plan="two spoons of soup")
    before = day_of(child)
    assert before.uncounted_meals == 1
    client.post(reverse("sort-off-plan", args=[child.pk, MealEaten.objects.get().pk]), {
        "id": str(house.new_id()), "off_plan": rest, "food": [soup.pk], "amount": ["30"],
    })  # fmt: skip
    sorted_ = MealEaten.objects.get()
    assert sorted_.items.filter(was_off_plan=True).get().food_name == "Soup"
    after = day_of(child)
    assert after.eaten.fat_g == pytest.approx(before.eaten.fat_g + 0.3 * 4)
    assert after.uncounted_meals == (1 if rest else 0)
    undo(sorted_, by=parent)
    back = MealEaten.objects.get()
    assert (back.off_plan, back.deleted_at) == ("two spoons of soup", None)
    assert day_of(child).eaten == before.eaten
    assert day_of(child).uncounted_meals == 1


@pytest.mark.parametrize("amount", ["", "0", "-1", "x", "5001"])
def test_sorting_nothing_is_refused(client, parent, child, amount):
    told = house.eat(parent, child, "2026-06-09 08:00", off_plan="soup")
    sent = {"id": str(house.new_id()), "off_plan": "", "amount": [amount]}
    sent["food"] = [house.food(parent, child).pk] if amount else []
    refused = client.post(reverse("sort-off-plan", args=[child.pk, told.pk]), sent)
    assert refused.context["form"].errors
    assert (MealEaten.objects.get().off_plan, EatenItem.objects.count()) == ("soup", 0)


# --- why, and what it was made of


def test_reasons_are_stored_as_tapped_and_shown_in_words(client, child, bottle):
    log(client, child, bottle, is_mixed="on", delivered_ml="60", reasons=["refused", "asleep"])
    assert MealEaten.objects.get().reasons == ["refused", "asleep"]
    shown = page(client, child, "plan", date(2026, 6, 10)).content.decode()
    for word in ("refused", "asleep"):
        assert f'<span class="tag">{word}</span>' in shown
    refused = log(client, child, bottle, reasons=["lazy"])
    assert refused.status_code == 200


def test_an_old_meal_keeps_what_it_was_made_of_after_the_label_changed(client, parent, child):
    """Peer defect 8."""
    cream = house.food(parent, child)
    eaten = house.eat(parent, child, "2026-06-09 08:00", (cream, 50))
    before, shown = eaten.macros(), day_of(child)
    relabel(parent, child, cream)
    actions.change_meal(by=parent, meal=eaten, happened_at=eaten.happened_at, lefts=[Decimal(0)],
                        vomited="some")  # fmt: skip
    stored = MealEaten.objects.get()
    assert (stored.macros(), stored.items.get().food_name) == (before, "Cream")
    assert day_of(child).eaten == shown.eaten


def test_words_sorted_by_a_form_that_is_sent_twice_are_counted_once(parent, child):
    pear = house.food(parent, child, "Pear", fat="0", protein="0", carbohydrate="15")
    meal = house.eat(parent, child, "2026-06-10 08:00", off_plan="pear and something")
    sent = {"entry_id": house.new_id(), "rest": "something", "served": [
        actions.Served(pear.composition, Decimal(10))]}  # fmt: skip
    for _ in range(2):
        actions.sort_off_plan(by=parent, meal=meal, **sent)
    assert MealEaten.objects.get(pk=meal.pk).macros().carbohydrate_g == pytest.approx(1.5)
