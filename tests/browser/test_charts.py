"""The charts under a hand: pointing, touching and keys each say the row that is meant."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_screens import AXE_OPTIONS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1280, "height": 900}


@pytest.fixture
def at_page(page, family, house, sign_in, quiet_console):
    """at_page("diary", DESK) is that page of the family's child, signed in."""
    sign_in(page, "parent@test.example")

    def go(name: str, viewport: dict[str, int] | None = None) -> Page:
        if viewport:
            page.set_viewport_size(viewport)
        page.goto(f"{house}/c/{family.pk}/{name}/")
        read_by_script(page)
        return page

    return go


def read_by_script(page: Page) -> None:
    expect(page.locator("[data-chart]").first).to_have_attribute("data-chart", "read")


def figure(page: Page, title: str) -> Locator:
    return page.locator("figure.chart").filter(has=page.get_by_text(title, exact=True))


def timeline(page: Page) -> Locator:
    return figure(page, "Diet, medicines and what was seen, on one axis of days")


def picture(chart: Locator) -> Locator:
    return chart.locator("[data-picture]:visible")


def readout(chart: Locator) -> Locator:
    return chart.locator("[data-readout]")


def date_of(chart: Locator, row: int) -> str:
    """What the table calls a row; negative rows count from the end."""
    return chart.locator("tbody th").nth(row).text_content() or ""


def marked(chart: Locator) -> list[str]:
    return (
        picture(chart)
        .locator(".c-slot--here")
        .evaluate_all("slots => slots.map(slot => slot.dataset.row)")
    )


def middle_of(chart: Locator, row: int) -> tuple[float, float]:
    box = picture(chart).locator(f".c-slot[data-row='{row}']").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 3


def height(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollHeight")


def accessible(page: Page) -> list[str]:
    violations = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return [f"{v['id']} at {v['nodes'][0]['target']}" for v in violations]


def test_pointing_at_the_timeline_says_the_row_of_the_nearest_day(at_page):
    page = at_page("diary", DESK)
    chart = timeline(page)
    chart.scroll_into_view_if_needed()
    tall, said = height(page), readout(chart)
    expect(said).to_have_text("Point at the picture to read it here, or use the arrow keys.")
    for row in (3, 20):
        page.mouse.move(*middle_of(chart, row))
        expect(said).to_contain_text(f"{date_of(chart, row)}: ")
        assert marked(chart) == [str(row)]
    spoken = chart.locator("tbody tr").nth(20).locator("td").first.text_content()
    expect(said).to_contain_text(f": {spoken}")
    box = picture(chart).bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 20)  # over the names: the first day is nearest
    expect(said).to_contain_text(date_of(chart, 0))
    assert height(page) == tall
    page.mouse.move(2, 2)
    expect(said).to_contain_text("Point at the picture")
    assert marked(chart) == []


def test_keys_move_through_the_timeline_from_one_stop_and_all_is_accessible(at_page):
    page = at_page("diary")
    chart, said = timeline(page), readout(timeline(page))
    assert chart.locator("[tabindex='0']:visible").count() == 1  # the table is folded away
    frame = picture(chart)
    expect(frame).to_have_role("application")
    expect(frame.locator("svg")).to_have_role("img")
    expect(said).to_have_attribute("aria-live", "polite")
    frame.focus()
    steps = {
        "ArrowRight": 0, "PageDown": 7, "ArrowLeft": 6, "End": 27, "PageUp": 20, "Home": 0,
    }  # fmt: skip
    tall = height(page)
    for key, row in steps.items():
        page.keyboard.press(key)
        expect(said).to_contain_text(f"{date_of(chart, row)}: ")
        assert marked(chart) == [str(row)], key
    assert height(page) == tall
    expect(said).to_be_in_viewport()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    for theme in ("light", "dark"):
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        assert accessible(page) == [], theme
    page.keyboard.press("Escape")
    assert marked(chart) == []
    expect(said).to_contain_text("Point at the picture")


def test_a_touch_on_a_phone_says_the_day(browser, browser_context_args, family, house, sign_in):
    phone = {**browser_context_args, "has_touch": True, "is_mobile": True}
    context = browser.new_context(**phone)
    page = context.new_page()
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/diary/")
    read_by_script(page)
    chart = timeline(page)
    picture(chart).scroll_into_view_if_needed()
    expect(readout(chart)).to_have_text("Touch the picture to read it here.")
    page.touchscreen.tap(*middle_of(chart, 12))
    expect(readout(chart)).to_contain_text(f"{date_of(chart, 12)}: ")
    expect(readout(chart)).to_be_in_viewport()
    assert marked(chart) == ["12"]
    slide(page, middle_of(chart, 12), middle_of(chart, 19))
    expect(readout(chart)).to_contain_text(f"{date_of(chart, 19)}: ")
    page.get_by_text("Show the numbers").first.focus()
    assert marked(chart) == []
    context.close()


def slide(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger that goes down, moves sideways and is lifted."""
    touch = page.context.new_cdp_session(page)

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    send("touchStart", {"x": start[0], "y": start[1]})
    for step in range(1, 6):
        x = start[0] + (end[0] - start[0]) * step / 5
        send("touchMove", {"x": x, "y": start[1]})
    send("touchEnd")


def test_the_effect_says_a_period_by_pointer_and_key(at_page):
    page = at_page("effect", DESK)
    chart = figure(page, "Clusters seen per watched day, compared with before")
    chart.scroll_into_view_if_needed()
    page.mouse.move(*middle_of(chart, 1))
    expect(readout(chart)).to_contain_text("Weeks 5 to 8: ")
    expect(readout(chart)).to_contain_text("times as many")
    picture(chart).focus()
    page.keyboard.press("ArrowLeft")
    expect(readout(chart)).to_contain_text("Weeks 1 to 4: ")
    assert marked(chart) == ["0"]
    assert accessible(page) == []


def test_the_days_of_the_month_stay_links(at_page):
    """The arrow keys go from day to day; Enter opens one; the tab key stops once."""
    page = at_page("diary", DESK)
    month = page.locator(".month figure")
    count = month.locator("a").count()
    assert month.locator("a[tabindex='0']").count() == 1
    month.locator("a").last.focus()
    expect(readout(month)).to_contain_text(f"{date_of(month, count - 1)}: ")
    page.keyboard.press("Home")
    expect(month.locator("a").first).to_be_focused()
    expect(readout(month)).to_contain_text(f"{date_of(month, 0)}: ")
    address = month.locator("a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_without_a_script_the_words_and_the_numbers_stand(
    browser, browser_context_args, page, family, house, sign_in
):
    sign_in(page, "parent@test.example")
    plain = browser.new_context(
        **browser_context_args,
        java_script_enabled=False,
        storage_state=page.context.storage_state(),
    )
    quiet = plain.new_page()
    quiet.goto(f"{house}/c/{family.pk}/diary/")
    chart = timeline(quiet)
    expect(chart.locator("figcaption")).to_contain_text("27 days: clusters seen on")
    expect(chart.locator(".chart__reading")).to_be_hidden()
    chart.locator("summary").click()
    expect(chart.locator("tbody tr").first).to_be_visible()
    assert chart.locator("tbody tr").count() == 28
    plain.close()
