"""The same operations from two tabs and a retry at the same instant: still once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from quietdays.diary.models import Observation, SpasmCluster
from quietdays.sync.models import Change, Operation
from tests.sync.phones import Phone

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(posts):
    def call(post):
        try:
            return post()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(posts)) as pool:
        return [answer.json()["results"] for answer in pool.map(call, posts)]


def test_one_batch_sent_four_times_at_once_is_applied_once(mine):
    made = [
        mine.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=n)
        for n in range(1, 6)
    ]
    batch = mine.batch(*made)
    answers = at_once([lambda: mine.post(batch)] * 4)
    assert SpasmCluster.objects.count() == Operation.objects.count() == 5
    for results in zip(*answers, strict=True):
        assert sorted(r["status"] for r in results) == ["applied", *["duplicate"] * 3]


def test_two_phones_at_once_describe_one_part_and_neither_is_lost(mine, theirs):
    part = {"date": "2026-06-09", "part": "evening"}
    batches = [
        (phone, phone.batch(phone.create("observation", **part, watch=watch)))
        for phone, watch in ((mine, "watched"), (theirs, "monitor"))
    ]
    answers = at_once([lambda p=phone, b=batch: p.post(b) for phone, batch in batches])
    assert [results[0]["status"] for results in answers] == ["applied", "applied"]
    assert sum(results[0]["conflict"] is not None for results in answers) == 1
    row = Observation.objects.get()
    assert {v.watch for v in row.versions()} == {"watched", "monitor"}


def test_who_reads_while_others_write_misses_nothing(mine, theirs):
    cursor = theirs.changes()["cursor"]
    seen: list[str] = []

    def read() -> object:
        nonlocal cursor
        for _ in range(12):
            found = theirs.changes(cursor)
            cursor = found["cursor"]
            seen.extend(e["id"] for e in found["entries"])
        return theirs.post(theirs.batch())

    def write(phone: Phone):
        made = [
            phone.create("cluster", happened_at="2026-06-10T01:10:00Z", spasm_count=n)
            for n in range(1, 9)
        ]
        return lambda: phone.post(phone.batch(*made))

    at_once([read, write(mine), write(mine)])
    seen += [e["id"] for e in theirs.changes(cursor)["entries"]]
    assert sorted(seen) == sorted(
        str(pk) for pk in SpasmCluster.objects.values_list("pk", flat=True)
    )
    assert len(seen) == Change.objects.filter(model="diary.spasmcluster").count() == 16
