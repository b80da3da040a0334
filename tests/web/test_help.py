"""The guides inside the house: each page leads to a part that exists, and nothing in them runs."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from quietdays.web.help_pages import _PART_OF, GUIDES, help_address

pytestmark = pytest.mark.django_db


def names(resolver=None) -> set[str]:
    found = set()
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            found |= names(pattern)
        elif pattern.name:
            found.add(pattern.name)
    return found


@pytest.mark.parametrize("name", GUIDES)
def test_every_guide_is_a_page(name):
    answer = Client().get(f"/help/{name}/")
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<h1>") == 1
    assert "{#" not in html
    assert "<img" not in html
    for target in re.findall(r'<a href="([^"]+)"', html):
        assert not target.endswith(".md"), target
        if target.startswith("/help/") and "#" in target:
            path, _, anchor = target.partition("#")
            assert f'id="{anchor}"' in Client().get(path).content.decode(), target


def test_a_guide_that_is_none_is_not_found():
    assert Client().get("/help/../settings/").status_code == 404
    assert Client().get("/help/architecture/").status_code == 404


@pytest.mark.parametrize("page", sorted(_PART_OF))
def test_the_help_of_a_page_is_a_part_that_exists(page):
    assert page in names()
    guide, _, anchor = _PART_OF[page].partition("#")
    text = (settings.DOCS_DIR / f"{guide}.md").read_text()
    if anchor:
        assert f"{{#{anchor}}}" in text


def test_a_page_links_to_its_own_help(parent, child):
    client = Client()
    client.force_login(parent)
    html = client.get(f"/c/{child.pk}/effect/").content.decode()
    assert 'href="/help/families/#weeks"' in html
    assert help_address("something-new") == "/help/families/"


def test_a_guide_with_html_in_it_shows_it_as_text(tmp_path, settings):
    from quietdays.web import help_pages

    settings.DOCS_DIR = tmp_path
    (tmp_path / "safety.md").write_text(
        "# A\n\n<script>alert(1)</script> [x](javascript:alert(1))\n"
    )
    help_pages._written.cache_clear()
    try:
        html = str(help_pages._written("safety"))
    finally:
        help_pages._written.cache_clear()
    assert "<script" not in html
    assert "javascript:" not in html.replace("(javascript:alert(1))", "")


@pytest.mark.parametrize("code", ["es", "fr", "de", "pt", "ar", "hi"])
def test_a_visitor_chooses_a_language_before_signing_in(code):
    client = Client()
    client.post("/language/", {"language": code, "next": "/sign-in/"})
    answer = client.get("/sign-in/")
    assert f'<html lang="{code}"' in answer.content.decode()
    assert answer["Content-Language"] == code
    assert ('dir="rtl"' in answer.content.decode()) == (code == "ar")
