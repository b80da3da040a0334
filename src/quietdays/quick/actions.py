"""Making and ending buttons outside the app, and storing what a press of one says.

A button can write and nothing else. So no answer holds more than was sent: no clock time (it
would tell the child's zone), no dose, no name that the sender did not give; and everything that
stands in the way of a dose or a feed is refused with the same words.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext

from quietdays.diary.actions import nothing_seen_so_far
from quietdays.diary.models import CountKind, SpasmCluster
from quietdays.diet.actions import Served, log_meal
from quietdays.medicines.actions import give_dose
from quietdays.people.access import Act, require
from quietdays.people.codes import sha256_of
from quietdays.people.entries import enter
from quietdays.people.models import Child, Person
from quietdays.quick import queries
from quietdays.quick.models import QuickPress, QuickToken
from quietdays.records.ids import new_id
from quietdays.records.writing import one_write

# The same request without an id so soon after is the same press, sent again.
REPEAT = timedelta(seconds=10)


class DoesNotWork(Exception):
    """No such button, or one that was ended: nobody is told which."""


class NotNow(Exception):
    """It could not be told what exactly to store; nothing was."""


def make_button(*, by: Person, child: Child, entry_id: UUID, name: str) -> tuple[QuickToken, str]:
    """A new button and its secret, which is not stored. Raises ValidationError for a used id."""
    require(by, child, Act.LOG)
    secret = secrets.token_urlsafe(32)
    token = QuickToken(
        id=entry_id, child=child, person=by, name=name.strip(), token_sha256=sha256_of(secret)
    )
    with one_write():
        if QuickToken.objects.filter(pk=entry_id).exists():
            raise ValidationError(
                gettext("This button was made before. Its address was shown once.")
            )
        token.full_clean(exclude=["child", "person"])
        token.save(force_insert=True)
    return token, secret


def end_button(*, by: Person, token: QuickToken) -> None:
    """From now on the button does nothing. One's own, or as a parent anybody's."""
    if by.pk != token.person_id:
        require(by, token.child, Act.MANAGE)
    with one_write():
        QuickToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(
            revoked_at=timezone.now()
        )


def button_of(secret: str) -> QuickToken | None:
    """The button behind a secret, while it works."""
    return queries.working_token(sha256_of(secret))


def press(*, secret: str, press_id: UUID | None, asked: dict[str, Any]) -> str:
    """Store what a press of a button says, once; answers the words to show.

    Raises DoesNotWork or NotNow; nothing is written then.
    """
    now = timezone.now()
    with one_write():
        token = queries.working_token(sha256_of(secret))
        if token is None:
            raise DoesNotWork
        echo = _answered_before(token, press_id, asked, now)
        if echo is None:
            echo = _stored(token, asked, now)
            QuickPress.objects.create(
                id=press_id or new_id(), token=token, asked=asked, echo=echo, at=now
            )
        QuickToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return echo


def _answered_before(
    token: QuickToken, press_id: UUID | None, asked: dict[str, Any], now: datetime
) -> str | None:
    if press_id is None:
        same = token.presses.filter(at__gt=now - REPEAT, at__lte=now).order_by("-at")
        return next((p.echo for p in same if p.asked == asked), None)
    earlier = QuickPress.objects.filter(pk=press_id).first()
    if earlier is None:
        return None
    # Sent again minutes later, "5 min ago" may have become "8 min ago": it is the same press.
    if earlier.token_id != token.pk or earlier.asked["what"] != asked["what"]:
        raise NotNow
    return earlier.echo


def _stored(token: QuickToken, asked: dict[str, Any], now: datetime) -> str:
    at = now - timedelta(minutes=asked.get("minutes_ago") or 0)
    store = {
        "spasms": _spasms,
        "nothing-seen": _nothing_seen,
        "dose": _dose,
        "meal": _meal,
    }[asked["what"]]
    try:
        return store(token.person, token.child, at, asked)
    except (ValidationError, PermissionDenied) as error:  # its words may tell of the child
        raise NotNow from error


def _spasms(by: Person, child: Child, at: datetime, asked: dict[str, Any]) -> str:
    count = asked.get("count")
    kind = CountKind.UNKNOWN if count is None else asked.get("count_kind") or CountKind.EXACT
    cluster = enter(
        SpasmCluster,
        by=by,
        child=child,
        entry_id=new_id(),
        happened_at=at,
        spasm_count=count,
        count_kind=str(kind),
    ).record
    if count is None:
        return gettext("Saved: spasms seen, not counted")
    return gettext("Saved: %(spasms)s seen") % {"spasms": cluster.count_in_words}


def _nothing_seen(by: Person, child: Child, at: datetime, asked: dict[str, Any]) -> str:
    nothing_seen_so_far(by=by, child=child, now=at)
    # Whether somebody had said so before or not.
    return gettext("Saved: watched until now, nothing seen")


def _dose(by: Person, child: Child, at: datetime, asked: dict[str, Any]) -> str:
    """The dose that is due as it is written down; only when there can be no doubt which."""
    name = asked.get("medicine")
    due = queries.only_dose_due(child, at, name)
    if due is None:
        raise NotNow
    give_dose(
        by=by,
        child=child,
        entry_id=new_id(),
        medicine=due.step.medicine,
        happened_at=at,
        amount=due.step.dose,
    )
    return gettext("Saved: %(medicine)s given") % {
        "medicine": name.strip() if name else gettext("medicine")
    }


def _meal(by: Person, child: Child, at: datetime, asked: dict[str, Any]) -> str:
    """The planned feed that is due, all of it eaten; only when there can be no doubt which."""
    planned = queries.only_meal_due(child, at)
    if planned is None:
        raise NotNow
    log_meal(
        by=by,
        child=child,
        entry_id=new_id(),
        happened_at=at,
        name=planned.name,
        planned=planned,
        served=[Served(i.composition, i.amount) for i in planned.items.all()],
        is_mixed=planned.volume_ml is not None,
    )
    return gettext("Saved: feed eaten as planned")
