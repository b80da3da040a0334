"""What a label says: the strength, and a carbohydrate figure with its source and its date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from quietdays.medicines.forms import MedicineForm
from quietdays.medicines.models import Medicine
from tests import house

LABEL = {
    "name": "Sultiame", "unit": "mL", "form": "suspension 50 mg/mL", "strength_mg_per_unit": "50",
    "carbohydrate_g_per_unit": "0,68", "carbohydrate_source": "product sheet",
    "carbohydrate_checked_on": "2026-06-10",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def form(**changes: str) -> MedicineForm:
    return MedicineForm({"id": str(house.new_id()), **LABEL, **changes}, zone=house.BERLIN)


def test_a_label_is_kept_as_it_was_typed():
    found = form(strength_mg_per_unit="12,5")
    assert found.is_valid(), found.errors
    assert found.values()["strength_mg_per_unit"] == Decimal("12.5")
    assert found.values()["carbohydrate_checked_on"] == date(2026, 6, 10)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"carbohydrate_source": ""}, "carbohydrate_source"),
        ({"carbohydrate_checked_on": ""}, "carbohydrate_checked_on"),
        ({"carbohydrate_checked_on": "2026-06-11"}, "carbohydrate_checked_on"),
        ({"carbohydrate_checked_on": "2026-06-31"}, "carbohydrate_checked_on"),
        ({"strength_mg_per_unit": "0"}, "strength_mg_per_unit"),
        ({"strength_mg_per_unit": "-5"}, "strength_mg_per_unit"),
        ({"strength_mg_per_unit": "50 mg"}, "strength_mg_per_unit"),
        ({"strength_mg_per_unit": "0.00001"}, "strength_mg_per_unit"),
        ({"strength_mg_per_unit": ""}, ""),
        (
            dict.fromkeys([n for n in LABEL if n.startswith("carbohydrate")], ""),
            "",
        ),
    ],
    ids=lambda v: str(v)[:60],
)
def test_what_is_missing_in_a_label_is_named_at_its_field(changes, wrong):
    assert set(form(**changes).errors) == set(wrong.split())


def test_the_figure_stands_in_the_list_with_its_source_and_date(client, parent, child):
    client.force_login(parent)
    client.post(reverse("add-medicine", args=[child.pk]), {"id": str(house.new_id()), **LABEL})
    assert Medicine.objects.get().strength_mg_per_unit == Decimal(50)
    page = client.get(reverse("medicines", args=[child.pk])).content.decode()
    assert "0.68 g carbohydrate in 1 mL (product sheet, checked 10 Jun 2026)" in page
