"""That a process beside the server still does its rounds: one file each, touched at every turn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

_FOLDER = "turns"


def note_turn(data_dir: Path, name: str) -> None:
    folder = data_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()


def last_turns(data_dir: Path) -> dict[str, datetime]:
    """When each process last finished a turn; one that never did is not in it."""
    files = sorted((data_dir / _FOLDER).glob("*"))
    return {file.name: datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in files}
