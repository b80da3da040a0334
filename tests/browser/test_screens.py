"""Every screen at 360 and 1280 px, by day and night: it fits, it is accessible, it is quiet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"phone": (360, 780), "desk": (1280, 900)}
# Every text is at least this large. Charts draw small axis labels and are left out.
SMALLEST_TEXT_PX = 16
SMALLEST_TARGET_PX = 48

AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

TOO_SMALL = """() => {
  const bad = [];
  for (const el of document.querySelectorAll("a.button, button, .chip span, .nav a, .big, .tiles a, .doors a, .tick, textarea, input:not([type=hidden],[type=radio],[type=checkbox]), summary")) {
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
        "/log/cluster/", "/log/other-seizure/", "/log/illness/",
        "/log/ketones-blood/", "/log/ketones-urine/", "/log/glucose/", "/log/weight/",
        f"/watching/{today}/", f"/check-in/{today}/", "/diary/", f"/diary/{week}/",
        f"/plan/{today}/", "/build/", "/feeds/", "/feeds/other/", "/prescription/", "/foods/",
        "/foods/new/", "/medicines/", "/medicines/new/", "/medicines/give/", "/week/",
        f"/week/{week}/", "/effect/", "/report/", "/import/", "/settings/", "/deleted/",
        "/emergency/", "/recipes/", "/recipes/new/", "/mix/", "/menu/", f"/sheet/{today}/",
        f"/shopping/{today}/", "/feeds/breast/", "/checklists/", "/quick/", "/links/", "/archive/",
        "/reminders/", "/reminders/log/", "/supplies/", "/supplies/new/",
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


def program_addresses(family) -> list[str]:
    """Pages of what programs may do, with a token in use and a webhook that is paused."""
    from django.utils import timezone

    from quietdays.hooks.actions import make_hook, try_hook
    from quietdays.hooks.models import Delivery, Webhook
    from quietdays.people.models import Person
    from quietdays.people.tokens import make_token, use_token
    from tests import house

    parent = Person.objects.get(email="parent@test.example")
    asked = {"by": parent, "child": family, "entry_id": house.new_id()}
    token, _ = make_token(
        **asked, name="Import of a hospital with a long name", scopes=["read", "log", "fhir"],
        lasts=timedelta(days=30),
    )  # fmt: skip
    use_token(token, "fhir")
    hook = make_hook(**asked, name="Display", url="https://1.1.1.1/" + "a-long-address/" * 12)
    try_hook(by=parent, hook=hook)
    Delivery.objects.update(state="failed", attempts=1, answer="HTTP 500")
    Webhook.objects.update(paused_at=timezone.now())
    return [f"/c/{family.pk}/tokens/", f"/c/{family.pk}/webhooks/"]


def night_screens(family) -> dict[str, str]:
    """The night log's screens, each with its heading, of a family that has something on each."""
    from quietdays.people.models import Person
    from quietdays.sync.kinds import SYNC_KINDS
    from tests import house

    parent = Person.objects.get(email="parent@test.example")
    today = family.today()
    food = house.food(parent, family, "Cream with a long name, heavy whipping, 36 % fat")
    plan = house.plan(parent, family, f"{today} 23:00", (food, 20), name="Late supper")
    house.plan(parent, family, f"{today} 23:30", (food, 20), name="Night feed")
    eaten = house.eat(parent, family, f"{today} 00:00", (food, 20, 5), name="First feed")
    syrup = house.medicine(parent, family, "Sultiame")
    house.step(parent, family, syrup, today - timedelta(days=9), times=("00:30", "23:30"))
    dose = house.dose(parent, family, syrup, f"{today} 00:00")
    cluster = house.cluster(parent, family, f"{today - timedelta(days=1)} 07:30", 5)
    own = {"check-in", "observation", "watched-so-far", "stay", "dose"}  # these have other screens
    forms = {
        f"new/{slug}": "Something else eaten" if slug == "meal" else kind.title
        for slug, kind in SYNC_KINDS.items()
        if slug not in own
    }
    return {
        "": "Now",
        "pad": f"Spasms, {family.name}",
        "feed": "Feed",
        f"meal/{plan.pk}": "Late supper",
        "medicine": "Medicine",
        f"dose/{syrup.pk}": "Sultiame",
        "check-in": "Check-in, today",
        "watching": "How was today watched?",
        f"watching/{today - timedelta(days=1)}": "How was yesterday watched?",
        "recent": "The last seven days",
        f"entry/{cluster.pk}": "Spasms seen: 5 spasms",
        f"entry/{eaten.pk}": "Eaten: First feed",
        f"entry/{dose.pk}": "Sultiame 8 mL",
        f"entry/{plan.pk}": "Entry",  # none that this phone knows
        **forms,
        "phone": "This phone",
        "emergency": "Emergency",
        "children": "Whose diary?",
    }


# What comes a moment after the heading.
COMES_LATER = {"children": "#main .doors button", "phone": "text=used here"}


def show(page: Page, screen: str, heading: str) -> None:
    page.evaluate("screen => { location.hash = '/' + screen }", screen)
    page.get_by_role("heading", level=1, name=heading, exact=True).wait_for(state="attached")


def faults(page: Page, address: str, theme: str) -> list[str]:
    """What is wrong with the page as it stands, in this theme."""
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    found = [f"{address}: {p}" for p in page.evaluate(TOO_SMALL)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{address}: wider than the screen")
    violations = Axe().run(page, options=AXE_OPTIONS).response["violations"]
    return found + [
        f"{address}: {v['id']} at {v['nodes'][0]['target']} ({len(v['nodes'])})" for v in violations
    ]


@pytest.fixture
def at_size(browser, browser_context_args):
    """at_size("phone", "dark") is a page and the list of what its console says is wrong."""

    contexts = []

    def go(size: str, theme: str) -> tuple[Page, list[str]]:
        width, height = SIZES[size]
        options = {"viewport": {"width": width, "height": height}, "color_scheme": theme}
        contexts.append(browser.new_context(**{**browser_context_args, **options}))
        page = contexts[-1].new_page()
        problems: list[str] = []
        page.on(
            "console",
            lambda m: problems.append(f"{page.url}: {m.text}") if m.type == "error" else None,
        )
        page.on("pageerror", lambda e: problems.append(f"{page.url}: {e}"))
        return page, problems

    yield go
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_screen_fits_and_is_accessible(at_size, family, house, sign_in, size, theme):
    page, problems = at_size(size, theme)
    sign_in(page, "parent@test.example")
    kitchen, programs = kitchen_addresses(family), program_addresses(family)
    for address in [
        *addresses(family),
        *kitchen,
        *programs,
        "/children/",
        "/children/new/",
        "/q/#token",
        "/view/#x",
    ]:
        page.goto(house + address)
        problems += faults(page, address, theme)
    assert problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_every_screen_of_the_night_log_fits_and_is_accessible(
    at_size, family, night_log, size, theme
):
    page, problems = at_size(size, theme)
    screens = night_screens(family)
    night_log(page)
    for screen, heading in screens.items():
        show(page, screen, heading)
        if screen in COMES_LATER:
            page.locator(COMES_LATER[screen]).first.wait_for()
        problems += faults(page, f"/log/#/{screen}", theme)
    assert problems == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_what_waits_what_is_refused_and_what_is_wrong_fits_too(
    at_size, family, night_log, size, theme
):
    page, problems = at_size(size, theme)
    screens = night_screens(family)
    night_log(page)

    def go(screen: str) -> None:
        show(page, screen, screens[screen])

    def look(state: str) -> None:
        problems.extend(faults(page, state, theme))

    # A form with an error at its field, and one whose number is asked about
    go("new/cluster")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".error")).to_be_visible()
    look("a form with an error")
    go("new/weight")
    page.get_by_label("Value").fill("29")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("is unusual")
    look("a form that asks")
    # Without a network: a word with its way back, an entry that waits, a cluster that runs
    page.context.set_offline(True)
    page.get_by_role("button", name="It is right: save").click()
    expect(page.locator("[data-stored=no]")).to_contain_text("1 entry on this phone")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    look("home with an entry that waits")
    go("pad")
    page.locator("[data-tap]").click()
    expect(page.get_by_role("button", name="End and save")).to_be_visible()
    look("the pad with a cluster that runs")
    go("")
    expect(page.get_by_role("region", name="A cluster is being counted")).to_be_visible()
    look("home with a cluster that runs")
    go("recent")
    expect(page.get_by_text("waits to be sent").first).to_be_visible()
    look("the last days with an entry that waits")
    page.get_by_role("link", name="Change: Weight: 29 kg").click()
    # The list that was left may still stand for a moment, with more lines that wait.
    expect(page.get_by_role("button", name="Delete")).to_be_visible()
    expect(page.get_by_text("waits to be sent")).to_be_visible()
    look("an entry that waits")
    go("phone")
    look("this phone with what waits")
    # The server takes none of it
    page.route("**/sync", refuse)
    go("")
    page.context.set_offline(False)
    expect(page.get_by_text("could not be taken by the server")).to_be_visible()
    look("home with what was refused")
    go("phone")
    page.get_by_role("button", name="Change it").first.click()
    page.get_by_role("button", name="Throw it away").first.click()
    look("this phone with what was refused")
    assert problems == []


def refuse(route) -> None:
    results = [
        {
            "op": operation["op"], "status": "rejected", "entries": [], "echo": "", "notice": "",
            "conflict": None, "errors": {"value": ["29 kg cannot be right for this child."]},
        }
        for operation in route.request.post_data_json["operations"]
    ]  # fmt: skip
    route.fulfill(json={"clock": "2026-03-01T08:00:00Z", "offset_s": 0, "results": results})


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


def test_the_emergency_card_is_one_tap_away_from_every_screen_of_the_night_log(
    page, family, night_log
):
    screens = night_screens(family)
    night_log(page)
    page.context.set_offline(True)  # the card stands on the phone
    link = page.get_by_role("link", name="Emergency")
    for screen, heading in screens.items():
        show(page, screen, heading)
        assert link.count() == 1, screen
        assert link.is_visible(), screen
    for screen in ("pad", ""):
        show(page, screen, screens[screen])
        link.click()
        expect(page.get_by_role("heading", name="Emergency")).to_be_visible()
        expect(page.get_by_text("No emergency plan has been entered")).to_be_visible()
        expect(page.get_by_role("link", name="Call 112")).to_be_visible()
