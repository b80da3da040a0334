"""The door: wrong passwords are counted, the right one opens, and nobody inside is shut out."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from quietdays.people import tries
from quietdays.people.actions import create_account
from quietdays.people.addresses import client_address
from quietdays.people.models import SignInTry
from quietdays.people.tries import forget_tries
from tests import house

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "ines@test.example", "three words here"


@pytest.fixture(autouse=True)
def somebody():
    with time_machine.travel(house.NOW, tick=False):
        yield create_account(email=EMAIL, name="Ines", password=PASSWORD)


def tried(password: str, email: str = EMAIL, address: str = "192.0.2.1"):
    told = {"username": email, "password": password}
    return Client(REMOTE_ADDR=address).post(reverse("sign-in"), told)


def shut(**where) -> None:
    for _ in range(tries.FROM_ONE_PLACE):
        assert tried("wrong", **where).status_code == 200


def test_the_right_password_opens_and_gives_all_tries_again():
    for _ in range(3):
        for _ in range(tries.FROM_ONE_PLACE - 1):
            tried("wrong")
        assert tried(PASSWORD).status_code == 302
    assert not SignInTry.objects.exists()


def test_after_ten_wrong_ones_even_the_right_one_waits_and_is_told_so():
    shut()
    answer = tried(PASSWORD, email=" INES@test.example")
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.content.decode()
    assert EMAIL.upper() not in answer.content.decode()


def test_it_opens_again_after_the_window_and_not_before():
    shut()
    with time_machine.travel(house.NOW + tries.WINDOW - timedelta(seconds=1), tick=False):
        assert tried(PASSWORD).status_code == 429
    with time_machine.travel(house.NOW + tries.WINDOW, tick=False):
        assert tried(PASSWORD).status_code == 302


def test_somebody_elses_tries_elsewhere_keep_nobody_out():
    shut(address="198.51.100.7")
    assert tried(PASSWORD).status_code == 302


def test_a_signed_in_phone_goes_on(somebody):
    phone = Client()
    phone.force_login(somebody)
    shut()
    assert phone.get(reverse("children")).status_code == 200


def test_one_account_has_an_end_from_however_many_places():
    for n in range(tries.AT_ONE_ACCOUNT):
        tried("wrong", address=f"198.51.100.{n}")
    assert tried(PASSWORD, address="203.0.113.9").status_code == 429


def test_one_address_has_an_end_at_however_many_accounts():
    for n in range(tries.FROM_ONE_ADDRESS):
        tried("wrong", email=f"nobody{n}@test.example")
    assert tried(PASSWORD).status_code == 429


def test_an_account_that_does_not_exist_is_shut_in_the_same_way():
    shut(email="nobody@test.example")
    assert tried("wrong", email="nobody@test.example").status_code == 429


def test_neither_address_nor_account_can_be_read_from_the_table_and_old_rows_go():
    tried("wrong")
    row = SignInTry.objects.get()
    assert {len(row.account_hash), len(row.address_hash)} == {64}
    forget_tries(house.NOW + tries.WINDOW - timedelta(seconds=1))
    assert SignInTry.objects.exists()
    forget_tries(house.NOW + tries.WINDOW)
    assert not SignInTry.objects.exists()


def asked(settings, proxies: int, header: str | None) -> str:
    settings.PROXIES = proxies
    headers = {} if header is None else {"HTTP_X_FORWARDED_FOR": header}
    return client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers))


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "10.0.0.1"),  # anybody could have written it
        (1, None, "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),  # the left one is the visitor's own word
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
    ],
)
def test_only_what_the_operators_own_proxies_wrote_is_believed(settings, proxies, header, address):
    assert asked(settings, proxies, header) == address


@given(st.lists(st.from_regex(r"[0-9.]{1,15}", fullmatch=True), max_size=5))
def test_what_a_visitor_writes_before_the_proxy_never_counts(written):
    header = ", ".join([*written, "203.0.113.9"])
    with override_settings(PROXIES=1):
        request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=header)
        assert client_address(request) == "203.0.113.9"
