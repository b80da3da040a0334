"""A house with something in it, a folder for its backups, and their key."""

from __future__ import annotations

import pytest

from quietdays.backups import keys


@pytest.fixture
def backups(settings, tmp_path, tmp_path_factory):
    """The folder of the backups; the data folder is this test's own."""
    settings.DATA_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path_factory.mktemp("backups")
    settings.BACKUP_KEY = settings.BACKUP_DIR.with_suffix(".key")
    settings.BACKUP_KEEP = 3
    keys.make_key(settings.BACKUP_KEY)
    (tmp_path / "secret-key").write_text("a key that signs")
    clips = tmp_path / "media" / "clips" / "child"
    clips.mkdir(parents=True)
    (clips / "film").write_bytes(b"\x00film" * 100_000)
    return settings.BACKUP_DIR
