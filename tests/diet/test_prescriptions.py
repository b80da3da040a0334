"""Prescriptions: dated steps, kinds of diet, shares and snacks, and what a version changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from quietdays.diet import actions
from quietdays.diet.actions import LaterStep
from quietdays.diet.differences import differences
from quietdays.diet.models import Acknowledgement, MealEaten, PlannedMeal, Prescription
from quietdays.diet.queries import is_overtaken, prescription_on, verdict_on, versions_of
from quietdays.science.adherence import Judgement
from tests import house

pytestmark = pytest.mark.django_db
MET, NOT_MET = Judgement.MET, Judgement.NOT_MET
SLOTS = [
    {"name": "Breakfast", "at": "07:00", "percent": 20.0},
    {"name": "Lunch", "at": "12:00", "percent": 40.0},
    {"name": "Tea", "at": "15:00", "percent": 15.0},
    {"name": "Supper", "at": "18:00", "percent": 25.0},
]
MAD = {"diet_kind": "mad", "ratio": None, "energy_kcal": None, "protein_g": None,
       "carbohydrate_limit_g": Decimal(10)}  # fmt: skip
MCT = {"diet_kind": "mct", "ratio": None, "protein_g": None, "energy_kcal": Decimal(560),
       "mct_percent": Decimal(40), "protein_percent": Decimal(10),
       "carbohydrate_percent": Decimal(19)}  # fmt: skip


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def dietitian(join):
    return join("dietitian")


def steps(*pairs: tuple[str, str]) -> list[LaterStep]:
    return [LaterStep(date.fromisoformat(day), Decimal(ratio)) for day, ratio in pairs]


def ratios(child, *days: str) -> list[Decimal | None]:
    found = [prescription_on(child, date.fromisoformat(day)) for day in days]
    return [None if p is None else p.ratio for p in found]


# --- dated steps


def test_each_step_is_in_force_from_its_date(child, dietitian):
    house.prescribe(dietitian, child, effective_from=date(2026, 3, 2), ratio=Decimal(2),
                    later_steps=steps(("2026-03-05", "2.5"), ("2026-03-12", "3")))  # fmt: skip
    days = ("2026-03-01", "2026-03-02", "2026-03-04", "2026-03-05", "2026-03-11", "2026-03-12")
    assert ratios(child, *days) == [None, 2, 2, Decimal("2.5"), Decimal("2.5"), 3]
    assert ratios(child, "2027-01-01") == [3]
    assert {p.energy_kcal for p in versions_of(child)} == {620}


def test_a_later_signature_overtakes_the_steps_that_were_still_to_come(child, dietitian):
    house.prescribe(dietitian, child, effective_from=date(2026, 6, 1), ratio=Decimal(2),
                    later_steps=steps(("2026-06-08", "2.5"), ("2026-06-15", "3")))  # fmt: skip
    house.prescribe(dietitian, child, effective_from=date(2026, 6, 10), ratio=Decimal("1.5"))
    days = ("2026-06-07", "2026-06-09", "2026-06-10", "2026-06-15", "2026-07-01")
    assert ratios(child, *days) == [2, Decimal("2.5"), Decimal("1.5"), Decimal("1.5"),
                                    Decimal("1.5")]  # fmt: skip
    rows = list(Prescription.objects.all())
    assert [p.ratio for p in rows if is_overtaken(p, rows)] == [3]


def test_history_added_afterwards_overtakes_nothing(child, dietitian):
    house.prescribe(dietitian, child, effective_from=date(2026, 6, 1), ratio=Decimal(2),
                    later_steps=steps(("2026-06-15", "3")))  # fmt: skip
    house.prescribe(dietitian, child, effective_from=date(2026, 3, 2), ratio=Decimal(1),
                    later_steps=steps(("2026-04-01", "1.5")))  # fmt: skip
    assert ratios(child, "2026-03-15", "2026-05-01", "2026-06-02", "2026-06-15") == [
        1, Decimal("1.5"), 2, 3,
    ]  # fmt: skip


def test_steps_sent_twice_are_stored_once_and_other_steps_are_refused(child, dietitian):
    sent = {"by": dietitian, "child": child, "entry_id": house.new_id(), **house.PRESCRIBED}
    first = actions.prescribe(**sent, later_steps=steps(("2026-07-01", "4")))
    assert actions.prescribe(**sent, later_steps=steps(("2026-07-01", "4"))) == first
    for other in ((), steps(("2026-07-01", "2"))):
        with pytest.raises(ValidationError, match="signed before"):
            actions.prescribe(**sent, later_steps=other)
    assert Prescription.objects.count() == 2


@pytest.mark.parametrize(
    ("later", "changes"),
    [
        ([("2026-03-02", "3")], {}),
        ([("2026-03-01", "3")], {}),
        ([("2026-04-02", "3"), ("2026-04-01", "3.5")], {}),
        ([("2026-04-02", "3"), ("2026-04-02", "3.5")], {}),
        ([("2026-04-02", "8")], {"protein_g": Decimal(15)}),
        ([("2026-04-02", "30")], {}),
        ([("2028-04-02", "4")], {}),
        ([("2026-04-02", "3")], MAD),
        ([("2026-04-02", "3")], MCT),
    ],
    ids=["the same day", "before", "not in order", "one day twice", "no room for protein",
         "no ratio", "too far off", "modified Atkins", "MCT"],
)  # fmt: skip
def test_a_step_that_cannot_be_refuses_the_whole_signature(child, dietitian, later, changes):
    before = house.rows()
    with pytest.raises(ValidationError):
        house.prescribe(dietitian, child, later_steps=steps(*later), **changes)
    assert house.rows() == before
    child.refresh_from_db()
    assert child.diet_started_on is None


# --- when a meal meets its target


def judged(parent, child, grams, prescription, planned=None, **food):
    eaten = house.eat(parent, child, "2026-06-10 08:00",
                      (house.food(parent, child, "Food", **food), grams), planned=planned)  # fmt: skip
    return verdict_on(MealEaten.objects.get(pk=eaten.pk), prescription)


RICH = {"fat": "16.2", "protein": "1.2", "carbohydrate": "1"}  # 7.4:1, 155 kcal in 100 g


@pytest.mark.parametrize(("over", "judgement"), [(None, MET), (Decimal(15), NOT_MET)])
def test_without_an_upper_tolerance_any_higher_ratio_will_do(
    parent, child, dietitian, over, judgement
):
    signed = house.prescribe(dietitian, child, ratio_over_percent=over)
    assert judged(parent, child, 100, signed, **RICH).judgement is judgement
    assert ("by any amount" in signed.tolerance_in_words) is (over is None)


@pytest.mark.parametrize(
    ("food", "grams", "reasons"),
    [
        (RICH, 500, ()),
        ({"fat": "0", "protein": "90", "carbohydrate": "0"}, 400, ()),
        ({"fat": "0", "protein": "0", "carbohydrate": "2.8"}, 100, ()),
        ({"fat": "50", "protein": "5", "carbohydrate": "2.9"}, 100, ("carbohydrate_over",)),
    ],
    ids=["much fat", "much protein", "on the edge", "over its part of the limit"],
)
def test_a_modified_atkins_meal_is_judged_by_its_carbohydrate_alone(
    parent, child, dietitian, food, grams, reasons
):
    signed = house.prescribe(dietitian, child, **MAD)  # 2.5 g a meal, 0.3 g over
    if grams == 500:
        signed = house.prescribe(dietitian, child, **(MAD | {"carbohydrate_limit_g": Decimal(20)}))
    assert judged(parent, child, grams, signed, **food).reasons == reasons


SLOT_MEAL = {"fat": "24", "protein": "4.8", "carbohydrate": "3.2"}  # 248 kcal: 40 % of the day


@pytest.mark.parametrize(
    ("slot", "judgement"), [(2, MET), (1, NOT_MET), (4, NOT_MET), (None, NOT_MET), (9, NOT_MET)]
)
def test_a_meal_is_judged_by_the_share_of_its_own_slot(parent, child, dietitian, slot, judgement):
    signed = house.prescribe(dietitian, child, meal_slots=SLOTS)
    planned = house.plan(parent, child, "2026-06-10 12:00", (house.meal_food(parent, child), 1))
    PlannedMeal.objects.filter(pk=planned.pk).update(slot=slot)
    planned.refresh_from_db()
    assert judged(parent, child, 100, signed, planned, **SLOT_MEAL).judgement is judgement
    average = signed.target_for(None)
    assert average.energy_kcal == pytest.approx(155)
    assert average.carbohydrate_g == pytest.approx(2)


def test_a_snack_is_judged_by_its_own_rule_and_meals_by_what_it_leaves(parent, child, dietitian):
    signed = house.prescribe(dietitian, child, snacks_per_day=2, snack_energy_kcal=Decimal(65),
                             snack_ratio=Decimal(1))  # fmt: skip
    even = {"fat": "10", "protein": "2.52", "carbohydrate": "7.48"}  # 130 kcal at 1:1
    planned = house.plan(parent, child, "2026-06-10 10:30", (house.meal_food(parent, child), 1))
    PlannedMeal.objects.filter(pk=planned.pk).update(is_snack=True)
    planned.refresh_from_db()
    assert judged(parent, child, 50, signed, planned, **even).judgement is MET
    assert "ratio_under" in judged(parent, child, 50, signed, **even).reasons
    assert signed.target_for(None).energy_kcal == pytest.approx((620 - 130) / 4)


def test_snacks_may_not_take_carbohydrate_beyond_the_limit(child, dietitian):
    """The day's ratio leaves 8 g, but a snack of 1:1 adds to it."""
    snack = {"snacks_per_day": 1, "snack_energy_kcal": Decimal(65), "snack_ratio": Decimal(1)}
    house.prescribe(dietitian, child, carbohydrate_limit_g=Decimal(8))
    with pytest.raises(ValidationError, match="more than the limit of 8 g"):
        house.prescribe(dietitian, child, carbohydrate_limit_g=Decimal(8), **snack)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"snacks_per_day": 2}, "__all__"),
        ({"snacks_per_day": 2, "snack_energy_kcal": Decimal(310)}, "snack_energy_kcal"),
        (MCT | {"snacks_per_day": 4, "snack_energy_kcal": Decimal(140)}, "snack_energy_kcal"),
        ({"meal_slots": SLOTS[:3]}, "meal_slots"),
        ({"meal_slots": [SLOTS[0], *SLOTS[:3]]}, "meal_slots"),
        (MCT | {"mct_percent": Decimal(80)}, "mct_percent"),
        (MAD | {"ratio": Decimal(3)}, "__all__"),
        (MAD | {"carbohydrate_limit_g": None}, "__all__"),
        ({"ratio": None}, "__all__"),
    ],
    ids=["snack without energy", "snacks are the day", "snacks are an MCT day",
         "a meal without share", "95 per cent", "more than the whole", "Atkins with a ratio",
         "Atkins without a limit", "no ratio"],
)  # fmt: skip
def test_numbers_of_any_kind_of_diet_that_cannot_hold_are_refused(child, dietitian, changes, field):
    before = house.rows()
    with pytest.raises(ValidationError) as refusal:
        house.prescribe(dietitian, child, **changes)
    assert field in refusal.value.message_dict
    assert house.rows() == before


# --- what changed, and who has read it

CHANGES = {
    "diet_kind": ("mct", "diet classical ketogenic diet, by ratio → MCT diet"),
    "route": ("tube", "given by mouth → by tube"),
    "weight_basis": ("ideal", "measured weight → ideal weight"),
    "carbohydrate_basis": ("total", "without fibre"),
    "ratio": (Decimal("3.5"), "ratio 3:1 → 3.5:1"),
    "energy_kcal": (Decimal("640.5"), "energy 620 kcal → 640.5 kcal"),
    "protein_g": (Decimal(13), "protein 12 g → 13 g"),
    "mct_percent": (Decimal(40), "MCT none → 40 %"),
    "protein_percent": (Decimal(10), "protein none → 10 %"),
    "carbohydrate_percent": (Decimal(19), "carbohydrate none → 19 %"),
    "mct_kcal_per_g": (Decimal(9), "MCT is counted with 8.3 kcal → 9 kcal"),
    "carbohydrate_limit_g": (Decimal(9), "limit none → 9 g"),
    "fluid_ml": (800, "fluid none → 800 mL"),
    "weight_kg": (Decimal("7.25"), "weight counted with none → 7.25 kg"),
    "meals_per_day": (5, "meals a day 4 → 5"),
    "meal_slots": (SLOTS, "even → Breakfast 07:00 20 %, Lunch 12:00 40 %"),
    "snacks_per_day": (1, "snacks a day 0 → 1"),
    "snack_energy_kcal": (Decimal(60), "energy of a snack none → 60 kcal"),
    "snack_ratio": (Decimal(1), "ratio of a snack none → 1:1"),
    "ratio_under_percent": (Decimal(5), "lower by 10 % → 5 %"),
    "ratio_over_percent": (None, "higher by 15 % → "),
    "energy_under_percent": (Decimal(5), "lower by 10 % → 5 %"),
    "energy_over_percent": (Decimal(5), "higher by 10 % → 5 %"),
    "carbohydrate_over_percent": (Decimal(5), "over by 10 % → 5 %"),
    "carbohydrate_over_g": (Decimal("0.5"), "over by 0.3 g → 0.5 g"),
    "leftover_rule": ("Cream first.", "left-overs changed"),
    "note": ("Weigh all.", "plain words changed"),
}  # fmt: skip


def test_every_number_of_a_version_has_its_words():
    own = {"id", "child", "first_step", "effective_from", "signed_by", "signed_at"}
    assert {f.name for f in Prescription._meta.concrete_fields} - own == set(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_one_number_is_one_line(name):
    value, words = CHANGES[name]
    before, after = (Prescription(**house.PRESCRIBED) for _ in range(2))
    assert differences(before, after) == []
    setattr(after, name, value)
    (line,) = differences(before, after)
    assert words in line


def test_a_meal_at_another_time_is_a_difference_that_can_be_read():
    later = [{**SLOTS[0], "at": "08:00"}, *SLOTS[1:]]
    before, after = (Prescription(**house.PRESCRIBED, meal_slots=s) for s in (SLOTS, later))
    (line,) = differences(before, after)
    assert "Breakfast 07:00 20 %" in line.split("→")[0]
    assert "Breakfast 08:00 20 %" in line.split("→")[1]


def test_a_version_is_compared_with_the_one_that_was_in_force_not_with_an_overtaken_step(
    parent, child, dietitian
):
    house.prescribe(dietitian, child, effective_from=date(2026, 3, 2), ratio=Decimal(2),
                    later_steps=steps(("2026-06-01", "3")))  # fmt: skip
    house.prescribe(dietitian, child, effective_from=date(2026, 5, 1), ratio=Decimal("2.5"))
    house.prescribe(dietitian, child, effective_from=date(2026, 6, 5), ratio=Decimal(3))
    client = Client()
    client.force_login(parent)
    shown = client.get(reverse("prescription", args=[child.pk])).context["steps"]
    assert [s["version"].ratio for s in shown] == [3, 3, Decimal("2.5"), 2]
    assert shown[0]["differences"] == ["ratio 2.5:1 → 3:1"]
    assert [s["is_overtaken"] for s in shown] == [False, True, False, False]


def test_each_of_two_carers_says_once_that_they_have_read_it(parent, child, join, dietitian):
    signed, carer = house.prescribe(dietitian, child), join("carer")
    page = reverse("prescription", args=[child.pk])
    client = Client()
    for person in (parent, carer, parent):
        client.force_login(person)
        client.post(reverse("acknowledge", args=[child.pk, signed.pk]))
    assert set(Acknowledgement.objects.values_list("person", flat=True)) == {parent.pk, carer.pk}
    assert all(r["read_at"] for r in client.get(page).context["readers"])
    newer = house.prescribe(dietitian, child, ratio=Decimal("2.5"))
    assert [r["read_at"] for r in client.get(page).context["readers"]] == [None, None]
    assert "I have read this version" in client.get(page).content.decode()
    assert not newer.acknowledgements.exists()


# --- written once


@pytest.mark.parametrize(
    ("table", "column"),
    [("diet_prescription", "note"), ("diet_prescription", "meal_slots"),
     ("diet_foodcomposition", "volume_ml_per_g"), ("diet_foodcomposition", "fat_g")],
)  # fmt: skip
def test_the_database_itself_refuses_to_change_a_version(parent, child, dietitian, table, column):
    house.prescribe(dietitian, child)
    house.food(parent, child)
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
            cursor.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
