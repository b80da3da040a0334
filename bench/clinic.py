"""The clinic's list of 1,000 children and two years of one child, as shares of their limits.

Both are whole pages through Django's own client: signed in, queried, worked out and drawn.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module

CHILDREN, DAYS, ROUNDS = 1000, 730, 40
LIST_MS, CHILD_MS = 200, 300
MEALS = (7, 12, 16, 19)


def run(show: Callable[..., None]) -> None:
    from django.conf import settings
    from django.test import Client, override_settings

    # As the tests have it: static files by their plain names.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = {**settings.STORAGES, "staticfiles": plain}
    with override_settings(STORAGES=storages, ALLOWED_HOSTS=["testserver"]):
        neurologist = _fill()
        import_module("quietdays.web.wsgi")  # what it does with the collector, as a server has it
        client = Client()
        client.force_login(neurologist)
        _list(client, neurologist, show)
        _child(client, show)


def p95_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    work()  # the first round warms up
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[round(0.95 * rounds) - 1]


def _list(client, neurologist, show: Callable[..., None]) -> None:
    from django.utils import timezone

    from quietdays.clinic.glances import renew_glances
    from quietdays.clinic.models import Glance
    from quietdays.clinic.queries import who_needs_me

    start = time.perf_counter()
    made = renew_glances(timezone.now())
    each = 1000 * (time.perf_counter() - start) / made
    show("facts of a child, worked out anew", each, LIST_MS, "200 ms")

    def page() -> None:
        answer = client.get("/children/")
        assert answer.status_code == 200

    def with_changes() -> None:
        newest = Glance.objects.order_by("child").values("pk")[:5]
        Glance.objects.filter(pk__in=list(newest.values_list("pk", flat=True))).update(method=0)
        page()

    show(f"who needs me, {CHILDREN} children, p95", p95_ms(page), LIST_MS, "200 ms")
    show("  the rows alone, p95",
         p95_ms(lambda: who_needs_me(neurologist, timezone.now())), LIST_MS, "200 ms")  # fmt: skip
    show("  with 5 children changed since, p95", p95_ms(with_changes), LIST_MS, "200 ms")


def _child(client, show: Callable[..., None]) -> None:
    from quietdays.people.models import Child

    child = Child.objects.get(name="Two years")
    for period, label in (("2y", "two years"), ("4w", "four weeks")):
        address = f"/c/{child.pk}/clinic/?period={period}"

        def page(address: str = address) -> None:
            assert client.get(address).status_code == 200

        show(f"a child's overview, {label}, p95", p95_ms(page, 20), CHILD_MS, "300 ms")
    address = f"/c/{child.pk}/growth/"
    show("growth charts, p95", p95_ms(lambda: client.get(address), 20), CHILD_MS, "300 ms")


def _fill():
    """A clinic of a thousand; each child with a fortnight of lines, one with two full years."""
    from django.utils import timezone

    from quietdays.diary.models import DayTotal
    from quietdays.people.actions import create_account
    from quietdays.people.models import CareRole, Child, Family

    chance = random.Random(1)
    neurologist = create_account(
        email="clinic@bench.example", name="Dr Okafor", password=f"{chance.random()} words"
    )
    today = timezone.now().date()
    families = [Family(name=f"Family {n}", phone="+49 30 5550 0000") for n in range(CHILDREN)]
    children = [
        Child(
            family=family,
            name=f"Child {n}" if n else "Two years",
            birth_date=today - timedelta(days=chance.randrange(200, 700) if n else 800),
            sex="female",
            time_zone="Europe/Berlin",
            diet_started_on=today - timedelta(days=chance.randrange(1, 190) if n else 700),
        )
        for n, family in enumerate(families)
    ]
    Family.objects.bulk_create(families)
    Child.objects.bulk_create(children)
    roles = [CareRole(child=c, person=neurologist, role="neurologist") for c in children]
    CareRole.objects.bulk_create(roles)
    DayTotal.objects.bulk_create(
        DayTotal(
            child=child, entered_by=neurologist, date=today - timedelta(days=back),
            was_observed=True, clusters=chance.randrange(5),
        )
        for child in children[1:]
        for back in range(chance.randrange(1, 9), 15)
    )  # fmt: skip
    _two_years(children[0], neurologist, chance)
    _talk(children, neurologist, chance)
    return neurologist


def _talk(children, neurologist, chance: random.Random) -> None:
    from quietdays.clinic.models import Limits, Message
    from quietdays.sync.models import Change

    some = [c for c in children if chance.random() < 0.5]
    Limits.objects.bulk_create(
        Limits(child=c, set_by=neurologist, clusters_per_day=Decimal(2), silent_days=5)
        for c in some
    )
    Message.objects.bulk_create(
        Message(child=c, written_by=neurologist, role="parent", text="Water?") for c in some[::5]
    )
    Change.objects.bulk_create(
        Change(child=c, model="diary.daytotal", entry_id=c.pk) for c in children for _ in range(50)
    )


def _two_years(child, by, chance: random.Random) -> None:
    """Clusters, watching, check-ins, readings, doses and meals on each of 730 days."""
    from quietdays.diary.models import CheckIn, Measurement, Observation, SpasmCluster
    from quietdays.diet.models import EatenItem, Food, MealEaten
    from quietdays.medicines.models import Dose, Medicine
    from quietdays.people.models import Stay

    today = child.today()
    own = {"child": child, "entered_by": by}
    timed = {**own, "time_zone": child.time_zone}
    Stay.objects.create(
        child=child, since=datetime(2000, 1, 1, tzinfo=UTC), time_zone=timed["time_zone"]
    )
    composition = Food.objects.filter(family__isnull=True).first().composition
    medicine = Medicine.objects.create(name="Vigabatrin", unit="mL", **own)
    days = [today - timedelta(days=n) for n in range(1, DAYS)]

    def at(day, hour: int) -> datetime:
        return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)

    SpasmCluster.objects.bulk_create(
        SpasmCluster(happened_at=at(d, h), spasm_count=7, **timed)
        for d in days
        for h in (6, 15)[: chance.randrange(3)]
    )
    Observation.objects.bulk_create(
        Observation(date=d, part=p, watch="watched", **own)
        for d in days
        for p in ("night", "morning", "afternoon", "evening")
    )
    CheckIn.objects.bulk_create(CheckIn(date=d, stress=2, **own) for d in days)
    readings = [("ketones_blood", "3.1", "mmol/L"), ("glucose", "4.0", "mmol/L")]
    Measurement.objects.bulk_create(
        Measurement(happened_at=at(d, 18), kind=k, value=Decimal(v), unit=u, **timed)
        for d in days
        for k, v, u in readings
    )
    Measurement.objects.bulk_create(
        Measurement(happened_at=at(d, 9), kind="weight", unit="kg",
                    value=Decimal(12000 - 6 * n) / 1000, **timed)
        for n, d in enumerate(days) if n % 7 == 0
    )  # fmt: skip
    Dose.objects.bulk_create(
        Dose(medicine=medicine, happened_at=at(d, h), amount=Decimal(8), **timed)
        for d in days
        for h in (8, 20)
    )
    meals = [MealEaten(name="Meal", happened_at=at(d, h), **timed) for d in days for h in MEALS]
    MealEaten.objects.bulk_create(meals)
    EatenItem.objects.bulk_create(
        _item(EatenItem, meal, composition, n) for meal in meals for n in range(3)
    )


def _item(model, meal, composition, position: int):
    return model(
        meal=meal, composition=composition, food_name="Cream", position=position, unit="g",
        offered=Decimal(20), fat_g_per_100=composition.fat_g,
        protein_g_per_100=composition.protein_g,
        carbohydrate_g_per_100=composition.carbohydrate_g, fibre_g_per_100=Decimal(0),
    )  # fmt: skip
