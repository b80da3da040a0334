"""The demo: one family with the sample diary and a full month of entries, and a clinic of 25.

Everything is made through the same actions and the same importer that people use. All
names and numbers are invented.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from quietdays.diary.actions import describe_watching
from quietdays.diary.models import CheckIn, Kind, Measurement, Question, SpasmCluster, Unit, Visit
from quietdays.diet.actions import (
    Portion,
    Served,
    acknowledge,
    log_meal,
    plan_meal,
    prescribe,
)
from quietdays.diet.models import Food, PlannedMeal, Vomited
from quietdays.diet.queries import prescription_on
from quietdays.insights.actions import issue_due, lock_baseline
from quietdays.insights.days import diary_days
from quietdays.medicines.actions import add_medicine, add_step, count_supply, give_dose
from quietdays.medicines.models import Medicine, Schedule
from quietdays.people.actions import (
    create_account,
    create_clinic,
    create_family,
    grant_role,
    invite_clinic,
    invite_staff,
    join_clinic,
    link_clinic,
    update_child,
)
from quietdays.people.entries import amend, enter
from quietdays.people.models import CareRole, Child, Person
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write
from quietdays.reminders.actions import set_turn
from quietdays.reminders.models import Turn
from quietdays.science.days import DayPart, DiaryDay, Watch
from quietdays.sharing.demo_clinic import make_clinics_side, make_worries
from quietdays.sharing.demo_kitchen import keep_recipes
from quietdays.sharing.imports.diary_csv import import_diary
from quietdays.sharing.report import DEFAULT_DAYS
from quietdays.sharing.sample import DAYS_ON_DIET, MEDICINE, sample_diary

DEMO_PASSWORD = "quiet-days-demo"  # noqa: S105  printed on the start page of every demo
_PEOPLE = {
    "parent": ("mira@demo.example", "Mira (mother)"),
    "second": ("jonas@demo.example", "Jonas (father)"),
    "dietitian": ("dietitian@demo.example", "Elif Aydın, dietitian"),
    "neurologist": ("neurologist@demo.example", "Dr Ruth Okafor, neurologist"),
}
_ZONE = "Europe/Berlin"
_FULL_DAYS = 28  # so many days have every single entry, not only the diary's daily line

# Grams for a baby of about 8 kg at 3:1, four feeds; chosen so that each meets its target.
_MEALS = {
    time(7, 30): ("Breakfast", {"usda-sr28:01123": "20", "usda-sr28:01053": "12.9",
                                "usda-sr28:01145": "12.5", "usda-sr28:09302": "32.4"}),
    time(12, 0): ("Lunch", {"usda-sr28:05064": "9", "usda-sr28:11125": "38.3",
                            "usda-sr28:04053": "13", "usda-sr28:01053": "9.8"}),
    time(16, 0): ("Afternoon feed", {"usda-sr28:01107": "20", "usda-sr28:01053": "8.3",
                                       "usda-sr28:04582": "8.1", "usda-sr28:01125": "18.5"}),
    time(19, 30): ("Supper", {"usda-sr28:15237": "4.6", "usda-sr28:11136": "73.8",
                              "usda-sr28:01145": "4.6", "usda-sr28:01053": "34"}),
}  # fmt: skip
_ONSET_HOURS = (6, 6, 7, 7, 9, 12, 14, 15, 17, 19, 20, 3)  # mostly soon after waking


def people_to_show() -> list[Person]:
    """The demo's accounts, to be printed at the start; empty in a house without the demo."""
    emails = [email for email, _ in _PEOPLE.values()]
    return list(Person.objects.filter(email__in=emails).order_by("date_joined"))


def make_demo(*, say: Callable[[str], None]) -> bool:
    """Make the demo family and clinic in an empty house; answers whether it did."""
    if Person.objects.exists():
        return False
    say("making the demo family (invented names and numbers)")
    people = {
        key: create_account(email=email, name=name, password=DEMO_PASSWORD)
        for key, (email, name) in _PEOPLE.items()
    }
    with one_write():
        _family(people)
    say("making a clinic of 25 children")
    with one_write():
        _clinic(people)
    say("the demo is ready")
    return True


def _let_clinic_in(child: Child, people: dict[str, Person]) -> None:
    """As a family does it: a clinic's lead types the code that the parent made."""
    clinic = create_clinic(
        name="Demo Children’s Hospital",
        phone="+49 30 5550 0100",
        lead=people["neurologist"],
        lead_role=CareRole.Role.NEUROLOGIST,
    )
    token = invite_staff(by=people["neurologist"], clinic=clinic, role=CareRole.Role.DIETITIAN)
    join_clinic(person=people["dietitian"], token=token)
    code = invite_clinic(by=people["parent"], child=child)
    link_clinic(by=people["neurologist"], clinic=clinic, code=code)


def _family(people: dict[str, Person]) -> None:
    today = timezone.now().date()
    started = today - timedelta(days=DAYS_ON_DIET)
    child = create_family(
        by=people["parent"],
        child_name="Noor",
        birth_date=started - timedelta(days=251),
        sex="female",
        time_zone=_ZONE,
        diet_started_on=started,
    )
    update_child(by=people["parent"], child=child, phone="+49 30 5550 0142")
    grant_role(child=child, person=people["second"], role=CareRole.Role.PARENT)
    _let_clinic_in(child, people)
    set_turn(by=people["parent"], child=child, order=Turn.Order.FIRST)
    set_turn(by=people["second"], child=child, order=Turn.Order.NEXT)
    chance = random.Random(7)  # noqa: S311  invented entries, not secrets
    _prescriptions(child, people["dietitian"], started)
    medicine = _medicines(child, people["parent"], started)
    csv = sample_diary(today - timedelta(days=1)).encode()
    import_diary(by=people["parent"], child=child, data=csv)
    raised = Schedule.objects.of(child).get(change="up")
    amend(
        raised,
        by=people["parent"],
        dose=Decimal(10),
        times=["08:00", "20:00"],
        written_by="Dr Ruth Okafor",
    )
    lock_baseline(by=people["parent"], child=child)
    first = today - timedelta(days=_FULL_DAYS)
    parents = [people["parent"], people["second"]]
    for day in diary_days(child, first, today - timedelta(days=1)):
        _full_day(child, day, parents, medicine, chance)
    _measurements(child, people["parent"], started, today, chance)
    keep_recipes(child, people["parent"])
    current = prescription_on(child, today)
    if current is not None:
        acknowledge(by=people["parent"], prescription=current)
    _today(child, today, parents, medicine)
    _supplies(child, people["parent"], medicine)
    enter(
        Question,
        by=people["parent"],
        child=child,
        entry_id=new_id(),
        date=today - timedelta(days=3),
        text="May the morning dose be given before she is fully awake?",
    )
    for days, note in ((1 - DEFAULT_DAYS, "The diet began."), (10, "")):
        enter(
            Visit,
            by=people["parent"],
            child=child,
            entry_id=new_id(),
            happened_at=_local(today + timedelta(days=days), time(10, 30)),
            whom="Dr Ruth Okafor, neurology clinic",
            note=note,
        )
    make_clinics_side(child, people, started)
    # As if the family had been here from the first diet day on.
    Child.objects.filter(pk=child.pk).update(created_at=_local(started, time(9)))
    child.refresh_from_db()
    issue_due(child, now=timezone.now())


def _prescriptions(child: Child, dietitian: Person, started: date) -> None:
    for after, ratio, note in (
        (0, "2", "First days in hospital."),
        (3, "3", "3:1 in four feeds. Weigh to 0.1 g and scrape the bowl. Offer water freely."),
    ):
        prescribe(
            by=dietitian,
            child=child,
            entry_id=new_id(),
            effective_from=started + timedelta(days=after),
            ratio=Decimal(ratio),
            energy_kcal=Decimal(700),
            protein_g=Decimal("13.5"),
            meals_per_day=4,
            meal_slots=[
                {"name": name, "at": f"{at:%H:%M}", "percent": 25.0}
                for at, (name, _) in _MEALS.items()
            ],
            fluid_ml=900,
            leftover_rule="Finish the cream first, then the rest. Write down what is left.",
            note=note,
        )


def _medicines(child: Child, parent: Person, started: date) -> Medicine:
    medicine = add_medicine(
        by=parent,
        child=child,
        entry_id=new_id(),
        name=MEDICINE,
        form="500 mg sachet, dissolved in 10 mL (50 mg/mL)",
        unit="mL",
        strength_mg_per_unit=Decimal(50),
    ).record
    add_step(
        by=parent,
        child=child,
        entry_id=new_id(),
        medicine=medicine,
        effective_from=started - timedelta(days=60),
        change="start",
        dose=Decimal(8),
        times=["08:00", "20:00"],
        written_by="Dr Ruth Okafor",
    )
    _rescue(child, parent, started)
    return medicine


def _rescue(child: Child, parent: Person, started: date) -> None:
    rescue = add_medicine(
        by=parent, child=child, entry_id=new_id(), name="Rescue medicine (demo)", unit="mL"
    ).record
    add_step(
        by=parent,
        child=child,
        entry_id=new_id(),
        medicine=rescue,
        effective_from=started,
        change="start",
        how="rescue",
        rules="Here stand the words of the child's own team. The demo has none.",
        written_by="Dr Ruth Okafor",
    )


def _supplies(child: Child, parent: Person, medicine: Medicine) -> None:
    """A bottle that ends within the week, and strips that do not."""
    counted: list[dict[str, Any]] = [
        {"kind": "medicine", "medicine": medicine, "name": medicine.name, "unit": medicine.unit,
         "amount": Decimal(100)},
        {"kind": "strips", "name": "Ketone strips", "unit": "strips", "amount": Decimal(50),
         "per_day": Decimal(2), "expires_on": child.today() + timedelta(days=200)},
    ]  # fmt: skip
    for values in counted:
        count_supply(by=parent, child=child, entry_id=new_id(), counted_at=timezone.now(), **values)


def _full_day(
    child: Child, day: DiaryDay, parents: list[Person], medicine: Medicine, chance: random.Random
) -> None:
    """Single entries that add up to the diary's line of that day."""
    by = chance.choice(parents)
    if day.clusters is None:
        return  # the family wrote nothing that day
    _clusters(child, day, parents, chance)
    describe_watching(
        by=by,
        child=child,
        day=day.date,
        parts={
            DayPart.NIGHT: Watch.MONITOR,
            DayPart.MORNING: Watch.WATCHED,
            DayPart.AFTERNOON: Watch.WATCHED if chance.random() < 0.8 else Watch.NOT_WATCHED,
            DayPart.EVENING: Watch.WATCHED,
        },
    )
    check_in = CheckIn.objects.of(child).filter(date=day.date).first()
    if check_in is not None:
        amend(
            check_in,
            by=by,
            alertness=chance.choice([2, 3, 3, 4, 4]),
            feeding=chance.choice([2, 3, 3, 4, 4]),
            behaviour=chance.choice([2, 3, 3, 4, 4]),
            night_wakings=chance.choice([0, 1, 1, 2, 3]),
            woke_at=time(chance.choice((5, 6, 6)), chance.randrange(60)),
        )
    for at in _MEALS:
        _meal(child, day.date, at, by, chance)
    for text in ("08:00", "20:00"):
        if chance.random() < 0.95:
            _dose(child, medicine, _local(day.date, time.fromisoformat(text)), by)


def _clusters(child: Child, day: DiaryDay, parents: list[Person], chance: random.Random) -> None:
    left = day.spasms or 0
    number = day.clusters or 0
    for i in range(number):
        last = i == number - 1
        fair = max(1, round(left / (number - i) * chance.uniform(0.6, 1.4)))
        spasms = left if last else min(fair, left - (number - i - 1))
        left -= spasms
        at = _local(day.date, time(chance.choice(_ONSET_HOURS), chance.randrange(60)))
        enter(
            SpasmCluster,
            by=chance.choice(parents),
            child=child,
            entry_id=new_id(),
            happened_at=at,
            spasm_count=spasms,
            count_kind="exact" if spasms <= 20 else "estimated",
            duration_s=spasms * chance.randrange(6, 14),
            state_at_onset="on_waking" if at.astimezone(child.zone).hour < 8 else "awake",
        )


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=ZoneInfo(_ZONE))


def _plan(child: Child, day: date, at: time, by: Person) -> PlannedMeal:
    name, grams = _MEALS[at]
    foods = {f.source_key: f for f in Food.objects.filter(source_key__in=grams)}
    return plan_meal(
        by=by,
        child=child,
        entry_id=new_id(),
        happened_at=_local(day, at),
        name=name,
        slot=list(_MEALS).index(at) + 1,
        portions=[Portion(foods[key].composition, Decimal(g)) for key, g in grams.items()],
    ).record


def _meal(child: Child, day: date, at: time, by: Person, chance: random.Random) -> None:
    planned = _plan(child, day, at, by)
    dice = chance.random()
    if dice < 0.07:
        return  # not logged
    items = list(planned.items.select_related("composition__food"))
    served = [Served(i.composition, i.amount) for i in items]
    if dice < 0.17:  # some of one food was left over
        i = chance.randrange(len(items))
        left = (items[i].amount * Decimal("0.5")).quantize(Decimal("0.1"))
        served[i] = Served(items[i].composition, items[i].amount, left)
    log_meal(
        by=by,
        child=child,
        entry_id=new_id(),
        happened_at=planned.happened_at + timedelta(minutes=chance.randrange(5, 40)),
        name=planned.name,
        planned=planned,
        served=served,
        vomited=Vomited.SOME if dice > 0.985 else Vomited.NO,
    )


def _dose(child: Child, medicine: Medicine, at: datetime, by: Person) -> None:
    give_dose(
        by=by,
        child=child,
        entry_id=new_id(),
        medicine=medicine,
        happened_at=at + timedelta(minutes=6),
        amount=Decimal(10),
    )


def _measurements(
    child: Child, by: Person, started: date, today: date, chance: random.Random
) -> None:
    def measure(kind: str, value: str, unit: str, at: datetime) -> None:
        enter(
            Measurement,
            by=by,
            child=child,
            entry_id=new_id(),
            happened_at=at,
            kind=kind,
            value=Decimal(value),
            unit=unit,
        )

    for number in range(-14, DAYS_ON_DIET):
        day = started + timedelta(days=number)
        if number % 7 == 0:
            grams = 7650 + 19 * (number + 14) + chance.randrange(-40, 40)
            measure(Kind.WEIGHT, f"{grams / 1000:.3f}", Unit.KG, _local(day, time(9, 0)))
        if number >= 1 and number % 2 == 0:
            level = min(3.4, 0.6 + 0.35 * number) + chance.gauss(0, 0.4)
            measure(
                Kind.KETONES_BLOOD, f"{max(0.3, level):.1f}", Unit.MMOL_L, _local(day, time(18, 20))
            )
            measure(
                Kind.GLUCOSE, f"{chance.uniform(3.4, 4.9):.1f}", Unit.MMOL_L,
                _local(day, time(18, 22)),
            )  # fmt: skip


def _today(child: Child, today: date, parents: list[Person], medicine: Medicine) -> None:
    """Plans for today and tomorrow; the morning's entries when the morning is over."""
    for day in (today, today + timedelta(days=1)):
        for at in _MEALS:
            _plan(child, day, at, parents[0])
    now = timezone.now()
    morning = _local(today, time(7, 12))
    if morning < now:
        enter(
            SpasmCluster,
            by=parents[1],
            child=child,
            entry_id=new_id(),
            happened_at=morning,
            spasm_count=6,
            count_kind="exact",
            duration_s=70,
            state_at_onset="on_waking",
        )
    if _local(today, time(8, 10)) < now:
        _dose(child, medicine, _local(today, time(8, 0)), parents[0])


_NAMES = (
    "Ada", "Bilal", "Chiara", "Davud", "Emil", "Fatou", "Greta", "Hugo", "Ines", "Jaro", "Kaja",
    "Liam", "Malak", "Nils", "Olga", "Pavel", "Quinn", "Rosa", "Sami", "Tove", "Uma", "Vito",
    "Wanda", "Yara",
)  # fmt: skip


def _clinic(people: dict[str, Person]) -> None:
    """24 more children of the same clinic, each with four weeks of daily lines."""
    today = timezone.now().date()
    for i, name in enumerate(_NAMES):
        chance = random.Random(100 + i)  # noqa: S311
        started = today - timedelta(days=chance.randrange(-6, 200))
        child = create_family(
            by=people["neurologist"],
            child_name=name,
            birth_date=today - timedelta(days=chance.randrange(160, 640)),
            sex=chance.choice(["female", "male"]),
            time_zone=_ZONE,
            diet_started_on=max(started, today - timedelta(days=150)),
        )
        phone = f"+49 30 5550 {1000 + 37 * i:04d}"
        update_child(by=people["neurologist"], child=child, phone=phone)
        csv = _clinic_diary(chance, today)
        import_diary(by=people["neurologist"], child=child, data=csv.encode())
        grant_role(child=child, person=people["neurologist"], role=CareRole.Role.NEUROLOGIST)
        grant_role(child=child, person=people["dietitian"], role=CareRole.Role.DIETITIAN)
        if chance.random() < 0.9:
            signed = prescribe(
                by=people["dietitian"],
                child=child,
                entry_id=new_id(),
                effective_from=child.diet_started_on,
                ratio=Decimal(chance.choice(["2.5", "3", "3", "3.5", "4"])),
                energy_kcal=Decimal(chance.randrange(620, 900, 20)),
                protein_g=Decimal(chance.choice(["12", "13", "14"])),
                meals_per_day=chance.choice([4, 5, 6]),
            )
            if i % 5:  # these families have read it; who stands for them all
                acknowledge(by=people["neurologist"], prescription=signed)
        make_worries(child, people["neurologist"], i, today)


def _clinic_diary(chance: random.Random, today: date) -> str:
    silent = chance.choice([0, 0, 0, 1, 1, 2, 4, 9])  # days since anything was written
    rate = chance.choice([0, 0, 0.4, 1, 2, 3, 5])
    lines = ["date,clusters,spasms,observed"]
    for back in range(28, silent, -1):
        if chance.random() < 0.1:
            continue
        clusters = sum(chance.random() < rate / 6 for _ in range(6))
        spasms = sum(chance.randrange(2, 20) for _ in range(clusters))
        lines.append(f"{today - timedelta(days=back)},{clusters},{spasms},yes")
    return "\n".join(lines) + "\n"


def demo_child() -> Child | None:
    """The child of the demo family, where there is one."""
    return Child.objects.filter(care_roles__person__email=_PEOPLE["parent"][0]).first()
