"""The trail: what is answered about a child leaves a line that nobody can change or remove."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import get_resolver, reverse

from quietdays.people import farewell
from quietdays.people.models import TrailEntry
from quietdays.people.tokens import make_token
from quietdays.people.trail_words import has_words
from quietdays.people.wording import device_in_words
from quietdays.records.models import WrittenOnce
from quietdays.sharing.actions import make_link
from tests import house

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW, tick=False) as clock:
        yield clock


def signed_in(person, **headers) -> Client:
    client = Client(**headers)
    client.force_login(person)
    return client


def lines(child) -> list[tuple[str, str, str]]:
    rows = TrailEntry.objects.filter(child_id=child.pk).order_by("at", "id")
    return [(row.person_name, row.did, row.what) for row in rows]


def test_a_look_stands_once_for_a_person_page_place_and_hour(parent, child, join, noon):
    nurse = join("nurse")
    client = signed_in(nurse, REMOTE_ADDR="203.0.113.9")
    url = reverse("diary", args=[child.pk])
    for _ in range(3):
        client.get(url)
    assert lines(child) == [("Nurse", "saw", "diary")]
    row = TrailEntry.objects.get()
    assert (row.role, row.address, row.device) == ("nurse", "203.0.113.9", "a program")
    assert row.at == house.NOW
    client.get(reverse("effect", args=[child.pk]))
    signed_in(nurse, REMOTE_ADDR="203.0.113.10").get(url)
    noon.shift(timedelta(hours=1))
    client.get(url)
    assert [line[2] for line in lines(child)].count("diary") == 3


def test_what_is_refused_leaves_no_line(parent, child, join):
    stranger, _ = house.another_child()
    signed_in(stranger).get(reverse("diary", args=[child.pk]))
    signed_in(join("reader")).post(reverse("nothing-seen", args=[child.pk]))
    Client().get(reverse("diary", args=[child.pk]))
    assert lines(child) == []


def test_every_write_has_a_line_and_a_form_with_errors_is_a_look(parent, child):
    client = signed_in(parent)
    client.post(reverse("nothing-seen", args=[child.pk]))
    client.post(reverse("nothing-seen", args=[child.pk]))
    client.post(reverse("add-entry", args=[child.pk, "weight"]), {"value": "much"})
    assert sorted(line[1:] for line in lines(child)) == [
        ("saw", "add-entry"),
        ("wrote", "nothing-seen"),
        ("wrote", "nothing-seen"),
    ]


def test_taking_along_sharing_and_changing_access_are_named(parent, child):
    client = signed_in(parent)
    client.get(reverse("archive-file", args=[child.pk]))
    client.post(reverse("invite", args=[child.pk]), {"role": "carer"})
    form = client.get(reverse("tokens", args=[child.pk])).context["form"]
    body = {"id": form["id"].value(), "name": "Screen", "scopes": ["read"], "lasts": "7"}
    client.post(reverse("tokens", args=[child.pk]), body)
    client.post(reverse("tokens", args=[child.pk]), {"name": ""})
    assert sorted(line[1:] for line in lines(child)) == [
        ("access", "invite"),
        ("exported", "archive-file"),
        ("saw", "tokens"),
        ("shared", "tokens"),
    ]


def test_programs_and_links_stand_in_it_too(parent, child):
    _, secret = make_token(
        by=parent, child=child, entry_id=house.new_id(), name="Screen", scopes=["read", "fhir"],
        lasts=timedelta(days=7),
    )  # fmt: skip
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    assert program.get(f"/api/v1/children/{child.pk}/today").status_code == 200
    assert program.get(f"/fhir/Patient/{child.pk}").status_code == 200
    made = make_link(
        by=parent, child=child, entry_id=house.new_id(), label="Dr Okafor",
        first=child.birth_date, last=child.today(), lasts=timedelta(days=7), has_passcode=False,
    )  # fmt: skip
    visitor = Client()
    url = reverse("shared", args=[made.secret])
    visitor.get(url)
    visitor.post(url, {"name": "Ruth"})
    visitor.get(url)
    visitor.get(reverse("shared-pdf", args=[made.secret]))
    assert sorted(lines(child)) == [
        ("Pia", "saw", "fhir-read"),
        ("Pia", "saw", "today"),
        ("Ruth (by a link)", "exported", "shared-pdf"),
        ("Ruth (by a link)", "saw", "shared"),
    ]
    devices = set(TrailEntry.objects.filter(person_name="Pia").values_list("device", flat=True))
    assert devices == {"the program “Screen”"}


def test_nobody_changes_or_removes_a_line(parent, child):
    signed_in(parent).get(reverse("diary", args=[child.pk]))
    row = TrailEntry.objects.get()
    row.person_name = "Somebody else"
    with pytest.raises(WrittenOnce):
        row.save()
    for act in (
        lambda: TrailEntry.objects.update(person_name="Somebody else"),
        lambda: TrailEntry.objects.all().delete(),
        lambda: _sql("UPDATE people_trailentry SET did = 'wrote'"),
        lambda: _sql("DELETE FROM people_trailentry"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert lines(child) == [("Pia", "saw", "diary")]


def _sql(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text)


def test_asking_for_deletion_does_not_open_the_trail_before_its_day(parent, child):
    with time_machine.travel("2100-01-01"):  # due in 2100: the database's own clock is before it
        farewell.ask(by=parent, child=child, typed_name="Noor")
    signed_in(parent).get(reverse("diary", args=[child.pk]))
    with pytest.raises(DatabaseError), transaction.atomic():
        _sql("DELETE FROM people_trailentry")


def test_the_family_reads_it_and_nobody_else_does(parent, child, join):
    signed_in(join("neurologist"), REMOTE_ADDR="203.0.113.9").get(
        reverse("effect", args=[child.pk])
    )
    page = signed_in(parent).get(reverse("trail", args=[child.pk])).content.decode()
    assert "Neurologist" in page
    assert "saw: effect" in page
    assert "from 203.0.113.9" in page
    signed_in(parent).post(reverse("nothing-seen", args=[child.pk]))
    wrote = signed_in(parent).get(reverse("trail", args=[child.pk]), {"did": "wrote"})
    assert "nothing seen" in wrote.content.decode()
    assert "saw: effect" not in wrote.content.decode()
    strange = signed_in(parent).get(reverse("trail", args=[child.pk]), {"did": "x", "person": "y"})
    assert strange.status_code == 200


def test_a_button_outside_the_app_stands_in_it(parent, child):
    from quietdays.quick.actions import make_button

    _, secret = make_button(by=parent, child=child, entry_id=house.new_id(), name="Tag")
    body = {"what": "nothing-seen"}
    headers = {"Authorization": f"Bearer {secret}"}
    client = Client(headers=headers)
    answer = client.post("/api/v1/quick", body, content_type="application/json")
    assert answer.status_code == 200
    row = TrailEntry.objects.get()
    assert (row.person_name, row.did, row.device) == ("Pia", "wrote", "the button “Tag”")


def test_what_the_operator_takes_along_stands_in_it(child, tmp_path):
    from quietdays.cli import main

    out = tmp_path / "noor.zip"
    assert main(["export", "--child", str(child.pk), "--format", "archive", "--out", str(out)]) == 0
    row = TrailEntry.objects.get()
    assert (row.person_name, row.did) == ("the operator, at the command line", "exported")


def test_a_list_leaves_a_line_at_each_child_that_it_showed(parent, child, join):
    nurse = join("nurse")
    _, other = house.another_child()
    client = signed_in(nurse)
    for _ in range(2):
        assert client.get(reverse("children")).status_code == 200
    assert lines(child) == [("Nurse", "saw", "children")]
    assert TrailEntry.objects.get().role == "nurse"
    assert lines(other) == []


def addresses_of_a_child(patterns, before: str = "") -> set[str]:
    found = set()
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            found |= addresses_of_a_child(pattern.url_patterns, path)
        elif "child_id" in path and pattern.name:
            found.add(pattern.name)
    return found


def test_the_catalogues_know_what_to_call_each_address():
    names = addresses_of_a_child(get_resolver().url_patterns)
    assert len(names) > 100
    assert {name for name in names if not has_words(name)} == set()


@pytest.mark.parametrize(
    "stored", ["Chrome on Android", "Safari", "a program", "the program “Display”", ""]
)
def test_a_device_reads_in_english_as_it_is_stored(stored):
    assert device_in_words(stored) == stored
    assert device_in_words("the button “" + "x" * 70) == "the button “" + "x" * 70 + "”"
