"""How `quietdays serve` begins: with how many processes, and out of which backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.processes import make_family, run
from tests.test_kill import Server


@pytest.mark.slow
def test_on_sqlite_one_process_answers(tmp_path):
    done = run(tmp_path, "serve", "--workers", "2")
    assert done.returncode == 2
    assert "use PostgreSQL" in done.stderr
    assert not (tmp_path / "quietdays.sqlite3").exists()


@pytest.mark.slow
def test_a_house_goes_into_a_backup_and_the_first_start_elsewhere_brings_it_back(tmp_path):
    old, new, key = tmp_path / "old", tmp_path / "new", tmp_path / "backup.key"
    old.mkdir(mode=0o700)
    make_family(old, "Noor")
    assert run(old, "backup", "--make-key", str(key)).returncode == 0
    told = {"QUIETDAYS_BACKUP_KEY": str(key)}
    done = run(old, "backup", "--to", str(tmp_path / "backups"), settings=told)
    assert done.returncode == 0, done.stderr
    [file] = (tmp_path / "backups").iterdir()
    again = run(old, "restore", str(file), settings=told)
    assert again.returncode == 2
    assert "--replace" in again.stderr
    torn = tmp_path / "torn.age"
    torn.write_bytes(file.read_bytes()[:-100])
    first = run(new, "serve", settings=told | {"QUIETDAYS_RESTORE_FROM": str(torn)})
    assert first.returncode == 2
    assert "not restored" in first.stderr
    server = Server(new, settings=told | {"QUIETDAYS_RESTORE_FROM": str(file)})
    try:
        server.start()
        assert (new / "secret-key").read_text() == (old / "secret-key").read_text()
        with closing(sqlite3.connect(new / "quietdays.sqlite3")) as database:
            assert database.execute("SELECT name FROM people_child").fetchall() == [("Noor",)]
    finally:
        server.kill()
    wrong = run(old, "backup", "--to", str(tmp_path / "backups"))
    assert wrong.returncode == 1
    assert "QUIETDAYS_BACKUP_KEY" in wrong.stderr
    found = run(old, "doctor", "--json", settings=told)
    assert found.returncode == 1  # nothing runs beside this house
    assert '"failure"' in found.stdout
