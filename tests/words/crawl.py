"""A visitor of the demo who follows every link, and reads what a page says."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

# Files and doors that are tried elsewhere, and what a visit would change or end.
_NOT_FOLLOWED = re.compile(r"/static/|/clips/|\.(pdf|zip|csv|ics|json|jpg)$|/sign-out/|/api/")
_PER_ADDRESS = 2  # pages of one address of the table: two days, two foods
VOID = {"meta", "link", "img", "input", "br", "hr", "source", "use", "path", "wbr", "col"}
SILENT = {"script", "style", "code", "symbol", "noscript"}
SAID = ("aria-label", "title", "placeholder", "alt")


class Reader(HTMLParser):
    """What a page says, its attributes, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[tuple[str, bool]] = []  # a tag, and whether what is in it is ours to say
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        is_ours = self._ours() and tag not in SILENT and ("lang" not in given or tag == "html")
        for name, value in given.items():
            if name in SAID and is_ours:
                self.texts.append(value)
            elif name not in SAID:
                self.attributes.append((tag, name, value))
        if tag not in VOID:
            self.open.append((tag, is_ours))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and self._ours():
            self.texts.append(" ".join(data.split()))

    def _ours(self) -> bool:
        return all(ours for _, ours in self.open)


def address_of(path: str) -> str:
    """The name of an address in the house's table."""
    try:
        return resolve(path.partition("?")[0]).url_name or path
    except Resolver404:
        return path


def crawl(client: Client, *begin: str) -> Iterator[tuple[str, HttpResponse, Reader | None]]:
    """Every page that links lead to, with its answer; HTML is read."""
    seen: set[str] = set()
    visits: Counter[str] = Counter()
    waiting = deque(begin)
    while waiting:
        path = urldefrag(waiting.popleft()).url
        if path in seen or not path.startswith("/") or _NOT_FOLLOWED.search(path):
            continue
        seen.add(path)
        name = address_of(path)
        if visits[name] >= _PER_ADDRESS:
            continue
        visits[name] += 1
        answer = client.get(path, follow=True)
        page = None
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = Reader(answer.content.decode())
            here = answer.request["PATH_INFO"]
            waiting.extend(urljoin(here, link) for link in page.links)
        yield path, answer, page
