"""The whole thread as a family walks it: what was just logged stands in every rendering."""

from __future__ import annotations

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def add_food(page: Page, search: str, name: str, amount: str) -> None:
    page.get_by_role("combobox", name="Add a food").fill(search)
    page.get_by_role("option", name=re.compile(f"^{re.escape(name)}")).click()
    page.get_by_label(name, exact=True).fill(amount)


def toast(page: Page):
    """What home says of the last act."""
    return page.get_by_role("main").get_by_role("status").first


def is_stored(page: Page) -> None:
    """Home says that the server has everything; from here on other pages hold it too."""
    expect(page.locator("[data-stored=yes]")).to_be_visible()


def test_what_was_logged_is_found_in_the_week_the_effect_and_the_report(
    page, family, house, night_log, quiet_console
):
    from quietdays.diary.models import SpasmCluster

    night_log(page)

    # A cluster of seven, by the form
    page.get_by_role("link", name="Spasms, by form").click()
    page.get_by_role("textbox", name="Spasms").fill("7")
    page.get_by_label("How long, minutes").fill("1")
    page.get_by_label("How long, seconds").fill("30")
    page.get_by_label("on waking").check()
    page.get_by_role("button", name="Save").click()
    expect(toast(page)).to_contain_text("Saved: 7 spasms")
    is_stored(page)
    cluster = SpasmCluster.objects.of(family).latest("happened_at")
    assert (cluster.spasm_count, cluster.duration_s) == (7, 90)
    assert (cluster.count_kind, cluster.state_at_onset) == ("exact", "on_waking")

    # A meal of 3:1, planned and eaten with a left-over
    page.get_by_role("navigation").get_by_role("link", name="Diet").click()
    page.get_by_role("link", name="Plan a meal").click()
    page.get_by_label("Name").fill("Lunch")
    add_food(page, "chicken roast", "Chicken breast, roasted", "9,0")
    add_food(page, "olive", "Olive oil", "13.0")
    add_food(page, "heavy cream", "Cream, heavy whipping, 36 % fat", "9.8")
    add_food(page, "carrot cook", "Carrot, cooked", "38.3")
    live = page.locator("[data-live]")
    expect(live).to_contain_text("3.01:1")
    expect(live).to_contain_text("175 kcal")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("Planned: Lunch")).to_be_visible()
    page.get_by_role("link", name="Log this meal").click()
    page.get_by_label("Olive oil: left of 13 g").fill("5")
    page.get_by_role("button", name="Save").click()
    # 5 g oil less: 11.93 g fat to 5.63 g protein and carbohydrate
    expect(toast(page)).to_contain_text(re.compile("130 kcal.*true ratio 2\\.12:1"))
    logged = page.get_by_role("region", name="Logged today")
    expect(logged.get_by_role("link", name=re.compile("^Change: .*Lunch"))).to_have_count(1)
    expect(logged.get_by_text("5 g Olive oil left")).to_be_visible()
    expect(logged.get_by_text("Spasms seen: 7 spasms")).to_be_visible()

    # The week
    page.get_by_role("navigation").get_by_role("link", name="Weeks").click()
    expect(page.get_by_text("Today so far: 1 cluster seen (7 spasms).")).to_be_visible()
    expect(
        page.get_by_text("1 meal planned, 1 logged, 0 met their targets, 0 not logged.")
    ).to_be_visible()
    expect(page.get_by_text("What was eaten makes 2.12:1 over 1 day with meals")).to_be_visible()

    # The effect: three judged periods, and today's count apart in the running one
    page.get_by_role("link", name="The 4-week effect").first.click()
    expect(page.get_by_role("heading", name="The 4-week effect")).to_be_visible()
    assert page.get_by_role("row", name=re.compile("^Clusters seen ")).count() == 3
    expect(page.get_by_text("Today so far: 1 cluster seen (7 spasms).")).to_be_visible()

    # The report holds the same figures
    page.goto(page.url.replace("effect/", "report/"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    report = text_of(download.value.path().read_bytes())
    assert "Today so far: 1 cluster seen (7 spasms)." in report
    assert "1 meal planned, 1 logged, 0 met their targets, 0 not logged." in report
    assert "2.12:1" in report
    assert "Caregiver-reported: what was seen" in report


def test_a_new_family_begins_a_diary_of_its_own(page, house, quiet_console):
    page.goto(f"{house}/welcome/")
    page.get_by_label("The baby's first name").fill("Tom")
    page.get_by_label("Born on").fill("2026-01-05")
    expect(page.get_by_label("Where the child is")).to_have_value("Europe/Berlin")
    page.get_by_label("Your name").fill("Ana")
    page.get_by_label("E-mail").fill("ana@test.example")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("This password is too short")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ana")  # nothing typed is lost
    page.get_by_label("Password").fill("violet tram window")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("region", name="Spasms seen")).to_contain_text("None logged yet")
    expect(page.get_by_role("link", name="Emergency")).to_be_visible()
    expect(page.get_by_role("link", name="Tom", exact=True)).to_be_visible()


def test_a_dietitian_joins_by_link_and_signs_a_prescription(
    page, browser, child, house, sign_in, browser_context_args
):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{child.pk}/settings/")
    page.get_by_text("Invite somebody").click()
    page.get_by_label("dietitian", exact=True).check()
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("code").inner_text()

    theirs = browser.new_context(**browser_context_args).new_page()
    theirs.goto(link)
    theirs.get_by_label("Your name").fill("Elif")
    theirs.get_by_label("E-mail").fill("elif@test.example")
    theirs.get_by_label("Password").fill("violet tram window")
    theirs.get_by_role("button", name="Join").click()
    theirs.goto(f"{house}/c/{child.pk}/prescription/new/")
    theirs.get_by_label("Ratio, fat to").fill("4")
    theirs.get_by_label("Energy a day").fill("400")
    theirs.get_by_label("Protein a day").fill("11,0")
    theirs.get_by_label("Meals and feeds a day").fill("5")
    theirs.get_by_role("button", name="Sign").click()
    expect(
        theirs.get_by_text(
            "At 4:1 and 400 kcal, 11 g protein leaves −1.0 g carbohydrate; 3:1 leaves 1.9 g."
        )
    ).to_be_visible()
    theirs.get_by_label("Ratio, fat to").fill("3")
    theirs.get_by_role("button", name="Sign").click()
    expect(theirs.locator(".figure")).to_have_text("3:1")

    page.goto(f"{house}/c/{child.pk}/prescription/")
    expect(page.get_by_text("In force from")).to_contain_text("Signed by Elif")
    expect(page.get_by_role("link", name="Sign a new version")).to_have_count(0)
    page.goto(link)  # used up
    expect(page.get_by_text("This link is used up")).to_be_visible()


def test_undo_takes_back_the_last_tap(page, child, night_log, eventually, quiet_console):
    from quietdays.diary.models import Observation

    night_log(page)
    page.get_by_role("button", name="Nothing seen, we were watching").click()
    expect(toast(page)).to_contain_text("Saved: Nothing seen, watched so far")
    assert page.locator(".part--watched").count() > 0
    page.get_by_role("button", name="Undo").click()
    expect(toast(page)).to_contain_text("Undone: Nothing seen, watched so far")
    expect(page.locator(".part--watched")).to_have_count(0)
    is_stored(page)
    eventually(lambda: Observation.objects.of(child).count(), 0)
    expect(page.locator(".part--watched")).to_have_count(0)  # nor does the server bring it back


def test_undo_takes_back_what_a_page_of_the_server_has_saved(
    page, child, house, night_log, eventually, quiet_console
):
    """The page is left for home, and home says what it did, with its way back."""
    from quietdays.diary.models import Measurement

    night_log(page)
    page.goto(f"{house}/c/{child.pk}/log/weight/")
    page.get_by_label("Value").fill("7,2")
    page.get_by_role("button", name="Save").click()
    expect(toast(page)).to_contain_text("Saved: 7.2 kg")
    expect(page.get_by_text("Weight: 7.2 kg")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(toast(page)).to_contain_text("Undone")
    eventually(lambda: Measurement.objects.of(child).count(), 0)
    expect(page.get_by_text("Weight: 7.2 kg")).to_have_count(0)


def test_an_unusual_value_is_asked_about_and_then_saved_with_its_unit(
    page, child, night_log, quiet_console
):
    from quietdays.diary.models import Measurement

    night_log(page)
    page.get_by_role("link", name="Ketones, blood").click()
    sure = page.get_by_role("button", name="It is right: save")
    for value in ("13", "12"):  # another number is asked about anew
        page.get_by_label("Value").fill(value)
        expect(sure).to_have_count(0)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text(f"{value} mmol/L is unusual")).to_be_visible()
    assert Measurement.objects.count() == 0
    sure.click()
    expect(toast(page)).to_contain_text("Saved: Ketones, blood: 12 mmol/L")
    is_stored(page)
    stored = Measurement.objects.get()
    assert (stored.kind, stored.value, stored.unit) == ("ketones_blood", 12, "mmol/L")


def test_a_diary_comes_in_from_a_file_or_says_which_row_is_wrong(page, child, house, sign_in):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{child.pk}/import/")

    def bring_in(text: str) -> None:
        file = {"name": "diary.csv", "mimeType": "text/csv", "buffer": text.encode()}
        page.goto(f"{house}/c/{child.pk}/import/")
        page.get_by_label("File").set_input_files(file)
        page.get_by_role("button", name="Look at it").click()

    bring_in("date;clusters;spasms;observed\n2026-03-01;2;9;yes\n2026-03-02;x;;yes\n")
    expect(
        page.get_by_role("row", name="3 refused clusters is “x”, which is no number")
    ).to_be_visible()
    expect(page.get_by_text("It cannot come in like this.")).to_be_visible()
    bring_in("date;clusters;spasms;observed\n2026-03-01;2;9;yes\n2026-03-02;0;0;yes\n")
    expect(page.get_by_role("row", name="2 new 2026-03-01")).to_be_visible()
    page.get_by_role("button", name="Bring in what is new").click()
    expect(page.get_by_role("status")).to_contain_text("2 rows read: 2 entries added")
