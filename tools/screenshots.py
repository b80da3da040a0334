"""Make the pictures of the README and the guides from a running demo (`make run`), into docs/images.

    .venv/bin/python tools/screenshots.py

Needs what `make test` installs, and poppler's pdftoppm for the page of the report.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

HOUSE = os.environ.get("HOUSE", "http://127.0.0.1:8000")
IMAGES = Path(__file__).resolve().parent.parent / "docs/images"
PHONE = {"width": 360, "height": 780}


def signed_in(browser: Browser, *, theme: str) -> Page:
    page = browser.new_context(
        viewport=PHONE, device_scale_factor=2, locale="en-GB", color_scheme=theme
    ).new_page()
    page.goto(f"{HOUSE}/sign-in/")
    page.get_by_label("E-mail").fill("mira@demo.example")
    page.get_by_label("Password").fill("quiet-days-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/log/**")
    page.get_by_role("link", name="Spasms", exact=True).wait_for()
    return page


def pages_of_the_child(page: Page) -> str:
    """Where the pages of the only child begin."""
    return page.evaluate("fetch('/api/v1/session').then(a => a.json()).then(s => s.children[0].id)")


def shoot(page: Page, name: str, theme: str) -> None:
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    page.screenshot(path=IMAGES / name)


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or sys.exit("install Debian's chromium first")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = signed_in(browser, theme="dark")
        shoot(page, "home-night.png", "dark")
        home = f"{HOUSE}/c/{pages_of_the_child(page)}/"
        page.goto(home + "effect/")
        shoot(page, "effect.png", "light")
        page.goto(home + "diary/")
        shoot(page, "month.png", "light")
        page.goto(f"{HOUSE}/evidence/")
        page.locator("#map").scroll_into_view_if_needed()
        shoot(page, "known.png", "light")
        page.goto(home + "report/")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the PDF").click()
        with tempfile.TemporaryDirectory() as folder:
            stem = Path(folder) / "page"
            pdf = download.value.path()
            subprocess.run(["pdftoppm", "-r", "90", "-l", "1", "-png", pdf, stem], check=True)
            shutil.move(next(Path(folder).glob("page*.png")), IMAGES / "report.png")
        browser.close()


if __name__ == "__main__":
    main()
