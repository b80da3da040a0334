"""The emergency card on paper says what was signed, whole, and a phone reads its code offline."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import segno
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from quietdays.emergency.actions import sign_card
from quietdays.emergency.queries import card_of
from quietdays.sharing.card import card_data, card_pdf, qr_text
from tests import house

pytestmark = pytest.mark.django_db
TODAY = house.NOW.date()


@pytest.fixture
def sign(child):
    by = house.joined(child, "neurologist")

    def signed(**values):
        asked = {
            "diagnosis": "Infantile epileptic spasms", "diet": "Ketogenic 3:1",
            "rescue": "As written for Noor.\nThen call us.", "glucose": "Under 2.5 mmol/L: #call",
            "contacts": "Dr Okafor, neurologist, +49 30 5550-0100\nWard 4, +49 30 5550-0200",
            "call_number": "911", "expires_on": TODAY + timedelta(days=90),
        } | values  # fmt: skip
        with time_machine.travel(house.NOW):
            return sign_card(by=by, child=child, entry_id=house.new_id(), **asked)

    return signed


def words(child, *, now=house.NOW, **more):
    pages = PdfReader(BytesIO(card_pdf(child, now=now, **more))).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split())


def test_the_paper_says_all_that_was_signed(child, sign):
    sign()
    for paper in ("a4", "us-letter"):
        text = words(child, paper=paper)
        for said in (
            "Emergency: Noor", "Born 1 September 2025", "Call 911", "Ketogenic 3:1",
            "As written for Noor.", "Then call us.", "Under 2.5 mmol/L: #call",
            "Dr Okafor, neurologist, +49 30 5550-0100", "Ward 4, +49 30 5550-0200", "Signed by",
        ):  # fmt: skip
            assert said in text
        assert "out of date" not in text


def test_an_old_card_says_that_it_is_old(child, sign):
    sign()
    assert "It may be out of date" in words(child, now=house.NOW + timedelta(days=91))


def test_without_a_card_the_paper_says_so_and_gives_the_number(child):
    text = words(child)
    assert "No emergency plan has been entered by Noor’s team" in text
    assert "Call 112" in text


def test_what_does_not_fit_on_the_wallet_card_is_said_and_stands_on_the_sheet(child, sign):
    sign(rescue="A long rule. " * 70, fluids="Another rule. " * 65, avoid="And one more. " * 65)
    text = words(child)
    assert "The team’s rules do not fit here. See the whole sheet." in text
    assert text.count("A long rule.") == 70


def test_the_code_is_read_back_and_holds_the_numbers(child, sign):
    import zxingcpp
    from PIL import Image

    text = qr_text(card_data(child, sign(), house.NOW))
    picture = BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(
        picture, kind="png", scale=4, border=2
    )
    found = zxingcpp.read_barcode(Image.open(picture))
    assert found is not None
    assert found.text == text
    assert text.startswith("Emergency: Call 911\n")
    assert "+49 30 5550-0200" in text


@given(st.lists(st.text(min_size=1, max_size=200), max_size=8))
def test_a_line_of_the_code_is_whole_or_not_there(contacts):
    data = {
        "emergency": "Emergency", "call": "Call 112", "name": "Noor", "born": "Born 1 September 2025", "diagnosis": "", "diet": "",
        "contacts": contacts,
    }  # fmt: skip
    text = qr_text(data)
    assert len(text.encode()) <= 400
    rest = text.removeprefix("Emergency: Call 112\nNoor. Born 1 September 2025")
    for contact in contacts:
        if f"\n{contact}" in rest:
            rest = rest.replace(f"\n{contact}", "", 1)
    assert rest == "" or any(rest.strip("\n") in c for c in contacts)


@pytest.mark.parametrize(
    ("code", "emergency"),
    [("de", "Notfall"), ("ar", "طوارئ"), ("hi", "आपात"), ("es", "Emergencia")],
)
def test_two_languages_stand_side_by_side_and_the_teams_words_once(child, sign, code, emergency):
    from quietdays.sharing.glyphs import MISSING

    sign()
    for languages in ((code, "en"), ("en", code)):
        text = words(child, languages=languages)
        assert "Emergency" in text
        data = card_data(child, card_of(child), house.NOW, languages)
        assert emergency in data["emergency"]
        assert "Emergency" in data["emergency"]
        assert text.count("As written for Noor.") == 2  # the sheet and the wallet card
        assert MISSING not in text
    alone = words(child, languages=(code,))
    assert "Rescue plan" not in alone
    assert "911" in alone


def test_a_page_asks_for_the_second_language(client, parent, child, sign):
    sign()
    client.force_login(parent)
    for asked, is_in in (("de", True), ("xx", False), ("", False)):
        answer = client.get(f"/c/{child.pk}/emergency/card.pdf", {"beside": asked})
        pages = PdfReader(BytesIO(answer.content)).pages
        assert ("Notfall" in pages[0].extract_text()) == is_in
