"""A link made on the family's phone, opened by its QR code in a clean browser, and ended."""

from __future__ import annotations

from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_link_is_scanned_read_ended_and_gone(phone, house, sign_in, child):
    family = phone("family").new_page()
    sign_in(family, "parent@test.example")
    family.goto(f"{house}/c/{child.pk}/report/")
    family.get_by_role("link", name="Share it by a link").click()
    family.get_by_label("Who is it for?").fill("Dr Okafor")
    family.get_by_label("Also for a clinic’s own viewer").check()
    family.get_by_role("button", name="Make a link").click()
    address = family.locator("[data-address]").inner_text()
    passcode = family.locator("[data-passcode]").inner_text()
    scanned = zxingcpp.read_barcode(Image.open(BytesIO(family.locator(".qr").first.screenshot())))
    assert scanned is not None
    assert scanned.text == address
    viewer = zxingcpp.read_barcode(Image.open(BytesIO(family.locator(".qr").last.screenshot())))
    assert viewer is not None
    assert viewer.text == family.locator("[data-viewer]").inner_text()
    assert viewer.text.startswith(f"{house}/view/#shlink:/")
    family.get_by_role("link", name="I have passed it on").click()
    expect(family.get_by_text("Nobody has opened it.")).to_be_visible()

    doctor = phone("doctor").new_page()
    doctor.goto(scanned.text)
    doctor.get_by_label("Your name").fill("Dr Okafor")
    doctor.get_by_label("Passcode").fill("0000000")
    doctor.get_by_role("button", name="Open the report").click()
    expect(doctor.get_by_text("4 tries are left")).to_be_visible()
    assert doctor.get_by_label("Your name").input_value() == "Dr Okafor"  # what was typed stays
    doctor.get_by_label("Passcode").fill(passcode)
    doctor.get_by_role("button", name="Open the report").click()
    expect(
        doctor.get_by_role("heading", name=f"{child.name}: spasms seen and diet")
    ).to_be_visible()
    with doctor.expect_download() as download:
        doctor.get_by_role("link", name="Download the whole report").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")

    family.reload()
    family.get_by_text("Who opened it (3)").click()
    expect(family.get_by_text("Dr Okafor: wrong passcode")).to_be_visible()
    expect(family.get_by_text("Dr Okafor: downloaded the PDF")).to_be_visible()
    family.get_by_role("button", name="End the link for Dr Okafor").click()
    expect(family.get_by_text("opens nothing any more")).to_be_visible()
    doctor.reload()
    expect(doctor.get_by_role("heading", name="This link opens nothing")).to_be_visible()


def test_a_health_link_opens_in_any_browser_and_its_key_reaches_no_server(
    phone, house, sign_in, child
):
    family = phone("family").new_page()
    sign_in(family, "parent@test.example")
    family.goto(f"{house}/c/{child.pk}/links/")
    family.get_by_label("Who is it for?").fill("Ward 4")
    family.get_by_label("Also for a clinic’s own viewer").check()
    family.get_by_role("button", name="Make a link").click()
    link = family.locator("[data-viewer]").inner_text()
    passcode = family.locator("[data-passcode]").inner_text()

    ward = phone("ward").new_page()
    asked: list[str] = []
    ward.on("request", lambda request: asked.append(f"{request.url} {request.post_data or ''}"))
    ward.goto(link)
    ward.get_by_label("Your name").fill("Ward 4")
    ward.get_by_label("Passcode").fill("0000000")
    ward.get_by_role("button", name="Open").click()
    expect(ward.get_by_role("status")).to_contain_text("Tries left: 4")
    ward.get_by_label("Passcode").fill(passcode)
    ward.get_by_role("button", name="Open").click()
    expect(ward.get_by_role("heading", name="Spasms seen")).to_be_visible()
    with ward.expect_download() as download:
        ward.get_by_role("link", name="Download: Report for the team").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")
    payload = link.partition("shlink:/")[2]
    assert not [line for line in asked if payload in line.replace(link, "")]
    ward.goto(f"{house}/view/#shlink:/broken")
    ward.reload()
    expect(ward.get_by_role("status")).to_contain_text("not whole")


def test_a_health_link_without_a_passcode_opens_too(phone, house, sign_in, child):
    family = phone("family").new_page()
    sign_in(family, "parent@test.example")
    family.goto(f"{house}/c/{child.pk}/links/")
    family.get_by_label("Who is it for?").fill("Ward 4")
    family.get_by_label("Ask for a passcode as well").uncheck()
    family.get_by_label("Also for a clinic’s own viewer").check()
    family.get_by_role("button", name="Make a link").click()
    link = family.locator("[data-viewer]").inner_text()

    ward = phone("ward").new_page()
    ward.goto(link)
    expect(ward.get_by_label("Passcode")).to_be_hidden()
    ward.get_by_label("Your name").fill("Ward 4")
    ward.get_by_role("button", name="Open").click()
    expect(ward.get_by_role("heading", name="Spasms seen")).to_be_visible()
