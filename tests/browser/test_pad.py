"""The spasm pad: one touch, one spasm; nothing is lost by a reload, a lost network or a handover."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.log_driver import kept_touches

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def stored(child) -> list[tuple[int | None, str, bool]]:
    from quietdays.diary.models import SpasmCluster

    rows = SpasmCluster.objects.of(child).order_by("happened_at")
    return [(c.spasm_count, c.count_kind, c.is_open) for c in rows]


def open_pad(page: Page) -> Page:
    page.get_by_role("link", name="Spasms", exact=True).click()
    expect(page.locator("[data-tap]")).to_be_enabled()
    return page


@pytest.fixture
def pad(page: Page, child, night_log) -> Page:
    return open_pad(night_log(page))


def touch(page: Page, times: int) -> None:
    for _ in range(times):
        page.locator("[data-tap]").click()


def test_touches_are_counted_and_saved_as_one_cluster(pad, child, eventually):
    touch(pad, 5)
    expect(pad.locator("[data-count]")).to_have_text("5")
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 5 spasms")
    eventually(lambda: stored(child), [(5, "exact", False)])
    pad.get_by_role("link", name="Add details").click()
    expect(pad.get_by_role("textbox", name="Spasms")).to_have_value("5")


def test_the_first_touch_is_on_the_server_before_the_cluster_ends(pad, child, eventually):
    """A phone that dies in the middle has told of a cluster of at least so many."""
    touch(pad, 1)
    eventually(lambda: stored(child), [(1, "at_least", True)])


def test_a_running_cluster_survives_a_reload(pad, child, eventually):
    pad.context.set_offline(True)
    touch(pad, 3)
    kept_touches(pad, 3)
    pad.reload()
    expect(pad.locator("[data-count]")).to_have_text("3")
    pad.context.set_offline(False)
    touch(pad, 1)
    pad.get_by_role("button", name="One less").click()
    expect(pad.locator("[data-count]")).to_have_text("3")
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 3 spasms")
    eventually(lambda: stored(child), [(3, "exact", False)])


def test_one_touch_taken_back_leaves_no_cluster(pad, child, eventually):
    touch(pad, 1)
    pad.get_by_role("button", name="One less").click()
    expect(pad.locator("[data-count]")).to_have_text("0")
    eventually(lambda: stored(child), [])


def test_without_a_network_the_cluster_waits_and_is_stored_once(pad, child, eventually):
    pad.context.set_offline(True)
    touch(pad, 4)
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 4 spasms")
    assert stored(child) == []
    pad.get_by_role("link", name="Back").click()
    expect(pad.locator("[data-stored=no]")).to_contain_text("1 entry on this phone")
    pad.context.set_offline(False)
    expect(pad.locator("[data-stored=yes]")).to_be_visible()
    eventually(lambda: stored(child), [(4, "exact", False)])


def test_a_reply_that_is_lost_makes_no_second_cluster(pad, child, eventually):
    """The server stores, the answer never arrives; the phone sends again with the same ids."""
    lost = []

    def lose_first_reply(route):
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    pad.route("**/sync", lose_first_reply)
    touch(pad, 2)
    pad.get_by_role("button", name="End and save").click()
    pad.get_by_role("link", name="Back").click()
    expect(pad.locator("[data-stored=yes]")).to_be_visible()
    assert lost == [200]
    eventually(lambda: stored(child), [(2, "exact", False)])


def test_a_long_press_ends_the_cluster_and_is_no_spasm(pad, child, eventually):
    touch(pad, 2)
    pad.locator("[data-tap]").click(delay=1000)
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 2 spasms")
    eventually(lambda: stored(child), [(2, "exact", False)])


def test_five_quiet_minutes_end_the_cluster(page, child, night_log, eventually):
    page.clock.install()
    open_pad(night_log(page))
    touch(page, 3)
    page.clock.run_for(5 * 60_000 + 2_000)
    eventually(lambda: stored(child), [(3, "exact", False)])
    expect(page.locator("[data-count]")).to_have_text("0")


def test_it_began_earlier(pad, child, eventually):
    from quietdays.diary.models import SpasmCluster

    touch(pad, 2)
    pad.get_by_role("button", name="5 min earlier").click()
    pad.get_by_role("button", name="End and save").click()
    eventually(lambda: stored(child), [(2, "exact", False)])
    assert 300 <= SpasmCluster.objects.get().duration_s < 360


def test_signed_out_the_pad_goes_on_and_the_reason_is_said(pad, child, night_log, eventually):
    pad.context.clear_cookies()
    touch(pad, 2)
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 2 spasms")
    pad.get_by_role("link", name="Back").click()
    expect(pad.get_by_text("You are signed out")).to_be_visible()
    expect(pad.locator("[data-stored=no]")).to_contain_text("on this phone")
    assert stored(child) == []
    night_log(pad)
    eventually(lambda: stored(child), [(2, "exact", False)])


def test_the_pad_works_by_keyboard(pad, child, eventually):
    pad.locator("[data-tap]").focus()
    for _ in range(3):
        pad.keyboard.press("Enter")
    pad.get_by_role("button", name="End and save").press("Enter")
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 3 spasms")
    eventually(lambda: stored(child), [(3, "exact", False)])


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


def test_two_fingers_at_once_are_spasms_and_end_nothing(pad, child, eventually):
    """The timer of the first of two fingers was orphaned, and ended the cluster a spasm short."""
    touch(pad, 4)
    finger = fingers(pad)
    finger("touchStart", 1)
    finger("touchStart", 1, 2)
    pad.wait_for_timeout(100)
    finger("touchEnd", 2)
    finger("touchEnd")
    pad.wait_for_timeout(1500)
    expect(pad.locator("[data-count]")).to_have_text("6")
    pad.get_by_role("button", name="End and save").click()
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 6 spasms")
    eventually(lambda: stored(child), [(6, "exact", False)])


def test_two_fingers_that_rest_on_the_pad_end_nothing(pad, child, eventually):
    finger = fingers(pad)
    finger("touchStart", 1)
    finger("touchStart", 1, 2)
    pad.wait_for_timeout(1500)
    finger("touchEnd")
    expect(pad.locator("[data-count]")).to_have_text("2")
    eventually(lambda: [row[2] for row in stored(child)], [True])


def test_a_first_touch_held_for_long_is_a_spasm_and_ends_nothing(pad, child, eventually):
    finger = fingers(pad)
    finger("touchStart", 1)
    pad.wait_for_timeout(1500)
    finger("touchEnd")
    expect(pad.locator("[data-count]")).to_have_text("1")
    finger = fingers(pad)
    finger("touchStart", 1)  # the second long one ends what stands
    expect(pad.locator("[data-status]")).to_contain_text("Saved: 1 spasm")
    finger("touchEnd")
    eventually(lambda: stored(child), [(1, "exact", False)])


def test_the_other_parent_sees_the_running_cluster_and_ends_it(
    pad, child, join, browser, browser_context_args, night_log, eventually
):
    """Handover: what one phone began, the other goes on with, and both show the same."""
    join("carer")
    touch(pad, 3)
    theirs = night_log(browser.new_context(**browser_context_args).new_page(), "carer@test.example")
    running = theirs.get_by_role("region", name="A cluster is being counted")
    expect(running).to_contain_text("by Pia")
    theirs.get_by_role("link", name="Open the pad").click()
    touch(theirs, 2)
    theirs.get_by_role("button", name="End and save").click()
    eventually(lambda: [(kind, is_open) for _, kind, is_open in stored(child)], [("exact", False)])
    expect(pad.locator("[data-count]")).to_have_text("0")  # the first phone sees that it ended
    theirs.context.close()


def test_home_says_that_a_cluster_is_being_counted(pad, child):
    touch(pad, 3)
    pad.get_by_role("link", name="Back").click()
    running = pad.get_by_role("region", name="A cluster is being counted")
    expect(running).to_contain_text("3 so far")
    expect(running).to_contain_text("by Pia")
    pad.get_by_role("link", name="Open the pad").click()
    expect(pad.locator("[data-count]")).to_have_text("3")
