"""Consent, walked in a browser: who is let in sees what the table says, until it is ended."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from quietdays.people.actions import create_clinic
from tests import house as filling

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "three words here"


@pytest.fixture
def somebody(browser, browser_context_args):
    """somebody("Ruth") is one more person, with a browser of their own."""
    contexts = []

    def make(**changes):
        context = browser.new_context(**(browser_context_args | changes))
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def invitation(page, house, child, role: str) -> str:
    page.goto(f"{house}/c/{child.pk}/settings/")
    page.get_by_text("Invite somebody").click()
    page.get_by_role("radio", name=role, exact=True).check()
    page.get_by_role("button", name="Make a link").click()
    return page.locator("[data-address]").inner_text()


def join(page, address: str, name: str, email: str) -> None:
    page.goto(address)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(lambda url: "/join/" not in url)


def status(page, house, child, place: str) -> int:
    answer = page.goto(f"{house}/c/{child.pk}/{place}")
    assert answer is not None
    return answer.status


def test_a_parent_lets_two_in_each_sees_the_table_and_one_is_let_go(
    page, house, family, sign_in, somebody
):
    sign_in(page, "parent@test.example")
    elif_, ruth = somebody(), somebody()
    join(elif_, invitation(page, house, family, "dietitian"), "Elif", "elif@test.example")
    join(ruth, invitation(page, house, family, "neurologist"), "Ruth", "ruth@test.example")
    may = {
        "diary/": (200, 200),
        "effect/": (200, 200),
        "prescription/new/": (200, 200),
        "medicines/new/": (403, 200),
        "trail/": (403, 403),
        "links/": (403, 403),
    }
    for place, (dietitian, neurologist) in may.items():
        assert status(elif_, house, family, place) == dietitian, place
        assert status(ruth, house, family, place) == neurologist, place
    # the parent reads who looked, and ends one access
    page.goto(f"{house}/c/{family.pk}/trail/")
    expect(page.get_by_role("listitem").filter(has_text="Ruth").first).to_be_visible()
    page.goto(f"{house}/c/{family.pk}/settings/")
    page.get_by_role("button", name="End the access of Elif").click()
    expect(page.get_by_text("Elif no longer sees")).to_be_visible()
    for place in may:
        assert status(elif_, house, family, place) == 404, place
    assert status(ruth, house, family, "diary/") == 200


def test_what_a_carers_phone_keeps_is_gone_at_its_next_contact(
    page, house, family, parent, sign_in, somebody
):
    filling.cluster(parent, family, f"{family.today()} 00:01", 4)
    sign_in(page, "parent@test.example")
    oma = somebody()
    join(oma, invitation(page, house, family, "carer"), "Oma", "oma@test.example")
    oma.wait_for_url("**/log/**")
    expect(oma.get_by_role("link", name="Spasms", exact=True)).to_be_visible()
    expect(oma.get_by_text("Noor").first).to_be_visible()
    oma.context.set_offline(True)
    page.goto(f"{house}/c/{family.pk}/settings/")
    page.get_by_role("button", name="End the access of Oma").click()
    expect(page.get_by_text("Oma no longer sees")).to_be_visible()
    oma.context.set_offline(False)
    oma.reload()
    ended = oma.get_by_text("Your access to this diary has ended")
    expect(ended.or_(oma.get_by_text("No child is in your list"))).to_be_visible()
    kept = oma.evaluate(
        """async () => {
            const names = (await indexedDB.databases()).map((d) => d.name);
            const all = [];
            for (const name of names) {
                const db = await new Promise((done) => {
                    const asked = indexedDB.open(name);
                    asked.onsuccess = () => done(asked.result);
                });
                for (const store of db.objectStoreNames) {
                    const rows = await new Promise((done) => {
                        const asked = db.transaction(store).objectStore(store).getAll();
                        asked.onsuccess = () => done(asked.result);
                    });
                    all.push(...rows.map((row) => JSON.stringify(row)));
                }
                db.close();
            }
            return all.join(" ");
        }"""
    )
    assert "Noor" not in kept
    assert "spasm" not in kept


def test_a_guest_scans_a_code_and_helps_without_an_account(
    page, house, family, sign_in, somebody, quiet_console
):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/settings/")
    page.get_by_text("Somebody helps for a while").click()
    page.get_by_role("radio", name="2 days").check()
    page.get_by_role("button", name="Make a code").first.click()
    code = page.locator("[data-code]").inner_text()
    oma = somebody()
    oma.goto(f"{house}/guest/#{code}")
    expect(oma.get_by_label("The code")).to_have_value(code)
    assert code not in oma.url
    oma.get_by_label("Your name").fill("Oma Lene")
    oma.get_by_role("button", name="Begin").click()
    oma.wait_for_url("**/log/**")
    expect(oma.get_by_role("link", name="Today and yesterday")).to_be_visible()
    oma.get_by_role("link", name="Nothing seen, we were watching").or_(
        oma.get_by_role("button", name="Nothing seen, we were watching")
    ).click()
    expect(oma.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    page.goto(f"{house}/c/{family.pk}/settings/")
    expect(page.get_by_text("guest carer since")).to_be_visible()
    page.goto(f"{house}/c/{family.pk}/trail/")
    line = page.get_by_role("listitem").filter(has_text="Oma Lene")
    expect(line.filter(has_text="entries, from the phone").first).to_be_visible()


def test_a_family_gives_its_clinic_a_code(page, house, family, sign_in, somebody):
    lead = filling.person("lead@test.example", "Dr Lena")
    create_clinic(name="Children’s", phone="+49 30 1", lead=lead, lead_role="neurologist")
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/settings/")
    page.get_by_text("A clinic", exact=True).click()
    page.get_by_role("button", name="Make a code").last.click()
    code = page.locator("[data-code]").inner_text()
    desk = somebody(viewport={"width": 1280, "height": 800})
    sign_in(desk, "lead@test.example")
    desk.goto(f"{house}/me/")
    desk.get_by_role("link", name="Children’s").click()
    assert status(desk, house, family, "diary/") == 404
    desk.go_back()
    desk.get_by_label("The code").fill(code.lower())
    desk.get_by_role("button", name="Follow").click()
    expect(desk.get_by_text("Children’s follows Noor from now on")).to_be_visible()
    assert status(desk, house, family, "diary/") == 200
    page.goto(f"{house}/c/{family.pk}/settings/")
    page.get_by_role("button", name="End the access of Children’s").click()
    expect(page.get_by_text("Children’s no longer sees")).to_be_visible()
    assert status(desk, house, family, "diary/") == 404
