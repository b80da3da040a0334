"""Every page for everybody: who sees it, what an impossible address or a garbled form does.

A new route without a line in ROUTES fails here, and so does one that answers with a crash.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.clinic.actions import write_message
from quietdays.diary.clips import delete_clip
from quietdays.diary.models import CheckIn, DayTotal, Observation, SpasmCluster
from quietdays.diet.actions import set_recipe_photo
from quietdays.diet.models import MealEaten, PlannedMeal
from quietdays.hooks.actions import make_hook
from quietdays.people.actions import (
    create_clinic,
    grant_role,
    invite_clinic,
    link_clinic,
    update_child,
)
from quietdays.people.entries import take_back
from quietdays.people.models import Person
from quietdays.people.tokens import make_token
from quietdays.quick.actions import make_button
from quietdays.reminders.actions import add_email, make_feed
from quietdays.sharing.actions import make_link
from quietdays.sharing.imports.batches import bring_in, keep_file
from quietdays.sharing.imports.sources import Source
from quietdays.sharing.models import ImportBatch
from tests import house
from tests.diary import films
from tests.web.matrix import DAY, ROLES, ROUTES

pytestmark = pytest.mark.django_db

# What answers with a file to download and not with a page.
FILES = ("recipe-photo", "clip", "emergency-pdf", "patient-summary", "archive-file", "csv")


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def hand_in(by, child, data):
    told = {"file": BytesIO(data), "size": len(data), "name": "diary.csv"}
    return keep_file(by=by, child=child, entry_id=house.new_id(), **told)


class House:
    """A child with one of everything, and somebody signed in for each kind of visitor."""

    def __init__(self, parent, child) -> None:
        self.parent, self.child = parent, child
        self.people = {"parent": parent}
        for role in ROLES[1:]:
            self.people[role] = house.joined(child, role)
        self.people["stranger"], self.other = house.another_child()
        update_child(by=parent, child=child, diet_started_on=date(2026, 4, 6), phone="")
        self.prescription = house.prescribe(self.people["dietitian"], child)
        self.food = house.meal_food(parent, child)
        self.recipe = house.recipe(parent, child, (self.food, 100))
        set_recipe_photo(by=parent, recipe=self.recipe, data=house.picture())
        self.feed = house.feed(parent, child, (self.food, 100))
        self.breastfeed = house.breastfeed(parent, child, f"{DAY} 03:00")
        self.words = house.eat(parent, child, f"{DAY} 15:00", off_plan="a spoon of pear")
        self.line = house.checklist(self.people["dietitian"], child, "contraindications")[0]
        self.cluster = house.cluster(parent, child, f"{DAY} 07:30")
        self.plan = house.plan(parent, child, f"{DAY} 08:00", (self.food, 100))
        self.meal = house.eat(parent, child, f"{DAY} 12:00", (self.food, 100))
        self.medicine = house.medicine(parent, child)
        self.step = house.step(parent, child, self.medicine, date(2026, 6, 1))
        self.dose = house.dose(parent, child, self.medicine, f"{DAY} 08:00")
        self.role = child.care_roles.get(person=self.people["reader"])
        self.clip = films.kept(parent, child, self.cluster)
        self.gone_clip = films.kept(parent, child, self.cluster)
        delete_clip(by=parent, clip=self.gone_clip)
        self.button, _ = make_button(by=parent, child=child, entry_id=house.new_id(), name="Tag")
        self.supply = house.supply(parent, child, self.medicine)
        self.channel = add_email(by=parent, address="pia@mail.example")
        asked = {"name": "Tablet", "shows_details": False, "alarm_min": 0}
        self.calendar, _ = make_feed(by=parent, child=child, **asked)
        self.access, _ = make_token(
            by=parent,
            child=child,
            entry_id=house.new_id(),
            name="Display",
            scopes=["read"],
            lasts=timedelta(days=7),
        )
        self.hook = make_hook(
            by=parent,
            child=child,
            entry_id=house.new_id(),
            name="Display",
            url="https://1.1.1.1/",
        )
        self.clinic = create_clinic(
            name="Children’s", phone="", lead=house.person("lead@test.example"), lead_role="nurse"
        )
        self.clinic_link = link_clinic(
            by=Person.objects.get(email="lead@test.example"),
            clinic=self.clinic,
            code=invite_clinic(by=parent, child=child),
        )
        self.message = write_message(by=parent, child=child, entry_id=house.new_id(), text="Hm?")
        period = {"first": child.birth_date, "last": child.today()}
        self.link = make_link(
            by=parent,
            child=child,
            entry_id=house.new_id(),
            label="Dr Okafor",
            **period,
            lasts=timedelta(days=7),
            has_passcode=False,
        ).link

        self.draft = hand_in(parent, child, b"date,clusters\n2026-06-08,3\n")
        other = hand_in(parent, child, b"date,clusters\n2025-10-05,3\n")
        key = other.pk
        bring_in(by=parent, draft=other, source=Source.DIARY, answers={})
        self.batch = ImportBatch.objects.get(pk=key)

    def arguments(self, name: str, *, unknown: bool = False) -> list[object]:
        own = {
            "cluster_id": self.cluster, "plan_id": self.plan, "meal_id": self.meal,
            "food_id": self.food, "medicine_id": self.medicine, "dose_id": self.dose,
            "step_id": self.step, "role_id": self.role, "recipe_id": self.recipe,
            "feed_id": self.feed, "breastfeed_id": self.breastfeed, "words_id": self.words,
            "prescription_id": self.prescription, "line_id": self.line,
            "clip_id": self.clip, "gone_clip_id": self.gone_clip, "token_id": self.button,
            "supply_id": self.supply, "channel_id": self.channel, "calendar_id": self.calendar, "link_id": self.link,
            "draft_id": self.draft, "batch_id": self.batch,
            "clinic_link_id": self.clinic_link, "message_id": self.message,
            "access_id": self.access, "hook_id": self.hook,
        }  # fmt: skip
        found: list[object] = []
        for word in ROUTES[name][1]:
            if word in own:
                found.append(house.new_id() if unknown else own[word].pk)
            else:
                found.append(date.fromisoformat(word) if word == DAY else word)
        return found

    def url(self, name: str, **kwargs: bool) -> str:
        return reverse(name, args=[self.child.pk, *self.arguments(name, **kwargs)])

    def client(self, visitor: str, **kwargs: bool) -> Client:
        client = Client(raise_request_exception=False, **kwargs)
        if visitor != "nobody":
            client.force_login(self.people[visitor])
        return client


@pytest.fixture
def place(parent, child) -> House:
    return House(parent, child)


VISITORS = (*ROLES, "stranger")


# Each of these asks for every route in one house: making a house takes longer than all of them.
BUTTONS = [n for n, route in ROUTES.items() if route[2] == 405]
OF_SOMETHING = [n for n, route in ROUTES.items() if any("_id" in word for word in route[1])]


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_page_opens_for_those_who_may_and_for_nobody_else(place, visitor):
    client, found, expected = place.client(visitor), {}, {}
    for name, (who, _, status) in ROUTES.items():
        response = client.get(place.url(name))
        found[name] = response.status_code
        if status == 405:
            expected[name] = 405
        elif visitor == "stranger":
            expected[name] = 404
            assert place.child.name not in response.content.decode()
        else:
            expected[name] = status if visitor in who else 403
    assert found == expected


@pytest.mark.parametrize("visitor", VISITORS)
def test_a_button_works_for_those_who_may_and_for_nobody_else(place, visitor):
    posted = {
        "undo": {"kind": "cluster", "ids": str(place.cluster.pk)},
        "invite": {"role": "carer"},
        "invite-guest": {"lasts": "12"},
        "travel": {"time_zone": "Asia/Tokyo"},
    }
    client, before = place.client(visitor), house.rows()
    refused = 404 if visitor == "stranger" else 403
    for name in BUTTONS:
        with transaction.atomic():
            if name == "restore":
                take_back(place.cluster, by=place.parent)
                before = house.rows()
            status = client.post(place.url(name), posted.get(name, {})).status_code
            if visitor in ROUTES[name][0]:
                assert status in (200, 302), name
            else:
                assert status == refused, name
                assert house.rows() == before, name
            transaction.set_rollback(True)
        place.cluster.refresh_from_db()
        if name == "restore":
            before = house.rows()


def test_nobody_sees_a_page_without_signing_in(place):
    client = place.client("nobody")
    for name in ROUTES:
        ask = client.post if name in BUTTONS else client.get
        response = ask(place.url(name))
        assert response.status_code == 302, name
        assert response.url.startswith(reverse("sign-in")), name


def test_an_unknown_thing_of_the_own_child_is_not_found(place):
    found = {}
    for name in OF_SOMETHING:
        client = place.client("parent" if "parent" in ROUTES[name][0] else "dietitian")
        ask = client.post if name in BUTTONS else client.get
        found[name] = ask(place.url(name, unknown=True)).status_code
    assert found == dict.fromkeys(OF_SOMETHING, 404)


def test_a_thing_of_another_child_is_not_found_under_the_own_one(place):
    """The stranger asks for this child's entries by way of their own child."""
    client, before = place.client("stranger"), house.rows()
    for name in OF_SOMETHING:
        url = place.url(name).replace(str(place.child.pk), str(place.other.pk))
        refused = 404 if "parent" in ROUTES[name][0] else 403  # a parent may not do it at all
        if name not in BUTTONS:
            assert client.get(url).status_code == refused, name
        assert client.post(url).status_code == refused, name
    assert house.rows() == before


@pytest.mark.parametrize("visitor", ["parent", "dietitian", "stranger", "nobody"])
def test_pages_outside_a_child_open_or_lead_to_the_door(place, visitor):
    client = place.client(visitor)
    inside = {"home": {200, 302}, "children": {200}, "new-child": {200}, "welcome": {302}}
    for name, statuses in inside.items():
        status = client.get(reverse(name)).status_code
        expected = {200 if name == "welcome" else 302} if visitor == "nobody" else statuses
        assert status in expected, name
    assert client.get(reverse("health")).status_code == 200
    assert client.get(reverse("join", args=["made-up"])).status_code == 404
    assert client.get("/nothing/here/").status_code == 404


def test_a_family_with_nothing_entered_sees_every_page(parent, child):
    client = Client()
    client.force_login(parent)
    for name, (who, arguments, status) in ROUTES.items():
        is_page = status == 200 and name not in FILES
        if "parent" in who and is_page and not any("_id" in a for a in arguments):
            days = [date.fromisoformat(a) if a == DAY else a for a in arguments]
            response = client.get(reverse(name, args=[child.pk, *days]))
            assert response.status_code == 200, name


# --- addresses that cannot be


NO_DAYS = (
    "2026-13-01", "2026-02-30", "0000-00-00", "0001-01-01", "1000-01-01", "9999-12-31",
    "2026-6-9", "20260609", "yesterday", "２026-06-09",
)  # fmt: skip


@pytest.mark.parametrize("name", [n for n, r in ROUTES.items() if DAY in r[1]])
def test_a_date_that_cannot_be_is_not_found(place, name):
    client = place.client("parent")
    send = client.post if name in BUTTONS else client.get
    found = {day: send(place.url(name).replace(DAY, day)).status_code for day in NO_DAYS}
    assert found == dict.fromkeys(NO_DAYS, 404)


@pytest.mark.parametrize("name", ["watching", "check-in", "diary-day"])
def test_a_day_that_has_not_come_is_not_found(place, name):
    url = place.url(name).replace(DAY, "2026-06-11")
    assert place.client("parent").get(url).status_code == 404
    assert place.client("parent").post(url, {"id": house.new_id()}).status_code == 404
    assert CheckIn.objects.count() == Observation.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    ["diary/?month=0000-00", "diary/?month=0001-01", "diary/?month=9999-12", "diary/?month=x",
     "diary/?month=%00", "foods/?q=%00", "foods/?q=" + "x" * 500, "foods/?q=%25_'\"",
     "build/?day=9999-12-31", "build/?day=0001-01-01", "build/?day=x",
     "report/?first=x&last=", "report/?first=0001-01-01&last=9999-12-31",
     "log/nothing/", "log/observation/", "entry/cluster/not-an-id/"],
)  # fmt: skip
def test_a_strange_query_never_breaks_a_page(place, query):
    response = place.client("parent").get(f"/c/{place.child.pk}/{query}")
    assert response.status_code in (200, 400, 404)


@pytest.mark.parametrize(
    "query",
    ["", "?first=x&last=y", "?first=2026-06-09", "?first=2026-06-09&last=2026-06-08",
     "?first=0001-01-01&last=2026-06-09", "?first=2026-06-01&last=9999-12-31",
     "?first=2025-08-31&last=2026-06-09", "?first=%00&last=%00"],
)  # fmt: skip
def test_a_report_of_a_period_that_cannot_be_goes_back_to_the_form(place, query):
    response = place.client("parent").get(place.url("report-pdf") + query)
    assert response.status_code == 400
    assert b"errorlist" in response.content


# --- forms

GOOD: dict[str, dict[str, str]] = {
    "add-entry": {
        "happened_at": "2026-06-10T07:00", "spasm_count": "7", "count_kind": "exact",
        "certainty": "sure",
    },
    "edit-entry": {
        "happened_at": "2026-06-10T07:00", "spasm_count": "7", "count_kind": "exact",
        "certainty": "sure",
    },
    "check-in": {"stress": "3", "sleep_hours": "12,5"},
    "watching": {"morning": "watched", "night": "monitor", "afternoon": "", "evening": ""},
    "build-meal": {"happened_at": "2026-06-11T08:00", "name": "Feed", "food": "FOOD", "amount": "9,5"},
    "edit-plan": {"happened_at": "2026-06-11T08:00", "name": "Feed", "food": "FOOD", "amount": "9,5"},
    "eat-planned": {"happened_at": "2026-06-10T08:00", "vomited": "no", "left-0": "10"},
    "eat-unplanned": {
        "happened_at": "2026-06-10T08:00", "vomited": "no", "food": "FOOD", "amount": "9,5",
        "name": "Bottle",
    },
    "meal": {"happened_at": "2026-06-10T08:00", "vomited": "some", "left-0": "10"},
    "prescribe": {
        "diet_kind": "classical", "route": "oral", "weight_basis": "actual",
        "snacks_per_day": "0", "effective_from": "2026-06-10", "ratio": "3", "energy_kcal": "620", "protein_g": "12",
        "meals_per_day": "4", "carbohydrate_basis": "available", "ratio_under_percent": "10",
        "ratio_over_percent": "15", "energy_under_percent": "10", "energy_over_percent": "10",
        "carbohydrate_over_percent": "10", "carbohydrate_over_g": "0,3",
    },
    "add-food": {
        "name": "Oil", "per_unit": "g", "per_amount": "100", "fat_g": "92", "protein_g": "0",
        "carbohydrate_g": "0", "carbohydrate_basis": "available",
    },
    "correct-food": {
        "name": "Oil", "per_unit": "g", "per_amount": "100", "fat_g": "92", "protein_g": "0",
        "carbohydrate_g": "0", "carbohydrate_basis": "available",
    },
    "add-medicine": {
        "name": "Vitamin D", "unit": "drops", "carbohydrate_source": "sheet",
        "carbohydrate_checked_on": "2026-06-10",
    },
    "medicine-step": {
        "effective_from": "2026-06-10", "change": "up", "dose": "10", "times": "8:00",
        "written_by": "Dr",
    },
    "taper": {
        "from_0": "2026-06-10", "dose_0": "10", "times_0": "8:00", "from_1": "2026-06-17",
        "dose_1": "5", "stop_on": "2026-06-24", "written_by": "Dr",
    },
    "give-dose": {"happened_at": "2026-06-10T08:00", "outcome": "given", "amount": "8"},
    "edit-dose": {"happened_at": "2026-06-10T08:00", "outcome": "given", "amount": "8"},
    "child-settings": {
        "what": "child", "child_name": "Nora", "birth_date": "2025-09-01", "sex": "female",
        "time_zone": "Europe/Berlin", "diet_started_on": "2026-04-06", "glucose_unit": "mg/dL",
        "weight_unit": "g", "phone": "", "scale_step_g": "0.5", "summary_weekday": "3",
    },
    "invite": {"role": "carer"},
    "travel": {"time_zone": "Asia/Tokyo"},
    "undo": {"kind": "cluster", "ids": ""},
    "import-diary": {},
    "add-supply": {
        "kind": "strips", "name": "Strips", "unit": "strips", "amount": "50", "per_day": "2",
        "counted_at": "2026-06-10T08:00", "warn_days": "7", "expires_on": "2026-12-31",
    },
    "edit-supply": {
        "kind": "medicine", "medicine": "MEDICINE", "amount": "120,5", "warn_days": "10",
        "counted_at": "2026-06-10T08:00",
    },
    "sign-emergency": {
        "diagnosis": "Infantile spasms", "rescue": "As the plan says", "call_number": "112",
        "expires_on": "2026-12-01", "contacts": "Dr Okafor, +49 30 5550 0100",
    },
    "reminders": {
        "what": "turn", "turn-order": "1", "turn-kinds": "medicine", "turn-snooze_min": "10",
        "turn-quiet_from": "22:00", "turn-quiet_until": "06:00", "turn-shows_details": "on",
    },
    "channel": {"quiet_from": "22:00", "quiet_until": "06:00"},
    "tokens": {"name": "Display", "scopes": "read", "lasts": "7"},
    "webhooks": {"name": "Display", "url": "https://1.1.1.1/told"},
    "messages": {"text": "How much water?"},
    "set-limits": {
        "glucose_low": "3,0", "glucose_unit": "mmol/L", "urine_high": "4",
        "clusters_per_day": "2,5", "silent_days": "4",
    },
    "nothing-seen": {},
    "lock-baseline": {},
    "copy-plan": {},
}  # fmt: skip
SHOWN_ONCE = ("invite", "tokens", "webhooks")
FORMS = [n for n in GOOD if GOOD[n] and n not in ("undo", "watching")]


def poster(name: str) -> str:
    if name == "set-limits":
        return "neurologist"
    return "dietitian" if name in ("prescribe", "sign-emergency") else "parent"


def filled(place: House, name: str, /, **changes: str) -> dict[str, str]:
    data = {"id": str(house.new_id()), **GOOD[name]} | changes
    named = {"FOOD": place.food, "MEDICINE": place.medicine}
    return {k: str(named[v].pk) if v in named else v for k, v in data.items()}


def post(place: House, name: str, data: dict[str, str]):
    return place.client(poster(name)).post(place.url(name), data)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_filled_in_well_is_saved_and_said_back(place, name):
    response = post(place, name, filled(place, name))
    assert response.status_code == (200 if name in SHOWN_ONCE else 302), response.content.decode()


@pytest.mark.parametrize("name", ["add-entry", "build-meal", "eat-unplanned", "prescribe",
                                  "add-food", "add-medicine", "give-dose", "check-in", "add-supply", "sign-emergency",
                                  "eat-planned", "medicine-step", "taper"])  # fmt: skip
def test_a_form_sent_twice_is_stored_once(place, name):
    """Peer defect 12."""
    data = filled(place, name)
    assert post(place, name, data).status_code == 302
    once = {k: n for k, n in house.rows().items() if "Historical" not in k}
    again = post(place, name, data)
    assert again.status_code == 302
    assert {k: n for k, n in house.rows().items() if "Historical" not in k} == once


# Their button says everything.
SAYS_ALL = ("nothing-seen", "copy-plan", "delete", "restore", "end-role", "acknowledge",
            "start-checklist", "change-channel", "undo-import", "import-draft", "try-hook",
            "invite-clinic", "end-clinic", "settle", "read-")  # fmt: skip


def test_an_empty_body_changes_nothing(place):
    house.watch(place.parent, place.child, date(2026, 6, 9), morning="watched")
    live = Observation.objects.live().count()
    before = house.rows()
    for name in [n for n in ROUTES if not n.startswith((*SAYS_ALL, "lock-baseline"))]:
        assert post(place, name, {}).status_code < 500, name
        assert house.rows() == before, name
        assert Observation.objects.live().count() == live, name
    assert post(place, "lock-baseline", {}).status_code < 500


BAD = [
    ("add-entry", "happened_at", "2026-06-10T13:00"),
    ("add-entry", "happened_at", "2026-03-29T02:30"),
    ("add-entry", "happened_at", "2024-01-01T08:00"),
    ("add-entry", "happened_at", "9999-12-31T23:59"),
    ("add-entry", "spasm_count", "0"),
    ("add-entry", "spasm_count", "9" * 30),
    ("add-entry", "spasm_count", "9" * 5000),
    ("add-entry", "duration_s", "1" + "0" * 308),
    ("add-entry", "duration_s", "9000"),
    ("add-entry", "count_kind", "lots"),
    ("add-entry", "note", "a\0b"),
    ("add-entry", "id", "not an id"),
    ("edit-entry", "spasm_count", "-1"),
    ("check-in", "sleep_hours", "1e5"),
    ("check-in", "sleep_hours", "99"),
    ("check-in", "night_wakings", "9" * 25),
    ("check-in", "stress", "6"),
    ("build-meal", "happened_at", "x"),
    ("build-meal", "name", ""),
    ("eat-planned", "left-0", "101"),
    ("eat-planned", "left-0", "9" * 400),
    ("meal", "left-0", "-1"),
    ("meal", "happened_at", "2026-06-10T13:00"),
    ("prescribe", "protein_g", "60"),
    ("prescribe", "energy_kcal", "9" * 60),
    ("prescribe", "ratio", "3,14159"),
    ("prescribe", "effective_from", "0001-01-01"),
    ("prescribe", "effective_from", "9999-12-31"),
    ("prescribe", "meals_per_day", "25"),
    ("prescribe", "fluid_ml", "9" * 25),
    ("add-food", "fibre_g", "1" + "0" * 60),
    ("add-food", "energy_kcal", "1" + "0" * 60),
    ("add-food", "per_amount", "0"),
    ("add-food", "fat_g", "1.234,5"),
    ("correct-food", "carbohydrate_basis", "both"),
    ("add-medicine", "name", ""),
    ("add-medicine", "carbohydrate_g_per_unit", "9" * 60),
    ("add-medicine", "strength_mg_per_unit", "9" * 60),
    ("medicine-step", "rules", "x" * 1001),
    ("medicine-step", "hours_between", "9" * 60),
    ("medicine-step", "every_days", "9" * 25),
    ("medicine-step", "times", "8"),
    ("medicine-step", "dose", "9" * 60),
    ("medicine-step", "effective_from", "2026-06-31"),
    ("taper", "from_1", "2026-06-10"),
    ("taper", "from_1", ""),
    ("taper", "from_0", "2026-06-01"),
    ("taper", "dose_1", "9" * 60),
    ("taper", "dose_1", "0"),
    ("taper", "every_1", "29"),
    ("taper", "times_0", "8"),
    ("taper", "times_0", ""),
    ("taper", "stop_on", "2026-06-17"),
    ("taper", "stop_on", "2026-06-01"),
    ("give-dose", "amount", "0"),
    ("give-dose", "amount", "9" * 60),
    ("edit-dose", "happened_at", "2026-06-10T13:00"),
    ("child-settings", "birth_date", "0001-01-01"),
    ("child-settings", "birth_date", "2027-01-01"),
    ("child-settings", "diet_started_on", "9999-12-31"),
    ("child-settings", "time_zone", "Mars/Olympus"),
    ("child-settings", "summary_weekday", "7"),
    ("child-settings", "child_name", "x" * 121),
    ("add-supply", "kind", "wine"),
    ("add-supply", "name", ""),
    ("add-supply", "unit", ""),
    ("add-supply", "amount", "-1"),
    ("add-supply", "amount", "9" * 60),
    ("add-supply", "per_day", "0"),
    ("add-supply", "warn_days", "0"),
    ("add-supply", "warn_days", "9" * 25),
    ("add-supply", "expires_on", "2026-02-30"),
    ("add-supply", "counted_at", "2026-06-11T08:00"),
    ("edit-supply", "medicine", ""),
    ("edit-supply", "medicine", "not an id"),
    ("sign-emergency", "diagnosis", ""),
    ("sign-emergency", "diagnosis", "x" * 201),
    ("sign-emergency", "call_number", "the doctor"),
    ("sign-emergency", "expires_on", "2026-12-11"),  # seven months
    ("sign-emergency", "expires_on", "2026-02-30"),
    ("reminders", "turn-order", "3"),
    ("reminders", "turn-kinds", "dreams"),
    ("reminders", "turn-snooze_min", "7"),
    ("reminders", "turn-quiet_from", ""),
    ("reminders", "turn-quiet_until", "25:00"),
    ("channel", "quiet_until", ""),
    ("webhooks", "name", ""),
    ("webhooks", "url", ""),
    ("webhooks", "url", "http://1.1.1.1/"),
    ("webhooks", "url", "https://127.0.0.1/"),
    ("webhooks", "url", "https://[::1]/"),
    ("webhooks", "url", "https://user@1.1.1.1/"),
    ("webhooks", "url", "https://1.1.1.1:99999/"),
    ("webhooks", "url", "nothing"),
    ("webhooks", "url", "https://1.1.1.1/" + "x" * 500),
    ("tokens", "name", ""),
    ("tokens", "name", "x" * 81),
    ("tokens", "scopes", "everything"),
    ("tokens", "scopes", ""),
    ("tokens", "lasts", "366"),
    ("tokens", "id", "not an id"),
    ("messages", "text", " "),
    ("messages", "text", "x" * 4001),
    ("set-limits", "glucose_low", "300"),
    ("set-limits", "glucose_low", "3 0"),
    ("set-limits", "glucose_unit", "g"),
    ("set-limits", "urine_high", "9"),
    ("set-limits", "silent_days", "0"),
]


@pytest.mark.parametrize("name", sorted({name for name, _, _ in BAD}))
def test_a_bad_value_is_named_at_its_field_and_nothing_is_written(place, name):
    before = house.rows()
    for field, value in [(f, v) for n, f, v in BAD if n == name]:
        told = f"{field}={value[:20]!r}"
        response = post(place, name, filled(place, name, **{field: value}))
        html = response.content.decode()
        assert response.status_code == 200, (told, html[:300])
        assert house.rows() == before, told
        assert "Not saved yet" in html, told
        marked = f'id="id_{field}_error"' in html
        hidden = field == "id" and 'class="error"' in html
        assert marked or hidden, (told, re.findall(r'id="id_\w+_error"', html))


@pytest.mark.parametrize(
    ("amount", "words"),
    [("", "Enter one number"), ("x", "Enter one number"), ("0", "above 0"), ("5001", "above 0")],
)
@pytest.mark.parametrize("name", ["build-meal", "edit-plan", "eat-unplanned"])
def test_a_bad_amount_is_named_in_its_row_with_what_was_typed(place, name, amount, words):
    before = house.rows()
    response = post(place, name, filled(place, name, amount=amount))
    html = response.content.decode()
    assert response.status_code == 200
    assert f'data-amount="{amount}"' in html
    assert re.search(rf'data-error="[^"]*{words}', html)
    assert house.rows() == before


def test_a_meal_of_nothing_is_refused_with_a_reason(place):
    for name in ("build-meal", "eat-unplanned"):
        data = filled(place, name)
        del data["food"], data["amount"]
        response = post(place, name, data)
        assert response.status_code == 200
        assert "Add " in response.content.decode()


# A time, a count, a number, a choice, an id: what people, browsers and bots send instead.
garbage = st.sampled_from(
    ["", " ", "\0", "-1", "0", "9" * 30, "9" * 4999, "1e308", "NaN", "Infinity", "1,5", "1.234,5",
     "2026-02-30", "0001-01-01", "9999-12-31", "2026-06-10T99:00", "9999-12-31T23:59",
     "0001-01-01T00:00", "true", "null", "[]", "{}", "<script>", "é" * 50, "\u202e", "x" * 5000,
     "00000000-0000-0000-0000-000000000000", "Europe/Berlin", "watched", "no", "given", "exact"]
) | st.text(max_size=40)  # fmt: skip


@settings(max_examples=12)
@given(st.data())
@pytest.mark.parametrize("name", [n for n in GOOD if n not in ("import-diary",)])
def test_garbage_never_breaks_a_form_and_is_never_half_written(place, name, data):
    fields = [*filled(place, name), "note", "reason", "off_plan", "fluid_ml", "duration_s"]
    changes = data.draw(
        st.dictionaries(st.sampled_from(fields), garbage, min_size=1, max_size=len(fields))
    )
    body = filled(place, name, **changes)
    if data.draw(st.booleans()):
        body = {k: v for k, v in body.items() if k in changes}
    with transaction.atomic():
        before = house.rows()
        response = post(place, name, body)
        assert response.status_code < 500, response.content.decode()[:300]
        after = house.rows()
        if response.status_code != 302 and name not in (*SHOWN_ONCE, "travel"):
            assert after == before
        for meal in (*PlannedMeal.objects.live(), *MealEaten.objects.live()):
            told = getattr(meal, "off_plan", "").strip() or getattr(meal, "breast_minutes", None)
            assert meal.items.exists() or told
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01", b"date,clusters\n2026-06-09,1,2\n", b"\xff\xfe", b"a" * 9000]
)
def test_a_file_that_is_no_diary_is_refused_with_its_row(place, data):
    before = house.rows()
    upload = SimpleUploadedFile("diary.csv", data)
    body = {"file": upload, "id": str(house.new_id())}
    response = place.client("parent").post(place.url("import-diary"), body)
    assert response.status_code == 400
    assert re.search(r"[Rr]ow\s*\d", response.content.decode())
    assert house.rows() == before


def test_a_diary_with_a_wrong_row_is_looked_at_and_cannot_come_in(place):
    upload = SimpleUploadedFile("diary.csv", b"date,clusters\n2026-06-08,3\n2026-06-09,x\n")
    body = {"file": upload, "id": str(house.new_id())}
    client = place.client("parent")
    draft = client.post(place.url("import-diary"), body).url
    before = house.rows()
    page = client.get(draft).content.decode()
    assert "clusters is “x”, which is no number" in page
    assert "Bring in what is new" not in page
    assert client.post(draft).status_code == 400
    assert house.rows() == before


def test_a_diary_comes_in_through_the_page(place):
    upload = SimpleUploadedFile("diary.csv", b"date,clusters\n2026-06-08,3\n")
    body = {"file": upload, "id": str(house.new_id())}
    client = place.client("parent")
    response = client.post(place.url("import-diary"), body)
    assert client.post(response.url).status_code == 302
    assert DayTotal.objects.of(place.child).get(date=date(2026, 6, 8)).clusters == 3


# --- what the pages themselves must never do


def test_a_check_in_beside_the_other_parents_adds_and_blanks_nothing_out(place):
    """Peer defect 14: a full replacement erased what the form did not know."""
    first = filled(place, "check-in", stress="", sleep_hours="12,5", note="slept well")
    second = filled(place, "check-in", stress="4", sleep_hours="")
    assert post(place, "check-in", first).status_code == 302
    assert post(place, "check-in", second).status_code == 302
    stored = CheckIn.objects.get()
    assert (stored.stress, float(stored.sleep_hours), stored.note) == (4, 12.5, "slept well")
    opened = filled(place, "check-in", id=str(stored.pk), stress="", sleep_hours="11")
    assert post(place, "check-in", opened).status_code == 302
    stored.refresh_from_db()
    assert (stored.stress, float(stored.sleep_hours)) == (None, 11)


def test_a_part_that_the_page_did_not_send_stays_as_it_was(place):
    house.watch(place.parent, place.child, date(2026, 6, 9), morning="watched", night="monitor")
    post(place, "watching", {"evening": "watched", "night": ""})
    live = {o.part: o.watch for o in Observation.objects.live()}
    assert live == {"morning": "watched", "evening": "watched"}
    before = house.rows()
    response = post(place, "watching", {"evening": "asleep"})
    assert response.status_code == 200
    assert "Choose one of the answers" in response.content.decode()
    assert house.rows() == before


def test_a_second_dose_soon_after_is_asked_about_and_never_blocked(place):
    first = filled(place, "give-dose")
    assert post(place, "give-dose", first).status_code == 302
    second = filled(place, "give-dose", happened_at="2026-06-10T08:30")
    asked = post(place, "give-dose", second)
    assert asked.status_code == 200
    assert "Pia gave Vigabatrin 8 mL at 08:00" in asked.content.decode()
    assert post(place, "give-dose", second | {"reason": "spat out"}).status_code == 302


def test_undo_on_the_page_takes_back_once_however_often_it_is_tapped(place):
    client = place.client("parent")
    body = {"kind": "cluster", "ids": str(place.cluster.pk)}
    for _ in range(3):
        assert client.post(place.url("undo"), body).status_code == 302
        assert SpasmCluster.objects.live().count() == 0


@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "x", "ids": ""}, {"kind": "cluster", "ids": "1"}, {"kind": "cluster", "ids": "\0"},
     {"kind": "cluster", "ids": ",,"}],
    ids=str,
)  # fmt: skip
def test_undo_of_nothing_is_not_found(place, body):
    assert place.client("parent").post(place.url("undo"), body).status_code == 404


def test_undo_that_another_entry_stands_against_is_said_and_not_a_crash(place):
    first = house.enter(CheckIn, place.parent, place.child, date=date(2026, 6, 9), stress=1)
    take_back(first, by=place.parent)
    house.enter(CheckIn, place.parent, place.child, date=date(2026, 6, 9), stress=5)
    client = place.client("parent")
    client.post(place.url("undo"), {"kind": "check-in", "ids": str(first.pk)})
    [told] = client.get(f"/api/v1/children/{place.child.pk}/today").json()["messages"]
    assert told["is_error"]
    assert "already" in told["text"]
    restore = reverse("restore", args=[place.child.pk, "check-in", first.pk])
    response = client.post(restore, follow=True)
    assert response.status_code == 200
    assert "already" in response.content.decode()
    assert CheckIn.objects.live().get().stress == 5


def test_undo_leads_back_only_within_the_childs_own_pages(place):
    client = place.client("parent")
    for back in ("https://evil.example/", "//evil.example", "/c/other/", ""):
        body = {"kind": "cluster", "ids": str(place.cluster.pk), "back": back}
        assert client.post(place.url("undo"), body).url == f"/c/{place.child.pk}/"


def test_a_deleted_entry_can_be_brought_back_from_its_list(place):
    client = place.client("parent")
    client.post(place.url("delete-entry"))
    assert SpasmCluster.objects.live().count() == 0
    listed = client.get(place.url("deleted")).content.decode()
    assert place.url("restore") in listed
    client.post(place.url("restore"))
    assert SpasmCluster.objects.live().count() == 1
    assert client.post(place.url("restore")).status_code == 404


def test_a_new_family_opens_a_diary_all_or_nothing(db):
    body = {
        "id": str(house.new_id()), "child_name": "Ada", "birth_date": "2026-01-01",
        "sex": "female", "time_zone": "Europe/Berlin", "diet_started_on": "2025-12-01",
        "name": "Nils", "email": "nils@test.example", "password": "three words here",
    }  # fmt: skip
    client = Client(raise_request_exception=False)
    before = house.rows()
    for changes in ({}, {"birth_date": "2027-01-01", "diet_started_on": ""}, {"email": "x"},
                    {"password": "short"}, {"time_zone": "x"}, {"name": "\0"}):  # fmt: skip
        response = client.post(reverse("welcome"), body | changes)
        assert response.status_code == 200
        assert house.rows() == before
    response = client.post(reverse("welcome"), body | {"diet_started_on": ""})
    assert response.status_code == 302
    assert response.url.startswith("/c/")


def test_a_link_lets_a_new_person_join_once(place):
    from quietdays.people.actions import invite

    token = invite(by=place.parent, child=place.child, role="nurse")
    url = reverse("join", args=[token])
    client = place.client("nobody")
    body = {"name": "Nia", "email": "nia@test.example", "password": "three words here"}
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 200
    assert client.post(url, body).status_code == 302
    assert place.client("nobody").post(url, body | {"email": "two@test.example"}).status_code == 404
    assert place.child.care_roles.filter(person__email="nia@test.example").count() == 1


def test_a_parent_who_opens_the_own_link_stays_a_parent(place):
    from quietdays.people.actions import invite

    token = invite(by=place.parent, child=place.child, role="reader")
    response = place.client("parent").post(reverse("join", args=[token]))
    assert response.status_code == 200
    assert "parent here already" in response.content.decode()
    assert place.child.care_roles.get(person=place.parent, ended_at=None).role == "parent"


@pytest.mark.parametrize("name", ["nothing-seen", "undo", "travel", "invite", "delete-entry"])
def test_a_form_without_its_token_is_refused(place, name):
    before = house.rows()
    client = place.client("parent", enforce_csrf_checks=True)
    response = client.post(place.url(name), filled(place, name) if name in GOOD else {})
    assert response.status_code == 403
    assert "open for too long" in response.content.decode()
    assert house.rows() == before


def test_home_is_the_night_log_and_for_clinicians_the_overview(place):
    home = place.url("child-home")
    for visitor, address in (
        ("parent", f"/log/?child={place.child.pk}"),
        ("reader", f"/log/?child={place.child.pk}"),
        ("neurologist", place.url("clinic")),
        ("dietitian", place.url("clinic")),
    ):
        assert place.client(visitor).get(home)["Location"] == address
    page = place.client("neurologist").get(place.url("diary")).content.decode()
    assert "/log/" not in page  # a clinic's machine keeps nothing of a child


def test_pages_may_load_nothing_from_elsewhere(place):
    response = place.client("parent").get(place.url("diary"))
    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY"
    for name, (who, _, status) in ROUTES.items():
        if status == 200 and name not in FILES:
            visitor = "parent" if "parent" in who else "dietitian"
            html = place.client(visitor).get(place.url(name)).content.decode()
            assert not re.search(r'(src|href)="(https?:)?//', html), name
            assert not re.search(r"\son\w+=|javascript:|style=\"", html), name


def test_a_name_is_shown_as_text_and_never_run(parent, child, join):
    evil = '<script>alert(1)</script>"onload="x'
    update_child(by=parent, child=child, name=evil, phone=evil[:40])
    grant_role(child=child, person=join("nurse"), role="nurse")
    house.food(parent, child, evil)
    house.medicine(parent, child, evil)
    house.cluster(parent, child, f"{DAY} 07:30", note=evil)
    house.cluster(parent, child, "2026-06-10 07:30", note=evil)
    client = Client()
    client.force_login(parent)
    for name, (who, arguments, status) in ROUTES.items():
        is_page = status == 200 and name not in FILES
        if is_page and "parent" in who and not any("_id" in a for a in arguments):
            days = [date.fromisoformat(a) if a == DAY else a for a in arguments]
            html = client.get(reverse(name, args=[child.pk, *days])).content.decode()
            assert "<script>alert" not in html, name


def test_the_tests_look_at_the_templates_that_are_shipped():
    assert (Path(__file__).parents[2] / "src/quietdays/web/templates/web/base.html").exists()


def test_the_second_who_logs_a_feed_sees_the_first_and_keeps_what_was_typed(place):
    """Two tabs, one planned feed: the left-over of the second is never dropped in silence."""
    first = filled(place, "eat-planned")
    second = filled(place, "eat-planned") | {"id": str(house.new_id()), "left-0": "3,5"}
    assert post(place, "eat-planned", first).status_code == 302
    page = post(place, "eat-planned", second)
    text = page.content.decode()
    assert page.status_code == 200
    assert "logged this meal" in text
    assert 'value="3,5"' in text
    logged = MealEaten.objects.live().get(planned=place.plan)
    assert f'action="{reverse("meal", args=[place.child.pk, logged.pk])}"' in text
