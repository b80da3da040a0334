"""Deleting everything: asked for with the name, 30 days of grace, then gone from every table."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from quietdays.people import farewell
from quietdays.people.actions import come_as_guest, invite_guest, update_child
from quietdays.people.models import Child, Family, Farewell, Person, TrailEntry
from quietdays.sharing.chores import do_chores
from tests import house
from tests.sharing.test_archive import full  # noqa: F401  a child with one of everything

pytestmark = pytest.mark.django_db
GRACE = timedelta(days=30)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False) as clock:
        yield clock


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def everything() -> str:
    """Every row of every table, as text."""
    return "\n".join(
        json.dumps(row, default=str)
        for model in apps.get_models()
        for row in model._default_manager.values()
    )


def test_it_is_asked_for_by_the_name_and_called_off_by_any_parent(parent, child, join):
    client = signed_in(parent)
    url = reverse("delete-everything", args=[child.pk])
    assert client.post(url, {"typed_name": "Nor"}).status_code == 200
    assert farewell.standing(child) is None
    client.post(url, {"typed_name": " noor "})
    assert farewell.standing(child).due_at == house.NOW + GRACE
    second = house.joined(child, "reader")
    house.grant(child, second, "parent")
    page = signed_in(second).get(reverse("diary", args=[child.pk])).content.decode()
    assert "Everything of Noor is deleted on 10 July 2026" in page
    signed_in(second).post(reverse("keep-everything", args=[child.pk]))
    assert farewell.standing(child) is None
    do_chores(house.NOW + GRACE + timedelta(days=1))
    assert Child.objects.filter(pk=child.pk).exists()


def test_until_the_day_everything_works_and_asking_twice_moves_nothing(parent, child, noon):
    farewell.ask(by=parent, child=child, typed_name="Noor")
    noon.shift(GRACE - timedelta(seconds=1))
    farewell.ask(by=parent, child=child, typed_name="Noor")
    house.cluster(parent, child, "2026-07-10 08:00")
    do_chores(house.NOW + GRACE - timedelta(seconds=1))
    assert Child.objects.filter(pk=child.pk).exists()
    assert farewell.standing(child).due_at == house.NOW + GRACE


def test_on_the_day_nothing_of_the_child_is_left_anywhere(full, noon):  # noqa: F811
    place, child = full, full.child
    code = invite_guest(by=place.parent, child=child, lasts=timedelta(days=3))
    guest, _ = come_as_guest(name="Oma Lene", code=code)
    signed_in(place.people["nurse"]).get(reverse("diary", args=[child.pk]))
    house.cluster(place.people["stranger"], place.other, "2026-06-09 08:00")
    words = everything()
    folder = settings.DATA_DIR / "media/clips" / str(child.pk)
    assert list(folder.iterdir())
    keys = [str(child.pk), child.pk.hex]
    assert any(key in words for key in keys)
    key, family = child.pk, child.family_id

    farewell.ask(by=place.parent, child=child, typed_name=child.name)
    noon.shift(GRACE)
    done = do_chores(house.NOW + GRACE)
    assert any("everything of a child was deleted" in line for line in done)

    left = everything()
    row = Farewell.objects.get()
    about = json.dumps(
        next(r for r in Farewell.objects.values()), default=str
    )  # the one row that may name its id
    rest = left.replace(about, "")
    for told in (str(key), key.hex, "Noor", str(family), family.hex, "a spoon of pear", "Oma Lene",
                 "May we travel?", "Dr Okafor", "Cream pudding"):  # fmt: skip
        assert told not in rest, told
    assert not folder.exists()
    assert not Family.objects.filter(pk=family).exists()
    assert not TrailEntry.objects.filter(child_id=key).exists()
    assert not Person.objects.filter(pk=guest.pk).exists()
    # the other family's child has all it had
    assert place.other.pk.hex in left or str(place.other.pk) in left
    assert Child.objects.get() == place.other
    # and the parents can read what went
    assert row.done_at == house.NOW + GRACE
    assert row.gone["lines of the trail"] >= 1
    page = signed_in(place.parent).get(reverse("gone")).content.decode()
    assert "spasm clusters" in page
    assert "Noor" not in page
    assert (
        "spasm clusters"
        not in signed_in(place.people["stranger"]).get(reverse("gone")).content.decode()
    )


def test_a_familys_other_child_keeps_its_foods(parent, child, noon):
    from quietdays.people.models import CareRole

    brother = Child.objects.create(
        family=child.family, name="Sami", birth_date=child.birth_date, time_zone="Europe/Berlin"
    )
    CareRole.objects.create(child=brother, person=parent, role="parent")
    food = house.meal_food(parent, child)
    house.eat(parent, child, "2026-06-09 08:00", (food, 100))
    farewell.ask(by=parent, child=child, typed_name="Noor")
    noon.shift(GRACE)
    do_chores(house.NOW + GRACE)
    assert Child.objects.get() == brother
    food.refresh_from_db()


def test_it_is_done_again_when_it_was_ended_half_way(full, noon, monkeypatch):  # noqa: F811
    from quietdays.sharing import farewells

    farewell.ask(by=full.parent, child=full.child, typed_name="Noor")
    noon.shift(GRACE)
    with monkeypatch.context() as broken:
        broken.setattr(farewells, "_let_guests_go", _crash)
        with pytest.raises(RuntimeError):
            farewells.carry_out_due(house.NOW + GRACE)
    assert Child.objects.filter(pk=full.child.pk).exists()
    assert Farewell.objects.get().done_at is None
    farewells.carry_out_due(house.NOW + GRACE)
    assert not Child.objects.filter(pk=full.child.pk).exists()


def _crash(guests):
    raise RuntimeError("the power went")


# --- kept for a time that the family set


def test_what_nobody_touched_for_the_years_that_were_set_is_announced_first(parent, child, noon):
    update_child(by=parent, child=child, phone="", kept_years=2)
    house.cluster(parent, child, "2026-06-09 08:00")
    later = house.NOW + timedelta(days=2 * 365.25)
    do_chores(later - timedelta(days=2))
    assert farewell.standing(child) is None
    noon.move_to(later)
    do_chores(later)
    standing = farewell.standing(child)
    assert standing.due_at == later + GRACE
    assert standing.asked_by_id is None


@pytest.mark.parametrize("years", [0, 31])
def test_years_that_make_no_sense_are_refused(parent, child, years):
    with pytest.raises(ValidationError):
        update_child(by=parent, child=child, phone="", kept_years=years)
