"""Fields that people fill in at night: what is understood, what is asked back, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from quietdays.records.forms import (
    DurationField,
    EntryForm,
    LocalTimeField,
    NumberField,
    ScaleField,
    YesNoField,
    parse_decimal,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=BERLIN)


# --- numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.2", "3.2"), ("3,2", "3.2"), ("32", "32"), ("0", "0"), (",5", "0.5"), ("5,", "5"),
        (" 3,2 ", "3.2"), ("\u00a03,2\u202f", "3.2"), ("+3", "3"), ("-1", "-1"), ("007", "7"),
    ],
)  # fmt: skip
def test_a_number_is_understood_with_comma_or_point(text, value):
    """Peer defect 6: a decimal comma was ignored or crashed."""
    assert parse_decimal(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["1.234,5", "1,234.5", "1,234,567", "1 234", "3 2", "1\u00a0234", "3.2.1", "3..2", "", " ",
     ",", ".", "-", "abc", "3g", "1e3", "NaN", "inf", "Infinity", "٣", "３", "½", "0x10", "1_000",
     "3\n2", "--3", "3-"],
)  # fmt: skip
def test_what_could_be_read_in_two_ways_is_refused(text):
    """Peer defect 18: is it 3.2 or 32? A blank between two figures is neither."""
    with pytest.raises(ValidationError):
        parse_decimal(text)


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_is_refused(text):
    try:
        value = parse_decimal(text)
    except ValidationError:
        return
    assert value.is_finite()
    assert text.strip().replace(",", ".").lstrip("+-").replace(".", "").isdigit()


@given(st.decimals(min_value=0, max_value=99999, places=3))
def test_a_comma_means_what_a_point_means(value):
    assert parse_decimal(f"{value:f}".replace(".", ",")) == value


def test_an_empty_optional_number_is_not_recorded_and_never_nought():
    assert NumberField(required=False).clean("") is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4", 240), ("4:30", 270), ("0:45", 45), ("0", 0), ("1,5", 90), ("2.25", 135), ("90:00", 5400),
     ("1440", 86_400), ("", None)],
)  # fmt: skip
def test_a_duration_is_whole_minutes_too_never_their_seconds_part(text, seconds):
    """Peer defect 9: a duration over an hour or a day wrapped round."""
    assert DurationField(required=False).clean(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "4:60",
        "4:5",
        "-4",
        ":30",
        "4:30:00",
        "a while",
        "1" + "0" * 308,
        "9" * 400,
        "1441",
        "1440:01",
    ],
)
def test_a_duration_that_is_none_is_refused(text):
    with pytest.raises(ValidationError):
        DurationField(required=False).clean(text)


@pytest.mark.parametrize("seconds", [0, 45, 60, 270, 5400, 86_400])
def test_a_stored_duration_is_shown_as_it_is_read_again(seconds):
    field = DurationField(required=False)
    assert field.clean(field.prepare_value(seconds)) == seconds


# --- local times


def clean(text: str, zone: str = "Europe/Berlin", **kwargs):
    with time_machine.travel(NOW, tick=False):
        return LocalTimeField(zone=ZoneInfo(zone), **kwargs).clean(text)


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2026-06-10T02:14", "Europe/Berlin", "2026-06-10T00:14Z"),
        ("2026-06-10 02:14", "Europe/Berlin", "2026-06-10T00:14Z"),
        ("2026-06-10T02:14:33", "Europe/Berlin", "2026-06-10T00:14:33Z"),
        ("2026-06-10T02:14", "Asia/Kathmandu", "2026-06-09T20:29Z"),
        ("2026-01-10T02:14", "America/St_Johns", "2026-01-10T05:44Z"),
    ],
)
def test_a_local_time_is_kept_as_its_instant(text, zone, instant):
    assert clean(text, zone) == datetime.fromisoformat(instant)


@pytest.mark.parametrize(
    "text",
    ["2026-06-10", "20260610T0214", "2026-W24-3T02:14", "2026-06-31T02:14", "2026-06-10T24:00",
     "2026-06-10T02:14+02:00", "2026-06-10T02:14Z", "02:14", "now", "0001-01-01T00:00",
     "9999-12-31T23:59", "1026-06-10T02:14", "２０26-06-10T02:14"],
)  # fmt: skip
def test_a_time_that_is_none_is_refused_and_never_guessed(text):
    with pytest.raises(ValidationError):
        clean(text, may_be_future=True)


def test_a_time_that_the_clocks_skipped_is_refused_with_the_reason():
    with pytest.raises(ValidationError, match="the clocks skipped 02:30"):
        clean("2026-03-29T02:30")


@pytest.mark.parametrize(
    ("minutes", "is_accepted"),
    [(-60, True), (0, True), (2, True), (15, True), (16, False), (600, False)],
)
def test_a_fast_phone_clock_is_forgiven_and_a_wrong_hour_is_not(minutes, is_accepted):
    """Peer defect 10: a phone two minutes fast could not save at all."""
    text = (NOW + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")
    if is_accepted:
        assert clean(text) == NOW + timedelta(minutes=minutes)
    else:
        with pytest.raises(ValidationError, match="has not come yet"):
            clean(text)
        assert clean(text, may_be_future=True) is not None


def opened_at(instant: datetime, zone: ZoneInfo = BERLIN) -> LocalTimeField:
    field = LocalTimeField(zone=zone)
    field.nearest = instant
    return field


def test_a_time_left_as_it_was_shown_keeps_its_seconds_and_its_hour():
    for fold in (0, 1):
        stored = datetime(2025, 10, 26, 2, 30, 41, tzinfo=BERLIN, fold=fold).astimezone(UTC)
        field = opened_at(stored)
        assert field.clean(field.prepare_value(stored)) == stored


@pytest.mark.parametrize("fold", [0, 1], ids=["first time", "second time"])
def test_an_hour_that_came_twice_is_the_one_nearer_to_when_the_form_was_opened(fold):
    opened = datetime(2025, 10, 26, 2, 50, tzinfo=BERLIN, fold=fold).astimezone(UTC)
    expected = datetime(2025, 10, 26, 2, 40, tzinfo=BERLIN, fold=fold).astimezone(UTC)
    assert opened_at(opened).clean("2025-10-26T02:40") == expected


@given(
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2026, 6, 1)),
    st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "Africa/Cairo", "America/St_Johns"]),
)
def test_every_instant_that_is_shown_is_read_back_to_the_minute(naive, zone):
    instant = naive.replace(tzinfo=UTC, second=0, microsecond=0)
    field = opened_at(instant, ZoneInfo(zone))
    assert field.clean(field.prepare_value(instant)) == instant
    # Typed anew beside another reference, it is the same clock time.
    other = LocalTimeField(zone=ZoneInfo(zone))
    again = other.clean(other.prepare_value(instant))
    assert other.prepare_value(again) == other.prepare_value(instant)


# --- answers


@pytest.mark.parametrize(("text", "value"), [("", None), ("no", False), ("yes", True)])
def test_yes_no_and_not_said_are_three_answers(text, value):
    field = YesNoField(label="Unwell")
    assert field.clean(text) is value
    assert field.prepare_value(value) == (text or None)


@pytest.mark.parametrize(("text", "value"), [("", None), ("1", 1), ("5", 5)])
def test_a_scale_is_one_to_five_or_not_said(text, value):
    assert ScaleField(label="Stress", low="calm", high="tense").clean(text) == value


@pytest.mark.parametrize("text", ["0", "6", "3.5", "-1", "yes"])
def test_a_scale_has_nothing_else(text):
    with pytest.raises(ValidationError):
        ScaleField(label="Stress", low="calm", high="tense").clean(text)


def test_a_form_carries_an_id_of_its_own():
    """Peer defect 12: a double submit made two entries."""
    one, two = EntryForm(zone=BERLIN), EntryForm(zone=BERLIN)
    assert one.initial["id"] != two.initial["id"]
    assert one.initial["id"].version == 7
