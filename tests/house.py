"""Short ways to fill a diary in a test. Everything goes through the project's own actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.apps import apps

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=BERLIN)  # a Wednesday
TODAY = NOW.date()
BORN = date(2025, 9, 1)  # the child of tests/conftest.py
PRESCRIBED = {
    "effective_from": date(2026, 3, 2),
    "ratio": Decimal(3),
    "energy_kcal": Decimal(620),
    "protein_g": Decimal(12),
    "meals_per_day": 4,
}  # each of 4 meals: 155 kcal, 15 g fat, 3 g protein, 2 g carbohydrate


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """A local time where the child is: at("2026-06-09 07:30")."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def new_id():
    from quietdays.records.ids import new_id as make

    return make()


def enter(model, by, child, **values):
    from quietdays.people.entries import enter as enter_record

    return enter_record(model, by=by, child=child, entry_id=new_id(), **values).record


def cluster(by, child, when: str, spasms: int | None = 5, **values):
    from quietdays.diary.models import SpasmCluster

    kind = "unknown" if spasms is None else "exact"
    values = {"count_kind": kind, "spasm_count": spasms} | values
    return enter(SpasmCluster, by, child, happened_at=at(when), **values)


def eeg(by, child, day: date, **values):
    from quietdays.diary.models import Eeg
    from quietdays.people.access import Act
    from quietdays.people.entries import enter as enter_record

    asked = {"by": by, "child": child, "entry_id": new_id(), "act": Act.FOLLOW, "date": day}
    return enter_record(Eeg, **asked, **values).record


def watch(by, child, day: date, **parts: str) -> None:
    """watch(by, child, day, morning="watched", night="monitor")"""
    from quietdays.diary.actions import describe_watching
    from quietdays.science.days import DayPart, Watch

    said = {DayPart(part): Watch(state) for part, state in parts.items()}
    describe_watching(by=by, child=child, day=day, parts=said)


WHOLE_DAY = {"night": "monitor", "morning": "watched", "afternoon": "watched", "evening": "watched"}


def food(by, child, name="Cream", *, fat="36", protein="2", carbohydrate="3", **values):
    from quietdays.diet.actions import add_food

    values = {"carbohydrate_basis": "available", "source": "label", "per_unit": "g"} | values
    return add_food(
        by=by,
        child=child,
        entry_id=new_id(),
        name=name,
        fat_g=Decimal(fat),
        protein_g=Decimal(protein),
        carbohydrate_g=Decimal(carbohydrate),
        **values,
    )


def meal_food(by, child):
    """A food of which 100 g are exactly one meal of PRESCRIBED."""
    return food(by, child, "A whole meal", fat="15", protein="3", carbohydrate="2")


def recipe(by, child, *portions, name="Cream pudding", **values):
    from quietdays.diet.actions import Portion, keep_recipe

    rows = [Portion(f.composition, Decimal(str(g))) for f, g in portions]
    return keep_recipe(
        by=by, child=child, entry_id=new_id(), name=name, portions=rows, **values
    ).record


def feed(by, child, *portions, bottles=4, volume_ml=400):
    return recipe(
        by,
        child,
        *portions,
        name="Bottle",
        kind="feed",
        servings=bottles,
        volume_ml=Decimal(volume_ml),
    )


def breastfeed(by, child, when: str, minutes=12, volume_ml=None):
    from quietdays.diet.actions import log_breastfeed

    return log_breastfeed(
        by=by,
        child=child,
        entry_id=new_id(),
        happened_at=at(when),
        breast_minutes=minutes,
        breast_ml=None if volume_ml is None else Decimal(volume_ml),
    ).record


def checklist(by, child, which="monitoring"):
    from quietdays.diet.actions import start_checklist

    return start_checklist(by=by, child=child, which=which)


def picture(size=(40, 30), kind="PNG") -> bytes:
    import io

    from PIL import Image

    kept = io.BytesIO()
    Image.new("RGB", size, (200, 120, 60)).save(kept, kind)
    return kept.getvalue()


def plan(by, child, when: str, *portions, name="Breakfast"):
    from quietdays.diet.actions import Portion, plan_meal

    rows = [Portion(f.composition, Decimal(str(g))) for f, g in portions]
    return plan_meal(
        by=by, child=child, entry_id=new_id(), happened_at=at(when), name=name, portions=rows
    ).record


def eat(by, child, when: str, *portions, planned=None, name="Breakfast", **values):
    """`portions` are (food, offered) or (food, offered, left)."""
    from quietdays.diet.actions import Served, log_meal

    rows = [
        Served(f.composition, Decimal(str(g)), Decimal(str(left[0] if left else 0)))
        for f, g, *left in portions
    ]
    return log_meal(
        by=by,
        child=child,
        entry_id=new_id(),
        happened_at=at(when),
        name=name,
        served=rows,
        planned=planned,
        **values,
    ).record


def prescribe(by, child, **changes):
    from quietdays.diet.actions import prescribe as sign

    return sign(by=by, child=child, entry_id=new_id(), **(PRESCRIBED | changes))


def medicine(by, child, name="Vigabatrin", **values):
    from quietdays.medicines.actions import add_medicine

    return add_medicine(by=by, child=child, entry_id=new_id(), name=name, **values).record


def step(
    by, child, medicine, day: date, change="start", dose="8", times=("08:00", "20:00"), **values
):
    from quietdays.medicines.actions import add_step

    return add_step(
        by=by,
        child=child,
        entry_id=new_id(),
        medicine=medicine,
        effective_from=day,
        change=change,
        dose=None if dose is None else Decimal(dose),
        times=list(times),
        **values,
    ).record


def supply(by, child, medicine, amount="100", **values):
    from quietdays.medicines.actions import count_supply

    told = {}
    if medicine is not None:
        told = {"kind": "medicine", "name": medicine.name, "unit": medicine.unit}
    return count_supply(
        by=by,
        child=child,
        entry_id=new_id(),
        medicine=medicine,
        amount=Decimal(amount),
        **(told | {"counted_at": NOW} | values),
    ).record


def dose(by, child, medicine, when: str, amount="8", **values):
    from quietdays.medicines.actions import give_dose

    return give_dose(
        by=by,
        child=child,
        entry_id=new_id(),
        medicine=medicine,
        happened_at=at(when),
        amount=None if amount is None else Decimal(amount),
        **values,
    ).record


def person(email: str, name: str = "Ida"):
    """Somebody with an account, and nobody for any child."""
    from quietdays.people.actions import create_account

    return create_account(email=email, name=name, password="three words here")


def grant(child, someone, role: str) -> None:
    """A role for the child; a guest's lasts two days."""
    from django.utils import timezone

    from quietdays.people.actions import grant_role

    ends_at = timezone.now() + timedelta(days=2) if role == "guest" else None
    grant_role(child=child, person=someone, role=role, ends_at=ends_at)


def joined(child, role: str):
    """One more person with that role for the child."""
    someone = person(f"joined-{role}@test.example", role.capitalize())
    grant(child, someone, role)
    return someone


def another_child(email="other@test.example", name="Sami"):
    """A child of another family, with its own parent: (parent, child)."""
    from quietdays.people.actions import create_account, create_family

    parent = create_account(email=email, name="Ottilie", password="three words here")
    child = create_family(
        by=parent,
        child_name=name,
        birth_date=BORN,
        sex="male",
        time_zone="Europe/Berlin",
    )
    return parent, child


# Who is signed in, who looked, and what a list keeps a copy of: written by looking alone.
_OF_LOOKING = frozenset({"people.SignedIn", "people.TrailEntry", "clinic.Glance"})


def rows() -> dict[str, int]:
    """How many rows every table of the project has: what was written, if anything was."""
    return {
        model._meta.label: model._default_manager.count()
        for model in apps.get_models()
        if model.__module__.startswith("quietdays.") and model._meta.label not in _OF_LOOKING
    }
