"""The `quietdays` command: figures, exit codes, and a sentence on stderr when it cannot."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quietdays.cli import main
from tests.processes import environment, make_family, run

TARGETS = ["targets", "--kcal", "560", "--ratio", "3", "--protein", "11.2", "--meals", "4"]


def test_targets_as_json_are_the_figures_of_the_golden_vector(capsys):
    assert main([*TARGETS, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ratio": 3.0,
        "energy_kcal": 560.0,
        "fat_g": 54.194,
        "protein_g": 11.2,
        "carbohydrate_g": 6.865,
        "fat_energy_percent": 87.1,
        "meals": 4,
        "per_meal": {
            "energy_kcal": 140.0,
            "fat_g": 13.548,
            "protein_g": 2.8,
            "carbohydrate_g": 1.716,
        },
    }


def test_targets_in_words(capsys):
    assert main(TARGETS) == 0
    day, meal = capsys.readouterr().out.splitlines()
    assert day == "A day: fat 54.2 g, protein 11.2 g, carbohydrate 6.9 g, 560 kcal, 3:1"
    assert meal == "Each of 4: fat 13.5 g, protein 2.8 g, carbohydrate 1.7 g, 140 kcal"


def test_numbers_that_cannot_hold_together_are_two_and_one_sentence(capsys):
    assert main(["targets", "--kcal", "400", "--ratio", "4", "--protein", "11", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "at 4:1 and 400 kcal, 11 g protein leaves −1.0 g carbohydrate; 3:1 leaves 1.9 g\n"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (["--kcal", "0"], "energy_kcal must be more than zero"),
        (["--kcal", "nan"], "energy_kcal must be more than zero"),
        (["--ratio", "-3"], "ratio must be more than zero"),
        (["--protein", "inf"], "protein_g must be zero or more"),
        (["--meals", "0"], "--meals must be 1 or more"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_a_figure_that_is_none_is_two_and_says_which(capsys, changed, words):
    assert main([*TARGETS, *changed]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err


@pytest.mark.parametrize(
    "arguments",
    [[], ["nothing"], ["targets"], ["targets", "--kcal", "x"], ["import"], ["import", "diary"],
     ["report", "--child", "Noor"]],
    ids=lambda v: " ".join(v) or "nothing",
)  # fmt: skip
def test_a_command_that_is_none_shows_how_it_is_used(capsys, arguments):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2
    assert "usage: quietdays" in capsys.readouterr().err


def test_targets_start_without_django_and_without_numpy(tmp_path):
    code = (
        "import sys; from quietdays.cli import main; "
        f"assert main({TARGETS!r}) == 0; "
        "loaded = {m.split('.')[0] for m in sys.modules}; "
        "assert not loaded & {'django', 'ninja', 'numpy', 'simple_history'}, loaded"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []  # and makes nothing


def test_the_sample_is_printed_for_a_day_and_refused_for_none(capsys):
    assert main(["demo", "--sample", "2026-06-07"]) == 0
    assert capsys.readouterr().out.count("\n") == 99
    assert main(["demo", "--sample", "2026-06-31"]) == 2
    assert "“2026-06-31” is no date" in capsys.readouterr().err


# --- commands on a house of their own


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data folder with Noor, and with two children who are called Ada."""
    data = tmp_path_factory.mktemp("house")
    ids = make_family(data, "Noor", "Ada", "Ada")
    (data / "diary.csv").write_text(
        "date,clusters,spasms,observed\n2026-03-01,2,9,yes\n2026-03-02,0,0,yes\n"
    )
    (data / "torn.csv").write_text("date,clusters\n2026-03-01,x\n")
    return data, ids


REFUSED = [
    (["import", "diary", "diary.csv", "--child", "Nobody"], "0 children are called “Nobody”"),
    (["import", "diary", "diary.csv", "--child", "Ada"], "2 children are called “Ada”"),
    (
        ["import", "diary", "diary.csv", "--child", "01a208a7-8b3c-7061-b661-6d5d518eaf9d"],
        "0 children are called",
    ),
    (
        ["import", "diary", "diary.csv", "--child", "Noor", "--by", "x@test.example"],
        "there is no account x@test.example",
    ),
    (["import", "diary", "nothing.csv", "--child", "Noor"], "nothing.csv: No such file"),
    (["import", "diary", ".", "--child", "Noor"], "directory"),
    (["import", "diary", "torn.csv", "--child", "Noor"], "row 2: clusters is “x”"),
    (["report", "--child", "Nobody", "--out", "r.pdf"], "0 children are called “Nobody”"),
    (["report", "--child", "Ada", "--out", "r.pdf"], "2 children are called “Ada”"),
    (["report", "--child", "Noor", "--from", "x", "--out", "r.pdf"], "x"),
    (
        ["report", "--child", "Noor", "--from", "2026-03-02", "--to", "2026-03-01", "--out", "r.pdf"],
        "the period must lie between the birth and today",
    ),
    (
        ["report", "--child", "Noor", "--from", "2020-01-01", "--out", "r.pdf"],
        "the period must lie between the birth and today",
    ),
    (
        ["report", "--child", "Noor", "--from", "2026-03-01", "--to", "2026-03-02",
         "--out", "nowhere/r.pdf"],
        "nowhere/r.pdf: No such file",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"), REFUSED, ids=[" ".join(a)[:60] for a, _ in REFUSED]
)
def test_what_cannot_be_done_is_two_and_one_reason(home, arguments, words):
    data, _ = home
    done = run(data, *arguments, cwd=data)
    assert done.returncode == 2, done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert not (data / "r.pdf").exists()


def test_a_diary_is_brought_in_once_and_reported(home):
    data, (noor, *_) = home
    first = run(data, "import", "diary", "diary.csv", "--child", "noor", cwd=data)
    assert (first.returncode, first.stderr) == (0, "")
    assert "2 rows read: 2 entries added" in first.stdout
    again = run(data, "import", "diary", "diary.csv", "--child", noor, cwd=data)
    assert "0 entries added, 2 were already there" in again.stdout
    done = run(data, "report", "--child", noor, "--from", "2026-02-01", "--to", "2026-03-31",
               "--out", "noor.pdf", cwd=data)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (data / "noor.pdf").read_bytes().startswith(b"%PDF-")


def test_an_account_is_made_and_a_weak_password_is_refused(home):
    data, _ = home
    weak = run(data, "person", "new@test.example", input="short\n")
    assert weak.returncode == 2
    assert "too short" in weak.stderr
    made = run(data, "person", "new@test.example", "--name", "Nils", input="three words here\n")
    assert made.stdout == "new@test.example: account made\n"
    again = run(data, "person", "NEW@test.example", input="four words are here\n")
    assert "new password set" in again.stdout


def test_tending_says_what_was_done_and_does_it_once(home):
    run(home[0], "tend", "--once")
    done = run(home[0], "tend", "--once")
    assert done.stdout == "nothing was due\n"


SERVER = """
import os, subprocess, sys
beside = [sys.executable, "-m", "quietdays.cli", "beside", "--parent", str(os.getpid())]
print(subprocess.Popen(beside).pid, flush=True)
sys.stdin.read()
"""


BESIDE = 3  # tend, remind and hooks


@pytest.fixture
def beside(home):
    """What runs beside a server: the server's process, and the pid of what keeps the others."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        env=environment(home[0]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    pid = int(server.stdout.readline())
    yield server, pid
    server.kill()
    server.wait()
    for left in (*started_by(pid), pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(left, signal.SIGKILL)


def test_what_runs_beside_a_server_is_started_again_when_it_is_shot(beside):
    _, pid = beside
    comes_to_be(lambda: len(started_by(pid)), BESIDE)
    shot = min(started_by(pid))
    os.kill(shot, signal.SIGKILL)
    comes_to_be(lambda: shot in started_by(pid), False)
    comes_to_be(lambda: len(started_by(pid)), BESIDE)


def test_what_runs_beside_a_server_ends_when_that_is_shot(beside):
    server, pid = beside
    comes_to_be(lambda: len(started_by(pid)), BESIDE)
    all_of_them = started_by(pid)
    server.kill()
    server.wait()
    for one in (pid, *all_of_them):
        comes_to_be(lambda one=one: is_running(one), False)


def started_by(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    return [child for child in map(int, children) if is_running(child)]


def comes_to_be(read, wanted) -> None:
    for _ in range(300):
        if read() == wanted:
            return
        time.sleep(0.1)
    raise AssertionError(f"{read()} is not {wanted}")


def is_running(pid: int) -> bool:
    """A process that has ended may stay as a zombie until its new parent looks."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_key_that_signs_sessions_is_made_once_and_for_its_owner_alone(home):
    key = home[0] / "secret-key"
    assert key.stat().st_mode & 0o777 == 0o600
    before = key.read_text()
    run(home[0], "tend", "--once")
    assert key.read_text() == before
