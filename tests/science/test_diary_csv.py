"""What a diary file may hold, and how one that may not be read is refused."""

from __future__ import annotations

from datetime import date

import pytest

from quietdays.science.days import MedicineChange
from quietdays.science.diary_csv import (
    COLUMNS,
    DiaryFileError,
    NamedText,
    read_diary,
    split_batch,
)

HEADER = ",".join(COLUMNS)
BEFORE = "2025-02-08,0,1,3,25,11.5,,1,12.5,2,start:B;up:A"
UNLOGGED = "2025-02-09,0,0,,,,,,,,"
FIRST = "2025-02-10,1,1,0,0,10,92,0,13,1,"
GOOD = [HEADER, BEFORE, UNLOGGED, FIRST]


def text_of(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def test_a_diary_is_read_as_days():
    diary = read_diary(text_of(GOOD))
    seen, unlogged, quiet = diary.days

    assert diary.diet_started == date(2025, 2, 10)
    assert (seen.date, seen.on_diet, seen.clusters, seen.spasms) == (date(2025, 2, 8), False, 3, 25)
    assert (seen.hours_watched, seen.illness) == (11.5, True)
    assert (seen.check_in.sleep_hours, seen.check_in.stress) == (12.5, 2)
    assert seen.medicine_changes == (MedicineChange("B", "start"), MedicineChange("A", "up"))
    assert not unlogged.is_counted
    assert quiet.is_quiet
    assert quiet.on_diet
    assert quiet.adherence_percent == 92
    assert quiet.illness is False


def test_empty_is_not_recorded_and_never_zero():
    day = read_diary(text_of([HEADER, "2025-02-10,1,1,,,,,,,,"])).days[0]

    assert not day.is_counted
    assert (day.clusters, day.spasms, day.hours_watched, day.illness) == (None, None, None, None)


def test_a_medicine_may_change_on_a_day_that_is_not_logged():
    day = read_diary(text_of([HEADER, "2025-02-10,1,0,,,,,,,,stop:Vigabatrin 500"])).days[0]

    assert day.medicine_changes == (MedicineChange("Vigabatrin 500", "stop"),)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + text_of(GOOD), id="byte order mark"),
        pytest.param(text_of(GOOD).replace("\n", "\r\n"), id="Windows line ends"),
        pytest.param(text_of(GOOD) + "\n\n", id="blank lines at the end"),
        pytest.param(text_of(GOOD).rstrip(), id="no line end at the end"),
        pytest.param(text_of(GOOD).replace("start:B;up:A", '"start:B; up:A"'), id="quotes"),
    ],
)
def test_what_spreadsheets_do_to_a_file_does_not_matter(text):
    assert read_diary(text) == read_diary(text_of(GOOD))


def replaced(row: int, old: str, new: str) -> list[str]:
    lines = list(GOOD)
    assert old in lines[row - 1]
    lines[row - 1] = lines[row - 1].replace(old, new)
    return lines


@pytest.mark.parametrize(
    ("lines", "row", "says"),
    [
        pytest.param([], 1, "missing column", id="empty file"),
        pytest.param([HEADER], 1, "no day has diet 1", id="header only"),
        pytest.param(GOOD[:3], 3, "no day has diet 1", id="no diet day"),
        pytest.param(
            replaced(1, "stress", "mood"), 1, "unknown column 'mood'", id="unknown column"
        ),
        pytest.param(replaced(1, ",stress", ""), 1, "missing column 'stress'", id="missing column"),
        pytest.param(replaced(1, "stress", "spasms"), 1, "stands twice", id="column twice"),
        pytest.param(
            replaced(1, "clusters,spasms", "spasms,clusters"), 1, "another order", id="other order"
        ),
        pytest.param([GOOD[0], GOOD[1], GOOD[3]], 3, "not the day after", id="gap in the dates"),
        pytest.param([*GOOD, FIRST], 5, "not the day after", id="one date twice"),
        pytest.param([*GOOD[:2], "", *GOOD[2:]], 3, "values, not 0", id="blank line inside"),
        pytest.param(replaced(4, "2025-02-10", "10.02.2025"), 4, "not a date", id="German date"),
        pytest.param(replaced(4, "2025-02-10", "2025-02-30"), 4, "not a date", id="no such date"),
        pytest.param(replaced(2, "11.5", "much"), 2, "hours_watched 'much'", id="text in a number"),
        pytest.param(replaced(2, ",3,", ",three,"), 2, "clusters 'three'", id="text in clusters"),
        pytest.param(replaced(2, ",3,", ",-3,"), 2, "clusters '-3'", id="negative"),
        pytest.param(replaced(2, ",3,", ",3.5,"), 2, "clusters '3.5'", id="half a cluster"),
        pytest.param(replaced(2, ",3,", ",1_0,"), 2, "clusters '1_0'", id="Python's own number"),
        pytest.param(replaced(2, "11.5", "nan"), 2, "hours_watched 'nan'", id="not a number"),
        pytest.param(replaced(2, "11.5", "26"), 2, "hours_watched '26'", id="a day of 26 hours"),
        pytest.param(replaced(4, ",92,", ",101,"), 4, "adherence '101'", id="more than all meals"),
        pytest.param(replaced(4, ",13,1,", ",13,6,"), 4, "stress '6'", id="off the scale"),
        pytest.param(replaced(4, "10,1,1,", "10,2,1,"), 4, "diet '2'", id="diet neither 0 nor 1"),
        pytest.param(replaced(4, "10,1,1,", "10,,1,"), 4, "diet is empty", id="diet empty"),
        pytest.param(replaced(4, "10,1,1,", "10,1,,"), 4, "logged is empty", id="logged empty"),
        pytest.param(
            replaced(3, ",0,0,,", ",0,0,0,"),
            3,
            "clusters has a value",
            id="not logged, with values",
        ),
        pytest.param(replaced(4, ",0,0,10", ",0,7,10"), 4, "without a cluster", id="stray spasms"),
        pytest.param(replaced(2, "start:B", "begin:B"), 2, "med_change", id="unknown change"),
        pytest.param(replaced(2, "start:B", "start:"), 2, "med_change", id="nameless medicine"),
        pytest.param(
            [*GOOD, "2025-02-11,0,0,,,,,,,,"], 5, "goes back", id="diet stops being the diet"
        ),
        pytest.param([*GOOD, "2025-02-11,1"], 5, "expected 11 values, not 2", id="short row"),
        pytest.param([*GOOD[:3], FIRST + ","], 4, "expected 11 values, not 12", id="long row"),
        pytest.param([*GOOD[:3], FIRST + '"a"b'], 4, "not", id="broken quotes"),
        pytest.param(["9999-12-31"], 1, "unknown column", id="no header"),
        pytest.param(
            [HEADER, "9999-12-31,0,0,,,,,,,,", "0001-01-01,1,0,,,,,,,,"],
            3,
            "not the day after",
            id="end of the calendar",
        ),
    ],
)
def test_an_unreadable_diary_is_refused_with_its_row(lines, row, says):
    with pytest.raises(DiaryFileError) as refused:
        read_diary(text_of(lines))

    assert refused.value.row == row
    assert says in refused.value.reason


def test_a_long_text_is_cut_short_in_the_message():
    with pytest.raises(DiaryFileError) as refused:
        read_diary(text_of(replaced(2, "11.5", "x" * 5000)))

    assert len(refused.value.reason) < 120


def test_a_batch_is_split_at_its_marks():
    lines = ["#diary 7\n", "a\n", "b\n", "#diary the second\n", "#diary 9\n", "c\n"]

    assert list(split_batch(lines)) == [
        NamedText("7", "a\nb\n"),
        NamedText("the second", ""),
        NamedText("9", "c\n"),
    ]


@pytest.mark.parametrize("lines", [[], ["\n"], [HEADER + "\n", "#diary 1\n"]])
def test_a_batch_starts_with_a_mark(lines):
    with pytest.raises(DiaryFileError) as refused:
        list(split_batch(lines))

    assert refused.value.row == 1
