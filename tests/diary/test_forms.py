"""The forms of the diary: a number with its unit, a count or “not counted”, and a question back."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from quietdays.diary.forms import (
    CheckInForm,
    ClusterForm,
    DayTotalForm,
    MeasurementForm,
    OtherSeizureForm,
)
from quietdays.diary.kinds import KINDS
from quietdays.diary.models import Kind, Measurement, SpasmCluster
from quietdays.people.models import Child
from tests import house

TIME = "2026-06-10T07:30"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


def measurement(kind: str, value: str, unit: str = "", **more: str) -> MeasurementForm:
    data = {"id": str(house.new_id()), "happened_at": TIME, "value": value, "unit": unit, **more}
    return MeasurementForm(data, zone=house.BERLIN, kind=kind)


@pytest.mark.parametrize(
    ("kind", "value", "unit", "stored"),
    [
        ("ketones_blood", "3,2", "mmol/L", "3.2"),
        ("ketones_blood", "0", "mmol/L", "0"),
        ("ketones_urine", "4", "grade", "4"),
        ("glucose", "4.1", "mmol/L", "4.1"),
        ("glucose", "74", "mg/dL", "74"),
        ("weight", "7,65", "kg", "7.65"),
        ("weight", "7650", "g", "7650"),
        ("temperature", "38,4", "°C", "38.4"),
    ],
)
def test_a_usual_value_is_accepted_in_its_unit(kind, value, unit, stored):
    form = measurement(kind, value, unit)
    assert form.is_valid(), form.errors
    assert form.values()["value"] == Decimal(stored)
    assert form.values()["unit"] == unit


@pytest.mark.parametrize("kind", ["glucose", "weight"])
def test_a_value_without_its_unit_is_refused(kind):
    assert set(measurement(kind, "5").errors) == {"unit"}


@pytest.mark.parametrize(
    ("kind", "unit"),
    [("glucose", "kg"), ("ketones_blood", "mg/dL"), ("ketones_urine", "mmol/L"), ("weight", "lb")],
)
def test_a_unit_of_something_else_is_refused(kind, unit):
    assert "unit" in measurement(kind, "4", unit).errors


@pytest.mark.parametrize(
    ("kind", "value", "unit"),
    [
        ("ketones_blood", "9", "mmol/L"),
        ("glucose", "1.5", "mmol/L"),
        ("glucose", "20", "mg/dL"),
        ("weight", "1.9", "kg"),
        ("temperature", "42", "°C"),
    ],
)
def test_an_unusual_value_is_asked_about_and_then_accepted(kind, value, unit):
    asked = measurement(kind, value, unit)
    assert "unusual" in asked.errors["value"][0]
    assert value in asked.errors["value"][0]
    assert unit in asked.errors["value"][0]
    assert "checkbox" in str(asked["is_right"])
    assert measurement(kind, value, unit, is_right="on").is_valid()


@pytest.mark.parametrize(
    ("kind", "value", "unit"),
    [
        ("ketones_blood", "32", "mmol/L"),
        ("glucose", "74", "mmol/L"),
        ("glucose", "4.1", "mg/dL"),
        ("weight", "7650", "kg"),
        ("weight", "7.65", "g"),
        ("weight", "-1", "kg"),
    ],
)
def test_a_slipped_point_or_a_wrong_unit_cannot_be_confirmed(kind, value, unit):
    """Grams typed for kilograms, and mg/dL for mmol/L."""
    form = measurement(kind, value, unit, is_right="on")
    assert "cannot be right" in form.errors["value"][0]


@pytest.mark.parametrize("value", ["", "1.234,5", "3 2", "x", "NaN"])
def test_a_value_that_is_no_number_is_refused(value):
    assert "value" in measurement("glucose", value, "mmol/L").errors


@pytest.mark.parametrize("value", ["6", "-1", "2.5", ""])
def test_a_strip_has_six_colours(value):
    assert "value" in measurement("ketones_urine", value, "grade").errors


def cluster(**changes: str) -> ClusterForm:
    data = {
        "id": str(house.new_id()),
        "happened_at": TIME,
        "spasm_count": "7",
        "count_kind": "exact",
        "certainty": "sure",
    } | changes
    return ClusterForm(data, zone=house.BERLIN)


@pytest.mark.parametrize(
    ("changes", "count", "kind"),
    [
        ({}, 7, "exact"),
        ({"count_kind": "estimated"}, 7, "estimated"),
        ({"count_kind": "unknown", "spasm_count": ""}, None, "unknown"),
    ],
    ids=["counted", "about", "not counted"],
)
def test_a_cluster_is_counted_or_said_not_to_be(changes, count, kind):
    form = cluster(**changes)
    assert form.is_valid(), form.errors
    assert (form.values()["spasm_count"], form.values()["count_kind"]) == (count, kind)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"spasm_count": ""}, "spasm_count"),
        ({"spasm_count": "0"}, "spasm_count"),
        ({"spasm_count": "-3"}, "spasm_count"),
        ({"spasm_count": "2,5"}, "spasm_count"),
        ({"spasm_count": "about 20"}, "spasm_count"),
        ({"count_kind": "unknown"}, "count_kind"),
        ({"count_kind": ""}, "count_kind"),
        ({"certainty": "perhaps"}, "certainty"),
        ({"duration_s": "4:99"}, "duration_s"),
        ({"happened_at": ""}, "happened_at"),
        ({"happened_at": "2026-06-10T12:16"}, "happened_at"),
        ({"happened_at": "2026-03-29T02:30"}, "happened_at"),
        ({"id": ""}, "id"),
        ({"id": "7"}, "id"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "\0"}, "note"),
    ],
    ids=lambda v: str(v)[:40],
)
def test_what_is_wrong_with_a_cluster_is_named_at_its_field(changes, field):
    assert set(cluster(**changes).errors) == {field}


def test_a_check_in_with_nothing_said_says_nothing():
    form = CheckInForm({"id": str(house.new_id())}, zone=house.BERLIN)
    assert form.is_valid()
    assert {v for k, v in form.values().items() if k != "note"} == {None}
    assert form.values()["note"] == ""


def test_rescue_medicine_not_said_is_not_no():
    data = {"id": str(house.new_id()), "happened_at": TIME, "looks": "stiff"}
    form = OtherSeizureForm(data, zone=house.BERLIN)
    assert form.is_valid()
    assert form.values()["rescue_given"] is None


# --- saying back what was stored


@pytest.mark.parametrize(
    ("count", "kind", "words"),
    [
        (1, "exact", "1 spasm"),
        (7, "exact", "7 spasms"),
        (20, "estimated", "about 20 spasms"),
        (30, "at_least", "at least 30 spasms"),
        (None, "unknown", "not counted"),
    ],
)
def test_a_count_is_said_as_it_was_given(count, kind, words):
    """Peer defect 18: a “saved” tick that does not repeat the value."""
    record = SpasmCluster(
        child=Child(time_zone="Europe/Berlin"),
        spasm_count=count,
        count_kind=kind,
        happened_at=house.NOW,
        time_zone="Europe/Berlin",
    )
    assert record.count_in_words == words
    assert KINDS["cluster"].echo(record) == f"Saved: {words}, 12:00"


@pytest.mark.parametrize(
    ("kind", "value", "unit", "words"),
    [
        ("ketones_blood", "3.200", "mmol/L", "3.2 mmol/L"),
        ("weight", "7650", "g", "7650 g"),
        ("glucose", "100.000", "mg/dL", "100 mg/dL"),
        ("ketones_urine", "0", "grade", "negative"),
        ("ketones_urine", "4.000", "grade", "+++"),
    ],
)
def test_a_value_is_said_back_with_its_unit(kind, value, unit, words):
    """Peer defect: a unit on every number."""
    record = Measurement(
        child=Child(time_zone="UTC"),
        kind=kind,
        value=Decimal(value),
        unit=unit,
        happened_at=house.NOW,
        time_zone="UTC",
    )
    assert record.value_in_words == words
    assert words in KINDS[kind.replace("_", "-")].echo(record)


def test_an_entry_of_another_day_is_said_back_with_its_date():
    record = SpasmCluster(
        child=Child(time_zone="Europe/Berlin"),
        spasm_count=7,
        happened_at=house.at("2026-06-08 07:30"),
        time_zone="Europe/Berlin",
    )
    assert KINDS["cluster"].echo(record) == "Saved: 7 spasms, 8 June, 07:30"


def total(**changes: str) -> DayTotalForm:
    data = {"id": str(house.new_id()), "date": "2026-06-09", "was_observed": "yes"}
    return DayTotalForm(data | changes, zone=house.BERLIN)


def test_a_line_of_a_day_that_nobody_watched_has_no_nought():
    form = total(was_observed="no", clusters="0", spasms="0")
    assert form.is_valid(), form.errors
    assert (form.values()["clusters"], form.values()["spasms"]) == (None, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "clusters"),
        ({"clusters": "-1"}, "clusters"),
        ({"clusters": "1", "hours_watched": "26"}, "hours_watched"),
        ({"clusters": "1", "adherence_percent": "101"}, "adherence_percent"),
        ({"clusters": "1", "date": "2026-06-31"}, "date"),
        ({"was_observed": ""}, "was_observed"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_days_line_is_named_at_its_field(changes, field):
    assert field in total(**changes).errors


def test_every_kind_of_measurement_has_a_page():
    assert {k.value.replace("_", "-") for k in Kind} <= set(KINDS)


@given(st.sampled_from(list(Kind)), st.text(max_size=20), st.text(max_size=8))
def test_any_text_is_a_valid_form_or_one_with_errors(kind, value, unit):
    form = measurement(kind.value, value, unit)
    assert form.is_valid() or form.errors
