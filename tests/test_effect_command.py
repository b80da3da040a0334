"""The batch protocol, and what a person reads of one diary."""

from __future__ import annotations

import io
import json
import re

import pytest

from quietdays.effect_command import WORDS, run_batch, run_effect
from quietdays.science.days import DiaryDay, MedicineChange
from quietdays.science.diary_csv import COLUMNS
from quietdays.science.effect import Verdict
from tests.science.diaries import diary_of, made_up_diary, repeated

PERIOD_FIELDS = {
    "period",
    "first_day",
    "last_day",
    "first_date",
    "last_date",
    "rate_ratio",
    "lo90",
    "hi90",
    "lo95",
    "hi95",
    "p50",
    "p_below_1",
    "verdict",
    "reasons",
    "before",
    "during",
    "co_interventions",
    "p75",
    "p10",
    "missing",
    "separate_from",
    "spasms_per_cluster",
    "inputs_sha256",
}


def csv_of(days: list[DiaryDay]) -> str:
    lines = [",".join(COLUMNS)]
    for day in days:
        known = [
            day.clusters,
            day.spasms,
            day.hours_watched,
            None,
            None if day.illness is None else int(day.illness),
            day.check_in.sleep_hours,
            day.check_in.stress,
        ]
        changes = ";".join(f"{c.change}:{c.medicine}" for c in day.medicine_changes)
        values = [day.date, int(day.on_diet), int(day.is_counted)]
        values += known if day.is_counted else [None] * len(known)
        lines.append(",".join("" if v is None else str(v) for v in [*values, changes]))
    return "\n".join(lines) + "\n"


DIARIES = {
    "7": csv_of(made_up_diary(1)),
    "three months": csv_of(made_up_diary(2, ratio=0.2, days_on_diet=84)),
    "none": csv_of(diary_of([0] * 28, [0] * 30)),
    "early": csv_of(diary_of([2] * 28, [2] * 10)),
}


def batch(diaries: dict[str, str]) -> tuple[int, list[str], str]:
    text = "".join(f"#diary {name}\n{rows}" for name, rows in diaries.items())
    out, err = io.StringIO(), io.StringIO()
    code = run_batch(io.StringIO(text), out, err)
    return code, out.getvalue().splitlines(), err.getvalue()


def read_by_a_person(tmp_path, days: list[DiaryDay]) -> str:
    path = tmp_path / "ada.csv"
    path.write_text(csv_of(days), encoding="utf-8")
    out = io.StringIO()
    assert run_effect(path, as_json=False, out=out) == 0
    return out.getvalue()


def test_a_batch_gives_one_line_a_diary_in_order():
    code, lines, err = batch(DIARIES)
    answers = [json.loads(line) for line in lines]

    assert (code, err) == (0, "")
    assert [a["id"] for a in answers] == list(DIARIES)
    assert [len(a["periods"]) for a in answers] == [1, 3, 1, 0]
    for answer in answers:
        for period in answer["periods"]:
            assert set(period) == PERIOD_FIELDS
            assert period["verdict"] in set(Verdict)


def test_the_same_diary_gives_the_same_line_alone_in_a_batch_and_twice():
    _, together, _ = batch(DIARIES)

    for line, (name, text) in zip(together, DIARIES.items(), strict=True):
        assert batch({name: text})[1] == [line]
        assert batch({"x": DIARIES["7"], name: text})[1][1:] == [line]


def test_a_diary_without_enough_has_null_numbers_and_says_why():
    _, (line,), _ = batch({"none": DIARIES["none"]})
    (period,) = json.loads(line)["periods"]

    assert period["verdict"] == "not_enough_data"
    assert period["rate_ratio"] is None
    assert period["reasons"] == ["few_clusters_before"]
    assert period["before"]["logged_days"] == 28
    assert "NaN" not in line


def test_a_diary_that_cannot_be_read_ends_the_batch_with_its_row():
    broken = DIARIES["7"].replace("2025-01-20", "20 January")
    code, lines, err = batch({"fine": DIARIES["7"], "bad one": broken, "next": DIARIES["7"]})

    assert code == 2
    assert [json.loads(line)["id"] for line in lines] == ["fine"]
    assert err == "diary bad one, row 9: date '20 January' is not a date like 2025-02-10\n"


@pytest.mark.parametrize("text", ["", "date,diet\n"])
def test_a_batch_without_a_diary_is_refused(text):
    out, err = io.StringIO(), io.StringIO()

    assert run_batch(io.StringIO(text), out, err) == 2
    assert err.getvalue().startswith("diary ?, row 1: ")
    assert out.getvalue() == ""


def test_one_file_as_json_is_the_batch_line_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "7.csv"
    path.write_text(DIARIES["7"], encoding="utf-8")
    out = io.StringIO()

    assert run_effect(path, as_json=True, out=out) == 0
    assert out.getvalue().splitlines() == batch({"7": DIARIES["7"]})[1]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(None, "No such file", id="no file"),
        pytest.param(b"date\xff\n", "UTF-8", id="not text"),
        pytest.param(b"date,diet\n", "diary ada, row 1: missing column", id="not a diary"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, content, says):
    path = tmp_path / "ada.csv"
    if content is not None:
        path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()

    assert run_effect(path, as_json=False, out=out, err=err) == 2
    assert says in err.getvalue()
    assert out.getvalue() == ""


BUSY = repeated((3, 1, 2, 4, 2, 3, 1))
QUARTER = repeated((1, 0, 1, 0, 1, 0, 1))
STORIES = {
    Verdict.CLEAR_REDUCTION: diary_of(BUSY, QUARTER),
    Verdict.NO_CLEAR_CHANGE: diary_of(BUSY, BUSY),
    Verdict.CLEAR_INCREASE: diary_of(QUARTER, [9] * 28),
    Verdict.CANNOT_SEPARATE: diary_of(
        BUSY, QUARTER, medicine_changes={0: (MedicineChange("B", "start"),)}
    ),
}


@pytest.mark.parametrize("verdict", STORIES)
def test_each_verdict_has_its_words(tmp_path, verdict):
    assert WORDS[verdict] in read_by_a_person(tmp_path, STORIES[verdict])


def test_the_table_has_counts_with_their_denominators(tmp_path):
    text = read_by_a_person(tmp_path, made_up_diary(1))

    assert re.search(r"28 days before +\d+ of 28 +\d+ +\d+ +\d+", text)
    assert re.search(
        r"days 0 to 27 +\d+ of 28 +\d+ +\d+ +\d+ +\d\.\d\d +\d\.\d\d to \d\.\d\d", text
    )


def test_medicines_that_changed_are_named_with_their_date(tmp_path):
    text = read_by_a_person(tmp_path, STORIES[Verdict.CANNOT_SEPARATE])

    assert "Medicines changed: start B 2025-02-10." in text


def test_too_little_says_what_is_missing(tmp_path):
    text = read_by_a_person(tmp_path, diary_of([1, 2] + [None] * 26, [1] * 9 + [None] * 19))

    assert "2 of 28 days logged before the diet, 14 needed" in text
    assert "9 of 28 days logged, 14 needed" in text
    assert "clusters seen before the diet: 3, 4 needed" in text


def test_before_28_days_are_over_there_is_nothing_to_compare(tmp_path):
    assert "nothing to compare" in read_by_a_person(tmp_path, diary_of([2] * 28, [2] * 10))


@pytest.mark.parametrize("verdict", STORIES)
def test_no_claim_that_the_numbers_cannot_carry(tmp_path, verdict):
    text = read_by_a_person(tmp_path, STORIES[verdict]).lower()

    for claim in ("no effect", "caus", "because", "due to", "spasm-free", "responder", "work"):
        assert claim not in text
    assert "%" not in text
