"""axe on every page of the address table, by day and by night; none is left out by hand."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.urls import reverse

from tests.browser.test_screens import AXE_OPTIONS
from tests.web.matrix import OUTSIDE, ROUTES
from tests.web.test_pages import FILES, House

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
# Addresses that answer programs, send a file, or do something and lead on: no page to look at.
NO_PAGES = {
    "worker", "manifest", "session", "passkey-options", "sign-in-passkey", "sign-out", "language",
    "sign-in-code", "calendar", "shared-pdf", "health-link", "health-link-file", "health", "ready",
    "metrics", "openapi-json", "api-root", "subscribe", "test", "press", "receipt",
    "new-passkey-options", "add-passkey", "remove-passkey", "sign-out-device", "sign-out-others",
    "link-child", "invite-staff", "change-post", "home", "channel-off", "renew-recovery-codes",
    "remove-second-factor",
}  # fmt: skip


def pages(place: House) -> dict[str, tuple[str, str]]:
    """(visitor, address) of every page: those of a child by the table, the others by their name."""
    found = {}
    for name, (who, _, status) in ROUTES.items():
        if status == HTTPStatus.OK and name not in FILES:
            visitor = next(v for v in ("parent", "dietitian", "neurologist") if v in who)
            found[name] = (visitor, place.url(name))
    outside = {
        "sign-in": ("nobody", reverse("sign-in")),
        "forgotten": ("nobody", reverse("forgotten")),
        "new-password": ("nobody", reverse("new-password", args=[place.parent.pk, "a-b"])),
        "welcome": ("nobody", reverse("welcome")),
        "guest": ("nobody", reverse("guest")),
        "join": ("nobody", reverse("join", args=["no-such-link"])),
        "log": ("parent", reverse("log")),
        "quick-press": ("nobody", reverse("quick-press") + "#token"),
        "viewer": ("nobody", reverse("viewer") + "#x"),
        "shared": ("nobody", reverse("shared", args=["no-such-link"])),
        "answer": ("nobody", reverse("answer", args=["no-such-link"])),
        "evidence": ("nobody", reverse("evidence")),
        "help": ("nobody", reverse("help")),
        "help-guide": ("nobody", reverse("help-guide", args=["families"])),
        "children": ("neurologist", reverse("children")),
        "dietitian": ("dietitian", reverse("dietitian")),
        "new-child": ("parent", reverse("new-child")),
        "gone": ("parent", reverse("gone")),
        "account": ("parent", reverse("account")),
        "change-password": ("parent", reverse("change-password")),
        "second-factor": ("parent", reverse("second-factor")),
        "delete-account": ("parent", reverse("delete-account")),
        "clinic-staff": ("lead", reverse("clinic-staff", args=[place.clinic.pk])),
        "status": ("parent", reverse("status")),
    }
    of_programs = {name for name in OUTSIDE if name.startswith("fhir")}
    assert set(OUTSIDE) - NO_PAGES - of_programs == set(outside)
    return found | outside


def test_axe_finds_nothing_on_any_page_by_day_or_by_night(
    browser, browser_context_args, live_server, parent, child, settings
):
    settings.OPERATORS = [parent.email]
    place = House(parent, child)
    place.people["lead"] = type(parent).objects.get(email="lead@test.example")
    axe, told = Axe(), []
    contexts = {}
    for name, (visitor, address) in pages(place).items():
        if visitor not in contexts:
            contexts[visitor] = _signed_in(
                browser, browser_context_args, place, visitor, live_server
            )
        page = contexts[visitor]
        page.goto(live_server.url + address)
        assert page.url.partition("?")[0] == live_server.url + address.partition("?")[0], name
        for theme, options in (("light", AXE_OPTIONS), ("dark", CONTRAST)):
            page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
            for found in axe.run(page, options=options).response["violations"]:
                told.append(f"{name}, {theme}: {found['id']} at {found['nodes'][0]['target']}")
    assert told == []


def _signed_in(browser, args, place: House, visitor: str, live_server):
    context = browser.new_context(**args)
    if visitor != "nobody":
        client = Client()
        client.force_login(place.people[visitor])
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return context.new_page()
