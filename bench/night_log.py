"""The night log on a slow phone: a cold start without a network, a touch on its way to the disk."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from tests.browser.conftest import CONTROLLED, FLAGS
from tests.browser.first_load import first_load, sign_in
from tests.processes import make_family
from tests.test_kill import Server

SLOWER = 6  # the processor, by the browser's own brake
ROUNDS = 5

# When each write to the outbox is on the disk, by the page's clock.
WATCH_THE_STORE = """
  window.kept = [];
  const open = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    const transaction = open.call(this, stores, mode, options);
    if (mode === "readwrite" && [stores].flat().includes("outbox")) {
      transaction.addEventListener("complete", () => window.kept.push(performance.now()));
    }
    return transaction;
  };
"""
WHEN_READY = """() => new Promise((done) => {
  const look = () => document.querySelector("[data-tap]:not([disabled])")
    ? done(performance.now()) : requestAnimationFrame(look);
  look();
})"""
TOUCH = """() => new Promise((done) => {
  const before = window.kept.length;
  const began = performance.now();
  document.querySelector("[data-tap]").click();
  const look = () => window.kept.length > before || performance.now() - began > 10_000
    ? done((window.kept[before] ?? Infinity) - began) : setTimeout(look, 1);
  look();
})"""


def run(show) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder)
        (child,) = make_family(data, "Noor")
        server = Server(data)
        server.start()
        try:
            address = f"http://127.0.0.1:{server.port}"
            _first_load(playwright, data, address, child, show)
            _offline(playwright, data, address, show)
        finally:
            server.kill()


def _phone(playwright: Playwright, folder: Path, **options) -> BrowserContext:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    return playwright.chromium.launch_persistent_context(
        str(folder), executable_path=path, args=FLAGS,
        viewport={"width": 360, "height": 780}, **options,
    )  # fmt: skip


def _first_load(playwright: Playwright, data: Path, address: str, child: str, show) -> None:
    phone = _phone(playwright, data / "first")
    session = phone.new_page()
    session.goto(f"{address}/sign-in/")
    sign_in(session, address)
    cookies = phone.cookies()
    phone.close()
    fresh = _phone(playwright, data / "fresh")
    fresh.add_cookies(cookies)
    sizes = first_load(fresh, address, child)
    fresh.close()
    show("night log, first load, kB compressed", sum(sizes.values()) / 1000, 150, "150 kB", "kB")
    show("  its requests", len(sizes), 8, "8 requests", "")


def _offline(playwright: Playwright, data: Path, address: str, show) -> None:
    phone = _phone(playwright, data / "offline")
    page = phone.new_page()
    sign_in(page, address)
    page.evaluate(CONTROLLED)
    phone.close()
    starts, touches = [], []
    for _ in range(ROUNDS):
        phone = _phone(playwright, data / "offline", offline=True)
        page = phone.new_page()
        page.add_init_script(WATCH_THE_STORE)
        _slow_down(phone, page)
        page.goto(f"{address}/log/#/pad")
        starts.append(page.evaluate(WHEN_READY))
        touches += [page.evaluate(TOUCH) for _ in range(8)]
        page.get_by_role("button", name="End and save").click()
        phone.close()
    show("pad ready, cold, offline, 6x slower (median)", statistics.median(starts), 1500, "1.5 s")
    show("  the slowest of five", max(starts), 1500, "1.5 s")
    show("touch to disk, 6x slower (median of 40)", statistics.median(touches), 100, "100 ms")
    show("  the slowest of 40", max(touches), 100, "100 ms")


def _slow_down(phone: BrowserContext, page: Page) -> None:
    phone.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
