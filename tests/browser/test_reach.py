"""Who cannot see well, uses no mouse, or wants no motion: zoom, reflow, keyboard, reduced motion, RTL."""

from __future__ import annotations

import pytest

from tests.browser.test_screens import addresses

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def pages(house, family, sign_in, page):
    sign_in(page, "parent@test.example")
    return [
        house + address for address in [*addresses(family), "/evidence/", "/help/families/", "/me/"]
    ]


def test_at_400_per_cent_nothing_runs_sideways(page, pages):
    """320 px are what 1280 px are at 400 % (WCAG 1.4.10)."""
    page.set_viewport_size({"width": 320, "height": 256 * 3})
    told = []
    for address in pages:
        page.goto(address)
        if page.evaluate(WIDER) > 0:
            told.append(address)
    assert told == []


def test_with_text_at_200_per_cent_nothing_runs_sideways_or_is_cut(page, pages):
    """Larger text alone, as phones offer it (WCAG 1.4.4)."""
    page.set_viewport_size({"width": 640, "height": 900})
    told = []
    for address in pages:
        page.goto(address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        if page.evaluate(WIDER) > 0:
            told.append(address)
        cut = page.evaluate(
            """() => [...document.querySelectorAll("h1, h2, button, a.button, label, summary")]
            .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1
              && getComputedStyle(e).overflow === "hidden").map(e => e.textContent.trim())"""
        )
        told += [f"{address}: {text}" for text in cut]
    assert told == []


FOCUSED = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const label = e.closest("label");
  const shown = [e, e.nextElementSibling, label].filter(Boolean).some(x => {
    const c = getComputedStyle(x);
    return c.outlineStyle !== "none" && parseFloat(c.outlineWidth) > 0;
  });
  return { name: (e.getAttribute("aria-label") || e.textContent || e.name || "").trim().slice(0, 40),
           shown: shown || ["date", "time"].includes(e.type) };  // their inner parts show it themselves
}"""


@pytest.mark.parametrize(
    "name", ["/settings/", "/effect/", "/reminders/", "/emergency/", "/medicines/"]
)
def test_every_control_is_reached_by_tab_shows_where_it_is_and_lets_go(
    page, house, family, sign_in, name
):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}{name}")
    wanted = page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, select, textarea, summary, input:not([type=hidden])")]
        .filter(e => e.checkVisibility() && !e.disabled && e.type !== "radio").length"""
    )
    stops = []
    for _ in range(wanted + 60):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        stops.append(stop)
    else:
        pytest.fail("the keyboard is caught on this page")
    assert stops[0]["name"] == "Skip to the page"
    assert len(stops) >= wanted
    assert [s for s in stops if not s["shown"]] == []


def test_the_skip_link_leads_past_the_menu(page, house, family, sign_in):
    sign_in(page, "parent@test.example")
    page.goto(f"{house}/c/{family.pk}/week/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_who_wants_no_motion_gets_none(browser, browser_context_args, house, family, sign_in):
    context = browser.new_context(**browser_context_args, reduced_motion="reduce")
    page = context.new_page()
    sign_in(page, "parent@test.example")
    for name in ("/effect/", "/settings/", "/week/"):
        page.goto(f"{house}/c/{family.pk}{name}")
        moving = page.evaluate(
            """() => [...document.querySelectorAll("*")].filter(e => {
              const s = getComputedStyle(e);
              const seconds = text => Math.max(...text.split(",").map(parseFloat));
              return seconds(s.animationDuration) > 0.01 || seconds(s.transitionDuration) > 0.01
                || s.scrollBehavior === "smooth";
            }).map(e => e.className)"""
        )
        assert moving == []
    context.close()


@pytest.mark.parametrize("code", ["de", "es", "fr", "pt", "hi", "ar"])
def test_longer_words_run_out_of_nothing(page, house, family, sign_in, parent, code):
    """Every page of the family at 360 px: neither the page nor a button or a heading is too narrow."""
    sign_in(page, "parent@test.example")
    type(parent).objects.filter(pk=parent.pk).update(language=code)
    told = []
    for address in ["/log/", *addresses(family), "/evidence/", "/me/"]:
        page.goto(house + address)
        if address == "/log/":
            page.locator(f"html[lang={code}] .big-three").wait_for()
        direction = "rtl" if code == "ar" else "ltr"
        assert page.evaluate("getComputedStyle(document.body).direction") == direction, address
        if page.evaluate(WIDER) > 0 or page.evaluate("document.documentElement.scrollLeft") != 0:
            told.append(address)
        told += page.evaluate(
            """address => [...document.querySelectorAll("button, a.button, .big, .nav a, h1, h2")]
            .filter(e => e.offsetParent && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 2)
            .map(e => `${address}: ${e.textContent.trim()}`)""",
            address,
        )
    assert told == []


def test_from_right_to_left_the_name_stands_at_the_right(page, house, family, sign_in, parent):
    sign_in(page, "parent@test.example")
    type(parent).objects.filter(pk=parent.pk).update(language="ar")
    page.goto(f"{house}/c/{family.pk}/week/")
    name = page.locator(".top__name").bounding_box()
    assert name["x"] + name["width"] > 180


@pytest.mark.parametrize(("code", "spasms"), [("hi", "स्पाज़्म"), ("ar", "تشنجات")])
def test_the_night_log_speaks_the_readers_language_without_a_network(
    page, house, family, night_log, parent, code, spasms
):
    night_log(page)
    type(parent).objects.filter(pk=parent.pk).update(language=code)
    page.reload()
    page.locator(".big-three").get_by_text(spasms).wait_for()
    assert page.evaluate("document.documentElement.lang") == code
    assert page.evaluate("document.documentElement.dir") == ("rtl" if code == "ar" else "ltr")
    page.context.set_offline(True)
    page.reload()
    page.locator(".big-three").get_by_text(spasms).wait_for()
    page.evaluate("location.hash = '/emergency'")
    page.locator("h1").wait_for()
    assert page.locator("h1").inner_text() != "Emergency"
    page.context.set_offline(False)
