"""Every screen at 360 and 1280 px, by day and night: it fits, it is accessible, it is quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"phone": (360, 780), "desk": (1280, 900)}
# Every text is at least this large. Charts draw small axis labels and are left out.
SMALLEST_TEXT_PX = 16
SMALLEST_TARGET_PX = 48

AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

TOO_SMALL = """() => {
  const bad = [];
  for (const el of document.querySelectorAll("a.button, button, .chip span, .nav a, .big, .tiles a, .doors a, input:not([type=hidden],[type=radio],[type=checkbox]), summary")) {
    const box = el.getBoundingClientRect();
    if (box.width === 0) continue;
    if (box.height < 47.5) bad.push(`${el.textContent.trim().slice(0, 30)}: ${box.height.toFixed(0)} px high`);
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || el.closest("svg, script, noscript")) continue;
    const size = parseFloat(getComputedStyle(el).fontSize);
    if (size < 15.9) bad.push(`${walker.currentNode.textContent.trim().slice(0, 30)}: text of ${size} px`);
  }
  return bad;
}"""


def addresses(child) -> list[str]:
    today = child.today()
    week = today - timedelta(days=7)
    base = f"/c/{child.pk}"
    pages = [
        "/", "/pad/", "/log/cluster/", "/log/other-seizure/", "/log/illness/",
        "/log/ketones-blood/", "/log/ketones-urine/", "/log/glucose/", "/log/weight/",
        f"/watching/{today}/", f"/check-in/{today}/", "/diary/", f"/diary/{week}/",
        f"/plan/{today}/", "/build/", "/feeds/", "/feeds/other/", "/prescription/", "/foods/",
        "/foods/new/", "/medicines/", "/medicines/new/", "/medicines/give/", "/week/",
        f"/week/{week}/", "/effect/", "/report/", "/import/", "/settings/", "/deleted/",
        "/emergency/", "/recipes/", "/recipes/new/", "/mix/", "/menu/", f"/sheet/{today}/",
        f"/shopping/{today}/", "/feeds/breast/", "/checklists/", "/quick/",
    ]  # fmt: skip
    return [base + p for p in pages]


def kitchen_addresses(family) -> list[str]:
    """Pages of things that a kitchen keeps, each with something on it."""
    from quietdays.diet.models import PlannedMeal, Recipe
    from quietdays.people.models import Person
    from quietdays.sharing.demo_kitchen import keep_recipes
    from tests import house
    from tests.diary import films

    parent = Person.objects.get(email="parent@test.example")
    keep_recipes(family, parent)
    food = house.food(parent, family)
    plan = house.plan(parent, family, f"{family.today()} 23:00", (food, 20))
    feed = house.feed(parent, family, (food, 100))
    recipe = Recipe.objects.filter(kind="meal").first()
    base = f"/c/{family.pk}"
    cluster = house.cluster(parent, family, f"{family.today()} 00:00")
    for clip in (house.picture(), films.film(6000)):
        films.kept(parent, family, cluster, clip)
    assert PlannedMeal.objects.exists()
    return [
        f"{base}/entry/cluster/{cluster.pk}/",
        f"{base}/recipes/", f"{base}/recipes/{recipe.pk}/?to=servings&servings=2",
        f"{base}/mix/{feed.pk}/", f"{base}/weigh/{plan.pk}/", f"{base}/build/{plan.pk}/",
        f"{base}/sheet/{family.today()}/", f"{base}/shopping/{family.today()}/",
        f"{base}/foods/{food.pk}/",
    ]  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_screen_fits_and_is_accessible(
    browser, family, house, sign_in, browser_context_args, size, theme
):
    width, height = SIZES[size]
    options = {
        **browser_context_args,
        "viewport": {"width": width, "height": height},
        "color_scheme": theme,
    }
    page = browser.new_context(**options).new_page()
    problems: list[str] = []
    page.on(
        "console", lambda m: problems.append(f"{page.url}: {m.text}") if m.type == "error" else None
    )
    page.on("pageerror", lambda e: problems.append(f"{page.url}: {e}"))
    sign_in(page, "parent@test.example")
    kitchen = kitchen_addresses(family)
    for address in [*addresses(family), *kitchen, "/children/", "/children/new/", "/q/#token"]:
        page.goto(house + address)
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append(f"{address}: wider than the screen")
        problems += [f"{address}: {p}" for p in page.evaluate(TOO_SMALL)]
        found = Axe().run(page, options=AXE_OPTIONS).response["violations"]
        problems += [
            f"{address}: {v['id']} at {v['nodes'][0]['target']} ({len(v['nodes'])})" for v in found
        ]
    assert problems == []


def test_night_paints_no_white_flash(page, house):
    """The theme stands on the page before its first paint, set by a script in the head."""
    page.clock.set_fixed_time("2026-03-01T03:00:00+01:00")
    page.goto(f"{house}/sign-in/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(13, 18, 24)"
    )
    page.clock.set_fixed_time("2026-03-01T12:00:00+01:00")
    page.goto(f"{house}/sign-in/")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_the_emergency_page_is_one_tap_away_from_every_page(page, family, house, sign_in):
    sign_in(page, "parent@test.example")
    for address in addresses(family):
        page.goto(house + address)
        assert page.get_by_role("link", name="Emergency").count() == 1, address
    page.get_by_role("link", name="Emergency").click()
    assert "No emergency plan has been entered" in page.inner_text("main")
