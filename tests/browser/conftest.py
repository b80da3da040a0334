"""A real Chromium on the real pages: who is signed in, how wide, by day or night."""

from __future__ import annotations

import contextlib
import shutil
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect

# A busy machine is slow, not wrong; no test here measures time.
expect.set_options(timeout=20_000)

PASSWORD = "three words here"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {
        **browser_context_args,
        "viewport": {"width": 360, "height": 780},
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "color_scheme": "light",
    }


@pytest.fixture
def house(live_server, transactional_db):
    """The address of a server with the starter foods, and nothing else in it."""
    from quietdays.diet.starter import load_starter_foods

    load_starter_foods()
    return live_server.url


@pytest.fixture
def family(house, parent, child, join):
    """A child whose dietitian prescribed 3:1 and whose diary holds the sample's weeks."""
    from decimal import Decimal

    from quietdays.diet.actions import prescribe
    from quietdays.people.actions import update_child
    from quietdays.records.ids import new_id
    from quietdays.sharing.imports.diary_csv import import_diary
    from quietdays.sharing.sample import DAYS_ON_DIET, sample_diary

    today = child.today()
    started = today - timedelta(days=DAYS_ON_DIET)
    update_child(by=parent, child=child, phone="", diet_started_on=started)
    prescribe(
        by=join("dietitian"),
        child=child,
        entry_id=new_id(),
        effective_from=started,
        ratio=Decimal(3),
        energy_kcal=Decimal(700),
        protein_g=Decimal("13.5"),
        meals_per_day=4,
    )
    csv = sample_diary(today - timedelta(days=1)).encode()
    import_diary(by=parent, child=child, data=csv)
    return child


@pytest.fixture
def sign_in(house):
    """sign_in(page, "parent@test.example") ends on the page after signing in."""

    def go(page, email: str) -> None:
        page.goto(f"{house}/sign-in/")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "sign-in" not in url)

    return go


@pytest.fixture
def quiet_console(page):
    """Fails the test when the page logs an error or throws."""
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    yield problems
    assert problems == []


@pytest.fixture
def eventually():
    """eventually(read, wanted): what the server holds comes to be that; polls, measures nothing."""

    def wait(read, wanted, seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        found = read()
        while found != wanted and time.monotonic() < end:
            time.sleep(0.05)
            found = read()
        assert found == wanted

    return wait


@pytest.fixture
def phone(browser_type, browser_type_launch_args, browser_context_args, tmp_path, house):
    """phone("mira") opens a phone of that name with a store of its own; opened again, it is the same phone.

    phone("mira", timezone_id="America/New_York") is that phone after a flight.
    """
    opened = []

    def launch(name: str, **options):
        context = browser_type.launch_persistent_context(
            str(tmp_path / name), **{**browser_type_launch_args, **browser_context_args, **options}
        )
        opened.append(context)
        return context

    yield launch
    for context in opened:
        with contextlib.suppress(PlaywrightError):
            context.close()


@pytest.fixture
def night_log(house, sign_in):
    """night_log(page, email) signs in and waits until the night log can stand without a network."""

    def go(page, email: str = "parent@test.example"):
        sign_in(page, email)
        page.wait_for_url("**/log/*")
        ready(page)
        return page

    return go


# Waited for in the page itself: what Playwright asks again and again, a page's rules forbid.
CONTROLLED = """() => new Promise((done) => {
  const { serviceWorker } = navigator;
  if (serviceWorker.controller !== null) done(null);
  serviceWorker.addEventListener("controllerchange", () => done(null), { once: true });
})"""


def ready(page) -> None:
    page.get_by_role("heading", name="Now", exact=True).wait_for(state="attached")
    page.evaluate(CONTROLLED)
