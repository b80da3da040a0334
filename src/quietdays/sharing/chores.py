"""What the calendar brings without anybody's doing: summaries to issue, deleted entries to remove."""

from __future__ import annotations

import logging
import os
import time
from datetime import datetime

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from quietdays.backups.making import backup_if_due
from quietdays.clinic.glances import renew_glances
from quietdays.hooks.actions import forget_deliveries
from quietdays.insights.actions import issue_due
from quietdays.people.models import Child
from quietdays.people.sessions import forget_sessions
from quietdays.people.tokens import forget_tokens
from quietdays.people.tries import forget_tries
from quietdays.records.turns import note_turn
from quietdays.reminders.actions import forget_old
from quietdays.sharing.actions import forget_links
from quietdays.sharing.farewells import carry_out_due
from quietdays.sharing.imports.batches import forget_imports
from quietdays.sharing.purge import purge_deleted
from quietdays.words import in_english

log = logging.getLogger(__name__)


@in_english
def do_chores(now: datetime) -> list[str]:
    """All that is due at an instant; answers what was done. Twice is as good as once."""
    done = []
    for child in Child.objects.all():
        try:
            done += [f"issued: {issued}" for issued in issue_due(child, now=now)]
        except Exception:  # one child's trouble must not keep the others waiting
            log.exception("could not issue for child %s", child.pk)
    forget_old(now)
    forget_links(now)
    forget_imports(now)
    forget_tokens(now)
    forget_tries(now)
    forget_sessions()
    forget_deliveries(now)
    renew_glances(now)
    done += carry_out_due(now)
    if gone := purge_deleted():
        done.append(f"removed for good: {gone}")
    if said := backup_if_due(now):  # last: what is gone for good need not be kept longer
        done.append(said)
    return done


def keep_doing(*, every_s: float, parent: int | None) -> None:
    """Until the process that started this one is gone; without one, until it is stopped."""
    while parent is None or os.getppid() == parent:
        close_old_connections()
        try:
            for line in do_chores(timezone.now()):
                print(line, flush=True)  # where the server's own words go
            note_turn(settings.DATA_DIR, "tend")
        except Exception:  # a database that is locked or away comes back
            log.exception("the chores were not done; they are tried again")
        close_old_connections()
        _sleep(every_s, parent)


def _sleep(seconds: float, parent: int | None) -> None:
    """In short naps, so that it ends soon after the server does."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and (parent is None or os.getppid() == parent):
        time.sleep(min(2.0, seconds))
