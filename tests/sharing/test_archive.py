"""Everything out and in again: nothing lost, nothing of another child, all of it or nothing."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client
from jsonschema import Draft202012Validator

from quietdays.clinic.actions import mark_read, set_limits, write_message
from quietdays.diary.clip_files import open_to_read, size_of
from quietdays.diary.models import (
    CheckIn,
    DayTotal,
    Illness,
    Measurement,
    OtherSeizure,
    Question,
    SpasmCluster,
    Visit,
)
from quietdays.diet.actions import acknowledge
from quietdays.diet.models import FavouriteFood
from quietdays.diet.starter import load_starter_foods
from quietdays.emergency.actions import sign_card
from quietdays.insights.days import diary_days
from quietdays.insights.models import Baseline
from quietdays.people.entries import amend, bring_back, take_back, undo
from quietdays.people.models import Child, Person
from quietdays.reminders.models import Rules
from quietdays.sharing.archive import restoring
from quietdays.sharing.archive.csv_files import csv_lines, csv_table, daily_lines, neutral
from quietdays.sharing.archive.restoring import restore
from quietdays.sharing.archive.schema import schema
from quietdays.sharing.archive.tables import TABLES
from quietdays.sharing.archive.writing import archive_steps, csv_steps, streamed
from quietdays.sharing.imports.diary_csv import import_diary
from quietdays.sharing.imports.table import ImportRefused
from quietdays.sync.queries import changes_since, first_entries
from tests import house
from tests.databases import FEWER
from tests.processes import environment
from tests.web.test_pages import House

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def full(parent, child):
    """A child with one of everything, foods of the shipped table among them, and some history."""
    load_starter_foods()
    place = House(parent, child)
    amend(place.cluster, by=parent, spasm_count=9)
    gone = house.cluster(parent, child, "2026-06-08 07:30", None, note="=1+1 \U0001f37c ü\nline")
    take_back(gone, by=parent)
    starter = apps.get_model("diet.Food").objects.filter(family__isnull=True).first()
    planned = house.plan(parent, child, "2026-06-09 12:00", (starter, 40))
    house.eat(parent, child, "2026-06-09 12:10", (starter, 40, 3), planned=planned)
    undo(amended(parent, place.recipe, place.food), by=parent)
    one_of_the_rest(place, starter)
    return place


def one_of_the_rest(place, starter) -> None:
    by, child, day = place.parent, place.child, house.TODAY - timedelta(days=2)
    house.watch(by, child, day, morning="watched")
    house.enter(CheckIn, by, child, date=day, stress=3, sleep_hours=Decimal("9.5"))
    house.enter(Question, by, child, date=day, text="May we travel?")
    house.enter(Visit, by, child, happened_at=house.at("2026-07-01 10:00"), whom="Dr Okafor")
    house.enter(DayTotal, by, child, date=day, was_observed=True, clusters=0)
    house.eeg(place.people["neurologist"], child, day, based=3)
    house.enter(Illness, by, child, started_on=day, what="a cold")
    when = {"happened_at": house.at("2026-06-08 08:00")}
    house.enter(OtherSeizure, by, child, looks="limp", **when)
    house.enter(Measurement, by, child, kind="weight", value=Decimal("7.31"), unit="kg", **when)
    acknowledge(by=by, prescription=place.prescription)
    FavouriteFood.objects.create(family=child.family, food=starter)
    neurologist = place.people["neurologist"]
    words = {"diagnosis": "IESS", "rescue": "Call.", "expires_on": date(2026, 12, 1)}
    sign_card(by=neurologist, child=child, entry_id=house.new_id(), **words)
    limits = {"glucose_low": Decimal(3), "glucose_unit": "mmol/L", "urine_high": 4}
    set_limits(by=neurologist, child=child, entry_id=house.new_id(), **limits)
    write_message(by=by, child=child, entry_id=house.new_id(), text="How much water?")
    mark_read(by=neurologist, child=child)
    Rules.objects.create(child=child, escalate_min=30)
    Baseline.objects.create(
        child=child, first_day=day, last_day=day, clusters=1, spasms=2, watched_days=1, locked_by=by
    )


def amended(by, recipe, food):
    from quietdays.diet.actions import Portion, keep_recipe

    rows = [Portion(food.composition, 55)]
    keep_recipe(by=by, child=recipe.child, entry_id=recipe.pk, name="Else", portions=rows)
    recipe.refresh_from_db()
    return recipe


def archive_of(child) -> bytes:
    return b"".join(streamed(archive_steps, child))


def empty_the_house() -> None:
    """As on a server on which nobody has an account yet; foods of the table get other ids."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("quietdays"):
            model._base_manager.all()._raw_delete("default")
    shutil.rmtree(settings.DATA_DIR / "media", ignore_errors=True)
    load_starter_foods()


def changed(archive: bytes, change) -> io.BytesIO:
    """The archive with files changed: change(name, data) gives the new bytes, or None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    out.seek(0)
    return out


def with_row(archive: bytes, file: str, **values) -> io.BytesIO:
    """The archive with values of the first row of a file changed."""

    def change(name, data):
        if name != file:
            return data
        first, *rest = data.splitlines(keepends=True)
        return json.dumps(json.loads(first) | values).encode() + b"\n" + b"".join(rest)

    return changed(archive, change)


# --- nothing is lost


def test_out_in_and_out_again_is_byte_equal(full):
    before = archive_of(full.child)
    assert archive_of(full.child) == before
    days = diary_days(full.child, full.child.birth_date, full.child.today())
    clip_size = full.clip.size_bytes
    empty_the_house()
    assert not Child.objects.exists()
    found = restore(io.BytesIO(before))
    child = Child.objects.get()
    assert archive_of(child) == before
    assert diary_days(child, child.birth_date, child.today()) == days
    handle = open_to_read(child.pk, full.clip.pk)
    assert size_of(handle) == clip_size
    os.close(handle)
    assert "parent@test.example" in found.people
    assert not Person.objects.get(email="parent@test.example").has_usable_password()


def test_a_restored_house_goes_on(full):
    """What was deleted can be brought back, what was changed undone; phones read it all."""
    before = archive_of(full.child)
    empty_the_house()
    restore(io.BytesIO(before))
    child, parent = Child.objects.get(), Person.objects.get(email="parent@test.example")
    gone = SpasmCluster.objects.get(deleted_at__isnull=False)
    assert bring_back(gone, by=parent).deleted_at is None
    cluster = SpasmCluster.objects.get(pk=full.cluster.pk)
    assert undo(cluster, by=parent).spasm_count == 5
    assert str(cluster.pk) in {e["id"] for e in first_entries(child).entries}
    assert changes_since(child, 0).cursor
    house.cluster(parent, child, "2026-06-10 09:00")
    client = Client()
    client.force_login(parent)
    for page in ("diary/", "effect/", "week/", "recipes/", "medicines/", "settings/"):
        assert client.get(f"/c/{child.pk}/{page}").status_code == 200, page


def test_every_row_fits_the_published_schema(full):
    defined = schema()["$defs"]
    Draft202012Validator.check_schema(schema())
    with zipfile.ZipFile(io.BytesIO(archive_of(full.child))) as packed:
        assert json.loads(packed.read("schema.json")) == schema()
        told = json.loads(packed.read("archive.json"))["rows"]
        assert told.keys() == defined.keys()
        empty = []
        for name, definition in defined.items():
            lines = packed.read(name).splitlines()
            assert len(lines) == told[name]
            empty += [name] if not lines else []
            check = Draft202012Validator(definition)
            for line in lines:
                assert not list(check.iter_errors(json.loads(line))), (name, line)
    assert len(empty) < len(defined) / 8  # the house in the test has something of most kinds


def test_every_table_of_the_house_is_in_the_archive_or_left_out_on_purpose():
    left_out = {
        "people.invitation", "people.signintry", "reminders.channel", "reminders.reminder", "reminders.delivery",
        "reminders.attempt", "reminders.event", "reminders.heartbeat", "reminders.calendarfeed",
        "sync.operation", "sync.change", "quick.quicktoken", "quick.quickpress",
        "sharing.sharedlink", "sharing.sharedfile", "sharing.linkview",
        "sharing.importdraft", "sharing.importbatch",
        "people.clinic", "people.clinicstaff", "people.cliniclink",
        "people.signedin", "people.passkey", "people.secondfactor", "people.recoverycode",
        "people.trailentry", "people.farewell",
        "people.accesstoken", "people.accessuse", "hooks.webhook", "hooks.delivery",
        "clinic.glance",  # a copy, worked out anew
    }  # fmt: skip
    every = {
        m._meta.label_lower
        for m in apps.get_models()
        if m.__module__.startswith("quietdays") and "historical" not in m._meta.model_name
    }
    assert every == {t.name for t in TABLES} | left_out


def test_no_secret_leaves_with_it(full):
    packed = zipfile.ZipFile(io.BytesIO(archive_of(full.child)))
    everything = b"".join(packed.read(name) for name in packed.namelist())
    secrets = [p.password for p in Person.objects.all()] + [full.link.token_sha256]
    assert not [s for s in secrets if s.encode() in everything]
    assert b"stranger" not in everything.lower()
    assert str(full.other.pk).encode() not in everything


# --- all of it or nothing


def refused(archive) -> str:
    before = house.rows()
    with pytest.raises(ImportRefused) as found:
        restore(archive)
    assert house.rows() == before
    return str(found.value)


def test_a_child_that_is_here_already_stays_as_it_is(full):
    assert "in this house already" in refused(io.BytesIO(archive_of(full.child)))


@pytest.mark.parametrize(
    ("file", "values", "why"),
    [
        ("data/diary.spasmcluster.jsonl", {"spasm_count": "7"}, "does not belong here"),
        ("data/diary.spasmcluster.jsonl", {"spasm_count": True}, "does not belong here"),
        ("data/diary.spasmcluster.jsonl", {"happened_at": "2026-02-30T00:00:00Z"}, "happened_at"),
        ("data/diary.spasmcluster.jsonl", {"happened_at": "2026-02-03T00:00:00"}, "offset"),
        ("data/diary.spasmcluster.jsonl", {"time_zone": "Moon/Base"}, "time zone"),
        ("data/diary.spasmcluster.jsonl", {"count_kind": "lots"}, "none of its choices"),
        ("data/diary.spasmcluster.jsonl", {"spasm_count": 10**30}, "spasm_count"),
        ("data/diary.spasmcluster.jsonl", {"count_kind": "unknown"}, "the house refuses it"),
        ("data/diary.spasmcluster.jsonl", {"more": 1}, "not known"),
        ("data/diary.spasmcluster.jsonl", {"entered_by_id": None}, "must have a value"),
        ("data/medicines.dose.jsonl", {"amount": "NaN"}, "amount"),
        ("data/medicines.dose.jsonl", {"amount": 5.0}, "does not belong here"),
        ("data/people.child.jsonl", {"id": "6f9d2c1e-6f0b-4f57-9c3c-0d6a5c8f4b21"}, "another"),
        ("history/diary.spasmcluster.jsonl", {"history_type": "?"}, "none of its choices"),
    ],
)
def test_a_row_that_cannot_be_is_refused_with_its_place(full, file, values, why):
    data = archive_of(full.child)
    empty_the_house()
    said = refused(with_row(data, file, **values))
    assert why in said
    assert file.removesuffix(".jsonl") in said or "archive.json" in said


def test_nothing_of_another_child_is_reached(full):
    data = archive_of(full.child)
    stranger = full.people["stranger"]
    food = house.food(stranger, full.other).composition
    medicine = house.medicine(stranger, full.other)
    plan = house.plan(stranger, full.other, "2026-06-09 12:00", (food.food, 20))
    for file, values in [
        ("data/medicines.dose.jsonl", {"medicine_id": str(medicine.pk)}),
        ("data/diet.eatenitem.jsonl", {"composition_id": str(food.pk)}),
        ("data/diet.mealeaten.jsonl", {"planned_id": str(plan.pk)}),
        ("data/diary.spasmcluster.jsonl", {"child_id": str(full.other.pk)}),
        ("history/diary.spasmcluster.jsonl", {"child_id": str(full.other.pk)}),
        ("history/diet.mealeaten.jsonl", {"planned_id": str(plan.pk)}),
        ("history/diet.eatenitem.jsonl", {"meal_id": str(plan.pk)}),
        ("data/people.carerole.jsonl", {"child_id": str(full.other.pk)}),
        ("data/diet.food.jsonl", {"family_id": str(full.other.family_id)}),
    ]:
        with transaction.atomic():
            Child.objects.filter(pk=full.child.pk).update(id=house.new_id())
            said = refused(with_row(data, file, **values))
            transaction.set_rollback(True)
        assert "points at" in said or "belongs to another" in said, file


def test_torn_and_hostile_files_are_refused(full):
    data = archive_of(full.child)
    empty_the_house()
    assert "no archive" in refused(io.BytesIO(b""))
    assert "no archive" in refused(io.BytesIO(data[: len(data) // 2]))
    assert "archive.json" in refused(changed(data, lambda n, d: None if n == "archive.json" else d))
    gone = "data/diary.checkin.jsonl"
    assert gone.removesuffix(".jsonl") in refused(
        changed(data, lambda n, d: None if n == gone else d)
    )
    short = changed(data, lambda n, d: b"" if n == "data/diary.spasmcluster.jsonl" else d)
    assert "archive.json says" in refused(short)
    bomb = changed(data, lambda n, d: b" " * 50_000_000 if n == gone else d)
    assert "packed as no diary" in refused(bomb)
    deep = changed(data, lambda n, d: b"[" * 100_000 + b"\n" if n == gone else d)
    assert "cannot be read" in refused(deep)
    film = next(n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if "clips" in n)
    other = changed(data, lambda n, d: d[:-1] + b"x" if n == film else d)
    assert "is not the file" in refused(other)
    escape = changed(data, lambda n, d: d.replace(b"media/clips/", b"media/../x/"))
    assert refused(escape)
    newer = changed(
        data,
        lambda n, d: d.replace(b'"version": 1', b'"version": 2') if n == "archive.json" else d,
    )
    assert "has version 2" in refused(newer)
    assert not (settings.DATA_DIR / "media").exists()


def test_when_storing_fails_no_film_stays(full, monkeypatch):
    data = archive_of(full.child)
    empty_the_house()
    append = restoring.clip_files.append
    monkeypatch.setattr(restoring.clip_files, "append", lambda *a: (append(*a), 1 / 0))
    with pytest.raises(ZeroDivisionError):
        restore(io.BytesIO(data))
    assert not [p for p in (settings.DATA_DIR / "media").rglob("*") if p.is_file()]
    assert not Child.objects.exists()


def test_two_hundred_mutated_archives_are_refused_or_brought_in_whole(full):
    data = archive_of(full.child)
    empty_the_house()
    nothing = house.rows()
    chance = random.Random(7)
    names = [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if not n.startswith("csv")]
    brought = 0
    for _ in range(200 // FEWER):
        with transaction.atomic():
            try:
                restore(io.BytesIO(mutated(data, names, chance)))
            except ImportRefused:
                assert house.rows() == nothing
            else:
                brought += 1
                assert Child.objects.count() == 1
            transaction.set_rollback(True)
    assert brought < 150 // FEWER  # most of them were really hurt


JUNK = [
    None,
    "",
    "=1+1",
    -1,
    10**18,
    1e308,
    True,
    [],
    {},
    "2026-13-45",
    "\ud800",
    "x" * 70_000,
    "NaN",
]


def mutated(data: bytes, names: list[str], chance: random.Random) -> bytes:
    if chance.random() < 0.3:  # the file as a whole: cut, or bytes turned over
        hurt = bytearray(data[: chance.randrange(len(data))] if chance.random() < 0.3 else data)
        for _ in range(chance.randrange(1, 20)):
            if hurt:
                hurt[chance.randrange(len(hurt))] = chance.randrange(256)
        return bytes(hurt)
    name = chance.choice(names)

    def change(other, old):
        if other != name or not old:
            return old
        lines = old.splitlines(keepends=True)
        at = chance.randrange(len(lines))
        try:
            row = json.loads(lines[at])
            row[chance.choice(list(row))] = chance.choice(JUNK)
            lines[at] = json.dumps(row).encode() + b"\n"
        except (ValueError, TypeError, IndexError):
            lines[at] = lines[at][: len(lines[at]) // 2].decode("latin-1").encode("utf-16")
        return b"".join(lines)

    return changed(data, change).getvalue()


# --- tables for people


def rows_of(lines) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(lines), newline="")))


def test_a_csv_holds_what_stands_and_no_formula(parent, child):
    house.cluster(parent, child, "2026-06-09 02:14", None, note='=HYPERLINK("http://x")')
    take_back(house.cluster(parent, child, "2026-06-09 03:00"), by=parent)
    (row,) = rows_of(csv_lines(csv_table("spasmcluster"), child))
    assert row["note"] == '\'=HYPERLINK("http://x")'
    assert row["spasm_count"] == ""  # not counted is no nought
    assert row["local_time"] == "2026-06-09T02:14:00+02:00"
    assert row["entered_by"] == "Pia"
    for begins in "=+-@\t\r\n":
        assert neutral(begins + "1") == "'" + begins + "1"


def test_a_meal_of_words_has_no_grams_in_its_csv(parent, child):
    house.eat(parent, child, "2026-06-09 12:00", (house.meal_food(parent, child), 50))
    house.eat(parent, child, "2026-06-09 15:00", off_plan="a spoon of pear")
    weighed, words = rows_of(csv_lines(csv_table("mealeaten"), child))
    assert (weighed["fat_g"], weighed["protein_g"]) == ("7.50", "1.50")
    assert words["fat_g"] == words["carbohydrate_g"] == ""


def test_daily_rows_come_in_again_as_they_went_out(parent, child):
    house.cluster(parent, child, "2026-06-07 07:30", 5)
    house.cluster(parent, child, "2026-06-08 07:30", None)
    house.watch(parent, child, house.TODAY - timedelta(days=1), **house.WHOLE_DAY)
    data = "".join(daily_lines(child))
    by_date = {r["date"]: r for r in rows_of([data])}
    assert list(by_date) == ["2026-06-07", "2026-06-08", "2026-06-09", "2026-06-10"]
    assert (by_date["2026-06-07"]["clusters"], by_date["2026-06-07"]["spasms"]) == ("1", "5")
    assert by_date["2026-06-08"]["spasms"] == ""  # a floor is no count
    assert by_date["2026-06-09"]["clusters"] == "0"
    assert by_date["2026-06-10"]["clusters"] == by_date["2026-06-10"]["observed"] == ""
    stranger, other = house.another_child()
    import_diary(by=stranger, child=other, data=data.encode())
    assert DayTotal.objects.of(other).count() == 3
    first = [d.state for d in diary_days(child, house.TODAY - timedelta(days=4), house.TODAY)]
    again = [d.state for d in diary_days(other, house.TODAY - timedelta(days=4), house.TODAY)]
    assert first == again


def test_files_are_handed_out_as_downloads(full):
    client = full.client("parent")
    response = client.get(f"/c/{full.child.pk}/archive/archive.zip")
    assert b"".join(response.streaming_content) == archive_of(full.child)
    response = client.get(f"/c/{full.child.pk}/archive/spasmcluster.csv")
    assert b"".join(response.streaming_content).decode("utf-8-sig").startswith("id,")
    assert client.get(f"/c/{full.child.pk}/archive/person.csv").status_code == 404
    out = io.BytesIO()
    assert list(csv_steps(full.child, out))
    assert "spasmcluster.csv" in zipfile.ZipFile(out).namelist()


# --- as commands


def quietdays(data: Path, *arguments: object, code: int = 0) -> tuple[str, int]:
    """What a command says, and the most memory it took, in MB."""
    line = [sys.executable, "-c", _MEASURED, *map(str, arguments)]
    done = subprocess.run(line, env=environment(data), capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    *rest, peak = done.stderr.splitlines()
    return done.stdout + "\n".join(rest), int(peak) // 1024


_MEASURED = """
import sys
from quietdays.cli import main
code = main(sys.argv[1:])
peak_kb = next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
print(peak_kb, file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.slow
def test_a_long_diary_goes_out_and_in_with_bounded_memory(tmp_path):
    """`make bench` does the same with 100,000 entries."""
    from bench.archives import fill

    old, new = tmp_path / "old", tmp_path / "new"
    fill(old, entries=20_000)
    file, again = tmp_path / "a.zip", tmp_path / "b.zip"
    said, out_mb = quietdays(old, "export", "--child", "Noor", "--format", "archive", "--out", file)
    assert "100 %" in said
    _, check_mb = quietdays(new, "import", "archive", file, "--dry-run")
    said, in_mb = quietdays(new, "import", "archive", file)
    assert "Noor: 40" in said
    assert "has no password here yet" in said
    quietdays(new, "export", "--child", "Noor", "--format", "archive", "--out", again)
    assert file.read_bytes() == again.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert max(out_mb, in_mb, check_mb) < 300
    said, _ = quietdays(new, "import", "archive", file, code=2)
    assert "Nothing was changed" in said
