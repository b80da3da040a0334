"""The guides in docs/, read inside the house: they need no network, and every page leads to its own."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# The guides that people who use the house read; what developers read stands on the site.
GUIDES = {
    "families": "For families",
    "care-teams": "For care teams",
    "operators": "For operators",
    "safety": "Safety",
    "privacy": "Privacy",
    "intended-use": "Intended use",
    "statistics": "Statistics",
    "languages": "Languages",
}

# Which part of which guide goes with a page, by the name of its address.
_PARTS = {
    "families#spasms": "add-entry edit-entry watching clip diary diary-day check-in",
    "families#diet": "plan build-meal edit-plan weigh recipes recipe add-recipe edit-recipe mix-feed "
    "pour menu fridge-sheet shopping feeds eat-planned eat-unplanned breastfeed change-breastfeed "
    "meal sort-off-plan prescription",
    "families#foods": "foods food add-food correct-food",
    "families#medicines": "medicines edit-medicine add-medicine choose-medicine medicine-step taper "
    "give-dose edit-step edit-dose supplies add-supply edit-supply reminders reminder-log channel "
    "answer channel-off",
    "families#weeks": "this-week week effect",
    "families#correcting": "deleted",
    "families#buttons": "quick quick-press",
    "families#circle": "child-settings trail join guest",
    "families#account": "account change-password second-factor renew-recovery-codes "
    "remove-second-factor delete-account sign-in sign-in-code forgotten new-password welcome "
    "new-child",
    "families#leaving": "archive delete-everything gone",
    "families#messages": "messages import-diary import-draft",
    "families#links": "report links shared",
    "families#card": "emergency",
    "families#known": "evidence",
    "care-teams": "sign-emergency prescribe checklists tick-checklist set-limits clinic-staff",
    "care-teams#reasons": "children",
    "care-teams#overview": "clinic round growth limits",
    "care-teams#dietitian": "dietitian",
    "operators#doctor": "status",
    "operators": "tokens webhooks",
    "privacy": "viewer",
}
_PART_OF = {page: part for part, pages in _PARTS.items() for page in pages.split()}


def help_address(page: str) -> str:
    """Where the help for a page stands; the families' first night where nothing else is meant.
    Empty in a house that was installed without its guides."""
    if not settings.DOCS_DIR.is_dir():
        return ""
    guide, _, anchor = _PART_OF.get(page, "families").partition("#")
    address = reverse("help-guide", args=[guide])
    return f"{address}#{anchor}" if anchor else address


@require_safe
def guides(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help.html", {"guides": GUIDES, "title": "Help"})


@require_safe
def guide(request: HttpRequest, name: str) -> HttpResponse:
    if name not in GUIDES:
        raise Http404("There is no such guide.")
    context = {"guides": GUIDES, "name": name, "title": GUIDES[name], "text": _written(name)}
    return render(request, "web/help.html", context)


@cache
def _written(name: str) -> SafeString:
    """A guide as HTML. Raw HTML in it stays text, so that what it makes is safe to show."""
    path = settings.DOCS_DIR / f"{name}.md"
    if not path.exists():
        raise Http404("This house was installed without its guides.")
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(path.read_text())
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            _name_heading(heading, inline)
    for token in tokens:
        opened: list[bool] = []  # whether the link that a closing one belongs to is still there
        for child in token.children or ():
            _turn_inside(child, opened)
    html: str = reader.renderer.render(tokens, reader.options, {})
    return mark_safe(html)  # noqa: S308


def _name_heading(heading: Token, inline: Token) -> None:
    """`## Title {#name}` gets its name as id, where the page can be opened."""
    for child in inline.children or ():
        found = re.search(r" \{#([\w-]+)\}$", child.content)
        if found:
            heading.attrSet("id", found.group(1))
            child.content = child.content[: found.start()]


def _turn_inside(token: Token, opened: list[bool]) -> None:
    """Links among the guides stay in the house; pictures belong to the site."""
    if token.type == "image":
        token.type, token.tag, token.children = "text", "", None
        token.content = ""
    if token.type == "link_close" and not opened.pop():
        _say_nothing(token)
    if token.type != "link_open":
        return
    opened.append(True)
    target = str(token.attrGet("href"))
    found = re.fullmatch(r"([\w-]+)\.md(#[\w-]+)?", target)
    if found and found.group(1) in GUIDES:
        address = reverse("help-guide", args=[found.group(1)]) + (found.group(2) or "")
        token.attrSet("href", address)
    elif "://" not in target and not target.startswith("#"):
        opened[-1] = False
        _say_nothing(token)


def _say_nothing(token: Token) -> None:
    token.type, token.tag, token.nesting, token.attrs, token.content = "text", "", 0, {}, ""
