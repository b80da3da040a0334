"""A backup is one file that was proved to restore, or it is said to have failed."""

from __future__ import annotations

import io
import shutil
import stat
from datetime import timedelta

import pytest
from django.db import connection

from quietdays.backups import databases, keys, making, packing
from quietdays.backups.making import BackupFailed, backup_if_due, make_backup
from quietdays.backups.restoring import NotRestored, is_empty, restore
from quietdays.backups.state import read_state
from quietdays.diary.models import SpasmCluster
from quietdays.people.models import Child
from quietdays.sharing.archive.writing import archive_steps
from tests import house

pytestmark = pytest.mark.django_db(transaction=True)


def archive(child) -> bytes:
    out = io.BytesIO()
    assert list(archive_steps(child, out))
    return out.getvalue()


@pytest.fixture
def full(parent, child):
    house.cluster(parent, child, "2026-06-09 07:30", 5, note="a note")
    house.meal_food(parent, child)
    return child


def made(settings, now=house.NOW):
    return make_backup(settings.BACKUP_DIR, keep=settings.BACKUP_KEEP, now=now)


def everything_goes() -> None:
    for table in ("diary_spasmcluster", "diary_historicalspasmcluster"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def test_what_is_destroyed_comes_back_to_the_byte(backups, settings, full):
    before, rows = archive(full), house.rows()
    done = made(settings)
    everything_goes()
    shutil.rmtree(settings.DATA_DIR / "media")
    (settings.DATA_DIR / "secret-key").write_text("another")
    assert archive(full) != before
    back = restore(done.path, key_file=settings.BACKUP_KEY, replace=True)
    assert archive(Child.objects.get()) == before
    assert house.rows() == rows
    assert (back.rows, back.files) == (done.rows, done.files)
    assert (settings.DATA_DIR / "secret-key").read_text() == "a key that signs"
    film = settings.DATA_DIR / "media/clips/child/film"
    assert film.read_bytes() == b"\x00film" * 100_000
    assert not list(settings.DATA_DIR.glob(".*")), "nothing readable is left lying about"


def test_the_file_is_for_its_owner_alone_and_shows_nothing_of_what_it_holds(
    backups, settings, full
):
    done = made(settings)
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    data = done.path.read_bytes()
    for secret in (b"Noor", b"parent@test.example", b"a note", b"a key that signs", b"SQLite"):
        assert secret not in data
    assert [path.name for path in backups.iterdir()] == [done.path.name]


def test_a_house_in_use_is_not_overwritten_unasked(backups, settings, full):
    done = made(settings)
    assert not is_empty()
    before = archive(full)
    with pytest.raises(NotRestored, match="--replace"):
        restore(done.path, key_file=settings.BACKUP_KEY)
    assert archive(full) == before


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def cut_at_a_block(data: bytes) -> bytes:
    return data[: -(1 << 16)]


def one_bit(data: bytes) -> bytes:
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def nothing(data: bytes) -> bytes:
    return b""


def no_backup(data: bytes) -> bytes:
    return b"these are only words" * 100


def test_a_hurt_backup_is_refused_in_words_and_changes_nothing(backups, settings, full):
    done = made(settings)
    data, before = done.path.read_bytes(), archive(full)
    for hurt in (cut, cut_at_a_block, one_bit, nothing, no_backup):
        done.path.write_bytes(hurt(data))
        with pytest.raises(NotRestored, match=r"damaged|no whole backup"):
            restore(done.path, key_file=settings.BACKUP_KEY, replace=True)
        assert archive(full) == before
    assert not list(settings.DATA_DIR.glob(".*"))


def test_another_key_opens_nothing(backups, settings, full, tmp_path):
    done = made(settings)
    other = tmp_path / "other.key"
    keys.make_key(other)
    before = archive(full)
    for key_file in (other, tmp_path / "absent.key", done.path):
        with pytest.raises(NotRestored, match="key"):
            restore(done.path, key_file=key_file, replace=True)
    assert archive(full) == before


def test_a_database_that_takes_nothing_back_keeps_its_keys(backups, settings, full, monkeypatch):
    def refuses(self, copy):
        raise databases.Trouble("read-only")

    done, before = made(settings), archive(full)
    (settings.DATA_DIR / "secret-key").write_text("of today")
    monkeypatch.setattr(type(databases.kind_here()), "put_back", refuses)
    with pytest.raises(NotRestored, match="read-only"):
        restore(done.path, key_file=settings.BACKUP_KEY, replace=True)
    assert (settings.DATA_DIR / "secret-key").read_text() == "of today"
    assert archive(full) == before


def test_a_key_is_never_overwritten(settings, backups):
    before = settings.BACKUP_KEY.read_text()
    assert stat.S_IMODE(settings.BACKUP_KEY.stat().st_mode) == 0o600
    with pytest.raises(keys.KeyTrouble, match="there already"):
        keys.make_key(settings.BACKUP_KEY)
    assert settings.BACKUP_KEY.read_text() == before


def lost_a_row(self, copy):
    return {"people_person": 0}


def broken(self, copy):
    raise databases.Trouble("the copy is no sound database")


@pytest.mark.parametrize("tried", [lost_a_row, broken])
def test_what_does_not_restore_on_trial_is_no_backup_and_older_ones_stay(
    backups, settings, full, monkeypatch, tried
):
    first = made(settings)
    monkeypatch.setattr(type(databases.kind_here()), "tried", tried)
    settings.BACKUP_KEEP = 1
    later = house.NOW + timedelta(hours=1)
    with pytest.raises(BackupFailed):
        made(settings, later)
    assert [path.name for path in backups.iterdir()] == [first.path.name]
    state = read_state(settings.DATA_DIR)
    assert state.good_name == first.path.name
    assert state.error
    assert state.age_s(later) == 3600


def test_a_full_disk_leaves_no_file_with_a_backups_name(backups, settings, full, monkeypatch):
    def full_disk(out, key, fill):
        out.write(b"the beginning")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packing, "pack", full_disk)
    with pytest.raises(BackupFailed, match="No space left"):
        made(settings)
    assert list(backups.iterdir()) == []
    assert "No space left" in read_state(settings.DATA_DIR).error


def test_a_fault_of_the_living_database_is_told_and_keeps_older_backups(
    backups, settings, full, monkeypatch
):
    made(settings)
    settings.BACKUP_KEEP = 1
    monkeypatch.setattr(type(databases.kind_here()), "fault", lambda self: "page 7 is torn")
    with pytest.raises(BackupFailed, match="page 7"):
        made(settings, house.NOW + timedelta(hours=1))
    assert len(list(backups.iterdir())) == 2


def test_only_so_many_are_kept_and_nothing_else_is_touched(backups, settings, full):
    (backups / "quietdays-of-mine.age").write_text("not one of ours")
    names = [made(settings, house.NOW + timedelta(days=n)).path.name for n in range(5)]
    left = {path.name for path in backups.iterdir()}
    assert left == {*names[-3:], "quietdays-of-mine.age"}


def test_the_daily_one_is_made_once_a_day_and_tried_again_after_an_hour(backups, settings, full):
    assert "restored on trial" in backup_if_due(house.NOW)
    assert backup_if_due(house.NOW + timedelta(hours=23)) == ""
    assert backup_if_due(house.NOW + timedelta(hours=25))
    key = settings.BACKUP_KEY
    settings.BACKUP_KEY = None
    day = house.NOW + timedelta(hours=50)
    assert backup_if_due(day) == ""
    assert "QUIETDAYS_BACKUP_KEY" in read_state(settings.DATA_DIR).error
    settings.BACKUP_KEY = key
    assert backup_if_due(day + timedelta(minutes=30)) == ""
    assert backup_if_due(day + timedelta(minutes=61))
    settings.BACKUP_DIR = None
    assert backup_if_due(day + timedelta(days=9)) == ""


def test_a_backup_of_a_newer_release_or_of_the_other_database_is_refused(
    backups, settings, full, monkeypatch
):
    done = made(settings)
    before = archive(full)
    known = making.applied()
    monkeypatch.setattr("quietdays.backups.restoring.applied", lambda: known[:-1])
    with pytest.raises(NotRestored, match="newer release"):
        restore(done.path, key_file=settings.BACKUP_KEY, replace=True)
    monkeypatch.setattr(type(databases.kind_here()), "name", "another")
    with pytest.raises(NotRestored, match="holds a database of"):
        restore(done.path, key_file=settings.BACKUP_KEY, replace=True)
    assert archive(full) == before


def test_two_at_once_are_one(backups, settings, full):
    with making._alone(settings.DATA_DIR), pytest.raises(BackupFailed, match="another backup"):
        made(settings)


@pytest.mark.parametrize("name", ["../outside", "/outside", "a/../../outside"])
def test_no_name_in_a_backup_leads_out_of_its_folder(backups, settings, tmp_path, name):
    key = keys.read_key(settings.BACKUP_KEY)
    source = tmp_path / "source"

    def fill(packer):
        packer.add(name, source)
        packer.finish({})

    source.write_bytes(b"x")
    with (tmp_path / "packed").open("w+b") as file:
        packing.pack(file, key, fill)
        file.seek(0)
        with pytest.raises(packing.Unreadable, match="no backup does"):
            packing.unpack(file, key, tmp_path / "into")
    assert not (tmp_path / "outside").exists()


def test_writers_go_on_while_a_copy_is_taken(backups, settings, full, parent, monkeypatch):
    """A backup under way holds no lock that an entry needs; the entry is not in it."""
    finish, packed = packing.Packer.finish, []

    def enter_one_more(self, manifest):
        house.cluster(parent, full, "2026-06-09 09:30", 6)
        packed.append(manifest["rows"]["diary_spasmcluster"])
        finish(self, manifest)

    monkeypatch.setattr(packing.Packer, "finish", enter_one_more)
    made(settings)
    assert packed == [1]
    assert SpasmCluster.objects.of(full).count() == 2
