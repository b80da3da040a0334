"""Reads of the diary, limited to one child."""

from __future__ import annotations

from datetime import date

from quietdays.diary.models import CheckIn, Illness, SpasmCluster
from quietdays.people.models import Child


def last_cluster(child: Child) -> SpasmCluster | None:
    return (
        SpasmCluster.objects.of(child).order_by("-happened_at").select_related("entered_by").first()
    )


def check_in_on(child: Child, day: date) -> CheckIn | None:
    return CheckIn.objects.of(child).filter(date=day).first()


def illnesses_between(child: Child, first: date, last: date) -> list[Illness]:
    rows = Illness.objects.of(child).filter(started_on__lte=last)
    return [i for i in rows if i.ended_on is None or i.ended_on >= first]
