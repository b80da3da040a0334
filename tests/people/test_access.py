"""The table of who may do what, and that every action keeps to it."""

from __future__ import annotations

import inspect
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.http import Http404

from quietdays.clinic import actions as clinic
from quietdays.diary import actions as diary
from quietdays.diary import clips
from quietdays.diary.models import Observation
from quietdays.diet import actions as diet
from quietdays.emergency import actions as emergency
from quietdays.hooks import actions as hooks
from quietdays.insights import actions as insights
from quietdays.medicines import actions as medicines
from quietdays.people import actions as people
from quietdays.people import farewell, tokens
from quietdays.people.access import MAY, Act, child_for, may, require
from quietdays.people.models import CareRole
from quietdays.people.queries import children_of, circle_of, is_clinician
from quietdays.quick import actions as quick
from quietdays.reminders import actions as reminders
from quietdays.sharing import actions as links
from quietdays.sharing.imports import batches, diary_csv, plan
from quietdays.sharing.imports.sources import Source
from quietdays.sharing.models import ImportBatch
from quietdays.sync import actions as sync
from tests import house
from tests.diary import films

pytestmark = pytest.mark.django_db
ROLES = list(CareRole.Role.values)

# Written out once more by hand, so that a slip in the code's own table is seen.
TABLE = """
           today  read  log  plan  prescribe  medicate  follow  talk  manage
parent       x     x     x    x                  x               x      x
carer        x           x
guest        x           x
dietitian    x     x     x    x       x                          x
neurologist  x     x     x    x       x          x        x      x
nurse        x     x     x    x                  x        x      x
reader       x     x
"""


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def allowed(role: str) -> set[str]:
    header, *lines = TABLE.strip("\n").splitlines()
    line = next(text for text in lines if text.split()[0] == role)
    marks = [i for i, letter in enumerate(line) if letter == "x" and i > len(role)]
    columns = {act: header.index(act) for act in header.split()}
    return {min(columns, key=lambda a: abs(columns[a] + len(a) / 2 - mark)) for mark in marks}


SUPPLY = {
    "kind": "strips",
    "name": "Strips",
    "unit": "strips",
    "amount": 50,
    "counted_at": house.NOW,
}
CARD = {
    "diagnosis": "Spasms",
    "rescue": "As planned",
    "expires_on": house.NOW.date() + timedelta(30),
}
FEED = {"name": "Tablet", "shows_details": False, "alarm_min": 0}


def a_meals_key(by, child) -> str:
    meal = house.plan(by, child, "2026-06-10 12:30", (house.food(by, child), 40))
    return f"meal:{meal.pk}:{int(meal.happened_at.timestamp())}"


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says(child, role, act):
    person = house.joined(child, role)
    assert may(person, child, act) is (act.value in allowed(role))
    assert (act in MAY[role]) is (act.value in allowed(role))


@pytest.mark.parametrize("act", list(Act))
def test_nobody_may_do_anything_without_a_role(child, act):
    stranger, _ = house.another_child()
    assert not may(stranger, child, act)
    with pytest.raises(PermissionDenied):
        require(stranger, child, act)


def portions(parent, child):
    return [diet.Portion(house.food(parent, child).composition, Decimal(10))]


def served(parent, child):
    return [diet.Served(house.food(parent, child).composition, Decimal(10))]


def a_step(parent, child):
    return house.step(parent, child, house.medicine(parent, child), date(2026, 6, 1))


LABEL = {
    "fat_g": Decimal(1),
    "protein_g": Decimal(1),
    "carbohydrate_g": Decimal(1),
    "carbohydrate_basis": "available",
    "source": "label",
    "per_unit": "g",
}


def another(role, child):
    """A second person of that role, beside the one who tries."""
    person = house.person("another@test.example")
    house.grant(child, person, role)
    return person


def a_plan(parent, child):
    return house.plan(parent, child, "2026-06-10 08:00", (house.food(parent, child), 1))


def a_recipe(parent, child):
    return house.recipe(parent, child, (house.food(parent, child), 1))


def a_line(child):
    return house.checklist(another("dietitian", child), child)[0]


def a_cluster(parent, child):
    return house.cluster(parent, child, "2026-06-09 07:30")


def times(text="2026-06-10 08:00"):
    return {"happened_at": house.at(text), "name": "Breakfast"}


def entry(by, child):
    return {"by": by, "child": child, "entry_id": house.new_id()}


# Every action that takes the acting person: the act it needs, and a call that would work.
# `p` is the child's parent, who prepares; `x` is whoever tries.
LINK = {
    "label": "Dr Okafor",
    "first": date(2026, 1, 1),
    "last": date(2026, 2, 1),
    "lasts": timedelta(days=7),
    "has_passcode": False,
}
TOKEN = {"name": "Display", "scopes": ["read"], "lasts": timedelta(days=7)}
HOOK = {"name": "Display", "url": "https://1.1.1.1/"}


def a_clinics_link(parent, child):
    lead = house.person("lead@test.example")
    clinic = people.create_clinic(name="Children’s", phone="", lead=lead, lead_role="nurse")
    code = people.invite_clinic(by=parent, child=child)
    return people.link_clinic(by=lead, clinic=clinic, code=code)


CALLS = {
    people.invite_guest: (
        Act.MANAGE,
        lambda p, x, c: people.invite_guest(by=x, child=c, lasts=timedelta(hours=12)),
    ),
    people.invite_clinic: (Act.MANAGE, lambda p, x, c: people.invite_clinic(by=x, child=c)),
    people.end_clinic: (
        Act.MANAGE,
        lambda p, x, c: people.end_clinic(by=x, child=c, link=a_clinics_link(p, c)),
    ),
    farewell.ask: (Act.MANAGE, lambda p, x, c: farewell.ask(by=x, child=c, typed_name=c.name)),
    farewell.call_off: (Act.MANAGE, lambda p, x, c: farewell.call_off(by=x, child=c)),
    clinic.set_limits: (Act.FOLLOW, lambda p, x, c: clinic.set_limits(**entry(x, c))),
    clinic.write_message: (
        Act.TALK,
        lambda p, x, c: clinic.write_message(**entry(x, c), text="Water?"),
    ),
    clinic.mark_read: (Act.TALK, lambda p, x, c: clinic.mark_read(by=x, child=c)),
    clinic.settle: (
        Act.TALK,
        lambda p, x, c: clinic.settle(
            by=x, message=clinic.write_message(**entry(p, c), text="Water?")
        ),
    ),
    hooks.make_hook: (Act.MANAGE, lambda p, x, c: hooks.make_hook(**entry(x, c), **HOOK)),
    **{
        act: (
            Act.MANAGE,
            lambda p, x, c, act=act: act(by=x, hook=hooks.make_hook(**entry(p, c), **HOOK)),
        )
        for act in (hooks.try_hook, hooks.resume_hook, hooks.end_hook)
    },
    tokens.make_token: (Act.MANAGE, lambda p, x, c: tokens.make_token(**entry(x, c), **TOKEN)),
    tokens.end_token: (
        Act.MANAGE,
        lambda p, x, c: tokens.end_token(by=x, token=tokens.make_token(**entry(p, c), **TOKEN)[0]),
    ),
    diary.nothing_seen_so_far: (
        Act.LOG,
        lambda p, x, c: diary.nothing_seen_so_far(by=x, child=c, now=house.NOW),
    ),
    diary.describe_watching: (
        Act.LOG,
        lambda p, x, c: diary.describe_watching(by=x, child=c, day=date(2026, 6, 9), parts={}),
    ),
    diary.save_check_in: (
        Act.LOG,
        lambda p, x, c: diary.save_check_in(**entry(x, c), day=date(2026, 6, 9), stress=2),
    ),
    clips.begin_clip: (Act.LOG, lambda p, x, c: films.begun(x, c, a_cluster(p, c), b"x")),
    clips.add_piece: (
        Act.LOG,
        lambda p, x, c: clips.add_piece(
            by=x,
            clip=films.begun(p, c, a_cluster(p, c), films.film(5000)),
            offset=0,
            data=films.film(5000),
        ),
    ),
    clips.delete_clip: (
        Act.LOG,
        lambda p, x, c: clips.delete_clip(by=x, clip=films.kept(p, c, a_cluster(p, c))),
    ),
    clips.bring_back_clip: (
        Act.LOG,
        lambda p, x, c: clips.bring_back_clip(by=x, clip=films.kept(p, c, a_cluster(p, c))),
    ),
    quick.make_button: (Act.LOG, lambda p, x, c: quick.make_button(**entry(x, c), name="Tag")),
    links.make_link: (Act.MANAGE, lambda p, x, c: links.make_link(**entry(x, c), **LINK)),
    links.end_link: (
        Act.MANAGE,
        lambda p, x, c: links.end_link(by=x, link=links.make_link(**entry(p, c), **LINK)[0]),
    ),
    quick.end_button: (
        Act.MANAGE,  # somebody else's; one's own anybody may
        lambda p, x, c: quick.end_button(
            by=x, token=quick.make_button(**entry(p, c), name="Tag")[0]
        ),
    ),
    emergency.sign_card: (
        Act.PRESCRIBE,
        lambda p, x, c: emergency.sign_card(**entry(x, c), **CARD),
    ),
    medicines.count_supply: (
        Act.LOG,
        lambda p, x, c: medicines.count_supply(**entry(x, c), **SUPPLY),
    ),
    medicines.change_supply: (
        Act.LOG,
        lambda p, x, c: medicines.change_supply(
            by=x, supply=medicines.count_supply(**entry(p, c), **SUPPLY).record, amount=3
        ),
    ),
    reminders.set_rules: (
        Act.MANAGE,
        lambda p, x, c: reminders.set_rules(by=x, child=c, escalate_min=30),
    ),
    reminders.set_turn: (Act.LOG, lambda p, x, c: reminders.set_turn(by=x, child=c, order=1)),
    reminders.answer: (
        Act.LOG,
        lambda p, x, c: reminders.answer(
            by=x, child=c, key=a_meals_key(p, c), what="seen", at=house.NOW
        ),
    ),
    reminders.make_feed: (Act.LOG, lambda p, x, c: reminders.make_feed(by=x, child=c, **FEED)),
    reminders.revoke_feed: (
        Act.MANAGE,  # somebody else's; one's own anybody may
        lambda p, x, c: reminders.revoke_feed(
            by=x, feed=reminders.make_feed(by=p, child=c, **FEED)[0]
        ),
    ),
    diet.prescribe: (
        Act.PRESCRIBE,
        lambda p, x, c: diet.prescribe(**entry(x, c), **house.PRESCRIBED),
    ),
    diet.add_food: (Act.PLAN, lambda p, x, c: diet.add_food(**entry(x, c), name="Oil", **LABEL)),
    diet.correct_food: (
        Act.PLAN,
        lambda p, x, c: diet.correct_food(
            by=x, child=c, food=house.food(p, c), name="Oil", **LABEL
        ),
    ),
    diet.check_label: (
        Act.PLAN,
        lambda p, x, c: diet.check_label(by=x, child=c, composition=house.food(p, c).composition),
    ),
    diet.mark_favourite: (
        Act.PLAN,
        lambda p, x, c: diet.mark_favourite(by=x, child=c, food=house.food(p, c)),
    ),
    diet.unmark_favourite: (
        Act.PLAN,
        lambda p, x, c: diet.unmark_favourite(by=x, child=c, food=house.food(p, c)),
    ),
    diet.plan_meal: (
        Act.PLAN,
        lambda p, x, c: diet.plan_meal(**entry(x, c), **times(), portions=portions(p, c)),
    ),
    diet.change_plan: (
        Act.PLAN,
        lambda p, x, c: diet.change_plan(
            by=x,
            meal=house.plan(p, c, "2026-06-10 08:00", (house.food(p, c), 1)),
            **times(),
            portions=portions(p, c),
        ),
    ),
    diet.copy_day_plan: (
        Act.PLAN,
        lambda p, x, c: diet.copy_day_plan(
            by=x, child=c, source=date(2026, 6, 9), target=date(2026, 6, 10)
        ),
    ),
    diet.copy_week_plan: (
        Act.PLAN,
        lambda p, x, c: diet.copy_week_plan(
            by=x,
            child=c,
            source=a_plan(p, c).local_time.date(),
            target=date(2026, 6, 17),
        ),
    ),
    diet.plan_meals: (
        Act.PLAN,
        lambda p, x, c: diet.plan_meals(
            by=x, child=c, plans=[diet.NewPlan(**times(), portions=portions(p, c))]
        ),
    ),
    diet.acknowledge: (
        Act.LOG,
        lambda p, x, c: diet.acknowledge(
            by=x, prescription=house.prescribe(another("neurologist", c), c)
        ),
    ),
    diet.start_checklist: (
        Act.PRESCRIBE,
        lambda p, x, c: diet.start_checklist(by=x, child=c, which="monitoring"),
    ),
    diet.add_checklist_item: (
        Act.PRESCRIBE,
        lambda p, x, c: diet.add_checklist_item(
            **entry(x, c), which="monitoring", heading="1 month", text="Visit"
        ),
    ),
    diet.tick_checklist_item: (
        Act.PRESCRIBE,
        lambda p, x, c: diet.tick_checklist_item(
            by=x, item=a_line(c), is_ticked=True, due_on=None, remark=""
        ),
    ),
    diet.remove_checklist_item: (
        Act.PRESCRIBE,
        lambda p, x, c: diet.remove_checklist_item(by=x, item=a_line(c)),
    ),
    diet.keep_recipe: (
        Act.PLAN,
        lambda p, x, c: diet.keep_recipe(**entry(x, c), name="Soup", portions=portions(p, c)),
    ),
    diet.change_recipe: (
        Act.PLAN,
        lambda p, x, c: diet.change_recipe(
            by=x, recipe=a_recipe(p, c), name="Stew", portions=portions(p, c)
        ),
    ),
    diet.set_recipe_photo: (
        Act.PLAN,
        lambda p, x, c: diet.set_recipe_photo(by=x, recipe=a_recipe(p, c), data=house.picture()),
    ),
    diet.remove_recipe_photo: (
        Act.PLAN,
        lambda p, x, c: diet.remove_recipe_photo(by=x, recipe=a_recipe(p, c)),
    ),
    diet.log_breastfeed: (
        Act.LOG,
        lambda p, x, c: diet.log_breastfeed(
            **entry(x, c),
            happened_at=house.at("2026-06-10 08:00"),
            breast_minutes=10,
            breast_ml=None,
        ),
    ),
    diet.change_breastfeed: (
        Act.LOG,
        lambda p, x, c: diet.change_breastfeed(
            by=x,
            meal=house.breastfeed(p, c, "2026-06-10 08:00"),
            breast_ml=None,
            breast_minutes=9,
        ),
    ),
    diet.sort_off_plan: (
        Act.LOG,
        lambda p, x, c: diet.sort_off_plan(
            by=x,
            meal=house.eat(p, c, "2026-06-10 08:00", off_plan="a spoon of pear"),
            entry_id=house.new_id(),
            served=served(p, c),
            rest="",
        ),
    ),
    diet.log_meal: (
        Act.LOG,
        lambda p, x, c: diet.log_meal(**entry(x, c), **times(), served=served(p, c)),
    ),
    diet.change_meal: (
        Act.LOG,
        lambda p, x, c: diet.change_meal(
            by=x,
            meal=house.eat(p, c, "2026-06-10 08:00", (house.food(p, c), 1)),
            happened_at=house.at("2026-06-10 08:00"),
            lefts=[Decimal(0)],
        ),
    ),
    medicines.add_medicine: (
        Act.MEDICATE,
        lambda p, x, c: medicines.add_medicine(**entry(x, c), name="B"),
    ),
    medicines.change_medicine: (
        Act.MEDICATE,
        lambda p, x, c: medicines.change_medicine(by=x, medicine=house.medicine(p, c), name="B"),
    ),
    medicines.add_step: (
        Act.MEDICATE,
        lambda p, x, c: medicines.add_step(
            **entry(x, c),
            medicine=house.medicine(p, c),
            effective_from=date(2026, 6, 1),
            change="start",
        ),
    ),
    medicines.add_taper: (
        Act.MEDICATE,
        lambda p, x, c: medicines.add_taper(
            **entry(x, c),
            medicine=house.medicine(p, c),
            steps=[medicines.TaperStep(0, date(2026, 6, 1), Decimal(5), ["08:00"])],
            stop_on=None,
            written_by="Dr",
        ),
    ),
    medicines.change_step: (
        Act.MEDICATE,
        lambda p, x, c: medicines.change_step(by=x, step=a_step(p, c), note="as written"),
    ),
    medicines.delete_step: (
        Act.MEDICATE,
        lambda p, x, c: medicines.delete_step(by=x, step=a_step(p, c)),
    ),
    medicines.give_dose: (
        Act.LOG,
        lambda p, x, c: medicines.give_dose(
            **entry(x, c),
            medicine=house.medicine(p, c),
            happened_at=house.at("2026-06-10 08:00"),
            amount=Decimal(1),
        ),
    ),
    medicines.change_dose: (
        Act.LOG,
        lambda p, x, c: medicines.change_dose(
            by=x,
            dose=house.dose(p, c, house.medicine(p, c), "2026-06-10 08:00"),
            amount=Decimal(2),
        ),
    ),
    sync.apply_batch: (
        Act.LOG,
        lambda p, x, c: sync.apply_batch(
            by=x, child=c, device=house.new_id(), clock=house.NOW, operations=[]
        ),
    ),
    insights.lock_baseline: (Act.MANAGE, lambda p, x, c: lock(p, x, c)),
    people.update_child: (
        Act.MANAGE,
        lambda p, x, c: people.update_child(by=x, child=c, name="Nora", phone=""),
    ),
    people.travel: (
        Act.LOG,
        lambda p, x, c: people.travel(by=x, child=c, time_zone="Asia/Tokyo", since=house.NOW),
    ),
    people.end_role: (
        Act.MANAGE,
        lambda p, x, c: people.end_role(by=x, child=c, care_role=another_parent(c)),
    ),
    people.invite: (Act.MANAGE, lambda p, x, c: people.invite(by=x, child=c, role="reader")),
    batches.keep_file: (
        Act.MANAGE,
        lambda p, x, c: batches.keep_file(
            by=x, child=c, entry_id=house.new_id(), file=BytesIO(DIARY), size=len(DIARY), name="d"
        ),
    ),
    batches.bring_in: (
        Act.MANAGE,
        lambda p, x, c: batches.bring_in(
            by=x, draft=handed_in(p, c), source=Source.DIARY, answers={}
        ),
    ),
    batches.undo_batch: (
        Act.MANAGE,
        lambda p, x, c: batches.undo_batch(by=x, batch=brought_in(p, c)),
    ),
    plan.preview: (
        Act.MANAGE,
        lambda p, x, c: plan.preview(by=x, child=c, reading=diary_csv.read_diary(DIARY, c)),
    ),
    plan.carry_out: (
        Act.MANAGE,
        lambda p, x, c: plan.carry_out(by=x, child=c, reading=diary_csv.read_diary(DIARY, c)),
    ),
    diary_csv.import_diary: (
        Act.MANAGE,
        lambda p, x, c: diary_csv.import_diary(
            by=x, child=c, data=b"date,clusters\n2026-06-01,1\n"
        ),
    ),
}


DIARY = b"date,clusters,observed\n2026-06-01,1,yes\n"


def handed_in(p, c):
    told = {"file": BytesIO(DIARY), "size": len(DIARY), "name": "diary.csv"}
    return batches.keep_file(by=p, child=c, entry_id=house.new_id(), **told)


def brought_in(p, c):
    draft = handed_in(p, c)
    key = draft.pk
    batches.bring_in(by=p, draft=draft, source=Source.DIARY, answers={})
    return ImportBatch.objects.get(pk=key)


def lock(p, x, c):
    people.update_child(by=p, child=c, diet_started_on=date(2026, 6, 1), phone="")
    house.cluster(p, c, "2026-05-20 08:00")
    return insights.lock_baseline(by=x, child=c)


def another_parent(child):
    person = people.create_account(
        email="second@test.example", name="Per", password="three words here"
    )
    return people.grant_role(child=child, person=person, role="parent")


@pytest.mark.parametrize("action", CALLS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_every_action_keeps_to_the_table(parent, child, role, action):
    act, call = CALLS[action]
    person = house.another_child()[0] if role == "stranger" else house.joined(child, role)
    if role != "stranger" and act.value in allowed(role):
        call(parent, person, child)
    else:
        with pytest.raises(PermissionDenied):
            call(parent, person, child)


def test_every_action_that_takes_a_person_is_tried_here():
    """create_family makes the very circle that the table is about; how a person is reached is
    their own, for every child: tests/reminders/test_pages.py."""
    rooms = (
        farewell,
        clinic,
        diary,
        clips,
        diet,
        emergency,
        insights,
        medicines,
        people,
        tokens,
        hooks,
        quick,
        reminders,
        sync,
        diary_csv,
        plan,
        batches,
        links,
    )
    own = {
        reminders.subscribe, reminders.add_email, reminders.add_service, reminders.need_own,
        reminders.set_channel_quiet, reminders.move_first, reminders.end_channel, reminders.test,
        # a clinic's own staff: tests/people/test_clinics.py
        people.link_clinic, people.invite_staff, people.let_go, people.make_lead,
    }  # fmt: skip
    taking_a_person = {
        function
        for room in rooms
        for name, function in vars(room).items()
        if inspect.isfunction(function)
        and function.__module__.startswith(room.__name__)
        and not name.startswith("_")
        and "by" in inspect.signature(function).parameters
    }
    assert taking_a_person == set(CALLS) | {people.create_family} | own


# --- who sees whom


def test_a_child_outside_the_circle_is_as_if_there_were_none(parent, child):
    stranger, other = house.another_child()
    assert child_for(parent, child.pk) == child
    for person, unknown in ((stranger, child.pk), (parent, other.pk), (parent, house.new_id())):
        with pytest.raises(Http404):
            child_for(person, unknown)


def test_a_role_that_ended_opens_nothing_any_more(parent, child, join):
    nurse = join("nurse")
    people.end_role(by=parent, child=child, care_role=child.care_roles.get(person=nurse))
    assert not may(nurse, child, Act.READ)
    assert list(children_of(nurse)) == []
    assert nurse not in [r.person for r in circle_of(child)]
    with pytest.raises(Http404):
        child_for(nurse, child.pk)
    assert child.care_roles.filter(person=nurse).count() == 1  # that it was stays readable


@pytest.mark.parametrize("role", ROLES)
def test_clinicians_are_dietitian_neurologist_and_nurse(child, role):
    assert is_clinician(house.joined(child, role)) is (
        role in {"dietitian", "neurologist", "nurse"}
    )


def test_observations_of_a_refused_person_are_not_half_written(child, join):
    with pytest.raises(PermissionDenied):
        diary.nothing_seen_so_far(by=join("reader"), child=child, now=house.NOW)
    assert Observation.objects.count() == 0
