"""What is printed and ticked: the fridge sheet, the shopping list, the team's lists."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from quietdays.diet import actions
from quietdays.diet.models import ChecklistItem
from quietdays.people.access import Act
from quietdays.people.entries import take_back, undo
from tests import house

pytestmark = pytest.mark.django_db
WEEK = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def show(parent, child):
    client = Client(raise_request_exception=False)
    client.force_login(parent)
    return lambda name: client.get(reverse(name, args=[child.pk, WEEK]))


# --- a week on paper


def test_the_shopping_list_adds_up_seven_days_and_no_other(parent, child, show):
    cream, egg = house.food(parent, child, group="dairy"), house.food(parent, child, "Egg")
    for when, grams in (("06-15 07:00", "20.5"), ("06-21 23:45", "10.25"), ("06-14 23:45", "99"),
                        ("06-22 00:00", "99")):  # fmt: skip
        house.plan(parent, child, f"2026-{when}", (cream, grams), (egg, 5))
    lines = {line["name"]: line["amount"] for line in show("shopping").context["lines"]}
    assert lines == {"Cream": Decimal("30.75"), "Egg": Decimal(10)}


def test_a_part_of_a_gram_is_not_bought_as_nought(parent, child, show):
    """Peer defect 27: whole grams, so that 0.4 g read 0 g."""
    house.plan(parent, child, "2026-06-15 07:00", (house.food(parent, child, "Vitamins"), "0.4"))
    assert "<strong>0.4 g</strong>" in show("shopping").content.decode()


def test_grams_and_millilitres_of_a_food_are_not_added(parent, child, show):
    milk = house.food(parent, child, "Milk")
    house.plan(parent, child, "2026-06-15 07:00", (milk, 20))
    actions.correct_food(
        by=parent, child=child, food=milk, name="Milk", fat_g=Decimal(3), protein_g=Decimal(3),
        carbohydrate_g=Decimal(4), per_unit="ml", carbohydrate_basis="total", source="label",
    )  # fmt: skip
    house.plan(parent, child, "2026-06-16 07:00", (milk, 30))
    found = {(line["amount"], line["unit"]) for line in show("shopping").context["lines"]}
    assert found == {(20, "g"), (30, "mL")}


def test_a_deleted_plan_is_neither_bought_nor_weighed(parent, child, show):
    take_back(house.plan(parent, child, "2026-06-15 07:00", (house.food(parent, child), 20)),
              by=parent)  # fmt: skip
    assert show("shopping").context["lines"] == []
    assert not show("fridge-sheet").context["has_meals"]


def test_the_fridge_sheet_shows_what_is_stored_to_the_tenth(parent, child, show):
    house.plan(parent, child, "2026-06-17 07:00", (house.food(parent, child), "12.9"))
    sheet = show("fridge-sheet")
    days = {row["day"]: len(row["meals"]) for row in sheet.context["rows"]}
    assert (len(days), days[date(2026, 6, 17)], sum(days.values())) == (7, 1, 1)
    assert "12.9 g" in sheet.content.decode()


# --- the team's lists


def test_a_list_is_begun_once_from_the_template_and_nothing_is_ticked(child, join):
    dietitian = join("dietitian")
    lines = actions.start_checklist(by=dietitian, child=child, which="contraindications")
    assert len(lines) > 10
    assert not any(line.ticked_at for line in lines)
    with pytest.raises(ValidationError, match="made before"):
        actions.start_checklist(by=dietitian, child=child, which="contraindications")
    assert ChecklistItem.objects.count() == len(lines)


def test_a_tick_has_a_name_and_a_time_and_can_be_taken_back(parent, child, join):
    dietitian = join("dietitian")
    line = house.checklist(dietitian, child)[0]
    said = {"item": line, "due_on": None, "remark": ""}
    actions.tick_checklist_item(by=dietitian, is_ticked=True, **said)
    first = line.ticked_at
    actions.tick_checklist_item(by=join("neurologist"), is_ticked=True, **said)
    assert (line.ticked_by, line.ticked_at) == (dietitian, first)
    actions.tick_checklist_item(by=dietitian, is_ticked=False, **said)
    assert (line.ticked_by, line.ticked_at) == (None, None)
    with pytest.raises(PermissionDenied):
        actions.tick_checklist_item(by=parent, is_ticked=True, **said)


def test_a_line_sent_twice_is_one_and_undo_takes_it_away(child, join):
    dietitian, entry_id = join("dietitian"), house.new_id()
    house.checklist(dietitian, child)
    before = ChecklistItem.objects.of(child).count()
    for _ in range(2):
        added = actions.add_checklist_item(by=dietitian, child=child, entry_id=entry_id,
                                           which="monitoring", heading="Ours", text="Hair")  # fmt: skip
    assert ChecklistItem.objects.of(child).count() == before + 1
    undo(added.record, by=dietitian, act=Act.PRESCRIBE)
    assert ChecklistItem.objects.of(child).count() == before


def test_unticked_lists_block_nothing(child, join):
    """Peer defect 26: the dietitian never ticks, so the planner stays empty."""
    dietitian = join("dietitian")
    house.checklist(dietitian, child, "contraindications")
    assert house.prescribe(dietitian, child).pk
