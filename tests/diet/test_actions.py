"""Foods, plans and meals: a gram that was logged never changes by itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import ValidationError

from quietdays.diet import actions
from quietdays.diet.actions import Portion, Served
from quietdays.diet.food_search import search_foods
from quietdays.diet.models import (
    EatenItem,
    Food,
    FoodComposition,
    MealEaten,
    PlannedItem,
    PlannedMeal,
    Prescription,
)
from quietdays.diet.queries import (
    day_meals,
    foods_for,
    in_force,
    prescription_on,
    verdict_on,
)
from quietdays.diet.starter import load_starter_foods
from quietdays.people.actions import travel
from quietdays.people.entries import take_back, undo
from quietdays.science.adherence import Judgement
from tests import house

pytestmark = pytest.mark.django_db
LABEL = {
    "fat_g": Decimal("69.2"),
    "protein_g": Decimal("14.4"),
    "carbohydrate_g": Decimal("8.2"),
    "fibre_g": Decimal("5.3"),
    "carbohydrate_basis": "total",
    "source": "label",
    "per_unit": "g",
}


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def cream(parent, child):
    return house.food(parent, child)


@pytest.fixture
def dietitian(join):
    return join("dietitian")


# --- prescriptions


def test_the_version_in_force_is_the_last_signed_for_the_latest_date(child, dietitian):
    first = house.prescribe(dietitian, child, effective_from=date(2026, 3, 2))
    later = house.prescribe(dietitian, child, effective_from=date(2026, 5, 1), ratio=Decimal(4))
    corrected = house.prescribe(dietitian, child, effective_from=date(2026, 5, 1), ratio=Decimal(2))
    assert prescription_on(child, date(2026, 3, 1)) is None
    assert prescription_on(child, date(2026, 4, 30)) == first
    assert prescription_on(child, date(2026, 5, 1)) == corrected
    assert in_force([], date(2026, 5, 1)) is None
    assert Prescription.objects.count() == 3
    assert later.ratio == 4


def test_signed_twice_with_one_id_is_one_version(child, dietitian):
    entry_id = house.new_id()
    first = actions.prescribe(by=dietitian, child=child, entry_id=entry_id, **house.PRESCRIBED)
    again = actions.prescribe(by=dietitian, child=child, entry_id=entry_id, **house.PRESCRIBED)
    assert first == again
    assert Prescription.objects.count() == 1


def test_the_id_of_another_childs_prescription_is_refused(child, dietitian):
    from quietdays.people.actions import grant_role

    _, other = house.another_child()
    grant_role(child=other, person=dietitian, role="dietitian")
    entry_id = house.new_id()
    actions.prescribe(by=dietitian, child=other, entry_id=entry_id, **house.PRESCRIBED)
    with pytest.raises(ValidationError) as refusal:
        actions.prescribe(by=dietitian, child=child, entry_id=entry_id, **house.PRESCRIBED)
    assert "id" in refusal.value.message_dict


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        (
            {"energy_kcal": Decimal(400), "ratio": Decimal(4), "protein_g": Decimal(11)},
            "protein_g",
            "At 4:1 and 400 kcal, 11 g protein leaves −1.0 g carbohydrate; 3:1 leaves 1.9 g.",
        ),
        (
            {"carbohydrate_limit_g": Decimal(5)},
            "carbohydrate_limit_g",
            "These numbers leave 8.0 g carbohydrate a day, more than the limit of 5 g.",
        ),
        ({"effective_from": date(2025, 8, 31)}, "effective_from", "This is before Noor was born."),
        ({"effective_from": date(1, 1, 1)}, "effective_from", "This is before Noor was born."),
        ({"effective_from": date(2062, 6, 1)}, "effective_from", "Check the year: 2062-06-01."),
        ({"energy_kcal": Decimal("62.0")}, "__all__", "100 and 4,000 kcal"),
        ({"ratio": Decimal(30)}, "__all__", "0.5 and 8"),
        ({"meals_per_day": 0}, "__all__", "1 to 24"),
        ({"protein_g": Decimal("12.345")}, "protein_g", "decimal places"),
    ],
    ids=lambda v: str(v)[:30],
)
def test_numbers_that_cannot_hold_are_refused_with_the_figures(
    child, dietitian, changes, field, words
):
    before = house.rows()
    with pytest.raises(ValidationError) as refusal:
        house.prescribe(dietitian, child, **changes)
    assert words in refusal.value.message_dict[field][0]
    assert house.rows() == before
    child.refresh_from_db()
    assert child.diet_started_on is None


def test_the_first_prescription_tells_when_the_diet_began_and_later_ones_do_not(child, dietitian):
    house.prescribe(dietitian, child, effective_from=date(2026, 3, 2))
    house.prescribe(dietitian, child, effective_from=date(2026, 2, 1))
    child.refresh_from_db()
    assert child.diet_started_on == date(2026, 3, 2)


# --- foods


def test_a_food_sent_twice_is_one_food_with_one_version(parent, child):
    entry_id = house.new_id()
    for _ in range(2):
        actions.add_food(by=parent, child=child, entry_id=entry_id, name="Powder", **LABEL)
    assert Food.objects.count() == FoodComposition.objects.count() == 1


def test_the_id_of_another_familys_food_is_refused(parent, child):
    other_parent, other = house.another_child()
    theirs = house.food(other_parent, other, "Theirs")
    with pytest.raises(ValidationError):
        actions.add_food(by=parent, child=child, entry_id=theirs.pk, name="Powder", **LABEL)
    assert Food.objects.get().name == "Theirs"


def test_a_correction_is_a_new_version_and_the_same_again_is_none(parent, child, cream):
    corrected = {**LABEL, "fat_g": Decimal("70")}
    actions.correct_food(by=parent, child=child, food=cream, name=cream.name, **corrected)
    actions.correct_food(by=parent, child=child, food=cream, name=cream.name, **corrected)
    assert [c.version for c in cream.compositions.order_by("version")] == [1, 2]
    assert cream.composition.fat_g == 70


@pytest.mark.parametrize("owner", ["nobody", "another family"])
def test_only_the_familys_own_food_can_be_corrected(parent, child, owner):
    if owner == "nobody":
        load_starter_foods()
        food = Food.objects.filter(family=None).first()
    else:
        food = house.food(*house.another_child(), "Theirs")
    versions = food.compositions.count()
    with pytest.raises(ValidationError):
        actions.correct_food(by=parent, child=child, food=food, name=food.name, **LABEL)
    assert food.compositions.count() == versions


def test_a_label_with_more_fibre_than_carbohydrate_is_asked_about(parent, child):
    with pytest.raises(ValidationError) as refusal:
        actions.add_food(
            by=parent,
            child=child,
            entry_id=house.new_id(),
            name="Powder",
            **{**LABEL, "fibre_g": Decimal(9)},
        )
    assert "fibre_g" in refusal.value.message_dict
    assert Food.objects.count() == 0


def test_fibre_comes_off_the_label_once_and_only_where_it_is_in(parent, child):
    """Peer defect 5."""
    total = house.food(parent, child, "A", carbohydrate="8.2", fibre_g=Decimal("5.3"),
                       carbohydrate_basis="total")  # fmt: skip
    net = house.food(parent, child, "B", carbohydrate="2.9", fibre_g=Decimal("5.3"))
    for food in (total, net):
        assert food.composition.macros_per_100().carbohydrate_g == pytest.approx(2.9)
        assert food.composition.macros_per_100().fibre_g == pytest.approx(5.3)


def test_a_family_finds_its_own_foods_and_the_common_ones_but_no_others(parent, child, cream):
    load_starter_foods()
    house.food(*house.another_child(), "Cream of theirs")
    names = {f.name for f in search_foods(child, "cream", limit=100)}
    assert cream.name in names
    assert "Cream of theirs" not in names
    assert foods_for(child).filter(family=None).exists()
    assert all("cream" in (f.name + f.other_names).lower() for f in search_foods(child, "cream"))


def test_the_starter_table_is_loaded_once_and_is_sound():
    first = load_starter_foods()
    assert first > 0
    assert load_starter_foods() == 0
    for composition in FoodComposition.objects.select_related("food"):
        composition.full_clean(exclude=["entered_by"])
        macros = composition.macros_per_100()
        assert macros.fat_g + macros.protein_g + macros.carbohydrate_g <= 105, composition
        assert composition.source
        if composition.energy_kcal and composition.food.source_key.startswith("usda"):
            counted = macros.energy_kcal() + 2 * macros.fibre_g
            assert counted == pytest.approx(float(composition.energy_kcal), rel=0.25, abs=15), (
                composition
            )


# --- plans


def test_a_plan_sent_twice_is_one_meal_with_one_set_of_rows(parent, child, cream):
    entry_id = house.new_id()
    portions = [Portion(cream.composition, Decimal("12.5"))]
    for _ in range(2):
        actions.plan_meal(
            by=parent, child=child, entry_id=entry_id, happened_at=house.at("2026-06-11 08:00"),
            name="Breakfast", portions=portions,
        )  # fmt: skip
    assert PlannedMeal.objects.count() == PlannedItem.objects.count() == 1


@pytest.mark.parametrize("amount", ["0", "-1", "5000.01", "0.001", "NaN"])
def test_an_amount_that_cannot_be_weighed_refuses_the_whole_plan(parent, child, cream, amount):
    other = house.food(parent, child, "Egg")
    with pytest.raises(ValidationError) as refusal:
        house.plan(parent, child, "2026-06-11 08:00", (other, 10), (cream, amount))
    assert "Cream" in str(refusal.value)
    assert PlannedMeal.objects.count() == PlannedItem.objects.count() == 0


def test_a_plan_without_food_is_refused(parent, child):
    with pytest.raises(ValidationError):
        house.plan(parent, child, "2026-06-11 08:00")
    assert PlannedMeal.objects.count() == 0


def test_amounts_to_a_tenth_of_a_gram_are_kept(parent, child, cream):
    """Peer defect 27: a grid of whole numbers."""
    meal = house.plan(parent, child, "2026-06-11 08:00", (cream, "12.9"))
    assert PlannedItem.objects.get().amount == Decimal("12.9")
    assert meal.macros().fat_g == pytest.approx(36 * 0.129)


def test_what_is_shown_of_a_plan_is_what_is_stored(parent, child, cream):
    """Peer defects 1 and 4: scaled totals were shown, the unscaled dish was saved."""
    meal = house.plan(parent, child, "2026-06-11 08:00", (cream, 50), (cream, "0.5"))
    stored = PlannedMeal.objects.get(pk=meal.pk)
    assert stored.macros() == meal.macros()
    assert stored.macros().fat_g == pytest.approx(36 * 50.5 / 100)


def test_a_changed_plan_leaves_the_eaten_meal_as_it_was(parent, child, cream):
    planned = house.plan(parent, child, "2026-06-10 08:00", (cream, 50))
    eaten = house.eat(parent, child, "2026-06-10 08:10", (cream, 50), planned=planned)
    before = eaten.macros()
    actions.change_plan(
        by=parent,
        meal=planned,
        happened_at=house.at("2026-06-10 09:00"),
        name="Later",
        portions=[Portion(cream.composition, Decimal(20))],
    )
    again = MealEaten.objects.get(pk=eaten.pk)
    assert again.macros() == before
    assert again.name == "Breakfast"
    assert again.planned == planned
    assert [i.amount for i in PlannedMeal.objects.get().items.all()] == [20]


def test_a_refused_change_leaves_the_plan_whole(parent, child, cream):
    planned = house.plan(parent, child, "2026-06-11 08:00", (cream, 50))
    with pytest.raises(ValidationError):
        actions.change_plan(
            by=parent,
            meal=planned,
            happened_at=planned.happened_at,
            name="Other",
            portions=[Portion(cream.composition, Decimal(0))],
        )
    stored = PlannedMeal.objects.get()
    assert stored.name == "Breakfast"
    assert [i.amount for i in stored.items.all()] == [50]


# --- copying a day


def copy(parent, child, source: date, target: date) -> list[str]:
    made = actions.copy_day_plan(by=parent, child=child, source=source, target=target)
    return [f"{m.local_time:%Y-%m-%d %H:%M}" for m in made]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        (date(2026, 3, 28), date(2026, 3, 29)),
        (date(2026, 3, 29), date(2026, 3, 30)),
        (date(2025, 10, 25), date(2025, 10, 26)),
        (date(2025, 10, 26), date(2025, 10, 27)),
    ],
    ids=["into spring", "out of spring", "into autumn", "out of autumn"],
)
def test_a_copied_day_keeps_its_local_times_when_the_clocks_change(
    parent, child, cream, source, target
):
    clocks = ("00:15", "07:30", "23:45")
    for clock in clocks:
        house.plan(parent, child, f"{source} {clock}", (cream, 10))
    assert copy(parent, child, source, target) == [f"{target} {clock}" for clock in clocks]
    assert copy(parent, child, source, target) == []
    assert PlannedMeal.objects.count() == 6


def test_a_feed_of_the_hour_that_is_skipped_is_planned_once_an_hour_later(parent, child, cream):
    house.plan(parent, child, "2026-03-28 02:30", (cream, 10))
    assert copy(parent, child, date(2026, 3, 28), date(2026, 3, 29)) == ["2026-03-29 03:30"]
    assert copy(parent, child, date(2026, 3, 28), date(2026, 3, 29)) == []


def test_a_day_copied_across_a_journey_is_at_the_local_times_there(parent, child, cream):
    house.plan(parent, child, "2026-06-10 19:30", (cream, 10))
    travel(by=parent, child=child, time_zone="Asia/Tokyo", since=house.at("2026-06-10 20:00"))
    assert copy(parent, child, date(2026, 6, 10), date(2026, 6, 11)) == ["2026-06-11 19:30"]


def test_a_meal_that_is_there_already_is_left_alone(parent, child, cream):
    house.plan(parent, child, "2026-06-09 08:00", (cream, 10))
    house.plan(parent, child, "2026-06-09 12:00", (cream, 10))
    mine = house.plan(parent, child, "2026-06-10 08:00", (cream, 99), name="Other")
    assert copy(parent, child, date(2026, 6, 9), date(2026, 6, 10)) == ["2026-06-10 12:00"]
    assert PlannedMeal.objects.get(pk=mine.pk).items.get().amount == 99


def test_a_copy_is_made_from_the_newest_composition(parent, child, cream):
    house.plan(parent, child, "2026-06-09 08:00", (cream, 10))
    actions.correct_food(by=parent, child=child, food=cream, name=cream.name, **LABEL)
    copy(parent, child, date(2026, 6, 9), date(2026, 6, 10))
    versions = PlannedItem.objects.order_by("meal__happened_at")
    assert [i.composition.version for i in versions] == [1, 2]


# --- meals eaten


def test_a_meal_sent_twice_is_one_meal_with_one_set_of_rows(parent, child, cream):
    entry_id = house.new_id()
    for _ in range(2):
        actions.log_meal(
            by=parent, child=child, entry_id=entry_id, happened_at=house.at("2026-06-10 08:00"),
            name="Feed", served=[Served(cream.composition, Decimal(10))],
        )  # fmt: skip
    assert MealEaten.objects.count() == EatenItem.objects.count() == 1


def test_a_new_composition_does_not_change_a_meal_of_the_past(parent, child, cream):
    """Peer defect 8: a product was edited, and last month's meals silently changed."""
    eaten = house.eat(parent, child, "2026-06-09 08:00", (cream, 50))
    before = MealEaten.objects.get(pk=eaten.pk).macros()
    actions.correct_food(by=parent, child=child, food=cream, name=cream.name, **LABEL)
    cream.name = "Renamed"
    cream.save()
    stored = MealEaten.objects.get(pk=eaten.pk)
    assert stored.macros() == before
    assert stored.items.get().food_name == "Cream"


def test_two_meals_for_one_plan_are_refused_in_words(parent, child, cream):
    planned = house.plan(parent, child, "2026-06-10 08:00", (cream, 50))
    first = house.eat(parent, child, "2026-06-10 08:10", (cream, 50), planned=planned)
    with pytest.raises(ValidationError, match="already logged"):
        house.eat(parent, child, "2026-06-10 08:11", (cream, 50), planned=planned)
    assert MealEaten.objects.count() == EatenItem.objects.count() == 1
    take_back(first, by=parent)
    house.eat(parent, child, "2026-06-10 08:12", (cream, 50), planned=planned)


def test_a_plan_of_another_child_cannot_be_eaten(parent, child, cream):
    other_parent, other = house.another_child()
    theirs = house.plan(
        other_parent, other, "2026-06-10 08:00", (house.food(other_parent, other), 1)
    )
    with pytest.raises(ValidationError, match="another child"):
        house.eat(parent, child, "2026-06-10 08:10", (cream, 50), planned=theirs)


@pytest.mark.parametrize(
    ("left", "is_accepted"), [("0", True), ("50", True), ("50.01", False), ("-0.01", False)]
)
def test_what_was_left_lies_within_what_was_offered(parent, child, cream, left, is_accepted):
    if is_accepted:
        eaten = house.eat(parent, child, "2026-06-10 08:00", (cream, 50, left))
        assert eaten.items.get().eaten == 50 - Decimal(left)
        assert eaten.macros().fat_g == pytest.approx(36 * (50 - float(left)) / 100)
    else:
        with pytest.raises(ValidationError, match="Cream"):
            house.eat(parent, child, "2026-06-10 08:00", (cream, 50, left))
        assert MealEaten.objects.count() == 0


@pytest.mark.parametrize("words", ["", "  "])
def test_a_meal_of_nothing_is_refused(parent, child, words):
    with pytest.raises(ValidationError):
        house.eat(parent, child, "2026-06-10 08:00", off_plan=words)


def test_a_meal_in_words_stays_one(parent, child):
    eaten = house.eat(parent, child, "2026-06-10 08:00", off_plan="two spoons of soup")
    with pytest.raises(ValidationError):
        actions.change_meal(
            by=parent, meal=eaten, happened_at=eaten.happened_at, lefts=[], off_plan=" "
        )
    assert MealEaten.objects.get().off_plan == "two spoons of soup"


def test_a_correction_of_what_was_left_keeps_the_version_before_it(parent, child, cream):
    eaten = house.eat(parent, child, "2026-06-10 08:00", (cream, 50))
    actions.change_meal(
        by=parent, meal=eaten, happened_at=eaten.happened_at, lefts=[Decimal(10)], vomited="no"
    )
    item = EatenItem.objects.get()
    assert (item.offered, item.left) == (50, 10)
    assert [v.left for v in item.history.order_by("history_id")] == [0, 10]
    assert eaten.history.count() == 2


def test_undo_of_a_correction_puts_the_left_overs_back_too(parent, child, cream):
    eaten = house.eat(parent, child, "2026-06-10 08:00", (cream, 50, "5"))
    actions.change_meal(
        by=parent, meal=eaten, happened_at=eaten.happened_at, lefts=[Decimal(30)], vomited="some"
    )
    undo(MealEaten.objects.get(), by=parent)
    stored = MealEaten.objects.get()
    assert stored.vomited == "no"
    assert stored.items.get().left == 5


def test_a_correction_that_cannot_be_changes_nothing(parent, child, cream):
    eaten = house.eat(parent, child, "2026-06-10 08:00", (cream, 50), (cream, 20))
    for lefts in ([Decimal(1)], [Decimal(1), Decimal(21)]):
        with pytest.raises(ValidationError):
            actions.change_meal(
                by=parent, meal=eaten, happened_at=eaten.happened_at, lefts=lefts, vomited="most"
            )
        stored = MealEaten.objects.get()
        assert stored.vomited == "no"
        assert [i.left for i in stored.items.all()] == [0, 0]


@pytest.mark.parametrize(
    ("values", "grams", "judgement"),
    [
        ({}, 100, Judgement.MET),
        ({}, 50, Judgement.NOT_MET),
        ({"vomited": "some"}, 100, Judgement.NOT_JUDGED),
        ({"vomited": "most"}, 50, Judgement.NOT_JUDGED),
        ({"off_plan": "a biscuit"}, 100, Judgement.NOT_JUDGED),
        ({"off_plan": "  "}, 100, Judgement.MET),
    ],
    ids=["met", "half", "some came back", "most came back", "own words", "blank words"],
)
def test_a_meal_is_judged_against_the_childs_own_prescription(
    parent, child, dietitian, values, grams, judgement
):
    """Peer defect 2."""
    prescription = house.prescribe(dietitian, child)
    food = house.meal_food(parent, child)
    eaten = house.eat(parent, child, "2026-06-10 08:00", (food, grams), **values)
    assert verdict_on(eaten, prescription).judgement is judgement
    assert verdict_on(eaten, None) is None


def test_a_verdict_follows_every_edit(parent, child, dietitian):
    """Peer defect 3: it stayed green after an edit until somebody recomputed it."""
    prescription = house.prescribe(dietitian, child)
    eaten = house.eat(parent, child, "2026-06-10 08:00", (house.meal_food(parent, child), 100))
    assert verdict_on(eaten, prescription).judgement is Judgement.MET
    actions.change_meal(by=parent, meal=eaten, happened_at=eaten.happened_at, lefts=[Decimal(40)])
    assert verdict_on(MealEaten.objects.get(), prescription).judgement is Judgement.NOT_MET


def test_a_meal_eaten_two_days_later_still_belongs_to_its_plan(parent, child, cream):
    planned = house.plan(parent, child, "2026-06-07 08:00", (cream, 50))
    eaten = house.eat(parent, child, "2026-06-09 08:00", (cream, 50), planned=planned)
    assert eaten.happened_at - planned.happened_at == timedelta(days=2)


def test_a_plan_knows_its_meal_however_late_that_was_logged(parent, child):
    """The plan's page found a meal only within three days of its plan."""
    cream = house.food(parent, child)
    planned = house.plan(parent, child, "2026-06-01 12:00", (cream, 100))
    eaten = house.eat(parent, child, "2026-06-09 12:00", (cream, 100), planned=planned)
    slots, extra = day_meals(child, date(2026, 6, 1))
    assert [(s.planned, s.eaten) for s in slots] == [(planned, eaten)]
    assert extra == []
    assert day_meals(child, date(2026, 6, 9)) == ([], [])
