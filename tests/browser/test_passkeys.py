"""Passkeys in a real browser, with a key that the browser itself plays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quietdays.people import second_factor
from quietdays.people.models import Passkey, SecondFactor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def finger(page):
    """A phone's own key, with a finger that fits; finger(False): one that does not."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    told = {"authenticatorId": made["authenticatorId"]}

    def set_to(fits: bool) -> None:
        devtools.send("WebAuthn.setUserVerified", told | {"isUserVerified": fits})

    return set_to


def make_one(page, house) -> None:
    page.goto(f"{house}/me/")
    page.get_by_label("What is this phone or computer called?").fill("Pia’s phone")
    page.get_by_role("button", name="Make a passkey here").click()
    expect(page.get_by_text("Saved: the passkey “Pia’s phone”")).to_be_visible()


def sign_out(page, house) -> None:
    page.goto(f"{house}/me/")
    page.get_by_role("button", name="Sign out here").click()
    page.wait_for_url("**/sign-in/")


def test_a_passkey_is_made_and_lets_in_without_a_password(
    page, house, child, sign_in, finger, quiet_console
):
    sign_in(page, "parent@test.example")
    make_one(page, house)
    assert Passkey.objects.get().last_used_at is None
    sign_out(page, house)
    page.goto(f"{house}/c/{child.pk}/effect/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{house}/c/{child.pk}/effect/")  # where one was going
    assert Passkey.objects.get().last_used_at is not None


def test_it_stands_for_both_factors(page, house, child, parent, sign_in, finger):
    sign_in(page, "parent@test.example")
    make_one(page, house)
    second_factor.begin(person=parent)
    SecondFactor.objects.update(confirmed_at=child.created_at)
    sign_out(page, house)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{house}/me/")
    expect(page.get_by_role("heading", name="Pia")).to_be_visible()


def test_a_finger_that_does_not_fit_opens_nothing_and_says_so(page, house, child, sign_in, finger):
    sign_in(page, "parent@test.example")
    make_one(page, house)
    sign_out(page, house)
    finger(False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed")
    page.goto(f"{house}/me/")
    page.wait_for_url("**/sign-in/**")


def test_one_that_was_taken_away_opens_nothing(page, house, child, sign_in, finger):
    sign_in(page, "parent@test.example")
    make_one(page, house)
    page.get_by_role("button", name="Take the passkey Pia’s phone away").click()
    expect(page.get_by_text("opens nothing any more")).to_be_visible()
    sign_out(page, house)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be used here")
    page.goto(f"{house}/me/")
    page.wait_for_url("**/sign-in/**")


def test_the_same_phone_is_not_asked_twice(page, house, child, sign_in, finger):
    sign_in(page, "parent@test.example")
    make_one(page, house)
    page.get_by_role("button", name="Make a passkey here").click()
    expect(page.get_by_role("alert")).to_contain_text("has a passkey for you already")
    assert Passkey.objects.count() == 1
