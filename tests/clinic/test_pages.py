"""The clinic's pages: who sees what, what a form keeps, and that nothing is reassured or hidden."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from quietdays.clinic.actions import set_limits, write_message
from quietdays.clinic.models import Limits, Message
from quietdays.diary.models import Measurement, Question
from quietdays.diet.actions import check_label
from quietdays.people.actions import update_child
from tests import house

pytestmark = pytest.mark.django_db


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person, address: str) -> str:
    answer = client_of(person).get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def weigh(by, child, day: str, kg: str) -> None:
    values = {"kind": "weight", "value": Decimal(kg), "unit": "kg"}
    house.enter(Measurement, by, child, happened_at=house.at(f"{day} 09:00"), **values)


# --- the list


def test_a_clinician_reads_reasons_and_a_family_only_names(parent, child, neurologist):
    update_child(by=parent, child=child, diet_started_on=date(2026, 6, 1), phone="+49 30 5550")
    house.cluster(parent, child, "2026-06-05 08:00")
    listed = page(neurologist, "/children/")
    assert "No entry for 5 days, since 5 Jun; diet day 10" in listed
    assert 'href="tel:+49305550"' in listed
    assert "Newest entry: 5 days ago, 5 Jun" in listed
    assert "1 of 28 days watched: 1 cluster seen, 1.0 a watched day" in listed
    assert "Nobody watches this list for you" in listed
    assert "No entry for" not in page(parent, "/children/")
    assert "Noor" in page(parent, "/children/")


def test_the_list_is_found_by_name_and_says_when_nobody_is_called_so(child, neurologist):
    assert "Noor" in page(neurologist, "/children/?q=noO")
    assert "No child of your list is called “Xy”" in page(neurologist, "/children/?q=Xy")
    assert page(neurologist, "/children/?page=wrong")


# --- the overview


def test_denominators_come_first_and_a_blank_is_a_blank(parent, child, neurologist):
    for back in range(1, 15):
        house.watch(parent, child, house.TODAY - timedelta(days=back), **house.WHOLE_DAY)
    said = page(neurologist, f"/c/{child.pk}/clinic/")
    assert "28 days, 14 logged, 50 % watched" in said
    assert "14 days without a word on hours watched" in said
    assert "14 days were not recorded" in said
    assert client_of(neurologist).get(f"/c/{child.pk}/").url == f"/c/{child.pk}/clinic/"


@pytest.mark.parametrize("period", ["4w", "12w", "1y", "2y", "", "x"])
def test_every_period_opens_and_an_unknown_one_is_four_weeks(parent, child, period):
    house.cluster(parent, child, "2026-06-05 08:00")
    assert page(parent, f"/c/{child.pk}/clinic/?period={period}")
    assert page(parent, f"/c/{child.pk}/clinic/round/?period={period}")


def test_reasons_are_shown_to_the_team_and_not_to_the_family(parent, child, neurologist):
    write_message(by=parent, child=child, entry_id=house.new_id(), text="Water?")
    house.enter(Question, parent, child, date=house.TODAY, text="May we travel?")
    address = f"/c/{child.pk}/clinic/"
    assert "On the list because" in page(neurologist, address)
    assert "1 message not marked as read by you" in page(neurologist, address)
    family = page(parent, address)
    assert "On the list because" not in family
    assert "May we travel?" in family
    assert "/log/eeg/" not in family


# --- growth


def test_growth_says_between_which_weights_it_fell(parent, child, neurologist):
    weigh(parent, child, "2026-02-01", "8.2")
    weigh(parent, child, "2026-06-01", "7.4")
    said = page(neurologist, f"/c/{child.pk}/growth/")
    assert "Weight z-score down by 2." in said
    assert "on 1 Feb 2026" in said
    assert "c-fall" in said
    assert "not corrected for an early birth" in said
    assert "Not entered: length, head" in said


def test_without_a_sex_growth_says_why_there_is_no_score(parent, child):
    weigh(parent, child, "2026-06-01", "7.4")
    child.sex = "unknown"
    child.save()
    said = page(parent, f"/c/{child.pk}/growth/")
    assert "No z-score can be given" in said
    assert "data-z" not in said


# --- limits


def test_limits_are_set_with_a_name_and_the_older_stay(child, neurologist):
    client, address = client_of(neurologist), f"/c/{child.pk}/limits/"
    assert "No limit is set. The app brings none along" in client.get(address).content.decode()
    sent = {"id": house.new_id(), "glucose_low": "3,0", "glucose_unit": "mmol/L", "note": "Hm"}
    assert client.post(f"{address}set/", sent).status_code == 302
    assert client.post(f"{address}set/", sent).status_code == 302  # sent twice, stored once
    assert Limits.objects.count() == 1
    empty = {"id": house.new_id(), "glucose_unit": "mmol/L"}
    client.post(f"{address}set/", empty)
    said = client.get(address).content.decode()
    assert "No limit is set." in said
    assert "below 3 mmol/L" in said
    assert "Neurologist, 10 Jun 2026" in said


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"glucose_low": "300"}, "Readings lie from 0.6 to 30 mmol/L"),
        ({"glucose_low": "6", "glucose_high": "3"}, "lower glucose limit lies below"),
        ({"glucose_low": "three"}, "Enter one number"),
        ({"silent_days": "0"}, "greater than or equal to 1"),
        ({"ketones_low": "3", "ketones_high": "2"}, "lower limit of blood ketones"),
        ({"ketones_high": "NaN"}, "Enter one number"),
    ],
)
def test_a_wrong_limit_is_refused_in_words_and_what_was_typed_stays(
    child, neurologist, typed, told
):
    sent = {"id": house.new_id(), "glucose_unit": "mmol/L", "note": "kept words"} | typed
    answer = client_of(neurologist).post(f"/c/{child.pk}/limits/set/", sent)
    said = answer.content.decode()
    assert told in said
    assert "kept words" in said
    assert all(f'value="{value}"' in said for value in typed.values())
    assert not Limits.objects.exists()


# --- messages


def test_the_thread_says_that_nobody_watches_and_shows_who_read(parent, child, neurologist):
    client, address = client_of(parent), f"/c/{child.pk}/messages/"
    assert "Nobody is watching this live" in client.get(address).content.decode()
    sent = {"id": house.new_id(), "text": "Is <b>water</b> fine?"}
    client.post(address, sent)
    client.post(address, sent)
    message = Message.objects.get()
    said = page(neurologist, address)
    assert "&lt;b&gt;water" in said
    assert "Nobody has marked it as read yet" in said
    assert "no answer yet" in said
    client_of(neurologist).post(f"{address}read/")
    assert "Read by Neurologist" in page(parent, address)
    client_of(neurologist).post(f"{address}{message.pk}/settle/")
    said = page(parent, address)
    assert "Needs no written answer: Neurologist" in said
    assert "no answer yet" not in said


def test_a_message_of_another_child_is_not_found(parent, child, neurologist):
    stranger, other = house.another_child()
    theirs = write_message(by=stranger, child=other, entry_id=house.new_id(), text="Hm?")
    address = f"/c/{child.pk}/messages/{theirs.pk}/settle/"
    assert client_of(neurologist).post(address).status_code == 404


def test_an_empty_message_is_refused(parent, child):
    answer = client_of(parent).post(f"/c/{child.pk}/messages/", {"id": house.new_id(), "text": " "})
    assert answer.status_code == 200
    assert not Message.objects.exists()


# --- the dietitian's day


def test_intake_is_of_complete_days_and_foods_wait_for_their_label(parent, child, join):
    dietitian = join("dietitian")
    house.prescribe(dietitian, child)
    food = house.meal_food(parent, child)
    for back in (1, 2):
        day = house.TODAY - timedelta(days=back)
        for hour in ("08", "12", "16", "19"):
            planned = house.plan(parent, child, f"{day} {hour}:00", (food, 100))
            if (back, hour) != (2, "19"):  # one meal of one day was not logged
                house.eat(parent, child, f"{day} {hour}:05", (food, 100), planned=planned)
    said = page(dietitian, "/dietitian/")
    assert "8 meals planned, 7 logged, 1 not logged" in said
    assert "Mean of 1 of 7 days: 620 kcal of 620, protein 12.0 g of 12.0, ratio 3.00:1" in said
    assert "Not compared with the label" in said
    assert "Nobody has marked the prescription as read: 3:1" in said
    check_label(by=parent, child=child, composition=food.composition)
    assert "Not compared with the label" not in page(dietitian, "/dietitian/")


def test_a_day_without_meals_has_no_mean_of_nought(child, join):
    said = page(join("dietitian"), "/dietitian/")
    assert "No meal planned or logged" in said
    assert "0 kcal" not in said
    assert "No prescription is in force" in said


def test_the_dietitians_day_is_for_dietitians(parent, neurologist):
    for person in (parent, neurologist):
        assert client_of(person).get("/dietitian/").status_code == 403


def test_limits_need_no_limit_to_be_sent_empty(child, neurologist):
    version = set_limits(by=neurologist, child=child, entry_id=house.new_id())
    assert version.is_empty
