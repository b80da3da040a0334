"""A dose in mg and mg/kg: worked out by hand from the label and the latest weight."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diary.models import Kind, Measurement
from quietdays.diary.queries import Weighed
from quietdays.medicines.amounts import amounts_in_words
from quietdays.medicines.models import Medicine, Schedule
from tests import house
from tests.sync.phones import Phone

TODAY = date(2026, 11, 24)


def weighed(kg: float) -> Weighed:
    return Weighed(kg, date(2026, 11, 20))


def step(dose: str | None, strength: str | None, times=("08:00", "20:00"), **values) -> Schedule:
    strength_mg = None if strength is None else Decimal(strength)
    return Schedule(
        medicine=Medicine(name="A", unit="mL", strength_mg_per_unit=strength_mg),
        dose=None if dose is None else Decimal(dose),
        effective_from=TODAY,
        times=list(times),
        **values,
    )


# Each by hand: dose x strength; the same over the weight, to three figures.
GOLDEN = [
    # 5 mL of 50 mg/mL: 250 mg; 250 / 7.1 = 35.211
    (step("5", "50"), 7.1,
     "250 mg, 35.2 mg/kg; 500 mg a day, 70.4 mg/kg a day (7.1 kg on 20 Nov 2026)"),
    # 8 mL of 50 mg/mL: 400 mg; 400 / 8.315 = 48.106
    (step("8.000", "50.0000", ["08:00"]), 8.315,
     "400 mg, 48.1 mg/kg; 400 mg a day, 48.1 mg/kg a day (8.315 kg on 20 Nov 2026)"),
    # 0.1 mL of 2.5 mg/mL: 0.25 mg; 0.25 / 11.75 = 0.021277
    (step("0.1", "2.5", [], how="as_needed", rules="x"), 11.75,
     "0.25 mg, 0.0213 mg/kg (11.75 kg on 20 Nov 2026)"),
    # half a tablet of 5 mg every other day: 2.5 mg; 2.5 / 8 = 0.3125
    (step("0.5", "5", ["08:00"], every_days=2), 8.0,
     "2.5 mg, 0.313 mg/kg (8 kg on 20 Nov 2026)"),
    # 1.5 tablets of 500 mg: 750 mg; 750 / 7.1 = 105.634
    (step("1.5", "500", [], how="rescue", rules="x"), 7.1,
     "750 mg, 105.6 mg/kg (7.1 kg on 20 Nov 2026)"),
    # 400 mg / 8 kg is 50 exactly
    (step("8", "50", [], how="rescue", rules="x"), 8.0, "400 mg, 50 mg/kg (8 kg on 20 Nov 2026)"),
    (step("5", "50"), None, "250 mg; 500 mg a day"),
    (step("5", None), 7.1, ""),
    (step(None, "50"), 7.1, ""),
]  # fmt: skip


@pytest.mark.parametrize(("written", "kg", "words"), GOLDEN, ids=[g[2][:30] for g in GOLDEN])
def test_amounts_worked_out_by_hand(written, kg, words):
    assert amounts_in_words(written, None if kg is None else weighed(kg), TODAY) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "(7.1 kg on 24 Nov 2026)"),
        (14, "(7.1 kg on 10 Nov 2026)"),
        (15, "(7.1 kg, weight of 9 Nov 2026, 15 days old)"),
        (113, "(7.1 kg, weight of 3 Aug 2026, 113 days old)"),
    ],
)
def test_an_old_weight_says_so(days, words):
    weight = Weighed(7.1, TODAY - timedelta(days=days))
    assert amounts_in_words(step("5", "50"), weight, TODAY).endswith(words)


@given(
    dose=st.decimals(min_value="0.001", max_value=99999, places=3),
    strength=st.decimals(min_value="0.0001", max_value=99999, places=4),
    kg=st.decimals(min_value=1, max_value=150, places=3),
)
def test_a_figure_is_within_half_of_its_last_place_and_never_nought(dose, strength, kg):
    words = amounts_in_words(
        step(str(dose), str(strength), [], how="rescue", rules="x"), weighed(float(kg)), TODAY
    )
    in_mg, per_kg = words.split(" (")[0].removesuffix(" mg/kg").split(" mg, ")
    assert Decimal(in_mg) == dose * strength
    true = dose * strength / kg
    assert Decimal(per_kg) > 0
    assert abs(Decimal(per_kg) - true) <= max(true / 190, Decimal(0))


def weigh(parent, child, value: str, unit: str, when: str) -> None:
    house.enter(
        Measurement, parent, child, happened_at=house.at(when), kind=Kind.WEIGHT,
        value=Decimal(value), unit=unit,
    )  # fmt: skip


def test_the_list_and_the_phone_show_the_latest_weight_in_whatever_unit(client, parent, child):
    with time_machine.travel(house.NOW):
        client.force_login(parent)
        medicine = house.medicine(parent, child, strength_mg_per_unit=Decimal(50))
        house.step(parent, child, medicine, date(2026, 6, 1), dose="5")
        url = reverse("medicines", args=[child.pk])
        assert "That is 250 mg; 500 mg a day." in client.get(url).content.decode()
        weigh(parent, child, "6.9", "kg", "2026-06-01 08:00")
        weigh(parent, child, "7100", "g", "2026-06-08 08:00")
        words = "250 mg, 35.2 mg/kg; 500 mg a day, 70.4 mg/kg a day (7.1 kg on 8 Jun 2026)"
        assert f"That is {words}." in client.get(url).content.decode()
        [told] = Phone(parent, child).get("today").json()["medicines"]
        assert {s["amounts"] for s in told["steps"]} == {words}
