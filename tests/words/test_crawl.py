"""The demo, walked by each of its people in each language: no broken link, no fault, no word that
was left in English, and nothing that a machine reads changed by the language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.utils import translation

from quietdays.diet.starter import load_starter_foods
from quietdays.people.models import CareRole, Person
from quietdays.sharing.demo import make_demo
from tests.words.crawl import address_of, crawl
from tests.words.test_catalogues import LANGUAGES, catalogue

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo family, made once; everything is taken back at the end."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic._from_testcase = True
        with atomic:
            load_starter_foods()
            make_demo(say=lambda _: None)
            yield
            transaction.set_rollback(True)


def of(person: Person, language: str) -> Client:
    """A browser of this person, who chose this language."""
    Person.objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()
    client = Client()
    client.force_login(person)
    return client


def begin_of(person: Person) -> list[str]:
    roles = CareRole.objects.filter(person=person)
    return [
        "/",
        "/children/",
        "/evidence/",
        "/me/",
        "/help/",
        *(f"/c/{r.child_id}/emergency/" for r in roles),
    ]


PEOPLE = ("mira", "jonas", "dietitian", "neurologist")


@pytest.mark.parametrize("who", PEOPLE)
def test_no_link_of_the_demo_is_broken_for_anybody(demo, who):
    person = Person.objects.get(email=f"{who}@demo.example")
    told, names = [], set()
    for path, answer, _ in crawl(of(person, "en"), *begin_of(person)):
        names.add(address_of(path))
        if answer.status_code != 200:
            told.append((answer.status_code, path))
    assert told == []
    assert len(names) >= 25


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_page_answers_in_every_language_and_says_which_it_is(demo, code):
    person = Person.objects.get(email="mira@demo.example")
    for path, answer, page in crawl(of(person, code), *begin_of(person)):
        assert answer.status_code == 200, path
        # The night log's shell is the same for everybody; its script says the language.
        if page is not None and answer.request["PATH_INFO"] != "/log/":
            html = answer.content.decode()
            assert f'<html lang="{code}"' in html, path
            assert "%(" not in html, path


class Marked:
    """Translation that marks every message that goes through it, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def one(self, message: str) -> str:
        if message == "yes,no,maybe":  # Django takes it apart
            return "⟦yes⟧,⟦no⟧,⟦maybe⟧"
        self.asked.add(str(message))
        return f"⟦{message}⟧" if message else message

    def in_context(self, context: str, message: str) -> str:
        return self.one(message)

    def counted(self, one: str, many: str, number: int) -> str:
        self.asked.add(one)
        return f"⟦{one if number == 1 else many}⟧"


@pytest.fixture
def marked(monkeypatch) -> Marked:
    marks = Marked()
    for name in ("gettext", "pgettext", "ngettext"):
        getattr(translation, name)  # Django looks its functions up once, and keeps them there
    monkeypatch.setattr(translation._trans, "gettext", marks.one)
    monkeypatch.setattr(translation._trans, "pgettext", marks.in_context, raising=False)
    monkeypatch.setattr(translation._trans, "ngettext", marks.counted)
    return marks


# What is the same in every language: units, names of programs and standards, ways to write a time.
SAME = r"""\b(Quiet\ Days|kcal|mmol/L|mg/dL|mg/kg|mg/day|mg|kg|mL|cm|min|km|g|h|s|x|z|w|d|PDF|CSV|FHIR|
QR|NFC|EEG|MCT|BASED|WHO|DOI|PMC\d+|PubMed|ClinicalTrials\.gov|NCT\d+|SD|A4|Letter|Wi-Fi|IANA|UTC|ACTH|USDA|SR\d*|
FoodData|Central|e-mail|10\.\d+/\S+|English|Deutsch|Español|Français|Português|iPhone|Android|Chrome|Firefox|Safari|Linux|http://\S+|https://\S+|\S+@\S+|\w+/\w+(_\w+)?)\b"""
# Pages of clinics, operators and programs, whose words are theirs; docs/languages.md.
NOT_THE_FAMILYS = {
    "tokens", "webhooks", "clinic", "round", "growth", "limits", "import-diary", "archive", "report",
    "help", "help-guide", "status", "clinic-staff", "dietitian", "children",
}  # fmt: skip


SERVER_WORDED = {"Delivery", "Attempt", "TrailEntry", "SignedIn", "Issued", "Session"}


def data_of_the_house() -> list[str]:
    """Whatever people wrote: names, notes, foods, the team's words; longest first."""
    found: set[str] = set()
    for model in apps.get_models():
        columns = [
            f.name
            for f in model._meta.concrete_fields
            if isinstance(f, (models.CharField, models.TextField)) and not f.choices
        ]
        # What the server words and stores is ours to translate: deliveries, and the trail.
        if columns and model.__name__ not in SERVER_WORDED:
            for row in model._base_manager.values_list(*columns)[:20000]:
                found.update(line.strip() for v in row if v for line in str(v).splitlines())
    with_letters = {text for text in found if re.search(r"[A-Za-z]{2,}", text)}
    return sorted(with_letters, key=len, reverse=True)


def left_in_english(text: str, data: re.Pattern[str]) -> str:
    """What of a text went through no translation, is no data and is the same in no other language."""
    while "⟦" in text:
        shorter = re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
        if shorter == text:
            break
        text = shorter
    text = re.sub(r"^[^⟦⟧]*⟧|⟦[^⟦⟧]*$", " ", text)  # a message that was cut to fit a picture
    text = re.sub(SAME, " ", data.sub(" ", text), flags=re.VERBOSE)
    return " ".join(re.findall(r"[A-Za-z]{2,}", text))


@pytest.mark.parametrize("who", ["mira"])
def test_no_word_of_the_familys_pages_is_left_in_english(demo, who, marked):
    person = Person.objects.get(email=f"{who}@demo.example")
    client = of(person, "en")
    written = data_of_the_house()
    data = re.compile("|".join(map(re.escape, written)))
    told: set[str] = set()
    for path, _, page in crawl(client, *begin_of(person)):
        if page is None or (name := address_of(path)) in NOT_THE_FAMILYS:
            continue
        for text in page.texts:
            if text.endswith("…") and any(d.startswith(text[:-1]) for d in written):
                continue  # a name that was cut to fit a picture
            if left := left_in_english(text, data):
                told.add(f"{name}: {left}  ← {text[:120]}")
    assert not told, "\n".join(sorted(told))
    known = {e.msgid for e in catalogue("de")} | {e.msgid_plural for e in catalogue("de")}
    unknown = {
        m for m in marked.asked if m not in known and "⟦" not in m and re.search("[a-z]{2,}", m)
    }
    unknown = {m for m in unknown if not _is_djangos(m)}
    assert not unknown, "\n".join(sorted(unknown))


def _is_djangos(message: str) -> bool:
    """Months, weekdays and the words of forms stand in Django's own catalogues."""
    for code in ("hi", "fr"):
        with translation.override(code):
            if translation.trans_real.gettext(message) != message:
                return True
    return message.startswith("%(truncated_text)s")


@pytest.mark.parametrize("code", ["de", "ar"])
def test_what_machines_read_is_the_same_in_every_language(demo, code):
    """Values of fields and data for scripts: a comma there is another number."""
    person = Person.objects.get(email="mira@demo.example")
    paths, english = [], {}
    for path, _, page in crawl(of(person, "en"), *begin_of(person)):
        if page is not None and address_of(path) not in NOT_THE_FAMILYS:
            paths.append(path)
            english[path] = _machine_read(page)
    client = of(person, code)
    for path in paths:
        for _, _, page in [next(iter(crawl(client, path)))]:
            assert _machine_read(page) == english[path], path
    assert connection.in_atomic_block  # nothing of this stays


def _machine_read(page) -> list[tuple[str, str, str]]:
    """Attributes with a digit that are no words; a field's value may be written with a comma."""
    return [
        (tag, name, value)
        for tag, name, value in page.attributes
        if re.search(r"\d", value)
        and (
            name.startswith("data-")
            or name in {"value", "min", "max", "step", "datetime", "viewBox"}
        )
        and name != "data-words"
        and len(value) < 30  # no ids, which are new on each page
    ]
