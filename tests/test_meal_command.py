"""`quietdays meal`: JSON in, JSON out; one problem, or one a line and the stream goes on."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from quietdays import meal_command
from tests.processes import environment
from tests.science.meal_problems import a_problem, an_item, made_up

QUIETDAYS = Path(sys.executable).with_name("quietdays")
MEAL = a_problem(
    [an_item("n01123", 15), an_item("n01053", 12), an_item("n01145", 11), an_item("n09037", 10)],
    kcal=150,
    ratio=4,
    id="breakfast",
)
IMPOSSIBLE = a_problem(
    [an_item("n01123", 15, locked=60), an_item("n01053", 12), an_item("n01145", 11)],
    kcal=150,
    ratio=4,
    id="too-much-egg",
)


def one(text: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = meal_command.run_one(io.StringIO(text), out, err)
    return code, out.getvalue(), err.getvalue()


def lines(*texts: str) -> list[dict]:
    out = io.StringIO()
    assert meal_command.run_lines(io.StringIO("".join(t + "\n" for t in texts)), out) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_meal_is_answered_with_clean_decimals_and_its_totals():
    code, out, err = one(json.dumps(MEAL))
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["id"] == "breakfast"
    assert answer["status"] == "ok"
    for grams in answer["amounts"].values():
        assert len(str(grams).partition(".")[2]) == 1
    assert answer["totals"]["ratio"] == pytest.approx(4, abs=0.05)
    assert answer["totals"]["kcal"] == pytest.approx(150, rel=0.02)
    assert set(answer["totals"]) == {"kcal", "fat", "protein", "carb", "ratio"}
    assert answer["sensitivity"]["food"] in answer["amounts"]


def test_a_formula_says_its_volume():
    for seed in range(20):
        answer = lines(json.dumps(made_up("formula", seed)))[0]
        if answer["status"] == "ok":
            assert answer["totals"]["volume_ml"] > 200
            return
    pytest.fail("no formula had an answer")


def test_a_refusal_has_its_conflict_ways_out_and_a_sentence():
    answer = json.loads(one(json.dumps(IMPOSSIBLE))[1])
    assert answer["status"] == "infeasible"
    assert answer["conflict"] == ["ratio", "kcal", "locked:n01123"]
    assert {fix["constraint"] for fix in answer["relax"]} <= set(answer["conflict"])
    assert answer["message"].startswith("Egg fixed at 60 g is too much for 4:1 and 150 kcal.")


def test_a_week_is_answered_with_a_menu():
    answer = lines(json.dumps(made_up("week", 13)))[0]
    assert answer["status"] == "ok"
    assert list(answer["menu"]) == [str(day) for day in range(1, 8)]
    assert set(answer["menu"]["1"]) == {"breakfast", "snack1", "lunch", "snack2", "dinner"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[]", "must be an object"),
        (json.dumps(MEAL).replace("150", "NaN"), "NaN is no number"),
        (json.dumps(MEAL).replace("150", "-Infinity"), "-Infinity is no number"),
        (json.dumps(MEAL).replace("150", "1e999"), "target.kcal: must be a finite number"),
        (json.dumps(MEAL | {"items": 3}), "items: must be a list"),
        (json.dumps(MEAL | {"target": {"ratio": 4}}), "target.kcal: is missing"),
        ("[" * 100_000, "not JSON"),
    ],
    ids=["nothing", "torn", "a list", "NaN", "-Infinity", "1e999", "items", "target", "deep"],
)
def test_what_cannot_be_read_is_two_and_one_sentence_that_names_the_field(text, words):
    code, out, err = one(text)
    assert (code, out) == (2, "")
    assert words in err
    assert err.startswith("quietdays meal: ")
    assert "Traceback" not in err


def test_a_bad_line_is_answered_and_the_stream_goes_on():
    bad = dict(MEAL, id="bad", items=[])
    answers = lines(json.dumps(MEAL), json.dumps(bad), "{", "", "7", json.dumps(IMPOSSIBLE))
    assert [a["status"] for a in answers] == ["ok", "error", "error", "error", "infeasible"]
    assert answers[1] == {
        "id": "bad", "status": "error", "field": "items", "message": "must name at least one food",
    }  # fmt: skip
    assert answers[2]["id"] is None


def test_a_fault_of_the_solver_ends_no_stream(monkeypatch):
    from quietdays.science import mealsolver

    def broken(problem):
        raise mealsolver.WrongAnswer("grams that break the ratio")

    monkeypatch.setattr(mealsolver, "solve_meal", broken)
    answer = lines(json.dumps(MEAL))[0]
    assert answer["status"] == "error"
    assert "WrongAnswer" in answer["message"]


def test_each_line_is_answered_before_the_next_is_read(tmp_path):
    with subprocess.Popen(
        [QUIETDAYS, "meal", "--jsonl"], env=environment(tmp_path), text=True, bufsize=1,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        for problem in (MEAL, IMPOSSIBLE, MEAL):
            process.stdin.write(json.dumps(problem) + "\n")
            assert json.loads(process.stdout.readline())["id"] == problem["id"]
        process.stdin.close()
        assert process.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_are_no_text_are_a_bad_line(tmp_path):
    done = subprocess.run(
        [QUIETDAYS, "meal", "--jsonl"], env=environment(tmp_path), check=False,
        input=b"\xff\xfe\n" + json.dumps(MEAL).encode() + b"\n", capture_output=True,
    )  # fmt: skip
    statuses = [json.loads(line)["status"] for line in done.stdout.splitlines()]
    assert statuses == ["error", "ok"]


@pytest.mark.parametrize("document", ['{"id":"\\ud800"}', json.dumps(MEAL | {"id": "\ud800"})],
                         ids=["a fault", "an answer"])  # fmt: skip
def test_half_a_character_in_an_id_ends_no_stream(tmp_path, document):
    done = subprocess.run(
        [QUIETDAYS, "meal", "--jsonl"], env=environment(tmp_path), check=False, text=True,
        input=f"{document}\n{json.dumps(MEAL)}\n", capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["id"] == "\ud800"
    assert second["status"] == "ok"


def test_an_answer_that_is_no_json_becomes_a_fault_and_the_stream_goes_on(monkeypatch):
    answers = iter([{"id": "x", "status": "ok", "score": float("inf")}, {"status": "ok"}])
    monkeypatch.setattr(meal_command, "answer", lambda document: next(answers))
    assert [a["status"] for a in lines('{"id": "x"}', "{}")] == ["error", "ok"]


def test_what_a_library_prints_never_stands_among_the_answers(tmp_path):
    code = (
        "import os, sys; from quietdays import meal_command; from quietdays.cli import main; "
        "answer = meal_command.answer; "
        "meal_command.answer = lambda d: (os.write(1, b'noise from C\\n'), answer(d))[1]; "
        "sys.exit(main(['meal', '--jsonl']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(MEAL) + "\n", text=True, check=True,
        env=environment(tmp_path), capture_output=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["status"] == "ok"
    assert "noise from C" in done.stderr


def test_the_command_starts_without_django(tmp_path):
    code = (
        "import sys, io; sys.stdin = io.StringIO(sys.argv[1]); from quietdays.cli import main; "
        "assert main(['meal']) == 0; "
        "loaded = {m.split('.')[0] for m in sys.modules}; "
        "assert not loaded & {'django', 'ninja', 'simple_history', 'scipy'}, loaded"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(MEAL)],
        env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
