"""A parent invites; the other phone scans, joins and reads; the parent ends it and it is gone."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_invitation_is_scanned_taken_up_and_ended(phone, house, sign_in, child):
    family = phone("family").new_page()
    sign_in(family, "parent@test.example")
    family.goto(f"{house}/c/{child.pk}/settings/")
    family.get_by_text("Invite somebody").click()
    family.get_by_label("neurologist", exact=True).check()
    family.get_by_role("button", name="Make a link").click()
    scanned = zxingcpp.read_barcode(Image.open(BytesIO(family.locator(".qr").screenshot())))
    assert scanned is not None
    assert scanned.text == family.locator("[data-address]").inner_text()

    doctor = phone("doctor").new_page()
    doctor.goto(scanned.text)
    doctor.get_by_label("Your name").fill("Dr Okafor")
    doctor.get_by_label("E-mail").fill("okafor@test.example")
    doctor.get_by_label("Password").fill("three words here")
    doctor.get_by_role("button", name="Join").click()
    doctor.goto(f"{house}/c/{child.pk}/diary/")
    expect(doctor.get_by_role("link", name="Emergency").first).to_be_visible()

    family.goto(f"{house}/c/{child.pk}/settings/")
    row = family.get_by_role("listitem").filter(has_text="Dr Okafor")
    expect(row).to_contain_text("neurologist")
    row.get_by_role("button", name="End the access of Dr Okafor").click()
    expect(family.get_by_text("Dr Okafor no longer sees")).to_be_visible()
    answer = doctor.goto(f"{house}/c/{child.pk}/diary/")
    assert answer is not None
    assert answer.status == 404
