"""A diary from a file: understood as people's programs write it, all of it or nothing."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from hypothesis import given, settings
from hypothesis import strategies as st

from quietdays.diary.models import CheckIn, DayTotal, SpasmCluster
from quietdays.insights.days import diary_days
from quietdays.medicines.models import Medicine, Schedule
from quietdays.people.entries import amend, take_back
from quietdays.sharing.imports.diary_csv import import_diary
from quietdays.sharing.imports.table import MAX_BYTES, MAX_ROWS, ImportRefused
from quietdays.sharing.sample import sample_diary
from tests import house

pytestmark = pytest.mark.django_db
DAILY = (
    "date,clusters,spasms,observed,hours_watched,adherence,sleep,stress,illness,note,medicine_change\n"
    '2026-06-01,3,25,yes,13.5,92,12.4,2,no,"quiet, then not",\n'
    "2026-06-02,,,,,,,,,,\n"
    "2026-06-03,0,0,yes,14,100,11,3,yes,,up:Vigabatrin\n"
    "2026-06-04,0,0,no,,,,,,,\n"
)
EVENTS = (
    "date,time,spasms,count,duration_min,state,note\n"
    "2026-06-01,02:14,7,exact,1.5,on waking,first\n"
    "2026-06-01,07:30,20,about,,,\n"
    "2026-06-01,19:00,,,,,\n"
)


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(house.NOW):
        yield


@pytest.fixture
def bring(parent, child):
    """bring(text) imports it; text is encoded as UTF-8."""

    def run(text: str | bytes):
        data = text if isinstance(text, bytes) else text.encode()
        return import_diary(by=parent, child=child, data=data)

    return run


@pytest.fixture
def refused(bring):
    """refused(text) gives the problems, and proves that no table changed."""

    def run(text: str | bytes) -> list[str]:
        before = house.rows()
        with pytest.raises(ImportRefused) as refusal:
            bring(text)
        assert house.rows() == before
        return [str(p) for p in refusal.value.problems]

    return run


def stored(child) -> list[tuple]:
    days = diary_days(child, date(2026, 6, 1), date(2026, 6, 4))
    return [
        (d.clusters, d.spasms, d.hours_watched, d.adherence_percent, d.check_in.sleep_hours,
         d.check_in.stress, d.illness, d.notes, [c.change for c in d.medicine_changes])
        for d in days
    ]  # fmt: skip


EXPECTED = [
    (3, 25, 13.5, 92.0, 12.4, 2, False, ("quiet, then not",), []),
    (None, None, None, None, None, None, None, (), []),
    (0, 0, 14.0, 100.0, 11.0, 3, True, (), ["up"]),
    (None, None, None, None, None, None, None, (), []),
]


def rewritten(delimiter=",", order=None, rename=None, comma=False, ending="\n", quote=0) -> str:
    rows = list(csv.DictReader(io.StringIO(DAILY)))
    names = order or list(rows[0])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=quote)
    writer.writerow([(rename or {}).get(n, n) for n in names])
    for row in rows:
        cells = [row[n] for n in names]
        if comma:
            cells = [c.replace(".", ",") if c[:1].isdigit() and "-" not in c else c for c in cells]
        writer.writerow(cells)
    return out.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        DAILY,
        rewritten(";", comma=True),
        rewritten("\t", comma=True),
        rewritten(comma=True),
        rewritten(ending="\r\n"),
        rewritten(ending="\r\n") + "\r\n\r\n",
        rewritten(quote=csv.QUOTE_ALL),
        rewritten(order=list(reversed(DAILY.split("\n")[0].split(",")))),
        rewritten(rename={"date": " Date ", "hours_watched": "Hours Watched", "sleep": "SLEEP_HOURS"}),
        rewritten(rename={"medicine_change": "med_change", "note": "notes"}),
        "\ufeff" + DAILY,
        DAILY.replace("2026-06-0", "0").replace("\n0", "\n0").replace("01,3", "01.06.2026,3")
        .replace("\n02,", "\n02.06.2026,").replace("\n03,", "\n03.06.2026,")
        .replace("\n04,", "\n04.06.2026,"),
        DAILY.replace(",yes,", ",Y,").replace(",no,,", ",FALSE,,"),
        DAILY.replace(",92,", ",92 %,"),
    ],
    ids=[
        "as documented",
        "semicolons and decimal commas",
        "tabs",
        "quoted decimal commas",
        "Windows line ends",
        "blank lines at the end",
        "everything quoted",
        "columns in another order",
        "capitals and blanks in names",
        "other names",
        "byte order mark",
        "dates with points",
        "other words for yes and no",
        "a per cent sign",
    ],
)  # fmt: skip
def test_the_same_diary_comes_in_however_a_program_wrote_it(bring, child, text):
    done = bring(text)
    assert done.rows == 4
    assert stored(child) == EXPECTED


def test_single_clusters_come_in_at_their_local_times(bring, child):
    done = bring(EVENTS.replace("about", "estimated"))
    assert done.created == 3
    found = list(SpasmCluster.objects.order_by("happened_at"))
    assert [
        (f"{c.local_time:%H:%M}", c.spasm_count, c.count_kind, c.duration_s, c.state_at_onset)
        for c in found
    ] == [
        ("02:14", 7, "exact", 90, "on_waking"),
        ("07:30", 20, "estimated", None, ""),
        ("19:00", None, "unknown", None, ""),
    ]


def test_a_nought_that_nobody_watched_stays_not_recorded(bring, child):
    bring("date,clusters,observed\n2026-06-01,0,no\n")
    assert stored(child)[0][0] is None


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("date,clusters\n2026-06-01,3\n", 3),
        ("date,clusters,hours_watched\n2026-06-01,0,11\n", 0),
        ("date,clusters\n2026-06-01,\n", None),
        ("date,clusters,observed\n2026-06-01,3,\n", 3),
        ("date,clusters,spasms,observed\n2026-06-01,3,9,no\n", 3),
        ("date,note\n2026-06-01,hello\n", None),
    ],
    ids=[
        "a count alone",
        "a nought with hours watched",
        "a blank alone",
        "a count in a file that asks for observed",
        "seen although not watched",
        "a note alone",
    ],
)
def test_a_count_is_never_lost_and_a_blank_never_a_nought(bring, child, text, clusters):
    bring(text)
    assert stored(child)[0][0] == clusters


# --- what is refused, with its row


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "row 1: the file has no rows"),
        ("date,clusters\n", "row 1: the file has no rows"),
        ("\n\n\n", "row 1: the file has no rows"),
        ("date,clusters,mood\n2026-06-01,1,x\n", "row 1: unknown column “mood”"),
        ("date,clusters,clusters\n2026-06-01,1,2\n", "row 1: the column clusters stands twice"),
        ("date,sleep,sleep_hours\n2026-06-01,1,2\n", "row 1: the column sleep stands twice"),
        ("clusters\n1\n", "row 1: the column date is missing"),
        ("date,time,clusters\n2026-06-01,02:00,1\n", "row 1: the column clusters does not belong"),
        ("date,duration_min\n2026-06-01,2\n", "row 1: the column duration_min does not belong"),
        ("date,clusters\n2026-06-01,1\n2026-06-02\n", "row 3: 1 cells, but the header has 2"),
        ("date,clusters\n2026-06-01,1,5\n", "row 2: 3 cells, but the header has 2"),
        ("date,clusters\n2026-06-01,1,5\n", "row 2: 3 cells"),
        ("date,clusters\n2026-06-31,1\n", "row 2: date is “2026-06-31”"),
        ("date,clusters\n06/01/2026,1\n", "row 2: date is “06/01/2026”"),
        ("date,clusters\n,1\n", "row 2: date is “”"),
        ("date,clusters\n2026-06-11,1\n", "row 2: 2026-06-11 has not come yet"),
        ("date,clusters\n2025-08-31,1\n", "row 2: 2025-08-31 is before Noor was born"),
        ("date,clusters\n0001-01-01,1\n", "row 2: 0001-01-01 is before Noor was born"),
        ("date,clusters\n2026-06-01,1\n2026-06-01,1\n", "row 3: 2026-06-01 stands twice"),
        ("date,clusters\n2026-06-01,x\n", "row 2: clusters is “x”, which is no number"),
        ("date,clusters\n2026-06-01,1.5\n", "row 2: clusters is 1.5, but must be a whole number"),
        ("date,clusters\n2026-06-01,-1\n", "row 2: clusters is -1, but lies from 0 to 1000"),
        ("date,clusters\n2026-06-01,1 000\n", "row 2: clusters is “1 000”, which is no number"),
        ("date,clusters,spasms\n2026-06-01,3,2\n", "row 2: 3 clusters with 2 spasms"),
        ("date,clusters,spasms\n2026-06-01,0,2\n", "row 2: 0 clusters with 2 spasms"),
        ("date,clusters,spasms\n2026-06-01,,2\n", "row 2: spasms is given, but clusters is empty"),
        ("date,clusters,observed\n2026-06-01,0,\n", "row 2: clusters is 0, but nothing says that somebody watched"),
        ("date,clusters\n2026-06-01,0\n", "row 2: clusters is 0, but nothing says"),
        ("date,clusters,observed\n2026-06-01,,yes\n", "row 2: observed is yes, but clusters"),
        ("date,clusters,observed\n2026-06-01,1,maybe\n", "row 2: observed is “maybe”"),
        ("date,hours_watched\n2026-06-01,26\n", "row 2: hours_watched is 26, but lies"),
        ("date,clusters,hours_watched\n2026-06-01,1,1.234\n", "row 2: cannot be stored"),
        ("date,adherence\n2026-06-01,101\n", "row 2: adherence is 101, but lies"),
        ("date,sleep\n2026-06-01,25\n", "row 2: sleep is 25, but lies"),
        ("date,stress\n2026-06-01,0\n", "row 2: stress is 0, but lies from 1 to 5"),
        ("date,illness\n2026-06-01,a cold\n", "row 2: illness is “a cold”"),
        ("date,medicine_change\n2026-06-01,more\n", "row 2: medicine_change is “more”"),
        ("date,medicine_change\n2026-06-01,up:\n", "row 2: medicine_change is “up:”"),
        ("date,medicine_change\n2026-06-01,up:A;down:A\n", "row 2: cannot be stored: There is"),
        (f"date,medicine_change\n2026-06-01,up:{'x' * 121}\n", "row 2: cannot be stored"),
        ("date,time\n2026-06-01,25:00\n", "row 2: time is “25:00”"),
        ("date,time\n2026-06-01,\n", "row 2: time is “”"),
        ("date,time\n2026-03-29,02:30\n", "row 2: on 2026-03-29 the clocks skipped 02:30"),
        ("date,time\n2026-06-10,23:00\n", "row 2: cannot be stored: This time has not come yet"),
        ("date,time,spasms\n2026-06-01,02:00,0\n", "row 2: spasms is 0, but lies from 1"),
        ("date,time,count\n2026-06-01,02:00,exact\n", "row 2: cannot be stored"),
        ("date,time,count\n2026-06-01,02:00,many\n", "row 2: count is “many”"),
        ("date,time,state\n2026-06-01,02:00,dancing\n", "row 2: state is “dancing”"),
        ("date,time\n2026-06-01,02:00\n2026-06-01,02:00\n", "row 3: the same cluster stands twice"),
        ('date,note\n2026-06-01,"torn\n', "row 2: the file is torn here"),
        ('date,note\n2026-06-01,"a"b\n', "row 2: the file is torn here"),
        (b"date,note\n2026-06-01,f\xfcr\n", "row 2: this is no UTF-8 text"),
        ("date,clusters\n2026-06-01,ü\n".encode("latin-1"), "row 2: this is no UTF-8 text"),
        (b"date,note\n2026-06-01,a\x00b\n", "row 2: a null character"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "row 1: this is no UTF-8 text"),
        ("date,note\n2026-06-01," + "x" * 200_000 + "\n", "row 2: the file is torn here"),
        (b"x" * (MAX_BYTES + 1), "row 1: the file is larger than 5 MB"),
        ("date,time\n" + "2026-06-01,02:00\n" * MAX_ROWS, "more than 20,000 rows"),
    ],
    ids=lambda v: repr(v)[:44],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_row_and_nothing_is_written(refused, text, problem):
    assert any(problem in p for p in refused(text)), refused(text)


def test_every_wrong_row_is_said_at_once_and_the_right_ones_wait(refused):
    text = "date,clusters,stress\n2026-06-01,1,9\n2026-06-02,2,3\n2026-06-03,x,y\n"
    assert [p.split(":")[0] for p in refused(text)] == ["row 2", "row 4", "row 4"]


def test_rows_are_counted_as_a_spreadsheet_counts_them(refused):
    text = 'date,note,stress\n2026-06-01,"two\nlines",3\n\n2026-06-03,x,9\n'
    assert refused(text) == ["row 4: stress is 9, but lies from 1 to 5"]


def test_half_a_file_is_refused(refused):
    half = DAILY[: DAILY.index("100,11")]
    assert refused(half) == ["row 4: 6 cells, but the header has 11"]


def test_a_row_that_cannot_be_stored_takes_all_the_others_back(refused, parent, child):
    house.enter(CheckIn, parent, child, date=date(2026, 6, 3), stress=5)
    problems = refused(DAILY)
    assert problems == ["row 4: cannot be stored: This date has a check-in already."]
    assert Medicine.objects.count() == DayTotal.objects.count() == 0


# --- twice


@pytest.mark.parametrize(
    "text", [DAILY, EVENTS.replace("about", "estimated")], ids=["daily", "events"]
)
def test_the_same_file_twice_changes_nothing(bring, child, text):
    first = bring(text)
    before = house.rows()
    again = bring(text)
    assert house.rows() == before
    assert again.created == 0
    assert again.already_there == first.created
    assert "already there" in str(again)


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("3,25,yes", "3,26,yes", "spasms"),
        ("3,25,yes", "4,25,yes", "clusters"),
        ("13.5", "13.6", "hours watched"),
        ("12.4", "12.5", "sleep hours"),
        ("quiet, then not", "quiet", "note"),
        ("up:Vigabatrin", "down:Vigabatrin", ""),
    ],
)
def test_an_edited_file_is_refused_and_never_overwrites(bring, refused, child, old, new, name):
    bring(DAILY)
    assert name in refused(DAILY.replace(old, new))[0]
    assert stored(child) == EXPECTED


def test_a_corrected_count_is_no_second_cluster(bring, refused):
    text = EVENTS.replace("about", "estimated")
    bring(text)
    problems = refused(text.replace("07:30,20", "07:30,21"))
    assert problems == [
        "row 3: cannot be stored: the diary already has this entry with another spasm count"
    ]


def test_two_clusters_of_one_minute_are_two(bring):
    text = "date,time,spasms\n2026-06-01,02:14,7\n2026-06-01,02:14,9\n"
    bring(text)
    bring(text)
    assert sorted(c.spasm_count for c in SpasmCluster.objects.all()) == [7, 9]


def test_a_longer_file_adds_only_its_new_rows(bring, child):
    bring(DAILY)
    done = bring(DAILY + "2026-06-05,1,4,yes,,,,,,,\n")
    assert done.created == 1
    assert stored(child) == EXPECTED


def test_what_the_family_changed_since_is_not_put_back(bring, refused, parent):
    bring(DAILY)
    check_in = CheckIn.objects.get(date=date(2026, 6, 1))
    amend(check_in, by=parent, sleep_hours=Decimal(9))
    assert "another sleep hours" in refused(DAILY)[0]
    check_in.refresh_from_db()
    assert check_in.sleep_hours == 9


def test_what_the_family_deleted_stays_deleted(bring, parent):
    text = EVENTS.replace("about", "estimated")
    bring(text)
    take_back(SpasmCluster.objects.first(), by=parent)
    bring(text)
    assert SpasmCluster.objects.live().count() == 2


def test_two_children_can_bring_in_one_file(bring, parent, child):
    bring(DAILY)
    other_parent, other = house.another_child()
    done = import_diary(by=other_parent, child=other, data=DAILY.encode())
    assert done.already_there == 0
    assert stored(child) == stored(other) == EXPECTED


def test_a_medicine_is_found_whatever_its_capitals(bring, parent, child):
    known = house.medicine(parent, child, "vigabatrin")
    bring(DAILY)
    assert Medicine.objects.get() == known
    assert Schedule.objects.get().medicine == known


@pytest.mark.parametrize("role", ["carer", "dietitian", "neurologist", "nurse", "reader"])
def test_only_a_parent_brings_a_diary_in(child, join, role):
    before = house.rows()
    person = join(role)
    with pytest.raises(PermissionDenied):
        import_diary(by=person, child=child, data=DAILY.encode())
    assert {k: v for k, v in house.rows().items() if "people" not in k} == {
        k: v for k, v in before.items() if "people" not in k
    }


# --- mutations: whatever happens to a file on its way, it is all or nothing

SAMPLE = sample_diary(date(2026, 6, 7)).encode()[:3000]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    data = bytearray(SAMPLE)
    for _ in range(draw(st.integers(min_value=1, max_value=4))):
        at = draw(st.integers(min_value=0, max_value=len(data)))
        kind = draw(st.sampled_from(["insert", "delete", "replace", "cut", "swap", "repeat"]))
        piece = draw(
            st.sampled_from(
                [b",", b";", b"\n", b'"', b"\x00", b"\xff", b"-", b"9", b".", b"\r", b"\t", b"yes",
                 b"NaN", "é".encode(), "\u2028".encode(), b"1e9", b"up:A", b"2026-06-09"]
            )
            | st.binary(min_size=1, max_size=6)
        )  # fmt: skip
        length = draw(st.integers(min_value=1, max_value=60))
        if kind == "insert":
            data[at:at] = piece
        elif kind == "delete":
            del data[at : at + length]
        elif kind == "replace":
            data[at : at + len(piece)] = piece
        elif kind == "cut":
            del data[at:]
        elif kind == "repeat":
            data[at:at] = data[at : at + length]
        else:
            lines = bytes(data).split(b"\n")
            random.Random(at).shuffle(lines)
            data = bytearray(b"\n".join(lines))
    return bytes(data)


@settings(max_examples=100)
@given(mutated())
def test_a_damaged_file_is_taken_whole_or_refused_whole(parent, child, data):
    from django.db import transaction

    before = house.rows()
    with transaction.atomic():
        done = None
        try:
            done = import_diary(by=parent, child=child, data=data)
        except ImportRefused as error:
            problems = error.problems
        if done is None:
            assert problems
            assert house.rows() == before
        else:
            added = {k: v - before[k] for k, v in house.rows().items() if "Historical" not in k}
            entries = sum(n for k, n in added.items() if k != "medicines.Medicine")
            assert entries == done.created
            for total in DayTotal.objects.all():
                assert house.BORN <= total.date <= house.TODAY
                assert total.was_observed or total.clusters is None
        transaction.set_rollback(True)
    assert house.rows() == before
