"""The page behind a tag or shortcut: one touch, one entry, whatever the network does."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def token(parent, child) -> str:
    from quietdays.quick.actions import make_button
    from quietdays.records.ids import new_id

    return make_button(by=parent, child=child, entry_id=new_id(), name="Tag")[1]


def clusters(child) -> int:
    from quietdays.diary.models import SpasmCluster

    return SpasmCluster.objects.of(child).count()


def status(page: Page):
    return page.locator("[data-status]")


def test_opening_writes_nothing_and_one_touch_writes_once(page, house, child, token, quiet_console):
    seen: list[str] = []
    page.on("request", lambda r: seen.append(r.url))
    page.goto(f"{house}/q/#{token}")
    expect(page.get_by_role("button")).to_have_count(4)
    assert clusters(child) == 0
    button = page.get_by_role("button", name="Spasms now")
    button.dblclick()
    expect(status(page)).to_have_text("Saved: spasms seen, not counted")
    expect(button).to_be_disabled()
    assert clusters(child) == 1
    assert not any(token in url for url in seen)  # what stands after the # goes nowhere


def test_without_a_network_touching_again_stores_it_once(page, house, child, token):
    page.goto(f"{house}/q/#{token}/spasms")
    button = page.get_by_role("button")
    expect(button).to_have_count(1)
    page.context.set_offline(True)
    button.click()
    expect(status(page)).to_have_text("Not sent: touch again")
    page.context.set_offline(False)
    lost = []

    def lose_the_answer(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/api/v1/quick", lose_the_answer)
    button.click()
    expect(status(page)).to_have_text("Not sent: touch again")
    button.click()
    expect(status(page)).to_have_text("Saved: spasms seen, not counted")
    assert (lost, clusters(child)) == ([200], 1)


def test_what_cannot_be_told_is_said_and_an_ended_button_too(page, house, child, token):
    from quietdays.quick.models import QuickToken

    page.goto(f"{house}/q/#{token}/meal")
    page.get_by_role("button").click()
    expect(status(page)).to_contain_text("Log it in the app")
    QuickToken.objects.all().delete()
    page.goto(f"{house}/q/#{token}/spasms")
    page.reload()
    page.get_by_role("button").click()
    expect(status(page)).to_contain_text("this button does not work")
    page.goto(f"{house}/q/")
    page.reload()
    expect(status(page)).to_contain_text("not whole")
    expect(page.get_by_role("button").first).to_be_disabled()


def test_a_film_is_listed_and_its_picture_loads_under_the_policy(
    page, house, parent, child, sign_in, quiet_console
):
    from tests import house as make
    from tests.diary import films

    cluster = make.cluster(parent, child, f"{child.today()} 00:00")
    films.kept(parent, child, cluster, make.picture())
    films.kept(parent, child, cluster)
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{child.pk}/entry/cluster/{cluster.pk}/")
    picture = page.locator("img.clip")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 40
    expect(page.locator("video.clip")).to_have_count(1)
    page.get_by_role("button", name="Delete photograph").click()
    expect(page.get_by_role("button", name="Bring back")).to_be_visible()
