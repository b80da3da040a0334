"""The spasm pad: one touch, one spasm; nothing is lost by a reload or a lost network."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def stored(child) -> list[tuple[int | None, str]]:
    from quietdays.diary.models import SpasmCluster

    rows = SpasmCluster.objects.of(child).order_by("happened_at")
    return [(c.spasm_count, c.count_kind) for c in rows]


@pytest.fixture
def pad(page: Page, child, house, sign_in) -> Page:
    sign_in(page, "parent@test.example")
    page.get_by_role("link", name="Spasms", exact=True).click()
    expect(page.locator("[data-tap]")).to_be_enabled()
    return page


def touch(page: Page, times: int) -> None:
    for _ in range(times):
        page.locator("[data-tap]").click()


def test_touches_are_counted_and_saved_as_one_cluster(pad, child):
    touch(pad, 5)
    expect(pad.locator("[data-count]")).to_have_text("5")
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 5 spasms")
    assert stored(child) == [(5, "exact")]
    pad.get_by_role("link", name="Add details").click()
    expect(pad.get_by_role("textbox", name="Spasms")).to_have_value("5")


def test_a_running_cluster_survives_a_reload(pad, child):
    touch(pad, 3)
    pad.reload()
    expect(pad.locator("[data-count]")).to_have_text("3")
    touch(pad, 1)
    pad.get_by_role("button", name="One less").click()
    expect(pad.locator("[data-count]")).to_have_text("3")
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 3 spasms")
    assert stored(child) == [(3, "exact")]


def test_without_a_network_the_cluster_waits_and_is_stored_once(pad, child):
    touch(pad, 4)
    pad.context.set_offline(True)
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("kept on this phone")
    assert stored(child) == []
    pad.context.set_offline(False)
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 4 spasms")
    pad.reload()
    pad.wait_for_load_state("networkidle")
    assert stored(child) == [(4, "exact")]


def test_a_reply_that_is_lost_makes_no_second_cluster(pad, child):
    """The server stores, the answer never arrives; the pad sends again with the same id."""
    state = {"lost": 0}

    def lose_first_reply(route):
        if state["lost"] == 0:
            state["lost"] = 1
            route.fetch()
            route.abort()
        else:
            route.continue_()

    pad.route("**/clusters", lose_first_reply)
    touch(pad, 2)
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("kept on this phone")
    pad.evaluate("window.dispatchEvent(new Event('online'))")
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 2 spasms")
    assert stored(child) == [(2, "exact")]


def test_a_long_press_ends_the_cluster_and_is_no_spasm(pad, child):
    touch(pad, 2)
    pad.locator("[data-tap]").click(delay=1000)
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 2 spasms")
    assert stored(child) == [(2, "exact")]


def test_five_quiet_minutes_end_the_cluster(page, child, house, sign_in):
    page.clock.install()
    sign_in(page, "parent@test.example")
    page.get_by_role("link", name="Spasms", exact=True).click()
    touch(page, 3)
    page.clock.run_for(5 * 60_000 + 2_000)
    expect(page.locator("[data-status]")).to_contain_text("Saved: 3 spasms")
    assert stored(child) == [(3, "exact")]


def test_signed_out_the_cluster_stays_on_the_phone_with_the_reason(pad, child):
    touch(pad, 2)
    pad.context.clear_cookies()
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("not on the server yet")
    kept = pad.evaluate("JSON.parse(localStorage.getItem(Object.keys(localStorage)[0])).waiting")
    assert [entry["spasm_count"] for entry in kept] == [2]
    assert stored(child) == []


def test_the_pad_works_by_keyboard(pad, child):
    pad.locator("[data-tap]").focus()
    for _ in range(3):
        pad.keyboard.press("Enter")
    pad.get_by_role("button", name="End and save").press("Enter")
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 3 spasms")
    assert stored(child) == [(3, "exact")]


def fingers(page: Page):
    """fingers("touchStart", 1, 2): these fingers are on the pad's button from now on."""
    box = page.locator("[data-tap]").bounding_box()
    cdp = page.context.new_cdp_session(page)

    def send(kind: str, *down: int) -> None:
        points = [
            {"x": box["x"] + 40 * finger, "y": box["y"] + box["height"] / 2, "id": finger}
            for finger in down
        ]
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return send


def test_two_fingers_at_once_are_spasms_and_end_nothing(pad, child):
    """The timer of the first of two fingers was orphaned, and ended the cluster a spasm short."""
    finger = fingers(pad)
    touch(pad, 4)
    finger("touchStart", 1)
    finger("touchStart", 1, 2)
    pad.wait_for_timeout(100)
    finger("touchEnd", 2)
    finger("touchEnd")
    pad.wait_for_timeout(1500)
    expect(pad.locator("[data-count]")).to_have_text("6")
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 6 spasms")
    assert stored(child) == [(6, "exact")]


def test_two_fingers_that_rest_on_the_pad_end_nothing(pad, child):
    finger = fingers(pad)
    finger("touchStart", 1)
    finger("touchStart", 1, 2)
    pad.wait_for_timeout(1500)
    finger("touchEnd")
    expect(pad.locator("[data-count]")).to_have_text("2")
    assert stored(child) == []


def test_a_first_touch_held_for_long_is_a_spasm_and_ends_nothing(pad, child):
    finger = fingers(pad)
    finger("touchStart", 1)
    pad.wait_for_timeout(1500)
    finger("touchEnd")
    expect(pad.locator("[data-count]")).to_have_text("1")
    finger("touchStart", 1)  # the second long one ends what stands
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 1 spasm")
    finger("touchEnd")
    assert stored(child) == [(1, "exact")]


def test_home_says_what_is_still_on_this_phone_only(pad, child):
    home = pad.locator("[data-pad]").get_attribute("data-home")
    touch(pad, 3)
    pad.goto(pad.url.replace("pad/", ""))
    assert pad.url.endswith(home)
    line = pad.locator("[data-stored]")
    expect(line).to_contain_text("A cluster is open on this phone: 3 spasms. Open the pad")
    expect(line).not_to_contain_text("All you see here is stored")
    assert "stored--offline" in line.get_attribute("class")
    line.get_by_role("link", name="Open the pad").click()
    pad.route("**/clusters", lambda route: route.abort())
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("kept on this phone")
    pad.get_by_role("link", name="Back").click()
    expect(line).to_contain_text("1 cluster waits on this phone to be sent. Open the pad")
    pad.unroute("**/clusters")
    line.get_by_role("link", name="Open the pad").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 3 spasms")
    pad.get_by_role("link", name="Back").click()
    expect(line).to_have_text("All you see here is stored.")
    assert stored(child) == [(3, "exact")]
