"""A link shows one period to whoever has it, for as long as the family lets it, and each visit is seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from quietdays.sharing.actions import (
    REMEMBERED,
    LinkGone,
    LinkLocked,
    WrongPasscode,
    end_link,
    forget_links,
    make_link,
    open_link,
)
from quietdays.sharing.models import TRIES, LinkView, SharedLink
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def make(child, parent):
    def made(**values):
        asked = {
            "label": "Dr Okafor",
            "first": child.birth_date,
            "last": child.today(),
            "lasts": timedelta(days=7),
            "has_passcode": True,
        } | values
        return make_link(by=parent, child=child, entry_id=house.new_id(), **asked)[:3]

    return made


def visit(client, secret, **values):
    return client.post(f"/s/{secret}/", {"name": "Dr Okafor", **values})


def test_secret_and_passcode_are_stored_nowhere(make):
    link, secret, passcode = make()
    stored = str(SharedLink.objects.values().get(pk=link.pk))
    assert secret not in stored
    assert f"'{passcode}'" not in stored
    assert len(secret) >= 43
    assert len(passcode) == 6
    assert passcode.isdecimal()


def test_the_page_behind_the_passcode_tells_the_report(make, child):
    _, secret, passcode = make()
    client = Client()
    door = client.get(f"/s/{secret}/")
    assert child.name not in door.content.decode()
    assert visit(client, secret, passcode=f" {passcode[:3]} {passcode[3:]}").status_code == 302
    page = client.get(f"/s/{secret}/")
    assert f"{child.name}: spasms seen and diet" in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert page["X-Robots-Tag"] == "noindex"
    pdf = client.get(f"/s/{secret}/report.pdf")
    assert pdf.content.startswith(b"%PDF")
    seen = [(v.name, v.what) for v in LinkView.objects.order_by("at", "id")]
    assert seen == [("Dr Okafor", "opened"), ("Dr Okafor", "pdf")]


def test_the_door_alone_is_no_visit_and_lets_nobody_to_the_pdf(make):
    _, secret, _ = make()
    client = Client()
    client.get(f"/s/{secret}/")
    assert client.get(f"/s/{secret}/report.pdf").status_code == 302
    assert not LinkView.objects.exists()


def test_wrong_passcodes_are_counted_for_the_whole_life_of_the_link(make):
    _, secret, passcode = make()
    wrong = f"{(int(passcode) + 1) % 10**6:06}"
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(WrongPasscode) as told:
            open_link(secret=secret, name="X", passcode=wrong)
        assert told.value.tries_left == left
        open_link(secret=secret, name="X", passcode=passcode)  # gives none of the spent ones back
    with pytest.raises(WrongPasscode):
        open_link(secret=secret, name="X", passcode=wrong)
    with pytest.raises(LinkLocked):
        open_link(secret=secret, name="X", passcode=passcode)
    assert LinkView.objects.filter(what="wrong").count() == TRIES
    answer = visit(Client(), secret, passcode=passcode)
    assert answer.status_code == 401
    assert "Ask the family for a new link" in answer.content.decode()


def test_ended_or_expired_it_is_gone_also_for_whoever_is_reading(make, parent, noon):
    for ending in ("ended", "expired"):
        link, secret, passcode = make()
        client = Client()
        visit(client, secret, passcode=passcode)
        assert client.get(f"/s/{secret}/").status_code == 200
        if ending == "ended":
            end_link(by=parent, link=link)
        else:
            noon.shift(timedelta(days=7))
        for address in (f"/s/{secret}/", f"/s/{secret}/report.pdf"):
            answer = client.get(address)
            assert answer.status_code == 404
            assert "This link opens nothing" in answer.content.decode()
        with pytest.raises(LinkGone):
            open_link(secret=secret, name="X", passcode=passcode)


def test_a_visit_ends_after_an_hour(make, noon):
    _, secret, passcode = make()
    client = Client()
    visit(client, secret, passcode=passcode)
    noon.shift(timedelta(minutes=61))
    assert "Open the report" in client.get(f"/s/{secret}/").content.decode()


def test_a_visit_of_one_link_opens_no_other(make):
    _, one, _ = make(has_passcode=False)
    _, other, _ = make()
    client = Client()
    visit(client, one)
    client.cookies["visit"]["path"] = f"/s/{other}/"
    assert "Open the report" in client.get(f"/s/{other}/").content.decode()


def test_a_link_ends_with_its_makers_access(make, child, parent):
    _, secret, _ = make(has_passcode=False)
    child.care_roles.filter(person=parent).update(ended_at=house.NOW)
    assert Client().get(f"/s/{secret}/").status_code == 404


def test_an_unknown_link_says_the_same_as_an_ended_one():
    answer = Client().get(f"/s/{'x' * 43}/")
    assert answer.status_code == 404
    assert "This link opens nothing" in answer.content.decode()


def test_it_is_not_made_for_a_period_that_cannot_be_or_for_longer(make, child):
    for wrong in (
        {"last": child.today() + timedelta(days=1)},
        {"first": child.birth_date - timedelta(days=1)},
        {"lasts": timedelta(days=91)},
        {"lasts": timedelta()},
        {"label": " "},
    ):
        with pytest.raises(ValidationError):
            make(**wrong)
    assert not SharedLink.objects.exists()


def test_only_who_manages_makes_one(child, join):
    asked = {"label": "X", "first": child.birth_date, "last": child.today()}
    for role in ("carer", "neurologist", "reader"):
        with pytest.raises(PermissionDenied):
            make_link(
                by=join(role), child=child, entry_id=house.new_id(), **asked,
                lasts=timedelta(days=1), has_passcode=True,
            )  # fmt: skip


def test_the_family_sees_each_visit_and_what_a_visitor_wrote_stays_text(make, child, parent):
    link, secret, _ = make(has_passcode=False)
    Client().post(f"/s/{secret}/", {"name": "<b>Eve</b>"})
    client = Client()
    client.force_login(parent)
    page = client.get(f"/c/{child.pk}/links/").content.decode()
    assert "&lt;b&gt;Eve&lt;/b&gt;: opened" in page
    client.post(f"/c/{child.pk}/links/{link.pk}/end/")
    page = client.get(f"/c/{child.pk}/links/").content.decode()
    assert "ended" in page
    assert "Eve" in page


def test_what_is_long_over_is_forgotten_with_its_visits(make):
    link, secret, _ = make(has_passcode=False)
    open_link(secret=secret, name="X", passcode="")
    forget_links(link.expires_at + REMEMBERED)
    assert SharedLink.objects.exists()
    forget_links(link.expires_at + REMEMBERED + timedelta(seconds=1))
    assert not SharedLink.objects.exists()
    assert not LinkView.objects.exists()
