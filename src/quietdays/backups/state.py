"""How the last backups went: a small file in the data folder, so that no restore takes it back."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

NAME = "backups.json"


@dataclass(frozen=True, slots=True)
class BackupState:
    """`error` is empty after a try that went well; times are ISO 8601 with their zone."""

    good_at: str = ""
    good_name: str = ""
    tried_at: str = ""
    error: str = ""

    def age_s(self, now: datetime) -> float | None:
        """Seconds since the last good one; None without any."""
        return _since(self.good_at, now)

    def since_try_s(self, now: datetime) -> float | None:
        return _since(self.tried_at, now)


def _since(then: str, now: datetime) -> float | None:
    return (now - datetime.fromisoformat(then)).total_seconds() if then else None


def read_state(data_dir: Path) -> BackupState:
    try:
        return BackupState(**json.loads((data_dir / NAME).read_text()))
    except (OSError, ValueError, TypeError):  # none yet, or no file of ours: nothing is known
        return BackupState()


def note_good(data_dir: Path, now: datetime, name: str) -> None:
    at = now.isoformat()
    _write(data_dir, BackupState(good_at=at, good_name=name, tried_at=at))


def note_failed(data_dir: Path, now: datetime, error: str) -> None:
    _write(data_dir, replace(read_state(data_dir), tried_at=now.isoformat(), error=error))


def _write(data_dir: Path, state: BackupState) -> None:
    draft = data_dir / f"{NAME}.{os.getpid()}"
    draft.write_text(json.dumps(asdict(state)))
    draft.replace(data_dir / NAME)
