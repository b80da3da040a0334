"""The emergency card on a phone without a network, as the team signed it on their own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_the_neurologist_signs_stands_on_the_familys_phone_offline(
    phone, night_log, house, sign_in, child, join
):
    join("neurologist")
    mira = night_log(phone("mira").new_page())
    clinic = phone("clinic").new_page()
    sign_in(clinic, "neurologist@test.example")
    clinic.goto(f"{house}/c/{child.pk}/emergency/")
    clinic.get_by_role("link", name="Write and sign the card").click()
    clinic.get_by_label("Diagnosis").fill("Infantile epileptic spasms")
    clinic.get_by_label("Rescue plan").fill("As written for Noor.\nThen call us.")
    clinic.get_by_label("Contacts").fill("Ward 4, +49 30 5550 0100")
    clinic.get_by_role("button", name="Sign as").click()
    expect(clinic.get_by_text("Signed: the emergency card")).to_be_visible()

    mira.evaluate("location.hash = '/emergency'")
    expect(mira.get_by_text("As written for Noor.")).to_be_visible(timeout=20_000)
    mira.context.set_offline(True)
    mira.reload()
    expect(mira.get_by_text("Then call us.")).to_be_visible()
    expect(mira.get_by_text("No emergency plan")).to_have_count(0)
    call = mira.get_by_role("link", name="Call Ward 4, +49 30 5550 0100")
    expect(call).to_have_attribute("href", "tel:+493055500100")
    expect(mira.get_by_text("Written and signed by")).to_be_visible()
