"""Every command of the README and the guides, run as it stands there, in a house of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from tests.processes import SOURCE, command, environment, run
from tests.science.diaries import made_up_diary
from tests.template import furnish
from tests.test_effect_command import csv_of

ROOT = Path(__file__).resolve().parent.parent
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BEGINS = ("make ", "quietdays ", "python3 ", ".venv/bin/", "curl ", "B=", "docker ", "systemctl ")


def blocks() -> list[tuple[str, str]]:
    """(guide, command): each indented line that begins like a command, with what continues it."""
    found = []
    for guide in GUIDES:
        lines = guide.read_text().splitlines()
        for number, line in enumerate(lines):
            if line.startswith("    ") and line.strip().startswith(BEGINS):
                told = [line.strip()]
                while told[-1].endswith("\\") or "\n".join(told).count("'") % 2:
                    number += 1
                    told.append(lines[number].strip())
                found.append((guide.name, "\n".join(told)))
    return found


COMMANDS = blocks()
OF_A_SERVER = sorted({c for _, c in COMMANDS if c.startswith(("curl ", "B="))})
OF_MAKE = sorted(
    {c.partition("#")[0].strip() for _, c in COMMANDS if c.startswith("make ")}
    | {m for g in GUIDES for m in re.findall(r"`(make [a-z-]+)`", g.read_text())}
)
OF_THE_HOUSE = [c for _, c in dict.fromkeys(COMMANDS) if c.startswith("quietdays ")]
OF_A_CHECKOUT = sorted({c for _, c in COMMANDS if c.startswith(("python3 ", ".venv/bin/"))})


def test_each_command_belongs_to_one_of_the_ways_to_run_it():
    known = {*OF_A_SERVER, *OF_THE_HOUSE, *OF_A_CHECKOUT}
    others = {c for _, c in COMMANDS if c not in known and not c.startswith("make ")}
    assert others == set()
    assert len(OF_THE_HOUSE) >= 10
    assert len(OF_A_SERVER) >= 8


@pytest.mark.parametrize("told", OF_MAKE)
def test_what_make_is_told_stands_in_the_makefile_and_its_programs_are_there(told):
    """`make run` and `make test` are what runs this; what they would do is read, not done again."""
    done = subprocess.run(
        ["make", "-n", *told.split()[1:]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for program in re.findall(r"(?:^|\s)(\.venv/bin/\w[\w-]*|tools/\w+\.py)", done.stdout):
        assert (ROOT / program).exists(), program


# The format of docs/mealsolver.md, filled in: two foods at 4:1.
PROBLEM = {
    "schema": "meals/1",
    "id": "guide",
    "kind": "meal",
    "foods": {
        "egg": {"name": "Egg", "fat": 9.51, "protein": 12.56, "carb": 0.72, "fibre": 0},
        "cream": {"name": "Cream", "fat": 36.08, "protein": 2.84, "carb": 2.74, "fibre": 0},
    },
    "items": [{"food": "egg", "want": 10, "step": 0.1}, {"food": "cream", "want": 30, "step": 0.1}],
    "target": {"ratio": 4, "kcal": 120},
}


# --- commands of the house, in their order: a later one reads what an earlier one made


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with the files that the guides name, and a demo house in it."""
    folder = tmp_path_factory.mktemp("commands")
    (folder / "data").mkdir()
    furnish(folder / "data/quietdays.sqlite3")
    assert run(folder / "data", "demo").returncode == 0
    sample = run(folder / "data", "demo", "--sample", "2026-06-07").stdout
    (folder / "diary.csv").write_text(csv_of(made_up_diary(1)))
    rows = [row for row in sample.splitlines() if not row.startswith("#")]
    (folder / "FILE.csv").write_text("\n".join([rows[0], *rows[1:4]]) + "\n")
    (folder / "problem.json").write_text(json.dumps(PROBLEM))
    shutil.copy(ROOT / "tests/diet/samples/ciqual.csv", folder)
    shutil.make_archive(
        str(folder / "FoodData_Central_csv"), "zip", ROOT / "tests/diet/samples/fdc"
    )
    return folder


@pytest.mark.slow
def test_the_houses_commands_do_what_the_guides_say(place):
    shim = place / "bin"
    shim.mkdir()
    (shim / "quietdays").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m quietdays.cli "$@"\n')
    (shim / "quietdays").chmod(0o755)
    (place / "etc").mkdir()
    (place / "backups").mkdir()
    (place / "empty").mkdir()
    told = environment(place / "data") | {"PATH": f"{shim}:{os.environ['PATH']}"}
    told |= {"QUIETDAYS_BACKUP_DIR": str(place / "backups")}
    told |= {"QUIETDAYS_BACKUP_KEY": str(place / "etc/backup.key")}
    child = _bash(place, told, "quietdays export --demo --format archive --out noor.zip && echo ok")
    assert child.stdout.endswith("ok\n")
    shutil.copy(place / "noor.zip", place / "child.zip")
    keys = [c for c in OF_THE_HOUSE if "--make-key" in c]
    later = [
        c for c in OF_THE_HOUSE if c.startswith(("quietdays restore", "quietdays import archive"))
    ]
    first = [c for c in OF_THE_HOUSE if c not in (*keys, *later)]
    for line in [*keys, *first]:
        done = _bash(place, told, _here(line, place))
        assert done.returncode == 0, (line, done.stderr[-600:])
    assert (place / "report.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads((place / "diary.fhir.json").read_text())["resourceType"] == "Bundle"
    assert _bash(place, told, "quietdays backup").returncode == 0
    for number, line in enumerate(later):  # these ask for a house without this child
        fresh = place / f"fresh{number}"
        fresh.mkdir()
        if "import archive" in line:
            furnish(fresh / "quietdays.sqlite3")
        done = _bash(place, told | {"QUIETDAYS_DATA": str(fresh)}, _here(line, place))
        assert done.returncode == 0, (line, done.stderr[-600:])


def _bash(place: Path, told: dict[str, str], line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line], cwd=place, env=told, capture_output=True, text=True, timeout=180,
        check=False,
    )  # fmt: skip


def _here(line: str, place: Path) -> str:
    """The guide's own places and names, as they are in this house."""
    newest = max((place / "backups").glob("*.age"), default=Path("none"))
    line = line.replace("/etc/quietdays/", "etc/").replace(
        "--key backup.key", "--key etc/backup.key"
    )
    line = re.sub(r"/backups/\S+\.age", str(newest), line)
    return line.replace("--child ID", "--demo" if "export" in line else "--child Noor")


# --- commands of a checkout


@pytest.mark.slow
@pytest.mark.parametrize("told", OF_A_CHECKOUT)
def test_what_is_typed_in_a_checkout_runs_there(told, tmp_path):
    if "serve" not in told:
        name = told.split()[1]
        if name.startswith("tools/screenshots"):
            pytest.skip("takes pictures of a running demo; the browser tests do the same")
        subprocess.run(["bash", "-c", told], cwd=ROOT, capture_output=True, check=True, timeout=300)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    furnish(tmp_path / "quietdays.sqlite3")
    server = subprocess.Popen(
        command("serve", *told.split()[2:]),
        env=environment(tmp_path) | {"QUIETDAYS_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _answers(f"http://127.0.0.1:{port}/readyz")
    finally:
        server.terminate()
        server.wait(30)


def _answers(address: str) -> bool:
    for _ in range(240):
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310
                return answer.status == 200
        except OSError:
            time.sleep(0.25)
    return False


# --- requests to a running house


@pytest.fixture
def token(parent, child) -> str:
    from quietdays.people.tokens import make_token
    from quietdays.records.ids import new_id

    told = {"name": "guide", "scopes": ["read", "log", "fhir"], "lasts": timedelta(days=1)}
    return make_token(by=parent, child=child, entry_id=new_id(), **told)[1]


@pytest.mark.django_db(transaction=True)
def test_the_guides_requests_are_answered(live_server, parent, child, token):
    assert shutil.which("curl"), "Debian's curl"
    told = {
        **os.environ,
        "TOKEN": token,
        "CHILD": str(child.pk),
        "CURSOR": "0",
        "PYTHONPATH": str(SOURCE),
    }
    begin = ""
    for line in [c for c in dict.fromkeys(c for _, c in COMMANDS) if c in OF_A_SERVER]:
        here = line.replace("https://diary.example", live_server.url)
        if here.startswith("B="):
            begin = here + "\n"
            continue
        asked = begin + here.replace("curl ", "curl -sS -o answer.json -w '%{http_code}' ", 1)
        done = subprocess.run(
            ["bash", "-c", f"cd $(mktemp -d) && {{ {asked}\n}} && echo && cat answer.json"],
            env=told, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        status, _, answer = done.stdout.partition("\n")
        assert status == "200", (line, done.stdout[:400], done.stderr[:400])
        assert json.loads(answer)
