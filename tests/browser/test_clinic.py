"""The clinic's pages in Chromium: they fit and are accessible; a message and a limit go their way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.browser.test_screens import SIZES, at_size, faults  # noqa: F401  at_size is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def clinic(family, parent, join):
    """The family's child with something on each page of the clinic."""
    from quietdays.clinic.actions import set_limits, write_message
    from quietdays.diary.models import Question
    from quietdays.people.models import Person
    from quietdays.sharing.demo_clinic import measure
    from tests import house

    neurologist, dietitian = join("neurologist"), Person.objects.get(name="Dietitian")
    today = family.today()
    for back, based in ((90, 4), (10, 2)):
        house.eeg(neurologist, family, today - timedelta(days=back), based=based,
                  hypsarrhythmia=based > 3, finding="What the report said.")  # fmt: skip
    for back, kilograms in ((60, "8.2"), (5, "7.2")):
        at = house.at(f"{today - timedelta(days=back)} 09:00")
        measure(family, parent, at, "weight", kilograms, "kg")
        measure(family, parent, at, "length", "70.1", "cm")
    limits = {"glucose_low": Decimal(3), "glucose_unit": "mmol/L", "urine_high": 4}
    new_id = house.new_id
    set_limits(by=neurologist, child=family, entry_id=new_id(), **limits, note="As agreed.")
    set_limits(by=neurologist, child=family, entry_id=new_id(), **limits, silent_days=5)
    write_message(by=parent, child=family, entry_id=new_id(), text="A long word: " + "water" * 30)
    house.enter(Question, parent, family, date=today, text="May we travel by aeroplane?")
    house.checklist(dietitian, family)
    house.food(parent, family, "Cream with a long name, heavy whipping, 36 % fat")
    return family


def addresses(child) -> dict[str, str]:
    """Each page with the role that it is looked at in."""
    base = f"/c/{child.pk}"
    of_neurologist = [
        "/children/", "/children/?q=nobody", f"{base}/clinic/", f"{base}/clinic/?period=2y",
        f"{base}/clinic/round/?period=12w", f"{base}/growth/", f"{base}/limits/",
        f"{base}/limits/set/", f"{base}/messages/", f"{base}/log/eeg/", f"{base}/checklists/",
    ]  # fmt: skip
    pages = dict.fromkeys(of_neurologist, "neurologist")
    return pages | {"/dietitian/": "dietitian"}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_the_clinic_fits_and_is_accessible(
    at_size, clinic, house, sign_in, size, theme  # noqa: F811
):  # fmt: skip
    problems: list[str] = []
    for role in ("neurologist", "dietitian"):
        page, of_console = at_size(size, theme)
        sign_in(page, f"{role}@test.example")
        for address, whose in addresses(clinic).items():
            if whose == role:
                page.goto(house + address)
                problems += faults(page, address, theme)
        problems += of_console
    assert problems == []


def test_a_clinician_comes_from_the_list_to_the_child_and_answers(
    page, clinic, house, sign_in, quiet_console
):
    sign_in(page, "neurologist@test.example")
    expect(page.get_by_role("heading", name="Who needs you")).to_be_visible()
    expect(page.get_by_text("from the family has no answer")).to_be_visible()
    page.get_by_role("link", name="Noor").click()
    expect(page.get_by_role("heading", name="Overview")).to_be_visible()
    page.get_by_role("link", name="Open the messages").click()
    expect(page.get_by_text("Nobody is watching this live.")).to_be_visible()
    page.get_by_label("Write to the others").fill("As much as she likes.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("As much as she likes.")).to_be_visible()
    expect(page.get_by_text("no answer yet")).to_have_count(0)
    page.goto(f"{house}/children/")
    expect(page.get_by_text("from the family has no answer")).to_have_count(0)


def test_the_sheet_for_the_ward_round_is_one_page(page, clinic, house, sign_in):
    from io import BytesIO

    from pypdf import PdfReader

    sign_in(page, "neurologist@test.example")
    for period in ("4w", "2y"):
        page.goto(f"{house}/c/{clinic.pk}/clinic/round/?period={period}")
        sheet = page.pdf(prefer_css_page_size=True)
        assert len(PdfReader(BytesIO(sheet)).pages) == 1
