"""What a phone fetches to have the night log: how many requests, how many compressed bytes."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

SIGN_IN = {"E-mail": "pia@test.example", "Password": "three words here"}


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/sign-in/")
    for label, text in SIGN_IN.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("button", name="Sign in").click()
    ready(page)


def ready(page: Page) -> None:
    page.get_by_role("heading", name="Now", exact=True).wait_for(state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")


def first_load(context: BrowserContext, address: str, child: str) -> dict[str, int]:
    """Address by address, the bytes that came over the wire; the session is there already."""
    page = context.new_page()
    wire = context.new_cdp_session(page)
    addresses: dict[str, str] = {}
    sizes: dict[str, int] = {}

    def sent(event: dict) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def finished(event: dict) -> None:
        url = addresses.get(event["requestId"], "")
        if url.startswith("http"):
            sizes[url] = sizes.get(url, 0) + int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", sent)
    wire.on("Network.loadingFinished", finished)
    wire.send("Network.enable")
    page.goto(f"{address}/log/?child={child}")
    ready(page)
    page.wait_for_timeout(1000)  # what comes late belongs to the first load as well
    page.close()
    return sizes
