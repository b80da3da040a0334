"""The day's true ratio: sums and never means, with the carbohydrate of medicines in it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.insights.days import diary_days
from quietdays.medicines.models import Dose, Medicine
from quietdays.people.entries import amend
from quietdays.science.macros import CarbohydrateBasis
from tests import house

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 9)
# TV-5 and TV-9: a day of 560 kcal at 3:1 with 11.2 g protein leaves 6.865 g carbohydrate.
INFANT = {"energy_kcal": Decimal(560), "ratio": Decimal(3), "protein_g": Decimal("11.2")}
ELIXIR = Decimal("0.68")  # 3.4 g carbohydrate in 5 mL


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def show(client, parent, child):
    client.force_login(parent)

    def plan(day: date = DAY):
        return client.get(reverse("plan", args=[child.pk, day]))

    return plan


def day_of(child):
    return diary_days(child, DAY, DAY)[0]


def whole_day(parent, child):
    """A food of which 100 g are the whole of INFANT's day."""
    return house.food(
        parent, child, "A whole day", fat="54.19", protein="11.2", carbohydrate="6.87"
    )


def elixir(parent, join, child, per_unit=ELIXIR):
    return house.medicine(join("neurologist"), child, "Phenobarbital",
                          carbohydrate_g_per_unit=per_unit)  # fmt: skip


# --- the ratio of a day


def test_a_days_ratio_is_that_of_its_sums_never_the_mean_of_meals(parent, child, show):
    """TV-12: 50 / 15 = 3.33; the mean of 4 and 2 is 3."""
    rich = house.food(parent, child, "Rich", fat="40", protein="4", carbohydrate="6")
    lean = house.food(parent, child, "Lean", fat="10", protein="3", carbohydrate="2")
    house.eat(parent, child, "2026-06-09 08:00", (rich, 100))
    house.eat(parent, child, "2026-06-09 12:00", (lean, 100))
    assert day_of(child).eaten.ratio() == pytest.approx(50 / 15)
    assert "3.33:1" in show().content.decode()
    assert "3.00:1" not in show().content.decode()


@given(st.lists(st.tuples(st.integers(1, 90), st.integers(0, 10), st.integers(0, 5)), min_size=1,
                max_size=5))  # fmt: skip
def test_any_days_ratio_is_total_fat_over_total_protein_and_carbohydrate(parent, child, meals):
    from quietdays.diet.models import MealEaten

    MealEaten.objects.all().delete()
    for n, (fat, protein, carbohydrate) in enumerate(meals):
        food = house.food(parent, child, fat=str(fat), protein=str(protein),
                          carbohydrate=str(carbohydrate))  # fmt: skip
        house.eat(parent, child, f"2026-06-09 {8 + n:02}:00", (food, 100))
    non_fat = sum(p + c for _, p, c in meals)
    found = day_of(child).eaten.ratio(CarbohydrateBasis.AVAILABLE)
    assert found == (pytest.approx(sum(m[0] for m in meals) / non_fat) if non_fat else None)


# --- medicines


def test_a_medicine_that_takes_the_days_carbohydrate_is_in_its_ratio_and_noticed(
    parent, child, join, show
):
    """TV-9: 8.75 mL of an elixir are 5.95 g: 87 % of 6.865 g, and 0.915 g are left for food."""
    house.prescribe(join("dietitian"), child, **INFANT)
    house.eat(parent, child, "2026-06-09 08:00", (whole_day(parent, child), 100))
    plain = show().content.decode()
    assert "carbohydrate: 87" not in plain
    assert "With medicines" not in plain
    house.dose(parent, child, elixir(parent, join, child), "2026-06-09 08:00", amount="8.75")
    day = day_of(child)
    assert day.medicine_carbohydrate_g == pytest.approx(5.95)
    assert day.eaten.ratio() == pytest.approx(3, abs=0.01)
    assert day.intake.ratio() == pytest.approx(2.257, abs=0.002)
    found = show()
    medicine = found.context["medicine"]
    assert medicine["allowance_g"] == pytest.approx(6.865, abs=0.001)
    assert medicine["percent"] == pytest.approx(87, abs=0.5)
    assert medicine["left_g"] == pytest.approx(0.915, abs=0.001)
    assert medicine["exceeds"]
    words = found.content.decode()
    assert "2.26:1" in words
    assert "87 % of the day’s 6.9 g" in words
    assert "They leave 0.9 g for food" in words


def test_food_that_makes_room_for_the_medicine_is_no_notice(parent, child, join, show):
    house.prescribe(join("dietitian"), child, **INFANT)
    lean = house.food(parent, child, "Room", fat="54.19", protein="11.2", carbohydrate="0.91")
    house.eat(parent, child, "2026-06-09 08:00", (lean, 100))
    house.dose(parent, child, elixir(parent, join, child), "2026-06-09 08:00", amount="8.75")
    assert not show().context["medicine"]["exceeds"]
    assert day_of(child).intake.ratio() == pytest.approx(3, abs=0.01)


def test_planned_food_counts_before_anything_is_eaten(parent, child, join, show):
    house.prescribe(join("dietitian"), child, **INFANT)
    house.plan(parent, child, "2026-06-09 18:00", (whole_day(parent, child), 100))
    house.dose(parent, child, elixir(parent, join, child), "2026-06-09 08:00", amount="8.75")
    assert show().context["medicine"]["exceeds"]
    assert day_of(child).intake is None


@pytest.mark.parametrize(
    ("amount", "words"), [("10.2", "more than the whole day’s"), ("5", "leave")]
)
def test_what_the_medicines_leave_is_said(parent, child, join, show, amount, words):
    """TV-10: a medicine that holds more than the day allows."""
    house.prescribe(join("dietitian"), child, **INFANT)
    house.eat(parent, child, "2026-06-09 08:00", (whole_day(parent, child), 100))
    house.dose(parent, child, elixir(parent, join, child), "2026-06-09 08:00", amount=amount)
    assert words in show().content.decode()


def test_a_day_that_leaves_no_carbohydrate_at_all_is_noticed_too(parent, child, join, show):
    """Nought of an allowance was taken for none."""
    signed = {"energy_kcal": Decimal(400), "ratio": Decimal(4), "protein_g": Decimal(10)}
    house.prescribe(join("dietitian"), child, **signed)
    house.dose(parent, child, elixir(parent, join, child), "2026-06-09 08:00", amount="5")
    assert show().context["medicine"]["exceeds"]
    assert "more than the whole day’s carbohydrate" in show().content.decode()


def test_a_product_that_nobody_entered_is_unknown_and_not_nought(parent, child, join, show):
    house.eat(parent, child, "2026-06-09 08:00", (whole_day(parent, child), 100))
    house.dose(parent, child, elixir(parent, join, child, None), "2026-06-09 08:00", amount="5")
    day = day_of(child)
    assert (day.medicine_carbohydrate_g, day.doses_carbohydrate_unknown) == (0, 1)
    assert "Not counted: the carbohydrate of 1 dose" in show().content.decode()


def test_a_dose_that_was_not_given_adds_nothing(parent, child, join):
    drug = elixir(parent, join, child)
    house.dose(parent, child, drug, "2026-06-09 08:00", amount=None, outcome="skipped",
               reason="asleep")  # fmt: skip
    day = day_of(child)
    assert (day.medicine_carbohydrate_g, day.doses_carbohydrate_unknown) == (0, 0)


@pytest.mark.parametrize("first", [ELIXIR, Decimal(0), None], ids=["elixir", "tablet", "unknown"])
def test_another_brand_later_does_not_change_the_doses_of_the_past(parent, child, join, first):
    """Peer defect 8, of medicines: what was unknown then stays so, or is known from now on."""
    drug = elixir(parent, join, child, first)
    house.dose(parent, child, drug, "2026-06-09 08:00", amount="5")
    before = day_of(child).medicine_carbohydrate_g
    amend(Medicine.objects.get(), by=parent, carbohydrate_g_per_unit=Decimal(2))
    after = day_of(child)
    if first is None:  # entered late, it fills the gap
        assert (after.medicine_carbohydrate_g, after.doses_carbohydrate_unknown) == (10, 0)
    else:
        assert after.medicine_carbohydrate_g == before
    house.dose(parent, child, Medicine.objects.get(), "2026-06-09 20:00", amount="1")
    assert Dose.objects.order_by("happened_at").last().carbohydrate_g == 2


def test_a_reader_sees_the_notice_too(parent, child, join, show):
    """Peer defect 16: data collected from the family that no clinician's screen shows."""
    house.prescribe(join("dietitian"), child, **INFANT)
    house.eat(parent, child, "2026-06-09 08:00", (whole_day(parent, child), 100))
    house.dose(parent, child, elixir(parent, join, child), "2026-06-09 08:00", amount="8.75")
    client = Client()
    client.force_login(join("reader"))
    assert "87 % of the day’s" in client.get(reverse("plan", args=[child.pk, DAY])).content.decode()


# --- before it is given


def test_doses_written_down_for_today_count_before_they_are_given(parent, join, child, show):
    """The warning is for the day's planning: after the last dose it comes too late."""
    house.prescribe(join("dietitian"), child, **INFANT)
    syrup = elixir(parent, join, child)
    house.step(parent, child, syrup, date(2026, 6, 1), dose="4", times=("10:00", "19:00"))
    today = child.today()
    shown = show(today).context["medicine"]
    assert shown["taken_g"] == pytest.approx(8 * 0.68)
    assert shown["still_due_g"] == pytest.approx(8 * 0.68)
    house.dose(parent, child, syrup, f"{today} 10:30", amount="4")
    shown = show(today).context["medicine"]
    assert shown["taken_g"] == pytest.approx(8 * 0.68)
    assert shown["still_due_g"] == pytest.approx(4 * 0.68)
    assert "given or written down" in show(today).content.decode()


def test_a_dose_of_a_past_day_that_nobody_recorded_is_not_taken_for_given(
    parent, join, child, show
):
    syrup = elixir(parent, join, child)
    house.step(parent, child, syrup, date(2026, 6, 1), dose="4", times=("07:00",))
    assert show(DAY).context["medicine"] is None


def test_a_day_of_which_nothing_can_be_counted_holds_no_nought(parent, child, show):
    house.eat(parent, child, f"{DAY} 12:00", off_plan="a spoon of pear")
    assert day_of(child).eaten is None
    assert day_of(child).uncounted_meals == 1
    assert "nothing that can be counted" in show().content.decode()
