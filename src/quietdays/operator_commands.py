"""What keeps the house safe: backup, restore, doctor. Django loads late."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from quietdays.house_commands import open_house, set_up


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = commands.add_parser("backup", help="make one encrypted backup and try it")
    backup.add_argument("--to", type=Path, help="the folder; default: QUIETDAYS_BACKUP_DIR")
    backup.add_argument("--make-key", type=Path, metavar="FILE", help="only make a key, in a file")
    backup.set_defaults(run=_backup)

    restore = commands.add_parser("restore", help="put a backup back; stop the server first")
    restore.add_argument("file", type=Path)
    restore.add_argument("--key", type=Path, help="the key's file; default: QUIETDAYS_BACKUP_KEY")
    restore.add_argument("--replace", action="store_true", help="overwrite a house in use")
    restore.set_defaults(run=_restore)

    doctor = commands.add_parser("doctor", help="say how this server is, and how to mend it")
    doctor.add_argument("--json", action="store_true", help="print JSON")
    doctor.set_defaults(run=_doctor)


def _backup(options: argparse.Namespace) -> int:
    from quietdays.backups.keys import KeyTrouble, make_key

    if options.make_key:
        try:
            make_key(options.make_key)
        except KeyTrouble as error:
            print(f"quietdays backup: {error}", file=sys.stderr)
            return 2
        print(
            f"{options.make_key}: keep a copy away from this machine; without it, no backup opens"
        )
        return 0
    open_house()
    from django.conf import settings
    from django.utils import timezone

    from quietdays.backups.making import BackupFailed, make_backup

    folder = options.to or settings.BACKUP_DIR
    if folder is None:
        print("quietdays backup: name a folder with --to or QUIETDAYS_BACKUP_DIR", file=sys.stderr)
        return 2
    try:
        made = make_backup(folder, keep=settings.BACKUP_KEEP, now=timezone.now())
    except BackupFailed as error:
        print(f"quietdays backup: failed: {error}", file=sys.stderr)
        return 1
    print(f"{made.path}: {made.rows} rows and {made.files} files, restored on trial")
    return 0


def _restore(options: argparse.Namespace) -> int:
    set_up()
    from django.conf import settings

    from quietdays.backups.restoring import NotRestored, restore

    try:
        done = restore(
            options.file, key_file=options.key or settings.BACKUP_KEY, replace=options.replace
        )
    except NotRestored as error:
        print(f"quietdays restore: {options.file}: {error}", file=sys.stderr)
        print("Nothing was changed.", file=sys.stderr)
        return 2
    open_house()  # brings what an older release made up to date
    print(f"{done.rows} rows and {done.files} files are back; start the server now")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    set_up()
    from quietdays.web.doctor import State, examine

    found = examine()
    if options.json:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        print("\n".join(finding.line() for finding in found))
    return 1 if any(finding.state is State.FAILURE for finding in found) else 0
